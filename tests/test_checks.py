"""What `manage.py check` says: of a lesson that is not complete, and of this project in both modes."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from lessons import course
from lessons.checks import lessons_are_complete
from lessons.course import LabRequest

ROOT = Path(__file__).parent.parent
VISITS = course.lesson_by_slug("visits")
INCOMPLETE = {
    "lessons.E001": replace(VISITS, slug="no-page"),
    "lessons.E003": replace(VISITS, requests=(LabRequest("lab:nothing"),)),
    "lessons.E004": replace(VISITS, predictions=()),
    "lessons.E005": replace(VISITS, goals=()),
}


def told(lesson, monkeypatch):
    monkeypatch.setattr(course, "LESSONS", (lesson,))
    return [error.id for error in lessons_are_complete(None)]


@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.slug)
def test_every_lesson_is_complete(lesson, monkeypatch):
    assert told(lesson, monkeypatch) == []


@pytest.mark.parametrize(("said", "lesson"), INCOMPLETE.items(), ids=INCOMPLETE.keys())
def test_what_is_missing_is_said(said, lesson, monkeypatch):
    assert told(lesson, monkeypatch) == [said]


def test_a_page_that_is_no_template_is_said(monkeypatch, settings, tmp_path):
    (tmp_path / "lessons/pages").mkdir(parents=True)
    (tmp_path / "lessons/pages/visits.html").write_text("{% nonsense %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    assert told(VISITS, monkeypatch) == ["lessons.E002"]


def test_several_that_are_missing_are_all_said(monkeypatch):
    assert told(replace(VISITS, predictions=(), goals=()), monkeypatch) == ["lessons.E004", "lessons.E005"]


@pytest.mark.django_db
def test_the_checks_are_registered(monkeypatch):
    monkeypatch.setattr(course, "LESSONS", (replace(VISITS, goals=()),))
    assert "lessons.E005" in [message.id for message in run_checks()]


# The project


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "options"),
    [
        pytest.param("", [], id="local"),
        pytest.param("example.org", [], id="hosted"),
        pytest.param("example.org", ["--deploy"], id="deployed"),
    ],
)
def test_the_project_checks_without_a_warning(host, options):
    checked = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check", "--fail-level", "WARNING", *options],
        cwd=ROOT,
        env={**os.environ, "SESSIONDEMO_HOST": host, "DJANGO_SETTINGS_MODULE": "sessiondemo.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")

"""The linters agree, and nothing stands inline that the Content-Security-Policy would refuse."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def run(tool, *arguments):
    """Run a tool that is installed beside this Python, and show what it says if it finds something."""
    found = shutil.which(tool, path=str(Path(sys.executable).parent))
    assert found, f"{tool} is not installed: python start.py test installs it"
    done = subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    run("ruff", "check", "--no-cache", ".")


def test_ruff_would_format_nothing_anew():
    run("ruff", "format", "--no-cache", "--check", ".")


def test_djade_would_format_no_template_anew():
    run("djade", "--check", "--target-version", "5.2", *map(str, TEMPLATES))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_script_a_style_or_a_handler_inline(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.[cj]s*")), ids=lambda path: path.name)
def test_nothing_is_fetched_from_another_host(path):
    assert not re.search(r"https?://", path.read_text(encoding="utf-8"))

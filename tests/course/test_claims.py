"""No claim of a lesson goes unproved, and none of the lecture's goes missing."""

import re

import pytest
from django.template.loader import get_template

from lessons import course
from tests.facts.ids import ALL

# What each lesson owes to the lecture's arc.
OWED = {
    "http": "C01 C32 C33",
    "touch": "C06 C07 C08 C09 C13 C14 C15 C16 C20 C27 C47 C48 C49 C50 C51",
    "middleware": "C03 C04 C05 C19 C22 C52 C65 C66",
    "visits": "C34 C35 C36 C38 C39 C40 C41 C42 C43 C44 C45 C46",
    "browsers": "C11 C12 C21 C28 C29 C30 C31 C37 C53",
    "table": "C10 C23 C24 C25 C26 C54 C55 C56 C57 C58 C59 C60 C61 C62 C63 C64",
    "login": "C02 C17 F04 F19 F20 P8",
}


def claims_of(lesson):
    """Return the ids that stand in comments of the lesson's page, each before the sentence it is about."""
    with open(get_template(lesson.template_name).origin.name, encoding="utf-8") as page:
        comments = re.findall(r"\{# ([A-Z0-9 ]+) #\}", page.read())
    return {claim for comment in comments for claim in comment.split()}


@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.slug)
def test_every_claim_of_a_page_has_its_test(lesson):
    assert claims_of(lesson) <= set(ALL)


@pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_tells_what_it_owes_to_the_lecture(lesson):
    assert set(OWED[lesson.slug].split()) <= claims_of(lesson)

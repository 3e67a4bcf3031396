"""The rows of django_session: which of them a visitor may see, whose they are, and what is in them."""

from .asking import GUESSES, ask_django
from .decoding import decode_pasted
from .edit_form import EditForm
from .inspected import Inspected
from .listing import Page, page_of
from .question import Question
from .rows import KEPT_MOST, Row, row_of
from .visitor import FEW, PAGE_SIZE, Visitor

__all__ = [
    "FEW",
    "GUESSES",
    "KEPT_MOST",
    "PAGE_SIZE",
    "EditForm",
    "Inspected",
    "Page",
    "Question",
    "Row",
    "Visitor",
    "ask_django",
    "decode_pasted",
    "page_of",
    "row_of",
]

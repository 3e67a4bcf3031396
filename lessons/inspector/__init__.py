"""The rows of django_session: which of them a visitor may see, whose they are, and what is in them."""

from .decoding import decode_pasted
from .listing import Page, page_of
from .question import Question
from .rows import KEPT_MOST, Row, row_of
from .visitor import FEW, PAGE_SIZE, Visitor

__all__ = [
    "FEW",
    "KEPT_MOST",
    "PAGE_SIZE",
    "Page",
    "Question",
    "Row",
    "Visitor",
    "decode_pasted",
    "page_of",
    "row_of",
]

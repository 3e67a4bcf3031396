"""The rows of django_session: which of them a visitor may see, whose they are, and what is in them."""

from .decoding import decode_pasted
from .inspected import Inspected
from .rows import KEPT_MOST, Row, row_of
from .visitor import FEW, PAGE_SIZE, Visitor

__all__ = ["FEW", "KEPT_MOST", "PAGE_SIZE", "Inspected", "Row", "Visitor", "decode_pasted", "row_of"]

"""Knowing from an error that a table is missing: each database has its own words for it."""

import re

WORDS = re.compile(r'no such table: [\w.]+|relation "[\w.]+" does not exist')


def named_in(text: str) -> str:
    """Return the words in `text` that say which table is missing, or ""."""
    found = WORDS.search(text)
    return found[0] if found else ""

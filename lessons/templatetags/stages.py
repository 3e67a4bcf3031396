"""The spans of a stage as HTML: each says where it came from, so that it can light what it became."""

from functools import lru_cache
from html import escape

from django import template
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from ..session_data.spans import Cell, Link, Span, together
from .lessons import highlighted

register = template.Library()

HEX_MOST = 1024  # bytes of a hex dump


@register.simple_tag
def spans(given: list[Span], lit: list[Link], address: str | None = None, *, named: bool = False) -> SafeString:
    """Return spans of text. With `address`, a key is a link that lights it: on that page, or ("") in the JSON here.

    `named` gives the keys of the JSON the ids that such a link leads to.
    """
    return mark_safe("".join(_span(span, lit, address, named) for span in given))


@register.simple_tag
def cells(given: list[Cell], lit: list[Link]) -> SafeString:
    """Return the groups of Base64: the characters, and under them their bytes."""
    return mark_safe("".join(_cell(cell, lit) for cell in given))


@register.simple_tag
def span(given: Span, lit: list[Link]) -> SafeString:
    return mark_safe(_span(given, lit))


@register.simple_tag
def all_of(text, axis: str, end: int, lit: list[Link]) -> SafeString:
    """Return a text that came from the whole of a line, such as the date from all digits of the timestamp."""
    return mark_safe(_span(Span(str(text), Link(axis, 0, end)), lit))


@register.filter
def of_stage(snippets: dict[str, str], name: str) -> str:
    return snippets.get(name, "")


@register.filter
@lru_cache(maxsize=64)  # a row is looked at more than once
def python_code(code: str) -> SafeString:
    return highlighted(code)


@register.filter
def hexdump(data: bytes) -> str:
    """Return the beginning of some bytes as `xxd` prints them: where, in hex, and what prints."""
    lines = (data[at : at + 16] for at in range(0, min(len(data), HEX_MOST), 16))
    shown = [f"{number * 16:06x}  {line.hex(' '):<47}  {_printing(line)}" for number, line in enumerate(lines)]
    return "\n".join([*shown, *(["…"] if len(data) > HEX_MOST else [])])


def _printing(line: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)


# A page has a thousand of these. format_html() asks each part whether it is safe; here only the texts are strangers'.


def _cell(given: Cell, lit: list[Link]) -> str:
    its_bytes = " ".join(_byte(byte, lit) for byte in given.bytes)
    return f'<span class="cell">{_span(given.characters, lit)} <span class="of">{its_bytes}</span></span> '


def _byte(given: Span, lit: list[Link]) -> str:
    """Return a byte in hex, and the character that it stands for."""
    where = _where(given._replace(kind=""), lit)
    return f"<span{where}>{escape(given.text)}<small>{escape(given.kind)}</small></span>"


def _span(given: Span, lit: list[Link], address: str | None = None, named: bool = False) -> str:
    text = escape(given.text)
    if given.link is None:
        return f'<span class="{given.kind}">{text}</span>' if given.kind else text
    where = _where(given, lit)
    if given.pointer and address is not None:
        return f'<a href="{escape(_address(given, address))}"{where}>{text}</a>'
    name = f' id="json-{given.link.start}"' if named and given.kind == "key" else ""
    return f"<span{where}{name}>{text}</span>"


def _address(given: Span, address: str) -> str:
    return f"{address}?{urlencode({'part': given.pointer})}#dict" if address else f"#json-{given.link.start}"


def _where(given: Span, lit: list[Link]) -> str:
    """Return the attributes that say what a span is, where it came from, and where it stands, if that differs."""
    how = {together(given.link, link) for link in lit}
    classes = " ".join(filter(None, (given.kind, "lit" if "exact" in how else "whole" if "whole" in how else "")))
    axis, start, end = given.link
    where = f' class="{classes}"' if classes else ""
    where += f' data-link="{axis} {start} {end}"'
    if given.unit and (given.first, given.last) != (start + 1, end):
        where += f' data-at="{given.first} {given.last}"'
    return where

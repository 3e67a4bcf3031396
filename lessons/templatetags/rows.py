"""The rows of django_session (each an `inspector.rows.Row`) as a list."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .lessons import cut, short

register = template.Library()

DATA_MOST, ERROR_MOST = 120, 90  # characters

# A page has fifty, and they are asked for at each change: rendering a template for each would take most of its time.
ITEM = """
<li class="{classes}"{current}>
  <a class="key" href="{page}" id="row-{handle}"><code>{key}</code></a>
  <span class="owners">{whose}</span>
  <code class="data">{says}</code>
  <span class="until">{until} <span class="size">{size} characters</span>{marks}</span>
</li>"""
IS_OPEN = mark_safe(' aria-current="true"')
NOT_YOURS = mark_safe("<span>not yours</span>")


@register.simple_tag
def row_items(rows: list, address: str = "", chosen: str = "") -> SafeString:
    """Show rows as items of a list. `address` is what it asks for, `chosen` the handle of the row that is open."""
    inspector = reverse("inspector")
    items = (_item(row, row.user, row.expired, inspector, address, row.handle == chosen) for row in rows)
    return mark_safe("".join(items))


@lru_cache(maxsize=1024)  # some pages of rows: from one look to the next, nearly all are what they were
def _item(row, user: str, expired: bool, inspector: str, address: str, is_open: bool) -> SafeString:
    return format_html(
        ITEM,
        classes=" ".join(["yours"] * row.yours + ["expired"] * expired),
        current=IS_OPEN if is_open else "",
        page=f"{inspector}{row.handle}/{address}",  # as reverse() would make it, fifty times as fast
        handle=row.handle,
        key=row.masked_key,
        whose=_whose(row, user),
        says=_says(row),
        until=_until(row.expire_date, expired),
        size=row.size,
        marks=_marks(row),
    )


def _whose(row, user: str) -> SafeString:
    """Say who is logged in and which browsers hold the key, as far as either is known."""
    who = format_html('<span class="user">{}</span>', user) if user else ""
    if row.owners:
        return format_html("{}<span>{}</span>", who, ", ".join(row.owners))
    return who or NOT_YOURS


def _says(row) -> str:
    if row.large:
        return "large: open it to read"
    if row.decoded.is_object:
        return short(row.data, DATA_MOST)
    return format_html('<span class="unreadable">{}</span>', cut(row.decoded.error, ERROR_MOST))


def _until(date: datetime, expired: bool) -> SafeString:
    """Say when the row expires, in UTC as it is stored. A script adds how long that is from now."""
    return mark_safe(
        f"<expiry-clock>{'expired' if expired else 'until'} "
        f'<time datetime="{date.isoformat()}">{date.isoformat(" ", "seconds")[:19]} UTC</time></expiry-clock>'
    )


def _marks(row) -> SafeString:
    """Show the states of a row. An empty session is nothing bad; what Django would not read is."""
    marks = ((state, "mark" if state == "empty" else "mark removed") for state in row.states)
    return format_html_join("", ' <span class="{1}">{0}</span>', marks)

"""What the story says: one or two sentences for each hop, each true of this very flight.

A sentence never says more than was recorded. Where it rests on a fact, the fact's id stands beside it.
`store` is what the session engine keeps a session in: one of the nouns of `store.STORES`.
"""

from .called import CALLED
from .cookies import delete_cookie, set_cookie, span, vary, vary_note
from .saving import not_saved, save, verdict, verdict_note
from .session import API, READERS, Call, api, api_title, changed_inside, kind_of, session_made
from .store import key_text, loaded, sql, sql_note, store_of
from .way import ANSWERED_EARLY, exception, request, resolve, response, view, view_returns, view_skipped

__all__ = [
    "ANSWERED_EARLY",
    "API",
    "CALLED",
    "READERS",
    "Call",
    "api",
    "api_title",
    "changed_inside",
    "delete_cookie",
    "exception",
    "key_text",
    "kind_of",
    "loaded",
    "not_saved",
    "request",
    "resolve",
    "response",
    "save",
    "session_made",
    "set_cookie",
    "span",
    "sql",
    "sql_note",
    "store_of",
    "vary",
    "vary_note",
    "verdict",
    "verdict_note",
    "view",
    "view_returns",
    "view_skipped",
]

"""What the buttons of the edit page do to a value and to its row."""

import time
from dataclasses import dataclass, replace

from ..session_data import tampering
from ..session_data.draft import draft_of
from ..session_data.readable import TYPED_MOST
from .decoding import keys_by_name
from .edit_form import EditForm
from .rows import Row
from .versions import Version, date_shown, date_typed, unsealed, why_not_stored, write

FLIPS = {"flip-payload": "payload", "flip-timestamp": "timestamp", "flip-signature": "signature"}
SPOILT = {"list": tampering.as_list, "json": tampering.bad_json, "zlib": tampering.bad_zlib}
MOST = TYPED_MOST  # characters of session_data in a row that is edited here

NO_DATE = "The expire_date is not a date like 2026-12-07 00:03:57, in UTC."
NO_BASE = "This form was not made by this server, or was made for another row. Nothing was written: open the row again."
GONE = "The row is gone: it was flushed, or cleared, or its key was changed by a login. Nothing was written."
SAME = "The row holds just this already. Nothing was written."
WRITTEN = "Written. The row holds this now; its key and the browser's cookie are as they were."
UNDONE = "Undone. The row holds again what it held before the last write."
UNDONE_SINCE = "Undone, and what was written since as well. The row holds again what it held before your write."


@dataclass(frozen=True)
class Conflict:
    """Another request wrote to the row meanwhile: what both came from, what it holds now, and what you would write.

    `undoing`: you would write again what stood there before.
    """

    base: Version
    theirs: Version
    yours: Version
    undoing: bool = False


@dataclass(frozen=True)
class Result:
    """What became of a press on a button: the form to go on with, and what to say about it.

    `base` is the version that the form was made from, and `undo` what the last write replaced.
    """

    form: EditForm
    expires: str
    base: Version | None
    done: str = ""  # a sentence on what was done
    problem: str = ""  # a sentence on why nothing was
    wrote: bool = False
    tampered: bool = False
    undo: Version | None = None
    conflict: Conflict | None = None


def begun(row: Row | None) -> EditForm:
    """Return the form of a row; without one, of an empty dict."""
    return EditForm.of(draft_of(row.session_data)) if row else EditForm.made_of("{}")


def tampered(result: Result, how: str, other: Row | None) -> Result:
    """Spoil the value as the button says. Nothing is written."""
    if problem := result.form.problem:
        return replace(result, problem=problem)
    done = _tampered(result.form.draft, how, other)
    if done is None:
        return replace(result, problem="Choose one of the rows that you see. Nothing was changed.")
    draft, sentence = done
    if draft.stuck:
        return replace(result, problem=draft.notes[draft.stuck])
    return replace(result, form=EditForm.of(draft), done=sentence, tampered=True)


def _tampered(draft, how: str, other: Row | None):
    keys, now = keys_by_name(), int(time.time())
    if how in FLIPS:
        return tampering.flip(draft, FLIPS[how])
    if how in SPOILT:
        return SPOILT[how](draft, keys, now)
    if how in keys:
        return tampering.signed_as(draft, how, keys, now)
    return other and tampering.replaced(draft, other.session_data)


def written(result: Result, row: Row) -> Result:
    """Write the value to the row, if the row still holds what the form was made from."""
    if not result.base:
        return replace(result, problem=NO_BASE)
    expire_date, stored = date_typed(result.expires), result.form.draft.stored
    if problem := result.form.problem or why_not_stored(stored) or ("" if expire_date else NO_DATE):
        return replace(result, problem=f"Nothing was written: {_going_on(problem)}")
    return _put(result, row, result.base, Version(stored, expire_date), WRITTEN)


def _going_on(sentence: str) -> str:
    """Return a sentence as it goes on after a colon. A name, such as Python, stays as it is."""
    ours = sentence.startswith(("The ", "There ", "You "))
    return sentence[0].lower() + sentence[1:] if ours else sentence


def overwritten(result: Result, row: Row, mine_token: str, theirs_token: str, undoing: bool) -> Result:
    """Write what a conflict showed as yours over what it showed as theirs, if the row still holds that."""
    mine, theirs = unsealed(row.handle, mine_token), unsealed(row.handle, theirs_token)
    if not mine or not theirs:
        return replace(result, problem=NO_BASE)
    return _put(result, row, theirs, mine, UNDONE_SINCE if undoing else WRITTEN, undoing)


def undone(result: Result, row: Row) -> Result:
    """Write again what the last write replaced, if the row still holds what that wrote."""
    before = result.undo
    if not before or not result.base:
        return replace(result, problem=NO_BASE)
    if result.form.draft.stored == result.base.session_data:  # nothing was typed since
        result = replace(result, form=begun(before.row))
    if date_typed(result.expires) == result.base.expire_date:
        result = replace(result, expires=date_shown(before.expire_date))
    return _put(result, row, result.base, before, UNDONE, undoing=True)


def _put(result: Result, row: Row, base: Version, new: Version, done: str, undoing: bool = False) -> Result:
    wrote, found = write(row.session_key, base, new)
    if found is None:
        return replace(result, problem=GONE)
    if found != new:
        return replace(result, conflict=Conflict(base, found, new, undoing))
    if not wrote or base == new:
        return replace(result, base=new, done=SAME, wrote=True)
    return replace(result, base=new, done=done, wrote=True, undo=base)

"""What a learner types, and what the shell prints: a command with a dot, or one SQL statement."""

from dataclasses import dataclass

from . import commands
from .answer import STATEMENT_MOST, Failed, Refused
from .layout import FRAMES
from .modes import PRINTED_MOST, Settings, printed
from .statement import TOO_LONG, checked, tokens

TOO_MUCH = "The answer is long, so only its beginning is printed. Name fewer columns, or say LIMIT."
NO_ROWS = "No rows."  # where the shell prints nothing at all


@dataclass(frozen=True)
class Said:
    """What came of something typed: the text as a shell prints it, a sentence of ours below it, and the settings now.

    `failed`: the text is an error. Where the console refused, there is no text, only the sentence. `wraps`: its lines
    may go on in the next line, as in a terminal; columns that stand below each other and carets may not.
    """

    typed: str
    text: str
    note: str
    failed: bool
    settings: Settings
    wraps: bool = False


def say(typed: str, database, settings: Settings) -> Said:
    """Let `database` answer what was typed. Whatever it was, this returns."""
    typed = typed.strip()
    try:
        if len(typed) > STATEMENT_MOST:
            typed = f"{typed[:200]}…"
            raise Refused(TOO_LONG)
        checked(typed)
        if commands.leaves(typed):
            return Said(typed, "", commands.NOTHING_TO_LEAVE, False, settings)
        if typed.startswith("."):
            text, settings = commands.run(typed, database, settings)
            failed = text.lower().startswith(("error", "usage"))
            return Said(typed, text, "", failed, settings, wraps=text.startswith("CREATE "))
        if not set(tokens(typed)) - {";"}:  # a comment, or nothing
            return Said(typed, "", "", False, settings)
        answer = database.ask(typed)
        text = printed(answer, settings)
        note = answer.note or ("" if answer.rows else NO_ROWS)
        if len(text) > PRINTED_MOST:
            note = f"{note} {TOO_MUCH}".strip()
        wraps = answer.plan or settings.mode not in FRAMES
        return Said(typed, text, note, False, settings, wraps)
    except Refused as refused:
        return Said(typed, "", str(refused), True, settings)
    except Failed as failed:
        return Said(typed, str(failed), failed.hint, True, settings)

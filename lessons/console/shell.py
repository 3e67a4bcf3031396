"""What a learner types, and what the shell prints: a command with a dot, or one SQL statement."""

from dataclasses import dataclass

from . import commands
from .answer import STATEMENT_MOST, Failed, Refused
from .modes import Settings, printed
from .statement import TOO_LONG, tokens

NO_ROWS = "No rows."  # where the shell prints nothing at all


@dataclass(frozen=True)
class Said:
    """What came of something typed: the text as a shell prints it, a sentence of ours below it, and the settings now.

    `failed`: the text is an error. Where the console refused, there is no text, only the sentence.
    """

    typed: str
    text: str
    note: str
    failed: bool
    settings: Settings


def say(typed: str, database, settings: Settings) -> Said:
    """Let `database` answer what was typed. Whatever it was, this returns."""
    typed = typed.strip()
    try:
        if len(typed) > STATEMENT_MOST:
            typed = f"{typed[:200]}…"
            raise Refused(TOO_LONG)
        if typed.startswith("."):
            text, settings = commands.run(typed, database, settings)
            return Said(typed, text, "", text.lower().startswith(("error", "usage")), settings)
        if not set(tokens(typed)) - {";"}:  # a comment, or nothing
            return Said(typed, "", "", False, settings)
        answer = database.ask(typed)
        return Said(typed, printed(answer, settings), answer.note or ("" if answer.rows else NO_ROWS), False, settings)
    except Refused as refused:
        return Said(typed, "", str(refused), True, settings)
    except Failed as failed:
        return Said(typed, str(failed), failed.hint, True, settings)

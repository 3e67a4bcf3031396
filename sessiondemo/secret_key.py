"""The secret key of this installation: made once, kept in a file that git ignores."""

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

SHORTEST = 32  # characters; Django makes 50


def read_or_make(path: Path) -> str:
    """Return the key stored at `path`; make and store one when there is none.

    Every session row is signed with it: delete the file and all sessions read as empty (F21).
    Raises ImproperlyConfigured, in one sentence, when the key can be neither read nor stored.
    """
    try:
        key = _read(path) or _make(path)
    except OSError as error:
        raise ImproperlyConfigured(f"The secret key cannot be kept in {path.name}: {error.strerror}.") from error
    except UnicodeError as error:
        raise ImproperlyConfigured(f"The secret key cannot be kept in {path.name}: it is not ASCII text.") from error
    if len(key) < SHORTEST or not key.isprintable():
        raise ImproperlyConfigured(f"{path.name} holds no secret key: delete it, and the next start makes a new one.")
    return key


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _make(path: Path) -> str:
    """Write a new key beside `path` and name it so when it is whole: a start that is cut short leaves no half a key.

    Of two that start at once the first names its key, and both return that one.
    """
    descriptor, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # for its owner's eyes only
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(get_random_secret_key() + "\n")
        try:
            os.link(draft, path)
        except OSError:
            if not _read(path):  # so nobody was first: an empty file, or a disk without hard links
                os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return _read(path)

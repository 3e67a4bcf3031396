"""The secret key of this installation: made once, kept in a file that git ignores."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key


def read_or_make(path: Path) -> str:
    """Return the key stored at `path`; make and store one when there is none.

    Every session row is signed with it: delete the file and all sessions read as empty (F21).
    Raises ImproperlyConfigured, in one sentence, when the key can be neither read nor stored.
    """
    try:
        return _read(path) or _make(path)
    except OSError as error:
        raise ImproperlyConfigured(f"The secret key cannot be kept in {path.name}: {error.strerror}.") from error


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _make(path: Path) -> str:
    """Write a new key beside `path` and move it there whole: a start that is cut short leaves no half a key."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(get_random_secret_key() + "\n", encoding="ascii")
    os.replace(draft, path)
    return _read(path)

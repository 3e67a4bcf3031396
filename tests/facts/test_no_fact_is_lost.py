"""Each fact has a test, and each test here says which fact it proves."""

import re
from pathlib import Path

from . import ids

SOURCES = sorted(path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__))
NAMES = [name for path in SOURCES for name in re.findall(r"^def test_(\w+)\(", path.read_text("utf-8"), re.MULTILINE)]
PROVED = {name.split("_")[0].upper() for name in NAMES}


def test_every_id_has_a_test():
    assert [id for id in ids.ALL if id not in PROVED] == []


def test_every_test_has_an_id():
    assert sorted(PROVED - set(ids.ALL)) == []

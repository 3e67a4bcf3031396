"""The secret key is made once, and kept."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ImproperlyConfigured

from sessiondemo import secret_key

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions another way")


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".secret_key"


def test_the_first_start_makes_a_key_of_fifty_characters(path):
    assert len(secret_key.read_or_make(path)) == 50


def test_the_next_start_finds_it(path):
    assert secret_key.read_or_make(path) == secret_key.read_or_make(path)


def test_two_installations_have_two_keys(tmp_path):
    assert secret_key.read_or_make(tmp_path / "one") != secret_key.read_or_make(tmp_path / "other")


def test_a_key_of_your_own_is_taken_without_the_end_of_its_line(path):
    path.write_text("my-own-key" * 5 + "\n")
    assert secret_key.read_or_make(path) == "my-own-key" * 5


@pytest.mark.parametrize("text", ["abc", "x" * 40 + "\n" + "y" * 40, "x" * 40 + "\0"])
def test_what_is_no_key_is_refused_in_a_sentence(path, text):
    path.write_text(text)
    with pytest.raises(ImproperlyConfigured, match="holds no secret key: delete it"):
        secret_key.read_or_make(path)


def test_an_empty_file_is_no_key(path):
    path.touch()
    assert len(secret_key.read_or_make(path)) == 50


def test_nothing_else_is_left_beside_it(path):
    secret_key.read_or_make(path)
    assert [found.name for found in path.parent.iterdir()] == [".secret_key"]


@POSIX
def test_only_its_owner_may_read_it(path):
    secret_key.read_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_that_start_at_once_have_one_key(path, monkeypatch):
    both_found_none = Barrier(2, timeout=5)
    get_random_secret_key = secret_key.get_random_secret_key

    def made_at_the_same_time():
        both_found_none.wait()
        return get_random_secret_key()

    monkeypatch.setattr(secret_key, "get_random_secret_key", made_at_the_same_time)
    with ThreadPoolExecutor(2) as two:
        keys = set(two.map(secret_key.read_or_make, [path, path]))
    assert keys == {path.read_text().strip()}


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"^The secret key cannot be kept in key: .*\.$"):
        secret_key.read_or_make(tmp_path / "no such folder" / "key")


def test_a_folder_in_its_place_is_told_in_one_sentence(path):
    path.mkdir()
    with pytest.raises(ImproperlyConfigured, match=r"^The secret key cannot be kept in \.secret_key: .*\.$"):
        secret_key.read_or_make(path)


def test_a_file_that_is_no_text_is_told_in_one_sentence(path):
    path.write_bytes(os.urandom(50) + b"\xff")
    with pytest.raises(ImproperlyConfigured, match=r"^The secret key cannot be kept in \.secret_key: .*\.$"):
        secret_key.read_or_make(path)

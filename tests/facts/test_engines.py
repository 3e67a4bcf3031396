"""Sessions elsewhere than in a database."""

import logging
import random
import re
import time

import pytest
from django.contrib.sessions.backends import file
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache

from .visitor import Visitor


@pytest.fixture(autouse=True)
def nothing_left_over(settings, tmp_path, monkeypatch):
    settings.SESSION_FILE_PATH = str(tmp_path)
    monkeypatch.delattr(file.SessionStore, "_storage_path", raising=False)  # the engine remembers it
    yield
    cache.clear()
    if hasattr(file.SessionStore, "_storage_path"):
        del file.SessionStore._storage_path


def use(settings, engine):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"


@pytest.mark.parametrize("engine", ["db", "file", "cache", "cached_db", "signed_cookies"])
def test_c10_every_engine_runs_the_counter(visitor, settings, engine):
    use(settings, engine)
    pages = [visitor.get("/lab/visits/").text for _ in range(3)]
    assert pages == ["view count=1", "view count=2", "view count=3"]


def test_c10_the_file_engine_writes_the_text_that_session_data_would_hold(visitor, settings, tmp_path):
    use(settings, "file")
    visitor.get("/lab/visits/")
    (path,) = tmp_path.iterdir()
    assert path.name == f"sessionid{visitor.key}"
    assert SessionStore().decode(path.read_text()) == {"num_visits": 1}  # it is the database engine that decodes here


@pytest.mark.parametrize("engine", ["file", "cache", "signed_cookies"])
def test_c10_these_need_no_sql(visitor, settings, engine):
    use(settings, engine)
    assert visitor.get("/lab/visits/").sql == []
    assert visitor.get("/lab/visits/").sql == []


def test_c10_after_the_first_visit_cached_db_writes_and_never_selects(visitor, settings):
    use(settings, "cached_db")
    first, *later = [visitor.get("/lab/visits/") for _ in range(3)]
    assert first.verbs == ["SELECT", "INSERT"]
    for visit in later:
        assert visit.verbs == ["UPDATE"]


def test_f15_with_signed_cookies_the_cookie_is_the_data(visitor, settings):
    use(settings, "signed_cookies")
    visitor.get("/lab/visits/")
    assert re.fullmatch(r"eyJudW1fdmlzaXRzIjoxfQ:\w{6}:[\w-]{43}", visitor.key)
    salt = "django.contrib.sessions.backends.signed_cookies"
    assert signing.loads(visitor.key, salt=salt) == {"num_visits": 1}
    assert Session.objects.count() == 0


def test_f15_flush_deletes_the_cookie_but_an_old_copy_still_works(visitor, settings):
    use(settings, "signed_cookies")
    visitor.get("/lab/dict/add/")
    copy = visitor.copy()
    visitor.get(lambda request: request.session.flush())
    assert visitor.key == ""
    assert copy.found() == {"color": "green"}


def test_f15_a_copy_works_for_14_days(visitor, settings, monkeypatch):
    use(settings, "signed_cookies")
    visitor.get("/lab/dict/add/")
    copy, value, start = Visitor(), visitor.key, time.time()
    for days, found in (13.9, {"color": "green"}), (14.1, {}):
        copy.has_cookie(value)  # one that does not forget
        monkeypatch.setattr("time.time", lambda days=days: start + days * 24 * 60 * 60)
        assert copy.found() == found


def test_f15_a_tampered_cookie_is_replaced_by_an_empty_one(visitor, settings):
    use(settings, "signed_cookies")
    visitor.get("/lab/dict/add/")
    visitor.has_cookie("x" + visitor.key)
    assert visitor.found() == {}
    assert visitor.key.startswith("e30:")


def test_f16_django_sends_a_cookie_of_any_size_without_a_warning(visitor, settings, caplog):
    use(settings, "signed_cookies")
    caplog.set_level(logging.WARNING)
    text = "".join(random.Random(1).choices("0123456789abcdef", k=12_000))
    visit = visitor.get(lambda request: request.session.update({"text": text}))
    assert visit.status == 200
    assert len(visit.set_cookie) > 4096  # what a browser keeps of it is shown by the browser tests
    assert caplog.records == []

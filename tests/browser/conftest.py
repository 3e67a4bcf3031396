"""A real Chromium in front of a real runserver, on a fresh copy of the project: what a newcomer has."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from ..scratch import scratch_database

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("manage.py", "sessiondemo", "lessons", "templates", "static")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
PATIENCE = 30_000  # milliseconds until something that should happen counts as missing, on the busiest machine
HOW_TO_GET_IT = "no Chromium here: install it (Debian: apt install chromium) and run the tests again"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=HOW_TO_GET_IT))


@pytest.fixture(scope="package")
def database():
    """What names the empty database in the environment of a runserver."""
    with scratch_database() as database:
        yield database


@pytest.fixture(scope="package")
def server(tmp_path_factory, database):
    """The address of a runserver on a copy of the project with an empty database."""
    project = tmp_path_factory.mktemp("project")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, project / name)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | database
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=project, env=environment, check=True)
    port = _free_port()
    with (project / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*manage, "runserver", f"127.0.0.1:{port}", "--noreload"],
            cwd=project,
            env=environment,
            stdout=log,
            stderr=log,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address + "/static/icon.svg", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("runserver did not come up")


@pytest.fixture(scope="package")
def chromium():
    """One Chromium for all browser tests. Playwright keeps an event loop running, so these tests come last."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, server):
    """Open pages as a fresh visitor: `visit(width=360, dark=True)` gives a page in a browser of its own.

    When the test is over, nothing may have been complained about: no console error, no exception, no CSP report,
    and no request to another host.
    """
    complaints, contexts = [], []

    def open_browser(width=1280, height=900, dark=False, **options):
        context = chromium.new_context(
            base_url=server,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda request: _note_stranger(request.url, server, complaints))
        return context.new_page()

    open_browser.complaints = complaints
    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []


def _note_stranger(url: str, server: str, complaints: list) -> None:
    if not url.startswith((server, "data:", "about:", "blob:")):
        complaints.append(f"asked another host: {url}")

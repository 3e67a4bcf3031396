"""start.py on good and on bad ground: a fake project stands in for ours, the virtual environment in it is real."""

import ast
import glob
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import types
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

START = Path(__file__).resolve().parent.parent / "start.py"
THIS = "{}.{}".format(*sys.version_info)
posix = pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals, or uses a shell script")

# Stands in for manage.py. Like the real runserver, its runserver is a parent with a child.
MANAGE = """
import http.server, json, os, signal, sqlite3, subprocess, sys, time

word, rest = sys.argv[1], sys.argv[2:]
with open("calls.txt", "a") as calls:
    calls.write(word + "\\n")
if word == "tell":
    print(json.dumps({"rest": rest, "cwd": os.getcwd(), "prefix": sys.prefix, "environ": dict(os.environ)}))
elif word == "exit":
    sys.exit(int(rest[0]))
elif word == "hello":
    import hello
elif word == "wait":
    try:
        print("waiting", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        time.sleep(0.7)
        sys.exit(5)
elif word == "migrate":
    if "MIGRATE_FAILS" in os.environ:
        sys.exit("first line\\n" + os.environ["MIGRATE_FAILS"])
    if "DATABASE_URL" in os.environ:
        sys.exit(0)
    database = sqlite3.connect("db.sqlite3")
    database.execute("CREATE TABLE django_session (session_key)")
    database.execute("CREATE TABLE django_migrations (app, name)")
    database.execute("INSERT INTO django_migrations VALUES ('lessons', '0001_initial')")
    database.commit()
elif word == "runserver":
    if "SERVER_DIES" in os.environ:
        sys.exit(7)
    if "SERVER_IS_STUBBORN" in os.environ:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stderr=subprocess.DEVNULL)
    host, port = rest[0].split(":")
    try:
        http.server.HTTPServer((host, int(port)), http.server.BaseHTTPRequestHandler).serve_forever()
    except KeyboardInterrupt:
        pass
"""


@pytest.fixture
def start(monkeypatch):
    """start.py as a module, fresh for each test. The projects here have db.sqlite3, whatever the suite runs on."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    spec = importlib.util.spec_from_file_location("start_under_test", START)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_project(folder):
    """Lay a fake project with our start.py in this folder."""
    (folder / "lessons" / "migrations").mkdir(parents=True)
    (folder / "lessons" / "migrations" / "0001_initial.py").touch()
    (folder / "manage.py").write_text(MANAGE)
    (folder / "pytest.py").write_text("import sys; print(sys.argv[1:]); sys.exit(5)")
    (folder / "requirements.txt").write_text("# nothing\n")
    (folder / "requirements-dev.txt").write_text("-r requirements.txt\n")
    (folder / "requirements-postgresql.txt").write_text("-r requirements.txt\n")
    shutil.copy(START, folder / "start.py")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A fake project that has been started once, and what that start said. Its folder has a trying name."""
    folder = make_project(tmp_path_factory.mktemp("start") / "Élève d'été 100%")
    return folder, call(folder, "manage", "exit", "0")


@pytest.fixture
def project(made, tmp_path):
    """A copy of it that a test may spoil. (So each test is also about a folder that was moved.)"""
    return Path(shutil.copytree(made[0], tmp_path / "déjà là", symlinks=True))


def environment(**changes):
    """Our environment with these changes, and without what would send pip to packages of this computer."""
    stray = ("PIP_", "PYTHON", "DATABASE_URL")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(stray)}
    return clean | {"CI": "1", "PYTHONIOENCODING": "utf-8", "PIP_CONFIG_FILE": os.devnull} | changes


def offline():
    """Settings with which pip finds no package: an index where nobody listens."""
    return {"PIP_INDEX_URL": f"http://127.0.0.1:{unused_port()}/simple", "PIP_RETRIES": "0"}


def command(folder, *args):
    return [sys.executable, str(folder / "start.py"), *args]


def call(folder, *args, **changes):
    """Run start.py to its end, from another folder."""
    return subprocess.run(
        command(folder, *args),
        cwd=folder.parent,
        env=environment(**changes),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def assert_one_line(result, *words):
    """It ended with one line on stderr that has these words, and exit code 1."""
    assert (result.returncode, result.stderr.count("\n")) == (1, 1), result.stderr
    for word in words:
        assert word in result.stderr


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# What an old Python says


def old_python(version):
    """Return a Python of this version, if the computer has one."""
    candidates = glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python"))
    candidates += filter(None, [shutil.which(f"python{version}")])
    for candidate in candidates:
        ask = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(ask, capture_output=True, text=True, env=environment())
        if answer.stdout.strip() == version:
            return candidate
    return pytest.skip(f"no Python {version} here")


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.9"])
def test_old_python_gets_one_line(version):
    python = old_python(version)
    result = subprocess.run([python, str(START)], capture_output=True, text=True, env=environment())
    assert_one_line(result, "needs Python 3.10", f"this is Python {version}")


def test_syntax_is_that_of_old_python():
    source = START.read_text("ascii")
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.YieldFrom, ast.Await, ast.Match)
    assert not re.search(r"\*\w+,\s*\)", source), "Python 2.7 takes no comma after **options"
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, new), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.args, node.args.vararg, node.args.kwarg]
            assert node.returns is None
            assert not node.args.kwonlyargs
            assert not node.args.posonlyargs
            assert not any(argument.annotation for argument in arguments if argument)
        if isinstance(node, ast.Raise):
            assert node.cause is None, "raise from"
        if isinstance(node, ast.Call):
            assert not any(isinstance(argument, ast.Starred) for argument in node.args[:-1])
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(element, ast.Starred) for element in node.elts)


# The command line


def test_help_is_the_docstring(tmp_path):
    result = subprocess.run([sys.executable, START, "--help"], capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0
    assert "--no-browser" in result.stdout
    assert "start.py test" in result.stdout


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["tset"], "'tset'"),
        (["--prot", "1"], "'--prot'"),
        (["--port"], "'--port'"),
        (["--port", "http"], "'http'"),
        (["--port=65536"], "'65536'"),
    ],
)
def test_word_it_does_not_know(tmp_path, args, word):
    result = subprocess.run([sys.executable, START, *args], capture_output=True, text=True, cwd=tmp_path)
    assert_one_line(result, word)


def test_options(start):
    assert start.read_options([]) == (8000, True)
    assert start.read_options(["--port", "9000"]) == (9000, True)
    assert start.read_options(["--no-browser", "--port=80"]) == (80, False)


# Bad ground


def test_console_without_accents(tmp_path):
    ascii_only = environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    result = subprocess.run([sys.executable, START, "été"], capture_output=True, text=True, env=ascii_only)
    assert_one_line(result, r"'\xe9t\xe9'")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (OSError(28, "No space\nleft", "/x"), 1, "[Errno 28] No space left: '/x'\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_while_preparing(start, monkeypatch, capsys, tmp_path, error, code, line):
    def fail():
        raise error

    for name in ("manage.py", "requirements.txt"):
        (tmp_path / name).touch()
    monkeypatch.setattr(start, "HERE", str(tmp_path))
    monkeypatch.setattr(start, "catch_signals", lambda: None)
    monkeypatch.setattr(start, "check_writable", fail)
    assert start.main(["manage", "check"]) == code
    assert capsys.readouterr() == ("", line)


def test_outside_the_project(tmp_path):
    shutil.copy(START, tmp_path)
    assert_one_line(call(tmp_path, "manage", "check"), "no manage.py", "whole project")
    (tmp_path / "manage.py").touch()
    assert_one_line(call(tmp_path, "manage", "check"), "no requirements.txt")
    assert not (tmp_path / ".venv").exists()


def test_read_only_folder(start, monkeypatch, tmp_path):
    def refuse(path, mode):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(start, "HERE", str(tmp_path))
    start.check_writable()
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(start, "open", refuse, raising=False)
    with pytest.raises(start.BadGround, match=re.escape(f"Cannot write in {tmp_path} (Permission denied)")):
        start.check_writable()


@pytest.mark.parametrize("key", [b"abc", b"\xff" * 40, b"x" * 40 + b"\n" + b"y" * 40])
def test_what_is_no_secret_key_is_named(start, monkeypatch, tmp_path, key):
    monkeypatch.setattr(start, "HERE", str(tmp_path))
    (tmp_path / ".secret_key").write_bytes(key)
    with pytest.raises(start.BadGround, match="holds no secret key: delete it"):
        start.check_secret_key()


@pytest.mark.parametrize("key", [None, b"", b"k" * 50 + b"\n"])
def test_a_secret_key_that_is_there_or_still_to_be_made_is_fine(start, monkeypatch, tmp_path, key):
    monkeypatch.setattr(start, "HERE", str(tmp_path))
    if key is not None:
        (tmp_path / ".secret_key").write_bytes(key)
    start.check_secret_key()


def test_a_database_that_is_a_folder_is_not_migrated(start, tmp_path):
    (tmp_path / "db.sqlite3").mkdir()
    assert not start.is_migrated(str(tmp_path))


def test_python_without_ensurepip(tmp_path):
    folder = make_project(tmp_path / "p")
    script = "import runpy, sys; sys.modules['ensurepip'] = None; runpy.run_path(sys.argv[0], run_name='__main__')"
    script = f"import sys; sys.argv = {[str(folder / 'start.py'), 'manage', 'check']}; {script}"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment())
    assert_one_line(result, f"sudo apt install python{THIS}-venv")


def test_python_without_sqlite(start, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(start.BadGround, match="without SQLite"):
        start.migrate_if_needed()


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_never_deletes_what_is_not_a_virtual_environment(tmp_path, kind):
    folder = make_project(tmp_path / "p")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    if kind == "folder":
        shutil.move(tmp_path / "mine", folder / ".venv")
    elif kind == "file":
        (folder / ".venv").write_text("TOKEN=1")
    else:
        (tmp_path / "mine" / "pyvenv.cfg").touch()  # somebody else's, though one could delete it through the link
        (folder / ".venv").symlink_to(tmp_path / "mine", target_is_directory=True)
    before = sorted(tmp_path.rglob("*"))
    assert_one_line(call(folder, "manage", "check"), "not a virtual environment that start.py made")
    assert sorted(tmp_path.rglob("*")) == before


def test_clearing_keeps_the_mark_of_a_virtual_environment(start, monkeypatch, tmp_path):
    (tmp_path / ".venv" / "lib").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    (tmp_path / ".venv" / "installed-requirements.txt").touch()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / ".venv" / "lib64").symlink_to(tmp_path / "kept", target_is_directory=True)
    monkeypatch.setattr(start, "VENV", str(tmp_path / ".venv"))
    start.clear_venv()
    assert os.listdir(tmp_path / ".venv") == ["pyvenv.cfg"]
    assert (tmp_path / "kept" / "file").exists()


def test_does_not_clear_the_environment_it_runs_on(start, monkeypatch, tmp_path):
    (tmp_path / "pyvenv.cfg").touch()
    monkeypatch.setattr(start, "VENV", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(start.BadGround, match="deactivate"):
        start.clear_venv()


@posix
@pytest.mark.parametrize(
    ("script", "flaw"),
    [
        ("echo 2.6 True", f"it was made for Python 2.6 and this is Python {THIS}"),
        (f"echo {THIS} False", "it is not complete"),
        (f"echo {THIS} True", None),
        ("exit 1", "its Python does not run"),
        ("echo nonsense", "its Python does not run"),
    ],
)
def test_flaws_of_an_environment(start, monkeypatch, tmp_path, script, flaw):
    (tmp_path / "python").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(start, "PYTHON", str(tmp_path / "python"))
    assert start.find_flaw() == flaw


# Stamps and migrations


def test_stamp_follows_the_file(start, monkeypatch, tmp_path):
    for name in ("HERE", "VENV"):
        monkeypatch.setattr(start, name, str(tmp_path))
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("Django==5.2")
    assert not start.is_installed("requirements.txt")
    Path(start.stamp_path("requirements.txt")).write_bytes(start.make_stamp("requirements.txt"))
    assert start.is_installed("requirements.txt")
    requirements.write_text("Django==5.3")
    assert not start.is_installed("requirements.txt")
    requirements.write_text("Django==5.2")
    assert start.is_installed("requirements.txt")
    monkeypatch.setattr(sys, "version_info", (3, 99))
    assert not start.is_installed("requirements.txt")


MIGRATIONS = "CREATE TABLE django_migrations (app, name); INSERT INTO django_migrations VALUES ('{}', '0001_a');"
SESSIONS = "CREATE TABLE django_session (session_key);"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (MIGRATIONS.format("lessons") + SESSIONS, True),
        (MIGRATIONS.format("lessons"), False),
        (MIGRATIONS.format("auth") + SESSIONS, False),
        (SESSIONS, False),
        ("", False),
        (None, False),
    ],
)
def test_migrated(start, tmp_path, tables, expected):
    migrations = tmp_path / "[x]" / "lessons" / "migrations"  # brackets mean something to glob
    migrations.mkdir(parents=True)
    (migrations / "__init__.py").touch()
    (migrations / "0001_a.py").touch()
    path = tmp_path / "[x]" / "db.sqlite3"
    if tables is not None:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(tables)
    assert start.is_migrated(str(path.parent)) is expected
    assert path.exists() is (tables is not None)
    (migrations / "0002_b.py").touch()
    assert not start.is_migrated(str(path.parent))


def test_migrated_asks_a_file_that_is_no_database(start, tmp_path):
    (tmp_path / "db.sqlite3").write_text("I am not a database, and long enough to be sure of it." * 20)
    assert start.is_migrated(str(tmp_path)) is False


def test_another_database_is_left_to_django(start, monkeypatch):
    commands = []
    monkeypatch.setattr(start, "is_migrated", lambda project: True)
    monkeypatch.setattr(start, "run_quietly", lambda command: commands.append(command[1:3]) or (0, ""))
    start.migrate_if_needed()
    assert commands == []
    monkeypatch.setenv("DATABASE_URL", "postgres://db")
    start.migrate_if_needed()
    assert commands == [["manage.py", "migrate"]]


# Ports and the browser


def test_port_that_is_taken(start, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not start.is_free(port)
        assert port < start.find_port(port) < port + start.PORTS
        monkeypatch.setattr(start, "PORTS", 1)
        with pytest.raises(start.BadGround, match=f"ports {port} to {port} are all taken.*--port"):
            start.find_port(port)
    assert start.find_port(port) == port


def test_ports_end_at_65535(start, monkeypatch):
    asked = []
    monkeypatch.setattr(start, "is_free", asked.append)
    with pytest.raises(start.BadGround, match="65530 to 65535"):
        start.find_port(65530)
    assert asked == list(range(65530, 65536))


def test_port_of_a_server_that_has_just_ended_is_free(start):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()  # who closes first keeps the port in TIME_WAIT
        client.close()
    assert start.is_free(port)


def test_browser_opens_once_the_server_answers(start, monkeypatch, capsys):
    opened, happened = [], threading.Event()
    monkeypatch.setattr(start, "has_screen", lambda environ, platform: True)
    monkeypatch.setattr(start.webbrowser, "open", lambda url: (opened.append(url), happened.set()))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        start.announce(types.SimpleNamespace(poll=lambda: None), port, browser=False)
        assert not happened.wait(0.1)
        start.announce(types.SimpleNamespace(poll=lambda: None), port, browser=True)
        assert happened.wait(5)
    assert opened == [f"http://127.0.0.1:{port}/"]
    line = f"Sessions, step by step is at http://127.0.0.1:{port}/  (Ctrl+C stops it)\n"
    assert capsys.readouterr().out == line * 2


def test_browser_that_fails_is_no_matter(start, monkeypatch):
    asked = []

    def fail(url):
        asked.append(url)
        raise RuntimeError

    monkeypatch.setattr(start.webbrowser, "open", fail)
    start.open_browser("http://x/")
    assert asked == ["http://x/"]


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", False),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "1"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "1"}, "darwin", False),
        ({}, "win32", True),
        ({"CI": "1"}, "win32", False),
    ],
)
def test_screen(start, environ, platform, expected):
    assert start.has_screen(environ, platform) is expected


# The children's environment, and what they say


def test_stray_variables_are_dropped(start):
    stray = ["DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV"]
    stray += ["__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_PREFIX", "PIP_REQUIRE"]
    kept = ["PATH", "PYTHONUNBUFFERED", "DATABASE_URL", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"]
    kept += ["PIP_CERT", "PIP_CLIENT_CERT", "PIP_PROXY", "PIP_TRUSTED_HOST", "PIP_DEFAULT_TIMEOUT", "PIP_CACHE_DIR"]
    clean = start.child_environment(dict.fromkeys(stray + kept, "x"))
    assert set(clean) - set(kept) == {"PIP_DISABLE_PIP_VERSION_CHECK", "PIP_RETRIES", "PYTHONUTF8"}
    assert {clean[name] for name in kept} == {"x"}
    assert start.child_environment({})["PIP_DEFAULT_TIMEOUT"] == "15"


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("Looking\nERROR: one\nERROR: No match for x.\nnotice\n\n", "ERROR: No match for x"),
        ("Traceback\n  File\nOSError: disk full\n\n", "OSError: disk full"),
        ("\n", "no message"),
    ],
)
def test_last_error(start, output, line):
    assert start.last_error(output) == line


# The whole of it, in a fake project with a real virtual environment


@pytest.mark.slow
def test_first_start_says_what_takes_long_and_the_second_is_quiet(made):
    folder, first = made
    assert first.returncode == 0, first.stderr
    assert [line.split(" (")[0] for line in first.stdout.splitlines()] == [
        "Making .venv",
        "Installing Django and what the pages need",
    ]
    second = call(folder, "manage", "exit", "0", **offline())
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


@pytest.mark.slow
def test_manage_passes_words_and_exit_code_through(made):
    folder, _ = made
    stray = {"DJANGO_SETTINGS_MODULE": "x", "PYTHONPATH": "/x", "VIRTUAL_ENV": "/x", "PIP_TARGET": "/x"}
    told = json.loads(call(folder, "manage", "tell", "--x", "é b", **stray).stdout)
    assert told["rest"] == ["--x", "é b"]
    assert told["cwd"] == str(folder)
    assert told["prefix"] == str(folder / ".venv")
    assert not stray.keys() & told["environ"].keys()
    assert call(folder, "manage", "exit", "3").returncode == 3


@pytest.mark.slow
def test_test_passes_words_and_exit_code_through(made):
    folder, _ = made
    result = call(folder, "test", "-k", "x y")
    assert result.stdout.splitlines()[-1] == "['-k', 'x y']"
    assert result.returncode == 5
    assert (folder / ".venv" / "installed-requirements-dev.txt").exists()


@pytest.mark.slow
@posix
def test_through_a_link(made, tmp_path):
    folder, _ = made
    (tmp_path / "start.py").symlink_to(folder / "start.py")
    assert json.loads(call(tmp_path, "manage", "tell").stdout)["cwd"] == str(folder)


@pytest.mark.slow
def test_without_a_network(project):
    (project / "requirements.txt").write_text("hello==1.0\n")
    assert_one_line(call(project, "manage", "hello", **offline()), "hello==1.0", "check the network", "-d wheels")
    assert "hello==1.0" in (project / ".venv" / "start.log").read_text()
    make_wheel(project / "wheels")  # and the next start puts it right
    result = call(project, "manage", "hello", **offline())
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "hello from the wheel"), result.stderr


def make_wheel(folder):
    """Make the smallest package that pip takes."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "hello-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("hello.py", "print('hello from the wheel')")
        wheel.writestr("hello-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: hello\nVersion: 1.0\n")
        wheel.writestr("hello-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("hello-1.0.dist-info/RECORD", "")


@pytest.mark.slow
def test_broken_environment_is_made_again(project):
    shutil.rmtree(project / ".venv" / ("Scripts" if os.name == "nt" else "bin"))
    result = call(project, "manage", "exit", "0")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Making .venv again, because its Python does not run")


@pytest.mark.slow
def test_database_that_cannot_be_prepared(project):
    result = call(project, "--no-browser", MIGRATE_FAILS="no such disk")
    assert_one_line(result, "database could not be prepared (no such disk)", ".venv/start.log")


REFUSED = """psycopg.OperationalError: x
django.db.utils.OperationalError: connection failed: connection to server at "db", port 5432 failed: Connection refused
\tIs the server running on that host and accepting TCP/IP connections?"""


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_told_in_a_sentence_without_its_password(project):
    url = "postgres://ada:lovelace@db/sessions"
    result = call(project, "--no-browser", MIGRATE_FAILS=REFUSED, DATABASE_URL=url)
    assert_one_line(result, "DATABASE_URL names cannot be reached (connection to server at", "Connection refused)")
    assert_one_line(result, "start PostgreSQL", "unset DATABASE_URL", ".venv/start.log")
    assert "lovelace" not in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("word", ["manage", "test"])
def test_with_database_url_what_postgresql_needs_is_installed_too(project, word):
    stamp = project / ".venv" / "installed-requirements-postgresql.txt"
    words = ("manage", "exit", "0") if word == "manage" else ("test",)
    call(project, *words)
    assert not stamp.exists()
    call(project, *words, DATABASE_URL="postgres://db/sessions")
    assert stamp.exists()


def test_only_a_refused_connection_is_a_refusal(start):
    assert start.refusal("Traceback\ndjango.db.utils.ProgrammingError: no\n") is None
    assert start.refusal("django.db.utils.OperationalError: no route to host.\nmore") == "no route to host"


@pytest.mark.slow
def test_server_that_dies_passes_its_exit_code_on(project):
    result = call(project, SERVER_DIES="1")
    assert (result.returncode, result.stderr) == (7, "")
    assert "is at" not in result.stdout


def serve(folder, *args, **changes):
    """Start the site and return the process and the line with the address."""
    site = subprocess.Popen(
        command(folder, "--no-browser", *args),
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    return site, next((line for line in site.stdout if "Ctrl+C" in line), None)


def assert_ends(site):
    """It ends well and alone: our end of its stdout only ends when every process that holds the other has ended."""
    rest, errors = site.communicate(timeout=15)
    assert (site.returncode, rest) == (0, "")
    assert "Traceback" not in errors


@pytest.mark.slow
@posix
@pytest.mark.parametrize("requests", [["SIGINT"], ["SIGTERM"], ["SIGHUP"], ["SIGINT", "SIGTERM", "SIGINT"]])
def test_no_process_stays_behind(project, requests):
    port = unused_port()
    site, line = serve(project, "--port", str(port))
    assert line == f"Sessions, step by step is at http://127.0.0.1:{port}/  (Ctrl+C stops it)\n"
    for request in requests:
        site.send_signal(getattr(signal, request))
    assert_ends(site)


@pytest.mark.slow
@posix
def test_server_that_does_not_want_to_end(project):
    source = (project / "start.py").read_text()
    (project / "start.py").write_text(source.replace("PATIENCE = 4", "PATIENCE = 1"))
    site, _ = serve(project, "--port", str(unused_port()), SERVER_IS_STUBBORN="1")
    began = time.monotonic()
    site.send_signal(signal.SIGINT)
    time.sleep(0.6)
    site.send_signal(signal.SIGINT)  # an impatient learner does not interrupt the tidying up
    assert_ends(site)
    assert 1 < time.monotonic() - began < 4


@pytest.mark.slow
@posix
def test_database_is_prepared_once(project):
    for _ in range(2):
        site, _ = serve(project, "--port", str(unused_port()))
        site.send_signal(signal.SIGINT)
        assert_ends(site)
    calls = (project / "calls.txt").read_text().split()
    assert (calls.count("migrate"), calls.count("runserver")) == (1, 2)


@pytest.mark.slow
@posix
@pytest.mark.parametrize(("request_", "code"), [("SIGINT", 5), ("SIGTERM", 128 + 15)])
def test_signals_while_manage_runs(made, request_, code):
    site = subprocess.Popen(
        command(made[0], "manage", "wait"), env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert site.stdout.readline() == "waiting\n"
    if request_ == "SIGINT":  # a terminal sends it to all, and the child answers it
        os.killpg(site.pid, signal.SIGINT)
    else:
        site.send_signal(signal.SIGTERM)
    assert site.communicate(timeout=10)[0] == ""
    assert site.returncode == code

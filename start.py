"""Run "Sessions, step by step" on this computer. All it needs is Python 3.10 or newer.

    python start.py                install what is missing, start the site, open the browser
           --no-browser            do not open the browser
           --port 9000             the first port to try (8000 unless told); when taken, the next one
    python start.py test ...       run the tests; what follows goes to pytest
    python start.py manage ...     run manage.py; what follows goes to Django
    python start.py --help         show this text

With DATABASE_URL set (postgres://user:password@host/name), PostgreSQL takes the place of db.sqlite3.
Everything is installed in the folder .venv beside this file: delete that folder and it is undone.
Without a network, put the packages in wheels/ first: python -m pip download -r requirements.txt -d wheels
"""

# An old Python must be able to read this file to its end and say what it lacks. So the syntax here
# is what Python 2.7 understands too: no f-strings, no annotations, nothing but ASCII.
from __future__ import print_function

import sys

if sys.version_info < (3, 10):
    sys.exit(
        "This needs Python 3.10 or newer, and this is Python %d.%d: "
        "get a newer one from https://www.python.org/downloads/ and start again with that." % sys.version_info[:2]
    )

import contextlib
import glob
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import webbrowser

HERE = os.path.dirname(os.path.realpath(__file__))  # wherever it is called from, or linked from
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
LOG = os.path.join(VENV, "start.log")
HOST = "127.0.0.1"
PORTS = 20  # how many ports to try, one after the other
PATIENCE = 4  # seconds in which the server may end by itself after Ctrl+C


class BadGround(Exception):
    """Something the learner has to put right; its text is the one line that says what, and how."""


def main(args):
    """Do what the command line says and return the exit code."""
    catch_signals()
    try:
        if args[:1] in (["-h"], ["--help"]):
            print(__doc__.strip())
            return 0
        if args[:1] == ["test"]:
            prepare("requirements.txt", "requirements-dev.txt")
            return pass_through(["-m", "pytest"] + args[1:])
        if args[:1] == ["manage"]:
            prepare("requirements.txt")
            return pass_through(["manage.py"] + args[1:])
        return run(*read_options(args))
    except (BadGround, OSError) as error:
        # A path with an accent may be in it: stderr prints \xe9 where a console has none. stdout gets ASCII only.
        print(str(error).replace("\n", " "), file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # while preparing; the next start takes it from there
        return 130


def catch_signals():
    """Let the first request to stop raise KeyboardInterrupt, and the ones after it do nothing.

    SIGTERM and SIGHUP (the terminal was closed) would end this process at once and leave the server
    behind; an impatient second Ctrl+C would interrupt the tidying up.
    """
    requests = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def stop(number, frame):
        for request in requests:
            signal.signal(request, do_nothing)
        raise KeyboardInterrupt

    for request in requests:
        signal.signal(request, stop)


def do_nothing(number, frame):
    """Take a signal and go on. (SIG_IGN would be inherited by the children; this is not.)"""


def read_options(args):
    """Return (first port, open the browser?) for the options after `python start.py`."""
    port, browser = "8000", True
    words = list(args)
    while words:
        word = words.pop(0)
        if word == "--no-browser":
            browser = False
        elif word == "--port" and words:
            port = words.pop(0)
        elif word.startswith("--port="):
            port = word[len("--port=") :]
        else:
            raise BadGround("start.py cannot do '%s': python start.py --help shows what it can do." % word)
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadGround("--port needs a number from 1 to 65535, and '%s' is not one." % port)
    return int(port), browser


def run(first_port, browser):
    """Serve the site until Ctrl+C, or until the server ends by itself."""
    prepare("requirements.txt")
    migrate_if_needed()
    port = find_port(first_port)
    server = launch([PYTHON, "manage.py", "runserver", "%s:%d" % (HOST, port)])
    try:
        announce(server, port, browser)
        return wait(server)
    except KeyboardInterrupt:
        return 0
    finally:
        end(server)


# Preparing: a .venv that works, with what the requirements files ask for


def prepare(*requirements):
    """Bring .venv to the point where the project runs. With nothing to do this takes 50 ms."""
    if os.environ.get("DATABASE_URL"):
        requirements += ("requirements-postgresql.txt",)
    for name in ("manage.py",) + requirements:
        if not os.path.exists(os.path.join(HERE, name)):
            raise BadGround("There is no %s beside start.py: unpack the whole project, and start it there." % name)
    check_writable()
    check_secret_key()
    make_venv()
    install(requirements)


def check_secret_key():
    """See that Django will take the key in .secret_key, before it says otherwise with a traceback. None is fine.

    What a key must be is said in sessiondemo/secret_key.py, which cannot be imported before Django is installed.
    """
    try:
        with open(os.path.join(HERE, ".secret_key"), encoding="ascii") as file:
            key = file.read().strip()
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        key = "?"
    if key and (len(key) < 32 or not key.isprintable()):
        raise BadGround(".secret_key holds no secret key: delete it and start again, and a new one is made.")


def check_writable():
    """Really write, as permissions alone do not tell (network drives, read-only disks, zip viewers)."""
    probe = os.path.join(HERE, ".start-%d" % os.getpid())
    try:
        with open(probe, "w"):
            pass
        os.remove(probe)
        return
    except OSError as error:
        reason = error.strerror
    raise BadGround("Cannot write in %s (%s): copy the project to a folder of your own." % (HERE, reason))


def make_venv():
    """Make .venv, once; and again when the one that is there cannot be used."""
    if os.path.lexists(VENV):
        flaw = find_flaw()
        if not flaw:
            return
        print("Making .venv again, because %s ..." % flaw, flush=True)
        clear_venv()
    else:
        print("Making .venv (only once) ...", flush=True)
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise BadGround(
            "This Python cannot make a virtual environment: on Debian or Ubuntu run "
            "'sudo apt install python%d.%d-venv', elsewhere install Python from python.org." % sys.version_info[:2]
        )
    failed, output = run_quietly([sys.executable, "-m", "venv", VENV])
    if failed:
        raise BadGround("Python could not make .venv (%s)." % last_error(output))


def find_flaw():
    """Say why .venv cannot be used, or return None. The way to know is to ask its Python."""
    question = (
        "import sys, importlib.util; print('%d.%d' % sys.version_info[:2], "
        "sys.prefix != sys.base_prefix and importlib.util.find_spec('pip') is not None)"
    )
    try:
        answer = subprocess.check_output(
            [PYTHON, "-I", "-c", question], stderr=subprocess.DEVNULL, env=child_environment(os.environ), timeout=60
        )
        version, usable = answer.decode("ascii").split()
    except (OSError, ValueError, subprocess.SubprocessError):  # gone, moved, from another computer
        return "its Python does not run"
    this = "%d.%d" % sys.version_info[:2]
    if version != this:
        return "it was made for Python %s and this is Python %s" % (version, this)
    return None if usable == "True" else "it is not complete"


def clear_venv():
    """Empty .venv, if that is what it is. pyvenv.cfg stays, so that a half-emptied one is still known."""
    ours = os.path.isdir(VENV) and not os.path.islink(VENV)
    if not ours or (os.listdir(VENV) and not os.path.exists(os.path.join(VENV, "pyvenv.cfg"))):
        raise BadGround("%s is not a virtual environment that start.py made: move it away and start again." % VENV)
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):  # it would saw off the branch it sits on
        raise BadGround("start.py runs on the .venv that it has to replace: type 'deactivate' and start again.")
    for entry in os.scandir(VENV):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        elif entry.name != "pyvenv.cfg":
            os.remove(entry.path)


def install(requirements):
    """Let pip install these requirements files, unless exactly these are installed already."""
    if all(is_installed(name) for name in requirements):
        return
    print("Installing Django and what the pages need (only once, needs the network) ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "--no-user", "--no-input", "--no-color"]
    for name in requirements:
        pip += ["-r", name]
    failed = True
    if os.path.isdir(os.path.join(HERE, "wheels")):
        failed, output = run_quietly(pip + ["--no-index", "--find-links", "wheels"])
    if failed:
        failed, output = run_quietly(pip)
    if failed:
        raise BadGround(
            "The packages could not be installed (%s): check the network, or put them in wheels/ with "
            "'python -m pip download -r %s -d wheels'. All that pip said is in .venv/start.log"
            % (last_error(output), requirements[-1])
        )
    for name in requirements:
        with open(stamp_path(name), "wb") as stamp:
            stamp.write(make_stamp(name))


def stamp_path(name):
    """Return where we note which packages are installed: in .venv, so that the note goes when they go."""
    return os.path.join(VENV, "installed-" + name)


def make_stamp(name):
    """Return what identifies this requirements file, as it is now, on this Python."""
    with open(os.path.join(HERE, name), "rb") as requirements:
        return b"%d.%d " % sys.version_info[:2] + hashlib.sha256(requirements.read()).hexdigest().encode()


def is_installed(name):
    """Say whether the last install that came to its end was of exactly this requirements file."""
    if not os.path.exists(stamp_path(name)):
        return False
    with open(stamp_path(name), "rb") as stamp:
        return stamp.read() == make_stamp(name)


def migrate_if_needed():
    """Make the tables when some are missing. To ask Django takes a second, to ask SQLite nothing.

    What DATABASE_URL names only Django can ask, so that is asked at each start.
    """
    elsewhere = os.environ.get("DATABASE_URL")
    if importlib.util.find_spec("_sqlite3") is None:
        raise BadGround("This Python was built without SQLite: install Python from python.org, or your system's own.")
    if not elsewhere and is_migrated(HERE):
        return
    print("Preparing the database ...", flush=True)
    failed, output = run_quietly([PYTHON, "manage.py", "migrate", "--verbosity", "0", "--no-input"])
    refused = elsewhere and refusal(output)
    if failed and refused:
        raise BadGround(
            "The database that DATABASE_URL names cannot be reached (%s): start PostgreSQL and see that it is there, "
            "or unset DATABASE_URL, and db.sqlite3 is used. All that Django said is in .venv/start.log" % refused
        )
    if failed:
        raise BadGround("The database could not be prepared (%s): see .venv/start.log" % last_error(output))


def refusal(output):
    """Return in PostgreSQL's own words why it let nobody in, or None if that is not what went wrong."""
    lines = [line for line in output.splitlines() if line.startswith("django.db.utils.OperationalError: ")]
    return lines[-1].split(": ", 1)[1].replace("connection failed: ", "").rstrip(". ") if lines else None


def is_migrated(project):
    """Say whether db.sqlite3 has every migration of ours, and the table in which sessions are kept."""
    import sqlite3  # not above: a Python built without it should get its one line, not a traceback

    files = glob.glob(os.path.join(glob.escape(project), "lessons", "migrations", "0*.py"))
    wanted = {os.path.basename(name)[: -len(".py")] for name in files}
    path = os.path.join(project, "db.sqlite3")
    if not os.path.exists(path):  # connect() would make an empty one
        return False
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as database:
            applied = {name for (name,) in database.execute("SELECT name FROM django_migrations WHERE app = 'lessons'")}
            database.execute("SELECT 1 FROM django_session")
    except sqlite3.Error:
        return False
    return wanted <= applied


# Serving: a free port, the line with the address, the browser


def find_port(first):
    """Return the first free port from this one on."""
    last = min(first + PORTS, 65536) - 1
    for port in range(first, last + 1):
        if is_free(port):
            return port
    raise BadGround(
        "The ports %d to %d are all taken: stop one of the programs there, "
        "or name another port, as in: python start.py --port 9000" % (first, last)
    )


def is_free(port):
    """Say whether runserver could have this port."""
    # On Windows SO_REUSEADDR would let two programs share a port. Elsewhere it is what runserver sets,
    # and without it the port of a server that has just ended would still look taken.
    option = socket.SO_EXCLUSIVEADDRUSE if os.name == "nt" else socket.SO_REUSEADDR
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, option, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return os.name == "nt" or not answers(port)  # macOS lets us bind beside a server on 0.0.0.0


def answers(port):
    """Say whether somebody takes connections on this port."""
    try:
        socket.create_connection((HOST, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def announce(server, port, browser):
    """Once the server answers, say where it is, and show it."""
    while not answers(port):
        if server.poll() is not None:
            return
        time.sleep(0.05)
    url = "http://%s:%d/" % (HOST, port)
    print("Sessions, step by step is at %s  (Ctrl+C stops it)" % url, flush=True)
    if browser and has_screen(os.environ, sys.platform):
        # A thread, because some browsers keep open() waiting until they are closed.
        threading.Thread(target=open_browser, args=(url,), daemon=True).start()


def has_screen(environ, platform):
    """Say whether a browser window would be seen by the person who typed the command."""
    if environ.get("CI") or environ.get("SSH_CONNECTION"):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def open_browser(url):
    """Open the browser. The address is on the screen, so nothing that goes wrong here matters."""
    with contextlib.suppress(Exception):
        webbrowser.open(url)


# Children: how every other process is started, waited for and ended


STRAY = ["DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"]
STRAY += ["PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "PYTHONINSPECT"]
# Of what pip is told, we keep how to reach the packages: that depends on the network one sits in.
NETWORK = ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST"]
NETWORK += ["PIP_PROXY", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_CACHE_DIR", "PIP_CONFIG_FILE"]
NETWORK += ["PIP_DEFAULT_TIMEOUT", "PIP_TIMEOUT", "PIP_RETRIES"]


def child_environment(environ):
    """Return the environment without what would send a child to other code, or pip to another place."""
    clean = {name: environ[name] for name in environ if name not in STRAY and not name.startswith("PIP_")}
    clean.update((name, environ[name]) for name in NETWORK if name in environ)
    clean["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    clean.setdefault("PIP_DEFAULT_TIMEOUT", "15")  # pip's own patience without a network is minutes
    clean.setdefault("PIP_RETRIES", "1")
    clean.setdefault("PYTHONUTF8", "1")  # the same encoding on Windows as everywhere else
    return clean


def launch(command, **options):
    """Start a process in the project so that end() can end it whole, with the processes it starts itself.

    runserver is two of them: one watches the files and starts the other again when they change.
    A session of its own keeps them together (on Windows there is no such thing, and nothing happens).
    """
    return subprocess.Popen(command, cwd=HERE, env=child_environment(os.environ), start_new_session=True, **options)


def run_quietly(command):
    """Run a command, add all it says to the log, and return its exit code and its words."""
    process = launch(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output = process.communicate()[0].decode("utf-8", "replace")
    finally:
        end(process)
    if os.path.isdir(VENV):
        with open(LOG, "a", encoding="utf-8") as log:
            log.write("$ %s\n%s\n" % (" ".join(command), output))
    return process.returncode, output


def last_error(output):
    """Return the line that says most: pip's last one with ERROR, otherwise the last line there is."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no message"]
    return ([line for line in lines if line.startswith("ERROR")] or lines)[-1].rstrip(".")


def pass_through(arguments):
    """Run the venv's Python in this terminal, and return its exit code. Ctrl+C is the child's to answer."""
    signal.signal(signal.SIGINT, do_nothing)
    process = subprocess.Popen([PYTHON] + arguments, cwd=HERE, env=child_environment(os.environ))
    try:
        return wait(process)
    except KeyboardInterrupt:  # SIGTERM or SIGHUP, which only we were sent
        process.terminate()
        return wait(process)


def wait(process):
    """Return the exit code of a process. In short waits, as Windows lets no Ctrl+C into a long one."""
    while True:
        try:
            code = process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
        return code if code >= 0 else 128 - code  # ended by a signal: what a shell would say


def end(process):
    """End a process that launch() started, with its own children. Nothing happens if they have ended."""
    if os.name == "nt":  # where Ctrl+C has reached them all
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            subprocess.call(["taskkill", "/F", "/T", "/PID", str(process.pid)], stdout=subprocess.DEVNULL)
        return
    for number in (signal.SIGINT, signal.SIGKILL):
        deadline = time.monotonic() + PATIENCE
        try:
            os.killpg(process.pid, number)
            while time.monotonic() < deadline:
                process.poll()  # a child counts until its exit code has been taken
                os.killpg(process.pid, 0)  # raises once nobody is left
                time.sleep(0.02)
        except OSError:
            break
    process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The warm connection without Ansible: commands, circumstances, and a real server with payloads made by hand."""

from __future__ import annotations

import array
import base64
import io
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
import zipimport
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_client as warm
from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_server as server

SECONDS = 60
SLEEPS = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for something; nothing here depends on how fast it is."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


def servers(directory: Path) -> list[int]:
    """The servers that hold a directory open, and their children."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"_warm_server.py" not in (process / "cmdline").read_bytes():
                continue
            if (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            if str(directory) in {os.readlink(each) for each in (process / "fd").iterdir()}:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def zipped(**files: str) -> str:
    """A zip file in base64, with modules by their dotted names, within ``ansible`` unless they are a collection's."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for package in ("", "module_utils/"):
            archive.writestr(f"ansible/{package}__init__.py", "")
        for name, source in files.items():
            path = name if name.startswith("ansible_collections") else f"ansible.{name}"
            archive.writestr(f"{path.replace('.', '/')}.py", source)
    return base64.b64encode(stream.getvalue()).decode()


def payload(script: str, **files: str) -> bytes:
    """A script as Ansible makes them: with a zip file, which it puts first into the path."""
    return b"""
import base64, os, shutil, sys, tempfile
sys.path = [each for each in sys.path if each]

def main(script, zip_data):
    place = tempfile.mkdtemp()
    try:
        with open(os.path.join(place, "it.zip"), "wb") as archive:
            archive.write(base64.b64decode(zip_data))
        sys.path.insert(0, os.path.join(place, "it.zip"))
        exec(script, globals())
    finally:
        shutil.rmtree(place)

main(
script=%a,
zip_data=%a,
)
""" % (script, zipped(**files))


class Warm:
    """A server of one directory, and modules that run in it."""

    def __init__(self, directory: Path, parent: int):
        self.directory, self.parent = directory, parent

    def run(self, script: str, *, where: Path | None = None, environment: Any = None, **files: str) -> Any:
        said = warm.circumstances(environment or {}, str(where or self.directory))
        with self.connect(said["environment"]) as connection:
            return warm.run(connection, said, payload(script, **files))

    def connect(self, environment: Any = None) -> Any:
        return warm.connect(str(self.directory), sys.executable, self.parent, environment or dict(os.environ))


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "run"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def running(place: Path, parent: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Warm]:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    yield Warm(place, parent.pid)
    parent.kill()
    parent.wait()
    until(lambda: not servers(place), "the server ends with its run")
    assert not [each for each in place.iterdir() if not each.name.endswith(".lock")]


def sh(script: str) -> str:
    return f"/bin/sh -c {shlex.quote(script)}"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/bin/sh -c '/usr/bin/python3 && sleep 0'", ("/usr/bin/python3", {})),
        ("/bin/sh -c 'A=1 B_2=x:y /usr/bin/python3 && sleep 0'", ("/usr/bin/python3", {"A": "1", "B_2": "x:y"})),
        (sh("A='b  c' B='$x;`' C='' D='\"' /p/y && sleep 0"), ("/p/y", {"A": "b  c", "B": "$x;`", "C": "", "D": '"'})),
        (sh("A='one\ntwo' /p/y && sleep 0"), ("/p/y", {"A": "one\ntwo"})),
        # What a shell would make something else of.
        ("/bin/sh -c 'A=$HOME /usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c 'A=~ /usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c 'A=`id` /usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c 'A=1; /usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c 'A=1\n/usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c '/usr/bin/py* && sleep 0'", None),
        ("/bin/sh -c '/usr/bin/python3 & sleep 0'", None),
        ("/bin/sh -c 'Ä=1 /usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c '1A=1 /usr/bin/python3 && sleep 0'", None),
        # What is no bare Python.
        ("/bin/sh -c 'python3 && sleep 0'", None),
        ("/bin/sh -c '/usr/bin/env python3 && sleep 0'", None),
        ("/bin/sh -c '/usr/bin/python3 -u && sleep 0'", None),
        ("/bin/sh -c '/usr/bin/python3 /tmp/module.py && sleep 0'", None),
        ("/bin/sh -c '/usr/bin/python3'", None),
        ("/bin/bash -c '/usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c 'sudo -u x /usr/bin/python3 && sleep 0'", None),
        ("/bin/sh -c 'A=1 && sleep 0'", None),
        ("/bin/sh -c ' && sleep 0'", None),
        ("/bin/sh -c 'open", None),
        ("", None),
    ],
)
def test_only_a_bare_python_is_taken(command: str, expected: Any) -> None:
    assert warm.python_of(command) == (expected and warm.Python(*expected))


def test_the_circumstances_are_those_of_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path / "link"))
    before = os.umask(0o027)
    try:
        said = warm.circumstances({"A": "1"}, None)
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert (said["umask"], said["directory"]) == (0o027, str(tmp_path))
    assert (said["environment"]["A"], said["environment"]["PWD"]) == ("1", str(tmp_path / "link"))
    monkeypatch.setenv("PWD", "/")
    assert warm.circumstances({}, None)["environment"]["PWD"] == str(tmp_path)
    assert warm.circumstances({"PWD": "/x"}, b"/")["environment"]["PWD"] == "/x"


def test_a_directory_that_is_gone_suits_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(warm.UnsuitedError):
        warm.circumstances({}, None)


def test_code_is_compiled_once_and_not_run_by_the_server() -> None:
    library = server.Library()
    script = payload("", thing="raise SystemExit('run')\ndef f():\n    return lambda: 1\n", faulty="(")
    assert library.take(script) == {"ansible", "ansible.module_utils"}
    assert library.take(script) == {"ansible", "ansible.module_utils"}
    assert len(library.codes) == 2
    assert library.take(b"print('no zip file')") is None
    assert library.take(b"\nzip_data='UEsDB" + b"A" * 500 + b"',\n") is None


def test_an_argument_is_not_taken_for_a_zip_file() -> None:
    library = server.Library()
    evil = zipped(**{"module_utils.basic": "evil = True"})
    script = payload(f"\nzip_data='{evil}',\nZIPDATA = '{evil}'\n")
    assert library.take(script) == {"ansible", "ansible.module_utils"}
    # Two of them are of no make that is known.
    assert library.take(script + f"\nzip_data='{evil}',\n".encode()) is None


def test_what_gives_a_warning_when_compiled_is_left_to_the_module() -> None:
    library = server.Library()
    library.take(payload("", warns="x = '\\d'\n"))
    assert len(library.codes) == 1


def test_another_version_of_what_is_shared_is_refused() -> None:
    library = server.Library()
    one, two = (payload("", **{"module_utils.it": f"x = {number}"}) for number in range(2))
    assert library.take(one) == {"ansible", "ansible.module_utils", "ansible.module_utils.it"}
    assert library.take(two) is None
    assert library.take(one) is not None


def test_code_is_lent_by_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    library = server.Library()
    source = b"def f():\n    return lambda: 1\n"
    library.take(payload("", thing=source.decode()))
    monkeypatch.setattr(zipimport, "_compile_source", zipimport._compile_source)  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    library.lend(frozenset())
    code = zipimport._compile_source("/here/it.zip/ansible/thing.py", source)  # type: ignore[attr-defined]
    assert code.co_filename == "<payload>/ansible/thing.py"
    assert zipimport._compile_source("/b.py", b"x = 1").co_filename == "/b.py"  # type: ignore[attr-defined]


def test_models_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaders = pytest.importorskip("botocore.loaders")
    monkeypatch.setattr(loaders.JSONFileLoader, "load_file", loaders.JSONFileLoader.load_file)
    path = str(Path(loaders.__file__).parent / "data" / "partitions")
    monkeypatch.setattr(loaders.Loader, "list_available_services", loaders.Loader.list_available_services)
    models = server.Models()
    models.learn(path)
    models.learn("/nowhere")
    assert list(models.known) == [path]
    models.lend()
    first, second = (loaders.JSONFileLoader().load_file(path) for _time in range(2))
    assert first is second
    assert models.new == []


def test_services_are_looked_for_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loaders = pytest.importorskip("botocore.loaders")
    monkeypatch.setattr(loaders.JSONFileLoader, "load_file", loaders.JSONFileLoader.load_file)
    monkeypatch.setattr(loaders.Loader, "list_available_services", loaders.Loader.list_available_services)
    (tmp_path / "mine" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "mine" / "2026-01-01" / "service-2.json").write_text("{}")
    expected = loaders.Loader([str(tmp_path)]).list_available_services("service-2")
    learning, models = server.Models(), server.Models()
    learning.lend()
    assert loaders.Loader([str(tmp_path)]).list_available_services("service-2") == expected
    assert len(learning.new) == 1
    monkeypatch.undo()
    models.learn(learning.new[0])
    models.lend()
    assert loaders.Loader([str(tmp_path)]).list_available_services("service-2") == expected
    assert models.new == []
    (tmp_path / "yours" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "yours" / "2026-01-01" / "service-2.json").write_text("{}")
    assert "yours" in loaders.Loader([str(tmp_path)]).list_available_services("service-2")


def test_new_imports_are_those_the_server_could_make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    imports = server.Imports()
    imports.begin()
    imports.here -= {"json", "json.decoder", "pytest", "pip", "setuptools", "ansible"}
    (tmp_path / "found_elsewhere.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("found_elsewhere")
    names = imports.new()
    assert {"json", "json.decoder", "pytest"} <= set(names)
    assert not {"found_elsewhere", "ansible", "setuptools", "pip", "sys", "__main__"} & set(names)


def test_nothing_holds_once_something_was_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(os, "listdir", lambda path: ["1"])
    imports = server.Imports()
    assert imports.hold()
    os.utime(tmp_path, ns=(1, 1))
    assert not imports.hold()


def test_nothing_holds_where_an_import_began_a_thread() -> None:
    imports = server.Imports()
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert not imports.hold()
    finally:
        end.set()
        thread.join()


def test_a_request_is_received_whole_and_leaves_nothing_behind() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, open(os.devnull, "wb") as nothing:
        text = json.dumps({"environment": {"A": "\udcff"}, "directory": "/", "umask": 7}).encode()
        outputs = array.array("i", [nothing.fileno()] * 2)
        ours.sendmsg([server.HEADER.pack(len(text), 3)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, outputs)])
        ours.sendall(text + b"abc")
        request = server.receive(theirs)
        assert request[:4] == ({"A": "\udcff"}, "/", 7, b"abc")
        assert server.peer_uid(theirs) == os.getuid()
        for descriptor in request.outputs:
            os.close(descriptor)
        before = os.listdir("/proc/self/fd")
        ours.sendmsg([server.HEADER.pack(5, 0)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, outputs)])
        ours.sendall(b"short")
        with pytest.raises(ValueError):  # noqa: PT011
            server.receive(theirs)
        ours.sendall(server.HEADER.pack(0, 0))
        with pytest.raises(ValueError, match="no request"):
            server.receive(theirs)
        assert os.listdir("/proc/self/fd") == before


@pytest.mark.parametrize(
    ("script", "code", "output", "error"),
    [
        ("print('a'); print('b', file=sys.stderr)", 0, "a\n", "b\n"),
        ("sys.exit(7)", 7, "", ""),
        ("sys.exit(256 + 7)", 7, "", ""),
        ("sys.exit(True)", 1, "", ""),
        ("sys.exit('why')", 1, "", "why\n"),
        ("sys.exit()", 0, "", ""),
        ("os._exit(9)", 9, "", ""),
        ("import signal; os.kill(os.getpid(), signal.SIGTERM)", 143, "", ""),
        ("import signal; os.kill(os.getpid(), signal.SIGKILL)", 137, "", ""),
        ("print('x'); os.close(1)", 120, "", None),
        ("print(repr(sys.stdin.read()), sys.argv, __name__, sys.path[0] == '')", 0, "'' [''] __main__ False\n", ""),
        ("import atexit; atexit.register(print, 'end')", 0, "end\n", ""),
        ("import threading, time; threading.Timer(0.2, print, ['late']).start()", 0, "late\n", ""),
        ("import ansible; print(ansible.__file__.startswith(sys.path[0]))", 0, "True\n", ""),
        ("from ansible import thing; print(thing.there.endswith('/ansible/thing.py'))", 0, "True\n", ""),
        ("from ansible import thing; import inspect; print(inspect.getsource(thing.f))", 0, "def f(): pass\n\n", ""),
        ("import ansible.missing", 1, "", None),
        ("import signal; print(*map(signal.getsignal, (2, 13, 15)))", 0, None, ""),
        ("print(sys.stdout.encoding, sys.stdout.line_buffering, sys.flags, sys.executable)", 0, None, ""),
        ("print(sys.path[1:], sorted(os.environ), os.getcwd())", 0, None, ""),
        ("raise KeyboardInterrupt", 130, "", None),
        ("raise ValueError('bad')", 1, "", None),
    ],
)
def test_a_module_ends_as_in_a_python_of_its_own(
    running: Warm, script: str, code: int, output: str | None, error: str | None
) -> None:
    thing = "import sys\nthere = sys._getframe().f_code.co_filename\ndef f(): pass\n"
    # By the second one, everything is there already.
    results = [running.run(script, thing=thing) for _time in range(2)]
    said = warm.circumstances({}, str(running.directory))
    plain = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} && sleep 0"],
        input=payload(script, thing=thing),
        capture_output=True,
        check=False,
        env=said["environment"],
        cwd=running.directory,
    )
    expected = plain.returncode
    for result in results:
        assert result[0] == code == expected
        assert result[1] == plain.stdout
        # A shell and Python have words of their own for these.
        if code < 120:
            assert result[2] == plain.stderr
        assert output is None or result[1].decode() == output
        assert error is None or result[2].decode() == error


def test_environment_directory_and_umask_are_the_modules(running: Warm, tmp_path: Path) -> None:
    script = "m = os.umask(0); print(os.environ['A'], os.getcwd(), oct(m), os.environ.get('GONE'), tempfile.tempdir)"
    running.run("pass", environment={"GONE": "1"})
    (tmp_path / "other").mkdir()
    (tmp_path / "here").mkdir()
    before = os.umask(0o027)
    try:
        own = {"A": "\udcff", "TMPDIR": str(tmp_path / "other")}
        code, output, error = running.run(script.replace("environ['A']", "environb[b'A']"), environment=own)
        assert (code, error) == (0, b"")
        assert output.decode() == f"b'\\xff' {running.directory} 0o27 None {tmp_path / 'other'}\n"
        _code, output, _error = running.run(script, environment={"A": "2"}, where=tmp_path / "here")
        assert output.decode().split()[:4] == ["2", str(tmp_path / "here"), "0o27", "None"]
    finally:
        os.umask(before)


def test_much_comes_out_of_both_streams(running: Warm) -> None:
    script = "\nfor i in range(300):\n    sys.stdout.write('o' * 9999 + '\\n'); sys.stderr.write('e' * 9999 + '\\n')\n"
    code, output, error = running.run(script)
    assert (code, len(output), len(error)) == (0, 3_000_000, 3_000_000)
    assert set(output) == set(b"o\n")


def test_modules_run_beside_each_other_in_one_server(running: Warm) -> None:
    results: dict[int, Any] = {}

    def one(number: int) -> None:
        results[number] = running.run(f"import time; time.sleep(0.2); print({number}, os.getppid())")

    threads = [threading.Thread(target=one, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(output.split()[0]) for _code, output, _error in results.values()) == list(range(8))
    assert len({output.split()[1] for _code, output, _error in results.values()}) == 1


def test_what_a_module_imported_is_there_for_the_next_one(running: Warm) -> None:
    script = "before = 'xml.dom.minidom' in sys.modules; import xml.dom.minidom; print(before)"
    assert running.run(script)[1] == b"False\n"
    until(lambda: running.run(script)[1] == b"True\n", "the server learns it when there is nothing else to do")
    script = "from ansible import thing; print(thing.count); thing.count += 1"
    assert [running.run(script, thing="count = 0")[1] for _time in range(2)] == [b"0\n"] * 2
    assert running.run(script, thing="count = 5")[1] == b"5\n"


def test_what_is_shared_is_imported_once_and_lies_where_it_came_from(running: Warm) -> None:
    files = {
        "module_utils.deep.__init__": "",
        "module_utils.deep.base": "import os, pathlib\nHERE = pathlib.Path(__file__).parents[3]\nDONE = os.getpid()\n",
        "module_utils.user": "from ansible.module_utils.deep import base\nseen = []\n",
        "module_utils.other": "",
    }
    script = """
import ansible.module_utils.user as user, importlib, inspect
from ansible.module_utils.deep.base import DONE, HERE
import ansible.module_utils.deep
user.seen.append(1)
base = user.base
print(DONE == os.getpid(), DONE == os.getppid(), user.seen, str(HERE) == sys.path[0],
      base.__file__ == f"{sys.path[0]}/ansible/module_utils/deep/base.py", base.__spec__.origin == base.__file__,
      ansible.module_utils.deep.__path__, sys.modules[base.__name__] is base, "os.getpid" in inspect.getsource(base),
      sys.modules["ansible"].__spec__.loader.archive == sys.path[0])
import ansible.module_utils.deep.late
"""

    def run(late: dict[str, str]) -> list[str]:
        code, output, error = running.run(script, **files, **late)
        missing = b"No module named 'ansible.module_utils.deep.late'" in error
        assert (code, missing) == ((0, False) if late else (1, True))
        text = output.decode()
        return text.replace(text.split("['")[1].split("']")[0], "PATH").split()

    late = {"module_utils.deep.late": ""}
    first = run(late)
    assert first == ["True", "False", "[1]", "True", "True", "True", "['PATH']", "True", "True", "True"]
    until(lambda: run(late) == ["False", "True", *first[2:]], "the server imports it")
    assert run({}) == ["False", "True", *first[2:]]


def test_a_module_that_needs_less_than_those_before_it_runs_as_they_do(running: Warm) -> None:
    place = "ansible_collections"
    files = {f"{place}.__init__": ""}
    for part in ("amazon", "aws", "plugins", "module_utils"):
        place = f"{place}.{part}"
        files[f"{place}.__init__"] = ""
    files[f"{place}.it"] = "import os\nDONE = os.getpid()\n"
    script = f"from {place} import it; print(it.DONE == os.getpid())"
    until(lambda: running.run(script, **files)[1] == b"False\n", "the server imports it")
    for _time in range(2):
        script = "import ansible.module_utils; print('ansible_collections' in sys.modules)"
        assert running.run(script) == (0, b"False\n", b"")
    assert len(servers(running.directory)) == 1


def test_a_later_server_knows_what_an_earlier_one_has_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)

    def live(name: str, expected: bytes) -> None:
        (tmp_path / name).mkdir(mode=0o700)
        (tmp_path / name / "packages").symlink_to(kept)
        script = "from ansible.module_utils import it; print('xml.dom.minidom' in sys.modules, it.DONE == os.getpid())"
        files = {"module_utils.it": "import os, xml.dom.minidom\nDONE = os.getpid()\n"}
        process = subprocess.Popen(["sleep", "600"])
        try:
            warm = Warm(tmp_path / name, process.pid)
            warm.run("print(1)")
            until(lambda: warm.run(f"import sys; {script}", **files)[1] == expected, expected.decode())
        finally:
            process.kill()
            process.wait()
        until(lambda: not servers(tmp_path / name), "the server ends")

    live("first", b"True True\n")
    memory = next(kept.iterdir())
    assert memory.name.startswith("learned-warm-")
    live("second", b"True False\n")
    # What somebody has damaged is as if there was nothing.
    memory.write_bytes(b"nonsense")
    live("third", b"True True\n")
    assert [*kept.iterdir()] == [memory]


def test_what_is_shared_and_differs_runs_elsewhere(running: Warm) -> None:
    script = "from ansible.module_utils import it; print(it.x)"
    assert running.run(script, **{"module_utils.it": "x = 1"})[1] == b"1\n"
    with pytest.raises(warm.UnsuitedError, match="does not take it"):
        running.run(script, **{"module_utils.it": "x = 2"})


def test_other_start_variables_make_another_server(running: Warm) -> None:
    script = "import locale; print(os.getppid(), locale.setlocale(locale.LC_CTYPE))"
    one, two, three = (running.run(script, environment={"LC_ALL": each})[1] for each in ("C.UTF-8", "POSIX", "C.UTF-8"))
    assert one == three != two
    assert len(servers(running.directory)) == 2


def test_a_module_that_cannot_begin_is_left_to_its_client(running: Warm, tmp_path: Path) -> None:
    running.run("pass")
    (tmp_path / "file").touch()
    with pytest.raises(warm.UnsuitedError, match="does not take it"):
        running.run("print(1)", where=tmp_path / "file")
    said = warm.circumstances({}, None)
    with running.connect() as connection, pytest.raises(warm.UnsuitedError, match="does not take it"):
        warm.run(connection, said, b"print('no module')")
    for wrong in (b"[]", b"{}", b"nonsense"):
        with running.connect() as connection:
            outputs = array.array("i", [1, 2])
            head = server.HEADER.pack(len(wrong), 0)
            connection.sendmsg([head], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, outputs)])
            connection.sendall(wrong)
            assert connection.recv(1) == b""
    assert running.run("print(1)")[1] == b"1\n"


def test_children_end_when_the_run_ends(running: Warm, parent: subprocess.Popen[bytes], tmp_path: Path) -> None:
    results: list[Any] = []
    pids = tmp_path / "pids"
    script = (
        "import subprocess, time; child = subprocess.Popen(['sleep', '600']); "
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}\\n'); time.sleep(600)"
    )
    thread = threading.Thread(target=lambda: results.append(running.run(script)))
    thread.start()
    until(lambda: pids.exists() and pids.read_text().endswith("\n"), "the module runs")
    parent.kill()
    parent.wait()
    thread.join(SECONDS)
    assert results[0][0] == 137
    module, grandchild = map(int, pids.read_text().split())
    until(lambda: not alive(module) and not alive(grandchild), "what the module has started ends")


def test_a_module_ends_when_its_client_hangs_up(running: Warm) -> None:
    said = warm.circumstances({}, None)
    read_end, write_end = os.pipe()
    with running.connect() as connection:
        text, body = json.dumps(said).encode(), payload(SLEEPS)
        outputs = array.array("i", [write_end, write_end])
        head = server.HEADER.pack(len(text), len(body))
        connection.sendmsg([head], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, outputs)])
        connection.sendall(text + body)
        assert connection.recv(1) == server.STARTED
        pid = int(os.read(read_end, 20))
    until(lambda: not alive(pid), "the module ends")
    os.close(read_end)
    os.close(write_end)
    assert running.run("print(1)")[1] == b"1\n"


def test_a_server_that_is_killed_is_replaced(running: Warm) -> None:
    first = int(running.run("print(os.getppid())")[1])
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(running.run("import time; time.sleep(1); print('done')")))
    thread.start()
    until(lambda: len(servers(running.directory)) == 1 and Path(f"/proc/{first}/task/{first}/children").read_text(), "")
    os.kill(first, signal.SIGKILL)
    thread.join(SECONDS)
    # What it had to say was said; how it ended nobody knows.
    assert results[0][:2] == (137, b"done\n")
    assert int(running.run("print(os.getppid())")[1]) != first


def test_an_idle_server_ends(place: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(Path(server.__file__).parent)!r}); import _warm_server as server; "
        "server.IDLE_SECONDS = 0.3; sys.path.insert(0, ''); server.main()"
    )
    held = os.open(place, os.O_RDONLY)
    process = subprocess.run(
        [sys.executable, "-c", program, str(held), "warm-x", str(os.getpid())],
        pass_fds=[held],
        stdout=subprocess.PIPE,
        timeout=SECONDS,
        check=False,
    )
    os.close(held)
    assert (process.returncode, process.stdout) == (0, server.READY)
    assert not list(place.iterdir())


def test_a_directory_that_is_open_to_others_is_refused(place: Path) -> None:
    for mode in (0o750, 0o701, 0o777):
        place.chmod(mode)
        with pytest.raises(warm.UnavailableError, match="open to others"), Warm(place, os.getpid()).connect():
            pass
    assert not list(place.iterdir())


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false", "/bin/echo"])
def test_what_cannot_be_started_is_tried_once(place: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect() -> str:
        with (
            pytest.raises(warm.UnavailableError) as caught,
            warm.connect(str(place), python, os.getpid(), dict(os.environ)),
        ):
            pass
        return str(caught.value)

    before = connect()
    monkeypatch.setattr(warm, "_start", lambda *how: pytest.fail("it was tried again"))
    assert connect() == before


def test_the_socket_of_another_user_is_refused(running: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    running.run("pass")
    monkeypatch.setattr(server, "peer_uid", lambda peer: os.getuid() + 1)
    with pytest.raises(warm.UnavailableError, match="another user's"), running.connect():
        pass

#!/usr/bin/env python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server of the connection ``warm``: runs modules in children that have their libraries already.

A program of its own, started by the connection with the Python that runs modules; it needs nothing but that Python. It
lives as long as one run of Ansible. What reaches it is what the connection ``local`` would have written to a Python's
standard input; a child does with it what that Python would have done. The differences save time only: what earlier
modules of the run have imported from where Python is installed is imported already, the service models that botocore
has read are read, and the code that comes along with modules is compiled. What all of them bring along, Ansible's and
the AWS collections' ``module_utils``, is imported; a module that brings another version of it is not run here.
"""

from __future__ import annotations

import array
import atexit
import base64
import builtins
import collections
import contextlib
import gc
import hashlib
import importlib
import importlib.machinery
import io
import json
import marshal
import os
import pathlib
import re
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import types
import typing as t
import warnings
import zipfile
import zipimport

#: The zip file of a payload, as base64. What stands in an argument cannot be taken for it: it has no line of its own.
ZIP = re.compile(rb"""^[ \t]*(?:zip_data=|ZIPDATA = )(?:'|\"\"\")([A-Za-z0-9+/=]+)(?:'|\"\"\"),?$""", re.MULTILINE)

#: How Python compiles what it imports from a zip file; a Python that has no such function gains nothing here.
compile_source: t.Any = getattr(zipimport, "_compile_source", None)

#: The packages that a payload brings along.
ROOTS = ("ansible", "ansible_collections")

#: Which of its files the server imports as well: they only define something when they are imported.
SHARED = re.compile(
    r"(?:ansible/(?:__init__|module_utils/.+)"
    r"|ansible_collections/(?:__init__|(?:amazon|community|webstack)/(?:__init__|aws/(?:__init__|plugins/"
    r"(?:__init__|module_utils/.+)))))\.py"
)

#: Where all code out of payloads says that it is from, whatever the temporary file it came in is called.
SHELF = "<payload>"

#: What is compared with where code says that it is from.
AS_CODE_SAYS = ("_ANSIBLE_MODULE_BASE_PATH",)

#: What keeps what it has seen of the installed packages, for modules that install some; it is not imported beforehand.
NOT_AHEAD = ("setuptools", "pkg_resources", "distutils", "_distutils_hack", "pip")

#: How much a child reports, which is less than a pipe holds: nobody reads it before the child has ended.
REPORT_SIZE = 60_000

#: For how long a server without work waits for some, and a client may take to say what it wants.
IDLE_SECONDS = 600
REQUEST_SECONDS = 30

#: What a server answers: the module runs; it cannot be run here; it has ended with this status.
STARTED, REFUSED, ENDED = b"S", b"R", b"E"

#: What it says on its standard output once it listens.
READY = b"ready"

HEADER = struct.Struct("!II")


class Request(t.NamedTuple):
    """What a client asks for. outputs: the descriptors of the module's standard output and error."""

    environment: dict[str, str]
    directory: str
    umask: int
    payload: bytes
    outputs: tuple[int, int]


class Library:
    """The code that modules of the run brought along: compiled, by its source, and what is shared imported as well."""

    def __init__(self) -> None:
        #: Zip files by their hash, with the names of what each has to share.
        self.seen: dict[int, frozenset[str] | None] = {}
        #: What is compiled, by the digest of its source.
        self.codes: dict[bytes, types.CodeType] = {}
        #: The files to share by name, as module: whether it is a package, its file in a zip file, its source's digest.
        self.files: dict[str, tuple[bool, str, bytes]] = {}
        self.modules: dict[str, types.ModuleType] = {}
        #: What some of them have made of the place that they were imported from: module, variable, value.
        self.places: list[tuple[types.ModuleType, str, str | pathlib.PurePath]] = []

    def take(self, payload: bytes) -> frozenset[str] | None:
        """What a payload has to share, by name. None where it cannot run here: it is of another make, or differs."""
        found = ZIP.findall(payload)
        if len(found) != 1:
            return None
        key = hash(found[0])
        if key not in self.seen:
            try:
                self.seen[key] = self._read(zipfile.ZipFile(io.BytesIO(base64.b64decode(found[0]))))
            except Exception:
                self.seen[key] = None
        return self.seen[key]

    def _read(self, archive: zipfile.ZipFile) -> frozenset[str] | None:
        names = set()
        for item in archive.infolist():
            if not item.filename.endswith(".py") or item.filename.split("/")[0] not in ROOTS:
                continue
            source = archive.read(item)
            key = digest(source)
            if key not in self.codes and compile_source is not None:
                # What has faults, or gives a warning, is left to the module that imports it.
                with contextlib.suppress(SyntaxError, ValueError, Warning), warnings.catch_warnings():
                    warnings.simplefilter("error")
                    self.codes[key] = compile_source(f"{SHELF}/{item.filename}", source)
            if SHARED.fullmatch(item.filename):
                stem = item.filename[: -len(".py")].replace("/", ".")
                name = stem.removesuffix(".__init__")
                if self.files.setdefault(name, (name != stem, item.filename, key))[2] != key:
                    return None
                names.add(name)
        return frozenset(names)

    def find_spec(self, name: str, _path: t.Any = None, _target: t.Any = None) -> t.Any:
        """In the server: find what is shared, as a finder of Python's import."""
        if name not in self.files:
            return None
        package, file, _digest = self.files[name]
        spec = importlib.machinery.ModuleSpec(name, t.cast("t.Any", self), origin=f"{SHELF}/{file}", is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [f"{SHELF}/{os.path.dirname(file)}"]
        return spec

    def create_module(self, _spec: t.Any) -> None:
        """In the server: as a loader of Python's import."""

    def exec_module(self, module: types.ModuleType) -> None:
        """In the server: as a loader of Python's import. What could not be compiled is not imported here."""
        exec(self.codes[self.files[module.__name__][2]], module.__dict__)

    def learn(self, name: str) -> None:
        """In the server: import what a child has had to import."""
        sys.meta_path.insert(0, t.cast("t.Any", self))
        try:
            with contextlib.suppress(Exception, SystemExit):
                importlib.import_module(name)
        finally:
            sys.meta_path.remove(t.cast("t.Any", self))

    def settle(self) -> None:
        """In the server: see what is imported by now."""
        self.modules = {name: sys.modules[name] for name in self.files if name in sys.modules}
        self.places = [
            (module, key, value)
            for module in self.modules.values()
            for key, value in vars(module).items()
            if isinstance(value, (str, pathlib.PurePath)) and str(value).startswith(SHELF)
            if key not in ("__file__", *AS_CODE_SAYS)
        ]

    def lend(self, shared: t.Collection[str]) -> None:
        """In a child: let its imports take from here what the payload would bring along."""
        for name in [each for each in sys.modules if each.partition(".")[0] in ROOTS]:
            del sys.modules[name]
        for name in self.modules.keys() - set(shared):
            parent, _dot, leaf = name.rpartition(".")
            if parent in self.modules:
                vars(self.modules[parent]).pop(leaf, None)
        loans = {name: module for name, module in self.modules.items() if name in shared}
        if loans:
            sys.meta_path.insert(0, t.cast("t.Any", Loans(loans, self)))
        if compile_source is not None:
            lent: dict[str, types.CodeType] = {}

            def look_up(path: str, source: bytes) -> types.CodeType:
                # The import from zip files compiles everything twice.
                if path not in lent:
                    lent[path] = self.codes.get(digest(source)) or compile_source(path, source)
                return lent[path]

            zipimport._compile_source = look_up  # type: ignore[attr-defined]

    def new(self) -> list[str]:
        """In a child: the names of what is shared that the server has not imported yet."""
        return [name for name in list(sys.modules) if name in self.files and name not in self.modules]


class Loans:
    """Gives a child what the server has imported, with the places that it would have in the child's own zip file."""

    def __init__(self, modules: dict[str, types.ModuleType], library: Library):
        self.modules, self.library = modules, library

    def find_spec(self, name: str, path: t.Any = None, _target: t.Any = None) -> t.Any:
        """At the first import out of the zip file, whose place is only known then: give everything at once."""
        if name not in self.modules:
            return None
        sys.meta_path.remove(t.cast("t.Any", self))
        found = importlib.machinery.PathFinder.find_spec(name, path)
        if found is None or not isinstance(found.loader, zipimport.zipimporter):
            return found
        for each, module in self.modules.items():
            self.place(each, module, found.loader.archive)
            if each != name:
                sys.modules[each] = module
        for module, key, value in self.library.places:
            setattr(module, key, type(value)(str(value).replace(SHELF, found.loader.archive, 1)))
        return importlib.machinery.ModuleSpec(name, t.cast("t.Any", self), is_package=self.library.files[name][0])

    def place(self, name: str, module: types.ModuleType, archive: str) -> None:
        """Have a module be where it would have been imported from."""
        package, file, _digest = self.library.files[name]
        origin = f"{archive}/{file}"
        loader = zipimport.zipimporter(os.path.dirname(os.path.dirname(origin) if package else origin))
        spec = importlib.machinery.ModuleSpec(name, t.cast("t.Any", loader), origin=origin, is_package=package)
        spec.has_location = True
        if package:
            # What extend_path has added to it stays.
            more = [each for each in module.__path__ if not each.startswith(SHELF)]
            spec.submodule_search_locations = [os.path.dirname(origin), *more]
            module.__path__ = spec.submodule_search_locations
        module.__spec__, module.__loader__, module.__file__ = spec, loader, origin

    def create_module(self, spec: t.Any) -> types.ModuleType:
        """As a loader of Python's import: the module that there is already."""
        module = self.modules[spec.name]
        self.own = module.__spec__
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing is left to be run."""
        module.__spec__ = self.own


def digest(source: bytes) -> bytes:
    """What a source is known by."""
    return hashlib.sha256(source).digest()


class Imports:
    """What modules have imported from where Python is installed."""

    def __init__(self) -> None:
        self.places = {path: changed(path) for path in sys.path if path}
        self.here: set[str] = set()

    def hold(self) -> bool:
        """Whether what is imported still is what a Python would import now, and can be taken into a child."""
        same = all(changed(path) == before for path, before in self.places.items())
        return same and len(os.listdir("/proc/self/task")) == 1

    def begin(self) -> None:
        """In a child: what is imported from now on is new."""
        self.here = set(sys.modules)

    def new(self) -> list[str]:
        """In a child: the names of what the server could have imported as well."""
        names = []
        for name, module in list(sys.modules.items()):
            origin = getattr(getattr(module, "__spec__", None), "origin", None)
            wanted = name not in self.here and name.partition(".")[0] not in (*ROOTS, *NOT_AHEAD, "__main__")
            if wanted and isinstance(origin, str) and any(origin.startswith(f"{path}/") for path in self.places):
                names.append(name)
        return names

    def learn(self, name: str) -> None:
        """In the server: import what a child has had to import."""
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)


def changed(path: str) -> int:
    """When something was last installed in a directory."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


class Models:
    """What botocore finds out about services, which is the greater part of the time that a client's making takes."""

    def __init__(self) -> None:
        #: The data files that it has read, by path.
        self.known: dict[str, t.Any] = {}
        #: The services that it has found: by the directories, when these were last changed, and the kind of data file.
        self.services: dict[tuple[t.Any, ...], list[str]] = {}
        self.new: list[str] = []

    def lend(self) -> None:
        """In a child: let botocore take from here what it would look for, and note what is not here."""
        loaders = sys.modules.get("botocore.loaders")
        if loaders is None:
            return
        read, look = loaders.JSONFileLoader.load_file, loaders.Loader.list_available_services

        def load_file(of: t.Any, path: str) -> t.Any:
            # A session of botocore shares what it has read between its clients, so several sessions can share it.
            if path in self.known:
                return self.known[path]
            self.new.append(path)
            return read(of, path)

        def list_available_services(of: t.Any, type_name: str) -> list[str]:
            found = self.services.get(self._key(of.search_paths, type_name))
            if found is None:
                self.new.append(os.pathsep.join((*of.search_paths, type_name)))
                found = look(of, type_name)
            return list(found)

        loaders.JSONFileLoader.load_file = load_file
        loaders.Loader.list_available_services = list_available_services

    @staticmethod
    def _key(paths: t.Iterable[str], kind: str) -> tuple[t.Any, ...]:
        return (*((path, changed(path)) for path in paths), kind)

    def learn(self, found: str) -> None:
        """Read what a child has had to read, or look where it has had to look."""
        loaders: t.Any = sys.modules.get("botocore.loaders")
        with contextlib.suppress(Exception):
            if os.pathsep in found:
                *paths, kind = found.split(os.pathsep)
                loader = loaders.Loader(extra_search_paths=paths, include_default_search_paths=False)
                self.services[self._key(paths, kind)] = loader.list_available_services(kind)
            else:
                data = loaders.JSONFileLoader().load_file(found)
                if data is not None:
                    self.known[found] = data
                    # botocore remembers their names in its own spelling.
                    for operation in data.get("operations", ()):
                        sys.modules["botocore"].xform_name(operation)


class Child:
    """A module that runs: its process, its client, and what it says in the end of what it has imported and read."""

    def __init__(self, pid: int, client: socket.socket, report: int):
        self.pid, self.client, self.report = pid, client, report
        self.pidfd = os.pidfd_open(pid)


class Server:
    """Takes requests on a socket until the run that it belongs to has ended."""

    def __init__(self, path: str, parent: int):
        self.path = path
        # Who comes first wins: the connection holds a lock while it starts a server.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        before = os.umask(0o077)
        self.listener: socket.socket | None = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        os.umask(before)
        self.listener.listen(64)
        self.parent = os.pidfd_open(parent)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.parent, selectors.EVENT_READ)
        self.children: dict[int, Child] = {}
        self.library, self.imports, self.models = Library(), Imports(), Models()
        #: What children have had to import and to read, and what of it the server has still to learn.
        self.found: dict[str, None] = {}
        self.pending: collections.deque[str] = collections.deque()
        self.changed = False

    def serve(self) -> None:
        """Serve until the parent has ended, or nothing is asked for a while; learn while there is nothing to do."""
        while self.listener or self.children:
            ready = self.selector.select(0 if self.pending else None if self.children else IDLE_SECONDS)
            if not ready and self.pending:
                self.learn(self.pending.popleft())
            elif not ready and not self.children:
                return
            for key, _events in ready:
                if key.fd == self.parent:
                    for child in self.children.values():
                        stop(child.pid)
                    return
                if isinstance(key.data, Child):
                    self.look_after(key.data, key.fd)
                elif self.listener:
                    self.accept(self.listener)

    def retire(self) -> None:
        """Take no more requests. Who asks next starts a new server."""
        if self.listener:
            self.selector.unregister(self.listener)
            with contextlib.suppress(OSError):
                os.unlink(self.path)
            self.listener.close()
            self.listener = None

    def accept(self, listener: socket.socket) -> None:
        client, _address = listener.accept()
        client.settimeout(REQUEST_SECONDS)
        try:
            if peer_uid(client) != os.getuid():
                raise PermissionError("another user's")
            request = receive(client)
        except (OSError, ValueError, LookupError, TypeError):
            client.close()
            return
        try:
            shared = self.prepare(request.payload)
            if shared is not None:
                self.start(client, request, shared)
            else:
                client.sendall(REFUSED)
                client.close()
        except OSError:
            client.close()
        finally:
            for descriptor in request.outputs:
                os.close(descriptor)

    def prepare(self, payload: bytes) -> frozenset[str] | None:
        """Have ready what the module brings along. None where it must be run by a Python of its own."""
        if not self.imports.hold():
            self.retire()
            return None
        before = len(self.library.codes)
        shared = self.library.take(payload)
        if len(self.library.codes) > before:
            self.changed = True
        if self.changed:
            self.library.settle()
            # Children share its pages as long as nobody counts references to them.
            gc.freeze()
            self.changed = False
        return shared

    def start(self, client: socket.socket, request: Request, shared: frozenset[str]) -> None:
        read_end, write_end = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            os.close(read_end)
            os.close(write_end)
            raise
        if pid == 0:
            self.become(client, request, shared, write_end)
        os.close(write_end)
        child = Child(pid, client, read_end)
        self.children[pid] = child
        for descriptor in (child.pidfd, client.fileno()):
            self.selector.register(descriptor, selectors.EVENT_READ, child)

    def become(self, client: socket.socket, request: Request, shared: frozenset[str], report: int) -> t.NoReturn:
        """Be, in a child, the Python that got the payload on its standard input. Never returns."""
        try:
            gc.enable()
            settle(request, keep=(report, client.fileno()))
            self.imports.begin()
            self.library.lend(shared)
            self.models.lend()
            same = os.fstat(report)
            # Who does not hear it runs the module itself: it must not run twice.
            client.sendall(STARTED)
            client.close()
        except BaseException:
            os._exit(1)
        code = finished(execute(request.payload))
        with contextlib.suppress(BaseException):
            lines = "".join(f"{line}\n" for line in (*self.imports.new(), *self.library.new(), *self.models.new))
            # A module may have closed everything, and opened something else since.
            if os.path.samestat(os.fstat(report), same):
                os.write(report, lines.encode()[:REPORT_SIZE])
        os._exit(code)

    def look_after(self, child: Child, descriptor: int) -> None:
        """A child has ended, or its client has: then nobody wants its answer any more, and it must end as well."""
        if child.pid not in self.children:
            return
        if descriptor != child.pidfd:
            self.selector.unregister(descriptor)
            stop(child.pid)
            return
        _pid, status = os.waitpid(child.pid, 0)
        del self.children[child.pid]
        self.selector.unregister(child.pidfd)
        os.close(child.pidfd)
        with contextlib.suppress(KeyError):
            self.selector.unregister(child.client.fileno())
        # As a shell says it.
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        with contextlib.suppress(OSError):
            child.client.sendall(ENDED + HEADER.pack(code, 0))
        child.client.close()
        with open(child.report, "rb") as report:
            # A daemon that the module left behind may hold the other end.
            os.set_blocking(child.report, False)
            lines = (report.read() or b"").decode(errors="replace").splitlines(keepends=True)
        for line in lines:
            if line.endswith("\n") and line.rstrip("\n") not in self.found:
                self.found[line.rstrip("\n")] = None
                self.pending.append(line.rstrip("\n"))

    def learn(self, found: str) -> None:
        """Have for the next child what another one has had to import or to read."""
        if self.listener and self.imports.hold():
            learner = self.library if found in self.library.files else self.models if "/" in found else self.imports
            learner.learn(found)
            self.changed = True

    def recall(self, path: str) -> None:
        """Have what an earlier server has stored. That was this Python, or it means nothing here."""
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError, LookupError), open(path, "rb") as file:
            python, found, files, codes = marshal.load(file)
            if python == sys.version:
                self.pending.extend(found)
                self.found.update(dict.fromkeys(found))
                self.library.files.update(files)
                self.library.codes.update(codes)

    def store(self, path: str) -> None:
        """Store for the servers of later runs what this one has found: names, and code by its digest."""
        with contextlib.suppress(OSError):
            with open(f"{path}.{os.getpid()}", "xb") as file:
                marshal.dump((sys.version, list(self.found), self.library.files, self.library.codes), file)
            os.rename(file.name, path)


def peer_uid(peer: socket.socket) -> int:
    """The user on the other end, as the kernel knows it."""
    _pid, uid, _gid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return uid


def receive(client: socket.socket) -> Request:
    """Read a request: two lengths with the descriptors, the circumstances as JSON, the payload."""
    room = socket.CMSG_SPACE(2 * array.array("i").itemsize)
    head, control, _flags, _address = client.recvmsg(HEADER.size, room)
    outputs = array.array("i")
    for level, kind, data in control:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            outputs.frombytes(data[: len(data) - len(data) % outputs.itemsize])
    try:
        if len(head) != HEADER.size or len(outputs) != 2:
            raise ValueError("no request")
        sizes = HEADER.unpack(head)
        circumstances, payload = (exactly(client, size) for size in sizes)
        said = json.loads(circumstances)
        return Request(said["environment"], said["directory"], said["umask"], payload, (outputs[0], outputs[1]))
    except BaseException:
        for descriptor in outputs:
            os.close(descriptor)
        raise


def exactly(client: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = client.recv(min(size - len(data), 1 << 20))
        if not part:
            raise ValueError("the request ended early")
        data += part
    return bytes(data)


def stop(pid: int) -> None:
    """End a child and all that it has started."""
    try:
        os.killpg(pid, signal.SIGTERM)
    except OSError:
        # It has only just begun, and has no group of its own yet.
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM)


def settle(request: Request, keep: tuple[int, ...]) -> None:
    """Take on the circumstances of the client, as a process has them that it starts."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, descriptor in enumerate((nothing, *request.outputs)):
        os.dup2(descriptor, here)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in keep:
            with contextlib.suppress(OSError):
                os.close(int(name))
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    os.umask(request.umask)
    os.chdir(request.directory)
    # It depends on the environment, and is looked up once.
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None  # type: ignore[attr-defined]


def execute(payload: bytes) -> int:
    """Run a payload as a script and return the code with which Python would end."""
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = main
    sys.argv = [""]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, "")
    try:
        exec(compile(payload, "<stdin>", "exec", dont_inherit=True), main.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 0xFF
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        # Without the frame of this function, which no script has.
        error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
        sys.excepthook(type(error), error, error.__traceback__)
        return 128 + signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    return 0


def finished(code: int) -> int:
    """Do what Python does when a script has ended: the code with which it ends then."""
    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            code = 120
    return code


def main() -> None:
    """``_warm_server.py DIRECTORY NAME PARENT``: listen at a name in an open directory; say READY when that is so."""
    directory, name, parent = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    # The directory of this file is no place to import from.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    path = f"/proc/self/fd/{directory}/{name}"
    server = Server(path, parent)
    # Where packages are kept, if they are; the run's directory has a link to it.
    memory = os.path.join(os.path.realpath(f"/proc/self/fd/{directory}/packages"), f"learned-{name}")
    server.recall(memory)
    known = len(server.found) + len(server.library.codes)
    os.write(1, READY)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    # It makes no garbage to speak of, and a great deal to look through.
    gc.disable()
    try:
        server.serve()
    finally:
        server.retire()
        if len(server.found) + len(server.library.codes) > known:
            server.store(memory)


if __name__ == "__main__":
    main()

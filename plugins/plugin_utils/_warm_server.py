#!/usr/bin/env python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server of the connection ``warm``: runs modules in children that have their libraries already.

A program of its own, started by the connection with the Python that runs modules; it needs nothing but that Python. It
lives as long as one run of Ansible. What reaches it is what the connection ``local`` would have written to a Python's
standard input; a child does with it what that Python would have done. The one difference: the ``module_utils`` that
came with earlier modules of the run, and what these import, are there already, and so are the service models that
botocore has read before. They are taken only if their sums are those of what comes along with the module at hand.
"""

from __future__ import annotations

import array
import atexit
import base64
import builtins
import contextlib
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import traceback
import types
import typing as t
import zipfile

#: How the zip file in a payload begins, as base64.
ZIP = re.compile(rb"UEsDB[A-Za-z0-9+/=]{400,}")

#: The packages that a payload brings along.
ROOTS = ("ansible", "ansible_collections")

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


def is_shared(filename: str) -> bool:
    """Whether a file of a payload's zip is code that modules share, and no module itself."""
    path, _slash, name = filename.rpartition("/")
    return name.endswith(".py") and path.split("/")[0] in ROOTS and "modules" not in path.split("/")


class Library(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The shared code that earlier modules brought along, by path within their zip files, with its sums.

    In the server it finds that code, in a child also what the module at hand brings along beside it.
    """

    def __init__(self) -> None:
        self.sources: dict[str, bytes] = {}
        self.sums: dict[str, int] = {}
        #: Where a child finds what the server has not: what the wrapper puts first into sys.path.
        self.in_child = False

    def fits(self, archive: zipfile.ZipFile) -> bool:
        """Whether what the archive holds is what is kept under the same names."""
        return all(self.sums.get(item.filename, item.CRC) == item.CRC for item in archive.infolist())

    def take(self, archive: zipfile.ZipFile) -> None:
        """Keep and import what is new in the archive. What cannot be imported is left to the module."""
        new = [item for item in archive.infolist() if is_shared(item.filename) and item.filename not in self.sums]
        for item in new:
            self.sources[item.filename] = archive.read(item)
            self.sums[item.filename] = item.CRC
        for item in new:
            name = item.filename[: -len(".py")].removesuffix("/__init__").replace("/", ".")
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                importlib.import_module(name)

    def find_spec(self, name: str, path: t.Any = None, target: t.Any = None) -> t.Any:
        if name.partition(".")[0] not in ROOTS:
            return None
        base = name.replace(".", "/")
        for filename in (f"{base}/__init__.py", f"{base}.py"):
            if filename in self.sources:
                is_package = filename.endswith("/__init__.py")
                spec = importlib.machinery.ModuleSpec(name, self, origin=filename, is_package=is_package)
                spec.has_location = True
                return spec
        if self.in_child:
            where = "/".join([sys.path[0], *name.split(".")[:-1]])
            return importlib.machinery.PathFinder.find_spec(name, [where])
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    def exec_module(self, module: types.ModuleType) -> None:
        origin = str(module.__file__)
        exec(compile(self.sources[origin], origin, "exec", dont_inherit=True), module.__dict__)

    def get_source(self, name: str) -> str | None:
        """The text of a module, for tracebacks."""
        found = self.find_spec(name)
        return self.sources[found.origin].decode() if found.loader is self else found.loader.get_source(name)


class Models:
    """The data files that botocore has read, which are the greater part of the time that a client's making takes."""

    def __init__(self) -> None:
        self.known: dict[str, t.Any] = {}
        self.new: list[str] = []

    def patch(self) -> None:
        """Let botocore's loader look here first. Without botocore, or with one that has no such loader, do nothing."""
        loaders = sys.modules.get("botocore.loaders")
        loader = getattr(loaders, "JSONFileLoader", None)
        if loader is None or getattr(loader.load_file, "of_warm", False):
            return
        read = loader.load_file

        def load_file(of: t.Any, path: str) -> t.Any:
            if path not in self.known:
                self.known[path] = read(of, path)
                self.new.append(path)
            return self.known[path]

        load_file.of_warm = True  # type: ignore[attr-defined]
        loader.load_file = load_file

    def learn(self, paths: t.Iterable[str]) -> None:
        """Read what a child has had to read."""
        loaders = sys.modules.get("botocore.loaders")
        for path in paths:
            if loaders is not None and path not in self.known:
                with contextlib.suppress(Exception):
                    loaders.JSONFileLoader().load_file(path)  # type: ignore[attr-defined]
        self.new.clear()


class Child:
    """A module that runs: its process, its client, and what it says in the end of the models that it has read."""

    def __init__(self, pid: int, client: socket.socket, report: int):
        self.pid, self.client, self.report = pid, client, report
        self.pidfd = os.pidfd_open(pid)


class Server:
    """Takes requests on a socket until the run that it belongs to has ended."""

    def __init__(self, path: str, parent: int):
        # Who comes first wins: the connection holds a lock while it starts a server.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        before = os.umask(0o077)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        os.umask(before)
        self.listener.listen(64)
        self.parent = os.pidfd_open(parent)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.parent, selectors.EVENT_READ)
        self.children: dict[int, Child] = {}
        self.library, self.models = Library(), Models()
        sys.meta_path.insert(0, self.library)

    def serve(self) -> None:
        """Serve until the parent has ended, or nothing has been asked for a while."""
        while True:
            ready = self.selector.select(None if self.children else IDLE_SECONDS)
            if not ready and not self.children:
                return
            for key, _events in ready:
                if key.fd == self.parent:
                    for child in self.children.values():
                        stop(child.pid)
                    return
                if key.fileobj is self.listener:
                    self.accept()
                elif isinstance(key.data, Child):
                    self.look_after(key.data, key.fd)

    def accept(self) -> None:
        client, _address = self.listener.accept()
        client.settimeout(REQUEST_SECONDS)
        try:
            if peer_uid(client) != os.getuid():
                raise PermissionError("another user's")
            request = receive(client)
        except (OSError, ValueError):
            client.close()
            return
        try:
            if self.prepare(request.payload):
                self.start(client, request)
            else:
                client.sendall(REFUSED)
                client.close()
        except OSError:
            client.close()
        finally:
            for descriptor in request.outputs:
                os.close(descriptor)

    def prepare(self, payload: bytes) -> bool:
        """Have ready what the module brings along. False where it brings other code than was kept under a name."""
        found = ZIP.search(payload)
        if not found:
            return False
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(found[0])))
        if not self.library.fits(archive):
            return False
        before = len(self.library.sums)
        self.library.take(archive)
        self.models.patch()
        if len(self.library.sums) > before:
            # What is there stays: children share its pages as long as nobody counts references to it.
            gc.collect()
            gc.freeze()
        return True

    def start(self, client: socket.socket, request: Request) -> None:
        # Said before it is so: a client that does not hear it runs the module itself, which must not happen twice.
        client.sendall(STARTED)
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            run(request, write_end, self.library, self.models)
        os.close(write_end)
        child = Child(pid, client, read_end)
        self.children[pid] = child
        for descriptor in (child.pidfd, client.fileno()):
            self.selector.register(descriptor, selectors.EVENT_READ, child)

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
            names = (report.read() or b"").decode()
        self.models.learn(names.splitlines())


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
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGTERM)


def run(request: Request, report: int, library: Library, models: Models) -> t.NoReturn:
    """Be, in a child, the Python that got the payload on its standard input. Never returns."""
    code = 1
    try:
        settle(request, report)
        library.in_child = True
        code = execute(request.payload)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):
                stream.flush()
        with contextlib.suppress(BaseException):
            os.write(report, "\n".join(models.new).encode()[:60000])
        os._exit(code)


def settle(request: Request, report: int) -> None:
    """Take on the circumstances of the client, as a process has them that it starts."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, descriptor in enumerate((nothing, *request.outputs)):
        os.dup2(descriptor, here)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) != report:
            with contextlib.suppress(OSError):
                os.close(int(name))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    os.umask(request.umask)
    os.chdir(request.directory)


def execute(payload: bytes) -> int:
    """Run a payload as a script and return the code with which Python would end."""
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = main
    sys.argv = [""]
    try:
        exec(compile(payload, "<stdin>", "exec", dont_inherit=True), main.__dict__)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 0xFF
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """``_warm_server.py DIRECTORY NAME PARENT``: listen at a name in an open directory; say READY when that is so."""
    directory, name, parent = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    # The directory of this file is no place to import from.
    sys.path[0] = ""
    path = f"/proc/self/fd/{directory}/{name}"
    server = Server(path, parent)
    os.write(1, READY)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    try:
        server.serve()
    finally:
        with contextlib.suppress(OSError):
            os.unlink(path)


if __name__ == "__main__":
    main()

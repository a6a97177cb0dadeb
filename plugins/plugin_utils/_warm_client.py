# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection's side of ``_warm_server``: what can be handed to it, how it is found or started, how it is asked."""

from __future__ import annotations

import array
import contextlib
import fcntl
import hashlib
import json
import os
import re
import selectors
import shlex
import socket
import stat
import subprocess
import sys
import typing as t

from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_server as protocol

#: What Python reads when it starts and never again; a module that wants other values needs a Python of its own.
#: Its user's packages are below HOME.
START_ONLY = ("PYTHON", "HOME", "LC_", "LANG", "LD_", "OPENSSL_", "CRYPTOGRAPHY_", "MALLOC_", "GLIBC_")

#: What a shell takes for the name of a variable.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

#: For how long a server may take to start.
START_SECONDS = 30


class UnavailableError(Exception):
    """No server can be had in this run; the text says why."""


class UnsuitedError(Exception):
    """This module cannot run in the server; the text says why."""


class Python(t.NamedTuple):
    """A command that is nothing but a Python which reads its script from standard input."""

    path: str
    environment: dict[str, str]


def python_of(command: str) -> Python | None:
    """The Python that a command starts, with the variables that it sets; None for any other command."""
    try:
        shell, option, script = shlex.split(command)
        words = shlex.split(script)
    except ValueError:
        return None
    if os.path.basename(shell) != "sh" or option != "-c" or words[-3:] != ["&&", "sleep", "0"]:
        return None
    environment = {}
    while words and "=" in words[0] and NAME.fullmatch(words[0].partition("=")[0]):
        name, _sign, value = words.pop(0).partition("=")
        environment[name] = value
    if len(words) != 4 or not os.path.isabs(words[0]):
        return None
    # A word that the shell would make something else of is quoted here and was not there.
    again = " ".join([*(f"{name}={shlex.quote(value)}" for name, value in environment.items()), shlex.quote(words[0])])
    if script != f"{again} && sleep 0":
        return None
    return Python(words[0], environment)


def circumstances(environment: t.Mapping[str, str], directory: bytes | str | None) -> dict[str, t.Any]:
    """In what a process would run that is started here: environment, directory, umask.

    Raises UnsuitedError where there is no such directory.
    """
    umask = os.umask(0o077)
    os.umask(umask)
    try:
        where = os.fsdecode(directory) if directory else os.getcwd()
        # As the shell sets it that would start the process: what it was, if that is the same place by another name.
        known = os.environ.get("PWD", "")
        same = os.path.isabs(known) and os.path.exists(known) and os.path.samefile(known, where)
    except OSError as error:
        raise UnsuitedError(str(error)) from error
    inherited = {**os.environ, "PWD": known if same else where}
    return {"environment": {**inherited, **environment}, "directory": where, "umask": umask}


@contextlib.contextmanager
def connect(directory: str, python: str, parent: int, environment: t.Mapping[str, str]) -> t.Iterator[socket.socket]:
    """A connection to the server of a Python in the run whose temporary directory and process are given.

    Raises UnavailableError.
    """
    if not hasattr(os, "pidfd_open") or not hasattr(socket, "SO_PEERCRED"):
        raise UnavailableError(f"it needs Linux 5.3 or newer, and this is {sys.platform}")
    started_with = {name: value for name, value in environment.items() if name.startswith(START_ONLY)}
    key = hashlib.sha256(json.dumps([python, started_with], sort_keys=True).encode()).hexdigest()[:8]
    with contextlib.ExitStack() as stack:
        try:
            held = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, held)
            status = os.fstat(held)
            if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
                raise UnavailableError(f"{directory} is open to others")
            # Paths of sockets are short; that of the directory need not be.
            path = f"/proc/self/fd/{held}/warm-{key}"
            server = _connected(path)
            if server is None:
                with open(f"{path}.lock", "a+") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    server = _connected(path)
                    if server is None:
                        _start_once(lock, python, held, os.path.basename(path), parent, environment)
                        server = _connected(path)
            if server is None:
                raise UnavailableError("its server does not answer")
            stack.enter_context(server)
            if protocol.peer_uid(server) != os.getuid():
                raise UnavailableError("the server on its socket is another user's")
        except OSError as error:
            raise UnavailableError(str(error)) from error
        yield server


def _connected(path: str) -> socket.socket | None:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        server.close()
        return None
    except BaseException:
        server.close()
        raise
    return server


def _start_once(lock: t.TextIO, *how: t.Any) -> None:
    """Start a server, unless one of its kind could not be started before: not every task shall wait for that again."""
    lock.seek(0)
    if before := lock.read():
        raise UnavailableError(before)
    try:
        _start(*how)
    except (OSError, UnavailableError) as error:
        lock.write(str(error))
        raise


def _start(python: str, directory: int, name: str, parent: int, environment: t.Mapping[str, str]) -> None:
    """Start a server, and wait until it listens."""
    process = subprocess.Popen(
        [python, protocol.__file__, str(directory), name, str(parent)],
        env=dict(environment),
        pass_fds=[directory],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with t.cast("t.IO[bytes]", process.stdout) as output, selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        said = os.read(output.fileno(), 4000) if selector.select(START_SECONDS) else b"it does not start"
    if said != protocol.READY:
        process.kill()
        raise UnavailableError(said.decode(errors="replace").strip().splitlines()[-1] if said else "its server ended")


def run(server: socket.socket, said: t.Mapping[str, t.Any], payload: bytes) -> tuple[int, bytes, bytes]:
    """Have a payload run: exit code, standard output and standard error, as of a process of its own.

    Raises UnsuitedError where the server did not begin it.
    """
    with contextlib.ExitStack() as stack:
        output, output_writer = _pipe(stack)
        error, error_writer = _pipe(stack)
        text = json.dumps(said).encode()
        head = protocol.HEADER.pack(len(text), len(payload))
        descriptors = array.array("i", [output_writer.fileno(), error_writer.fileno()])
        try:
            server.sendmsg([head], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
            server.sendall(text)
            server.sendall(payload)
            answer = server.recv(1)
        except OSError as fault:
            raise UnsuitedError(f"its server is gone ({fault})") from fault
        if answer != protocol.STARTED:
            raise UnsuitedError("its server does not take it" if answer else "its server is gone")
        output_writer.close()
        error_writer.close()
        said_output, said_error = _read_all(output, error)
        return _code(server), said_output, said_error


def _pipe(stack: contextlib.ExitStack) -> tuple[t.BinaryIO, t.BinaryIO]:
    read_end, write_end = os.pipe()
    return stack.enter_context(open(read_end, "rb", buffering=0)), stack.enter_context(
        open(write_end, "wb", buffering=0)
    )


def _read_all(*readers: t.BinaryIO) -> list[bytes]:
    """What comes out of all of them until they end, read as it comes."""
    read = {reader.fileno(): bytearray() for reader in readers}
    with selectors.DefaultSelector() as selector:
        for descriptor in read:
            selector.register(descriptor, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select():
                part = os.read(key.fd, 1 << 16)
                read[key.fd] += part
                if not part:
                    selector.unregister(key.fd)
    return [bytes(data) for data in read.values()]


def _code(server: socket.socket) -> int:
    """The exit code; that of a killed process where the server itself was killed."""
    size = len(protocol.ENDED) + protocol.HEADER.size
    try:
        answer = protocol.exactly(server, size)
    except (OSError, ValueError):
        return 137
    code, _unused = protocol.HEADER.unpack(answer[len(protocol.ENDED) :])
    return code

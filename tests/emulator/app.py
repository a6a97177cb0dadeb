"""The WSGI application: moto inside, what tests need around it."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
import re
import socket
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from tests.emulator import calls, shortcuts, validation
from tests.emulator.control import PREFIX, Control
from tests.emulator.errors import Answer, AwsError, not_implemented, render

StartResponse = Callable[..., Any]

# Where the code of an error is, in the protocols' bodies and headers.
_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_STATUS_LINE = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 500: "Error"}


def install_services(without: Collection[str] = ()) -> list[str]:
    """Let every module in ``services`` extend moto, but for those named; returns the names of the others."""
    found = {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "services")])}
    if set(without) - found:
        raise ValueError(f"no such services: {', '.join(sorted(set(without) - found))}")
    names = sorted(found - set(without))
    for name in names:
        importlib.import_module(f"tests.emulator.services.{name}").install()
    return names


class Emulator:
    """Dispatches between the control endpoints and moto, and keeps the log."""

    def __init__(self, without: Collection[str] = ()) -> None:
        install_services(without)
        shortcuts.install()
        self.control = Control()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._moto.debug = True  # type: ignore[attr-defined]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            body = _read_body(environ)
            status, content = self.control.answer(environ["REQUEST_METHOD"], path, environ["QUERY_STRING"], body)
            return _send(start_response, (status, [("Content-Type", "application/json")], json.dumps(content).encode()))
        if path.startswith("/moto-api"):
            return self._moto(environ, start_response)
        return self._aws(environ, start_response)

    def _aws(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """One AWS call: latency, faults, moto, log."""
        body = _read_body(environ)
        call = calls.parse(environ, body)
        self.control.log.add(call)  # before it is carried out, so that the order is that of arrival
        if self.control.latency_milliseconds:
            time.sleep(self.control.latency_milliseconds / 1000)
        fault = self.control.faults.strike(call)
        if fault and fault.cut:
            call.error = "ConnectionCut"
            _cut(environ)
        if fault and fault.error:
            answer = self._render(environ, call, fault.error)
        else:
            answer = self._execute(environ, call, body)
        call.status, call.error = answer[0], _error_code(answer)
        self.control.record.add(call, environ, body, answer)
        if fault and fault.cut_after:
            _cut(environ)
        return _send(start_response, answer)

    def _execute(self, environ: dict[str, Any], call: calls.Call, sent: bytes) -> Answer:
        """Let moto carry out the call; its exceptions become errors of the protocol."""
        consistency = self.control.consistency
        try:
            if call.service == "ec2" and call.parameters.get("DryRun", "").lower() == "true":
                message = "Request would have succeeded, but DryRun flag is set."
                raise AwsError("DryRunOperation", message, 412)
            refused = consistency.refuse(call)
            if refused:
                raise refused
            validation.check(call, environ, sent)
            with self.control.lock:
                status, headers, body = self._run_moto(environ)
        except AwsError as error:
            return self._render(environ, call, error)
        except NotImplementedError:
            return self._render(environ, call, not_implemented(call.service, call.operation))
        except Exception as error:  # the caller must get an answer that SDKs understand, whatever moto stumbles over
            traceback.print_exc(file=sys.stderr)
            internal = AwsError("InternalFailure", f"{call.service}:{call.operation}: {error!r}", 500)
            return self._render(environ, call, internal)
        if _is_unrouted(status, headers, body):
            return self._render(environ, call, not_implemented(call.service, call.operation))
        consistency.note(call, status, body)
        filtered = consistency.filter(call, body)
        if filtered is not body:
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        return status, headers, filtered

    def _run_moto(self, environ: dict[str, Any]) -> Answer:
        captured: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_unused: Any) -> Callable[[bytes], None]:
            captured.update(status=int(status.split()[0]), headers=headers)
            return lambda data: None

        chunks = self._moto(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        return captured["status"], captured["headers"], body

    @staticmethod
    def _render(environ: dict[str, Any], call: calls.Call, error: AwsError) -> Answer:
        return render(error, call.protocol, call.service, environ["REQUEST_METHOD"] == "HEAD")


def _read_body(environ: dict[str, Any]) -> bytes:
    """The whole body, which stays readable for moto."""
    stream = environ["wsgi.input"]
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        body = stream.read()
        # werkzeug has undone the chunks already: to those who read it now it is a body of known length
        del environ["HTTP_TRANSFER_ENCODING"]
        environ["CONTENT_LENGTH"] = str(len(body))
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _send(start_response: StartResponse, answer: Answer) -> list[bytes]:
    status, headers, body = answer
    if not any(name.lower() == "content-length" for name, _unused in headers):
        headers = [*headers, ("Content-Length", str(len(body)))]
    start_response(f"{status} {_STATUS_LINE.get(status, 'Status')}", headers)
    return [body]


def _cut(environ: dict[str, Any]) -> None:
    """Close the connection without a word; the server takes the exception as a client that went away."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("cut on order")


def _is_unrouted(status: int, headers: list[tuple[str, str]], body: bytes) -> bool:
    """Whether moto has no route for the path, or no action for the route, rather than an answer."""
    if status == 405:
        return b"Method Not Allowed" in body
    if status != 404:
        return False
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    no_action = not body and not any(name.lower().startswith("x-amz") for name, _unused in headers)
    return no_action or (content_type.startswith("text/html") and b"<title>404 Not Found</title>" in body)


def _error_code(answer: Answer) -> str | None:
    """The code of an error answer, None for success."""
    status, headers, body = answer
    if status < 400:
        return None
    typed = next((value for name, value in headers if name.lower() == "x-amzn-errortype"), "")
    if typed:
        return typed.split(":")[0]
    xml = _XML_CODE.search(body)
    if xml:
        return xml.group(1).decode()
    try:
        content = json.loads(body)
        code = content.get("__type") or content.get("code") or content.get("Code")
    except (ValueError, AttributeError):
        code = None
    return code.rpartition("#")[2] if code else str(status)

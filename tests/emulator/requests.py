"""The record of requests: what was asked, in the form that boto3 takes it in, and what a write answered.

Off unless it is switched on, in memory only, and without secrets: every letter and digit of one is replaced, so that
its length and its characters can still be held against AWS's rules.
"""

from __future__ import annotations

import datetime
import io
import threading
from dataclasses import dataclass, field
from typing import Any

from botocore import parsers
from botocore.awsrequest import HeadersDict
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from tests.emulator.calls import Call
from tests.emulator.errors import Answer

#: Secrets that the service models do not mark as such: members by service.
_SECRETS = {"elasticache": {"AuthToken"}, "ecr": {"authorizationToken"}}


@dataclass
class Record:
    """The requests since the start or the last reset, oldest first, while it is on."""

    is_on: bool = False
    _entries: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, call: Call, environ: dict[str, Any], body: bytes, answer: Answer) -> None:
        """Keep one request with its answer; of a read, only that it was answered."""
        if not self.is_on:
            return
        operation = operation_of(call)
        succeeded = call.kind == "write" and call.status < 400
        entry = {
            "service": call.service,
            "operation": call.operation,
            "kind": call.kind,
            "region": call.region,
            "parameters": _request(call, operation, environ, body),
            "status": call.status,
            "error": call.error,
            "answer": _answer(call, operation, answer) if succeeded else {},
        }
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def operation_of(call: Call) -> Any:
    """The model of what a call asks for; None where there is none."""
    try:
        model = get_service_model(call.service)
    except UnknownServiceError:
        return None
    return model.operation_model(call.operation) if call.operation in model.operation_names else None


def parameters(call: Call, operation: Any, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The parameters of a request as boto3 takes them."""
    if call.protocol == "smithy-rpc-v2-cbor":
        decoder = parsers.RpcV2CBORParser()
        return dict(decoder.parse_data_item(decoder.get_peekable_stream_from_bytes(body))) if body else {}
    request = Request(dict(environ) | {"wsgi.input": io.BytesIO(body)})
    uri: dict[str, Any] = {}
    if call.protocol.startswith("rest"):
        try:
            _unused, uri = get_service_router(call.service).match(request)
        except NotFound:
            return {}
    parsed = PROTOCOL_PARSERS[call.protocol](operation).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": uri,
        }
    )
    return {name: value for name, value in parsed.items() if value is not None}


def _request(call: Call, operation: OperationModel | None, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    if operation is None or operation.input_shape is None:
        return {}
    return _plain(operation.input_shape, parameters(call, operation, environ, body), _SECRETS.get(call.service, set()))


def _answer(call: Call, operation: OperationModel | None, answer: Answer) -> dict[str, Any]:
    """What boto3 returns, but for the metadata."""
    if operation is None or operation.output_shape is None:
        return {}
    status, headers, body = answer
    parsed = parsers.create_parser(call.protocol).parse(
        {"status_code": status, "headers": HeadersDict(headers), "body": body}, operation.output_shape
    )
    del parsed["ResponseMetadata"]
    return _plain(operation.output_shape, parsed, _SECRETS.get(call.service, set()))


def _plain(shape: Shape, value: Any, secrets: set[str], name: str = "", hidden: bool = False) -> Any:
    """``value`` as JSON has it, without secrets."""
    hidden = hidden or bool(shape.metadata.get("sensitive")) or name in secrets
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        # The name of an environment variable is no secret, though what ECS keeps it in is marked as one.
        return {
            key: _plain(shape.members[key], item, secrets, key, hidden and key != "name")
            for key, item in value.items()
            if key in shape.members
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_plain(shape.member, item, secrets, "", hidden) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _plain(shape.value, item, secrets, key, hidden) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if hidden and isinstance(value, str):
        return masked(value)
    return value


def masked(secret: str) -> str:
    """``secret`` with every letter and digit replaced by one and the same of its kind."""
    return "".join(
        "0" if character.isdigit() else "a" if character.islower() else "A" if character.isalpha() else character
        for character in secret
    )

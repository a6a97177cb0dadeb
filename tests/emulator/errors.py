"""Errors as AWS words them, in the protocol that the caller speaks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import uuid4
from xml.sax.saxutils import escape

Answer = tuple[int, list[tuple[str, str]], bytes]


class AwsError(Exception):
    """Raise it anywhere below a request, in any service: the caller gets it in the protocol of that service."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class _Fields:
    code: str
    message: str
    fault: str
    request_id: str


def not_implemented(service: str, operation: str) -> AwsError:
    """What the emulator answers for an operation that it lacks."""
    return AwsError("NotImplemented", f"The emulator does not implement {service}:{operation}.", 501)


def render(error: AwsError, protocol: str, service: str, head: bool = False) -> Answer:
    """An HTTP answer (status, headers, body) that the SDKs parse into ``error``."""
    fields = _Fields(error.code, error.message, "Sender" if error.status < 500 else "Receiver", str(uuid4()))
    headers = [("x-amzn-RequestId", fields.request_id)]
    body: bytes
    if protocol == "ec2":
        content, body = "text/xml", _ec2(fields)
    elif protocol == "query":
        content, body = "text/xml", _query(fields)
    elif protocol == "rest-xml":
        content, body = "application/xml", _s3(fields) if service == "s3" else _query(fields)
        headers.append(("x-amz-request-id", fields.request_id))
    elif protocol == "smithy-rpc-v2-cbor":
        content, body = "application/cbor", _cbor(fields)
        headers += [("smithy-protocol", "rpc-v2-cbor"), ("x-amzn-query-error", f"{error.code};{fields.fault}")]
    elif protocol == "rest-json":
        content, body = "application/json", _json(fields, typed=False)
        headers.append(("x-amzn-ErrorType", error.code))
    else:
        content, body = "application/x-amz-json-1.1", _json(fields, typed=True)
        headers.append(("x-amzn-ErrorType", error.code))
    if head:
        body = b""
    return error.status, [("Content-Type", content), *headers, ("Content-Length", str(len(body)))], body


def _ec2(fields: _Fields) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{escape(fields.code)}</Code>'
        f"<Message>{escape(fields.message)}</Message></Error></Errors>"
        f"<RequestID>{fields.request_id}</RequestID></Response>"
    ).encode()


def _query(fields: _Fields) -> bytes:
    return (
        f"<ErrorResponse><Error><Type>{fields.fault}</Type><Code>{escape(fields.code)}</Code>"
        f"<Message>{escape(fields.message)}</Message></Error>"
        f"<RequestId>{fields.request_id}</RequestId></ErrorResponse>"
    ).encode()


def _s3(fields: _Fields) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{escape(fields.code)}</Code>'
        f"<Message>{escape(fields.message)}</Message><RequestId>{fields.request_id}</RequestId></Error>"
    ).encode()


def _json(fields: _Fields, typed: bool) -> bytes:
    content = {"message": fields.message, "Message": fields.message}
    return json.dumps({"__type": fields.code, **content} if typed else content).encode()


def _cbor(fields: _Fields) -> bytes:
    """A CBOR map of two texts, which is all that an error holds."""
    return b"\xa2" + b"".join(_cbor_text(text) for text in ("__type", fields.code, "message", fields.message))


def _cbor_text(text: str) -> bytes:
    data = text.encode()
    if len(data) < 24:
        return bytes([0x60 + len(data)]) + data
    if len(data) < 256:
        return b"\x78" + bytes([len(data)]) + data
    return b"\x79" + len(data).to_bytes(2, "big") + data

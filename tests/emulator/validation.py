"""Refuse parameters that break the constraints of the service model, as AWS does before anything else.

botocore checks few of them itself (required parameters and lower bounds), and moto hardly any: names that are too long
or hold wrong characters, values that are no member of an enumeration, numbers that are too large.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from tests.emulator.calls import Call
from tests.emulator.errors import AwsError
from tests.emulator.requests import operation_of, parameters

# Services whose models are as strict as the service itself -> the code of the error.
_CODES = {
    "acm": "ValidationException",
    "application-autoscaling": "ValidationException",
    "cloudwatch": "ValidationError",
    "ecr": "InvalidParameterException",
    "efs": "BadRequest",
    "events": "ValidationException",
    "iam": "ValidationError",
    "kms": "ValidationException",
    "logs": "InvalidParameterException",
    "route53": "InvalidInput",
    "scheduler": "ValidationException",
    "secretsmanager": "ValidationException",
}


def check(call: Call, environ: dict[str, Any], body: bytes) -> None:
    """Raise AWS's error for parameters that break a constraint."""
    code = _CODES.get(call.service)
    if code is None:
        return
    operation = operation_of(call)
    if operation is None or operation.input_shape is None:
        return
    given = parameters(call, operation, environ, body)
    problems = list(_problems(operation.input_shape, given, ""))
    if problems:
        plural = "s" if len(problems) > 1 else ""
        raise AwsError(code, f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}")


def _problems(shape: Shape, value: Any, path: str) -> Any:
    if value is None:
        return
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, member in shape.members.items():
            yield from _problems(member, value.get(name), f"{path}.{name}" if path else name)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        yield from _size_problems(shape, value, path)
        for index, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{index}.member")
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        for key, item in value.items():
            yield from _problems(shape.key, key, f"{path}.{key}.key")
            yield from _problems(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _string_problems(shape, value, path)
    elif shape.type_name in ("integer", "long", "float", "double") and isinstance(value, int | float):
        yield from _number_problems(shape, value, path)


def _failed(value: Any, path: str, constraint: str) -> str:
    where = ".".join(part[:1].lower() + part[1:] for part in path.split("."))
    return f"Value '{value}' at '{where}' failed to satisfy constraint: Member must {constraint}"


def _size_problems(shape: Shape, value: Any, path: str) -> Any:
    if "max" in shape.metadata and len(value) > shape.metadata["max"]:
        yield _failed(value, path, f"have length less than or equal to {shape.metadata['max']}")
    if "min" in shape.metadata and len(value) < shape.metadata["min"]:
        yield _failed(value, path, f"have length greater than or equal to {shape.metadata['min']}")


def _string_problems(shape: Shape, value: str, path: str) -> Any:
    yield from _size_problems(shape, value, path)
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield _failed(value, path, f"satisfy enum value set: [{', '.join(allowed)}]")
    pattern = _compiled(shape.metadata.get("pattern"))
    if pattern and not pattern.fullmatch(value):
        yield _failed(value, path, f"satisfy regular expression pattern: {shape.metadata['pattern']}")


@functools.cache
def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    """The models' patterns are Java's; those that Python cannot read are not checked."""
    if pattern is None:
        return None
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None


def _number_problems(shape: Shape, value: float, path: str) -> Any:
    if "max" in shape.metadata and value > shape.metadata["max"]:
        yield _failed(value, path, f"have value less than or equal to {shape.metadata['max']}")
    if "min" in shape.metadata and value < shape.metadata["min"]:
        yield _failed(value, path, f"have value greater than or equal to {shape.metadata['min']}")

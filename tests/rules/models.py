"""A request held against the service model of AWS's SDK: members, types, enumerations, patterns, lengths and ranges.

botocore itself checks the required members, the types and the lower bounds only. The patterns are Java's; ``regex``
reads nearly all of them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import botocore.session
import regex
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from tests.rules.requests import Request, World

#: Where a service takes more than its model says: the path of the member, and how that is known.
LAXER: dict[str, str] = {}

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "blob": str,
    "timestamp": (str, int, float),
    "boolean": bool,
    "integer": int,
    "long": int,
    "short": int,
    "byte": int,
    "float": (int, float),
    "double": (int, float),
    "bigdecimal": (int, float),
}


def problems(request: Request, _world: World) -> Iterator[str]:
    """What the model of its service does not allow."""
    operation = operation_model(request.service, request.operation)
    if operation is None:
        yield "there is no such operation"
    elif operation.input_shape is not None:
        for path, problem in shape_problems(operation.input_shape, request.parameters, ""):
            if f"{request}:{path}" not in LAXER:
                yield f"{path}: {problem}"


@functools.cache
def operation_model(service: str, operation: str) -> OperationModel | None:
    """The model of an operation."""
    try:
        model = _session().get_service_model(service)
    except UnknownServiceError:
        return None
    return model.operation_model(operation) if operation in model.operation_names else None


@functools.cache
def _session() -> Any:
    return botocore.session.Session()


def shape_problems(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The paths in ``value`` that do not fit, with what is wrong; positions in lists are left out of the paths."""
    if isinstance(shape, StructureShape):
        if shape.is_document_type:
            return
        if not isinstance(value, dict):
            yield path, f"{value!r} is no structure"
            return
        for name in shape.required_members:
            if name not in value:
                yield path or name, f"{name} is missing"
        for name, item in value.items():
            if name in shape.members:
                yield from shape_problems(shape.members[name], item, f"{path}.{name}" if path else name)
            else:
                yield path or name, f"{name} is no member"
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield path, f"{value!r} is no list"
            return
        yield from _length_problems(shape, len(value), path, "items")
        for item in value:
            yield from shape_problems(shape.member, item, f"{path}[]")
    elif isinstance(shape, MapShape):
        if not isinstance(value, dict):
            yield path, f"{value!r} is no map"
            return
        yield from _length_problems(shape, len(value), path, "entries")
        for key, item in value.items():
            yield from shape_problems(shape.key, key, f"{path}{{}}")
            yield from shape_problems(shape.value, item, f"{path}{{}}")
    else:
        yield from _scalar_problems(shape, value, path)


def _scalar_problems(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    wanted = _TYPES[shape.type_name]
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        yield path, f"{value!r} is no {shape.type_name}"
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield from _length_problems(shape, value, path, "")
    elif isinstance(value, str) and shape.type_name in ("string", "blob"):
        yield from _length_problems(shape, len(value), path, "characters")
        if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
            yield path, f"{value!r} is none of {', '.join(shape.metadata['enum'])}"
        pattern = shape.metadata.get("pattern")
        if pattern and (compiled := java_pattern(pattern)) and not compiled.fullmatch(value):
            yield path, f"{value!r} does not match {pattern}"


def _length_problems(shape: Shape, size: float, path: str, unit: str) -> Iterator[tuple[str, str]]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and size < least) or (most is not None and size > most):
        bounds = f"{'-' if least is None else least} to {'-' if most is None else most}"
        yield path, " ".join(f"{size} {unit} is not within {bounds}".split())


@functools.cache
def java_pattern(pattern: str) -> Any:
    """A pattern of Java's for ``fullmatch``; None where it cannot be read."""
    # What lies beyond the first 65536 characters, which Java writes as two halves.
    plain = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    try:
        return regex.compile(plain, regex.V1)
    except regex.error:
        return None


def unreadable_patterns(service: str) -> set[str]:
    """The patterns of a service's model that are not checked."""
    model = _session().get_service_model(service)
    patterns = {model.shape_for(name).metadata.get("pattern") for name in model.shape_names} - {None}
    return {pattern for pattern in patterns if java_pattern(pattern) is None}

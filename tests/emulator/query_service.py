"""What the services that are written here from the ground up (RDS, ElastiCache) share.

moto gives them routing, the parsing of requests and the writing of answers by botocore's service model; the state and
the rules are ours. The state hangs on moto's backend object, so that moto's own reset empties it.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model

from tests.emulator.errors import AwsError
from tests.emulator.state import STATE

Parameters = dict[str, Any]
Handler = Callable[[Any, Parameters], "dict[str, Any] | None"]

_IDENTIFIER = re.compile(r"[a-zA-Z](-?[a-zA-Z0-9])*")


def now() -> datetime:
    """The time as AWS stamps it."""
    return datetime.now(tz=UTC)


def is_identifier(name: str, longest: int) -> bool:
    """Letters, digits and hyphens, a letter first, no hyphen last, no two in a row."""
    return len(name) <= longest and _IDENTIFIER.fullmatch(name) is not None


@functools.cache
def _statuses(service: str) -> dict[str, int]:
    shapes = get_service_model(service).error_shapes
    return {shape.error_code: int(shape.metadata.get("error", {}).get("httpStatusCode", 400)) for shape in shapes}


def refusal(service: str, code: str, message: str) -> AwsError:
    """The error of a service; the HTTP status comes from its model."""
    return AwsError(code, message, _statuses(service).get(code, 400))


@dataclass
class Context:
    """Where a request goes: the account, the region and what the service keeps there."""

    account_id: str
    region: str
    backend: Any
    store: Any

    def arn(self, service: str, kind: str, name: str) -> str:
        """The ARN of a thing of this account and region."""
        return f"arn:{self.backend.partition}:{service}:{self.region}:{self.account_id}:{kind}:{name}"


@dataclass
class Progressing:
    """Something that takes time to reach a state.

    It stays in the status that it was begun with until the seconds set for its kind are over; with 0 seconds the
    next request already finds it finished, so that the answer of the request itself shows the passing status.
    """

    kind: str
    status: str = "available"
    _since: float = field(default=0.0, repr=False)
    _finish: Callable[[], None] | None = field(default=None, repr=False)

    def begin(self, status: str, finish: Callable[[], None]) -> None:
        """Pass through ``status``; ``finish`` is called when the time is over and sets the status that follows."""
        self.status, self._since, self._finish = status, time.time(), finish

    def settle(self) -> None:
        """Finish what is due."""
        if self._finish is not None and STATE.is_ready(self.kind, self._since):
            finish, self._finish = self._finish, None
            finish()

    def become(self, status: str) -> Callable[[], None]:
        """A ``finish`` that only sets the status."""
        return functools.partial(setattr, self, "status", status)


def plain(value: Any) -> Any:
    """Parameters as boto3 takes them, out of moto's dictionaries."""
    if hasattr(value, "original_dict"):
        value = value.original_dict()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def page(
    service: str, parameters: Parameters, key: str, items: Iterable[dict[str, Any]], most: int = 100
) -> Parameters:
    """One page of a list, with the marker of the next; markers are offsets."""
    found = list(items)
    size = parameters.get("MaxRecords") or min(100, most)
    if not 20 <= size <= most:
        message = f"Invalid value {size} for MaxRecords. Must be between 20 and {most}"
        raise refusal(service, "InvalidParameterValue", message)
    marker = parameters.get("Marker") or "0"
    if not marker.isdigit():
        raise refusal(service, "InvalidParameterValue", f"Invalid marker: {marker}")
    start = int(marker)
    answer: Parameters = {key: found[start : start + size]}
    if start + size < len(found):
        answer["Marker"] = str(start + size)
    return answer


def as_tags(tag_list: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """A list of tags as a dictionary."""
    return {tag["Key"]: tag.get("Value", "") for tag in tag_list or []}


def as_tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A dictionary of tags as AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@dataclass
class Service:
    """Binds handlers to one of moto's response classes."""

    name: str
    response_class: type
    backends: Any
    make_store: Callable[[], Any]
    settle: Callable[[Context], None]

    def context(self, backend: Any) -> Context:
        """The context of one of moto's backends, with everything that is due finished."""
        store = backend.__dict__.setdefault("_emulator_store", None) or self.make_store()
        backend.__dict__["_emulator_store"] = store
        context = Context(backend.account_id, backend.region_name, backend, store)
        self.settle(context)
        return context

    def settle_all(self) -> None:
        """Finish what is due in every account and region."""
        for account in list(self.backends.values()):
            for backend in list(account.values()):
                self.context(backend)

    def bind(self, handlers: Mapping[str, Handler]) -> None:
        """Let the handlers answer the operations (botocore's names) that they are listed for."""
        for operation, handler in handlers.items():
            method = self._method(handler)
            method.__name__ = camelcase_to_underscores(operation)
            setattr(self.response_class, method.__name__, method)

    def withdraw(self, operations: Iterable[str]) -> None:
        """Take operations away that moto would answer from a state of its own, which nothing else here sees."""
        for operation in operations:
            name = camelcase_to_underscores(operation)
            if name in self.response_class.__dict__:
                delattr(self.response_class, name)

    def _method(self, handler: Handler) -> Callable[[Any], ActionResult]:
        def method(response: Any) -> ActionResult:
            context = self.context(self.backends[response.current_account][response.region])
            return ActionResult(handler(context, plain(response.params)))

        return method


def matching(
    items: Iterable[dict[str, Any]],
    filters: Iterable[Mapping[str, Any]] | None,
    fields: Mapping[str, Callable[[dict[str, Any]], Iterable[str]]],
    service: str,
) -> Iterator[dict[str, Any]]:
    """The items that pass all filters; ``fields`` says what a filter's values are compared with."""
    wanted = {entry["Name"]: set(entry.get("Values") or []) for entry in filters or []}
    unknown = sorted(set(wanted) - set(fields))
    if unknown:
        raise refusal(service, "InvalidParameterValue", f"Unrecognized filter name: {unknown[0]}")
    for item in items:
        if all(values & set(fields[name](item)) for name, values in wanted.items()):
            yield item

"""The control endpoints under /_emulator/."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from tests.emulator.calls import Log
from tests.emulator.consistency import Consistency
from tests.emulator.faults import Faults
from tests.emulator.requests import Record
from tests.emulator.state import PROVISIONED_KINDS, STATE

PREFIX = "/_emulator/"


class Control:
    """The settings of one emulator and the requests that read and change them."""

    def __init__(self) -> None:
        self.log = Log()
        self.record = Record()
        self.faults = Faults()
        self.consistency = Consistency()
        self.latency_milliseconds = 0.0
        #: Held while moto works: its backends are not made for threads.
        self.lock: threading.RLock = STATE.lock

    def reset(self) -> None:
        """Everything empty and as at the start."""
        with self.lock:
            _reset_moto()
            STATE.reset()
            self.faults.clear()
            self.consistency.clear()
            self.latency_milliseconds = 0.0
            self.log.clear()
            self.record.clear()
            self.record.is_on = False

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and JSON for a control request."""
        handlers: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
            ("GET", "health"): lambda: {"status": "ok"},
            ("GET", "calls"): lambda: self._calls(query),
            ("DELETE", "calls"): lambda: self._done(self.log.clear),
            ("GET", "latency"): lambda: {"milliseconds": self.latency_milliseconds},
            ("PUT", "latency"): lambda: self._set_latency(_json(body)),
            ("GET", "faults"): lambda: {"rules": self.faults.entries()},
            ("PUT", "faults"): lambda: self._done(lambda: self.faults.set(_field(_json(body), "rules", list))),
            ("DELETE", "faults"): lambda: self._done(self.faults.clear),
            ("GET", "provisioning"): lambda: {kind: STATE.seconds(kind) for kind in PROVISIONED_KINDS},
            ("PUT", "provisioning"): lambda: self._set_provisioning(_json(body)),
            ("GET", "consistency"): lambda: {"seconds": self.consistency.seconds},
            ("PUT", "consistency"): lambda: self._set_consistency(_json(body)),
            ("GET", "containers"): lambda: {"rules": STATE.containers},
            ("PUT", "containers"): lambda: self._set_containers(_json(body)),
            ("GET", "file_systems"): lambda: dict(STATE.file_systems),
            ("PUT", "file_systems"): lambda: self._set_file_systems(_json(body)),
            ("GET", "quotas"): lambda: dict(STATE.quotas),
            ("PUT", "quotas"): lambda: self._set_quotas(_json(body)),
            ("GET", "requests"): lambda: {"requests": self.record.entries()},
            ("PUT", "requests"): lambda: self._set_record(_json(body)),
            ("DELETE", "requests"): lambda: self._done(self.record.clear),
            ("POST", "schedules/fire"): lambda: self._fire(_json(body)),
            ("POST", "reset"): lambda: self._done(self.reset),
        }
        name = path.removeprefix(PREFIX).strip("/")
        handler = handlers.get((method, name))
        if not handler:
            known = any(known_name == name for _unused, known_name in handlers)
            return (405 if known else 404), {"error": f"{method} {path} is no control request"}
        try:
            return 200, handler()
        except ValueError as error:
            return 400, {"error": str(error)}

    @staticmethod
    def _done(action: Callable[[], None]) -> dict[str, Any]:
        action()
        return {"status": "ok"}

    def _calls(self, query: str) -> dict[str, Any]:
        wanted = {key: values[0] for key, values in parse_qs(query).items()}
        unknown = set(wanted) - {"kind", "service", "operation", "region"}
        if unknown:
            raise ValueError(f"calls are filtered by kind, service, operation and region, not by {sorted(unknown)}")
        return {
            "calls": self.log.entries(lambda call: all(getattr(call, key) == value for key, value in wanted.items()))
        }

    def _set_latency(self, body: dict[str, Any]) -> dict[str, Any]:
        self.latency_milliseconds = _seconds(body, "milliseconds")
        return {"milliseconds": self.latency_milliseconds}

    def _set_consistency(self, body: dict[str, Any]) -> dict[str, Any]:
        self.consistency.seconds = _seconds(body, "seconds")
        return {"seconds": self.consistency.seconds}

    def _set_provisioning(self, body: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(body) - set(PROVISIONED_KINDS))
        if unknown:
            raise ValueError(f"unknown kinds {', '.join(unknown)}; known: {', '.join(PROVISIONED_KINDS)}")
        settings = {kind: _seconds(body, kind) for kind in body}
        with self.lock:
            STATE.provisioning.update(settings)
        return {kind: STATE.seconds(kind) for kind in PROVISIONED_KINDS}

    def _set_record(self, body: dict[str, Any]) -> dict[str, Any]:
        self.record.is_on = _field(body, "record", bool)
        return {"record": self.record.is_on}

    def _set_containers(self, body: dict[str, Any]) -> dict[str, Any]:
        rules = _field(body, "rules", list)
        if not all(isinstance(rule, dict) and isinstance(rule.get("image"), str) for rule in rules):
            raise ValueError("every container rule is an object with an image")
        with self.lock:
            STATE.containers[:] = rules
        return {"rules": rules}

    def _set_file_systems(self, body: dict[str, Any]) -> dict[str, Any]:
        if not all(isinstance(size, int) for size in body.values()):
            raise ValueError("every file system has a size in bytes")
        with self.lock:
            STATE.file_systems.update(body)
        return dict(STATE.file_systems)

    def _set_quotas(self, body: dict[str, Any]) -> dict[str, Any]:
        if not all("/" in quota and isinstance(value, int | float) for quota, value in body.items()):
            raise ValueError("every quota is named by service and code, as in vpc/L-F678F1CE, and has a number")
        with self.lock:
            STATE.quotas.update(body)
        return dict(STATE.quotas)

    def _fire(self, body: dict[str, Any]) -> dict[str, Any]:
        # not at the top: it needs moto's backends, which nothing else here does
        from tests.emulator.services.scheduler import fire

        group, name = _field(body, "group", str), _field(body, "name", str)
        with self.lock:
            return fire(group, name, body.get("region", "us-east-1"))


def _reset_moto() -> None:
    """Moto's own reset, without making every backend anew that it then throws away: that took most of the time."""
    from moto.core.base_backend import BaseBackend
    from moto.moto_api._internal.models import moto_api_backend

    original = BaseBackend.reset
    BaseBackend.reset = lambda self: None  # type: ignore[method-assign]
    try:
        moto_api_backend.reset()
    finally:
        BaseBackend.reset = original  # type: ignore[method-assign]


def _json(body: bytes) -> dict[str, Any]:
    content = json.loads(body or b"{}")
    if not isinstance(content, dict):
        raise ValueError("the body is a JSON object")
    return content


def _field(body: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(body.get(name), kind):
        raise ValueError(f"the body needs {name}, a {kind.__name__}")
    return body[name]


def _seconds(body: dict[str, Any], name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} is a number that is not negative")
    return float(value)

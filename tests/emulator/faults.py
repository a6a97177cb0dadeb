"""Failures on order: error answers and connections that are cut."""

from __future__ import annotations

import fnmatch
import threading
from dataclasses import dataclass
from typing import Any

from tests.emulator.calls import Call
from tests.emulator.errors import AwsError

_KEYS = {"service", "operation", "error", "cut", "cut_after", "times", "after"}


@dataclass
class Fault:
    """One rule: which calls it is for, and what becomes of them.

    ``after`` calls that match are let through first, then ``times`` of them fail (None: all).
    """

    service: str
    operation: str
    error: AwsError | None
    cut: bool
    cut_after: bool
    times: int | None
    after: int
    seen: int = 0
    hits: int = 0

    @classmethod
    def parse(cls, rule: dict[str, Any]) -> Fault:
        """A rule from its JSON form; ValueError says what is wrong with it."""
        if not isinstance(rule, dict) or set(rule) - _KEYS:
            raise ValueError(f"a fault has only the keys {', '.join(sorted(_KEYS))}; got {rule!r}")
        error = rule.get("error")
        if error is not None and "code" not in error:
            raise ValueError("the error of a fault needs a code")
        fault = cls(
            service=rule.get("service", "*"),
            operation=rule.get("operation", "*"),
            error=error and AwsError(error["code"], error.get("message", error["code"]), int(error.get("status", 400))),
            cut=bool(rule.get("cut", False)),
            cut_after=bool(rule.get("cut_after", False)),
            times=rule.get("times"),
            after=int(rule.get("after", 0)),
        )
        if [bool(fault.error), fault.cut, fault.cut_after].count(True) != 1:
            raise ValueError("a fault is exactly one of error, cut and cut_after")
        return fault

    def matches(self, call: Call) -> bool:
        return fnmatch.fnmatchcase(call.service, self.service) and fnmatch.fnmatchcase(call.operation, self.operation)

    def strikes(self) -> bool:
        """Count a call that matches, and say whether it fails."""
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True

    def entry(self) -> dict[str, Any]:
        """The JSON form, with how often it matched and struck."""
        error = self.error and {
            "code": self.error.code, "message": self.error.message, "status": self.error.status,
        }  # fmt: skip
        return {
            "service": self.service, "operation": self.operation, "error": error, "cut": self.cut,
            "cut_after": self.cut_after, "times": self.times, "after": self.after,
            "seen": self.seen, "hits": self.hits,
        }  # fmt: skip


class Faults:
    """The rules in their order; the first that strikes wins."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def set(self, rules: list[dict[str, Any]]) -> None:
        parsed = [Fault.parse(rule) for rule in rules]
        with self._lock:
            self._rules = parsed

    def clear(self) -> None:
        self.set([])

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return [rule.entry() for rule in self._rules]

    def strike(self, call: Call) -> Fault | None:
        """The fault that befalls a call, if any."""
        with self._lock:
            return next((rule for rule in self._rules if rule.matches(call) and rule.strikes()), None)

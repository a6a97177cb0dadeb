"""What AWS would refuse: every request that a stack sends, held against AWS's own rules.

``models.py`` holds it against the service models of AWS's SDK, ``documented/`` against what only AWS's documentation
says, ``policies.py`` what IAM policies name against the operations that there are.
"""

from __future__ import annotations

from typing import Any

from tests.rules import documented, models, policies
from tests.rules.requests import Request, World


def problems(recorded: list[dict[str, Any]]) -> list[str]:
    """What AWS would not take of the requests that the embedded AWS recorded, each problem once, in their order."""
    world = World()
    found: dict[str, None] = {}
    for entry in recorded:
        request = Request(**entry)
        for check in (models.problems, policies.problems, documented.problems):
            found.update(dict.fromkeys(f"{request}: {problem}" for problem in check(request, world)))
        world.add(request)
    return list(found)


def record(emulator: Any) -> None:
    """Begin a new record."""
    emulator.control("DELETE", "requests")
    emulator.control("PUT", "requests", {"record": True})


def hold(emulator: Any) -> list[str]:
    """What AWS would not take of all that was asked since ``record``; there must have been something."""
    recorded = emulator.control("GET", "requests")["requests"]
    return problems(recorded) if recorded else ["nothing was recorded"]

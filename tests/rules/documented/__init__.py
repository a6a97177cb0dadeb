"""What AWS's documentation says and its service models do not, as rules: one module an area.

To add one, write a check with ``@rule`` and a docstring that says it, put it into its module's ``RULES``, and give it a
good and a bad request in ``tests/unit/rules/cases``.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.documented import (
    balancing,
    caches,
    containers,
    databases,
    events,
    gateway,
    identity,
    names,
    network,
    secrets,
    storage,
    tags,
    watching,
)
from tests.rules.requests import Request, World

MODULES = (
    tags,
    network,
    balancing,
    containers,
    databases,
    caches,
    identity,
    secrets,
    storage,
    names,
    watching,
    gateway,
    events,
)

RULES = {rule.name: rule for module in MODULES for rule in module.RULES}


def problems(request: Request, world: World) -> Iterator[str]:
    """Which rules a request breaks, with what is wrong and where the rule is written."""
    for rule in RULES.values():
        if rule.concerns(request):
            yield from (f"{problem}. {rule.says} [{rule.source}]" for problem in rule.check(request, world))

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for several resources at once, as the ``wait`` module does it."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils import _ecs_deployment as ecs
from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._waiters import WAITERS, Progress, progress

#: All kinds that can be waited for.
KINDS = (*sorted(WAITERS), "ecs_service")

#: For how long AWS may show nothing of what was just made, or something older.
DOUBT_SECONDS = 60

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 5.0


class Resource(t.NamedTuple):
    """One thing to wait for. task_definition, deployment: what an ECS service shall run."""

    kind: str
    id: str
    task_definition: str = ""
    deployment: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


def look(aws: Aws, resource: Resource) -> Progress:
    """Look at one resource once."""
    if resource.kind == "ecs_service":
        return ecs.deployment_progress(aws, resource.id, resource.task_definition, resource.deployment)
    return progress(aws, resource.kind, resource.id)


def is_done(now: Progress, state: str) -> bool:
    """Whether a resource is where it shall be. Pure."""
    return now.is_ready if state == "ready" else not now.state


def failure(resource: Resource, now: Progress, state: str, waited: float) -> str:
    """What went wrong for good, in words; empty as long as there is hope. Pure."""
    if state == "absent":
        return ""
    if now.has_failed:
        return f"{resource} {'is ' + now.state if now.state != 'failed' else 'failed'}"
    if waited < DOUBT_SECONDS:
        return ""
    if not now.state:
        return f"{resource} does not exist"
    return f"{resource} is not what was asked for" if now.is_doubtful else ""


def watch(
    aws: Aws, resources: list[Resource], state: str, timeout: float, waited: float = 0, poll: float | None = None
) -> dict[str, t.Any]:
    """Wait until all are ``state``, for ``timeout`` seconds of which ``waited`` have gone by.

    poll: after so many seconds, or as soon as something changes, hand back what was seen. Raises WebstackError when a
    resource failed or the time is over.
    """
    begin = time.monotonic()
    pause = FIRST_PAUSE
    first: dict[Resource, Progress] = {}
    seen: dict[Resource, Progress] = {}
    while True:
        for resource in resources:
            # What is done is not asked for again in this call.
            if resource not in seen or not is_done(seen[resource], state):
                seen[resource] = look(aws, resource)
        passed = waited + time.monotonic() - begin
        for resource, now in seen.items():
            fault = failure(resource, now, state, passed)
            if fault:
                raise WebstackError(*_account(aws, resource, now, fault))
        open_ones = [resource for resource, now in seen.items() if not is_done(now, state)]
        if open_ones and passed >= timeout:
            raise _timed_out(aws, open_ones, seen, state, timeout)
        first = first or dict(seen)
        if not open_ones or (poll is not None and (seen != first or time.monotonic() - begin >= poll)):
            return _report(resources, seen, state, passed)
        time.sleep(max(0.0, min(pause, timeout - passed)))
        pause = min(pause * 1.5, LONGEST_PAUSE)


def _report(resources: list[Resource], seen: dict[Resource, Progress], state: str, passed: float) -> dict[str, t.Any]:
    return {
        "done": all(is_done(now, state) for now in seen.values()),
        "seconds": round(passed),
        "resources": [
            {
                "kind": resource.kind,
                "id": resource.id,
                "state": seen[resource].state or "absent",
                "done": is_done(seen[resource], state),
            }
            for resource in resources
        ],
    }


def _account(aws: Aws, resource: Resource, now: Progress, fault: str) -> tuple[str, str]:
    """The whole story of a failure, and the next step where the story does not end with it."""
    if resource.kind == "ecs_service" and now.state:
        facts = ecs.explain(aws, resource.id, resource.task_definition, resource.deployment)
        return ecs.explanation(fault, {**facts, "reason": facts["reason"] or now.reason}), ""
    reason = f": {now.reason.rstrip('.')}" if now.reason else ""
    return f"{fault}{reason}", "mend what AWS names and run again; what was done is kept"


def _timed_out(
    aws: Aws, open_ones: list[Resource], seen: dict[Resource, Progress], state: str, timeout: float
) -> WebstackError:
    still = "; ".join(f"{resource} is {seen[resource].state or 'absent'}" for resource in open_ones)
    what = f"not {state} after {timeout:.0f} s: {still}"
    services = [resource for resource in open_ones if resource.kind == "ecs_service" and seen[resource].state]
    if state == "ready" and services:
        return WebstackError("\n".join([what, *(_account(aws, it, seen[it], str(it))[0] for it in services)]))
    return WebstackError(what, "run again to wait on, or raise the timeout; what was done is kept")

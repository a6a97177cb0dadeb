# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the deployment of an ECS service goes, and why it failed."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._ecs_tasks import (
    log_end,
    next_step,
    short_arn,
    stopped_words,
    task_definition,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._waiters import Progress

Service = dict[str, t.Any]
Deployment = dict[str, t.Any]

#: How many stopped tasks AWS is asked about; it keeps them for an hour.
STOPPED_TASKS = 10
LOG_LINES = 20
EVENTS = 5


def split_identifier(identifier: str) -> tuple[str, str]:
    """``cluster/service`` as its two parts."""
    cluster, slash, service = identifier.partition("/")
    if not slash or not cluster or not service or "/" in service:
        raise WebstackError(f"ecs_service {identifier}: its id is not of the form cluster/service", "mend the id")
    return cluster, service


def read_service(aws: Aws, cluster: str, service: str) -> Service | None:
    """The service, one that is going too; None when there is none, or its cluster is missing."""
    found = aws.read(
        "ecs",
        "describe_services",
        "services",
        missing=("ClusterNotFoundException",),
        cluster=cluster,
        services=[service],
        include=["TAGS"],
    )
    return found[0] if found else None


def deployment_progress(aws: Aws, identifier: str, wanted: str = "", deployment: str = "") -> Progress:
    """Look at a service once. wanted: the task definition that it shall run; deployment: the id of its deployment."""
    cluster, name = split_identifier(identifier)
    aws.subject = f"ecs_service {identifier}"
    service = read_service(aws, cluster, name)
    return judge(service, wanted, deployment) if service else Progress("", False, False, "")


def judge(service: Service, wanted: str = "", deployment: str = "") -> Progress:
    """How a service's deployment goes. Pure.

    A service whose failed deployment was rolled back is steady again; it is a failure all the same. One that runs
    something else without a trace of a failed deployment is doubtful: AWS may not show the newest deployment yet.
    """
    if service["status"] == "INACTIVE":
        return Progress("", False, False, "")
    if service["status"] != "ACTIVE":
        return Progress(service["status"].lower(), False, False, "")
    primary = _primary(service)
    failed = failed_deployment(service, wanted, deployment)
    if failed:
        return Progress("failed", False, True, failed.get("rolloutStateReason", ""))
    if _rolling_back(primary):
        return Progress("rolled back", False, True, primary["rolloutStateReason"])
    state = _in_words(service, primary)
    if wanted and not same_definition(primary["taskDefinition"], wanted):
        reason = f"it runs {short_arn(primary['taskDefinition'])} and not {short_arn(wanted)}"
        return Progress(state, False, False, reason, is_doubtful=True)
    if deployment and primary["id"] != deployment:
        reason = f"its deployment {deployment} was replaced by {primary['id']}"
        return Progress(state, False, False, reason, is_doubtful=True)
    return Progress(state, _is_steady(service, primary), False, "")


def failed_deployment(service: Service, wanted: str = "", deployment: str = "") -> Deployment | None:
    """The deployment that failed: the one asked for, or without that the newest; None when it did not."""
    primary = _primary(service)
    for candidate in service["deployments"]:
        if candidate.get("rolloutState") != "FAILED":
            continue
        if deployment:
            is_it = candidate["id"] == deployment
        else:
            # The same revision may have failed once and be on its way again.
            is_over = candidate["status"] == "PRIMARY" or primary["taskDefinition"] != candidate["taskDefinition"]
            is_it = is_over and (not wanted or same_definition(candidate["taskDefinition"], wanted))
        if is_it:
            return candidate
    return None


def same_definition(arn: str, wanted: str) -> bool:
    """Whether an ARN is that of ``wanted``, which may be ``family:revision``."""
    return arn == wanted or short_arn(arn) == short_arn(wanted)


def explain(aws: Aws, identifier: str, wanted: str = "", deployment: str = "") -> dict[str, t.Any]:
    """What a person needs to know about a deployment that failed or does not come to an end."""
    cluster, name = split_identifier(identifier)
    service = read_service(aws, cluster, name) or {"deployments": [], "taskDefinition": ""}
    failed = failed_deployment(service, wanted, deployment)
    requested = wanted or (failed or {}).get("taskDefinition") or service["taskDefinition"]
    arns = aws.read("ecs", "list_tasks", "taskArns", cluster=cluster, serviceName=name, desiredStatus="STOPPED")
    tasks = aws.read("ecs", "describe_tasks", "tasks", cluster=cluster, tasks=arns[:100]) if arns else []
    tasks = newest([task for task in tasks if same_definition(task["taskDefinitionArn"], requested)])
    log: dict[str, list[str]] = {}
    if tasks:
        definition = task_definition(aws, tasks[0]["taskDefinitionArn"])
        for container in tasks[0].get("containers", []):
            lines = log_end(aws, definition, container["name"], tasks[0], LOG_LINES)
            if lines:
                log[container["name"]] = lines
    return {
        "requested": short_arn(requested),
        "running": short_arn(_primary(service)["taskDefinition"]),
        "reason": (failed or {}).get("rolloutStateReason", ""),
        "stopped_tasks": [{"task_arn": task["taskArn"], "reason": stopped_words(task)} for task in tasks],
        "events": [event["message"] for event in service.get("events", [])[:EVENTS]],
        "log": log,
    }


def explanation(what: str, facts: t.Mapping[str, t.Any]) -> str:
    """The facts of `explain` as text. Pure."""
    reasons = Counter(task["reason"] for task in facts["stopped_tasks"])
    lines = [
        f"{what}{': ' + facts['reason'].rstrip('.') if facts['reason'] else ''}.",
        f"Requested: {facts['requested']}. Running: {facts['running'] or 'nothing'}.",
    ]
    lines += [f"{_tasks(count)} stopped: {reason}." for reason, count in reasons.most_common()]
    if not reasons:
        lines += [f"Event: {message}" for message in facts["events"]]
    for container, log in facts["log"].items():
        lines += [f"Last lines of {container}'s log:", *(f"  {line}" for line in log)]
    said = " ".join([*reasons, *([] if reasons else facts["events"]), facts["reason"]])
    return "\n".join([*lines, f"Next step: {next_step(said)}."])


def newest(tasks: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """The tasks that stopped last, the last first."""
    return sorted(tasks, key=lambda task: str(task.get("stoppedAt", "")), reverse=True)[:STOPPED_TASKS]


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"


def _primary(service: Service) -> Deployment:
    found = (candidate for candidate in service["deployments"] if candidate["status"] == "PRIMARY")
    return next(found, {"id": "", "taskDefinition": service["taskDefinition"], "runningCount": 0, "desiredCount": 0})


def _rolling_back(primary: Deployment) -> bool:
    return bool(re.search(r"rolling back|rolled back", primary.get("rolloutStateReason") or "", re.IGNORECASE))


def _is_steady(service: Service, primary: Deployment) -> bool:
    if primary["runningCount"] != primary["desiredCount"] or primary["desiredCount"] != service["desiredCount"]:
        return False
    # Services with another deployment controller have no rollout state.
    return primary.get("rolloutState", "COMPLETED") == "COMPLETED"


def _in_words(service: Service, primary: Deployment) -> str:
    """For instance ``deploying shop:7, 1 of 2 running, 1 pending, 2 failed, 1 old running``."""
    if _is_steady(service, primary):
        return f"steady, {primary['runningCount']} running"
    words = [
        f"deploying {short_arn(primary['taskDefinition'])}",
        f"{primary['runningCount']} of {primary['desiredCount']} running",
    ]
    if primary.get("pendingCount"):
        words.append(f"{primary['pendingCount']} pending")
    if primary.get("failedTasks"):
        words.append(f"{primary['failedTasks']} failed")
    old = sum(other["runningCount"] for other in service["deployments"] if other is not primary)
    if old:
        words.append(f"{old} old running")
    return ", ".join(words)

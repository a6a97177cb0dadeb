# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running one ECS task to its end."""

from __future__ import annotations

import time
import typing as t
import uuid

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._compare import compare
from ansible_collections.webstack.aws.plugins.module_utils._ecs_tasks import (
    exit_codes,
    log_end,
    next_step,
    short_arn,
    stopped_words,
    task_definition,
    task_id,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import shorten
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Entry, entry
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list

Task = dict[str, t.Any]

#: How long a task's name in the plan can be, which ends with its commands.
LONGEST_PLAN_NAME = 100

#: What AWS says while it does not see a role yet that was just made.
ROLE_NOT_SEEN = r"(?i)role is not valid|unable to assume|verify that the .*role"

#: Letters, digits, hyphens, slashes and underscores are all that RunTask takes: Amazon ECS API, RunTask, startedBy.
STARTED_BY = "webstack"
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 6.0


def request(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The module's options as RunTask's arguments. The token makes that a repeated call runs nothing twice."""
    arguments: dict[str, t.Any] = {
        "cluster": options["cluster"],
        "taskDefinition": options["task_definition"],
        "count": 1,
        "clientToken": options.get("client_token") or str(uuid.uuid4()),
        "startedBy": options.get("started_by") or STARTED_BY,
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": options["subnets"],
                "securityGroups": options.get("security_groups") or [],
                "assignPublicIp": "ENABLED" if options.get("assign_public_ip") else "DISABLED",
            }
        },
        "enableECSManagedTags": True,
    }
    if options.get("capacity_provider"):
        arguments["capacityProviderStrategy"] = [{"capacityProvider": options["capacity_provider"], "weight": 1}]
    else:
        arguments["launchType"] = "FARGATE"
    if options.get("platform_version"):
        arguments["platformVersion"] = options["platform_version"]
    if options.get("enable_execute_command"):
        arguments["enableExecuteCommand"] = True
    if options.get("tags"):
        arguments["tags"] = tags_to_list(tags_to_dict(options["tags"]), "key", "value")
    overrides = _overrides(options)
    if overrides:
        arguments["overrides"] = overrides
    return arguments


def _overrides(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    containers = []
    for given in options.get("container_overrides") or []:
        container: dict[str, t.Any] = {"name": given["name"]}
        if given.get("command") is not None:
            container["command"] = given["command"]
        if given.get("environment"):
            container["environment"] = [
                {"name": name, "value": str(value)} for name, value in sorted(given["environment"].items())
            ]
        containers.append(container)
    overrides: dict[str, t.Any] = {"containerOverrides": containers} if containers else {}
    for option, argument in (
        ("cpu", "cpu"),
        ("memory", "memory"),
        ("execution_role_arn", "executionRoleArn"),
        ("task_role_arn", "taskRoleArn"),
    ):
        if options.get(option):
            overrides[argument] = str(options[option])
    return overrides


def planned(aws: Aws, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What check mode returns: a task that was not started."""
    cluster = options["cluster"].rsplit("/", 1)[-1]
    task = {
        "task_arn": placeholder_arn("ecs", aws.region, f"task/{cluster}/{'0' * 32}"),
        "last_status": "PENDING",
    }
    aws.plan.append(plan_entry(options, task))
    return {"task": task, "exit_codes": {}, "log": {}}


def plan_entry(options: t.Mapping[str, t.Any], task: t.Any = None) -> Entry:
    """What the plan says of the task: its family, without a revision, and the commands that are its own."""
    family = short_arn(options["task_definition"]).partition(":")[0]
    commands = {
        f"container_overrides.{given['name']}.command": given["command"]
        for given in options.get("container_overrides") or []
        if given.get("command") is not None
    }
    words = " ".join([family, *(str(word) for command in commands.values() for word in command)])
    return entry("ecs_task", shorten(words, LONGEST_PLAN_NAME), "create", compare({}, commands), result=task)


def run_task(aws: Aws, options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Run a task, and wait for its end where that is wanted. Raises WebstackError when it fails."""
    aws.subject = f"ecs_task of {short_arn(options['task_definition'])}"
    answer = aws.write("ecs", "run_task", propagating=ROLE_NOT_SEEN, **request(options))
    if answer.get("failures") or not answer.get("tasks"):
        reasons = "; ".join(
            " ".join(filter(None, (fault.get("reason"), fault.get("detail")))) for fault in answer.get("failures", [])
        )
        raise WebstackError(f"{aws.subject} was not started: {reasons or 'AWS gives no reason'}", next_step(reasons))
    task = answer["tasks"][0]
    aws.plan.append(plan_entry(options))
    if not options["wait"]:
        return {"task": _result(task), "exit_codes": {}, "log": {}}
    task = _wait_stopped(aws, options["cluster"], task, options["timeout"])
    definition = task_definition(aws, task["taskDefinitionArn"])
    codes = exit_codes(task)
    log = {name: log_end(aws, definition, name, task, options["log_lines"]) for name in codes}
    log = {name: lines for name, lines in log.items() if lines}
    decisive = options.get("container") or deciding_container(definition, task)
    if codes.get(decisive) != 0:
        raise WebstackError(failure(aws.subject, task, decisive, log))
    return {"task": _result(task), "exit_codes": codes, "log": log}


def deciding_container(definition: t.Mapping[str, t.Any], task: Task) -> str:
    """The container whose exit code is the task's: the first of the definition, as AWS lists a task's in no order."""
    for container in [*definition.get("containerDefinitions", []), *task.get("containers", [])]:
        return container["name"]
    return ""


def failure(subject: str, task: Task, container: str, log: t.Mapping[str, list[str]]) -> str:
    """The whole story of a task that failed. Pure."""
    words = stopped_words(task)
    lines = [f"{subject} failed: {words}. Task: {task_id(task)}."]
    # The container that decides comes first: its log says most.
    for name in sorted(log, key=lambda name: name != container):
        lines += [f"Last lines of {name}'s log:", *(f"  {line}" for line in log[name])]
    return "\n".join([*lines, f"Next step: {next_step(words)}."])


def _wait_stopped(aws: Aws, cluster: str, task: Task, timeout: float) -> Task:
    deadline = time.monotonic() + timeout
    pause = FIRST_PAUSE
    while task.get("lastStatus") != "STOPPED":
        if time.monotonic() > deadline:
            raise WebstackError(
                f"{aws.subject}: task {task_id(task)} is {task.get('lastStatus', 'missing').lower()} after {timeout} s",
                "it runs on: read its log, then raise the timeout or stop the task",
            )
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        # A task that was just started may not be shown yet.
        found = aws.read("ecs", "describe_tasks", "tasks", cluster=cluster, tasks=[task["taskArn"]])
        task = found[0] if found else task
    return task


def _result(task: Task) -> dict[str, t.Any]:
    shapes = {key: value for key, value in task.items() if key != "tags"}
    return {**camel_dict_to_snake_dict(shapes), "tags": tags_to_dict(task.get("tags"))}

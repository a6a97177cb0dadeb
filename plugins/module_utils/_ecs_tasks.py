# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of ECS tasks: exit codes, reasons in plain words, the end of their logs, and what to do next."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError

Task = dict[str, t.Any]

#: What to do, by what AWS says; the first that matches counts.
NEXT_STEPS: tuple[tuple[str, str], ...] = (
    (
        r"CannotPullContainer.*(not found|manifest unknown|repository does not exist|no such)",
        "check that the image exists under this name and tag, and push it if not",
    ),
    (
        r"CannotPullContainer.*(toomanyrequests|rate limit)",
        "the registry limits anonymous pulls: copy the image to the stack's own ECR repository",
    ),
    (
        r"CannotPullContainer.*(platform|exec format)",
        "build the image for the task's CPU architecture, or change the architecture",
    ),
    (
        r"CannotPullContainer",
        "let the tasks reach the registry: a NAT gateway, a public IP, or the endpoints ecr.api, ecr.dkr and s3; "
        "for ECR the execution role must be allowed to pull",
    ),
    (
        r"ResourceInitializationError.*(did not contain json key|invalid character|parse)",
        "add the key that the container's secrets name to the secret",
    ),
    (
        r"failed to download env files",
        "check that the environment file exists in S3, and allow the execution role s3:GetObject on it and "
        "s3:GetBucketLocation on its bucket",
    ),
    (
        r"access denied by server while mounting",
        "allow the task role elasticfilesystem:ClientMount on the file system through the access point, and mount it "
        "with IAM and TLS as the file system's policy wants",
    ),
    (
        r"ResourceInitializationError.*(AccessDenied|not authorized)",
        "allow the execution role what AWS names (secretsmanager:GetSecretValue, kms:Decrypt, logs:CreateLogGroup)",
    ),
    (
        r"ResourceInitializationError.*(secret|ssm|parameter)",
        "check that the secret exists, and let the tasks reach Secrets Manager: a NAT gateway, a public IP or the "
        "endpoint secretsmanager",
    ),
    (
        r"ResourceInitializationError.*log",
        "make the log group, and let the tasks reach CloudWatch Logs: a NAT gateway, a public IP or the endpoint logs",
    ),
    (
        r"ResourceInitializationError.*(EFS|mount)",
        "check the file system's mount targets in the tasks' zones and that its security group takes port 2049",
    ),
    (r"OutOfMemory|exit code 137", "give the task more memory, or find out in the log what uses it"),
    (
        r"failed container health checks",
        "try the health check's command in the image; a slow start needs a longer start_period",
    ),
    (
        r"failed ELB health checks|Target\.|Health checks failed",
        "check the health check's path and port, that the security group lets the load balancer in, and the "
        "health check grace period",
    ),
    (r"exit code (126|127)", "check the container's command: the image has no such program"),
    (r"exec format error", "build the image for the task's CPU architecture, or change the architecture"),
    (r"Capacity is unavailable|SpotInterruption|Spot", "try again later, or use FARGATE beside FARGATE_SPOT"),
    (r"exit code|Essential container", "read the log's end: the application stopped by itself"),
)
NEXT_STEP = "look at the stopped tasks and events of the service in the ECS console"


def next_step(text: str) -> str:
    """What to do about what AWS says in ``text``."""
    for pattern, step in NEXT_STEPS:
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            return step
    return NEXT_STEP


def task_id(task: Task) -> str:
    """The id of a task: the end of its ARN."""
    return task["taskArn"].rsplit("/", 1)[-1]


def exit_codes(task: Task) -> dict[str, int | None]:
    """The exit code of every container; None for one that never ran to an end."""
    return {container["name"]: container.get("exitCode") for container in task.get("containers", [])}


def stopped_words(task: Task) -> str:
    """Why a task stopped, in one sentence."""
    reason = task.get("stoppedReason") or "stopped without a reason"
    parts = [reason]
    for container in task.get("containers", []):
        facts = []
        if container.get("exitCode") is not None:
            facts.append(f"exit code {container['exitCode']}")
        if container.get("reason") and container["reason"] not in reason:
            facts.append(container["reason"])
        if container.get("healthStatus") == "UNHEALTHY":
            facts.append("unhealthy")
        if facts:
            parts.append(f"container {container['name']}: {', '.join(facts)}")
    return "; ".join(part.rstrip(".") for part in parts)


def log_place(definition: t.Mapping[str, t.Any], container: str, task: Task) -> tuple[str, str] | None:
    """Group and stream of a container's log; None when it does not log to CloudWatch under a prefix."""
    for candidate in definition.get("containerDefinitions", []):
        log = candidate.get("logConfiguration") or {}
        options = log.get("options") or {}
        if candidate["name"] == container and log.get("logDriver") == "awslogs" and "awslogs-stream-prefix" in options:
            return options["awslogs-group"], f"{options['awslogs-stream-prefix']}/{container}/{task_id(task)}"
    return None


def log_end(aws: Aws, definition: t.Mapping[str, t.Any], container: str, task: Task, lines: int) -> list[str]:
    """The last lines that a container wrote. What keeps it from being read is said instead, and hides no failure."""
    place = log_place(definition, container, task)
    if place is None or lines < 1:
        return []
    try:
        answer = aws.read(
            "logs",
            "get_log_events",
            "events",
            missing=("ResourceNotFoundException",),
            logGroupName=place[0],
            logStreamName=place[1],
            limit=lines,
            startFromHead=False,
        )
    except AwsError as error:
        return [f"(the log {place[0]} {place[1]} could not be read: {error.code}: {error.reason})"]
    return [event["message"].rstrip("\n") for event in answer or []][-lines:]


def task_definition(aws: Aws, name: str) -> dict[str, t.Any]:
    """A task definition by family, revision or ARN; empty when there is none."""
    found = aws.read(
        "ecs", "describe_task_definition", "taskDefinition", missing=("ClientException",), taskDefinition=name
    )
    return found or {}


def short_arn(arn: str) -> str:
    """A task definition as ``family:revision``."""
    return arn.rsplit("/", 1)[-1]

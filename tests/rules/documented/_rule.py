"""What a rule is, and what the rules share."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.rules.requests import Request, World

Check = Callable[[Request, World], Iterator[str]]

_API = {
    "acm": "acm/latest/APIReference/API_{}.html",
    "apigatewayv2": "apigateway/latest/developerguide/{}.html",
    "application-autoscaling": "autoscaling/application/APIReference/API_{}.html",
    "cloudtrail": "awscloudtrail/latest/APIReference/API_{}.html",
    "cloudwatch": "AmazonCloudWatch/latest/APIReference/API_{}.html",
    "dynamodb": "amazondynamodb/latest/APIReference/API_{}.html",
    "ec2": "AWSEC2/latest/APIReference/API_{}.html",
    "ecr": "AmazonECR/latest/APIReference/API_{}.html",
    "ecs": "AmazonECS/latest/APIReference/API_{}.html",
    "efs": "efs/latest/ug/API_{}.html",
    "elasticache": "AmazonElastiCache/latest/APIReference/API_{}.html",
    "elbv2": "elasticloadbalancing/latest/APIReference/API_{}.html",
    "iam": "IAM/latest/APIReference/API_{}.html",
    "logs": "AmazonCloudWatchLogs/latest/APIReference/API_{}.html",
    "rds": "AmazonRDS/latest/APIReference/API_{}.html",
    "route53": "Route53/latest/APIReference/API_{}.html",
    "s3": "AmazonS3/latest/API/API_{}.html",
    "scheduler": "scheduler/latest/APIReference/API_{}.html",
    "secretsmanager": "secretsmanager/latest/apireference/API_{}.html",
    "sns": "sns/latest/api/API_{}.html",
    "sqs": "AWSSimpleQueueService/latest/APIReference/API_{}.html",
    "ssm": "systems-manager/latest/APIReference/API_{}.html",
    "xray": "xray/latest/api/API_{}.html",
}


@dataclass(frozen=True)
class Rule:
    """A rule that AWS's documentation states and its service models do not."""

    name: str
    operations: tuple[str, ...]
    says: str
    source: str
    check: Check

    def concerns(self, request: Request) -> bool:
        return any(fnmatchcase(str(request), operation) for operation in self.operations)


def rule(*operations: str, source: str) -> Callable[[Check], Rule]:
    """Make a rule of a check whose docstring says it; ``operations`` are service:Operation, or patterns of that."""

    def make(check: Check) -> Rule:
        says = " ".join((inspect.getdoc(check) or "").split())
        return Rule(check.__name__.replace("_", "-"), operations, says, source, check)

    return make


def page(path: str) -> str:
    """A page of AWS's documentation."""
    return f"https://docs.aws.amazon.com/{path}"


def api(service: str, operation: str) -> str:
    """The page of an operation in the API reference."""
    return page(_API[service].format(operation))


def text_problem(what: str, text: str | None, pattern: str, longest: int | None = None) -> Iterator[str]:
    """``text`` as a whole must match ``pattern`` and be no longer than ``longest``; nothing is not looked at."""
    if text is None:
        return
    if longest is not None and len(text) > longest:
        yield f"{what} has {len(text)} characters"
    if not re.fullmatch(pattern, text, re.DOTALL):
        yield f"{what} is {text!r}"


def range_problem(what: str, number: float | None, least: float, most: float) -> Iterator[str]:
    """``number`` must lie between ``least`` and ``most``; nothing is not looked at."""
    if number is not None and not least <= number <= most:
        yield f"{what} is {number}"


@functools.cache
def document(text: str) -> Any:
    """A JSON document; None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_list(value: Any) -> list[Any]:
    """What may be one or many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

"""The policies that requests bring: every action that they name exists, and every resource can be one that it is on.

An action mostly bears the name of an operation of its service; where the two differ, the Service Authorization
Reference says so: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import botocore.session

from tests.rules.documented._rule import as_list, document
from tests.rules.requests import Request, World

#: Prefixes of actions that are not botocore's name of their service.
_SERVICES = {
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "tag": ("resourcegroupstaggingapi",),
}

#: Actions that are no operation.
_ACTIONS: dict[str, set[str]] = {
    "apigateway": {"DELETE", "GET", "PATCH", "POST", "PUT"},
    "dynamodb": {"ConditionCheckItem", "PartiQLDelete", "PartiQLInsert", "PartiQLSelect", "PartiQLUpdate"},
    "elasticfilesystem": {"ClientMount", "ClientRootAccess", "ClientWrite"},
    "iam": {"PassRole"},
    "lambda": {"InvokeFunction"},
    "rds-db": {"connect"},
    "s3": {
        "DeleteObjectVersion", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetObjectVersion",
        "GetBucketPublicAccessBlock", "ListAllMyBuckets", "ListBucket", "ListBucketMultipartUploads",
        "ListBucketVersions", "ListMultipartUploadParts", "PutBucketPublicAccessBlock", "PutEncryptionConfiguration",
        "PutLifecycleConfiguration",
    },
    "ssmmessages": {"CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"},
}  # fmt: skip

#: Operations that are no action: what they do is allowed by others.
_NO_ACTIONS: dict[str, set[str]] = {
    "dynamodb": {"BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction", "TransactGetItems",
                 "TransactWriteItems"},
    "lambda": {"Invoke"},
    "s3": {
        "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteBucketLifecycle", "DeleteObjects",
        "DeletePublicAccessBlock", "GetBucketEncryption", "GetBucketLifecycleConfiguration", "GetPublicAccessBlock",
        "HeadBucket", "HeadObject", "ListBuckets", "ListMultipartUploads", "ListObjectVersions", "ListObjects",
        "ListObjectsV2", "ListParts", "PutBucketEncryption", "PutBucketLifecycleConfiguration", "PutPublicAccessBlock",
        "UploadPart", "UploadPartCopy",
    },
    "sns": {"PublishBatch"},
    "sqs": {"ChangeMessageVisibilityBatch", "DeleteMessageBatch", "SendMessageBatch"},
}  # fmt: skip

#: Actions that are on no resource: only * allows them.
_ON_EVERYTHING = {
    "ecr:GetAuthorizationToken",
    "s3:ListAllMyBuckets",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    "cloudwatch:PutMetricData",
}

#: Services of ARNs on which actions of another prefix are allowed.
_RESOURCES_OF = {"rds-db": "rds-db", "tag": "*", "apigateway": "apigateway"}

_OPERATORS = (
    "ArnEquals|ArnLike|ArnNotEquals|ArnNotLike|BinaryEquals|Bool|DateEquals|DateGreaterThan|DateGreaterThanEquals|"
    "DateLessThan|DateLessThanEquals|DateNotEquals|IpAddress|NotIpAddress|Null|NumericEquals|NumericGreaterThan|"
    "NumericGreaterThanEquals|NumericLessThan|NumericLessThanEquals|NumericNotEquals|StringEquals|"
    "StringEqualsIgnoreCase|StringLike|StringNotEquals|StringNotEqualsIgnoreCase|StringNotLike"
)
_ARN = re.compile(r"arn:aws[\w-]*:([a-z0-9-]+):([a-z0-9*-]*):(\d{12}|aws|\*|):(\S+)")
#: Services whose ARNs have no region, and those that have no account either.
_WITHOUT_REGION = {"iam", "s3", "route53", "cloudfront"}
_WITHOUT_ACCOUNT = {"s3", "route53", "apigateway"}


def problems(request: Request, _world: World) -> Iterator[str]:
    """What no policy can mean."""
    for name, policy in _policies(request.parameters):
        for statement in as_list(policy.get("Statement")):
            yield from (f"{name}, {statement.get('Sid', 'statement')}: {problem}" for problem in _problems(statement))


def _policies(value: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The policies in a request's parameters, wherever they are."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _policies(item, key)
    elif isinstance(value, str) and "policy" in name.lower():
        policy = document(value)
        if isinstance(policy, dict) and "Statement" in policy:
            yield name, policy


def _problems(statement: dict[str, Any]) -> Iterator[str]:
    actions = [action for name in ("Action", "NotAction") for action in as_list(statement.get(name)) if action != "*"]
    resources = [resource for name in ("Resource", "NotResource") for resource in as_list(statement.get(name))]
    for action in actions:
        prefix, _colon, name = action.partition(":")
        if not any(fnmatchcase(known, name) for known in known_actions(prefix)):
            yield f"there is no action {action}"
    for resource in resources:
        yield from _resource_problems(resource)
    if statement.get("Effect") == "Allow" and resources:
        yield from (problem for action in actions for problem in _reach_problems(action, resources))
    for operator, conditions in statement.get("Condition", {}).items():
        if not re.fullmatch(rf"(ForAllValues:|ForAnyValue:)?({_OPERATORS})(IfExists)?", operator):
            yield f"there is no condition {operator}"
        for key in conditions:
            if not re.fullmatch(r"[a-zA-Z0-9-]+:\S+", key):
                yield f"{key} is no key of a condition"


@functools.cache
def known_actions(prefix: str) -> frozenset[str]:
    """The actions with a prefix."""
    session = botocore.session.Session()
    services = _SERVICES.get(prefix, (prefix,))
    operations = {
        operation
        for service in services
        if service in session.get_available_services() and prefix not in ("apigateway",)
        for operation in session.get_service_model(service).operation_names
    }
    return frozenset((operations - _NO_ACTIONS.get(prefix, set())) | _ACTIONS.get(prefix, set()))


def _resource_problems(resource: str) -> Iterator[str]:
    if resource == "*":
        return
    arn = _ARN.fullmatch(resource)
    if arn is None:
        yield f"{resource} is no ARN"
        return
    service, region, account = arn[1], arn[2], arn[3]
    if bool(region) == (service in _WITHOUT_REGION) or bool(account) == (service in _WITHOUT_ACCOUNT):
        yield f"{resource} has region {region!r} and account {account!r}"


def _reach_problems(action: str, resources: list[str]) -> Iterator[str]:
    """Actions that a statement allows on resources that they are never on, so that it allows nothing."""
    prefix, _colon, name = action.partition(":")
    if action in _ON_EVERYTHING:
        if "*" not in resources:
            yield f"{action} is on * only"
        return
    service = _RESOURCES_OF.get(prefix, prefix)
    arns = [arn for resource in resources if (arn := _ARN.fullmatch(resource))]
    reached = [arn for arn in arns if service in ("*", arn[1])]
    if "*" in resources or not arns:
        return
    if not reached:
        yield f"{action} is on none of {', '.join(resources)}"
    elif prefix == "s3" and "*" not in name:
        is_on_objects = "Object" in name or name in ("AbortMultipartUpload", "ListMultipartUploadParts")
        if not any(("/" in arn[4]) == is_on_objects for arn in reached):
            yield f"{action} is on {'objects' if is_on_objects else 'buckets'} only"

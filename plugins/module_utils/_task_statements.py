# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a service says that it uses to the IAM statements of its task role. Pure.

The actions are those of the Service Authorization Reference of Amazon S3, DynamoDB, Elastic File System, X-Ray and
Systems Manager Session Manager.
"""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

Options = dict[str, t.Any]
Statement = dict[str, t.Any]

#: What a service may say of a bucket or table that it uses.
ACCESS = ("read", "write", "read_write")

#: Who makes a bucket or table that this collection does not.
APPLICATION = "application"

BUCKET_READ = ["s3:GetBucketLocation", "s3:ListBucket"]
BUCKET_WRITE = ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"]
OBJECT_READ = ["s3:GetObject"]
OBJECT_WRITE = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
#: For an application that makes its bucket itself, and sees whether it is there already.
BUCKET_MAKE = [
    "s3:CreateBucket",
    "s3:GetBucketLocation",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucket",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
]

TABLE_READ = [
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
]
TABLE_WRITE = [
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
]
TABLE_MAKE = [
    "dynamodb:CreateTable",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeTable",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:ListTagsOfResource",
    "dynamodb:TagResource",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTimeToLive",
]

#: With a KMS key of the user's: S3 and DynamoDB use it with the rights of whoever calls them.
OBJECT_KEY_READ = ["kms:Decrypt"]
OBJECT_KEY_WRITE = ["kms:Decrypt", "kms:GenerateDataKey"]
TABLE_KEY = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]

#: What the collector needs to send traces; AWS knows no resource for these.
TRACING = [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
]

#: The channels of a session of ECS Exec; AWS knows no resource for them.
EXEC = [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
]


class Things(t.NamedTuple):
    """What there is to use, by key: buckets and tables with ``arn``, ``managed_by`` and ``kms_key_arn`` (that of the
    key or its alias, where it is the user's), file systems with ``arn`` and ``access_points``, each with ``arn``,
    ``uid`` and ``gid``."""

    buckets: t.Mapping[str, t.Any] = {}
    tables: t.Mapping[str, t.Any] = {}
    file_systems: t.Mapping[str, t.Any] = {}


def task_statements(service: Options, things: Things, use_exec: bool = False) -> list[Statement]:
    """The statements of one service: what it uses, what it mounts, its tracing, ECS Exec, and its own last."""
    uses = service.get("uses") or {}
    statements: list[Statement] = []
    for key, access in (uses.get("buckets") or {}).items():
        statements += _bucket(_find("bucket", key, things.buckets), access)
    for key, access in (uses.get("tables") or {}).items():
        statements += _table(_find("table", key, things.tables), access)
    statements += _mounts(service.get("mounts") or {}, things.file_systems)
    if service.get("tracing") is not None:
        statements.append(_allow(TRACING, "*"))
    if use_exec if service.get("exec") is None else service["exec"]:
        statements.append(_allow(EXEC, "*"))
    return [*statements, *(service.get("policy_statements") or [])]


def _bucket(bucket: Options, access: str) -> list[Statement]:
    arn = bucket["arn"]
    on_bucket = _union(access, BUCKET_READ, BUCKET_WRITE)
    if bucket.get("managed_by") == APPLICATION:
        on_bucket = sorted({*on_bucket, *BUCKET_MAKE})
    return [
        _allow(on_bucket, arn),
        _allow(_union(access, OBJECT_READ, OBJECT_WRITE), f"{arn}/*"),
        *_key(bucket.get("kms_key_arn"), _union(access, OBJECT_KEY_READ, OBJECT_KEY_WRITE), "s3"),
    ]


def _table(table: Options, access: str) -> list[Statement]:
    arn = table["arn"]
    actions = _union(access, TABLE_READ, TABLE_WRITE)
    made = [_allow(TABLE_MAKE, arn)] if table.get("managed_by") == APPLICATION else []
    return [*made, _allow(actions, [arn, f"{arn}/index/*"]), *_key(table.get("kms_key_arn"), TABLE_KEY, "dynamodb")]


def _key(arn: str | None, actions: list[str], service: str) -> list[Statement]:
    """That a key of the user's may be used, by way of the service that it encrypts for, and in no other."""
    if not arn:
        return []
    beginning, is_alias, alias = arn.partition(":alias/")
    statement = _allow(actions, f"{beginning}:key/*" if is_alias else arn)
    statement["Condition"] = {"StringEquals": {"kms:ViaService": f"{service}.{arn.split(':')[3]}.amazonaws.com"}}
    if is_alias:
        # IAM knows a key by its own ARN only.
        statement["Condition"]["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": f"alias/{alias}"}
    return [statement]


def _mounts(mounts: Options, file_systems: t.Mapping[str, t.Any]) -> list[Statement]:
    statements: list[Statement] = []
    for mount in mounts.values():
        file_system = _find("file system", mount["file_system"], file_systems)
        actions = ["elasticfilesystem:ClientMount"]
        if not mount.get("read_only"):
            actions.append("elasticfilesystem:ClientWrite")
        # A new file system is root's, so that only root can begin to write in it as a whole.
        needs_root = not mount.get("read_only")
        access_point: t.Mapping[str, t.Any] = {}
        if mount.get("access_point"):
            access_point = _find("access point", mount["access_point"], file_system["access_points"])
            needs_root = 0 in (access_point.get("uid"), access_point.get("gid"))
        if needs_root:
            # Without this EFS takes root for nobody, also where an access point makes root of everybody.
            actions.append("elasticfilesystem:ClientRootAccess")
        statement = _allow(actions, file_system["arn"])
        if access_point:
            statement["Condition"] = {"StringEquals": {"elasticfilesystem:AccessPointArn": access_point["arn"]}}
        if statement not in statements:
            statements.append(statement)
    return statements


def _find(what: str, key: str, things: t.Mapping[str, t.Any]) -> t.Any:
    if key not in things:
        raise WebstackError(
            f"there is no {what} {key}", f"one of {', '.join(things) or 'none'}, or add it to the stack"
        )
    return things[key]


def _union(access: str, read: list[str], write: list[str]) -> list[str]:
    return sorted({*(read if access != "write" else ()), *(write if access != "read" else ())})


def _allow(actions: list[str], resource: str | list[str]) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}

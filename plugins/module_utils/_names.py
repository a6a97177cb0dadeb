# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names: what each service accepts, and how a derived name that is too long is shortened, the same way everywhere."""

from __future__ import annotations

import hashlib
import json
import re
import typing as t


class NameRule(t.NamedTuple):
    """What AWS accepts as a name: longest length, pattern of the whole, the rule in words, and where AWS says so."""

    length: int
    pattern: str
    words: str
    source: str


NAME_RULES = {
    "load_balancer": NameRule(
        32,
        r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?",
        "letters, digits and hyphens, no hyphen at either end, not beginning with internal-",
        "Elastic Load Balancing API, CreateLoadBalancer, Name",
    ),
    "target_group": NameRule(
        32,
        r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?",
        "letters, digits and hyphens, no hyphen at either end",
        "Elastic Load Balancing API, CreateTargetGroup, Name",
    ),
    "rds_instance": NameRule(
        63,
        r"[A-Za-z](?:-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, beginning with a letter, not ending with a hyphen",
        "Amazon RDS API, CreateDBInstance, DBInstanceIdentifier",
    ),
    "rds_parameter_group": NameRule(
        255,
        r"[A-Za-z](?:-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, beginning with a letter, not ending with a hyphen",
        "Amazon RDS API, CreateDBParameterGroup, DBParameterGroupName",
    ),
    "rds_cluster_parameter_group": NameRule(
        255,
        r"[A-Za-z](?:-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, beginning with a letter, not ending with a hyphen",
        "Amazon RDS API, CreateDBClusterParameterGroup, DBClusterParameterGroupName",
    ),
    "rds_cluster": NameRule(
        63,
        r"[A-Za-z](?:-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, beginning with a letter, not ending with a hyphen",
        "Amazon RDS API, CreateDBCluster, DBClusterIdentifier",
    ),
    "rds_subnet_group": NameRule(
        255,
        r"(?i:(?!default$))[A-Za-z0-9 ._-]+",
        "letters, digits, spaces and ._-, not the word default",
        "Amazon RDS API, CreateDBSubnetGroup, DBSubnetGroupName",
    ),
    "elasticache_replication_group": NameRule(
        40,
        r"[A-Za-z](?:-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, beginning with a letter, not ending with a hyphen",
        "Amazon ElastiCache API, CreateReplicationGroup, ReplicationGroupId",
    ),
    "elasticache_parameter_group": NameRule(
        255,
        r"[A-Za-z](?:-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, beginning with a letter, not ending with a hyphen",
        "Amazon ElastiCache API, CreateCacheParameterGroup, CacheParameterGroupName",
    ),
    "elasticache_subnet_group": NameRule(
        255,
        r"[A-Za-z0-9-]+",
        "letters, digits and hyphens",
        "Amazon ElastiCache API, CreateCacheSubnetGroup, CacheSubnetGroupName",
    ),
    "efs_file_system": NameRule(
        64,
        r"[\x21-\x7e]+",
        "letters, digits and signs without spaces",
        "Amazon EFS API, CreateFileSystem, CreationToken",
    ),
    "dynamodb_table": NameRule(
        255,
        r"(?=.{3,})[A-Za-z0-9_.-]+",
        "3 to 255 letters, digits and _.-",
        "Amazon DynamoDB API, CreateTable, TableName",
    ),
    "iam_user": NameRule(64, r"[\w+=,.@-]+", "letters, digits and _+=,.@-", "IAM API, CreateUser, UserName"),
    "iam_role": NameRule(64, r"[\w+=,.@-]+", "letters, digits and _+=,.@-", "IAM API, CreateRole, RoleName"),
    "ecs_service": NameRule(
        255, r"[A-Za-z0-9_-]+", "letters, digits, underscores and hyphens", "Amazon ECS API, CreateService, serviceName"
    ),
    "ecs_cluster": NameRule(
        255, r"[A-Za-z0-9_-]+", "letters, digits, underscores and hyphens", "Amazon ECS API, CreateCluster, clusterName"
    ),
    "s3_bucket": NameRule(
        63,
        r"(?=.{3,})(?!xn--|.*\.\.|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]*[a-z0-9]",
        "3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit",
        "Amazon S3 User Guide, Bucket naming rules",
    ),
    "ecr_repository": NameRule(
        256,
        r"(?=.{2,})[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*",
        "2 to 256 lower-case letters and digits, parted by . _ - or /",
        "Amazon ECR API, CreateRepository, repositoryName",
    ),
    "secret": NameRule(
        512, r"[\w/+=.@-]+", "letters, digits and /_+=.@-", "AWS Secrets Manager API, CreateSecret, Name"
    ),
    "sns_topic": NameRule(
        256, r"[\w-]+", "letters, digits, underscores and hyphens", "Amazon SNS API, CreateTopic, Name"
    ),
    "schedule": NameRule(
        64,
        r"[0-9A-Za-z_.-]+",
        "letters, digits, hyphens, underscores and dots",
        "EventBridge Scheduler API, CreateSchedule, Name",
    ),
    "schedule_group": NameRule(
        64,
        r"[0-9A-Za-z_.-]+",
        "letters, digits, hyphens, underscores and dots",
        "EventBridge Scheduler API, CreateScheduleGroup, Name",
    ),
    "sqs_queue": NameRule(
        80, r"[A-Za-z0-9_-]+", "letters, digits, hyphens and underscores", "Amazon SQS API, CreateQueue, QueueName"
    ),
    "security_group": NameRule(
        255,
        r"(?!sg-)[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]+",
        "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
        "Amazon EC2 API, CreateSecurityGroup, GroupName",
    ),
    "xray_sampling_rule": NameRule(32, r"[\w.-]+", "letters, digits and _.-", "AWS X-Ray API, SamplingRule, RuleName"),
}

HASH_LENGTH = 6


def shorten(name: str, length: int) -> str:
    """``name``, or where it is longer than ``length`` its beginning and a hash of the whole of it.

    The same name always gives the same result, and two long names that begin alike give two.
    """
    if len(name) <= length:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
    return f"{name[: length - HASH_LENGTH - 1].rstrip('-_.')}-{digest}"


def derived_name(name: str, kind: str) -> str:
    """``name`` as a name for a resource of ``kind`` (a key of NAME_RULES), shortened where it must be."""
    return shorten(name, NAME_RULES[kind].length)


def replacement_stem(name: str, kind: str) -> str:
    """What the names of all those begin with that take the place of ``name``; a hyphen and a hash follow."""
    return name[: NAME_RULES[kind].length - HASH_LENGTH - 1].rstrip("-_.")


def replacement_name(name: str, fields: t.Mapping[str, t.Any], kind: str) -> str:
    """The name of the ``kind`` that takes the place of ``name`` because it has other ``fields``; always the same."""
    digest = hashlib.sha256(json.dumps([name, fields], sort_keys=True).encode()).hexdigest()[:HASH_LENGTH]
    return f"{replacement_stem(name, kind)}-{digest}"


def name_fault(name: str, kind: str) -> str:
    """Why ``name`` cannot be the name of a ``kind``, in words; empty when it can."""
    rule = NAME_RULES[kind]
    if len(name) > rule.length:
        return f"has {len(name)} characters, AWS takes at most {rule.length}; {shorten(name, rule.length)!r} would fit"
    if not re.fullmatch(rule.pattern, name):
        return f"is no valid name: AWS takes {rule.words}"
    return ""

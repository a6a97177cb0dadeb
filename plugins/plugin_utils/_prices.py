# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What resources cost a month, roughly: list prices on demand of one region and one day. Pure.

For US East (N. Virginia), as of DATE. No discounts, no free tier, no traffic, no support. Looked up on AWS's
pricing pages: Fargate, NAT gateways, public addresses, RDS db.t4g and gp3. The others are from general knowledge, good
enough to tell what is dear from what is cheap.
"""

from __future__ import annotations

import typing as t

REGION = "us-east-1"
DATE = "2026-06"

HOURS = 730

#: Dollars an hour, whatever the size.
HOURLY = {"nat_gateway": 0.045, "elastic_ip": 0.005, "load_balancer": 0.0225}

#: Dollars a month, whatever the size.
MONTHLY = {"secret": 0.40, "cloudwatch_alarm": 0.10, "cloudwatch_dashboard": 3.00, "route53_zone": 0.50}

#: Fargate, Linux: dollars an hour for a vCPU and for a GB of memory, by architecture.
FARGATE = {False: (0.04048, 0.004445), True: (0.03238, 0.00356)}

#: An interface endpoint, dollars an hour in each zone.
ENDPOINT = 0.01

#: RDS for PostgreSQL in one zone, dollars an hour.
RDS = {
    "db.t4g.micro": 0.016,
    "db.t4g.small": 0.032,
    "db.t4g.medium": 0.065,
    "db.t4g.large": 0.129,
    "db.t3.micro": 0.018,
    "db.t3.small": 0.036,
    "db.t3.medium": 0.072,
    "db.m6g.large": 0.159,
    "db.m7g.large": 0.168,
    "db.r6g.large": 0.225,
}

#: RDS for PostgreSQL, dollars a month for a GiB in one zone.
RDS_STORAGE = {"gp2": 0.115, "gp3": 0.115}

#: ElastiCache for Redis, dollars an hour for a node.
CACHE = {
    "cache.t4g.micro": 0.016,
    "cache.t4g.small": 0.032,
    "cache.t4g.medium": 0.065,
    "cache.t3.micro": 0.017,
    "cache.t3.small": 0.034,
    "cache.t3.medium": 0.068,
    "cache.m6g.large": 0.149,
    "cache.r6g.large": 0.206,
}

#: What costs as much as it is used.
BY_USE = (
    "api_domain",
    "http_api",
    "rds_cluster",
    "efs_file_system",
    "dynamodb_table",
    "s3_bucket",
    "ecr_repository",
    "sqs_queue",
    "sns_topic",
    "log_group",
    "flow_log",
    "schedule",
    "xray_sampling_rule",
)

#: What costs nothing by itself.
FREE = (
    "acm_certificate",
    "ecs_cluster",
    "ecs_task_definition",
    "efs_access_point",
    "efs_mount_target",
    "elasticache_parameter_group",
    "elasticache_subnet_group",
    "iam_role",
    "iam_user",
    "internet_gateway",
    "rds_cluster_parameter_group",
    "rds_parameter_group",
    "rds_subnet_group",
    "route53_record",
    "route_table",
    "schedule_group",
    "security_group",
    "ssm_parameter",
    "subnet",
    "target_group",
    "vpc",
    "vpc_link",
)


def month(kind: str, size: t.Mapping[str, t.Any]) -> float | None:
    """Dollars a month; None where that is not known or depends on the use. size: what ``_removal_measure`` tells."""
    if kind in FREE:
        return 0.0
    if kind in MONTHLY:
        return MONTHLY[kind]
    if kind in HOURLY:
        return HOURLY[kind] * HOURS
    priced = _SIZED.get(kind)
    return priced(size) if priced and size else None


def words(kind: str, size: t.Mapping[str, t.Any]) -> str:
    """The same for people."""
    price = month(kind, size)
    if price is not None:
        return f"{price:.2f} USD a month (list price, {REGION}, {DATE})" if price else "costs nothing by itself"
    return "costs by use" if kind in BY_USE else "cost not known"


def _service(size: t.Mapping[str, t.Any]) -> float | None:
    if size["spot"]:
        # Spot prices move.
        return None
    vcpu, gb = FARGATE[size["arm"]]
    return size["tasks"] * (size["vcpu"] * vcpu + size["gb"] * gb) * HOURS


def _instance(size: t.Mapping[str, t.Any]) -> float | None:
    hourly = RDS.get(size["class"]) if size["engine"] == "postgres" else None
    storage = RDS_STORAGE.get(size["storage"])
    if hourly is None or storage is None:
        return None
    return size["zones"] * (hourly * HOURS + size["gib"] * storage)


def _cache(size: t.Mapping[str, t.Any]) -> float | None:
    hourly = CACHE.get(size["class"])
    return None if hourly is None else size["nodes"] * hourly * HOURS


def _endpoint(size: t.Mapping[str, t.Any]) -> float:
    return size["zones"] * ENDPOINT * HOURS


_SIZED: dict[str, t.Callable[[t.Mapping[str, t.Any]], float | None]] = {
    "ecs_service": _service,
    "rds_instance": _instance,
    "rds_replica": _instance,
    "elasticache_replication_group": _cache,
    "vpc_endpoint": _endpoint,
}

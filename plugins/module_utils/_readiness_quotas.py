# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quotas: what an account may have, what it has, and whether what is wanted still fits."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._readiness import Fault, Fields, Findings


class Quota(t.NamedTuple):
    """A quota of Service Quotas: its service's code, its own, and what it limits, in words."""

    service: str
    code: str
    what: str


#: Codes as Service Quotas lists them (AWS General Reference, "Service endpoints and quotas" of each service).
VPCS = Quota("vpc", "L-F678F1CE", "VPCs in the region")
NAT_GATEWAYS = Quota("vpc", "L-FE5A380F", "NAT gateways in a zone")
ADDRESSES = Quota("ec2", "L-0263D0A3", "Elastic IPs in the region")
LOAD_BALANCERS = Quota("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers in the region")
FARGATE = Quota("fargate", "L-3032A538", "vCPUs of Fargate in the region")
FARGATE_SPOT = Quota("fargate", "L-36FBB829", "vCPUs of Fargate Spot in the region")

#: Usage metrics come every few minutes; what is older says nothing of now.
USAGE_MINUTES = 15


def read_quota(aws: Aws, quota: Quota) -> Fields:
    """What applies to the account: its own value, or AWS's default where it has none. Raises AwsError."""
    asked = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    own = aws.read("service-quotas", "get_service_quota", "Quota", missing=("NoSuchResourceException",), **asked)
    return own or aws.read("service-quotas", "get_aws_default_service_quota", "Quota", **asked)


def read_usage(aws: Aws, quota: Fields) -> float | None:
    """What is in use of a quota that AWS measures itself; None where it does not. Raises AwsError."""
    metric = quota.get("UsageMetric")
    if not metric:
        return None
    now = datetime.datetime.now(datetime.UTC)
    points = aws.read(
        "cloudwatch",
        "get_metric_statistics",
        "Datapoints",
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()],
        StartTime=now - datetime.timedelta(minutes=USAGE_MINUTES),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )
    # Where nothing is in use there is no data.
    return max(points, key=lambda point: point["Timestamp"])["Maximum"] if points else 0.0


def quota_fault(variable: str, quota: Quota, limit: float, used: float, more: float, where: str = "") -> Fault | None:
    """Whether ``more`` fits beside what is there. Pure."""
    if used + more <= limit:
        return None
    what = f"{quota.what}{where and f' ({where})'}"
    return Fault(
        variable,
        f"the account may have {limit:g} {what}, has {used:g}, and this needs {more:g} more",
        f"a higher quota in Service Quotas ({quota.service} {quota.code}), or less that needs it",
    )


def check_quota(
    aws: Aws, findings: Findings, variable: str, quota: Quota, used: t.Mapping[str, float], more: t.Mapping[str, float]
) -> None:
    """Ask for a quota once and hold each place (a zone, or none) to it where something is to be added."""
    if not any(more.values()):
        return
    with findings.asking(aws, f"the quota of {quota.what}"):
        limit = read_quota(aws, quota)["Value"]
        found = [
            quota_fault(variable, quota, limit, used.get(where, 0), amount, where)
            for where, amount in more.items()
            if amount
        ]
        findings.faults += [fault for fault in found if fault]

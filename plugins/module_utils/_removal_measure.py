# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What determines the price of a resource that was found. Only for the few that are listed, not for all of a stack."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._removal import Fields, Found


def measure(aws: Aws, item: Found) -> Fields:
    """The facts that a price depends on, by kind; empty where there are none or nobody can tell."""
    reader = READERS.get(item.kind)
    return reader(aws, item) if reader else {}


def _instance(_aws: Aws, item: Found) -> Fields:
    live = item.detail["instance"]
    is_aurora = bool(live.get("DBClusterIdentifier"))
    return {
        "class": live.get("DBInstanceClass", ""),
        "engine": live.get("Engine", ""),
        "zones": 2 if live.get("MultiAZ") else 1,
        # Aurora's storage is the cluster's, and is paid by use.
        "gib": 0 if is_aurora else live.get("AllocatedStorage", 0),
        "storage": live.get("StorageType", ""),
    }


def _cache(_aws: Aws, item: Found) -> Fields:
    return {"class": item.detail.get("CacheNodeType", ""), "nodes": len(item.detail.get("MemberClusters", []))}


def _service(aws: Aws, item: Found) -> Fields:
    live = item.detail["service"]
    definition = aws.read(
        "ecs",
        "describe_task_definition",
        "taskDefinition",
        missing=("ClientException",),
        taskDefinition=live["taskDefinition"],
    )
    if not definition or not definition.get("cpu") or not definition.get("memory"):
        return {}
    strategy = live.get("capacityProviderStrategy") or []
    return {
        "tasks": live["desiredCount"],
        "vcpu": int(definition["cpu"]) / 1024,
        "gb": int(definition["memory"]) / 1024,
        "arm": definition.get("runtimePlatform", {}).get("cpuArchitecture") == "ARM64",
        "spot": any(part["capacityProvider"] == "FARGATE_SPOT" for part in strategy),
    }


def _endpoint(_aws: Aws, item: Found) -> Fields:
    is_interface = item.detail.get("VpcEndpointType") == "Interface"
    return {"zones": len(item.detail.get("SubnetIds", [])) if is_interface else 0}


READERS: dict[str, t.Callable[[Aws, Found], Fields]] = {
    "rds_instance": _instance,
    "rds_replica": _instance,
    "rds_cluster_instance": _instance,
    "elasticache_replication_group": _cache,
    "ecs_service": _service,
    "vpc_endpoint": _endpoint,
}

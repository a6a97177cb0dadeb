# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing databases: replicas before their source, instances before their cluster, then the groups that they used."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._rds_database import is_protected
from ansible_collections.webstack.aws.plugins.module_utils._removal import STILL_USED, Found, Owner, Removable, Wishes
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

#: What AWS answers while a database, or the cluster that it belongs to, is busy; the next pass tries again.
BUSY = ("InvalidDBInstanceState", "InvalidDBClusterStateFault", "DBInstanceNotFound", "DBClusterNotFoundFault")

#: States of which AWS makes no last snapshot (Amazon RDS API, DeleteDBInstance; Aurora User Guide, cluster status).
WITHOUT_SNAPSHOT = (
    "failed",
    "incompatible-restore",
    "incompatible-network",
    "cloning-failed",
    "migration-failed",
    "inaccessible-encryption-credentials",
)


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def _instance(aws: Aws, name: str) -> dict[str, t.Any] | None:
    missing = ("DBInstanceNotFound",)
    found = aws.read("rds", "describe_db_instances", "DBInstances", missing=missing, DBInstanceIdentifier=name)
    return found[0] if found else None


def kind_of(instance: t.Mapping[str, t.Any]) -> str:
    """What an instance is: in a cluster, a copy of another one, or one that stands alone and has data of its own."""
    if instance.get("DBClusterIdentifier"):
        return "rds_cluster_instance"
    return "rds_replica" if instance.get("ReadReplicaSourceDBInstanceIdentifier") else "rds_instance"


def blocker(status: str, protected: bool, keeps_data: bool, wishes: Wishes) -> str:
    """Why a database may not go, or AWS would refuse for ever (Amazon RDS API, DeleteDBInstance, ModifyDBInstance)."""
    if protected and not wishes.allow_protected:
        return "it is protected from deletion; -e allow_protected=true lifts that"
    if protected and status == "stopped":
        return "it is stopped, and its protection can be lifted only while it runs; start it first"
    if keeps_data and wishes.final_snapshot and status in WITHOUT_SNAPSHOT:
        return f"it is {status}, of which AWS makes no snapshot; removal_final_snapshot: false removes it without"
    return ""


def _find(kind: str) -> t.Callable[[Aws, Owner, list[str], Wishes], list[Found]]:
    def find(aws: Aws, _owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
        found = []
        for name in map(_name, arns):
            instance = _instance(aws, name)
            if instance is None or kind_of(instance) != kind:
                continue
            status, protected = instance["DBInstanceStatus"], is_protected(instance)
            why = blocker(status, protected, kind == "rds_instance", wishes)
            detail = {"protected": protected, "instance": instance}
            cluster = instance.get("DBClusterIdentifier")
            whole = f"rds_cluster/{cluster}" if cluster else ""
            found.append(Found(kind, name, detail, status == "deleting", why, whole))
        return found

    return find


def _remove_instance(aws: Aws, found: Found, wishes: Wishes) -> str | None:
    name = found.identifier
    if found.detail["protected"]:
        aws.write(
            "rds",
            "modify_db_instance",
            missing=BUSY,
            DBInstanceIdentifier=name,
            DeletionProtection=False,
            ApplyImmediately=True,
        )
        # The next pass sees it without protection and removes it.
        return None
    # A copy has no data of its own, and AWS makes no last snapshot of it.
    snapshot = _snapshot(found, wishes) if found.kind == "rds_instance" else ""
    answer = aws.write(
        "rds", "delete_db_instance", missing=BUSY, DBInstanceIdentifier=name, **_final_snapshot(snapshot)
    )
    return f"final snapshot {snapshot}" if snapshot and answer else None


def _find_clusters(aws: Aws, owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
    found = []
    missing = ("DBClusterNotFoundFault",)
    for name in map(_name, arns):
        for cluster in aws.read("rds", "describe_db_clusters", "DBClusters", missing=missing, DBClusterIdentifier=name):
            status, protected = cluster["Status"], is_protected(cluster)
            why = (
                blocker(status, protected, True, wishes)
                or _stopped(cluster)
                or _strangers(aws, owner, cluster.get("DBClusterMembers", []))
            )
            found.append(Found("rds_cluster", name, {"protected": protected}, status == "deleting", why))
    return found


def _stopped(cluster: t.Mapping[str, t.Any]) -> str:
    """A stopped cluster lets none of its instances go (Aurora User Guide, stopping and starting a cluster)."""
    is_held = cluster["Status"] == "stopped" and cluster.get("DBClusterMembers")
    return "it is stopped, and its instances go only while it runs; start it first" if is_held else ""


def _strangers(aws: Aws, owner: Owner, members: list[dict[str, t.Any]]) -> str:
    """Instances of somebody else, with which a cluster cannot go."""
    instances = [_instance(aws, member["DBInstanceIdentifier"]) for member in members]
    names = [
        instance["DBInstanceIdentifier"]
        for instance in instances
        if instance and not owner.tags.items() <= tags_to_dict(instance.get("TagList")).items()
    ]
    return f"others' instances are in it: {', '.join(names)}; remove them first" if names else ""


def _remove_cluster(aws: Aws, found: Found, wishes: Wishes) -> str | None:
    name = found.identifier
    if found.detail["protected"]:
        aws.write("rds", "modify_db_cluster", missing=BUSY, DBClusterIdentifier=name, DeletionProtection=False)
        return None
    snapshot = _snapshot(found, wishes)
    answer = aws.write("rds", "delete_db_cluster", missing=BUSY, DBClusterIdentifier=name, **_final_snapshot(snapshot))
    return f"final snapshot {snapshot}" if snapshot and answer else None


def _snapshot(found: Found, wishes: Wishes) -> str:
    """The name of the last snapshot; empty where none is wanted."""
    return f"{found.identifier}-final-{wishes.timestamp}" if wishes.final_snapshot else ""


def _final_snapshot(name: str) -> dict[str, t.Any]:
    return {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": name} if name else {"SkipFinalSnapshot": True}


def _group(kind: str, describe: str, path: str, argument: str, delete: str, missing: str) -> tuple[t.Any, t.Any]:
    def find(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
        return [
            Found(kind, name, {})
            for name in map(_name, arns)
            if aws.read("rds", describe, path, missing=(missing,), **{argument: name})
        ]

    def remove(aws: Aws, found: Found, _wishes: Wishes) -> None:
        arguments: dict[str, t.Any] = {argument: found.identifier}
        aws.write("rds", delete, missing=(*STILL_USED, missing), **arguments)

    return find, remove


_SUBNET_GROUP = _group(
    "rds_subnet_group",
    "describe_db_subnet_groups",
    "DBSubnetGroups",
    "DBSubnetGroupName",
    "delete_db_subnet_group",
    "DBSubnetGroupNotFoundFault",
)
_PARAMETER_GROUP = _group(
    "rds_parameter_group",
    "describe_db_parameter_groups",
    "DBParameterGroups",
    "DBParameterGroupName",
    "delete_db_parameter_group",
    "DBParameterGroupNotFound",
)
_CLUSTER_PARAMETER_GROUP = _group(
    "rds_cluster_parameter_group",
    "describe_db_cluster_parameter_groups",
    "DBClusterParameterGroups",
    "DBClusterParameterGroupName",
    "delete_db_cluster_parameter_group",
    "DBParameterGroupNotFound",
)

_INSTANCE = r"arn:[^:]+:rds:.*:db:.+"

#: All that is a database, or a part of one: what they use waits for them.
DATABASES = ("rds_replica", "rds_cluster_instance", "rds_instance", "rds_cluster")

KINDS: dict[str, Removable] = {
    "rds_replica": Removable(_find("rds_replica"), _remove_instance, ("ecs_service",), _INSTANCE),
    "rds_cluster_instance": Removable(_find("rds_cluster_instance"), _remove_instance, ("ecs_service",), _INSTANCE),
    "rds_instance": Removable(_find("rds_instance"), _remove_instance, ("ecs_service", "rds_replica"), _INSTANCE),
    "rds_cluster": Removable(
        _find_clusters, _remove_cluster, ("ecs_service", "rds_cluster_instance"), r"arn:[^:]+:rds:.*:cluster:.+"
    ),
    "rds_subnet_group": Removable(*_SUBNET_GROUP, DATABASES, r"arn:[^:]+:rds:.*:subgrp:.+"),
    "rds_parameter_group": Removable(*_PARAMETER_GROUP, DATABASES, r"arn:[^:]+:rds:.*:pg:.+"),
    "rds_cluster_parameter_group": Removable(*_CLUSTER_PARAMETER_GROUP, DATABASES, r"arn:[^:]+:rds:.*:cluster-pg:.+"),
}

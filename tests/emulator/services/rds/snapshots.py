"""Snapshots of instances and of clusters."""

from __future__ import annotations

from typing import Any

from tests.emulator.query_service import (
    Context,
    Parameters,
    Progressing,
    as_tag_list,
    as_tags,
    matching,
    now,
    page,
)
from tests.emulator.services.rds.common import check_identifier, key_arn, refuse

# What a snapshot keeps of its instance.
_OF_INSTANCE = (
    "AllocatedStorage",
    "AvailabilityZone",
    "BackupRetentionPeriod",
    "DBInstanceIdentifier",
    "DbiResourceId",
    "DedicatedLogVolume",
    "Engine",
    "EngineVersion",
    "IAMDatabaseAuthenticationEnabled",
    "InstanceCreateTime",
    "Iops",
    "KmsKeyId",
    "LicenseModel",
    "MasterUsername",
    "PreferredBackupWindow",
    "StorageThroughput",
    "StorageType",
)
_OF_CLUSTER = (
    "AllocatedStorage",
    "AvailabilityZones",
    "BackupRetentionPeriod",
    "ClusterCreateTime",
    "DBClusterIdentifier",
    "DbClusterResourceId",
    "Engine",
    "EngineMode",
    "EngineVersion",
    "IAMDatabaseAuthenticationEnabled",
    "KmsKeyId",
    "MasterUsername",
    "PreferredBackupWindow",
    "StorageEncrypted",
    "StorageType",
)


class Snapshot(Progressing):
    """A snapshot of either kind."""

    def __init__(self, context: Context, name: str, is_cluster: bool, data: dict[str, Any], source_type: str) -> None:
        super().__init__("rds_cluster" if is_cluster else "rds_instance")
        self.context, self.name, self.is_cluster = context, name, is_cluster
        self.arn = context.arn("rds", "cluster-snapshot" if is_cluster else "snapshot", name)
        self.data, self.source_type, self.created = data, source_type, now()
        self.begin("creating", self.become("available"))

    def describe(self) -> dict[str, Any]:
        """As AWS shows it."""
        kind = "DBCluster" if self.is_cluster else "DB"
        return {
            **self.data,
            f"{kind}SnapshotIdentifier": self.name,
            f"{kind}SnapshotArn": self.arn,
            "SnapshotType": self.source_type,
            "Status": self.status,
            "PercentProgress": 100 if self.status == "available" else 0,
            "SnapshotCreateTime": self.created,
            "OriginalSnapshotCreateTime": self.created,
            "SnapshotTarget": "region",
            "TagList": as_tag_list(self.context.store.tags.get(self.arn, {})),
        }


def _kind(is_cluster: bool) -> str:
    return "DBCluster" if is_cluster else "DB"


def _all(context: Context, is_cluster: bool) -> dict[str, Snapshot]:
    return context.store.cluster_snapshots if is_cluster else context.store.snapshots


def find(context: Context, name: str, is_cluster: bool = False) -> Snapshot:
    """The snapshot of that name or ARN."""
    name = name.rsplit(":", 1)[-1].lower()
    try:
        return _all(context, is_cluster)[name]
    except KeyError:
        code = "DBClusterSnapshotNotFoundFault" if is_cluster else "DBSnapshotNotFound"
        raise refuse(code, f"{_kind(is_cluster)}Snapshot {name} not found.") from None


def check_name(context: Context, parameter: str, name: str, is_cluster: bool) -> str:
    """A name for a new snapshot, if it is free."""
    name = check_identifier(parameter, name, 255 if not is_cluster else 63)
    if name in _all(context, is_cluster):
        code = "DBClusterSnapshotAlreadyExistsFault" if is_cluster else "DBSnapshotAlreadyExists"
        message = f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."
        raise refuse(code, message)
    return name


def take(context: Context, name: str, source: Any, is_cluster: bool, tags: dict[str, str] | None) -> Snapshot:
    """Take a snapshot of an instance or cluster."""
    shown = source.describe()
    data = {key: shown[key] for key in (_OF_CLUSTER if is_cluster else _OF_INSTANCE) if shown.get(key) is not None}
    if not is_cluster:
        data["Encrypted"] = shown["StorageEncrypted"]
    data |= {
        "Port": source.port,
        "VpcId": source.subnet_group.vpc_id,
        # what a restore needs and AWS does not show
        "_settings": dict(source.settings()),
    }
    snapshot = Snapshot(context, name, is_cluster, data, "manual")
    _all(context, is_cluster)[name] = snapshot
    inherited = context.store.tags.get(source.arn, {}) if shown.get("CopyTagsToSnapshot") else {}
    context.store.tags[snapshot.arn] = tags or dict(inherited)
    return snapshot


def _create(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    from tests.emulator.services.rds import clusters, instances

    kind = _kind(is_cluster)
    source: clusters.Cluster | instances.Instance
    if is_cluster:
        source = clusters.find(context, parameters["DBClusterIdentifier"])
        state = "InvalidDBClusterStateFault"
    else:
        source = instances.find(context, parameters["DBInstanceIdentifier"])
        state = "InvalidDBInstanceState"
        if source.cluster:
            message = "Cannot create a DB snapshot of a member of a DB cluster. Use CreateDBClusterSnapshot."
            raise refuse("InvalidParameterValue", message)
    name = check_name(context, f"{kind}SnapshotIdentifier", parameters[f"{kind}SnapshotIdentifier"], is_cluster)
    if source.status not in ("available", "stopped"):
        raise refuse(
            state,
            f"Cannot create a snapshot because the database {'cluster' if is_cluster else 'instance'} {source.name} "
            "is not currently in the available state.",
        )
    snapshot = take(context, name, source, is_cluster, as_tags(parameters.get("Tags")))
    return {f"{kind}Snapshot": snapshot.describe()}


def _describe(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    kind, owner = _kind(is_cluster), "DBClusterIdentifier" if is_cluster else "DBInstanceIdentifier"
    name = parameters.get(f"{kind}SnapshotIdentifier")
    chosen = [find(context, name, is_cluster)] if name else list(_all(context, is_cluster).values())
    shown = [snapshot.describe() for snapshot in chosen]
    wanted = (parameters.get(owner) or "").lower()
    shown = [item for item in shown if not wanted or item[owner] == wanted]
    source_type = parameters.get("SnapshotType")
    shown = [item for item in shown if source_type in (None, item["SnapshotType"])]
    prefix = "db-cluster" if is_cluster else "db"
    shown = list(
        matching(
            shown,
            parameters.get("Filters"),
            {
                f"{prefix}-snapshot-id": lambda item: (item[f"{kind}SnapshotIdentifier"],),
                "db-cluster-id" if is_cluster else "db-instance-id": lambda item: (item[owner],),
                "engine": lambda item: (item["Engine"],),
                "snapshot-type": lambda item: (item["SnapshotType"],),
            },
            "rds",
        )
    )
    return page("rds", parameters, f"{kind}Snapshots", shown)


def _delete(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    snapshot = find(context, parameters[f"{_kind(is_cluster)}SnapshotIdentifier"], is_cluster)
    if snapshot.status != "available":
        code = "InvalidDBClusterSnapshotStateFault" if is_cluster else "InvalidDBSnapshotState"
        raise refuse(code, f"The snapshot {snapshot.name} is not in available state.")
    del _all(context, is_cluster)[snapshot.name]
    context.store.tags.pop(snapshot.arn, None)
    return {f"{_kind(is_cluster)}Snapshot": {**snapshot.describe(), "Status": "deleted"}}


def _copy(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    kind = _kind(is_cluster)
    source = find(context, parameters[f"Source{kind}SnapshotIdentifier"], is_cluster)
    if source.status != "available":
        code = "InvalidDBClusterSnapshotStateFault" if is_cluster else "InvalidDBSnapshotState"
        raise refuse(code, f"The snapshot {source.name} is not in available state.")
    parameter = f"Target{kind}SnapshotIdentifier"
    name = check_name(context, parameter, parameters[parameter], is_cluster)
    copy = Snapshot(context, name, is_cluster, dict(source.data), "manual")
    copy.data[f"Source{kind}Snapshot{'Arn' if is_cluster else 'Identifier'}"] = source.arn
    if parameters.get("KmsKeyId"):
        key = key_arn(context, parameters["KmsKeyId"])
        copy.data |= {"KmsKeyId": key, "StorageEncrypted" if is_cluster else "Encrypted": True}
        copy.data["_settings"] = {**copy.data["_settings"], "KmsKeyId": key, "StorageEncrypted": True}
    _all(context, is_cluster)[name] = copy
    inherited = context.store.tags.get(source.arn, {}) if parameters.get("CopyTags") else {}
    context.store.tags[copy.arn] = as_tags(parameters.get("Tags")) or dict(inherited)
    return {f"{kind}Snapshot": copy.describe()}


def _both(name: str, handler: Any) -> dict[str, Any]:
    return {
        name.format(""): lambda context, parameters: handler(context, parameters, False),
        name.format("Cluster"): lambda context, parameters: handler(context, parameters, True),
    }


HANDLERS = {
    **_both("CreateDB{}Snapshot", _create),
    **_both("DescribeDB{}Snapshots", _describe),
    **_both("DeleteDB{}Snapshot", _delete),
    **_both("CopyDB{}Snapshot", _copy),
}

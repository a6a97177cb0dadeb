"""Snapshots of replication groups and of Redis clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulator.query_service import Context, Parameters, Progressing, as_tags, now, page
from tests.emulator.services.elasticache.common import check_identifier, key_arn, refuse

if TYPE_CHECKING:
    from tests.emulator.services.elasticache.clusters import CacheCluster
    from tests.emulator.services.elasticache.replication_groups import ReplicationGroup


class Snapshot(Progressing):
    """A snapshot."""

    def __init__(self, context: Context, name: str, data: dict[str, Any]) -> None:
        super().__init__("elasticache")
        self.context, self.name, self.data, self.created = context, name, data, now()
        self.arn = context.arn("elasticache", "snapshot", name)
        self.begin("creating", self.become("available"))

    def describe(self, with_nodes: bool = True) -> dict[str, Any]:
        """As AWS shows it."""
        shown = {**self.data, "SnapshotName": self.name, "SnapshotStatus": self.status, "ARN": self.arn}
        if not with_nodes and shown.get("ReplicationGroupId"):
            shown.pop("NodeSnapshots")
        return shown

    def remove(self) -> None:
        """Be gone."""
        self.context.store.snapshots.pop(self.name, None)
        self.context.store.tags.pop(self.arn, None)


def find(context: Context, name: str) -> Snapshot:
    """The snapshot of that name."""
    try:
        return context.store.snapshots[name.lower()]
    except KeyError:
        raise refuse("SnapshotNotFoundFault", f"Snapshot {name.lower()} not found") from None


def check_name(context: Context, name: str) -> str:
    """A name for a new snapshot, if it is free."""
    name = check_identifier("SnapshotName", name, 255)
    if name in context.store.snapshots:
        raise refuse("SnapshotAlreadyExistsFault", f"Snapshot {name} already exists")
    return name


def take(
    context: Context,
    name: str,
    group: ReplicationGroup | None,
    cluster: CacheCluster,
    tags: dict[str, str],
    key_id: str | None = None,
) -> Snapshot:
    """Take a snapshot of a cluster, or of the whole group that it is the primary of."""
    shown, nodes = cluster.describe(), group.primaries() if group else [cluster]
    data = {
        "SnapshotSource": "manual",
        "CacheClusterId": None if group else cluster.name,
        "ReplicationGroupId": group.name if group else None,
        "ReplicationGroupDescription": group.data["Description"] if group else None,
        "CacheNodeType": shown["CacheNodeType"],
        "Engine": shown["Engine"],
        "EngineVersion": shown["EngineVersion"],
        "NumCacheNodes": 1,
        "NumNodeGroups": len(nodes) if group else None,
        "AutomaticFailover": group.data["AutomaticFailover"] if group else None,
        "PreferredAvailabilityZone": cluster.zones[0],
        "CacheClusterCreateTime": cluster.created,
        "PreferredMaintenanceWindow": shown["PreferredMaintenanceWindow"],
        "Port": cluster.port,
        "CacheParameterGroupName": cluster.parameter_group.name,
        "CacheSubnetGroupName": cluster.subnet_group.name,
        "VpcId": cluster.subnet_group.vpc_id,
        "AutoMinorVersionUpgrade": shown["AutoMinorVersionUpgrade"],
        "SnapshotRetentionLimit": shown.get("SnapshotRetentionLimit"),
        "SnapshotWindow": shown.get("SnapshotWindow"),
        "KmsKeyId": key_arn(context, key_id) if key_id else None,
        "NodeSnapshots": [
            {
                "CacheClusterId": node.name,
                "NodeGroupId": node.shard,
                "CacheNodeId": "0001",
                "CacheSize": "5 MB",
                "CacheNodeCreateTime": node.created,
                "SnapshotCreateTime": now(),
            }
            for node in nodes
        ],
        "DataTiering": "disabled",
    }
    snapshot = Snapshot(context, name, data)
    context.store.snapshots[name] = snapshot
    context.store.tags[snapshot.arn] = tags
    return snapshot


def _create(context: Context, parameters: Parameters) -> Parameters:
    from tests.emulator.services.elasticache import clusters, replication_groups

    group_name, cluster_name = parameters.get("ReplicationGroupId"), parameters.get("CacheClusterId")
    if bool(group_name) == bool(cluster_name):
        message = "Exactly one of CacheClusterId and ReplicationGroupId must be provided."
        raise refuse("InvalidParameterCombination", message)
    name = check_name(context, parameters["SnapshotName"])
    group = replication_groups.find(context, group_name) if group_name else None
    cluster = group.primaries()[0] if group else clusters.find(context, cluster_name or "")
    if cluster.version.engine == "memcached":
        raise refuse("SnapshotFeatureNotSupportedFault", "Snapshots are not supported by the engine memcached.")
    if group:
        replication_groups.check_available(group)
        group.begin("snapshotting", group.become("available"))
    else:
        clusters.check_available(cluster)
        cluster.begin("snapshotting", cluster.become("available"))
    snapshot = take(context, name, group, cluster, as_tags(parameters.get("Tags")), parameters.get("KmsKeyId"))
    return {"Snapshot": snapshot.describe()}


def _describe(context: Context, parameters: Parameters) -> Parameters:
    name = parameters.get("SnapshotName")
    chosen = [find(context, name)] if name else list(context.store.snapshots.values())
    for key in ("ReplicationGroupId", "CacheClusterId"):
        wanted = (parameters.get(key) or "").lower()
        chosen = [item for item in chosen if not wanted or item.data[key] == wanted]
    if parameters.get("SnapshotSource") == "system":
        chosen = []
    with_nodes = bool(parameters.get("ShowNodeGroupConfig"))
    return page("elasticache", parameters, "Snapshots", [item.describe(with_nodes) for item in chosen], most=50)


def _delete(context: Context, parameters: Parameters) -> Parameters:
    snapshot = find(context, parameters["SnapshotName"])
    if snapshot.status != "available":
        raise refuse("InvalidSnapshotState", f"Snapshot {snapshot.name} is in {snapshot.status} state.")
    snapshot.begin("deleting", snapshot.remove)
    return {"Snapshot": snapshot.describe()}


HANDLERS = {"CreateSnapshot": _create, "DeleteSnapshot": _delete, "DescribeSnapshots": _describe}

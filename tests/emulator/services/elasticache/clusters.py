"""Cache clusters: nodes of a replication group, and caches of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulator import vpc
from tests.emulator.query_service import Context, Parameters, Progressing, as_tags, now, page
from tests.emulator.services.elasticache import catalog, parameter_groups, snapshots, subnet_groups
from tests.emulator.services.elasticache.common import (
    check_auth_token,
    check_groups,
    check_identifier,
    check_retention,
    domain,
    log_deliveries,
    memberships,
    refuse,
    windows,
)

if TYPE_CHECKING:
    from tests.emulator.services.elasticache.parameter_groups import CacheParameterGroup
    from tests.emulator.services.elasticache.replication_groups import ReplicationGroup
    from tests.emulator.services.elasticache.subnet_groups import CacheSubnetGroup

PORTS = {"memcached": 11211, "redis": 6379, "valkey": 6379}
_LANDING_PAGE = "https://console.aws.amazon.com/elasticache/home#client-download:"
_MOST_NODES = 40


class CacheCluster(Progressing):
    """A cache cluster; ``data`` holds what AWS shows and nothing has to be worked out for."""

    def __init__(
        self,
        context: Context,
        name: str,
        data: dict[str, Any],
        version: catalog.Version,
        subnet_group: CacheSubnetGroup,
        parameter_group: CacheParameterGroup,
        group_ids: list[str],
    ) -> None:
        super().__init__("elasticache")
        self.context, self.name, self.data, self.version = context, name, data, version
        self.subnet_group, self.parameter_group, self.group_ids = subnet_group, parameter_group, group_ids
        self.created = now()
        self.port = PORTS[version.engine]
        self.pending: dict[str, Any] = {}
        self.pending_version: catalog.Version | None = None
        self.parameter_status = "in-sync"
        self.group: ReplicationGroup | None = None
        self.shard = "0001"
        self.zones: list[str] = []
        self._interfaces: list[tuple[str, str]] = []

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.context.arn("elasticache", "cluster", self.name)

    def subnet_ids(self, group: CacheSubnetGroup) -> list[str]:
        """The subnets of a group that it is in."""
        return [subnet_id for subnet_id, _unused in self._interfaces] if self.subnet_group is group else []

    def place(self, zones: list[str]) -> None:
        """Have one node in each of the zones, which may repeat."""
        self.zones = zones
        account, region = self.context.account_id, self.context.region
        while len(self._interfaces) > len(zones):
            vpc.remove_interface(account, region, self._interfaces.pop()[1])
        for zone in zones[len(self._interfaces) :]:
            subnet_id = self.subnet_group.subnet_in(zone).id
            words = f"ElastiCache {self.name}"
            interface = vpc.place_interface(account, region, subnet_id, self.group_ids, words, "amazon-elasticache")
            self._interfaces.append((subnet_id, interface))

    def regroup(self, group_ids: list[str]) -> None:
        """Take other security groups."""
        self.group_ids = group_ids
        for _unused, interface in self._interfaces:
            vpc.regroup_interface(self.context.account_id, self.context.region, interface, group_ids)

    def remove(self) -> None:
        """Be gone."""
        for _unused, interface in self._interfaces:
            vpc.remove_interface(self.context.account_id, self.context.region, interface)
        self._interfaces = []
        self.context.store.clusters.pop(self.name, None)
        self.context.store.tags.pop(self.arn, None)

    def endpoint(self, node: int = 1) -> dict[str, Any]:
        """Where a node is reached."""
        mark, end = domain(self.context)
        if self.data["TransitEncryptionEnabled"] and self.group:
            address = f"{self.name}.{self.group.name}.{mark}.{end}"
        else:
            address = f"{self.name}.{mark}.{node:04}.{end}"
        return {"Address": address, "Port": self.port}

    def apply_pending(self) -> None:
        """Carry out what waited."""
        nodes = self.pending.pop("NumCacheNodes", None)
        self.pending.pop("CacheNodeIdsToRemove", None)
        self.pending.pop("EngineVersion", None)
        self.data |= self.pending
        self.pending.clear()
        if self.pending_version:
            self.version, self.pending_version = self.pending_version, None
        if nodes:
            covered = self.subnet_group.zones()
            self.place((self.zones + covered * nodes)[:nodes])
        self.status = "available"

    def restarted(self) -> None:
        """Be available after a reboot, with all parameters taken over."""
        self.parameter_status, self.status = "in-sync", "available"

    def describe(self, with_nodes: bool = False) -> dict[str, Any]:
        """As AWS shows it."""
        ready = self.status != "creating"
        shown = {
            **self.data,
            "CacheClusterId": self.name,
            "ARN": self.arn,
            "ClientDownloadLandingPage": _LANDING_PAGE,
            "Engine": self.version.engine,
            "EngineVersion": self.version.full,
            "CacheClusterStatus": self.status,
            "NumCacheNodes": len(self.zones),
            "PreferredAvailabilityZone": self.zones[0] if len(set(self.zones)) == 1 else "Multiple",
            "PendingModifiedValues": dict(self.pending),
            "CacheSecurityGroups": [],
            "CacheParameterGroup": {
                "CacheParameterGroupName": self.parameter_group.name,
                "ParameterApplyStatus": self.parameter_status,
                "CacheNodeIdsToReboot": ["0001"] if self.parameter_status == "pending-reboot" else [],
            },
            "CacheSubnetGroupName": self.subnet_group.name,
            "SecurityGroups": memberships(self.group_ids),
            "ReplicationGroupId": self.group.name if self.group else None,
            "ReplicationGroupLogDeliveryEnabled": bool(self.group and self.data["LogDeliveryConfigurations"]),
        }
        if ready:
            shown["CacheClusterCreateTime"] = self.created
            if self.version.engine == "memcached":
                mark, end = domain(self.context)
                shown["ConfigurationEndpoint"] = {"Address": f"{self.name}.{mark}.cfg.{end}", "Port": self.port}
        if with_nodes and ready:
            shown["CacheNodes"] = [
                {
                    "CacheNodeId": f"{number:04}",
                    "CacheNodeStatus": self.status,
                    "CacheNodeCreateTime": self.created,
                    "Endpoint": self.endpoint(number),
                    "ParameterGroupStatus": self.parameter_status,
                    "CustomerAvailabilityZone": zone,
                }
                for number, zone in enumerate(self.zones, 1)
            ]
        return shown


def find(context: Context, name: str) -> CacheCluster:
    """The cluster of that name."""
    try:
        return context.store.clusters[name.lower()]
    except KeyError:
        raise refuse("CacheClusterNotFound", f"CacheCluster not found: {name.lower()}") from None


def check_available(cluster: CacheCluster) -> None:
    """Changes need a cluster that is available."""
    if cluster.status != "available":
        message = f"Cache cluster {cluster.name} is not in available state."
        raise refuse("InvalidCacheClusterState", message)


def _create(context: Context, parameters: Parameters) -> Parameters:
    name = check_identifier("CacheClusterId", parameters["CacheClusterId"], 50)
    if name in context.store.clusters:
        raise refuse("CacheClusterAlreadyExists", "Cache cluster already exists")
    if parameters.get("ReplicationGroupId"):
        from tests.emulator.services.elasticache import replication_groups

        cluster = replication_groups.add_replica(context, parameters["ReplicationGroupId"], name, parameters)
    else:
        cluster = _standalone(context, name, parameters)
    context.store.tags[cluster.arn] = as_tags(parameters.get("Tags"))
    return {"CacheCluster": cluster.describe()}


def _standalone(context: Context, name: str, parameters: Parameters) -> CacheCluster:
    engine = catalog.check_engine(parameters.get("Engine", "memcached"), ("memcached", "redis", "valkey"))
    if engine == "valkey":
        raise refuse("InvalidParameterValue", "Valkey is supported through CreateReplicationGroup only.")
    version = catalog.resolve_version(engine, parameters.get("EngineVersion"))
    node_type = catalog.check_node_type(parameters.get("CacheNodeType"))
    count = parameters.get("NumCacheNodes", 1)
    if engine == "redis" and count != 1:
        raise refuse(
            "InvalidParameterValue", "Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1."
        )
    if not 1 <= count <= _MOST_NODES:
        message = f"NumCacheNodes must be between 1 and {_MOST_NODES}."
        raise refuse("NodeQuotaForClusterExceeded", message)
    subnet_group = subnet_groups.find_or_default(context, parameters.get("CacheSubnetGroupName"))
    group_ids = groups_or_default(context, parameters.get("SecurityGroupIds"), subnet_group)
    parameter_group = parameter_groups.find_for(context, parameters.get("CacheParameterGroupName"), version.family)
    if parameter_group.is_cluster_mode:
        message = "Redis with cluster mode enabled is made through CreateReplicationGroup."
        raise refuse("InvalidParameterCombination", message)
    zones = _zones(subnet_group, engine, count, parameters)
    cluster = CacheCluster(
        context,
        name,
        _settings(context, name, engine, node_type, parameters),
        version,
        subnet_group,
        parameter_group,
        group_ids,
    )
    cluster.port = parameters.get("Port", PORTS[engine])
    context.store.clusters[name] = cluster
    cluster.place(zones)
    cluster.begin("creating", cluster.become("available"))
    return cluster


def _settings(context: Context, name: str, engine: str, node_type: str, parameters: Parameters) -> dict[str, Any]:
    encrypted = bool(parameters.get("TransitEncryptionEnabled"))
    retention = parameters.get("SnapshotRetentionLimit", 0)
    check_retention(retention)
    if engine == "memcached" and (retention or parameters.get("SnapshotName")):
        message = "Snapshots are not supported by the engine memcached."
        raise refuse("InvalidParameterCombination", message)
    if encrypted and engine == "redis":
        message = (
            "Encryption feature is not supported for engine REDIS with CreateCacheCluster; use CreateReplicationGroup."
        )
        raise refuse("InvalidParameterCombination", message)
    if parameters.get("AuthToken"):
        check_auth_token(parameters["AuthToken"])
        raise refuse(
            "InvalidParameterCombination", "An AuthToken needs a replication group that is encrypted in transit."
        )
    picked = windows(name, parameters)
    topic = parameters.get("NotificationTopicArn")
    return {
        "CacheNodeType": node_type,
        "PreferredMaintenanceWindow": picked["PreferredMaintenanceWindow"],
        "SnapshotWindow": picked["SnapshotWindow"] if engine != "memcached" else None,
        "SnapshotRetentionLimit": retention if engine != "memcached" else None,
        "AutoMinorVersionUpgrade": parameters.get("AutoMinorVersionUpgrade", True),
        "NotificationConfiguration": {"TopicArn": topic, "TopicStatus": "active"} if topic else None,
        "AuthTokenEnabled": False,
        "TransitEncryptionEnabled": encrypted,
        "AtRestEncryptionEnabled": False,
        "LogDeliveryConfigurations": log_deliveries(context, parameters.get("LogDeliveryConfigurations") or [], []),
        "NetworkType": parameters.get("NetworkType", "ipv4"),
        "IpDiscovery": parameters.get("IpDiscovery", "ipv4"),
    }


def groups_or_default(context: Context, asked: list[str] | None, subnet_group: CacheSubnetGroup) -> list[str]:
    """The security groups asked for, or the one that the VPC has."""
    group_ids = list(dict.fromkeys(asked or []))
    check_groups(context, group_ids, subnet_group.vpc_id)
    return group_ids or [vpc.default_group_id(context.account_id, context.region, subnet_group.vpc_id)]


def check_zones(subnet_group: CacheSubnetGroup, zones: list[str]) -> list[str]:
    """Zones that are asked for must have a subnet."""
    missing = [zone for zone in zones if zone not in subnet_group.zones()]
    if missing:
        raise refuse(
            "InvalidParameterValue",
            f"{missing[0]} is not a valid availability zone: the cache subnet group {subnet_group.name} "
            "does not cover it.",
        )
    return zones


def _zones(subnet_group: CacheSubnetGroup, engine: str, count: int, parameters: Parameters) -> list[str]:
    mode = parameters.get("AZMode", "single-az")
    covered = subnet_group.zones()
    if mode == "cross-az" and (engine != "memcached" or count < 2):
        raise refuse("InvalidParameterCombination", "AZMode cross-az needs the engine memcached and two nodes or more.")
    asked = parameters.get("PreferredAvailabilityZones")
    if asked:
        if len(asked) != count:
            message = "The number of preferred availability zones must match NumCacheNodes."
            raise refuse("InvalidParameterCombination", message)
        return check_zones(subnet_group, asked)
    if mode == "cross-az":
        return (covered * count)[:count]
    zone = check_zones(subnet_group, [parameters.get("PreferredAvailabilityZone") or covered[0]])
    return zone * count


def _describe(context: Context, parameters: Parameters) -> Parameters:
    name = parameters.get("CacheClusterId")
    chosen = [find(context, name)] if name else list(context.store.clusters.values())
    if parameters.get("ShowCacheClustersNotInReplicationGroups"):
        chosen = [cluster for cluster in chosen if cluster.group is None]
    with_nodes = bool(parameters.get("ShowCacheNodeInfo"))
    return page("elasticache", parameters, "CacheClusters", [cluster.describe(with_nodes) for cluster in chosen])


def _modify(context: Context, parameters: Parameters) -> Parameters:
    cluster = find(context, parameters["CacheClusterId"])
    check_available(cluster)
    if cluster.group:
        message = (
            f"Cache cluster {cluster.name} is a member of a replication group. Modify the replication group instead."
        )
        raise refuse("InvalidParameterCombination", message)
    if parameters.get("AuthToken"):
        raise refuse(
            "InvalidParameterCombination", "An AuthToken needs a replication group that is encrypted in transit."
        )
    new = _new_settings(cluster, parameters)
    pending, version = _new_pending(cluster, parameters)
    parameter_group = cluster.parameter_group
    if parameters.get("CacheParameterGroupName"):
        family = (version or cluster.version).family
        parameter_group = parameter_groups.find_for(context, parameters["CacheParameterGroupName"], family)
    if parameters.get("SecurityGroupIds"):
        cluster.regroup(groups_or_default(context, parameters["SecurityGroupIds"], cluster.subnet_group))
    cluster.data |= new
    cluster.parameter_group = parameter_group
    cluster.pending |= pending
    cluster.pending_version = version or cluster.pending_version
    if parameters.get("ApplyImmediately") and cluster.pending:
        cluster.begin("modifying", cluster.apply_pending)
    return {"CacheCluster": cluster.describe()}


def _new_settings(cluster: CacheCluster, parameters: Parameters) -> dict[str, Any]:
    new = {key: parameters[key] for key in ("AutoMinorVersionUpgrade",) if key in parameters}
    if "SnapshotRetentionLimit" in parameters:
        check_retention(parameters["SnapshotRetentionLimit"])
        new["SnapshotRetentionLimit"] = parameters["SnapshotRetentionLimit"]
    picked = windows(cluster.name, parameters, cluster.data)
    new |= {key: value for key, value in picked.items() if parameters.get(key)}
    if parameters.get("NotificationTopicArn"):
        new["NotificationConfiguration"] = {"TopicArn": parameters["NotificationTopicArn"], "TopicStatus": "active"}
    if "LogDeliveryConfigurations" in parameters:
        new["LogDeliveryConfigurations"] = log_deliveries(
            cluster.context, parameters["LogDeliveryConfigurations"], cluster.data["LogDeliveryConfigurations"]
        )
    return new


def _new_pending(cluster: CacheCluster, parameters: Parameters) -> tuple[dict[str, Any], catalog.Version | None]:
    pending: dict[str, Any] = {}
    count = parameters.get("NumCacheNodes", len(cluster.zones))
    if count != len(cluster.zones):
        if cluster.version.engine == "redis":
            raise refuse("InvalidParameterValue", "Cannot have more than one node in a Redis cluster.")
        removed = parameters.get("CacheNodeIdsToRemove") or []
        if count < len(cluster.zones) and len(removed) != len(cluster.zones) - count:
            message = "CacheNodeIdsToRemove must name as many nodes as are to be removed."
            raise refuse("InvalidParameterCombination", message)
        pending["NumCacheNodes"] = count
    if parameters.get("CacheNodeType"):
        node_type = catalog.check_node_type(parameters["CacheNodeType"])
        if node_type != cluster.data["CacheNodeType"]:
            pending["CacheNodeType"] = node_type
    version = None
    if parameters.get("EngineVersion"):
        version = catalog.resolve_version(cluster.version.engine, parameters["EngineVersion"])
        if cluster.version.engine != "memcached" and not catalog.is_newer(version, cluster.version):
            message = f"Cannot downgrade from {cluster.version.full} to {version.full}."
            raise refuse("InvalidParameterCombination", message)
        if version != cluster.version:
            pending["EngineVersion"] = version.full
        else:
            version = None
    return pending, version


def _delete(context: Context, parameters: Parameters) -> Parameters:
    cluster = find(context, parameters["CacheClusterId"])
    if cluster.status not in ("available", "creating"):
        message = f"Cache cluster {cluster.name} is in {cluster.status} state and cannot be deleted."
        raise refuse("InvalidCacheClusterState", message)
    if cluster.group:
        cluster.group.check_removable(cluster)
    final = parameters.get("FinalSnapshotIdentifier")
    if final:
        check_available(cluster)
        if cluster.version.engine == "memcached":
            message = "Snapshots are not supported by the engine memcached."
            raise refuse("SnapshotFeatureNotSupportedFault", message)
        snapshots.take(context, snapshots.check_name(context, final), None, cluster, {})
    cluster.begin("deleting", cluster.remove)
    return {"CacheCluster": cluster.describe()}


def _reboot(context: Context, parameters: Parameters) -> Parameters:
    cluster = find(context, parameters["CacheClusterId"])
    check_available(cluster)
    cluster.begin("rebooting cluster nodes", cluster.restarted)
    return {"CacheCluster": cluster.describe()}


HANDLERS = {
    "CreateCacheCluster": _create,
    "DeleteCacheCluster": _delete,
    "DescribeCacheClusters": _describe,
    "ModifyCacheCluster": _modify,
    "RebootCacheCluster": _reboot,
}

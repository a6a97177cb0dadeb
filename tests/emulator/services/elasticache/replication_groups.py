"""Replication groups: a primary and its replicas, in one shard or in several."""

from __future__ import annotations

from typing import Any

from tests.emulator.query_service import Context, Parameters, Progressing, as_tags, now, page
from tests.emulator.services.elasticache import catalog, clusters, parameter_groups, snapshots, subnet_groups
from tests.emulator.services.elasticache.clusters import CacheCluster
from tests.emulator.services.elasticache.common import (
    check_auth_token,
    check_identifier,
    check_retention,
    domain,
    key_arn,
    log_deliveries,
    refuse,
    windows,
)
from tests.emulator.services.elasticache.parameter_groups import CacheParameterGroup
from tests.emulator.services.elasticache.subnet_groups import CacheSubnetGroup

MOST_CLUSTERS = 6
MOST_REPLICAS = 5
# What the emulator does not have; better an error than something that looks as if it worked.
_LACKING = (
    "GlobalReplicationGroupId",
    "PrimaryClusterId",
    "ServerlessCacheSnapshotName",
    "SnapshotArns",
    "UserGroupIds",
    "UserGroupIdsToAdd",
    "UserGroupIdsToRemove",
)
# Where members take over what their group has.
_OF_MEMBERS = (
    "AtRestEncryptionEnabled",
    "AuthTokenEnabled",
    "AuthTokenLastModifiedDate",
    "AutoMinorVersionUpgrade",
    "CacheNodeType",
    "IpDiscovery",
    "LogDeliveryConfigurations",
    "NetworkType",
    "NotificationConfiguration",
    "PreferredMaintenanceWindow",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "TransitEncryptionEnabled",
    "TransitEncryptionMode",
)
# Of those, what a replication group itself does not show.
_NOT_SHOWN = ("NotificationConfiguration", "PreferredMaintenanceWindow")


class ReplicationGroup(Progressing):
    """A replication group; ``data`` holds what AWS shows and nothing has to be worked out for."""

    def __init__(self, context: Context, name: str, data: dict[str, Any], cluster_mode: bool) -> None:
        super().__init__("elasticache")
        self.context, self.name, self.data, self.cluster_mode = context, name, data, cluster_mode
        self.created = now()
        self.port = 6379
        self.primary_of: dict[str, str] = {}
        self.pending: dict[str, Any] = {}
        self.token_rotated = False

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.context.arn("elasticache", "replicationgroup", self.name)

    def members(self) -> list[CacheCluster]:
        """Its clusters, by name."""
        found = [cluster for cluster in self.context.store.clusters.values() if cluster.group is self]
        return sorted(found, key=lambda cluster: cluster.name)

    def shards(self) -> dict[str, list[CacheCluster]]:
        """Its clusters by shard."""
        found: dict[str, list[CacheCluster]] = {}
        for member in self.members():
            found.setdefault(member.shard, []).append(member)
        return found

    def primaries(self) -> list[CacheCluster]:
        """The member of each shard that writes."""
        return [self.primary(shard, members) for shard, members in self.shards().items()]

    def primary(self, shard: str, members: list[CacheCluster]) -> CacheCluster:
        """The member of a shard that writes: the first one, unless a failover chose another."""
        return next((member for member in members if member.name == self.primary_of.get(shard)), members[0])

    def add_member(self, name: str, shard: str, zone: str, like: CacheCluster) -> CacheCluster:
        """Begin another member."""
        member = CacheCluster(
            self.context, name, {}, like.version, like.subnet_group, like.parameter_group, like.group_ids
        )
        member.group, member.shard, member.port = self, shard, self.port
        self.context.store.clusters[name] = member
        self.context.store.tags[member.arn] = dict(self.context.store.tags.get(self.arn, {}))
        self.share()
        member.place([zone])
        member.begin("creating", member.become("available"))
        return member

    def share(self) -> None:
        """Let the members have what the group has."""
        for member in self.members():
            member.data |= {key: self.data.get(key) for key in _OF_MEMBERS}

    def check_removable(self, cluster: CacheCluster) -> None:
        """Refuse to delete a member that the group cannot do without."""
        members = self.shards()[cluster.shard]
        if len(members) == 1:
            raise refuse(
                "InvalidCacheClusterState",
                "Cannot delete the cache cluster since it is the only member of a replication group. Delete the "
                "replication group instead.",
            )
        if self.primary(cluster.shard, members) is cluster:
            raise refuse(
                "InvalidCacheClusterState",
                f"Cache cluster {cluster.name} is serving as primary for replication group {self.name} and cannot be "
                "deleted. To delete the primary, delete the replication group.",
            )
        if self.data["AutomaticFailover"] == "enabled" and len(members) == 2:
            message = "Cannot delete the last replica of a replication group with automatic failover enabled."
            raise refuse("InvalidCacheClusterState", message)

    def remove(self) -> None:
        """Be gone, with all members."""
        for member in self.members():
            member.remove()
        self.context.store.groups.pop(self.name, None)
        self.context.store.tags.pop(self.arn, None)

    def finish_changes(self) -> None:
        """Carry out what was begun."""
        failover = self.pending.pop("AutomaticFailoverStatus", None)
        if failover:
            self.data["AutomaticFailover"] = failover
        status = self.pending.pop("AuthTokenStatus", None)
        if status:
            self.data |= {"AuthTokenEnabled": True, "AuthTokenLastModifiedDate": now()}
        for key in ("TransitEncryptionEnabled", "TransitEncryptionMode", "ClusterMode"):
            if key in self.pending:
                self.data[key] = self.pending.pop(key)
        for member in self.members():
            if "CacheNodeType" in member.pending:
                self.data["CacheNodeType"] = member.pending["CacheNodeType"]
            member.apply_pending()
        self.share()
        self.status = "available"

    def _endpoint(self, kind: str) -> dict[str, Any]:
        """A primary, reader or configuration endpoint."""
        mark, end = domain(self.context)
        if self.data["TransitEncryptionEnabled"]:
            word = {"primary": "master", "reader": "replica", "configuration": "clustercfg"}[kind]
            address = f"{word}.{self.name}.{mark}.{end}"
        elif kind == "configuration":
            address = f"{self.name}.{mark}.clustercfg.{end}"
        else:
            address = f"{self.name}{'-ro' if kind == 'reader' else ''}.{mark}.ng.0001.{end}"
        return {"Address": address, "Port": self.port}

    def _node_group(self, shard: str, members: list[CacheCluster], number: int, count: int) -> dict[str, Any]:
        """A shard as AWS shows it."""
        shown: dict[str, Any] = {
            "NodeGroupId": shard,
            "Status": "available" if self.status == "available" else self.status,
        }
        primary = self.primary(shard, members)
        if self.cluster_mode:
            shown["Slots"] = f"{16384 * number // count}-{16384 * (number + 1) // count - 1}"
        else:
            shown |= {"PrimaryEndpoint": self._endpoint("primary"), "ReaderEndpoint": self._endpoint("reader")}
        shown["NodeGroupMembers"] = [
            {
                "CacheClusterId": member.name,
                "CacheNodeId": "0001",
                "PreferredAvailabilityZone": member.zones[0],
                **(
                    {}
                    if self.cluster_mode
                    else {
                        "ReadEndpoint": member.endpoint(),
                        "CurrentRole": "primary" if member is primary else "replica",
                    }
                ),
            }
            for member in members
            if member.status != "creating"
        ]
        return shown

    def describe(self) -> dict[str, Any]:
        """As AWS shows it: shards and endpoints only once it is there."""
        members = self.members()
        first = members[0] if members else None
        shown = {
            **{key: value for key, value in self.data.items() if key not in _NOT_SHOWN},
            "ReplicationGroupId": self.name,
            "ARN": self.arn,
            "Status": self.status,
            "MemberClusters": [member.name for member in members],
            "PendingModifiedValues": dict(self.pending),
            "ClusterEnabled": self.cluster_mode,
            "ReplicationGroupCreateTime": self.created,
            "Engine": first.version.engine if first else None,
            "GlobalReplicationGroupInfo": {},
        }
        if self.data["SnapshotRetentionLimit"] and not self.cluster_mode and first:
            shown["SnapshottingClusterId"] = members[-1].name
        if self.status != "creating":
            shards = self.shards()
            shown["NodeGroups"] = [
                self._node_group(shard, shards[shard], number, len(shards)) for number, shard in enumerate(shards)
            ]
            if self.cluster_mode:
                shown["ConfigurationEndpoint"] = self._endpoint("configuration")
        return shown


def find(context: Context, name: str) -> ReplicationGroup:
    """The group of that name."""
    try:
        return context.store.groups[name.lower()]
    except KeyError:
        raise refuse("ReplicationGroupNotFoundFault", f"ReplicationGroup {name.lower()} not found.") from None


def check_available(group: ReplicationGroup) -> None:
    """Changes need a group that is available."""
    if group.status != "available":
        message = f"Replication group {group.name} is not in available state."
        raise refuse("InvalidReplicationGroupState", message)


def _check_lacking(parameters: Parameters) -> None:
    used = [name for name in _LACKING if parameters.get(name)]
    if used:
        raise refuse("NotImplemented", f"The emulator does not implement {used[0]} of replication groups.")


def _create(context: Context, parameters: Parameters) -> Parameters:
    name = check_identifier("ReplicationGroupId", parameters["ReplicationGroupId"], 40)
    if name in context.store.groups:
        raise refuse("ReplicationGroupAlreadyExists", "Replication group with specified ID already exists.")
    _check_lacking(parameters)
    if not parameters["ReplicationGroupDescription"]:
        message = "The parameter ReplicationGroupDescription must be provided and must not be blank."
        raise refuse("InvalidParameterValue", message)
    engine = catalog.check_engine(parameters.get("Engine", "redis"), ("redis", "valkey"))
    version = catalog.resolve_version(engine, parameters.get("EngineVersion"))
    parameter_group = _parameter_group(context, version, parameters)
    shards, replicas = _shape(parameter_group.is_cluster_mode, parameters)
    subnet_group = subnet_groups.find_or_default(context, parameters.get("CacheSubnetGroupName"))
    data = {
        "Description": parameters["ReplicationGroupDescription"],
        "CacheNodeType": catalog.check_node_type(parameters.get("CacheNodeType")),
        **_failover(parameter_group.is_cluster_mode, replicas, subnet_group, parameters),
        **_protection(context, engine, parameters),
        **_backup(context, name, parameters),
        "AutoMinorVersionUpgrade": parameters.get("AutoMinorVersionUpgrade", True),
        "LogDeliveryConfigurations": log_deliveries(context, parameters.get("LogDeliveryConfigurations") or [], []),
        "DataTiering": "enabled" if parameters.get("DataTieringEnabled") else "disabled",
        "NetworkType": parameters.get("NetworkType", "ipv4"),
        "IpDiscovery": parameters.get("IpDiscovery", "ipv4"),
        "ClusterMode": parameters.get("ClusterMode") or ("enabled" if parameter_group.is_cluster_mode else "disabled"),
        "UserGroupIds": [],
    }
    group_ids = clusters.groups_or_default(context, parameters.get("SecurityGroupIds"), subnet_group)
    names = _member_names(context, name, parameter_group.is_cluster_mode, shards, replicas)
    zones = _member_zones(subnet_group, names, parameters)
    group = ReplicationGroup(context, name, data, parameter_group.is_cluster_mode)
    group.port = parameters.get("Port", 6379)
    context.store.groups[name] = group
    context.store.tags[group.arn] = as_tags(parameters.get("Tags"))
    like = CacheCluster(context, "", {}, version, subnet_group, parameter_group, group_ids)
    for (shard, member), zone in zip(names, zones, strict=True):
        group.add_member(member, shard, zone, like)
    group.begin("creating", group.become("available"))
    return {"ReplicationGroup": group.describe()}


def _parameter_group(context: Context, version: catalog.Version, parameters: Parameters) -> CacheParameterGroup:
    """The parameter group, which also says whether there are several shards."""
    many = parameters.get("NumNodeGroups", 1) > 1 or parameters.get("ClusterMode") in ("enabled", "compatible")
    group = parameter_groups.find_for(context, parameters.get("CacheParameterGroupName"), version.family, many)
    if many and not group.is_cluster_mode:
        message = f"Cluster mode needs a parameter group with cluster-enabled set to yes; {group.name} has not."
        raise refuse("InvalidParameterCombination", message)
    if parameters.get("ClusterMode") == "disabled" and group.is_cluster_mode:
        message = f"The parameter group {group.name} has cluster-enabled set to yes."
        raise refuse("InvalidParameterCombination", message)
    return group


def _shape(cluster_mode: bool, parameters: Parameters) -> tuple[int, int]:
    """How many shards, and how many replicas in each."""
    shards, replicas = parameters.get("NumNodeGroups", 1), parameters.get("ReplicasPerNodeGroup")
    count = parameters.get("NumCacheClusters")
    if count is not None and (replicas is not None or "NumNodeGroups" in parameters):
        message = "NumCacheClusters cannot be combined with NumNodeGroups or ReplicasPerNodeGroup."
        raise refuse("InvalidParameterCombination", message)
    if count is not None and not 1 <= count <= MOST_CLUSTERS:
        raise refuse("InvalidParameterValue", f"NumCacheClusters must be between 1 and {MOST_CLUSTERS}.")
    if replicas is not None and not 0 <= replicas <= MOST_REPLICAS:
        raise refuse(
            "InvalidParameterValue", f"The number of replicas per node group must be within 0 and {MOST_REPLICAS}."
        )
    if not 1 <= shards <= 500:
        raise refuse("InvalidParameterValue", "NumNodeGroups must be between 1 and 500.")
    if shards * ((replicas or 0) + 1) > 90:
        message = "The number of nodes would exceed the quota of 90 per cluster."
        raise refuse("NodeQuotaForClusterExceeded", message)
    if count is not None and cluster_mode:
        return 1, count - 1
    return shards, (count or 1) - 1 if replicas is None else replicas


def _failover(
    cluster_mode: bool, replicas: int, subnet_group: CacheSubnetGroup, parameters: Parameters
) -> dict[str, str]:
    failover, multi_az = bool(parameters.get("AutomaticFailoverEnabled")), bool(parameters.get("MultiAZEnabled"))
    if cluster_mode and not failover:
        message = "Redis with cluster mode enabled cannot be created with auto failover turned off."
        raise refuse("InvalidParameterCombination", message)
    if failover and not cluster_mode and replicas < 1:
        message = "When using automatic failover, there must be at least 2 cache clusters in the replication group."
        raise refuse("InvalidParameterCombination", message)
    _check_multi_az(multi_az, failover, replicas, subnet_group)
    return {
        "AutomaticFailover": "enabled" if failover else "disabled",
        "MultiAZ": "enabled" if multi_az else "disabled",
    }


def _check_multi_az(multi_az: bool, failover: bool, replicas: int, subnet_group: CacheSubnetGroup) -> None:
    """Multi-AZ needs failover, a replica, and a second zone for it (Minimizing downtime with Multi-AZ)."""
    if not multi_az:
        return
    if not failover:
        message = "Automatic failover must be enabled to enable Multi-AZ."
        raise refuse("InvalidParameterCombination", message)
    if replicas < 1:
        message = "Multi-AZ needs at least one replica in each node group."
        raise refuse("InvalidParameterCombination", message)
    if len(subnet_group.zones()) < 2:
        message = f"Multi-AZ needs subnets in at least two availability zones; {subnet_group.name} has not."
        raise refuse("InvalidParameterCombination", message)


def _protection(context: Context, engine: str, parameters: Parameters) -> dict[str, Any]:
    """Encryption and the AUTH token."""
    transit = bool(parameters.get("TransitEncryptionEnabled"))
    # Valkey encrypts at rest unless told otherwise, Redis only when told
    at_rest = bool(parameters.get("AtRestEncryptionEnabled", engine == "valkey"))
    mode, token, key = parameters.get("TransitEncryptionMode"), parameters.get("AuthToken"), parameters.get("KmsKeyId")
    if mode and not transit:
        message = "TransitEncryptionMode can only be set when TransitEncryptionEnabled is true."
        raise refuse("InvalidParameterCombination", message)
    if key and not at_rest:
        message = "KmsKeyId can only be set when AtRestEncryptionEnabled is true."
        raise refuse("InvalidParameterCombination", message)
    if token is not None:
        check_auth_token(token)
        if not transit:
            message = "AuthToken can only be set when TransitEncryptionEnabled is true."
            raise refuse("InvalidParameterCombination", message)
    return {
        "TransitEncryptionEnabled": transit,
        "TransitEncryptionMode": (mode or "required") if transit else None,
        "AtRestEncryptionEnabled": at_rest,
        "KmsKeyId": key_arn(context, key) if key else None,
        "AuthTokenEnabled": token is not None,
        "AuthTokenLastModifiedDate": now() if token is not None else None,
    }


def _backup(context: Context, name: str, parameters: Parameters) -> dict[str, Any]:
    retention, topic = parameters.get("SnapshotRetentionLimit", 0), parameters.get("NotificationTopicArn")
    check_retention(retention)
    if parameters.get("SnapshotName"):
        snapshot = snapshots.find(context, parameters["SnapshotName"])
        if snapshot.status != "available":
            raise refuse("InvalidParameterValue", f"Snapshot {snapshot.name} is not in available state.")
    return {
        "SnapshotRetentionLimit": retention,
        **windows(name, parameters),
        "NotificationConfiguration": {"TopicArn": topic, "TopicStatus": "active"} if topic else None,
    }


def _member_names(context: Context, name: str, cluster_mode: bool, shards: int, replicas: int) -> list[tuple[str, str]]:
    """Shard and name of every member to be."""
    found = []
    for shard in range(1, shards + 1):
        for number in range(1, replicas + 2):
            member = f"{name}-{shard:04}-{number:03}" if cluster_mode else f"{name}-{number:03}"
            found.append((f"{shard:04}", member))
    taken = [member for _unused, member in found if member in context.store.clusters]
    if taken:
        raise refuse("InvalidParameterValue", f"Cache cluster {taken[0]} already exists.")
    return found


def _member_zones(subnet_group: CacheSubnetGroup, names: list[tuple[str, str]], parameters: Parameters) -> list[str]:
    """A zone for every member: those asked for, or the subnet group's in turn."""
    asked = parameters.get("PreferredCacheClusterAZs")
    if asked:
        if len(asked) != len(names):
            raise refuse(
                "InvalidParameterCombination",
                "When specifying preferred availability zones, the number of cache clusters must be specified and must "
                "match the number of preferred availability zones.",
            )
        zones = clusters.check_zones(subnet_group, asked)
    else:
        zones = (subnet_group.zones() * len(names))[: len(names)]
    if parameters.get("MultiAZEnabled") and len(names) > 1 and len(set(zones)) < 2:
        message = "Multi-AZ needs the cache clusters in at least two availability zones."
        raise refuse("InvalidParameterCombination", message)
    return zones


def _describe(context: Context, parameters: Parameters) -> Parameters:
    name = parameters.get("ReplicationGroupId")
    chosen = [find(context, name)] if name else context.store.groups.values()
    return page("elasticache", parameters, "ReplicationGroups", [group.describe() for group in chosen])


def add_replica(context: Context, group_name: str, name: str, parameters: Parameters) -> CacheCluster:
    """Another replica, through CreateCacheCluster."""
    group = find(context, group_name)
    check_available(group)
    members = group.members()
    if group.cluster_mode:
        message = "Replicas of a group with cluster mode enabled are added through IncreaseReplicaCount."
        raise refuse("InvalidParameterCombination", message)
    if len(members) >= MOST_CLUSTERS:
        message = f"Replication group {group.name} has the most cache clusters that it can have."
        raise refuse("InvalidParameterValue", message)
    wanted = parameters.get("PreferredAvailabilityZone")
    zone = clusters.check_zones(members[0].subnet_group, [wanted or _next_zone(members)])[0]
    return group.add_member(name, "0001", zone, members[0])


def _next_zone(members: list[CacheCluster]) -> str:
    """The zone that has the fewest members."""
    taken = [member.zones[0] for member in members]
    return min(members[0].subnet_group.zones(), key=taken.count)


def _modify(context: Context, parameters: Parameters) -> Parameters:
    """ModifyReplicationGroup: nothing is changed before everything is found to be right."""
    group = find(context, parameters["ReplicationGroupId"])
    check_available(group)
    _check_lacking(parameters)
    if parameters.get("CacheSecurityGroupNames"):
        raise refuse("InvalidParameterCombination", "Use of cache security groups is not permitted in a VPC.")
    members = group.members()
    group_ids = parameters.get("SecurityGroupIds")
    if group_ids is not None:
        group_ids = clusters.groups_or_default(context, group_ids, members[0].subnet_group)
    new = _new_settings(group, parameters)
    pending, member_pending, version = _new_pending(group, parameters)
    parameter_group = _new_parameter_group(group, parameters, version)
    group.data |= new
    group.pending |= pending
    for member in members:
        if group_ids is not None:
            member.regroup(group_ids)
        member.pending |= member_pending
        member.pending_version = version or member.pending_version
        if parameter_group is not None:
            member.parameter_group = parameter_group
    group.share()
    _begin_changes(group, bool(parameters.get("ApplyImmediately")))
    return {"ReplicationGroup": group.describe()}


def _begin_changes(group: ReplicationGroup, immediately: bool) -> None:
    if not immediately or not (group.pending or any(member.pending for member in group.members())):
        return
    if group.pending.get("AutomaticFailoverStatus"):
        passing = {"enabled": "enabling", "disabled": "disabling"}
        group.data["AutomaticFailover"] = passing[group.pending["AutomaticFailoverStatus"]]
    for member in group.members():
        member.status = "modifying"
    group.begin("modifying", group.finish_changes)


def _new_settings(group: ReplicationGroup, parameters: Parameters) -> dict[str, Any]:
    """What is changed at once."""
    new: dict[str, Any] = {}
    if parameters.get("ReplicationGroupDescription"):
        new["Description"] = parameters["ReplicationGroupDescription"]
    if "AutoMinorVersionUpgrade" in parameters:
        new["AutoMinorVersionUpgrade"] = parameters["AutoMinorVersionUpgrade"]
    if "SnapshotRetentionLimit" in parameters:
        check_retention(parameters["SnapshotRetentionLimit"])
        new["SnapshotRetentionLimit"] = parameters["SnapshotRetentionLimit"]
    new |= windows(group.name, parameters, group.data)
    if parameters.get("NotificationTopicArn"):
        status = parameters.get("NotificationTopicStatus", "active")
        new["NotificationConfiguration"] = {"TopicArn": parameters["NotificationTopicArn"], "TopicStatus": status}
    elif parameters.get("NotificationTopicStatus") == "inactive":
        new["NotificationConfiguration"] = None
    if "LogDeliveryConfigurations" in parameters:
        new["LogDeliveryConfigurations"] = log_deliveries(
            group.context, parameters["LogDeliveryConfigurations"], group.data["LogDeliveryConfigurations"]
        )
    if "MultiAZEnabled" in parameters:
        failover = parameters.get("AutomaticFailoverEnabled", group.data["AutomaticFailover"] == "enabled")
        replicas = min(len(members) for members in group.shards().values()) - 1
        _check_multi_az(parameters["MultiAZEnabled"], failover, replicas, group.members()[0].subnet_group)
        new["MultiAZ"] = "enabled" if parameters["MultiAZEnabled"] else "disabled"
    if parameters.get("PrimaryClusterId"):
        raise refuse("NotImplemented", "The emulator changes primaries through TestFailover only.")
    return new


def _new_pending(
    group: ReplicationGroup, parameters: Parameters
) -> tuple[dict[str, Any], dict[str, Any], catalog.Version | None]:
    """What waits for the maintenance window: of the group, of its members, and the version."""
    pending: dict[str, Any] = {}
    of_members: dict[str, Any] = {}
    first = group.members()[0]
    if "AutomaticFailoverEnabled" in parameters:
        pending |= _new_failover(group, parameters)
    if parameters.get("CacheNodeType"):
        node_type = catalog.check_node_type(parameters["CacheNodeType"])
        if node_type != group.data["CacheNodeType"]:
            of_members["CacheNodeType"] = node_type
    version = None
    if parameters.get("EngineVersion") or parameters.get("Engine"):
        engine = catalog.check_engine(parameters.get("Engine", first.version.engine), ("redis", "valkey"))
        if engine != first.version.engine and not parameters.get("EngineVersion"):
            raise refuse("InvalidParameterCombination", "EngineVersion must be specified when Engine is changed.")
        asked = parameters.get("EngineVersion")
        version = catalog.resolve_version(engine, asked) if asked else first.version
        if not catalog.is_newer(version, first.version):
            message = f"Cannot downgrade {first.version.engine} from {first.version.full} to {engine} {version.full}."
            raise refuse("InvalidParameterCombination", message)
        if version == first.version:
            version = None
        else:
            of_members["EngineVersion"] = version.full
    if parameters.get("AuthToken") is not None or parameters.get("AuthTokenUpdateStrategy"):
        pending["AuthTokenStatus"] = _new_token(group, parameters)
    pending |= _new_transit_encryption(group, parameters)
    return pending, of_members, version


def _new_failover(group: ReplicationGroup, parameters: Parameters) -> dict[str, str]:
    wanted = "enabled" if parameters["AutomaticFailoverEnabled"] else "disabled"
    if wanted == group.data["AutomaticFailover"]:
        group.pending.pop("AutomaticFailoverStatus", None)
        return {}
    if wanted == "disabled" and group.cluster_mode:
        message = "Turning off automatic failover for replication group with cluster mode enabled is not supported."
        raise refuse("InvalidParameterCombination", message)
    if wanted == "disabled" and parameters.get("MultiAZEnabled", group.data["MultiAZ"] == "enabled"):
        message = "Multi-AZ must be disabled to disable automatic failover."
        raise refuse("InvalidParameterCombination", message)
    if wanted == "enabled" and len(group.members()) < 2:
        message = "When using automatic failover, there must be at least 2 cache clusters in the replication group."
        raise refuse("InvalidParameterCombination", message)
    return {"AutomaticFailoverStatus": wanted}


def _new_token(group: ReplicationGroup, parameters: Parameters) -> str:
    """Rotate or set the AUTH token (Authenticating with the AUTH command)."""
    token, strategy = parameters.get("AuthToken"), parameters.get("AuthTokenUpdateStrategy", "ROTATE")
    if strategy == "DELETE":
        message = "The AuthTokenUpdateStrategy DELETE is allowed only when transitioning to role-based access control."
        raise refuse("InvalidParameterCombination", message)
    if token is None:
        raise refuse("InvalidParameterCombination", "AuthTokenUpdateStrategy must be specified with an AuthToken.")
    check_auth_token(token)
    if not group.data["TransitEncryptionEnabled"]:
        message = "AuthToken can only be set when TransitEncryptionEnabled is true."
        raise refuse("InvalidParameterCombination", message)
    if not parameters.get("ApplyImmediately"):
        message = "Modifications of the AuthToken have to be applied immediately."
        raise refuse("InvalidParameterCombination", message)
    if strategy == "SET" and group.data["AuthTokenEnabled"] and not group.token_rotated:
        message = "The AuthTokenUpdateStrategy SET is allowed only after ROTATE."
        raise refuse("InvalidParameterCombination", message)
    group.token_rotated = strategy == "ROTATE"
    return "ROTATING" if strategy == "ROTATE" else "SETTING"


def _new_transit_encryption(group: ReplicationGroup, parameters: Parameters) -> dict[str, Any]:
    """Encryption in transit is turned on and off by way of the mode preferred."""
    wanted = parameters.get("TransitEncryptionEnabled", group.data["TransitEncryptionEnabled"])
    mode, current = parameters.get("TransitEncryptionMode"), group.data["TransitEncryptionMode"]
    if mode and not wanted:
        message = "TransitEncryptionMode can only be set when TransitEncryptionEnabled is true."
        raise refuse("InvalidParameterCombination", message)
    if wanted and not group.data["TransitEncryptionEnabled"]:
        if mode != "preferred":
            message = "To enable encryption in transit, TransitEncryptionMode must be preferred first."
            raise refuse("InvalidParameterCombination", message)
        return {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "preferred"}
    if not wanted and group.data["TransitEncryptionEnabled"]:
        if current != "preferred":
            message = "To disable encryption in transit, TransitEncryptionMode must be preferred first."
            raise refuse("InvalidParameterCombination", message)
        return {"TransitEncryptionEnabled": False, "TransitEncryptionMode": None}
    return {"TransitEncryptionMode": mode} if mode and mode != current else {}


def _new_parameter_group(
    group: ReplicationGroup, parameters: Parameters, version: catalog.Version | None
) -> CacheParameterGroup | None:
    """The parameter group asked for, or the one that another family needs."""
    first = group.members()[0]
    family, name = (version or first.version).family, parameters.get("CacheParameterGroupName")
    if name:
        found = parameter_groups.find_for(group.context, name, family)
        if found.is_cluster_mode != group.cluster_mode:
            message = f"The parameter group {found.name} does not fit the cluster mode of the replication group."
            raise refuse("InvalidParameterCombination", message)
        return found
    if family == first.parameter_group.family:
        return None
    if not first.parameter_group.is_default:
        message = f"A CacheParameterGroupName of family {family} must be specified for the engine version."
        raise refuse("InvalidParameterCombination", message)
    return parameter_groups.default_group(group.context, family, group.cluster_mode)


def _count_change(context: Context, parameters: Parameters) -> tuple[ReplicationGroup, int]:
    """The group and the number of replicas that it shall have in each shard."""
    group = find(context, parameters["ReplicationGroupId"])
    check_available(group)
    if not parameters.get("ApplyImmediately"):
        message = "The replica count can only be changed with ApplyImmediately set to true."
        raise refuse("InvalidParameterValue", message)
    if parameters.get("ReplicaConfiguration"):
        raise refuse("NotImplemented", "The emulator does not implement ReplicaConfiguration.")
    current = len(next(iter(group.shards().values()))) - 1
    wanted = parameters.get("NewReplicaCount")
    if wanted is None and parameters.get("ReplicasToRemove"):
        wanted = current - len(parameters["ReplicasToRemove"])
    if wanted is None:
        raise refuse("InvalidParameterValue", "The parameter NewReplicaCount must be provided and must not be blank.")
    if not 0 <= wanted <= MOST_REPLICAS:
        raise refuse("InvalidParameterValue", f"NewReplicaCount must be between 0 and {MOST_REPLICAS}.")
    if wanted == current:
        message = "The operation was not performed because no changes were required."
        raise refuse("NoOperationFault", message)
    return group, wanted


def _increase(context: Context, parameters: Parameters) -> Parameters:
    group, wanted = _count_change(context, parameters)
    for shard, members in group.shards().items():
        if wanted < len(members):
            message = "NewReplicaCount must be greater than the current number of replicas."
            raise refuse("InvalidParameterValue", message)
        _grow(group, shard, members, wanted)
    group.begin("modifying", group.become("available"))
    return {"ReplicationGroup": group.describe()}


def _grow(group: ReplicationGroup, shard: str, members: list[CacheCluster], wanted: int) -> None:
    prefix = f"{group.name}-{shard}-" if group.cluster_mode else f"{group.name}-"
    taken, members, number = {member.name for member in members}, list(members), 1
    while len(members) < wanted + 1:
        name = f"{prefix}{number:03}"
        if name not in taken:
            members.append(group.add_member(name, shard, _next_zone(members), members[0]))
        number += 1


def _decrease(context: Context, parameters: Parameters) -> Parameters:
    group, wanted = _count_change(context, parameters)
    shards = group.shards()
    least = (
        1
        if group.data["MultiAZ"] == "enabled"
        or (group.data["AutomaticFailover"] == "enabled" and not group.cluster_mode)
        else 0
    )
    if wanted < least:
        message = "Multi-AZ and automatic failover need at least one replica. Turn them off first."
        raise refuse("InvalidParameterCombination", message)
    asked = [name.lower() for name in parameters.get("ReplicasToRemove") or []]
    leaving = []
    for shard, members in shards.items():
        if wanted > len(members) - 1:
            message = "NewReplicaCount must be less than the current number of replicas."
            raise refuse("InvalidParameterValue", message)
        replicas = [member for member in members if member is not group.primary(shard, members)]
        chosen = [member for member in replicas if member.name in asked]
        others = [member for member in reversed(replicas) if member not in chosen]
        leaving += (chosen + others)[: len(replicas) - wanted]
    unknown = set(asked) - {member.name for member in leaving}
    if unknown:
        raise refuse("InvalidParameterValue", f"{sorted(unknown)[0]} is not a replica that can be removed.")
    for member in leaving:
        member.begin("deleting", member.remove)
    group.begin("modifying", group.become("available"))
    return {"ReplicationGroup": group.describe()}


def _test_failover(context: Context, parameters: Parameters) -> Parameters:
    group = find(context, parameters["ReplicationGroupId"])
    check_available(group)
    shards, shard = group.shards(), parameters["NodeGroupId"]
    if shard not in shards:
        raise refuse("NodeGroupNotFoundFault", f"NodeGroup {shard} not found.")
    if group.data["AutomaticFailover"] != "enabled" or len(shards[shard]) < 2:
        raise refuse("InvalidParameterCombination", "Automatic failover must be enabled to test it.")
    primary = group.primary(shard, shards[shard])
    group.primary_of[shard] = next(member.name for member in shards[shard] if member is not primary)
    group.begin("modifying", group.become("available"))
    return {"ReplicationGroup": group.describe()}


def _delete(context: Context, parameters: Parameters) -> Parameters:
    group = find(context, parameters["ReplicationGroupId"])
    if group.status != "available":
        message = f"Replication group {group.name} has status {group.status} which is not valid for deletion."
        raise refuse("InvalidReplicationGroupState", message)
    final, retained = parameters.get("FinalSnapshotIdentifier"), parameters.get("RetainPrimaryCluster")
    if final and retained:
        message = "FinalSnapshotIdentifier can not be specified when RetainPrimaryCluster is true."
        raise refuse("InvalidParameterCombination", message)
    if retained and group.cluster_mode:
        message = "RetainPrimaryCluster is not supported with cluster mode enabled."
        raise refuse("InvalidParameterCombination", message)
    if final:
        snapshots.take(context, snapshots.check_name(context, final), group, group.primaries()[0], {})
    leaving = group.members()
    if retained:
        primary = group.primaries()[0]
        leaving = [member for member in leaving if member is not primary]
    for member in leaving:
        member.status = "deleting"

    def finish() -> None:
        if retained:
            primary.group = None
        group.remove()

    group.begin("deleting", finish)
    return {"ReplicationGroup": group.describe()}


def _allowed_node_types(context: Context, parameters: Parameters) -> Parameters:
    name = parameters.get("ReplicationGroupId")
    if name:
        return catalog.list_scaling_targets(find(context, name).data["CacheNodeType"])
    return catalog.list_scaling_targets(clusters.find(context, parameters["CacheClusterId"]).data["CacheNodeType"])


HANDLERS = {
    "CreateReplicationGroup": _create,
    "DecreaseReplicaCount": _decrease,
    "DeleteReplicationGroup": _delete,
    "DescribeReplicationGroups": _describe,
    "IncreaseReplicaCount": _increase,
    "ListAllowedNodeTypeModifications": _allowed_node_types,
    "ModifyReplicationGroup": _modify,
    "TestFailover": _test_failover,
}

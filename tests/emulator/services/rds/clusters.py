"""Aurora PostgreSQL clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulator import vpc
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
from tests.emulator.services.rds import (
    catalog,
    instances,
    parameter_groups,
    secrets,
    settings,
    snapshots,
    subnet_groups,
)
from tests.emulator.services.rds.common import (
    check_database,
    check_groups,
    check_identifier,
    check_log_types,
    check_password,
    check_port,
    check_retention,
    check_user,
    check_windows,
    default_windows,
    domain,
    exported_logs,
    memberships,
    refuse,
    resource_id,
)

if TYPE_CHECKING:
    from tests.emulator.services.rds.instances import Instance
    from tests.emulator.services.rds.parameter_groups import ParameterGroup
    from tests.emulator.services.rds.subnet_groups import SubnetGroup

# What members take over from their cluster when they are shown.
_SHOWN_BY_MEMBERS = (
    "BackupRetentionPeriod",
    "EngineVersion",
    "KmsKeyId",
    "MasterUsername",
    "PreferredBackupWindow",
    "StorageEncrypted",
    "IAMDatabaseAuthenticationEnabled",
    "EnabledCloudwatchLogsExports",
)
# What belongs to Multi-AZ clusters or serverless v1, which are not Aurora's.
_NOT_OF_AURORA = ("AllocatedStorage", "DBClusterInstanceClass", "Iops", "ScalingConfiguration")
_STORAGE_TYPES = ("aurora", "aurora-iopt1")
# CreateDBCluster, MasterUserPassword
_LONGEST_PASSWORD = 41


class Cluster(Progressing):
    """An Aurora cluster; ``data`` holds what AWS shows and nothing has to be worked out for."""

    def __init__(
        self,
        context: Context,
        name: str,
        data: dict[str, Any],
        subnet_group: SubnetGroup,
        parameter_group: ParameterGroup,
    ) -> None:
        super().__init__("rds_cluster")
        self.context, self.name, self.data = context, name, data
        self.subnet_group, self.parameter_group = subnet_group, parameter_group
        self.created = now()
        self.group_ids: list[str] = []
        self.port = 5432
        self.pending: dict[str, Any] = {}
        self.pending_groups: tuple[ParameterGroup | None, ParameterGroup | None] = (None, None)
        self.secret: dict[str, str] | None = None
        self.data["DbClusterResourceId"] = resource_id("cluster-")

    @property
    def arn(self) -> str:
        """Its ARN, which follows its name."""
        return self.context.arn("rds", "cluster", self.name)

    def members(self) -> list[Instance]:
        """Its instances, oldest first: the first one writes."""
        return [item for item in self.context.store.instances.values() if item.cluster is self]

    def writer(self) -> Instance | None:
        """The member that writes: the oldest one, unless a failover chose another."""
        members = self.members()
        chosen = next((member for member in members if member.name == self.data.get("_writer")), None)
        return chosen or (members[0] if members else None)

    def of_members(self) -> dict[str, Any]:
        """What its members show as theirs; Performance Insights where it was switched on for the cluster."""
        shown = {key: self.data.get(key) for key in _SHOWN_BY_MEMBERS}
        if self.data.get("PerformanceInsightsEnabled"):
            shown |= {key: self.data[key] for key in settings.INSIGHTS}
        return {**shown, "DBName": self.data["DatabaseName"]}

    def settings(self) -> dict[str, Any]:
        """What a restore starts from."""
        kept = ("Engine", "EngineVersion", "MasterUsername", "DatabaseName", "StorageEncrypted", "KmsKeyId")
        return {key: self.data[key] for key in kept if self.data.get(key)} | {"Port": self.port}

    def remove(self) -> None:
        """Be gone, once the members are."""
        if self.members():
            self.begin("deleting", self.remove)
            return
        if self.secret:
            secrets.remove(self.context, self.secret)
        self.context.store.clusters.pop(self.name, None)
        self.context.store.tags.pop(self.arn, None)

    def apply(self, changes: dict[str, Any]) -> None:
        """Carry out what was pending."""
        for key in changes:
            self.pending.pop(key, None)
        changes.pop("MasterUserPassword", None)
        name = changes.pop("DBClusterIdentifier", None)
        if name:
            store, old_arn = self.context.store, self.arn
            del store.clusters[self.name]
            self.name = name
            store.clusters[name] = self
            store.tags[self.arn] = store.tags.pop(old_arn, {})
        self.data |= changes
        if "EngineVersion" in changes:
            self._after_upgrade()
        self.status = "available"

    def _after_upgrade(self) -> None:
        """A new major version brings other parameter groups."""
        cluster_group, instance_group = self.pending_groups
        self.parameter_group = cluster_group or self.parameter_group
        for member in self.members():
            member.parameter_group = instance_group or member.parameter_group
            member.restarted()
        self.pending_groups = (None, None)

    def describe(self) -> dict[str, Any]:
        """As AWS shows it; a cluster has its endpoints from the start."""
        place, writer = domain(self.context), self.writer()
        members = self.members()
        mark, _unused, rest = place.partition(".")
        return {
            **{key: value for key, value in self.data.items() if not key.startswith("_")},
            # CreateDBCluster, StorageType: the usual one is not shown
            "StorageType": self.data["StorageType"] if self.data["StorageType"] != "aurora" else None,
            "DBClusterIdentifier": self.name,
            "DBClusterArn": self.arn,
            "Status": self.status,
            "Endpoint": f"{self.name}.cluster-{mark}.{rest}",
            "ReaderEndpoint": f"{self.name}.cluster-ro-{mark}.{rest}",
            "HostedZoneId": "Z2R2ITUGPM61AM",
            "Port": self.port,
            "MultiAZ": len({member.data["AvailabilityZone"] for member in members}) > 1,
            "DBClusterParameterGroup": self.parameter_group.name,
            "DBSubnetGroup": self.subnet_group.name,
            "VpcSecurityGroups": memberships(self.group_ids),
            "ClusterCreateTime": self.created,
            "EarliestRestorableTime": self.created,
            "LatestRestorableTime": now(),
            "DBClusterMembers": [
                {
                    "DBInstanceIdentifier": member.name,
                    "IsClusterWriter": member is writer,
                    "DBClusterParameterGroupStatus": member.cluster_parameter_status,
                    "PromotionTier": member.data["PromotionTier"],
                }
                for member in members
            ],
            "PendingModifiedValues": {
                key: "****" if key == "MasterUserPassword" else value for key, value in self.pending.items()
            }
            or None,
            "TagList": as_tag_list(self.context.store.tags.get(self.arn, {})),
            "MasterUserSecret": self.secret,
        }


def find(context: Context, name: str) -> Cluster:
    """The cluster of that name or ARN."""
    name = name.rsplit(":", 1)[-1].lower()
    try:
        return context.store.clusters[name]
    except KeyError:
        raise refuse("DBClusterNotFoundFault", f"DBCluster {name} not found.") from None


def check_available(cluster: Cluster) -> None:
    """Most changes need a cluster that is available."""
    if cluster.status != "available":
        raise refuse("InvalidDBClusterStateFault", f"DB cluster {cluster.name} is not in available state.")


def _scaling(wanted: dict[str, Any] | None, current: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """Serverless v2 capacity: steps of 0.5 up to 256; from 0 on it may pause (Aurora User Guide)."""
    if not wanted:
        return current
    found = {**(current or {}), **wanted}
    least, most = found.get("MinCapacity"), found.get("MaxCapacity")
    if least is None or most is None:
        message = "The parameters MinCapacity and MaxCapacity must be provided in ServerlessV2ScalingConfiguration."
        raise refuse("InvalidParameterValue", message)
    if not 0 <= least <= 256 or least * 2 % 1:
        message = f"Serverless v2 minimum capacity {least} isn't valid. It must be between 0 and 256, in steps of 0.5."
        raise refuse("InvalidParameterValue", message)
    if not 1 <= most <= 256 or most * 2 % 1:
        message = f"Serverless v2 maximum capacity {most} isn't valid. It must be between 1 and 256, in steps of 0.5."
        raise refuse("InvalidParameterValue", message)
    if least > most:
        message = f"Serverless v2 minimum capacity {least} can't be greater than the maximum capacity {most}."
        raise refuse("InvalidParameterValue", message)
    pause = found.get("SecondsUntilAutoPause")
    if pause is not None and (least > 0 or not 300 <= pause <= 86400):
        if "SecondsUntilAutoPause" in wanted:
            message = "SecondsUntilAutoPause must be between 300 and 86400, and needs a MinCapacity of 0."
            raise refuse("InvalidParameterValue", message)
        found.pop("SecondsUntilAutoPause")
    if not least:
        found.setdefault("SecondsUntilAutoPause", 300)
    return found


def _storage_type(name: str | None) -> str:
    if name and name not in _STORAGE_TYPES:
        raise refuse(
            "InvalidParameterCombination", f"Storage type {name} isn't supported for the engine {catalog.AURORA}."
        )
    return name or "aurora"


def create_db_cluster(context: Context, parameters: Parameters) -> Parameters:
    """CreateDBCluster."""
    name = check_identifier("DBClusterIdentifier", parameters["DBClusterIdentifier"])
    if name in context.store.clusters:
        raise refuse("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    engine = parameters["Engine"]
    catalog.check_engine(engine)
    if engine != catalog.AURORA:
        raise refuse(
            "NotImplemented", f"The emulator makes clusters of the engine {catalog.AURORA} only, not {engine}."
        )
    managed = secrets.is_managed(parameters)
    check_user(parameters.get("MasterUsername"))
    if not managed:
        check_password(parameters.get("MasterUserPassword"), _LONGEST_PASSWORD)
    cluster = _make(context, name, parameters)
    if managed:
        key = parameters.get("MasterUserSecretKmsKeyId")
        cluster.secret = secrets.make(context, "DBCluster", cluster.arn, parameters["MasterUsername"], key)
    return {"DBCluster": cluster.describe()}


def _make(context: Context, name: str, parameters: Parameters) -> Cluster:
    engine = catalog.AURORA
    if parameters.get("EngineMode", "provisioned") != "provisioned":
        message = f"The engine mode {parameters['EngineMode']} you requested is currently unavailable."
        raise refuse("InvalidParameterValue", message)
    for parameter in _NOT_OF_AURORA:
        if parameters.get(parameter):
            raise refuse("InvalidParameterCombination", f"{parameter} isn't supported for the engine {engine}.")
    version = catalog.resolve_version(engine, parameters.get("EngineVersion"))
    check_database("DatabaseName", parameters.get("DatabaseName"))
    check_port(parameters.get("Port", 5432))
    check_retention(parameters.get("BackupRetentionPeriod", 1), least=1)
    backup, maintenance = default_windows(name)
    backup = parameters.get("PreferredBackupWindow", backup)
    maintenance = parameters.get("PreferredMaintenanceWindow", maintenance).lower()
    check_windows(backup, maintenance)
    logs = parameters.get("EnableCloudwatchLogsExports") or []
    check_log_types(engine, version, logs, catalog.LOG_TYPES[engine])
    scaling = _scaling(parameters.get("ServerlessV2ScalingConfiguration"))
    subnet_group = subnet_groups.find_or_default(context, parameters.get("DBSubnetGroupName"))
    asked = list(dict.fromkeys(parameters.get("VpcSecurityGroupIds") or []))
    check_groups(context, asked, subnet_group.vpc_id, "DB cluster")
    family = catalog.family_of(engine, version)
    parameter_group = parameter_groups.find_for(context, parameters.get("DBClusterParameterGroupName"), family, True)
    data = {
        "Engine": engine,
        "EngineVersion": version,
        "EngineMode": "provisioned",
        "AllocatedStorage": 1,
        "AvailabilityZones": parameters.get("AvailabilityZones") or vpc.zones(context.account_id, context.region)[:3],
        "BackupRetentionPeriod": parameters.get("BackupRetentionPeriod", 1),
        "DatabaseName": parameters.get("DatabaseName"),
        "MasterUsername": parameters["MasterUsername"],
        "PreferredBackupWindow": backup,
        "PreferredMaintenanceWindow": maintenance,
        "StorageType": _storage_type(parameters.get("StorageType")),
        "IAMDatabaseAuthenticationEnabled": parameters.get("EnableIAMDatabaseAuthentication", False),
        "EnabledCloudwatchLogsExports": sorted(logs) or None,
        "DeletionProtection": parameters.get("DeletionProtection", False),
        "CopyTagsToSnapshot": parameters.get("CopyTagsToSnapshot", False),
        "HttpEndpointEnabled": parameters.get("EnableHttpEndpoint", False),
        "ServerlessV2ScalingConfiguration": scaling,
        "AutoMinorVersionUpgrade": parameters.get("AutoMinorVersionUpgrade", True),
        "ActivityStreamStatus": "stopped",
        "CrossAccountClone": False,
        "ReadReplicaIdentifiers": [],
        "AssociatedRoles": [],
        "DomainMemberships": [],
        "NetworkType": parameters.get("NetworkType", "IPV4"),
        "EngineLifecycleSupport": parameters.get("EngineLifecycleSupport", "open-source-rds-extended-support"),
        **settings.encryption(context, parameters),
        **settings.insights(context, parameters),
    }
    # shown for Aurora only where it was asked for: it is a setting of the members
    if not data["PerformanceInsightsEnabled"]:
        del data["PerformanceInsightsEnabled"]
    cluster = Cluster(context, name, data, subnet_group, parameter_group)
    cluster.group_ids = asked or [vpc.default_group_id(context.account_id, context.region, subnet_group.vpc_id)]
    cluster.port = parameters.get("Port", 5432)
    context.store.clusters[name] = cluster
    context.store.tags[cluster.arn] = as_tags(parameters.get("Tags"))
    cluster.begin("creating", cluster.become("available"))
    return cluster


def describe_db_clusters(context: Context, parameters: Parameters) -> Parameters:
    """DescribeDBClusters."""
    name = parameters.get("DBClusterIdentifier")
    chosen = [find(context, name)] if name else list(context.store.clusters.values())
    shown = matching(
        [cluster.describe() for cluster in chosen],
        parameters.get("Filters"),
        {
            "db-cluster-id": lambda item: (item["DBClusterIdentifier"], item["DBClusterArn"]),
            "db-cluster-resource-id": lambda item: (item["DbClusterResourceId"],),
            "engine": lambda item: (item["Engine"],),
        },
        "rds",
    )
    return page("rds", parameters, "DBClusters", shown)


def modify_db_cluster(context: Context, parameters: Parameters) -> Parameters:
    """ModifyDBCluster: version, name, and IAM wait for the window; the rest changes at once (API reference)."""
    cluster = find(context, parameters["DBClusterIdentifier"])
    check_available(cluster)
    new = _immediate_changes(cluster, parameters)
    deferred = _deferred_changes(cluster, parameters)
    groups = _new_groups(cluster, parameters, deferred)
    group_ids = list(dict.fromkeys(parameters.get("VpcSecurityGroupIds") or []))
    check_groups(context, group_ids, cluster.subnet_group.vpc_id, "DB cluster")
    password = parameters.get("MasterUserPassword")
    if password is not None:
        check_password(password, _LONGEST_PASSWORD)
        if cluster.secret and parameters.get("ManageMasterUserPassword") is not False:
            message = "You can't specify MasterUserPassword when ManageMasterUserPassword is turned on."
            raise refuse("InvalidParameterCombination", message)
    cluster.data |= new
    cluster.port = parameters.get("Port", cluster.port)
    if group_ids:
        cluster.group_ids = group_ids
        for member in cluster.members():
            member.regroup()
    if "ManageMasterUserPassword" in parameters:
        _manage_password(cluster, parameters)
    _take_groups(cluster, groups, "EngineVersion" in deferred)
    for key, value in deferred.items():
        if {**cluster.data, "DBClusterIdentifier": cluster.name}.get(key) == value:
            cluster.pending.pop(key, None)
        else:
            cluster.pending[key] = value
    applied = dict(cluster.pending) if parameters.get("ApplyImmediately") else {}
    if password:
        applied["MasterUserPassword"] = cluster.pending["MasterUserPassword"] = password
    if applied:
        status = "upgrading" if "EngineVersion" in applied else "modifying"
        cluster.begin(
            "resetting-master-credentials" if list(applied) == ["MasterUserPassword"] else status,
            lambda: cluster.apply(applied),
        )
    return {"DBCluster": cluster.describe()}


def _immediate_changes(cluster: Cluster, parameters: Parameters) -> dict[str, Any]:
    data = cluster.data
    new: dict[str, Any] = {
        shown: parameters[parameter]
        for parameter, shown in {
            "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
            "CopyTagsToSnapshot": "CopyTagsToSnapshot",
            "DeletionProtection": "DeletionProtection",
            "EnableHttpEndpoint": "HttpEndpointEnabled",
        }.items()
        if parameter in parameters
    }
    if "BackupRetentionPeriod" in parameters:
        check_retention(parameters["BackupRetentionPeriod"], least=1)
        new["BackupRetentionPeriod"] = parameters["BackupRetentionPeriod"]
    if {"PreferredBackupWindow", "PreferredMaintenanceWindow"} & set(parameters):
        backup = parameters.get("PreferredBackupWindow", data["PreferredBackupWindow"])
        maintenance = parameters.get("PreferredMaintenanceWindow", data["PreferredMaintenanceWindow"]).lower()
        check_windows(backup, maintenance)
        new |= {"PreferredBackupWindow": backup, "PreferredMaintenanceWindow": maintenance}
    if "CloudwatchLogsExportConfiguration" in parameters:
        logs = exported_logs(
            data["EnabledCloudwatchLogsExports"] or [], parameters["CloudwatchLogsExportConfiguration"]
        )
        check_log_types(data["Engine"], data["EngineVersion"], logs, catalog.LOG_TYPES[data["Engine"]])
        new["EnabledCloudwatchLogsExports"] = logs or None
    if parameters.get("ServerlessV2ScalingConfiguration"):
        new["ServerlessV2ScalingConfiguration"] = _scaling(
            parameters["ServerlessV2ScalingConfiguration"], data["ServerlessV2ScalingConfiguration"]
        )
    if parameters.get("StorageType"):
        new["StorageType"] = _storage_type(parameters["StorageType"])
    if "Port" in parameters:
        check_port(parameters["Port"])
    if any(key.startswith(("EnablePerformance", "PerformanceInsights", "DatabaseInsights")) for key in parameters):
        new |= settings.insights(cluster.context, parameters, data)
    return new


def _deferred_changes(cluster: Cluster, parameters: Parameters) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if parameters.get("EngineVersion"):
        found["EngineVersion"] = instances.upgrade(cluster.data["Engine"], cluster.data["EngineVersion"], parameters)
    if "EnableIAMDatabaseAuthentication" in parameters:
        found["IAMDatabaseAuthenticationEnabled"] = parameters["EnableIAMDatabaseAuthentication"]
    if parameters.get("NewDBClusterIdentifier"):
        name = check_identifier("NewDBClusterIdentifier", parameters["NewDBClusterIdentifier"])
        if name != cluster.name and name in cluster.context.store.clusters:
            raise refuse("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        found["DBClusterIdentifier"] = name
    return found


def _new_groups(
    cluster: Cluster, parameters: Parameters, deferred: dict[str, Any]
) -> tuple[ParameterGroup | None, ParameterGroup | None]:
    """The parameter groups, of the cluster and of its members, that are asked for or that a major version needs."""
    context, version = cluster.context, deferred.get("EngineVersion", cluster.data["EngineVersion"])
    family = catalog.family_of(cluster.data["Engine"], version)
    name, instance_name = parameters.get("DBClusterParameterGroupName"), parameters.get("DBInstanceParameterGroupName")
    cluster_group = parameter_groups.find_for(context, name, family, True) if name else None
    instance_group = parameter_groups.find_for(context, instance_name, family) if instance_name else None
    if family == cluster.parameter_group.family:
        return cluster_group, instance_group
    custom = [cluster.parameter_group] if not cluster_group else []
    custom += [member.parameter_group for member in cluster.members()] if not instance_group else []
    custom = [group for group in custom if not group.is_default]
    if custom:
        raise refuse(
            "InvalidParameterCombination",
            f"The current parameter group {custom[0].name} is custom. You must explicitly specify a new DB cluster "
            "parameter group and DB instance parameter group, either default or custom, for the engine version "
            "upgrade.",
        )
    cluster_group = cluster_group or parameter_groups.default_group(context, family, True)
    return cluster_group, instance_group or parameter_groups.default_group(context, family, False)


def _take_groups(cluster: Cluster, groups: tuple[ParameterGroup | None, ParameterGroup | None], upgraded: bool) -> None:
    if upgraded and cluster.data["EngineVersion"]:
        cluster.pending_groups = groups
        return
    group = groups[0]
    if group is not None and group is not cluster.parameter_group:
        cluster.parameter_group = group
        for member in cluster.members():
            member.mark_parameters_pending(group)


def _manage_password(cluster: Cluster, parameters: Parameters) -> None:
    managed = secrets.is_managed(parameters)
    if managed and not cluster.secret:
        key = parameters.get("MasterUserSecretKmsKeyId")
        cluster.secret = secrets.make(cluster.context, "DBCluster", cluster.arn, cluster.data["MasterUsername"], key)
    elif not managed and cluster.secret:
        if not parameters.get("MasterUserPassword"):
            message = "You must specify MasterUserPassword when you turn off ManageMasterUserPassword."
            raise refuse("InvalidParameterCombination", message)
        secrets.remove(cluster.context, cluster.secret)
        cluster.secret = None


def delete_db_cluster(context: Context, parameters: Parameters) -> Parameters:
    """DeleteDBCluster: the members have to be deleted first."""
    cluster = find(context, parameters["DBClusterIdentifier"])
    if cluster.status == "deleting":
        raise refuse("InvalidDBClusterStateFault", f"Cluster {cluster.name} is already being deleted.")
    if cluster.data["DeletionProtection"]:
        raise refuse(
            "InvalidParameterCombination",
            "Cannot delete protected Cluster, please disable deletion protection and try again.",
        )
    if any(member.status != "deleting" for member in cluster.members()):
        raise refuse(
            "InvalidDBClusterStateFault",
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        )
    name, skipped = parameters.get("FinalDBSnapshotIdentifier"), parameters.get("SkipFinalSnapshot")
    if name and skipped:
        message = "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."
        raise refuse("InvalidParameterCombination", message)
    if not name and not skipped:
        message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        raise refuse("InvalidParameterCombination", message)
    if name:
        name = snapshots.check_name(context, "FinalDBSnapshotIdentifier", name, True)
        check_available(cluster)
        snapshots.take(context, name, cluster, True, None)
    cluster.begin("deleting", cluster.remove)
    return {"DBCluster": cluster.describe()}


def stop_db_cluster(context: Context, parameters: Parameters) -> Parameters:
    """StopDBCluster: with all its members."""
    cluster = find(context, parameters["DBClusterIdentifier"])
    check_available(cluster)
    cluster.begin("stopping", cluster.become("stopped"))
    for member in cluster.members():
        member.begin("stopping", member.become("stopped"))
    return {"DBCluster": cluster.describe()}


def start_db_cluster(context: Context, parameters: Parameters) -> Parameters:
    """StartDBCluster: with all its members."""
    cluster = find(context, parameters["DBClusterIdentifier"])
    if cluster.status != "stopped":
        raise refuse("InvalidDBClusterStateFault", f"DbCluster {cluster.name} is in {cluster.status} state")
    cluster.begin("starting", cluster.become("available"))
    for member in cluster.members():
        member.begin("starting", member.restarted)
    return {"DBCluster": cluster.describe()}


def failover_db_cluster(context: Context, parameters: Parameters) -> Parameters:
    """FailoverDBCluster: another member writes."""
    cluster = find(context, parameters["DBClusterIdentifier"])
    check_available(cluster)
    readers = [member for member in cluster.members() if member is not cluster.writer()]
    wanted = (parameters.get("TargetDBInstanceIdentifier") or "").lower()
    readers = [member for member in readers if wanted in ("", member.name)]
    if not readers:
        message = f"Cannot failover cluster {cluster.name}: there is no reader to fail over to."
        raise refuse("InvalidDBClusterStateFault", message)
    cluster.data["_writer"] = min(readers, key=lambda member: member.data["PromotionTier"]).name
    cluster.begin("failing-over", cluster.become("available"))
    return {"DBCluster": cluster.describe()}


def restore_db_cluster_from_snapshot(context: Context, parameters: Parameters) -> Parameters:
    """RestoreDBClusterFromSnapshot: a cluster without members."""
    name = check_identifier("DBClusterIdentifier", parameters["DBClusterIdentifier"])
    if name in context.store.clusters:
        raise refuse("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    snapshot = snapshots.find(context, parameters["SnapshotIdentifier"], True)
    if snapshot.status != "available":
        raise refuse("InvalidDBClusterSnapshotStateFault", f"The snapshot {snapshot.name} is not in available state.")
    kept = snapshot.data["_settings"]
    fixed = {
        "MasterUsername": kept["MasterUsername"],
        "EngineVersion": parameters.get("EngineVersion", kept["EngineVersion"]),
    }
    return {"DBCluster": _make(context, name, {**kept, **parameters, **fixed}).describe()}


HANDLERS = {
    "CreateDBCluster": create_db_cluster,
    "DeleteDBCluster": delete_db_cluster,
    "DescribeDBClusters": describe_db_clusters,
    "FailoverDBCluster": failover_db_cluster,
    "ModifyDBCluster": modify_db_cluster,
    "RestoreDBClusterFromSnapshot": restore_db_cluster_from_snapshot,
    "StartDBCluster": start_db_cluster,
    "StopDBCluster": stop_db_cluster,
}

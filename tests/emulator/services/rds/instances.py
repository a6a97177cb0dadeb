"""DB instances: making, changing, stopping, restoring and deleting them."""

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
from tests.emulator.services.rds import catalog, parameter_groups, secrets, settings, snapshots, subnet_groups
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
    from tests.emulator.services.rds.clusters import Cluster
    from tests.emulator.services.rds.parameter_groups import ParameterGroup
    from tests.emulator.services.rds.subnet_groups import SubnetGroup

# What a restart or the maintenance window has to be waited for, unless it is applied immediately
# (RDS User Guide, "Settings for DB instances").
DEFERRED = (
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "DBInstanceClass",
    "EngineVersion",
    "IAMDatabaseAuthenticationEnabled",
    "Iops",
    "MultiAZ",
    "StorageThroughput",
    "StorageType",
)
# Of a member of an Aurora cluster these are the cluster's, with the words that AWS has for it.
_OF_THE_CLUSTER = {
    "AllocatedStorage": "storage",
    "BackupRetentionPeriod": "backup retention period",
    "DBName": "database name",
    "DeletionProtection": "deletion protection",
    "EnableCloudwatchLogsExports": "log exports",
    "EnableIAMDatabaseAuthentication": "IAM database authentication",
    "KmsKeyId": "KMS key",
    "ManageMasterUserPassword": "master user password",
    "MasterUserPassword": "master user password",
    "MasterUsername": "master user name",
    "Port": "port",
    "PreferredBackupWindow": "backup window",
    "StorageEncrypted": "storage encryption",
    "StorageType": "storage type",
    "VpcSecurityGroupIds": "VPC security group",
}
# CreateDBInstanceReadReplica, SourceDBInstanceIdentifier
_MOST_REPLICAS = 15
# What snapshots and replicas take over from their source, as parameters of CreateDBInstance.
_INHERITED = (
    "AllocatedStorage",
    "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot",
    "DBInstanceClass",
    "Engine",
    "EngineVersion",
    "KmsKeyId",
    "MasterUsername",
    "StorageEncrypted",
    "StorageType",
)


class Instance(Progressing):
    """A DB instance; ``data`` holds what AWS shows and nothing has to be worked out for."""

    def __init__(
        self,
        context: Context,
        name: str,
        data: dict[str, Any],
        subnet_group: SubnetGroup,
        parameter_group: ParameterGroup,
        cluster: Cluster | None = None,
    ) -> None:
        super().__init__("rds_instance")
        self.context, self.name, self.data = context, name, data
        self.subnet_group, self.parameter_group, self.cluster = subnet_group, parameter_group, cluster
        self.created = now()
        self.group_ids: list[str] = []
        self.port = 5432
        self.pending: dict[str, Any] = {}
        self.pending_parameter_group: ParameterGroup | None = None
        self.source: Instance | None = None
        self.secret: dict[str, str] | None = None
        self.parameter_status = self.cluster_parameter_status = "in-sync"
        self._interfaces: dict[str, str] = {}
        self.data["DbiResourceId"] = resource_id("db-")

    @property
    def arn(self) -> str:
        """Its ARN, which follows its name."""
        return self.context.arn("rds", "db", self.name)

    def cluster_parameter_group(self) -> ParameterGroup | None:
        """The group of its cluster."""
        return self.cluster.parameter_group if self.cluster else None

    def mark_parameters_pending(self, group: ParameterGroup) -> None:
        """Something of a group waits for a reboot."""
        if group.is_cluster:
            self.cluster_parameter_status = "pending-reboot"
        else:
            self.parameter_status = "pending-reboot"

    def subnet_ids(self, group: SubnetGroup) -> list[str]:
        """The subnets of a group that it is in."""
        return list(self._interfaces) if self.subnet_group is group else []

    def place(self) -> None:
        """Put its interfaces where its zones are; AWS has one for the standby too."""
        places = [self.data["AvailabilityZone"], self.data.get("SecondaryAvailabilityZone")]
        wanted = {self.subnet_group.subnet_in(zone).id for zone in places if zone}
        account, region = self.context.account_id, self.context.region
        for subnet_id in [subnet_id for subnet_id in self._interfaces if subnet_id not in wanted]:
            vpc.remove_interface(account, region, self._interfaces.pop(subnet_id))
        groups = self.current_groups()
        for subnet_id in sorted(wanted - set(self._interfaces)):
            interface = vpc.place_interface(account, region, subnet_id, groups, "RDSNetworkInterface", "amazon-rds")
            self._interfaces[subnet_id] = interface

    def current_groups(self) -> list[str]:
        """Its security groups, which are its cluster's if it has one."""
        return self.cluster.group_ids if self.cluster else self.group_ids

    def regroup(self) -> None:
        """Give its interfaces the security groups that it has now."""
        for interface in self._interfaces.values():
            vpc.regroup_interface(self.context.account_id, self.context.region, interface, self.current_groups())

    def remove(self) -> None:
        """Be gone."""
        for interface in self._interfaces.values():
            vpc.remove_interface(self.context.account_id, self.context.region, interface)
        if self.secret:
            secrets.remove(self.context, self.secret)
        for replica in self.replicas():
            replica.source = None
        self.context.store.instances.pop(self.name, None)
        self.context.store.tags.pop(self.arn, None)

    def replicas(self) -> list[Instance]:
        """Its read replicas."""
        return [item for item in self.context.store.instances.values() if item.source is self]

    def choose_zones(self, zone: str | None) -> None:
        """Pick the zones, among those that the subnet group covers."""
        covered = self.subnet_group.zones()
        if zone and zone not in covered:
            raise refuse(
                "InvalidVPCNetworkStateFault",
                f"The DB subnet group {self.subnet_group.name} does not cover the Availability Zone {zone}.",
            )
        if self.cluster and not zone:
            taken = [member.data["AvailabilityZone"] for member in self.cluster.members() if member is not self]
            zone = min(covered, key=taken.count)
        self.data["AvailabilityZone"] = zone or self.data.get("AvailabilityZone") or covered[0]
        others = [item for item in covered if item != self.data["AvailabilityZone"]]
        self.data["SecondaryAvailabilityZone"] = others[0] if self.data["MultiAZ"] and not self.cluster else None

    def settings(self) -> dict[str, Any]:
        """What a restore starts from."""
        found = {key: self.data[key] for key in _INHERITED if self.data.get(key) is not None}
        if (
            self.data.get("StorageType") in ("io1", "io2")
            or self.data.get("AllocatedStorage", 0) >= catalog.GP3_STRIPED
        ):
            found |= {key: self.data[key] for key in ("Iops", "StorageThroughput") if self.data.get(key)}
        return found | {"Port": self.port, "DBName": self.data.get("DBName")}

    def apply(self, changes: dict[str, Any]) -> None:
        """Carry out what was pending."""
        for key in changes:
            self.pending.pop(key, None)
        self.port = changes.pop("Port", self.port)
        changes.pop("MasterUserPassword", None)
        name = changes.pop("DBInstanceIdentifier", None)
        if name:
            self._rename(name)
        self.data |= changes
        if "EngineVersion" in changes:
            self._take_replicas_along(changes["EngineVersion"])
        if "EngineVersion" in changes and self.pending_parameter_group:
            self.parameter_group, self.pending_parameter_group = self.pending_parameter_group, None
            self.parameter_status = "in-sync"
        if "MultiAZ" in changes:
            self.choose_zones(None)
            self.place()
        self.status = "available"

    def _take_replicas_along(self, version: str) -> None:
        """A new major version comes to read replicas together with their source."""
        for replica in self.replicas():
            if catalog.major_of(replica.data["EngineVersion"]) < catalog.major_of(version):
                family = catalog.family_of(self.data["Engine"], version)
                replica.data["EngineVersion"] = version
                replica.parameter_group = parameter_groups.default_group(self.context, family, is_cluster=False)

    def _rename(self, name: str) -> None:
        store, old_arn = self.context.store, self.arn
        del store.instances[self.name]
        self.name = name
        store.instances[name] = self
        store.tags[self.arn] = store.tags.pop(old_arn, {})

    def restarted(self) -> None:
        """Be available after a restart, with all parameters applied."""
        self.parameter_status = self.cluster_parameter_status = "in-sync"
        self.status = "available"

    def describe(self) -> dict[str, Any]:
        """As AWS shows it."""
        shown = {
            **self.data,
            **(self.cluster.of_members() if self.cluster else {}),
            "DBInstanceIdentifier": self.name,
            "DBInstanceArn": self.arn,
            "DBInstanceStatus": self.status,
            "VpcSecurityGroups": memberships(self.current_groups()),
            "DBSecurityGroups": [],
            "DBParameterGroups": [
                {"DBParameterGroupName": self.parameter_group.name, "ParameterApplyStatus": self.parameter_status}
            ],
            "DBSubnetGroup": self.subnet_group.describe(),
            "DbInstancePort": 0,
            "PendingModifiedValues": {
                key: "****" if key == "MasterUserPassword" else value for key, value in self.pending.items()
            },
            "CertificateDetails": settings.certificate_details(self.data["CACertificateIdentifier"]),
            "ReadReplicaDBInstanceIdentifiers": [replica.name for replica in self.replicas()],
            "TagList": as_tag_list(self.context.store.tags.get(self.arn, {})),
            "MasterUserSecret": self.secret,
        }
        version = shown["EngineVersion"]
        shown["OptionGroupMemberships"] = [
            {"OptionGroupName": f"default:{shown['Engine']}-{catalog.major_of(version)}", "Status": "in-sync"}
        ]
        if self.source:
            shown["ReadReplicaSourceDBInstanceIdentifier"] = self.source.name
            shown["StatusInfos"] = [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]
        if self.status != "creating":
            port = self.cluster.port if self.cluster else self.port
            shown["Endpoint"] = {
                "Address": f"{self.name}.{domain(self.context)}",
                "Port": port,
                "HostedZoneId": "Z2R2ITUGPM61AM",
            }
            shown["InstanceCreateTime"] = self.created
            if shown["BackupRetentionPeriod"]:
                shown["LatestRestorableTime"] = now()
            if self.data["MonitoringInterval"]:
                group = self.context.arn("logs", "log-group", "RDSOSMetrics")
                shown["EnhancedMonitoringResourceArn"] = f"{group}:log-stream:{self.data['DbiResourceId']}"
        return shown


def find(context: Context, name: str) -> Instance:
    """The instance of that name or ARN."""
    name = name.rsplit(":", 1)[-1].lower()
    try:
        return context.store.instances[name]
    except KeyError:
        raise refuse("DBInstanceNotFound", f"DBInstance {name} not found.") from None


def check_available(instance: Instance) -> None:
    """Most changes need an instance that is available."""
    if instance.status != "available":
        raise refuse("InvalidDBInstanceState", "Database instance is not in available state.")


def _new_name(context: Context, parameters: Parameters, parameter: str = "DBInstanceIdentifier") -> str:
    name = check_identifier(parameter, parameters[parameter])
    if name in context.store.instances:
        raise refuse("DBInstanceAlreadyExists", "DB instance already exists")
    return name


def create_db_instance(context: Context, parameters: Parameters) -> Parameters:
    """CreateDBInstance."""
    name = _new_name(context, parameters)
    engine = parameters["Engine"]
    catalog.check_engine(engine)
    if engine == catalog.AURORA or parameters.get("DBClusterIdentifier"):
        instance = _member(context, name, parameters)
    else:
        instance = _standalone(context, name, parameters)
    return {"DBInstance": instance.describe()}


def _common(context: Context, parameters: Parameters) -> dict[str, Any]:
    """What instances of all kinds have."""
    return {
        "DBInstanceClass": parameters["DBInstanceClass"],
        "AutoMinorVersionUpgrade": parameters.get("AutoMinorVersionUpgrade", True),
        "LicenseModel": catalog.LICENSE,
        "CACertificateIdentifier": settings.certificate(parameters.get("CACertificateIdentifier")),
        "CopyTagsToSnapshot": parameters.get("CopyTagsToSnapshot", False),
        "PubliclyAccessible": parameters.get("PubliclyAccessible", not parameters.get("DBSubnetGroupName")),
        **settings.monitoring(context, parameters),
        **settings.insights(context, parameters),
        "DomainMemberships": [],
        "AssociatedRoles": [],
        "NetworkType": parameters.get("NetworkType", "IPV4"),
        "CustomerOwnedIpEnabled": False,
        "BackupTarget": "region",
        "ActivityStreamStatus": "stopped",
        "DedicatedLogVolume": parameters.get("DedicatedLogVolume", False),
        "IsStorageConfigUpgradeAvailable": False,
        "EngineLifecycleSupport": parameters.get("EngineLifecycleSupport", "open-source-rds-extended-support"),
    }


def _windows(name: str, parameters: Parameters) -> dict[str, str]:
    """The backup and maintenance window, asked for or picked."""
    backup, maintenance = default_windows(name)
    asked = parameters.get("PreferredBackupWindow"), parameters.get("PreferredMaintenanceWindow")
    backup, maintenance = asked[0] or backup, (asked[1] or maintenance).lower()
    check_windows(backup, maintenance)
    return {"PreferredBackupWindow": backup, "PreferredMaintenanceWindow": maintenance}


def _standalone(context: Context, name: str, parameters: Parameters, with_user: bool = True) -> Instance:
    """An instance of its own, not of a cluster."""
    engine = parameters["Engine"]
    version = catalog.resolve_version(engine, parameters.get("EngineVersion"))
    catalog.check_class(parameters["DBInstanceClass"], engine, version)
    managed = secrets.is_managed(parameters)
    if with_user:
        check_user(parameters.get("MasterUsername"))
        if not managed:
            check_password(parameters.get("MasterUserPassword"))
    check_database("DBName", parameters.get("DBName"))
    check_port(parameters.get("Port", 5432))
    check_retention(parameters.get("BackupRetentionPeriod", 1))
    multi_az = bool(parameters.get("MultiAZ"))
    if multi_az and parameters.get("AvailabilityZone"):
        message = "Requesting a specific availability zone is not valid for Multi-AZ instances."
        raise refuse("InvalidParameterCombination", message)
    logs = parameters.get("EnableCloudwatchLogsExports") or []
    check_log_types(engine, version, logs, catalog.LOG_TYPES[engine])
    stored = settings.storage(
        *(parameters.get(key) for key in ("AllocatedStorage", "StorageType", "Iops", "StorageThroughput"))
    )
    subnet_group = subnet_groups.find_or_default(context, parameters.get("DBSubnetGroupName"))
    group_ids = _groups(context, parameters, subnet_group)
    parameter_group = parameter_groups.find_for(
        context, parameters.get("DBParameterGroupName"), catalog.family_of(engine, version)
    )
    data = {
        **_common(context, parameters),
        **_windows(name, parameters),
        **stored,
        **settings.encryption(context, parameters),
        "Engine": engine,
        "EngineVersion": version,
        "MasterUsername": parameters.get("MasterUsername"),
        "DBName": parameters.get("DBName"),
        "BackupRetentionPeriod": parameters.get("BackupRetentionPeriod", 1),
        "MultiAZ": multi_az,
        "IAMDatabaseAuthenticationEnabled": parameters.get("EnableIAMDatabaseAuthentication", False),
        "EnabledCloudwatchLogsExports": sorted(logs) or None,
        "DeletionProtection": parameters.get("DeletionProtection", False),
        "MaxAllocatedStorage": settings.autoscaling_limit(
            stored["AllocatedStorage"], parameters.get("MaxAllocatedStorage")
        ),
    }
    instance = Instance(context, name, data, subnet_group, parameter_group)
    instance.group_ids, instance.port = group_ids, parameters.get("Port", 5432)
    instance.choose_zones(parameters.get("AvailabilityZone"))
    _start(instance, parameters)
    if managed:
        key = parameters.get("MasterUserSecretKmsKeyId")
        instance.secret = secrets.make(context, "DBInstance", instance.arn, data["MasterUsername"], key)
    elif with_user:
        instance.pending["MasterUserPassword"] = parameters["MasterUserPassword"]
    return instance


def _groups(context: Context, parameters: Parameters, subnet_group: SubnetGroup) -> list[str]:
    """The security groups asked for, or the one that the VPC has."""
    asked = list(dict.fromkeys(parameters.get("VpcSecurityGroupIds") or []))
    check_groups(context, asked, subnet_group.vpc_id)
    return asked or [vpc.default_group_id(context.account_id, context.region, subnet_group.vpc_id)]


def _member(context: Context, name: str, parameters: Parameters) -> Instance:
    """An instance of an Aurora cluster."""
    from tests.emulator.services.rds import clusters

    engine = parameters["Engine"]
    if not parameters.get("DBClusterIdentifier"):
        message = f"The engine {engine} requires that the DB instance is a member of a DB cluster."
        raise refuse("InvalidParameterCombination", message)
    cluster = clusters.find(context, parameters["DBClusterIdentifier"])
    _check_member(cluster, parameters)
    version = cluster.data["EngineVersion"]
    catalog.check_class(parameters["DBInstanceClass"], engine, version)
    if parameters["DBInstanceClass"] == "db.serverless" and not cluster.data.get("ServerlessV2ScalingConfiguration"):
        raise refuse(
            "InvalidParameterCombination",
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 "
            "DB instance.",
        )
    parameter_group = parameter_groups.find_for(
        context, parameters.get("DBParameterGroupName"), catalog.family_of(engine, version)
    )
    maintenance = parameters.get("PreferredMaintenanceWindow", default_windows(name)[1]).lower()
    check_windows(cluster.data["PreferredBackupWindow"], maintenance)
    data = {
        **_common(context, parameters),
        "Engine": engine,
        "AllocatedStorage": 1,
        "StorageType": cluster.data["StorageType"],
        "StorageThroughput": 0,
        "PreferredMaintenanceWindow": maintenance,
        "PromotionTier": parameters.get("PromotionTier", 1),
        "MultiAZ": False,
        "DeletionProtection": False,
        "DBClusterIdentifier": cluster.name,
    }
    if not parameters.get("DBSubnetGroupName"):
        data["PubliclyAccessible"] = parameters.get("PubliclyAccessible", False)
    instance = Instance(context, name, data, cluster.subnet_group, parameter_group, cluster)
    instance.choose_zones(parameters.get("AvailabilityZone"))
    _start(instance, parameters)
    return instance


def _check_member(cluster: Cluster, parameters: Parameters) -> None:
    """A member takes from its cluster what would be an instance's own otherwise."""
    if cluster.status not in ("available", "creating"):
        raise refuse("InvalidDBClusterStateFault", f"DB cluster {cluster.name} is not in available state.")
    if parameters["Engine"] != cluster.data["Engine"]:
        raise refuse(
            "InvalidParameterCombination",
            f"The engine name requested for your DB instance ({parameters['Engine']}) doesn't match the engine name of "
            f"your DB cluster ({cluster.data['Engine']}).",
        )
    asked, version = parameters.get("EngineVersion"), cluster.data["EngineVersion"]
    if asked and asked not in (version, str(catalog.major_of(version))):
        raise refuse(
            "InvalidParameterCombination",
            "The engine version that you requested for your DB instance "
            f"({asked}) does not match the engine version of your DB cluster ({version}).",
        )
    group = parameters.get("DBSubnetGroupName")
    if group and group.lower() != cluster.subnet_group.name:
        raise refuse(
            "InvalidParameterCombination", "The DB instance and the DB cluster must have the same DB subnet group."
        )
    _check_insights(cluster, parameters)
    for parameter, words in _OF_THE_CLUSTER.items():
        if parameters.get(parameter):
            raise refuse(
                "InvalidParameterCombination",
                f"The requested DB Instance will be a member of a DB Cluster. Set {words} for the DB Cluster.",
            )


def _start(instance: Instance, parameters: Parameters) -> None:
    """Enter it among the instances, and begin to make it."""
    context = instance.context
    context.store.instances[instance.name] = instance
    context.store.tags[instance.arn] = as_tags(parameters.get("Tags"))
    instance.place()

    def finish() -> None:
        instance.pending.clear()
        instance.restarted()

    instance.begin("creating", finish)


def describe_db_instances(context: Context, parameters: Parameters) -> Parameters:
    """DescribeDBInstances."""
    name = parameters.get("DBInstanceIdentifier")
    chosen = [find(context, name)] if name else list(context.store.instances.values())
    shown = matching(
        [instance.describe() for instance in chosen],
        parameters.get("Filters"),
        {
            "db-cluster-id": lambda item: (item.get("DBClusterIdentifier", ""),),
            "db-instance-id": lambda item: (item["DBInstanceIdentifier"], item["DBInstanceArn"]),
            "dbi-resource-id": lambda item: (item["DbiResourceId"],),
            "engine": lambda item: (item["Engine"],),
        },
        "rds",
    )
    return page("rds", parameters, "DBInstances", shown)


def modify_db_instance(context: Context, parameters: Parameters) -> Parameters:
    """ModifyDBInstance: some settings change at once, others wait in PendingModifiedValues."""
    instance = find(context, parameters["DBInstanceIdentifier"])
    check_available(instance)
    if instance.cluster:
        _check_member_change(instance, parameters)
        _check_insights(instance.cluster, parameters)
    at_once = _immediate_changes(instance, parameters)
    deferred = _deferred_changes(instance, parameters)
    if not instance.cluster:
        _check_upgrade_order(instance, deferred)
    parameter_group = _new_parameter_group(instance, parameters, deferred)
    # nothing is changed before everything is found to be right
    for change in at_once:
        change()
    if parameter_group is not None and "EngineVersion" in deferred:
        instance.pending_parameter_group = parameter_group
    elif parameter_group is not None and parameter_group is not instance.parameter_group:
        instance.parameter_group, instance.parameter_status = parameter_group, "pending-reboot"
    shown_now = {**instance.data, "DBInstanceIdentifier": instance.name}
    for key, value in deferred.items():
        if shown_now.get(key) == value:
            instance.pending.pop(key, None)
        else:
            instance.pending[key] = value
    _begin_changes(instance, parameters)
    return {"DBInstance": instance.describe()}


def _check_upgrade_order(instance: Instance, deferred: dict[str, Any]) -> None:
    """A minor version comes to read replicas first, a major one to them and their source together.

    RDS User Guide, "Upgrades of the RDS for PostgreSQL DB engine"; the error's code and words:
    https://github.com/hashicorp/terraform-provider-aws/issues/22107
    """
    current, version = instance.data["EngineVersion"], deferred.get("EngineVersion")
    if not version or version == current or catalog.major_of(version) != catalog.major_of(current):
        return
    behind = [replica.name for replica in instance.replicas() if replica.data["EngineVersion"] != version]
    if behind:
        raise refuse(
            "DBUpgradeDependencyFailure",
            f"One or more of the DB Instance's read replicas need to be upgraded: {', '.join(behind)}",
        )


def _begin_changes(instance: Instance, parameters: Parameters) -> None:
    """Start applying what does not wait for the maintenance window."""
    applied: dict[str, Any] = dict(instance.pending) if parameters.get("ApplyImmediately") else {}
    port, password = parameters.get("DBPortNumber"), parameters.get("MasterUserPassword")
    if port and port != instance.port:
        applied["Port"] = instance.pending["Port"] = port
    if password:
        applied["MasterUserPassword"] = instance.pending["MasterUserPassword"] = password
    if not applied:
        return
    status = "modifying"
    if "EngineVersion" in applied:
        status = "upgrading"
    elif "DBInstanceIdentifier" in applied:
        status = "renaming"
    elif list(applied) == ["MasterUserPassword"]:
        status = "resetting-master-credentials"
    instance.begin(status, lambda: instance.apply(applied))


def _check_insights(cluster: Cluster, parameters: Parameters) -> None:
    """Performance Insights that is on for a cluster is the cluster's; a member cannot have it otherwise.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_instance and
    https://github.com/ansible-collections/amazon.aws/issues/2531
    """
    asked = {
        "PerformanceInsightsEnabled": parameters.get("EnablePerformanceInsights"),
        "PerformanceInsightsRetentionPeriod": parameters.get("PerformanceInsightsRetentionPeriod"),
    }
    if not cluster.data.get("PerformanceInsightsEnabled"):
        return
    if any(value is not None and value != cluster.data[key] for key, value in asked.items()):
        raise refuse(
            "InvalidParameterCombination",
            "Performance Insights of this DB instance is managed by its DB cluster. Modify the DB cluster.",
        )


def _check_running(cluster: Cluster) -> None:
    """Nothing of a stopped cluster can be changed (Aurora User Guide, "Stopping and starting an Aurora DB cluster")."""
    if cluster.status in ("stopped", "stopping"):
        raise refuse("InvalidDBClusterStateFault", f"DB cluster {cluster.name} is stopped.")


def _check_member_change(instance: Instance, parameters: Parameters) -> None:
    names = {
        **_OF_THE_CLUSTER,
        "DBPortNumber": "port",
        "CloudwatchLogsExportConfiguration": "log exports",
        "EngineVersion": "engine version",
        "MultiAZ": "Multi-AZ",
    }
    for parameter, words in names.items():
        if parameters.get(parameter):
            message = f"The specified DB Instance is a member of a cluster. Modify {words} for the DB Cluster."
            raise refuse("InvalidParameterCombination", message)


def _immediate_changes(instance: Instance, parameters: Parameters) -> list[Any]:
    """What is changed at once, whatever ApplyImmediately says; as functions, for nothing is done while checking."""
    context, data = instance.context, instance.data
    new: dict[str, Any] = {
        key: parameters[key]
        for key in (
            "AutoMinorVersionUpgrade",
            "CopyTagsToSnapshot",
            "DeletionProtection",
            "PromotionTier",
            "PubliclyAccessible",
        )
        if key in parameters
    }
    if {"MonitoringInterval", "MonitoringRoleArn"} & set(parameters):
        new |= settings.monitoring(context, parameters, data)
    if any(key.startswith(("EnablePerformance", "PerformanceInsights", "DatabaseInsights")) for key in parameters):
        new |= settings.insights(context, parameters, data)
    if {"PreferredBackupWindow", "PreferredMaintenanceWindow"} & set(parameters):
        new |= _changed_windows(instance, parameters)
    if "CloudwatchLogsExportConfiguration" in parameters:
        logs = exported_logs(
            data["EnabledCloudwatchLogsExports"] or [], parameters["CloudwatchLogsExportConfiguration"]
        )
        check_log_types(data["Engine"], data["EngineVersion"], logs, catalog.LOG_TYPES[data["Engine"]])
        new["EnabledCloudwatchLogsExports"] = logs or None
    if "BackupRetentionPeriod" in parameters and _changed_retention(instance, parameters["BackupRetentionPeriod"]):
        new["BackupRetentionPeriod"] = parameters["BackupRetentionPeriod"]
    if "MaxAllocatedStorage" in parameters:
        size, limit = parameters.get("AllocatedStorage", data["AllocatedStorage"]), parameters["MaxAllocatedStorage"]
        # RDS User Guide: setting it to the allocated size turns autoscaling off
        new["MaxAllocatedStorage"] = None if limit == size else settings.autoscaling_limit(size, limit)
    if parameters.get("MasterUserPassword") is not None:
        check_password(parameters["MasterUserPassword"])
        if instance.secret:
            message = "You can't specify MasterUserPassword when ManageMasterUserPassword is turned on."
            raise refuse("InvalidParameterCombination", message)
    if "DBPortNumber" in parameters:
        check_port(parameters["DBPortNumber"])
    changes: list[Any] = [lambda: instance.data.update(new)]
    if parameters.get("VpcSecurityGroupIds"):
        group_ids = list(dict.fromkeys(parameters["VpcSecurityGroupIds"]))
        check_groups(context, group_ids, instance.subnet_group.vpc_id)
        changes.append(lambda: _regroup(instance, group_ids))
    if "ManageMasterUserPassword" in parameters:
        managed = secrets.is_managed(parameters)
        if not managed and not parameters.get("MasterUserPassword") and instance.secret:
            message = "You must specify MasterUserPassword when you turn off ManageMasterUserPassword."
            raise refuse("InvalidParameterCombination", message)
        changes.append(lambda: _manage_password(instance, managed, parameters.get("MasterUserSecretKmsKeyId")))
    group = parameters.get("DBSubnetGroupName")
    if group and subnet_groups.find(context, group) is not instance.subnet_group:
        raise refuse(
            "InvalidVPCNetworkStateFault",
            f"You cannot move DB instance {instance.name} to subnet group {group}. The specified DB subnet group and "
            "DB instance are in the same VPC. Choose a DB subnet group in different VPC than the specified DB instance "
            "and try again.",
        )
    return changes


def _regroup(instance: Instance, group_ids: list[str]) -> None:
    instance.group_ids = group_ids
    instance.regroup()


def _manage_password(instance: Instance, managed: bool, key_id: str | None) -> None:
    if managed and not instance.secret:
        user = instance.data["MasterUsername"]
        instance.secret = secrets.make(instance.context, "DBInstance", instance.arn, user, key_id)
    elif not managed and instance.secret:
        secrets.remove(instance.context, instance.secret)
        instance.secret = None


def _changed_windows(instance: Instance, parameters: Parameters) -> dict[str, str]:
    maintenance = parameters.get("PreferredMaintenanceWindow", instance.data["PreferredMaintenanceWindow"]).lower()
    if instance.cluster:
        check_windows(instance.cluster.data["PreferredBackupWindow"], maintenance)
        return {"PreferredMaintenanceWindow": maintenance}
    backup = parameters.get("PreferredBackupWindow", instance.data["PreferredBackupWindow"])
    check_windows(backup, maintenance)
    return {"PreferredBackupWindow": backup, "PreferredMaintenanceWindow": maintenance}


def _deferred_changes(instance: Instance, parameters: Parameters) -> dict[str, Any]:
    """What goes through PendingModifiedValues."""
    data, found = instance.data, {}
    version = instance.cluster.data["EngineVersion"] if instance.cluster else data["EngineVersion"]
    if parameters.get("DBInstanceClass"):
        catalog.check_class(parameters["DBInstanceClass"], data["Engine"], version)
        found["DBInstanceClass"] = parameters["DBInstanceClass"]
    if parameters.get("EngineVersion"):
        found["EngineVersion"] = upgrade(data["Engine"], version, parameters)
    if {"AllocatedStorage", "Iops", "StorageThroughput", "StorageType"} & set(parameters):
        found |= _changed_storage(instance, parameters)
    if "MultiAZ" in parameters:
        found["MultiAZ"] = parameters["MultiAZ"]
    if parameters.get("CACertificateIdentifier"):
        found["CACertificateIdentifier"] = settings.certificate(parameters["CACertificateIdentifier"])
    if "EnableIAMDatabaseAuthentication" in parameters:
        found["IAMDatabaseAuthenticationEnabled"] = parameters["EnableIAMDatabaseAuthentication"]
    if "BackupRetentionPeriod" in parameters:
        found["BackupRetentionPeriod"] = parameters["BackupRetentionPeriod"]
    if parameters.get("NewDBInstanceIdentifier"):
        name = check_identifier("NewDBInstanceIdentifier", parameters["NewDBInstanceIdentifier"])
        if name != instance.name and name in instance.context.store.instances:
            raise refuse("DBInstanceAlreadyExists", "DB instance already exists")
        found["DBInstanceIdentifier"] = name
    return found


def upgrade(engine: str, current: str, parameters: Parameters) -> str:
    """The version after an upgrade, if it is one that can be made."""
    asked = parameters["EngineVersion"]
    # a major version alone means its newest minor version; being there already is no change
    version = asked if asked == current else catalog.resolve_version(engine, asked)
    if version == current:
        return version
    target = next((item for item in catalog.upgrade_targets(engine, current) if item["EngineVersion"] == version), None)
    if target is None:
        raise refuse("InvalidParameterCombination", f"Cannot upgrade {engine} from {current} to {version}")
    if target["IsMajorVersionUpgrade"] and not parameters.get("AllowMajorVersionUpgrade"):
        message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        raise refuse("InvalidParameterCombination", message)
    return version


def _changed_retention(instance: Instance, days: int) -> bool:
    """Whether a change is made at once: between two positive numbers; switching backups on or off waits."""
    check_retention(days)
    if not days and instance.replicas():
        message = "Cannot disable backups on an instance that is a source to read replicas."
        raise refuse("InvalidParameterCombination", message)
    return bool(days and instance.data["BackupRetentionPeriod"])


def _changed_storage(instance: Instance, parameters: Parameters) -> dict[str, Any]:
    """Storage grows by at least a tenth, and never shrinks."""
    data = {**instance.data, **instance.pending}
    size = parameters.get("AllocatedStorage", data["AllocatedStorage"])
    current = instance.data["AllocatedStorage"]
    if size < current:
        raise refuse(
            "InvalidParameterCombination",
            f"Requested storage size ({size}) cannot be less than the current storage size ({current}).",
        )
    if size != current:
        size = max(size, -(-current * 11 // 10))
    kind = parameters.get("StorageType", data["StorageType"])
    iops, throughput = parameters.get("Iops"), parameters.get("StorageThroughput")
    if kind == data["StorageType"] and data["AllocatedStorage"] >= catalog.GP3_STRIPED:
        iops, throughput = iops or data["Iops"], throughput or data["StorageThroughput"]
    elif kind == data["StorageType"] and kind in ("io1", "io2"):
        iops = iops or data["Iops"]
    return settings.storage(size, kind, iops or None, throughput or None)


def _new_parameter_group(instance: Instance, parameters: Parameters, deferred: dict[str, Any]) -> ParameterGroup | None:
    """The parameter group that is asked for, or that another major version needs."""
    engine = instance.data["Engine"]
    current = instance.cluster.data["EngineVersion"] if instance.cluster else instance.data["EngineVersion"]
    family = catalog.family_of(engine, deferred.get("EngineVersion", current))
    name = parameters.get("DBParameterGroupName")
    if name:
        return parameter_groups.find_for(instance.context, name, family)
    if family == instance.parameter_group.family:
        return None
    if not instance.parameter_group.is_default:
        raise refuse(
            "InvalidParameterCombination",
            f"The current DB instance parameter group {instance.parameter_group.name} is custom. You must explicitly "
            "specify a new DB parameter group, either default or custom, for the engine version upgrade.",
        )
    return parameter_groups.default_group(instance.context, family, is_cluster=False)


def delete_db_instance(context: Context, parameters: Parameters) -> Parameters:
    """DeleteDBInstance."""
    instance = find(context, parameters["DBInstanceIdentifier"])
    if instance.status == "deleting":
        raise refuse("InvalidDBInstanceState", f"Instance {instance.name} is already being deleted.")
    if instance.cluster:
        _check_running(instance.cluster)
    if instance.data["DeletionProtection"]:
        raise refuse(
            "InvalidParameterCombination",
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
        )
    final = _final_snapshot(instance, parameters)
    if final:
        snapshots.take(context, final, instance, False, None)
    instance.begin("deleting", instance.remove)
    return {"DBInstance": instance.describe()}


def _final_snapshot(instance: Instance, parameters: Parameters) -> str | None:
    """The name of the final snapshot; None if there shall be none."""
    name, skipped = parameters.get("FinalDBSnapshotIdentifier"), parameters.get("SkipFinalSnapshot")
    if name and (instance.cluster or instance.source):
        kind = "cluster" if instance.cluster else "replica"
        message = f"FinalDBSnapshotIdentifier can not be specified when deleting a {kind} instance"
        raise refuse("InvalidParameterCombination", message)
    if name and skipped:
        message = "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."
        raise refuse("InvalidParameterCombination", message)
    if instance.cluster or instance.source or skipped:
        return None
    if not name:
        message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        raise refuse("InvalidParameterCombination", message)
    name = snapshots.check_name(instance.context, "FinalDBSnapshotIdentifier", name, False)
    if instance.status not in ("available", "stopped"):
        raise refuse(
            "InvalidDBInstanceState",
            f"Cannot create a snapshot because the database instance {instance.name} is not currently in the available "
            "state.",
        )
    return name


def reboot_db_instance(context: Context, parameters: Parameters) -> Parameters:
    """RebootDBInstance: also applies the static parameters that wait for it."""
    instance = find(context, parameters["DBInstanceIdentifier"])
    check_available(instance)
    if parameters.get("ForceFailover"):
        if not instance.data["MultiAZ"]:
            message = "Cannot force failover on an instance that is not Multi-AZ."
            raise refuse("InvalidParameterCombination", message)
        zones = ("AvailabilityZone", "SecondaryAvailabilityZone")
        instance.data |= {zones[0]: instance.data[zones[1]], zones[1]: instance.data[zones[0]]}
    instance.begin("rebooting", instance.restarted)
    return {"DBInstance": instance.describe()}


def stop_db_instance(context: Context, parameters: Parameters) -> Parameters:
    """StopDBInstance."""
    instance = find(context, parameters["DBInstanceIdentifier"])
    if instance.cluster:
        raise refuse(
            "InvalidParameterCombination",
            "The specified DB Instance is a member of a DB Cluster. Stop the DB Cluster instead.",
        )
    if instance.status != "available" or instance.replicas() or instance.source:
        message = f"Instance {instance.name} cannot be stopped as it is not in available state, or has read replicas."
        raise refuse("InvalidDBInstanceState", message)
    if parameters.get("DBSnapshotIdentifier"):
        name = snapshots.check_name(context, "DBSnapshotIdentifier", parameters["DBSnapshotIdentifier"], False)
        snapshots.take(context, name, instance, False, None)
    instance.begin("stopping", instance.become("stopped"))
    return {"DBInstance": instance.describe()}


def start_db_instance(context: Context, parameters: Parameters) -> Parameters:
    """StartDBInstance."""
    instance = find(context, parameters["DBInstanceIdentifier"])
    if instance.status != "stopped":
        message = f"Instance {instance.name} is not stopped, it cannot be started."
        raise refuse("InvalidDBInstanceState", message)
    instance.begin("starting", instance.restarted)
    return {"DBInstance": instance.describe()}


def create_db_instance_read_replica(context: Context, parameters: Parameters) -> Parameters:
    """CreateDBInstanceReadReplica, within the region."""
    name = _new_name(context, parameters)
    source = find(context, parameters["SourceDBInstanceIdentifier"])
    check_available(source)
    if not source.data["BackupRetentionPeriod"]:
        raise refuse(
            "InvalidDBInstanceState",
            "Automated backups are not enabled for this database instance. To enable automated backups, use "
            "ModifyDBInstance to set the backup retention period to a non-zero value.",
        )
    if len(source.replicas()) >= _MOST_REPLICAS:
        message = f"The source instance {source.name} has reached its limit of {_MOST_REPLICAS} read replicas."
        raise refuse("InvalidDBInstanceState", message)
    # the security groups are not inherited: without any it gets the default one of the VPC
    asked = {
        "DBSubnetGroupName": source.subnet_group.name,
        "DBParameterGroupName": source.parameter_group.name,
        "BackupRetentionPeriod": 0,
        **source.settings(),
        **parameters,
    }
    asked.pop("SourceDBInstanceIdentifier")
    replica = _standalone(context, name, asked, with_user=False)
    replica.source = source
    return {"DBInstance": replica.describe()}


def promote_read_replica(context: Context, parameters: Parameters) -> Parameters:
    """PromoteReadReplica."""
    replica = find(context, parameters["DBInstanceIdentifier"])
    check_available(replica)
    if replica.source is None:
        raise refuse("InvalidDBInstanceState", f"DB instance {replica.name} is not a read replica.")
    days = parameters.get("BackupRetentionPeriod", 1)
    check_retention(days)

    def finish() -> None:
        replica.source = None
        replica.data["BackupRetentionPeriod"] = days
        replica.restarted()

    replica.begin("modifying", finish)
    return {"DBInstance": replica.describe()}


def restore_db_instance_from_db_snapshot(context: Context, parameters: Parameters) -> Parameters:
    """RestoreDBInstanceFromDBSnapshot."""
    snapshot = snapshots.find(context, parameters["DBSnapshotIdentifier"])
    if snapshot.status != "available":
        raise refuse("InvalidDBSnapshotState", f"The snapshot {snapshot.name} is not in available state.")
    name = _new_name(context, parameters)
    return {"DBInstance": _restored(context, name, snapshot.data["_settings"], parameters).describe()}


def restore_db_instance_to_point_in_time(context: Context, parameters: Parameters) -> Parameters:
    """RestoreDBInstanceToPointInTime."""
    source = find(context, parameters["SourceDBInstanceIdentifier"])
    name = _new_name(context, parameters, "TargetDBInstanceIdentifier")
    if not source.data["BackupRetentionPeriod"]:
        raise refuse("PointInTimeRestoreNotEnabled", f"Automated backups are not enabled for {source.name}.")
    return {"DBInstance": _restored(context, name, source.settings(), parameters).describe()}


def _restored(context: Context, name: str, kept: dict[str, Any], parameters: Parameters) -> Instance:
    """A new instance out of what was kept of another; a size may grow, and master user and engine stay."""
    fixed = {key: kept[key] for key in ("Engine", "EngineVersion", "MasterUsername")}
    return _standalone(context, name, {**kept, **parameters, **fixed}, with_user=False)


def describe_pending_maintenance_actions(context: Context, parameters: Parameters) -> Parameters:
    """DescribePendingMaintenanceActions: there never are any."""
    return {"PendingMaintenanceActions": []}


HANDLERS = {
    "CreateDBInstance": create_db_instance,
    "CreateDBInstanceReadReplica": create_db_instance_read_replica,
    "DeleteDBInstance": delete_db_instance,
    "DescribeDBInstances": describe_db_instances,
    "DescribePendingMaintenanceActions": describe_pending_maintenance_actions,
    "ModifyDBInstance": modify_db_instance,
    "PromoteReadReplica": promote_read_replica,
    "RebootDBInstance": reboot_db_instance,
    "RestoreDBInstanceFromDBSnapshot": restore_db_instance_from_db_snapshot,
    "RestoreDBInstanceToPointInTime": restore_db_instance_to_point_in_time,
    "StartDBInstance": start_db_instance,
    "StopDBInstance": stop_db_instance,
}

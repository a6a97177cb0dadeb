"""RDS for PostgreSQL and Aurora PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_IDENTIFIER = r"[A-Za-z](-?[A-Za-z0-9])*"
_INSTANCES = ("rds:CreateDBInstance", "rds:ModifyDBInstance")
_CLUSTERS = ("rds:CreateDBCluster", "rds:ModifyDBCluster")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Storage of an instance in GiB by type, for MariaDB, MySQL and PostgreSQL.
_STORAGE = {"gp2": (20, 65536), "gp3": (20, 65536), "io1": (100, 65536), "io2": (100, 65536), "standard": (5, 3072)}
#: From how many GiB on gp3 storage takes IOPS and throughput of one's own, for MariaDB, MySQL and PostgreSQL.
_GP3_STRIPED = 400
#: What only the cluster of an Aurora instance has.
_OF_THE_CLUSTER = (
    "AllocatedStorage", "BackupRetentionPeriod", "DBName", "DeletionProtection", "KmsKeyId", "MasterUserPassword",
    "MasterUsername", "MaxAllocatedStorage", "MultiAZ", "Port", "PreferredBackupWindow", "StorageEncrypted",
    "VpcSecurityGroupIds",
)  # fmt: skip


@rule("rds:Create*", "rds:RestoreDB*", source=api("rds", "CreateDBInstance"))
def identifiers_of_databases(request: Request, _world: World) -> Iterator[str]:
    """Instances and clusters have identifiers of at most 63 letters, digits and single hyphens, a letter first and no
    hyphen last."""
    for name in ("DBInstanceIdentifier", "DBClusterIdentifier"):
        value = request.get(name)
        if value is not None and not value.startswith("arn:"):
            yield from text_problem(name, value, _IDENTIFIER, 63)


@rule("rds:CreateDBInstance", "rds:ModifyDBInstance", source=api("rds", "CreateDBInstance"))
def storage_of_databases(request: Request, _world: World) -> Iterator[str]:
    """PostgreSQL's storage is 20 to 65536 GiB on gp2 and gp3, 100 to 65536 on io1 and io2, 5 to 3072 on magnetic
    disks."""
    if request.get("DBClusterIdentifier") or request.get("AllocatedStorage") is None:
        return
    kind = request.get("StorageType")
    if kind is None and request.operation == "ModifyDBInstance":
        return
    yield from range_problem(f"AllocatedStorage on {kind}", request.get("AllocatedStorage"), *_STORAGE[kind or "gp2"])


@rule(*_INSTANCES, source=page("AmazonRDS/latest/UserGuide/CHAP_Storage.html"))
def speed_of_storage(request: Request, _world: World) -> Iterator[str]:
    """gp3 storage of less than 400 GiB has 3000 IOPS and 125 MiB/s and takes no others; from there on it has 12000 to
    64000 IOPS and 500 to 4000 MiB/s. io1 and io2 need IOPS, at least 1000."""
    kind, size = request.get("StorageType"), request.get("AllocatedStorage")
    iops, throughput = request.get("Iops"), request.get("StorageThroughput")
    if kind == "gp3" and size is not None:
        if size < _GP3_STRIPED and (iops is not None or throughput is not None):
            yield f"{size} GiB have Iops {iops} and StorageThroughput {throughput}"
        elif size >= _GP3_STRIPED:
            yield from range_problem("Iops", iops, 12000, 64000)
            yield from range_problem("StorageThroughput", throughput, 500, 4000)
    if kind in ("io1", "io2"):
        yield from range_problem("Iops", iops or 0, 1000, 256000)
    if kind in ("gp2", "standard") and iops is not None:
        yield f"{kind} has Iops {iops}"


@rule(*_INSTANCES, source=page("AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html"))
def growth_of_storage(request: Request, _world: World) -> Iterator[str]:
    """The limit to which storage may grow is at least a tenth above what there is."""
    most, size = request.get("MaxAllocatedStorage"), request.get("AllocatedStorage")
    if most is not None and size is not None and most != size and most < size * 1.1:
        yield f"MaxAllocatedStorage is {most} of {size}"


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def backups_of_databases(request: Request, _world: World) -> Iterator[str]:
    """Backups of an instance are kept for 0 to 35 days, those of an Aurora cluster for 1 to 35."""
    least = 1 if "Cluster" in request.operation else 0
    yield from range_problem("BackupRetentionPeriod", request.get("BackupRetentionPeriod"), least, 35)


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def users_of_databases(request: Request, _world: World) -> Iterator[str]:
    """The master user's name has at most 16 letters, digits and underscores, a letter first, and is no reserved
    word."""
    yield from text_problem("MasterUsername", request.get("MasterUsername"), r"[A-Za-z]\w*", 16)
    if request.get("MasterUsername", "").lower() in ("admin", "rdsadmin", "rds_superuser", "root", "user"):
        yield f"MasterUsername is {request.get('MasterUsername')}"


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def passwords_of_databases(request: Request, _world: World) -> Iterator[str]:
    """The master user's password has 8 to 128 characters for PostgreSQL, 8 to 41 for a cluster, visible ASCII without
    slash, quotation mark and at sign; there is none where RDS manages it."""
    password = request.get("MasterUserPassword")
    if password is None:
        return
    yield from range_problem("its length", len(password), 8, 41 if "Cluster" in request.operation else 128)
    if not re.fullmatch(r"[!-~]*", password) or re.search(r'[/"@]', password):
        yield "it has other characters"
    if request.get("ManageMasterUserPassword"):
        yield "RDS manages it"


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def names_of_databases(request: Request, _world: World) -> Iterator[str]:
    """PostgreSQL's first database has a name of at most 63 letters, digits and underscores, a letter first."""
    for name in ("DBName", "DatabaseName"):
        yield from text_problem(name, request.get(name), r"[A-Za-z]\w*", 63)


@rule("rds:CreateDBSubnetGroup", "rds:ModifyDBSubnetGroup", source=api("rds", "CreateDBSubnetGroup"))
def zones_of_databases(request: Request, world: World) -> Iterator[str]:
    """A subnet group has subnets in at least two zones."""
    subnets = request.get("SubnetIds", [])
    zones = world.zones(subnets)
    if len(subnets) < 2 or (len(zones) == len(subnets) and len(set(zones)) < 2):
        yield f"{len(subnets)} subnets are in {', '.join(zones) or 'unknown zones'}"


@rule("rds:CreateDBSubnetGroup", source=api("rds", "CreateDBSubnetGroup"))
def names_of_subnet_groups(request: Request, _world: World) -> Iterator[str]:
    """A subnet group's name has at most 255 letters, digits, spaces, hyphens, underscores and periods, a letter first,
    and is not default."""
    yield from text_problem("DBSubnetGroupName", request.get("DBSubnetGroupName"), r"[A-Za-z][A-Za-z0-9 ._-]*", 255)
    if request.get("DBSubnetGroupName", "").lower() == "default":
        yield "it is default"


@rule("rds:CreateDBParameterGroup", "rds:CreateDBClusterParameterGroup", source=api("rds", "CreateDBParameterGroup"))
def names_of_parameter_groups(request: Request, _world: World) -> Iterator[str]:
    """A parameter group's name has at most 255 letters, digits and single hyphens, a letter first and no hyphen last;
    its family is one of PostgreSQL's."""
    for name in ("DBParameterGroupName", "DBClusterParameterGroupName"):
        yield from text_problem(name, request.get(name), _IDENTIFIER, 255)
    yield from text_problem("the family", request.get("DBParameterGroupFamily"), r"(aurora-)?postgres(ql)?\d+")


@rule("rds:ModifyDB*ParameterGroup", "rds:ResetDB*ParameterGroup", source=api("rds", "ModifyDBParameterGroup"))
def number_of_parameters(request: Request, _world: World) -> Iterator[str]:
    """At most 20 parameters are changed in a call, each with how it is applied."""
    parameters = request.get("Parameters", [])
    if len(parameters) > 20:
        yield f"there are {len(parameters)}"
    for parameter in parameters:
        if parameter.get("ApplyMethod") not in ("immediate", "pending-reboot"):
            yield f"{parameter.get('ParameterName')} is applied {parameter.get('ApplyMethod')}"


def _minutes(text: str) -> int:
    """Minutes since midnight, or since Monday's."""
    day, time = text[:-6], text[-5:]
    hours, minutes = time.split(":")
    return (_DAYS.index(day) * 1440 if day else 0) + int(hours) * 60 + int(minutes)


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def windows_of_databases(request: Request, _world: World) -> Iterator[str]:
    """Windows are given in UTC as 03:00-04:00 and sun:04:30-sun:05:30, last 30 minutes at least, and do not overlap."""
    backup, maintenance = request.get("PreferredBackupWindow"), request.get("PreferredMaintenanceWindow")
    clock = r"([01]\d|2[0-3]):[0-5]\d"
    weekly = rf"({'|'.join(_DAYS)}):{clock}"
    spans: dict[str, tuple[int, int]] = {}
    for text, pattern, length in ((backup, f"{clock}-{clock}", 1440), (maintenance, f"{weekly}-{weekly}", 10080)):
        if text is None:
            continue
        if not re.fullmatch(pattern, text.lower()):
            yield f"a window is {text!r}"
            continue
        start, end = (_minutes(part) for part in text.lower().split("-"))
        spans[text] = (start, (end - start) % length)
        if spans[text][1] < 30:
            yield f"{text} is shorter than 30 minutes"
    if len(spans) == 2:
        (daily, lasts), (once, takes) = spans[backup], spans[maintenance]
        if (once - daily) % 1440 < lasts or (daily - once) % 1440 < takes:
            yield f"{backup} and {maintenance} overlap"


@rule(*_INSTANCES, source=api("rds", "CreateDBInstance"))
def monitoring_of_databases(request: Request, _world: World) -> Iterator[str]:
    """Enhanced Monitoring takes a figure every 1, 5, 10, 15, 30 or 60 s, or is off with 0; when it is on it needs a
    role."""
    seconds = request.get("MonitoringInterval")
    if seconds is None:
        return
    if seconds not in (0, 1, 5, 10, 15, 30, 60):
        yield f"MonitoringInterval is {seconds}"
    if seconds and not request.get("MonitoringRoleArn"):
        yield "it has no MonitoringRoleArn"


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def insights_into_databases(request: Request, _world: World) -> Iterator[str]:
    """Performance Insights keep figures for 7 days, for whole months of 31 days up to 23, or for 731 days."""
    days = request.get("PerformanceInsightsRetentionPeriod")
    if days is not None and days not in (7, 731, *(31 * month for month in range(1, 24))):
        yield f"PerformanceInsightsRetentionPeriod is {days}"


@rule(*_INSTANCES, *_CLUSTERS, source=api("rds", "CreateDBInstance"))
def ports_of_databases(request: Request, _world: World) -> Iterator[str]:
    """A database's port is 1150 to 65535."""
    for name in ("Port", "DBPortNumber"):
        yield from range_problem(name, request.get(name), 1150, 65535)


@rule(*_INSTANCES, *_CLUSTERS, source=page("AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html"))
def logs_of_databases(request: Request, _world: World) -> Iterator[str]:
    """PostgreSQL's logs that CloudWatch can have are postgresql, upgrade, instance and iam-db-auth-error."""
    exports = request.get("EnableCloudwatchLogsExports", [])
    exports = exports + request.get("CloudwatchLogsExportConfiguration", {}).get("EnableLogTypes", [])
    wrong = sorted(set(exports) - {"postgresql", "upgrade", "instance", "iam-db-auth-error"})
    if wrong:
        yield f"it wants {', '.join(wrong)}"


@rule("rds:DeleteDBInstance", "rds:DeleteDBCluster", source=api("rds", "DeleteDBInstance"))
def final_snapshots(request: Request, world: World) -> Iterator[str]:
    """A final snapshot is named or skipped, not both; its name has at most 255 letters, digits and single hyphens, a
    letter first and no hyphen last. Replicas and instances of a cluster have none."""
    name, skipped = request.get("FinalDBSnapshotIdentifier"), request.get("SkipFinalSnapshot", False)
    members = {
        made.get("DBInstanceIdentifier")
        for made in world.done("rds:CreateDBInstance", "rds:CreateDBInstanceReadReplica")
        if made.get("DBClusterIdentifier") or made.operation.endswith("Replica")
    }
    if request.get("DBInstanceIdentifier") in members:
        if name:
            yield f"{request.get('DBInstanceIdentifier')} cannot have {name}"
    elif bool(name) == bool(skipped):
        yield f"it is {'named and skipped' if name else 'neither named nor skipped'}"
    yield from text_problem("FinalDBSnapshotIdentifier", name, _IDENTIFIER, 255)


@rule(*_CLUSTERS, source=api("rds", "ServerlessV2ScalingConfiguration"))
def capacity_of_aurora(request: Request, _world: World) -> Iterator[str]:
    """Serverless v2 has 0 to 256 ACUs in steps of a half, at least 1 at most, the least not above the greatest."""
    scaling = request.get("ServerlessV2ScalingConfiguration")
    if scaling is None:
        return
    least, most = scaling.get("MinCapacity"), scaling.get("MaxCapacity")
    yield from range_problem("MinCapacity", least, 0, 256)
    yield from range_problem("MaxCapacity", most, 1, 256)
    if any(value is not None and value * 2 != int(value * 2) for value in (least, most)):
        yield f"they are {least} and {most}"
    if least is not None and most is not None and least > most:
        yield f"{least} is above {most}"


@rule("rds:CreateDBInstance", source=page("AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.create.html"))
def serverless_instances(request: Request, world: World) -> Iterator[str]:
    """An instance of class db.serverless is in an Aurora cluster that has a scaling configuration."""
    if request.get("DBInstanceClass") != "db.serverless":
        return
    cluster = request.get("DBClusterIdentifier")
    if not cluster:
        yield "it has no cluster"
    for made in world.done("rds:CreateDBCluster"):
        if made.get("DBClusterIdentifier") == cluster and not made.get("ServerlessV2ScalingConfiguration"):
            yield f"{cluster} has none"


@rule("rds:CreateDBInstance", source=api("rds", "CreateDBInstance"))
def instances_of_clusters(request: Request, _world: World) -> Iterator[str]:
    """What an Aurora cluster holds for all its instances is not given for one of them."""
    if request.get("DBClusterIdentifier"):
        wrong = [name for name in _OF_THE_CLUSTER if request.get(name) is not None]
        if wrong:
            yield f"it has {', '.join(wrong)}"
    else:
        missing = [name for name in ("AllocatedStorage", "MasterUsername") if request.get(name) is None]
        if missing:
            yield f"an instance of RDS lacks {', '.join(missing)}"


RULES: tuple[Rule, ...] = (
    identifiers_of_databases,
    storage_of_databases,
    speed_of_storage,
    growth_of_storage,
    backups_of_databases,
    users_of_databases,
    passwords_of_databases,
    names_of_databases,
    zones_of_databases,
    names_of_subnet_groups,
    names_of_parameter_groups,
    number_of_parameters,
    windows_of_databases,
    monitoring_of_databases,
    insights_into_databases,
    ports_of_databases,
    logs_of_databases,
    final_snapshots,
    capacity_of_aurora,
    serverless_instances,
    instances_of_clusters,
)

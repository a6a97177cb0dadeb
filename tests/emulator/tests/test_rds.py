"""RDS behaves as AWS's: states, pending changes, storage, engine versions, parameter and subnet groups, Aurora."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

PASSWORD = "correct-horse-battery"


@dataclass
class Network:
    """A VPC with two subnets, in two zones, and a security group."""

    ec2: Any
    vpc_id: str
    subnet_ids: list[str]
    group_id: str


@pytest.fixture(scope="module")
def clients(running_emulator: Any) -> Callable[[str], Any]:
    """Clients by service: making one takes longer than a test."""
    return functools.cache(running_emulator.client)


@pytest.fixture
def network(clients: Callable[[str], Any]) -> Network:
    ec2 = clients("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_ids = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    group_id = ec2.create_security_group(GroupName="db", Description="db", VpcId=vpc_id)["GroupId"]
    return Network(ec2, vpc_id, subnet_ids, group_id)


@pytest.fixture
def rds(clients: Callable[[str], Any], network: Network) -> Any:
    client = clients("rds")
    client.create_db_subnet_group(
        DBSubnetGroupName="Private", DBSubnetGroupDescription="private", SubnetIds=network.subnet_ids
    )
    return client


@pytest.fixture
def create(rds: Any, network: Network) -> Callable[..., dict[str, Any]]:
    def make(name: str = "main", **arguments: Any) -> dict[str, Any]:
        given = {
            "DBInstanceIdentifier": name,
            "Engine": "postgres",
            "EngineVersion": "16",
            "DBInstanceClass": "db.t4g.small",
            "AllocatedStorage": 20,
            "StorageType": "gp3",
            "MasterUsername": "app",
            "MasterUserPassword": PASSWORD,
            "DBSubnetGroupName": "private",
            "VpcSecurityGroupIds": [network.group_id],
            **arguments,
        }
        return rds.create_db_instance(**{key: value for key, value in given.items() if value is not None})["DBInstance"]

    return make


@pytest.fixture
def create_cluster(rds: Any, network: Network) -> Callable[..., dict[str, Any]]:
    def make(name: str = "aurora", **arguments: Any) -> dict[str, Any]:
        given = {
            "DBClusterIdentifier": name,
            "Engine": "aurora-postgresql",
            "EngineVersion": "16",
            "MasterUsername": "app",
            "MasterUserPassword": PASSWORD,
            "DBSubnetGroupName": "private",
            "VpcSecurityGroupIds": [network.group_id],
            "DatabaseName": "app",
            **arguments,
        }
        return rds.create_db_cluster(**given)["DBCluster"]

    return make


def instance_of(rds: Any, name: str = "main") -> dict[str, Any]:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def cluster_of(rds: Any, name: str = "aurora") -> dict[str, Any]:
    return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]


def error(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response["Error"]
    return answer["Code"], answer["Message"]


def code(call: Callable[..., Any], **arguments: Any) -> str:
    return error(call, **arguments)[0]


def test_create(rds: Any, create: Any, network: Network) -> None:
    """CreateDBInstance and CHAP_Storage: states, endpoint, gp3's baseline, defaults of the API reference."""
    made = create("Main", Tags=[{"Key": "a", "Value": "b"}])
    assert (made["DBInstanceIdentifier"], made["DBInstanceStatus"]) == ("main", "creating")
    assert "Endpoint" not in made
    assert made["PendingModifiedValues"] == {"MasterUserPassword": "****"}
    shown = instance_of(rds, "MAIN")
    assert shown["DBInstanceStatus"] == "available"
    assert shown["Endpoint"]["Address"].startswith("main.c")
    assert shown["Endpoint"]["Address"].endswith(".us-east-1.rds.amazonaws.com")
    assert shown["Endpoint"]["Port"] == 5432
    assert (shown["Iops"], shown["StorageThroughput"]) == (3000, 125)
    assert shown["EngineVersion"].startswith("16.")
    assert shown["DBParameterGroups"] == [
        {"DBParameterGroupName": "default.postgres16", "ParameterApplyStatus": "in-sync"}
    ]
    assert shown["VpcSecurityGroups"] == [{"VpcSecurityGroupId": network.group_id, "Status": "active"}]
    assert shown["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"
    assert (shown["BackupRetentionPeriod"], shown["MultiAZ"], shown["StorageEncrypted"]) == (1, False, False)
    assert shown["PendingModifiedValues"] == {}
    assert shown["TagList"] == [{"Key": "a", "Value": "b"}]
    assert len(shown["PreferredMaintenanceWindow"]) == len("sun:05:00-sun:05:30")
    assert "SecondaryAvailabilityZone" not in shown


def test_takes_time_when_told(emulator: Any, rds: Any, create: Any) -> None:
    """DB instance status: creating, available, deleting, then gone; changes need an available instance."""
    emulator.control("PUT", "provisioning", {"rds_instance": 1.0})
    create()
    assert instance_of(rds)["DBInstanceStatus"] == "creating"
    assert "Endpoint" not in instance_of(rds)
    change = {"DBInstanceIdentifier": "main", "BackupRetentionPeriod": 7}
    assert code(rds.modify_db_instance, **change) == "InvalidDBInstanceState"
    time.sleep(1.1)
    assert instance_of(rds)["DBInstanceStatus"] == "available"
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert instance_of(rds)["DBInstanceStatus"] == "deleting"
    answer = error(rds.delete_db_instance, DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert answer == ("InvalidDBInstanceState", "Instance main is already being deleted.")
    time.sleep(1.1)
    assert error(instance_of, rds=rds) == ("DBInstanceNotFound", "DBInstance main not found.")


def test_waiters_work(rds: Any, create: Any) -> None:
    """botocore's waiters db_instance_available and db_instance_deleted."""
    create()
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="main")
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="main")


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "1main"},
        {"name": "main-"},
        {"name": "ma--in"},
        {"name": "ma_in"},
        {"name": "m" * 64},
        {"DBInstanceClass": "db.t9.small"},
        {"DBInstanceClass": "t4g.small"},
        {"Engine": "postgresql"},
        {"MasterUserPassword": "short12"},
        {"MasterUserPassword": "x" * 129},
        {"MasterUserPassword": "has a space 1"},
        {"MasterUserPassword": "has/slash1"},
        {"MasterUserPassword": "has@at1234"},
        {"MasterUserPassword": 'has"quote1'},
        {"MasterUserPassword": None},
        {"MasterUsername": None},
        {"MasterUsername": "admin"},
        {"MasterUsername": "1app"},
        {"DBName": "api-core"},
        {"DBName": "1api"},
        {"AllocatedStorage": None},
        {"StorageType": "gp9"},
        {"Port": 80},
        {"BackupRetentionPeriod": 36},
        {"PreferredBackupWindow": "3:00-4:00"},
        {"PreferredBackupWindow": "03:00-03:20"},
        {"PreferredMaintenanceWindow": "sunday:03:00-sunday:04:00"},
        {"VpcSecurityGroupIds": ["sg-00000000"]},
        {"MonitoringInterval": 7},
        {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 8},
        {"MonitoringInterval": 60, "MonitoringRoleArn": "arn:aws:iam::123456789012:role/nope"},
    ],
)
def test_invalid_values(create: Any, arguments: dict[str, Any]) -> None:
    """CreateDBInstance: constraints of the parameters."""
    assert code(create, **arguments) == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"EngineVersion": "15.5"}, "Cannot find version 15.5 for postgres"),
        ({"EngineVersion": "99"}, "Cannot find version 99 for postgres"),
        ({"AllocatedStorage": 10}, "Invalid storage size for engine name postgres and storage type gp3: 10"),
        (
            {"AllocatedStorage": 10, "StorageType": "gp2"},
            "Invalid storage size for engine name postgres and storage type gp2: 10",
        ),
        (
            {"AllocatedStorage": 50, "StorageType": "io1", "Iops": 1000},
            "Invalid storage size for engine name postgres and storage type io1: 50",
        ),
        (
            {"Iops": 3000},
            "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.",
        ),
        ({"MaxAllocatedStorage": 20}, "Max storage size must be greater than storage size"),
        ({"MaxAllocatedStorage": 21}, "The maximum allocated storage must be increased by at least 10 percent."),
        (
            {"DBInstanceClass": "db.t2.micro"},
            "RDS does not support creating a DB instance with the following combination",
        ),
        (
            {"MultiAZ": True, "AvailabilityZone": "us-east-1a"},
            "Requesting a specific availability zone is not valid for Multi-AZ instances.",
        ),
        ({"MonitoringInterval": 60}, "A MonitoringRoleARN value is required"),
        ({"KmsKeyId": "alias/aws/rds"}, ""),
        ({"DBParameterGroupName": "default.postgres15"}, "can't be used for this"),
        ({"EnableCloudwatchLogsExports": ["slowquery"]}, "You cannot use the log types 'slowquery'"),
        (
            {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "sun:03:30-sun:04:30"},
            "The backup window and maintenance window must not overlap.",
        ),
    ],
)
def test_invalid_combinations(create: Any, arguments: dict[str, Any], words: str) -> None:
    """CreateDBInstance: what does not go together, with AWS's words where they are known from error reports."""
    answer = error(create, **arguments)
    assert answer[0] == "InvalidParameterCombination"
    assert words in answer[1]


def test_not_found_and_exists(rds: Any, create: Any) -> None:
    """Error codes of botocore's service model."""
    create()
    assert code(create) == "DBInstanceAlreadyExists"
    assert code(create, name="x", DBSubnetGroupName="nope") == "DBSubnetGroupNotFoundFault"
    assert code(create, name="x", DBParameterGroupName="nope") == "DBParameterGroupNotFound"
    assert code(create, name="x", CACertificateIdentifier="nope") == "CertificateNotFound"
    assert code(rds.delete_db_instance, DBInstanceIdentifier="nope", SkipFinalSnapshot=True) == "DBInstanceNotFound"
    assert code(rds.describe_db_snapshots, DBSnapshotIdentifier="nope") == "DBSnapshotNotFound"
    assert code(rds.describe_db_clusters, DBClusterIdentifier="nope") == "DBClusterNotFoundFault"


def test_other_engines_say_so(create: Any) -> None:
    """Not AWS: engines that are not emulated are named as such."""
    assert code(create, Engine="mysql") == "NotImplemented"


def test_groups_of_another_vpc(create: Any, network: Network) -> None:
    """ "Working with a DB instance in a VPC": security groups must be in the VPC of the subnet group."""
    other = network.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = network.ec2.create_security_group(GroupName="o", Description="o", VpcId=other)["GroupId"]
    assert code(create, VpcSecurityGroupIds=[group]) == "InvalidParameterCombination"


def test_multi_az(rds: Any, create: Any) -> None:
    """A Multi-AZ instance has a second zone, and can fail over to it (RebootDBInstance, ForceFailover)."""
    create(MultiAZ=True)
    shown = instance_of(rds)
    assert (shown["AvailabilityZone"], shown["SecondaryAvailabilityZone"]) == ("us-east-1a", "us-east-1b")
    assert (
        rds.reboot_db_instance(DBInstanceIdentifier="main", ForceFailover=True)["DBInstance"]["DBInstanceStatus"]
        == "rebooting"
    )
    assert instance_of(rds)["AvailabilityZone"] == "us-east-1b"


def test_insights_and_monitoring(emulator: Any, rds: Any, create: Any) -> None:
    """Performance Insights (7 days by default, own key) and Enhanced Monitoring (role for monitoring.rds) are kept."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "monitoring.rds.amazonaws.com"}}
        ],
    }
    role = emulator.client("iam").create_role(RoleName="monitor", AssumeRolePolicyDocument=json.dumps(trust))["Role"][
        "Arn"
    ]
    create(EnablePerformanceInsights=True, MonitoringInterval=60, MonitoringRoleArn=role)
    shown = instance_of(rds)
    assert shown["PerformanceInsightsEnabled"]
    assert shown["PerformanceInsightsRetentionPeriod"] == 7
    assert shown["PerformanceInsightsKMSKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert (shown["MonitoringInterval"], shown["MonitoringRoleArn"]) == (60, role)
    assert "EnhancedMonitoringResourceArn" in shown
    rds.modify_db_instance(DBInstanceIdentifier="main", EnablePerformanceInsights=False, MonitoringInterval=0)
    shown = instance_of(rds)
    assert not shown["PerformanceInsightsEnabled"]
    assert shown["MonitoringInterval"] == 0


def test_encryption(rds: Any, create: Any) -> None:
    """StorageEncrypted without a key uses the key that AWS manages for RDS, by its ARN."""
    create(StorageEncrypted=True)
    assert instance_of(rds)["KmsKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert code(create, name="x", StorageEncrypted=True, KmsKeyId="nope") == "KMSKeyNotAccessibleFault"


def test_large_gp3(rds: Any, create: Any) -> None:
    """CHAP_Storage: from 400 GiB on gp3 has 12000 IOPS and 500 MiB/s, and both may be chosen."""
    create(AllocatedStorage=400)
    assert (instance_of(rds)["Iops"], instance_of(rds)["StorageThroughput"]) == (12000, 500)
    create("other", AllocatedStorage=500, Iops=14000, StorageThroughput=600)
    assert (instance_of(rds, "other")["Iops"], instance_of(rds, "other")["StorageThroughput"]) == (14000, 600)


def test_modify_waits_for_the_window(rds: Any, create: Any) -> None:
    """ModifyDBInstance without ApplyImmediately: the class waits in PendingModifiedValues, and can be taken back."""
    create()
    instance_of(rds)
    changed = rds.modify_db_instance(DBInstanceIdentifier="main", DBInstanceClass="db.t4g.medium", MultiAZ=True)[
        "DBInstance"
    ]
    assert changed["DBInstanceStatus"] == "available"
    assert changed["PendingModifiedValues"] == {"DBInstanceClass": "db.t4g.medium", "MultiAZ": True}
    assert instance_of(rds)["DBInstanceClass"] == "db.t4g.small"
    rds.modify_db_instance(DBInstanceIdentifier="main", DBInstanceClass="db.t4g.small")
    assert instance_of(rds)["PendingModifiedValues"] == {"MultiAZ": True}
    changed = rds.modify_db_instance(DBInstanceIdentifier="main", ApplyImmediately=True)["DBInstance"]
    assert changed["DBInstanceStatus"] == "modifying"
    shown = instance_of(rds)
    assert (shown["DBInstanceStatus"], shown["MultiAZ"], shown["PendingModifiedValues"]) == ("available", True, {})
    assert shown["SecondaryAvailabilityZone"] == "us-east-1b"


def test_modify_takes_time_when_told(emulator: Any, rds: Any, create: Any) -> None:
    """ModifyDBInstance with ApplyImmediately: modifying, the old class shown until it is over."""
    create()
    instance_of(rds)
    emulator.control("PUT", "provisioning", {"rds_instance": 1.0})
    rds.modify_db_instance(DBInstanceIdentifier="main", DBInstanceClass="db.t4g.medium", ApplyImmediately=True)
    shown = instance_of(rds)
    assert (shown["DBInstanceStatus"], shown["DBInstanceClass"]) == ("modifying", "db.t4g.small")
    time.sleep(1.1)
    shown = instance_of(rds)
    assert (shown["DBInstanceStatus"], shown["DBInstanceClass"]) == ("available", "db.t4g.medium")


def test_modify_at_once(rds: Any, create: Any, network: Network) -> None:
    """ "Settings for DB instances": these change whatever ApplyImmediately says."""
    create(BackupRetentionPeriod=1)
    instance_of(rds)
    other = network.ec2.create_security_group(GroupName="o", Description="o", VpcId=network.vpc_id)["GroupId"]
    rds.modify_db_instance(
        DBInstanceIdentifier="main",
        BackupRetentionPeriod=7,
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        AutoMinorVersionUpgrade=False,
        MaxAllocatedStorage=100,
        VpcSecurityGroupIds=[other],
        PreferredMaintenanceWindow="Sun:05:00-Sun:06:00",
        PreferredBackupWindow="03:00-04:00",
        CloudwatchLogsExportConfiguration={"EnableLogTypes": ["postgresql"]},
    )
    shown = instance_of(rds)
    assert (shown["DBInstanceStatus"], shown["PendingModifiedValues"]) == ("available", {})
    assert (shown["BackupRetentionPeriod"], shown["DeletionProtection"], shown["MaxAllocatedStorage"]) == (7, True, 100)
    assert (shown["CopyTagsToSnapshot"], shown["AutoMinorVersionUpgrade"]) == (True, False)
    assert shown["PreferredMaintenanceWindow"] == "sun:05:00-sun:06:00"
    assert shown["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert [group["VpcSecurityGroupId"] for group in shown["VpcSecurityGroups"]] == [other]
    network.ec2.delete_security_group(GroupId=network.group_id)
    assert code(network.ec2.delete_security_group, GroupId=other) == "DependencyViolation"


def test_switching_backups_waits(rds: Any, create: Any) -> None:
    """ModifyDBInstance, BackupRetentionPeriod: to and from 0 it waits for the window."""
    create()
    instance_of(rds)
    rds.modify_db_instance(DBInstanceIdentifier="main", BackupRetentionPeriod=0)
    assert instance_of(rds)["PendingModifiedValues"] == {"BackupRetentionPeriod": 0}
    assert instance_of(rds)["BackupRetentionPeriod"] == 1


def test_password(rds: Any, create: Any) -> None:
    """ModifyDBInstance, MasterUserPassword: as soon as possible, and in PendingModifiedValues until then."""
    create()
    instance_of(rds)
    changed = rds.modify_db_instance(DBInstanceIdentifier="main", MasterUserPassword="another-password")["DBInstance"]
    assert changed["PendingModifiedValues"] == {"MasterUserPassword": "****"}
    assert changed["DBInstanceStatus"] == "resetting-master-credentials"
    assert instance_of(rds)["PendingModifiedValues"] == {}
    assert (
        code(rds.modify_db_instance, DBInstanceIdentifier="main", MasterUserPassword="short") == "InvalidParameterValue"
    )


def test_storage_grows_only(rds: Any, create: Any) -> None:
    """ModifyDBInstance, AllocatedStorage: never less, and at least a tenth more."""
    create(AllocatedStorage=100)
    instance_of(rds)
    change = {"DBInstanceIdentifier": "main", "ApplyImmediately": True}
    assert code(rds.modify_db_instance, **change, AllocatedStorage=50) == "InvalidParameterCombination"
    assert code(rds.modify_db_instance, **change, Iops=5000) == "InvalidParameterCombination"
    rds.modify_db_instance(**change, AllocatedStorage=101)
    assert instance_of(rds)["AllocatedStorage"] == 110


def test_engine_upgrades(rds: Any, create: Any) -> None:
    """ "Upgrading the PostgreSQL DB engine": no way back, majors with a flag, custom groups need a successor."""
    create(EngineVersion="15.13")
    instance_of(rds)
    change = {"DBInstanceIdentifier": "main", "ApplyImmediately": True}
    rds.modify_db_instance(**change, EngineVersion="15.14")
    assert instance_of(rds)["EngineVersion"] == "15.14"
    answer = error(rds.modify_db_instance, **change, EngineVersion="15.13")
    assert answer == ("InvalidParameterCombination", "Cannot upgrade postgres from 15.14 to 15.13")
    assert "AllowMajorVersionUpgrade" in error(rds.modify_db_instance, **change, EngineVersion="16")[1]
    rds.modify_db_instance(**change, EngineVersion="16", AllowMajorVersionUpgrade=True)
    shown = instance_of(rds)
    assert shown["EngineVersion"].startswith("16.")
    assert shown["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres16"
    rds.create_db_parameter_group(DBParameterGroupName="mine", DBParameterGroupFamily="postgres16", Description="x")
    rds.modify_db_instance(**change, DBParameterGroupName="mine")
    instance_of(rds)
    major = {**change, "EngineVersion": "17", "AllowMajorVersionUpgrade": True}
    assert "is custom" in error(rds.modify_db_instance, **major)[1]
    rds.modify_db_instance(**major, DBParameterGroupName="default.postgres17")
    assert instance_of(rds)["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres17"


def test_rename(rds: Any, create: Any) -> None:
    """ModifyDBInstance, NewDBInstanceIdentifier: name, ARN and endpoint change, tags stay."""
    create(Tags=[{"Key": "a", "Value": "b"}])
    instance_of(rds)
    rds.modify_db_instance(DBInstanceIdentifier="main", NewDBInstanceIdentifier="Other", ApplyImmediately=True)
    shown = instance_of(rds, "other")
    assert shown["DBInstanceArn"].endswith(":db:other")
    assert shown["TagList"] == [{"Key": "a", "Value": "b"}]
    assert code(instance_of, rds=rds) == "DBInstanceNotFound"


def test_deletion_protection_and_final_snapshot(rds: Any, create: Any) -> None:
    """DeleteDBInstance: protection first, then the rules for the final snapshot."""
    create(DeletionProtection=True, CopyTagsToSnapshot=True, Tags=[{"Key": "a", "Value": "b"}])
    instance_of(rds)
    delete = {"DBInstanceIdentifier": "main"}
    assert error(rds.delete_db_instance, **delete, SkipFinalSnapshot=True) == (
        "InvalidParameterCombination",
        "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    )
    rds.modify_db_instance(DBInstanceIdentifier="main", DeletionProtection=False)
    assert code(rds.delete_db_instance, **delete) == "InvalidParameterCombination"
    both = {**delete, "SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "last"}
    assert code(rds.delete_db_instance, **both) == "InvalidParameterCombination"
    rds.create_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier="taken")
    assert code(rds.delete_db_instance, **delete, FinalDBSnapshotIdentifier="taken") == "DBSnapshotAlreadyExists"
    assert code(rds.delete_db_instance, **delete, FinalDBSnapshotIdentifier="no_good") == "InvalidParameterValue"
    rds.delete_db_instance(**delete, FinalDBSnapshotIdentifier="Last")
    snapshot = rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]
    assert (snapshot["Status"], snapshot["DBInstanceIdentifier"]) == ("available", "main")
    assert snapshot["TagList"] == [{"Key": "a", "Value": "b"}]


def test_snapshots_and_restore(rds: Any, create: Any) -> None:
    """Snapshots are copied, restored and deleted; a restore keeps engine, user and size."""
    create(AllocatedStorage=30, DBName="app")
    instance_of(rds)
    made = rds.create_db_snapshot(DBInstanceIdentifier="main", DBSnapshotIdentifier="one")["DBSnapshot"]
    assert made["Status"] == "creating"
    rds.copy_db_snapshot(SourceDBSnapshotIdentifier="one", TargetDBSnapshotIdentifier="two")
    names = [
        item["DBSnapshotIdentifier"] for item in rds.describe_db_snapshots(DBInstanceIdentifier="main")["DBSnapshots"]
    ]
    assert names == ["one", "two"]
    rds.restore_db_instance_from_db_snapshot(
        DBInstanceIdentifier="again", DBSnapshotIdentifier="two", DBSubnetGroupName="private"
    )
    shown = instance_of(rds, "again")
    assert (shown["MasterUsername"], shown["AllocatedStorage"], shown["DBName"]) == ("app", 30, "app")
    rds.delete_db_snapshot(DBSnapshotIdentifier="one")
    assert code(rds.delete_db_snapshot, DBSnapshotIdentifier="one") == "DBSnapshotNotFound"


def test_stop_and_start(rds: Any, create: Any) -> None:
    """StopDBInstance and StartDBInstance."""
    create()
    instance_of(rds)
    assert code(rds.start_db_instance, DBInstanceIdentifier="main") == "InvalidDBInstanceState"
    assert rds.stop_db_instance(DBInstanceIdentifier="main")["DBInstance"]["DBInstanceStatus"] == "stopping"
    assert instance_of(rds)["DBInstanceStatus"] == "stopped"
    assert code(rds.reboot_db_instance, DBInstanceIdentifier="main") == "InvalidDBInstanceState"
    rds.start_db_instance(DBInstanceIdentifier="main")
    assert instance_of(rds)["DBInstanceStatus"] == "available"


def test_read_replica(rds: Any, create: Any) -> None:
    """CreateDBInstanceReadReplica needs backups; the source cannot turn them off; a replica can be promoted."""
    create(BackupRetentionPeriod=0)
    instance_of(rds)
    replica = {"DBInstanceIdentifier": "replica", "SourceDBInstanceIdentifier": "main"}
    assert code(rds.create_db_instance_read_replica, **replica) == "InvalidDBInstanceState"
    rds.modify_db_instance(DBInstanceIdentifier="main", BackupRetentionPeriod=1, ApplyImmediately=True)
    instance_of(rds)
    rds.create_db_instance_read_replica(**replica)
    assert instance_of(rds)["ReadReplicaDBInstanceIdentifiers"] == ["replica"]
    assert instance_of(rds, "replica")["ReadReplicaSourceDBInstanceIdentifier"] == "main"
    off = {"DBInstanceIdentifier": "main", "BackupRetentionPeriod": 0}
    assert code(rds.modify_db_instance, **off) == "InvalidParameterCombination"
    rds.promote_read_replica(DBInstanceIdentifier="replica")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in instance_of(rds, "replica")


def test_read_replicas_and_their_source(rds: Any, create: Any, network: Network) -> None:
    """CreateDBInstanceReadReplica: groups of its own, the parameter group of its source, and fifteen at most."""
    rds.create_db_parameter_group(DBParameterGroupName="mine", DBParameterGroupFamily="postgres16", Description="x")
    create("main", EngineVersion="16.9", BackupRetentionPeriod=1, DBParameterGroupName="mine")
    instance_of(rds, "main")
    for number in range(15):
        rds.create_db_instance_read_replica(
            DBInstanceIdentifier=f"copy-{number}", SourceDBInstanceIdentifier="main", Tags=[{"Key": "a", "Value": "1"}]
        )
    copy = instance_of(rds, "copy-0")
    assert copy["VpcSecurityGroups"] != instance_of(rds, "main")["VpcSecurityGroups"]
    assert copy["DBParameterGroups"][0]["DBParameterGroupName"] == "mine"
    assert copy["TagList"] == [{"Key": "a", "Value": "1"}]
    replica = {"DBInstanceIdentifier": "one-more", "SourceDBInstanceIdentifier": "main"}
    assert code(rds.create_db_instance_read_replica, **replica) == "InvalidDBInstanceState"


def test_upgrades_of_a_source_of_read_replicas(rds: Any, create: Any) -> None:
    """A minor version comes to the replicas first, a major one to all of them together.

    https://github.com/hashicorp/terraform-provider-aws/issues/22107
    """
    create("main", EngineVersion="16.9", BackupRetentionPeriod=1)
    instance_of(rds, "main")
    rds.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="main")
    instance_of(rds, "copy")
    minor = {"EngineVersion": "16.10", "ApplyImmediately": True}
    assert error(rds.modify_db_instance, DBInstanceIdentifier="main", **minor) == (
        "DBUpgradeDependencyFailure",
        "One or more of the DB Instance's read replicas need to be upgraded: copy",
    )
    rds.modify_db_instance(DBInstanceIdentifier="copy", **minor)
    instance_of(rds, "copy")
    rds.modify_db_instance(DBInstanceIdentifier="main", **minor)
    assert instance_of(rds, "main")["EngineVersion"] == "16.10"
    major = {"EngineVersion": "17", "ApplyImmediately": True, "AllowMajorVersionUpgrade": True}
    rds.modify_db_instance(DBInstanceIdentifier="main", **major)
    assert instance_of(rds, "main")["EngineVersion"] == instance_of(rds, "copy")["EngineVersion"]


def test_managed_password(emulator: Any, rds: Any, create: Any) -> None:
    """ManageMasterUserPassword: a secret of RDS holds the password, and goes with the instance."""
    assert code(create, ManageMasterUserPassword=True) == "InvalidParameterCombination"
    create(ManageMasterUserPassword=True, MasterUserPassword=None)
    secret = instance_of(rds)["MasterUserSecret"]["SecretArn"]
    secrets = emulator.client("secretsmanager")
    assert json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])["username"] == "app"
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    rds.describe_db_instances()
    assert code(secrets.describe_secret, SecretId=secret) == "ResourceNotFoundException"


def test_subnet_group(rds: Any, create: Any, network: Network) -> None:
    """DB subnet groups: two zones, a modify that keeps the group, protected while in use."""
    group = {"DBSubnetGroupName": "one", "DBSubnetGroupDescription": "x"}
    answer = error(rds.create_db_subnet_group, **group, SubnetIds=network.subnet_ids[:1])
    assert answer[0] == "DBSubnetGroupDoesNotCoverEnoughAZs"
    assert "Current AZ coverage: us-east-1a. Add subnets to cover at least 2 AZs." in answer[1]
    answer = error(rds.create_db_subnet_group, **group, SubnetIds=["subnet-00000000", *network.subnet_ids])
    assert answer == ("InvalidParameterValue", "Some input subnets in :[subnet-00000000] are invalid.")
    group["DBSubnetGroupName"] = "PRIVATE"
    assert code(rds.create_db_subnet_group, **group, SubnetIds=network.subnet_ids) == "DBSubnetGroupAlreadyExists"
    third = network.ec2.create_subnet(VpcId=network.vpc_id, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1c")
    third = third["Subnet"]["SubnetId"]
    create()
    change = {"DBSubnetGroupName": "private"}
    lost = [network.subnet_ids[1], third]
    assert code(rds.modify_db_subnet_group, **change, SubnetIds=lost) == "SubnetAlreadyInUse"
    rds.modify_db_subnet_group(**change, SubnetIds=[*network.subnet_ids, third], DBSubnetGroupDescription="new")
    shown = rds.describe_db_subnet_groups(**change)["DBSubnetGroups"][0]
    assert (shown["DBSubnetGroupDescription"], len(shown["Subnets"]), shown["VpcId"]) == ("new", 3, network.vpc_id)
    assert error(rds.delete_db_subnet_group, **change) == (
        "InvalidDBSubnetGroupStateFault",
        "Cannot delete the subnet group 'private' because at least one database instance: main is still using it.",
    )
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(**change)
    assert code(rds.describe_db_subnet_groups, **change) == "DBSubnetGroupNotFoundFault"
    assert code(rds.modify_db_subnet_group, **change, SubnetIds=network.subnet_ids) == "DBSubnetGroupNotFoundFault"


def test_subnets_and_groups_in_use(rds: Any, create: Any, network: Network) -> None:
    """An instance has an interface that RDS manages: subnet and security group stay as long as it does."""
    create()
    interface = network.ec2.describe_network_interfaces()["NetworkInterfaces"][0]
    assert (interface["Description"], interface["RequesterManaged"]) == ("RDSNetworkInterface", True)
    assert code(network.ec2.delete_network_interface, NetworkInterfaceId=interface["NetworkInterfaceId"])
    assert code(network.ec2.delete_security_group, GroupId=network.group_id) == "DependencyViolation"
    assert code(network.ec2.delete_subnet, SubnetId=network.subnet_ids[0]) == "DependencyViolation"
    instance_of(rds)
    rds.delete_db_instance(DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    network.ec2.delete_security_group(GroupId=network.group_id)
    network.ec2.delete_subnet(SubnetId=network.subnet_ids[0])


def parameters_of(rds: Any, operation: str = "describe_db_parameters", **arguments: Any) -> dict[str, dict[str, Any]]:
    pages = rds.get_paginator(operation).paginate(**arguments)
    return {item["ParameterName"]: item for item in pages.build_full_result()["Parameters"]}


def test_engine_parameters(rds: Any) -> None:
    """DescribeDBParameters: pages, sources, apply types; rds.force_ssl is on from PostgreSQL 15 on."""
    first = rds.describe_db_parameters(DBParameterGroupName="default.postgres16")
    assert (len(first["Parameters"]), "Marker" in first) == (100, True)
    found = parameters_of(rds, DBParameterGroupName="default.postgres16")
    assert len(found) > 150
    force = found["rds.force_ssl"]
    assert (force["ParameterValue"], force["Source"], force["AllowedValues"], force["DataType"]) == (
        "1",
        "system",
        "0,1",
        "boolean",
    )
    assert parameters_of(rds, DBParameterGroupName="default.postgres14")["rds.force_ssl"]["ParameterValue"] == "0"
    assert found["max_connections"]["ApplyType"] == "static"
    assert found["work_mem"]["ApplyType"] == "dynamic"
    assert "ParameterValue" not in found["work_mem"]
    assert not found["data_directory"]["IsModifiable"]
    for name in (
        "log_min_duration_statement",
        "log_statement",
        "shared_preload_libraries",
        "timezone",
        "idle_in_transaction_session_timeout",
    ):
        assert name in found
    assert parameters_of(rds, DBParameterGroupName="default.postgres16", Source="user") == {}


def test_parameter_group(rds: Any, create: Any) -> None:
    """DB parameter groups: what waits for a reboot shows on the instance; protected while in use."""
    made = rds.create_db_parameter_group(
        DBParameterGroupName="Mine",
        DBParameterGroupFamily="postgres16",
        Description="x",
        Tags=[{"Key": "a", "Value": "b"}],
    )["DBParameterGroup"]
    assert made["DBParameterGroupName"] == "mine"
    create(DBParameterGroupName="mine")
    instance_of(rds)
    change = {"DBParameterGroupName": "mine"}
    rds.modify_db_parameter_group(
        **change,
        Parameters=[
            {"ParameterName": "log_min_duration_statement", "ParameterValue": "500", "ApplyMethod": "immediate"}
        ],
    )
    assert instance_of(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    rds.modify_db_parameter_group(
        **change,
        Parameters=[{"ParameterName": "max_connections", "ParameterValue": "200", "ApplyMethod": "pending-reboot"}],
    )
    assert instance_of(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "pending-reboot"
    ours = parameters_of(rds, DBParameterGroupName="mine", Source="user")
    assert {name: (item["ParameterValue"], item["ApplyMethod"]) for name, item in ours.items()} == {
        "log_min_duration_statement": ("500", "immediate"),
        "max_connections": ("200", "pending-reboot"),
    }
    rds.reboot_db_instance(DBInstanceIdentifier="main")
    assert instance_of(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    answer = error(rds.delete_db_parameter_group, **change)
    assert answer[0] == "InvalidDBParameterGroupState"
    assert "One or more database instances are still members of this parameter group mine" in answer[1]
    rds.reset_db_parameter_group(
        **change, Parameters=[{"ParameterName": "log_min_duration_statement", "ApplyMethod": "immediate"}]
    )
    assert list(parameters_of(rds, DBParameterGroupName="mine", Source="user")) == ["max_connections"]
    rds.reset_db_parameter_group(**change, ResetAllParameters=True)
    assert parameters_of(rds, DBParameterGroupName="mine", Source="user") == {}
    assert instance_of(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "pending-reboot"
    rds.modify_db_instance(DBInstanceIdentifier="main", DBParameterGroupName="default.postgres16")
    assert instance_of(rds)["DBParameterGroups"] == [
        {"DBParameterGroupName": "default.postgres16", "ParameterApplyStatus": "pending-reboot"}
    ]
    rds.delete_db_parameter_group(**change)
    assert code(rds.describe_db_parameters, **change) == "DBParameterGroupNotFound"


@pytest.mark.parametrize(
    ("name", "value", "method", "expected"),
    [
        ("max_connections", "200", "immediate", "InvalidParameterCombination"),
        ("no_such", "1", "immediate", "InvalidParameterValue"),
        ("data_directory", "/tmp", "pending-reboot", "InvalidParameterValue"),
        ("log_statement", "some", "immediate", "InvalidParameterValue"),
        ("work_mem", "1", "immediate", "InvalidParameterValue"),
        ("work_mem", "much", "immediate", "InvalidParameterValue"),
        ("shared_preload_libraries", "pg_stat_statements,nonsense", "pending-reboot", "InvalidParameterValue"),
        ("timezone", "Mars/Olympus", "immediate", "InvalidParameterValue"),
        ("rds.force_ssl", "yes", "immediate", "InvalidParameterValue"),
    ],
)
def test_wrong_parameters(rds: Any, name: str, value: str, method: str, expected: str) -> None:
    """ModifyDBParameterGroup: static parameters are never immediate, values are checked, nothing is half applied."""
    rds.create_db_parameter_group(DBParameterGroupName="mine", DBParameterGroupFamily="postgres16", Description="x")
    good = {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
    wrong = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
    assert code(rds.modify_db_parameter_group, DBParameterGroupName="mine", Parameters=[good, wrong]) == expected
    assert parameters_of(rds, DBParameterGroupName="mine", Source="user") == {}


def test_parameter_group_rules(rds: Any) -> None:
    """Default groups are fixed; families must exist; twenty parameters at once."""
    assert (
        code(rds.delete_db_parameter_group, DBParameterGroupName="default.postgres16") == "InvalidDBParameterGroupState"
    )
    entry = {"ParameterName": "work_mem", "ParameterValue": "4096", "ApplyMethod": "immediate"}
    change = {"DBParameterGroupName": "default.postgres16", "Parameters": [entry]}
    assert code(rds.modify_db_parameter_group, **change) == "InvalidDBParameterGroupState"
    new = {"DBParameterGroupName": "mine", "Description": "x"}
    assert code(rds.create_db_parameter_group, **new, DBParameterGroupFamily="postgres99") == "InvalidParameterValue"
    rds.create_db_parameter_group(**new, DBParameterGroupFamily="postgres16")
    assert (
        code(rds.create_db_parameter_group, **new, DBParameterGroupFamily="postgres16")
        == "DBParameterGroupAlreadyExists"
    )
    many = {"DBParameterGroupName": "mine", "Parameters": [entry] * 21}
    assert code(rds.modify_db_parameter_group, **many) == "InvalidParameterValue"


def test_engine_versions(rds: Any) -> None:
    """DescribeDBEngineVersions: a major version gives its minors; what does not exist gives nothing."""
    versions = rds.describe_db_engine_versions(Engine="postgres", EngineVersion="16")["DBEngineVersions"]
    assert all(item["EngineVersion"].startswith("16.") for item in versions)
    assert versions[0]["DBParameterGroupFamily"] == "postgres16"
    assert versions[0]["ValidUpgradeTarget"][0]["EngineVersion"] == versions[1]["EngineVersion"]
    default = rds.describe_db_engine_versions(Engine="postgres", EngineVersion="16", DefaultOnly=True)[
        "DBEngineVersions"
    ]
    assert [item["EngineVersion"] for item in default] == [versions[-1]["EngineVersion"]]
    assert rds.describe_db_engine_versions(Engine="postgres", EngineVersion="8.4")["DBEngineVersions"] == []
    everything = rds.describe_db_engine_versions(Engine="postgres")["DBEngineVersions"]
    assert {item["EngineVersion"].split(".")[0] for item in everything} == {"13", "14", "15", "16", "17", "18"}
    assert rds.describe_db_engine_versions(Engine="aurora-postgresql")["DBEngineVersions"]


def test_orderable_options(rds: Any) -> None:
    """DescribeOrderableDBInstanceOptions: one line for each class and storage type."""
    asked = {"Engine": "postgres", "EngineVersion": "16", "DBInstanceClass": "db.t4g.small"}
    options = rds.describe_orderable_db_instance_options(**asked)["OrderableDBInstanceOptions"]
    assert {option["StorageType"] for option in options} == {"gp2", "gp3", "io1", "io2"}
    assert options[0]["AvailabilityZones"][0]["Name"] == "us-east-1a"
    asked["DBInstanceClass"] = "db.t9.small"
    assert rds.describe_orderable_db_instance_options(**asked)["OrderableDBInstanceOptions"] == []


def test_tags(emulator: Any, rds: Any, create: Any) -> None:
    """Tags of instances and groups, also through the Resource Groups Tagging API."""
    arn = create(Tags=[{"Key": "a", "Value": "1"}])["DBInstanceArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "b", "Value": "2"}])
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "b", "Value": "2"}]
    found = emulator.client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["rds:db"])
    assert [item["ResourceARN"] for item in found["ResourceTagMappingList"]] == [arn]
    assert code(rds.list_tags_for_resource, ResourceName=arn + "x") == "DBInstanceNotFound"
    reserved = {"ResourceName": arn, "Tags": [{"Key": "aws:x", "Value": "2"}]}
    assert code(rds.add_tags_to_resource, **reserved) == "InvalidParameterValue"


def test_filters(rds: Any, create: Any) -> None:
    """DescribeDBInstances: filters, and an error for one that does not exist."""
    create("one")
    create("two")
    named = rds.describe_db_instances(Filters=[{"Name": "db-instance-id", "Values": ["two"]}])["DBInstances"]
    assert [item["DBInstanceIdentifier"] for item in named] == ["two"]
    assert code(rds.describe_db_instances, Filters=[{"Name": "nope", "Values": ["x"]}]) == "InvalidParameterValue"


def test_cluster(rds: Any, create_cluster: Any) -> None:
    """Aurora: the cluster has endpoints from the start, its members take over what is the cluster's."""
    made = create_cluster(
        "Aurora", StorageEncrypted=True, ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 16}
    )
    assert (made["DBClusterIdentifier"], made["Status"]) == ("aurora", "creating")
    cluster = cluster_of(rds)
    assert cluster["Status"] == "available"
    assert cluster["Endpoint"].startswith("aurora.cluster-")
    assert cluster["ReaderEndpoint"].startswith("aurora.cluster-ro-")
    assert cluster["DBClusterParameterGroup"] == "default.aurora-postgresql16"
    assert cluster["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 16.0}
    member = {"Engine": "aurora-postgresql", "DBInstanceClass": "db.serverless", "DBClusterIdentifier": "aurora"}
    rds.create_db_instance(DBInstanceIdentifier="one", **member, EnablePerformanceInsights=True)
    rds.create_db_instance(DBInstanceIdentifier="two", **member)
    shown = instance_of(rds, "one")
    assert (shown["EngineVersion"], shown["MasterUsername"]) == (cluster["EngineVersion"], "app")
    assert shown["StorageEncrypted"]
    assert shown["PerformanceInsightsEnabled"]
    assert shown["DBParameterGroups"][0]["DBParameterGroupName"] == "default.aurora-postgresql16"
    members = cluster_of(rds)["DBClusterMembers"]
    assert [(item["DBInstanceIdentifier"], item["IsClusterWriter"]) for item in members] == [
        ("one", True),
        ("two", False),
    ]
    assert cluster_of(rds)["MultiAZ"]
    rds.failover_db_cluster(DBClusterIdentifier="aurora")
    members = cluster_of(rds)["DBClusterMembers"]
    assert [item["IsClusterWriter"] for item in members] == [False, True]


def test_cluster_takes_time_when_told(emulator: Any, rds: Any, create_cluster: Any) -> None:
    """DB cluster status: creating, available, deleting."""
    emulator.control("PUT", "provisioning", {"rds_cluster": 1.0})
    create_cluster()
    assert cluster_of(rds)["Status"] == "creating"
    time.sleep(1.1)
    assert cluster_of(rds)["Status"] == "available"
    rds.delete_db_cluster(DBClusterIdentifier="aurora", SkipFinalSnapshot=True)
    assert cluster_of(rds)["Status"] == "deleting"
    time.sleep(1.1)
    assert code(cluster_of, rds=rds) == "DBClusterNotFoundFault"


def test_members_of_a_cluster(rds: Any, create: Any, create_cluster: Any) -> None:
    """CreateDBInstance for Aurora: what is the cluster's is refused; serverless needs its scaling configuration."""
    create_cluster()
    cluster_of(rds)
    member = {"DBInstanceIdentifier": "one", "Engine": "aurora-postgresql", "DBInstanceClass": "db.t4g.medium"}
    assert code(rds.create_db_instance, **member) == "InvalidParameterCombination"
    member["DBClusterIdentifier"] = "nope"
    assert code(rds.create_db_instance, **member) == "DBClusterNotFoundFault"
    member["DBClusterIdentifier"] = "aurora"
    for extra in (
        {"MasterUsername": "app"},
        {"AllocatedStorage": 20},
        {"EngineVersion": "15"},
        {"StorageEncrypted": True},
    ):
        assert code(rds.create_db_instance, **member, **extra) == "InvalidParameterCombination"
    for name in ("db.serverless", "db.t4g.small"):
        assert code(rds.create_db_instance, **{**member, "DBInstanceClass": name}) == "InvalidParameterCombination"
    rds.create_db_instance(**member)
    assert instance_of(rds, "one")["DBClusterIdentifier"] == "aurora"
    change = {"DBInstanceIdentifier": "one", "MasterUserPassword": PASSWORD}
    assert code(rds.modify_db_instance, **change) == "InvalidParameterCombination"


def test_what_a_cluster_holds_for_its_members(rds: Any, create_cluster: Any) -> None:
    """Performance Insights of a cluster is that of its members; nothing of a stopped cluster can go."""
    create_cluster(EnablePerformanceInsights=True, PerformanceInsightsRetentionPeriod=31)
    cluster_of(rds)
    member = {"Engine": "aurora-postgresql", "DBInstanceClass": "db.t4g.medium", "DBClusterIdentifier": "aurora"}
    off = {"EnablePerformanceInsights": False}
    assert code(rds.create_db_instance, DBInstanceIdentifier="one", **member, **off) == "InvalidParameterCombination"
    rds.create_db_instance(DBInstanceIdentifier="one", **member)
    shown = instance_of(rds, "one")
    assert (shown["PerformanceInsightsEnabled"], shown["PerformanceInsightsRetentionPeriod"]) == (True, 31)
    assert code(rds.modify_db_instance, DBInstanceIdentifier="one", **off) == "InvalidParameterCombination"
    rds.modify_db_cluster(DBClusterIdentifier="aurora", **off)
    assert not instance_of(rds, "one")["PerformanceInsightsEnabled"]
    rds.stop_db_cluster(DBClusterIdentifier="aurora")
    cluster_of(rds)
    assert code(rds.delete_db_instance, DBInstanceIdentifier="one") == "InvalidDBClusterStateFault"
    assert code(rds.modify_db_cluster, DBClusterIdentifier="aurora", **off) == "InvalidDBClusterStateFault"


def test_what_a_cluster_shows_and_takes(rds: Any, create_cluster: Any) -> None:
    """CreateDBCluster: the usual storage type is not shown, and passwords have 41 characters at most."""
    create_cluster()
    assert "StorageType" not in cluster_of(rds)
    rds.modify_db_cluster(DBClusterIdentifier="aurora", StorageType="aurora-iopt1")
    assert cluster_of(rds)["StorageType"] == "aurora-iopt1"
    assert code(create_cluster, name="other", MasterUserPassword="x" * 42) == "InvalidParameterValue"


@pytest.mark.parametrize(
    "capacity",
    [
        {"MinCapacity": 0.3, "MaxCapacity": 4},
        {"MinCapacity": 8, "MaxCapacity": 4},
        {"MinCapacity": 0.5, "MaxCapacity": 0.5},
        {"MinCapacity": 0.5, "MaxCapacity": 300},
        {"MinCapacity": 0.5},
        {"MinCapacity": 0.5, "MaxCapacity": 4, "SecondsUntilAutoPause": 300},
    ],
)
def test_wrong_capacity(create_cluster: Any, capacity: dict[str, Any]) -> None:
    """ServerlessV2ScalingConfiguration: 0 to 256 in halves, at most from 1 on, pausing from 0 only."""
    assert code(create_cluster, ServerlessV2ScalingConfiguration=capacity) == "InvalidParameterValue"


def test_modify_cluster(rds: Any, create_cluster: Any) -> None:
    """ModifyDBCluster: capacity and backups at once, versions when told."""
    create_cluster(EngineVersion="16.8", ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 16})
    cluster_of(rds)
    change = {"DBClusterIdentifier": "aurora"}
    rds.modify_db_cluster(**change, ServerlessV2ScalingConfiguration={"MaxCapacity": 8}, BackupRetentionPeriod=7)
    cluster = cluster_of(rds)
    assert cluster["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 8.0}
    assert cluster["BackupRetentionPeriod"] == 7
    rds.modify_db_cluster(**change, EngineVersion="16.9")
    assert cluster_of(rds)["PendingModifiedValues"] == {"EngineVersion": "16.9"}
    assert rds.modify_db_cluster(**change, ApplyImmediately=True)["DBCluster"]["Status"] == "upgrading"
    assert cluster_of(rds)["EngineVersion"] == "16.9"
    major = {**change, "EngineVersion": "17", "ApplyImmediately": True}
    assert code(rds.modify_db_cluster, **major) == "InvalidParameterCombination"
    rds.modify_db_cluster(**major, AllowMajorVersionUpgrade=True)
    assert cluster_of(rds)["DBClusterParameterGroup"] == "default.aurora-postgresql17"


def test_delete_cluster(rds: Any, create_cluster: Any) -> None:
    """DeleteDBCluster: protection, members, and the final snapshot."""
    create_cluster(DeletionProtection=True)
    cluster_of(rds)
    delete = {"DBClusterIdentifier": "aurora"}
    assert error(rds.delete_db_cluster, **delete, SkipFinalSnapshot=True) == (
        "InvalidParameterCombination",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
    )
    rds.modify_db_cluster(**delete, DeletionProtection=False)
    rds.create_db_instance(
        DBInstanceIdentifier="one",
        Engine="aurora-postgresql",
        DBInstanceClass="db.t4g.medium",
        DBClusterIdentifier="aurora",
    )
    assert code(rds.delete_db_cluster, **delete, SkipFinalSnapshot=True) == "InvalidDBClusterStateFault"
    assert code(rds.delete_db_subnet_group, DBSubnetGroupName="private") == "InvalidDBSubnetGroupStateFault"
    rds.delete_db_instance(DBInstanceIdentifier="one")
    assert code(rds.delete_db_cluster, **delete) == "InvalidParameterCombination"
    rds.delete_db_cluster(**delete, FinalDBSnapshotIdentifier="last")
    snapshot = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier="last")["DBClusterSnapshots"][0]
    assert snapshot["DBClusterIdentifier"] == "aurora"
    assert code(cluster_of, rds=rds) == "DBClusterNotFoundFault"
    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier="again", SnapshotIdentifier="last", Engine="aurora-postgresql", DBSubnetGroupName="private"
    )
    assert cluster_of(rds, "again")["MasterUsername"] == "app"


def test_cluster_parameter_group(rds: Any, create_cluster: Any) -> None:
    """DB cluster parameter groups: rds.force_ssl is the cluster's, on from Aurora PostgreSQL 17 on."""
    operation = "describe_db_cluster_parameters"
    old = parameters_of(rds, operation, DBClusterParameterGroupName="default.aurora-postgresql16")
    new = parameters_of(rds, operation, DBClusterParameterGroupName="default.aurora-postgresql17")
    assert (old["rds.force_ssl"]["ParameterValue"], new["rds.force_ssl"]["ParameterValue"]) == ("0", "1")
    assert "rds.force_ssl" not in parameters_of(rds, DBParameterGroupName="default.aurora-postgresql16")
    group = {"DBClusterParameterGroupName": "mine"}
    rds.create_db_cluster_parameter_group(**group, DBParameterGroupFamily="aurora-postgresql16", Description="x")
    create_cluster(**group)
    rds.create_db_instance(
        DBInstanceIdentifier="one",
        Engine="aurora-postgresql",
        DBInstanceClass="db.t4g.medium",
        DBClusterIdentifier="aurora",
    )
    instance_of(rds, "one")
    rds.modify_db_cluster_parameter_group(
        **group,
        Parameters=[
            {"ParameterName": "rds.logical_replication", "ParameterValue": "1", "ApplyMethod": "pending-reboot"}
        ],
    )
    assert cluster_of(rds)["DBClusterMembers"][0]["DBClusterParameterGroupStatus"] == "pending-reboot"
    rds.reboot_db_instance(DBInstanceIdentifier="one")
    assert cluster_of(rds)["DBClusterMembers"][0]["DBClusterParameterGroupStatus"] == "in-sync"
    assert code(rds.delete_db_cluster_parameter_group, **group) == "InvalidDBParameterGroupState"
    assert (
        code(rds.describe_db_cluster_parameter_groups, DBClusterParameterGroupName="nope") == "DBParameterGroupNotFound"
    )


def test_reset_empties_it(emulator: Any, rds: Any, create: Any) -> None:
    """Not AWS: the emulator's reset forgets instances and groups."""
    create()
    emulator.control("POST", "reset")
    assert rds.describe_db_instances()["DBInstances"] == []
    assert rds.describe_db_subnet_groups()["DBSubnetGroups"] == []


def test_what_is_lacking_says_so(rds: Any) -> None:
    """Not AWS: what the emulator does not have is an error that names it, never a silent success."""
    assert code(rds.describe_db_log_files, DBInstanceIdentifier="main") == "NotImplemented"


def test_a_parameter_set_to_its_default_does_not_count_as_set(rds: Any) -> None:
    """DescribeDBParameters, Source; https://github.com/hashicorp/terraform-provider-aws/issues/23335."""
    rds.create_db_parameter_group(DBParameterGroupName="mine", DBParameterGroupFamily="postgres16", Description="x")
    for value, sources in (("1", []), ("0", ["rds.force_ssl"]), ("1", [])):
        entry = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
        rds.modify_db_parameter_group(DBParameterGroupName="mine", Parameters=[entry])
        assert list(parameters_of(rds, DBParameterGroupName="mine", Source="user")) == sources

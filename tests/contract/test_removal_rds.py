"""Removing databases: copies and instances go before what they are of, and one last snapshot keeps the data."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import run_module
from tests.contract.test_stack_removal import MODULE, options, remove, seen

NAME = "test-shop"
TAGS = [{"Key": "webstack:stack", "Value": "shop"}, {"Key": "webstack:environment", "Value": "test"}]
MASTER = {"MasterUsername": "shop", "MasterUserPassword": "not-a-secret-here"}


@pytest.fixture(autouse=True)
def _groups(emulator: Any, empty_emulator: None) -> None:
    """Subnets in two zones with a subnet group, and a parameter group of each kind."""
    ec2, rds = emulator.client("ec2"), emulator.client("rds")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for number, zone in enumerate("ab")
    ]
    rds.create_db_subnet_group(
        DBSubnetGroupName=NAME,
        DBSubnetGroupDescription="x",
        SubnetIds=[subnet["SubnetId"] for subnet in subnets],
        Tags=TAGS,
    )
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=NAME, DBParameterGroupFamily="aurora-postgresql16", Description="x", Tags=TAGS
    )


def cluster(emulator: Any, members: int = 2, **options: Any) -> None:
    rds = emulator.client("rds")
    rds.create_db_cluster(
        DBClusterIdentifier=NAME,
        Engine="aurora-postgresql",
        EngineVersion="16",
        DBSubnetGroupName=NAME,
        DBClusterParameterGroupName=NAME,
        Tags=TAGS,
        **MASTER,
        **options,
    )
    for number in range(1, members + 1):
        member(emulator, f"{NAME}-{number}", TAGS)


def member(emulator: Any, name: str, tags: list[dict[str, str]]) -> None:
    emulator.client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBClusterIdentifier=NAME,
        Engine="aurora-postgresql",
        DBInstanceClass="db.t4g.medium",
        Tags=tags,
    )


def instance_with_replica(emulator: Any, **options: Any) -> None:
    rds = emulator.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier=NAME,
        Engine="postgres",
        EngineVersion="16",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        BackupRetentionPeriod=7,
        DBSubnetGroupName=NAME,
        Tags=TAGS,
        **MASTER,
        **options,
    )
    rds.describe_db_instances()
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier=f"{NAME}-replica-1", SourceDBInstanceIdentifier=NAME, Tags=TAGS, **options
    )
    rds.describe_db_instances()


def blockers(emulator: Any) -> list[str]:
    """What keeps the stack; nothing may go then."""
    before = len(emulator.calls(kind="write"))
    found = run_module(emulator.url, MODULE, options("shop"))["blockers"]
    assert len(emulator.calls(kind="write")) == before
    return found


def deleted(emulator: Any) -> list[str]:
    """What was asked to go of databases, in that order."""
    operations = [call["operation"] for call in emulator.calls(kind="write")]
    return [operation for operation in operations if operation in ("DeleteDBInstance", "DeleteDBCluster")]


def test_a_cluster_goes_after_its_instances_and_leaves_one_snapshot(emulator: Any) -> None:
    cluster(emulator)
    kept = remove(emulator, "shop", final_snapshot=True)
    assert seen(emulator, "shop") == []
    assert deleted(emulator) == ["DeleteDBInstance", "DeleteDBInstance", "DeleteDBCluster"]
    (snapshot,) = emulator.client("rds").describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert snapshot["DBClusterSnapshotIdentifier"].startswith(f"{NAME}-final-")
    assert kept == [f"final snapshot {snapshot['DBClusterSnapshotIdentifier']}"]


def test_a_protected_cluster_keeps_its_instances_too(emulator: Any) -> None:
    cluster(emulator, DeletionProtection=True)
    assert blockers(emulator) == [
        f"rds_cluster {NAME}: it is protected from deletion; -e allow_protected=true lifts that"
    ]
    remove(emulator, "shop", allow_protected=True)
    assert seen(emulator, "shop") == []


def test_a_stopped_cluster_is_named(emulator: Any) -> None:
    cluster(emulator, members=1)
    rds = emulator.client("rds")
    rds.describe_db_instances()
    rds.stop_db_cluster(DBClusterIdentifier=NAME)
    assert blockers(emulator) == [
        f"rds_cluster {NAME}: it is stopped, and its instances go only while it runs; start it first"
    ]


def test_others_instances_in_a_cluster_are_named(emulator: Any) -> None:
    cluster(emulator, members=1)
    member(emulator, "stranger", [])
    assert blockers(emulator) == [f"rds_cluster {NAME}: others' instances are in it: stranger; remove them first"]


def test_a_replica_goes_before_its_source_and_without_a_snapshot(emulator: Any) -> None:
    instance_with_replica(emulator)
    kept = remove(emulator, "shop", final_snapshot=True)
    assert seen(emulator, "shop") == []
    (snapshot,) = emulator.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert snapshot["DBInstanceIdentifier"] == NAME
    assert kept == [f"final snapshot {snapshot['DBSnapshotIdentifier']}"]


def test_protected_replicas_are_named_like_their_source(emulator: Any) -> None:
    instance_with_replica(emulator, DeletionProtection=True)
    assert [found.split(":")[0] for found in blockers(emulator)] == [
        f"rds_replica {NAME}-replica-1",
        f"rds_instance {NAME}",
    ]
    remove(emulator, "shop", allow_protected=True)
    assert seen(emulator, "shop") == []

"""Removing file systems and tables: mount targets let the network go, data keeps a stack, backups are told of."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.contract.harness import run_module

MODULE = "webstack.aws.stack_removal"
PASSES = 10
OWNER = {"webstack:stack": "shop", "webstack:environment": "test"}
TAGS = [{"Key": key, "Value": value} for key, value in OWNER.items()]
MAY_GO = {"Key": "webstack:force-destroy", "Value": "true"}


@pytest.fixture
def network(emulator: Any) -> dict[str, str]:
    ec2 = emulator.client("ec2")

    def tagged(kind: str) -> dict[str, Any]:
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": TAGS}]}

    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", **tagged("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", **tagged("subnet"))["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc, **tagged("security-group"))["GroupId"]
    return {"vpc": vpc, "subnet": subnet, "group": group}


def make_file_system(emulator: Any, network: dict[str, str], tags: list[dict[str, str]], name: str = "media") -> str:
    efs = emulator.client("efs")
    made = efs.create_file_system(CreationToken=name, Encrypted=True, Backup=True, Tags=tags)["FileSystemId"]
    efs.create_mount_target(FileSystemId=made, SubnetId=network["subnet"], SecurityGroups=[network["group"]])
    efs.create_access_point(FileSystemId=made, ClientToken=name, Tags=tags)
    return made


def make_table(emulator: Any, name: str = "things", tags: list[dict[str, str]] = TAGS, **others: Any) -> None:
    emulator.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=tags,
        **others,
    )


def look(emulator: Any, check: bool = False, **others: Any) -> dict[str, Any]:
    options = {"stack": "shop", "environment": "test", "final_snapshot": False, **others}
    return run_module(emulator.url, MODULE, options, check)


def remove(emulator: Any, **others: Any) -> list[str]:
    """Pass after pass, until nothing is left; returns what is kept."""
    kept: list[str] = []
    for _number in range(PASSES):
        result = look(emulator, **others)
        assert result["blockers"] == []
        kept += result["kept"]
        if not result["left"]:
            return kept
    raise AssertionError(f"after {PASSES} passes this is left: {result['left']}")


def test_a_file_system_goes_with_its_network_and_another_stacks_stays(emulator: Any, network: dict[str, str]) -> None:
    media = make_file_system(emulator, network, TAGS)
    other = emulator.client("efs").create_file_system(CreationToken="other")["FileSystemId"]
    kept = remove(emulator)
    words = "in the vault aws/efs/automatic-backup-vault, until they expire"
    assert kept == [f"backups of file system media ({media}) {words}"]
    assert [it["FileSystemId"] for it in emulator.client("efs").describe_file_systems()["FileSystems"]] == [other]
    assert network["vpc"] not in [vpc["VpcId"] for vpc in emulator.client("ec2").describe_vpcs()["Vpcs"]]


def test_data_keeps_a_file_system_and_with_it_the_stack(emulator: Any, network: dict[str, str]) -> None:
    media = make_file_system(emulator, network, TAGS)
    emulator.control("PUT", "file_systems", {"media": 10240})
    emulator.control("DELETE", "calls")
    [blocker] = look(emulator)["blockers"]
    assert f"media ({media})" in blocker
    assert "10240 bytes" in blocker
    assert "file_system_force_destroy: true" in blocker
    assert look(emulator, allow_protected=True)["blockers"] == [blocker]
    assert emulator.calls(kind="write") == []
    emulator.client("efs").tag_resource(ResourceId=media, Tags=[MAY_GO])
    remove(emulator)
    assert emulator.client("efs").describe_file_systems()["FileSystems"] == []


def test_the_order_is_told_beforehand(emulator: Any, network: dict[str, str]) -> None:
    make_file_system(emulator, network, TAGS)
    kinds = [label.split(" ")[0] for label in look(emulator, check=True)["resources"]]
    for first, later in (
        ("efs_mount_target", "efs_file_system"),
        ("efs_access_point", "efs_file_system"),
        ("efs_mount_target", "subnet"),
        ("efs_mount_target", "security_group"),
    ):
        assert kinds.index(first) < kinds.index(later)


def test_a_protected_table_keeps_the_stack_until_that_is_lifted(emulator: Any) -> None:
    make_table(emulator, DeletionProtectionEnabled=True)
    make_table(emulator, name="other", tags=[{"Key": "webstack:stack", "Value": "other"}])
    assert ["protected" in blocker for blocker in look(emulator)["blockers"]] == [True]
    assert remove(emulator, allow_protected=True) == []
    assert emulator.client("dynamodb").list_tables()["TableNames"] == ["other"]


def test_a_table_leaves_one_final_backup(emulator: Any) -> None:
    dynamodb = emulator.client("dynamodb")
    make_table(emulator)
    [kept] = remove(emulator, final_snapshot=True)
    [backup] = dynamodb.list_backups()["BackupSummaries"]
    assert kept == f"final backup {backup['BackupName']}"
    # Another table of that name has a backup of its own.
    time.sleep(1)
    make_table(emulator)
    remove(emulator, final_snapshot=True)
    assert len(dynamodb.list_backups()["BackupSummaries"]) == 2


def test_a_table_with_point_in_time_recovery_leaves_what_dynamodb_keeps(emulator: Any) -> None:
    dynamodb = emulator.client("dynamodb")
    make_table(emulator)
    dynamodb.update_continuous_backups(
        TableName="things", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    assert remove(emulator, final_snapshot=True) == ["the backup that DynamoDB makes of table things, for 35 days"]
    assert dynamodb.list_backups()["BackupSummaries"] == []


def test_a_table_that_is_changing_is_waited_for(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"dynamodb_table": 0.5})
    make_table(emulator)
    assert look(emulator)["left"] == ["dynamodb_table things"]
    assert look(emulator, final_snapshot=True)["kept"] == []
    time.sleep(0.6)
    remove(emulator)
    assert emulator.client("dynamodb").list_tables()["TableNames"] == []

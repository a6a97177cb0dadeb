"""EFS: https://docs.aws.amazon.com/efs/latest/ug/API_Operations.html, or what a test names."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest


@pytest.fixture
def network(emulator: Any) -> dict[str, str]:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "subnet": subnet, "group": group}


def test_file_systems_take_their_time(emulator: Any, network: dict[str, str], refused: Any) -> None:
    efs = emulator.client("efs")
    emulator.control("PUT", "provisioning", {"efs_file_system": 0.5})
    made = efs.create_file_system(CreationToken="t", Encrypted=True)
    file_system = made["FileSystemId"]
    assert made["LifeCycleState"] == "creating"
    target = {"FileSystemId": file_system, "SubnetId": network["subnet"], "SecurityGroups": [network["group"]]}
    with refused("IncorrectFileSystemLifeCycleState"):
        efs.create_mount_target(**target)
    time.sleep(0.6)
    assert efs.describe_file_systems()["FileSystems"][0]["LifeCycleState"] == "available"
    assert efs.create_mount_target(**target)["LifeCycleState"] == "creating"
    ec2 = emulator.client("ec2")
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=network["group"])
    with refused("FileSystemInUse"):
        efs.delete_file_system(FileSystemId=file_system)
    [mounted] = efs.describe_mount_targets(FileSystemId=file_system)["MountTargets"]
    efs.delete_mount_target(MountTargetId=mounted["MountTargetId"])
    efs.delete_file_system(FileSystemId=file_system)
    ec2.delete_security_group(GroupId=network["group"])


def test_file_systems_can_be_updated(emulator: Any, refused: Any) -> None:
    efs = emulator.client("efs")
    file_system = efs.create_file_system(CreationToken="t")["FileSystemId"]
    assert efs.update_file_system(FileSystemId=file_system, ThroughputMode="elastic")["ThroughputMode"] == "elastic"
    assert efs.describe_file_systems()["FileSystems"][0]["ThroughputMode"] == "elastic"
    with refused("BadRequest"):
        efs.update_file_system(FileSystemId=file_system, ThroughputMode="provisioned")
    with refused("PolicyNotFound"):
        efs.describe_backup_policy(FileSystemId=file_system)
    efs.put_backup_policy(FileSystemId=file_system, BackupPolicy={"Status": "ENABLED"})
    assert efs.describe_backup_policy(FileSystemId=file_system)["BackupPolicy"]["Status"] == "ENABLED"


def test_tags_are_told_in_the_old_way_too(emulator: Any, refused: Any) -> None:
    """API_DescribeTags"""
    efs, tags = emulator.client("efs"), [{"Key": "whose", "Value": "mine"}]
    file_system = efs.create_file_system(CreationToken="t", Tags=tags)["FileSystemId"]
    assert efs.describe_tags(FileSystemId=file_system)["Tags"] == tags
    with refused("FileSystemNotFound"):
        efs.describe_tags(FileSystemId="fs-00000000000000000")


def test_throughput_and_performance_must_go_together(emulator: Any, refused: Any) -> None:
    """API_CreateFileSystem, ProvisionedThroughputInMibps; EFS User Guide, "Performance specifications"."""
    efs = emulator.client("efs")
    with refused("BadRequest"):
        efs.create_file_system(CreationToken="t", ThroughputMode="provisioned")
    with refused("BadRequest"):
        efs.create_file_system(CreationToken="t", ProvisionedThroughputInMibps=8)
    with refused("BadRequest"):
        efs.create_file_system(CreationToken="t", ThroughputMode="elastic", PerformanceMode="maxIO")
    made = efs.create_file_system(CreationToken="t", Encrypted=True, ThroughputMode="elastic")
    assert made["KmsKeyId"].startswith("arn:aws:kms:")
    with refused("FileSystemAlreadyExists"):
        efs.create_file_system(CreationToken="t")


def test_lifecycle_policies_are_checked(emulator: Any, refused: Any) -> None:
    """API_PutLifecycleConfiguration; the words on the archive as users of CloudFormation report them."""
    efs = emulator.client("efs")
    of = {"FileSystemId": efs.create_file_system(CreationToken="t")["FileSystemId"]}
    ia, back = {"TransitionToIA": "AFTER_30_DAYS"}, {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}
    with refused("BadRequest", "malformed"):
        efs.put_lifecycle_configuration(**of, LifecyclePolicies=[ia | back])
    efs.put_lifecycle_configuration(**of, LifecyclePolicies=[ia, back])
    assert efs.describe_lifecycle_configuration(**of)["LifecyclePolicies"] == [ia, back]
    with refused("BadRequest", "does not support TransitionToArchive"):
        efs.put_lifecycle_configuration(**of, LifecyclePolicies=[ia, {"TransitionToArchive": "AFTER_90_DAYS"}])
    efs.update_file_system(**of, ThroughputMode="elastic")
    with refused("BadRequest", "later"):
        efs.put_lifecycle_configuration(**of, LifecyclePolicies=[ia, {"TransitionToArchive": "AFTER_30_DAYS"}])
    efs.put_lifecycle_configuration(**of, LifecyclePolicies=[ia, {"TransitionToArchive": "AFTER_90_DAYS"}])


def test_a_policy_is_told_with_its_file_system(emulator: Any, refused: Any) -> None:
    """API_PutFileSystemPolicy; a policy that was set without Resource is shown with it (aws-cdk issue 30753)."""
    efs = emulator.client("efs")
    made = efs.create_file_system(CreationToken="t")
    of = {"FileSystemId": made["FileSystemId"]}
    with refused("PolicyNotFound"):
        efs.describe_file_system_policy(**of)
    with refused("InvalidPolicyException"):
        efs.put_file_system_policy(**of, Policy="no policy")
    statement = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*"}
    efs.put_file_system_policy(**of, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    [told] = json.loads(efs.describe_file_system_policy(**of)["Policy"])["Statement"]
    assert told == {**statement, "Resource": made["FileSystemArn"]}
    efs.delete_file_system_policy(**of)
    with refused("PolicyNotFound"):
        efs.describe_file_system_policy(**of)


def test_access_points_are_made_once(emulator: Any, refused: Any) -> None:
    """API_CreateAccessPoint, AccessPointAlreadyExists, IncorrectFileSystemLifeCycleState, FileSystemNotFound."""
    efs = emulator.client("efs")
    with refused("FileSystemNotFound"):
        efs.create_access_point(FileSystemId="fs-0123456789abcdef0", ClientToken="a")
    of = {"FileSystemId": efs.create_file_system(CreationToken="t")["FileSystemId"]}
    tags = [{"Key": "webstack:stack", "Value": "shop"}]
    made = efs.create_access_point(**of, ClientToken="a", Tags=tags)
    with refused("AccessPointAlreadyExists"):
        efs.create_access_point(**of, ClientToken="a")
    with refused("BadRequest"):
        efs.create_access_point(**of, ClientToken="b", RootDirectory={"Path": "no/root"})
    filters = [{"Key": "webstack:stack", "Values": ["shop"]}]
    found = emulator.client("resourcegroupstaggingapi").get_resources(TagFilters=filters)["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in found] == [made["AccessPointArn"]]
    efs.untag_resource(ResourceId=made["AccessPointId"], TagKeys=["webstack:stack"])
    assert efs.describe_access_points(**of)["AccessPoints"][0]["Tags"] == []


def test_file_systems_hold_what_they_are_told_to(emulator: Any) -> None:
    """EFS User Guide, "How Amazon EFS reports file system and object sizes": 6 KiB when empty."""
    efs = emulator.client("efs")
    efs.create_file_system(CreationToken="t")
    assert efs.describe_file_systems()["FileSystems"][0]["SizeInBytes"]["Value"] == 6144
    emulator.control("PUT", "file_systems", {"t": 1 << 20})
    assert efs.describe_file_systems()["FileSystems"][0]["SizeInBytes"]["Value"] == 1 << 20

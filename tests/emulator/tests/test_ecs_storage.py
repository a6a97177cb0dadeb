"""Tasks that read environment files from S3 or mount file systems, and why they do not start.

Amazon ECS Developer Guide, "Amazon ECS stopped task error messages" and "Amazon ECS task execution IAM role" (for
environment files); Amazon EFS User Guide, "Using IAM to control file system data access".
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.tests.ecs_for_tests import World, make_world
from tests.emulator.tests.network_for_tests import make_role

FILE = "arn:aws:s3:::settings/api.env"
READ = [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": FILE},
    {"Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": "arn:aws:s3:::settings"},
]


@pytest.fixture
def world(emulator: Any) -> World:
    return make_world(emulator)


def outcome(world: World, definition: str) -> str:
    """Why a task that runs the definition was stopped; RUNNING when it was not."""
    arn = world.run(definition)["taskArn"]
    task = world.task(arn)
    return str(task.get("stoppedReason") if task.get("stopCode") == "TaskFailedToStart" else "RUNNING")


def reads_file(world: World, role: str) -> str:
    container = {"environmentFiles": [{"type": "s3", "value": FILE}]}
    return outcome(world, world.define(container=container, executionRoleArn=role))


def test_execution_role_reads_environment_files(emulator: Any, world: World) -> None:
    s3 = emulator.client("s3")
    blind, half, able = (
        make_role(emulator, name, statements)
        for name, statements in (("blind", []), ("half", READ[:1]), ("able", READ))
    )
    assert "s3:GetBucketLocation" in reads_file(world, blind)
    assert "s3:GetBucketLocation" in reads_file(world, half)
    assert "NoSuchBucket" in reads_file(world, able)
    s3.create_bucket(Bucket="settings")
    assert "NoSuchKey" in reads_file(world, able)
    s3.put_object(Bucket="settings", Key="api.env", Body=b"A=1")
    assert reads_file(world, able) == "RUNNING"


def test_file_system_is_mounted_where_the_task_may(emulator: Any, world: World) -> None:
    efs, ec2 = emulator.client("efs"), emulator.client("ec2")
    file_system = efs.create_file_system(CreationToken="a")
    name, arn = file_system["FileSystemId"], file_system["FileSystemArn"]
    point = efs.create_access_point(ClientToken="p", FileSystemId=name)["AccessPointId"]

    def mounts(role: str | None = None, access_point: str = point) -> str:
        volume = {
            "fileSystemId": name,
            "transitEncryption": "ENABLED",
            "authorizationConfig": {"accessPointId": access_point, "iam": "ENABLED" if role else "DISABLED"},
        }
        definition = world.define(
            volumes=[{"name": "files", "efsVolumeConfiguration": volume}],
            container={"mountPoints": [{"sourceVolume": "files", "containerPath": "/files"}]},
            **({"taskRoleArn": role} if role else {}),
        )
        return outcome(world, definition)

    assert "ensure that the VPC has an EFS mount target" in mounts()
    group = ec2.create_security_group(VpcId=world.network.vpc, GroupName="files", Description="files")["GroupId"]
    for subnet in world.network.subnets:
        efs.create_mount_target(FileSystemId=name, SubnetId=subnet, SecurityGroups=[group])
    assert "Connection timed out" in mounts()
    pair = {"GroupId": world.network.task_group}
    permission = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": [pair]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    assert "fsap-00000000 does not exist" in mounts(access_point="fsap-00000000")
    # Without a policy everybody who reaches it may mount it; with one that allows nobody, only roles that may.
    assert mounts() == "RUNNING"
    tls = {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    efs.put_file_system_policy(FileSystemId=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls]}))
    assert "access denied by server" in mounts()
    assert "access denied by server" in mounts(make_role(emulator, "other", []))
    mount = {"Effect": "Allow", "Action": "elasticfilesystem:ClientMount", "Resource": arn}
    assert mounts(make_role(emulator, "mounter", [mount])) == "RUNNING"

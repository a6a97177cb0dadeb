"""File systems and tables when a run is killed, an answer is lost or AWS takes its time, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import ModuleError, run_module

TAGS = {"webstack:stack": "shop", "webstack:environment": "test"}
TABLE = {
    "name": "test-shop-things",
    "hash_key": {"name": "id"},
    "ttl_attribute": "expires",
    "point_in_time_recovery_enabled": True,
    "tags": TAGS,
}
INDEX = {"name": "by-owner", "hash_key": {"name": "owner"}}


@pytest.fixture
def network(emulator: Any) -> dict[str, Any]:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for number, zone in enumerate("abb")
    ]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    return {"subnets": [subnet["SubnetId"] for subnet in subnets], "group": group}


def files(network: dict[str, Any], **others: Any) -> dict[str, Any]:
    options = {"subnet_ids": network["subnets"][:2], "security_group_ids": [network["group"]]}
    lifecycle = {"transition_to_ia": "AFTER_30_DAYS"}
    return {"name": "test-shop-media", "lifecycle_policies": lifecycle, **options, "tags": TAGS, **others}


def run(emulator: Any, module: str, options: dict[str, Any], check: bool = False) -> dict[str, Any]:
    return run_module(emulator.url, f"webstack.aws.{module}", options, check)


def fault(emulator: Any, service: str, operation: str, **how: Any) -> None:
    emulator.control("PUT", "faults", {"rules": [{"service": service, "operation": operation, **how}]})


def test_a_lost_answer_makes_no_second_file_system(emulator: Any, network: dict[str, Any]) -> None:
    fault(emulator, "efs", "CreateFileSystem", cut_after=True, times=1)
    run(emulator, "efs_file_system", files(network))
    [made] = emulator.client("efs").describe_file_systems()["FileSystems"]
    assert made["NumberOfMountTargets"] == 2
    assert not run(emulator, "efs_file_system", files(network))["changed"]


def test_a_lost_answer_makes_no_second_mount_target_or_access_point(emulator: Any, network: dict[str, Any]) -> None:
    fault(emulator, "efs", "CreateMountTarget", cut_after=True, times=1)
    made = run(emulator, "efs_file_system", files(network))["efs_file_system"]
    assert len(made["mount_targets"]) == 2
    points = {"file_system_id": made["file_system_id"], "access_points": [{"name": "a"}], "tags": TAGS}
    fault(emulator, "efs", "CreateAccessPoint", cut_after=True, times=1)
    run(emulator, "efs_access_points", points)
    assert len(emulator.client("efs").describe_access_points()["AccessPoints"]) == 1


def test_a_killed_run_is_completed(emulator: Any, network: dict[str, Any]) -> None:
    for operation in ("PutLifecycleConfiguration", "CreateMountTarget"):
        fault(emulator, "efs", operation, error={"code": "BadRequest", "message": "killed"})
        with pytest.raises(ModuleError, match="killed"):
            run(emulator, "efs_file_system", files(network))
        emulator.control("DELETE", "faults")
    assert run(emulator, "efs_file_system", files(network))["changed"]
    [made] = emulator.client("efs").describe_file_systems()["FileSystems"]
    assert made["NumberOfMountTargets"] == 2
    assert not run(emulator, "efs_file_system", files(network))["changed"]


def test_a_file_system_that_takes_its_time_is_waited_for(emulator: Any, network: dict[str, Any]) -> None:
    emulator.control("PUT", "provisioning", {"efs_file_system": 0.5})
    made = run(emulator, "efs_file_system", files(network))["efs_file_system"]
    assert {target["life_cycle_state"] for target in made["mount_targets"]} == {"creating"}
    assert not run(emulator, "efs_file_system", files(network))["changed"]


def test_an_others_file_system_is_left_alone(emulator: Any, network: dict[str, Any]) -> None:
    emulator.client("efs").create_file_system(CreationToken="test-shop-media", Encrypted=True)
    emulator.control("DELETE", "calls")
    with pytest.raises(ModuleError, match="is not this stack's"):
        run(emulator, "efs_file_system", files(network))
    assert emulator.calls(kind="write") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"performance_mode": "maxIO"}, "AWS cannot change this in place: performance_mode"),
        ({"throughput_mode": "provisioned"}, "needs a figure"),
        ({"security_group_ids": []}, "need a security group"),
        ({"state": "absent"}, "holds data"),
    ],
)
def test_what_efs_would_refuse_is_said_in_words(
    emulator: Any, network: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    run(emulator, "efs_file_system", files(network))
    emulator.control("PUT", "file_systems", {"test-shop-media": 10240})
    emulator.control("DELETE", "calls")
    for check in (True, False):
        with pytest.raises(ModuleError, match=words):
            run(emulator, "efs_file_system", files(network, **change), check)
    assert emulator.calls(kind="write") == []
    run(emulator, "efs_file_system", files(network, state="absent", force=True))
    assert emulator.client("efs").describe_file_systems()["FileSystems"] == []


def test_throughput_that_changed_lately_is_explained(emulator: Any, network: dict[str, Any]) -> None:
    run(emulator, "efs_file_system", files(network))
    error = {"code": "TooManyRequests", "message": "It changed within the last 24 hours", "status": 429}
    fault(emulator, "efs", "UpdateFileSystem", error=error)
    with pytest.raises(ModuleError, match="wait until 24 hours have passed"):
        run(emulator, "efs_file_system", files(network, throughput_mode="elastic"))


def test_access_points_do_not_change(emulator: Any) -> None:
    made = emulator.client("efs").create_file_system(CreationToken="t", Encrypted=True)["FileSystemId"]
    options = {
        "file_system_id": made,
        "tags": TAGS,
        "access_points": [{"name": "a", "posix_user": {"uid": 1, "gid": 1}}],
    }
    run(emulator, "efs_access_points", options)
    options["access_points"] = [{"name": "a", "posix_user": {"uid": 2, "gid": 1}}]
    with pytest.raises(ModuleError, match=r"cannot change this in place: posix_user.*another name"):
        run(emulator, "efs_access_points", options, check=True)


def test_access_points_of_a_file_system_to_come_are_planned(emulator: Any) -> None:
    planned = run(emulator, "efs_file_system", {"name": "media", "tags": TAGS}, check=True)["efs_file_system"]
    options = {
        "file_system_id": planned["file_system_id"],
        "access_points": [{"name": "a"}, {"name": "b"}],
        "tags": TAGS,
    }
    points = run(emulator, "efs_access_points", options, check=True)["efs_access_points"]
    assert len({point["access_point_id"] for point in points.values()}) == 2
    assert all(call["service"] == "efs" and call["kind"] == "read" for call in emulator.calls())


def test_a_lost_answer_makes_the_table_all_the_same(emulator: Any) -> None:
    fault(emulator, "dynamodb", "CreateTable", cut_after=True, times=1)
    run(emulator, "dynamodb_table", TABLE)
    assert not run(emulator, "dynamodb_table", TABLE)["changed"]


def test_a_killed_run_of_a_table_is_completed(emulator: Any) -> None:
    for operation in ("UpdateTimeToLive", "UpdateContinuousBackups"):
        fault(emulator, "dynamodb", operation, error={"code": "ValidationException", "message": "killed"})
        with pytest.raises(ModuleError, match="killed"):
            run(emulator, "dynamodb_table", TABLE)
        emulator.control("DELETE", "faults")
    assert run(emulator, "dynamodb_table", TABLE)["changed"]
    assert not run(emulator, "dynamodb_table", TABLE)["changed"]


def test_a_table_is_waited_for_between_its_changes(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"dynamodb_table": 0.3})
    made = run(emulator, "dynamodb_table", TABLE)["dynamodb_table"]
    assert made["table_status"] == "ACTIVE"
    two = [INDEX, {"name": "by-state", "hash_key": {"name": "state"}}]
    changed = {**TABLE, "global_secondary_indexes": two, "deletion_protection_enabled": True}
    run(emulator, "dynamodb_table", changed)
    assert not run(emulator, "dynamodb_table", changed)["changed"]
    run(emulator, "dynamodb_table", {**changed, "global_secondary_indexes": [], "deletion_protection_enabled": False})
    run(emulator, "dynamodb_table", {"name": TABLE["name"], "state": "absent"})
    assert emulator.client("dynamodb").list_tables()["TableNames"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hash_key": {"name": "other"}}, "cannot change this in place: hash_key"),
        ({"range_key": {"name": "other"}}, "cannot change this in place: range_key"),
        ({"ttl_attribute": "ends"}, "cannot change that to ends in one step"),
        ({"billing_mode": "PROVISIONED"}, "needs its figures"),
        ({"global_secondary_indexes": [{**INDEX, "projection_type": "KEYS_ONLY"}]}, "give the index another name"),
        ({"global_secondary_indexes": [{**INDEX, "hash_key": {"name": "id", "type": "N"}}]}, "id has two types"),
        ({"state": "absent"}, "protected from removal"),
    ],
)
def test_what_dynamodb_would_refuse_is_said_in_words(emulator: Any, change: dict[str, Any], words: str) -> None:
    table = {**TABLE, "global_secondary_indexes": [INDEX], "deletion_protection_enabled": True}
    run(emulator, "dynamodb_table", table)
    emulator.control("DELETE", "calls")
    for check in (True, False):
        with pytest.raises(ModuleError, match=words):
            run(emulator, "dynamodb_table", {**table, **change}, check)
    assert emulator.calls(kind="write") == []


def test_what_is_not_said_stays(emulator: Any) -> None:
    figures = {"read_capacity_units": 2, "write_capacity_units": 2}
    run(
        emulator,
        "dynamodb_table",
        {
            **TABLE,
            "global_secondary_indexes": [INDEX],
            "billing_mode": "PROVISIONED",
            "provisioned_throughput": figures,
        },
    )
    assert not run(emulator, "dynamodb_table", {"name": TABLE["name"]})["changed"]
    assert not run(emulator, "dynamodb_table", {"name": TABLE["name"], "global_secondary_indexes": [INDEX]})["changed"]

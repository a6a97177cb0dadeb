"""Upgrades of an instance with read replicas: a minor version comes to the replicas first, as AWS wants it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import ModuleError, run_module
from tests.contract.test_rds_offer_info import network

MODULE = "webstack.aws.rds_instance"
TAGS = {"webstack:stack": "shop", "webstack:environment": "test"}
SOURCE = {"name": "shop", "engine_version": "16.10", "apply_immediately": True, "tags": TAGS}


@pytest.fixture(autouse=True)
def _instances(emulator: Any, empty_emulator: None) -> None:
    """An instance of version 16.9 with two read replicas."""
    network(emulator)
    rds = emulator.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        Engine="postgres",
        EngineVersion="16.9",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="not-a-secret-here",
        BackupRetentionPeriod=1,
        DBSubnetGroupName="shop",
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )
    rds.describe_db_instances()
    for number in (1, 2):
        replica(emulator, f"shop-replica-{number}", TAGS)


def replica(emulator: Any, name: str, tags: dict[str, str]) -> None:
    emulator.client("rds").create_db_instance_read_replica(
        DBInstanceIdentifier=name,
        SourceDBInstanceIdentifier="shop",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    emulator.client("rds").describe_db_instances()


def versions(emulator: Any) -> dict[str, str]:
    found = emulator.client("rds").describe_db_instances()["DBInstances"]
    return {item["DBInstanceIdentifier"]: item["EngineVersion"] for item in found}


def test_a_minor_upgrade_takes_the_replicas_first(emulator: Any) -> None:
    assert run_module(emulator.url, MODULE, SOURCE, check=True)["changed"]
    result = run_module(emulator.url, MODULE, SOURCE)
    assert result["diff"] == {"before": {"engine_version": "16.9"}, "after": {"engine_version": "16.10"}}
    assert set(versions(emulator).values()) == {"16.10"}
    assert not run_module(emulator.url, MODULE, SOURCE)["changed"]


def test_one_that_was_killed_goes_on_with_those_that_are_behind(emulator: Any) -> None:
    emulator.client("rds").modify_db_instance(
        DBInstanceIdentifier="shop-replica-1", EngineVersion="16.10", ApplyImmediately=True
    )
    emulator.control("DELETE", "calls")
    run_module(emulator.url, MODULE, SOURCE)
    assert len([call for call in emulator.calls(kind="write") if call["operation"] == "ModifyDBInstance"]) == 2
    assert set(versions(emulator).values()) == {"16.10"}


def test_a_major_upgrade_leaves_the_replicas_to_aws(emulator: Any) -> None:
    emulator.control("DELETE", "calls")
    options = {**SOURCE, "engine_version": "17", "allow_major_version_upgrade": True}
    assert run_module(emulator.url, MODULE, options)["changed"]
    assert len([call for call in emulator.calls(kind="write") if call["operation"] == "ModifyDBInstance"]) == 1


@pytest.mark.parametrize("check", [True, False])
def test_in_the_window_nobody_would_see_it_through(emulator: Any, check: bool) -> None:
    with pytest.raises(ModuleError, match=r"read replicas have to be upgraded to 16\.10 before it.*apply_immediately"):
        run_module(emulator.url, MODULE, {**SOURCE, "apply_immediately": False}, check)


def test_a_strangers_replica_is_left_alone(emulator: Any) -> None:
    replica(emulator, "stranger", {})
    with pytest.raises(ModuleError, match="stranger exists and is not this stack's"):
        run_module(emulator.url, MODULE, SOURCE)
    assert set(versions(emulator).values()) == {"16.9"}


def test_what_a_new_replica_cannot_have_is_named(emulator: Any) -> None:
    options = {"name": "other", "source_db_instance_identifier": "shop", "backup_retention_period": 7}
    with pytest.raises(ModuleError, match="makes a read replica without backup_retention_period of its own"):
        run_module(emulator.url, MODULE, options, check=True)

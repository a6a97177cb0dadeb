"""What RDS offers: a version that it has withdrawn is named with those that it offers, unless it runs already."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import run_module

MODULE = "webstack.aws.rds_offer_info"


@pytest.fixture
def offer(emulator: Any, empty_emulator: None) -> Any:
    """Run the module, in check mode and really: it says the same and writes nothing."""

    def run(version: str, engine: str = "postgres", **options: Any) -> dict[str, Any]:
        options = {"engine": engine, "engine_version": version, "name": "shop", **options}
        before = len(emulator.calls(kind="write"))
        result = run_module(emulator.url, MODULE, options)
        assert run_module(emulator.url, MODULE, options, check=True) == result
        assert len(emulator.calls(kind="write")) == before
        assert result["changed"] is False
        return result["rds_offer"]

    return run


def versions(emulator: Any, family: str) -> list[str]:
    found = emulator.client("rds").describe_db_engine_versions(DBParameterGroupFamily=family)["DBEngineVersions"]
    return [item["EngineVersion"] for item in found]


@pytest.mark.parametrize("engine", ["postgres", "aurora-postgresql"])
def test_what_is_offered_is_right(emulator: Any, offer: Any, engine: str) -> None:
    offered = versions(emulator, f"{engine}15")
    for version in ("15", *offered):
        found = offer(version, engine, db_instance_class="db.t4g.medium")
        assert found == {"engine_versions": offered, "live_engine_version": None, "faults": []}


def test_a_withdrawn_minor_version_is_named_with_those_on_offer(emulator: Any, offer: Any) -> None:
    (fault,) = offer("15.5")["faults"]
    offered = versions(emulator, "postgres15")
    assert fault == {
        "option": "engine_version",
        "problem": "AWS does not offer RDS for PostgreSQL 15.5 any more, or not yet",
        "remedy": f"one that it offers: {', '.join(offered)}; or 15 for its default among them",
    }


def test_a_minor_version_that_is_not_there_yet_is_named_with_the_newest_first(emulator: Any, offer: Any) -> None:
    (fault,) = offer("16.99", "aurora-postgresql")["faults"]
    others = [version for version in versions(emulator, "aurora-postgresql16") if not version.endswith("-limitless")]
    newest_first = ", ".join(reversed(others))
    assert f"one that it offers: {newest_first};" in fault["remedy"]


@pytest.mark.parametrize("version", ["11", "11.4"])
def test_a_major_version_that_is_not_offered_is_named_with_the_others(offer: Any, version: str) -> None:
    (fault,) = offer(version)["faults"]
    assert fault["problem"] == "AWS does not offer RDS for PostgreSQL 11 here"
    assert fault["remedy"] == "one of 13, 14, 15, 16, 17, 18"


def test_what_runs_already_is_right(emulator: Any, offer: Any) -> None:
    rds = emulator.client("rds")
    network(emulator)
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        Engine="postgres",
        EngineVersion="15.14",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="not-a-secret-here",
        DBSubnetGroupName="shop",
    )
    # Older than what runs is no difference either, as AWS upgrades by itself.
    for version in ("15.14", "15.5"):
        found = offer(version, db_instance_class="db.t4g.small")
        assert (found["live_engine_version"], found["faults"]) == ("15.14", [])
    assert offer("15.99")["faults"]


def test_what_a_cluster_runs_already_is_right(emulator: Any, offer: Any) -> None:
    network(emulator)
    emulator.client("rds").create_db_cluster(
        DBClusterIdentifier="shop",
        Engine="aurora-postgresql",
        EngineVersion="16.9",
        MasterUsername="shop",
        MasterUserPassword="not-a-secret-here",
        DBSubnetGroupName="shop",
    )
    assert offer("16.2", "aurora-postgresql")["faults"] == []


def test_another_product_of_aurora_is_no_version_of_it(emulator: Any, offer: Any) -> None:
    assert "16.11-limitless" in versions(emulator, "aurora-postgresql16")
    found = offer("16", "aurora-postgresql", db_instance_class="db.serverless")
    assert (found["engine_versions"][-1], found["faults"]) == ("16.11", [])


def test_a_class_that_is_not_offered_is_named_with_near_ones(offer: Any) -> None:
    (fault,) = offer("14", db_instance_class="db.t2.micro")["faults"]
    assert fault["option"] == "db_instance_class"
    assert "db.t2.micro for RDS for PostgreSQL 14" in fault["problem"]
    assert "db.t3.micro" in fault["remedy"]
    assert offer("14", db_instance_class="db.t3.micro")["faults"] == []
    assert offer("16", db_instance_class="db.serverless")["faults"]
    assert offer("16", "aurora-postgresql", db_instance_class="db.serverless")["faults"] == []


def network(emulator: Any) -> None:
    """Subnets in two zones, with a subnet group."""
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]
    emulator.client("rds").create_db_subnet_group(
        DBSubnetGroupName="shop", DBSubnetGroupDescription="x", SubnetIds=subnets
    )

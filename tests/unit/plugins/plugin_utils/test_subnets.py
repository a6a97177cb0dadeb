"""The plan of a VPC's subnets and route tables."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._subnets import plan, route_tables, zone_letters

ZONES = ["us-east-1a", "us-east-1b"]
CARVED = {"public": None, "private": None, "database": []}


def cidrs(subnets, tier):
    return [subnet["cidr_block"] for subnet in subnets if subnet["tier"] == tier]


def test_plan_of_a_16_counts_in_the_third_part_of_the_address():
    subnets = plan("10.1.0.0/16", ZONES, {**CARVED, "database": None}, "demo")
    assert cidrs(subnets, "public") == ["10.1.1.0/24", "10.1.2.0/24"]
    assert cidrs(subnets, "private") == ["10.1.11.0/24", "10.1.12.0/24"]
    assert cidrs(subnets, "database") == ["10.1.21.0/24", "10.1.22.0/24"]
    assert subnets[0] == {
        "name": "demo-public-a",
        "cidr_block": "10.1.1.0/24",
        "availability_zone": "us-east-1a",
        "tier": "public",
        "letter": "a",
    }


@pytest.mark.parametrize(
    ("vpc", "public", "private"),
    [("10.0.0.0/20", "10.0.0.128/25", "10.0.5.128/25"), ("10.0.0.0/22", "10.0.0.32/27", "10.0.1.96/27")],
)
def test_plan_of_a_smaller_vpc_counts_in_its_32_blocks(vpc, public, private):
    subnets = plan(vpc, ZONES[:1], CARVED, "demo")
    assert cidrs(subnets, "public") == [public]
    assert cidrs(subnets, "private") == [private]


def test_plan_another_zone_or_tier_moves_nothing():
    before = plan("10.0.0.0/16", ZONES, CARVED, "demo")
    after = plan("10.0.0.0/16", [*ZONES, "us-east-1c"], {**CARVED, "database": None}, "demo")
    assert [subnet for subnet in before if subnet not in after] == []


def test_plan_takes_given_ranges_in_the_order_of_the_zones():
    given = {"public": ["10.0.1.0/24"], "private": ["10.0.10.0/24", "10.0.11.0/24"], "database": []}
    subnets = plan("10.0.0.0/16", ZONES, given, "demo")
    assert [(subnet["name"], subnet["availability_zone"]) for subnet in subnets] == [
        ("demo-public-a", "us-east-1a"),
        ("demo-private-a", "us-east-1a"),
        ("demo-private-b", "us-east-1b"),
    ]


@pytest.mark.parametrize(
    ("vpc", "zones", "tiers", "words"),
    [
        ("10.0.0.0/24", ZONES, CARVED, "too small"),
        ("10.0.0.0/8", ZONES, CARVED, "from /16 to /28"),
        ("10.0.0.1/16", ZONES, CARVED, "host bits"),
        ("10.0.0.0/16", [], CARVED, "there are none"),
        ("10.0.0.0/16", ["us-east-1a"] * 2, CARVED, "each once"),
        ("10.0.0.0/16", [f"zone-{number}" for number in range(11)], CARVED, "more than 10 zones"),
        ("10.0.0.0/16", ZONES, {"public": ["10.0.1.0/24"] * 3}, "do not fit into 2 zones"),
        ("10.0.0.0/16", ZONES, {"public": ["10.9.1.0/24"]}, "outside"),
        ("10.0.0.0/16", ZONES, {"public": ["10.0.1.0/24"], "private": ["10.0.1.128/25"]}, "overlap"),
        ("10.0.0.0/16", ZONES, {"public": ["10.0.1.0/29"]}, "from /16 to /28"),
    ],
)
def test_plan_says_what_is_wrong(vpc, zones, tiers, words):
    with pytest.raises(ValueError, match=words):
        plan(vpc, zones, tiers, "demo")


def test_zone_letters_are_whole_names_where_they_repeat():
    assert zone_letters(ZONES) == {"us-east-1a": "a", "us-east-1b": "b"}
    assert zone_letters(["us-west-2a", "us-west-2-lax-1a"])["us-west-2a"] == "us-west-2a"


def tables(nat, with_private_routes=True):
    subnets = plan("10.1.0.0/16", ZONES, {**CARVED, "database": None}, "demo")
    ids = {subnet["name"]: f"subnet-{subnet['tier']}-{subnet['letter']}" for subnet in subnets}
    return {table["name"]: table for table in route_tables(subnets, ids, "igw-1", nat, with_private_routes, "demo")}


def test_route_tables_lead_each_tier_its_way():
    made = tables({"a": "nat-1", "b": "nat-2"})
    assert list(made) == ["demo-public", "demo-database", "demo-private-a", "demo-private-b"]
    assert made["demo-public"]["subnet_ids"] == ["subnet-public-a", "subnet-public-b"]
    assert made["demo-public"]["routes"] == [{"destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}]
    assert made["demo-database"]["routes"] == []
    assert made["demo-private-b"] == {
        "name": "demo-private-b",
        "subnet_ids": ["subnet-private-b"],
        "routes": [{"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-2"}],
    }


def test_route_tables_of_zones_without_nat_use_the_first():
    assert tables({"a": "nat-1"})["demo-private-b"]["routes"][0]["nat_gateway_id"] == "nat-1"


def test_route_tables_without_nat_have_no_private_routes():
    assert tables({})["demo-private-a"]["routes"] == []


def test_route_tables_leave_private_routes_alone_while_nat_is_not_ready():
    assert "routes" not in tables({"a": "nat-1"}, with_private_routes=False)["demo-private-a"]

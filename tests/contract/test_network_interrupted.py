"""A network whose building is killed, or loses an answer, is completed by the next run: nothing is made twice."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from tests.contract.harness import run_module

TAGS = {"webstack:stack": "demo", "webstack:environment": "test", "webstack:role": "network"}

#: What a network has, by the call that shows it: the VPC's own route table and security group are there as well.
COMPLETE = {
    "describe_vpcs.Vpcs": 1,
    "describe_internet_gateways.InternetGateways": 1,
    "describe_subnets.Subnets": 1,
    "describe_addresses.Addresses": 1,
    "describe_nat_gateways.NatGateways": 1,
    "describe_route_tables.RouteTables": 1,
    "describe_vpc_endpoints.VpcEndpoints": 1,
    "describe_security_groups.SecurityGroups": 1,
}

CREATIONS = (
    "CreateVpc",
    "CreateInternetGateway",
    "CreateSubnet",
    "AllocateAddress",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateVpcEndpoint",
    "CreateSecurityGroup",
)


class Killed(BaseException):
    """The process ends here."""


def build(url: str) -> list[bool]:
    """What the role network does, once; whether each module changed anything."""
    changed = []

    def run(module: str, **options: Any) -> dict[str, Any]:
        result = run_module(url, f"webstack.aws.{module}", {**options, "tags": TAGS})
        changed.append(result["changed"])
        return result

    vpc_id = run("vpc", name="demo", cidr_block="10.9.0.0/16", enable_dns_hostnames=True)["vpc"]["vpc_id"]
    gateway = run("internet_gateway", name="demo", vpc_id=vpc_id)["internet_gateway"]
    subnet = {"name": "demo-a", "cidr_block": "10.9.1.0/24", "availability_zone": "us-east-1a"}
    subnet_id = run("subnets", vpc_id=vpc_id, subnets=[subnet])["subnets"]["demo-a"]["subnet_id"]
    run("nat_gateways", nat_gateways=[{"name": "demo-a", "subnet_id": subnet_id}])
    route = {"destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway["internet_gateway_id"]}
    table = {"name": "demo", "subnet_ids": [subnet_id], "routes": [route]}
    tables = run("route_tables", vpc_id=vpc_id, route_tables=[table])["route_tables"]
    endpoint = {"name": "demo-s3", "service_name": "s3", "route_table_ids": [tables["demo"]["route_table_id"]]}
    run("vpc_endpoints", vpc_id=vpc_id, vpc_endpoints=[endpoint])
    group = {"name": "demo", "ingress": [{"ports": ["443"], "cidr_blocks": ["10.9.0.0/16"]}], "egress": []}
    run("security_groups", vpc_id=vpc_id, security_groups=[group])
    return changed


def census(emulator: Any) -> dict[str, int]:
    """How many of each the stack has."""
    ec2 = emulator.client("ec2")
    counts = {}
    for what in COMPLETE:
        operation, member = what.split(".")
        found = getattr(ec2, operation)()[member]
        ours = {"Key": "webstack:stack", "Value": "demo"}
        counts[what] = len([each for each in found if ours in each.get("Tags", []) and each.get("State") != "deleted"])
    return counts


def test_killed_after_every_single_write_it_is_completed_in_the_end(
    emulator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run ends after its first write, so that the next one meets every state that a killed run can leave."""
    write = Aws.write

    def dying(*args: Any, **kwargs: Any) -> Any:
        write(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(Aws, "write", dying)
    runs = 0
    while True:
        try:
            assert not any(build(emulator.url))
            break
        except Killed:
            runs += 1
    assert runs > len(COMPLETE)
    assert census(emulator) == COMPLETE


def test_lost_answers_make_nothing_twice(emulator: Any) -> None:
    emulator.control(
        "PUT", "faults", {"rules": [{"operation": each, "cut_after": True, "times": 1} for each in CREATIONS]}
    )
    build(emulator.url)
    assert [rule["hits"] for rule in emulator.control("GET", "faults")["rules"]] == [1] * len(CREATIONS)
    assert census(emulator) == COMPLETE

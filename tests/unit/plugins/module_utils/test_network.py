"""VPCs, NAT gateways, route tables and endpoints: what is decided without AWS."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _resource
from ansible_collections.webstack.aws.plugins.module_utils._errors import ImmutableError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._nat_gateways import NatGateway
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder
from ansible_collections.webstack.aws.plugins.module_utils._route_tables import RouteTable, associations, own_routes
from ansible_collections.webstack.aws.plugins.module_utils._vpc import Vpc
from ansible_collections.webstack.aws.plugins.module_utils._vpc_endpoints import VpcEndpoint, full_service_name


def test_vpc_refuses_host_names_without_support():
    with pytest.raises(WebstackError, match="no DNS hostnames"):
        Vpc(aws=None).refuse("demo", None, {"enable_dns_support": False, "enable_dns_hostnames": True})
    live = {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True, "EnableDnsHostnames": True}
    with pytest.raises(WebstackError, match="no DNS hostnames"):
        Vpc(aws=None).refuse("demo", live, {"enable_dns_support": False})
    Vpc(aws=None).refuse("demo", live, {"enable_dns_support": False, "enable_dns_hostnames": False})


def test_nat_gateway_stays_in_its_subnet():
    with pytest.raises(ImmutableError, match="cannot move it from subnet-1 to subnet-2"):
        NatGateway(aws=None).refuse("demo", {"SubnetId": "subnet-1"}, {"subnet_id": "subnet-2"})
    NatGateway(aws=None).refuse("demo", {"SubnetId": "subnet-1"}, {})


def test_nat_gateway_without_a_gateway_yet_needs_a_subnet():
    with pytest.raises(WebstackError, match="give subnet_id"):
        NatGateway(aws=None).refuse("demo", {"AllocationId": "eipalloc-1"}, {})
    NatGateway(aws=None).refuse("demo", {"AllocationId": "eipalloc-1"}, {"subnet_id": "subnet-1"})


def test_nat_gateway_without_a_gateway_yet_has_a_placeholder_in_check_mode_alone():
    live = {"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.1", "Tags": [], "Address": {}}
    planned = NatGateway(aws=None).planned("demo", live, [])
    assert is_placeholder(planned["nat_gateway_id"])
    assert planned["public_ip"] == "203.0.113.1"
    assert "nat_gateway_id" not in NatGateway(aws=None).result("demo", live)


class LaggingNats:
    """EC2 that shows an address at once and a NAT gateway only at the third look."""

    region = "us-east-1"
    check_mode = False
    subject = ""
    plan: list[dict] = []

    def __init__(self):
        self.made, self.looks = False, 0

    def read(self, service, operation, path="", missing=(), **arguments):
        tags = [{"Key": "Name", "Value": "demo"}]
        if operation == "describe_addresses":
            return [{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.1", "Tags": tags}] if self.made else []
        self.looks += self.made
        gateway = {"NatGatewayId": "nat-1", "SubnetId": "subnet-1", "State": "pending", "Tags": tags}
        return [gateway] if self.looks > 2 else []

    def write(self, service, operation, **arguments):
        self.made = True
        return {"AllocationId": "eipalloc-1", "NatGateway": {"NatGatewayId": "nat-1"}}


def test_nat_gateway_is_waited_for_until_aws_shows_it(monkeypatch):
    monkeypatch.setattr(_resource.time, "sleep", lambda _seconds: None)
    aws = LaggingNats()
    _outcomes, results = _resource.ensure(NatGateway(aws), {"demo": {"subnet_id": "subnet-1"}})
    assert results["demo"]["nat_gateway_id"] == "nat-1"
    assert aws.looks == 3


def test_vpc_that_aws_does_not_know_by_its_id_yet_is_not_visible():
    tags = [{"Key": "Name", "Value": "demo"}]

    def kind(attribute):
        def read(service, operation, path, missing=(), **arguments):
            if operation == "describe_vpcs":
                return [{"VpcId": "vpc-1", "Tags": tags}]
            assert "InvalidVpcID.NotFound" in missing
            return attribute

        return Vpc(SimpleNamespace(read=read))

    assert list(kind({"Value": True}).read(["demo"])) == ["demo"]
    half_shown = kind(None)
    assert half_shown.read(["demo"]) == {}
    with pytest.raises(WebstackError, match="does not show all of it yet"):
        half_shown.create("demo", {"cidr_block": "10.0.0.0/16"})


def test_own_routes_are_those_to_gateways():
    routes = [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
        {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
        {"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1"},
        {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"},
        {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
    ]
    assert own_routes({"Routes": routes}) == [{"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"}]


def test_associations_are_those_of_subnets_that_stay():
    table = {
        "Associations": [
            {"Main": True, "RouteTableAssociationId": "rtbassoc-1"},
            {
                "SubnetId": "subnet-1",
                "RouteTableAssociationId": "rtbassoc-2",
                "AssociationState": {"State": "associated"},
            },
            {
                "SubnetId": "subnet-2",
                "RouteTableAssociationId": "rtbassoc-3",
                "AssociationState": {"State": "disassociating"},
            },
        ]
    }
    assert associations(table) == {"subnet-1": "rtbassoc-2"}


def test_route_table_refuses_a_subnet_that_another_lists():
    tables = RouteTable(aws=None)
    tables.options = {"route_tables": [{"name": "a", "subnet_ids": ["subnet-1"]}, {"name": "b", "subnet_ids": None}]}
    with pytest.raises(WebstackError, match="subnet-1 is listed in another"):
        tables.refuse("b", None, {"subnet_ids": ["subnet-1"]})
    tables.refuse("a", None, {"subnet_ids": ["subnet-1"]})
    placeholder = "subnet-00000000000000000"
    tables.options["route_tables"][0]["subnet_ids"] = [placeholder]
    tables.refuse("b", None, {"subnet_ids": [placeholder]})


def test_route_table_compares_in_one_order():
    wanted = {
        "subnet_ids": ["b", "a"],
        "routes": [{"destination_cidr_block": "10.0.0.0/8"}, {"destination_cidr_block": "0.0.0.0/0"}],
    }
    normal = RouteTable(aws=None).normalize_wanted("demo", wanted)
    assert normal["subnet_ids"] == ["a", "b"]
    assert [route["destination_cidr_block"] for route in normal["routes"]] == ["0.0.0.0/0", "10.0.0.0/8"]


def test_a_new_route_table_without_routes_says_nothing_of_them():
    tables = RouteTable(aws=None)
    assert "routes" not in tables.normalize_wanted("demo", {"routes": []})
    tables._live = {"demo": {}}
    assert tables.normalize_wanted("demo", {"routes": []})["routes"] == []


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("s3", "com.amazonaws.eu-west-1.s3"),
        ("ecr.api", "com.amazonaws.eu-west-1.ecr.api"),
        ("com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.s3"),
        ("aws.sagemaker.eu-west-1.notebook", "aws.sagemaker.eu-west-1.notebook"),
    ],
)
def test_full_service_name(short, full):
    assert full_service_name(short, "eu-west-1") == full


def test_vpc_endpoint_takes_what_its_type_takes():
    endpoints = VpcEndpoint(SimpleNamespace(region="us-east-1"))
    with pytest.raises(WebstackError, match="of type Gateway takes no security_group_ids, subnet_ids"):
        endpoints.refuse(
            "demo",
            None,
            {"service_name": "s3", "vpc_endpoint_type": "Gateway", "subnet_ids": ["a"], "security_group_ids": ["b"]},
        )
    endpoints.refuse("demo", None, {"service_name": "s3", "vpc_endpoint_type": "Interface", "subnet_ids": ["a"]})
    endpoints.refuse("demo", {}, None)


@pytest.mark.parametrize(
    ("state", "going"), [("Available", False), ("pending", False), ("Deleting", True), ("failed", True)]
)
def test_vpc_endpoint_states_compare_in_lower_case(state, going):
    assert VpcEndpoint(aws=None).is_going({"State": state}) is going

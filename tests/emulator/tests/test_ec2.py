"""Networks. Sources: the EC2 API reference (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/), its list of error
codes (errors-overview.html), and the VPC user guide (https://docs.aws.amazon.com/vpc/latest/userguide/)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.emulator.tests.network_for_tests import FLOW_LOGS_TRUST, make_role


class Network:
    """A VPC with a subnet, an internet gateway and an address."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self.ec2 = emulator.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet = self.make_subnet("10.0.1.0/24", "us-east-1a")
        self.gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=self.vpc)

    def make_subnet(self, cidr: str, zone: str) -> str:
        subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone)
        return subnet["Subnet"]["SubnetId"]

    def make_nat(self, **more: Any) -> tuple[str, str]:
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=address, **more)
        return nat["NatGateway"]["NatGatewayId"], address

    def nat(self, nat_id: str) -> dict[str, Any]:
        return self.ec2.describe_nat_gateways(NatGatewayIds=[nat_id])["NatGateways"][0]

    def make_group(self, name: str) -> str:
        return self.ec2.create_security_group(GroupName=name, Description="for a test", VpcId=self.vpc)["GroupId"]

    def make_table(self) -> str:
        return self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]


@pytest.fixture
def network(emulator: Any) -> Network:
    return Network(emulator)


def named(kind: str, name: str = "n") -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def test_new_vpcs_have_dns_support_but_no_hostnames(network: Network) -> None:
    """vpc-dns.html: enableDnsHostnames is true by default only in the default VPC."""
    support = network.ec2.describe_vpc_attribute(VpcId=network.vpc, Attribute="enableDnsSupport")
    names = network.ec2.describe_vpc_attribute(VpcId=network.vpc, Attribute="enableDnsHostnames")
    assert (support["EnableDnsSupport"]["Value"], names["EnableDnsHostnames"]["Value"]) == (True, False)


def test_cidr_blocks_are_kept_in_canonical_form(network: Network) -> None:
    """API_CreateVpc and API_CreateSubnet: "We modify the specified CIDR block to its canonical form"."""
    assert network.ec2.create_vpc(CidrBlock="10.7.9.9/16")["Vpc"]["CidrBlock"] == "10.7.0.0/16"
    subnet = network.ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.5.9/24")["Subnet"]
    assert subnet["CidrBlock"] == "10.0.5.0/24"


def test_subnets_are_checked(network: Network, refused: Any) -> None:
    """API_CreateSubnet and the list of error codes."""
    with refused("InvalidSubnet.Conflict"):
        network.make_subnet("10.0.1.128/25", "us-east-1a")
    with refused("InvalidSubnet.Range"):
        network.make_subnet("10.9.0.0/24", "us-east-1a")
    with refused("InvalidSubnet.Range"):
        network.make_subnet("10.0.9.0/29", "us-east-1a")
    with refused("InvalidParameterValue", "eu-west-1a"):
        network.make_subnet("10.0.9.0/24", "eu-west-1a")


def test_subnets_without_a_zone_stay_in_their_region(emulator: Any) -> None:
    ec2 = emulator.client("ec2", region="sa-east-1")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["AvailabilityZone"].startswith("sa-east-1")


def test_nat_gateways_take_their_time(emulator: Any, network: Network, refused: Any) -> None:
    """nat-gateway-basics.html: pending, available, deleting, deleted; routes to a pending one answer
    InvalidNatGatewayID.NotFound (boto3 issue 779)."""
    emulator.control("PUT", "provisioning", {"nat_gateway": 0.6})
    nat, address = network.make_nat()
    table = network.make_table()
    assert network.nat(nat)["State"] == "pending"
    with refused("InvalidNatGatewayID.NotFound"):
        network.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    time.sleep(0.7)
    assert network.nat(nat)["State"] == "available"
    network.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    network.ec2.delete_nat_gateway(NatGatewayId=nat)
    assert network.nat(nat)["State"] == "deleting"
    with refused("AuthFailure", "do not have permission"):
        network.ec2.release_address(AllocationId=address)
    time.sleep(0.7)
    assert network.nat(nat)["State"] == "deleted"
    assert network.nat(nat)["DeleteTime"]
    [route] = [
        route
        for route in network.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        if route.get("NatGatewayId")
    ]
    assert route["State"] == "blackhole"
    network.ec2.release_address(AllocationId=address)


def test_nat_gateways_have_an_interface_in_their_subnet(network: Network, refused: Any) -> None:
    nat, address = network.make_nat()
    [interface] = network.ec2.describe_network_interfaces(Filters=[{"Name": "subnet-id", "Values": [network.subnet]}])[
        "NetworkInterfaces"
    ]
    assert interface["InterfaceType"] == "nat_gateway"
    assert interface["PrivateIpAddress"].startswith("10.0.1.")
    assert network.nat(nat)["NatGatewayAddresses"][0]["PrivateIp"] == interface["PrivateIpAddress"]
    [held] = network.ec2.describe_addresses(AllocationIds=[address])["Addresses"]
    assert held["NetworkInterfaceId"] == interface["NetworkInterfaceId"]
    with refused("AuthFailure"):
        network.ec2.release_address(AllocationId=address)
    with refused("DependencyViolation"):
        network.ec2.delete_subnet(SubnetId=network.subnet)
    with refused("DependencyViolation", "mapped public address"):
        network.ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)


def test_nat_gateways_fail_as_on_aws(emulator: Any, network: Network, refused: Any) -> None:
    """nat-gateway-troubleshooting.html: a gateway is made and fails, with a code and a message."""
    _unused, address = network.make_nat()
    nat = network.ec2.create_nat_gateway(SubnetId=network.subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    assert network.nat(nat)["State"] == "failed"
    assert network.nat(nat)["FailureCode"] == "Resource.AlreadyAssociated"
    other = emulator.client("ec2")
    vpc = other.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = other.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    address = other.allocate_address(Domain="vpc")["AllocationId"]
    nat = other.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    assert network.nat(nat)["FailureCode"] == "Gateway.NotAttached"
    with refused("MissingParameter", "AllocationId"):
        other.create_nat_gateway(SubnetId=subnet)
    with refused("NatGatewayNotFound"):
        other.describe_nat_gateways(NatGatewayIds=["nat-00000000000000000"])


def test_nat_gateways_are_found_by_tag_and_state(network: Network) -> None:
    nat, _unused = network.make_nat(TagSpecifications=named("natgateway", "mine"))
    network.make_nat()

    def find(name: str, value: str) -> list[str]:
        found = network.ec2.describe_nat_gateways(Filters=[{"Name": name, "Values": [value]}])["NatGateways"]
        return [item["NatGatewayId"] for item in found]

    assert find("tag:Name", "mine") == [nat]
    assert find("tag-key", "Name") == [nat]
    assert len(find("state", "available")) == 2
    assert find("vpc-id", "vpc-00000000") == []


@pytest.mark.parametrize("spelling", ["natgateway", "nat-gateway"])
def test_tags_are_found_by_both_names_of_a_type(network: Network, spelling: str) -> None:
    """ResourceType in EC2's service model says natgateway; moto says nat-gateway."""
    nat, _unused = network.make_nat(TagSpecifications=named("natgateway"))
    [tag] = network.ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": [spelling]}])["Tags"]
    assert (tag["ResourceId"], tag["ResourceType"]) == (nat, "natgateway")


def test_tag_specifications_name_the_type_that_is_made(network: Network, refused: Any) -> None:
    """Using_Tags.html: the type must be the one that the request makes."""
    with refused("InvalidParameterValue", "'nat-gateway' is not a valid taggable resource type"):
        network.make_nat(TagSpecifications=named("nat-gateway"))
    with refused("InvalidParameterValue", "not a valid taggable resource type"):
        network.ec2.create_vpc(CidrBlock="10.5.0.0/16", TagSpecifications=named("subnet"))
    with refused("InvalidParameterValue", "reserved"):
        network.ec2.create_tags(Resources=[network.vpc], Tags=[{"Key": "aws:x", "Value": "y"}])
    with refused("InvalidNatGatewayID.NotFound"):
        network.ec2.create_tags(Resources=["nat-00000000000000000"], Tags=[{"Key": "x", "Value": "y"}])


def test_everything_can_be_tagged_when_it_is_made(network: Network) -> None:
    ec2 = network.ec2
    ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames={"Value": True})
    made = {
        "vpc": ec2.create_vpc(CidrBlock="10.4.0.0/16", TagSpecifications=named("vpc"))["Vpc"]["VpcId"],
        "subnet": ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.7.0/24", TagSpecifications=named("subnet"))[
            "Subnet"
        ]["SubnetId"],
        "internet-gateway": ec2.create_internet_gateway(TagSpecifications=named("internet-gateway"))[
            "InternetGateway"
        ]["InternetGatewayId"],
        "elastic-ip": ec2.allocate_address(Domain="vpc", TagSpecifications=named("elastic-ip"))["AllocationId"],
        "natgateway": network.make_nat(TagSpecifications=named("natgateway"))[0],
        "route-table": ec2.create_route_table(VpcId=network.vpc, TagSpecifications=named("route-table"))[
            "RouteTable"
        ]["RouteTableId"],
        "security-group": ec2.create_security_group(
            GroupName="tagged", Description="d", VpcId=network.vpc, TagSpecifications=named("security-group")
        )["GroupId"],
        "vpc-endpoint": ec2.create_vpc_endpoint(
            VpcId=network.vpc, ServiceName="com.amazonaws.us-east-1.logs", VpcEndpointType="Interface",
            SubnetIds=[network.subnet], TagSpecifications=named("vpc-endpoint"),
        )["VpcEndpoint"]["VpcEndpointId"],
        "prefix-list": ec2.create_managed_prefix_list(
            PrefixListName="p", MaxEntries=2, AddressFamily="IPv4", TagSpecifications=named("prefix-list")
        )["PrefixList"]["PrefixListId"],
        "vpc-flow-log": ec2.create_flow_logs(
            ResourceType="VPC", ResourceIds=[network.vpc], TrafficType="ALL", LogGroupName="flow",
            DeliverLogsPermissionArn=make_role(network.emulator, "flow", [], FLOW_LOGS_TRUST),
            TagSpecifications=named("vpc-flow-log"),
        )["FlowLogIds"][0],
        "network-interface": ec2.create_network_interface(
            SubnetId=network.subnet, TagSpecifications=named("network-interface")
        )["NetworkInterface"]["NetworkInterfaceId"],
    }  # fmt: skip
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["Name"]}])["Tags"]
    assert {tag["ResourceType"]: tag["ResourceId"] for tag in tags} == made


def test_tags_go_with_what_bore_them(network: Network) -> None:
    group = network.make_group("gone")
    network.ec2.create_tags(Resources=[group], Tags=[{"Key": "k", "Value": "v"}])
    network.ec2.delete_security_group(GroupId=group)
    assert network.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [group]}])["Tags"] == []


def test_a_vpc_with_anything_in_it_stays(network: Network, refused: Any) -> None:
    """API_DeleteVpc: "You must detach or delete all gateways and resources that are associated with the VPC"."""
    group, table = network.make_group("extra"), network.make_table()

    def refuse() -> None:
        with refused("DependencyViolation", f"The vpc '{network.vpc}' has dependencies and cannot be deleted."):
            network.ec2.delete_vpc(VpcId=network.vpc)

    refuse()
    network.ec2.delete_subnet(SubnetId=network.subnet)
    refuse()
    network.ec2.detach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)
    refuse()
    network.ec2.delete_route_table(RouteTableId=table)
    refuse()
    network.ec2.delete_security_group(GroupId=group)
    network.ec2.delete_vpc(VpcId=network.vpc)
    with refused("InvalidVpcID.NotFound"):
        network.ec2.describe_vpcs(VpcIds=[network.vpc])


def test_internet_gateways(network: Network, refused: Any) -> None:
    """API_AttachInternetGateway, API_DeleteInternetGateway."""
    with refused("DependencyViolation", "internetGateway"):
        network.ec2.delete_internet_gateway(InternetGatewayId=network.gateway)
    with refused("Resource.AlreadyAssociated"):
        network.ec2.attach_internet_gateway(InternetGatewayId=network.gateway, VpcId=network.vpc)
    second = network.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with refused("InvalidParameterValue", "already has an internet gateway attached"):
        network.ec2.attach_internet_gateway(InternetGatewayId=second, VpcId=network.vpc)
    with refused("InvalidParameterValue", "different networks"):
        network.ec2.create_route(RouteTableId=network.make_table(), DestinationCidrBlock="0.0.0.0/0", GatewayId=second)


def test_route_tables(network: Network, refused: Any) -> None:
    """API_DeleteRouteTable: not the main one; API_AssociateRouteTable."""
    tables = network.ec2.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [network.vpc]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    with refused("DependencyViolation"):
        network.ec2.delete_route_table(RouteTableId=tables[0]["RouteTableId"])
    first, second = network.make_table(), network.make_table()
    network.ec2.associate_route_table(RouteTableId=first, SubnetId=network.subnet)
    with refused("Resource.AlreadyAssociated"):
        network.ec2.associate_route_table(RouteTableId=second, SubnetId=network.subnet)
    with refused("DependencyViolation"):
        network.ec2.delete_route_table(RouteTableId=first)
    network.ec2.delete_subnet(SubnetId=network.subnet)
    network.ec2.delete_route_table(RouteTableId=first)
    with refused("InvalidNatGatewayID.NotFound"):
        network.ec2.create_route(
            RouteTableId=second, DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-00000000000000000"
        )


def test_interface_endpoints(emulator: Any, network: Network, refused: Any) -> None:
    """privatelink/create-interface-endpoint.html; private DNS needs both DNS attributes of the VPC."""
    ec2 = network.ec2
    group = network.make_group("endpoint")
    wanted = {
        "VpcId": network.vpc, "ServiceName": "com.amazonaws.us-east-1.ecr.api", "VpcEndpointType": "Interface",
        "SubnetIds": [network.subnet], "SecurityGroupIds": [group], "PrivateDnsEnabled": True,
    }  # fmt: skip
    with refused("InvalidParameter", "enableDnsHostnames"):
        ec2.create_vpc_endpoint(**wanted)
    ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames={"Value": True})
    with refused("InvalidServiceName"):
        ec2.create_vpc_endpoint(**(wanted | {"ServiceName": "com.amazonaws.us-east-1.nothing"}))
    same_zone = network.make_subnet("10.0.8.0/24", "us-east-1a")
    with refused("DuplicateSubnetsInSameZone"):
        ec2.create_vpc_endpoint(**(wanted | {"SubnetIds": [network.subnet, same_zone]}))
    emulator.control("PUT", "provisioning", {"vpc_endpoint": 0.5})
    endpoint = ec2.create_vpc_endpoint(**wanted)["VpcEndpoint"]
    assert endpoint["State"] == "pending"
    assert "api.ecr.us-east-1.amazonaws.com" in [entry["DnsName"] for entry in endpoint["DnsEntries"]]
    with refused("InvalidParameter", "conflicting DNS domain"):
        ec2.create_vpc_endpoint(**wanted)
    with refused("DependencyViolation", f"resource {group} has a dependent object"):
        ec2.delete_security_group(GroupId=group)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=network.subnet)
    time.sleep(0.6)
    [found] = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])["VpcEndpoints"]
    assert found["State"] == "available"
    other_zone = network.make_subnet("10.0.10.0/24", "us-east-1b")
    ec2.modify_vpc_endpoint(
        VpcEndpointId=found["VpcEndpointId"], AddSubnetIds=[other_zone], RemoveSubnetIds=[network.subnet]
    )
    [found] = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert (found["SubnetIds"], len(found["NetworkInterfaceIds"])) == ([other_zone], 1)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[found["VpcEndpointId"]])
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["State"] == "deleting"
    time.sleep(0.6)
    with refused("InvalidVpcEndpointId.NotFound"):
        ec2.describe_vpc_endpoints(VpcEndpointIds=[found["VpcEndpointId"]])
    ec2.delete_security_group(GroupId=group)


def test_gateway_endpoints(network: Network, refused: Any) -> None:
    """privatelink/gateway-endpoints.html: a route with a prefix list in each table."""
    ec2, table = network.ec2, network.make_table()
    service = "com.amazonaws.us-east-1.s3"
    endpoint = ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName=service, RouteTableIds=[table])["VpcEndpoint"]
    assert (endpoint["VpcEndpointType"], endpoint["State"]) == ("Gateway", "available")
    routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert endpoint["VpcEndpointId"] in [route.get("GatewayId") for route in routes]
    with refused("RouteAlreadyExists", "already has a route with destination-prefix-list-id"):
        ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName=service, RouteTableIds=[table])
    second = network.make_table()
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint["VpcEndpointId"], AddRouteTableIds=[second], RemoveRouteTableIds=[table]
    )
    [found] = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])["VpcEndpoints"]
    assert found["RouteTableIds"] == [second]
    assert ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])["Unsuccessful"] == []
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
    [failure] = ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-00000000000000000"])["Unsuccessful"]
    assert failure["Error"]["Code"] == "InvalidVpcEndpoint.NotFound"


def ingress(**source: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **source}]


def test_security_group_rules(network: Network, refused: Any) -> None:
    """vpc-security-group-rules: canonical CIDRs (IpRange in the service model), all or nothing, all returned."""
    ec2, first, second = network.ec2, network.make_group("first"), network.make_group("second")
    added = ec2.authorize_security_group_ingress(
        GroupId=first,
        IpPermissions=[
            *ingress(IpRanges=[{"CidrIp": "10.0.0.1/16", "Description": "inside"}]),
            *ingress(UserIdGroupPairs=[{"GroupId": second, "Description": "from second"}]),
        ],
        TagSpecifications=named("security-group-rule"),
    )["SecurityGroupRules"]
    assert [(rule.get("CidrIpv4"), rule["Description"]) for rule in added] == [
        ("10.0.0.0/16", "inside"),
        (None, "from second"),
    ]
    with refused("InvalidPermission.Duplicate"):
        ec2.authorize_security_group_ingress(
            GroupId=first,
            IpPermissions=[
                *ingress(IpRanges=[{"CidrIp": "192.168.0.0/16"}]),
                *ingress(IpRanges=[{"CidrIp": "10.0.0.0/16"}]),
            ],
        )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [first]}])["SecurityGroupRules"]
    assert len([rule for rule in rules if not rule["IsEgress"]]) == 2
    assert rules[1]["Tags"] == [{"Key": "Name", "Value": "n"}]
    with refused("InvalidPermission.Duplicate"):
        # who owns the group makes no other rule
        ec2.authorize_security_group_ingress(
            GroupId=first, IpPermissions=ingress(UserIdGroupPairs=[{"GroupId": second, "UserId": "123456789012"}])
        )
    ec2.revoke_security_group_ingress(GroupId=first, SecurityGroupRuleIds=[added[0]["SecurityGroupRuleId"]])
    with refused("InvalidPermission.NotFound"):
        ec2.revoke_security_group_ingress(GroupId=first, IpPermissions=ingress(IpRanges=[{"CidrIp": "10.0.0.0/16"}]))


def test_security_groups_in_use_stay(network: Network, refused: Any) -> None:
    """API_DeleteSecurityGroup: in use by a resource or named by another group."""
    ec2, first, second = network.ec2, network.make_group("first"), network.make_group("second")
    ec2.authorize_security_group_ingress(GroupId=first, IpPermissions=ingress(UserIdGroupPairs=[{"GroupId": second}]))
    with refused("DependencyViolation", f"resource {second} has a dependent object"):
        ec2.delete_security_group(GroupId=second)
    interface = ec2.create_network_interface(SubnetId=network.subnet, Groups=[first])["NetworkInterface"]
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=first)
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=first)
    ec2.delete_security_group(GroupId=second)
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])["SecurityGroups"]
    with refused("CannotDelete", "default"):
        ec2.delete_security_group(GroupId=groups[0]["GroupId"])


def test_names_of_security_groups(network: Network, refused: Any) -> None:
    """API_CreateSecurityGroup: no sg- in front, 255 characters of a certain set."""
    with refused("InvalidParameterValue"):
        network.make_group("sg-mine")
    with refused("InvalidParameterValue"):
        network.make_group("x" * 256)
    with refused("InvalidParameterValue"):
        network.ec2.create_security_group(GroupName="ok", Description="it's", VpcId=network.vpc)
    with refused("InvalidGroup.Duplicate"):
        network.make_group("twice"), network.make_group("twice")


def test_a_group_takes_sixty_rules_of_each_family(network: Network, refused: Any) -> None:
    """amazon-vpc-limits.html: the quota is enforced for IPv4 and for IPv6 rules, each alone."""
    ec2, group = network.ec2, network.make_group("full")
    ranges = {
        "IpRanges": [{"CidrIp": f"10.{number}.0.0/16"} for number in range(60)],
        "Ipv6Ranges": [{"CidrIpv6": f"2001:db8:{number:x}::/48"} for number in range(60)],
    }
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ingress(**ranges))
    for one in ({"IpRanges": [{"CidrIp": "192.168.0.0/16"}]}, {"UserIdGroupPairs": [{"GroupId": group}]}):
        with refused("RulesPerSecurityGroupLimitExceeded"):
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ingress(**one))
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=ingress(IpRanges=ranges["IpRanges"][:59]))


def test_a_prefix_list_counts_as_many_rules_as_it_may_hold(network: Network, refused: Any) -> None:
    """working-with-aws-managed-prefix-lists.html, Prefix list weight."""
    ec2, group = network.ec2, network.make_group("weight")
    large = ec2.create_managed_prefix_list(PrefixListName="large", MaxEntries=61, AddressFamily="IPv4")["PrefixList"]
    with refused("RulesPerSecurityGroupLimitExceeded"):
        ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=ingress(PrefixListIds=[{"PrefixListId": large["PrefixListId"]}])
        )
    small = ec2.create_managed_prefix_list(PrefixListName="small", MaxEntries=20, AddressFamily="IPv4")["PrefixList"]
    [rule] = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=ingress(PrefixListIds=[{"PrefixListId": small["PrefixListId"], "Description": "edge"}]),
    )["SecurityGroupRules"]
    assert (rule["PrefixListId"], rule["Description"]) == (small["PrefixListId"], "edge")
    with refused("InvalidPrefixListID.NotFound"):
        ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=ingress(PrefixListIds=[{"PrefixListId": "pl-00000000000000000"}])
        )


def test_a_token_makes_a_create_repeatable(network: Network, refused: Any) -> None:
    """Ensuring idempotency in Amazon EC2 API requests (ec2 devguide, ec2-api-idempotency.html)."""
    address = network.ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = {"SubnetId": network.subnet, "AllocationId": address, "ClientToken": "one"}
    first, again = (network.ec2.create_nat_gateway(**nat)["NatGateway"]["NatGatewayId"] for _unused in range(2))
    assert first == again
    with refused("IdempotentParameterMismatch"):
        network.ec2.create_nat_gateway(**{**nat, "SubnetId": network.make_subnet("10.0.2.0/24", "us-east-1b")})
    table = {"VpcId": network.vpc, "ClientToken": "one"}
    tables = {network.ec2.create_route_table(**table)["RouteTable"]["RouteTableId"] for _unused in range(2)}
    endpoint = {"VpcId": network.vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "ClientToken": "one"}
    endpoints = {network.ec2.create_vpc_endpoint(**endpoint)["VpcEndpoint"]["VpcEndpointId"] for _unused in range(2)}
    assert len(tables) == len(endpoints) == 1
    assert network.make_table() not in tables

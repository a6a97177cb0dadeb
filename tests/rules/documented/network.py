"""VPC, subnets, gateways, routes, endpoints, security groups, flow logs."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

#: What a tag specification must name in each call that creates.
_RESOURCE_TYPES = {
    "AllocateAddress": "elastic-ip",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
_GROUP_TEXT = r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*"
_RULES_IN_A_GROUP = 60


def _network(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr, strict=False)


def _vpc_ranges(world: World) -> dict[str, str]:
    return {made.answer["Vpc"]["VpcId"]: made.parameters["CidrBlock"] for made in world.done("ec2:CreateVpc")}


@rule("ec2:CreateVpc", "ec2:CreateSubnet", source=page("vpc/latest/userguide/subnet-sizing.html"))
def sizes_of_networks(request: Request, _world: World) -> Iterator[str]:
    """The IPv4 range of a VPC and of a subnet is between /28 and /16."""
    yield from range_problem("the prefix", _network(request.get("CidrBlock")).prefixlen, 16, 28)


@rule("ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateRoute", source=api("ec2", "CreateSubnet"))
def canonical_ranges(request: Request, _world: World) -> Iterator[str]:
    """A range that is not in its canonical form is changed to it: 100.68.0.18/18 becomes 100.68.0.0/18."""
    for name in ("CidrBlock", "DestinationCidrBlock"):
        cidr = request.get(name)
        if cidr and str(_network(cidr)) != cidr:
            yield f"{name} is {cidr}"


@rule("ec2:CreateSubnet", source=page("vpc/latest/userguide/subnet-sizing.html"))
def subnets_in_their_vpc(request: Request, world: World) -> Iterator[str]:
    """A subnet lies within its VPC's range and overlaps with no other subnet of it."""
    own, vpc_id = _network(request.get("CidrBlock")), request.get("VpcId")
    whole = _vpc_ranges(world).get(vpc_id)
    if whole and not own.subnet_of(_network(whole)):
        yield f"{own} is not within {whole}"
    for other in world.subnets().values():
        if other["VpcId"] == vpc_id and own.overlaps(_network(other["CidrBlock"])):
            yield f"{own} overlaps with {other['CidrBlock']}"


@rule("ec2:CreateSubnet", source=api("ec2", "CreateSubnet"))
def zones_of_the_region(request: Request, _world: World) -> Iterator[str]:
    """A subnet's zone is one of the region's."""
    zone = request.get("AvailabilityZone")
    if zone and not zone.startswith(request.region):
        yield f"{zone} is not in {request.region}"


@rule(*(f"ec2:{operation}" for operation in _RESOURCE_TYPES), source=api("ec2", "TagSpecification"))
def tags_of_what_is_made(request: Request, _world: World) -> Iterator[str]:
    """A tag specification names the type of the resource that the call makes, once."""
    types = [specification.get("ResourceType") for specification in request.get("TagSpecifications", [])]
    if types not in ([], [_RESOURCE_TYPES[request.operation]]):
        yield f"the types are {types}"


@rule("ec2:ModifyVpcAttribute", "ec2:ModifySubnetAttribute", source=api("ec2", "ModifyVpcAttribute"))
def one_attribute_at_a_time(request: Request, _world: World) -> Iterator[str]:
    """DNS support and DNS hostnames of a VPC, and the attributes of a subnet, are changed one in a call."""
    changed = sorted(set(request.parameters) - {"VpcId", "SubnetId"})
    if len(changed) != 1:
        yield f"it changes {', '.join(changed) or 'nothing'}"


@rule("ec2:CreateNatGateway", source=api("ec2", "CreateNatGateway"))
def addresses_of_nat_gateways(request: Request, world: World) -> Iterator[str]:
    """A public NAT gateway has an Elastic IP address, which no other uses."""
    if request.get("ConnectivityType", "public") != "public":
        return
    address = request.get("AllocationId")
    if not address:
        yield "it has no AllocationId"
    gone = {done.get("NatGatewayId") for done in world.done("ec2:DeleteNatGateway")}
    for other in world.done("ec2:CreateNatGateway"):
        is_there = other.answer["NatGateway"]["NatGatewayId"] not in gone
        if is_there and other.get("AllocationId") == address:
            yield f"{address} is another's"


@rule("ec2:CreateNatGateway", source=page("vpc/latest/userguide/nat-gateway-troubleshooting.html"))
def nat_gateways_reach_the_internet(request: Request, world: World) -> Iterator[str]:
    """The creation of a public NAT gateway fails where its VPC has no internet gateway attached."""
    vpc_id = world.vpc_of([request.get("SubnetId")])
    if vpc_id and not world.has_internet(vpc_id):
        yield f"{vpc_id} has none"


@rule("ec2:CreateRoute", "ec2:ReplaceRoute", source=api("ec2", "CreateRoute"))
def routes_lead_somewhere(request: Request, _world: World) -> Iterator[str]:
    """A route has exactly one destination and one target."""
    destinations = [name for name in request.parameters if name.startswith("Destination")]
    targets = [name for name in request.parameters if name.endswith("Id")]
    targets = [name for name in targets if name not in ("RouteTableId", *destinations)]
    if len(destinations) != 1 or len(targets) != 1:
        yield f"it has {', '.join(destinations + targets)}"


@rule("ec2:CreateVpcEndpoint", source=page("vpc/latest/privatelink/gateway-endpoints.html"))
def gateway_endpoints(request: Request, _world: World) -> Iterator[str]:
    """Gateway endpoints are for S3 and DynamoDB, and have route tables in place of subnets and security groups."""
    if request.get("VpcEndpointType", "Gateway") != "Gateway":
        return
    if request.get("ServiceName", "").rpartition(".")[2] not in ("s3", "dynamodb"):
        yield f"the service is {request.get('ServiceName')}"
    wrong = sorted({"SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled"} & set(request.parameters))
    if wrong:
        yield f"it has {', '.join(wrong)}"


@rule("ec2:CreateVpcEndpoint", source=api("ec2", "CreateVpcEndpoint"))
def interface_endpoints(request: Request, world: World) -> Iterator[str]:
    """An interface endpoint has at most one subnet in each zone, and no route tables."""
    if request.get("VpcEndpointType") != "Interface":
        return
    zones = world.zones(request.get("SubnetIds", []))
    if len(set(zones)) < len(zones):
        yield f"the zones are {', '.join(zones)}"
    if request.get("RouteTableIds"):
        yield "it has RouteTableIds"


@rule("ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint", source=api("ec2", "CreateVpcEndpoint"))
def private_names_of_endpoints(request: Request, world: World) -> Iterator[str]:
    """Private DNS of an endpoint needs DNS support, which VPCs have, and DNS hostnames, which they must be given."""
    if not request.get("PrivateDnsEnabled") or request.get("VpcId") is None:
        return
    attributes = {"EnableDnsSupport": True, "EnableDnsHostnames": False}
    for changed in world.done("ec2:ModifyVpcAttribute"):
        if changed.get("VpcId") == request.get("VpcId"):
            attributes.update({name: changed.get(name)["Value"] for name in attributes if changed.get(name)})
    if not all(attributes.values()):
        yield f"{request.get('VpcId')} has {attributes}"


@rule("ec2:CreateVpcEndpoint", source=page("vpc/latest/privatelink/aws-services-privatelink-support.html"))
def endpoints_of_the_region(request: Request, _world: World) -> Iterator[str]:
    """An endpoint leads to a service of its own region: com.amazonaws.<region>.<service>."""
    name = request.get("ServiceName", "")
    if name.startswith("com.amazonaws.") and not name.startswith(f"com.amazonaws.{request.region}."):
        yield f"{name} is not of {request.region}"


@rule("ec2:CreateSecurityGroup", source=api("ec2", "CreateSecurityGroup"))
def names_of_security_groups(request: Request, _world: World) -> Iterator[str]:
    """A security group's name does not begin with sg-; name and description have at most 255 characters, of a-z A-Z
    0-9, spaces and ._-:/()#,@[]+=&;{}!$*."""
    for name in ("GroupName", "Description"):
        yield from text_problem(name, request.get(name), _GROUP_TEXT, 255)
    if request.get("GroupName", "").startswith("sg-"):
        yield f"GroupName is {request.get('GroupName')!r}"


def _sources(permission: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each source of a permission, with whether it counts for IPv4, IPv6 or (a group, a prefix list) both."""
    for member, families in (
        ("IpRanges", "4"),
        ("Ipv6Ranges", "6"),
        ("UserIdGroupPairs", "46"),
        ("PrefixListIds", "46"),
    ):
        for source in permission.get(member, []):
            yield families, source


_RULE_CHANGES = tuple(
    f"ec2:{verb}SecurityGroup{way}" for verb in ("Authorize", "Revoke") for way in ("Ingress", "Egress")
)


@rule(*_RULE_CHANGES, source=api("ec2", "IpPermission"))
def ports_of_security_groups(request: Request, _world: World) -> Iterator[str]:
    """A rule for tcp or udp has ports from 0 to 65535, the lower first; a rule for all protocols has none."""
    for permission in request.get("IpPermissions", []):
        protocol = permission.get("IpProtocol")
        first, last = permission.get("FromPort"), permission.get("ToPort")
        if protocol in ("tcp", "udp", "6", "17"):
            if first is None or last is None or not 0 <= first <= last <= 65535:
                yield f"{protocol} has ports {first} to {last}"
        elif protocol == "-1" and (first, last) not in ((None, None), (-1, -1)):
            yield f"all protocols have ports {first} to {last}"


@rule(*_RULE_CHANGES, source=api("ec2", "IpRange"))
def descriptions_of_security_group_rules(request: Request, _world: World) -> Iterator[str]:
    """The description of a rule has at most 255 characters, of a-z A-Z 0-9, spaces and ._-:/()#,@[]+=&;{}!$*."""
    for permission in request.get("IpPermissions", []):
        for _families, source in _sources(permission):
            yield from text_problem("a description", source.get("Description"), _GROUP_TEXT, 255)


@rule(
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupEgress",
    source=page("vpc/latest/userguide/amazon-vpc-limits.html"),
)
def number_of_security_group_rules(request: Request, world: World) -> Iterator[str]:
    """A security group has at most 60 rules each way for IPv4, and as many for IPv6; one for a group or a prefix list
    counts for both."""
    way = request.operation.removeprefix("AuthorizeSecurityGroup")
    counts = {"4": 0, "6": 0}
    authorized = [*world.done(f"ec2:AuthorizeSecurityGroup{way}"), request]
    for sign, changes in ((1, authorized), (-1, world.done(f"ec2:RevokeSecurityGroup{way}"))):
        for change in changes:
            if change.get("GroupId") != request.get("GroupId"):
                continue
            for permission in change.get("IpPermissions", []):
                for families, _source in _sources(permission):
                    for family in families:
                        counts[family] += sign
    for family, count in counts.items():
        if count > _RULES_IN_A_GROUP:
            yield f"there are {count} for IPv{family}"


@rule("ec2:AuthorizeSecurityGroup*", source=api("ec2", "AuthorizeSecurityGroupIngress"))
def sources_of_security_group_rules(request: Request, _world: World) -> Iterator[str]:
    """A permission names at least one range, group or prefix list, and ranges in their canonical form."""
    for permission in request.get("IpPermissions", []):
        sources = [source for _families, source in _sources(permission)]
        if not sources:
            yield f"{permission.get('IpProtocol')} {permission.get('FromPort')} is for nobody"
        for source in sources:
            cidr = source.get("CidrIp") or source.get("CidrIpv6")
            if cidr and str(ipaddress.ip_network(cidr, strict=False)) != cidr:
                yield f"{cidr} is not canonical"


@rule("ec2:CreateFlowLogs", source=api("ec2", "CreateFlowLogs"))
def flow_logs(request: Request, _world: World) -> Iterator[str]:
    """Flow logs to CloudWatch Logs name a log group and a role that delivers; they are put together for 60 or 600 s."""
    if request.get("LogDestinationType", "cloud-watch-logs") == "cloud-watch-logs":
        if not request.get("DeliverLogsPermissionArn"):
            yield "DeliverLogsPermissionArn is missing"
        if not (request.get("LogGroupName") or request.get("LogDestination")):
            yield "there is no log group"
    if request.get("MaxAggregationInterval", 600) not in (60, 600):
        yield f"MaxAggregationInterval is {request.get('MaxAggregationInterval')}"


RULES: tuple[Rule, ...] = (
    sizes_of_networks,
    canonical_ranges,
    subnets_in_their_vpc,
    zones_of_the_region,
    tags_of_what_is_made,
    one_attribute_at_a_time,
    addresses_of_nat_gateways,
    nat_gateways_reach_the_internet,
    routes_lead_somewhere,
    gateway_endpoints,
    interface_endpoints,
    private_names_of_endpoints,
    endpoints_of_the_region,
    names_of_security_groups,
    ports_of_security_groups,
    descriptions_of_security_group_rules,
    number_of_security_group_rules,
    sources_of_security_group_rules,
    flow_logs,
)

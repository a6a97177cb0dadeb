"""EC2's networks as AWS has them, where moto differs: VPCs, subnets, gateways, routes, addresses and tags.

NAT gateways are in ``ec2_nat``, endpoints in ``ec2_endpoints``, security groups in ``ec2_security_groups`` and flow
logs in ``ec2_flow_logs``.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.route_tables import Route, RouteBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.tags import TagBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from tests.emulator.dependencies import subnet_holders
from tests.emulator.errors import AwsError
from tests.emulator.extend import named, parameters, wrap

# moto's name of a resource type -> AWS's (the enumeration ResourceType in EC2's service model).
_RESOURCE_TYPES = {
    "egress-only-internet-gateway": "egress-only-internet-gateway",
    "flow-logs": "vpc-flow-log",
    "managed-prefix-list": "prefix-list",
    "nat-gateway": "natgateway",
    "vpc-elastic-ip": "elastic-ip",
}

# What the tag specifications of a create may be for.
_TAGGABLE = {
    "AllocateAddress": {"elastic-ip"},
    "AuthorizeSecurityGroupEgress": {"security-group-rule"},
    "AuthorizeSecurityGroupIngress": {"security-group-rule"},
    "CreateFlowLogs": {"vpc-flow-log"},
    "CreateInternetGateway": {"internet-gateway"},
    "CreateManagedPrefixList": {"prefix-list"},
    "CreateNatGateway": {"natgateway"},
    "CreateNetworkInterface": {"network-interface"},
    "CreateRouteTable": {"route-table"},
    "CreateSecurityGroup": {"security-group"},
    "CreateSubnet": {"subnet"},
    "CreateVpc": {"vpc"},
    "CreateVpcEndpoint": {"vpc-endpoint"},
}


def install() -> None:
    """Extend moto."""
    _check_tag_specifications()
    _repeat_by_token()
    _name_resource_types()
    _forget_tags_of_deleted()
    _vpcs()
    _subnets()
    _internet_gateways()
    _routes()
    _addresses()
    _describe_unknown()


def canonical(cidr: str) -> str:
    """A CIDR block without host bits, as AWS stores it; what is no CIDR is left to whoever refuses it."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        return cidr


def dependency(kind: str, resource_id: str) -> AwsError:
    """EC2's refusal to delete what is in use."""
    return AwsError("DependencyViolation", f"The {kind} '{resource_id}' has dependencies and cannot be deleted.")


def _check_tag_specifications() -> None:
    @wrap(EC2Response, "call_action")
    def call_action(original: Any, self: Any) -> Any:
        operation = self._get_action()
        if operation in _TAGGABLE:
            given = parameters(self).get("TagSpecifications", [])
            for specification in given:
                kind = specification.get("ResourceType")
                if kind not in _TAGGABLE[operation]:
                    message = f"'{kind}' is not a valid taggable resource type for this operation."
                    raise AwsError("InvalidParameterValue", message)
            for key in (tag.get("Key", "") for specification in given for tag in specification.get("Tags", [])):
                _check_tag_key(key)
        return original(self)


def _repeat_by_token() -> None:
    """A create that is repeated with its token makes nothing and answers with what the first one made."""
    for name, member in (
        ("create_nat_gateway", "NatGateway"),
        ("create_route_table", "RouteTable"),
        ("create_vpc_endpoint", "VpcEndpoint"),
    ):

        @wrap(EC2Response, name)
        def create(original: Any, self: Any, name: str = name, member: str = member) -> Any:
            given = parameters(self)
            if not given.get("ClientToken"):
                return original(self)
            made = self.ec2_backend.__dict__.setdefault("_made_by_token", {})
            key = (name, given["ClientToken"])
            if key not in made:
                answer = original(self)
                made[key] = (given, answer._result[member])
                return answer
            if made[key][0] != given:
                message = "Request is different from one previously submitted with the same client token"
                raise AwsError("IdempotentParameterMismatch", message)
            return ActionResult({member: made[key][1]})


def _check_tag_key(key: str) -> None:
    if key.lower().startswith("aws:"):
        message = f"Tag keys starting with 'aws:' are reserved for internal use (tag key: {key})"
        raise AwsError("InvalidParameterValue", message)


def _name_resource_types() -> None:
    for prefix, name in EC2_PREFIX_TO_RESOURCE.items():
        EC2_PREFIX_TO_RESOURCE[prefix] = _RESOURCE_TYPES.get(name, name)

    @wrap(TagBackend, "describe_tags")
    def describe_tags(original: Any, self: Any, filters: dict[str, list[str]] | None = None) -> Any:
        if filters and "resource-type" in filters:
            # Whoever learned moto's names is served too.
            names = [_RESOURCE_TYPES.get(name, name) for name in filters["resource-type"]]
            filters = filters | {"resource-type": names}
        known = [tag for tag in original(self, filters) if _exists(self, tag["resource_id"])]
        tagged = {name: values for name, values in (filters or {}).items() if name.startswith("tag:")}
        return [tag for tag in known if _has_tags(self, tag["resource_id"], tagged)] if tagged else known


def _has_tags(backend: Any, resource_id: str, filters: dict[str, list[str]]) -> bool:
    tags = backend.tags.get(resource_id, {})
    return all(tags.get(name.removeprefix("tag:")) in values for name, values in filters.items())


def _exists(backend: Any, resource_id: str) -> bool:
    """Whether a tagged resource is still there; kinds that are not looked after here count as there."""
    collections: dict[str, Any] = {
        "eni": backend.enis,
        "fl": backend.flow_logs,
        "igw": backend.internet_gateways,
        "nat": backend.nat_gateways,
        "pl": backend.managed_prefix_lists,
        "rtb": backend.route_tables,
        "vpc": backend.vpcs,
        "vpce": backend.vpc_end_points,
    }
    prefix = get_prefix(resource_id)
    if prefix in collections:
        return resource_id in collections[prefix]
    if prefix == "subnet":
        return any(resource_id in subnets for subnets in backend.subnets.values())
    if prefix == "sg":
        return any(resource_id in groups for groups in backend.groups.values())
    if prefix == "eipalloc":
        return any(address.allocation_id == resource_id for address in backend.addresses)
    return True


_NOT_FOUND = {
    "eipalloc": ("InvalidAllocationID.NotFound", "The allocation ID '{id}' does not exist"),
    "eni": ("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '{id}' does not exist"),
    "fl": ("InvalidFlowLogId.NotFound", "These flow log ids in the input list are not found: [{id}]"),
    "igw": ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{id}' does not exist"),
    "nat": ("InvalidNatGatewayID.NotFound", "The natGateway ID '{id}' does not exist"),
    "pl": ("InvalidPrefixListID.NotFound", "The prefix list ID '{id}' does not exist."),
    "rtb": ("InvalidRouteTableID.NotFound", "The routeTable ID '{id}' does not exist"),
    "sg": ("InvalidGroup.NotFound", "The security group '{id}' does not exist"),
    "subnet": ("InvalidSubnetID.NotFound", "The subnet ID '{id}' does not exist"),
    "vpc": ("InvalidVpcID.NotFound", "The vpc ID '{id}' does not exist"),
    "vpce": ("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '{id}' does not exist"),
}


def not_found(resource_id: str) -> AwsError:
    """EC2's error for an id that it does not know."""
    code, message = _NOT_FOUND[get_prefix(resource_id)]
    return AwsError(code, message.format(id=resource_id))


def _forget_tags_of_deleted() -> None:
    @wrap(EC2Backend, "do_resources_exist")
    def do_resources_exist(original: Any, self: Any, resource_ids: list[str]) -> bool:
        for resource_id in resource_ids:
            if get_prefix(resource_id) in _NOT_FOUND and not _exists(self, resource_id):
                raise not_found(resource_id)
        return bool(original(self, resource_ids))

    @wrap(TagBackend, "create_tags")
    def create_tags(original: Any, self: Any, resource_ids: list[str], tags: dict[str, str]) -> bool:
        for key in tags:
            _check_tag_key(key)
        return bool(original(self, resource_ids, tags))


def _vpcs() -> None:
    @wrap(VPCBackend, "create_vpc")
    def create_vpc(original: Any, self: Any, cidr_block: str, *args: Any, **kwargs: Any) -> Any:
        return original(self, canonical(cidr_block), *args, **kwargs)

    @wrap(VPCBackend, "delete_vpc")
    def delete_vpc(original: Any, self: Any, vpc_id: str) -> Any:
        self.get_vpc(vpc_id)
        groups = [group for group in self.groups.get(vpc_id, {}).values() if group.name != "default"]
        inhabitants = [
            *groups,
            *(gateway for gateway in self.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id),
            *(endpoint for endpoint in self.vpc_end_points.values() if endpoint.vpc_id == vpc_id),
            *(eni for eni in self.enis.values() if eni.vpc_id == vpc_id),
            *(table for table in self.route_tables.values() if table.vpc_id == vpc_id and not _is_main(table)),
        ]
        if inhabitants:
            raise dependency("vpc", vpc_id)
        self._vpc_in_deletion = vpc_id
        try:
            return original(self, vpc_id)
        finally:
            self._vpc_in_deletion = None


def being_deleted(backend: Any, vpc_id: str) -> bool:
    """Whether a VPC takes its main route table and default security group along just now."""
    return getattr(backend, "_vpc_in_deletion", None) == vpc_id


def _subnets() -> None:
    @wrap(SubnetBackend, "create_subnet")
    def create_subnet(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        zones = [zone.name for zone in self.describe_availability_zones()]
        zone = given.get("availability_zone")
        if zone and zone not in zones:
            message = (
                f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
                f"the following availability zones: {', '.join(zones)}."
            )
            raise AwsError("InvalidParameterValue", message)
        if not zone and not given.get("availability_zone_id"):
            given["availability_zone"] = zones[0]
        self.get_vpc(given["vpc_id"])
        if given.get("cidr_block"):
            given["cidr_block"] = canonical(given["cidr_block"])
            _check_subnet_size(given["cidr_block"])
        return original(self, **given)

    @wrap(SubnetBackend, "delete_subnet")
    def delete_subnet(original: Any, self: Any, subnet_id: str) -> Any:
        self.get_subnet(subnet_id)
        if subnet_holders(self.account_id, self.region_name, subnet_id):
            raise dependency("subnet", subnet_id)
        for table in self.route_tables.values():
            # an association goes with its subnet
            for association, target in list(table._associations.items()):
                if target == subnet_id:
                    del table._associations[association]
        return original(self, subnet_id)


def _check_subnet_size(cidr_block: str) -> None:
    try:
        size = ipaddress.IPv4Network(cidr_block).prefixlen
    except ValueError:
        return  # moto has the words for it
    if not 16 <= size <= 28:
        raise AwsError("InvalidSubnet.Range", f"The CIDR '{cidr_block}' is invalid.")


def _internet_gateways() -> None:
    @wrap(InternetGatewayBackend, "attach_internet_gateway")
    def attach(original: Any, self: Any, internet_gateway_id: str, vpc_id: str) -> Any:
        gateway = self.get_internet_gateway(internet_gateway_id)
        self.get_vpc(vpc_id)
        if gateway.vpc:
            message = f"resource {internet_gateway_id} is already attached to network {gateway.vpc.id}"
            raise AwsError("Resource.AlreadyAssociated", message)
        if any(other.vpc and other.vpc.id == vpc_id for other in self.internet_gateways.values()):
            message = f"Network {vpc_id} already has an internet gateway attached"
            raise AwsError("InvalidParameterValue", message)
        return original(self, internet_gateway_id, vpc_id)

    @wrap(InternetGatewayBackend, "detach_internet_gateway")
    def detach(original: Any, self: Any, internet_gateway_id: str, vpc_id: str) -> Any:
        gateway = self.get_internet_gateway(internet_gateway_id)
        if (
            gateway.vpc
            and gateway.vpc.id == vpc_id
            and any(eni.public_ip for eni in self.enis.values() if eni.vpc_id == vpc_id)
        ):
            message = (
                f"Network {vpc_id} has some mapped public address(es). "
                "Please unmap those public address(es) before detaching the gateway."
            )
            raise AwsError("DependencyViolation", message)
        return original(self, internet_gateway_id, vpc_id)

    @wrap(InternetGatewayBackend, "delete_internet_gateway")
    def delete(original: Any, self: Any, internet_gateway_id: str) -> Any:
        if self.get_internet_gateway(internet_gateway_id).vpc:
            raise dependency("internetGateway", internet_gateway_id)
        return original(self, internet_gateway_id)


def _is_main(table: Any) -> bool:
    return table.main_association_id is not None


def _routes() -> None:
    @wrap(RouteBackend, "delete_route_table")
    def delete_route_table(original: Any, self: Any, route_table_id: str) -> Any:
        table = self.get_route_table(route_table_id)
        if _is_main(table) and not being_deleted(self, table.vpc_id):
            raise dependency("routeTable", route_table_id)
        return original(self, route_table_id)

    @wrap(RouteBackend, "associate_route_table")
    def associate_route_table(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        route_table_id, subnet_id = given["route_table_id"], given.get("subnet_id")
        table = self.get_route_table(route_table_id)
        if subnet_id and self.get_subnet(subnet_id).vpc_id != table.vpc_id:
            message = f"Route table {route_table_id} and subnet {subnet_id} belong to different networks"
            raise AwsError("InvalidParameterValue", message)
        for other in self.route_tables.values():
            if subnet_id and subnet_id in other._associations.values() and other.id != route_table_id:
                message = (
                    f"the specified association for route table {route_table_id} conflicts with an existing association"
                )
                raise AwsError("Resource.AlreadyAssociated", message)
        return original(self, **given)

    for name in ("create_route", "replace_route"):

        @wrap(RouteBackend, name)
        def set_route(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
            given = named(original, self, args, kwargs)
            _check_route_target(self, given["route_table_id"], given)
            if given.get("destination_cidr_block"):
                given["destination_cidr_block"] = canonical(given["destination_cidr_block"])
            return original(self, **given)

    def state(self: Route) -> str:
        nat, gateway = self.nat_gateway, self.gateway
        if nat is not None and nat.state not in ("pending", "available"):
            return "blackhole"
        if gateway is not None and gateway.id.startswith("igw-") and not gateway.vpc:  # type: ignore[attr-defined]
            return "blackhole"
        return "active"

    Route.state = property(state)  # type: ignore[method-assign,assignment]


def _check_route_target(backend: Any, route_table_id: str, target: dict[str, Any]) -> None:
    """A route needs a target that is there, in the same VPC."""
    table = backend.get_route_table(route_table_id)
    nat_id, gateway_id = target.get("nat_gateway_id"), target.get("gateway_id")
    if nat_id:
        nat = backend.nat_gateways.get(nat_id)
        # A NAT gateway that was only just asked for is not known to the routing yet.
        if nat is None or nat.state != "available":
            raise not_found(nat_id)
    if gateway_id and gateway_id.startswith("igw-"):
        gateway = backend.get_internet_gateway(gateway_id)
        if not gateway.vpc or gateway.vpc.id != table.vpc_id:
            message = f"route table {route_table_id} and network gateway {gateway_id} belong to different networks"
            raise AwsError("InvalidParameterValue", message)


def _addresses() -> None:
    from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend

    @wrap(ElasticAddressBackend, "release_address")
    def release_address(original: Any, self: Any, address: str | None = None, allocation_id: str | None = None) -> Any:
        held = self.address_by_allocation([allocation_id]) if allocation_id else self.address_by_ip([address])
        if held[0].association_id:
            _refuse_release(held[0])
        return original(self, address, allocation_id)

    @wrap(ElasticAddressBackend, "disassociate_address")
    def disassociate_address(
        original: Any, self: Any, address: str | None = None, association_id: str | None = None
    ) -> Any:
        held = self.address_by_association([association_id]) if association_id else self.address_by_ip([address])
        if held[0].eni is not None and held[0].eni.requester_managed:
            raise AwsError("AuthFailure", "You do not have permission to access the specified resource.")
        return original(self, address, association_id)

    def _refuse_release(held: ElasticAddress) -> None:
        # The interface of a NAT gateway belongs to AWS, which is why AWS words it as a missing permission.
        if held.eni is not None and held.eni.requester_managed:  # type: ignore[attr-defined]
            raise AwsError("AuthFailure", "You do not have permission to access the specified resource.")
        raise AwsError("InvalidIPAddress.InUse", f"Address {held.public_ip} is in use.")


def _describe_unknown() -> None:
    """Where moto answers a describe of unknown ids with its own words, or with nothing at all."""

    @wrap(VPCBackend, "describe_vpcs")
    def describe_vpcs(original: Any, self: Any, vpc_ids: list[str] | None = None, filters: Any = None) -> Any:
        for vpc_id in vpc_ids or []:
            if vpc_id not in self.vpcs:
                raise AwsError("InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")
        return original(self, vpc_ids, filters)

    from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend

    @wrap(ManagedPrefixListBackend, "describe_managed_prefix_lists")
    def describe_lists(original: Any, self: Any, prefix_list_ids: list[str] | None = None, filters: Any = None) -> Any:
        for list_id in prefix_list_ids or []:
            if list_id not in self.managed_prefix_lists:
                raise AwsError("InvalidPrefixListID.NotFound", f"The prefix list ID '{list_id}' does not exist.")
        return original(self, prefix_list_ids, filters)

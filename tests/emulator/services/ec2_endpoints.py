"""VPC endpoints: states, interfaces, names and routes.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html and gateway-endpoints.html
"""

from __future__ import annotations

import json
import time
from typing import Any

from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, COVERED_ENDPOINT_SERVICES, VPCBackend, VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_private_ip, random_resource_id

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, wrap
from tests.emulator.services.ec2 import not_found
from tests.emulator.state import STATE

_KIND = "vpc_endpoint"
_GATEWAY_SERVICES = {"s3", "dynamodb"}


def install() -> None:
    """Extend moto."""
    VPCEndPoint.state = property(_state, _set_state)  # type: ignore[attr-defined,assignment]
    VPCEndPoint.vpc_endpoint_id = property(lambda self: self.id)  # type: ignore[attr-defined]
    _create()
    _modify()
    _delete()

    @wrap(EC2Response, "call_action")
    def call_action(original: Any, self: Any) -> Any:
        _finish_deletions(self.ec2_backend)
        return original(self)


def _is_gateway(endpoint: Any) -> bool:
    return endpoint.vpc_endpoint_type == "Gateway"


def _state(self: Any) -> str:
    if self._deleted_at is not None:
        return "deleting"
    # Gateway endpoints are only routes: they are there at once.
    return "available" if _is_gateway(self) or STATE.is_ready(_KIND, self._began) else "pending"


def _set_state(self: Any, value: str) -> None:
    if value == "deleted":
        self._deleted_at = time.time()
    else:
        self._began, self._deleted_at = time.time(), None


def _create() -> None:
    @wrap(VPCBackend, "create_vpc_endpoint")
    def create(original: Any, self: Any, **kwargs: Any) -> Any:
        kwargs["endpoint_type"] = kwargs.get("endpoint_type") or "Gateway"
        vpc = self.get_vpc(kwargs["vpc_id"])
        _check_service(self, kwargs["service_name"], kwargs["endpoint_type"])
        if kwargs["endpoint_type"] == "Gateway":
            kwargs["private_dns_enabled"] = False
            for table_id in kwargs.get("route_table_ids") or []:
                _check_route(self, table_id, kwargs["service_name"])
            return original(self, **kwargs)
        subnets = [self.get_subnet(subnet_id) for subnet_id in kwargs.get("subnet_ids") or []]
        _check_zones(subnets)
        if kwargs.get("private_dns_enabled"):
            _check_private_dns(self, vpc, kwargs["service_name"])
        kwargs["security_group_ids"] = kwargs.get("security_group_ids") or [self.get_default_security_group(vpc.id).id]
        for group_id in kwargs["security_group_ids"]:
            if not self.get_security_group_from_id(group_id):
                raise not_found(group_id)
        endpoint = original(self, **(kwargs | {"subnet_ids": []}))
        endpoint.subnet_ids = []
        for subnet in subnets:
            _add_interface(self, endpoint, subnet)
        return endpoint


def _check_service(backend: Any, service_name: str, endpoint_type: str) -> None:
    prefix = f"com.amazonaws.{backend.region_name}."
    if service_name.startswith("com.amazonaws.vpce."):
        return  # somebody's own endpoint service
    short = service_name.removeprefix(prefix)
    known = short in AWS_ENDPOINT_SERVICES or short in COVERED_ENDPOINT_SERVICES
    if not service_name.startswith(prefix) or not known:
        raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{service_name}' does not exist")
    if endpoint_type == "Gateway" and short not in _GATEWAY_SERVICES:
        message = "Endpoint type (Gateway) does not match available service types ([Interface])."
        raise AwsError("InvalidParameter", message)


def _check_zones(subnets: list[Any]) -> None:
    zones: set[str] = set()
    for subnet in subnets:
        if subnet.availability_zone in zones:
            message = f"Found another VPC endpoint subnet in the availability zone of {subnet.id}"
            raise AwsError("DuplicateSubnetsInSameZone", message)
        zones.add(subnet.availability_zone)


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _check_private_dns(backend: Any, vpc: Any, service_name: str) -> None:
    if not (_is_true(vpc.enable_dns_support) and _is_true(vpc.enable_dns_hostnames)):
        message = (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true "
            f"for {vpc.id}"
        )
        raise AwsError("InvalidParameter", message)
    for other in backend.vpc_end_points.values():
        if other.vpc_id == vpc.id and other.service_name == service_name and other.private_dns_enabled:
            message = (
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{_private_name(service_name, backend.region_name)} in the VPC {vpc.id}"
            )
            raise AwsError("InvalidParameter", message)


def _private_name(service_name: str, region: str) -> str:
    """com.amazonaws.us-east-1.ecr.api -> api.ecr.us-east-1.amazonaws.com."""
    short = service_name.removeprefix(f"com.amazonaws.{region}.")
    return f"{'.'.join(reversed(short.split('.')))}.{region}.amazonaws.com"


def _prefix_list(backend: Any, service_name: str) -> Any:
    return next((item for item in backend.managed_prefix_lists.values() if item.prefix_list_name == service_name), None)


def _check_route(backend: Any, route_table_id: str, service_name: str) -> None:
    prefix_list = _prefix_list(backend, service_name)
    table = backend.get_route_table(route_table_id)
    if prefix_list and any(route.destination_prefix_list_id == prefix_list.id for route in table.routes):
        message = f"route table {route_table_id} already has a route with destination-prefix-list-id {prefix_list.id}"
        raise AwsError("RouteAlreadyExists", message)


def _add_interface(backend: Any, endpoint: Any, subnet: Any) -> None:
    eni = backend.create_network_interface(
        subnet,
        random_private_ip(subnet.cidr_block),
        group_ids=endpoint.security_group_ids,
        description=f"VPC Endpoint Interface {endpoint.id}",
    )
    eni.interface_type, eni.requester_managed, eni.status = "vpc_endpoint", True, "in-use"
    endpoint.subnet_ids.append(subnet.id)
    endpoint.network_interface_ids.append(eni.id)
    _set_names(backend, endpoint)


def _set_names(backend: Any, endpoint: Any) -> None:
    if not hasattr(endpoint, "_name"):
        endpoint._name = f"{endpoint.id}-{random_resource_id(8)}"
    private = _private_name(endpoint.service_name, backend.region_name)
    stem = private.removesuffix(".amazonaws.com")
    zones = [backend.get_subnet(subnet_id).availability_zone for subnet_id in endpoint.subnet_ids]
    names = [endpoint._name, *(f"{endpoint._name}-{zone}" for zone in zones)]
    entries = [{"DnsName": f"{name}.{stem}.vpce.amazonaws.com", "HostedZoneId": "Z7HUB22UULQXV"} for name in names]
    if endpoint.private_dns_enabled:
        entries.append({"DnsName": private, "HostedZoneId": f"Z{endpoint.id[-13:].upper()}"})
    endpoint.dns_entries = entries


def _modify() -> None:
    def modify(response: Any, given: dict[str, Any]) -> dict[str, Any]:
        backend = response.ec2_backend
        endpoint = backend.describe_vpc_endpoints([given["VpcEndpointId"]])[0]
        if given.get("ResetPolicy"):
            endpoint.modify(_default_policy(), None, None, None, None, None, None)
        elif "PolicyDocument" in given:
            endpoint.modify(given["PolicyDocument"], None, None, None, None, None, None)
        if _is_gateway(endpoint):
            _modify_gateway(backend, endpoint, given)
        else:
            _modify_interface(backend, endpoint, given)
        return {"Return": True}

    add_operation(EC2Response, "ModifyVpcEndpoint", modify)


def _default_policy() -> str:
    return json.dumps(VPCEndPoint.DEFAULT_POLICY)


def _modify_gateway(backend: Any, endpoint: Any, given: dict[str, Any]) -> None:
    prefix_list = _prefix_list(backend, endpoint.service_name)
    for table_id in given.get("AddRouteTableIds", []):
        if table_id not in endpoint.route_table_ids:
            _check_route(backend, table_id, endpoint.service_name)
            backend.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list.id)
            endpoint.route_table_ids.append(table_id)
    for table_id in given.get("RemoveRouteTableIds", []):
        if table_id not in endpoint.route_table_ids:
            raise AwsError("InvalidRouteTableId.NotFound", f"The routeTable ID '{table_id}' does not exist")
        backend.delete_route(table_id, prefix_list.id)
        endpoint.route_table_ids.remove(table_id)


def _modify_interface(backend: Any, endpoint: Any, given: dict[str, Any]) -> None:
    added = [backend.get_subnet(subnet_id) for subnet_id in given.get("AddSubnetIds", [])]
    removed = given.get("RemoveSubnetIds", [])
    kept = [backend.get_subnet(subnet_id) for subnet_id in endpoint.subnet_ids if subnet_id not in removed]
    added = [subnet for subnet in added if subnet.id not in endpoint.subnet_ids]
    _check_zones(kept + added)
    groups = [group for group in endpoint.security_group_ids if group not in given.get("RemoveSecurityGroupIds", [])]
    for group_id in given.get("AddSecurityGroupIds", []):
        if not backend.get_security_group_from_id(group_id):
            raise not_found(group_id)
        if group_id not in groups:
            groups.append(group_id)
    if not groups:
        raise AwsError("InvalidParameter", "A VPC endpoint must have at least one security group.")
    if "PrivateDnsEnabled" in given:
        wanted = _is_true(given["PrivateDnsEnabled"])
        if wanted and not endpoint.private_dns_enabled:
            _check_private_dns(backend, backend.get_vpc(endpoint.vpc_id), endpoint.service_name)
        endpoint.private_dns_enabled = wanted
    endpoint.security_group_ids = groups
    for eni_id in list(endpoint.network_interface_ids):
        eni = backend.enis[eni_id]
        if eni.subnet.id in removed:
            del backend.enis[eni_id]
            endpoint.network_interface_ids.remove(eni_id)
            endpoint.subnet_ids.remove(eni.subnet.id)
        else:
            eni._group_set = [backend.get_security_group_from_id(group_id) for group_id in groups]
    for subnet in added:
        _add_interface(backend, endpoint, subnet)
    _set_names(backend, endpoint)


def _delete() -> None:
    def delete(response: Any, given: dict[str, Any]) -> dict[str, Any]:
        backend = response.ec2_backend
        unsuccessful = []
        for endpoint_id in given.get("VpcEndpointIds", []):
            endpoint = backend.vpc_end_points.get(endpoint_id)
            if endpoint is None:
                message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
                error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}
                unsuccessful.append({"ResourceId": endpoint_id, "Error": error})
            elif endpoint._deleted_at is None:
                if _is_gateway(endpoint):
                    for table_id in endpoint.route_table_ids:
                        backend.delete_route(table_id, endpoint.destination_prefix_list_id)
                endpoint.state = "deleted"
        _finish_deletions(backend)
        return {"Unsuccessful": unsuccessful}

    add_operation(EC2Response, "DeleteVpcEndpoints", delete)


def _finish_deletions(backend: Any) -> None:
    """Endpoints that are deleted are gone, with their interfaces."""
    for endpoint in list(backend.vpc_end_points.values()):
        if endpoint._deleted_at is None:
            continue
        if _is_gateway(endpoint) or STATE.is_ready(_KIND, endpoint._deleted_at):
            for eni_id in endpoint.network_interface_ids:
                backend.enis.pop(eni_id, None)
            del backend.vpc_end_points[endpoint.id]
            backend.tags.pop(endpoint.id, None)

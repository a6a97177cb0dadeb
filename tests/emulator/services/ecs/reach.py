"""What a task can reach from its subnet: the internet, or a service of AWS through an endpoint of the VPC.

A task without a public address needs a NAT gateway, or endpoints for what it pulls from: "Amazon ECS interface VPC
endpoints" and "Amazon ECR interface VPC endpoints" of the guides. Routes to anything else than an internet or NAT
gateway (transit gateways, peerings, appliances) are taken to lead to the internet.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends

from .common import Backend


@dataclass(frozen=True)
class Place:
    """Where a task is."""

    backend: Backend
    subnet_id: str
    groups: list[str]
    public: bool

    @property
    def _ec2(self) -> Any:
        return ec2_backends[self.backend.account_id][self.backend.region_name]

    def reaches(self, *services: str) -> bool:
        """Whether it reaches services of AWS, all of them; without any, whether it reaches the internet."""
        if not self._may_go_out():
            return False
        return self._has_internet() or (bool(services) and all(self._has_endpoint(service) for service in services))

    def _may_go_out(self) -> bool:
        """Whether the security groups let HTTPS out."""
        groups = [self._ec2.get_security_group_from_id(item) for item in self.groups]
        return any(_covers(rule, 443) for group in groups if group is not None for rule in group.egress_rules)

    def _table(self) -> Any:
        """The route table of the subnet, which is the main one of the VPC if it has none."""
        vpc_id = self._ec2.get_subnet(self.subnet_id).vpc_id
        tables = [table for table in self._ec2.route_tables.values() if table.vpc_id == vpc_id]
        own = [table for table in tables if self.subnet_id in table._associations.values()]
        return (own or [table for table in tables if table.main_association_id])[0]

    def _has_internet(self) -> bool:
        for route in _routes(self._table()):
            if route.destination_cidr_block != "0.0.0.0/0":
                continue
            if route.nat_gateway is not None:
                gateway = route.nat_gateway
                return gateway.state == "available" and gateway.connectivity_type == "public"
            if route.gateway is not None and route.gateway.id.startswith("igw-"):
                return self.public
            return True
        return False

    def _has_endpoint(self, service: str) -> bool:
        vpc_id = self._ec2.get_subnet(self.subnet_id).vpc_id
        name = f"com.amazonaws.{self.backend.region_name}.{service}"
        for endpoint in self._ec2.vpc_end_points.values():
            if (endpoint.vpc_id, endpoint.service_name, endpoint.state) != (vpc_id, name, "available"):
                continue
            if (endpoint.vpc_endpoint_type or "").lower() == "gateway":
                if self._table().id in (endpoint.route_table_ids or []):
                    return True
            elif endpoint.private_dns_enabled is not False and self.is_let_in(endpoint.security_group_ids, 443):
                return True
        return False

    @property
    def zone(self) -> str:
        """The name of its zone."""
        return str(self._ec2.get_subnet(self.subnet_id).availability_zone)

    def is_let_in(self, group_ids: list[str], port: int) -> bool:
        """Whether security groups take a port from the task."""
        network = ipaddress.IPv4Network(self._ec2.get_subnet(self.subnet_id).cidr_block)
        for group_id in group_ids:
            group = self._ec2.get_security_group_from_id(group_id)
            for rule in group.ingress_rules if group is not None else []:
                cidr = (rule.ip_range or {}).get("CidrIp")
                from_task = (rule.source_group or {}).get("GroupId") in self.groups
                from_task = from_task or bool(cidr and network.subnet_of(ipaddress.IPv4Network(cidr, strict=False)))
                if from_task and _covers(rule, port):
                    return True
        return False


def _routes(table: Any) -> Iterator[Any]:
    yield from getattr(table, "_routes", {}).values()


def _covers(rule: Any, port: int) -> bool:
    if rule.ip_protocol == "-1":
        return True
    return rule.ip_protocol == "tcp" and int(rule.from_port) <= port <= int(rule.to_port)

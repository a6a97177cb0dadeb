"""NAT gateways: their states, their interfaces, and how they fail.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html and nat-gateway-troubleshooting.html
"""

from __future__ import annotations

import datetime
import time
from typing import Any

from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, random_private_ip

from tests.emulator.errors import AwsError
from tests.emulator.extend import wrap
from tests.emulator.services.ec2 import not_found
from tests.emulator.state import STATE

_KIND = "nat_gateway"


def install() -> None:
    """Extend moto."""
    NatGateway.state = property(_state, _set_state)  # type: ignore[attr-defined,assignment]
    NatGateway.delete_time = property(_delete_time)  # type: ignore[attr-defined]
    NatGateway.nat_gateway_id = property(lambda self: self.id)  # type: ignore[attr-defined]
    NatGateway.failure_code = property(lambda self: _failure(self, 0))  # type: ignore[attr-defined]
    NatGateway.failure_message = property(lambda self: _failure(self, 1))  # type: ignore[attr-defined]
    _backend()

    @wrap(EC2Response, "call_action")
    def call_action(original: Any, self: Any) -> Any:
        _finish_deletions(self.ec2_backend)
        return original(self)


def _state(self: Any) -> str:
    if self._deleted_at is not None:
        return "deleted" if STATE.is_ready(_KIND, self._deleted_at) else "deleting"
    if not STATE.is_ready(_KIND, self._began):
        return "pending"
    return "failed" if self._failed else "available"


def _set_state(self: Any, value: str) -> None:
    """moto sets "available" when it makes one and "deleted" when it deletes one."""
    if value == "deleted":
        self._deleted_at = time.time()
    else:
        self._began, self._deleted_at, self._failed = time.time(), None, None


def _delete_time(self: Any) -> datetime.datetime | None:
    return self._deleted_at and datetime.datetime.fromtimestamp(self._deleted_at, datetime.UTC)


def _failure(self: Any, part: int) -> str | None:
    return self._failed[part] if self._failed and self.state == "failed" else None


def _backend() -> None:
    @wrap(NatGatewayBackend, "create_nat_gateway")
    def create(
        original: Any,
        self: Any,
        subnet_id: str,
        allocation_id: str | None,
        tags: dict[str, str] | None = None,
        connectivity_type: str | None = None,
    ) -> Any:
        connectivity_type = connectivity_type or "public"
        subnet = self.get_subnet(subnet_id)
        failure = _check(self, subnet, allocation_id, connectivity_type)
        if failure:
            # AWS makes a gateway all the same, and it fails.
            allocation_id = None
        gateway = original(self, subnet_id, allocation_id, tags, connectivity_type)
        gateway._failed = failure
        eni = gateway._eni
        eni.interface_type = "nat_gateway"
        eni.description = f"Interface for NAT Gateway {gateway.id}"
        eni.requester_managed, eni.status = True, "in-use"
        eni._group_set = []
        eni.private_ip_address = random_private_ip(subnet.cidr_block)
        eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": eni.private_ip_address}]
        address = gateway.address_set[0]
        address |= {"privateIp": eni.private_ip_address, "isPrimary": True, "status": "succeeded"}
        if failure:
            self.enis.pop(eni.id, None)
        return gateway

    @wrap(NatGatewayBackend, "describe_nat_gateways")
    def describe(original: Any, self: Any, filters: Any, nat_gateway_ids: list[str] | None) -> Any:
        for gateway_id in nat_gateway_ids or []:
            if gateway_id not in self.nat_gateways:
                raise AwsError("NatGatewayNotFound", f"NAT gateway {gateway_id} was not found")
        gateways = [
            gateway for gateway in self.nat_gateways.values() if not nat_gateway_ids or gateway.id in nat_gateway_ids
        ]
        return generic_filter(filters, gateways)

    @wrap(NatGatewayBackend, "delete_nat_gateway")
    def delete(original: Any, self: Any, nat_gateway_id: str) -> Any:
        gateway = self.nat_gateways.get(nat_gateway_id)
        if gateway is None:
            raise AwsError("NatGatewayNotFound", f"NAT gateway {nat_gateway_id} was not found")
        if gateway.state not in ("deleting", "deleted"):
            original(self, nat_gateway_id)
            _finish_deletions(self)
        return gateway


def _check(backend: Any, subnet: Any, allocation_id: str | None, connectivity: str) -> tuple[str, str] | None:
    """Refuse what AWS refuses at once; return the failure that shows up later."""
    if connectivity == "private":
        return None
    if not allocation_id:
        message = (
            "The request must include the AllocationId parameter. Add the required parameter and retry the request."
        )
        raise AwsError("MissingParameter", message)
    held = [address for address in backend.addresses if address.allocation_id == allocation_id]
    if not held:
        raise not_found(allocation_id)
    if held[0].association_id:
        return "Resource.AlreadyAssociated", f"Elastic IP address [{allocation_id}] is already associated"
    attached = any(gateway.vpc and gateway.vpc.id == subnet.vpc_id for gateway in backend.internet_gateways.values())
    if not attached:
        return "Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached"
    return None


def _finish_deletions(backend: Any) -> None:
    """Give back the interface and the address of gateways that are gone by now."""
    for gateway in backend.nat_gateways.values():
        if gateway.state != "deleted" or gateway._eni.id not in backend.enis:
            continue
        del backend.enis[gateway._eni.id]
        for address in backend.addresses:
            if address.eni is gateway._eni:
                address.eni = address.association_id = None
        for address in gateway.address_set:
            address.pop("associationId", None)

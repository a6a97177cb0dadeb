"""Subnets, security groups and network interfaces, as managed services use them.

A database or a cache node has an interface in its subnet, which the service manages: as long as it exists, neither the
subnet nor its security groups can be deleted.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import BaseResponse
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.responses import EC2Response

from tests.emulator.errors import AwsError
from tests.emulator.extend import wrap

_settlers: list[Callable[[], None]] = []


def backend(account_id: str, region: str) -> Any:
    """moto's EC2 of an account and region."""
    return ec2_backends[account_id][region]


def zones(account_id: str, region: str) -> list[str]:
    """The names of the region's zones."""
    return [zone.name for zone in backend(account_id, region).describe_availability_zones()]


def find_subnets(account_id: str, region: str, subnet_ids: Iterable[str]) -> tuple[list[Any], list[str]]:
    """The subnets that exist, and the ids of those that do not."""
    known = {key: subnet for group in backend(account_id, region).subnets.values() for key, subnet in group.items()}
    wanted = list(dict.fromkeys(subnet_ids))
    return [known[key] for key in wanted if key in known], [key for key in wanted if key not in known]


def default_subnets(account_id: str, region: str) -> list[Any]:
    """The subnets of the default VPC, none when there is no such VPC."""
    ec2 = backend(account_id, region)
    vpc = next((vpc for vpc in ec2.vpcs.values() if vpc.is_default), None)
    if vpc is None:
        return []
    found = [subnet for group in ec2.subnets.values() for subnet in group.values() if subnet.vpc_id == vpc.id]
    return sorted(found, key=lambda subnet: subnet.availability_zone)


def find_group(account_id: str, region: str, group_id: str) -> Any | None:
    """A security group."""
    return backend(account_id, region).get_security_group_from_id(group_id)


def default_group_id(account_id: str, region: str, vpc_id: str) -> str:
    """The security group that every VPC has."""
    groups = backend(account_id, region).groups[vpc_id].values()
    return next(group.id for group in groups if group.name == "default")


def place_interface(
    account_id: str, region: str, subnet_id: str, group_ids: list[str], description: str, requester: str
) -> str:
    """Make an interface that a service manages; returns its id."""
    ec2 = backend(account_id, region)
    interface = ec2.create_network_interface(
        ec2.get_subnet(subnet_id), None, group_ids=group_ids, description=description
    )
    interface.requester_managed = True
    interface.requester_id = requester
    interface.status = "in-use"
    return interface.id


def regroup_interface(account_id: str, region: str, interface_id: str, group_ids: list[str]) -> None:
    """Give an interface other security groups."""
    interface = backend(account_id, region).enis.get(interface_id)
    if interface is not None:
        interface._group_set = [find_group(account_id, region, group_id) for group_id in group_ids]


def remove_interface(account_id: str, region: str, interface_id: str) -> None:
    """Remove an interface that a service manages."""
    backend(account_id, region).enis.pop(interface_id, None)


def settle_before_ec2(settle: Callable[[], None]) -> None:
    """Call ``settle`` before every EC2 request, so that interfaces of what is deleted by now are gone."""
    _settlers.append(settle)
    _install()


@functools.cache
def _install() -> None:
    original = EC2Response.__dict__.get("call_action")

    def call_action(self: Any) -> Any:
        for settle in _settlers:
            settle()
        return (original or BaseResponse.call_action)(self)

    EC2Response.call_action = call_action  # type: ignore[method-assign]

    @wrap(EC2Backend, "delete_network_interface")
    def delete_network_interface(original: Callable[..., Any], self: Any, eni_id: str) -> Any:
        interface = self.enis.get(eni_id)
        if interface is not None and interface.requester_managed and interface.status == "in-use":
            raise AwsError("InvalidParameterValue", f"Network interface '{eni_id}' is currently in use.")
        return original(self, eni_id)

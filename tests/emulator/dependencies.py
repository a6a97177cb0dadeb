"""Who holds a security group or a subnet: what AWS refuses to delete while it is in use.

On AWS every holder shows up as a network interface, and so do load balancers, tasks, databases, caches, endpoints, NAT
gateways, mount targets and VPC links here. Functions have none here and are asked themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def security_group_holders(account: str, region: str, group_id: str) -> list[str]:
    """What uses a security group, in words; empty when nothing does."""
    return [holder for holder, groups, _unused in _holdings(account, region) if group_id in groups]


def subnet_holders(account: str, region: str, subnet_id: str) -> list[str]:
    """What stands in a subnet, in words; empty when nothing does."""
    return [holder for holder, _unused, subnets in _holdings(account, region) if subnet_id in subnets]


def _holdings(account: str, region: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(holder, security groups, subnets) of everything that lives in a VPC."""
    from moto.backends import get_backend

    def backend(service: str) -> Any:
        return get_backend(service)[account][region]  # type: ignore[call-overload]

    for eni in backend("ec2").enis.values():
        yield f"network interface {eni.id}", [group.id for group in eni.group_set], [eni.subnet.id]
    for function in backend("lambda").list_functions():
        config = function._vpc_config or {}
        groups, subnets = config.get("SecurityGroupIds", []), config.get("SubnetIds", [])
        yield f"function {function.function_name}", list(groups), list(subnets)

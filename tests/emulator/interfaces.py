"""Network interfaces that AWS services keep in a VPC for what they run there.

As on AWS they hold their subnet and security groups in use (DependencyViolation) until the service takes them away.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends


def attach(
    account: str,
    region: str,
    subnet_id: str,
    groups: list[str],
    description: str,
    requester: str,
    public_ip: bool = False,
) -> Any:
    """Make an interface that is in use, with an address of the subnet; the default group serves if none is given."""
    ec2: Any = ec2_backends[account][region]
    subnet = ec2.get_subnet(subnet_id)
    address = subnet.get_available_subnet_ip(None)
    interface = ec2.create_network_interface(
        subnet, address, group_ids=groups, description=description, public_ip_auto_assign=public_ip
    )
    interface.status = "in-use"
    interface.requester_managed = True
    interface.requester_id = requester
    # moto names an interface only where the VPC has DNS hostnames; on AWS every address has a private name
    interface.private_dns_name = f"ip-{address.replace('.', '-')}.ec2.internal"
    return interface


def detach(account: str, region: str, interface_id: str) -> None:
    """Take an interface away, if it is still there."""
    ec2 = ec2_backends[account][region]
    interface = ec2.enis.pop(interface_id, None)
    if interface is not None:
        interface.subnet.del_subnet_ip(interface.private_ip_address)

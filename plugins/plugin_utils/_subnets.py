# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which subnets a VPC has: pure functions on ranges of addresses."""

from __future__ import annotations

import ipaddress
import typing as t

#: The sizes that AWS takes for VPCs and subnets (Amazon VPC User Guide, VPC CIDR blocks; Subnet sizing).
LARGEST, SMALLEST = 16, 28

#: The smallest VPC that is carved: 32 blocks of it are just large enough for a load balancer.
SMALLEST_CARVED = 22

#: The number of the first block of each tier, where blocks are counted from nought. Ten zones fit between them, so
#: that another zone or another tier never moves what is there.
FIRST_BLOCK = {"public": 1, "private": 11, "database": 21}
MOST_ZONES = 10


class Subnet(t.TypedDict):
    """One subnet of the plan; ``letter`` is its zone's, as in names."""

    name: str
    cidr_block: str
    availability_zone: str
    tier: str
    letter: str


def plan(
    vpc_cidr: str, zones: t.Sequence[str], tiers: t.Mapping[str, t.Sequence[str] | None], prefix: str
) -> list[Subnet]:
    """The subnets of a VPC, tier by tier and in the order of the zones. Raises ValueError.

    tiers: for each of public, private and database the ranges of its subnets, the i-th in the i-th zone, or None to
    carve one for each zone from the VPC's range.
    """
    vpc = _network(vpc_cidr, "the VPC")
    if not zones or len(zones) != len(set(zones)):
        raise ValueError(f"zones must be named, each once: {', '.join(zones) or 'there are none'}")
    letters = zone_letters(zones)
    subnets: list[Subnet] = []
    for tier, ranges in tiers.items():
        cidrs = carve(vpc, tier, len(zones)) if ranges is None else list(ranges)
        if len(cidrs) > len(zones):
            raise ValueError(f"{len(cidrs)} {tier} subnets do not fit into {len(zones)} zones, one in each")
        for cidr, zone in zip(cidrs, zones, strict=False):
            subnets.append(
                {
                    "name": f"{prefix}-{tier}-{letters[zone]}",
                    "cidr_block": cidr,
                    "availability_zone": zone,
                    "tier": tier,
                    "letter": letters[zone],
                }
            )
    _check(vpc, subnets)
    return subnets


def carve(vpc: ipaddress.IPv4Network, tier: str, count: int) -> list[str]:
    """The ranges of a tier's subnets: from a /16 its /24 blocks, from a smaller VPC its 32 equal blocks."""
    if vpc.prefixlen > SMALLEST_CARVED:
        raise ValueError(
            f"{vpc} is too small to be carved (at least /{SMALLEST_CARVED}); give the ranges of its subnets"
        )
    if count > MOST_ZONES:
        raise ValueError(f"more than {MOST_ZONES} zones are not carved; give the ranges of their subnets")
    bits = 8 if vpc.prefixlen == LARGEST else 5
    size = 2 ** (vpc.max_prefixlen - vpc.prefixlen - bits)
    first = int(vpc.network_address) + FIRST_BLOCK[tier] * size
    return [str(ipaddress.ip_network((first + number * size, vpc.prefixlen + bits))) for number in range(count)]


def zone_letters(zones: t.Sequence[str]) -> dict[str, str]:
    """Zones in short, as they are in names: a for us-east-1a; in full where letters repeat, as with local zones."""
    letters = {zone: zone[-1] for zone in zones}
    return letters if len(set(letters.values())) == len(zones) else {zone: zone for zone in zones}


def route_tables(
    subnets: t.Sequence[Subnet],
    subnet_ids: t.Mapping[str, str],
    internet_gateway_id: str,
    nat_gateway_ids: t.Mapping[str, str],
    with_private_routes: bool,
    prefix: str,
) -> list[dict[str, t.Any]]:
    """The route tables of planned subnets, as the module route_tables takes them.

    One for all public subnets, one for all database subnets, and one for each private subnet whatever NAT there is: so
    NAT comes, goes and changes by replacing a route, and no subnet ever changes its table.
    subnet_ids: by name. nat_gateway_ids: by letter of the zone; a zone without one uses the first.
    with_private_routes: False leaves the private routes as they are, while their NAT gateways are not ready.
    """
    tables = []
    for tier, routes in (("public", [_default_route(gateway_id=internet_gateway_id)]), ("database", [])):
        names = [subnet["name"] for subnet in subnets if subnet["tier"] == tier]
        if names:
            ids = [subnet_ids[name] for name in names]
            tables.append({"name": f"{prefix}-{tier}", "subnet_ids": ids, "routes": routes})
    first = next(iter(nat_gateway_ids.values()), None)
    for subnet in subnets:
        if subnet["tier"] == "private":
            table: dict[str, t.Any] = {"name": subnet["name"], "subnet_ids": [subnet_ids[subnet["name"]]]}
            nat = nat_gateway_ids.get(subnet["letter"], first)
            if with_private_routes:
                table["routes"] = [_default_route(nat_gateway_id=nat)] if nat else []
            tables.append(table)
    return tables


def _default_route(**target: str) -> dict[str, str]:
    return {"destination_cidr_block": "0.0.0.0/0", **target}


def _network(cidr: str, whose: str) -> ipaddress.IPv4Network:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(f"the range of {whose} is wrong: {error}") from error
    if not LARGEST <= network.prefixlen <= SMALLEST:
        raise ValueError(f"the range of {whose}, {cidr}, is not from /{LARGEST} to /{SMALLEST}, which AWS asks for")
    return network


def _check(vpc: ipaddress.IPv4Network, subnets: t.Sequence[Subnet]) -> None:
    seen: dict[str, ipaddress.IPv4Network] = {}
    for subnet in subnets:
        network = _network(subnet["cidr_block"], subnet["name"])
        if not network.subnet_of(vpc):
            raise ValueError(f"the range of {subnet['name']}, {network}, is outside the VPC's, {vpc}")
        for name, other in seen.items():
            if network.overlaps(other):
                raise ValueError(f"the ranges of {name}, {other}, and {subnet['name']}, {network}, overlap")
        seen[subnet["name"]] = network

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the network can be made: zones on offer, and quotas of VPCs, addresses and NAT gateways."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._readiness import Fault, Fields, Findings
from ansible_collections.webstack.aws.plugins.module_utils._readiness_quotas import (
    ADDRESSES,
    NAT_GATEWAYS,
    VPCS,
    check_quota,
)
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_to_dict

#: Amazon VPC User Guide, "Amazon VPC quotas": only those in these states count.
COUNTED_STATES = ("pending", "available", "deleting")
#: Those that are in use or will be.
LIVE_STATES = ("pending", "available")

#: Addresses that AWS gave; those of ranges that a customer brought count for no quota.
AMAZONS_POOL = "amazon"


def check_zones(aws: Aws, wanted: Fields, _arn: str, findings: Findings) -> None:
    """The zones are there for this account."""
    with findings.asking(aws, "the zones"):
        offered = aws.read("ec2", "describe_availability_zones", "AvailabilityZones")
        findings.faults += zone_faults(wanted["zones"], offered)


def zone_faults(names: t.Iterable[str], offered: t.Iterable[Fields]) -> list[Fault]:
    """Zones that the account is not offered, or that are not well. Pure."""
    known = {zone["ZoneName"]: zone for zone in offered}
    well = [name for name, zone in known.items() if zone["State"] == "available"]
    right = f"zones of those that it has: {', '.join(sorted(well))}"
    faults = []
    for name in names:
        if name not in known:
            faults.append(Fault("network_zones", f"AWS does not offer {name} to this account", right))
        elif name not in well:
            said = "; ".join(message["Message"] for message in known[name].get("Messages", []))
            state = f"{name} is {known[name]['State']}{said and f': {said}'}"
            faults.append(Fault("network_zones", state, right))
    return faults


def check_network(aws: Aws, wanted: Fields, arn: str, findings: Findings) -> None:
    """What is still to be made of the network fits into the account's quotas."""
    account = arn.split(":")[4]
    with findings.asking(aws, "the VPCs"):
        vpcs = aws.read("ec2", "describe_vpcs", "Vpcs")
        named = [vpc for vpc in vpcs if _name(vpc) == wanted["vpc_name"]]
        ours = [vpc for vpc in named if not _foreign(vpc, wanted)]
        if named and not ours:
            findings.fault(
                "webstack_stack",
                f"there is a VPC {wanted['vpc_name']} ({named[0]['VpcId']}), and {_foreign(named[0], wanted)}",
                "another name of the stack, or that VPC removed or renamed",
            )
        # Those that other accounts share count for these.
        own = [vpc for vpc in vpcs if vpc.get("OwnerId", account) == account]
        check_quota(aws, findings, "network_vpc_cidr", VPCS, {"": len(own)}, {"": 0 if named else 1})
    if wanted["nat_gateways"]:
        with findings.asking(aws, "the NAT gateways"):
            _check_nat(aws, wanted, findings)


def _check_nat(aws: Aws, wanted: Fields, findings: Findings) -> None:
    gateways = aws.read("ec2", "describe_nat_gateways", "NatGateways")
    live = {_name(item) for item in gateways if item["State"] in LIVE_STATES and not _foreign(item, wanted)}
    missing = [item for item in wanted["nat_gateways"] if item["name"] not in live]
    if not missing:
        return
    counted = [item for item in gateways if item["State"] in COUNTED_STATES and item.get("SubnetId")]
    subnet_ids = sorted({item["SubnetId"] for item in counted})
    subnets: list[Fields] = []
    if subnet_ids:
        filters = [{"Name": "subnet-id", "Values": subnet_ids}]
        subnets = aws.read("ec2", "describe_subnets", "Subnets", Filters=filters)
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in subnets}
    used = collections.Counter(zones.get(item["SubnetId"], "") for item in counted)
    more = collections.Counter(item["zone"] for item in missing)
    check_quota(aws, findings, "network_nat_mode", NAT_GATEWAYS, used, more)
    with findings.asking(aws, "the Elastic IPs"):
        addresses = aws.read("ec2", "describe_addresses", "Addresses")
        held = {_name(item) for item in addresses if not _foreign(item, wanted)}
        amazons = [item for item in addresses if item.get("PublicIpv4Pool", AMAZONS_POOL) == AMAZONS_POOL]
        lacking = [item for item in missing if item["name"] not in held]
        check_quota(aws, findings, "network_nat_mode", ADDRESSES, {"": len(amazons)}, {"": len(lacking)})


def _name(item: Fields) -> str:
    return tags_to_dict(item.get("Tags")).get("Name", "")


def _foreign(item: Fields, wanted: Fields) -> str:
    return foreign_owner(tags_to_dict(item.get("Tags")), wanted["tags"])

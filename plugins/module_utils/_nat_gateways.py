# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NAT gateways and the Elastic IPs that they have."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind
from ansible_collections.webstack.aws.plugins.module_utils._errors import ImmutableError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_id
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_gone

#: What stands for an address that AWS has not given yet.
NO_ADDRESS = "0.0.0.0"


class Address(Ec2Kind):
    """An Elastic IP, found by its tag Name; only used by NatGateway."""

    noun = "elastic_ip"
    describe = "describe_addresses"
    path = "Addresses"
    id_field = "AllocationId"
    id_prefix = "eipalloc"
    tag_type = "elastic-ip"


class NatGateway(Ec2Kind):
    """A public NAT gateway with an Elastic IP of the same name, one thing to the user.

    The address comes first and goes last, so that a run that was killed in between leaves an address without a gateway,
    which counts as a NAT gateway that has no subnet yet; the next run completes or removes it.
    """

    noun = "nat_gateway"
    plural = "nat_gateways"
    describe = "describe_nat_gateways"
    path = "NatGateways"
    filters = "Filter"
    id_field = "NatGatewayId"
    id_prefix = "nat"
    tag_type = "natgateway"
    needed = ("subnet_id",)

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._addresses = Address(aws)
        self._going: dict[str, list[str]] = {}
        self._launched: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        self._addresses.options = self.options
        found = self.find({"tag:Name": names})
        gateways = self.choose(names, found)
        addresses = self._addresses.read(names)
        live = {}
        for name in names:
            gateway, address = gateways.get(name), addresses.get(name)
            self._going[name] = [
                other["NatGatewayId"]
                for other in found
                if other["State"] == "deleting" and tags_to_dict(other.get("Tags")).get("Name") == name
            ]
            if gateway is not None and not self.is_going(gateway):
                live[name] = {**gateway, **_address_of(gateway), "Address": address}
            elif address is not None and name not in self._launched:
                # of one that was just made AWS may show the address and not the gateway yet: then it is not visible
                ids = {key: address[key] for key in ("AllocationId", "PublicIp")}
                live[name] = {**ids, "Tags": address.get("Tags", []), "Address": address}
        return live

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        self._addresses.options = self.options
        own = {f"tag:{key}": [value] for key, value in self.own_tags().items()}
        gateways, addresses = self.find(own), self._addresses.find(own)
        return sorted((self.own_names(gateways) | self._addresses.own_names(addresses)) - set(names))

    def is_going(self, live: Fields) -> bool:
        # one that failed stays visible for an hour and does nothing
        return live.get("State") in ("deleting", "deleted", "failed")

    def normalize(self, name: str, live: Fields) -> Fields:
        return {"subnet_id": live.get("SubnetId"), "tags": tags_to_dict(live.get("Tags"))}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        """A NAT gateway stays in its subnet (EC2 API: there is no call that modifies one)."""
        before = live.get("SubnetId") if live else None
        super().refuse(name, live if before else None, wanted)
        after = (wanted or {}).get("subnet_id", before)
        if before not in (None, after):
            raise ImmutableError(
                f"nat_gateway {name}: AWS cannot move it from {before} to {after}",
                "remove it first, then make it anew; it then has another public address",
            )

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "create":
            return ["what leaves through it has a new public address"]
        address = (outcome.live or {}).get("PublicIp", "")
        if outcome.action == "delete":
            return [f"its public address {address} is given back to AWS, which may give it to others"]
        if any(change.field == "subnet_id" for change in outcome.changes):
            return [f"it gets the address {address} that was kept for it"]
        return []

    def create(self, name: str, wanted: Fields) -> None:
        allocation_id = self._addresses.make(
            name,
            "allocate_address",
            "",
            Domain="vpc",
            TagSpecifications=self._addresses.tag_specifications(name, wanted),
        )
        self._launch(name, allocation_id, wanted)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "tags" in changed:
            self.update_tags([live[key] for key in ("NatGatewayId", "AllocationId") if key in live], live, wanted)
        if "subnet_id" in changed:
            self._launch(name, live["AllocationId"], wanted)

    def delete(self, name: str, live: Fields) -> None:
        going = list(self._going[name])
        if "NatGatewayId" in live:
            going.append(live["NatGatewayId"])
            self.aws.write(
                "ec2", "delete_nat_gateway", missing=("NatGatewayNotFound",), NatGatewayId=live["NatGatewayId"]
            )
        self._await_gone(going)
        if live["Address"] is not None:
            self.aws.write(
                "ec2",
                "release_address",
                missing=("InvalidAllocationID.NotFound", "InvalidElasticIpID.NotFound"),
                # so AWS says, with words about permissions, for a moment after the gateway has gone
                propagating=r"AuthFailure|InvalidIPAddress\.InUse",
                AllocationId=live["Address"]["AllocationId"],
            )

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key != "Address"}
        return super().result(name, shapes)

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        # where there is only an address, the gateway is still to be made
        return {"nat_gateway_id": placeholder_id("nat", name), **super().planned(name, live, changes)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            **super().placeholder(name, wanted),
            "allocation_id": placeholder_id("eipalloc", name),
            "public_ip": NO_ADDRESS,
            "state": "pending",
        }

    def _launch(self, name: str, allocation_id: str, wanted: Fields) -> None:
        # the address is not free before an earlier gateway has gone
        self._await_gone(self._going[name])
        self.make(
            name,
            "create_nat_gateway",
            "NatGateway",
            propagating=r"Invalid(AllocationID|ElasticIpID|SubnetID|Subnet)\.NotFound|Gateway\.NotAttached",
            SubnetId=wanted["subnet_id"],
            AllocationId=allocation_id,
            TagSpecifications=self.tag_specifications(name, wanted),
        )
        self._launched.add(name)

    def _await_gone(self, gateway_ids: list[str]) -> None:
        for gateway_id in gateway_ids:
            wait_gone(self.aws, "nat_gateway", gateway_id)


def _address_of(gateway: Fields) -> Fields:
    addresses = gateway.get("NatGatewayAddresses", [])
    primary = next((each for each in addresses if each.get("IsPrimary")), addresses[0] if addresses else {})
    return {key: primary[key] for key in ("AllocationId", "PublicIp") if key in primary}

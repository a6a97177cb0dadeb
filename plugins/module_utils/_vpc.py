# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPCs and their internet gateways."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind, filter_list
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

#: The options that are attributes of a VPC, which AWS reads and sets one a call, and what they are in a new VPC.
ATTRIBUTES = {"enable_dns_support": "EnableDnsSupport", "enable_dns_hostnames": "EnableDnsHostnames"}
NEW = {"enable_dns_support": True, "enable_dns_hostnames": False}


class Vpc(Ec2Kind):
    """A VPC, found by its tag Name alone: another range is no reason to make a second one."""

    noun = "vpc"
    describe = "describe_vpcs"
    path = "Vpcs"
    id_field = "VpcId"
    id_prefix = "vpc"
    tag_type = "vpc"
    immutable = {"cidr_block": "keep the range; a stack with another range is a new stack with another name"}

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._half_shown: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name, vpc in super().read(names).items():
            attributes = {attribute: self._attribute(vpc["VpcId"], attribute) for attribute in ATTRIBUTES.values()}
            # AWS may list one that was just made and not know it by its id yet: then it is not visible
            if None in attributes.values():
                self._half_shown.add(name)
            else:
                found[name] = {**vpc, **attributes}
        return found

    def _attribute(self, vpc_id: str, attribute: str) -> bool | None:
        answer = self.aws.read(
            "ec2",
            "describe_vpc_attribute",
            attribute,
            missing=("InvalidVpcID.NotFound",),
            VpcId=vpc_id,
            Attribute=attribute[0].lower() + attribute[1:],
        )
        return answer["Value"] if answer else None

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "cidr_block": live["CidrBlock"],
            **{option: live[attribute] for option, attribute in ATTRIBUTES.items()},
            "tags": tags_to_dict(live.get("Tags")),
        }

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        """DNS hostnames need DNS support (Amazon VPC User Guide, DNS attributes)."""
        if wanted is None:
            return
        after = {**(self.normalize(name, live) if live else NEW), **wanted}
        if after["enable_dns_hostnames"] and not after["enable_dns_support"]:
            raise WebstackError(
                f"vpc {name}: AWS gives no DNS hostnames without DNS support", "switch both on, or both off"
            )

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._half_shown:
            # what EC2 names by tags alone it would make twice
            raise WebstackError(f"vpc {name} was made a moment ago, and AWS does not show all of it yet", "run again")
        vpc_id = self.make(
            name,
            "create_vpc",
            "Vpc",
            CidrBlock=wanted["cidr_block"],
            TagSpecifications=self.tag_specifications(name, wanted),
        )
        self._set_attributes(
            vpc_id, wanted, {option for option, value in NEW.items() if wanted.get(option, value) != value}
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        self._set_attributes(live["VpcId"], wanted, changed)
        if "tags" in changed:
            self.update_tags([live["VpcId"]], live, wanted)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("ec2", "delete_vpc", missing=("InvalidVpcID.NotFound",), VpcId=live["VpcId"])

    def _set_attributes(self, vpc_id: str, wanted: Fields, changed: set[str]) -> None:
        # hostnames need support: support goes on before them, and off after them
        options = [option for option in ATTRIBUTES if option in changed]
        for option in sorted(
            options, key=list(ATTRIBUTES).index, reverse=not all(wanted[option] for option in options)
        ):
            attribute: Fields = {ATTRIBUTES[option]: {"Value": wanted[option]}}
            self.aws.write(
                "ec2", "modify_vpc_attribute", propagating=r"InvalidVpcID\.NotFound", VpcId=vpc_id, **attribute
            )


class InternetGateway(Ec2Kind):
    """An internet gateway, attached to one VPC."""

    noun = "internet_gateway"
    describe = "describe_internet_gateways"
    path = "InternetGateways"
    id_field = "InternetGatewayId"
    id_prefix = "igw"
    tag_type = "internet-gateway"

    def find(self, filters: t.Mapping[str, list[str]]) -> list[Fields]:
        # not by its VPC: a run that was killed before the attachment left one without
        return self.aws.read("ec2", self.describe, self.path, Filters=filter_list(filters))

    def normalize(self, name: str, live: Fields) -> Fields:
        return {"vpc_id": _vpc_id(live), "tags": tags_to_dict(live.get("Tags"))}

    def create(self, name: str, wanted: Fields) -> None:
        gateway_id = self.make(
            name,
            "create_internet_gateway",
            "InternetGateway",
            TagSpecifications=self.tag_specifications(name, wanted),
        )
        self._attach(gateway_id, wanted["vpc_id"])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "vpc_id" in changed:
            self._detach(live)
            self._attach(live["InternetGatewayId"], wanted["vpc_id"])
        if "tags" in changed:
            self.update_tags([live["InternetGatewayId"]], live, wanted)

    def delete(self, name: str, live: Fields) -> None:
        self._detach(live)
        self.aws.write(
            "ec2",
            "delete_internet_gateway",
            missing=("InvalidInternetGatewayID.NotFound",),
            InternetGatewayId=live["InternetGatewayId"],
        )

    def result(self, name: str, live: Fields) -> Fields:
        return {**super().result(name, live), "vpc_id": _vpc_id(live)}

    def _attach(self, gateway_id: str, vpc_id: str) -> None:
        self.aws.write(
            "ec2",
            "attach_internet_gateway",
            propagating=r"InvalidInternetGatewayID\.NotFound|InvalidVpcID\.NotFound",
            InternetGatewayId=gateway_id,
            VpcId=vpc_id,
        )

    def _detach(self, live: Fields) -> None:
        if _vpc_id(live):
            self.aws.write(
                "ec2",
                "detach_internet_gateway",
                missing=("Gateway.NotAttached",),
                InternetGatewayId=live["InternetGatewayId"],
                VpcId=_vpc_id(live),
            )


def _vpc_id(live: Fields) -> str | None:
    return next((attachment["VpcId"] for attachment in live.get("Attachments", [])), None)

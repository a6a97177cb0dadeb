# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnets of a VPC."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

MOVE = "keep the old subnet as it is and add one of another name, move what is in the old one, then remove it"


class Subnet(Ec2Kind):
    """A subnet, found by its tag Name in its VPC."""

    noun = "subnet"
    plural = "subnets"
    describe = "describe_subnets"
    path = "Subnets"
    id_field = "SubnetId"
    id_prefix = "subnet"
    tag_type = "subnet"
    needed = ("cidr_block", "availability_zone")
    immutable = {"cidr_block": MOVE, "availability_zone": MOVE}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "cidr_block": live["CidrBlock"],
            "availability_zone": live["AvailabilityZone"],
            "tags": tags_to_dict(live.get("Tags")),
        }

    def create(self, name: str, wanted: Fields) -> None:
        self.make(
            name,
            "create_subnet",
            "Subnet",
            propagating=r"InvalidVpcID\.NotFound",
            VpcId=self.options["vpc_id"],
            CidrBlock=wanted["cidr_block"],
            AvailabilityZone=wanted["availability_zone"],
            TagSpecifications=self.tag_specifications(name, wanted),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        self.update_tags([live["SubnetId"]], live, wanted)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("ec2", "delete_subnet", missing=("InvalidSubnetID.NotFound",), SubnetId=live["SubnetId"])

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnet groups of RDS."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn, placeholder_id
from ansible_collections.webstack.aws.plugins.module_utils._rds import update_tags
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list

#: Codes of RDS for what does not exist end in Fault or do not.
MISSING = ("DBSubnetGroupNotFoundFault", "DBSubnetGroupNotFound")

#: The first group of an account makes RDS's own role, and RDS may refuse it until that role is known everywhere.
ROLE_IS_NEW = r"(?i)service.linked role"


class RdsSubnetGroup(Kind):
    """A subnet group, found by its name, which AWS keeps in lower case."""

    noun = "rds_subnet_group"
    exists = ("DBSubnetGroupAlreadyExists",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            groups = self.aws.read(
                "rds", "describe_db_subnet_groups", "DBSubnetGroups", missing=MISSING, DBSubnetGroupName=name
            )
            for group in groups:
                tags = self.aws.read(
                    "rds", "list_tags_for_resource", "TagList", missing=MISSING, ResourceName=group["DBSubnetGroupArn"]
                )
                # AWS may list one that was just made and not know it by its ARN yet: then it is not visible
                if tags is not None:
                    found[name] = {**group, "Tags": tags}
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "description": live["DBSubnetGroupDescription"],
            "subnet_ids": sorted(subnet["SubnetIdentifier"] for subnet in live["Subnets"]),
            "tags": tags_to_dict(live["Tags"]),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if "subnet_ids" not in wanted:
            return wanted
        return {**wanted, "subnet_ids": sorted(set(wanted["subnet_ids"]))}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None or live is not None:
            return
        fault = name_fault(name, self.noun)
        if fault:
            raise WebstackError(f"{self.noun} {name} {fault}", "choose another name")
        if not wanted.get("subnet_ids"):
            raise WebstackError(f"{self.noun} {name} does not exist, and no subnets are given", "give subnet_ids")

    def create(self, name: str, wanted: Fields) -> None:
        self.aws.write(
            "rds",
            "create_db_subnet_group",
            propagating=ROLE_IS_NEW,
            DBSubnetGroupName=name,
            DBSubnetGroupDescription=wanted.get("description") or name,
            SubnetIds=wanted["subnet_ids"],
            Tags=tags_to_list(wanted.get("tags") or {}),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed & {"description", "subnet_ids"}:
            # AWS wants the subnets also where only the description changes.
            after = {**self.normalize(name, live), **wanted}
            self.aws.write(
                "rds",
                "modify_db_subnet_group",
                DBSubnetGroupName=name,
                DBSubnetGroupDescription=after["description"],
                SubnetIds=after["subnet_ids"],
            )
        if "tags" in changed:
            update_tags(self.aws, "rds", live["DBSubnetGroupArn"], tags_to_dict(live["Tags"]), wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("rds", "delete_db_subnet_group", missing=MISSING, DBSubnetGroupName=name)

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "name": live["DBSubnetGroupName"],
            "arn": live["DBSubnetGroupArn"],
            "vpc_id": live["VpcId"],
            **self.normalize(name, live),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "name": name,
            "arn": placeholder_arn("rds", self.aws.region, f"subgrp:{name}"),
            "vpc_id": placeholder_id("vpc"),
            "description": wanted.get("description") or name,
            "subnet_ids": wanted["subnet_ids"],
            "tags": wanted.get("tags") or {},
        }

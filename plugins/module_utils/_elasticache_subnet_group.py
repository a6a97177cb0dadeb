# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnet groups of ElastiCache."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn, placeholder_id
from ansible_collections.webstack.aws.plugins.module_utils._rds import update_tags
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list

MISSING = ("CacheSubnetGroupNotFoundFault", "CacheSubnetGroupNotFound")


class ElasticacheSubnetGroup(Kind):
    """A subnet group, found by its name, which AWS keeps in lower case."""

    noun = "elasticache_subnet_group"
    exists = ("CacheSubnetGroupAlreadyExists",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            groups = self.aws.read(
                "elasticache",
                "describe_cache_subnet_groups",
                "CacheSubnetGroups",
                missing=MISSING,
                CacheSubnetGroupName=name,
            )
            for group in groups:
                tags = self.aws.read(
                    "elasticache", "list_tags_for_resource", "TagList", missing=MISSING, ResourceName=group["ARN"]
                )
                # AWS may list one that was just made and not know it by its ARN yet: then it is not visible
                if tags is not None:
                    found[name] = {**group, "Tags": tags}
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "description": live["CacheSubnetGroupDescription"],
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
            "elasticache",
            "create_cache_subnet_group",
            CacheSubnetGroupName=name,
            CacheSubnetGroupDescription=wanted.get("description") or name,
            SubnetIds=wanted["subnet_ids"],
            Tags=tags_to_list(wanted.get("tags") or {}),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arguments = {}
        if "description" in changed:
            arguments["CacheSubnetGroupDescription"] = wanted["description"]
        if "subnet_ids" in changed:
            arguments["SubnetIds"] = wanted["subnet_ids"]
        if arguments:
            self.aws.write("elasticache", "modify_cache_subnet_group", CacheSubnetGroupName=name, **arguments)
        if "tags" in changed:
            update_tags(self.aws, "elasticache", live["ARN"], tags_to_dict(live["Tags"]), wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("elasticache", "delete_cache_subnet_group", missing=MISSING, CacheSubnetGroupName=name)

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "name": live["CacheSubnetGroupName"],
            "arn": live["ARN"],
            "vpc_id": live["VpcId"],
            **self.normalize(name, live),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "name": name,
            "arn": placeholder_arn("elasticache", self.aws.region, f"subnetgroup:{name}"),
            "vpc_id": placeholder_id("vpc"),
            "description": wanted.get("description") or name,
            "subnet_ids": wanted["subnet_ids"],
            "tags": wanted.get("tags") or {},
        }

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnet groups of RDS and ElastiCache, whose calls differ in their names only."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn, placeholder_id
from ansible_collections.webstack.aws.plugins.module_utils._rds import update_tags
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list

#: The first group of an account makes the service's own role, and it may be refused until that is known everywhere.
ROLE_IS_NEW = r"(?i)service.linked role"


class SubnetGroup(Kind):
    """A subnet group, found by its name, which AWS keeps in lower case.

    service: boto3's name. prefix: what its members and errors begin with. arn_member: where it says its ARN.
    arn_type: what comes before the name in its ARN.
    """

    service = ""
    prefix = ""
    arn_member = ""
    arn_type = ""

    def _operation(self, verb: str, plural: str = "") -> str:
        return f"{verb}_{self.prefix.lower()}_subnet_group{plural}"

    def _member(self, suffix: str) -> str:
        return f"{self.prefix}SubnetGroup{suffix}"

    def _named(self, name: str, description: str = "") -> Fields:
        described = {self._member("Description"): description} if description else {}
        return {self._member("Name"): name, **described}

    @property
    def _missing(self) -> tuple[str, str]:
        # Codes for what does not exist end in Fault or do not.
        return self._member("NotFoundFault"), self._member("NotFound")

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            groups = self.aws.read(
                self.service,
                self._operation("describe", "s"),
                self._member("s"),
                missing=self._missing,
                **self._named(name),
            )
            for group in groups:
                tags = self.aws.read(
                    self.service,
                    "list_tags_for_resource",
                    "TagList",
                    missing=self._missing,
                    ResourceName=group[self.arn_member],
                )
                # AWS may list one that was just made and not know it by its ARN yet: then it is not visible.
                if tags is not None:
                    found[name] = {**group, "Tags": tags}
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "description": live[self._member("Description")],
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
            self.service,
            self._operation("create"),
            propagating=ROLE_IS_NEW,
            SubnetIds=wanted["subnet_ids"],
            Tags=tags_to_list(wanted.get("tags") or {}),
            **self._named(name, wanted.get("description") or name),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed & {"description", "subnet_ids"}:
            # RDS wants the subnets also where only the description changes.
            after = {**self.normalize(name, live), **wanted}
            self.aws.write(
                self.service,
                self._operation("modify"),
                SubnetIds=after["subnet_ids"],
                **self._named(name, after["description"]),
            )
        if "tags" in changed:
            update_tags(self.aws, self.service, live[self.arn_member], tags_to_dict(live["Tags"]), wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(self.service, self._operation("delete"), missing=self._missing, **self._named(name))

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "name": live[self._member("Name")],
            "arn": live[self.arn_member],
            "vpc_id": live["VpcId"],
            **self.normalize(name, live),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "name": name,
            "arn": placeholder_arn(self.service, self.aws.region, f"{self.arn_type}:{name}"),
            "vpc_id": placeholder_id("vpc"),
            "description": wanted.get("description") or name,
            "subnet_ids": wanted["subnet_ids"],
            "tags": wanted.get("tags") or {},
        }


class RdsSubnetGroup(SubnetGroup):
    """Where the databases of RDS may be."""

    noun = "rds_subnet_group"
    exists = ("DBSubnetGroupAlreadyExists",)
    service = "rds"
    prefix = "DB"
    arn_member = "DBSubnetGroupArn"
    arn_type = "subgrp"


class ElasticacheSubnetGroup(SubnetGroup):
    """Where the nodes of ElastiCache may be."""

    noun = "elasticache_subnet_group"
    exists = ("CacheSubnetGroupAlreadyExists",)
    service = "elasticache"
    prefix = "Cache"
    arn_member = "ARN"
    arn_type = "subnetgroup"

"""DB subnet groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.emulator import vpc
from tests.emulator.query_service import Context, Parameters, as_tags, page
from tests.emulator.services.rds.common import refuse

_NAME = re.compile(r"[a-zA-Z0-9._ -]{1,255}")


@dataclass
class SubnetGroup:
    """A DB subnet group."""

    name: str
    description: str
    arn: str
    vpc_id: str
    subnets: list[Any]

    def zones(self) -> list[str]:
        """The zones that its subnets cover."""
        return sorted({subnet.availability_zone for subnet in self.subnets})

    def subnet_in(self, zone: str) -> Any:
        """Its first subnet in a zone."""
        return next(subnet for subnet in self.subnets if subnet.availability_zone == zone)

    def describe(self) -> dict[str, Any]:
        """As AWS shows it."""
        return {
            "DBSubnetGroupName": self.name,
            "DBSubnetGroupDescription": self.description,
            "VpcId": self.vpc_id,
            "SubnetGroupStatus": "Complete",
            "Subnets": [
                {
                    "SubnetIdentifier": subnet.id,
                    "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                    "SubnetOutpost": {},
                    "SubnetStatus": "Active",
                }
                for subnet in self.subnets
            ],
            "DBSubnetGroupArn": self.arn,
            "SupportedNetworkTypes": ["IPV4"],
        }


def find(context: Context, name: str) -> SubnetGroup:
    """The group of that name."""
    try:
        return context.store.subnet_groups[name.lower()]
    except KeyError:
        raise refuse("DBSubnetGroupNotFoundFault", f"DB Subnet group '{name.lower()}' not found.") from None


def find_or_default(context: Context, name: str | None) -> SubnetGroup:
    """The group of that name, or the one that AWS makes of the default VPC."""
    if name:
        return find(context, name)
    if "default" not in context.store.subnet_groups:
        subnets = vpc.default_subnets(context.account_id, context.region)
        if len({subnet.availability_zone for subnet in subnets}) < 2:
            raise refuse(
                "InvalidSubnet",
                "No default subnet detected in VPC. Please contact AWS Support to recreate the default Subnets.",
            )
        arn = context.arn("rds", "subgrp", "default")
        context.store.subnet_groups["default"] = SubnetGroup("default", "default", arn, subnets[0].vpc_id, subnets)
    return context.store.subnet_groups["default"]


def _checked_subnets(context: Context, subnet_ids: list[str]) -> list[Any]:
    subnets, missing = vpc.find_subnets(context.account_id, context.region, subnet_ids)
    if missing:
        raise refuse("InvalidParameterValue", f"Some input subnets in :[{', '.join(missing)}] are invalid.")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise refuse("InvalidParameterValue", "The new Subnets are not in the same Vpc as the existing subnet group")
    covered = sorted({subnet.availability_zone for subnet in subnets})
    if len(covered) < 2:
        raise refuse(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(covered)}. Add subnets to cover at least 2 AZs.",
        )
    return subnets


def create_db_subnet_group(context: Context, parameters: Parameters) -> Parameters:
    """CreateDBSubnetGroup."""
    name = parameters["DBSubnetGroupName"].lower()
    if not _NAME.fullmatch(name) or name == "default":
        raise refuse(
            "InvalidParameterValue",
            "The parameter DBSubnetGroupName must be provided and must not be blank. "
            "Only alphanumeric characters, spaces, hyphens, underscores, and periods are allowed; it must not be "
            "default.",
        )
    if name in context.store.subnet_groups:
        raise refuse("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    subnets = _checked_subnets(context, parameters["SubnetIds"])
    arn = context.arn("rds", "subgrp", name)
    group = SubnetGroup(name, parameters["DBSubnetGroupDescription"], arn, subnets[0].vpc_id, subnets)
    context.store.subnet_groups[name] = group
    context.store.tags[arn] = as_tags(parameters.get("Tags"))
    return {"DBSubnetGroup": group.describe()}


def describe_db_subnet_groups(context: Context, parameters: Parameters) -> Parameters:
    """DescribeDBSubnetGroups."""
    name = parameters.get("DBSubnetGroupName")
    groups = [find(context, name)] if name else context.store.subnet_groups.values()
    return page("rds", parameters, "DBSubnetGroups", [group.describe() for group in groups])


def modify_db_subnet_group(context: Context, parameters: Parameters) -> Parameters:
    """ModifyDBSubnetGroup: the list of subnets replaces the old one; a subnet in use must stay."""
    group = find(context, parameters["DBSubnetGroupName"])
    subnets = _checked_subnets(context, parameters["SubnetIds"])
    if subnets[0].vpc_id != group.vpc_id:
        message = "The new Subnets are not in the same Vpc as the existing subnet group"
        raise refuse("InvalidParameterValue", message)
    kept = {subnet.id for subnet in subnets}
    used = sorted(
        {subnet_id for instance in context.store.instances.values() for subnet_id in instance.subnet_ids(group)}
    )
    lost = [subnet_id for subnet_id in used if subnet_id not in kept]
    if lost:
        raise refuse(
            "SubnetAlreadyInUse",
            f"Some of the subnets to be removed are currently in use: {', '.join(lost)}. "
            "Remove the instances that use them first.",
        )
    group.subnets = subnets
    group.description = parameters.get("DBSubnetGroupDescription") or group.description
    return {"DBSubnetGroup": group.describe()}


def delete_db_subnet_group(context: Context, parameters: Parameters) -> Parameters:
    """DeleteDBSubnetGroup."""
    group = find(context, parameters["DBSubnetGroupName"])
    users = [("instance", i.name) for i in context.store.instances.values() if i.subnet_group is group]
    users += [("cluster", c.name) for c in context.store.clusters.values() if c.subnet_group is group]
    if users:
        kind, user = users[0]
        raise refuse(
            "InvalidDBSubnetGroupStateFault",
            f"Cannot delete the subnet group '{group.name}' because at least one database {kind}: {user} is still "
            "using it.",
        )
    del context.store.subnet_groups[group.name]
    context.store.tags.pop(group.arn, None)
    return {}

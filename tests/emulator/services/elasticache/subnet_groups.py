"""Cache subnet groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.emulator import vpc
from tests.emulator.query_service import Context, Parameters, as_tags, page
from tests.emulator.services.elasticache.common import refuse

_NAME = re.compile(r"[a-zA-Z0-9-]{1,255}")


@dataclass
class CacheSubnetGroup:
    """A cache subnet group."""

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
            "CacheSubnetGroupName": self.name,
            "CacheSubnetGroupDescription": self.description,
            "VpcId": self.vpc_id,
            "Subnets": [
                {
                    "SubnetIdentifier": subnet.id,
                    "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                    "SupportedNetworkTypes": ["ipv4"],
                }
                for subnet in self.subnets
            ],
            "ARN": self.arn,
            "SupportedNetworkTypes": ["ipv4"],
        }


def find(context: Context, name: str) -> CacheSubnetGroup:
    """The group of that name."""
    try:
        return context.store.subnet_groups[name.lower()]
    except KeyError:
        message = f"Cache Subnet Group {name.lower()} does not exist."
        raise refuse("CacheSubnetGroupNotFoundFault", message) from None


def find_or_default(context: Context, name: str | None) -> CacheSubnetGroup:
    """The group of that name, or the one that AWS makes of the default VPC."""
    if name:
        return find(context, name)
    if "default" not in context.store.subnet_groups:
        subnets = vpc.default_subnets(context.account_id, context.region)
        if not subnets:
            message = "No default subnet was found in this region. Specify a cache subnet group."
            raise refuse("InvalidVPCNetworkStateFault", message)
        arn = context.arn("elasticache", "subnetgroup", "default")
        context.store.subnet_groups["default"] = CacheSubnetGroup(
            "default", "Default CacheSubnetGroup", arn, subnets[0].vpc_id, subnets
        )
    return context.store.subnet_groups["default"]


def _checked_subnets(context: Context, subnet_ids: list[str]) -> list[Any]:
    subnets, missing = vpc.find_subnets(context.account_id, context.region, subnet_ids)
    if missing:
        raise refuse("InvalidParameterValue", f"Some input subnets in :[{', '.join(missing)}] are invalid.")
    if not subnets:
        raise refuse("InvalidParameterValue", "The parameter SubnetIds must be provided and must not be blank.")
    other = next((subnet for subnet in subnets if subnet.vpc_id != subnets[0].vpc_id), None)
    if other is not None:
        raise refuse("InvalidSubnet", f"Subnets {subnets[0].id} and {other.id} are not in the same VPC.")
    return subnets


def _create(context: Context, parameters: Parameters) -> Parameters:
    name = parameters["CacheSubnetGroupName"].lower()
    if not _NAME.fullmatch(name) or name == "default":
        raise refuse(
            "InvalidParameterValue",
            "The parameter CacheSubnetGroupName must be provided and must contain no more than 255 alphanumeric "
            "characters or hyphens, and must not be default.",
        )
    if name in context.store.subnet_groups:
        raise refuse("CacheSubnetGroupAlreadyExists", f"Cache subnet group {name} already exists.")
    subnets = _checked_subnets(context, parameters["SubnetIds"])
    arn = context.arn("elasticache", "subnetgroup", name)
    words = parameters["CacheSubnetGroupDescription"]
    group = CacheSubnetGroup(name, words, arn, subnets[0].vpc_id, subnets)
    context.store.subnet_groups[name] = group
    context.store.tags[arn] = as_tags(parameters.get("Tags"))
    return {"CacheSubnetGroup": group.describe()}


def _describe(context: Context, parameters: Parameters) -> Parameters:
    name = parameters.get("CacheSubnetGroupName")
    groups = [find(context, name)] if name else context.store.subnet_groups.values()
    return page("elasticache", parameters, "CacheSubnetGroups", [group.describe() for group in groups])


def _modify(context: Context, parameters: Parameters) -> Parameters:
    group = find(context, parameters["CacheSubnetGroupName"])
    if parameters.get("SubnetIds"):
        subnets = _checked_subnets(context, parameters["SubnetIds"])
        if subnets[0].vpc_id != group.vpc_id:
            message = f"Subnet {subnets[0].id} is not in the VPC {group.vpc_id} of the subnet group."
            raise refuse("InvalidSubnet", message)
        kept = {subnet.id for subnet in subnets}
        used = {subnet_id for cluster in context.store.clusters.values() for subnet_id in cluster.subnet_ids(group)}
        lost = sorted(used - kept)
        if lost:
            message = f"The subnet ID {lost[0]} is in use by a cache cluster and cannot be removed."
            raise refuse("SubnetInUse", message)
        group.subnets = subnets
    group.description = parameters.get("CacheSubnetGroupDescription") or group.description
    return {"CacheSubnetGroup": group.describe()}


def _delete(context: Context, parameters: Parameters) -> None:
    group = find(context, parameters["CacheSubnetGroupName"])
    if any(cluster.subnet_group is group for cluster in context.store.clusters.values()):
        message = f"Cache subnet group {group.name} is currently in use by a cache cluster."
        raise refuse("CacheSubnetGroupInUse", message)
    del context.store.subnet_groups[group.name]
    context.store.tags.pop(group.arn, None)


HANDLERS = {
    "CreateCacheSubnetGroup": _create,
    "DeleteCacheSubnetGroup": _delete,
    "DescribeCacheSubnetGroups": _describe,
    "ModifyCacheSubnetGroup": _modify,
}

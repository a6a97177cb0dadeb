# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPC endpoints: private ways to AWS services, by routes (gateway) or by network interfaces (interface)."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_ready

#: The options that hold lists of ids, and AWS's word for them in CreateVpcEndpoint, and in ModifyVpcEndpoint
#: after Add and Remove.
LISTS = {"route_table_ids": "RouteTableIds", "subnet_ids": "SubnetIds", "security_group_ids": "SecurityGroupIds"}

#: What each type of endpoint takes.
TAKES = {"Gateway": {"route_table_ids"}, "Interface": {"subnet_ids", "security_group_ids", "private_dns_enabled"}}

#: What comes and goes with an endpoint of each type (AWS PrivateLink Guide, "Gateway endpoints", "Private DNS").
COMES = {
    "Gateway": "open connections to the service from subnets that use these route tables are cut",
    "Interface": "in the whole VPC the service's public name leads to it",
}
GOES = {
    "Gateway": "open connections to the service are cut, and it is reached through the internet",
    "Interface": "the service is reached through the internet, by those that get there",
}

ANOTHER = "give the new endpoint another name; the old one is removed once it is no longer listed"


class VpcEndpoint(Ec2Kind):
    """An endpoint, found by its tag Name in its VPC."""

    noun = "vpc_endpoint"
    plural = "vpc_endpoints"
    describe = "describe_vpc_endpoints"
    path = "VpcEndpoints"
    id_field = "VpcEndpointId"
    id_prefix = "vpce"
    tag_type = "vpc-endpoint"
    needed = ("service_name",)
    immutable = {"service_name": ANOTHER, "vpc_endpoint_type": ANOTHER}

    def is_going(self, live: Fields) -> bool:
        # AWS spells states in lower case and begins them with a capital, from call to call
        return live["State"].lower() in ("deleting", "deleted", "failed", "rejected", "expired")

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        own = {f"tag:{key}": [value] for key, value in self.own_tags().items()}
        return sorted(self.own_names(self.find(own)) - set(names))

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "service_name": live["ServiceName"],
            "vpc_endpoint_type": live["VpcEndpointType"],
            "route_table_ids": sorted(live.get("RouteTableIds", [])),
            "subnet_ids": sorted(live.get("SubnetIds", [])),
            "security_group_ids": sorted(group["GroupId"] for group in live.get("Groups", [])),
            "private_dns_enabled": live.get("PrivateDnsEnabled", False),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        wanted = super().normalize_wanted(name, wanted)
        lists = {option: sorted(wanted[option]) for option in LISTS if option in wanted}
        if "service_name" in wanted:
            wanted = {**wanted, "service_name": full_service_name(wanted["service_name"], self.aws.region)}
        return {**wanted, **lists}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        """What an endpoint takes depends on its type (Amazon EC2 API, CreateVpcEndpoint)."""
        super().refuse(name, live, wanted)
        if wanted is None:
            return
        kind = wanted["vpc_endpoint_type"]
        foreign = sorted(option for options in TAKES.values() for option in options - TAKES[kind] if wanted.get(option))
        if foreign:
            raise WebstackError(
                f"vpc_endpoint {name}: an endpoint of type {kind} takes no {', '.join(foreign)}",
                f"it takes {', '.join(sorted(TAKES[kind]))}",
            )

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        changed = {change.field: change.after for change in outcome.changes}
        fields = {**(self.normalize(name, outcome.live) if outcome.live else {}), **(outcome.wanted or {})}
        kind = fields.get("vpc_endpoint_type", "Gateway")
        if outcome.action == "delete":
            return [GOES[kind]] if kind in GOES else []
        if kind == "Gateway":
            return [COMES[kind]] if "route_table_ids" in changed else []
        if "private_dns_enabled" not in changed:
            return []
        if changed["private_dns_enabled"]:
            return [COMES["Interface"]]
        return [] if outcome.action == "create" else [GOES["Interface"]]

    def create(self, name: str, wanted: Fields) -> None:
        arguments = {word: wanted[option] for option, word in LISTS.items() if wanted.get(option)}
        if "private_dns_enabled" in wanted:
            arguments["PrivateDnsEnabled"] = wanted["private_dns_enabled"]
        self.make(
            name,
            "create_vpc_endpoint",
            "VpcEndpoint",
            propagating=r"Invalid(Vpc|RouteTable|Subnet|SecurityGroup|Group)(Id|ID)?\.NotFound",
            VpcId=self.options["vpc_id"],
            ServiceName=wanted["service_name"],
            VpcEndpointType=wanted["vpc_endpoint_type"],
            TagSpecifications=self.tag_specifications(name, wanted),
            **arguments,
        )

    def prepare(self, name: str, live: Fields) -> None:
        if live["State"].lower() == "pending":
            wait_ready(self.aws, "vpc_endpoint", live["VpcEndpointId"])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        before = self.normalize(name, live)
        arguments: Fields = {}
        for option in changed & LISTS.keys():
            for verb, ids in (
                ("Add", set(wanted[option]) - set(before[option])),
                ("Remove", set(before[option]) - set(wanted[option])),
            ):
                if ids:
                    arguments[f"{verb}{LISTS[option]}"] = sorted(ids)
        if "private_dns_enabled" in changed:
            arguments["PrivateDnsEnabled"] = wanted["private_dns_enabled"]
        if arguments:
            self.aws.write("ec2", "modify_vpc_endpoint", VpcEndpointId=live["VpcEndpointId"], **arguments)
        if "tags" in changed:
            self.update_tags([live["VpcEndpointId"]], live, wanted)

    def delete(self, name: str, live: Fields) -> None:
        answer = self.aws.write("ec2", "delete_vpc_endpoints", VpcEndpointIds=[live["VpcEndpointId"]])
        for failure in answer.get("Unsuccessful", []):
            error = failure["Error"]
            if error["Code"] != "InvalidVpcEndpointId.NotFound":
                raise AwsError(f"vpc_endpoint {name}", "ec2:DeleteVpcEndpoints", error["Code"], error["Message"])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {**super().placeholder(name, wanted), "state": "pending"}


def full_service_name(service: str, region: str) -> str:
    """A service's name as AWS spells it; a short one (``s3``, ``ecr.api``) is that of the region."""
    return service if "amazonaws" in service or service.startswith("aws.") else f"com.amazonaws.{region}.{service}"

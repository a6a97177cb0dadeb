# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Application Load Balancers."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._elbv2 import (
    attribute,
    attributes_to_list,
    change_tags,
    full_name,
    overlay,
    read_tags,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._notes import UNPROTECTED, notes_on
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome, Replacement
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_argument
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_gone, wait_ready

#: Options that are attributes in AWS: their keys there, and what holds where nobody has set them.
ATTRIBUTES = {
    "deletion_protection": ("deletion_protection.enabled", False),
    "drop_invalid_header_fields": ("routing.http.drop_invalid_header_fields.enabled", False),
    "idle_timeout": ("idle_timeout.timeout_seconds", 60),
}
ACCESS_LOGS = {
    "enabled": ("access_logs.s3.enabled", False),
    "bucket": ("access_logs.s3.bucket", ""),
    "prefix": ("access_logs.s3.prefix", ""),
}


class LoadBalancer(Kind):
    """A load balancer, found by its name, which is unique in an account and region."""

    noun = "load_balancer"
    nested = ("access_logs",)
    exists = ("DuplicateLoadBalancerName",)
    replaces = ("scheme",)
    # A target group can be used with one load balancer only, hence there is no way to have both for a while.
    replacement = Replacement(
        (
            "the load balancer and its listeners are deleted, unless it is protected against deletion",
            "once it is gone, one of the same name is made, with the same target groups behind its listeners",
            "the stack's names in Route 53 are pointed at it",
        ),
        "no requests are answered from the first step until the new one is active and names lead to it, some 5 to 10 "
        "minutes; it has another DNS name, which names that are kept elsewhere must be pointed at by hand",
    )

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            described = self.aws.read(
                "elbv2", "describe_load_balancers", "LoadBalancers", missing=("LoadBalancerNotFound",), Names=[name]
            )
            for live in described:
                arn = live["LoadBalancerArn"]
                attributes = self.aws.read(
                    "elbv2", "describe_load_balancer_attributes", "Attributes", LoadBalancerArn=arn
                )
                live["Attributes"] = {item["Key"]: item.get("Value", "") for item in attributes}
                live["Tags"] = read_tags(self.aws, [arn])[arn]
                found[name] = live
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        attributes = live["Attributes"]
        return {
            "scheme": live["Scheme"],
            "ip_address_type": live.get("IpAddressType", "ipv4"),
            "subnets": sorted(zone["SubnetId"] for zone in live["AvailabilityZones"]),
            "security_groups": sorted(live.get("SecurityGroups", [])),
            **{option: attribute(attributes, key, default) for option, (key, default) in ATTRIBUTES.items()},
            "access_logs": {
                option: attribute(attributes, key, default) for option, (key, default) in ACCESS_LOGS.items()
            },
            "tags": live["Tags"],
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        return {
            field: sorted(value) if field in ("subnets", "security_groups") else value
            for field, value in wanted.items()
        }

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        return overlay(self.normalize(name, live), wanted, self.nested)

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["its name goes for good: one made anew has another"]
        return notes_on(outcome.changes, {"deletion_protection": UNPROTECTED}) if outcome.action == "update" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            if live and self.normalize(name, live)["deletion_protection"]:
                raise WebstackError(
                    f"load_balancer {name} is protected against deletion", "set deletion_protection: false on it first"
                )
            return
        fault = "" if live else name_fault(name, "load_balancer")
        if fault:
            raise WebstackError(f"load_balancer {name}: its name {fault}", "give it another name")
        if len(set(wanted.get("subnets", []))) < 2 and (not live or "subnets" in wanted):
            # Elastic Load Balancing API, CreateLoadBalancer, Subnets.
            raise WebstackError(
                f"load_balancer {name}: AWS wants subnets in at least two Availability Zones",
                "give it one subnet in each of two zones",
            )

    def create(self, name: str, wanted: Fields) -> None:
        self._create(name, wanted)

    def replace(self, name: str, live: Fields, wanted: Fields) -> None:
        self.refuse(name, live, None)
        self.delete(name, live)
        wait_gone(self.aws, self.noun, live["LoadBalancerArn"])
        # Killed before this call, the next run finds none and makes it.
        self._create(name, wanted, propagating=r"^DuplicateLoadBalancerName")

    def _create(self, name: str, wanted: Fields, propagating: str = "") -> None:
        made = self.aws.write(
            "elbv2",
            "create_load_balancer",
            propagating=propagating,
            Name=name,
            Type="application",
            Scheme=wanted.get("scheme", "internet-facing"),
            IpAddressType=wanted.get("ip_address_type", "ipv4"),
            Subnets=wanted["subnets"],
            SecurityGroups=wanted.get("security_groups", []),
            **tags_argument(wanted.get("tags")),
        )
        self._set_attributes(made["LoadBalancers"][0]["LoadBalancerArn"], wanted, set(wanted))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arn = live["LoadBalancerArn"]
        if changed & {"subnets", "security_groups", "ip_address_type"} and live["State"]["Code"] == "provisioning":
            wait_ready(self.aws, "load_balancer", arn)
        if "security_groups" in changed:
            self.aws.write(
                "elbv2", "set_security_groups", LoadBalancerArn=arn, SecurityGroups=wanted["security_groups"]
            )
        if "subnets" in changed:
            self.aws.write("elbv2", "set_subnets", LoadBalancerArn=arn, Subnets=wanted["subnets"])
        if "ip_address_type" in changed:
            self.aws.write("elbv2", "set_ip_address_type", LoadBalancerArn=arn, IpAddressType=wanted["ip_address_type"])
        self._set_attributes(arn, wanted, changed)
        if "tags" in changed:
            change_tags(self.aws, arn, live["Tags"], wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("elbv2", "delete_load_balancer", LoadBalancerArn=live["LoadBalancerArn"])

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key != "Attributes"}
        return {
            **super().result(name, shapes),
            **self.normalize(name, live),
            "full_name": full_name(live["LoadBalancerArn"]),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("elasticloadbalancing", self.aws.region, f"loadbalancer/app/{name}/{'0' * 16}")
        return {
            "tags": {},
            **wanted,
            "load_balancer_name": name,
            "load_balancer_arn": arn,
            "full_name": full_name(arn),
            "dns_name": f"{name}-0000000000.{self.aws.region}.elb.amazonaws.com",
            "canonical_hosted_zone_id": f"Z{'0' * 13}",
            "state": {"code": "provisioning"},
        }

    def _set_attributes(self, arn: str, wanted: Fields, changed: set[str]) -> None:
        attributes = {
            key: wanted[option] for option, (key, _default) in ATTRIBUTES.items() if option in changed & set(wanted)
        }
        if "access_logs" in changed & set(wanted):
            logs = wanted["access_logs"]
            attributes.update({key: logs[option] for option, (key, _default) in ACCESS_LOGS.items() if option in logs})
        if attributes:
            self.aws.write(
                "elbv2",
                "modify_load_balancer_attributes",
                # The bucket for the logs may have got its policy a moment ago.
                propagating=r"Access Denied for bucket",
                LoadBalancerArn=arn,
                Attributes=attributes_to_list(attributes),
            )

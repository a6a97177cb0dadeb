# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Target groups of Application Load Balancers."""

from __future__ import annotations

import typing as t

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
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_argument

#: What is inside the option ``health_check``, and the members of AWS's calls. The matcher is one level deeper there.
HEALTH_CHECK = {
    "enabled": "HealthCheckEnabled",
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "path": "HealthCheckPath",
    "interval_seconds": "HealthCheckIntervalSeconds",
    "timeout_seconds": "HealthCheckTimeoutSeconds",
    "healthy_threshold_count": "HealthyThresholdCount",
    "unhealthy_threshold_count": "UnhealthyThresholdCount",
}

#: Options that are attributes in AWS: their keys there, and what holds where nobody has set them.
ATTRIBUTES = {
    "deregistration_delay": ("deregistration_delay.timeout_seconds", 300),
    "slow_start": ("slow_start.duration_seconds", 0),
    "load_balancing_algorithm_type": ("load_balancing.algorithm.type", "round_robin"),
}

ANOTHER = (
    "give it another name: a second target group is made, the listeners are moved to it, and this one can be removed"
)


class TargetGroup(Kind):
    """A target group, found by its name, which is unique in an account and region."""

    noun = "target_group"
    plural = "target_groups"
    nested = ("health_check", "stickiness")
    exists = ("DuplicateTargetGroupName",)
    immutable = dict.fromkeys(("port", "protocol", "protocol_version", "vpc_id", "target_type"), ANOTHER)

    def read(self, names: list[str]) -> dict[str, Fields]:
        # Asking by name fails as soon as one of them is missing; all groups of an account come in a page or two.
        described = self.aws.read("elbv2", "describe_target_groups", "TargetGroups")
        found = {live["TargetGroupName"]: live for live in described if live["TargetGroupName"] in names}
        tags = read_tags(self.aws, [live["TargetGroupArn"] for live in found.values()])
        for live in found.values():
            arn = live["TargetGroupArn"]
            attributes = self.aws.read("elbv2", "describe_target_group_attributes", "Attributes", TargetGroupArn=arn)
            live["Attributes"] = {item["Key"]: item.get("Value", "") for item in attributes}
            live["Tags"] = tags[arn]
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        attributes = live["Attributes"]
        health_check = {option: live[key] for option, key in HEALTH_CHECK.items() if live.get(key) is not None}
        matcher = live.get("Matcher", {})
        if matcher:
            health_check["matcher"] = matcher.get("HttpCode") or matcher.get("GrpcCode")
        return {
            "port": live.get("Port"),
            "protocol": live.get("Protocol"),
            "protocol_version": live.get("ProtocolVersion"),
            "vpc_id": live.get("VpcId"),
            "target_type": live["TargetType"],
            "health_check": health_check,
            "stickiness": _stickiness(attributes),
            **{option: attribute(attributes, key, default) for option, (key, default) in ATTRIBUTES.items()},
            "tags": live["Tags"],
        }

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        return overlay(self.normalize(name, live), wanted, self.nested)

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        if not live:
            fault = name_fault(name, "target_group")
            if fault:
                raise WebstackError(f"target_group {name}: its name {fault}", "give it another name")
            absent = [option for option in ("port", "vpc_id") if option not in wanted]
            if absent:
                raise WebstackError(f"target_group {name}: cannot be made without {' and '.join(absent)}", "give them")
        check = {**(self.normalize(name, live)["health_check"] if live else {}), **wanted.get("health_check", {})}
        interval, timeout = check.get("interval_seconds", 30), check.get("timeout_seconds", 5)
        if timeout >= interval:
            # Elastic Load Balancing API refuses it: "Health check interval must be greater than the timeout."
            raise WebstackError(
                f"target_group {name}: the check's timeout ({timeout} s) is not below the interval ({interval} s)",
                "make the timeout shorter or the interval longer",
            )

    def create(self, name: str, wanted: Fields) -> None:
        made = self.aws.write(
            "elbv2",
            "create_target_group",
            Name=name,
            Protocol=wanted.get("protocol", "HTTP"),
            ProtocolVersion=wanted.get("protocol_version", "HTTP1"),
            Port=wanted["port"],
            VpcId=wanted["vpc_id"],
            TargetType=wanted.get("target_type", "ip"),
            **tags_argument(wanted.get("tags")),
            **_health_check(wanted),
        )
        self._set_attributes(made["TargetGroups"][0]["TargetGroupArn"], wanted, set(wanted))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arn = live["TargetGroupArn"]
        if "health_check" in changed:
            check = _health_check({"protocol_version": live.get("ProtocolVersion"), **wanted})
            self.aws.write("elbv2", "modify_target_group", TargetGroupArn=arn, **check)
        self._set_attributes(arn, wanted, changed)
        if "tags" in changed:
            change_tags(self.aws, arn, live["Tags"], wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        # A group stays in use for some seconds after its listener went.
        self.aws.write(
            "elbv2", "delete_target_group", propagating=r"^ResourceInUse", TargetGroupArn=live["TargetGroupArn"]
        )

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key != "Attributes"}
        return {
            **super().result(name, shapes),
            **self.normalize(name, live),
            "full_name": full_name(live["TargetGroupArn"]),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("elasticloadbalancing", self.aws.region, f"targetgroup/{name}/{'0' * 16}")
        return {
            "tags": {},
            **wanted,
            "target_group_name": name,
            "target_group_arn": arn,
            "full_name": full_name(arn),
        }

    def _set_attributes(self, arn: str, wanted: Fields, changed: set[str]) -> None:
        options = changed & set(wanted)
        attributes = {key: wanted[option] for option, (key, _default) in ATTRIBUTES.items() if option in options}
        if "stickiness" in options:
            attributes.update(_stickiness_attributes(wanted["stickiness"]))
        if attributes:
            self.aws.write(
                "elbv2", "modify_target_group_attributes", TargetGroupArn=arn, Attributes=attributes_to_list(attributes)
            )


def _health_check(wanted: Fields) -> dict[str, t.Any]:
    """The option ``health_check`` as arguments of the calls that make and change a target group."""
    options = wanted.get("health_check", {})
    arguments = {key: options[option] for option, key in HEALTH_CHECK.items() if option in options}
    if "matcher" in options:
        code = "GrpcCode" if wanted.get("protocol_version") == "GRPC" else "HttpCode"
        arguments["Matcher"] = {code: options["matcher"]}
    return arguments


def _stickiness(attributes: t.Mapping[str, str]) -> Fields:
    """The option ``stickiness`` as it lives in the attributes; AWS keeps one duration for each type."""
    kind = attribute(attributes, "stickiness.type", "lb_cookie")
    return {
        "enabled": attribute(attributes, "stickiness.enabled", False),
        "type": kind,
        "duration_seconds": attribute(attributes, f"stickiness.{kind}.duration_seconds", 86400),
        "cookie_name": attribute(attributes, "stickiness.app_cookie.cookie_name", ""),
    }


def _stickiness_attributes(options: Fields) -> dict[str, t.Any]:
    """The attributes for the option ``stickiness``."""
    kind = options.get("type", "lb_cookie")
    attributes = {"stickiness.enabled": options.get("enabled", True), "stickiness.type": kind}
    if "duration_seconds" in options:
        attributes[f"stickiness.{kind}.duration_seconds"] = options["duration_seconds"]
    if kind == "app_cookie" and options.get("cookie_name"):
        attributes["stickiness.app_cookie.cookie_name"] = options["cookie_name"]
    return attributes

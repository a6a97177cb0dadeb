# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Target groups of Application Load Balancers."""

from __future__ import annotations

import time
import typing as t
from types import MappingProxyType

from ansible_collections.webstack.aws.plugins.module_utils._elbv2 import (
    attribute,
    attributes_to_list,
    change_tags,
    full_name,
    overlay,
    read_tags,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault, replacement_name, replacement_stem
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Replacement
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_argument

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

#: For how long beyond its delay a group that goes is waited for until its targets are gone.
LEAVING_SECONDS = 60

#: What a target group is for good, and where AWS shows it.
FIXED = {
    "port": "Port",
    "protocol": "Protocol",
    "protocol_version": "ProtocolVersion",
    "vpc_id": "VpcId",
    "target_type": "TargetType",
}

#: The tag of a group that has taken another's place: the name that the variables have for it. AWS's are unique.
NAME_TAG = "webstack:name"


class TargetGroup(Kind):
    """A target group, found by its name, which is unique in an account and region.

    One that has taken the place of another has a name that is derived from what it is, and the tag NAME_TAG. Those
    whose place it has taken are in its result under ``superseded`` until somebody removes them by their ARNs.
    """

    noun = "target_group"
    plural = "target_groups"
    nested = ("health_check", "stickiness")
    exists = ("DuplicateTargetGroupName",)
    immutable = MappingProxyType({"vpc_id": "keep the VPC; a stack in another VPC is a new stack with another name"})
    replaces = ("port", "protocol", "protocol_version", "target_type")
    replacement = Replacement(
        (
            "a second target group is made beside it",
            "the service's new tasks are started beside the old ones, in the second group, and awaited until healthy",
            "the listeners are moved to it",
            "the service follows, and the additional tasks go",
            "the old group is removed when its last requests are answered",
        ),
        "none for requests, the listeners always have healthy tasks; the service runs twice its tasks for some minutes",
    )

    def read(self, names: list[str]) -> dict[str, Fields]:
        # Asking by name fails as soon as one of them is missing; all groups of an account come in a page or two.
        described = self.aws.read("elbv2", "describe_target_groups", "TargetGroups")
        near = {name: [live for live in described if _may_be(name, live)] for name in names}
        tags = read_tags(self.aws, [live["TargetGroupArn"] for groups in near.values() for live in groups])
        found = {}
        for name, groups in near.items():
            tagged = [{**live, "Tags": tags[live["TargetGroupArn"]]} for live in groups]
            live, others = choose(name, tagged, self._options_of(name), self.options.get("tags"))
            if live is not None:
                arn = live["TargetGroupArn"]
                attributes = self.aws.read(
                    "elbv2", "describe_target_group_attributes", "Attributes", TargetGroupArn=arn
                )
                live["Attributes"] = {item["Key"]: item.get("Value", "") for item in attributes}
                live["Superseded"] = others
                found[name] = live
        return found

    def _options_of(self, name: str) -> Fields:
        return next((item for item in self.options.get("target_groups") or [] if item["name"] == name), {})

    def normalize(self, name: str, live: Fields) -> Fields:
        attributes = live["Attributes"]
        health_check = {option: live[key] for option, key in HEALTH_CHECK.items() if live.get(key) is not None}
        matcher = live.get("Matcher", {})
        if matcher:
            health_check["matcher"] = matcher.get("HttpCode") or matcher.get("GrpcCode")
        return {
            **_fixed_of(live),
            "health_check": health_check,
            "stickiness": _stickiness(attributes),
            **{option: attribute(attributes, key, default) for option, (key, default) in ATTRIBUTES.items()},
            "tags": {key: value for key, value in live["Tags"].items() if key != NAME_TAG},
        }

    def plan_name(self, name: str) -> str:
        return name.split("/")[1] if name.startswith("arn:") else name

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
        self._create(name, wanted, wanted.get("tags"))

    def replace(self, name: str, live: Fields, wanted: Fields) -> None:
        """Make the second group. The old one stays: whoever uses it moves over first."""
        whole = {**_fixed_of(live), **wanted}
        self._create(second_name(name, whole), whole, {**(wanted.get("tags") or live["Tags"]), NAME_TAG: name})

    def _create(self, name: str, wanted: Fields, tags: t.Mapping[str, str] | None) -> None:
        made = self.aws.write(
            "elbv2",
            "create_target_group",
            Name=name,
            Protocol=wanted.get("protocol", "HTTP"),
            ProtocolVersion=wanted.get("protocol_version", "HTTP1"),
            Port=wanted["port"],
            VpcId=wanted["vpc_id"],
            TargetType=wanted.get("target_type", "ip"),
            **tags_argument(tags),
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
            own = {key: value for key, value in live["Tags"].items() if key == NAME_TAG}
            change_tags(self.aws, arn, live["Tags"], {**wanted["tags"], **own})

    def delete(self, name: str, live: Fields) -> None:
        if name.startswith("arn:"):
            self._await_empty(live)
        for group in (live, *live["Superseded"]):
            # A group stays in use for some seconds after its listener went.
            self.aws.write(
                "elbv2", "delete_target_group", propagating=r"^ResourceInUse", TargetGroupArn=group["TargetGroupArn"]
            )

    def _await_empty(self, live: Fields) -> None:
        """Let targets that leave answer their last requests; AWS gives them so long and no longer."""
        deadline = time.monotonic() + self.normalize("", live)["deregistration_delay"] + LEAVING_SECONDS
        while time.monotonic() < deadline:
            targets = self.aws.read(
                "elbv2", "describe_target_health", "TargetHealthDescriptions", TargetGroupArn=live["TargetGroupArn"]
            )
            if not targets:
                return
            time.sleep(2)

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key not in ("Attributes", "Superseded")}
        return {
            **super().result(name, shapes),
            **self.normalize(name, live),
            "full_name": full_name(live["TargetGroupArn"]),
            "superseded": [_superseded(group) for group in live["Superseded"]],
        }

    def replaced(self, name: str, live: Fields, wanted: Fields) -> Fields:
        return {
            **self.placeholder(name, wanted, second_name(name, {**_fixed_of(live), **wanted})),
            "superseded": [_superseded(group) for group in (live, *live["Superseded"])],
        }

    def placeholder(self, name: str, wanted: Fields, aws_name: str = "") -> Fields:
        aws_name = aws_name or name
        arn = placeholder_arn("elasticloadbalancing", self.aws.region, f"targetgroup/{aws_name}/{'0' * 16}")
        return {
            "tags": {},
            **wanted,
            "target_group_name": aws_name,
            "target_group_arn": arn,
            "full_name": full_name(arn),
            "superseded": [],
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


def second_name(name: str, wanted: Fields) -> str:
    """The name in AWS of the group that takes the place of ``name``, the same in every run."""
    return replacement_name(name, {option: wanted[option] for option in FIXED}, "target_group")


def choose(
    name: str, groups: t.Sequence[Fields], wanted: Fields, tags: t.Mapping[str, str] | None
) -> tuple[Fields | None, list[Fields]]:
    """Which of ``groups`` is the one that ``name`` means now, and which ones it has superseded. Pure.

    The one that is as it is wanted, however many there are: so a replacement that was begun goes on, and one that is
    taken back goes back. Else the one that a load balancer uses.
    """
    if name.startswith("arn:"):
        return next(iter(groups), None), []
    named = [live for live in groups if live["Tags"].get(NAME_TAG, live["TargetGroupName"]) == name]
    ours = [live for live in named if not foreign_owner(live["Tags"], tags)]
    if not ours:
        return next((live for live in named if live["TargetGroupName"] == name), None), []
    ranked = sorted(ours, key=lambda live: (_is_as_wanted(live, wanted), _is_used(live)), reverse=True)
    # Those in use come first: theirs are the tasks that serve.
    return ranked[0], sorted(ranked[1:], key=_is_used, reverse=True)


def _may_be(name: str, live: Fields) -> bool:
    """Whether a group may be the one that is called ``name``, before its tags are read."""
    if name.startswith("arn:"):
        return live["TargetGroupArn"] == name
    return live["TargetGroupName"] == name or live["TargetGroupName"].startswith(
        f"{replacement_stem(name, 'target_group')}-"
    )


def _is_as_wanted(live: Fields, wanted: Fields) -> bool:
    return all(wanted.get(option) in (None, value) for option, value in _fixed_of(live).items())


def _fixed_of(live: Fields) -> Fields:
    return {option: live.get(member) for option, member in FIXED.items()}


def _is_used(live: Fields) -> bool:
    return bool(live.get("LoadBalancerArns"))


def _superseded(live: Fields) -> Fields:
    return {"target_group_arn": live["TargetGroupArn"], "port": live.get("Port")}


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

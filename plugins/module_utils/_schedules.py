# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules of EventBridge Scheduler that run ECS tasks on Fargate."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import NotOursError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._schedule_expressions import (
    expression_fault,
    is_over,
    time_zone_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._schedule_group import MISSING, read_group
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_to_dict

#: A role or a group that was just made is not known to the scheduler for some seconds.
PROPAGATING = r"^ValidationException: .*assume the role|^ResourceNotFoundException: "

#: Another change of the same schedule is under way.
BUSY = r"^ConflictException: "

#: EventBridge Scheduler API, RetryPolicy.
RETRY_ATTEMPTS = range(185 + 1)
EVENT_AGE_SECONDS = range(60, 86400 + 1)

#: What a schedule has that a call does not mention. EventBridge Scheduler API, CreateSchedule and RetryPolicy.
DEFAULTS: Fields = {
    "schedule_expression_timezone": "UTC",
    "enabled": True,
    "description": "",
    "platform_version": "LATEST",
    "capacity_provider_strategy": [],
    "security_groups": [],
    "assign_public_ip": False,
    "enable_execute_command": False,
    "maximum_retry_attempts": RETRY_ATTEMPTS.stop - 1,
    "maximum_event_age_in_seconds": EVENT_AGE_SECONDS.stop - 1,
    "dead_letter_arn": "",
}

#: What there must be for a new one.
REQUIRED = ("schedule_expression", "cluster_arn", "role_arn", "task_definition_arn", "subnets")

#: What a change must say again lest AWS forgets it, though nothing here sets it.
KEPT = ("StartDate", "EndDate", "KmsKeyArn", "ActionAfterCompletion")


class Schedule(Kind):
    """A schedule, found by its name in its group. Its tags are the group's, which is how its owner is known."""

    noun = "schedule"
    plural = "schedules"
    exists = ("ConflictException",)
    _group: Fields | None = None

    @property
    def group(self) -> str:
        """The name of the group."""
        return self.options["group_name"]

    def read(self, names: list[str]) -> dict[str, Fields]:
        self._group = read_group(self.aws, self.group)
        if not self._group or self._group["State"] == "DELETING":
            return {}
        found = {
            name: self.aws.read("scheduler", "get_schedule", missing=MISSING, GroupName=self.group, Name=name)
            for name in names
        }
        return {name: {**live, "Tags": self._group["Tags"]} for name, live in found.items() if live}

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        listed = self.aws.read("scheduler", "list_schedules", "Schedules", missing=MISSING, GroupName=self.group)
        return sorted(item["Name"] for item in listed if item["Name"] not in names)

    def normalize(self, name: str, live: Fields) -> Fields:
        target = live["Target"]
        task = target.get("EcsParameters") or {}
        network = (task.get("NetworkConfiguration") or {}).get("awsvpcConfiguration") or {}
        retry = target.get("RetryPolicy") or {}
        shown = {
            "schedule_expression": live["ScheduleExpression"],
            "schedule_expression_timezone": live.get("ScheduleExpressionTimezone"),
            "enabled": live.get("State", "ENABLED") == "ENABLED",
            "description": live.get("Description"),
            "cluster_arn": target["Arn"],
            "role_arn": target["RoleArn"],
            "task_definition_arn": task.get("TaskDefinitionArn"),
            "capacity_provider_strategy": _strategy(
                (item["capacityProvider"], item.get("base"), item.get("weight"))
                for item in task.get("CapacityProviderStrategy") or []
            ),
            "platform_version": task.get("PlatformVersion"),
            "subnets": sorted(network.get("Subnets") or []),
            "security_groups": sorted(network.get("SecurityGroups") or []),
            "assign_public_ip": network.get("AssignPublicIp", "DISABLED") == "ENABLED",
            "enable_execute_command": task.get("EnableExecuteCommand", False),
            "maximum_retry_attempts": retry.get("MaximumRetryAttempts"),
            "maximum_event_age_in_seconds": retry.get("MaximumEventAgeInSeconds"),
            "dead_letter_arn": (target.get("DeadLetterConfig") or {}).get("Arn"),
        }
        filled = {key: DEFAULTS.get(key) if value is None else value for key, value in shown.items()}
        return {**filled, "tags": tags_to_dict(live["Tags"])}

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = {option: value for option, value in wanted.items() if option != "tags"}
        for option in ("subnets", "security_groups"):
            if option in normal:
                normal[option] = sorted(set(normal[option]))
        if "capacity_provider_strategy" in normal:
            normal["capacity_provider_strategy"] = _strategy(
                (item["capacity_provider"], item.get("base"), item.get("weight"))
                for item in normal["capacity_provider_strategy"]
            )
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """A schedule whose one time is over never starts anything again: it stays as it is, whatever it would start.

        AWS is not asked to set a moment that has passed.
        """
        before = self.normalize(name, live)
        if is_past(before, wanted):
            return {field: value for field, value in before.items() if field != "tags"}
        return wanted

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.live is None or outcome.wanted is None:
            return []
        is_left = is_past(self.normalize(name, outcome.live), outcome.wanted)
        return ["its one time is over: it stays as it is, and starts nothing any more"] if is_left else []

    def plan_name(self, name: str) -> str:
        return f"{self.group} {name}"

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        self._refuse_group(name)
        label = f"schedule {name}"
        fault = name_fault(name, "schedule") if live is None else ""
        if fault:
            raise WebstackError(f"{label} {fault}", "choose another name")
        absent = [option for option in REQUIRED if option not in wanted] if live is None else []
        if absent:
            raise WebstackError(f"{label}: cannot be made without {', '.join(absent)}", "give them")
        for option, find_fault in (
            ("schedule_expression", expression_fault),
            ("schedule_expression_timezone", time_zone_fault),
        ):
            fault = find_fault(wanted[option]) if option in wanted else ""
            if fault:
                raise WebstackError(f"{label}: {option} {wanted[option]!r} {fault}", f"mend {option}")
        for option, allowed in (
            ("maximum_retry_attempts", RETRY_ATTEMPTS),
            ("maximum_event_age_in_seconds", EVENT_AGE_SECONDS),
        ):
            if wanted.get(option, allowed.start) not in allowed:
                raise WebstackError(
                    f"{label}: {option} is {wanted[option]}", f"give {allowed.start} to {allowed.stop - 1}"
                )

    def _refuse_group(self, name: str) -> None:
        """A group that is somebody else's, and without check mode one that is not there."""
        if self._group is None:
            if not self.aws.check_mode:
                raise WebstackError(
                    f"schedule {name}: there is no schedule group {self.group}", "make it with schedule_group first"
                )
            return
        whose = foreign_owner(tags_to_dict(self._group["Tags"]), self.options.get("tags"))
        if whose:
            raise NotOursError(
                f"schedule_group {self.group} is not this stack's: {whose}", "choose another group for the schedules"
            )

    def create(self, name: str, wanted: Fields) -> None:
        arguments = _arguments({**DEFAULTS, **wanted}, {})
        self.aws.write(
            "scheduler", "create_schedule", propagating=PROPAGATING, GroupName=self.group, Name=name, **arguments
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        # What the call leaves out becomes AWS's default, so it always gets everything.
        whole = {**self.normalize(name, live), **{field: wanted[field] for field in changed}}
        self.aws.write(
            "scheduler",
            "update_schedule",
            propagating=f"{PROPAGATING}|{BUSY}",
            GroupName=self.group,
            Name=name,
            **_arguments(whole, live),
        )

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(
            "scheduler", "delete_schedule", missing=MISSING, propagating=BUSY, GroupName=self.group, Name=name
        )

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("scheduler", self.aws.region, f"schedule/{self.group}/{name}")
        return self._shown(name, arn, {**DEFAULTS, **wanted})

    def result(self, name: str, live: Fields) -> Fields:
        return self._shown(name, live["Arn"], self.normalize(name, live))

    def _shown(self, name: str, arn: str, fields: Fields) -> Fields:
        own = {option: value for option, value in fields.items() if option != "tags"}
        return {"name": name, "arn": arn, "group_name": self.group, **own}


def is_past(before: Fields, wanted: Fields) -> bool:
    """Whether the one time of a schedule is over, and it is not to have another."""
    when = {**before, **wanted}
    moment = (when["schedule_expression"], when["schedule_expression_timezone"])
    same = moment == (before["schedule_expression"], before["schedule_expression_timezone"])
    return same and is_over(*moment, datetime.datetime.now(datetime.UTC))


def _strategy(items: t.Iterable[tuple[str, int | None, int | None]]) -> list[Fields]:
    return sorted(
        ({"capacity_provider": provider, "base": base or 0, "weight": weight or 0} for provider, base, weight in items),
        key=lambda item: item["capacity_provider"],
    )


def _arguments(options: Fields, live: Fields) -> Fields:
    """All options as the calls that make and change a schedule take them; the rest as it is live."""
    task: Fields = {
        **(live.get("Target", {}).get("EcsParameters") or {}),
        "TaskDefinitionArn": options["task_definition_arn"],
        "PlatformVersion": options["platform_version"],
        "NetworkConfiguration": {
            "awsvpcConfiguration": {
                "Subnets": options["subnets"],
                "AssignPublicIp": "ENABLED" if options["assign_public_ip"] else "DISABLED",
                **({"SecurityGroups": options["security_groups"]} if options["security_groups"] else {}),
            }
        },
        "EnableExecuteCommand": options["enable_execute_command"],
        "EnableECSManagedTags": True,
        "PropagateTags": "TASK_DEFINITION",
    }
    # AWS takes one of the two.
    for key in ("CapacityProviderStrategy", "LaunchType"):
        task.pop(key, None)
    if options["capacity_provider_strategy"]:
        task["CapacityProviderStrategy"] = [
            {"capacityProvider": item["capacity_provider"], "base": item["base"], "weight": item["weight"]}
            for item in options["capacity_provider_strategy"]
        ]
    else:
        task["LaunchType"] = "FARGATE"
    target: Fields = {
        **live.get("Target", {}),
        "Arn": options["cluster_arn"],
        "RoleArn": options["role_arn"],
        "EcsParameters": task,
        "RetryPolicy": {
            "MaximumRetryAttempts": options["maximum_retry_attempts"],
            "MaximumEventAgeInSeconds": options["maximum_event_age_in_seconds"],
        },
    }
    target.pop("DeadLetterConfig", None)
    if options["dead_letter_arn"]:
        target["DeadLetterConfig"] = {"Arn": options["dead_letter_arn"]}
    return {
        **{key: live[key] for key in KEPT if live.get(key)},
        "ScheduleExpression": options["schedule_expression"],
        "ScheduleExpressionTimezone": options["schedule_expression_timezone"],
        "State": "ENABLED" if options["enabled"] else "DISABLED",
        "Description": options["description"],
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
    }

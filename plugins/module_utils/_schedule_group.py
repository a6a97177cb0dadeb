# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedule groups of EventBridge Scheduler. They alone carry tags: whose a schedule is, its group says."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)

MISSING = ("ResourceNotFoundException",)

#: A group of the same name is still being deleted, or another change of this one is under way.
BUSY = r"^ConflictException: "


def read_group(aws: Aws, name: str) -> Fields | None:
    """A group with its tags, or nothing."""
    group = aws.read("scheduler", "get_schedule_group", missing=MISSING, Name=name)
    if group is None:
        return None
    tags = aws.read("scheduler", "list_tags_for_resource", "Tags", missing=MISSING, ResourceArn=group["Arn"])
    return {key: value for key, value in {**group, "Tags": tags or []}.items() if key != "ResponseMetadata"}


class ScheduleGroup(Kind):
    """A schedule group, found by its name."""

    noun = "schedule_group"
    exists = ("ConflictException",)
    _going: t.Collection[str] = ()

    def read(self, names: list[str]) -> dict[str, Fields]:
        groups = {name: read_group(self.aws, name) for name in names}
        found = {name: group for name, group in groups.items() if group}
        self._going = [name for name, group in found.items() if self.is_going(group)]
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        return {"tags": tags_to_dict(live["Tags"])}

    def is_going(self, live: Fields) -> bool:
        return live["State"] == "DELETING"

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        return ["all its schedules go with it"] if outcome.action == "delete" else []

    def create(self, name: str, wanted: Fields) -> None:
        # Only then does a conflict pass: else the group is there, made by a call whose answer was lost.
        propagating = BUSY if name in self._going else ""
        self.aws.write(
            "scheduler",
            "create_schedule_group",
            propagating=propagating,
            Name=name,
            **tags_argument(wanted.get("tags")),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        to_set, to_remove = tag_changes(tags_to_dict(live["Tags"]), wanted["tags"])
        if to_set:
            self.aws.write(
                "scheduler", "tag_resource", propagating=BUSY, ResourceArn=live["Arn"], Tags=tags_to_list(to_set)
            )
        if to_remove:
            self.aws.write("scheduler", "untag_resource", propagating=BUSY, ResourceArn=live["Arn"], TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        # AWS deletes its schedules after that, and then the group.
        self.aws.write("scheduler", "delete_schedule_group", missing=MISSING, propagating=BUSY, Name=name)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "name": name,
            "arn": placeholder_arn("scheduler", self.aws.region, f"schedule-group/{name}"),
            "state": "ACTIVE",
            "tags": wanted.get("tags") or {},
        }

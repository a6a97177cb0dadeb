# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch Logs log groups."""

from __future__ import annotations

import re

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict

MISSING = ("ResourceNotFoundException",)

#: Another change of the same group is under way, or the group is not known everywhere yet.
PROPAGATING = r"^OperationAbortedException: |^ResourceNotFoundException: "

#: CloudWatch Logs API, CreateLogGroup, logGroupName.
NAME = re.compile(r"(?!aws/)[A-Za-z0-9_/.#-]{1,512}")
NAME_WORDS = "1 to 512 letters, digits and _-/.#, not beginning with aws/"

#: CloudWatch Logs API, PutRetentionPolicy, retentionInDays; 0 stands for no policy, that is, for ever.
RETENTION_DAYS = [
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]  # fmt: skip


class LogGroup(Kind):
    """A log group, found by its name."""

    noun = "log_group"
    plural = "log_groups"
    immutable = {"log_group_class": "leave the class as it is, or remove the group with its events and run again"}
    exists = ("ResourceAlreadyExistsException",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        # AWS finds by prefix only: one describe with what all names begin with.
        prefix = common_beginning(names)
        arguments = {"logGroupNamePrefix": prefix} if prefix else {}
        groups = self.aws.read("logs", "describe_log_groups", "logGroups", **arguments)
        return {
            group["logGroupName"]: {**group, "tags": self._tags(group)}
            for group in groups
            if group["logGroupName"] in names
        }

    def _tags(self, group: Fields) -> Fields | None:
        return self.aws.read("logs", "list_tags_for_resource", "tags", missing=MISSING, resourceArn=_arn(group))

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "retention_in_days": live.get("retentionInDays", 0),
            "kms_key_id": live.get("kmsKeyId", ""),
            "log_group_class": live.get("logGroupClass", "STANDARD"),
            "tags": tags_to_dict(live.get("tags")),
        }

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all its events are lost"]
        retention = next((change for change in outcome.changes if change.field == "retention_in_days"), None)
        if outcome.action != "update" or retention is None or not retention.after:
            return []
        # 0 is for ever.
        is_shorter = not retention.before or retention.after < retention.before
        return [f"events older than {retention.after} days are deleted"] if is_shorter else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if live is None and wanted is not None and not NAME.fullmatch(name):
            raise WebstackError(f"log_group {name!r} is no valid name", f"AWS takes {NAME_WORDS}")
        key = (wanted or {}).get("kms_key_id")
        if key and not key.startswith("arn:"):
            raise WebstackError(
                f"log_group {name}: kms_key_id is {key!r}", "give the key's ARN; CloudWatch Logs takes nothing else"
            )

    def create(self, name: str, wanted: Fields) -> None:
        arguments = {
            "kmsKeyId": wanted.get("kms_key_id"),
            "logGroupClass": wanted.get("log_group_class"),
            "tags": wanted.get("tags"),
        }
        given = {key: value for key, value in arguments.items() if value}
        self.aws.write("logs", "create_log_group", logGroupName=name, **given)
        if wanted.get("retention_in_days"):
            self._set_retention(name, wanted["retention_in_days"])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "retention_in_days" in changed:
            self._set_retention(name, wanted["retention_in_days"])
        if "kms_key_id" in changed:
            if wanted["kms_key_id"]:
                self.aws.write(
                    "logs",
                    "associate_kms_key",
                    propagating=PROPAGATING,
                    logGroupName=name,
                    kmsKeyId=wanted["kms_key_id"],
                )
            else:
                self.aws.write("logs", "disassociate_kms_key", propagating=PROPAGATING, logGroupName=name)
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live.get("tags")), wanted["tags"])
            if to_set:
                self.aws.write("logs", "tag_resource", resourceArn=_arn(live), tags=to_set)
            if to_remove:
                self.aws.write("logs", "untag_resource", resourceArn=_arn(live), tagKeys=to_remove)

    def _set_retention(self, name: str, days: int) -> None:
        if days:
            self.aws.write(
                "logs", "put_retention_policy", propagating=PROPAGATING, logGroupName=name, retentionInDays=days
            )
        else:
            self.aws.write("logs", "delete_retention_policy", propagating=PROPAGATING, logGroupName=name)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("logs", "delete_log_group", missing=MISSING, logGroupName=name)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("logs", self.aws.region, f"log-group:{name}")
        return {
            "log_group_name": name,
            "arn": f"{arn}:*",
            "log_group_arn": arn,
            **wanted,
            "tags": wanted.get("tags") or {},
        }

    def result(self, name: str, live: Fields) -> Fields:
        # How much is stored grows by itself; it is no part of what the group is.
        shapes = {key: value for key, value in live.items() if key != "storedBytes"}
        return {
            **super().result(name, {**shapes, "logGroupArn": _arn(live)}),
            "retention_in_days": live.get("retentionInDays", 0),
        }


def common_beginning(names: list[str]) -> str:
    """What all ``names`` begin with, which is what the first and the last in order have in common."""
    first, last = min(names), max(names)
    length = next((index for index, letter in enumerate(first) if last[index : index + 1] != letter), len(first))
    return first[:length]


def _arn(group: Fields) -> str:
    """The group's ARN as the tagging operations take it: the one that describes give ends with ``:*``."""
    return group["arn"].removesuffix(":*")

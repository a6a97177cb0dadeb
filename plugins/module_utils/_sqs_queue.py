# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SQS queues."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._notes import notes_on, when_shorter
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes

#: The first is the code of SQS's old protocol, which the SDK still reports, the second that of the model.
MISSING = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")

#: For 60 seconds after a queue was deleted no other can have its name.
RECENTLY_DELETED = r"QueueDeletedRecently: "

#: A queue that was just made is not known to all of SQS for a second or so.
PROPAGATING = r"NonExistentQueue: |^QueueDoesNotExist: "

#: Amazon SQS API, SetQueueAttributes, MessageRetentionPeriod.
RETENTION_SECONDS = range(60, 1209600 + 1)


class SqsQueue(Kind):
    """A standard queue, found by its name."""

    noun = "sqs_queue"
    exists = ("QueueAlreadyExists", "QueueNameExists")

    def read(self, names: list[str]) -> dict[str, Fields]:
        queues = {name: self._queue(name) for name in names}
        return {name: queue for name, queue in queues.items() if queue}

    def _queue(self, name: str) -> Fields | None:
        url = self.aws.read("sqs", "get_queue_url", "QueueUrl", missing=MISSING, QueueName=name)
        if url is None:
            return None
        attributes = self.aws.read(
            "sqs", "get_queue_attributes", "Attributes", missing=MISSING, QueueUrl=url, AttributeNames=["All"]
        )
        if attributes is None:
            return None
        tags = self.aws.read("sqs", "list_queue_tags", "Tags", missing=MISSING, QueueUrl=url)
        return {"QueueUrl": url, "Attributes": attributes, "Tags": tags or {}}

    def normalize(self, name: str, live: Fields) -> Fields:
        attributes = live["Attributes"]
        return {
            "message_retention_period": int(attributes["MessageRetentionPeriod"]),
            "sqs_managed_sse_enabled": attributes.get("SqsManagedSseEnabled", "false") == "true",
            "policy": normal_policy(attributes.get("Policy")),
            "tags": live["Tags"],
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        return {**wanted, "policy": normal_policy(wanted["policy"])} if "policy" in wanted else wanted

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all messages in it are lost"]
        table = {"message_retention_period": when_shorter("messages older than {after} seconds are deleted")}
        return notes_on(outcome.changes, table) if outcome.action == "update" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        fault = name_fault(name, "sqs_queue") if live is None else ""
        if fault:
            raise WebstackError(f"sqs_queue {name} {fault}", "choose another name")
        seconds = wanted.get("message_retention_period", RETENTION_SECONDS.start)
        if seconds not in RETENTION_SECONDS:
            raise WebstackError(
                f"sqs_queue {name}: message_retention_period is {seconds}",
                f"give {RETENTION_SECONDS.start} to {RETENTION_SECONDS.stop - 1} seconds",
            )

    def create(self, name: str, wanted: Fields) -> None:
        self.aws.write(
            "sqs",
            "create_queue",
            propagating=RECENTLY_DELETED,
            QueueName=name,
            Attributes=_attributes(wanted, set(wanted)),
            tags=wanted.get("tags") or {},
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        url = live["QueueUrl"]
        attributes = _attributes(wanted, changed)
        if attributes:
            self.aws.write("sqs", "set_queue_attributes", propagating=PROPAGATING, QueueUrl=url, Attributes=attributes)
        if "tags" in changed:
            to_set, to_remove = tag_changes(live["Tags"], wanted["tags"])
            if to_set:
                self.aws.write("sqs", "tag_queue", propagating=PROPAGATING, QueueUrl=url, Tags=to_set)
            if to_remove:
                self.aws.write("sqs", "untag_queue", propagating=PROPAGATING, QueueUrl=url, TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("sqs", "delete_queue", missing=MISSING, QueueUrl=live["QueueUrl"])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "name": name,
            "queue_url": f"https://sqs.{self.aws.region}.amazonaws.com/{self.aws.account_id()}/{name}",
            "queue_arn": self.aws.arn("sqs", self.aws.region, name),
            **wanted,
            "tags": wanted.get("tags") or {},
        }

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "name": name,
            "queue_url": live["QueueUrl"],
            "queue_arn": live["Attributes"]["QueueArn"],
            **self.normalize(name, live),
        }


def _attributes(wanted: Fields, changed: t.Collection[str]) -> dict[str, str]:
    """The options among ``changed`` as SQS's attributes, which are texts."""
    attributes = {}
    if "message_retention_period" in changed:
        attributes["MessageRetentionPeriod"] = str(wanted["message_retention_period"])
    if "sqs_managed_sse_enabled" in changed:
        attributes["SqsManagedSseEnabled"] = str(wanted["sqs_managed_sse_enabled"]).lower()
    if "policy" in changed:
        attributes["Policy"] = policy_text(wanted["policy"]) if wanted["policy"] else ""
    return attributes

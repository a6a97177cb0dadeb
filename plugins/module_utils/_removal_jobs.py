# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what starts a stack's jobs. Schedules go before all else, so that no task starts in a stack that goes."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._removal import Found, Owner, Removable, Wishes
from ansible_collections.webstack.aws.plugins.module_utils._schedule_group import BUSY, MISSING
from ansible_collections.webstack.aws.plugins.module_utils._sqs_queue import MISSING as NO_QUEUE

#: Schedules carry no tags: they are their group's.
GROUP_ARN = r"arn:[^:]+:scheduler:.*:schedule-group/.+"


def _find_schedules(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    return [
        Found("schedule", f"{group}/{schedule['Name']}", {"group": group, "name": schedule["Name"]})
        for group in map(_name, arns)
        for schedule in aws.read("scheduler", "list_schedules", "Schedules", missing=MISSING, GroupName=group)
    ]


def _remove_schedule(aws: Aws, found: Found, _wishes: Wishes) -> None:
    group, name = found.detail["group"], found.detail["name"]
    aws.write("scheduler", "delete_schedule", missing=MISSING, propagating=BUSY, GroupName=group, Name=name)


def _find_groups(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    groups = [aws.read("scheduler", "get_schedule_group", missing=MISSING, Name=_name(arn)) for arn in arns]
    return [Found("schedule_group", group["Name"], {}, group["State"] == "DELETING") for group in groups if group]


def _remove_group(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("scheduler", "delete_schedule_group", missing=MISSING, propagating=BUSY, Name=found.identifier)


def _find_queues(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    names = [arn.rpartition(":")[2] for arn in arns]
    urls = {name: aws.read("sqs", "get_queue_url", "QueueUrl", missing=NO_QUEUE, QueueName=name) for name in names}
    return [Found("sqs_queue", name, {"url": url}) for name, url in urls.items() if url]


def _remove_queue(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("sqs", "delete_queue", missing=NO_QUEUE, QueueUrl=found.detail["url"])


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


KINDS: dict[str, Removable] = {
    "schedule": Removable(_find_schedules, _remove_schedule, arn=GROUP_ARN),
    "schedule_group": Removable(_find_groups, _remove_group, ("schedule",), GROUP_ARN),
    "sqs_queue": Removable(_find_queues, _remove_queue, ("schedule",), r"arn:[^:]+:sqs:[^:]*:[^:]*:[^:]+"),
}

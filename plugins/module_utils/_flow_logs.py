# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flow logs: what passes a VPC's, a subnet's or an interface's network interfaces, written to CloudWatch Logs."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import compare, given
from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_to_dict

#: Amazon EC2 API, CreateFlowLogs, ResourceType: by how the ids begin.
RESOURCE_TYPES = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}

#: The options, and AWS's members for them in CreateFlowLogs and in a FlowLog.
SETTINGS = {
    "resource_id": "ResourceId",
    "traffic_type": "TrafficType",
    "log_group_name": "LogGroupName",
    "deliver_logs_permission_arn": "DeliverLogsPermissionArn",
    "log_format": "LogFormat",
    "max_aggregation_interval": "MaxAggregationInterval",
}

EXISTS = "FlowLogAlreadyExists"
MISSING = "InvalidFlowLogId.NotFound"

#: What was made a moment ago is not known everywhere yet: the role, its trust policy, the VPC.
NEW = r"Unable to assume given IAM role|Invalid(Vpc|Subnet|NetworkInterface)I[Dd]\.NotFound"


class FlowLog(Ec2Kind):
    """A flow log to CloudWatch Logs, found by its tag Name.

    AWS can change nothing of a flow log but its tags, so a change makes a new one and then removes the old one. A run
    that was killed in between leaves two; the next run keeps the one that is as wanted, else the newest, and removes
    the other as superseded.
    """

    noun = "flow_log"
    plural = "flow_logs"
    describe = "describe_flow_logs"
    path = "FlowLogs"
    filters = "Filter"
    id_field = "FlowLogId"
    id_prefix = "fl"
    tag_type = "vpc-flow-log"
    needed = ("resource_id", "log_group_name", "deliver_logs_permission_arn")
    exists = (EXISTS,)

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._removed: set[str] = set()

    def choose(self, names: t.Iterable[str], found: t.Iterable[Fields]) -> dict[str, Fields]:
        """One of ours with each name; the others of ours are the ones that it supersedes.

        Whose they are is known: a module with ``purge`` takes no run without the owner's tags.
        """
        wanted = {item["name"]: given(item) for item in self.options.get("flow_logs", [])}
        there = [live for live in found if live["FlowLogId"] not in self._removed]
        chosen = {}
        for name in names:
            same = [live for live in there if tags_to_dict(live.get("Tags")).get("Name") == name]
            ours = [
                live for live in same if not foreign_owner(tags_to_dict(live.get("Tags")), self.options.get("tags"))
            ]
            candidates = sorted(ours or same[:1], key=lambda live: str(live.get("CreationTime")), reverse=True)
            candidates.sort(key=lambda live: not is_as(live, wanted.get(name, {})))
            if candidates:
                chosen[name] = {**candidates[0], "Superseded": sorted(each["FlowLogId"] for each in candidates[1:])}
        return chosen

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        own = {f"tag:{key}": [value] for key, value in self.own_tags().items()}
        return sorted(self.own_names(self.find(own)) - set(names))

    def normalize(self, name: str, live: Fields) -> Fields:
        superseded = {"superseded": live["Superseded"]} if live["Superseded"] else {}
        return {**settings(live), **superseded, "tags": tags_to_dict(live.get("Tags"))}

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        return single_spaced(super().normalize_wanted(name, wanted))

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        return {**wanted, "superseded": []} if live["Superseded"] else wanted

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        super().refuse(name, live, wanted)
        resource_id = (wanted or {}).get("resource_id")
        if resource_id and resource_id.split("-")[0] not in RESOURCE_TYPES:
            raise WebstackError(
                f"flow_log {name}: {resource_id} is neither a VPC nor a subnet nor a network interface",
                "give the id of one of them",
            )

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        changed = {change.field for change in outcome.changes}
        if outcome.action == "update" and changed & SETTINGS.keys():
            return ["a new flow log is made, and the old one goes then: AWS can change nothing of one"]
        return []

    def create(self, name: str, wanted: Fields) -> None:
        answer = self.aws.write(
            "ec2",
            "create_flow_logs",
            propagating=NEW,
            ResourceType=RESOURCE_TYPES[wanted["resource_id"].split("-")[0]],
            ResourceIds=[wanted["resource_id"]],
            LogDestinationType="cloud-watch-logs",
            TagSpecifications=self.tag_specifications(name, wanted),
            **{
                member: wanted[option]
                for option, member in SETTINGS.items()
                if option in wanted and option not in ("resource_id", "traffic_type")
            },
            # required of VPCs, subnets and interfaces
            TrafficType=wanted.get("traffic_type", "ALL"),
        )
        self._raise_refused(name, "ec2:CreateFlowLogs", answer)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        before = self.normalize(name, live)
        superseded = list(live["Superseded"])
        if changed & SETTINGS.keys():
            superseded.append(live["FlowLogId"])
            self._replace(name, {**before, **wanted}, superseded)
        elif "tags" in changed:
            self.update_tags([live["FlowLogId"]], live, wanted)
        self._delete(name, superseded)

    def delete(self, name: str, live: Fields) -> None:
        self._delete(name, [live["FlowLogId"], *live["Superseded"]])

    def result(self, name: str, live: Fields) -> Fields:
        return super().result(name, {key: value for key, value in live.items() if key != "Superseded"})

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {**super().placeholder(name, wanted), "flow_log_status": "ACTIVE"}

    def _replace(self, name: str, wanted: Fields, superseded: list[str]) -> None:
        """Make the new flow log while the old ones log; where AWS takes no second one like it, after they have gone."""
        try:
            self.create(name, wanted)
        except AwsError as error:
            if error.code != EXISTS:
                raise
            if self._is_made(name, wanted, superseded):
                return
            self._delete(name, superseded)
            self.create(name, wanted)

    def _is_made(self, name: str, wanted: Fields, superseded: list[str]) -> bool:
        """Whether the new one is there: the answer to the call that made it was lost, and the SDK repeated it."""
        live = self.read([name]).get(name)
        return live is not None and live["FlowLogId"] not in superseded and is_as(live, wanted)

    def _delete(self, name: str, ids: list[str]) -> None:
        left = [flow_log_id for flow_log_id in ids if flow_log_id not in self._removed]
        if not left:
            return
        answer = self.aws.write("ec2", "delete_flow_logs", missing=(MISSING,), FlowLogIds=left)
        if answer is None and len(left) > 1:
            # one of them is gone already, and AWS removes none
            for flow_log_id in left:
                self._delete(name, [flow_log_id])
            return
        self._raise_refused(name, "ec2:DeleteFlowLogs", answer or {})
        self._removed.update(left)

    def _raise_refused(self, name: str, action: str, answer: Fields) -> None:
        """AWS says yes to the call and lists what it did not do."""
        for item in answer.get("Unsuccessful", []):
            error = item["Error"]
            if error["Code"] != MISSING:
                raise AwsError(f"flow_log {name}", action, error["Code"], error["Message"])


def settings(live: Fields) -> Fields:
    """A flow log's settings as options."""
    return {option: live[member] for option, member in SETTINGS.items() if member in live}


def is_as(live: Fields, wanted: Fields) -> bool:
    """Whether a flow log has the settings that are wanted, as far as these say."""
    return not compare(settings(live), {key: value for key, value in single_spaced(wanted).items() if key in SETTINGS})


def single_spaced(wanted: Fields) -> Fields:
    """``wanted`` with its format spelled as AWS spells it."""
    return {**wanted, "log_format": " ".join(wanted["log_format"].split())} if "log_format" in wanted else wanted

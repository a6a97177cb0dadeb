# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recorder of AWS Config in a region, with its delivery channel: an account can have one of each."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._account_wide import MARK, is_marked
from ansible_collections.webstack.aws.plugins.module_utils._compare import compare
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._notes import notes_on, when_off
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)

NO_RECORDER = ("NoSuchConfigurationRecorderException",)
NO_CHANNEL = ("NoSuchDeliveryChannelException",)

#: A bucket's policy, and a role that was just made, are not known to AWS Config at once.
PROPAGATING = r"^(InsufficientDeliveryPolicyException|InvalidRoleException)"

#: A recorder that has just been stopped counts as running for some moments.
STILL_RUNNING = r"^LastDeliveryChannelDeleteFailedException"

#: AWS's own role for AWS Config, which an account has once.
LINKED_ROLE = "AWSServiceRoleForConfig"
LINKED_SERVICE = "config.amazonaws.com"

#: What is set by one call for the recorder itself.
RECORDER = ("role_arn", "resource_types", "include_global_resource_types", "recording_frequency")


class ConfigRecorder(Kind):
    """The recorder of this account and region with its delivery channel, which bears the same name."""

    noun = "config_recorder"

    def read(self, names: list[str]) -> dict[str, Fields]:
        recorders = self.aws.read("config", "describe_configuration_recorders", "ConfigurationRecorders")
        channels = self.aws.read("config", "describe_delivery_channels", "DeliveryChannels")
        if not recorders and not channels:
            return {}
        recorder: Fields = next(iter(recorders), {})
        channel: Fields = next(iter(channels), {})
        arn = recorder.get("arn")
        tags = (
            self.aws.read(
                "config", "list_tags_for_resource", "Tags", missing=("ResourceNotFoundException",), ResourceArn=arn
            )
            if arn
            else None
        )
        live = {
            **recorder,
            "DeliveryChannel": channel,
            "Recording": bool(recorders) and self._is_recording(recorder["name"]),
            "Tags": tags_to_dict(tags),
        }
        found = {name: {**live, "kept": whose(name, live, self.options.get("tags"))} for name in names}
        # What is somebody else's is nothing that could be removed; a channel that is left alone is.
        is_wanted = self.options.get("state") != "absent"
        return {
            name: each for name, each in found.items() if (is_wanted or not each["kept"]) and (recorder or each["kept"])
        }

    def _is_recording(self, name: str) -> bool:
        states = self.aws.read(
            "config",
            "describe_configuration_recorder_status",
            "ConfigurationRecordersStatus",
            missing=NO_RECORDER,
            ConfigurationRecorderNames=[name],
        )
        return bool(states and states[0].get("recording"))

    def normalize(self, name: str, live: Fields) -> Fields:
        group = live.get("recordingGroup", {})
        excludes = group.get("recordingStrategy", {}).get("useOnly") == "EXCLUSION_BY_RESOURCE_TYPES"
        return {
            "role_arn": live.get("roleARN"),
            # None: all but some, which this module never sets.
            "resource_types": None if excludes else sorted(group.get("resourceTypes", [])),
            "include_global_resource_types": group.get("includeGlobalResourceTypes", False),
            "recording_frequency": live.get("recordingMode", {}).get("recordingFrequency", "CONTINUOUS"),
            "s3_bucket_name": live["DeliveryChannel"].get("s3BucketName", ""),
            "is_recording": live["Recording"],
            "kept": live["kept"],
            "tags": live["Tags"],
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        types = sorted(set(wanted.get("resource_types") or []))
        given = {"resource_types": types} if "resource_types" in wanted else {}
        # Whoever names types names the global ones too; AWS refuses both.
        bundle = {"include_global_resource_types": False} if types else {}
        return {**wanted, **given, **bundle}

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        return {"kept": live["kept"]} if live["kept"] else wanted

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        if not live["kept"]:
            return []
        fields = {field: value for field, value in wanted.items() if field not in ("tags", "kept")}
        return [Kept(*change, "somebody else") for change in compare(self.normalize(name, live), fields)]

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.live and outcome.live["kept"]:
            return [outcome.live["kept"]]
        words = "nothing in this region is recorded any more"
        if outcome.action == "delete":
            return [words]
        return notes_on(outcome.changes, {"is_recording": when_off(words)}) if outcome.action == "update" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if not live and wanted is not None and not wanted.get("s3_bucket_name"):
            raise WebstackError(f"config_recorder {name} does not exist", "give s3_bucket_name to make it")

    def create(self, name: str, wanted: Fields) -> None:
        recorder = {"resource_types": [], "role_arn": wanted.get("role_arn") or self._linked_role(), **wanted}
        self._put_recorder(name, recorder, **tags_argument(wanted.get("tags")))
        self._put_channel(name, {}, wanted)
        if wanted.get("is_recording", True):
            self.aws.write("config", "start_configuration_recorder", ConfigurationRecorderName=name)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed.intersection(RECORDER):
            self._put_recorder(name, {**self.normalize(name, live), **wanted})
        if "s3_bucket_name" in changed:
            self._put_channel(name, live["DeliveryChannel"], wanted)
        if "is_recording" in changed:
            operation = "start" if wanted["is_recording"] else "stop"
            self.aws.write("config", f"{operation}_configuration_recorder", ConfigurationRecorderName=name)
        if "tags" in changed:
            to_set, to_remove = tag_changes(live["Tags"], wanted["tags"])
            if to_set:
                self.aws.write("config", "tag_resource", ResourceArn=live["arn"], Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("config", "untag_resource", ResourceArn=live["arn"], TagKeys=to_remove)

    def _put_recorder(self, name: str, recorder: Fields, **more: t.Any) -> None:
        shape = {
            "name": name,
            "roleARN": recorder["role_arn"],
            "recordingGroup": recording_group(recorder),
            "recordingMode": {"recordingFrequency": recorder.get("recording_frequency", "CONTINUOUS")},
        }
        self.aws.write(
            "config", "put_configuration_recorder", propagating=PROPAGATING, ConfigurationRecorder=shape, **more
        )

    def _put_channel(self, name: str, live: Fields, wanted: Fields) -> None:
        channel = {**live, "name": name, "s3BucketName": wanted["s3_bucket_name"]}
        self.aws.write("config", "put_delivery_channel", propagating=PROPAGATING, DeliveryChannel=channel)

    def _linked_role(self) -> str:
        """The ARN of AWS's own role, which is made where the account has not got it yet."""
        if self.aws.read("iam", "get_role", "Role", missing=("NoSuchEntity",), RoleName=LINKED_ROLE) is None:
            # It is one for all regions: what makes the recorder of another may have been quicker.
            taken = ("InvalidInput",)
            self.aws.write("iam", "create_service_linked_role", missing=taken, AWSServiceName=LINKED_SERVICE)
        return f"arn:aws:iam::{self.aws.account_id()}:role/aws-service-role/{LINKED_SERVICE}/{LINKED_ROLE}"

    def delete(self, name: str, live: Fields) -> None:
        # In this order AWS lets them go.
        self.aws.write("config", "stop_configuration_recorder", missing=NO_RECORDER, ConfigurationRecorderName=name)
        if live["DeliveryChannel"]:
            self.aws.write(
                "config",
                "delete_delivery_channel",
                missing=NO_CHANNEL,
                propagating=STILL_RUNNING,
                DeliveryChannelName=name,
            )
        self.aws.write("config", "delete_configuration_recorder", missing=NO_RECORDER, ConfigurationRecorderName=name)

    def result(self, name: str, live: Fields) -> Fields:
        return {"name": live.get("name"), "arn": live.get("arn"), **self.normalize(name, live)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("config", self.aws.region, f"configuration-recorder/{name}/{'0' * 8}")
        return {"name": name, "arn": arn, "kept": "", **wanted, "tags": wanted.get("tags") or {}}


def whose(name: str, live: Fields, tags: t.Mapping[str, t.Any] | None) -> str:
    """Why what there is is somebody else's, in words; empty when it is this module's to change."""
    recorder, channel = live.get("name"), live["DeliveryChannel"].get("name")
    if recorder not in (None, name):
        return f"recorder {recorder} records this region already, and AWS Config has one in each"
    if recorder and not is_marked(live["Tags"], tags):
        return f"recorder {recorder} has no tag {MARK}: somebody else made it, and it stays as it is"
    if channel not in (None, name):
        return f"delivery channel {channel} is there already, and AWS Config has one in each region"
    return ""


def recording_group(recorder: Fields) -> Fields:
    """What is recorded, as AWS takes it: the named types, or all of them."""
    types = recorder.get("resource_types")
    if types:
        strategy = {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"}
        return {"allSupported": False, "resourceTypes": types, "recordingStrategy": strategy}
    return {
        "allSupported": True,
        "includeGlobalResourceTypes": recorder.get("include_global_resource_types", False),
        "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
    }

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS CloudTrail's trails, which keep a record of who called what in an account."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._account_wide import MARK, is_marked
from ansible_collections.webstack.aws.plugins.module_utils._compare import compare
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._notes import notes_on, when_off
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("TrailNotFoundException",)

#: A bucket's policy is not known to CloudTrail at once.
PROPAGATING = r"^InsufficientS3BucketPolicyException"

#: AWS CloudTrail API, CreateTrail, Name.
NAME = re.compile(r"(?=.{3,128}$)(?!\d+\.\d+\.\d+\.\d+$)[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*")

#: The options as AWS names them when it takes them and when it shows them.
OPTIONS = {
    "s3_bucket_name": ("S3BucketName", "S3BucketName"),
    "is_multi_region_trail": ("IsMultiRegionTrail", "IsMultiRegionTrail"),
    "enable_log_file_validation": ("EnableLogFileValidation", "LogFileValidationEnabled"),
}


class Cloudtrail(Kind):
    """A trail of this account, found by its name in its home region."""

    noun = "cloudtrail"
    exists = ("TrailAlreadyExistsException",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        trails = self.aws.read("cloudtrail", "describe_trails", "trailList")
        found = {name: self._trail(name, trails) for name in names}
        # What is somebody else's is nothing that could be removed.
        is_wanted = self.options.get("state") != "absent"
        return {name: live for name, live in found.items() if live and (is_wanted or not live["kept"])}

    def _trail(self, name: str, trails: list[Fields]) -> Fields | None:
        others, own = standing(name, trails, self.aws.region)
        if own is None:
            return others
        arn = own["TrailARN"]
        listed = self.aws.read("cloudtrail", "list_tags", "ResourceTagList", missing=MISSING, ResourceIdList=[arn])
        tags = tags_to_dict(listed[0].get("TagsList")) if listed else {}
        status = self.aws.read("cloudtrail", "get_trail_status", missing=MISSING, Name=arn) or {}
        marked = is_marked(tags, self.options.get("tags"))
        kept = "" if marked else f"trail {arn} has no tag {MARK}: somebody else made it, and it stays as it is"
        return {**own, "IsLogging": status.get("IsLogging", False), "Tags": tags, "kept": kept}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            **{option: live.get(shown) for option, (_given, shown) in OPTIONS.items()},
            "is_logging": live.get("IsLogging"),
            "kept": live["kept"],
            "tags": live.get("Tags") or {},
        }

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
        words = "the requests to this account are recorded by it no more"
        if outcome.action == "delete":
            return [words]
        return notes_on(outcome.changes, {"is_logging": when_off(words)}) if outcome.action == "update" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if live or wanted is None:
            return
        if not NAME.fullmatch(name):
            words = "use 3 to 128 letters and digits, parted by single . _ or -"
            raise WebstackError(f"cloudtrail {name} is no valid name", words)
        if not wanted.get("s3_bucket_name"):
            raise WebstackError(f"cloudtrail {name} does not exist", "give s3_bucket_name to make it")

    def create(self, name: str, wanted: Fields) -> None:
        arguments = {member: wanted[option] for option, (member, _shown) in OPTIONS.items() if option in wanted}
        tags = tags_to_list(wanted.get("tags") or {})
        if tags:
            arguments["TagsList"] = tags
        self.aws.write("cloudtrail", "create_trail", propagating=PROPAGATING, Name=name, **arguments)
        if wanted.get("is_logging", True):
            self.aws.write("cloudtrail", "start_logging", Name=name)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arn = live["TrailARN"]
        arguments = {member: wanted[option] for option, (member, _shown) in OPTIONS.items() if option in changed}
        if arguments:
            self.aws.write("cloudtrail", "update_trail", propagating=PROPAGATING, Name=arn, **arguments)
        if "is_logging" in changed:
            self.aws.write("cloudtrail", "start_logging" if wanted["is_logging"] else "stop_logging", Name=arn)
        if "tags" in changed:
            to_set, to_remove = tag_changes(live["Tags"], wanted["tags"])
            if to_set:
                self.aws.write("cloudtrail", "add_tags", ResourceId=arn, TagsList=tags_to_list(to_set))
            if to_remove:
                keys = [{"Key": key} for key in to_remove]
                self.aws.write("cloudtrail", "remove_tags", ResourceId=arn, TagsList=keys)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("cloudtrail", "delete_trail", missing=MISSING, Name=live["TrailARN"])

    def result(self, name: str, live: Fields) -> Fields:
        home = {"home_region": live.get("HomeRegion"), "trail_arn": live.get("TrailARN")}
        return {"name": live.get("Name"), **home, **self.normalize(name, live)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("cloudtrail", self.aws.region, f"trail/{name}")
        own = {"name": name, "home_region": self.aws.region, "trail_arn": arn, "kept": ""}
        return {**own, **wanted, "tags": wanted.get("tags") or {}}


def standing(name: str, trails: t.Iterable[Fields], region: str) -> tuple[Fields | None, Fields | None]:
    """Of all trails that are seen in a region: the one that stands in the way of ours with the reason, and our own.

    The organisation's trail records this account already, and a trail of all regions is seen in each and changed in its
    home region only.
    """
    others = None
    for trail in trails:
        is_here = trail.get("HomeRegion") == region
        if trail.get("IsOrganizationTrail"):
            if is_here or trail.get("IsMultiRegionTrail"):
                others = others or {
                    **trail,
                    "kept": f"the organisation's trail {trail['TrailARN']} records this account",
                }
        elif trail["Name"] == name and is_here:
            return None, trail
        elif trail["Name"] == name:
            others = {
                **trail,
                "kept": f"trail {trail['TrailARN']} records this region; it is managed in its home region",
            }
    return others, None

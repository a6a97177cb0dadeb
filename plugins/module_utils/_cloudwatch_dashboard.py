# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch dashboards."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import canonical_json
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("DashboardNotFoundError", "ResourceNotFound", "ResourceNotFoundException")

#: CloudWatch API, PutDashboard, DashboardName.
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


class CloudwatchDashboard(Kind):
    """A dashboard, found by its name."""

    noun = "cloudwatch_dashboard"

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {
            name: self.aws.read("cloudwatch", "get_dashboard", missing=MISSING, DashboardName=name) for name in names
        }
        return {name: {**dashboard, "Tags": self._tags(dashboard)} for name, dashboard in found.items() if dashboard}

    def _tags(self, dashboard: Fields) -> list[Fields] | None:
        arn = dashboard["DashboardArn"]
        return self.aws.read("cloudwatch", "list_tags_for_resource", "Tags", missing=MISSING, ResourceARN=arn)

    def _tags_at_once(self) -> bool:
        return self.aws.knows("cloudwatch", "put_dashboard", "Tags")

    def adopts(self, name: str, live: Fields) -> bool:
        # An older SDK tags in a second call; what a killed run left without tags holds nothing but what is put again.
        return not tags_to_dict(live["Tags"]) and not self._tags_at_once()

    def normalize(self, name: str, live: Fields) -> Fields:
        return {"dashboard_body": json.loads(live["DashboardBody"]), "tags": tags_to_dict(live["Tags"])}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        if not NAME.fullmatch(name):
            raise WebstackError(
                f"cloudwatch_dashboard {name} is no valid name", "use up to 255 letters, digits, - and _"
            )
        if live is None and "dashboard_body" not in wanted:
            raise WebstackError(f"cloudwatch_dashboard {name} does not exist", "give dashboard_body to make it")

    def create(self, name: str, wanted: Fields) -> None:
        tags = tags_to_list(wanted.get("tags") or {})
        at_once = {"Tags": tags} if tags and self._tags_at_once() else {}
        self._put(name, wanted["dashboard_body"], **at_once)
        if tags and not at_once:
            arn = self.aws.read("cloudwatch", "get_dashboard", "DashboardArn", DashboardName=name)
            self.aws.write("cloudwatch", "tag_resource", propagating="ResourceNotFound", ResourceARN=arn, Tags=tags)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "dashboard_body" in changed:
            self._put(name, wanted["dashboard_body"])
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live["Tags"]), wanted["tags"])
            arn = live["DashboardArn"]
            if to_set:
                self.aws.write("cloudwatch", "tag_resource", ResourceARN=arn, Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("cloudwatch", "untag_resource", ResourceARN=arn, TagKeys=to_remove)

    def _put(self, name: str, body: Fields, **tags: t.Any) -> None:
        self.aws.write("cloudwatch", "put_dashboard", DashboardName=name, DashboardBody=canonical_json(body), **tags)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("cloudwatch", "delete_dashboards", missing=MISSING, DashboardNames=[name])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        # Dashboards belong to no region.
        arn = placeholder_arn("cloudwatch", "", f"dashboard/{name}")
        return {"dashboard_name": name, "dashboard_arn": arn, **wanted, "tags": wanted.get("tags") or {}}

    def result(self, name: str, live: Fields) -> Fields:
        return {"dashboard_name": name, "dashboard_arn": live["DashboardArn"], **self.normalize(name, live)}

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPC links, by which an HTTP API reaches what has no public address."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._api_gateway import (
    BUSY,
    change_tags,
    choose,
    read_items,
    resource_arn,
)
from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

ANOTHER = "give it another name: a second link is made, the API is moved to it, and this one can be removed"

#: Amazon API Gateway V2 API, CreateVpcLink, Name; Developer Guide, quotas of HTTP APIs, subnets of a VPC link.
LONGEST_NAME = 128
MOST_SUBNETS = 10

PLACEHOLDER_LINK = "000000"


class VpcLink(Kind):
    """A VPC link, found by its name and owner.

    One that failed serves nobody and cannot be mended: it does not count, and goes when another one is made.
    """

    noun = "vpc_link"
    immutable = dict.fromkeys(("subnet_ids", "security_group_ids"), ANOTHER)

    def __init__(self, aws: Aws):
        super().__init__(aws)
        self._failed: dict[str, Fields | None] = {}
        self._made: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        links = [link for link in read_items(self.aws, "get_vpc_links") if link["VpcLinkStatus"] != "DELETING"]
        live = {}
        for name in names:
            of_name = [link for link in links if link["Name"] == name]
            serving = [link for link in of_name if link["VpcLinkStatus"] != "FAILED"]
            failed = [link for link in of_name if link["VpcLinkStatus"] == "FAILED"]
            link = self._choose(name, serving)
            self._failed[name] = None if link else self._choose(name, failed)
            # One that failed as soon as it was made here is the answer, and the waiter says why.
            if self.options.get("state") == "absent" or name in self._made:
                link = link or self._failed[name]
            if link:
                live[name] = link
        return live

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "subnet_ids": sorted(live["SubnetIds"]),
            "security_group_ids": sorted(live.get("SecurityGroupIds", [])),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        return {
            field: sorted(value) if field in ("subnet_ids", "security_group_ids") else value
            for field, value in wanted.items()
        }

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None or live:
            return
        if len(name) > LONGEST_NAME:
            raise WebstackError(
                f"vpc_link {name}: its name has {len(name)} characters, AWS takes {LONGEST_NAME}", "shorten it"
            )
        count = len(wanted.get("subnet_ids", []))
        if not 1 <= count <= MOST_SUBNETS:
            raise WebstackError(
                f"vpc_link {name}: AWS wants 1 to {MOST_SUBNETS} subnets, not {count}", "give one in each zone"
            )

    def create(self, name: str, wanted: Fields) -> None:
        failed = self._failed.get(name)
        if failed:
            # An API that still names it keeps it; it is moved to the new one, and the failed one goes with the stack.
            self._delete(failed, keep=("BadRequestException",))
        self.aws.write(
            "apigatewayv2",
            "create_vpc_link",
            once=True,
            propagating=BUSY,
            Name=name,
            SubnetIds=wanted["subnet_ids"],
            SecurityGroupIds=wanted.get("security_group_ids", []),
            Tags=wanted.get("tags", {}),
        )
        self._made.add(name)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arn = resource_arn(self.aws, f"/vpclinks/{live['VpcLinkId']}")
        change_tags(self.aws, arn, tags_to_dict(live.get("Tags")), wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self._delete(live)

    def result(self, name: str, live: Fields) -> Fields:
        return {**super().result(name, live), **self.normalize(name, live)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "security_group_ids": [],
            "tags": {},
            **wanted,
            "name": name,
            "vpc_link_id": PLACEHOLDER_LINK,
            "vpc_link_status": "PENDING",
            "vpc_link_status_message": "",
        }

    def _choose(self, name: str, links: list[Fields]) -> Fields | None:
        return choose(self.noun, name, links, "VpcLinkId", self.options.get("tags"))

    def _delete(self, live: Fields, keep: tuple[str, ...] = ()) -> None:
        self.aws.write(
            "apigatewayv2",
            "delete_vpc_link",
            missing=("NotFoundException", *keep),
            propagating=BUSY,
            VpcLinkId=live["VpcLinkId"],
        )

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What HTTP APIs, VPC links and custom domains of API Gateway have in common."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._tags import OWNER_TAGS, tag_changes, tags_to_dict

Fields = dict[str, t.Any]

#: API Gateway takes one change of a thing after the other, and of some calls one in 15 or 30 seconds (quotas of
#: CreateVpcLink, DeleteVpcLink, CreateDomainName, UpdateDomainName, DeleteDomainName).
BUSY = r"^TooManyRequestsException|^ConflictException: .*([Cc]oncurrent|in progress|try again)"

#: An API goes only after what leads to it; a mapping that has just been removed is seen for some moments.
STILL_MAPPED = rf"{BUSY}|^BadRequestException: .*mappings"


def resource_arn(aws: Aws, path: str) -> str:
    """The ARN of something of API Gateway, for instance of ``/apis/a1b2c3d4e5``. It names no account."""
    return f"arn:aws:apigateway:{aws.region}::{path}"


def read_items(aws: Aws, operation: str, **arguments: t.Any) -> list[Fields]:
    """All items of a list, over all pages, of operations for which boto3 has no paginator."""
    items: list[Fields] = []
    while True:
        answer = aws.read("apigatewayv2", operation, **arguments)
        items += answer.get("Items", [])
        if not answer.get("NextToken"):
            return items
        arguments["NextToken"] = answer["NextToken"]


def choose(noun: str, name: str, found: list[Fields], key: str, tags: t.Mapping[str, str] | None) -> Fields | None:
    """The one that is meant among those of a name, which API Gateway lets several have.

    Where ``tags`` name an owner it is the one that bears them; others' of the same name are none of our business.
    key: the field that holds the id. Raises WebstackError where more than one is meant.
    """
    owner = {tag: tags[tag] for tag in OWNER_TAGS if tags and tag in tags}
    meant = [live for live in found if owner.items() <= tags_to_dict(live.get("Tags")).items()]
    if len(meant) > 1:
        ids = ", ".join(sorted(live[key] for live in meant))
        raise WebstackError(
            f"{noun} {name}: there are {len(meant)} of this name{' and owner' if owner else ''}: {ids}",
            "remove all but one of them" if owner else "say with tags whose is meant",
        )
    return meant[0] if meant else None


def change_tags(aws: Aws, arn: str, live: t.Mapping[str, str], wanted: t.Mapping[str, str]) -> None:
    """Bring the tags of ``arn`` from ``live`` to ``wanted``."""
    to_set, to_remove = tag_changes(live, wanted)
    if to_set:
        aws.write("apigatewayv2", "tag_resource", propagating=BUSY, ResourceArn=arn, Tags=to_set)
    if to_remove:
        aws.write("apigatewayv2", "untag_resource", propagating=BUSY, ResourceArn=arn, TagKeys=to_remove)

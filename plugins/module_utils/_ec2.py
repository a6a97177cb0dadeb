# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What EC2's network resources have in common: EC2 gives them no names, so the tag Name names them."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_id
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    foreign_owner,
    own_tags,
    tag_changes,
    tag_specifications,
    tags_to_dict,
    tags_to_list,
)

#: Errors that leave open whether AWS did what it was asked to: the answer was lost, or AWS failed on its way.
LOST = (
    "ConnectionClosedError",
    "ConnectTimeoutError",
    "EndpointConnectionError",
    "InternalError",
    "InternalFailure",
    "ReadTimeoutError",
    "ServiceUnavailable",
    "Unavailable",
)

#: How often, a second apart, AWS is asked what became of such a call; what was just made may not be visible at once.
LOOKS = 5


class Ec2Kind(Kind):
    """A resource of EC2 that its tag Name names.

    describe: the operation that reads it, ``path`` the member of its answer and ``filters`` the argument that takes
    filters. id_field: the member with its id. id_prefix: how its ids begin. tag_type: EC2's word for it in
    TagSpecifications. needed: options without which it cannot be made.
    """

    describe: str = ""
    path: str = ""
    filters: str = "Filters"
    id_field: str = ""
    id_prefix: str = ""
    tag_type: str = ""
    needed: t.Collection[str] = ()

    def read(self, names: list[str]) -> dict[str, Fields]:
        return self.choose(names, self.find({"tag:Name": names}))

    def find(self, filters: t.Mapping[str, list[str]]) -> list[Fields]:
        """All that EC2 has for ``filters``, and for the VPC in hand where the module has one."""
        if "vpc_id" in self.options:
            filters = {**filters, "vpc-id": [self.options["vpc_id"]]}
        arguments: Fields = {self.filters: filter_list(filters)}
        return self.aws.read("ec2", self.describe, self.path, **arguments)

    def choose(self, names: t.Iterable[str], found: t.Iterable[Fields]) -> dict[str, Fields]:
        """Those of ``names`` among ``found``: what stands before what goes, and ours before others'."""
        chosen = {}
        for name in names:
            same = [live for live in found if tags_to_dict(live.get("Tags")).get("Name") == name]
            same = [live for live in same if not self.is_going(live)] or same[:1]
            ours = [
                live for live in same if not foreign_owner(tags_to_dict(live.get("Tags")), self.options.get("tags"))
            ]
            if len(ours) > 1:
                ids = ", ".join(live[self.id_field] for live in ours)
                raise WebstackError(
                    f"{self.noun} {name}: there are {len(ours)} of that name: {ids}",
                    "remove those that are not in use, or give them another tag Name",
                )
            if same:
                chosen[name] = (ours or same)[0]
        return chosen

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        """With the tag Name among the tags: without it the resource would not be found again."""
        return {**wanted, "tags": {**wanted["tags"], "Name": name}} if "tags" in wanted else wanted

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        missing = [option for option in self.needed if live is None and wanted is not None and option not in wanted]
        if missing:
            raise WebstackError(f"{self.noun} {name} does not exist yet", f"give {', '.join(missing)} to make it")

    def tag_specifications(self, name: str, wanted: Fields) -> list[Fields]:
        """The tags of a new resource, for the call that makes it."""
        return tag_specifications(self.tag_type, wanted.get("tags", {"Name": name}))

    def make(self, name: str, operation: str, member: str, **arguments: t.Any) -> str:
        """Make it, once, and return its id, which ``member`` of the answer has (the answer itself when empty).

        When the answer is lost, the call is not repeated: for most of these calls EC2 has no idempotency token, and
        would make a second one. AWS is asked for what became of it instead.
        """
        try:
            answer = self.aws.write("ec2", operation, once=True, **arguments)
        except AwsError as error:
            if error.code not in LOST:
                raise
            for _look in range(LOOKS):
                made = self.read([name]).get(name, {})
                if self.id_field in made:
                    return made[self.id_field]
                time.sleep(1)
            raise
        return (answer[member] if member else answer)[self.id_field]

    def update_tags(self, ids: list[str], live: Fields, wanted: Fields) -> None:
        """Bring the tags of ``ids`` to the wanted ones."""
        to_set, to_remove = tag_changes(tags_to_dict(live.get("Tags")), wanted["tags"])
        if to_set:
            self.aws.write("ec2", "create_tags", Resources=ids, Tags=tags_to_list(to_set))
        if to_remove:
            self.aws.write("ec2", "delete_tags", Resources=ids, Tags=[{"Key": key} for key in to_remove])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            **wanted,
            _snake_id(self.id_field): placeholder_id(self.id_prefix, name),
            "tags": wanted.get("tags", {"Name": name}),
        }

    def own_tags(self) -> dict[str, str]:
        """The tags by which a purge knows what is its own. Raises WebstackError without them."""
        return own_tags(self.noun, self.options.get("tags"))

    def own_names(self, resources: t.Iterable[Fields]) -> set[str]:
        """The names of those ``resources`` that bear all of the owner's tags, and are not going."""
        own = self.own_tags().items()
        tags = [tags_to_dict(live.get("Tags")) for live in resources if not self.is_going(live)]
        return {each["Name"] for each in tags if own <= each.items() and "Name" in each}


def filter_list(filters: t.Mapping[str, list[str]]) -> list[Fields]:
    """Filters in EC2's form; those without values are left out, as EC2 refuses them."""
    return [{"Name": name, "Values": list(values)} for name, values in filters.items() if values]


def _snake_id(field: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field).lstrip("_")

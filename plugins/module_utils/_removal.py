# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing all that bears a stack's tags, in passes: each looks at what is there and removes what nothing needs.

A pass keeps no memory, so a removal that was killed is simply begun again.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

Fields = dict[str, t.Any]

#: What AWS answers while something else still lets go of it; the next pass tries again.
STILL_USED = (
    "DependencyViolation",
    "ResourceInUse",
    "ResourceInUseException",
    "InvalidDBSubnetGroupStateFault",
    "InvalidDBParameterGroupState",
    "CacheSubnetGroupInUse",
    "InvalidCacheParameterGroupState",
    "AuthFailure",
    "InvalidIPAddress.InUse",
    "ClusterContainsTasksException",
    "ClusterContainsServicesException",
    "UpdateInProgressException",
    "DeleteConflict",
)


#: Deleted by the pass before, and still shown.
GONE = (
    "InvalidVpcID.NotFound",
    "InvalidSubnetID.NotFound",
    "InvalidRouteTableID.NotFound",
    "InvalidGroup.NotFound",
    "InvalidInternetGatewayID.NotFound",
    "InvalidAllocationID.NotFound",
    "InvalidElasticIpID.NotFound",
    "NatGatewayNotFound",
)


class Owner(t.NamedTuple):
    """Whose resources are meant."""

    stack: str
    environment: str

    @property
    def prefix(self) -> str:
        """What the names of its resources begin with."""
        return f"{self.environment}-{self.stack}"

    @property
    def tags(self) -> dict[str, str]:
        """The tags that its resources bear."""
        return {"webstack:stack": self.stack, "webstack:environment": self.environment}

    @property
    def filters(self) -> list[Fields]:
        """The same as filters of EC2's describe calls."""
        return [{"Name": f"tag:{key}", "Values": [value]} for key, value in self.tags.items()]


class Wishes(t.NamedTuple):
    """What the user allows and wants kept. data: addresses of data stores that go with what they hold."""

    allow_protected: bool
    final_snapshot: bool
    recovery_days: int
    timestamp: str
    data: frozenset[str] = frozenset()


class Found(t.NamedTuple):
    """One resource that is there. is_going: its removal is under way. blocker: why it may not go, what allows it.

    part_of: the address of what it is a part of, ``<kind>/<name>``.
    """

    kind: str
    identifier: str
    detail: Fields
    is_going: bool = False
    blocker: str = ""
    part_of: str = ""

    @property
    def label(self) -> str:
        """How people are told of it."""
        is_arn = self.identifier.startswith("arn:")
        return f"{self.kind} {self.identifier.split(':', 5)[5] if is_arn else self.identifier}"


class Removable(t.NamedTuple):
    """How one kind of resource is found and removed.

    find: takes the calls, the owner, the ARNs of this kind that bear the owner's tags, and what is wished.
    remove: returns what it kept, in words, or nothing. after: the kinds that must be gone first.
    arn: what the ARNs of this kind look like; empty for kinds that AWS's tagging API does not know.
    """

    find: t.Callable[[Aws, Owner, list[str], Wishes], list[Found]]
    remove: t.Callable[[Aws, Found, Wishes], str | None]
    after: tuple[str, ...] = ()
    arn: str = ""


class Pass(t.NamedTuple):
    """What one pass saw and did: resources that are there, that were asked to go, and what is kept, in words."""

    found: list[Found]
    removed: list[Found]
    kept: list[str]


def tagged_arns(aws: Aws, owner: Owner) -> list[str]:
    """The ARNs of all that bears the owner's tags, as AWS's tagging API knows them."""
    mappings = aws.read(
        "resourcegroupstaggingapi",
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=[{"Key": key, "Values": [value]} for key, value in owner.tags.items()],
    )
    return [mapping["ResourceARN"] for mapping in mappings]


def stacks_of(aws: Aws, environment: str) -> set[str]:
    """The stacks of an environment of which AWS's tagging API knows anything."""
    mappings = aws.read(
        "resourcegroupstaggingapi",
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=[{"Key": "webstack:stack"}, {"Key": "webstack:environment", "Values": [environment]}],
    )
    return {tags_to_dict(mapping["Tags"])["webstack:stack"] for mapping in mappings}


def arns_of(kind: Removable, arns: t.Iterable[str]) -> list[str]:
    """Those of ``arns`` that are of this kind."""
    return [arn for arn in arns if kind.arn and re.fullmatch(kind.arn, arn)]


def find_all(aws: Aws, kinds: t.Mapping[str, Removable], owner: Owner, wishes: Wishes) -> list[Found]:
    """All resources of the owner that are there."""
    aws.subject = f"stack {owner.prefix}"
    arns = tagged_arns(aws, owner)
    return [found for kind in kinds.values() for found in kind.find(aws, owner, arns_of(kind, arns), wishes)]


def removable_now(kinds: t.Mapping[str, Removable], found: t.Sequence[Found]) -> list[Found]:
    """Those that nothing which is still there needs, and that are not going already: pure."""
    there = {item.kind for item in found}
    return [item for item in found if not item.is_going and not there.intersection(kinds[item.kind].after)]


def in_order(kinds: t.Mapping[str, Removable], found: t.Sequence[Found]) -> list[Found]:
    """``found`` in the order in which it goes: pure."""
    left, ordered = list(found), []
    while left:
        wave = removable_now(kinds, [item._replace(is_going=False) for item in left])
        names = {(item.kind, item.identifier) for item in wave}
        ordered += wave
        left = [item for item in left if (item.kind, item.identifier) not in names]
    return ordered


def remove_pass(aws: Aws, kinds: t.Mapping[str, Removable], owner: Owner, wishes: Wishes) -> Pass:
    """Look once, and ask what may go now to go."""
    found = find_all(aws, kinds, owner, wishes)
    if any(item.blocker for item in found):
        return Pass(found, [], [])
    removed = removable_now(kinds, found)
    return Pass(found, removed, remove(aws, kinds, removed, wishes))


def remove(aws: Aws, kinds: t.Mapping[str, Removable], items: t.Iterable[Found], wishes: Wishes) -> list[str]:
    """Ask ``items`` to go. Returns what is kept of them, in words."""
    kept = []
    for item in items:
        aws.subject = item.label
        words = kinds[item.kind].remove(aws, item, wishes)
        if words:
            kept.append(words)
    return kept

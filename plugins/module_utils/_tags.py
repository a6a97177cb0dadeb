# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags: one form inside (a mapping), AWS's many forms outside, and whose a resource is."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

#: The tags that say which stack a resource belongs to. Every resource that can carry tags carries them.
OWNER_TAGS = ("webstack:stack", "webstack:environment")


def tags_to_dict(tags: t.Any) -> dict[str, str]:
    """Tags in any of AWS's forms (a mapping, or a list with Key/key/TagKey) as a mapping, without AWS's own tags.

    AWS's own begin with ``aws:``; nobody else can set or remove them.
    """
    if not tags:
        return {}
    if not isinstance(tags, dict):
        tags = {
            tag.get("Key", tag.get("key", tag.get("TagKey"))): tag.get("Value", tag.get("value", tag.get("TagValue")))
            for tag in tags
        }
    return {key: value or "" for key, value in tags.items() if not key.lower().startswith("aws:")}


def tags_to_list(tags: t.Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """A mapping of tags as the list that most services want; ECS wants ``key="key", value="value"``."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def tags_argument(tags: t.Mapping[str, str] | None) -> dict[str, t.Any]:
    """The argument ``Tags`` of a call that creates; none where there are no tags, since AWS takes no empty list."""
    return {"Tags": tags_to_list(tags)} if tags else {}


def tag_specifications(resource_type: str, tags: t.Mapping[str, str]) -> list[dict[str, t.Any]]:
    """EC2's form for tags that are set in the call that creates, so that nothing is ever without its owner."""
    return [{"ResourceType": resource_type, "Tags": tags_to_list(tags)}] if tags else []


def tag_changes(live: t.Mapping[str, str], wanted: t.Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What to set and which keys to remove so that ``live`` becomes ``wanted``."""
    to_set = {key: value for key, value in wanted.items() if live.get(key) != value}
    return to_set, [key for key in live if key not in wanted]


def wanted_tags(live: t.Mapping[str, str], tags: t.Mapping[str, str] | None, purge: bool) -> dict[str, str] | None:
    """The tags that the resource shall have: ``tags`` alone when ``purge``, else added to the live ones."""
    if tags is None:
        return None
    tags = {key: str(value) for key, value in tags.items()}
    return tags if purge else {**live, **tags}


def own_tags(noun: str, tags: t.Mapping[str, t.Any] | None) -> dict[str, str]:
    """The tags by which a purge of ``noun`` knows what is its own. Raises WebstackError without them.

    They are all of the collection's, so that roles keep apart as well.
    """
    own = {key: str(value) for key, value in (tags or {}).items() if key.startswith("webstack:")}
    if not set(OWNER_TAGS) <= set(own):
        raise WebstackError(f"{noun}: purge cannot know what is its own", f"give the tags {' and '.join(OWNER_TAGS)}")
    return own


def foreign_owner(live: t.Mapping[str, str], wanted: t.Mapping[str, str] | None) -> str:
    """Whose a live resource is when it is not ours, in words; empty when it is ours or nobody asked."""
    for key in OWNER_TAGS:
        if wanted and key in wanted and live.get(key) != wanted[key]:
            return f"its tag {key} is {live[key]}" if key in live else f"it has no tag {key}"
    return ""

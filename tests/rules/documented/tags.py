"""Tags, in every service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, page, rule
from tests.rules.requests import Request, World

_SOURCE = page("tag-editor/latest/userguide/best-practices-and-strats.html")
_CHARACTERS = re.compile(r"[\w\s+\-=._:/@]*")
_MEMBERS = ("tags", "taglist", "tagset", "tagging")


def _tag_sets(value: Any, name: str = "") -> Iterator[list[tuple[str, str]]]:
    """Every set of tags in a request's parameters, as keys and values."""
    if isinstance(value, list) and name.lower() in _MEMBERS and value and isinstance(value[0], dict):
        tags = [{key.lower(): item for key, item in tag.items()} for tag in value]
        if all("key" in tag for tag in tags):
            yield [(tag["key"], tag.get("value", "")) for tag in tags]
    elif isinstance(value, dict) and name.lower() in _MEMBERS and all(isinstance(i, str) for i in value.values()):
        yield list(value.items())
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _tag_sets(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _tag_sets(item)


@rule("*", source=_SOURCE)
def tag_characters(request: Request, _world: World) -> Iterator[str]:
    """Keys and values of tags have letters, digits, spaces and + - = . _ : / @ only; EC2 alone takes more."""
    for tags in _tag_sets(request.parameters):
        for key, value in tags:
            if not (_CHARACTERS.fullmatch(key) and _CHARACTERS.fullmatch(value)):
                yield f"a tag is {key}={value!r}"


@rule("*", source=_SOURCE)
def tag_lengths(request: Request, _world: World) -> Iterator[str]:
    """A tag's key has 1 to 128 characters and does not begin with aws:, its value has at most 256."""
    for tags in _tag_sets(request.parameters):
        for key, value in tags:
            if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
                yield f"a tag is {key}={value!r}"


@rule("*", source=_SOURCE)
def tags_once(request: Request, _world: World) -> Iterator[str]:
    """A resource has at most 50 tags, and no key twice."""
    for tags in _tag_sets(request.parameters):
        keys = [key for key, _value in tags]
        if len(keys) > 50:
            yield f"there are {len(keys)} tags"
        if len(set(keys)) < len(keys):
            yield f"the tags are {', '.join(keys)}"


@rule("iam:*", source=page("IAM/latest/UserGuide/id_tags.html"))
def tags_of_identities(request: Request, _world: World) -> Iterator[str]:
    """In IAM keys of tags that differ in upper and lower case only are the same key."""
    for tags in _tag_sets(request.parameters):
        keys = [key.lower() for key, _value in tags]
        if len(set(keys)) < len(keys):
            yield f"the tags are {', '.join(keys)}"


RULES: tuple[Rule, ...] = (tag_characters, tag_lengths, tags_once, tags_of_identities)

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drift: what a dry run finds, parted by who has caused it. Pure.

A run records a digest of the state in which it left each resource. Where a dry run wants to change a resource that is
still in that state, the variables have changed; where it is in another state, somebody else has changed it.
"""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._plan import Entry, digest
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_text import shown

#: How many characters of a digest the record keeps, of a resource's name and of its state.
SHORT = 8


def record(entries: t.Iterable[Entry]) -> str:
    """The states of all resources that are there, as one string: a parameter takes 4096 characters, 250 resources."""
    states = {_key(item): item["state"][:SHORT] for item in entries if item["state"]}
    return "".join(f"{key}{state}" for key, state in sorted(states.items()))


def recorded(text: str) -> dict[str, str]:
    """The states in a record, by the key of their resource."""
    size = 2 * SHORT
    parts = [text[begin : begin + size] for begin in range(0, len(text), size)]
    return {part[:SHORT]: part[SHORT:] for part in parts}


def drift(resources: t.Iterable[Entry], text: str) -> dict[str, list[dict[str, t.Any]]]:
    """What a dry run finds, as three lists.

    expected: fields that their owners have set otherwise than the variables say. wanted: resources that the variables
    want otherwise than the last run left them. unknown: resources that somebody else has changed, removed or added.
    """
    states = recorded(text)
    found: dict[str, list[dict[str, t.Any]]] = {"expected": [], "wanted": [], "unknown": []}
    for item in resources:
        named = {"kind": item["kind"], "name": item["name"]}
        found["expected"] += [{**named, **kept} for kept in item["kept"]]
        if item["action"] != "none":
            reason = "wanted" if _is_wanted(item, states.get(_key(item))) else "unknown"
            found[reason].append({**named, "action": item["action"], "changes": item["changes"]})
    return found


def _is_wanted(item: Entry, left: str | None) -> bool:
    """Whether the variables want it. left: the state in which the last run left it; None where it did not know it."""
    if item["action"] in ("create", "restore"):
        return left is None
    if item["action"] == "delete":
        return left is not None
    return left == item["state"][:SHORT]


def sentences(found: t.Mapping[str, t.Sequence[t.Mapping[str, t.Any]]]) -> dict[str, list[str]]:
    """The three lists for people."""
    return {
        "expected, since others own it": [
            f"{item['kind']} {item['name']}, {item['field']}: live {shown(item['live'])}, ours {shown(item['ours'])}, "
            f"owner {item['owner']}"
            for item in found["expected"]
        ],
        "wanted by the variables, and not applied yet": [_sentence(item) for item in found["wanted"]],
        "changed by somebody else": [_sentence(item) for item in found["unknown"]],
    }


def _sentence(item: t.Mapping[str, t.Any]) -> str:
    fields = ", ".join(
        f"{change['field']} ({shown(change['before'])} → {shown(change['after'])})"
        for change in item["changes"]
        if item["action"] == "update"
    )
    return f"{item['action']} {item['kind']} {item['name']}{f': {fields}' if fields else ''}"


def _key(item: Entry) -> str:
    return digest([item["kind"], item["name"]])[:SHORT]

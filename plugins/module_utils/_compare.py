# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing what is with what is wanted: pure functions on plain data."""

from __future__ import annotations

import json
import typing as t


class Change(t.NamedTuple):
    """One field that differs: its name, the live value and the wanted one."""

    field: str
    before: t.Any
    after: t.Any


def compare(live: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any]) -> list[Change]:
    """The fields in which ``live`` differs from ``wanted``, in the order of ``wanted``.

    Both are in one normal form. A wanted value of None was not given and changes nothing.
    """
    return [
        Change(field, live.get(field), value)
        for field, value in wanted.items()
        if value is not None and live.get(field) != value
    ]


def deepen(change: Change) -> list[Change]:
    """One change of a mapping as the changes inside it, named by their path; a value that is no mapping is a leaf."""
    before, after = change.before, change.after
    if not isinstance(before or {}, dict) or not isinstance(after or {}, dict) or not (before or after):
        return [change] if before != after else []
    before, after = before or {}, after or {}
    inner = [Change(f"{change.field}.{key}", before.get(key), after.get(key)) for key in {**before, **after}]
    return [leaf for item in inner for leaf in deepen(item)]


def given(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """``options`` without those that were not given, in nested mappings and lists too."""
    return {key: _given(value) for key, value in options.items() if value is not None}


def _given(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return given(value)
    if isinstance(value, list):
        return [_given(item) for item in value]
    return value


def canonical_json(document: t.Any) -> str:
    """One text for one JSON document, so that policies compare by meaning and not by spelling."""
    if isinstance(document, str):
        document = json.loads(document)
    return json.dumps(document, sort_keys=True, separators=(",", ":"))

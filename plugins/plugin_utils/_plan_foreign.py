# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan entries for modules that say none: made from what was asked of them and what they return. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._plan import Entry, entry

#: Options that name the thing, best first; after them whatever ends in _name, _id or _identifier.
NAMES = ("name", "id", "identifier", "path", "dest")
NAME_ENDS = ("_name", "_identifier", "_id")


def foreign_entry(module: str, asked: t.Mapping[str, t.Any], result: t.Mapping[str, t.Any]) -> Entry | None:
    """What a module's task did or would do; nothing where it changes nothing."""
    if not result.get("changed"):
        return None
    sides = _sides(result.get("diff"))
    changes = _compared(*sides) if sides else _from_result(asked, result)
    if asked.get("state") in ("absent", "deleted"):
        action = "delete"
    else:
        action = "create" if sides and not sides[0] and sides[1] else "update"
    words = () if changes else (f"{module} says that it changes, and not what",)
    return entry(module, _name(asked), action, changes, notes=words)


def _name(asked: t.Mapping[str, t.Any]) -> str:
    ending = sorted(key for key in asked if key.endswith(NAME_ENDS))
    return next((str(asked[key]) for key in (*NAMES, *ending) if asked.get(key)), "")


def _sides(diff: t.Any) -> tuple[dict[str, t.Any], dict[str, t.Any]] | None:
    """The two sides of a diff that is made of fields; nothing of one that is made of text."""
    if not isinstance(diff, dict):
        return None
    before, after = diff.get("before") or {}, diff.get("after") or {}
    return (before, after) if isinstance(before, dict) and isinstance(after, dict) else None


def _compared(before: t.Mapping[str, t.Any], after: t.Mapping[str, t.Any]) -> list[Change]:
    names = {**before, **after}
    return [Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _from_result(asked: t.Mapping[str, t.Any], result: t.Mapping[str, t.Any]) -> list[Change]:
    """Options that the live resource, as the module returns it, has otherwise."""
    nested = [value for value in result.values() if isinstance(value, dict)]
    live = next((part for part in (result, *nested) if set(asked) & set(part)), {})
    return [
        Change(name, live[name], value)
        for name, value in asked.items()
        if name in live and value is not None and live[name] != value
    ]

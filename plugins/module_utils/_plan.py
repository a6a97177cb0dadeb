# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module says of each resource for the plan: the same words in check mode and in a real run.

Every own module returns a list ``plan`` of entries. The callback ``webstack.aws.plan`` gathers them.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change, deepen
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder

Entry = dict[str, t.Any]

#: ARNs, and ids in EC2's form.
ID = re.compile(r"arn:[^:]+:.+|[a-z]+(-[a-z]+)*-[0-9a-f]{8,17}")


class Kept(t.NamedTuple):
    """A field that is somebody else's: what it is in AWS, what the variables say, and who owns it."""

    field: str
    live: t.Any
    ours: t.Any
    owner: str


class Gate(t.NamedTuple):
    """What cannot be undone and is done only after a word: what it is, and the variable that allows it."""

    words: str
    variable: str


def entry(
    kind: str,
    name: str,
    action: str,
    changes: t.Sequence[Change] = (),
    *,
    kept: t.Sequence[Kept] = (),
    notes: t.Sequence[str] = (),
    gates: t.Sequence[Gate] = (),
    result: t.Any = None,
    state: t.Any = None,
    nested: t.Collection[str] = (),
) -> Entry:
    """One resource of the plan.

    action: create, update, replace, delete, restore or none. notes: what follows from it, in words. gates: what must be
    allowed first. result: what the module returns for it; ids in it that are not known yet are listed, so that the plan
    can say who supplies them. state: the live resource in normal form, of which only a digest is told. nested: as in
    ``Kind``.
    """
    inner = [leaf for change in changes for leaf in (deepen(change) if change.field in nested else [change])]
    return {
        "kind": kind,
        "name": name,
        "action": action,
        "changes": [change._asdict() for change in inner] if action != "delete" else [],
        "kept": [item._asdict() for item in kept],
        "notes": list(notes),
        "gates": [gate._asdict() for gate in gates],
        "ids": own_ids(result),
        "unknown": sorted(placeholders(result)) if action in ("create", "replace", "restore") else [],
        "state": digest(state) if state is not None else "",
    }


def own_ids(result: t.Any) -> list[str]:
    """The ARNs and ids that a result names at its top: its own, and those of what it is made in."""
    values = result.values() if isinstance(result, dict) else ()
    return sorted(
        {item for item in values if isinstance(item, str) and ID.fullmatch(item) and not is_placeholder(item)}
    )


def placeholders(value: t.Any) -> set[str]:
    """All placeholders of ids and ARNs anywhere in ``value``."""
    if isinstance(value, dict):
        return {found for item in value.values() for found in placeholders(item)}
    if isinstance(value, (list, tuple)):
        return {found for item in value for found in placeholders(item)}
    return {value} if isinstance(value, str) and is_placeholder(value) else set()


def digest(value: t.Any) -> str:
    """A short digest of plain data, the same wherever it is computed."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]

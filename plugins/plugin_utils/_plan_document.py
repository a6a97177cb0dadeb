# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan as a document: put together from what modules say of each resource, and compared with another. Pure.

``docs/plan.schema.json`` describes its form.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._plan import Entry, digest, placeholders

Document = dict[str, t.Any]
Stack = dict[str, t.Any]

FORMAT = 1

#: In the order in which totals name them.
ACTIONS = ("create", "update", "replace", "delete", "restore", "none")

#: What a document says of a resource that its digest covers. Words may be put better, and states differ by the hour.
DIGESTED = ("kind", "name", "action", "changes")


def merged(entries: t.Iterable[Entry]) -> list[Entry]:
    """One entry a resource. A resource of which several tasks speak is created by the first and completed by others."""
    found: dict[tuple[str, str], Entry] = {}
    for item in entries:
        key = (item["kind"], item["name"])
        if key not in found:
            found[key] = item
            continue
        first = found[key]
        fields = {change["field"]: change for change in first["changes"]}
        for change in item["changes"]:
            before = fields[change["field"]]["before"] if change["field"] in fields else change["before"]
            fields[change["field"]] = {**change, "before": before}
        found[key] = {
            **item,
            "role": first.get("role", ""),
            "action": item["action"] if first["action"] == "none" else first["action"],
            "changes": list(fields.values()),
            **{part: unique([*first[part], *item[part]]) for part in ("kept", "notes", "gates", "unknown")},
        }
    return list(found.values())


def unique(items: t.Iterable[t.Any]) -> list[t.Any]:
    """Each item once, in their order, also where they cannot be hashed."""
    return list({json.dumps(item, sort_keys=True): item for item in items}.values())


def stack_plan(header: t.Mapping[str, t.Any], entries: t.Iterable[Entry], unchecked: t.Iterable[str]) -> Stack:
    """What one stack's tasks said. header: whose plan it is: stack, environment, account, region, variables."""
    resources = merged(entries)
    totals = dict.fromkeys(ACTIONS, 0)
    for resource in resources:
        totals[resource["action"]] += 1
    return {**header, "unchecked": unique(unchecked), "totals": totals, "resources": resources}


def document(mode: str, stacks: t.Sequence[Stack], time: str, versions: t.Mapping[str, str]) -> Document:
    """The whole. mode: ``plan`` for what would be done, ``run`` for what was done. time: as ISO 8601 in UTC."""
    return {
        "format": FORMAT,
        "mode": mode,
        "digest": digest([digest_of(stack) for stack in stacks]),
        "time": time,
        "versions": dict(versions),
        "stacks": list(stacks),
    }


def digest_of(stack: Stack) -> str:
    """What must be the same when a saved plan is carried out: whose it is, its variables, what would be done."""
    return digest(
        {
            **{part: stack[part] for part in ("stack", "environment", "account", "region", "variables")},
            "resources": sorted(
                ({part: resource[part] for part in DIGESTED} for resource in stack["resources"]),
                key=lambda resource: (resource["kind"], resource["name"]),
            ),
        }
    )


def has_changes(plan: Document) -> bool:
    """Whether anything would be done or was done."""
    return any(resource["action"] != "none" for stack in plan["stacks"] for resource in stack["resources"])


def differences(saved: Stack, now: Stack) -> list[str]:
    """What is otherwise now than when a plan was saved, in sentences; nothing where the plan still holds."""
    found = [
        f"the {part} was {saved[part]} and is {now[part]}"
        for part in ("stack", "environment", "account", "region")
        if saved[part] != now[part]
    ]
    names = sorted({*saved["variables"], *now["variables"]})
    changed = [name for name in names if saved["variables"].get(name) != now["variables"].get(name)]
    if changed:
        found.append(f"other values have the variables {', '.join(changed)}")
    before, after = (_actions(stack) for stack in (saved, now))
    for kind, name in sorted({*before, *after}):
        then, today = before.get((kind, name)), after.get((kind, name))
        if then != today:
            found.append(f"{kind} {name}: planned was {_words(then)}, now it is {_words(today)}")
    return found


def _actions(stack: Stack) -> dict[tuple[str, str], t.Any]:
    return {
        (resource["kind"], resource["name"]): (resource["action"], resource["changes"])
        for resource in stack["resources"]
        if resource["action"] != "none"
    }


def _words(planned: t.Any) -> str:
    if planned is None:
        return "nothing"
    action, changes = planned
    return f"to {action} ({', '.join(change['field'] for change in changes)})" if changes else f"to {action}"


def suppliers(stack: Stack) -> dict[str, str]:
    """Which resource will supply each value that is not known yet, by placeholder."""
    return {
        placeholder: f"{resource['kind']} {resource['name']}"
        for resource in reversed(stack["resources"])
        for placeholder in resource["unknown"]
    }


def supplied_by(value: t.Any, known: t.Mapping[str, str]) -> list[str]:
    """The resources that must be there before ``value`` is known; nothing where it is known."""
    return sorted({known.get(found, "what is created before") for found in placeholders(value)})

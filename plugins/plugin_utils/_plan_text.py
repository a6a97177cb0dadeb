# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan as text that a person reads in a minute. Pure."""

from __future__ import annotations

import json
import textwrap
import typing as t

from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import (
    ACTIONS,
    Document,
    Stack,
    supplied_by,
    suppliers,
)

Resource = dict[str, t.Any]

SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "restore": "^"}

#: What a run says of what a plan announces.
DONE = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "restore": "restored"}

WIDTH = 150
LONGEST_VALUE = 70


def text(plan: Document, verbose: bool = False) -> str:
    """The whole plan. verbose: with the fields of what is created as well."""
    is_run = plan["mode"] == "run"
    parts = [line for stack in plan["stacks"] for line in [*_stack(stack, is_run, verbose), ""]]
    return "\n".join([*parts, *([] if is_run else [f"Plan {plan['digest']} of {plan['time']}."])])


def totals(stack: Stack, is_run: bool) -> str:
    """One line, such as "12 to create, 3 to update, 1 to replace, 0 to delete, 40 unchanged"."""
    counts = stack["totals"]
    words = [
        f"{counts[action]} {DONE[action] if is_run else f'to {action}'}"
        for action in ACTIONS[:-1]
        if counts[action] or action != "restore"
    ]
    return ", ".join([*words, f"{counts['none']} unchanged"])


def _stack(stack: Stack, is_run: bool, verbose: bool) -> t.Iterator[str]:
    yield f"{stack['environment']}-{stack['stack']} in {stack['region']} (account {stack['account'] or 'unknown'})"
    if not is_run:
        known = suppliers(stack)
        for role, resources in _grouped(stack["resources"], "role"):
            yield f"  {role}"
            yield from _role(resources, known, verbose)
        yield from _kept(stack)
        yield from _section("must be allowed first", _gates(stack))
        yield from _section("could not be checked", stack["unchecked"])
    yield f"  {totals(stack, is_run)}"


def _grouped(resources: t.Iterable[Resource], part: str) -> t.Iterator[tuple[str, list[Resource]]]:
    """Resources that change, by what they have in common, in the order of the first of each."""
    groups: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource["action"] != "none":
            groups.setdefault(resource[part], []).append(resource)
    yield from groups.items()


def _role(resources: t.Sequence[Resource], known: dict[str, str], verbose: bool) -> t.Iterator[str]:
    """What is created without a word is told kind by kind; everything else thing by thing."""
    brief = [item for item in resources if item["action"] == "create" and not item["notes"] and not verbose]
    for kind, items in _grouped(brief, "kind"):
        needs = {name.partition(" ")[0] for item in items for name in _needs(item, known)}
        after = f" (known after apply: values of {', '.join(sorted(needs - {kind}))})" if needs - {kind} else ""
        yield from _wrapped(f"+ {kind} {', '.join(item['name'] for item in items)}{after}", "    ")
    for resource in resources:
        if resource not in brief:
            yield f"    {SIGNS[resource['action']]} {resource['kind']} {resource['name']}"
            for change in resource["changes"] if resource["action"] != "create" or verbose else ():
                yield f"        {change['field']}: {_change(change, known)}"
            for note in resource["notes"]:
                yield from _wrapped(note, "        · ")


def _needs(resource: Resource, known: dict[str, str]) -> list[str]:
    return [name for change in resource["changes"] for name in supplied_by(change["after"], known)]


def _change(change: dict[str, t.Any], known: dict[str, str]) -> str:
    needs = supplied_by(change["after"], known)
    wanted = f"known after apply ({', '.join(needs)})" if needs else shown(change["after"])
    before, after = change["before"], change["after"]
    if not needs and isinstance(before, list) and isinstance(after, list) and before and after:
        gone = [f"-{shown(item)}" for item in before if item not in after]
        new = [f"+{shown(item)}" for item in after if item not in before]
        if gone or new:
            return ", ".join(gone + new)
    return wanted if before is None else f"{shown(before)} → {wanted}"


def _kept(stack: Stack) -> t.Iterator[str]:
    kept = [
        f"{resource['kind']} {resource['name']}, {item['field']}: "
        f"live {shown(item['live'])}, ours {shown(item['ours'])}, owner {item['owner']}"
        for resource in stack["resources"]
        for item in resource["kept"]
    ]
    yield from _section("kept", kept)


def _gates(stack: Stack) -> list[str]:
    return [
        f"{resource['kind']} {resource['name']}: {gate['words']} (-e {gate['variable']})"
        for resource in stack["resources"]
        for gate in resource["gates"]
    ]


def _section(title: str, sentences: t.Sequence[str]) -> t.Iterator[str]:
    if sentences:
        yield f"  {title}:"
        for sentence in sentences:
            yield from _wrapped(sentence, "    ")


def _wrapped(words: str, indent: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent)) or [indent]


def shown(value: t.Any) -> str:
    """A value of a field, shortened where it is long."""
    return _short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), LONGEST_VALUE)


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"

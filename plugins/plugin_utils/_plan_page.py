# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan document (docs/plan.schema.json) as one HTML page that needs nothing but itself.

The page is well-formed XML as well, so that anything can read it. Whatever comes from the document is text: it is
escaped, and the page's own policy lets a browser load nothing and run nothing but the few lines below.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_boxes import SIGNS, shortened, spoken, tally
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_picture import picture
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_style import SCRIPT, STYLE

Fields = t.Mapping[str, t.Any]
#: Placeholders of ids that are not known yet, each with the words for the resource that supplies it.
Suppliers = t.Mapping[str, str]

FORMAT = 1
#: What XML and HTML allow in no form, escaped or not.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Longer values are folded.
LONG = 90
DONE = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "restore": "restored",
    "none": "unchanged",
}
ACTIONS = {**{action: action for action in SIGNS}, "none": "unchanged"}


def page(document: Fields) -> str:
    """The page of a plan document. Raises ValueError for a format that it does not know."""
    if document.get("format") != FORMAT:
        raise ValueError(f"a plan document of format {document.get('format')!r}; this page knows format {FORMAT}")
    is_plan = document.get("mode") != "run"
    document = _clean(document)
    stacks = [_anchored(stack, number) for number, stack in enumerate(document.get("stacks", []), 1)]
    names = ", ".join(dict.fromkeys(f"{stack['stack']} ({stack['environment']})" for stack in stacks)) or "no stack"
    kind = "Plan" if is_plan else "Run"
    body = "\n".join(_stack(stack, is_plan) for stack in stacks)
    policy = f"default-src 'none'; img-src data:; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{policy}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<link rel="icon" href="data:,"/>
<title>{kind}: {_text(names)}</title>
<style>{STYLE}</style>
</head>
<body>
<header class="top">
<p class="eyebrow">{"Plan: what a run would do" if is_plan else "Run: what was done"}</p>
<h1>{_text(names)}</h1>
{_facts(document)}
{_contents(stacks, is_plan)}
</header>
<main>
{body or "<p>There is no stack in this plan.</p>"}
</main>
<script>{SCRIPT}</script>
</body>
</html>
"""


def _hash(source: str) -> str:
    """What a content security policy calls an inline style or script that may be used."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _clean(value: t.Any) -> t.Any:
    """``value`` without the characters that may be nowhere in a page."""
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return FORBIDDEN.sub("\ufffd", value) if isinstance(value, str) else value


def _anchored(stack: Fields, number: int) -> dict[str, t.Any]:
    """``stack`` with the ids of its places in the page."""
    key = f"stack-{number}"
    resources = [{**resource, "anchor": f"{key}-{place}"} for place, resource in enumerate(stack["resources"], 1)]
    return {**stack, "key": key, "resources": resources}


def _text(value: t.Any) -> str:
    return html.escape(str(value))


def _facts(document: Fields) -> str:
    time = re.sub(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d+)?Z$", r"\1 \2 UTC", str(document.get("time", "")))
    versions = ", ".join(f"{name} {version}" for name, version in document.get("versions", {}).items())
    return _definitions({"Time": time, "Digest": document.get("digest", ""), "Versions": versions})


def _definitions(facts: Fields) -> str:
    items = [f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts.items() if value]
    return f'<dl class="facts">{"".join(items)}</dl>' if items else ""


def _contents(stacks: list[dict[str, t.Any]], is_plan: bool) -> str:
    if len(stacks) < 2:
        return ""
    items = "".join(
        f'<li><a href="#{stack["key"]}">{_text(stack["stack"])} ({_text(stack["environment"])})</a> '
        f"{_totals(stack, is_plan)}</li>"
        for stack in stacks
    )
    return f'<nav aria-label="Stacks"><ul class="contents">{items}</ul></nav>'


def _totals(stack: Fields, is_plan: bool) -> str:
    """The totals as badges; what is rare and none is left out."""
    totals = stack.get("totals") or dict(tally(stack["resources"]))
    badges = []
    for action in ("create", "update", "replace", "delete", "restore", "none"):
        count = totals.get(action, 0)
        if count or action not in ("restore", "none"):
            words = f"to {action}" if is_plan and action != "none" else DONE[action]
            style = action if count else "nothing"
            badges.append(f'<span class="badge {style}"><b>{_text(count)}</b> {words}</span>')
    return f'<span class="totals">{" ".join(badges)}</span>'


def _stack(stack: Fields, is_plan: bool) -> str:
    resources, key = stack["resources"], stack["key"]
    suppliers = _suppliers(resources)
    changing = sorted((one for one in resources if one["action"] != "none"), key=lambda one: _weight(one["action"]))
    at_rest = [one for one in resources if one["action"] == "none"]
    telling = [one for one in at_rest if _tells(one)]
    silent = [one for one in at_rest if not _tells(one)]
    facts = {name: stack.get(name.lower(), "") for name in ("Environment", "Account", "Region")}
    parts = [
        f'<section class="stack" id="{key}" aria-labelledby="{key}-name">',
        f'<h2 id="{key}-name">{_text(stack["stack"])}</h2>',
        _definitions(facts),
        f"<p>{_totals(stack, is_plan)}</p>",
        _gates(resources),
        _list("What could not be checked", stack.get("unchecked", []), "callout"),
        _drawing(stack, resources, key),
    ]
    if changing:
        parts.append(f"<h3>{'What changes' if is_plan else 'What was changed'}</h3>")
        parts.append(
            '<label class="filter" hidden="hidden">Filter <input type="search" '
            'placeholder="name, kind or field"/></label>'
        )
        parts += [_resource(one, suppliers, is_plan) for one in changing]
    else:
        parts.append('<p class="calm">Nothing changes: what is there is what is wanted.</p>')
    if telling:
        parts.append("<h3>Unchanged, and good to know</h3>")
        parts += [_resource(one, suppliers, is_plan) for one in telling]
    parts += [_unchanged(silent), _variables(stack.get("variables") or {}), "</section>"]
    return "\n".join(part for part in parts if part)


def _tells(one: Fields) -> bool:
    """Whether there is more to say of an unchanged resource than that it is unchanged."""
    return bool(one.get("kept") or one.get("notes") or one.get("gates"))


def _weight(action: str) -> int:
    return list(SIGNS).index(action)


def _drawing(stack: Fields, resources: list[t.Any], key: str) -> str:
    drawn = picture(stack, resources, f"{key}-picture")
    if not drawn:
        return ""
    legend = "".join(
        f'<li><span class="badge {action}">{SIGNS[action] or "="}</span> {ACTIONS[action]}</li>'
        for action in ("create", "update", "replace", "delete", "restore", "none")
    )
    return (
        f'<figure><div class="scroll" tabindex="0" role="group" aria-label="Picture, can be scrolled">{drawn}</div>'
        f'<figcaption><ul class="legend">{legend}</ul></figcaption></figure>'
    )


def _gates(resources: list[t.Any]) -> str:
    items = [
        f'<li><a href="#{one["anchor"]}">{_text(spoken(one["kind"]))} {_text(one["name"])}</a>: {_gate(gate)}</li>'
        for one in resources
        for gate in one.get("gates", [])
    ]
    if not items:
        return ""
    return f'<div class="callout stop"><h3>Must be allowed first</h3><ul>{"".join(items)}</ul></div>'


def _gate(gate: Fields) -> str:
    return f'{_text(gate["words"])} <span class="how">Allow it with <code>-e {_text(gate["variable"])}</code></span>'


def _list(title: str, items: t.Sequence[str], style: str) -> str:
    if not items:
        return ""
    return f'<div class="{style}"><h3>{title}</h3><ul>{"".join(f"<li>{_text(item)}</li>" for item in items)}</ul></div>'


def _resource(one: Fields, suppliers: Suppliers, is_plan: bool) -> str:
    """One resource: what happens to it, what must be allowed, what follows, and its fields."""
    action = one["action"]
    verb = (ACTIONS if is_plan else DONE)[action]
    gates = "".join(f'<p class="gate">{_gate(gate)}</p>' for gate in one.get("gates", []))
    notes = "".join(f"<li>{_text(note)}</li>" for note in one.get("notes", []))
    notes = f'<ul class="notes">{notes}</ul>' if notes else ""
    role = f'<span class="role">{_text(spoken(one["role"]))}</span>' if one.get("role") else ""
    return (
        f'<article class="resource {action}" id="{one["anchor"]}">'
        f'<h4><span class="badge {action}">{SIGNS[action]} {verb}</span> '
        f'<span class="kind">{_text(spoken(one["kind"]))}</span> '
        f'<span class="called">{_text(one["name"])}</span>{role}</h4>'
        f"{gates}{notes}{_changes(one, suppliers)}{_kept(one.get('kept', []))}</article>"
    )


def _changes(one: Fields, suppliers: Suppliers) -> str:
    """The fields as a table; those of what is made, which has nothing before, are many and folded."""
    changes = one.get("changes", [])
    if not changes:
        return ""
    is_new = one["action"] == "create"
    head = "" if is_new else '<th scope="col">Live</th><td></td>'
    rows = "".join(
        f'<tr><th scope="row">{_text(change["field"])}</th>{"" if is_new else _before(change["before"])}'
        f"<td>{_value(change['after'], suppliers)}</td></tr>"
        for change in changes
    )
    table = (
        f'<table class="fields"><thead><tr><th scope="col">Field</th>{head}<th scope="col">Wanted</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    if not is_new:
        return table
    count = f"{len(changes)} field{'s' if len(changes) > 1 else ''}"
    return f'<details class="folded"><summary>{count}</summary>{table}</details>'


def _before(value: t.Any) -> str:
    return f'<td>{_value(value)}</td><td class="arrow" aria-hidden="true">→</td>'


def _kept(kept: t.Sequence[Fields]) -> str:
    items = "".join(
        f"<li><b>{_text(item['field'])}</b> kept: live {_value(item['live'])}, ours {_value(item['ours'])}, "
        f"owner <b>{_text(item['owner'])}</b></li>"
        for item in kept
    )
    return f'<ul class="kept">{items}</ul>' if items else ""


def _unchanged(resources: list[t.Any]) -> str:
    if not resources:
        return ""
    items = "".join(
        f'<li id="{one["anchor"]}"><span class="kind">{_text(spoken(one["kind"]))}</span> {_text(one["name"])}</li>'
        for one in resources
    )
    return f'<details class="unchanged"><summary>{len(resources)} unchanged</summary><ul>{items}</ul></details>'


def _variables(digests: Fields) -> str:
    if not digests:
        return ""
    items = "".join(
        f"<li><code>{_text(name)}</code> <code>{_text(digest)}</code></li>" for name, digest in digests.items()
    )
    return (
        f'<details class="unchanged"><summary>{len(digests)} variables, as digests</summary><ul>{items}</ul></details>'
    )


def _suppliers(resources: t.Iterable[Fields]) -> dict[str, str]:
    """Who supplies what is not known yet: the first that names it, since others that use it name it after that."""
    suppliers: dict[str, str] = {}
    for one in resources:
        for placeholder in one.get("unknown", []):
            suppliers.setdefault(placeholder, f"{spoken(one['kind'])} {one['name']}")
    return suppliers


def _known_after(text: str, suppliers: Suppliers) -> str:
    """The words for a text that holds placeholders; empty where it holds none."""
    found = [placeholder for placeholder in suppliers if placeholder in text]
    # An ARN may hold the id of its own resource, or begin as another one does.
    whole = [one for one in found if not any(one in other for other in found if other != one)]
    if whole:
        return f"known after apply ({', '.join(dict.fromkeys(suppliers[one] for one in whole))})"
    return "known after apply" if is_placeholder(text) else ""


def _told(value: t.Any, suppliers: Suppliers) -> t.Any:
    """``value`` with words in place of all that is not known yet."""
    if isinstance(value, dict):
        return {key: _told(item, suppliers) for key, item in value.items()}
    if isinstance(value, list):
        return [_told(item, suppliers) for item in value]
    return (_known_after(value, suppliers) or value) if isinstance(value, str) else value


def _value(value: t.Any, suppliers: Suppliers | None = None) -> str:
    """A value of a field as HTML: short ones as they are, long ones folded, unknown ones by who supplies them."""
    if value is None or value in ("", [], {}):
        return f'<span class="absent">{"not set" if value is None else "empty"}</span>'
    if isinstance(value, str):
        value = _parsed(value)
    told = value if suppliers is None else _told(value, suppliers)
    if isinstance(told, str):
        if told != value:
            return f"<em>{_text(told)}</em>"
        short = whole = told
    else:
        short = json.dumps(told, ensure_ascii=False)
        whole = json.dumps(told, ensure_ascii=False, indent=2)
    if len(short) <= LONG and "\n" not in short:
        return f"<code>{_text(short)}</code>"
    line = shortened(" ".join(short.split()), LONG)
    return f'<details class="folded"><summary><code>{_text(line)}</code></summary><pre>{_text(whole)}</pre></details>'


def _parsed(text: str) -> t.Any:
    """A JSON document (a policy, say) as data, which reads better; any other text as it is."""
    if text[0] not in "{[":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The picture of a stack in a plan: its architecture as inline SVG, drawn from the plan's resources alone.

From left to right: names, API Gateway, front door, services and jobs, data stores. The network is a frame around what
lives in it; what has no place in that line (registry, identity, monitoring) stands below.
"""

from __future__ import annotations

import typing as t
from html import escape

from ansible_collections.webstack.aws.plugins.plugin_utils._plan_boxes import (
    SIGNS,
    TITLES,
    Box,
    Resource,
    boxes,
    distinct,
    shortened,
    spoken,
)

#: All in the picture's own units, which are pixels where there is room for it. How wide boxes are: in columns, in
#: rows at least, anywhere at least.
WIDTH, NARROW, LEAST = 196, 150, 110
GAP, SPACE, PAD, TITLE, MARGIN = 64, 14, 24, 26, 12
#: How wide a letter is at most, in bold and in small type.
BOLD, SMALL = 8.6, 6.9
#: What stands below, part beside part.
BESIDE = ("registry", "identity", "scheduling", "monitoring", "other")

#: A text, and where its base line begins.
Title = tuple[str, float, float]


class Placed(t.NamedTuple):
    """A box at its place; the part of the picture that it is in."""

    box: Box
    part: str
    x: float
    y: float
    width: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.box.height

    @property
    def middle(self) -> float:
        return self.y + self.box.height / 2


class Drawing(t.NamedTuple):
    """Where everything is. frame: the network's x, y, width, height. titles: text, x, y of the base line."""

    width: float
    height: float
    placed: list[Placed]
    titles: list[Title]
    frame: tuple[float, float, float, float] | None


def arrange(made: t.Mapping[str, list[Box]]) -> Drawing:
    """The boxes at their places: columns for the way of a request, the rest in rows below."""
    low = "regional" if made.get("data") else ""
    columns: list[tuple[str, ...]] = [
        ("clients", "edge"),
        ("gateway",),
        ("door",),
        ("cluster", "services", "jobs"),
        ("data",),
        ("regional",),
    ]
    columns = [tuple(part for part in column if made.get(part) and part != low) for column in columns]
    columns = [column for column in columns if column]
    before = [column for column in columns if column[0] in ("clients", "edge", "gateway")]
    inside = [column for column in columns if column not in before and column != ("regional",)]
    network = made.get("network", [])
    placed: list[Placed] = []
    titles: list[Title] = []

    # Where the columns stand, and how wide the network's frame is.
    inner = max(len(inside) * (WIDTH + GAP) - GAP, 3 * WIDTH + 2 * SPACE if network else 0, 0)
    frame_x = MARGIN + len(before) * (WIDTH + GAP)
    inner_x = frame_x + PAD
    xs = {column: MARGIN + place * (WIDTH + GAP) for place, column in enumerate(before)}
    xs |= {column: inner_x + place * (WIDTH + GAP) for place, column in enumerate(inside)}
    xs |= {column: inner_x + inner + PAD + GAP for column in columns if column not in xs}

    top: float = MARGIN
    if network:
        top = _rows(network, "network", (inner_x, MARGIN + 8), inner, placed, titles) + SPACE
    heights = {column: sum(_height(made[part], part) for part in column) + SPACE * (len(column) - 1) for column in xs}
    band = max(heights.values(), default=0)
    for column, x in xs.items():
        y = top + SPACE + (band - heights[column]) / 2
        for part in column:
            y = _stack(made[part], part, (x, y), WIDTH, placed, titles) + SPACE
    bottom = top + SPACE + band + PAD
    frame = (frame_x, MARGIN, inner + 2 * PAD, bottom - MARGIN) if network else None

    right = max([item.right for item in placed] + ([frame[0] + frame[2]] if frame else []), default=0)
    right = max(right, 4 * (WIDTH + SPACE))
    _below(made, (xs[("data",)] if low in made else None), bottom + PAD, right, placed, titles)
    bottom = max([item.bottom for item in placed] + ([frame[1] + frame[3]] if frame else []), default=0)
    return Drawing(right + MARGIN, bottom + MARGIN, placed, titles, frame)


def _below(
    made: t.Mapping[str, list[Box]],
    data_x: float | None,
    y: float,
    right: float,
    placed: list[Placed],
    titles: list[Title],
) -> None:
    """Place what stands below: stores outside of the network under those in it, at ``data_x``, and the rest."""
    beside = [part for part in BESIDE if part in made]
    room = right - MARGIN
    if data_x is not None:
        end = _stack(made["regional"], "regional", (data_x, y), WIDTH, placed, titles)
        left = data_x - GAP - MARGIN
        if left >= len(beside) * (LEAST + SPACE):
            room = left
        else:
            y = end + PAD
    width = min(WIDTH, (room + SPACE) / max(len(beside), 1) - SPACE)
    for place, part in enumerate(beside):
        _stack(made[part], part, (MARGIN + place * (width + SPACE), y), width, placed, titles)


def _title(part: str) -> int:
    return TITLE if TITLES[part] else 0


def _height(column: list[Box], part: str) -> float:
    return _title(part) + sum(box.height + SPACE for box in column) - SPACE


def _stack(
    column: list[Box], part: str, at: tuple[float, float], width: float, placed: list[Placed], titles: list[Title]
) -> float:
    """Place boxes one below the other; returns where they end."""
    x, y = at
    if TITLES[part]:
        titles.append((TITLES[part], x, y + TITLE - 10))
    y += _title(part)
    for box in column:
        placed.append(Placed(box, part, x, y, width))
        y += box.height + SPACE
    return y - SPACE


def _rows(
    row: list[Box], part: str, at: tuple[float, float], width: float, placed: list[Placed], titles: list[Title]
) -> float:
    """Place boxes side by side, in as many rows as they need, so that they fill them; returns where they end."""
    x, y = at
    titles.append((TITLES[part], x, y + TITLE - 10))
    y += TITLE
    each = int((width + SPACE) // (NARROW + SPACE))
    step = (width + SPACE) / each
    for first in range(0, len(row), each):
        line = row[first : first + each]
        placed += [Placed(box, part, x + place * step, y, step - SPACE) for place, box in enumerate(line)]
        y += max(box.height for box in line) + SPACE
    return y - SPACE


def routes(placed: t.Sequence[Placed], environment: str, stack: str) -> list[tuple[str, bool]]:
    """The ways of requests as SVG path data, and whether an arrow's head is at the end."""
    parts: dict[str, list[Placed]] = {}
    for item in placed:
        parts.setdefault(item.part, []).append(item)
    doors, gateways = parts.get("door", []), parts.get("gateway", [])
    links = [item for item in doors if item.box.own[0]["kind"] == "vpc_link"]
    balancers = [item for item in doors if item not in links]
    entries = links or balancers
    lines = _bus(parts.get("clients", []) + parts.get("edge", []), gateways or entries) + _bus(gateways, entries)
    if links and balancers:
        x = links[-1].x + WIDTH / 2
        lines.append((f"M{x:g} {links[-1].bottom:g}V{balancers[0].y - 2:g}", True))
    lines += _bus(balancers, _balanced(balancers, parts.get("services", []), environment, stack))
    stores = parts.get("data", []) + parts.get("regional", [])
    return lines + _bus(parts.get("services", []) + parts.get("jobs", []), stores)


def _balanced(balancers: list[Placed], services: list[Placed], environment: str, stack: str) -> list[Placed]:
    """The services that have a target group; all of them where its name does not tell whose it is."""
    groups = [part for item in balancers for part in item.box.parts if part["kind"] == "target_group"]
    names = [distinct(group["name"], environment, stack) for group in groups]
    known = [item for item in services if distinct(item.box.own[0]["name"], environment, stack) in names]
    return known if groups and len(known) >= len(groups) else services


def _bus(sources: list[Placed], targets: list[Placed]) -> list[tuple[str, bool]]:
    """Lines from all sources to all targets, which share the upright one in the gap between them."""
    if not sources or not targets:
        return []
    x = (max(item.right for item in sources) + min(item.x for item in targets)) / 2
    ends = [item.middle for item in sources + targets]
    lines = [(f"M{item.right:g} {item.middle:g}H{x:g}", False) for item in sources]
    lines.append((f"M{x:g} {min(ends):g}V{max(ends):g}", False))
    return lines + [(f"M{x:g} {item.middle:g}H{item.x - 2:g}", True) for item in targets]


def picture(stack: t.Mapping[str, t.Any], resources: t.Sequence[Resource], key: str) -> str:
    """The SVG of a stack. resources: those of the plan, each with ``anchor``, the id of its place in the page.

    key: what sets this picture's ids apart from those of others in the page. All text in ``stack`` and ``resources``
    is escaped here.
    """
    environment, name = str(stack.get("environment", "")), str(stack.get("stack", ""))
    drawing = arrange(boxes(resources, environment, name))
    if not drawing.placed:
        return ""
    size = f"{drawing.width:g} {drawing.height:g}"
    lines = [
        f'<svg class="picture" viewBox="0 0 {size}" role="group" aria-labelledby="{key}-title {key}-desc">',
        f'<title id="{key}-title">Architecture of {escape(name)} in {escape(environment)}</title>',
        f'<desc id="{key}-desc">Each box is a resource or a group of them, marked by what happens to it.</desc>',
        f'<defs><marker id="{key}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    if drawing.frame:
        x, y, width, height = drawing.frame
        lines.append(f'<rect class="frame" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="14"/>')
    for route, has_head in routes(drawing.placed, environment, name):
        arrow = f' marker-end="url(#{key}-arrow)"' if has_head else ""
        lines.append(f'<path class="route" d="{route}"{arrow}/>')
    lines += [f'<text class="part" x="{x:g}" y="{y:g}">{escape(text)}</text>' for text, x, y in drawing.titles]
    lines += [_drawn(item) for item in drawing.placed]
    return "\n".join([*lines, "</svg>"])


def _drawn(item: Placed) -> str:
    """One box as SVG; it leads to its first resource that changes."""
    box, x, y = item.box, item.x, item.y
    members = box.own + box.parts
    shape = f'<rect class="body" x="{x:g}" y="{y:g}" width="{item.width:g}" height="{box.height}" rx="9"/>'
    small = int((item.width - 20) / SMALL)
    name = shortened(box.name, int((item.width - (46 if SIGNS[box.action] else 20)) / BOLD))
    texts = [("label", box.label, 19), ("name", name, 36), ("detail", shortened(box.detail, small), 53)]
    shown = "".join(
        f'<text class="{style}" x="{x + 14:g}" y="{y + down:g}">{escape(text)}</text>'
        for style, text, down in texts
        if text
    )
    if not members:
        return f'<g class="box clients">{shape}{shown}</g>'
    words = box.action if box.action != "none" else "unchanged"
    told = [f"{spoken(one['kind'])} {one['name']}: {one['action']}" for one in members if one["action"] != "none"]
    tip = "\n".join([f"{box.label} {box.own[0]['name'] if len(box.own) == 1 else box.name}: {words}", *told[:12]])
    first = next((one for one in members if one["action"] != "none"), members[0])
    mark = (
        f'<circle class="mark" cx="{item.right - 20:g}" cy="{y + 22:g}" r="11"/>'
        f'<text class="sign" x="{item.right - 20:g}" y="{y + 27:g}">{SIGNS[box.action]}</text>'
        if SIGNS[box.action]
        else ""
    )
    return (
        f'<a class="box {box.action}" href="#{escape(first["anchor"])}" '
        f'aria-label="{escape(f"{box.label} {box.name}: {words}")}">'
        f"<title>{escape(tip)}</title>{shape}{shown}{mark}</a>"
    )

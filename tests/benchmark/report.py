"""Writes what was measured as a page with tables, and a plot."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmark.measure import Cost

RUNS = ("dry run from empty", "first deployment", "nothing to do")
COLOURS = {"warm": "#2b6cb0", "local": "#a0aec0"}

PAGE = """# Performance

How long runs take, measured by `make bench` ({machine}) with the embedded AWS on the same machine.
Provisioning takes no time there unless it is said. {rounds}
Processor time is that of all processes but the embedded AWS. What counts are the ratios of one machine, not the
seconds.

![Seconds by run and connection](performance.svg)

## The warm connection

| Run | warm | local | local / warm | calls | writes | processor, warm | processor, local |
|---|---|---|---|---|---|---|---|
{connections}

The largest stack has {resources} resources.

## With the modules that there are

`tests/benchmark/stock.yml` is a plain playbook of amazon.aws and community.aws modules for a stack of the size and make
of whatsmeow in production, as people write it. `tests/benchmark/floor.py` makes the least set of calls that shows every
resource of whatsmeow, in one Python.

| Run | seconds | calls | writes | processor |
|---|---|---|---|---|
{others}

The plain playbook takes {stock_ratio:.1f} times as long.

## A slow region

With {latency} ms added to each call, a run of the largest stack with nothing to do takes {latency_ratio:.2f} times as
long.

## Many stacks

| Run | seconds | calls | memory, MiB |
|---|---|---|---|
{many}

Ten stacks with nothing to do cost {ten_ratio:.1f} times what one costs, {calls_a_resource:.1f} calls a resource.

## First deployments

What is slow is launched first and awaited late. In an AWS that takes its time (a unit of {unit:.0f} s; database 8,
cache 7, VPC link 6, certificate 4, load balancer 3, NAT gateway and tasks 2 units) a first deployment of whatsmeow took
{overlap:.0f} s. That is {overlap_ratio:.2f} times its critical path of {least:.0f} s: {chain}.
"""


def write(directory: Path, costs: Mapping[str, Sequence[Cost]], overlap: Mapping[str, Any]) -> None:
    """Write ``performance.md`` and ``performance.svg``."""
    one = [median(costs[name]) for name in costs if name.startswith("one of ten stacks")]
    ten = costs["ten stacks, nothing to do"]
    slow = next(name for name in costs if "ms a call" in name)
    fast = "largest stack, nothing to do, warm"
    others = [name for name in costs if name.startswith(("stock", "whatsmeow"))]
    ours, stock = (
        next(name for name in others if name.startswith(start) and "nothing" in name)
        for start in ("whatsmeow", "stock")
    )
    page = PAGE.format(
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Linux, Python {platform.python_version()}",
        rounds=f"Times are medians of {len(costs[fast])} runs; in brackets the least and the most."
        if len(costs[fast]) > 1
        else "Each was measured once.",
        connections="\n".join(connection_row(stacks, run, costs) for stacks in compared(costs) for run in RUNS),
        resources=resources(costs["largest stack, first deployment, warm"]),
        others="\n".join(
            f"| {name} | {seconds(costs[name])} | {costs[name][-1].calls} | {costs[name][-1].writes}"
            f" | {statistics.median(each.processor for each in costs[name]):.1f} |"
            for name in others
        ),
        stock_ratio=median(costs[stock]) / median(costs[ours]),
        latency=slow.partition(" ms a call")[0].rpartition(" ")[2],
        latency_ratio=median(costs[slow]) / median(costs[fast]),
        many="\n".join(
            f"| {name} | {seconds(costs[name])} | {costs[name][-1].calls} | {costs[name][-1].memory or ''} |"
            for name in costs
            if "ten stacks" in name
        ),
        ten_ratio=median(ten) / statistics.mean(one),
        calls_a_resource=ten[-1].calls / resources(costs["ten stacks, first deployment"]),
        unit=overlap["unit"],
        overlap=overlap["seconds"],
        least=overlap["least"],
        overlap_ratio=overlap["seconds"] / overlap["least"],
        chain=", ".join(f"{kind} after {end * overlap['unit']:.0f} s" for kind, end in overlap["chain"]),
    )
    (directory / "performance.md").write_text(page)
    (directory / "performance.svg").write_text(plot(costs))


def compared(costs: Mapping[str, Sequence[Cost]]) -> list[str]:
    """The stacks whose lives were measured over both connections."""
    return [name.partition(",")[0] for name in costs if name.endswith(f"{RUNS[-1]}, local")]


def median(costs: Sequence[Cost]) -> float:
    """Seconds."""
    return statistics.median(each.seconds for each in costs)


def seconds(costs: Sequence[Cost]) -> str:
    """The median, with the least and the most."""
    times = [each.seconds for each in costs]
    return f"{median(costs):.1f}" + (f" ({min(times):.1f} to {max(times):.1f})" if len(times) > 1 else "")


def resources(costs: Sequence[Cost]) -> int:
    """How many resources a first deployment has made, as its own summary counts them."""
    lines = [line.split() for line in costs[-1].output.splitlines() if " created, " in line]
    return sum(int(line[0]) for line in lines)


def connection_row(stacks: str, run: str, costs: Mapping[str, Sequence[Cost]]) -> str:
    """One run over both connections."""
    warm, local = (costs[f"{stacks}, {run}, {connection}"] for connection in ("warm", "local"))
    processors = [statistics.median(each.processor for each in cost) for cost in (warm, local)]
    return (
        f"| {stacks}, {run} | {seconds(warm)} | {seconds(local)} | {median(local) / median(warm):.1f}"
        f" | {warm[-1].calls} | {warm[-1].writes} | {processors[0]:.1f} | {processors[1]:.1f} |"
    )


def plot(costs: Mapping[str, Sequence[Cost]]) -> str:
    """A drawing of the seconds of each run over both connections."""
    rows = [(f"{stacks}, {run}", stacks, run) for stacks in compared(costs) for run in RUNS]
    longest = max(median(cost) for name, cost in costs.items() if name.rpartition(", ")[2] in COLOURS)
    scale, left, height = 420 / longest, 230, 46
    lines = []
    for number, (label, stacks, run) in enumerate(rows):
        top = 40 + number * height
        lines.append(f'<text x="{left - 10}" y="{top + 21}" text-anchor="end">{label}</text>')
        for offset, (connection, colour) in enumerate(COLOURS.items()):
            value = median(costs[f"{stacks}, {run}, {connection}"])
            y, width = top + offset * 17, max(value * scale, 1)
            lines.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="15" fill="{colour}"/>')
            lines.append(f'<text x="{left + width + 6:.1f}" y="{y + 12}">{value:.0f} s</text>')
    keys = [
        f'<rect x="{left + place}" y="12" width="12" height="12" fill="{colour}"/>'
        f'<text x="{left + place + 18}" y="23">{connection}</text>'
        for place, (connection, colour) in zip((0, 90), COLOURS.items(), strict=True)
    ]
    body = "\n".join(f"  {line}" for line in (*keys, *lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="740" height="{50 + len(rows) * height}" '
        f'font-family="sans-serif" font-size="12">\n  <rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )

"""Measures runs of whole stacks on an embedded AWS of its own, and writes ``docs/performance.md`` with its plot.

``make bench`` runs it. Everything is measured one after the other on one machine that does nothing else; rounds go
through all cases, so that a slow minute of the machine touches them all.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.benchmark.critical_path import PROVISIONING, critical_path
from tests.benchmark.measure import BIN, ROOT, Cost, adopt, measure
from tests.benchmark.report import write
from tests.benchmark.stacks import STACKS, ten
from tests.emulator.fixtures import Running, started
from tests.integration.test_environments import SHEETS, enter_records, push_images

ENVIRONMENT = "production"
LARGEST, REGION = "revendiste", "sa-east-1"
#: The stack that the plain playbook has the size and make of, with the most kinds that take time.
PLAIN = "whatsmeow"
CONNECTIONS = ("webstack.aws.warm", "local")
LATENCY_MILLISECONDS = 80

#: Costs by what was measured.
Costs = dict[str, list[Cost]]


class Benchmark:
    """Everything that is measured, on one emulator."""

    def __init__(self, emulator: Running, directory: Path):
        self.emulator, self.directory = emulator, directory
        self.costs: Costs = defaultdict(list)
        self.home = directory / "home"
        self.home.mkdir()

    def site(self, *arguments: str, inventory: Path = Path("inventories") / ENVIRONMENT) -> list[str | Path]:
        """The command of a run of site.yml."""
        return [BIN / "ansible-playbook", "site.yml", "-i", inventory, *arguments]

    def play(self, what: str, *arguments: str, watch_memory: bool = False, **settings: Path) -> Cost:
        """Measure a run of site.yml."""
        command = self.site(*arguments, **settings)
        return self.note(what, measure(self.emulator, command, self.home, watch_memory=watch_memory))

    def note(self, what: str, cost: Cost) -> Cost:
        """Keep what something cost, and say so at once."""
        self.costs[what].append(cost)
        print(
            f"{what}: {cost.seconds:.1f} s, processor {cost.processor:.1f} s, {cost.calls} calls, {cost.writes} writes"
            + (f", {cost.memory} MiB" if cost.memory else ""),
            flush=True,
        )
        return cost

    def empty(self) -> None:
        """An AWS in which there is nothing."""
        self.emulator.control("POST", "reset")

    def lives(self, name: str, *limit: str) -> None:
        """A dry run from empty, a first deployment and a run that changes nothing, over both connections."""
        for connection in CONNECTIONS:
            arguments = (*limit, "-e", f"ansible_connection={connection}")
            short = connection.rpartition(".")[2]
            self.empty()
            self.play(f"{name}, dry run from empty, {short}", *arguments, "--check")
            self.play(f"{name}, first deployment, {short}", *arguments)
            self.settle(*limit)
            self.play(f"{name}, nothing to do, {short}", *arguments)

    def settle(self, *arguments: str) -> None:
        """Do what a first deployment leaves to people, which is to push images and enter records, and run again."""
        for region in {sheet.REGION for sheet in SHEETS.values()}:
            push_images(self.emulator, region)
        enter_records(self.emulator, REGION)
        measure(self.emulator, self.site(*arguments), self.home)

    def latency(self) -> None:
        """Nothing to do, in a region across a country."""
        self.emulator.control("PUT", "latency", {"milliseconds": LATENCY_MILLISECONDS})
        self.play(f"largest stack, nothing to do, {LATENCY_MILLISECONDS} ms a call", "--limit", LARGEST)
        self.emulator.control("PUT", "latency", {"milliseconds": 0})

    def compare(self) -> None:
        """A stack with nothing to do; the least set of calls that shows it; as many resources by a plain playbook."""
        self.empty()
        measure(self.emulator, self.site("--limit", PLAIN), self.home)
        self.play(f"{PLAIN}, nothing to do, warm", "--limit", PLAIN)
        floor = (BIN / "python", "-m", "tests.benchmark.floor", PLAIN, ENVIRONMENT, "us-east-1")
        self.note(f"{PLAIN}, least set of calls, boto3", measure(self.emulator, floor, self.home))
        self.empty()
        stock = (BIN / "ansible-playbook", "tests/benchmark/stock.yml", "-i", "localhost,")
        measure(self.emulator, stock, self.home)
        self.note("stock modules, nothing to do", measure(self.emulator, stock, self.home))

    def ten_stacks(self) -> None:
        """Ten stacks in one run with nothing to do, and each of five of them alone."""
        inventory = ten("staging", self.directory)
        self.empty()
        self.play("ten stacks, first deployment", inventory=inventory, watch_memory=True)
        self.play("ten stacks, nothing to do", inventory=inventory, watch_memory=True)
        for name in STACKS:
            self.play(f"one of ten stacks, nothing to do, {name}", "--limit", name, inventory=inventory)

    def overlap(self, unit: float) -> dict[str, Any]:
        """A first deployment in an AWS that takes its time, and how long that must take. unit: in seconds."""
        self.empty()
        plan = self.directory / "plan.json"
        arguments = ("--limit", PLAIN)
        self.play("slow AWS, dry run from empty", *arguments, "--check", "-e", f"plan_file={plan}")
        created = {
            entry["kind"]
            for stack in json.loads(plan.read_text())["stacks"]
            for entry in stack["resources"]
            if entry["action"] == "create"
        }
        self.emulator.control("PUT", "provisioning", {kind: units * unit for kind, units in PROVISIONING.items()})
        cost = self.play("slow AWS, first deployment", *arguments)
        self.emulator.control("PUT", "provisioning", dict.fromkeys(PROVISIONING, 0))
        chain = critical_path(created)
        for kind, end in chain:
            print(f"  {kind} is there after {end * unit:.0f} s")
        least = chain[-1][1] * unit
        print(f"  critical path {least:.0f} s, run {cost.seconds:.0f} s, {cost.seconds / least:.2f} times", flush=True)
        return {"unit": unit, "chain": chain, "least": least, "seconds": cost.seconds}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often everything but ten stacks is measured")
    parser.add_argument("--unit", type=float, default=20, help="seconds of a slow AWS's unit; a database takes eight")
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="the directory of the report")
    options = parser.parse_args()
    adopt()
    with tempfile.TemporaryDirectory(prefix="webstack-bench-") as directory, started() as emulator:
        benchmark = Benchmark(emulator, Path(directory))
        # What Ansible packs and the warm server learns is there on every machine but at the very first run.
        benchmark.play("warm-up", "--limit", LARGEST, "--check")
        for _round in range(options.rounds):
            benchmark.lives("largest stack", "--limit", LARGEST)
            benchmark.latency()
            benchmark.compare()
            benchmark.lives("five stacks")
        benchmark.ten_stacks()
        overlap = benchmark.overlap(options.unit)
    write(options.output, benchmark.costs, overlap)
    return 0


if __name__ == "__main__":
    sys.exit(main())

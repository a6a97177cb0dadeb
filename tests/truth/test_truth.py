"""What the plan says and what the run then does are the same, for many single changes to stacks that are built once.

Plan and run are compared as sets of resources, actions and fields: from empty; after each case of ``<stack>``,
which are single changes to variables, and changes that somebody made behind its back; and from converged. No plan
writes anything.

A run of a playbook takes its time, so the cases are carried out in batches: those of one batch have no resource in
common and are changed together, one batch on top of the other. With ``TRUTH_SINGLE=1`` in the environment each case is
a batch of its own, for those who look for the reason of a failure::

    TRUTH_SINGLE=1 .venv/bin/python -m pytest tests/truth/test_truth.py -k whatsmeow
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml

from tests.truth.cases import (
    ENVIRONMENTS,
    Case,
    Outcomes,
    batches,
    cases_of,
    differences,
    filled,
    inventory,
    laid_over,
    outcomes,
    union,
)


@dataclass
class Stack:
    """A stack whose variables change."""

    playbooks: Any
    emulator: Any
    name: str
    environment: str
    directory: Path
    variables: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.declared = inventory(self.name, self.environment)

    def change(self, case: Case) -> None:
        """Do what the case says."""
        for name, value in case.variables.items():
            self.variables[name] = laid_over(self.variables.get(name, self.declared.get(name)), value)
        kept: dict[str, Any] = {}
        for call in case.calls:
            client = self.emulator.client(call["service"], self.declared["webstack_region"])
            answer = getattr(client, call["operation"])(**filled(call.get("arguments", {}), kept))
            for name, path in call.get("keep", {}).items():
                kept[name] = jmespath.search(filled(path, kept), answer)
                assert kept[name] is not None, f"{case.name}: {path} is not in the answer of {call['operation']}"

    def _document(self, file: str, *arguments: str) -> tuple[Outcomes, Any]:
        variables, saved = self.directory / "variables.yml", self.directory / file
        variables.write_text(yaml.safe_dump(self.variables))
        run = self.playbooks(self.environment).succeed(
            "site.yml", "--limit", self.name, "-e", f"@{variables}", *arguments
        )
        return outcomes(json.loads(saved.read_text())), run

    def plan(self) -> Outcomes:
        """What a run would do; saying so writes nothing."""
        planned, run = self._document("plan.json", "--check", "-e", f"plan_file={self.directory / 'plan.json'}")
        assert run.writes == []
        return planned

    def run(self) -> tuple[Outcomes, list[str]]:
        """What a run has done, and what it wrote."""
        done, run = self._document("done.json", "-e", f"plan_done_file={self.directory / 'done.json'}")
        return done, run.writes


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_plan_is_what_the_run_does(name: str, playbooks: Any, emulator: Any, tmp_path: Path) -> None:
    stack = Stack(playbooks, emulator, name, ENVIRONMENTS[name], tmp_path)
    planned, (done, _unused) = stack.plan(), stack.run()
    assert planned
    faults = differences("the run did", planned, done, {})

    for batch in in_batches(cases_of(name)):
        for case in batch:
            stack.change(case)
        expected, label = union(batch)
        planned, (done, _unused) = stack.plan(), stack.run()
        faults += differences("the plan says", expected, planned, label)
        faults += differences("the run did", planned, done, label)
    assert not faults, "\n".join(faults)

    assert stack.plan() == {}
    assert stack.run() == ({}, [])


def in_batches(cases: Sequence[Case]) -> list[list[Case]]:
    """The batches of cases, or each case by itself where that is wished."""
    found = batches(cases)
    return [[case] for batch in found for case in batch] if os.environ.get("TRUTH_SINGLE") else found

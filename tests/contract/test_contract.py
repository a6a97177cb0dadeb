"""The contract that every module keeps, in twelve steps; each file in ``cases/`` is one case or a list of them.

create, again, every change alone, again, delete, again: each first in check mode, in which nothing may be written. What
a step did is judged by the emulator's call log and by what AWS shows (the case's ``show`` call), not by the module's
word alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml
from botocore.exceptions import ClientError
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment

from tests.contract.harness import run_module

CASES = Path(__file__).parent / "cases"
NATIVE = NativeEnvironment(undefined=StrictUndefined)


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yml")):
        content = yaml.safe_load(path.read_text())
        for number, case in enumerate(content if isinstance(content, list) else [content]):
            yield pytest.param(case, id=path.stem if not number else f"{path.stem}-{number + 1}")


class Stage:
    """One case under test: its variables, its calls to AWS and its calls to the module."""

    def __init__(self, emulator: Any, case: dict[str, Any]):
        self.emulator = emulator
        self.case = case
        self.saved: dict[str, Any] = {}

    def fill(self, value: Any) -> Any:
        """``value`` with every {{ saved }} in it replaced."""
        if isinstance(value, str):
            return NATIVE.from_string(value).render(**self.saved) if "{{" in value else value
        if isinstance(value, dict):
            return {self.fill(key): self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return value

    def call(self, step: dict[str, Any]) -> Any:
        """One boto3 call of the case; keeps what ``save`` names."""
        service, operation = step["call"].split(".")
        answer = getattr(self.emulator.client(service), operation)(**self.fill(step.get("with", {})))
        self.saved.update({name: jmespath.search(path, answer) for name, path in step.get("save", {}).items()})
        return answer

    def calls(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            self.call(step)

    def expect(self, facts: dict[str, Any]) -> None:
        """What AWS shows must hold ``facts`` (JMESPath -> value)."""
        if not facts:
            return
        shown = self.call(self.case["show"])
        assert {path: jmespath.search(path, shown) for path in facts} == self.fill(facts)

    def module(self, options: dict[str, Any], check: bool = False) -> tuple[dict[str, Any], list[str]]:
        """The module's result, and the writes that it sent."""
        self.emulator.control("DELETE", "calls")
        result = run_module(self.emulator.url, self.case["module"], self.fill(options), check)
        return result, [f"{call['service']}:{call['operation']}" for call in self.emulator.calls(kind="write")]

    def changes(self, options: dict[str, Any]) -> dict[str, Any]:
        """A step that must change something: in check mode without a write, then really."""
        planned, writes = self.module(options, check=True)
        assert planned["changed"], "check mode does not see the change"
        assert writes == [], "check mode wrote"
        done, writes = self.module(options)
        assert done["changed"]
        assert writes, "it says changed and wrote nothing"
        assert done.get("diff") == planned.get("diff"), "check mode shows another diff than the run"
        self.rests(options)
        return done

    def rests(self, options: dict[str, Any]) -> None:
        """The same again: in check mode and really, nothing changes and nothing is written."""
        for check in (True, False):
            result, writes = self.module(options, check)
            assert not result["changed"], f"changed again: {result.get('diff')}"
            assert writes == []


@pytest.mark.parametrize("case", list(cases()))
def test_module_keeps_the_contract(emulator: Any, case: dict[str, Any]) -> None:
    stage = Stage(emulator, case)
    stage.calls(case.get("prepare", []))

    options = {"state": "present", **case["options"]}
    stage.changes(options)
    stage.expect(case.get("created", {}))

    for change in case.get("changes", []):
        options = {**options, **change["options"]}
        done = stage.changes(options)
        fields = {*done["diff"]["before"], *done["diff"]["after"]}
        assert fields == set(stage.fill(change.get("diff", change["options"]))), (
            "the diff shows other fields than the one that changed"
        )
        stage.expect(change.get("live", {}))

    stage.calls(case.get("between", []))
    stage.changes({**options, "state": "absent", **case.get("delete_options", {})})
    if "deleted_error" in case:
        with pytest.raises(ClientError) as refused:
            stage.call(case["show"])
        assert refused.value.response["Error"]["Code"] == case["deleted_error"]
    else:
        stage.expect(case.get("deleted", {}))

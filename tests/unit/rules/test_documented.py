"""Every documented rule lets a good request pass and finds a bad one; its cases are in ``cases/<module>.yml``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2.nativetypes import NativeEnvironment

from tests.rules.documented import MODULES, RULES
from tests.rules.models import operation_model
from tests.rules.requests import Request, World

CASES = Path(__file__).parent / "cases"
NATIVE = NativeEnvironment()
#: Parameters that are JSON documents, which the cases write as YAML.
DOCUMENTS = {"AssumeRolePolicyDocument", "DashboardBody", "Input", "Policy", "PolicyDocument", "lifecyclePolicyText"}


def cases() -> dict[str, dict[str, Any]]:
    return {name: case for path in CASES.glob("*.yml") for name, case in yaml.safe_load(path.read_text()).items()}


def filled(value: Any, name: str = "") -> Any:
    """``value`` with its templates rendered and its documents as text."""
    if name in DOCUMENTS and isinstance(value, dict):
        return json.dumps(filled(value))
    if isinstance(value, dict):
        return {key: filled(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item) for item in value]
    if isinstance(value, str) and "{{" in value:
        return NATIVE.from_string(value).render()
    return value


def request(what: str, parameters: dict[str, Any], answer: Any = None, region: str = "us-east-1") -> Request:
    service, operation = what.split(":")
    assert operation_model(service, operation), what
    return Request(service, operation, filled(parameters), region=region, answer=answer or {})


def problems(name: str, case: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    world = World()
    for earlier in case.get("earlier", []):
        world.add(request(earlier["request"], earlier["with"], earlier.get("answer")))
    rule, asked = RULES[name], request(case["request"], parameters, region=case.get("region", "us-east-1"))
    assert rule.concerns(asked)
    return list(rule.check(asked, world))


@pytest.mark.parametrize(("name", "case"), list(cases().items()), ids=list(cases()))
def test_rule_tells_bad_from_good(name: str, case: dict[str, Any]) -> None:
    for good in case["good"] if isinstance(case["good"], list) else [case["good"]]:
        assert problems(name, case, good) == []
    for bad in case["bad"] if isinstance(case["bad"], list) else [case["bad"]]:
        assert problems(name, case, bad), bad


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert set(cases()) == set(RULES)


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len(RULES) == sum(len(module.RULES) for module in MODULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_says_what_it_says_and_where_that_is_written(rule: Any) -> None:
    assert rule.says.endswith(".")
    assert rule.source.startswith("https://docs.aws.amazon.com/")
    for operation in rule.operations:
        service, _colon, name = operation.partition(":")
        assert "*" in operation or operation_model(service, name), operation

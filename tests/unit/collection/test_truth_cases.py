"""The cases of ``tests/truth`` are well-formed and enough, and what reads them does it right."""

from __future__ import annotations

import functools
import importlib
import re
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from ansible_collections.webstack.aws.plugins.module_utils._resource import Kind
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import ACTIONS
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import roles
from tests.truth import cases
from tests.truth.cases import Case, batches, differences, filled, inventory, laid_over, outcomes, union

ROOT = Path(__file__).resolve().parents[3]
MODULE_UTILS = ROOT / "plugins" / "module_utils"
ALL = {stack: cases.cases_of(stack) for stack in cases.ENVIRONMENTS}
EVERY = [pytest.param(stack, case, id=f"{stack}-{case.name}") for stack in ALL for case in ALL[stack]]

VARIABLE_CASES = 40
CASES_BEHIND_ITS_BACK = 25

#: Kinds of the plan that modules without a class of their own tell of.
OTHER_KINDS = {"ecr_revision_tags"}

#: Roles that playbooks of their own use, and those that make nothing of a stack.
NOT_OF_A_STACK = {"account", "local_compose", "plan", "removal"}


@functools.cache
def kinds() -> dict[str, str]:
    """Module -> the kind of resource that it manages."""
    for path in MODULE_UTILS.glob("_*.py"):
        importlib.import_module(f"ansible_collections.webstack.aws.plugins.module_utils.{path.stem}")
    found: dict[str, str] = {}
    left = [Kind]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.noun:
            found |= {kind.noun: kind.noun, f"{kind.noun}s": kind.noun, kind.plural: kind.noun}
    return found


@functools.cache
def meta(service: str) -> Any:
    """What boto3 knows of a service."""
    return boto3.client(service, "us-east-1", aws_access_key_id="none", aws_secret_access_key="none").meta


def kinds_of(role: Path) -> set[str]:
    """The kinds of resources that a role makes."""
    modules = {
        module
        for path in (role / "tasks").glob("*.yml")
        for module in re.findall(r"^\s*webstack\.aws\.(\w+):", path.read_text(), re.MULTILINE)
    }
    return {kinds()[module] for module in modules if module in kinds()}


def test_there_are_cases_for_every_environment_that_is_named():
    assert {path.name for path in cases.TRUTH.iterdir() if path.is_dir() and any(path.glob("*.yml"))} == set(ALL)


def test_there_are_enough_of_both_sorts():
    everything = [case for stack in ALL.values() for case in stack]
    assert len([case for case in everything if case.variables]) >= VARIABLE_CASES
    assert len([case for case in everything if case.calls]) >= CASES_BEHIND_ITS_BACK


def test_they_touch_every_role_that_makes_resources():
    touched = {kind for stack in ALL.values() for case in stack if case.variables for kind, _name in case.expected}
    for role in sorted((ROOT / "roles").iterdir()):
        made = kinds_of(role)
        if made and role.name not in NOT_OF_A_STACK:
            assert made & touched, role.name


@pytest.mark.parametrize(("stack", "case"), EVERY)
def test_a_case_says_one_thing_that_is_known(stack: str, case: Case):
    assert case.description.endswith(".")
    assert bool(case.variables) != bool(case.calls)
    declared = inventory(stack, cases.ENVIRONMENTS[stack])
    assert set(case.variables) <= roles().known | set(declared)
    assert len(case.expected) == len(case.expect), "a resource is expected twice"
    for item in case.expect:
        assert set(item) <= {"kind", "name", "action", "fields"}
        assert item["kind"] in set(kinds().values()) | OTHER_KINDS
        assert item["action"] in set(ACTIONS) - {"none", "replace"}
        assert "fields" in item or item["action"] == "create", "fields may be left out of what is created only"
        assert item.get("fields") or item["action"] != "update"


@pytest.mark.parametrize(("stack", "case"), EVERY)
def test_its_calls_are_aws_s(stack: str, case: Case):
    kept: set[str] = set()
    for call in case.calls:
        assert set(call) <= {"service", "operation", "arguments", "keep"}
        described = meta(call["service"])
        operation = described.method_to_api_mapping[call["operation"]]
        arguments = call.get("arguments", {})
        members = described.service_model.operation_model(operation).input_shape.members
        assert set(arguments) <= set(members)
        assert set(re.findall(r"\"\{(\w+)\}\"", yaml.safe_dump(arguments, default_style='"'))) <= kept
        kept |= set(call.get("keep", {}))


def case_of(name: str, *resources: str, after: str = "") -> Case:
    expect = [{"kind": "vpc", "name": item, "action": "update", "fields": ["tags"]} for item in resources]
    return Case(name, "One.", {"network_vpc_cidr": name}, [], expect, after)


def names(found):
    return [[case.name for case in batch] for batch in found]


def test_cases_with_a_resource_in_common_are_parted():
    assert names(batches([case_of("a", "x"), case_of("b", "x", "y"), case_of("c", "z")])) == [["a", "c"], ["b"]]


def test_a_case_comes_after_what_it_needs():
    found = batches([case_of("a", "x", after="b"), case_of("b", "y", after="c"), case_of("c", "z")])
    assert names(found) == [["c"], ["b"], ["a"]]


def test_a_case_that_comes_after_nothing_is_refused():
    with pytest.raises(ValueError, match="these cases come after none that there is: a"):
        batches([case_of("a", "x", after="b")])


def test_mappings_are_laid_over_and_all_else_replaces():
    base = {"api": {"cpu": 256, "command": ["a"], "port": 80}}
    over = {"api": {"cpu": 512, "command": ["b"]}, "web": None}
    assert laid_over(base, over) == {"api": {"cpu": 512, "command": ["b"], "port": 80}, "web": None}
    assert laid_over("{{ template }}", {"api": 1}) == {"api": 1}


def test_what_was_kept_is_filled_in():
    kept = {"group": "sg-1", "rules": [{"FromPort": 1}]}
    arguments = {"Id": "{group}", "Rules": "{rules}", "Name": ["a {group} {other}"], "Number": 1}
    assert filled(arguments, kept) == {
        "Id": "sg-1",
        "Rules": [{"FromPort": 1}],
        "Name": ["a sg-1 {other}"],
        "Number": 1,
    }


def test_outcomes_leave_out_what_does_not_happen_and_bookkeeping():
    change = {"field": "tags", "before": None, "after": {}}
    resources = [
        {"kind": "vpc", "name": "a", "action": "update", "changes": [change]},
        {"kind": "vpc", "name": "b", "action": "none", "changes": []},
        {"kind": "vpc", "name": "c", "action": "delete", "changes": [], "gates": [{"variable": "prune=true"}]},
        {"kind": "ssm_parameter", "name": "/webstack/a/applied", "action": "create", "changes": []},
        {"kind": "route53_record", "name": f"_{'0a' * 16}.a.example.com CNAME", "action": "create", "changes": []},
    ]
    told = {"stacks": [{"resources": [{"gates": [], **resource} for resource in resources]}]}
    assert outcomes(told) == {
        ("vpc", "a"): ("update", frozenset({"tags"})),
        ("route53_record", "_*.a.example.com CNAME"): ("create", frozenset()),
    }


def test_differences_name_the_case():
    expected, label = union([case_of("a", "x"), case_of("b", "y")])
    assert differences("the plan says", expected, expected, label) == []
    found = {("vpc", "x"): ("create", frozenset({"tags"})), ("vpc", "z"): ("delete", frozenset())}
    assert differences("the plan says", expected, found, label) == [
        "a: vpc x: expected update (tags), the plan says create (tags)",
        "b: vpc y: expected update (tags), the plan says nothing",
        "no case: vpc z: expected nothing, the plan says delete ()",
    ]


def test_fields_that_are_left_out_are_any():
    expected = Case("a", "One.", expect=[{"kind": "vpc", "name": "x", "action": "create"}]).expected
    assert differences("it says", expected, {("vpc", "x"): ("create", frozenset({"tags"}))}, {}) == []

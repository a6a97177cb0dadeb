"""Every module that a role or a playbook calls is held to the contract, and with every option that it has."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.webstack.aws.plugins.module_utils._resource import Kind

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "contract" / "cases"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))

#: Modules that make, change and remove nothing in the way of the twelve steps, and the tests that they have instead.
TESTED_ELSEWHERE = {
    "community.aws.sns": "tests/integration/test_plan.py",
    "webstack.aws.ecr_image_info": "tests/contract/test_ecr_revision_tags.py",
    "webstack.aws.ecr_revision_tags": "tests/contract/test_ecr_revision_tags.py",
    "webstack.aws.ecs_run_task": "tests/contract/test_ecs_run_task.py",
    "webstack.aws.plan_header": "tests/integration/test_plan.py",
    "webstack.aws.plan_record": "tests/integration/test_plan.py",
    "webstack.aws.plan_verify": "tests/integration/test_plan.py",
    "webstack.aws.preflight": "tests/unit/plugins/action/test_preflight.py",
    "webstack.aws.rds_offer_info": "tests/contract/test_rds_offer_info.py",
    "webstack.aws.readiness_info": "tests/contract/test_readiness_info.py",
    "webstack.aws.report": "tests/unit/plugins/action/test_report.py",
    "webstack.aws.stack_drift": "tests/integration/test_plan.py",
    "webstack.aws.stack_lock": "tests/contract/test_stack_lock.py",
    "webstack.aws.stack_lock_info": "tests/contract/test_stack_lock.py",
    "webstack.aws.stack_orphans": "tests/contract/test_stack_orphans.py",
    "webstack.aws.stack_orphans_info": "tests/contract/test_stack_orphans.py",
    "webstack.aws.stack_removal": "tests/contract/test_stack_removal.py",
    "webstack.aws.wait": "tests/contract/test_wait.py",
}

#: Options that say what is to be done with a resource.
CONTROL = {"state", "purge", "purge_tags"}


@functools.cache
def cases():
    """The cases of each module, read once."""
    found = {}
    for path in sorted(CASES.glob("*.yml")):
        content = yaml.safe_load(path.read_text())
        for case in content if isinstance(content, list) else [content]:
            found.setdefault(case["module"], []).append(case)
    return found


def called():
    """The modules that tasks of roles and playbooks call, by their full names."""
    names = set()
    for path in [*(ROOT / "roles").glob("*/*/*.yml"), *(ROOT / "playbooks").rglob("*.yml")]:
        names |= set(re.findall(r"^\s*(?:- )?(\w+\.\w+\.\w+):\s*$", path.read_text(), re.MULTILINE))
    return {name for name in names if not name.startswith("ansible.builtin.")}


def tree(module):
    return ast.parse((ROOT / "plugins" / "modules" / f"{module}.py").read_text())


def documented(module):
    """The options in a module's documentation, those within options by their paths."""
    texts = {
        node.targets[0].id: node.value.value
        for node in tree(module).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    return set(_paths(yaml.safe_load(texts["DOCUMENTATION"]).get("options") or {}))


def _paths(options, prefix=""):
    for name, option in options.items():
        if option.get("suboptions"):
            yield from _paths(option["suboptions"], f"{prefix}{name}.")
        else:
            yield prefix + name


def fixed(module):
    """The options that name a resource, that AWS cannot change, or that matter at its beginning or end only."""
    prefix, names = "", {"name"}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("run_one", "run_many"):
            words = {word.arg: word.value for word in node.keywords}
            if node.func.id == "run_many":
                prefix = f"{ast.literal_eval(words.get('items') or node.args[2])}."
                names = set(ast.literal_eval(words["named_by"])) if "named_by" in words else names
            elif "name" in words:
                names = {ast.literal_eval(words["name"])}
    members = vars(importlib.import_module(f"ansible_collections.webstack.aws.plugins.modules.{module}")).values()
    kinds = [member for member in members if inspect.isclass(member) and issubclass(member, Kind)]
    names |= {field for kind in kinds for field in (*kind.immutable, *kind.replaces, *kind.not_compared)}
    return {prefix + name for name in names}


def changed(case):
    """The paths of the options whose values some step of a case changes."""
    options, found = case["options"], set()
    for change in case.get("changes", []):
        after = {**options, **change["options"]}
        values, new_values = dict(_values(options)), dict(_values(after))
        found |= {path for path in {*values, *new_values} if values.get(path) != new_values.get(path)}
        options = after
    return found


def _values(options):
    """All values by their paths; what stands at the same path in several items of a list together."""
    values = {}

    def collect(value, path):
        values.setdefault(path, []).append(repr(value))
        if isinstance(value, dict):
            for name, item in value.items():
                collect(item, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    for name, inner in item.items():
                        collect(inner, f"{path}.{name}")

    collect(options, "")
    return values


def test_every_module_that_is_called_is_held_to_the_contract():
    assert called() - set(cases()) - set(TESTED_ELSEWHERE) == set()


def test_what_is_tested_elsewhere_is_tested_there_and_called():
    assert [name for name, path in TESTED_ELSEWHERE.items() if not (ROOT / path).exists()] == []
    assert set(TESTED_ELSEWHERE) & set(cases()) == set()
    assert set(TESTED_ELSEWHERE) - called() - {f"webstack.aws.{module}" for module in MODULES} == set()


@pytest.mark.parametrize("module", [name for name in MODULES if f"webstack.aws.{name}" not in TESTED_ELSEWHERE])
def test_every_option_is_changed_in_some_case(module):
    own = cases()[f"webstack.aws.{module}"]
    excused = {option for case in own for option in case.get("not_changed", {})}
    done = {path for case in own for path in (*changed(case), *case.get("delete_options", {}))}
    left = {
        option
        for option in documented(module)
        if option not in CONTROL | done and not any(f"{option}.".startswith(f"{name}.") for name in fixed(module))
    }
    assert left - excused == set(), "changed in no case, and no case says under not_changed why"
    assert excused - left == set(), "excused, although it is changed"

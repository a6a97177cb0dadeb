"""Every role's manual names all inputs with their true defaults; every module shows its use and what it returns."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.py"))
#: Tells nothing: it fails or it does not.
WITHOUT_RETURN = {"plan_verify", "preflight"}


def manual(role):
    return (role / "README.md").read_text()


def inputs(role):
    entry_points = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return {name: option for entry in entry_points.values() for name, option in entry.get("options", {}).items()}


def documented(module):
    """The YAML in DOCUMENTATION, EXAMPLES and RETURN."""
    return {
        node.targets[0].id: yaml.safe_load(node.value.value)
        for node in ast.parse(module.read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("DOCUMENTATION", "EXAMPLES", "RETURN")
    }


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_manual_names_every_input_of_every_entry_point(role):
    named = set(re.findall(r"\w+", manual(role)))
    assert set(inputs(role)) - named == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_manual_states_the_defaults_that_are_true(role):
    path = role / "defaults" / "main.yml"
    defaults = yaml.safe_load(path.read_text()) if path.exists() else {}
    stated = re.findall(r"^\| `(\w+)` \|.*\| (?:`([^`<>]*)`|none[^|]*) \|$", manual(role), re.MULTILINE)
    # A default of null may stand for something that the role puts together.
    differing = {
        name: text
        for name, text in stated
        if defaults.get(name) is not None
        and text != str(defaults[name])
        and (yaml.safe_load(text) if text else None) != defaults[name]
    }
    assert differing == {}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_module_shows_a_task_with_its_full_name(module):
    name = f"webstack.aws.{module.stem}"
    assert [task for task in documented(module)["EXAMPLES"] if name in task]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_module_says_what_it_returns(module):
    returned = documented(module)["RETURN"]
    assert returned or module.stem in WITHOUT_RETURN

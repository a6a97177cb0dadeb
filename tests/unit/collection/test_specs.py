"""What the collection says of itself in several places must be the same in all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
#: Run on the controller and call nothing.
WITHOUT_AWS = {"plan_header", "plan_record", "plan_verify", "preflight", "report", "stack_drift"}


def entry_points(role):
    return yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]


def options(role):
    return {name: option for entry in entry_points(role).values() for name, option in entry.get("options", {}).items()}


def defaults(role):
    path = role / "defaults" / "main.yml"
    return yaml.safe_load(path.read_text()) if path.exists() else {}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_and_specs_have_the_same_keys(role):
    # What belongs to the whole stack begins with webstack_ or another role's name, and is preflight's to check only.
    own = {name: option for name, option in options(role).items() if name.startswith(f"{role.name}_")}
    required = {name for name, option in own.items() if option.get("required")}
    assert set(defaults(role)) == set(own) - required


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_specs_state_the_defaults_that_are_true(role):
    for entry in entry_points(role).values():
        for name, option in entry.get("options", {}).items():
            if "default" in option:
                assert option["default"] == defaults(role)[name], name


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_entry_point_has_tasks_and_every_role_a_readme(role):
    assert {entry for entry in entry_points(role) if not (role / "tasks" / f"{entry}.yml").exists()} == set()
    assert (role / "README.md").exists()


def test_the_action_group_has_every_module_that_talks_to_aws():
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["aws"]
    assert sorted(item for item in groups if isinstance(item, str)) == sorted(set(MODULES) - WITHOUT_AWS)


def test_every_action_plugin_is_documented_as_a_module():
    assert {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")} <= set(MODULES)


def test_no_stack_is_named_in_code():
    files = (ROOT / "inventories" / "stacks").glob("*.yml")
    stacks = [host for path in files for host in yaml.safe_load(path.read_text())["all"].get("hosts", {})]
    assert stacks
    for part in ("plugins", "roles", "playbooks"):
        for path in (ROOT / part).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".yml", ".md", ".j2"):
                assert not [stack for stack in stacks if stack in path.read_text()], path


def test_readme_lists_every_role_module_and_playbook():
    text = (ROOT / "README.md").read_text()
    playbooks = [path.stem for path in (ROOT / "playbooks").glob("*.yml")]
    names = [*(role.name for role in ROLES), *MODULES, *playbooks]
    assert [name for name in names if f"`{name}`" not in text] == []

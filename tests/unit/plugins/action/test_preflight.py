"""The action plugin ``preflight`` on the inventories of this repository, and on what users get wrong in theirs."""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible.vars.manager import VariableManager

from ansible_collections.webstack.aws.plugins.action import preflight

ROOT = Path(__file__).resolve().parents[4]
STACKS = sorted((path.parent.parent.name, path.stem) for path in (ROOT / "inventories").glob("*/host_vars/*.yml"))


@functools.cache
def manager(environment):
    """The inventory of an environment, read once."""
    loader = DataLoader()
    return VariableManager(loader, InventoryManager(loader, sources=[str(ROOT / "inventories" / environment)]))


def inventory(environment, stack="whatsmeow"):
    """The variables of a stack, as its environment's inventory has them."""
    variables = manager(environment)
    return variables.get_vars(host=variables._inventory.get_host(stack))


@pytest.fixture
def judged(monkeypatch):
    """What preflight says of variables."""

    def judge(variables):
        plugin = object.__new__(preflight.ActionModule)
        plugin._templar = Templar(DataLoader(), variables)
        plugin.validate_argument_spec = lambda **_spec: ({}, {})
        return plugin.run(task_vars=variables)

    monkeypatch.setattr(preflight.ActionBase, "run", lambda *_arguments: {})
    return judge


@pytest.fixture(scope="module")
def staging():
    return inventory("staging")


@pytest.fixture
def stack(staging):
    return copy.copy(staging)


def first_service(stack):
    return next(iter(stack["webstack_services"]))


@pytest.mark.parametrize(("environment", "stack"), STACKS)
def test_inventories_of_this_repository_are_sound(judged, environment, stack):
    assert "msg" not in judged(inventory(environment, stack))


def test_all_faults_come_in_one_message(judged, stack):
    del stack["webstack_region"]
    result = judged({**stack, "network_zons": ["us-east-1a"], "database_allocated_storage": "much"})
    assert result["failed"]
    message = result["msg"]
    assert "3 faults" in message
    assert "webstack_region: it is not set" in message
    assert "network_zons" in message
    assert "network_zones" in message
    assert "database_allocated_storage" in message


def test_a_region_that_does_not_exist_is_a_fault(judged, stack):
    assert "us-eest-1" in judged({**stack, "webstack_region": "us-eest-1"})["msg"]


def test_an_option_that_services_do_not_have_is_a_fault(judged, stack):
    name = first_service(stack)
    services = {name: {**stack["webstack_services"][name], "cpus": 256}}
    message = judged({**stack, "webstack_services": services, "webstack_service_overrides": {}})["msg"]
    assert f"webstack_services.{name}" in message
    assert "cpus" in message


def test_an_override_of_an_option_is_judged_with_the_rest_of_the_service(judged, stack):
    name = first_service(stack)
    message = judged({**stack, "webstack_service_overrides": {name: {"cpu": 257}}})["msg"]
    assert f"webstack_services.{name}" in message
    assert "257" in message


def test_an_override_for_no_service_is_a_fault(judged, stack):
    message = judged({**stack, "webstack_service_overrides": {"nobody": {"cpu": 512}}})["msg"]
    assert (
        f"webstack_service_overrides.nobody: webstack_services has no nobody. Right: one of {first_service(stack)}"
        in message
    )


def test_what_needs_outputs_stays_as_it_is_written(judged, stack):
    plugin = object.__new__(preflight.ActionModule)
    plugin._templar = Templar(DataLoader(), stack)
    late = trust_as_template("https://{{ load_balancer_outputs.dns_name }}")
    region = trust_as_template("{{ webstack_region }}")
    assert plugin._settled({"urls": [late, region]}) == {"urls": [late, stack["webstack_region"]]}


def test_a_template_that_can_never_be_filled_is_named(judged, stack):
    with pytest.raises(AnsibleError, match=r"nonsense.*cannot be filled"):
        judged({**stack, "webstack_region": trust_as_template("{{ nonsense }}")})


def test_combining_reaches_into_dicts_and_replaces_all_else():
    base = {"a": {"b": 1, "c": [1]}, "d": 1}
    assert preflight._combine(base, {"a": {"c": [2]}, "d": {"e": 1}}) == {"a": {"b": 1, "c": [2]}, "d": {"e": 1}}
    assert base == {"a": {"b": 1, "c": [1]}, "d": 1}

"""How the action plugin ``stack_orphans`` knows what is declared, and repeats the passes of its module."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.action import stack_orphans
from ansible_collections.webstack.aws.plugins.module_utils._plan import entry
from ansible_collections.webstack.aws.plugins.plugin_utils import _plan_ledger

HOST = {"inventory_hostname": "shop", "ansible_run_tags": ["all"], "ansible_skip_tags": []}


def orphan(address, stays="", is_going=False):
    return {"address": address, "identifier": address, "stays": stays, "is_going": is_going, "size": {}}


def a_pass(*orphans, asked=(), used=None, kept=()):
    return {
        "changed": bool(asked),
        "orphans": list(orphans),
        "used": used or {},
        "kept": list(kept),
        "plan": [entry(*address.split("/", 1), "delete", notes=["no longer declared"]) for address in asked],
    }


class Clock:
    """A clock that only sleeping moves on."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def orphans(monkeypatch):
    """Run the plugin with a module that gives these answers, the last one for ever; result and the module's options."""
    monkeypatch.setattr(_plan_ledger, "LEDGER", {})
    _plan_ledger.add("shop", [entry("vpc", "staging-shop", "none", result={"vpc_id": "vpc-0123456789abcdef0"})])

    def run(*answers, check_mode=False, task_vars=None, cliargs=None, **arguments):
        left, asked = list(answers), []

        def execute(_name, module_args, task_vars):
            asked.append(module_args)
            return left.pop(0) if len(left) > 1 else left[0]

        plugin = object.__new__(stack_orphans.ActionModule)
        plugin._task = SimpleNamespace(check_mode=check_mode, args=arguments)
        plugin._execute_module = execute
        monkeypatch.setattr(stack_orphans, "time", Clock())
        monkeypatch.setattr(stack_orphans, "context", SimpleNamespace(CLIARGS=cliargs or {}))
        monkeypatch.setattr(
            stack_orphans, "Display", lambda: SimpleNamespace(display=lambda _: None, warning=lambda _: None)
        )
        return plugin.run(None, {**HOST, **(task_vars or {})}), asked

    monkeypatch.setattr(stack_orphans.ActionBase, "run", lambda *_arguments: {})
    return run


def test_it_tells_the_module_of_what_the_run_has_spoken(orphans):
    _result, asked = orphans(a_pass(), prune=True)
    said = {"kind": "vpc", "name": "staging-shop", "action": "none", "ids": ["vpc-0123456789abcdef0"]}
    assert asked == [{"prune": True, "declared": [said]}]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"task_vars": {"ansible_run_tags": ["network"]}}, "limited by tags"),
        ({"task_vars": {"ansible_skip_tags": ["network"]}}, "limited by tags"),
        ({"cliargs": {"start_at_task": "x"}}, "--start-at-task"),
        ({"cliargs": {"step": True}}, "--step"),
        ({"task_vars": {"inventory_hostname": "other"}}, "callbacks_enabled"),
    ],
)
def test_a_run_that_does_not_know_everything_does_nothing(orphans, case, words):
    result, asked = orphans(a_pass(), prune=True, **case)
    assert asked == []
    assert not result["changed"]
    assert words in result["unchecked"][0]


def test_it_ends_when_nothing_is_left_that_goes(orphans):
    stays = orphan("rds_instance/db", "needs prune_data=rds_instance/db")
    result, asked = orphans(
        a_pass(orphan("ecs_service/a"), orphan("iam_role/a"), stays, asked=["ecs_service/a"]),
        a_pass(orphan("iam_role/a"), stays, asked=["iam_role/a"], kept=["x"]),
        a_pass(stays),
        prune=True,
    )
    assert len(asked) == 3
    assert result["changed"]
    assert result["removed"] == ["ecs_service/a", "iam_role/a"]
    assert [item["name"] for item in result["plan"]] == ["a", "a"]
    assert [item["address"] for item in result["orphans"]] == ["rds_instance/db"]
    assert result["kept"] == ["x"]


def test_what_stays_in_use_is_named_and_not_waited_for_for_ever(orphans):
    group = orphan("security_group/a")
    result, asked = orphans(
        a_pass(
            group, orphan("target_group/a"), asked=["target_group/a"], used={"security_group/a": "eni-1 (nobody's)"}
        ),
        prune=True,
        patience=60,
    )
    assert result["failed"]
    assert "security_group/a: still used by eni-1 (nobody's)" in result["msg"]
    assert "target_group/a: still used by something" in result["msg"]
    assert (result["changed"], result["removed"]) == (False, []), "what was asked to go and did not is no change"
    assert len(asked) < 30


def test_what_is_going_is_waited_for(orphans):
    going = [a_pass(orphan("rds_replica/a", is_going=True))] * 20
    result, _asked = orphans(a_pass(orphan("rds_replica/a"), asked=["rds_replica/a"]), *going, a_pass(), patience=20)
    assert result["removed"] == ["rds_replica/a"]


def test_a_dry_run_says_what_things_cost(orphans):
    result, asked = orphans(
        a_pass(orphan("nat_gateway/a", "needs prune=true"), asked=["nat_gateway/a"]), check_mode=True
    )
    assert len(asked) == 1
    assert result["removed"] == []
    assert result["orphans"][0]["cost"].startswith("32.85 USD")
    assert result["plan"][0]["notes"] == ["no longer declared", result["orphans"][0]["cost"]]


def test_a_failure_of_the_module_is_passed_on(orphans):
    assert orphans({"failed": True, "msg": "no"})[0]["msg"] == "no"


def test_no_task_hides_its_result_from_who_gathers_what_is_declared():
    roles = Path(stack_orphans.__file__).resolve().parents[2] / "roles"
    assert [path for path in roles.glob("*/tasks/*.yml") if "no_log: true" in path.read_text()] == []

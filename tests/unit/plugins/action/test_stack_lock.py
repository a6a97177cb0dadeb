"""What the action plugin ``stack_lock`` tells its module."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.action import stack_lock
from ansible_collections.webstack.aws.plugins.module_utils._stack_lock import owner_name, run_id


@pytest.fixture
def told(monkeypatch):
    """What the module is called with when the task says this."""

    def tell(**arguments):
        plugin = object.__new__(stack_lock.ActionModule)
        plugin._task = SimpleNamespace(args=arguments)
        calls = []
        plugin._execute_module = lambda _name, module_args, **_more: calls.append(module_args) or {"changed": True}
        assert plugin.run() == {"changed": True}
        return calls[0]

    monkeypatch.setattr(stack_lock.ActionBase, "run", lambda *_arguments: {})
    monkeypatch.setattr(stack_lock.context, "CLIARGS", {"args": ("playbooks/site.yml",)})
    return tell


def test_who_runs_what_is_filled_in(told):
    assert told(lock_id="x", owner=None) == {
        "lock_id": "x",
        "owner": owner_name(),
        "run": run_id(os.getpid()),
        "playbook": "site.yml",
    }


def test_the_run_is_that_of_the_process_that_began_the_worker(told, monkeypatch):
    monkeypatch.setattr(stack_lock.multiprocessing, "parent_process", lambda: SimpleNamespace(pid=1))
    assert told()["run"] == run_id(1)


def test_what_the_task_says_stands(told):
    assert told(owner="ana", run="7", playbook="by hand") == {"owner": "ana", "run": "7", "playbook": "by hand"}

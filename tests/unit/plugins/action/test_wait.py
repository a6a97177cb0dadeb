"""What the action plugin ``wait`` prints."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.action import wait
from ansible_collections.webstack.aws.plugins.action.wait import progress_lines

DATABASE = {"kind": "rds_instance", "id": "demo", "state": "creating", "done": False}
CACHE = {"kind": "elasticache_replication_group", "id": "demo", "state": "available", "done": True}


def test_first_look_prints_everything():
    lines, shown = progress_lines([DATABASE, CACHE], {}, 45, 0)
    assert lines == ["rds_instance demo: creating (45 s)", "elasticache_replication_group demo: available (45 s)"]
    assert shown == {("rds_instance", "demo"): "creating", ("elasticache_replication_group", "demo"): "available"}


def test_changed_state_is_printed_at_once():
    _unused, shown = progress_lines([DATABASE, CACHE], {}, 1, 0)
    lines, _unused = progress_lines([{**DATABASE, "state": "backing-up"}, CACHE], shown, 3, 1)
    assert lines == ["rds_instance demo: backing-up (3 s)"]


def test_unchanged_state_is_printed_now_and_then():
    _unused, shown = progress_lines([DATABASE, CACHE], {}, 1, 0)
    assert progress_lines([DATABASE, CACHE], shown, 9, 1)[0] == []
    assert progress_lines([DATABASE, CACHE], shown, 16, 1)[0] == ["rds_instance demo: creating (16 s)"]


@pytest.fixture
def action(monkeypatch):
    """The plugin with a module that gives the answers it was given, one after the other."""

    def make(*answers, check_mode=False):
        plugin = object.__new__(wait.ActionModule)
        plugin._task = SimpleNamespace(check_mode=check_mode, args={"resources": [DATABASE]})
        calls, left = [], list(answers)

        def execute(**call):
            calls.append(call["module_args"])
            return left.pop(0)

        plugin._execute_module = execute
        return plugin, calls

    monkeypatch.setattr(wait.ActionBase, "run", lambda *_arguments: {})
    return make


def test_check_mode_starts_no_module(action):
    plugin, calls = action(check_mode=True)
    assert plugin.run()["skipped"]
    assert calls == []


def test_module_is_called_until_all_is_done(action, monkeypatch):
    lines = []
    monkeypatch.setattr(wait.display, "display", lines.append)
    ready = {**DATABASE, "state": "available", "done": True}
    plugin, calls = action(
        {"done": False, "resources": [DATABASE]}, {"done": True, "resources": [ready], "changed": False}
    )
    assert plugin.run() == {"done": True, "resources": [ready], "changed": False}
    assert [call["poll"] for call in calls] == [wait.POLL_SECONDS] * 2
    assert calls[0]["waited"] <= calls[1]["waited"]
    assert lines == ["rds_instance demo: creating (0 s)", "rds_instance demo: available (0 s)"]


def test_failure_of_the_module_ends_it(action):
    plugin, _unused = action({"failed": True, "msg": "no"})
    assert plugin.run() == {"failed": True, "msg": "no"}

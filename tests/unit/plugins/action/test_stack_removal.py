"""How the action plugin ``stack_removal`` repeats the passes of its module."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.action import stack_removal


def a_pass(*left, changed=True, kept=(), blockers=(), resources=("vpc", "bucket")):
    return {
        "changed": changed,
        "resources": list(resources),
        "kept": list(kept),
        "blockers": list(blockers),
        "left": list(left),
    }


class Clock:
    """A clock that only sleeping moves on."""

    def __init__(self):
        self.now = 0.0
        self.sleeps = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.sleeps.append(seconds)
        self.now += seconds


@pytest.fixture
def removal(monkeypatch):
    """Run the plugin with a module that gives these answers, the last one for ever; result, clock and printed lines."""

    def run(*answers, check_mode=False, **arguments):
        clock, lines, left = Clock(), [], list(answers)
        plugin = object.__new__(stack_removal.ActionModule)
        plugin._task = SimpleNamespace(check_mode=check_mode, args=arguments)
        plugin._execute_module = lambda **_call: left.pop(0) if len(left) > 1 else left[0]
        monkeypatch.setattr(stack_removal, "time", clock)
        monkeypatch.setattr(stack_removal, "Display", lambda: SimpleNamespace(display=lines.append))
        return plugin.run(), clock, lines

    monkeypatch.setattr(stack_removal.ActionBase, "run", lambda *_arguments: {})
    return run


def test_it_ends_when_nothing_is_left_in_two_looks_that_lie_apart(removal):
    result, clock, lines = removal(
        a_pass("vpc", "bucket"),
        a_pass("vpc", kept=["a snapshot"], resources=["vpc"]),
        a_pass(resources=[]),
        a_pass(changed=False, resources=[]),
    )
    assert result == {
        "changed": True,
        "resources": ["vpc", "bucket"],
        "kept": ["a snapshot"],
        "blockers": [],
        "left": [],
    }
    assert clock.sleeps == [1, 1, stack_removal.LONGEST_PAUSE]
    assert lines == ["2 to go after 0 s: vpc, bucket", "1 to go after 1 s: vpc", "0 to go after 2 s: "]


def test_what_turns_up_late_is_removed_as_well(removal):
    result, clock, _lines = removal(a_pass(), a_pass("vpc"), a_pass(), a_pass())
    assert result["left"] == []
    assert clock.sleeps == [stack_removal.LONGEST_PAUSE, 1, stack_removal.LONGEST_PAUSE]


def test_pauses_grow_while_nothing_happens_and_are_short_again_after_progress(removal):
    waiting = [a_pass("vpc", "bucket")] * 9
    _result, clock, lines = removal(*waiting, a_pass("vpc"), a_pass(), a_pass())
    assert clock.sleeps[:4] == [1, 1.5, 2.25, 3.375]
    assert clock.sleeps[8] == stack_removal.LONGEST_PAUSE
    assert clock.sleeps[9] == 1
    assert len(lines) == 3


def test_what_keeps_the_stack_ends_it_at_once(removal):
    result, clock, _lines = removal(a_pass("vpc", blockers=["vpc: peering", "bucket: objects"], changed=False))
    assert result["failed"]
    assert result["msg"] == "Nothing was removed; this keeps the stack:\n  vpc: peering\n  bucket: objects"
    assert clock.sleeps == []


def test_check_mode_is_one_pass_and_no_failure(removal):
    result, clock, _lines = removal(a_pass("vpc", blockers=["vpc: peering"]), check_mode=True)
    assert "failed" not in result
    assert result["blockers"] == ["vpc: peering"]
    assert clock.sleeps == []


def test_a_failure_of_the_module_is_the_actions(removal):
    result, _clock, _lines = removal({"failed": True, "msg": "no credentials"})
    assert result == {"failed": True, "msg": "no credentials"}


def test_the_time_is_limited_and_what_is_left_is_named(removal):
    result, clock, _lines = removal(a_pass("vpc", "bucket"), timeout=20, pause=2)
    assert result["failed"]
    assert 20 < clock.now < 20 + stack_removal.LONGEST_PAUSE
    assert f"After {round(clock.now)} s this is left:\n  vpc\n  bucket\nNext step:" in result["msg"]

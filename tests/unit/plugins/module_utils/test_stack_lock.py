"""Locks of stacks: how old, whose, and whether their run is dead."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _stack_lock
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._stack_lock import (
    Lock,
    current,
    duration,
    give_back,
    is_dead,
    owner_name,
    run_id,
    take,
)

LOCK = Lock("staging-shop", "ana@build", "build-0/1/2", "2026-03-01T10:00:00Z", "site.yml")
NOW = datetime.datetime(2026, 3, 1, 12, 5, tzinfo=datetime.UTC)


class Machine:
    """A /proc of our own."""

    def __init__(self, path: Path, boot: str = "boot-1", container: str = "pid:[1]"):
        self.proc = path
        (path / "sys/kernel/random").mkdir(parents=True)
        (path / "sys/kernel/random/boot_id").write_text(f"{boot}\n")
        (path / "self/ns").mkdir(parents=True)
        (path / "self/ns/pid").symlink_to(container)

    def process(self, pid: int, began: int = 100, state: str = "S") -> str:
        """Let a process be there; what its run is called."""
        (self.proc / str(pid)).mkdir(exist_ok=True)
        fields = [state, *(["0"] * 18), str(began), "0"]
        (self.proc / str(pid) / "stat").write_text(f"{pid} (a) strange name) {' '.join(fields)}\n")
        return run_id(pid, self.proc)

    def end(self, pid: int) -> None:
        (self.proc / str(pid) / "stat").unlink()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path / "one")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (7500, "2 hours 5 minutes"),
        (90000, "1 day 1 hour"),
        (90060, "1 day 1 hour"),
    ],
)
def test_duration_in_words(seconds, words):
    assert duration(seconds) == words


def test_item_and_back():
    assert LOCK.item()["LockID"] == {"S": "staging-shop"}
    assert Lock.parse(LOCK.item()) == LOCK


def test_age_and_words():
    assert LOCK.age(NOW) == 7500
    assert LOCK.age(NOW - datetime.timedelta(days=1)) == 0
    assert LOCK.describe(NOW) == (
        "held by ana@build since 2026-03-01T10:00:00Z (2 hours 5 minutes) with site.yml, run build-0/1/2"
    )


def test_a_lock_of_another_tool_says_what_it_can():
    lock = Lock.parse({"LockID": {"S": "x"}, "Info": {"S": "{}"}})
    assert lock.age(NOW) is None
    assert lock.describe(NOW) == "held by somebody who left no name"


def test_a_run_lives_as_long_as_its_process(machine):
    run = machine.process(7)
    assert not is_dead(run, machine.proc)
    machine.end(7)
    assert is_dead(run, machine.proc)


def test_a_process_that_has_ended_and_waits_for_its_parent_is_dead(machine):
    run = machine.process(7)
    machine.process(7, state="Z")
    assert is_dead(run, machine.proc)


def test_another_process_of_the_same_id_is_not_the_run(machine):
    run = machine.process(7, began=100)
    machine.process(7, began=200)
    assert is_dead(run, machine.proc)


@pytest.mark.parametrize("other", [{"boot": "boot-2"}, {"container": "pid:[2]"}])
def test_nothing_is_known_of_another_machine_or_container(machine, tmp_path, other):
    run = machine.process(7)
    assert not is_dead(run, Machine(tmp_path / "other", **other).proc)


@pytest.mark.parametrize("run", ["", "job 17", "/7/100", "{machine}/x/100", "{machine}"])
def test_nothing_is_known_of_runs_with_names_of_their_own(machine, run):
    name = machine.process(7).partition("/")[0]
    assert not is_dead(run.format(machine=name), machine.proc)


def test_without_proc_the_process_is_asked(tmp_path, monkeypatch):
    run = run_id(7, tmp_path)
    assert run.endswith("/7/")
    for error, dead in ((None, False), (PermissionError, False), (ProcessLookupError, True)):

        def kill(pid, signal, error=error):
            assert (pid, signal) == (7, 0)
            if error:
                raise error

        monkeypatch.setattr(os, "kill", kill)
        assert is_dead(run, tmp_path) is dead


def test_owner_without_a_name_is_a_number(monkeypatch):
    def nobody():
        raise KeyError

    monkeypatch.setattr(_stack_lock.getpass, "getuser", nobody)
    assert owner_name().split("@")[0] == str(os.getuid())


class Restless:
    """An AWS in which every write comes too late."""

    check_mode = False
    region = "us-east-1"

    def __init__(self, *found):
        self.found = list(found)

    def read(self, *_arguments, **_more):
        found = self.found.pop(0)
        self.found.append(found)
        return found and found.item()

    def write(self, *_arguments, **_more):
        return None


def test_a_lock_that_changes_hands_all_the_time_is_given_up():
    with pytest.raises(WebstackError, match="changes hands all the time"):
        take(Restless(None), "locks", LOCK)
    with pytest.raises(WebstackError, match="changes hands all the time"):
        give_back(Restless(LOCK), "locks", LOCK.lock_id, LOCK.run, False)


def test_other_refusals_are_passed_on():
    class Refusing(Restless):
        def read(self, *_arguments, **_more):
            raise AwsError("lock x", "dynamodb:GetItem", "AccessDeniedException", "no")

    with pytest.raises(AwsError, match="allow dynamodb:GetItem"):
        current(Refusing(), "locks", "x")

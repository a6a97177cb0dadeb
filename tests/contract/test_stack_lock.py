"""The lock of a stack: one run has it, a dead run loses it, and nothing is written in check mode."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _stack_lock
from ansible_collections.webstack.aws.plugins.module_utils._aws import RETRIES
from ansible_collections.webstack.aws.plugins.module_utils._stack_lock import Aws, HeldError, Lock, run_id, take
from ansible_collections.webstack.aws.plugins.modules import stack_lock
from tests.contract.harness import ModuleError, run_module

TABLE = "webstack-locks"
LOCK = "staging-shop"
ANA = {"owner": "ana@build", "run": "build-0/1/2", "playbook": "site.yml"}
BOB = {"owner": "bob@desk", "run": "desk-0/1/2", "playbook": "destroy.yml"}


@pytest.fixture(autouse=True)
def _table(emulator: Any, empty_emulator: None) -> None:
    make_table(emulator)


def make_table(emulator: Any) -> None:
    emulator.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    emulator.control("DELETE", "calls")


@pytest.fixture
def lock(emulator: Any) -> Any:
    """Run stack_lock as somebody; in check mode nothing may be written."""

    def run(who: dict[str, str], check: bool = False, **options: Any) -> dict[str, Any]:
        before = len(emulator.calls(kind="write"))
        result = run_module(
            emulator.url, "webstack.aws.stack_lock", {"table": TABLE, "lock_id": LOCK, **who, **options}, check
        )
        assert not check or len(emulator.calls(kind="write")) == before
        return result

    return run


def items(emulator: Any) -> list[dict[str, Any]]:
    return emulator.client("dynamodb").scan(TableName=TABLE)["Items"]


def held_by(emulator: Any) -> list[str]:
    return [item["Owner"]["S"] for item in items(emulator)]


def test_taken_held_and_given_back(lock: Any, emulator: Any) -> None:
    assert lock(ANA, check=True)["changed"]
    assert items(emulator) == []
    taken = lock(ANA)
    assert (taken["changed"], taken["found"], taken["diff"]["before"]) == (True, {}, {})
    assert taken["diff"]["after"]["owner"] == "ana@build"
    (item,) = items(emulator)
    assert set(item) == {"LockID", "Owner", "Run", "Created", "Playbook"}
    assert item["LockID"] == {"S": LOCK}
    for check in (True, False):
        assert not lock(ANA, check)["changed"]
    assert lock(ANA, check=True, state="absent")["changed"]
    assert held_by(emulator) == ["ana@build"]
    given = lock(ANA, state="absent")
    assert (given["changed"], given["found"]["owner"], given["stack_lock"]) == (True, "ana@build", {})
    assert items(emulator) == []
    for check in (True, False):
        assert not lock(ANA, check, state="absent")["changed"]


def test_a_held_lock_is_refused_with_its_holder(lock: Any, emulator: Any) -> None:
    lock(ANA)
    with pytest.raises(ModuleError) as refused:
        lock(BOB)
    said = refused.value.result["msg"]
    assert f"the lock {LOCK} is held by ana@build since 2" in said
    assert ") with site.yml, run build-0/1/2" in said
    assert f"playbooks/locks.yml -e release={LOCK}" in said
    with pytest.raises(ModuleError, match="is not this run's: it is held by ana@build"):
        lock(BOB, state="absent")
    assert held_by(emulator) == ["ana@build"]


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings of stack_lock; how they travel depends on what else this process has loaded."""
    given: list[str] = []
    monkeypatch.setattr(stack_lock, "warn", given.append)
    return given


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_dry_run_only_warns_of_a_held_lock(lock: Any, warnings: list[str], state: str) -> None:
    lock(ANA)
    result = lock(BOB, check=True, state=state)
    assert (result["changed"], result["stack_lock"]["owner"]) == (False, "ana@build")
    assert "held by ana@build" in warnings[0]


def test_anybodys_lock_is_released_by_force(lock: Any, emulator: Any) -> None:
    lock(ANA)
    assert lock({}, check=True, state="absent", force=True)["changed"]
    assert held_by(emulator) == ["ana@build"]
    assert lock({}, state="absent", force=True)["found"]["owner"] == "ana@build"
    assert items(emulator) == []


def test_another_tools_lock_is_respected_and_released_by_force(lock: Any, emulator: Any) -> None:
    emulator.client("dynamodb").put_item(TableName=TABLE, Item={"LockID": {"S": LOCK}, "Info": {"S": "{}"}})
    with pytest.raises(ModuleError, match="held by somebody who left no name"):
        lock(ANA)
    assert lock(ANA, state="absent", force=True)["changed"]
    assert items(emulator) == []


def test_a_dead_runs_lock_is_taken_over_by_its_owner_alone(lock: Any, emulator: Any) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        killed = {**ANA, "run": run_id(process.pid)}
        lock(killed)
        again = {**ANA, "run": run_id(os.getpid())}
        with pytest.raises(ModuleError, match="held by ana@build"):
            lock(again)
        process.kill()
    with pytest.raises(ModuleError, match="held by ana@build"):
        lock({**again, "owner": "bob@build"})
    assert lock(again, check=True)["changed"]
    taken = lock(again)
    assert (taken["changed"], taken["found"]["run"]) == (True, killed["run"])
    assert [item["Run"]["S"] for item in items(emulator)] == [again["run"]]


def test_a_lost_answer_is_no_loss(lock: Any, emulator: Any) -> None:
    for operation, state in (("PutItem", "present"), ("DeleteItem", "absent")):
        rules = [{"service": "dynamodb", "operation": operation, "cut_after": True, "times": 1}]
        emulator.control("PUT", "faults", {"rules": rules})
        assert lock(ANA, state=state)["changed"]
        emulator.control("DELETE", "faults")
        assert held_by(emulator) == (["ana@build"] if state == "present" else [])


def test_of_two_runs_at_the_same_moment_one_wins(emulator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = threading.Barrier(2, timeout=20)
    looked = threading.local()
    current = _stack_lock.current

    def look(*arguments: Any) -> Lock | None:
        found = current(*arguments)
        if not getattr(looked, "once", False):
            looked.once = True
            both_have_looked.wait()
        return found

    monkeypatch.setattr(_stack_lock, "current", look)
    took, refused = [], []

    def run(who: str) -> None:
        client = emulator.client("dynamodb", **RETRIES)
        aws = Aws(SimpleNamespace(check_mode=False, region="us-east-1", client=lambda *_arguments, **_more: client))
        try:
            take(aws, TABLE, Lock(LOCK, who, f"{who}-0/1/2", "2026-03-01T10:00:00Z", ""))
            took.append(who)
        except HeldError:
            refused.append(who)

    threads = [threading.Thread(target=run, args=(who,)) for who in ("ana", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (len(took), len(refused)) == (1, 1)
    assert held_by(emulator) == took


def test_all_locks_of_a_table_are_listed(lock: Any, emulator: Any) -> None:
    emulator.client("dynamodb").put_item(
        TableName=TABLE,
        Item=Lock("production-shop", "bob@desk", "desk-0/1/2", "2026-03-01T10:00:00Z", "site.yml").item(),
    )
    # More than a page of a scan holds, which is a megabyte.
    for number in range(4):
        emulator.client("dynamodb").put_item(
            TableName=TABLE, Item={"LockID": {"S": f"big-{number}"}, "Info": {"S": "x" * 390_000}}
        )
    lock(ANA)
    emulator.control("DELETE", "calls")
    for check in (True, False):
        result = run_module(emulator.url, "webstack.aws.stack_lock_info", {"table": TABLE}, check)
        assert not result["changed"]
        locks = {entry["lock_id"]: entry for entry in result["stack_locks"]}
        assert sorted(locks) == [*(f"big-{number}" for number in range(4)), "production-shop", LOCK]
        assert (locks[LOCK]["owner"], locks[LOCK]["run"]) == ("ana@build", "build-0/1/2")
        assert 0 <= locks[LOCK]["age"] < 60
        assert locks["production-shop"]["age"] > 60
        assert locks["big-0"]["age"] is None
    assert len(emulator.calls(operation="Scan")) > 2
    assert emulator.calls(kind="write") == []


def test_a_table_that_is_not_there_is_named_with_what_makes_it(lock: Any, warnings: list[str]) -> None:
    with pytest.raises(ModuleError, match=r"no lock table none in us-east-1\. Next step: make it with .*account\.yml"):
        lock(ANA, table="none")
    assert not lock(ANA, check=True, table="none")["changed"]
    assert "no lock table none" in warnings[0]


def test_who_takes_it_must_be_known(lock: Any) -> None:
    with pytest.raises(ModuleError, match="owner and run are not given"):
        lock({"owner": "ana@build"})

"""Schedules, their group and their queue: whose they are, what AWS does not know yet, answers that were lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.harness import ModuleError, run_module
from tests.emulator.tests.network_for_tests import TRUST, make_role

GROUP, SCHEDULES, QUEUE = "webstack.aws.schedule_group", "webstack.aws.schedules", "webstack.aws.sqs_queue"
OWN = {"webstack:stack": "shop", "webstack:environment": "test"}
FOREIGN = OWN | {"webstack:stack": "other"}


@pytest.fixture
def role(emulator: Any) -> str:
    return make_role(emulator, "scheduler", [], json.loads(json.dumps(TRUST).replace("ecs-tasks", "scheduler")))


def schedule(role: str, name: str = "sync", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "schedule_expression": "rate(5 minutes)",
        "cluster_arn": "arn:aws:ecs:us-east-1:123456789012:cluster/shop",
        "task_definition_arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/sync:1",
        "role_arn": role,
        "subnets": ["subnet-1"],
        **changes,
    }


def run(emulator: Any, *schedules: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
    wanted = {"group_name": "shop", "schedules": list(schedules), "tags": OWN, **options}
    return run_module(emulator.url, SCHEDULES, wanted, check)


def make_group(emulator: Any, tags: dict[str, str] | None = None) -> None:
    listed = [{"Key": key, "Value": value} for key, value in (tags or OWN).items()]
    emulator.client("scheduler").create_schedule_group(Name="shop", Tags=listed)


def fault(emulator: Any, operation: str, **what: Any) -> None:
    emulator.control("PUT", "faults", {"rules": [{"service": "*", "operation": operation, **what}]})


def names(emulator: Any) -> list[str]:
    return sorted(item["Name"] for item in emulator.client("scheduler").list_schedules(GroupName="shop")["Schedules"])


@pytest.mark.parametrize("options", [{}, {"state": "absent"}, {"purge": True}])
@pytest.mark.parametrize("check", [True, False])
def test_schedules_of_a_foreign_group_are_left_alone(
    emulator: Any, role: str, options: dict[str, Any], check: bool
) -> None:
    make_group(emulator)
    run(emulator, schedule(role), schedule(role, "old"))
    emulator.control("DELETE", "calls")
    with pytest.raises(ModuleError, match="not this stack's"):
        run(emulator, schedule(role, description="mine"), check=check, tags=FOREIGN, **options)
    assert emulator.calls(kind="write") == []


@pytest.mark.parametrize("check", [True, False])
def test_none_is_made_in_a_foreign_group(emulator: Any, role: str, check: bool) -> None:
    make_group(emulator, FOREIGN)
    with pytest.raises(ModuleError, match="schedule_group shop is not this stack's"):
        run(emulator, schedule(role), check=check)
    assert names(emulator) == []


def test_a_group_that_is_missing_is_named(emulator: Any, role: str) -> None:
    assert run(emulator, schedule(role), check=True)["changed"]
    with pytest.raises(ModuleError, match="there is no schedule group shop"):
        run(emulator, schedule(role))


def test_a_group_or_queue_of_somebody_else_is_refused(emulator: Any) -> None:
    make_group(emulator, FOREIGN)
    emulator.client("sqs").create_queue(QueueName="shop", tags=FOREIGN)
    for module in (GROUP, QUEUE):
        with pytest.raises(ModuleError, match="exists and is not this stack's"):
            run_module(emulator.url, module, {"name": "shop", "tags": OWN})


def test_what_is_not_listed_is_named_and_purged_only_when_told(emulator: Any, role: str) -> None:
    make_group(emulator)
    run(emulator, schedule(role), schedule(role, "old"))
    kept = run(emulator, schedule(role))
    assert (kept["changed"], kept["unlisted"], names(emulator)) == (False, ["old"], ["old", "sync"])
    assert run(emulator, purge=True, check=True)["changed"]
    run(emulator, schedule(role), purge=True)
    assert names(emulator) == ["sync"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"schedule_expression": "rate(0 minutes)"}, "greater than 0"),
        ({"schedule_expression_timezone": "Brasilia"}, "IANA"),
        ({"maximum_retry_attempts": 186}, "0 to 185"),
        ({"maximum_event_age_in_seconds": 59}, "60 to 86400"),
        ({"subnets": None}, "without subnets"),
    ],
)
def test_what_aws_would_refuse_is_refused_before_any_write(
    emulator: Any, role: str, options: dict[str, Any], words: str
) -> None:
    make_group(emulator)
    emulator.control("DELETE", "calls")
    for check in (True, False):
        with pytest.raises(ModuleError, match=words):
            run(emulator, schedule(role, "first"), schedule(role, **options), check=check)
    assert emulator.calls(kind="write") == []


def test_a_schedule_whose_one_time_is_over_is_left_as_it_is(emulator: Any, role: str) -> None:
    make_group(emulator)
    once = {"schedule_expression": "at(2020-01-31T03:00:00)"}
    run(emulator, schedule(role, **once))
    emulator.control("DELETE", "calls")
    changed = schedule(role, task_definition_arn="arn:aws:ecs:us-east-1:123456789012:task-definition/sync:2", **once)
    result = run(emulator, changed)
    assert not result["changed"]
    assert result["schedules"]["sync"]["task_definition_arn"].endswith("sync:1")
    assert emulator.calls(kind="write") == []
    again = run(emulator, {**changed, "schedule_expression": "at(2100-01-31T03:00:00)"})
    assert again["schedules"]["sync"]["task_definition_arn"].endswith("sync:2")


def test_a_role_that_the_scheduler_does_not_know_yet_is_waited_for(emulator: Any, role: str) -> None:
    make_group(emulator)
    message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    fault(emulator, "CreateSchedule", error={"code": "ValidationException", "message": message}, times=2)
    assert run(emulator, schedule(role))["changed"]


def test_a_name_that_is_still_taken_is_waited_for(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"schedule_group": 0.3, "sqs_queue": 0.3})
    for module in (GROUP, QUEUE):
        run_module(emulator.url, module, {"name": "shop", "tags": OWN})
        run_module(emulator.url, module, {"name": "shop", "tags": OWN, "state": "absent"})
        assert not run_module(emulator.url, module, {"name": "shop", "state": "absent"}, check=True)["changed"]
        assert run_module(emulator.url, module, {"name": "shop", "tags": OWN})["changed"]
        assert not run_module(emulator.url, module, {"name": "shop", "tags": OWN})["changed"]


@pytest.mark.parametrize("operation", ["CreateSchedule", "CreateScheduleGroup", "CreateQueue"])
def test_an_answer_that_was_lost_makes_nothing_twice(emulator: Any, role: str, operation: str) -> None:
    fault(emulator, operation, cut_after=True, times=1)
    run_module(emulator.url, GROUP, {"name": "shop", "tags": OWN})
    run_module(emulator.url, QUEUE, {"name": "shop", "tags": OWN, "message_retention_period": 60})
    run(emulator, schedule(role))
    emulator.control("DELETE", "calls")
    run_module(emulator.url, GROUP, {"name": "shop", "tags": OWN})
    run_module(emulator.url, QUEUE, {"name": "shop", "tags": OWN, "message_retention_period": 60})
    assert not run(emulator, schedule(role))["changed"]
    assert emulator.calls(kind="write") == []


def test_a_change_keeps_what_others_have_set(emulator: Any, role: str) -> None:
    make_group(emulator)
    run(emulator, schedule(role, maximum_retry_attempts=3))
    scheduler = emulator.client("scheduler")
    shown = scheduler.get_schedule(GroupName="shop", Name="sync")
    target = {**shown["Target"], "Input": '{"containerOverrides": []}'}
    said = {key: shown[key] for key in ("GroupName", "Name", "ScheduleExpression", "FlexibleTimeWindow", "State")}
    scheduler.update_schedule(**said, Target=target)
    run(emulator, schedule(role, description="Syncs"))
    target = scheduler.get_schedule(GroupName="shop", Name="sync")["Target"]
    assert (target["Input"], target["RetryPolicy"]["MaximumRetryAttempts"]) == ('{"containerOverrides": []}', 3)

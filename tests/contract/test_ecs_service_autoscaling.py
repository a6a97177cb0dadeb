"""Who owns the bounds of autoscaling, and what a registration does to the number of tasks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.ecs import definition, service
from tests.contract.harness import ModuleError, run_module

AUTOSCALING = "webstack.aws.ecs_service_autoscaling"
NIGHT = {"name": "night", "schedule": "cron(0 22 * * ? *)", "min_capacity": 0, "max_capacity": 1}
MORNING = {"name": "morning", "schedule": "cron(0 6 * * ? *)", "min_capacity": 2, "max_capacity": 4}


@pytest.fixture
def options(emulator: Any) -> dict[str, Any]:
    service(emulator, definition(emulator, "public.ecr.aws/demo/api:1"))
    return {"service": "api", "cluster": "demo", "min_capacity": 2, "max_capacity": 4, "schedules": [NIGHT, MORNING]}


def bounds(emulator: Any) -> tuple[int, int]:
    client = emulator.client("application-autoscaling")
    target = client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"][0]
    return target["MinCapacity"], target["MaxCapacity"]


def set_bounds(emulator: Any, least: int, most: int) -> None:
    """What a schedule does, or somebody by hand."""
    emulator.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/demo/api",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=least,
        MaxCapacity=most,
    )


def test_registration_brings_the_count_between_the_bounds(emulator: Any, options: dict[str, Any]) -> None:
    run_module(emulator.url, AUTOSCALING, options)
    live = emulator.client("ecs").describe_services(cluster="demo", services=["api"])["services"][0]
    assert live["desiredCount"] == 2


def test_bounds_that_a_schedule_has_set_stay(emulator: Any, options: dict[str, Any]) -> None:
    run_module(emulator.url, AUTOSCALING, options)
    set_bounds(emulator, 0, 1)
    assert not run_module(emulator.url, AUTOSCALING, options)["changed"]
    # The variables change at night: the morning brings the new bounds.
    later = {**options, "max_capacity": 6, "schedules": [NIGHT, {**MORNING, "max_capacity": 6}]}
    done = run_module(emulator.url, AUTOSCALING, later)
    assert set(done["diff"]["after"]) == {"schedules.morning.max_capacity"}
    assert bounds(emulator) == (0, 1)


def test_bounds_that_nobody_has_a_word_for_are_put_right(emulator: Any, options: dict[str, Any]) -> None:
    run_module(emulator.url, AUTOSCALING, options)
    set_bounds(emulator, 3, 9)
    assert run_module(emulator.url, AUTOSCALING, options)["changed"]
    assert bounds(emulator) == (2, 4)


def test_bounds_of_a_schedule_that_is_new_or_gone_are_not_kept(emulator: Any, options: dict[str, Any]) -> None:
    # As a service that waits for its image has them.
    run_module(emulator.url, AUTOSCALING, {**options, "min_capacity": 0, "schedules": []})
    run_module(emulator.url, AUTOSCALING, options)
    assert bounds(emulator) == (2, 4)
    set_bounds(emulator, 0, 1)
    run_module(emulator.url, AUTOSCALING, {**options, "schedules": [MORNING]})
    assert bounds(emulator) == (2, 4)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({**NIGHT, "min_capacity": 2}, "schedule night: min_capacity 2 is more than max_capacity 1"),
        ({"name": "night", "schedule": NIGHT["schedule"]}, "sets neither min_capacity nor max_capacity"),
    ],
)
def test_schedule_without_sense_is_refused(
    emulator: Any, options: dict[str, Any], schedule: dict[str, Any], words: str
) -> None:
    with pytest.raises(ModuleError, match=words):
        run_module(emulator.url, AUTOSCALING, {**options, "schedules": [schedule]}, check=True)

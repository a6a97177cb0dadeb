"""The module ``wait``: what it waits for, when it stops, and what it says about a failure."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.ecs import definition, service
from tests.contract.harness import ModuleError, run_module

WAIT = "webstack.aws.wait"


def wait(emulator: Any, *resources: dict[str, str], **options: Any) -> dict[str, Any]:
    return run_module(emulator.url, WAIT, {"resources": list(resources), "timeout": 30, **options})


def test_check_mode_waits_for_nothing(emulator: Any) -> None:
    options = {"resources": [{"kind": "rds_instance", "id": "demo"}]}
    result = run_module(emulator.url, WAIT, options, check=True)
    assert (result["changed"], result["skipped"], result["resources"]) == (False, True, [])
    assert emulator.calls() == []


def test_unknown_kind_is_named_with_the_known_ones(emulator: Any) -> None:
    with pytest.raises(ModuleError, match=r"cannot wait for teapot.*ecs_service"):
        wait(emulator, {"kind": "teapot", "id": "demo"})


def test_what_does_not_exist_is_absent(emulator: Any) -> None:
    result = wait(
        emulator, {"kind": "rds_instance", "id": "demo"}, {"kind": "ecs_service", "id": "demo/api"}, state="absent"
    )
    assert result["done"]
    assert [item["state"] for item in result["resources"]] == ["absent", "absent"]


def test_what_never_appears_fails(emulator: Any) -> None:
    with pytest.raises(ModuleError, match="rds_instance demo does not exist"):
        wait(emulator, {"kind": "rds_instance", "id": "demo"}, waited=61, timeout=100)


def test_time_out_names_what_is_still_under_way(emulator: Any) -> None:
    with pytest.raises(ModuleError, match="not ready after 0 s: rds_instance demo is absent"):
        wait(emulator, {"kind": "rds_instance", "id": "demo"}, timeout=0)


def test_poll_hands_back_what_was_seen(emulator: Any) -> None:
    result = wait(emulator, {"kind": "rds_instance", "id": "demo"}, poll=0.1)
    assert result["done"] is False
    assert result["resources"] == [{"kind": "rds_instance", "id": "demo", "state": "absent", "done": False}]


def test_service_is_ready_when_its_tasks_run(emulator: Any) -> None:
    arn = definition(emulator, "public.ecr.aws/demo/api:1")
    deployment = service(emulator, arn)
    result = wait(emulator, {"kind": "ecs_service", "id": "demo/api", "task_definition": arn, "deployment": deployment})
    assert result["resources"][0]["state"] == "steady, 1 running"


def test_rolled_back_release_fails_with_the_whole_story(emulator: Any) -> None:
    good = definition(emulator, "public.ecr.aws/demo/api:1")
    service(emulator, good)
    wait(emulator, {"kind": "ecs_service", "id": "demo/api"})
    emulator.control(
        "PUT", "containers", {"rules": [{"image": "*:bad", "exit_code": 3, "log": ["starting", "no database"]}]}
    )
    bad = definition(emulator, "public.ecr.aws/demo/api:bad")
    emulator.client("ecs").update_service(cluster="demo", service="api", taskDefinition=bad)
    with pytest.raises(ModuleError) as failed:
        wait(emulator, {"kind": "ecs_service", "id": "demo/api", "task_definition": bad}, timeout=60)
    message = failed.value.result["msg"]
    assert "ecs_service demo/api failed: ECS deployment circuit breaker: tasks failed to start." in message
    assert "Requested: demo-api:2. Running: demo-api:1." in message
    assert "exit code 3" in message
    assert "Last lines of api's log:\n  starting\n  no database" in message
    assert "Next step: read the log's end" in message


def test_time_out_of_a_service_says_why(emulator: Any) -> None:
    arn = definition(emulator, "public.ecr.aws/demo/api:1")
    service(emulator, arn)
    other = definition(emulator, "public.ecr.aws/demo/api:1")
    with pytest.raises(ModuleError, match=r"not ready after 0 s(.|\n)*Requested: demo-api:2. Running: demo-api:1"):
        wait(emulator, {"kind": "ecs_service", "id": "demo/api", "task_definition": other}, timeout=0)


def test_another_running_revision_is_no_success(emulator: Any) -> None:
    arn = definition(emulator, "public.ecr.aws/demo/api:1")
    service(emulator, arn)
    with pytest.raises(ModuleError, match="is not what was asked for: it runs demo-api:1 and not demo-api:9"):
        wait(
            emulator,
            {"kind": "ecs_service", "id": "demo/api", "task_definition": "demo-api:9"},
            waited=61,
            timeout=100,
        )

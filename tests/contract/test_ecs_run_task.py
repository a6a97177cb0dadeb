"""The module ``ecs_run_task``: it runs whenever it is called, and tells how it ended."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.ecs import definition, network
from tests.contract.harness import ModuleError, run_module

RUN = "webstack.aws.ecs_run_task"


def options(emulator: Any, image: str = "public.ecr.aws/demo/api:1", **more: Any) -> dict[str, Any]:
    emulator.client("ecs").create_cluster(clusterName="demo", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    return {
        "cluster": "demo",
        "task_definition": definition(emulator, image),
        "subnets": [network(emulator)["subnet"]],
        "assign_public_ip": True,
        "timeout": 60,
        **more,
    }


def containers(emulator: Any, **rule: Any) -> None:
    emulator.control("PUT", "containers", {"rules": [{"image": "*", **rule}]})


def test_check_mode_runs_nothing(emulator: Any) -> None:
    # Nothing of what it needs exists.
    given = {"cluster": "demo", "task_definition": "demo-api", "subnets": ["subnet-00000000000000000"]}
    result = run_module(emulator.url, RUN, given, check=True)
    assert result["changed"]
    assert result["task"]["task_arn"].startswith("arn:aws:ecs:us-east-1:000000000000:task/demo/")
    assert emulator.calls() == []


def test_success_returns_exit_codes_and_log(emulator: Any) -> None:
    containers(emulator, exit_code=0, log=["migrating", "done"])
    result = run_module(
        emulator.url,
        RUN,
        options(
            emulator,
            container_overrides=[{"name": "api", "command": ["migrate"], "environment": {"LOG_LEVEL": "debug"}}],
            capacity_provider="FARGATE",
            platform_version="LATEST",
            cpu=512,
            memory=1024,
            tags={"webstack:stack": "demo"},
        ),
    )
    assert result["changed"]
    assert result["exit_codes"] == {"api": 0}
    assert result["log"] == {"api": ["migrating", "done"]}
    assert result["task"]["last_status"] == "STOPPED"


def test_failure_tells_exit_code_and_the_logs_end(emulator: Any) -> None:
    containers(emulator, exit_code=7, log=["first", "relation does not exist"])
    with pytest.raises(ModuleError) as failed:
        run_module(emulator.url, RUN, options(emulator, log_lines=1))
    message = failed.value.result["msg"]
    assert "ecs_task of demo-api:1 failed" in message
    assert "container api: exit code 7" in message
    assert "Last lines of api's log:\n  relation does not exist" in message
    assert "first" not in message


def test_missing_image_tells_the_next_step(emulator: Any) -> None:
    containers(emulator, missing=True)
    with pytest.raises(ModuleError, match=r"CannotPullContainerError(.|\n)*check that the image exists"):
        run_module(emulator.url, RUN, options(emulator))


def test_without_wait_it_returns_at_once(emulator: Any) -> None:
    containers(emulator, exit_code=0)
    result = run_module(emulator.url, RUN, options(emulator, wait=False))
    assert (result["exit_codes"], result["log"]) == ({}, {})


def test_time_out_leaves_the_task_running(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"ecs_task": 30})
    given = options(emulator, timeout=1)
    with pytest.raises(ModuleError, match=r"after 1 s. Next step: it runs on"):
        run_module(emulator.url, RUN, given)


def test_lost_answer_runs_the_task_once(emulator: Any) -> None:
    containers(emulator, exit_code=0)
    given = options(emulator)
    emulator.control(
        "PUT", "faults", {"rules": [{"service": "ecs", "operation": "RunTask", "cut_after": True, "times": 1}]}
    )
    run_module(emulator.url, RUN, given)
    tasks = emulator.client("ecs").list_tasks(cluster="demo", desiredStatus="STOPPED")["taskArns"]
    assert len(tasks) == 1


def test_client_token_makes_two_calls_one_task(emulator: Any) -> None:
    containers(emulator, exit_code=0)
    given = options(emulator, client_token="release-7")
    arns = {run_module(emulator.url, RUN, given)["task"]["task_arn"] for _unused in range(2)}
    assert len(arns) == 1

"""What ``ecs_service`` and ``ecs_task_definition`` do beyond the contract: who owns what, and half made things."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.ecs import definition, network, service
from tests.contract.harness import ModuleError, run_module

SERVICE = "webstack.aws.ecs_service"
DEFINITION = "webstack.aws.ecs_task_definition"
TAGS = {"webstack:stack": "demo", "webstack:environment": "test"}


def live(emulator: Any) -> dict[str, Any]:
    return emulator.client("ecs").describe_services(cluster="demo", services=["api"])["services"][0]


def test_check_mode_from_an_empty_account(emulator: Any) -> None:
    options = {
        "name": "api",
        "cluster": "demo",
        "task_definition": "arn:aws:ecs:us-east-1:000000000000:task-definition/demo-api:1",
        "desired_count": 1,
        "subnets": ["subnet-00000000000000000"],
        "tags": TAGS,
    }
    result = run_module(emulator.url, SERVICE, options, check=True)
    assert result["changed"]
    assert result["ecs_service"]["service_arn"] == "arn:aws:ecs:us-east-1:000000000000:service/demo/api"
    assert emulator.calls(kind="write") == []


def test_service_of_a_name_that_is_still_draining_is_made_again(emulator: Any) -> None:
    arn = definition(emulator, "public.ecr.aws/demo/api:1")
    service(emulator, arn)
    run_module(emulator.url, SERVICE, {"name": "api", "cluster": "demo", "state": "absent"})
    options = {"name": "api", "cluster": "demo", "task_definition": arn, "desired_count": 1}
    run_module(emulator.url, SERVICE, {**options, "subnets": [network(emulator)["subnet"]], "assign_public_ip": True})
    assert live(emulator)["status"] == "ACTIVE"


def test_count_that_autoscaling_has_set_stays(emulator: Any) -> None:
    service(emulator, definition(emulator, "public.ecr.aws/demo/api:1"))
    emulator.client("ecs").update_service(cluster="demo", service="api", desiredCount=2)
    options = {"name": "api", "cluster": "demo", "desired_count": 1, "desired_count_owner": "autoscaling"}
    assert not run_module(emulator.url, SERVICE, options)["changed"]
    assert live(emulator)["desiredCount"] == 2


def test_service_of_another_stack_is_left_alone(emulator: Any) -> None:
    service(emulator, definition(emulator, "public.ecr.aws/demo/api:1"))
    with pytest.raises(ModuleError, match="is not this stack's"):
        run_module(emulator.url, SERVICE, {"name": "api", "cluster": "demo", "desired_count": 3, "tags": TAGS})


def ci_options(**more: Any) -> dict[str, Any]:
    return {
        "family": "demo-api",
        "image_owner": "ci",
        "service": "demo/api",
        "containers": [{"name": "api", "image": "public.ecr.aws/demo/api:variables"}],
        **more,
    }


def test_image_that_ci_released_is_carried_forward(emulator: Any) -> None:
    service(emulator, definition(emulator, "public.ecr.aws/demo/api:released"))
    definition(emulator, "public.ecr.aws/demo/api:registered-only")
    first = run_module(emulator.url, DEFINITION, ci_options())
    assert first["diff"]["before"].keys() == {
        f"containers.api.log_configuration.{key}"
        for key in ("log_driver", "options.awslogs-group", "options.awslogs-region", "options.awslogs-stream-prefix")
    }
    made = first["ecs_task_definition"]
    assert made["revision"] == 3
    assert made["container_definitions"][0]["image"] == "public.ecr.aws/demo/api:released"
    # A run that was killed before the service was updated registers nothing twice.
    again = run_module(emulator.url, DEFINITION, ci_options())
    assert not again["changed"]
    assert again["ecs_task_definition"]["revision"] == 3


def test_revision_that_ci_registered_is_left_alone(emulator: Any) -> None:
    arn = definition(emulator, "public.ecr.aws/demo/api:released")
    service(emulator, arn)
    definition(emulator, "public.ecr.aws/demo/api:registered-only")
    result = run_module(emulator.url, DEFINITION, {"family": "demo-api", "image_owner": "ci", "service": "demo/api"})
    assert not result["changed"]
    assert result["ecs_task_definition"]["task_definition_arn"] == arn


def test_without_a_service_the_latest_revision_is_what_ci_owns(emulator: Any) -> None:
    definition(emulator, "public.ecr.aws/demo/api:released")
    result = run_module(emulator.url, DEFINITION, ci_options(cpu=512, memory=1024), check=True)
    assert result["diff"]["after"]["cpu"] == 512
    assert "containers.api.image" not in result["diff"]["after"]

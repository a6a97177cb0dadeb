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


IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/demo:1"
WAITING = "webstack:waiting-for-image"


def waiting_options(emulator: Any, **more: Any) -> dict[str, Any]:
    emulator.client("ecs").create_cluster(clusterName="demo", capacityProviders=["FARGATE"])
    return {
        "name": "api",
        "cluster": "demo",
        "task_definition": definition(emulator, "public.ecr.aws/demo/api:1"),
        "desired_count": 2,
        "desired_count_owner": "autoscaling",
        "subnets": [network(emulator)["subnet"]],
        "assign_public_ip": True,
        "deployment_circuit_breaker": {"enable": True, "rollback": True},
        "tags": TAGS,
        **more,
    }


def tags_of(service: dict[str, Any]) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in service.get("tags", [])}


def described(emulator: Any) -> dict[str, Any]:
    answer = emulator.client("ecs").describe_services(cluster="demo", services=["api"], include=["TAGS"])
    return answer["services"][0]


def step(emulator: Any, options: dict[str, Any]) -> dict[str, Any]:
    """In check mode without a write, for real with the same diff, and once more without a change."""
    emulator.control("DELETE", "calls")
    planned = run_module(emulator.url, SERVICE, options, check=True)
    assert emulator.calls(kind="write") == []
    done = run_module(emulator.url, SERVICE, options)
    assert (done["changed"], done["diff"]) == (planned["changed"], planned["diff"])
    emulator.control("DELETE", "calls")
    assert not run_module(emulator.url, SERVICE, options)["changed"]
    assert emulator.calls(kind="write") == []
    return done


def test_service_waits_for_its_image_and_then_begins(emulator: Any) -> None:
    options = waiting_options(emulator)
    step(emulator, {**options, "waiting_for_image": IMAGE})
    waiting = described(emulator)
    assert waiting["desiredCount"] == 0
    assert tags_of(waiting) == {**TAGS, WAITING: IMAGE}
    assert waiting["deployments"][0]["rolloutState"] == "COMPLETED"

    done = step(emulator, {**options, "waiting_for_image": ""})
    assert done["diff"]["before"] == {"desired_count": 0, "waiting_for_image": IMAGE}
    begun = described(emulator)
    assert begun["desiredCount"] == begun["runningCount"] == 2
    assert tags_of(begun) == TAGS
    # A deployment of its own, over which the circuit breaker watches.
    assert done["ecs_service"]["deployments"][0]["id"] != waiting["deployments"][0]["id"]


def test_service_waits_for_another_image_without_a_deployment(emulator: Any) -> None:
    options = waiting_options(emulator, waiting_for_image=IMAGE)
    run_module(emulator.url, SERVICE, options)
    before = described(emulator)["deployments"][0]["id"]
    step(emulator, {**options, "waiting_for_image": f"{IMAGE}.1"})
    assert described(emulator)["deployments"][0]["id"] == before
    assert tags_of(described(emulator))[WAITING] == f"{IMAGE}.1"


def test_service_that_waits_takes_other_capacity_providers(emulator: Any) -> None:
    options = waiting_options(emulator, waiting_for_image=IMAGE)
    options["capacity_provider_strategy"] = [{"capacity_provider": "FARGATE", "weight": 1}]
    run_module(emulator.url, SERVICE, options)
    step(emulator, {**options, "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 2}]})
    waiting = described(emulator)
    assert (waiting["capacityProviderStrategy"][0]["weight"], waiting["desiredCount"]) == (2, 0)


def test_run_that_says_nothing_of_the_image_lets_the_service_wait_on(emulator: Any) -> None:
    options = waiting_options(emulator)
    run_module(emulator.url, SERVICE, {**options, "waiting_for_image": IMAGE})
    step(emulator, {**options, "tags": {**TAGS, "team": "web"}})
    assert described(emulator)["desiredCount"] == 0
    assert tags_of(described(emulator)) == {**TAGS, "team": "web", WAITING: IMAGE}


def test_service_that_has_tasks_is_not_taken_down_for_an_image(emulator: Any) -> None:
    options = waiting_options(emulator)
    run_module(emulator.url, SERVICE, options)
    for check in (True, False):
        with pytest.raises(ModuleError, match=r"demo:1 is not in its repository.*goes on with demo-api:1.*push"):
            run_module(emulator.url, SERVICE, {**options, "waiting_for_image": IMAGE}, check)
    assert described(emulator)["desiredCount"] == 2


def test_begin_that_was_interrupted_takes_back_nothing_from_autoscaling(emulator: Any) -> None:
    options = waiting_options(emulator)
    run_module(emulator.url, SERVICE, {**options, "waiting_for_image": IMAGE})
    # Killed after the update, before the tag went; autoscaling has gone on since.
    emulator.client("ecs").update_service(cluster="demo", service="api", desiredCount=5)
    step(emulator, {**options, "waiting_for_image": ""})
    assert described(emulator)["desiredCount"] == 5
    assert tags_of(described(emulator)) == TAGS

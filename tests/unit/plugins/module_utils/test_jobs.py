"""A job is its service with another command: what it takes over, what it never does, and what it says itself."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.filter.stack_jobs import _stack_jobs
from ansible_collections.webstack.aws.plugins.module_utils._container_services import Stack, container_service
from ansible_collections.webstack.aws.plugins.module_utils._jobs import stack_job

SERVICE = {
    "name": "shop-api",
    "container_name": "web",
    "image": "shop:1",
    "port": 8080,
    "command": ["serve"],
    "entry_point": ["/start"],
    "cpu": 512,
    "memory": 2048,
    "architecture": "ARM64",
    "desired_count": 3,
    "autoscaling": {"minimum": 1, "maximum": 4},
    "environment": {"STAGE": "test", "LEVEL": "info"},
    "secrets": {"DATABASE_URL": "database_url", "TOKEN": "token"},
    "health_check": {"command": "curl localhost"},
    "load_balancer": {"default": True},
    "log_group": "/shop/api",
    "sidecars": {"proxy": {"image": "proxy:1"}},
    "tracing": {},
    "restart_policy": {"enabled": True},
    "depends_on": [{"container_name": "proxy", "condition": "START"}],
    "readonly_root_filesystem": True,
    "mounts": {"/files": {"file_system": "media"}},
    "spot": True,
    "exec": True,
    "uses": {"buckets": {"media": "read"}},
}
STACK = Stack(
    "staging-shop", "us-east-1", "/ecs/staging-shop", secret_arn="arn:s", file_systems={"media": {"id": "fs-1"}}
)


def job(said=None, images=None, roles=None):
    said = {"service": "api", "command": ["run", "sync"], **(said or {})}
    return stack_job("sync", said, {"api": SERVICE}, images or {}, roles or {})


def planned(said=None, **others):
    return container_service("sync", job(said, **others), STACK)


def test_a_job_has_of_its_service_what_it_does_not_say():
    plan = planned()
    (container,) = plan["containers"]
    assert (plan["cpu"], plan["memory"], plan["cpu_architecture"]) == (512, 2048, "ARM64")
    assert container["image"] == "shop:1"
    assert container["command"] == ["run", "sync"]
    assert container["entry_point"] == ["/start"]
    assert container["environment"] == SERVICE["environment"]
    assert container["secrets"] == {"DATABASE_URL": "arn:s:database_url::", "TOKEN": "arn:s:token::"}
    assert container["readonly_root_filesystem"] is True
    assert [point["container_path"] for point in container["mount_points"]] == ["/files"]
    assert [volume["name"] for volume in plan["volumes"]] == ["media"]


def test_a_job_has_nothing_of_what_keeps_a_service_going():
    plan = planned()
    (container,) = plan["containers"]
    assert not {"port_mappings", "health_check", "restart_policy", "depends_on"} & set(container)
    assert (plan["autoscaling"], plan["exec"]) == (None, False)
    assert plan["capacity_provider_strategy"][0]["capacity_provider"] == "FARGATE"
    assert plan["family"] == "staging-shop-sync"
    assert plan["container_name"] == "sync"


def test_a_job_without_a_command_does_not_have_that_of_its_service():
    said = {"service": "api"}
    assert "command" not in stack_job("sync", said, {"api": SERVICE}, {}, {})


def test_its_log_goes_to_a_group_of_its_own():
    options = planned()["containers"][0]["log_configuration"]["options"]
    assert options["awslogs-group"] == "/ecs/staging-shop/sync"
    assert options["awslogs-stream-prefix"] == "ecs"
    assert planned({"log_group": "/jobs"})["log_group"] == "/jobs"


def test_it_runs_the_image_that_its_service_really_runs():
    assert job(images={"api": "shop:7"})["image"] == "shop:7"
    assert job({"image": "tool:1"}, images={"api": "shop:7"})["image"] == "tool:1"


def test_variables_and_secrets_are_laid_over_by_name():
    whole = job({"environment": {"LEVEL": "debug", "STAGE": None}, "secrets": {"TOKEN": None, "KEY": "key"}})
    assert whole["environment"] == {"LEVEL": "debug"}
    assert whole["secrets"] == {"DATABASE_URL": "database_url", "KEY": "key"}


def test_its_own_words_count():
    whole = job({"cpu": 256, "memory": 512, "spot": True, "uses": {"tables": {"a": "read"}}, "retries": 0})
    assert (whole["cpu"], whole["memory"], whole["spot"], whole["retries"]) == (256, 512, True, 0)
    assert whole["uses"] == {"tables": {"a": "read"}}


def test_the_schedule_has_defaults():
    whole = job()
    assert (whole["schedule"], whole["enabled"], whole["retries"], whole["maximum_event_age"]) == (None, True, 2, 3600)
    assert whole["dead_letter_queue"] is True
    assert job({"enabled": False})["enabled"] is False


@pytest.mark.parametrize(
    ("said", "service", "role"),
    [
        ({"task_role_arn": "own"}, {"task_role_arn": "service's own"}, "own"),
        ({}, {"task_role_arn": "service's own"}, "job's"),
        ({}, {}, "job's"),
    ],
)
def test_its_own_role_comes_before_its_services(said, service, role):
    roles = {"api": "service's", "sync": "job's"}
    whole = stack_job("sync", {"service": "api", **said}, {"api": {"image": "x", **service}}, {}, roles)
    assert whole["task_role_arn"] == role


def test_without_a_role_it_has_its_services():
    assert job(roles={"api": "service's"})["task_role_arn"] == "service's"
    assert job()["task_role_arn"] is None


def test_an_unknown_service_is_named():
    with pytest.raises(Exception, match="job sync: web is missing"):
        _stack_jobs({"sync": {"service": "web"}}, {"api": SERVICE})

"""Removing a stack's jobs: no task starts any more before anything else goes, and those that run are stopped."""

from __future__ import annotations

import json
from typing import Any

from tests.contract.harness import run_module
from tests.emulator.tests.network_for_tests import TRUST, make_network

MODULE = "webstack.aws.stack_removal"
OWN = {"webstack:stack": "shop", "webstack:environment": "test"}
OPTIONS = {"stack": "shop", "environment": "test", "final_snapshot": False}
PASSES = 10


def tagged(tags: dict[str, str] | None = None) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (tags or OWN).items()]


def build(emulator: Any, name: str = "test-shop", tags: dict[str, str] | None = None) -> list[str]:
    """A cluster, a job on a schedule, its queue and the scheduler's role; the ARNs of tasks that it has started."""
    tags = tags or OWN
    lower = [{"key": key, "value": value} for key, value in tags.items()]
    ecs, scheduler = emulator.client("ecs"), emulator.client("scheduler")
    cluster = ecs.create_cluster(clusterName=name, tags=lower)["cluster"]["clusterArn"]
    definition = ecs.register_task_definition(
        family=f"{name}-sync",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "sync", "image": "nginx"}],
        tags=lower,
    )["taskDefinition"]["taskDefinitionArn"]
    iam = emulator.client("iam")
    trust = json.dumps(TRUST).replace("ecs-tasks", "scheduler")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=tagged(tags))["Role"]["Arn"]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(policy))
    scheduler.create_schedule_group(Name=name, Tags=tagged(tags))
    network = make_network(emulator)
    placement = {"Subnets": network.subnets, "SecurityGroups": [network.task_group], "AssignPublicIp": "ENABLED"}
    for job in ("sync", "notify"):
        scheduler.create_schedule(
            GroupName=name,
            Name=f"{name}-{job}",
            ScheduleExpression="rate(5 minutes)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": cluster,
                "RoleArn": role,
                "EcsParameters": {
                    "TaskDefinitionArn": definition,
                    "LaunchType": "FARGATE",
                    "NetworkConfiguration": {"awsvpcConfiguration": placement},
                },
            },
        )
    emulator.client("sqs").create_queue(QueueName=name, tags=tags)
    fired = emulator.control("POST", "schedules/fire", {"group": name, "name": f"{name}-sync"})
    return fired["task_arns"]


def one_pass(emulator: Any) -> list[str]:
    result = run_module(emulator.url, MODULE, OPTIONS)
    assert result["blockers"] == []
    return result["left"]


def remove(emulator: Any) -> None:
    for _number in range(PASSES):
        left = one_pass(emulator)
        if not left:
            return
    raise AssertionError(f"after {PASSES} passes this is left: {left}")


def test_schedules_go_first_and_running_tasks_are_stopped(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"ecs_task": 30, "schedule_group": 0.3})
    (task,) = build(emulator)
    ecs = emulator.client("ecs")
    one_pass(emulator)
    assert emulator.client("scheduler").list_schedules(GroupName="test-shop")["Schedules"] == []
    assert ecs.describe_clusters(clusters=["test-shop"])["clusters"][0]["status"] == "ACTIVE"
    one_pass(emulator)
    assert ecs.describe_tasks(cluster="test-shop", tasks=[task])["tasks"][0]["desiredStatus"] == "STOPPED"
    emulator.control("PUT", "provisioning", {"ecs_task": 0, "schedule_group": 0})
    remove(emulator)
    assert run_module(emulator.url, MODULE, OPTIONS, check=True)["resources"] == []
    assert emulator.client("sqs").list_queues().get("QueueUrls", []) == []
    groups = emulator.client("scheduler").list_schedule_groups()["ScheduleGroups"]
    assert [group["Name"] for group in groups] == ["default"]


def test_a_neighbours_jobs_stay(emulator: Any) -> None:
    build(emulator)
    build(emulator, "test-shop-two", OWN | {"webstack:stack": "shop-two"})
    remove(emulator)
    assert len(emulator.client("scheduler").list_schedules(GroupName="test-shop-two")["Schedules"]) == 2
    urls = emulator.client("sqs").list_queues()["QueueUrls"]
    assert [url.rpartition("/")[2] for url in urls] == ["test-shop-two"]


def test_check_mode_lists_schedules_first(emulator: Any) -> None:
    build(emulator)
    emulator.control("DELETE", "calls")
    listed = run_module(emulator.url, MODULE, OPTIONS, check=True)["resources"]
    assert listed[:2] == ["schedule test-shop/test-shop-notify", "schedule test-shop/test-shop-sync"]
    assert {"schedule_group test-shop", "sqs_queue test-shop"} < set(listed)
    assert emulator.calls(kind="write") == []

"""Task definitions, single tasks and clusters of ECS: API reference (2014-11-13) and developer guide."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.emulator.tests.ecs_for_tests import World, make_world, refused
from tests.emulator.tests.network_for_tests import make_role

CONTAINER = {"name": "api", "image": "app:1"}
FARGATE = {
    "family": "f",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [CONTAINER],
}
LOGS = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"},
}


@pytest.fixture
def world(emulator: Any) -> World:
    return make_world(emulator)


@pytest.fixture
def ecs(emulator: Any) -> Any:
    return emulator.client("ecs")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"memory": "4096"}, "No Fargate configuration exists for given values: 256 CPU, 4096 memory."),
        ({"cpu": "300"}, "No Fargate configuration exists"),
        ({"cpu": "16384", "memory": "16384"}, "No Fargate configuration exists"),
        ({"networkMode": "bridge"}, "Fargate only supports network mode"),
        ({"cpu": None}, "Fargate requires that 'cpu' be defined at the task level."),
        ({"memory": None}, "Fargate requires that 'memory' be defined at the task level."),
        ({"containerDefinitions": [CONTAINER | {"logConfiguration": LOGS}]}, "to support log driver awslogs"),
        (
            {"containerDefinitions": [{"name": "a", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"}]},
            "to support ECR images",
        ),
        (
            {"containerDefinitions": [CONTAINER | {"secrets": [{"name": "S", "valueFrom": "p"}]}]},
            "you must also specify a value for 'executionRoleArn'",
        ),
        (
            {"containerDefinitions": [CONTAINER | {"portMappings": [{"containerPort": 80, "hostPort": 81}]}]},
            "the host ports and container ports in port mappings must match",
        ),
        ({"containerDefinitions": [CONTAINER, CONTAINER]}, "unique"),
        ({"containerDefinitions": [CONTAINER | {"essential": False}]}, "essential"),
        ({"containerDefinitions": []}, "Container list cannot be empty."),
        ({"containerDefinitions": [{"name": "a"}]}, "Container.image should not be null or empty."),
        ({"containerDefinitions": [CONTAINER | {"mountPoints": [{"sourceVolume": "v"}]}]}, "Unknown volume 'v'."),
        ({"executionRoleArn": "nonsense"}, "Role is not valid"),
        ({"containerDefinitions": [CONTAINER | {"healthCheck": {"command": ["curl"]}}]}, "CMD"),
        ({"family": "a b"}, "Family"),
    ],
)
def test_refused_definitions(ecs: Any, changes: dict[str, Any], words: str) -> None:
    """RegisterTaskDefinition; sizes from "Task CPU and memory"."""
    wanted = {key: value for key, value in (FARGATE | changes).items() if value is not None}
    refused("ClientException", words, ecs.register_task_definition, **wanted)


@pytest.mark.parametrize(
    ("cpu", "memory", "stored"),
    [
        ("256", "512", ("256", "512")),
        (".25 vCPU", "1 GB", ("256", "1024")),
        ("1 vCPU", "3GB", ("1024", "3072")),
        ("4096", "30720", ("4096", "30720")),
        ("16384", "122880", ("16384", "122880")),
    ],
)
def test_sizes(ecs: Any, cpu: str, memory: str, stored: tuple[str, str]) -> None:
    """ "Task size": units or vCPU and GB; containers need no memory of their own."""
    found = ecs.register_task_definition(**FARGATE | {"cpu": cpu, "memory": memory})["taskDefinition"]
    assert (found["cpu"], found["memory"]) == stored


def test_definition_is_returned_whole(world: World) -> None:
    """TaskDefinition: everything that was sent, with defaults."""
    role = make_role(world.emulator, "r", [])
    container = CONTAINER | {
        "portMappings": [{"containerPort": 8080}],
        "healthCheck": {"command": ["CMD-SHELL", "true"]},
        "logConfiguration": LOGS,
        "environment": [{"name": "A", "value": "b"}],
        "readonlyRootFilesystem": True,
    }
    sent = FARGATE | {
        "containerDefinitions": [container],
        "executionRoleArn": role,
        "taskRoleArn": role,
        "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        "ephemeralStorage": {"sizeInGiB": 30},
        "volumes": [{"name": "v"}],
        "tags": [{"key": "k", "value": "v"}],
    }
    answer = world.ecs.register_task_definition(**sent)
    assert answer["tags"] == sent["tags"]
    found = world.ecs.describe_task_definition(taskDefinition="f", include=["TAGS"])
    assert found["tags"] == sent["tags"]
    definition = found["taskDefinition"]
    for key in ("executionRoleArn", "taskRoleArn", "runtimePlatform", "ephemeralStorage", "requiresCompatibilities"):
        assert definition[key] == sent[key]
    assert definition["compatibilities"] == ["EC2", "FARGATE"]
    assert (definition["revision"], definition["status"]) == (1, "ACTIVE")
    only = definition["containerDefinitions"][0]
    assert only["portMappings"] == [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}]
    assert only["healthCheck"] == {"command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3}
    assert (only["cpu"], only["essential"], only["mountPoints"], only["systemControls"]) == (0, True, [], [])
    assert {"name": "com.amazonaws.ecs.capability.logging-driver.awslogs"} in definition["requiresAttributes"]


def test_life_of_revisions(ecs: Any) -> None:
    """Revisions count on; INACTIVE ones can be described by number, and deleted; numbers are not used again."""
    for _unused in range(3):
        ecs.register_task_definition(**FARGATE)
    assert ecs.describe_task_definition(taskDefinition="f")["taskDefinition"]["revision"] == 3
    ecs.deregister_task_definition(taskDefinition="f:3")
    assert ecs.describe_task_definition(taskDefinition="f")["taskDefinition"]["revision"] == 2
    assert ecs.describe_task_definition(taskDefinition="f:3")["taskDefinition"]["status"] == "INACTIVE"
    arns = ecs.list_task_definitions(familyPrefix="f", sort="DESC")["taskDefinitionArns"]
    assert [arn[-3:] for arn in arns] == ["f:2", "f:1"]
    deleted = ecs.delete_task_definitions(taskDefinitions=["f:3", "f:1"])
    assert [item["status"] for item in deleted["taskDefinitions"]] == ["DELETE_IN_PROGRESS"]
    assert "still in ACTIVE status" in deleted["failures"][0]["reason"]
    assert ecs.register_task_definition(**FARGATE)["taskDefinition"]["revision"] == 4
    refused("ClientException", "Unable to describe task definition.", ecs.describe_task_definition, taskDefinition="g")
    refused("ClientException", "Revision is missing.", ecs.deregister_task_definition, taskDefinition="f")
    assert ecs.list_task_definition_families()["families"] == ["f"]


def test_inactive_definition_runs_no_more(world: World) -> None:
    """CreateService, RunTask: TaskDefinition is inactive."""
    definition = world.define()
    world.ecs.deregister_task_definition(taskDefinition=definition)
    with pytest.raises(world.ecs.exceptions.ClientException, match="TaskDefinition is inactive"):
        world.run(definition)


def test_run_task(world: World) -> None:
    """A task of its own: all containers, exit codes, and the states on the way."""
    other = {"name": "sidecar", "image": "proxy:2", "essential": False}
    world.rules({"image": "job:*", "exit_code": 4})
    definition = world.define(
        containerDefinitions=[{"name": "job", "image": "job:1"}, other], tags=[{"key": "t", "value": "1"}]
    )
    started = world.run(
        definition,
        startedBy="me",
        tags=[{"key": "a", "value": "b"}],
        propagateTags="TASK_DEFINITION",
        overrides={"containerOverrides": [{"name": "job", "command": ["migrate"]}]},
    )
    assert (started["lastStatus"], started["desiredStatus"], started["startedBy"]) == ("PROVISIONING", "RUNNING", "me")
    assert [container["name"] for container in started["containers"]] == ["job", "sidecar"]
    assert started["overrides"]["containerOverrides"][0]["command"] == ["migrate"]
    found = world.ecs.describe_tasks(cluster="main", tasks=[started["taskArn"]], include=["TAGS"])["tasks"][0]
    assert (found["lastStatus"], found["stopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert found["stoppedReason"] == "Essential container in task exited"
    assert {item["name"]: item["exitCode"] for item in found["containers"]} == {"job": 4, "sidecar": 0}
    assert found["group"] == "family:api"
    assert {tag["key"] for tag in found["tags"]} == {"t", "a"}
    world.ecs.get_waiter("tasks_stopped").wait(cluster="main", tasks=[started["taskArn"]])
    assert world.ecs.list_tasks(cluster="main")["taskArns"] == []
    assert world.ecs.list_tasks(cluster="main", desiredStatus="STOPPED")["taskArns"] == [started["taskArn"]]


def test_run_task_takes_its_time(world: World) -> None:
    """ "Task lifecycle states"."""
    world.seconds(1.6)
    arn = world.run(world.define())["taskArn"]
    seen = []
    until = time.time() + 4
    while time.time() < until and "STOPPED" not in seen:
        status = world.task(arn)["lastStatus"]
        if status not in seen:
            seen.append(status)
        time.sleep(0.03)
    assert seen == ["PROVISIONING", "PENDING", "RUNNING", "DEACTIVATING", "STOPPED"]


def test_run_task_without_an_image(world: World) -> None:
    """CannotPullContainerError."""
    world.rules({"image": "app:*", "missing": True})
    task = world.task(world.run(world.define())["taskArn"])
    assert task["stopCode"] == "TaskFailedToStart"
    assert "docker.io/library/app:1: not found" in task["stoppedReason"]


def test_run_task_requests(world: World) -> None:
    """RunTask: errors, and the client token."""
    definition = world.define()
    first = world.run(definition, clientToken="once")
    assert world.run(definition, clientToken="once")["taskArn"] == first["taskArn"]
    with pytest.raises(world.ecs.exceptions.ConflictException):
        world.run(definition, clientToken="once", startedBy="other")
    invalid = world.ecs.exceptions.InvalidParameterException
    with pytest.raises(invalid, match="Network Configuration must be provided"):
        world.run(definition, networkConfiguration=None)
    with pytest.raises(invalid, match=r"No Container Instances were found in your cluster."):
        world.run(definition, launchType="EC2")
    with pytest.raises(invalid, match="is not a container in the TaskDefinition"):
        world.run(definition, overrides={"containerOverrides": [{"name": "no"}]})
    with pytest.raises(invalid, match="not associated with the cluster"):
        world.run(definition, launchType=None, capacityProviderStrategy=[{"capacityProvider": "mine"}])
    with pytest.raises(world.ecs.exceptions.ClientException, match=r"TaskDefinition not found."):
        world.run("no:1")
    with pytest.raises(world.ecs.exceptions.ClusterNotFoundException):
        world.run(definition, cluster="no")
    failures = world.ecs.describe_tasks(cluster="main", tasks=["no"])["failures"]
    assert failures[0]["reason"] == "MISSING"
    refused(
        "InvalidParameterException",
        "The referenced task was not found.",
        world.ecs.stop_task,
        cluster="main",
        task="no",
    )


def test_run_task_needs_no_dns_names(world: World) -> None:
    """Fargate has no rule about DNS hostnames of the VPC; a public address is given if wanted."""
    world.seconds(5)
    task = world.run(world.define())
    details = {item["name"]: item["value"] for item in task["attachments"][0]["details"]}
    found = world.emulator.client("ec2").describe_network_interfaces(
        NetworkInterfaceIds=[details["networkInterfaceId"]]
    )
    assert found["NetworkInterfaces"][0]["Association"]["PublicIp"]
    assert details["privateDnsName"].startswith("ip-10-0-")


def test_execute_command(world: World) -> None:
    """ExecuteCommand: only where it was enabled when the task was run."""
    role = make_role(world.emulator, "r", [])
    world.create(world.define(taskRoleArn=role), enableExecuteCommand=True)
    call = {"cluster": "main", "command": "sh", "interactive": True}
    session = world.ecs.execute_command(**call, task=world.tasks()[0]["taskArn"])["session"]
    assert session["streamUrl"].startswith("wss://ssmmessages.us-east-1")
    world.update(enableExecuteCommand=False, forceNewDeployment=True)
    with pytest.raises(world.ecs.exceptions.InvalidParameterException, match="execute command was not enabled"):
        world.ecs.execute_command(**call, task=world.tasks()[0]["taskArn"])


def test_clusters(ecs: Any) -> None:
    """CreateCluster, DescribeClusters (with include), UpdateClusterSettings, PutClusterCapacityProviders."""
    execution = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 4}]
    settings = [{"name": "containerInsights", "value": "enabled"}]
    made = ecs.create_cluster(
        clusterName="c",
        settings=settings,
        configuration=execution,
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=strategy,
        tags=[{"key": "a", "value": "b"}],
    )["cluster"]
    assert (made["status"], made["settings"], made["tags"]) == ("ACTIVE", settings, [{"key": "a", "value": "b"}])
    bare = ecs.describe_clusters(clusters=["c"])["clusters"][0]
    assert (bare["settings"], bare["tags"]) == ([], [])
    full = ecs.describe_clusters(clusters=["c"], include=["SETTINGS", "CONFIGURATIONS", "TAGS"])["clusters"][0]
    assert (full["settings"], full["configuration"]) == (settings, execution)
    assert full["defaultCapacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 4, "base": 0}]
    enhanced = [{"name": "containerInsights", "value": "enhanced"}]
    assert ecs.update_cluster_settings(cluster="c", settings=enhanced)["cluster"]["settings"] == enhanced
    refused(
        "InvalidParameterException",
        "Invalid cluster setting",
        ecs.update_cluster_settings,
        cluster="c",
        settings=[{"name": "containerInsights", "value": "on"}],
    )
    found = ecs.put_cluster_capacity_providers(
        cluster="c", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )["cluster"]
    assert (found["capacityProviders"], found["defaultCapacityProviderStrategy"]) == (["FARGATE"], [])
    refused(
        "InvalidParameterException",
        "not associated with the cluster",
        ecs.put_cluster_capacity_providers,
        cluster="c",
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=strategy,
    )
    refused(
        "InvalidParameterException",
        "'mine' was not found",
        ecs.put_cluster_capacity_providers,
        cluster="c",
        capacityProviders=["mine"],
        defaultCapacityProviderStrategy=[],
    )


def test_cluster_again(ecs: Any) -> None:
    """CreateCluster is idempotent for equal arguments, and makes an INACTIVE cluster anew."""
    arn = ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE"])["cluster"]["clusterArn"]
    assert ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE"])["cluster"]["clusterArn"] == arn
    refused(
        "InvalidParameterException",
        "inconsistent with arguments used in previous request",
        ecs.create_cluster,
        clusterName="c",
        capacityProviders=["FARGATE_SPOT"],
    )
    ecs.delete_cluster(cluster="c")
    assert ecs.describe_clusters(clusters=["c"])["clusters"][0]["status"] == "INACTIVE"
    assert ecs.list_clusters()["clusterArns"] == []
    refused("ClusterNotFoundException", "The referenced cluster was inactive.", ecs.delete_cluster, cluster="c")
    assert ecs.create_cluster(clusterName="c")["cluster"]["status"] == "ACTIVE"
    assert ecs.describe_clusters(clusters=["no"])["failures"][0]["reason"] == "MISSING"
    refused("ClusterNotFoundException", "Cluster not found.", ecs.list_services, cluster="no")


def test_capacity_provider_in_use(world: World) -> None:
    """PutClusterCapacityProviders: ResourceInUseException for one that a service uses."""
    world.create(
        world.define(), launchType=None, capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    )
    refused(
        "ResourceInUseException",
        "",
        world.ecs.put_cluster_capacity_providers,
        cluster="main",
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=[],
    )


def test_counts_of_a_cluster(world: World) -> None:
    """Cluster: running tasks and active services."""
    world.create(world.define())
    world.service()
    found = world.ecs.describe_clusters(clusters=["main"])["clusters"][0]
    assert (found["runningTasksCount"], found["pendingTasksCount"], found["activeServicesCount"]) == (2, 0, 1)

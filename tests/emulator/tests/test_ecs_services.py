"""Services of ECS and their deployments.

Unless a test says otherwise, what it states is from the ECS API reference (version 2014-11-13) and the developer
guide; messages of events from "Amazon ECS service event messages", reasons of stopped tasks from "Amazon ECS stopped
task error messages".
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.emulator.tests.ecs_for_tests import BREAKER, World, make_world, refused
from tests.emulator.tests.network_for_tests import make_group, make_role


@pytest.fixture
def world(emulator: Any) -> World:
    return make_world(emulator)


def test_a_service_becomes_steady(world: World) -> None:
    """IN_PROGRESS with nothing running at first, COMPLETED when its tasks are there and healthy."""
    created = world.create(world.define())
    assert (created["status"], created["runningCount"]) == ("ACTIVE", 0)
    assert created["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    found = world.service()
    assert (found["desiredCount"], found["runningCount"], found["pendingCount"]) == (2, 2, 0)
    deployment = found["deployments"][0]
    assert (deployment["status"], deployment["rolloutState"]) == ("PRIMARY", "COMPLETED")
    assert deployment["rolloutStateReason"] == f"ECS deployment {deployment['id']} completed."
    events = world.events()
    assert events[0] == "(service api) has reached a steady state."
    assert events[1] == f"(service api) (deployment {deployment['id']}) deployment completed."
    assert events[-1].startswith("(service api) has started 2 tasks: (task ")
    assert world.health() == ["healthy", "healthy"]
    world.ecs.get_waiter("services_stable").wait(cluster="main", services=["api"])


def test_every_field_is_kept(world: World) -> None:
    """CreateService: what is sent comes back, what is not sent has its default."""
    role = make_role(world.emulator, "app", [])
    definition = world.define(taskRoleArn=role)
    strategy = [
        {"capacityProvider": "FARGATE_SPOT", "weight": 3, "base": 0},
        {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
    ]
    configuration = BREAKER | {
        "maximumPercent": 150,
        "minimumHealthyPercent": 50,
        "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True},
    }
    world.create(
        definition,
        launchType=None,
        capacityProviderStrategy=strategy,
        deploymentConfiguration=configuration,
        enableExecuteCommand=True,
        healthCheckGracePeriodSeconds=60,
        propagateTags="SERVICE",
        enableECSManagedTags=True,
        availabilityZoneRebalancing="DISABLED",
        platformVersion="1.4.0",
        tags=[{"key": "app", "value": "x"}],
    )
    found = world.service(include=["TAGS"])
    assert found["capacityProviderStrategy"] == strategy
    assert "launchType" not in found
    assert configuration.items() <= found["deploymentConfiguration"].items()
    assert found["enableExecuteCommand"] is found["enableECSManagedTags"] is True
    assert (found["healthCheckGracePeriodSeconds"], found["propagateTags"]) == (60, "SERVICE")
    assert (found["availabilityZoneRebalancing"], found["platformVersion"]) == ("DISABLED", "1.4.0")
    assert found["tags"] == [{"key": "app", "value": "x"}]
    assert found["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "ENABLED"
    assert found["roleArn"].endswith("/ecs.amazonaws.com/AWSServiceRoleForECS")
    assert (found["schedulingStrategy"], found["deploymentController"]) == ("REPLICA", {"type": "ECS"})
    assert "tags" not in world.service()
    task = world.tasks()[0]
    assert {"key": "app", "value": "x"} in task["tags"]
    assert {"key": "aws:ecs:serviceName", "value": "api"} in task["tags"]
    assert sorted(item["capacityProviderName"] for item in world.tasks()) == ["FARGATE", "FARGATE_SPOT"]
    assert task["containers"][0]["managedAgents"][0]["name"] == "ExecuteCommandAgent"


def test_tasks_of_a_service(world: World) -> None:
    """Task: started by the deployment, in the service's group, with an interface in one of its subnets."""
    world.create(world.define())
    tasks = world.tasks()
    deployment = world.service()["deployments"][0]["id"]
    assert [(task["startedBy"], task["group"], task["lastStatus"]) for task in tasks] == [
        (deployment, "service:api", "RUNNING")
    ] * 2
    details = {item["name"]: item["value"] for item in tasks[0]["attachments"][0]["details"]}
    targets = world.elb.describe_target_health(TargetGroupArn=world.group)["TargetHealthDescriptions"]
    assert details["privateIPv4Address"] in [item["Target"]["Id"] for item in targets]
    assert {task["availabilityZone"] for task in tasks} == {"us-east-1a", "us-east-1b"}
    ec2 = world.emulator.client("ec2")
    interface = ec2.describe_network_interfaces(NetworkInterfaceIds=[details["networkInterfaceId"]])
    assert interface["NetworkInterfaces"][0]["Status"] == "in-use"
    refused("DependencyViolation", "", ec2.delete_security_group, GroupId=world.network.task_group)


def test_tasks_pass_their_states(world: World) -> None:
    """ "Task lifecycle states": PROVISIONING, PENDING, RUNNING; the target is initial before it is healthy."""
    world.seconds(2.0)
    world.create(world.define(), desiredCount=1)
    seen: list[tuple[str, str]] = []
    until = time.time() + 6
    while time.time() < until and world.service()["deployments"][0]["rolloutState"] != "COMPLETED":
        for task in world.tasks():
            state = (task["lastStatus"], "".join(world.health()))
            if state not in seen:
                seen.append(state)
        time.sleep(0.05)
    assert seen[:3] == [("PROVISIONING", ""), ("PENDING", ""), ("RUNNING", "initial")]
    assert world.health() == ["healthy"]


def test_the_same_name_again(world: World) -> None:
    """An ACTIVE service of the name is an error; so is a DRAINING one; an INACTIVE one gives the name free."""
    definition = world.define()
    world.create(definition, clientToken="t")
    assert world.create(definition, clientToken="t")["status"] == "ACTIVE"
    with pytest.raises(
        world.ecs.exceptions.InvalidParameterException, match=r"Creation of service was not idempotent."
    ):
        world.create(definition)
    world.service()
    world.seconds(2.0)
    world.ecs.delete_service(cluster="main", service="api", force=True)
    assert world.service()["status"] == "DRAINING"
    with pytest.raises(world.ecs.exceptions.InvalidParameterException, match="still Draining"):
        world.create(definition)
    world.seconds(0)
    assert world.service()["status"] == "INACTIVE"
    world.create(definition)


def test_deleting(world: World) -> None:
    """DeleteService: only scaled to 0 or by force; its tasks stop, its targets go, it stays visible as INACTIVE."""
    world.create(world.define())
    world.service()
    delete = world.ecs.delete_service
    words = "The service cannot be stopped while it is scaled above 0."
    refused("InvalidParameterException", words, delete, cluster="main", service="api")
    assert delete(cluster="main", service="api", force=True)["service"]["status"] == "DRAINING"
    found = world.service()
    assert (found["status"], found["runningCount"], found["deployments"]) == ("INACTIVE", 0, [])
    assert world.health() == []
    assert world.ecs.list_services(cluster="main")["serviceArns"] == []
    stopped = world.tasks("STOPPED")
    assert {task["stopCode"] for task in stopped} == {"ServiceSchedulerInitiated"}
    assert stopped[0]["stoppedReason"].startswith("Scaling activity initiated by (deployment ecs-svc/")
    refused("ServiceNotFoundException", "Service not found.", delete, cluster="main", service="api")
    refused("ServiceNotActiveException", "", world.ecs.update_service, cluster="main", service="api", desiredCount=1)
    world.ecs.get_waiter("services_inactive").wait(cluster="main", services=["api"])
    ec2 = world.emulator.client("ec2")
    ec2.delete_security_group(GroupId=world.network.task_group)  # no task holds it any more


def test_a_cluster_with_services_stays(world: World) -> None:
    """DeleteCluster: ClusterContainsServicesException; an INACTIVE cluster takes no more services."""
    world.create(world.define())
    world.service()
    delete = world.ecs.delete_cluster
    refused(
        "ClusterContainsServicesException",
        "The Cluster cannot be deleted while Services are active.",
        delete,
        cluster="main",
    )
    world.ecs.delete_service(cluster="main", service="api", force=True)
    refused("ClusterContainsTasksException", "", delete, cluster="main")
    world.service()
    assert delete(cluster="main")["cluster"]["status"] == "INACTIVE"
    with pytest.raises(world.ecs.exceptions.ClusterNotFoundException, match=r"The referenced cluster was inactive."):
        world.create("api:1")


def test_a_new_deployment_rolls(world: World) -> None:
    """UpdateService with another task definition: PRIMARY and ACTIVE side by side, then one."""
    first = world.create(world.define())["deployments"][0]["id"]
    world.service()
    old = {task["taskArn"] for task in world.tasks()}
    updated = world.update(taskDefinition=world.define("app:2"))
    assert [item["status"] for item in updated["deployments"]] == ["PRIMARY", "ACTIVE"]
    assert updated["taskDefinition"].endswith("api:2")
    found = world.service()
    assert len(found["deployments"]) == 1
    assert found["deployments"][0]["rolloutState"] == "COMPLETED"
    assert found["deployments"][0]["id"] != first
    new = world.tasks()
    assert not old & {task["taskArn"] for task in new}
    assert len(new) == 2
    assert {task["containers"][0]["image"] for task in new} == {"app:2"}
    assert any("has begun draining connections on" in event for event in world.events())
    assert any("has stopped" in event for event in world.events())


def test_rolling_keeps_to_the_percentages(world: World) -> None:
    """minimumHealthyPercent and maximumPercent: never fewer healthy tasks, never more tasks at all."""
    limits = {"maximumPercent": 150, "minimumHealthyPercent": 50}
    world.create(world.define(), desiredCount=4, deploymentConfiguration=BREAKER | limits)
    world.service()
    world.seconds(0.6)
    world.update(forceNewDeployment=True)
    counts = []
    until = time.time() + 15
    while time.time() < until:
        found = world.service()
        counts.append(
            (found["runningCount"] + found["pendingCount"], len([h for h in world.health() if h == "healthy"]))
        )
        if len(found["deployments"]) == 1:
            break
        time.sleep(0.05)
    assert found["deployments"][0]["rolloutState"] == "COMPLETED"
    assert max(total for total, _unused in counts) <= 6
    assert min(healthy for _unused, healthy in counts) >= 2


def test_a_deployment_without_room_says_so(world: World) -> None:
    """Event of a deployment that can neither start nor stop a task; both at 100 is refused at once."""
    definition = world.define()
    limits = {"maximumPercent": 100, "minimumHealthyPercent": 100}
    with pytest.raises(world.ecs.exceptions.InvalidParameterException, match="cannot be 100"):
        world.create(definition, deploymentConfiguration=limits)
    world.create(
        definition, desiredCount=1, deploymentConfiguration={"maximumPercent": 150, "minimumHealthyPercent": 100}
    )
    world.service()
    world.update(forceNewDeployment=True)
    assert len(world.service()["deployments"]) == 2
    assert "was unable to stop or start tasks during a deployment" in world.events()[0]


def test_scaling_makes_no_deployment(world: World) -> None:
    """desiredCount "doesn't trigger a new service deployment"; tasks in excess stop."""
    before = world.create(world.define())["deployments"][0]["id"]
    world.service()
    world.update(desiredCount=3)
    found = world.service()
    assert (found["runningCount"], found["deployments"][0]["id"]) == (3, before)
    world.update(desiredCount=0)
    found = world.service()
    assert (found["runningCount"], len(world.health())) == (0, 0)
    assert world.events()[0] == "(service api) has reached a steady state."
    assert world.ecs.delete_service(cluster="main", service="api")["service"]["status"] == "DRAINING"


def test_what_triggers_a_deployment(world: World) -> None:
    """UpdateServiceRequest says of every parameter whether it triggers a new service deployment."""
    world.create(world.define())
    before = world.service()["deployments"][0]["id"]
    world.update(healthCheckGracePeriodSeconds=30, deploymentConfiguration=BREAKER | {"maximumPercent": 150})
    assert world.service()["deployments"][0]["id"] == before
    world.update(taskDefinition="api:1", networkConfiguration=world.placement)
    assert world.service()["deployments"][0]["id"] == before
    placement = {"awsvpcConfiguration": world.placement["awsvpcConfiguration"] | {"subnets": world.network.subnets[:1]}}
    world.update(networkConfiguration=placement)
    assert world.service()["deployments"][0]["id"] != before


def test_changing_the_strategy_needs_force(world: World) -> None:
    """UpdateService, capacityProviderStrategy: a change must be forced."""
    world.create(world.define())
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    with pytest.raises(world.ecs.exceptions.InvalidParameterException, match="you must force a new deployment"):
        world.update(capacityProviderStrategy=strategy)
    world.update(capacityProviderStrategy=strategy, forceNewDeployment=True)
    assert {task["capacityProviderName"] for task in world.tasks()} == {"FARGATE_SPOT"}
    assert "launchType" not in world.service()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"taskDefinition": "no:1"}, "TaskDefinition not found."),
        ({"launchType": "EC2", "taskDefinition": "api"}, ""),
        ({"networkConfiguration": None}, "Network Configuration must be provided"),
        ({"loadBalancers": [{"containerName": "no", "containerPort": 8080}]}, "does not exist in the task definition"),
        (
            {"loadBalancers": [{"containerName": "api", "containerPort": 81}]},
            "did not have a container port 81 defined",
        ),
        ({"loadBalancers": [], "healthCheckGracePeriodSeconds": 9}, "Health check grace period"),
        ({"platformVersion": "9.9"}, "platform"),
        ({"enableExecuteCommand": True}, "valid taskRoleArn is not being used"),
        (
            {"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "mine"}]},
            "not associated with the cluster",
        ),
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}, "but not both"),
    ],
)
def test_refused_requests(world: World, settings: dict[str, Any], words: str) -> None:
    """CreateService: errors as AWS words them."""
    definition = world.define()
    for balancer in settings.get("loadBalancers") or []:
        balancer["targetGroupArn"] = world.group
    if settings.get("launchType") == "EC2":  # its subnets are fine, but there is nowhere to place a task
        world.create(definition, launchType="EC2")
        world.service()
        assert "No Container Instances were found in your cluster" in world.events()[0]
        return
    with pytest.raises(world.ecs.exceptions.ClientError, match=words):
        world.create(definition=settings.pop("taskDefinition", definition), **settings)


def test_target_group_without_load_balancer(world: World) -> None:
    """CreateService: wording as users of the API report it."""
    definition = world.define()

    def balancers(group: str) -> list[dict[str, Any]]:
        return [{"targetGroupArn": group, "containerName": "api", "containerPort": 8080}]

    lonely = make_group(world.emulator, world.network, "lonely")
    invalid = world.ecs.exceptions.InvalidParameterException
    with pytest.raises(invalid, match=f"targetGroupArn {lonely} does not have an associated load balancer"):
        world.create(definition, loadBalancers=balancers(lonely))
    with pytest.raises(invalid, match="Unable to assume role and validate the specified targetGroupArn"):
        world.create(definition, loadBalancers=balancers(lonely[:-2] + "00"))
    machines = make_group(world.emulator, world.network, "machines", TargetType="instance")
    with pytest.raises(invalid, match="incompatible with the awsvpc network mode"):
        world.create(definition, loadBalancers=balancers(machines))


def test_subnets_and_groups_must_exist(world: World) -> None:
    """AwsVpcConfiguration: unknown subnets and security groups are errors of the request."""
    invalid = world.ecs.exceptions.InvalidParameterException
    with pytest.raises(invalid, match=r"InvalidSubnetID.NotFound"):
        world.create(world.define(), networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-0"]}})
    placement = {"awsvpcConfiguration": {"subnets": world.network.subnets, "securityGroups": ["sg-0"]}}
    with pytest.raises(invalid, match=r"InvalidGroup.NotFound"):
        world.create(world.define(), networkConfiguration=placement)


def test_default_strategy_of_the_cluster(world: World) -> None:
    """A service that names neither a launch type nor a strategy takes the cluster's."""
    world.ecs.put_cluster_capacity_providers(
        cluster="main",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )
    found = world.create(world.define(), launchType=None)
    assert found["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]


def test_stopped_tasks_are_replaced(world: World) -> None:
    """StopTask: UserInitiated with the reason given; the scheduler starts another one."""
    world.create(world.define())
    task = world.tasks()[0]
    stopping = world.ecs.stop_task(cluster="main", task=task["taskArn"], reason="a test")["task"]
    assert (stopping["desiredStatus"], stopping["stopCode"]) == ("STOPPED", "UserInitiated")
    assert world.service()["runningCount"] == 2
    stopped = world.task(task["taskArn"])
    assert (stopped["lastStatus"], stopped["stoppedReason"]) == ("STOPPED", "a test")
    assert task["taskArn"] not in [item["taskArn"] for item in world.tasks()]


def test_autoscaling_knows_active_services(world: World) -> None:
    """RegisterScalableTarget: the service must be there, as an ACTIVE one."""
    scaling = world.emulator.client("application-autoscaling")
    wanted = {
        "ServiceNamespace": "ecs",
        "ScalableDimension": "ecs:service:DesiredCount",
        "ResourceId": "service/main/api",
        "MinCapacity": 1,
        "MaxCapacity": 4,
    }
    refused("ValidationException", "", scaling.register_scalable_target, **wanted)
    world.create(world.define())
    scaling.register_scalable_target(**wanted)
    assert len(scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]) == 1


def test_service_deployments(world: World) -> None:
    """ListServiceDeployments, DescribeServiceDeployments: one for each deployment, the newest first."""
    world.create(world.define())
    assert world.service()["deployments"][0]["rolloutState"] == "COMPLETED"
    world.update(taskDefinition=world.define("app:2"))
    assert world.service()["currentServiceRevisions"][0]["runningTaskCount"] == 2
    listed = world.ecs.list_service_deployments(cluster="main", service="api")["serviceDeployments"]
    assert [item["status"] for item in listed] == ["SUCCESSFUL", "SUCCESSFUL"]
    arn = listed[0]["serviceDeploymentArn"]
    found = world.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]
    assert found["deploymentCircuitBreaker"] == {"status": "MONITORING_COMPLETE", "failureCount": 0, "threshold": 3}
    revision = found["targetServiceRevision"]["arn"]
    described = world.ecs.describe_service_revisions(serviceRevisionArns=[revision])["serviceRevisions"][0]
    assert described["containerImages"][0]["image"] == "app:2"


def test_tags(world: World) -> None:
    """TagResource on services and clusters."""
    arn = world.create(world.define(), tags=[{"key": "a", "value": "1"}])["serviceArn"]
    world.ecs.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    world.ecs.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert world.ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]
    tagging = world.emulator.client("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": "b", "Values": ["2"]}])["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in found] == [arn]

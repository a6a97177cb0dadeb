"""ECS clusters, task definitions, services and their autoscaling: the pure parts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._compare import compare
from ansible_collections.webstack.aws.plugins.module_utils._ecs_cluster import EcsCluster
from ansible_collections.webstack.aws.plugins.module_utils._ecs_service import EcsService
from ansible_collections.webstack.aws.plugins.module_utils._ecs_service_autoscaling import EcsServiceAutoscaling
from ansible_collections.webstack.aws.plugins.module_utils._ecs_task_definition import EcsTaskDefinition
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import decide

AWS = SimpleNamespace(region="us-east-1", check_mode=True)

DEFINITION = {
    "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/demo:7",
    "revision": 7,
    "cpu": "256",
    "memory": "512",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
    "containerDefinitions": [{"name": "api", "image": "demo:live"}],
    "tags": [{"key": "webstack:stack", "value": "demo"}],
}
SERVICE = {
    "status": "ACTIVE",
    "taskDefinition": DEFINITION["taskDefinitionArn"],
    "desiredCount": 7,
    "launchType": "FARGATE",
    "platformVersion": "1.4.0",
    "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["b", "a"], "assignPublicIp": "DISABLED"}},
    "deployments": [{"status": "PRIMARY", "rolloutState": "COMPLETED"}],
}


def kind(cls, **options):
    made = cls(AWS)
    made.options = options
    return made


def changes(of, live, wanted):
    fields = of.keep("api", live, of.normalize_wanted("api", wanted))
    return {change.field: change.after for change in decide(of, "api", live, fields).changes}


def test_cluster_compares_providers_without_order():
    live = {
        "settings": [{"name": "containerInsights", "value": "enabled"}],
        "capacityProviders": ["FARGATE_SPOT", "FARGATE"],
    }
    cluster = kind(EcsCluster)
    assert changes(cluster, live, {"capacity_providers": ["FARGATE", "FARGATE_SPOT"]}) == {}
    assert changes(cluster, live, {"container_insights": "disabled"}) == {"container_insights": "disabled"}
    assert cluster.is_going({"status": "INACTIVE"})
    assert cluster.placeholder("demo", {})["cluster_arn"] == "arn:aws:ecs:us-east-1:000000000000:cluster/demo"


def test_definition_options_not_given_change_nothing():
    of = kind(EcsTaskDefinition)
    assert changes(of, DEFINITION, {}) == {}
    assert changes(of, DEFINITION, {"cpu": 256, "memory": 1024}) == {"memory": 1024}


def test_image_of_variables_is_compared():
    of = kind(EcsTaskDefinition, image_owner="variables")
    assert list(changes(of, DEFINITION, {"containers": [{"name": "api", "image": "demo:2"}]})) == ["containers"]


def test_image_of_ci_is_carried_forward():
    of = kind(EcsTaskDefinition, image_owner="ci")
    wanted = {"containers": [{"name": "api", "image": "demo:2"}]}
    assert changes(of, DEFINITION, wanted) == {}
    wanted = {"containers": [{"name": "api", "image": "demo:2", "user": "1"}, {"name": "side", "image": "side:1"}]}
    after = changes(of, DEFINITION, wanted)["containers"]
    assert {name: container["image"] for name, container in after.items()} == {"api": "demo:live", "side": "side:1"}


def test_revision_without_tags_is_cis_only_when_ci_owns_images():
    bare = {**DEFINITION, "tags": []}
    assert kind(EcsTaskDefinition, image_owner="ci").adopts("demo", bare)
    assert not kind(EcsTaskDefinition, image_owner="ci").adopts("demo", DEFINITION)
    assert not kind(EcsTaskDefinition, image_owner="variables").adopts("demo", bare)


def test_planned_revision_is_known_after_apply():
    of = kind(EcsTaskDefinition)
    of.normalize_wanted("demo", {"containers": [{"name": "api", "image": "demo:2"}]})
    plan = of.planned("demo", DEFINITION, compare({}, {"cpu": 512}))
    assert plan["task_definition_arn"] == "arn:aws:ecs:us-east-1:000000000000:task-definition/demo:8"
    assert plan["container_definitions"] == [{"name": "api", "image": "demo:2"}]
    tags_only = of.planned("demo", DEFINITION, compare({}, {"tags": {"a": "b"}}))
    assert tags_only["task_definition_arn"] == DEFINITION["taskDefinitionArn"]


def test_placeholder_has_the_containers():
    of = kind(EcsTaskDefinition)
    wanted = of.normalize_wanted("demo", {"containers": [{"name": "api", "image": "demo:1"}]})
    placeholder = of.placeholder("demo", wanted)
    assert placeholder["revision"] == 1
    assert placeholder["container_definitions"] == [{"name": "api", "image": "demo:1"}]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"cpu": 512, "memory": 1536}, "take cpu 512 and memory 2048"),
        ({"ephemeral_storage": 500}, "ephemeral_storage is 500 GiB"),
        ({"containers": [{"name": "api", "image": "x", "essential": False}]}, "no container is essential"),
        (
            {"execution_role_arn": "", "containers": [{"name": "api", "image": "x", "secrets": {"A": "arn:x"}}]},
            "want an execution_role_arn",
        ),
    ],
)
def test_definition_that_ecs_refuses_is_refused(wanted, message):
    of = kind(EcsTaskDefinition)
    with pytest.raises(WebstackError) as refused:
        of.refuse("demo", DEFINITION, of.normalize_wanted("demo", wanted))
    assert message in str(refused.value)


def test_new_definition_wants_the_essentials():
    of = kind(EcsTaskDefinition)
    with pytest.raises(WebstackError, match="give memory, containers"):
        of.refuse("demo", None, of.normalize_wanted("demo", {"cpu": 256}))
    of.refuse("demo", DEFINITION, None)


def test_service_fields_compare_without_order():
    of = kind(EcsService, cluster="demo")
    wanted = {
        "task_definition": "demo:7",
        "subnets": ["a", "b"],
        "assign_public_ip": False,
        "platform_version": "LATEST",
        "maximum_percent": 200,
        "load_balancers": [],
        "deployment_circuit_breaker": {"enable": False, "rollback": False},
        "propagate_tags": "NONE",
    }
    assert changes(of, SERVICE, wanted) == {}


def test_count_is_left_to_autoscaling():
    wanted = {"desired_count": 2}
    assert changes(kind(EcsService, desired_count_owner="autoscaling"), SERVICE, wanted) == {}
    assert changes(kind(EcsService, desired_count_owner="variables"), SERVICE, wanted) == wanted


def test_launch_type_becomes_capacity_providers():
    wanted = {"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1, "base": 0}]}
    assert changes(kind(EcsService), SERVICE, wanted) == {
        "capacity_provider_strategy": {"FARGATE": {"weight": 1, "base": 0}}
    }


def test_failed_deployment_is_begun_anew():
    live = {**SERVICE, "deployments": [{"status": "PRIMARY", "rolloutState": "FAILED"}]}
    assert changes(kind(EcsService), live, {}) == {"rollout_state": "IN_PROGRESS"}


@pytest.mark.parametrize("status", ["DRAINING", "INACTIVE"])
def test_service_on_its_way_out_counts_as_absent(status):
    assert kind(EcsService).is_going({**SERVICE, "status": status})


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"task_definition": "demo"}, "names no revision"),
        ({"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 0}]}, "weight above 0"),
        (
            {
                "capacity_provider_strategy": [
                    {"capacity_provider": "FARGATE", "base": 1, "weight": 1},
                    {"capacity_provider": "FARGATE_SPOT", "base": 1, "weight": 1},
                ]
            },
            "only one capacity provider can have a base",
        ),
        ({"health_check_grace_period_seconds": 60}, "only for services with load balancers"),
        ({"minimum_healthy_percent": 100, "maximum_percent": 100}, "no task could ever be replaced"),
        ({"availability_zone_rebalancing": True, "minimum_healthy_percent": 0, "maximum_percent": 100}, "above 100"),
        ({"deployment_circuit_breaker": {"enable": False, "rollback": True}}, "only when it is enabled"),
    ],
)
def test_service_that_ecs_refuses_is_refused(wanted, message):
    of = kind(EcsService)
    with pytest.raises(WebstackError) as refused:
        of.refuse("api", SERVICE, of.normalize_wanted("api", wanted))
    assert message in str(refused.value)


def test_new_service_wants_the_essentials():
    with pytest.raises(WebstackError, match="give task_definition, subnets, desired_count"):
        kind(EcsService).refuse("api", None, {})


def test_planned_service_names_the_whole_definition():
    of = kind(EcsService, cluster="demo", task_definition="arn:aws:ecs:us-east-1:000000000000:task-definition/demo:8")
    plan = of.planned("api", SERVICE, compare({}, {"task_definition": "demo:8"}))
    assert plan["task_definition"].endswith(":task-definition/demo:8")
    assert of.placeholder("api", {})["deployments"] == []


TARGET = {
    "MinCapacity": 1,
    "MaxCapacity": 4,
    "Tags": {},
    "Policies": [
        {
            "PolicyName": "cpu",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 70.0,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            },
        }
    ],
    "ScheduledActions": [],
}
CPU = {"name": "cpu", "metric": "ECSServiceAverageCPUUtilization", "target_value": 70}


def test_policies_compare_with_awss_cooldowns():
    of = kind(EcsServiceAutoscaling, cluster="demo")
    assert changes(of, TARGET, {"min_capacity": 1, "policies": [CPU]}) == {}
    assert list(changes(of, TARGET, {"policies": [{**CPU, "scale_in_cooldown": 60}]})) == ["policies"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"min_capacity": 9}, "is more than max_capacity 4"),
        ({"policies": [{**CPU, "resource_label": "app/x/y"}]}, "resource_label goes with"),
        (
            {"policies": [{"name": "r", "metric": "ALBRequestCountPerTarget", "target_value": 1}]},
            "resource_label goes with",
        ),
    ],
)
def test_scaling_that_cannot_be_is_refused(wanted, message):
    of = kind(EcsServiceAutoscaling, cluster="demo")
    with pytest.raises(WebstackError, match=message):
        of.refuse("api", TARGET, of.normalize_wanted("api", wanted))
    with pytest.raises(WebstackError, match="give min_capacity and max_capacity"):
        of.refuse("api", None, {})

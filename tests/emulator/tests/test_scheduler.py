"""EventBridge Scheduler and its dead-letter queues. The source of each piece of knowledge is in its test."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.tests.ecs_for_tests import World, make_world, refused
from tests.emulator.tests.network_for_tests import TRUST, make_role

GROUP = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/jobs"
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
PASSED = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
RUN = {
    "Effect": "Allow",
    "Action": "ecs:RunTask",
    "Resource": "*",
    "Condition": {"ArnEquals": {"ecs:cluster": CLUSTER}},
}
PASS = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": PASSED}
TAG = {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*"}
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


def trust(service: str = "scheduler.amazonaws.com", **condition: str) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = {"StringEquals": {f"aws:{key}": value for key, value in condition.items()}}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def scheduler(emulator: Any) -> Any:
    client = emulator.client("scheduler")
    client.create_schedule_group(Name="jobs", Tags=[{"Key": "a", "Value": "b"}])
    return client


@pytest.fixture
def world(emulator: Any) -> World:
    return make_world(emulator)


def schedule(role: str, **changes: Any) -> dict[str, Any]:
    task = {"TaskDefinitionArn": "job", "LaunchType": "FARGATE"}
    wanted = {
        "GroupName": "jobs",
        "Name": "sync",
        "ScheduleExpression": "rate(5 minutes)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": CLUSTER, "RoleArn": role, "EcsParameters": task},
    }
    return {key: value for key, value in {**wanted, **changes}.items() if value is not None}


def test_a_group_keeps_its_name_until_it_is_deleted(emulator: Any, scheduler: Any) -> None:
    """UserGuide/managing-schedule-group.html: ACTIVE and DELETING; APIReference/API_DeleteScheduleGroup.html."""
    role = make_role(emulator, "r", [], trust())
    emulator.control("PUT", "provisioning", {"schedule_group": 60})
    scheduler.create_schedule(**schedule(role))
    refused("ConflictException", "already exists", scheduler.create_schedule_group, Name="jobs")
    scheduler.delete_schedule_group(Name="jobs")
    assert scheduler.get_schedule_group(Name="jobs")["State"] == "DELETING"
    refused("ConflictException", "", scheduler.create_schedule_group, Name="jobs")
    refused("ConflictException", "", scheduler.create_schedule, **schedule(role, Name="other"))
    emulator.control("PUT", "provisioning", {"schedule_group": 0})
    refused("ResourceNotFoundException", "", scheduler.get_schedule_group, Name="jobs")
    refused("ResourceNotFoundException", "", scheduler.get_schedule, GroupName="jobs", Name="sync")
    scheduler.create_schedule_group(Name="jobs")
    assert scheduler.list_schedules(GroupName="jobs")["Schedules"] == []


def test_the_default_group_stays(scheduler: Any) -> None:
    """API_DeleteScheduleGroup.html: the group called default cannot be deleted."""
    refused("ValidationException", "default", scheduler.delete_schedule_group, Name="default")


def test_a_group_must_be_there(emulator: Any, scheduler: Any) -> None:
    """API_CreateSchedule.html, API_ListSchedules.html, API_TagResource.html: ResourceNotFoundException."""
    role = make_role(emulator, "r", [], trust())
    refused("ResourceNotFoundException", "none", scheduler.create_schedule, **schedule(role, GroupName="none"))
    refused("ResourceNotFoundException", "none", scheduler.list_schedules, GroupName="none")
    refused("ResourceNotFoundException", "none", scheduler.list_tags_for_resource, ResourceArn=f"{GROUP[:-4]}none")


def test_the_tagging_api_finds_groups_and_queues(emulator: Any, scheduler: Any) -> None:
    """resourcegroupstagging/latest/APIReference/supported-services.html: scheduler:schedule-group, sqs:queue."""
    emulator.client("sqs").create_queue(QueueName="dead", tags={"a": "b"})
    tagging = emulator.client("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": "a", "Values": ["b"]}])["ResourceTagMappingList"]
    assert sorted(item["ResourceARN"] for item in found) == [GROUP, "arn:aws:sqs:us-east-1:123456789012:dead"]
    scheduler.delete_schedule_group(Name="jobs")
    found = tagging.get_resources(ResourceTypeFilters=["scheduler:schedule-group"])["ResourceTagMappingList"]
    assert found == []


@pytest.mark.parametrize(
    "changes",
    [
        {"ScheduleExpression": "rate(0 minutes)"},
        {"ScheduleExpressionTimezone": "Brasilia"},
        {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}},
        {"Name": "a b"},
        {"Name": "x" * 65},
    ],
)
def test_schedules_are_checked(emulator: Any, scheduler: Any, changes: dict[str, Any]) -> None:
    """API_CreateSchedule.html; UserGuide/schedule-types.html: IANA time zones."""
    role = make_role(emulator, "r", [], trust())
    refused("ValidationException", "", scheduler.create_schedule, **schedule(role, **changes))
    scheduler.create_schedule(**schedule(role, ScheduleExpressionTimezone="America/Sao_Paulo"))


@pytest.mark.parametrize("expression", ["rate(1 hour)", "rate(1 hours)", "rate(5 minute)"])
def test_singular_and_plural_are_the_same(emulator: Any, scheduler: Any, expression: str) -> None:
    """API_CreateSchedule.html names the units without the condition that eb-rate-expressions.html has for rules."""
    scheduler.create_schedule(**schedule(make_role(emulator, "r", [], trust()), ScheduleExpression=expression))


@pytest.mark.parametrize(
    "parameters",
    [
        {"LaunchType": "FARGATE", "CapacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]},
        None,
    ],
)
def test_tasks_are_described(emulator: Any, scheduler: Any, parameters: dict[str, Any] | None) -> None:
    """API_EcsParameters.html: no launch type beside a strategy; API_Target.html: EcsParameters for clusters."""
    role = make_role(emulator, "r", [], trust())
    target: dict[str, Any] = {"Arn": CLUSTER, "RoleArn": role}
    if parameters:
        target["EcsParameters"] = {"TaskDefinitionArn": "job", **parameters}
    refused("ValidationException", "", scheduler.create_schedule, **schedule(role, Target=target))


@pytest.mark.parametrize(
    ("document", "trusted"),
    [
        (trust(), True),
        (trust(SourceArn=GROUP, SourceAccount="123456789012"), True),
        (trust(SourceArn=GROUP.replace("jobs", "others")), False),
        # cross-service-confused-deputy-prevention.html: the group's ARN, not the schedule's
        (trust(SourceArn="arn:aws:scheduler:us-east-1:123456789012:schedule/jobs/sync"), False),
        (trust(SourceAccount="210987654321"), False),
        (TRUST, False),
        (trust("events.amazonaws.com"), False),
    ],
)
def test_the_role_must_trust_the_scheduler(
    emulator: Any, scheduler: Any, document: dict[str, Any], trusted: bool
) -> None:
    """UserGuide/setting-up.html; the refusal's words: aws/aws-sdk-js-v3 issue 6494."""
    role = make_role(emulator, "r", [], document)
    if trusted:
        scheduler.create_schedule(**schedule(role))
    else:
        words = "must allow AWS EventBridge Scheduler to assume the role"
        refused("ValidationException", words, scheduler.create_schedule, **schedule(role))
    refused("ValidationException", "assume", scheduler.create_schedule, **schedule(f"{role}-none"))


def test_a_change_forgets_what_it_does_not_say(emulator: Any, scheduler: Any) -> None:
    """API_UpdateSchedule.html: what is not in the request is set to its default."""
    role = make_role(emulator, "r", [], trust())
    scheduler.create_schedule(
        **schedule(role, Description="d", State="DISABLED", ScheduleExpressionTimezone="Asia/Tokyo")
    )
    scheduler.update_schedule(**schedule(role))
    shown = scheduler.get_schedule(GroupName="jobs", Name="sync")
    assert (shown.get("Description"), shown["State"], shown["ScheduleExpressionTimezone"]) == (None, "ENABLED", "UTC")
    assert shown["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


# --- letting a schedule run


def fire(emulator: Any, name: str = "sync") -> dict[str, Any]:
    return emulator.control("POST", "schedules/fire", {"group": "jobs", "name": name})


def make_schedule(
    world: World, scheduler: Any, statements: list[dict[str, Any]], definition: str = "", **changes: Any
) -> None:
    role = make_role(world.emulator, "scheduler", statements, trust(SourceArn=GROUP))
    network = world.network
    place = {"Subnets": network.subnets, "SecurityGroups": [network.task_group], "AssignPublicIp": "ENABLED"}
    task = {
        "TaskDefinitionArn": definition or world.define(family="job"),
        "CapacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        "NetworkConfiguration": {"awsvpcConfiguration": place},
        "PropagateTags": "TASK_DEFINITION",
        **changes.pop("task", {}),
    }
    target = {"Arn": CLUSTER, "RoleArn": role, "EcsParameters": task, **changes.pop("target", {})}
    scheduler.create_schedule(**schedule(role, Target=target, **changes))


def test_a_schedule_runs_what_it_describes(world: World, scheduler: Any) -> None:
    """UserGuide/managing-targets-templated.html: RunTask with the target's parameters and input."""
    definition = world.define(family="job", tags=[{"key": "stack", "value": "shop"}])
    override = {"containerOverrides": [{"name": "api", "command": ["run"]}]}
    make_schedule(world, scheduler, [RUN, TAG], definition, target={"Input": json.dumps(override)})
    (arn,) = fire(world.emulator)["task_arns"]
    task = world.ecs.describe_tasks(cluster="main", tasks=[arn], include=["TAGS"])["tasks"][0]
    assert (task["taskDefinitionArn"], task["capacityProviderName"]) == (definition, "FARGATE_SPOT")
    assert task["tags"] == [{"key": "stack", "value": "shop"}]
    assert task["overrides"]["containerOverrides"][0]["command"] == ["run"]


def test_a_task_that_cannot_pull_its_image_stops_with_the_reason(world: World, scheduler: Any) -> None:
    """It began: nothing is put into the queue. Task stopped error codes: CannotPullContainerError."""
    world.rules({"image": "app:*", "missing": True})
    make_schedule(world, scheduler, [RUN, TAG])
    (arn,) = fire(world.emulator)["task_arns"]
    assert "CannotPullContainer" in world.task(arn)["stoppedReason"]


@pytest.mark.parametrize(
    ("statements", "action"),
    [
        ([TAG, PASS], "ecs:RunTask"),
        ([TAG, PASS, RUN | {"Condition": {"ArnEquals": {"ecs:cluster": f"{CLUSTER}-2"}}}], "ecs:RunTask"),
        ([RUN, TAG], "iam:PassRole"),
        ([RUN, TAG, PASS | {"Resource": "arn:aws:iam::123456789012:role/other"}], "iam:PassRole"),
        (
            [RUN, TAG, PASS | {"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}],
            "iam:PassRole",
        ),
        # AmazonECS developerguide/supported-iam-actions-tagging.html
        ([RUN, PASS], "ecs:TagResource"),
    ],
)
def test_the_role_must_be_allowed(world: World, scheduler: Any, statements: list[dict[str, Any]], action: str) -> None:
    """AmazonECS developerguide/CWE_IAM_role.html: what the scheduler's role needs."""
    execution = make_role(world.emulator, "execution", [])
    make_schedule(world, scheduler, statements, world.define(family="job", executionRoleArn=execution))
    answer = fire(world.emulator)
    assert (answer["task_arns"], answer["error"]["code"]) == ([], "AccessDeniedException")
    assert action in answer["error"]["message"]


def test_what_cannot_begin_is_put_into_the_queue(world: World, scheduler: Any) -> None:
    """UserGuide/configuring-schedule-dlq.html: the role sends it, with the error as attributes."""
    sqs = world.emulator.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    queue = {"DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:123456789012:dead"}}
    place = {"NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["subnet-0123456789abcdef0"]}}}
    make_schedule(world, scheduler, [RUN, TAG, SEND], target=queue, task=place)
    answer = fire(world.emulator)
    assert (answer["task_arns"], answer["dead_letter"]) == ([], True)
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    shown = {key: value["StringValue"] for key, value in message["MessageAttributes"].items()}
    assert shown["ERROR_CODE"] == answer["error"]["code"]
    assert shown["SCHEDULE_ARN"].endswith(":schedule/jobs/sync")
    world.emulator.client("iam").delete_role_policy(RoleName="scheduler", PolicyName="inline")
    assert fire(world.emulator)["dead_letter"] is False


def test_a_schedule_that_does_not_run_cannot_be_fired(world: World, scheduler: Any) -> None:
    make_schedule(world, scheduler, [RUN, TAG], State="DISABLED")
    assert "DISABLED" in fire(world.emulator)["error"]
    assert "no schedule other" in fire(world.emulator, "other")["error"]
    assert "needs name" in world.emulator.control("POST", "schedules/fire", {"group": "jobs"})["error"]


# --- queues


def test_the_name_of_a_deleted_queue_stays_taken(emulator: Any) -> None:
    """AWSSimpleQueueService APIReference/API_CreateQueue.html: QueueDeletedRecently, 60 seconds."""
    sqs = emulator.client("sqs")
    emulator.control("PUT", "provisioning", {"sqs_queue": 60})
    sqs.delete_queue(QueueUrl=sqs.create_queue(QueueName="dead")["QueueUrl"])
    refused("AWS.SimpleQueueService.QueueDeletedRecently", "60 seconds", sqs.create_queue, QueueName="dead")
    emulator.control("PUT", "provisioning", {"sqs_queue": 0})
    sqs.create_queue(QueueName="dead")


@pytest.mark.parametrize(
    "attributes",
    [{"MessageRetentionPeriod": "59"}, {"MessageRetentionPeriod": "1209601"}, {"Policy": "{"}, {"Policy": "{}"}],
)
def test_attributes_of_queues_are_checked(emulator: Any, attributes: dict[str, str]) -> None:
    """API_SetQueueAttributes.html: InvalidAttributeValue."""
    sqs = emulator.client("sqs")
    refused("InvalidAttributeValue", "", sqs.create_queue, QueueName="dead", Attributes=attributes)
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    refused("InvalidAttributeValue", "", sqs.set_queue_attributes, QueueUrl=url, Attributes=attributes)


def test_a_queues_policy_stays_when_something_else_changes(emulator: Any) -> None:
    """API_SetQueueAttributes.html: sets one or more attributes."""
    sqs = emulator.client("sqs")
    policy = {"Version": "2012-10-17", "Statement": [{**SEND, "Principal": "*"}]}
    url = sqs.create_queue(QueueName="dead", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "60"})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (json.loads(shown["Policy"]), shown["MessageRetentionPeriod"]) == (policy, "60")

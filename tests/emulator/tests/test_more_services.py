"""The smaller services. The source of each piece of knowledge is in its test."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.emulator.tests.network_for_tests import TRUST


@pytest.fixture
def network(emulator: Any) -> dict[str, str]:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "subnet": subnet, "group": group}


# SNS: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html, API_Subscribe.html


def test_topics_are_made_once(emulator: Any, refused: Any) -> None:
    sns = emulator.client("sns")
    tags = [{"Key": "a", "Value": "b"}]
    arn = sns.create_topic(Name="t", Attributes={"DisplayName": "x"}, Tags=tags)["TopicArn"]
    assert sns.create_topic(Name="t", Attributes={"DisplayName": "x"}, Tags=tags)["TopicArn"] == arn
    with refused("InvalidParameter", "different attributes"):
        sns.create_topic(Name="t", Attributes={"DisplayName": "y"})
    with refused("InvalidParameter", "different tags"):
        sns.create_topic(Name="t", Tags=[{"Key": "a", "Value": "c"}])
    with refused("InvalidParameter", "Policy"):
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue="{")


def test_mail_subscriptions_wait_for_confirmation(emulator: Any, refused: Any) -> None:
    sns = emulator.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    assert answer["SubscriptionArn"] == "pending confirmation"
    [listed] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (listed["SubscriptionArn"], listed["Endpoint"]) == ("PendingConfirmation", "ops@example.com")
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com", ReturnSubscriptionArn=True)
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn["SubscriptionArn"])["Attributes"]
    assert attributes["PendingConfirmation"] == "true"
    with refused("InvalidParameter", "Email address"):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="nobody")
    with refused("InvalidParameter", "protocol"):
        sns.subscribe(TopicArn=topic, Protocol="pigeon", Endpoint="nobody")
    queue = emulator.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = emulator.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    assert sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])["SubscriptionArn"].startswith("arn:")


# CloudWatch: API_PutMetricAlarm, API_DeleteAlarms


ALARM: dict[str, Any] = {
    "AlarmName": "cpu", "Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 300,
    "EvaluationPeriods": 2, "Threshold": 80.0, "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip


def test_alarms_begin_without_data_and_keep_their_tags(emulator: Any) -> None:
    cloudwatch = emulator.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM, Tags=[{"Key": "a", "Value": "b"}])
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"
    cloudwatch.set_alarm_state(AlarmName="cpu", StateValue="ALARM", StateReason="test")
    cloudwatch.put_metric_alarm(**(ALARM | {"Threshold": 90.0}), Tags=[{"Key": "ignored", "Value": "x"}])
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["StateValue"], alarm["Threshold"]) == ("ALARM", 90.0)
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    assert tags == [{"Key": "a", "Value": "b"}]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Period": 45}, "ValidationError"),
        ({"Period": 3000, "EvaluationPeriods": 30}, "ValidationError"),
        ({"DatapointsToAlarm": 3}, "ValidationError"),
        ({"Statistic": "Mean"}, "ValidationError"),
        ({"ComparisonOperator": "Above"}, "ValidationError"),
        ({"ExtendedStatistic": "p99"}, "InvalidParameterCombination"),
    ],
)
def test_alarms_are_checked(emulator: Any, refused: Any, change: dict[str, Any], code: str) -> None:
    with refused(code):
        emulator.client("cloudwatch").put_metric_alarm(**(ALARM | change))


def test_one_wrong_name_deletes_no_alarm(emulator: Any, refused: Any) -> None:
    cloudwatch = emulator.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    with refused("ResourceNotFound"):
        cloudwatch.delete_alarms(AlarmNames=["cpu", "none"])
    assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 1


def test_dashboards_hold_json(emulator: Any, refused: Any) -> None:
    """API_PutDashboard."""
    cloudwatch = emulator.client("cloudwatch")
    body = json.dumps({"widgets": []})
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body)
    assert cloudwatch.get_dashboard(DashboardName="d")["DashboardBody"] == body
    with refused("InvalidParameterInput"):
        cloudwatch.put_dashboard(DashboardName="d", DashboardBody="no json")


def test_dashboards_are_tagged_when_they_are_new(emulator: Any) -> None:
    """API_PutDashboard, Tags: for a new dashboard; those of one that exists are changed by TagResource only."""
    cloudwatch = emulator.client("cloudwatch")
    body, tags = json.dumps({"widgets": []}), [{"Key": "webstack:stack", "Value": "shop"}]

    def shown() -> list[dict[str, str]]:
        return cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]

    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body, Tags=tags)
    arn = cloudwatch.get_dashboard(DashboardName="d")["DashboardArn"]
    assert shown() == tags
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body, Tags=[{"Key": "ignored", "Value": "x"}])
    assert shown() == tags

    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "team", "Value": "web"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["webstack:stack"])
    assert shown() == [{"Key": "team", "Value": "web"}]


def test_dashboards_take_their_tags_with_them(emulator: Any) -> None:
    cloudwatch = emulator.client("cloudwatch")
    body = json.dumps({"widgets": []})
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body, Tags=[{"Key": "a", "Value": "b"}])
    cloudwatch.delete_dashboards(DashboardNames=["d"])
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body)
    arn = cloudwatch.get_dashboard(DashboardName="d")["DashboardArn"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


# ECR: API_PutImage, image-scanning-basic.html


def manifest(size: int = 1) -> str:
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {"mediaType": "x", "size": size, "digest": "sha256:" + "a" * 64},
            "layers": [],
        }
    )


def test_images(emulator: Any, refused: Any) -> None:
    ecr = emulator.client("ecr")
    ecr.create_repository(
        repositoryName="app", imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True}
    )
    first = ecr.put_image(repositoryName="app", imageManifest=manifest(), imageTag="v1")["image"]["imageId"]
    second = ecr.put_image(repositoryName="app", imageManifest=manifest(2), imageTag="v2")["image"]["imageId"]
    assert first["imageDigest"] != second["imageDigest"]
    with refused("ImageTagAlreadyExistsException", "immutable"):
        ecr.put_image(repositoryName="app", imageManifest=manifest(3), imageTag="v1")
    with refused("ImageAlreadyExistsException"):
        ecr.put_image(repositoryName="app", imageManifest=manifest(), imageTag="v1")
    scan = ecr.describe_image_scan_findings(repositoryName="app", imageId={"imageTag": "v1"})
    assert scan["imageScanStatus"]["status"] == "COMPLETE"
    assert scan["imageScanFindings"]["findings"] == []
    with refused("RepositoryNotEmptyException"):
        ecr.delete_repository(repositoryName="app")
    ecr.delete_repository(repositoryName="app", force=True)
    with refused("RepositoryNotFoundException"):
        ecr.describe_images(repositoryName="app")
    with refused("InvalidParameterException", "regular expression"):
        ecr.create_repository(repositoryName="Upper/case")


def test_tokens_are_good_for_twelve_hours(emulator: Any) -> None:
    """API_GetAuthorizationToken."""
    [data] = emulator.client("ecr").get_authorization_token()["authorizationData"]
    assert 11.9 * 3600 < data["expiresAt"].timestamp() - time.time() <= 12 * 3600 + 1


# X-Ray: https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html


def test_sampling_rules(emulator: Any, refused: Any) -> None:
    xray = emulator.client("xray")
    rule = {
        "RuleName": "app", "ResourceARN": "*", "Priority": 10, "FixedRate": 0.1, "ReservoirSize": 1,
        "ServiceName": "*", "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
    }  # fmt: skip
    arn = xray.create_sampling_rule(SamplingRule=rule, Tags=[{"Key": "a", "Value": "b"}])["SamplingRuleRecord"][
        "SamplingRule"
    ]["RuleARN"]
    with refused("InvalidRequestException", "already exists"):
        xray.create_sampling_rule(SamplingRule=rule)
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "app", "FixedRate": 0.2})
    records = {
        item["SamplingRule"]["RuleName"]: item["SamplingRule"]
        for item in xray.get_sampling_rules()["SamplingRuleRecords"]
    }
    assert set(records) == {"Default", "app"}
    assert records["app"]["FixedRate"] == 0.2
    assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    xray.delete_sampling_rule(RuleName="app")
    with refused("InvalidRequestException", "does not exist"):
        xray.delete_sampling_rule(RuleName="app")


# EventBridge: eb-scheduled-rule-pattern.html, schedule-types.html


@pytest.mark.parametrize(
    ("expression", "valid"),
    [
        ("rate(1 minute)", True),
        ("rate(5 minutes)", True),
        ("rate(0 days)", False),
        ("cron(0 3 * * ? *)", True),
        ("cron(0/15 8-17 ? * MON-FRI *)", True),
        ("cron(0 3 ? * 2#1 *)", True),
        ("cron(0 3 L * ? *)", True),
        ("cron(0 3 L-2 * ? *)", True),
        ("cron(0 3 * * * *)", False),
        ("cron(0 3 * * *)", False),
        ("cron(60 3 * * ? *)", False),
        ("every day", False),
    ],
)
def test_schedules_are_checked(emulator: Any, refused: Any, expression: str, valid: bool) -> None:
    events, scheduler = emulator.client("events"), emulator.client("scheduler")
    trust = json.dumps(TRUST).replace("ecs-tasks", "scheduler")
    role = emulator.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    target = {"Arn": "arn:aws:sqs:us-east-1:123456789012:q", "RoleArn": role}
    schedule = {"Name": "s", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    if valid:
        events.put_rule(Name="r", ScheduleExpression=expression)
        scheduler.create_schedule(**schedule, ScheduleExpression=expression)
        return
    with refused("ValidationException"):
        events.put_rule(Name="r", ScheduleExpression=expression)
    with refused("ValidationException"):
        scheduler.create_schedule(**schedule, ScheduleExpression=expression)


@pytest.mark.parametrize("expression", ["rate(1 minutes)", "rate(5 minute)"])
def test_rules_tell_singular_and_plural_apart(emulator: Any, refused: Any, expression: str) -> None:
    """eb-rate-expressions.html."""
    with refused("ValidationException"):
        emulator.client("events").put_rule(Name="r", ScheduleExpression=expression)


def test_rules_that_run_tasks_need_a_role(emulator: Any, refused: Any) -> None:
    """API_PutTargets: RoleArn and EcsParameters for ECS tasks."""
    events = emulator.client("events")
    events.put_rule(Name="r", ScheduleExpression="rate(1 hour)")
    target = {"Id": "1", "Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c"}
    with refused("ValidationException", "RoleArn"):
        events.put_targets(Rule="r", Targets=[target])
    with refused("ValidationException", "EcsParameters"):
        events.put_targets(Rule="r", Targets=[target | {"RoleArn": "arn:aws:iam::123456789012:role/r"}])


# Application Auto Scaling: https://docs.aws.amazon.com/autoscaling/application/APIReference/


TARGET = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/t",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
TRACKING = {
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
    },
}


def test_scalable_targets(emulator: Any, refused: Any) -> None:
    scaling = emulator.client("application-autoscaling")
    with refused("ObjectNotFoundException", "No scalable target registered"):
        scaling.put_scaling_policy(**TARGET, PolicyName="p", **TRACKING)
    with refused("ValidationException", "less than minimum"):
        scaling.register_scalable_target(**TARGET, MinCapacity=5, MaxCapacity=1)
    with refused("ValidationException"):
        scaling.register_scalable_target(**TARGET, MinCapacity=5)
    arn = scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=5, Tags={"a": "b"})["ScalableTargetARN"]
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"a": "b"}
    scaling.register_scalable_target(**TARGET, MaxCapacity=6)
    [target] = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"], target["ScalableTargetARN"]) == (1, 6, arn)
    with refused("ValidationException", "less than minimum"):
        scaling.register_scalable_target(**TARGET, MinCapacity=7)
    first = scaling.put_scaling_policy(**TARGET, PolicyName="p", **TRACKING)["PolicyARN"]
    assert scaling.put_scaling_policy(**TARGET, PolicyName="p", **TRACKING)["PolicyARN"] == first
    with refused("ValidationException", "Only one TargetTrackingScaling policy"):
        scaling.put_scaling_policy(**TARGET, PolicyName="q", **TRACKING)
    for asked, found in (
        ({}, ["p"]),
        ({"PolicyNames": ["p"]}, ["p"]),
        ({"PolicyNames": ["q"]}, []),
        ({"ResourceId": "table/t"}, ["p"]),
        ({"ResourceId": "table/t2"}, []),
    ):
        answer = scaling.describe_scaling_policies(ServiceNamespace="dynamodb", **asked)
        assert [policy["PolicyName"] for policy in answer["ScalingPolicies"]] == found
    scaling.deregister_scalable_target(**TARGET)
    assert scaling.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"] == []
    assert emulator.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    with refused("ObjectNotFoundException"):
        scaling.deregister_scalable_target(**TARGET)


def test_services_must_exist_to_be_scaled(emulator: Any, refused: Any) -> None:
    target = {"ServiceNamespace": "ecs", "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount"}
    with refused("ValidationException", "ECS service doesn't exist: service/c/s"):
        emulator.client("application-autoscaling").register_scalable_target(**target, MinCapacity=1, MaxCapacity=2)


# KMS: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html


def test_keys_by_their_arn(emulator: Any) -> None:
    kms = emulator.client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    kms.disable_key(KeyId=arn)
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "Disabled"
    kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["KeyManager"] == "AWS"

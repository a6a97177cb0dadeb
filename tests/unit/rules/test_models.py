"""Requests held against the service models of AWS's SDK."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules import models, problems
from tests.rules.requests import Request, World

TAG = {"Key": "team", "Value": "shop"}
#: What the collection speaks to.
SERVICES = (
    "acm", "apigatewayv2", "application-autoscaling", "cloudtrail", "cloudwatch", "config", "dynamodb", "ec2", "ecr",
    "ecs", "efs", "elasticache", "elbv2", "events", "iam", "kms", "logs", "rds", "resourcegroupstaggingapi", "route53",
    "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm", "sts", "xray",
)  # fmt: skip


def found(service: str, operation: str, parameters: dict[str, Any]) -> list[str]:
    return list(models.problems(Request(service, operation, parameters), World()))


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "problem"),
    [
        ("ecs", "CreateNothing", {}, "there is no such operation"),
        ("nothing", "CreateNothing", {}, "there is no such operation"),
        ("iam", "CreateRole", {"RoleName": "r"}, "AssumeRolePolicyDocument: AssumeRolePolicyDocument is missing"),
        ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Colour": "red"},
         "Colour: Colour is no member"),
        ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "MaxSessionDuration": 60},
         "MaxSessionDuration: 60 is not within 3600 to 43200"),
        ("iam", "CreateRole", {"RoleName": "r" * 65, "AssumeRolePolicyDocument": "{}"},
         "RoleName: 65 characters is not within 1 to 64"),
        ("iam", "CreateRole", {"RoleName": "the role", "AssumeRolePolicyDocument": "{}"},
         r"RoleName: 'the role' does not match [\w+=,.@-]+"),
        ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": [TAG] * 51},
         "Tags: 51 items is not within - to 50"),
        ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": [{"Key": "a"}]},
         "Tags[]: Value is missing"),
        ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": TAG}, "is no list"),
        ("ecs", "CreateService", {"serviceName": "s", "launchType": "CLOUD"},
         "launchType: 'CLOUD' is none of EC2, FARGATE"),
        ("ecs", "CreateService", {"serviceName": "s", "desiredCount": "1"}, "desiredCount: '1' is no integer"),
        ("ecs", "CreateService", {"serviceName": "s", "desiredCount": True}, "desiredCount: True is no integer"),
        ("logs", "CreateLogGroup", {"logGroupName": "g", "tags": {"a": 1}}, "tags{}: 1 is no string"),
        ("elbv2", "CreateListener", {"LoadBalancerArn": "a", "DefaultActions": "forward"}, "is no list"),
    ],
)  # fmt: skip
def test_a_bad_request_is_found(service: str, operation: str, parameters: dict[str, Any], problem: str) -> None:
    assert [one for one in found(service, operation, parameters) if problem in one]


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": [TAG]}),
        ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a", "EvaluationPeriods": 1, "Threshold": 1.5,
                                          "ComparisonOperator": "GreaterThanThreshold"}),
        ("logs", "CreateLogGroup", {"logGroupName": "/ecs/shop", "tags": {"team": "shop & co"[:4]}}),
        ("secretsmanager", "CreateSecret", {"Name": "s", "SecretString": '{"a": "\U0001f512"}'}),
    ],
)  # fmt: skip
def test_a_good_request_passes(service: str, operation: str, parameters: dict[str, Any]) -> None:
    assert found(service, operation, parameters) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_can_be_read(service: str) -> None:
    assert models.unreadable_patterns(service) == set()


def test_a_pattern_of_javas_reaches_beyond_the_first_plane() -> None:
    pattern = models.java_pattern(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*")
    assert pattern.fullmatch("a \U0001f512")
    assert not pattern.fullmatch("a \x00")


def test_all_problems_of_a_record_are_told_once_each_in_their_order() -> None:
    bad = {"service": "logs", "operation": "PutRetentionPolicy", "kind": "write", "region": "us-east-1", "status": 200,
           "error": None, "answer": {}, "parameters": {"logGroupName": "g", "retentionInDays": 2}}  # fmt: skip
    good = {**bad, "parameters": {"logGroupName": "g", "retentionInDays": 3}}
    worse = {**bad, "parameters": {"retentionInDays": 2}}
    first, second = problems([good, bad, bad, worse])
    assert first.startswith("logs:PutRetentionPolicy: retentionInDays is 2. ")
    assert first.endswith("API_PutRetentionPolicy.html]")
    assert second == "logs:PutRetentionPolicy: logGroupName: logGroupName is missing"

"""The record of requests: a contract of this project. Forms are those that boto3 takes in and gives out."""

from __future__ import annotations

import json
from typing import Any

import pytest

TRUST = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})

# One of each protocol (query, ec2, json, rest-json, rest-xml), with what is hard to tell from text.
SENT: list[tuple[str, str, dict[str, Any]]] = [
    ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": POLICY, "MaxSessionDuration": 3600,
                           "Tags": [{"Key": "a", "Value": ""}]}),
    ("elbv2", "CreateTargetGroup", {"Name": "t", "TargetType": "lambda", "HealthCheckEnabled": True,
                                    "HealthCheckIntervalSeconds": 40, "Matcher": {"HttpCode": "200"}}),
    ("rds", "CreateDBParameterGroup", {"DBParameterGroupName": "p", "DBParameterGroupFamily": "postgres16",
                                       "Description": "d", "Tags": [{"Key": "a", "Value": "b"}]}),
    ("sns", "CreateTopic", {"Name": "t", "Attributes": {"DisplayName": "T"}, "Tags": [{"Key": "a", "Value": "b"}]}),
    ("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16", "AmazonProvidedIpv6CidrBlock": False,
                          "TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]}),
    ("ec2", "CreateSecurityGroup", {"GroupName": "g", "Description": "d"}),
    ("ecs", "RegisterTaskDefinition", {"family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
                                       "cpu": "256", "memory": "512",
                                       "containerDefinitions": [{"name": "c", "image": "i", "essential": True,
                                                                 "portMappings": [{"containerPort": 80}]}]}),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a", "EvaluationPeriods": 1, "Threshold": 1.5, "Period": 60,
                                      "ComparisonOperator": "GreaterThanThreshold", "Namespace": "AWS/ECS",
                                      "MetricName": "m", "Statistic": "Sum", "ActionsEnabled": False}),
    ("apigatewayv2", "CreateApi", {"Name": "a", "ProtocolType": "HTTP", "DisableExecuteApiEndpoint": True,
                                   "Tags": {"a": "b"}}),
    ("efs", "CreateFileSystem", {"CreationToken": "t", "Encrypted": True, "Tags": [{"Key": "a", "Value": "b"}]}),
    ("route53", "CreateHostedZone", {"Name": "example.org", "CallerReference": "1",
                                     "HostedZoneConfig": {"Comment": "c", "PrivateZone": False}}),
    ("s3", "CreateBucket", {"Bucket": "some-bucket"}),
]  # fmt: skip


def record(emulator: Any) -> list[dict[str, Any]]:
    return emulator.control("GET", "requests")["requests"]


@pytest.fixture
def recording(emulator: Any) -> Any:
    assert emulator.control("PUT", "requests", {"record": True}) == {"record": True}
    return emulator


@pytest.mark.parametrize(("service", "operation", "parameters"), SENT, ids=[sent[1] for sent in SENT])
def test_parameters_are_recorded_as_boto3_takes_them(
    recording: Any, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    client = recording.client(service)
    method = {name: method for method, name in client.meta.method_to_api_mapping.items()}[operation]
    answer = getattr(client, method)(**parameters)
    [request] = record(recording)
    assert (request["service"], request["operation"], request["kind"]) == (service, operation, "write")
    assert request["parameters"].items() >= parameters.items()
    assert set(request["answer"]) == set(answer) - {"ResponseMetadata"}


def test_answers_can_be_told_from_requests(recording: Any, refused: Any) -> None:
    vpc = recording.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    recording.client("ec2").describe_vpcs(VpcIds=[vpc])
    with refused("InvalidVpcID.NotFound"):
        recording.client("ec2").delete_vpc(VpcId="vpc-12345678")
    made, read, failed = record(recording)
    assert made["answer"]["Vpc"]["VpcId"] == vpc
    assert (read["parameters"], read["answer"]) == ({"VpcIds": [vpc]}, {})
    assert (failed["status"], failed["error"], failed["answer"]) == (400, "InvalidVpcID.NotFound", {})


def test_secrets_are_not_recorded(recording: Any) -> None:
    recording.client("secretsmanager").create_secret(Name="s", SecretString='{"password": "Hunter2-secret"}')
    recording.client("iam").create_user(UserName="u")
    key = recording.client("iam").create_access_key(UserName="u")["AccessKey"]["SecretAccessKey"]
    recording.client("ssm").put_parameter(Name="p", Value="Hunter2-secret", Type="SecureString")
    secret, _user, access_key, _parameter = record(recording)
    assert secret["parameters"]["SecretString"] == '{"aaaaaaaa": "Aaaaaa0-aaaaaa"}'
    assert len(access_key["answer"]["AccessKey"]["SecretAccessKey"]) == len(key)
    assert "Hunter2" not in str(record(recording))
    assert key not in str(record(recording))


def test_nothing_is_recorded_unless_asked_and_a_reset_forgets(emulator: Any) -> None:
    emulator.client("ecs").list_clusters()
    assert record(emulator) == []
    emulator.control("PUT", "requests", {"record": True})
    emulator.client("ecs").list_clusters()
    assert len(record(emulator)) == 1
    emulator.control("DELETE", "requests")
    assert record(emulator) == []
    emulator.client("ecs").list_clusters()
    emulator.control("POST", "reset")
    emulator.client("ecs").list_clusters()
    assert record(emulator) == []
    assert "record" in emulator.control("PUT", "requests", {})["error"]

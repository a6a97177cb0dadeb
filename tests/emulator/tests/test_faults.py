"""Failures on order, and how boto3 takes them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError


def fail(emulator: Any, **rule: Any) -> None:
    answer = emulator.control("PUT", "faults", {"rules": [rule]})
    assert answer == {"status": "ok"}


@pytest.mark.parametrize(
    ("service", "method", "arguments"),
    [
        ("ecs", "list_clusters", {}),
        ("iam", "list_roles", {}),
        ("ec2", "describe_vpcs", {}),
        ("s3", "list_buckets", {}),
        ("route53", "list_hosted_zones", {}),
        ("apigatewayv2", "get_apis", {}),
        ("cloudwatch", "describe_alarms", {}),
    ],
)
def test_errors_arrive_in_the_protocol_of_the_service(
    emulator: Any, service: str, method: str, arguments: dict[str, Any]
) -> None:
    error = {"code": "ThrottlingException", "message": "Rate <exceeded> & more", "status": 400}
    fail(emulator, service=service, operation="*", error=error)
    with pytest.raises(ClientError) as caught:
        getattr(emulator.client(service), method)(**arguments)
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    assert caught.value.response["Error"]["Message"] == "Rate <exceeded> & more"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    [call] = emulator.calls()
    assert (call["status"], call["error"]) == (400, "ThrottlingException")


def test_rules_are_for_one_service_and_operation(emulator: Any) -> None:
    fail(emulator, service="ecs", operation="CreateCluster", error={"code": "ServerException", "status": 500})
    emulator.client("ecs").list_clusters()
    emulator.client("sns").list_topics()
    with pytest.raises(ClientError):
        emulator.client("ecs").create_cluster(clusterName="c")


def test_times_and_after_count_the_calls(emulator: Any) -> None:
    fail(emulator, service="sns", operation="ListTopics", error={"code": "Throttling"}, times=2, after=1)
    sns = emulator.client("sns")
    outcomes = []
    for _unused in range(5):
        try:
            sns.list_topics()
            outcomes.append("ok")
        except ClientError:
            outcomes.append("fault")
    assert outcomes == ["ok", "fault", "fault", "ok", "ok"]
    [rule] = emulator.control("GET", "faults")["rules"]
    assert (rule["seen"], rule["hits"]) == (5, 2)


def test_retries_of_boto3_get_over_throttling(emulator: Any) -> None:
    fail(emulator, service="sns", operation="*", error={"code": "Throttling", "status": 400}, times=2)
    retrying = emulator.client("sns", retries={"mode": "standard", "total_max_attempts": 4})
    retrying.create_topic(Name="t")
    assert [call["error"] for call in emulator.calls()] == ["Throttling", "Throttling", None]


def test_a_cut_connection_executes_nothing(emulator: Any) -> None:
    fail(emulator, service="sns", operation="CreateTopic", cut=True, times=1)
    with pytest.raises(ConnectionClosedError):
        emulator.client("sns").create_topic(Name="t")
    [call] = emulator.calls()
    assert (call["status"], call["error"]) == (0, "ConnectionCut")
    assert emulator.client("sns").list_topics()["Topics"] == []


def test_cut_after_executes_first(emulator: Any) -> None:
    fail(emulator, service="sns", operation="CreateTopic", cut_after=True, times=1)
    with pytest.raises(ConnectionClosedError):
        emulator.client("sns").create_topic(Name="t")
    assert emulator.calls()[0]["status"] == 200
    assert len(emulator.client("sns").list_topics()["Topics"]) == 1


def test_delete_ends_the_faults(emulator: Any) -> None:
    fail(emulator, service="*", operation="*", error={"code": "InternalFailure", "status": 500})
    emulator.control("DELETE", "faults")
    emulator.client("sns").list_topics()

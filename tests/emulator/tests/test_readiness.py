"""Service Quotas and IAM's policy simulator. Sources: their API references, see the modules in ``services``."""

from __future__ import annotations

import datetime
import json
from typing import Any

ARN = "arn:aws:iam::123456789012:user/deployer"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def decisions(emulator: Any, *statements: dict[str, Any], **arguments: Any) -> dict[str, str]:
    """What a user with these rights may do, by action."""
    iam = emulator.client("iam")
    iam.create_user(UserName="deployer")
    iam.put_user_policy(UserName="deployer", PolicyName="rights", PolicyDocument=policy(*statements))
    arguments = {"ActionNames": ["s3:GetObject", "s3:PutObject"], **arguments}
    results = iam.simulate_principal_policy(PolicySourceArn=ARN, **arguments)["EvaluationResults"]
    return {result["EvalActionName"]: result["EvalDecision"] for result in results}


def test_quotas_are_awss_until_they_are_set(emulator: Any, refused: Any) -> None:
    quotas = emulator.client("service-quotas")
    asked = {"ServiceCode": "ec2", "QuotaCode": "L-0263D0A3"}
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 5
    emulator.control("PUT", "quotas", {"ec2/L-0263D0A3": 7})
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 7
    assert quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 5
    with refused("NoSuchResourceException"):
        quotas.get_service_quota(ServiceCode="ec2", QuotaCode="L-00000000")
    assert "error" in emulator.control("PUT", "quotas", {"L-0263D0A3": 7})
    emulator.control("POST", "reset")
    assert emulator.control("GET", "quotas") == {}


def test_where_nothing_runs_there_is_no_data(emulator: Any) -> None:
    asked = {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}
    metric = emulator.client("service-quotas").get_service_quota(**asked)["Quota"]["UsageMetric"]
    now = datetime.datetime.now(datetime.UTC)
    points = emulator.client("cloudwatch").get_metric_statistics(
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()],
        StartTime=now - datetime.timedelta(minutes=5),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    assert points == []


def test_what_nobody_allows_is_denied_and_a_denial_wins(emulator: Any) -> None:
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    assert decisions(emulator, allowed, {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*"}) == {
        "s3:GetObject": "allowed",
        "s3:PutObject": "explicitDeny",
    }


def test_a_right_to_some_resources_is_none_to_all(emulator: Any) -> None:
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::media/*"}
    assert decisions(emulator, allowed)["s3:GetObject"] == "implicitDeny"
    results = emulator.client("iam").simulate_principal_policy(
        PolicySourceArn=ARN, ActionNames=["s3:GetObject"], ResourceArns=["arn:aws:s3:::media/a", "arn:aws:s3:::b/a"]
    )["EvaluationResults"]
    assert [item["EvalResourceDecision"] for item in results[0]["ResourceSpecificResults"]] == [
        "allowed",
        "implicitDeny",
    ]


def test_a_condition_whose_key_is_not_given_is_told(emulator: Any) -> None:
    condition = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}
    assert set(decisions(emulator, allowed).values()) == {"implicitDeny"}
    iam = emulator.client("iam")
    asked = {"PolicySourceArn": ARN, "ActionNames": ["s3:GetObject"]}
    assert iam.simulate_principal_policy(**asked)["EvaluationResults"][0]["MissingContextValues"] == [
        "aws:PrincipalTag/team"
    ]
    entry = {"ContextKeyName": "aws:PrincipalTag/team", "ContextKeyType": "string", "ContextKeyValues": ["web"]}
    result = iam.simulate_principal_policy(**asked, ContextEntries=[entry])["EvaluationResults"][0]
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_a_boundary_takes_away(emulator: Any) -> None:
    iam = emulator.client("iam")
    boundary = iam.create_policy(
        PolicyName="boundary", PolicyDocument=policy({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})
    )["Policy"]["Arn"]
    decisions(emulator, {"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"})
    iam.put_user_permissions_boundary(UserName="deployer", PermissionsBoundary=boundary)
    results = iam.simulate_principal_policy(PolicySourceArn=ARN, ActionNames=["s3:GetObject", "ec2:CreateVpc"])
    assert [result["EvalDecision"] for result in results["EvaluationResults"]] == ["implicitDeny", "allowed"]


def test_results_come_in_pages(emulator: Any) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="deployer")
    asked = {"PolicySourceArn": ARN, "ActionNames": [f"s3:Get{number}" for number in range(150)]}
    assert len(iam.simulate_principal_policy(**asked)["EvaluationResults"]) == 100
    pages = iam.get_paginator("simulate_principal_policy").paginate(**asked)
    assert len(pages.build_full_result()["EvaluationResults"]) == 150


def test_who_is_not_there_cannot_be_simulated(emulator: Any, refused: Any) -> None:
    iam = emulator.client("iam")
    with refused("NoSuchEntity"):
        iam.simulate_principal_policy(PolicySourceArn=ARN, ActionNames=["s3:GetObject"])
    with refused("InvalidInput"):
        iam.simulate_principal_policy(
            PolicySourceArn="arn:aws:sts::123456789012:assumed-role/ci/run", ActionNames=["s3:GetObject"]
        )

"""What policies name, held against the actions and resources that there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules import policies
from tests.rules.requests import Request, World

BUCKET = "arn:aws:s3:::shop"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/shop"


def found(**statement: Any) -> list[str]:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
    request = Request("iam", "PutRolePolicy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": policy})
    return [problem.removeprefix("PolicyDocument, statement: ") for problem in policies.problems(request, World())]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", f"{BUCKET}/*"),
        (["s3:ListBucket", "s3:GetObject"], [BUCKET, f"{BUCKET}/*"]),
        ("s3:*", BUCKET),
        ("dynamodb:Query", [TABLE, f"{TABLE}/index/*"]),
        ("ecr:GetAuthorizationToken", "*"),
        ("elasticfilesystem:ClientMount", "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/shop"),
        ("ecr:BatchGetImage", "arn:aws:ecr:us-east-1:*:repository/shop"),
        ("logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/shop:*"),
        ("ssmmessages:OpenDataChannel", "*"),
        ("apigateway:GET", "arn:aws:apigateway:us-east-1::/apis/*"),
    ],
)
def test_a_good_statement_passes(action: Any, resource: Any) -> None:
    assert found(Action=action, Resource=resource) == []


@pytest.mark.parametrize(
    ("action", "resource", "problem"),
    [
        ("s3:ListObjectsV2", BUCKET, "there is no action s3:ListObjectsV2"),
        ("dynamodb:TransactGetItems", TABLE, "there is no action dynamodb:TransactGetItems"),
        ("efs:ClientMount", "*", "there is no action efs:ClientMount"),
        ("ecs:RunTasks", "*", "there is no action ecs:RunTasks"),
        ("s3:Fetch*", "*", "there is no action s3:Fetch*"),
        ("s3:GetObject", BUCKET, "s3:GetObject is on objects only"),
        ("s3:ListBucket", f"{BUCKET}/*", "s3:ListBucket is on buckets only"),
        ("dynamodb:Query", f"{BUCKET}/*", f"dynamodb:Query is on none of {BUCKET}/*"),
        ("ecr:GetAuthorizationToken", "arn:aws:ecr:us-east-1:123456789012:repository/shop",
         "ecr:GetAuthorizationToken is on * only"),
        ("s3:GetObject", "shop/*", "shop/* is no ARN"),
        ("iam:PassRole", "arn:aws:iam:us-east-1:123456789012:role/shop",
         "arn:aws:iam:us-east-1:123456789012:role/shop has region 'us-east-1' and account '123456789012'"),
        ("dynamodb:Query", "arn:aws:dynamodb::123456789012:table/shop",
         "arn:aws:dynamodb::123456789012:table/shop has region '' and account '123456789012'"),
    ],
)  # fmt: skip
def test_a_bad_statement_is_found(action: str, resource: str, problem: str) -> None:
    assert problem in found(Action=action, Resource=resource)


def test_conditions_have_operators_and_keys_that_there_are() -> None:
    good = {"StringEquals": {"aws:SourceAccount": "1"}, "ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "a"}}
    assert found(Action="s3:*", Resource="*", Condition=good) == []
    assert found(Action="s3:*", Resource="*", Condition={"StringIs": {"aws:SourceAccount": "1"}}) == [
        "there is no condition StringIs"
    ]
    assert found(Action="s3:*", Resource="*", Condition={"Bool": {"SecureTransport": "1"}}) == [
        "SecureTransport is no key of a condition"
    ]


def test_policies_are_found_wherever_they_are() -> None:
    policy = json.dumps({"Statement": {"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "sns:Shout"}})
    request = Request("sns", "CreateTopic", {"Name": "t", "Attributes": {"Policy": policy}})
    assert list(policies.problems(request, World())) == ["Policy, A: there is no action sns:Shout"]

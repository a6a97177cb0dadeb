"""What is concluded from what AWS says of an account: pure functions, without AWS."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import (
    _permissions,
    _readiness,
    _readiness_names,
    _readiness_network,
    _readiness_permissions,
    _readiness_quotas,
    _readiness_references,
    _readiness_services,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError

ROOT = Path(__file__).resolve().parents[4]
PLACE = {"partition": "aws", "region": "eu-west-1", "account": "123456789012", "prefix": "staging-shop"}


def test_only_the_account_that_is_pinned_will_do():
    assert _readiness.account_fault(None, "1") is None
    assert _readiness.account_fault("1", "1") is None
    assert _readiness.account_fault("2", "1").variable == "webstack_account_id"


@pytest.mark.parametrize(
    ("region", "home"),
    [("eu-south-1", "us-east-1"), ("cn-northwest-1", "cn-north-1"), ("us-gov-east-1", "us-gov-west-1")],
)
def test_every_partition_has_a_region_that_is_always_there(region, home):
    assert _readiness.home_region(region) == home


def test_what_was_not_answered_is_told_and_nothing_else_is_lost():
    findings, aws = _readiness.Findings(), type("Aws", (), {"subject": ""})()
    with findings.asking(aws, "the zones"):
        findings.fault("network_zones", "one is missing", "another")
        raise AwsError(aws.subject, "ec2:DescribeAvailabilityZones", "UnauthorizedOperation", "You may not.")
    assert [fault.variable for fault in findings.faults] == ["network_zones"]
    assert findings.unchecked == ["the zones: ec2:DescribeAvailabilityZones failed: UnauthorizedOperation: You may not"]


def test_what_fits_a_quota_exactly_is_no_fault():
    quota = _readiness_quotas.VPCS
    assert _readiness_quotas.quota_fault("x", quota, 5, 4, 1) is None
    fault = _readiness_quotas.quota_fault("x", quota, 5, 5, 1, "here")
    assert fault.problem == "the account may have 5 VPCs in the region (here), has 5, and this needs 1 more"
    assert "vpc L-F678F1CE" in fault.remedy


def test_a_zone_that_is_not_well_says_why():
    zones = [
        {"ZoneName": "eu-west-1a", "State": "available"},
        {"ZoneName": "eu-west-1b", "State": "impaired", "Messages": [{"Message": "a storm"}]},
    ]
    (fault,) = _readiness_network.zone_faults(["eu-west-1a", "eu-west-1b"], zones)
    assert fault.problem == "eu-west-1b is impaired: a storm"
    assert fault.remedy.endswith(": eu-west-1a")


def test_only_what_bears_a_name_without_the_stacks_tags_is_a_fault():
    owner = {"webstack:stack": "shop", "webstack:environment": "staging"}
    claims = [("a", "target group", "free", None), ("b", "target group", "ours", "arn:1"), ("c", "bell", "x", "arn:2")]
    (fault,) = _readiness_names.name_faults(claims, {"arn:1": owner, "arn:2": {"webstack:stack": "blog"}}, owner)
    assert (fault.variable, fault.problem) == ("c", "there is a bell x, and its tag webstack:stack is blog")


def test_a_buckets_name_is_that_which_the_role_storage_derives():
    assert _readiness_names.bucket_name("shop-media-000000000000", "123456789012") == "shop-media-123456789012"
    assert len(_readiness_names.bucket_name("s" * 60 + "-000000000000", "123456789012")) == 63


@pytest.mark.parametrize(
    ("live", "added"),
    [(None, 3), ({"desiredCount": 0}, 2), ({"desiredCount": 2}, 0), ({"desiredCount": 9}, 0)],
)
def test_a_service_adds_only_the_tasks_that_it_lacks(live, added):
    assert _readiness_services.added_tasks({"desired_count": 3, "minimum": 2}, live) == added


@pytest.mark.parametrize(
    ("count", "strategy", "wanted"),
    [
        (3, [("FARGATE", 0, 1)], {"FARGATE": 3}),
        (1, [("FARGATE", 2, 0), ("FARGATE_SPOT", 0, 1)], {"FARGATE": 1, "FARGATE_SPOT": 0}),
        (6, [("FARGATE", 1, 1), ("FARGATE_SPOT", 0, 4)], {"FARGATE": 2, "FARGATE_SPOT": 4}),
        (2, [("FARGATE", 0, 0), ("FARGATE_SPOT", 0, 1)], {"FARGATE": 0, "FARGATE_SPOT": 2}),
    ],
)
def test_tasks_are_shared_out_as_ecs_does(count, strategy, wanted):
    keys = ("capacity_provider", "base", "weight")
    assert _readiness_services.shares(count, [dict(zip(keys, item, strict=True)) for item in strategy]) == wanted


def test_vcpus_are_those_of_the_tasks_that_are_added():
    spot = [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]
    services = [
        {"name": "api", "cpu": 512, "capacity_provider_strategy": spot},
        {"name": "web", "cpu": 256, "capacity_provider_strategy": spot},
    ]
    assert _readiness_services.added_vcpus(services, {"api": 2, "web": 1}) == {"FARGATE_SPOT": 1.25}
    assert _readiness_services.added_vcpus(services, {"api": 0, "web": 0}) == {}


def test_subnets_that_are_still_to_be_made_have_addresses_enough():
    assert _readiness_services.address_fault([], 1000) is None
    subnets = [{"SubnetId": name, "AvailableIpAddressCount": 2} for name in ("b", "a")]
    assert _readiness_services.address_fault(subnets, 4) is None
    assert "(a, b) have 4 left" in _readiness_services.address_fault(subnets, 5).problem


@pytest.mark.parametrize(
    ("image", "elsewhere"),
    [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1", False),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1", True),
        ("210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop:1", True),
        ("docker.io/library/nginx", True),
    ],
)
def test_only_the_accounts_own_registry_in_the_region_is_asked(image, elsewhere):
    assert _readiness_services.is_elsewhere(image, "123456789012", "eu-west-1") is elsewhere


def test_a_service_runs_when_it_has_tasks_or_shall_have_some():
    assert not _readiness_services.is_running(None)
    assert not _readiness_services.is_running({"desiredCount": 0, "runningCount": 0})
    assert _readiness_services.is_running({"desiredCount": 0, "runningCount": 1})


def test_a_certificate_is_issued_and_for_all_names():
    issued = {"Status": "ISSUED", "DomainName": "example.com", "SubjectAlternativeNames": ["*.Example.com"]}
    assert _readiness_references.certificate_faults("arn", issued, ["example.com", "www.example.com."]) == []
    (fault,) = _readiness_references.certificate_faults("arn", issued, ["a.b.example.com"])
    assert fault.problem == "it is for example.com, *.Example.com, and not for a.b.example.com"
    (fault,) = _readiness_references.certificate_faults("arn", {**issued, "Status": "EXPIRED"}, [])
    assert fault.problem.startswith("it is EXPIRED")
    assert len(_readiness_references.certificate_faults("arn", None, ["example.com"])) == 1


def test_a_secret_is_there_and_stays():
    assert _readiness_references.secret_fault("x", "a", {"ARN": "a"}) is None
    assert "no secret a" in _readiness_references.secret_fault("x", "a", None).problem
    assert "deleted" in _readiness_references.secret_fault("x", "a", {"DeletedDate": 1}).problem


def test_an_action_is_allowed_where_it_is_for_one_of_the_resources():
    single = [
        {"EvalResourceDecision": "implicitDeny", "MissingContextValues": ["aws:SourceIp"]},
        {"EvalResourceDecision": "allowed"},
    ]
    result = {"EvalActionName": "s3:PutObject", "EvalDecision": "implicitDeny", "ResourceSpecificResults": single}
    assert _readiness_permissions.verdict(result) == ("s3:PutObject", True, ("aws:SourceIp",), False)
    denied = {"AllowedByOrganizations": False}
    found = _readiness_permissions.verdict({**result, "OrganizationsDecisionDetail": denied})
    assert found.is_organizations


def test_what_the_organization_refuses_is_told_apart():
    verdicts = [
        _readiness_permissions.Verdict("ec2:CreateVpc", False, (), False),
        _readiness_permissions.Verdict("rds:CreateDBInstance", False, (), True),
    ]
    own, organizations = _readiness_permissions.permission_faults("arn", verdicts)
    assert (own.problem, organizations.problem) == (
        "arn may not do ec2:CreateVpc",
        "arn may not do rds:CreateDBInstance",
    )
    assert "identity's policies" in own.remedy
    assert "organization's policies" in organizations.remedy


def test_the_simulation_is_told_what_every_request_has():
    entries = _readiness_permissions.context("eu-west-1", {"webstack:stack": "shop"})
    told = {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in entries}
    assert told["aws:RequestedRegion"] == ["eu-west-1"]
    assert told["aws:ResourceTag/webstack:stack"] == told["aws:RequestTag/webstack:stack"] == ["shop"]
    assert told["aws:TagKeys"] == ["webstack:stack"]


def test_resources_are_named_as_their_services_do():
    arns = _permissions.resources("iam", PLACE, {})
    assert arns[0] == "arn:aws:iam::123456789012:role/staging-shop-role"
    assert _permissions.resources("route53", PLACE, {})[0].startswith("arn:aws:route53:::hostedzone/")
    assert _permissions.resources("apigateway", PLACE, {})[0] == "arn:aws:apigateway:eu-west-1::/apis"
    assert _permissions.resources("s3", PLACE, {"s3": ["arn:aws:s3:::media"]}) == ["arn:aws:s3:::media"]


def test_every_action_of_the_list_is_named_in_its_roles_readme():
    roles = sorted((path.parent.name for path in (ROOT / "roles").glob("*/README.md")), key=len, reverse=True)
    unnamed = []
    for part, services in _permissions.ACTIONS.items():
        role = next(name for name in roles if part == name or part.startswith(f"{name}_"))
        text = (ROOT / "roles" / role / "README.md").read_text()
        for name in " ".join(services.values()).split():
            # s3's actions are named there once for Get and Put.
            if not re.search(rf"\b{name}\b", text) and name.removeprefix("Get").removeprefix("Put") not in text:
                unnamed.append(f"{role}: {name}")
    assert unnamed == []


def test_every_service_of_the_list_has_resources():
    services = {service for services in _permissions.ACTIONS.values() for service in services}
    assert services - set(_permissions.RESOURCES) == set()

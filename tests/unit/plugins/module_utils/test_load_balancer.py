from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._elbv2 import (
    attribute,
    attributes_to_list,
    full_name,
    overlay,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import ImmutableError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._load_balancer import LoadBalancer
from ansible_collections.webstack.aws.plugins.module_utils._resource import check_immutable, decide
from ansible_collections.webstack.aws.plugins.module_utils._target_groups import (
    NAME_TAG,
    TargetGroup,
    choose,
    second_name,
)

ALB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"
LIVE = {
    "LoadBalancerArn": ALB,
    "LoadBalancerName": "shop",
    "Scheme": "internal",
    "AvailabilityZones": [{"SubnetId": "subnet-b"}, {"SubnetId": "subnet-a"}],
    "SecurityGroups": ["sg-2", "sg-1"],
    "Attributes": {
        "deletion_protection.enabled": "true",
        "idle_timeout.timeout_seconds": "30",
        "access_logs.s3.bucket": "b",
    },
    "Tags": {"a": "b"},
}
GROUP = {
    "TargetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/73e2",
    "TargetGroupName": "api",
    "Port": 8080,
    "Protocol": "HTTP",
    "VpcId": "vpc-1",
    "TargetType": "ip",
    "HealthCheckPath": "/",
    "HealthCheckIntervalSeconds": 30,
    "HealthCheckTimeoutSeconds": 5,
    "Matcher": {"HttpCode": "200"},
    "Attributes": {
        "stickiness.enabled": "true",
        "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": "60",
    },
    "Tags": {},
}
AWS = SimpleNamespace(region="us-east-1")


def test_attributes_have_the_type_of_their_default():
    live = {"a": "true", "b": "7", "c": "x"}
    assert [attribute(live, "a", False), attribute(live, "b", 1), attribute(live, "c", "")] == [
        True, 7, "x",
    ]  # fmt: skip


def test_attributes_are_written_as_texts():
    assert attributes_to_list({"a": True, "b": 3}) == [{"Key": "a", "Value": "true"}, {"Key": "b", "Value": "3"}]


def test_full_names_are_those_of_cloudwatch():
    assert full_name(ALB) == "app/shop/50dc6c495c0c9188"
    assert full_name(GROUP["TargetGroupArn"]) == "targetgroup/api/73e2"


def test_overlay_keeps_what_is_not_said_inside():
    assert overlay({"x": {"a": 1, "b": 2}}, {"x": {"b": 3}, "y": 4}, ["x"]) == {"x": {"a": 1, "b": 3}, "y": 4}


def test_live_balancer_has_the_form_of_the_options():
    normal = LoadBalancer(AWS).normalize("shop", LIVE)
    assert normal["subnets"] == ["subnet-a", "subnet-b"]
    assert normal["security_groups"] == ["sg-1", "sg-2"]
    assert normal["deletion_protection"] is True
    assert normal["idle_timeout"] == 30
    assert normal["access_logs"] == {"enabled": False, "bucket": "b", "prefix": ""}


def test_subnets_in_another_order_are_no_change():
    kind = LoadBalancer(AWS)
    wanted = kind.normalize_wanted("shop", {"subnets": ["subnet-b", "subnet-a"], "security_groups": ["sg-2", "sg-1"]})
    assert decide(kind, "shop", LIVE, wanted).action == "none"


def test_another_scheme_wants_another_balancer():
    assert decide(LoadBalancer(AWS), "shop", LIVE, {"scheme": "internet-facing"}).action == "replace"


@pytest.mark.parametrize(
    ("name", "live", "wanted", "message"),
    [
        ("shop", LIVE, None, "protected against deletion"),
        ("shop", None, {"subnets": ["subnet-a", "subnet-a"]}, "two Availability Zones"),
        ("shop", None, {}, "two Availability Zones"),
        ("shop-", None, {"subnets": ["a", "b"]}, "no valid name"),
    ],
)
def test_balancer_that_aws_would_refuse_is_refused(name, live, wanted, message):
    with pytest.raises(WebstackError, match=message):
        LoadBalancer(AWS).refuse(name, live, wanted)


def test_balancer_that_aws_takes_is_not_refused():
    LoadBalancer(AWS).refuse("shop", LIVE, {"idle_timeout": 5})
    LoadBalancer(AWS).refuse("shop", None, {"subnets": ["a", "b"]})


def test_planned_balancer_has_all_that_others_need():
    planned = LoadBalancer(AWS).placeholder("shop", {"scheme": "internal"})
    assert planned["full_name"] == "app/shop/0000000000000000"
    assert planned["dns_name"] == "shop-0000000000.us-east-1.elb.amazonaws.com"
    assert planned["canonical_hosted_zone_id"]


def test_live_group_has_the_form_of_the_options():
    normal = TargetGroup(AWS).normalize("api", GROUP)
    assert normal["health_check"] == {"path": "/", "interval_seconds": 30, "timeout_seconds": 5, "matcher": "200"}
    assert normal["deregistration_delay"] == 300
    assert normal["stickiness"] == {"enabled": True, "type": "lb_cookie", "duration_seconds": 60, "cookie_name": ""}


def test_health_check_changes_only_in_what_is_said():
    kind = TargetGroup(AWS)
    assert decide(kind, "api", GROUP, kind.keep("api", GROUP, {"health_check": {"path": "/"}})).action == "none"
    wanted = kind.keep("api", GROUP, {"health_check": {"path": "/health"}})
    assert wanted["health_check"] == {"path": "/health", "interval_seconds": 30, "timeout_seconds": 5, "matcher": "200"}


@pytest.mark.parametrize("field", ["port", "protocol", "protocol_version", "target_type"])
def test_what_a_group_is_is_changed_by_a_second_one(field):
    kind = TargetGroup(AWS)
    outcome = decide(kind, "api", GROUP, {field: "other"})
    assert outcome.action == "replace"
    check_immutable(kind, outcome)


def test_a_group_stays_in_its_vpc():
    kind = TargetGroup(AWS)
    with pytest.raises(ImmutableError, match="vpc_id"):
        check_immutable(kind, decide(kind, "api", GROUP, {"vpc_id": "other"}))


OURS = {"webstack:stack": "shop", "webstack:environment": "test"}
WANTED = {"port": 9090, "protocol": "HTTP", "protocol_version": "HTTP1", "vpc_id": "vpc-1", "target_type": "ip"}


def group(name, port, tags=None, used=True):
    arn = f"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/{name}/{port}"
    named = {"TargetGroupArn": arn, "TargetGroupName": name, "LoadBalancerArns": [ALB] if used else []}
    return {**GROUP, **named, "Port": port, "ProtocolVersion": "HTTP1", "Tags": OURS if tags is None else tags}


OLD = group("api", 8080)
NEW = group("api-a1b2c3", 9090, {**OURS, NAME_TAG: "api"}, used=False)


def test_a_second_group_has_a_name_that_fits_and_is_always_the_same():
    long = "a" * 32
    assert len(second_name(long, WANTED)) == 32
    assert second_name("api", WANTED) == second_name("api", dict(WANTED))
    assert second_name("api", WANTED) != second_name("api", {**WANTED, "port": 8080})
    assert second_name(long, WANTED) != second_name("a" * 31 + "b", WANTED)


@pytest.mark.parametrize(
    ("groups", "port", "meant", "superseded"),
    [
        ([OLD], 8080, OLD, []),
        ([OLD], 9090, OLD, []),
        ([OLD, NEW], 9090, NEW, [OLD]),
        # Taken back half way, it goes back.
        ([OLD, NEW], 8080, OLD, [NEW]),
        # And half way on to a third one, that which serves is the one that is replaced.
        ([NEW, OLD], 7070, OLD, [NEW]),
        ([NEW], 9090, NEW, []),
        ([], 9090, None, []),
    ],
)
def test_of_several_groups_the_wanted_one_is_meant(groups, port, meant, superseded):
    assert choose("api", groups, {**WANTED, "port": port}, OURS) == (meant, superseded)


def test_groups_of_others_are_neither_meant_nor_superseded():
    foreign = group("api", 8080, {"webstack:stack": "other", "webstack:environment": "test"})
    untold = group("api-more", 9090)
    assert choose("api", [foreign, NEW, untold], WANTED, OURS) == (NEW, [])
    # Alone, it is the one that is in the way.
    assert choose("api", [foreign], WANTED, OURS) == (foreign, [])


def test_a_planned_second_group_tells_whose_place_it_takes():
    planned = TargetGroup(AWS).replaced("api", {**OLD, "Superseded": []}, WANTED)
    assert planned["target_group_name"] == second_name("api", WANTED)
    assert planned["superseded"] == [{"target_group_arn": OLD["TargetGroupArn"], "port": 8080}]


@pytest.mark.parametrize(
    ("name", "live", "wanted", "message"),
    [
        ("api", None, {"port": 1}, "without vpc_id"),
        ("a" * 33, None, {"port": 1, "vpc_id": "v"}, "33 characters"),
        ("api", GROUP, {"health_check": {"timeout_seconds": 30}}, "not below"),
    ],
)
def test_group_that_aws_would_refuse_is_refused(name, live, wanted, message):
    with pytest.raises(WebstackError, match=message):
        TargetGroup(AWS).refuse(name, live, wanted)

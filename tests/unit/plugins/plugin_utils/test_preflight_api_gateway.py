"""The rules for a stack's API: what they let pass, and what they say of what they do not."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_api_gateway import RULES
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import roles


def faults(**changes):
    """The faults of a stack with an API at a domain."""
    values = {
        **{name: value for name, value in roles().defaults.items() if name.startswith(("api_gateway_", "dns_"))},
        "webstack_services": {"api": {"port": 8000, "load_balancer": {}}},
        "network_private_subnets": None,
        "load_balancer_internal": True,
        "api_gateway_routes": ["ANY /", "ANY /{proxy+}"],
        "api_gateway_domain_name": "api.example.com",
        "dns_domain_name": "api.example.com",
        "dns_records": ["api.example.com"],
        **changes,
    }
    return [fault for rule in RULES for fault in rule(values)]


def only(found):
    (fault,) = found
    return f"{fault.variable}: {fault.problem}. Right: {fault.remedy}"


NO_DOMAIN = {"api_gateway_domain_name": None, "dns_domain_name": None, "dns_records": []}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        NO_DOMAIN,
        {"api_gateway_routes": None, "load_balancer_internal": False, "network_private_subnets": []},
        {"api_gateway_stage_name": "live-1"},
        {"api_gateway_throttling_burst_limit": 100, "api_gateway_throttling_rate_limit": 0.5},
        {"dns_domain_name": None, "dns_certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0a"},
        {"api_gateway_disable_execute_api_endpoint": True},
        {"api_gateway_log_format": {"id": "$context.extendedRequestId"}},
    ],
)
def test_what_is_right_passes(changes):
    assert faults(**changes) == []


@pytest.mark.parametrize(
    "key",
    [
        "$default",
        "ANY /",
        "GET /pets",
        "GET /pets/",
        "PUT /pets/{id}",
        "PUT /pets/{pet-id}/{file.name}",
        "ANY /pets/{proxy+}",
        "POST /a/{b}/c",
        "ANY /{p+}",
    ],
)
def test_routes_that_aws_takes(key):
    assert faults(api_gateway_routes=[key]) == []


@pytest.mark.parametrize(
    "key",
    [
        "/pets",
        "GET pets",
        "get /pets",
        "FETCH /pets",
        "GET  /pets",
        "ANY /{proxy+}/a",
        "GET /a{b}",
        "GET /{}",
        "$other",
        "GET //",
    ],
)
def test_routes_that_aws_refuses(key):
    assert "is no route" in only(faults(api_gateway_routes=[key]))


def test_routes_are_some_and_each_is_named_once():
    assert "0 routes" in only(faults(api_gateway_routes=[]))
    assert "301 routes" in only(faults(api_gateway_routes=[f"GET /{number}" for number in range(301)]))
    assert "ANY / is named twice" in only(faults(api_gateway_routes=["ANY /", "ANY /"]))


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"load_balancer_internal": False}, "load_balancer_internal"),
        ({"webstack_services": {"worker": {}}}, "api_gateway_routes"),
        ({"network_private_subnets": []}, "network_private_subnets"),
        ({"api_gateway_stage_name": "live stage"}, "api_gateway_stage_name"),
        ({"api_gateway_name": "a" * 129}, "api_gateway_name"),
        ({"api_gateway_vpc_link_name": "a" * 129}, "api_gateway_vpc_link_name"),
        ({"api_gateway_timeout_in_millis": 30001}, "api_gateway_timeout_in_millis"),
        ({"api_gateway_throttling_burst_limit": 5}, "api_gateway_throttling_rate_limit"),
        ({"api_gateway_throttling_rate_limit": 5}, "api_gateway_throttling_burst_limit"),
        ({"api_gateway_log_format": {"status": "$context.status"}}, "api_gateway_log_format"),
        (
            {"api_gateway_log_format": {"id": "$context.requestId", "long": "x" * 1024}},
            "api_gateway_log_format",
        ),
        ({**NO_DOMAIN, "api_gateway_disable_execute_api_endpoint": True}, "api_gateway_disable_execute_api_endpoint"),
        ({**NO_DOMAIN, "dns_records": ["api.example.com"]}, "dns_records"),
        ({"dns_domain_name": None}, "api_gateway_domain_name"),
        ({"dns_request_certificate": False}, "api_gateway_domain_name"),
        ({"dns_records": ["api.example.com", "www.api.example.com"]}, "dns_records"),
    ],
)
def test_what_is_wrong_is_said(changes, variable):
    assert only(faults(**changes)).startswith(f"{variable}: ")


def test_a_limit_lets_something_through():
    found = faults(api_gateway_throttling_burst_limit=0, api_gateway_throttling_rate_limit=0)
    assert [fault.remedy for fault in found] == ["a number above 0, or null"] * 2

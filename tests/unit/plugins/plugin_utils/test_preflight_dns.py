"""The rules for a stack's names: what they let pass, and what they say of what they do not."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_dns import RULES

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


def faults(**changes):
    """The faults of a stack with a domain in a zone of its own and a requested certificate."""
    values = {
        "webstack_region": "us-east-1",
        "dns_domain_name": "shop.example.com",
        "dns_alternative_names": ["www.shop.example.com"],
        "dns_certificate_arn": None,
        "dns_request_certificate": None,
        "dns_zone_name": "example.com",
        "dns_create_zone": True,
        "dns_records": ["shop.example.com", "www.shop.example.com"],
        "dns_ipv6": False,
        "load_balancer_ip_address_type": "ipv4",
        "api_gateway_ip_address_type": "dualstack",
        "api_gateway_domain_name": None,
        **changes,
    }
    return [fault for rule in RULES for fault in rule(values)]


def only(found):
    (fault,) = found
    return f"{fault.variable}: {fault.problem}. Right: {fault.remedy}"


NOTHING = dict.fromkeys(("dns_domain_name", "dns_zone_name"))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {**NOTHING, "dns_alternative_names": [], "dns_records": [], "dns_create_zone": False},
        {"dns_domain_name": "Shop.Example.com.", "dns_zone_name": "example.com."},
        {"dns_domain_name": "*.shop.example.com", "dns_records": ["www.shop.example.com", "a.shop.example.com"]},
        {"dns_alternative_names": ["shop.other.org", "www.shop.example.com"]},
        {"dns_certificate_arn": ARN, "dns_records": ["anything.example.com"]},
        {"dns_certificate_arn": ARN, "dns_request_certificate": True, "dns_records": ["anything.example.com"]},
        {"dns_certificate_arn": "{{ dns_outputs.certificate_arn }}"},
        {"dns_zone_name": "{{ some_outputs.zone }}"},
        {"dns_ipv6": True, "load_balancer_ip_address_type": "dualstack"},
        {"dns_ipv6": True, "api_gateway_routes": ["$default"]},
        {"dns_zone_name": None, "dns_create_zone": False, "dns_records": []},
        {"api_gateway_domain_name": "shop.example.com"},
    ],
)
def test_what_is_right_passes(changes):
    assert faults(**changes) == []


@pytest.mark.parametrize("name", ["shop", "-shop.example.com", "sh op.example.com", "shop..com", "a" * 64 + ".com", ""])
@pytest.mark.parametrize("variable", ["dns_domain_name", "dns_zone_name", "api_gateway_domain_name"])
def test_domain_names_have_their_form(variable, name):
    found = [fault for fault in faults(**{variable: name}) if "no domain name" in fault.problem]
    assert [fault.variable for fault in found] == [variable]


def test_only_names_on_certificates_and_records_may_begin_with_an_asterisk():
    found = faults(dns_zone_name="*.example.com", dns_records=[], api_gateway_domain_name="*.shop.example.com")
    assert {fault.variable for fault in found if "no domain name" in fault.problem} == {
        "dns_zone_name",
        "api_gateway_domain_name",
    }


def test_the_first_name_of_a_certificate_is_short():
    long = f"{'a' * 60}.example.com"
    text = only(faults(dns_domain_name=long, dns_records=[]))
    assert "at most 64" in text
    assert "dns_alternative_names" in text


def test_records_are_in_the_zone():
    text = only(faults(dns_domain_name="shop.other.org", dns_alternative_names=[], dns_records=["shop.other.org"]))
    assert text == "dns_records: shop.other.org is not in the zone example.com. Right: names that end in example.com"
    assert "myexample.com is not in the zone" in only(
        faults(dns_domain_name="myexample.com", dns_records=["myexample.com"])
    )


def test_records_and_a_new_zone_need_the_zones_name():
    found = faults(dns_zone_name=None)
    assert [fault.variable for fault in found] == ["dns_create_zone", "dns_records"]


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("arn:aws:iam::123456789012:server-certificate/x", "no ARN of a certificate"),
        (ARN.replace("us-east-1", "eu-west-1"), "it is one of eu-west-1"),
    ],
)
def test_a_given_certificate_is_one_of_the_region(arn, words):
    assert words in only(faults(dns_certificate_arn=arn))


def test_a_requested_certificate_needs_a_domain():
    changes = {**NOTHING, "dns_create_zone": False, "dns_records": [], "dns_request_certificate": True}
    assert only(faults(**changes)).startswith("dns_request_certificate: it is true")


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"dns_records": ["a.shop.example.com"]}, "dns_records"),
        ({"dns_domain_name": "*.example.com", "dns_records": ["a.b.example.com"]}, "dns_records"),
        ({"api_gateway_domain_name": "api.example.com"}, "api_gateway_domain_name"),
    ],
)
def test_what_answers_is_on_the_requested_certificate(changes, variable):
    text = only(faults(**changes))
    assert text.startswith(f"{variable}: ")
    assert "is not on the certificate" in text


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({}, "load_balancer_ip_address_type"),
        ({"api_gateway_routes": ["$default"], "api_gateway_ip_address_type": "ipv4"}, "api_gateway_ip_address_type"),
    ],
)
def test_aaaa_records_need_what_serves_ipv6(changes, variable):
    assert only(faults(dns_ipv6=True, **changes)).endswith(f"Right: {variable}: dualstack")

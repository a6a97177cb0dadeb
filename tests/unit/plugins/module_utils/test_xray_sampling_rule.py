"""What X-Ray would refuse of a sampling rule is said before it is asked."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._xray_sampling_rule import rule_fault


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("Default", {"fixed_rate": 0.1}, "X-Ray's own rule"),
        ("a" * 33, {"fixed_rate": 0.1}, "at most 32"),
        ("api", {}, "fixed_rate must be given"),
        ("api", {"fixed_rate": 1.1}, "between 0 and 1"),
        ("api", {"fixed_rate": 0.1, "priority": 10000}, "between 1 and 9999"),
        ("api", {"fixed_rate": 0.1, "reservoir_size": -1}, "0 or more"),
        ("api", {"fixed_rate": 0.1, "http_method": "PROPPATCHED"}, "more than 10 characters"),
    ],
)
def test_a_fault_is_said(name, rule, words):
    assert words in rule_fault(name, rule, is_new=True)


def test_a_rule_that_exists_needs_nothing_again():
    assert rule_fault("api", {}, is_new=False) == ""


def test_a_rule_may_trace_nothing():
    assert rule_fault("health", {"fixed_rate": 0, "reservoir_size": 0, "url_path": "/health"}, is_new=True) == ""

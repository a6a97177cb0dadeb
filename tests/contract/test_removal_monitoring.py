"""Removing what watches over a stack: X-Ray's sampling rules go by their tags, all others stay."""

from __future__ import annotations

from typing import Any

from tests.contract.harness import run_module

MODULE = "webstack.aws.stack_removal"
REST = {"ResourceARN": "*", "Priority": 1000, "FixedRate": 0.1, "ReservoirSize": 1, "ServiceName": "*",
        "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1}  # fmt: skip


def make(xray: Any, name: str, stack: str) -> None:
    tags = {"webstack:stack": stack, "webstack:environment": "test"}
    xray.create_sampling_rule(
        SamplingRule={"RuleName": name, **REST}, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
    )


def names(xray: Any) -> set[str]:
    return {record["SamplingRule"]["RuleName"] for record in xray.get_sampling_rules()["SamplingRuleRecords"]}


def test_sampling_rules_go_with_their_stack(emulator: Any) -> None:
    xray = emulator.client("xray")
    make(xray, "test-shop-api", "shop")
    make(xray, "test-other-api", "other")
    options = {"stack": "shop", "environment": "test"}

    planned = run_module(emulator.url, MODULE, options, check=True)
    assert planned["changed"]
    assert "test-shop-api" in str(planned)
    assert names(xray) == {"Default", "test-shop-api", "test-other-api"}

    for _pass in range(3):
        done = run_module(emulator.url, MODULE, options)
    assert names(xray) == {"Default", "test-other-api"}
    assert not done["changed"]

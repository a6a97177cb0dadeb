"""What bears a stack's tags and is no longer declared: listed without a write, removed in passes, data only by name."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._removal_undeclared import MATCHES, ONLY_WITH_WHOLE
from tests.contract.harness import ModuleError, run_module
from tests.contract.test_stack_removal import Built

MODULE = "webstack.aws.stack_orphans"
PASSES = 15


def options(declared: list[dict[str, Any]], **others: Any) -> dict[str, Any]:
    return {"stack": "shop", "environment": "test", "declared": declared, "final_snapshot": False, **others}


def every(emulator: Any) -> list[dict[str, Any]]:
    """Entries for all that the stack has."""
    found = run_module(emulator.url, MODULE, options([]), check=True)["orphans"]
    return [
        {"kind": MATCHES[kind].plan[0], "name": name, "ids": [item["identifier"]]}
        for item in found
        for kind, _slash, name in [item["address"].partition("/")]
        if kind not in ONLY_WITH_WHOLE
    ]


def without(entries: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [item for item in entries if item["kind"] not in kinds]


def prune(emulator: Any, declared: list[dict[str, Any]], **others: Any) -> list[dict[str, Any]]:
    """Pass after pass, as the action plugin does, until nothing goes any more; returns what stays."""
    for _number in range(PASSES):
        result = run_module(emulator.url, MODULE, options(declared, prune=True, **others))
        if all(item["stays"] for item in result["orphans"]):
            return result["orphans"]
    raise AssertionError(f"after {PASSES} passes this is left: {result['orphans']}")


@pytest.fixture
def shop(emulator: Any) -> Built:
    return Built(emulator, "shop", "10.1")


def test_nothing_is_undeclared_where_everything_is_declared(emulator: Any, shop: Built) -> None:
    result = run_module(emulator.url, MODULE, options(every(emulator), prune=True))
    assert (result["changed"], result["orphans"]) == (False, [])


def test_it_lists_without_a_write_and_without_a_word_removes_nothing(emulator: Any, shop: Built) -> None:
    declared = without(every(emulator), "ecs_service", "rds_instance", "iam_role")
    emulator.control("DELETE", "calls")
    for check in (True, False):
        result = run_module(emulator.url, MODULE, options(declared), check=check)
        addresses = [item["address"] for item in result["orphans"]]
        assert addresses == ["ecs_service/app", "rds_instance/test-shop", "iam_role/test-shop-task"]
        assert not result["changed"]
    assert emulator.calls(kind="write") == []
    plan = run_module(emulator.url, MODULE, options(declared), check=True)["plan"]
    assert [item["action"] for item in plan] == ["delete"] * 3
    assert [gate["variable"] for gate in plan[1]["gates"]] == [
        "prune=true",
        "prune_data=rds_instance/test-shop",
        "allow_protected=true",
    ]


def test_only_what_is_undeclared_goes_and_data_only_by_name(emulator: Any, shop: Built) -> None:
    declared = without(every(emulator), "ecs_service", "s3_bucket", "cloudwatch_alarm", "iam_access_key", "secret")
    stays = prune(emulator, declared)
    assert sorted(item["address"] for item in stays) == ["s3_bucket/test-shop-media-123456789012", "secret/test-shop"]
    clusters = emulator.client("ecs").describe_clusters(clusters=["test-shop"])["clusters"]
    assert [cluster["status"] for cluster in clusters] == ["ACTIVE"], "what is declared stays"
    bucket = stays[0]["address"] if stays[0]["address"].startswith("s3") else stays[1]["address"]
    assert [item["address"] for item in prune(emulator, declared, prune_data=[bucket])] == ["secret/test-shop"]
    assert emulator.client("s3").list_buckets()["Buckets"] == []
    assert sorted(item["name"] for item in every(emulator)) == sorted(
        item["name"] for item in [*declared, {"name": "test-shop"}]
    )


def test_a_group_in_use_keeps_its_rules_and_says_by_whom(emulator: Any, shop: Built) -> None:
    declared = [item for item in every(emulator) if shop.groups[1] not in item["ids"]]
    emulator.control("DELETE", "calls")
    result = run_module(emulator.url, MODULE, options(declared, prune=True))
    (item,) = result["orphans"]
    assert "eni-" in result["used"][item["address"]]
    assert emulator.calls(kind="write") == []


def test_with_nothing_declared_it_prunes_nothing(emulator: Any, shop: Built) -> None:
    with pytest.raises(ModuleError, match=r"destroy\.yml"):
        run_module(emulator.url, MODULE, options([], prune=True))


def test_stacks_that_nobody_declares_are_listed(emulator: Any, shop: Built) -> None:
    module, of = "webstack.aws.stack_orphans_info", {"environment": "test"}
    emulator.control("DELETE", "calls")
    found = run_module(emulator.url, module, {**of, "stacks": ["other"]})["strangers"]
    assert list(found) == ["test-shop"]
    assert {"rds_instance", "vpc", "iam_role"} < {item["kind"] for item in found["test-shop"]}
    assert run_module(emulator.url, module, {**of, "stacks": ["shop"]})["strangers"] == {}
    assert run_module(emulator.url, module, {"environment": "production", "stacks": []})["strangers"] == {}
    assert emulator.calls(kind="write") == []


def test_who_may_not_look_still_gets_a_plan(emulator: Any) -> None:
    error = {"code": "AccessDeniedException", "message": "no", "status": 400}
    rule = {"service": "resourcegroupstaggingapi", "operation": "GetResources", "error": error, "times": None}
    emulator.control("PUT", "faults", {"rules": [rule]})
    result = run_module(emulator.url, MODULE, options([{"kind": "vpc", "name": "shop"}]), check=True)
    assert result["orphans"] == []
    assert "no longer declared: " in result["unchecked"][0]
    with pytest.raises(ModuleError, match="AccessDenied"):
        run_module(emulator.url, MODULE, options([{"kind": "vpc", "name": "shop"}], prune=True))

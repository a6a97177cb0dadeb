"""The plan as a document: put together, told apart from another, and told as text."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_id
from ansible_collections.webstack.aws.plugins.module_utils._plan import Gate, Kept, entry
from ansible_collections.webstack.aws.plugins.plugin_utils import _plan_document as plans
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_text import text

VPC = placeholder_id("vpc", "shop")
HEADER = {
    "stack": "shop",
    "environment": "staging",
    "account": "123456789012",
    "region": "us-east-1",
    "variables": {"cache_replicas": "aa", "database_instance_class": "bb"},
}


def resource(kind: str, name: str, action: str = "none", changes: Any = (), role: str = "network", **more: Any) -> Any:
    return {**entry(kind, name, action, [Change(*change) for change in changes], **more), "role": role}


def stack(*resources: Any, **header: Any) -> Any:
    return plans.stack_plan({**HEADER, **header}, resources, [])


def document(*resources: Any, mode: str = "plan") -> Any:
    return plans.document(mode, [stack(*resources)], "2026-11-21T14:00:00Z", {"webstack.aws": "0.1.0"})


def test_a_resource_of_which_several_tasks_speak_is_one():
    made = resource("secret", "shop", "create", [("description", None, "of the shop")])
    filled = resource("secret", "shop", "update", [("description", "of the shop", "of us"), ("keys", [], ["url"])])
    (found,) = plans.merged([made, filled])
    assert found["action"] == "create"
    assert found["changes"] == [
        {"field": "description", "before": None, "after": "of us"},
        {"field": "keys", "before": [], "after": ["url"]},
    ]


def test_what_was_said_first_to_be_unchanged_may_change_later():
    (found,) = plans.merged([resource("secret", "shop"), resource("secret", "shop", "update", [("keys", [], ["url"])])])
    assert found["action"] == "update"


def test_totals_count_every_action():
    plan = stack(resource("vpc", "shop", "create"), resource("subnet", "a"), resource("subnet", "b", "delete"))
    assert plan["totals"] == {"create": 1, "update": 0, "replace": 0, "delete": 1, "restore": 0, "none": 1}


def test_a_plan_holds_while_nothing_but_the_time_is_otherwise():
    planned, now = (stack(resource("vpc", "shop", "create", state=state)) for state in ("then", "now"))
    assert plans.differences(planned, now) == []
    assert plans.digest_of(planned) == plans.digest_of(now)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (stack(resource("vpc", "shop", "create"), account="210987654321"), "the account was 123456789012"),
        (
            stack(resource("vpc", "shop", "create"), variables={"cache_replicas": "cc"}),
            "other values have the variables",
        ),
        (stack(), "vpc shop: planned was to create, now it is nothing"),
        (
            stack(resource("vpc", "shop", "create"), resource("subnet", "a", "update", [("tags", {}, {"a": "b"})])),
            "(tags)",
        ),
        (stack(resource("vpc", "shop", "create", [("cidr_block", None, "10.1.0.0/16")])), "vpc shop: planned was"),
    ],
    ids=["account", "variables", "gone", "more", "field"],
)
def test_a_plan_that_does_not_hold_any_more_says_what_is_otherwise(now, words):
    saved = stack(resource("vpc", "shop", "create"))
    found = plans.differences(saved, now)
    assert any(words in sentence for sentence in found)
    assert plans.digest_of(saved) != plans.digest_of(now)


def test_variables_that_are_otherwise_are_named():
    saved, now = stack(), stack(variables={"cache_replicas": "cc", "database_instance_class": "bb"})
    assert plans.differences(saved, now) == ["other values have the variables cache_replicas"]


def test_text_of_a_plan_names_what_a_person_must_know():
    shown = text(
        document(
            resource("vpc", "shop", "create", [("cidr_block", None, "10.0.0.0/16")], result={"vpc_id": VPC}),
            resource("subnet", "a", "create", [("vpc_id", None, VPC)]),
            resource("subnet", "b", "create", [("vpc_id", None, VPC)]),
            resource(
                "ecs_service",
                "api",
                "update",
                [
                    ("desired_count", 2, 3),
                    ("security_groups", ["sg-1", "sg-2"], ["sg-1", "sg-3"]),
                    ("vpc", "vpc-1", VPC),
                ],
                role="container_service",
                kept=[Kept("min_capacity", 7, 2, "schedule")],
                notes=["a new deployment"],
            ),
            resource("target_group", "api", "replace", gates=[Gate("it is made anew", "allow_replace=api")]),
            resource("rds_instance", "db"),
        )
    )
    assert shown.splitlines()[:-1] == [
        "staging-shop in us-east-1 (account 123456789012)",
        "  network",
        "    + vpc shop",
        "    + subnet a, b (known after apply: values of vpc)",
        "    ± target_group api",
        "  container_service",
        "    ~ ecs_service api",
        "        desired_count: 2 → 3",
        "        security_groups: -sg-2, +sg-3",
        "        vpc: vpc-1 → known after apply (vpc shop)",
        "        · a new deployment",
        "  kept:",
        "    ecs_service api, min_capacity: live 7, ours 2, owner schedule",
        "  must be allowed first:",
        "    target_group api: it is made anew (-e allow_replace=api)",
        "  3 to create, 1 to update, 1 to replace, 0 to delete, 1 unchanged",
        "",
    ]


def test_verbose_text_tells_the_fields_of_what_is_created_too():
    made = resource("subnet", "a", "create", [("vpc_id", None, VPC), ("cidr_block", None, "10.0.1.0/24")])
    shown = text(document(resource("vpc", "shop", "create", result=VPC), made), verbose=True)
    assert "        vpc_id: known after apply (vpc shop)" in shown.splitlines()
    assert "        cidr_block: 10.0.1.0/24" in shown.splitlines()


def test_text_of_a_run_is_how_much_was_done():
    shown = text(document(resource("vpc", "shop", "create"), resource("subnet", "a"), mode="run"))
    assert shown.splitlines()[1] == "  1 created, 0 updated, 0 replaced, 0 deleted, 1 unchanged"


def test_a_value_that_nothing_supplies_is_still_not_known():
    assert plans.supplied_by({"vpc": [VPC]}, {}) == ["what is created before"]
    assert plans.supplied_by({"vpc": ["vpc-0123456789abcdef0"]}, {}) == []

"""Drift: what a dry run finds, parted by who has caused it."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept, entry
from ansible_collections.webstack.aws.plugins.plugin_utils._drift import drift, record, recorded, sentences

LEFT = [entry("vpc", "shop", "create", state={"cidr": 1}), entry("ecs_service", "api", "none", state={"count": 2})]


def update(state, action="update"):
    return entry("ecs_service", "api", action, [Change("count", 3, 2)], state=state)


def test_a_record_takes_sixteen_characters_for_a_resource():
    assert len(record(LEFT)) == 32
    assert len(recorded(record(LEFT))) == 2
    assert record([entry("vpc", "gone", "delete")]) == ""


@pytest.mark.parametrize(
    ("item", "who"),
    [
        (update({"count": 2}), "wanted"),
        (update({"count": 3}), "unknown"),
        (entry("subnet", "new", "create"), "wanted"),
        (entry("vpc", "shop", "create"), "unknown"),
        (entry("vpc", "shop", "delete"), "wanted"),
        (entry("subnet", "stranger", "delete"), "unknown"),
        (entry("secret", "shop", "restore"), "wanted"),
    ],
    ids=["variable", "behind our back", "new", "lost", "no longer declared", "added by others", "restored"],
)
def test_a_difference_is_of_those_who_caused_it(item, who):
    found = drift([item], record(LEFT))
    assert [len(found[reason]) for reason in ("wanted", "unknown")] == [int(who == "wanted"), int(who == "unknown")]
    assert found[who][0]["name"] == item["name"]


def test_what_others_own_is_expected():
    kept = entry("ecs_service", "api", "none", kept=[Kept("desired_count", 7, 2, "autoscaling")], state={"count": 7})
    found = drift([kept], record(LEFT))
    assert (found["wanted"], found["unknown"]) == ([], [])
    assert sentences(found)["expected, since others own it"] == [
        "ecs_service api, desired_count: live 7, ours 2, owner autoscaling"
    ]


def test_sentences_name_the_fields():
    found = drift([update({"count": 3})], record(LEFT))
    assert sentences(found)["changed by somebody else"] == ["update ecs_service api: count (3 → 2)"]

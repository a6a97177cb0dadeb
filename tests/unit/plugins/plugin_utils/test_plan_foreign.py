"""Plan entries for modules that say none."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._plan_foreign import foreign_entry

MODULE = "community.aws.sns_topic"


def test_a_task_that_changes_nothing_has_none():
    assert foreign_entry(MODULE, {"name": "alarms"}, {"changed": False}) is None


@pytest.mark.parametrize(
    ("asked", "result", "action", "fields"),
    [
        ({"name": "a"}, {"diff": {"before": {}, "after": {"size": 2}}}, "create", ["size"]),
        (
            {"name": "a"},
            {"diff": {"before": {"size": 1, "kept": 3}, "after": {"size": 2, "kept": 3}}},
            "update",
            ["size"],
        ),
        ({"name": "a", "state": "absent"}, {"diff": {"before": {"size": 1}, "after": {}}}, "delete", []),
        ({"name": "a", "size": 2, "other": 3}, {"topic": {"name": "a", "size": 1, "other": 3}}, "update", ["size"]),
        ({"name": "a", "size": 2}, {"diff": {"before": "size 1", "after": "size 2"}}, "update", []),
        ({"db_instance_identifier": "a"}, {}, "update", []),
    ],
    ids=["created", "changed", "removed", "without a diff", "diff of text", "nothing said"],
)
def test_an_entry_is_made_of_what_was_asked_and_what_came_back(asked, result, action, fields):
    found = foreign_entry(MODULE, asked, {"changed": True, **result})
    assert (found["kind"], found["name"], found["action"]) == (MODULE, "a", action)
    assert [change["field"] for change in found["changes"]] == fields
    assert bool(found["notes"]) == (not fields and action != "delete")

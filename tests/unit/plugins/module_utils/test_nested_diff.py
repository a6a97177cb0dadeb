"""Diffs that name what differs inside a field."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change, deepen
from ansible_collections.webstack.aws.plugins.module_utils._module import diff_of
from ansible_collections.webstack.aws.plugins.module_utils._resource import Outcome


def test_only_the_leaves_that_differ_are_named():
    before = {"api": {"image": "a:1", "environment": {"LOG": "info", "OLD": "x"}, "ports": [1]}}
    after = {"api": {"image": "a:1", "environment": {"LOG": "debug"}, "ports": [1, 2]}}
    assert deepen(Change("containers", before, after)) == [
        Change("containers.api.environment.LOG", "info", "debug"),
        Change("containers.api.environment.OLD", "x", None),
        Change("containers.api.ports", [1], [1, 2]),
    ]


def test_empty_mapping_that_comes_is_a_leaf():
    assert deepen(Change("volumes", None, {"scratch": {}})) == [Change("volumes.scratch", None, {})]


def test_diff_deepens_nested_fields_only():
    changes = [Change("tags", {"a": "1"}, {"a": "2"}), Change("containers", {"a": {"b": 1}}, {"a": {"b": 2}})]
    outcome = Outcome("demo", "update", changes, {}, {})
    assert diff_of(outcome, ("containers",)) == {
        "before": {"tags": {"a": "1"}, "containers.a.b": 1},
        "after": {"tags": {"a": "2"}, "containers.a.b": 2},
    }

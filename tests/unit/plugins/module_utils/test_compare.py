from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change, canonical_json, compare, given


def test_compare_names_the_fields_that_differ():
    live = {"size": 1, "name": "a", "zones": ["a", "b"]}
    assert compare(live, {"size": 2, "name": "a", "zones": ["a", "b"]}) == [Change("size", 1, 2)]


def test_compare_leaves_alone_what_was_not_given():
    assert compare({"size": 1}, {"size": None}) == []
    assert compare({"size": 1}, {}) == []


def test_compare_takes_a_missing_live_value_for_none():
    assert compare({}, {"size": 0}) == [Change("size", None, 0)]


def test_given_drops_none_at_every_depth():
    assert given({"a": None, "b": {"c": None, "d": 0}, "e": [{"f": None}, ""]}) == {"b": {"d": 0}, "e": [{}, ""]}


def test_canonical_json_is_one_text_for_one_document():
    assert canonical_json('{"b": 1, "a": [1, 2]}') == canonical_json({"a": [1, 2], "b": 1}) == '{"a":[1,2],"b":1}'

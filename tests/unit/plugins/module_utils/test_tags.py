from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    foreign_owner,
    tag_changes,
    tag_specifications,
    tags_to_dict,
    tags_to_list,
    wanted_tags,
)

OURS = {"webstack:stack": "shop", "webstack:environment": "staging"}


@pytest.mark.parametrize(
    "tags",
    [
        {"a": "1", "aws:b": "2"},
        [{"Key": "a", "Value": "1"}, {"Key": "aws:b", "Value": "2"}],
        [{"key": "a", "value": "1"}, {"key": "aws:b", "value": "2"}],
        [{"TagKey": "a", "TagValue": "1"}],
    ],
)
def test_tags_to_dict_takes_every_form_and_leaves_out_what_is_aws_own(tags):
    assert tags_to_dict(tags) == {"a": "1"}


def test_tags_to_dict_of_nothing_is_empty():
    assert tags_to_dict(None) == tags_to_dict([]) == {}


def test_tags_to_list_is_sorted_and_takes_the_names_of_the_keys():
    assert tags_to_list({"b": "2", "a": "1"}) == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    assert tags_to_list({"a": "1"}, "key", "value") == [{"key": "a", "value": "1"}]


def test_tag_specifications_are_empty_without_tags():
    assert tag_specifications("vpc", {}) == []
    assert tag_specifications("vpc", {"a": "1"}) == [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "1"}]}]


def test_tag_changes_say_what_to_set_and_what_to_remove():
    assert tag_changes({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == ({"b": "3", "c": "4"}, [])
    assert tag_changes({"a": "1", "b": "2"}, {"a": "1"}) == ({}, ["b"])


def test_wanted_tags_are_added_or_stand_alone():
    assert wanted_tags({"a": "1"}, {"b": 2}, purge=False) == {"a": "1", "b": "2"}
    assert wanted_tags({"a": "1"}, {"b": 2}, purge=True) == {"b": "2"}
    assert wanted_tags({"a": "1"}, None, purge=True) is None


@pytest.mark.parametrize(
    ("live", "words"),
    [
        (OURS, ""),
        ({**OURS, "webstack:stack": "other"}, "its tag webstack:stack is other"),
        ({**OURS, "webstack:environment": "production"}, "its tag webstack:environment is production"),
        ({}, "it has no tag webstack:stack"),
    ],
)
def test_foreign_owner_says_whose_it_is(live, words):
    assert foreign_owner(live, OURS) == words


def test_nobody_is_foreign_where_no_owner_is_wanted():
    assert foreign_owner({}, None) == foreign_owner({}, {"team": "a"}) == ""

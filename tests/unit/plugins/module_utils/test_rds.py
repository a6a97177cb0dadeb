"""Versions and tags as RDS and ElastiCache have them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._rds import is_version, update_tags, version_parts


def test_versions_are_numbers():
    assert version_parts("16.10") > version_parts("16.9")
    assert version_parts("16.4-R1") == [16, 4]


@pytest.mark.parametrize(
    ("live", "wanted", "major", "same"),
    [
        ("16.4", "16", 1, True),
        ("16.4", "16.4", 1, True),
        ("16.6", "16.4", 1, True),
        ("16.2", "16.4", 1, False),
        ("16.4", "17", 1, False),
        ("16.4", "15", 1, False),
        ("7.1.0", "7.1", 1, True),
        ("7.0.7", "7.1", 1, False),
        ("8.0.40", "8.0.35", 2, True),
        ("8.4.3", "8.0", 2, False),
    ],
)
def test_a_newer_minor_version_is_what_was_asked_for(live, wanted, major, same):
    assert is_version(live, wanted, major) is same


def test_tags_are_set_and_removed_with_one_call_each():
    written = []
    aws = SimpleNamespace(write=lambda service, operation, **arguments: written.append((service, operation, arguments)))
    update_tags(aws, "rds", "arn", {"a": "1", "b": "2"}, {"a": "1"})
    update_tags(aws, "rds", "arn", {"a": "1"}, {"a": "2"})
    update_tags(aws, "rds", "arn", {"a": "1"}, None)
    assert written == [
        ("rds", "remove_tags_from_resource", {"ResourceName": "arn", "TagKeys": ["b"]}),
        ("rds", "add_tags_to_resource", {"ResourceName": "arn", "Tags": [{"Key": "a", "Value": "2"}]}),
    ]

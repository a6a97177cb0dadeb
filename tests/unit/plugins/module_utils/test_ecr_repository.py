"""ECR repositories: normal form and what is read."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._ecr_repository import EcrRepository
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

RULES = [{"rulePriority": 2, "action": {"type": "expire"}}, {"rulePriority": 1, "action": {"type": "expire"}}]


@pytest.fixture
def kind():
    return EcrRepository(SimpleNamespace(region="us-east-1", check_mode=True))


def test_rules_compare_by_priority_and_not_by_place(kind):
    one = kind.normalize_wanted("a", {"lifecycle_policy": {"rules": RULES}})
    assert one == kind.normalize_wanted("a", {"lifecycle_policy": {"rules": RULES[::-1]}})


def test_what_ecr_leaves_out_has_its_default(kind):
    assert kind.normalize("a", {"repositoryName": "a"}) == {
        "image_tag_mutability": "MUTABLE",
        "scan_on_push": False,
        "encryption_type": "AES256",
        "kms_key": "",
        "lifecycle_policy": {},
        "tags": {},
    }


def test_a_name_that_ecr_does_not_take_is_refused(kind):
    with pytest.raises(WebstackError, match="no valid name"):
        kind.refuse("Demo", None, {})


def test_one_that_is_missing_does_not_hide_the_others(kind):
    asked = []

    def read(service, operation, path="", **arguments):
        if operation != "describe_repositories":
            return None
        asked.append(arguments["repositoryNames"])
        return [{"repositoryName": "a", "repositoryArn": "arn"}] if arguments["repositoryNames"] == ["a"] else []

    kind.aws.read = read
    assert set(kind.read(["a", "b"])) == {"a"}
    assert asked == [["a", "b"], ["a"], ["b"]]
    assert kind.read(["b"]) == {}


def test_placeholder_is_well_formed(kind):
    assert kind.placeholder("a/b", {})["repository_uri"] == "000000000000.dkr.ecr.us-east-1.amazonaws.com/a/b"

"""Log groups: how they are found, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._log_group import LogGroup, common_beginning


@pytest.mark.parametrize(
    ("names", "beginning"),
    [
        (["/ecs/a"], "/ecs/a"),
        (["/ecs/a", "/ecs/ab"], "/ecs/a"),
        (["/ecs/web", "/ecs/api", "/ecs/worker"], "/ecs/"),
        (["/ecs/a", "other"], ""),
    ],
)
def test_all_are_found_by_what_they_begin_with(names, beginning):
    assert common_beginning(names) == beginning


@pytest.mark.parametrize("names", [["/ecs/a", "/ecs/b"], ["/ecs/a", "other"]])
def test_one_describe_finds_just_those_that_are_wanted(names):
    groups = [{"logGroupName": name, "arn": f"arn:{name}:*"} for name in ("/ecs/a", "/ecs/another")]
    described = []

    def read(service, operation, path="", **arguments):
        if operation == "describe_log_groups":
            described.append(arguments)
            return groups
        return {"of": arguments["resourceArn"]}

    kind = LogGroup(SimpleNamespace(read=read, region="us-east-1", check_mode=True))
    assert {name: live["tags"] for name, live in kind.read(names).items()} == {"/ecs/a": {"of": "arn:/ecs/a"}}
    assert len(described) == 1


def test_a_key_must_be_an_arn():
    kind = LogGroup(SimpleNamespace(region="us-east-1", check_mode=True))
    with pytest.raises(WebstackError, match="give the key's ARN"):
        kind.refuse("a", None, {"kms_key_id": "alias/a"})
    kind.refuse("a", None, None)


def test_no_retention_is_for_ever():
    kind = LogGroup(SimpleNamespace(region="us-east-1", check_mode=True))
    live = {"logGroupName": "a", "arn": "arn:a:*", "storedBytes": 5}
    assert kind.normalize("a", live)["retention_in_days"] == 0
    assert kind.result("a", live)["log_group_arn"] == "arn:a"
    assert "stored_bytes" not in kind.result("a", live)

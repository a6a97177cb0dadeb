"""Parameter groups: what is set and reset, in which calls, and what is refused."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._parameter_groups import (
    ElasticacheParameterGroup,
    RdsParameterGroup,
    parameter_changes,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import ensure

KNOWN = [
    {"ParameterName": "rds.force_ssl", "ApplyType": "dynamic", "IsModifiable": True},
    {"ParameterName": "max_connections", "ApplyType": "static", "IsModifiable": True},
    {"ParameterName": "config_file", "ApplyType": "static", "IsModifiable": False},
    *({"ParameterName": f"p{number}", "ApplyType": "dynamic", "IsModifiable": True} for number in range(45)),
]


class FakeGroups:
    """A service without any group yet."""

    region = "us-east-1"

    def __init__(self, check_mode=True):
        self.check_mode = check_mode
        self.subject = ""
        self.plan = []
        self.written = []

    def read(self, service, operation, path="", missing=(), **arguments):
        return {"Parameters": KNOWN} if operation == "describe_engine_default_parameters" else []

    def write(self, service, operation, missing=(), **arguments):
        self.written.append((operation, arguments))


def test_what_is_not_named_is_reset():
    assert parameter_changes({"a": "1", "b": "2"}, {"a": "3", "c": "4"}) == ({"a": "3", "c": "4"}, ["b"])
    assert parameter_changes({"a": "1"}, None) == ({}, [])


def test_booleans_are_spelled_as_the_engine_does():
    for kind, texts in ((RdsParameterGroup, ("1", "0", "5")), (ElasticacheParameterGroup, ("yes", "no", "5"))):
        wanted = kind(FakeGroups()).normalize_wanted("g", {"parameters": {"a": True, "b": False, "c": 5}})
        assert tuple(wanted["parameters"].values()) == texts


def test_dynamic_parameters_take_effect_at_once_and_static_ones_with_a_reboot():
    aws = FakeGroups()
    kind = RdsParameterGroup(aws)
    wanted = {"family": "postgres16", "parameters": {"rds.force_ssl": "1", "max_connections": "9"}}
    kind.refuse("g", None, wanted)
    kind.create("g", wanted)
    entries = aws.written[1][1]["Parameters"]
    assert {entry["ParameterName"]: entry["ApplyMethod"] for entry in entries} == {
        "rds.force_ssl": "immediate",
        "max_connections": "pending-reboot",
    }
    assert aws.written[0][1]["Description"] == "g"


def test_aws_takes_twenty_at_a_time():
    aws = FakeGroups()
    kind = ElasticacheParameterGroup(aws)
    wanted = {"parameters": {f"p{number}": "1" for number in range(45)}}
    kind.update("g", {"Parameters": {"old": "1"}}, wanted, {"parameters"})
    assert [(operation, len(arguments["ParameterNameValues"])) for operation, arguments in aws.written] == [
        ("modify_cache_parameter_group", 20),
        ("modify_cache_parameter_group", 20),
        ("modify_cache_parameter_group", 5),
        ("reset_cache_parameter_group", 1),
    ]


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [
        ("g", {}, "no family is given"),
        ("g-", {"family": "postgres16"}, "no valid name"),
        ("g", {"family": "postgres16", "parameters": {"rds.forse_ssl": "1"}}, "has no parameter rds.forse_ssl"),
        ("g", {"family": "postgres16", "parameters": {"config_file": "x"}}, "nobody change config_file"),
    ],
)
def test_what_aws_would_refuse_is_refused_in_check_mode_too(name, wanted, words):
    with pytest.raises(WebstackError, match=words):
        ensure(RdsParameterGroup(FakeGroups()), {name: wanted})


def test_check_mode_returns_what_will_be():
    _outcomes, results = ensure(RdsParameterGroup(FakeGroups()), {"g": {"family": "postgres16"}}, {"team": "web"})
    assert results["g"] == {
        "name": "g",
        "arn": "arn:aws:rds:us-east-1:000000000000:pg:g",
        "family": "postgres16",
        "description": "g",
        "parameters": {},
        "tags": {"team": "web"},
    }


class OneGroup(FakeGroups):
    """A group of PostgreSQL 16, of which somebody has set one parameter."""

    tags = []

    def read(self, service, operation, path="", missing=(), **arguments):
        if operation == "describe_db_parameters":
            assert "Source" not in arguments
            return [
                {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "Source": "system"},
                {"ParameterName": "p1", "ParameterValue": "5", "Source": "user"},
                {"ParameterName": "p2", "Source": "engine-default"},
            ]
        if operation == "list_tags_for_resource":
            assert "DBParameterGroupNotFound" in missing
            return self.tags
        if operation == "describe_db_parameter_groups":
            return [
                {
                    "DBParameterGroupName": "g",
                    "DBParameterGroupFamily": "postgres16",
                    "Description": "g",
                    "DBParameterGroupArn": "arn:g",
                }
            ]
        return super().read(service, operation, path, missing, **arguments)


@pytest.mark.parametrize(
    ("wanted", "changed"),
    [
        ({"rds.force_ssl": 1, "p1": 5}, None),
        ({"rds.force_ssl": 0, "p1": 5}, {"p1": "5", "rds.force_ssl": "0"}),
        ({"rds.force_ssl": 1}, {}),
        ({"rds.force_ssl": 1, "p1": 5, "p2": ""}, None),
    ],
)
def test_what_the_family_has_by_default_is_no_change(wanted, changed):
    outcomes, results = ensure(RdsParameterGroup(OneGroup()), {"g": {"parameters": wanted}})
    assert [change.after for change in outcomes[0].changes] == ([] if changed is None else [changed])
    assert results["g"]["parameters"] == ({"p1": "5"} if changed is None else changed)


def test_a_group_whose_tags_aws_does_not_know_yet_is_not_visible():
    aws = OneGroup()
    aws.tags = None
    assert RdsParameterGroup(aws).read(["g"]) == {}

"""Subnet groups of RDS and of ElastiCache."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import ensure
from ansible_collections.webstack.aws.plugins.module_utils._subnet_groups import ElasticacheSubnetGroup, RdsSubnetGroup

OWNER = {"webstack:stack": "shop", "webstack:environment": "test"}
LIVE = {
    "DBSubnetGroupName": "shop",
    "DBSubnetGroupDescription": "shop",
    "DBSubnetGroupArn": "arn:shop",
    "VpcId": "vpc-1",
    "Subnets": [{"SubnetIdentifier": "subnet-2"}, {"SubnetIdentifier": "subnet-1"}],
}


class FakeAws:
    """A service that answers with one group and its tags, and notes what is written."""

    region = "us-east-1"

    def __init__(self, groups=(), tags=(), check_mode=True):
        self.check_mode = check_mode
        self.subject = ""
        self.plan = []
        self.groups, self.tags = list(groups), tags
        self.written = []

    def read(self, service, operation, path="", missing=(), **arguments):
        return self.tags if operation == "list_tags_for_resource" else self.groups

    def write(self, service, operation, missing=(), propagating="", **arguments):
        self.written.append((operation, propagating, arguments))


def owned(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.mark.parametrize(
    ("kind", "group"), [(RdsSubnetGroup, LIVE), (ElasticacheSubnetGroup, {"ARN": "arn:shop", "Subnets": []})]
)
def test_a_group_whose_tags_aws_does_not_know_yet_is_not_visible(kind, group):
    assert kind(FakeAws([group], tags=None)).read(["shop"]) == {}
    assert kind(FakeAws([group], tags=[])).read(["shop"]) == {"shop": {**group, "Tags": []}}


def test_the_order_of_subnets_is_no_change():
    wanted = {"subnet_ids": ["subnet-2", "subnet-1", "subnet-2"], "description": "shop"}
    outcomes, results = ensure(RdsSubnetGroup(FakeAws([LIVE], owned(OWNER))), {"shop": wanted}, OWNER)
    assert outcomes[0].action == "none"
    assert results["shop"]["subnet_ids"] == ["subnet-1", "subnet-2"]


def test_a_description_is_sent_with_the_subnets():
    aws = FakeAws()
    kind = RdsSubnetGroup(aws)
    kind.update("shop", {**LIVE, "Tags": []}, {"description": "new"}, {"description"})
    assert aws.written[0][2]["SubnetIds"] == ["subnet-1", "subnet-2"]
    assert aws.written[0][2]["DBSubnetGroupDescription"] == "new"


def test_the_role_that_the_first_group_makes_is_waited_for():
    aws = FakeAws()
    RdsSubnetGroup(aws).create("shop", {"subnet_ids": ["subnet-1"], "tags": OWNER})
    assert "service.linked role" in aws.written[0][1]
    assert aws.written[0][2]["Tags"] == sorted(owned(OWNER), key=lambda tag: tag["Key"])


def test_another_owners_group_is_refused():
    with pytest.raises(WebstackError, match="not this stack's"):
        ensure(RdsSubnetGroup(FakeAws([LIVE])), {"shop": {}}, OWNER)


@pytest.mark.parametrize(
    ("name", "wanted", "words"),
    [("default", {"subnet_ids": ["subnet-1"]}, "no valid name"), ("shop", {}, "no subnets are given")],
)
def test_what_aws_would_refuse_is_refused_in_check_mode_too(name, wanted, words):
    with pytest.raises(WebstackError, match=words):
        ensure(RdsSubnetGroup(FakeAws()), {name: wanted})


def test_check_mode_returns_what_will_be():
    _outcomes, results = ensure(RdsSubnetGroup(FakeAws()), {"shop": {"subnet_ids": ["subnet-1"]}}, OWNER)
    assert results["shop"]["arn"] == "arn:aws:rds:us-east-1:000000000000:subgrp:shop"
    assert results["shop"]["description"] == "shop"

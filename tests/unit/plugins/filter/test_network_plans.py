"""The filters subnet_plan and route_table_plan, as templates call them."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.filter import route_table_plan, subnet_plan

PLAN = subnet_plan.FilterModule().filters()["subnet_plan"]
TABLES = route_table_plan.FilterModule().filters()["route_table_plan"]


def test_subnet_plan_has_no_database_subnets_unless_wanted():
    tiers = [subnet["tier"] for subnet in PLAN("10.1.0.0/16", ["us-east-1a"], "demo")]
    assert tiers == ["public", "private"]
    assert len(PLAN("10.1.0.0/16", ["us-east-1a"], "demo", database=None)) == 3


def test_subnet_plan_fails_as_a_filter():
    with pytest.raises(AnsibleFilterError, match="subnet_plan: the range of the VPC is wrong"):
        PLAN("10.1.0.7/16", ["us-east-1a"], "demo")
    with pytest.raises(AnsibleFilterError, match="is not from /16 to /28"):
        PLAN("10.0.0.0/12", ["us-east-1a"], "demo")


def test_route_table_plan_leads_to_nothing_without_nat():
    subnets = PLAN("10.1.0.0/16", ["us-east-1a"], "demo", public=[])
    assert TABLES(subnets, "demo", {"demo-private-a": "subnet-1"}, "igw-1") == [
        {"name": "demo-private-a", "subnet_ids": ["subnet-1"], "routes": []}
    ]

"""What resources cost a month."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._removal_kinds import KINDS
from ansible_collections.webstack.aws.plugins.plugin_utils import _prices

TASK = {"tasks": 2, "vcpu": 0.25, "gb": 0.5, "arm": False, "spot": False}
DATABASE = {"class": "db.t4g.micro", "engine": "postgres", "zones": 2, "gib": 20, "storage": "gp3"}


@pytest.mark.parametrize(
    ("kind", "size", "price"),
    [
        ("nat_gateway", {}, 32.85),
        ("secret", {}, 0.40),
        ("vpc", {}, 0),
        ("ecs_service", TASK, 18.02),
        ("ecs_service", {**TASK, "tasks": 0}, 0),
        ("ecs_service", {**TASK, "spot": True}, None),
        ("rds_instance", DATABASE, 27.96),
        ("rds_instance", {**DATABASE, "class": "db.x9.huge"}, None),
        ("rds_instance", {}, None),
        ("elasticache_replication_group", {"class": "cache.t4g.micro", "nodes": 2}, 23.36),
        ("vpc_endpoint", {"zones": 2}, 14.60),
        ("vpc_endpoint", {"zones": 0}, 0),
        ("s3_bucket", {}, None),
    ],
)
def test_price(kind, size, price):
    found = _prices.month(kind, size)
    assert found == price if price is None else found == pytest.approx(price, abs=0.01)


def test_words_say_of_where_and_when_a_price_is():
    assert _prices.words("nat_gateway", {}) == f"32.85 USD a month (list price, us-east-1, {_prices.DATE})"
    assert _prices.words("vpc", {}) == "costs nothing by itself"
    assert _prices.words("log_group", {}) == "costs by use"
    assert _prices.words("rds_instance", {}) == "cost not known"


def test_every_kind_that_can_be_removed_has_a_price_or_says_why_not():
    priced = {*_prices.FREE, *_prices.BY_USE, *_prices.HOURLY, *_prices.MONTHLY, *_prices._SIZED}
    assert set(KINDS) - priced == {"rds_cluster_instance"}
    assert priced <= set(KINDS)

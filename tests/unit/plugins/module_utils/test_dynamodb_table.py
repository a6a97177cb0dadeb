"""What decides about DynamoDB tables: pure functions."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._dynamodb_table import (
    attribute_fault,
    billing_fault,
    changed_indexes,
    expiry_fault,
    kept_encryption,
    with_capacity,
)

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
FIGURES = {"read_capacity_units": 1, "write_capacity_units": 1}
INDEX = {"hash_key": {"name": "a", "type": "S"}, "projection_type": "ALL"}


@pytest.mark.parametrize(
    ("have", "wanted", "key"),
    [
        (KEY, {"enabled": True}, KEY),
        (KEY, {"enabled": True, "kms_master_key_id": KEY.rpartition("/")[2]}, KEY),
        (KEY, {"enabled": True, "kms_master_key_id": "alias/shop"}, KEY),
        (KEY, {"enabled": True, "kms_master_key_id": "another"}, "another"),
        (KEY, {"enabled": False, "kms_master_key_id": KEY}, ""),
        ("", {"enabled": True, "kms_master_key_id": "alias/shop"}, "alias/shop"),
    ],
)
def test_a_key_is_kept_where_it_is_the_same(have, wanted, key):
    live = {"enabled": bool(have), "kms_master_key_id": have}
    assert kept_encryption(live, wanted) == {"enabled": wanted["enabled"], "kms_master_key_id": key}


def test_an_index_keeps_its_capacity():
    provisioned, on_demand = {"billing_mode": "PROVISIONED"}, {"billing_mode": "PAY_PER_REQUEST"}
    live = {**INDEX, "provisioned_throughput": FIGURES}
    assert with_capacity(INDEX, provisioned, live) == live
    assert with_capacity(INDEX, on_demand, INDEX) == INDEX


def test_only_what_an_index_holds_is_fixed():
    have = {"global_secondary_indexes": {"i": {**INDEX, "provisioned_throughput": FIGURES}, "gone": INDEX}}
    assert changed_indexes(have, {"global_secondary_indexes": {"i": INDEX, "new": INDEX}}) == []
    other = {**INDEX, "projection_type": "KEYS_ONLY"}
    assert changed_indexes(have, {"global_secondary_indexes": {"i": other}}) == ["i"]


def test_faults():
    assert billing_fault({"billing_mode": "PAY_PER_REQUEST"}) is None
    assert billing_fault({"billing_mode": "PROVISIONED", "provisioned_throughput": FIGURES}) is None
    assert "figures" in billing_fault({"billing_mode": "PROVISIONED"})[0]
    assert expiry_fault({"ttl_attribute": "a"}, {"ttl_attribute": ""}) is None
    assert expiry_fault({"ttl_attribute": ""}, {"ttl_attribute": "b"}) is None
    assert "one step" in expiry_fault({"ttl_attribute": "a"}, {"ttl_attribute": "b"})[0]
    table = {"hash_key": {"name": "a", "type": "N"}, "range_key": {}, "global_secondary_indexes": {"i": INDEX}}
    assert "a has two types" in attribute_fault(table)[0]
    assert attribute_fault({"hash_key": INDEX["hash_key"], "global_secondary_indexes": {"i": INDEX}}) is None

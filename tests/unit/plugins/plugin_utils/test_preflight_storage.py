"""The rules for a stack's buckets, tables and file systems."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_storage import RULES

BUCKET = {
    "name": "staging-shop-media",
    "lifecycle_rules": [
        {"id": "older", "filter": {"prefix": "a/"}, "transitions": [{"days": 30, "storage_class": "STANDARD_IA"}]},
        {"id": "gone", "expiration": {"days": 90}},
    ],
}
INDEX = {"name": "by-owner", "hash_key": {"name": "owner"}, "range_key": {"name": "expires", "type": "N"}}
TABLE = {
    "hash_key": {"name": "id", "type": "S"},
    "ttl_attribute": "expires",
    "global_secondary_indexes": [INDEX],
}
POINT = {"path": "/uploads/v1", "uid": 1000, "gid": 1000, "permissions": "0755"}
FILES = {"throughput_mode": "bursting", "lifecycle_policies": {"transition_to_ia": "AFTER_30_DAYS"}}
FILES_WITH_POINT = {**FILES, "access_points": {"uploads": POINT, "plain": None}}


def faults(**values: Any) -> list[str]:
    stack = {"storage_buckets": {}, "storage_tables": {}, "file_system_file_systems": {}, **values}
    return [f"{fault.variable}: {fault.problem}" for rule in RULES for fault in rule(stack)]


def bucket(**changes: Any) -> list[str]:
    return faults(storage_buckets={"media": {**BUCKET, **changes}})


def table(**changes: Any) -> list[str]:
    return faults(storage_tables={"things": {**TABLE, **changes}})


def files(**changes: Any) -> list[str]:
    return faults(file_system_file_systems={"media": {**FILES_WITH_POINT, **changes}})


def point(**changes: Any) -> list[str]:
    return files(access_points={"uploads": {**POINT, **changes}})


def test_what_is_right_passes() -> None:
    assert faults() == []
    assert bucket() == []
    assert faults(storage_buckets={"plain": None, "logs": {"receives_load_balancer_logs": True}}) == []
    assert table() == []
    # AWS raises the quota of 20 indexes on request.
    assert table(global_secondary_indexes=[{**INDEX, "name": f"index-{number}"} for number in range(21)]) == []
    assert table(managed_by="application", name="{{ other_outputs.name }}") == []
    assert files() == []
    assert files(throughput_mode="elastic", lifecycle_policies={"transition_to_archive": "AFTER_90_DAYS"}) == []
    assert faults(file_system_file_systems={"plain": None}) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (bucket(versionning=True), "versionning"),
        (bucket(managed_by="somebody"), "managed_by"),
        (faults(storage_buckets={"media": "text"}), "says nothing"),
        (faults(storage_buckets={"me dia": {}}), "cannot be part of names"),
        (
            bucket(lifecycle_rules=[{"id": "a", "transitions": [{"days": 7, "storage_class": "STANDARD_IA"}]}]),
            "a moves objects into STANDARD_IA after 7 days",
        ),
        (bucket(lifecycle_rules=[{"id": "a"}]), "a does nothing"),
        (bucket(receives_load_balancer_logs=True, sse_algorithm="aws:kms"), "aws:kms encrypts"),
        (bucket(receives_load_balancer_logs=True, managed_by="application"), "nobody lets load balancers in"),
        (table(hash_key=None), "hash_key"),
        (table(hash_key={"name": "id", "type": "string"}), "string"),
        (table(name="no"), "'no' is no valid name"),
        (table(range_key={"name": "id"}), "the hash key once more"),
        (table(billing_mode="PROVISIONED"), "needs its figures"),
        (table(range_key={"name": "owner", "type": "N"}), "owner has two types"),
        (table(global_secondary_indexes=[INDEX, INDEX]), "two have one name"),
        (table(global_secondary_indexes=[{**INDEX, "projection_type": "INCLUDE"}]), "do not go together"),
        (table(global_secondary_indexes=[{**INDEX, "name": "a"}]), "'a' is no valid name"),
        (table(ttl_attribute="a" * 256), "256 characters"),
        (table(ttl_attribute="id"), "id is a key that is no number"),
        (files(throughput_mode="provisioned"), "needs a figure"),
        (files(provisioned_throughput_in_mibps=8), "means nothing with throughput_mode bursting"),
        (files(throughput_mode="provisioned", provisioned_throughput_in_mibps=0.5), "too little"),
        (files(throughput_mode="elastic", performance_mode="maxIO"), "generalPurpose alone"),
        (files(lifecycle_policies={"transition_to_ia": "AFTER_3_DAYS"}), "AFTER_3_DAYS"),
        (files(lifecycle_policies={"transition_to_archive": "AFTER_90_DAYS"}), "only with throughput_mode elastic"),
        (files(name="a" * 65), "65 characters"),
        (point(path="uploads"), "no path 'uploads'"),
        (point(path="/a/b/c/d/e"), "no path"),
        (point(uid=-1), "nobody's number"),
        (point(gid=2**32), "nobody's number"),
        (point(permissions=0o755), "YAML makes a number of it"),
        (point(permissions="0999"), "no permissions"),
        (point(mode="0755"), "mode"),
    ],
)
def test_what_is_wrong_is_said(found: list[str], words: str) -> None:
    assert len(found) == 1
    assert words in found[0]

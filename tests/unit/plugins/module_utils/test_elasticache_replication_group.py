"""Replication groups: what counts as a change, in which order changes are made, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _elasticache_replication_group
from ansible_collections.webstack.aws.plugins.module_utils._elasticache_replication_group import (
    ElasticacheReplicationGroup,
    encryption_fault,
    members_after,
    modify_arguments,
    replicas_fault,
    version_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import NotOursError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import decide

LIVE = {
    "ReplicationGroupId": "shop",
    "ARN": "arn:shop",
    "Description": "shop",
    "Status": "available",
    "Engine": "redis",
    "CacheNodeType": "cache.t4g.small",
    "MemberClusters": ["shop-001", "shop-002"],
    "AutomaticFailover": "enabled",
    "MultiAZ": "enabled",
    "KmsKeyId": "arn:aws:kms:us-east-1:1:key/abc",
    "TransitEncryptionEnabled": True,
    "TransitEncryptionMode": "required",
    "AuthTokenEnabled": True,
    "NodeGroups": [{"PrimaryEndpoint": {"Address": "master.shop", "Port": 6379}}],
    "PendingModifiedValues": {},
    "Node": {
        "EngineVersion": "7.1.0",
        "SecurityGroups": [
            {"SecurityGroupId": "sg-1", "Status": "active"},
            {"SecurityGroupId": "sg-0", "Status": "removing"},
        ],
        "CacheParameterGroup": {"CacheParameterGroupName": "shop"},
        "CacheSubnetGroupName": "shop",
        "PendingModifiedValues": {},
    },
    "Tags": [],
}
NEW = {"engine": "redis", "cache_node_type": "cache.t4g.small"}
TOKEN = {"secret_id": "shop", "key": "token"}


def group(token="Abcdefgh12345678", **options):
    written = []
    aws = SimpleNamespace(
        region="us-east-1",
        check_mode=False,
        subject="",
        written=written,
        write=lambda service, operation, **arguments: written.append((operation, arguments)),
        read=lambda *_args, **_kwargs: f'{{"token": "{token}"}}',
    )
    kind = ElasticacheReplicationGroup(aws)
    kind.options = options
    return kind


def changes(live, **wanted):
    """The names of the fields that would be changed."""
    kind = group()
    normal = kind.keep("shop", live, kind.normalize_wanted("shop", {"tags": None, **wanted}))
    return [change.field for change in decide(kind, "shop", live, normal).changes]


@pytest.mark.parametrize(
    "wanted",
    [
        {"replicas_per_node_group": 1},
        {"engine_version": "7.1"},
        {"engine_version": "7.0"},
        {"kms_key_id": "abc"},
        {"kms_key_id": "alias/shop"},
        {"security_group_ids": ["sg-1"]},
        {"cache_parameter_group_name": "Shop", "cache_subnet_group_name": "SHOP", "port": 6379},
        {"auth_token": TOKEN},
        {"apply_immediately": True, "final_snapshot_identifier": "last"},
    ],
)
def test_what_is_no_change(wanted):
    assert changes(LIVE, **wanted) == []


def test_what_was_asked_for_already_is_no_change():
    node = {**LIVE["Node"], "PendingModifiedValues": {"CacheNodeType": "cache.r6g.large", "EngineVersion": "7.2"}}
    live = {
        **LIVE,
        "Node": node,
        "AutomaticFailover": "disabled",
        "PendingModifiedValues": {"AutomaticFailoverStatus": "enabled"},
    }
    assert changes(live, cache_node_type="cache.r6g.large", engine_version="7.2", automatic_failover_enabled=True) == []


def test_failover_follows_the_replicas():
    assert changes(LIVE, replicas_per_node_group=0) == [
        "replicas_per_node_group",
        "automatic_failover_enabled",
        "multi_az_enabled",
    ]
    assert changes(LIVE, replicas_per_node_group=2) == ["replicas_per_node_group"]
    assert changes(LIVE, replicas_per_node_group=1, multi_az_enabled=False) == ["multi_az_enabled"]


def test_tags_that_aws_does_not_show_are_no_change_and_nobody_elses():
    live = {**LIVE, "Tags": None}
    assert changes(live, tags={"a": "1"}) == []
    assert group().adopts("shop", live)
    assert not group().adopts("shop", LIVE)


def test_what_a_group_in_the_making_does_not_show_is_no_change():
    live = {"Status": "creating", "Description": "shop", "Engine": "redis", "Node": {}, "Tags": None}
    assert changes(live, replicas_per_node_group=2, port=6379, engine_version="7.1", snapshot_retention_limit=3) == []


def steps(live, wanted, changed, monkeypatch, **options):
    """The writes of an update; before each of them it waits."""
    kind = group(**options)
    waited = []
    monkeypatch.setattr(_elasticache_replication_group, "wait_ready", lambda aws, noun, name: waited.append(name))
    kind.update("shop", live, wanted, changed)
    assert len(waited) == len(kind.aws.written)
    return kind.aws.written


def test_replicas_come_before_the_failover_that_needs_them(monkeypatch):
    live = {**LIVE, "MemberClusters": ["shop-001"]}
    wanted = {"replicas_per_node_group": 2, "automatic_failover_enabled": True, "multi_az_enabled": True}
    written = steps(live, wanted, set(wanted), monkeypatch)
    assert [operation for operation, _arguments in written] == ["increase_replica_count", "modify_replication_group"]
    assert written[0][1]["NewReplicaCount"] == 2
    assert written[1][1]["ApplyImmediately"] is True


def test_replicas_go_after_the_failover_to_them(monkeypatch):
    wanted = {
        "replicas_per_node_group": 0,
        "automatic_failover_enabled": False,
        "multi_az_enabled": False,
        "cache_node_type": "cache.r6g.large",
    }
    written = steps(LIVE, wanted, set(wanted), monkeypatch)
    assert [operation for operation, _arguments in written] == [
        "modify_replication_group",
        "decrease_replica_count",
        "modify_replication_group",
    ]
    assert written[0][1]["AutomaticFailoverEnabled"] is False
    assert written[2][1]["ApplyImmediately"] is False


def test_a_first_token_is_added_and_then_made_the_only_way_in(monkeypatch):
    written = steps(
        LIVE, {"auth_token": True, "tags": {"a": "1"}}, {"auth_token", "tags"}, monkeypatch, auth_token=TOKEN
    )
    assert written[0][0] == "add_tags_to_resource"
    assert [arguments["AuthTokenUpdateStrategy"] for _operation, arguments in written[1:]] == ["ROTATE", "SET"]


def test_tls_is_first_preferred():
    wanted = {"transit_encryption_enabled": True, "transit_encryption_mode": "required"}
    assert modify_arguments(wanted, set(wanted)) == {
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "preferred",
    }
    assert modify_arguments(wanted, {"transit_encryption_mode"}) == {"TransitEncryptionMode": "required"}


def test_another_engine_brings_its_version():
    wanted = {"engine": "valkey", "engine_version": "8.0"}
    assert modify_arguments(wanted, {"engine"}) == {"Engine": "valkey", "EngineVersion": "8.0"}


@pytest.mark.parametrize(
    ("fault", "have", "wanted", "words"),
    [
        (replicas_fault, {}, {"replicas_per_node_group": 6}, "0 to 5 replicas"),
        (replicas_fault, {}, {"automatic_failover_enabled": True}, "needs a replica"),
        (
            replicas_fault,
            {"automatic_failover_enabled": False},
            {"multi_az_enabled": True, "replicas_per_node_group": 1},
            "needs automatic",
        ),
        (encryption_fault, {}, {"auth_token": True}, "a token needs"),
        (
            encryption_fault,
            {"transit_encryption_enabled": True, "transit_encryption_mode": "required"},
            {"transit_encryption_enabled": False},
            "only be taken off",
        ),
        (version_fault, {"engine": "valkey"}, {"engine": "redis"}, "cannot go back"),
        (
            version_fault,
            {"engine": "redis", "engine_version": "7.1.0"},
            {"engine_version": "6.2"},
            "cannot go back to 6.2",
        ),
    ],
)
def test_what_aws_would_refuse(fault, have, wanted, words):
    assert words in fault(have, wanted)[0]


def test_what_aws_takes():
    assert encryption_fault({"transit_encryption_enabled": True, "transit_encryption_mode": "preferred"}, {}) is None
    assert (
        version_fault({"engine": "redis", "engine_version": "7.1.0"}, {"engine": "valkey", "engine_version": "8.0"})
        is None
    )


def test_what_cannot_be_made_is_refused():
    with pytest.raises(WebstackError, match="cannot be made without cache_node_type"):
        group().refuse("shop", None, {"engine": "redis"})
    with pytest.raises(WebstackError, match="at most 40"):
        group().refuse("x" * 41, None, NEW)
    with pytest.raises(WebstackError, match="0 to 5 replicas"):
        group().refuse("shop", None, {**NEW, "replicas_per_node_group": 9})
    group().refuse("shop", None, None)


def test_a_new_group_is_made_in_one_call():
    kind = group(auth_token=TOKEN)
    kind.create("shop", {**NEW, "replicas_per_node_group": 2, "auth_token": True, "tags": {"a": "1"}})
    [(operation, arguments)] = kind.aws.written
    assert operation == "create_replication_group"
    assert arguments["NumCacheClusters"] == 3
    assert arguments["AuthToken"] == "Abcdefgh12345678"
    assert arguments["ReplicationGroupDescription"] == "shop"
    assert arguments["Tags"] == [{"Key": "a", "Value": "1"}]


@pytest.mark.parametrize("token", ["short", "with/slash/16chars", "with@sign@16chars", "x" * 129])
def test_a_token_that_elasticache_does_not_take_is_refused_unseen(token):
    with pytest.raises(WebstackError, match="does not take the token in token of secret shop") as refused:
        group(token, auth_token=TOKEN).create("shop", {**NEW, "auth_token": True})
    assert token not in str(refused.value)


def test_results_have_what_all_nodes_share():
    shown = group().result("shop", LIVE)
    assert shown["engine_version"] == "7.1.0"
    assert shown["primary_endpoint"] == {"address": "master.shop", "port": 6379}
    assert shown["reader_endpoint"] == {}
    assert "node" not in shown


@pytest.mark.parametrize(
    ("tls", "host"),
    [(True, "master.shop.xxxxxx.xxxx.cache.amazonaws.com"), (False, "shop.xxxxxx.ng.0001.xxxx.cache.amazonaws.com")],
)
def test_check_mode_gives_endpoints(tls, host):
    shown = group().placeholder("shop", {**NEW, "transit_encryption_enabled": tls, "replicas_per_node_group": 1})
    assert shown["primary_endpoint"] == {"address": host, "port": 6379}
    assert shown["member_clusters"] == ["shop-001", "shop-002"]


@pytest.mark.parametrize(("status", "waits"), [("modifying", True), ("create-failed", False)])
def test_removal_waits_until_the_group_takes_it(status, waits, monkeypatch):
    waited = []
    monkeypatch.setattr(_elasticache_replication_group, "wait_ready", lambda aws, noun, name: waited.append(name))
    kind = group()
    kind.delete("shop", {**LIVE, "Status": status})
    assert bool(waited) is waits
    assert kind.aws.written[0][0] == "delete_replication_group"


@pytest.mark.parametrize("tags", [None, [], [{"Key": "webstack:stack", "Value": "other"}]])
def test_a_group_that_was_busy_is_asked_whose_it_is_before_it_is_touched(monkeypatch, tags):
    waited = []
    monkeypatch.setattr(_elasticache_replication_group, "wait_ready", lambda *arguments: waited.append(arguments[1:]))
    kind = group(tags={"webstack:stack": "shop"})
    kind.read = lambda names: {"shop": {**LIVE, "Tags": tags}}
    with pytest.raises(NotOursError):
        kind.prepare("shop", {**LIVE, "Status": "modifying", "Tags": None})
    assert waited == [("elasticache_replication_group", "shop")]


def test_a_group_of_ours_is_touched_once_it_is_ready(monkeypatch):
    monkeypatch.setattr(_elasticache_replication_group, "wait_ready", lambda *arguments: None)
    kind = group(tags={"webstack:stack": "shop"})
    for found in ({"shop": {**LIVE, "Tags": [{"Key": "webstack:stack", "Value": "shop"}]}}, {}):
        kind.read = lambda names, found=found: found
        kind.prepare("shop", {**LIVE, "Tags": None})
    kind.read = None
    kind.prepare("shop", LIVE)


@pytest.mark.parametrize(
    ("members", "primary", "replicas", "after"),
    [
        (["shop-001"], "shop-001", 2, ["shop-001", "shop-002", "shop-003"]),
        (["shop-001", "shop-003"], "shop-001", 2, ["shop-001", "shop-002", "shop-003"]),
        (["shop-001", "shop-002"], "shop-001", 0, ["shop-001"]),
        (["shop-001", "shop-002"], "shop-002", 0, ["shop-002"]),
        (["shop-001", "shop-002"], "shop-001", 1, ["shop-001", "shop-002"]),
    ],
)
def test_check_mode_names_the_nodes_that_come_and_go(members, primary, replicas, after):
    roles = [{"CacheClusterId": node, "CurrentRole": "primary" if node == primary else "replica"} for node in members]
    live = {"MemberClusters": members, "NodeGroups": [{"NodeGroupMembers": roles}]}
    assert members_after("shop", live, replicas) == after

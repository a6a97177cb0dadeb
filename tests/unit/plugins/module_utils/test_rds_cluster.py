"""Aurora clusters: what counts as a change, what is sent for it, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _rds_cluster, _rds_database
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._rds_cluster import (
    RdsCluster,
    capacity_fault,
    modify_arguments,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import decide

LIVE = {
    "DBClusterIdentifier": "tickets",
    "DBClusterArn": "arn:tickets",
    "Status": "available",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.9",
    "MasterUsername": "tickets",
    "DatabaseName": "tickets",
    "StorageEncrypted": True,
    "KmsKeyId": "arn:aws:kms:us-east-1:1:key/abc",
    "Port": 5432,
    "DBSubnetGroup": "tickets",
    "DBClusterParameterGroup": "tickets",
    "VpcSecurityGroups": [
        {"VpcSecurityGroupId": "sg-2", "Status": "active"},
        {"VpcSecurityGroupId": "sg-1", "Status": "adding"},
        {"VpcSecurityGroupId": "sg-0", "Status": "removing"},
    ],
    "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 16.0},
    "DBClusterMembers": [],
    "TagList": [{"Key": "webstack:databases", "Value": "one two"}],
}
NEW = {
    "engine": "aurora-postgresql",
    "master_username": "tickets",
    "master_user_password": {"secret_id": "tickets", "key": "password"},
}


def cluster(instances=(), **options):
    """A kind whose AWS has these instances, each as name and state."""
    written = []

    def read(_service, operation, _path, **arguments):
        assert operation == "describe_db_instances"
        return [{"DBInstanceStatus": state} for name, state in instances if name == arguments["DBInstanceIdentifier"]]

    aws = SimpleNamespace(
        region="us-east-1",
        check_mode=False,
        subject="",
        written=written,
        write=lambda _service, operation, **arguments: written.append((operation, arguments)),
        read=read,
    )
    kind = RdsCluster(aws)
    kind.options = options
    return kind


def changes(live, **wanted):
    """The names of the fields that would be changed."""
    kind = cluster()
    normal = kind.keep("tickets", live, kind.normalize_wanted("tickets", {"tags": None, **wanted}))
    return [change.field for change in decide(kind, "tickets", live, normal).changes]


@pytest.mark.parametrize(
    "wanted",
    [
        {"engine_version": "16"},
        {"engine_version": "16.4"},
        {"storage_type": "aurora"},
        {"serverless_v2_scaling_configuration": {"min_capacity": 0.5, "max_capacity": 16}},
        {"vpc_security_group_ids": ["sg-2", "sg-1"]},
        {"db_cluster_parameter_group_name": "Tickets", "db_subnet_group_name": "TICKETS"},
        {"kms_key_id": "abc"},
        {"kms_key_id": "alias/own"},
        {"enable_performance_insights": False, "performance_insights_retention_period": 7},
        {"tags": {}},
        {"database_name": "other"},
    ],
)
def test_the_same_in_other_words_is_no_change(wanted):
    assert changes(LIVE, **wanted) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"engine_version": "16.10"},
        {"engine_version": "17"},
        {"storage_type": "aurora-iopt1"},
        {"serverless_v2_scaling_configuration": {"min_capacity": 0.5, "max_capacity": 8.5}},
        {"vpc_security_group_ids": ["sg-2"]},
        {"enable_performance_insights": True},
        {"enable_cloudwatch_logs_exports": ["postgresql"]},
        {"port": 5433},
        {"tags": {"a": "1"}},
    ],
)
def test_what_differs_is_a_change(wanted):
    assert changes(LIVE, **wanted) == list(wanted)


def test_what_waits_for_the_window_counts_as_made():
    live = {**LIVE, "PendingModifiedValues": {"EngineVersion": "17.5", "IAMDatabaseAuthenticationEnabled": True}}
    assert changes(live, engine_version="17", enable_iam_database_authentication=True) == []
    # The group goes along with a major upgrade that waits.
    assert changes(live, engine_version="17", db_cluster_parameter_group_name="tickets-17") == []


def test_insights_are_sent_together():
    have = cluster().normalize("tickets", LIVE)
    wanted = {"enable_performance_insights": True, "performance_insights_retention_period": 31, "port": 5432}
    assert modify_arguments(have, wanted, {"performance_insights_retention_period"}) == {
        "EnablePerformanceInsights": True,
        "PerformanceInsightsRetentionPeriod": 31,
    }


def test_a_major_upgrade_says_so_and_capacity_and_logs_have_forms_of_their_own():
    have = cluster().normalize("tickets", LIVE)
    wanted = {
        "engine_version": "17",
        "serverless_v2_scaling_configuration": {"min_capacity": 1.0, "max_capacity": 2.0},
        "enable_cloudwatch_logs_exports": ["postgresql"],
    }
    assert modify_arguments(have, wanted, set(wanted)) == {
        "EngineVersion": "17",
        "AllowMajorVersionUpgrade": True,
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 1.0, "MaxCapacity": 2.0},
        "CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["postgresql"], "DisableLogTypes": []},
    }


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [(0.3, 4, "steps of a half"), (8, 4, "no capacity of 8 to 4"), (0.5, 0.5, "1 to 256"), (1, 300, "1 to 300")],
)
def test_capacities_that_aurora_does_not_have(least, most, words):
    assert words in " ".join(capacity_fault({"min_capacity": least, "max_capacity": most}))


@pytest.mark.parametrize("bounds", [(0, 1), (0.5, 16), (256, 256)])
def test_capacities_that_aurora_has(bounds):
    assert capacity_fault(dict(zip(("min_capacity", "max_capacity"), bounds, strict=True))) is None


@pytest.mark.parametrize(
    ("name", "live", "wanted", "words"),
    [
        ("tickets", None, {"engine": "aurora-postgresql"}, "without master_username, master_user_password"),
        ("a--b", None, NEW, "is no valid name"),
        ("tickets", LIVE, {"engine_version": "17"}, "is a major upgrade"),
        ("tickets", LIVE, {"engine_version": "15.9"}, "cannot go back"),
        ("tickets", {**LIVE, "DeletionProtection": True}, None, "protected from removal"),
        ("tickets", LIVE, None, "nobody says what becomes of its data"),
    ],
)
def test_what_is_refused(name, live, wanted, words):
    with pytest.raises(WebstackError, match=words):
        cluster().refuse(name, live, wanted)


def test_a_cluster_with_instances_goes_only_once_they_go():
    live = {**LIVE, "DBClusterMembers": [{"DBInstanceIdentifier": "one"}]}
    with pytest.raises(WebstackError, match="still has instances: one"):
        cluster([("one", "available")], skip_final_snapshot=True).refuse("tickets", live, None)
    cluster([("one", "deleting")], skip_final_snapshot=True).refuse("tickets", live, None)


def test_removal_waits_for_the_instances_and_keeps_a_snapshot(monkeypatch):
    waited = []
    monkeypatch.setattr(_rds_cluster, "wait_gone", lambda _aws, kind, name: waited.append((kind, name)))
    kind = cluster(final_db_snapshot_identifier="last")
    kind.delete("tickets", {**LIVE, "DBClusterMembers": [{"DBInstanceIdentifier": "one"}]})
    assert waited == [("rds_instance", "one")]
    ((operation, arguments),) = kind.aws.written
    assert operation == "delete_db_cluster"
    assert (arguments["SkipFinalSnapshot"], arguments["FinalDBSnapshotIdentifier"]) == (False, "last")


@pytest.mark.parametrize("password", ["short", "x" * 42, "with/slash"])
def test_a_password_that_aurora_does_not_take_is_refused_unseen(password, monkeypatch):
    monkeypatch.setattr(_rds_database, "read_value", lambda _aws, _reference: password)
    with pytest.raises(WebstackError, match="8 to 41 printable") as refused:
        cluster().create("tickets", NEW)
    assert password not in str(refused.value)


def test_a_plan_shows_no_password():
    shown = cluster().placeholder("tickets", {**NEW, "tags": {"a": "1"}})
    assert "master_user_password" not in shown
    assert shown["endpoint"].startswith("tickets.cluster-xxx")
    assert (shown["port"], shown["tags"]) == (5432, {"a": "1"})

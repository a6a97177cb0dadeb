"""RDS instances: what counts as a change, what is sent for it, and what is refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _rds_database, _rds_instance
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._rds_instance import (
    RdsInstance,
    log_exports,
    modify_arguments,
    monitoring_fault,
    storage_fault,
    version_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import decide

LIVE = {
    "DBInstanceIdentifier": "shop",
    "DBInstanceArn": "arn:shop",
    "DBInstanceStatus": "available",
    "DBInstanceClass": "db.t4g.small",
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "AllocatedStorage": 20,
    "StorageType": "gp3",
    "StorageEncrypted": True,
    "KmsKeyId": "arn:aws:kms:us-east-1:1:key/abc",
    "MasterUsername": "shop",
    "DBName": "shop",
    "MultiAZ": False,
    "Endpoint": {"Address": "shop.x.us-east-1.rds.amazonaws.com", "Port": 5432},
    "DBSubnetGroup": {"DBSubnetGroupName": "shop"},
    "VpcSecurityGroups": [
        {"VpcSecurityGroupId": "sg-2", "Status": "active"},
        {"VpcSecurityGroupId": "sg-1", "Status": "adding"},
        {"VpcSecurityGroupId": "sg-0", "Status": "removing"},
    ],
    "DBParameterGroups": [{"DBParameterGroupName": "shop"}],
    "TagList": [{"Key": "webstack:databases", "Value": "one two"}],
    "PendingModifiedValues": {},
}
NEW = {
    "engine": "postgres",
    "db_instance_class": "db.t4g.small",
    "allocated_storage": 20,
    "storage_type": "gp3",
    "master_username": "shop",
    "master_user_password": {"secret_id": "shop", "key": "password"},
}


def instance(**options):
    written = []
    aws = SimpleNamespace(
        region="us-east-1",
        check_mode=False,
        subject="",
        written=written,
        write=lambda service, operation, **arguments: written.append((operation, arguments)),
        read=lambda *_args, **_kwargs: '{"password": "Abcdefgh1"}',
    )
    kind = RdsInstance(aws)
    kind.options = options
    return kind


def changes(live, **wanted):
    """The names of the fields that would be changed."""
    kind = instance()
    normal = kind.keep("shop", live, kind.normalize_wanted("shop", {"tags": None, **wanted}))
    return [change.field for change in decide(kind, "shop", live, normal).changes]


@pytest.mark.parametrize(
    "wanted",
    [
        {"engine_version": "16"},
        {"engine_version": "16.2"},
        {"kms_key_id": "abc"},
        {"kms_key_id": "alias/shop"},
        {"vpc_security_group_ids": ["sg-2", "sg-1"]},
        {"db_parameter_group_name": "Shop", "db_subnet_group_name": "SHOP"},
        {"db_name": "other", "master_user_password": {"secret_id": "a", "key": "b"}},
        {"monitoring_interval": 0, "monitoring_role_arn": "arn:role"},
        {"enable_performance_insights": False, "performance_insights_retention_period": 7},
        {"max_allocated_storage": 0, "enable_cloudwatch_logs_exports": [], "port": 5432},
        {"apply_immediately": True, "skip_final_snapshot": True},
    ],
)
def test_what_is_no_change(wanted):
    assert changes(LIVE, **wanted) == []


def test_what_was_asked_for_already_is_no_change():
    pending = {"DBInstanceClass": "db.t4g.large", "EngineVersion": "16.6", "Port": 5433, "MultiAZ": True}
    live = {**LIVE, "PendingModifiedValues": pending}
    assert changes(live, db_instance_class="db.t4g.large", engine_version="16.6", port=5433, multi_az=True) == []
    assert changes(live, db_instance_class="db.t4g.small") == ["db_instance_class"]


def test_storage_that_aws_enlarged_is_kept():
    live = {**LIVE, "AllocatedStorage": 60, "MaxAllocatedStorage": 100}
    assert changes(live, allocated_storage=20) == []
    assert changes(live, allocated_storage=20, max_allocated_storage=50) == [
        "allocated_storage",
        "max_allocated_storage",
    ]
    assert changes({**LIVE, "MaxAllocatedStorage": 20}, max_allocated_storage=0) == []


def test_the_tag_that_remembers_databases_stays():
    assert changes(LIVE, tags={}) == []
    assert changes(LIVE, tags={"webstack:databases": "one two three"}) == ["tags"]


def test_what_an_instance_in_the_making_does_not_show_is_no_change():
    live = {"DBInstanceStatus": "creating", "Engine": "postgres", "EngineVersion": "16.4", "AllocatedStorage": 20}
    assert changes(live, multi_az=True, port=5432, deletion_protection=True, tags={"a": "1"}) == []
    assert changes(live, allocated_storage=30) == ["allocated_storage"]


def test_logs_that_are_on_their_way_count():
    pending = {"PendingCloudwatchLogsExports": {"LogTypesToEnable": ["upgrade"], "LogTypesToDisable": ["postgresql"]}}
    assert log_exports({"EnabledCloudwatchLogsExports": ["postgresql"], "PendingModifiedValues": pending}) == [
        "upgrade"
    ]


HAVE = {"allocated_storage": 100, "storage_type": "gp3", "max_allocated_storage": 0}


@pytest.mark.parametrize(
    ("have", "wanted", "words"),
    [
        (HAVE, {"allocated_storage": 90}, "never shrink to 90"),
        (HAVE, {"allocated_storage": 105}, "to 110 GiB or more"),
        ({}, {"allocated_storage": 10, "storage_type": "gp3"}, "at least 20 GiB"),
        ({}, {"allocated_storage": 50, "storage_type": "io1"}, "at least 100 GiB"),
        (HAVE, {"max_allocated_storage": 105}, "not a tenth above"),
        (HAVE, {"iops": 12000}, "always has 3000 IOPS"),
    ],
)
def test_storage_that_aws_would_refuse(have, wanted, words):
    assert words in storage_fault(have, wanted)[0]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"multi_az": True},
        {"allocated_storage": 110},
        {"allocated_storage": 400, "iops": 12000},
        {"max_allocated_storage": 0},
    ],
)
def test_storage_that_aws_takes(wanted):
    assert storage_fault(HAVE, wanted) is None


@pytest.mark.parametrize(
    ("engine", "live", "wanted", "may", "words"),
    [
        ("postgres", "16.4", "15", True, "cannot go back"),
        ("postgres", "16.4", "17", False, "major upgrade"),
        ("mysql", "8.0.35", "8.4", False, "major upgrade"),
    ],
)
def test_versions_that_aws_would_refuse(engine, live, wanted, may, words):
    assert words in version_fault({"engine": engine, "engine_version": live}, {"engine_version": wanted}, may)[0]


def test_versions_that_aws_takes():
    for wanted, may in (("16.6", False), ("17", True), (None, False)):
        assert version_fault({"engine": "postgres", "engine_version": "16.4"}, {"engine_version": wanted}, may) is None


def test_enhanced_monitoring_needs_a_role():
    assert monitoring_fault({"monitoring_interval": 60})
    assert monitoring_fault({"monitoring_interval": 60, "monitoring_role_arn": "arn:role"}) is None


@pytest.mark.parametrize(
    ("have", "wanted", "arguments"),
    [
        ({}, {"port": 5433}, {"DBPortNumber": 5433}),
        ({"allocated_storage": 20}, {"max_allocated_storage": 0}, {"MaxAllocatedStorage": 20}),
        (
            {"storage_type": "io1", "allocated_storage": 100, "iops": 1000},
            {"allocated_storage": 200},
            {"AllocatedStorage": 200, "Iops": 1000},
        ),
        (
            {"storage_type": "gp3", "allocated_storage": 20, "iops": 3000},
            {"allocated_storage": 30},
            {"AllocatedStorage": 30},
        ),
        (
            {"storage_type": "gp3", "allocated_storage": 20, "iops": 3000},
            {"allocated_storage": 400},
            {"AllocatedStorage": 400},
        ),
        (
            {"enable_performance_insights": True},
            {"performance_insights_retention_period": 31},
            {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 31},
        ),
        (
            {"enable_cloudwatch_logs_exports": ["a", "b"]},
            {"enable_cloudwatch_logs_exports": ["b", "c"]},
            {"CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["c"], "DisableLogTypes": ["a"]}},
        ),
        (
            {"engine": "postgres", "engine_version": "16.4"},
            {"engine_version": "17"},
            {"EngineVersion": "17", "AllowMajorVersionUpgrade": True},
        ),
        ({"engine": "postgres", "engine_version": "16.4"}, {"engine_version": "16.6"}, {"EngineVersion": "16.6"}),
    ],
)
def test_what_is_sent_for_a_change(have, wanted, arguments):
    assert modify_arguments(have, wanted, set(wanted)) == arguments


def test_settings_that_belong_together_go_together():
    wanted = {"monitoring_interval": 60, "monitoring_role_arn": "arn:role"}
    assert modify_arguments({}, wanted, {"monitoring_interval"}) == {
        "MonitoringInterval": 60,
        "MonitoringRoleArn": "arn:role",
    }


def test_a_new_instance_gets_its_password_from_the_secret_in_one_call():
    kind = instance()
    kind.create("shop", {**NEW, "max_allocated_storage": 0, "tags": {"a": "1"}})
    [(operation, arguments)] = kind.aws.written
    assert operation == "create_db_instance"
    assert arguments["MasterUserPassword"] == "Abcdefgh1"
    assert arguments["Tags"] == [{"Key": "a", "Value": "1"}]
    assert "MaxAllocatedStorage" not in arguments


@pytest.mark.parametrize(
    "password", ["short", "with/slash", "with@sign", 'with"quote', "with space", "x" * 129, "ümlautümlaut"]
)
def test_a_password_that_rds_does_not_take_is_refused_unseen(password, monkeypatch):
    kind = instance()
    monkeypatch.setattr(_rds_database, "read_value", lambda aws, reference: password)
    with pytest.raises(WebstackError, match="does not take the password in password of secret shop") as refused:
        kind.create("shop", NEW)
    assert password not in str(refused.value)


def test_an_instance_of_that_name_that_is_going_is_waited_for(monkeypatch):
    waited = []
    monkeypatch.setattr(_rds_instance, "wait_gone", lambda aws, kind, name: waited.append(name))
    kind = instance()
    kind.aws.read = lambda service, operation, *_args, **_kwargs: (
        [{**LIVE, "DBInstanceStatus": "deleting"}]
        if operation == "describe_db_instances"
        else '{"password": "Abcdefgh1"}'
    )
    kind.read(["shop"])
    kind.create("shop", NEW)
    assert waited == ["shop"]


@pytest.mark.parametrize(("status", "waits"), [("available", True), ("storage-full", False)])
def test_a_change_waits_until_the_instance_takes_it(status, waits, monkeypatch):
    waited = []
    monkeypatch.setattr(_rds_instance, "wait_ready", lambda aws, kind, name: waited.append(name))
    kind = instance(apply_immediately=True)
    kind.update("shop", {**LIVE, "DBInstanceStatus": status}, {"tags": {}, "multi_az": True}, {"tags", "multi_az"})
    assert bool(waited) is waits
    assert [operation for operation, _arguments in kind.aws.written] == [
        "remove_tags_from_resource",
        "modify_db_instance",
    ]
    assert kind.aws.written[1][1]["ApplyImmediately"] is True


def test_tags_alone_wait_for_nothing(monkeypatch):
    monkeypatch.setattr(_rds_instance, "wait_ready", lambda *_args: pytest.fail("it waited"))
    kind = instance()
    kind.update("shop", LIVE, {"tags": {"webstack:databases": "one"}}, {"tags"})
    assert [operation for operation, _arguments in kind.aws.written] == ["add_tags_to_resource"]


def test_what_cannot_be_made_is_refused():
    with pytest.raises(WebstackError, match="cannot be made without db_instance_class"):
        instance().refuse("shop", None, {key: value for key, value in NEW.items() if key != "db_instance_class"})
    with pytest.raises(WebstackError, match="no valid name"):
        instance().refuse("1shop", None, NEW)
    with pytest.raises(WebstackError, match="at least 20 GiB"):
        instance().refuse("shop", None, {**NEW, "allocated_storage": 10})


def test_removal_wants_a_word_about_the_data():
    instance().refuse("shop", None, None)
    instance(skip_final_snapshot=True).refuse("shop", LIVE, None)
    with pytest.raises(WebstackError, match="what becomes of its data"):
        instance().refuse("shop", LIVE, None)
    with pytest.raises(WebstackError, match="protected"):
        instance(skip_final_snapshot=True).refuse("shop", {**LIVE, "DeletionProtection": True}, None)
    # Of a cluster's instance that says nothing: the cluster is protected, not the instance.
    instance().refuse("shop", {**LIVE, "DBClusterIdentifier": "shop", "DeletionProtection": True}, None)


@pytest.mark.parametrize(
    ("options", "status", "arguments"),
    [
        ({"skip_final_snapshot": True}, "available", {"SkipFinalSnapshot": True}),
        (
            {"final_db_snapshot_identifier": "last", "delete_automated_backups": False},
            "modifying",
            {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": "last", "DeleteAutomatedBackups": False},
        ),
    ],
)
def test_removal(options, status, arguments, monkeypatch):
    waited = []
    monkeypatch.setattr(_rds_instance, "wait_ready", lambda aws, kind, name: waited.append(name))
    kind = instance(**options)
    kind.delete("shop", {**LIVE, "DBInstanceStatus": status})
    [(_operation, sent)] = kind.aws.written
    assert {key: value for key, value in sent.items() if key not in ("DBInstanceIdentifier", "missing")} == arguments
    assert bool(waited) is (status == "modifying")


def test_check_mode_gives_an_endpoint():
    shown = instance().placeholder("shop", NEW)
    assert shown["endpoint"] == {"address": "shop.xxxxxxxxxxxx.us-east-1.rds.amazonaws.com", "port": 5432}
    assert "master_user_password" not in shown


def test_a_group_of_the_new_family_waits_with_its_major_upgrade():
    wanted = {"engine_version": "17", "db_parameter_group_name": "shop-17"}
    kind = instance()
    asked = kind.keep("shop", LIVE, kind.normalize_wanted("shop", wanted))
    assert asked == wanted
    waiting = {**LIVE, "PendingModifiedValues": {"EngineVersion": "17.2"}}
    kept = kind.keep("shop", waiting, kind.normalize_wanted("shop", wanted))
    assert decide(kind, "shop", waiting, kept).changes == []
    minor = {**LIVE, "PendingModifiedValues": {"EngineVersion": "16.6"}}
    assert kind.keep("shop", minor, wanted)["db_parameter_group_name"] == "shop-17"

"""What the plan says beside the changes: what others own, what follows from a change, and under which name."""

from __future__ import annotations

import importlib
import json
import pkgutil
from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins import module_utils
from ansible_collections.webstack.aws.plugins.module_utils._acm_certificate import AcmCertificate
from ansible_collections.webstack.aws.plugins.module_utils._cloudtrail import Cloudtrail
from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._config_recorder import ConfigRecorder
from ansible_collections.webstack.aws.plugins.module_utils._dynamodb_table import DynamodbTable
from ansible_collections.webstack.aws.plugins.module_utils._ecr_repository import EcrRepository
from ansible_collections.webstack.aws.plugins.module_utils._ecr_revision_tags import entries
from ansible_collections.webstack.aws.plugins.module_utils._ecs_run_task import plan_entry, planned
from ansible_collections.webstack.aws.plugins.module_utils._ecs_service import EcsService
from ansible_collections.webstack.aws.plugins.module_utils._ecs_service_autoscaling import EcsServiceAutoscaling
from ansible_collections.webstack.aws.plugins.module_utils._ecs_task_definition import EcsTaskDefinition
from ansible_collections.webstack.aws.plugins.module_utils._efs import EfsAccessPoint, EfsFileSystem
from ansible_collections.webstack.aws.plugins.module_utils._elasticache_replication_group import (
    ElasticacheReplicationGroup,
)
from ansible_collections.webstack.aws.plugins.module_utils._flow_logs import FlowLog
from ansible_collections.webstack.aws.plugins.module_utils._iam_access_key import IamAccessKey
from ansible_collections.webstack.aws.plugins.module_utils._listeners import Listener, Rule
from ansible_collections.webstack.aws.plugins.module_utils._load_balancer import LoadBalancer
from ansible_collections.webstack.aws.plugins.module_utils._log_group import LogGroup
from ansible_collections.webstack.aws.plugins.module_utils._nat_gateways import NatGateway
from ansible_collections.webstack.aws.plugins.module_utils._notes import notes_on, when_off, when_on, when_shorter
from ansible_collections.webstack.aws.plugins.module_utils._parameter_groups import (
    ElasticacheParameterGroup,
    RdsParameterGroup,
)
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._rds_cluster import RdsCluster
from ansible_collections.webstack.aws.plugins.module_utils._rds_instance import RdsInstance
from ansible_collections.webstack.aws.plugins.module_utils._resource import Kind, Outcome, decide, ensure
from ansible_collections.webstack.aws.plugins.module_utils._route53 import Route53Record, Route53Zone
from ansible_collections.webstack.aws.plugins.module_utils._route_tables import RouteTable
from ansible_collections.webstack.aws.plugins.module_utils._s3_bucket import S3Bucket
from ansible_collections.webstack.aws.plugins.module_utils._schedule_group import ScheduleGroup
from ansible_collections.webstack.aws.plugins.module_utils._schedules import Schedule
from ansible_collections.webstack.aws.plugins.module_utils._secret import Secret
from ansible_collections.webstack.aws.plugins.module_utils._sns_topic import SnsTopic
from ansible_collections.webstack.aws.plugins.module_utils._sqs_queue import SqsQueue
from ansible_collections.webstack.aws.plugins.module_utils._vpc_endpoints import VpcEndpoint

AWS = SimpleNamespace(region="us-east-1", check_mode=True, subject="", plan=[])
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/{}/0a1b2c3d4e5f6071/9"
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/{}/0a1b2c3d4e5f6071"


def of(cls, **options):
    made = cls(AWS)
    made.options = options
    return made


def updated(live=None, /, wanted=None, **changes):
    """An update; each change as (before, after)."""
    listed = [Change(field, *values) for field, values in changes.items()]
    return Outcome("it", "update", listed, wanted or {}, live or {})


def made(wanted=None, **after):
    return Outcome(
        "it", "create", [Change(field, None, value) for field, value in after.items()], wanted or after, None
    )


def gone(live=None):
    return Outcome("it", "delete", [], None, live or {})


def all_kinds():
    """All kinds that stand for resources; what they have in common is imported as well and has no noun."""
    for module in pkgutil.iter_modules(module_utils.__path__):
        importlib.import_module(f"{module_utils.__name__}.{module.name}")

    def below(cls):
        for inner in cls.__subclasses__():
            yield inner
            yield from below(inner)

    own = {cls for cls in below(Kind) if cls.__module__.startswith(module_utils.__name__) and cls.noun}
    return sorted(own, key=lambda cls: cls.__name__)


def bare(cls):
    """A kind without what it reads."""
    return cls(AWS, BALANCER.format("shop")) if cls in (Listener, Rule) else cls(AWS)


# What others own


SERVICE = {
    "status": "ACTIVE",
    "taskDefinition": "arn:aws:ecs:us-east-1:1:task-definition/shop-api:7",
    "desiredCount": 7,
    "platformVersion": "1.4.0",
    "deployments": [{"status": "PRIMARY", "rolloutState": "COMPLETED"}],
}
WAITING = {**SERVICE, "desiredCount": 0, "tags": [{"key": "webstack:waiting-for-image", "value": "shop:1"}]}


@pytest.mark.parametrize(
    ("owner", "live", "wanted", "kept"),
    [
        ("autoscaling", SERVICE, {"desired_count": 2}, [Kept("desired_count", 7, 2, "autoscaling")]),
        ("autoscaling", SERVICE, {"desired_count": 7}, []),
        ("autoscaling", SERVICE, {}, []),
        ("variables", SERVICE, {"desired_count": 2}, []),
        ("autoscaling", WAITING, {"desired_count": 2, "waiting_for_image": ""}, []),
        # What LATEST means is no decision of anybody's.
        ("variables", SERVICE, {"platform_version": "LATEST"}, []),
    ],
)
def test_of_a_service_autoscaling_owns_the_number_of_tasks(owner, live, wanted, kept):
    assert of(EcsService, desired_count_owner=owner).kept("api", live, wanted) == kept


@pytest.mark.parametrize(
    ("bounds", "wanted", "kept"),
    [
        ((4, 8), {"min_capacity": 1, "max_capacity": 8}, [Kept("min_capacity", 4, 1, "schedule")]),
        ((4, 8), {"min_capacity": 4, "max_capacity": 9}, []),
        ((1, 8), {"min_capacity": 2}, []),
        ((4, 8), {"min_capacity": 1, "schedules": {}}, []),
    ],
)
def test_a_bound_that_a_schedule_has_set_is_the_schedules(bounds, wanted, kept):
    live = {
        "MinCapacity": bounds[0],
        "MaxCapacity": bounds[1],
        "ScheduledActions": [{"ScheduledActionName": "day", "ScalableTargetAction": {"MinCapacity": 4}}],
    }
    scaling, wanted = of(EcsServiceAutoscaling), {"schedules": {"day": {}}, **wanted}
    assert scaling.kept("api", live, wanted) == kept
    assert not {item.field for item in kept} & scaling.keep("api", live, wanted).keys()


@pytest.mark.parametrize(
    ("owner", "containers", "kept"),
    [
        ("ci", {"api": {"image": "shop:2"}}, [Kept("containers.api.image", "shop:1", "shop:2", "CI")]),
        ("ci", {"api": {"image": "shop:1"}}, []),
        ("ci", {"api": {}}, []),
        ("ci", {"side": {"image": "side:1"}}, []),
        ("variables", {"api": {"image": "shop:2"}}, []),
    ],
)
def test_images_are_cis_container_by_container(owner, containers, kept):
    live = {"containerDefinitions": [{"name": "api", "image": "shop:1"}]}
    definition = of(EcsTaskDefinition, image_owner=owner)
    assert definition.kept("shop-api", live, {"containers": containers}) == kept
    assert definition.kept("shop-api", live, {}) == []


INSTANCE = {
    "DBInstanceStatus": "available",
    "DBInstanceClass": "db.t4g.small",
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "AllocatedStorage": 50,
    "MaxAllocatedStorage": 100,
    "DBParameterGroups": [{"DBParameterGroupName": "shop16"}],
    "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
    "PendingModifiedValues": {},
}
CLUSTER = {
    "Status": "available",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.4",
    "DBClusterParameterGroup": "shop16",
    "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
}
GROUP = {
    "Status": "available",
    "Description": "shop",
    "MemberClusters": ["shop-001", "shop-002"],
    "Node": {"EngineVersion": "7.1.0", "PreferredMaintenanceWindow": "sun:04:00-sun:05:00"},
    "Tags": [],
}
UPGRADE = {"PendingModifiedValues": {"EngineVersion": "17.2"}}


@pytest.mark.parametrize(
    ("cls", "live", "wanted", "kept"),
    [
        (RdsInstance, INSTANCE, {"engine_version": "16.3"}, [Kept("engine_version", "16.4", "16.3", "AWS")]),
        (RdsInstance, INSTANCE, {"engine_version": "16"}, []),
        (RdsInstance, INSTANCE, {"engine_version": "16.4"}, []),
        (RdsInstance, INSTANCE, {"engine_version": "16.6"}, []),
        (RdsInstance, INSTANCE, {"engine_version": "15.9"}, []),
        (RdsInstance, INSTANCE, {"allocated_storage": 20}, [Kept("allocated_storage", 50, 20, "AWS")]),
        (RdsInstance, INSTANCE, {"allocated_storage": 20, "max_allocated_storage": 0}, []),
        (RdsInstance, INSTANCE, {"allocated_storage": 60}, []),
        (
            RdsInstance,
            {**INSTANCE, **UPGRADE},
            {"engine_version": "17", "db_parameter_group_name": "shop17"},
            [Kept("db_parameter_group_name", "shop16", "shop17", "the pending upgrade")],
        ),
        (RdsCluster, CLUSTER, {"engine_version": "16.3"}, [Kept("engine_version", "16.4", "16.3", "AWS")]),
        (RdsCluster, CLUSTER, {"engine_version": "16"}, []),
        (
            RdsCluster,
            {**CLUSTER, **UPGRADE},
            {"db_cluster_parameter_group_name": "shop17"},
            [Kept("db_cluster_parameter_group_name", "shop16", "shop17", "the pending upgrade")],
        ),
        (
            ElasticacheReplicationGroup,
            GROUP,
            {"engine_version": "7.0"},
            [Kept("engine_version", "7.1.0", "7.0", "AWS")],
        ),
        (ElasticacheReplicationGroup, GROUP, {"engine_version": "7.1"}, []),
        (ElasticacheReplicationGroup, GROUP, {}, []),
    ],
)
def test_newer_minor_versions_and_grown_storage_are_awss(cls, live, wanted, kept):
    assert of(cls).kept("shop", live, wanted) == kept


def test_what_is_rotated_is_told_without_its_value():
    fields = {"password": {"generate": {}}, "user": {"value": "shop"}, "new": {"generate": {"length": 20}}}
    secret = of(Secret, fields=fields)
    secret._values = {"shop": {"password": "hunter2hunter2", "user": "shop"}}
    assert secret.kept("shop", {"RotationEnabled": True}, {}) == [
        Kept("fields.password", "rotated", "generated", "rotation")
    ]
    assert secret.kept("shop", {}, {}) == []


def test_a_subscription_that_waits_for_its_confirmation_stays():
    live = {"Subscriptions": [{"Protocol": "email", "Endpoint": "a@b.c", "SubscriptionArn": "PendingConfirmation"}]}
    topic, waiting = of(SnsTopic), {"protocol": "email", "endpoint": "a@b.c"}
    kept = [Kept("subscriptions.email a@b.c", "waits for its confirmation", None, "SNS")]
    assert topic.kept("ops", live, {"subscriptions": []}) == kept
    assert topic.kept("ops", live, {"subscriptions": [waiting]}) == []
    assert topic.kept("ops", live, {}) == []


TRAIL = {"IsLogging": True, "Tags": {}, "S3BucketName": "theirs", "kept": "somebody made it"}
RECORDER = {"DeliveryChannel": {"s3BucketName": "theirs"}, "Recording": True, "Tags": {}, "kept": "somebody made it"}


@pytest.mark.parametrize(("cls", "live"), [(Cloudtrail, TRAIL), (ConfigRecorder, RECORDER)])
def test_what_somebody_else_has_made_in_the_account_stays(cls, live):
    kind, wanted = of(cls), {"s3_bucket_name": "ours", "tags": {"a": "b"}}
    assert kind.kept("main", live, wanted) == [Kept("s3_bucket_name", "theirs", "ours", "somebody else")]
    assert kind.notes("main", decide(kind, "main", live, kind.keep("main", live, wanted))) == ["somebody made it"]
    assert kind.kept("main", {**live, "kept": ""}, wanted) == []


# What follows


def test_tables_of_notes():
    table = {
        "on": when_on("goes on"),
        "off": when_off("goes off"),
        "less": when_shorter("{after} are left"),
        "same": "the same",
        "again": "the same",
        "other": "never",
    }
    changes = [Change(*each) for each in (("again", 1, 2), ("same", 1, 2), ("less", 9, 3), ("on", False, True))]
    assert notes_on([*changes, Change("off", True, False)], table) == ["goes on", "goes off", "3 are left", "the same"]
    others = [
        Change("on", True, False),
        Change("off", None, True),
        Change("less", 3, 9),
        Change("tags", {}, {"a": "b"}),
    ]
    assert notes_on(others, table) == []


NEXT = {"task_definition": "shop-api:8"}
BROKEN = {**SERVICE, "deployments": [{"status": "PRIMARY", "rolloutState": "FAILED"}]}


@pytest.mark.parametrize(
    ("outcome", "notes"),
    [
        (made(task_definition="shop-api:1"), ["a new deployment of shop-api:1"]),
        (
            made(task_definition="shop-api:1", waiting_for_image="shop:1"),
            ["it waits without tasks for the image shop:1"],
        ),
        (updated(SERVICE, NEXT, task_definition=("shop-api:7", "shop-api:8")), ["a new deployment of shop-api:8"]),
        (updated(SERVICE, subnets=(["a"], ["b"])), ["a new deployment of shop-api:7"]),
        (updated(SERVICE, enable_execute_command=(False, True)), ["a new deployment of shop-api:7"]),
        (updated(SERVICE, propagate_tags=("NONE", "SERVICE")), []),
        (updated(SERVICE, {"desired_count": 3}, desired_count=(7, 3)), []),
        (updated(SERVICE, {"desired_count": 0}, desired_count=(7, 0)), ["all its tasks are stopped"]),
        (
            updated(BROKEN, rollout_state=("FAILED", "IN_PROGRESS")),
            ["the last deployment has failed, and is begun anew", "a new deployment of shop-api:7"],
        ),
        (updated(WAITING, NEXT, task_definition=("a:7", "a:8")), ["it waits without tasks for the image shop:1"]),
        (
            updated(WAITING, {**NEXT, "waiting_for_image": ""}, waiting_for_image=("shop:1", "")),
            ["a new deployment of shop-api:8"],
        ),
        (gone(SERVICE), ["all its tasks are stopped"]),
        (gone(WAITING), []),
    ],
)
def test_notes_of_a_service(outcome, notes):
    assert of(EcsService).notes("api", outcome) == notes


@pytest.mark.parametrize(
    ("outcome", "notes"),
    [
        (made(cpu=256), ["a new revision"]),
        (updated(cpu=(256, 512), tags=({}, {"a": "b"})), ["a new revision"]),
        (updated(tags=({}, {"a": "b"})), []),
    ],
)
def test_a_new_revision_is_told(outcome, notes):
    assert of(EcsTaskDefinition).notes("shop-api", outcome) == notes


WINDOW = "in the window sun:04:00-sun:05:00 UTC"


@pytest.mark.parametrize(
    ("live", "changes", "at_once", "words"),
    [
        (
            {},
            {"db_instance_class": ("s", "m")},
            True,
            ["an outage of some minutes", "db_instance_class: applied at once"],
        ),
        ({}, {"db_instance_class": ("s", "m")}, False, ["an outage", f"db_instance_class: applied {WINDOW}"]),
        ({"MultiAZ": True}, {"db_instance_class": ("s", "m")}, True, ["a fail-over to the standby", "at once"]),
        (
            {"DBClusterIdentifier": "shop"},
            {"db_instance_class": ("s", "m")},
            True,
            ["an outage of this instance; where it is the writer", "at once"],
        ),
        ({}, {"engine_version": ("16.4", "16.6")}, True, ["an outage while the engine is upgraded", "at once"]),
        ({}, {"port": (5432, 5433)}, False, ["restarts at once, whatever apply_immediately says"]),
        ({}, {"multi_az": (False, True)}, True, ["no outage", "multi_az: applied at once"]),
        (
            {},
            {"allocated_storage": (20, 50), "iops": (3000, 12000)},
            False,
            ["for hours", f"allocated_storage, iops: applied {WINDOW}"],
        ),
        ({}, {"storage_type": ("standard", "gp3")}, True, ["a brief outage", "at once"]),
        ({}, {"storage_type": ("gp2", "gp3")}, True, ["no outage", "at once"]),
        ({}, {"backup_retention_period": (7, 3)}, False, ["older than 3 days are deleted"]),
        ({}, {"backup_retention_period": (3, 7)}, False, []),
        (
            {},
            {"backup_retention_period": (7, 0)},
            False,
            ["all automated backups are deleted", f"backup_retention_period: applied {WINDOW}"],
        ),
        ({}, {"backup_retention_period": (0, 7)}, True, ["stands still", "at once"]),
        ({}, {"db_parameter_group_name": ("a", "b")}, True, ["with the next reboot"]),
        ({}, {"ca_certificate_identifier": ("a", "b")}, True, ["a restart, unless", "at once"]),
        ({}, {"publicly_accessible": (False, True)}, True, ["from the internet"]),
        ({}, {"publicly_accessible": (True, False)}, True, []),
        ({}, {"deletion_protection": (True, False)}, True, ["protection from deletion is lifted"]),
        ({}, {"deletion_protection": (False, True)}, True, []),
        ({}, {"enable_iam_database_authentication": (False, True)}, False, [f"applied {WINDOW}"]),
        (
            {"PreferredMaintenanceWindow": None},
            {"engine_version": ("1", "2")},
            False,
            ["", "in the maintenance window"],
        ),
        ({}, {"tags": ({}, {"a": "b"})}, True, []),
    ],
)
def test_what_a_change_does_to_a_database_and_when(live, changes, at_once, words):
    notes = of(RdsInstance, apply_immediately=at_once).notes("shop", updated({**INSTANCE, **live}, **changes))
    assert len(notes) == len(words)
    assert [note for note, word in zip(notes, words, strict=True) if word not in note] == []


PENDING = {"PendingModifiedValues": {"DBInstanceClass": "db.t4g.medium", "MasterUserPassword": "****"}}


@pytest.mark.parametrize(
    ("live", "outcome", "at_once", "note"),
    [
        ({}, Outcome("shop", "none", [], {}, {**INSTANCE, **PENDING}), False, f"applied {WINDOW}"),
        ({}, updated({**INSTANCE, **PENDING}, copy_tags_to_snapshot=(False, True)), True, "applied at once, with this"),
        ({}, Outcome("shop", "none", [], {}, {**INSTANCE, **PENDING}), True, f"applied {WINDOW}"),
        (
            {},
            Outcome("shop", "none", [], {}, {**INSTANCE, **PENDING, "DBInstanceStatus": "modifying"}),
            True,
            "being applied",
        ),
    ],
)
def test_what_waits_already_is_told_without_passwords(live, outcome, at_once, note):
    notes = of(RdsInstance, apply_immediately=at_once).notes("shop", outcome)
    assert len(notes) == 1
    assert notes[0].startswith("pending: db_instance_class db.t4g.medium, ")
    assert notes[0].partition(note)[1]


def test_what_is_changed_now_waits_no_more():
    outcome = updated({**INSTANCE, **PENDING}, db_instance_class=("db.t4g.medium", "db.t4g.large"))
    assert not [note for note in of(RdsInstance).notes("shop", outcome) if note.startswith("pending")]


def test_read_replicas_are_upgraded_before_their_source():
    live = {**INSTANCE, "ReadReplicaDBInstanceIdentifiers": ["shop-replica"]}
    outcome = updated(live, {"engine_version": "16.6"}, engine_version=("16.4", "16.6"))
    assert "shop-replica" in of(RdsInstance, apply_immediately=True).notes("shop", outcome)[0]


@pytest.mark.parametrize(
    ("changes", "at_once", "words"),
    [
        ({"engine_version": ("16.4", "16.6")}, True, ["an outage of all instances", "engine_version: applied at once"]),
        ({"engine_version": ("16.4", "16.6")}, False, ["an outage of all instances", f"applied {WINDOW}"]),
        ({"port": (5432, 5433)}, False, ["all instances restart at once"]),
        ({"db_cluster_parameter_group_name": ("a", "b")}, True, ["with the next reboot"]),
        ({"storage_type": ("aurora", "aurora-iopt1")}, True, ["once in 30 days"]),
        ({"storage_type": ("aurora-iopt1", "aurora")}, True, []),
        ({"backup_retention_period": (7, 3)}, True, ["older than 3 days"]),
        ({"deletion_protection": (True, False)}, True, ["protection from deletion is lifted"]),
    ],
)
def test_what_a_change_does_to_a_cluster_and_when(changes, at_once, words):
    notes = of(RdsCluster, apply_immediately=at_once).notes("shop", updated(CLUSTER, **changes))
    assert len(notes) == len(words)
    assert [note for note, word in zip(notes, words, strict=True) if word not in note] == []


def test_what_waits_in_a_cluster_is_told():
    live = {**CLUSTER, "PendingModifiedValues": {"EngineVersion": "16.6", "MasterUserPassword": "****"}}
    notes = of(RdsCluster).notes("shop", Outcome("shop", "none", [], {}, live))
    assert notes == [f"pending: engine_version 16.6, applied {WINDOW}"]


@pytest.mark.parametrize("cls", [RdsInstance, RdsCluster])
def test_what_becomes_of_the_data(cls):
    live = INSTANCE if cls is RdsInstance else CLUSTER
    kept = of(cls, final_db_snapshot_identifier="last", skip_final_snapshot=False)
    assert kept.notes("shop", gone(live)) == ["its data are kept in the final snapshot last"]
    assert "lost" in of(cls, skip_final_snapshot=True).notes("shop", gone(live))[0]


def test_a_member_of_a_cluster_takes_no_data_along():
    assert of(RdsInstance).notes("shop", gone({**INSTANCE, "DBClusterIdentifier": "shop"})) == []


@pytest.mark.parametrize(
    ("changes", "at_once", "words"),
    [
        ({"cache_node_type": ("a", "b")}, True, ["the nodes are replaced online", "cache_node_type: applied at once"]),
        ({"engine_version": ("7.0", "7.1")}, False, ["no way back", f"engine_version: applied {WINDOW}"]),
        ({"cache_parameter_group_name": ("a", "b")}, True, ["when the nodes restart", "at once"]),
        ({"replicas_per_node_group": (2, 0)}, True, ["loses 2 of its replicas"]),
        ({"replicas_per_node_group": (0, 2)}, True, []),
        ({"automatic_failover_enabled": (True, False)}, True, ["no replica takes over"]),
        ({"transit_encryption_enabled": (False, True)}, True, ["with and without TLS"]),
        ({"transit_encryption_mode": ("preferred", "required")}, True, ["without TLS get in no more"]),
        ({"transit_encryption_mode": ("required", "preferred")}, True, []),
        ({"auth_token": (False, True)}, True, ["without the token"]),
        ({"snapshot_retention_limit": (7, 3)}, True, ["older than 3 days"]),
        ({"snapshot_retention_limit": (7, 0)}, True, ["no automatic backups"]),
    ],
)
def test_what_a_change_does_to_a_cache_and_when(changes, at_once, words):
    kind = of(ElasticacheReplicationGroup, apply_immediately=at_once)
    notes = kind.notes("shop", updated(GROUP, **changes))
    assert len(notes) == len(words)
    assert [note for note, word in zip(notes, words, strict=True) if word not in note] == []


def test_what_waits_in_a_cache_is_told_and_what_is_lost():
    node = {**GROUP["Node"], "PendingModifiedValues": {"CacheNodeType": "cache.t4g.small"}}
    group = of(ElasticacheReplicationGroup)
    notes = group.notes("shop", Outcome("shop", "none", [], {}, {**GROUP, "Node": node}))
    assert notes == [f"pending: cache_node_type cache.t4g.small, applied {WINDOW}"]
    assert "lost" in group.notes("shop", gone(GROUP))[0]
    group.options = {"final_snapshot_identifier": "last"}
    assert "backup last" in group.notes("shop", gone(GROUP))[0]


@pytest.mark.parametrize(
    ("cls", "known"),
    [
        (RdsParameterGroup, {"slow": {"ApplyType": "static"}, "fast": {"ApplyType": "dynamic"}}),
        (ElasticacheParameterGroup, {"slow": {"ChangeType": "requires-reboot"}, "fast": {"ChangeType": "immediate"}}),
    ],
)
def test_static_parameters_wait_for_a_reboot(cls, known):
    group = of(cls)
    group._known = known
    words = ["slow: in effect after the next reboot of what uses the group"]
    assert group.notes("shop", updated(parameters=({}, {"slow": "1", "fast": "1"}))) == words
    assert group.notes("shop", updated(parameters=({"slow": "1"}, {}))) == words
    assert group.notes("shop", updated(parameters=({}, {"fast": "1"}))) == []
    assert group.notes("shop", made(parameters={"slow": "1"})) == []


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        (of(LogGroup), updated(retention_in_days=(30, 7)), "older than 7 days"),
        (of(LogGroup), updated(retention_in_days=(0, 7)), "older than 7 days"),
        (of(LogGroup), updated(retention_in_days=(7, 30)), None),
        (of(LogGroup), updated(retention_in_days=(7, 0)), None),
        (of(LogGroup), made(retention_in_days=7), None),
        (of(LogGroup), gone(), "events are lost"),
        (of(NatGateway), made(subnet_id="a"), "a new public address"),
        (of(NatGateway), gone({"PublicIp": "192.0.2.1"}), "192.0.2.1 is given back"),
        (of(NatGateway), updated({"PublicIp": "192.0.2.1"}, subnet_id=(None, "a")), "192.0.2.1"),
        (of(NatGateway), updated(tags=({}, {"a": "b"})), None),
        (of(AcmCertificate), made(key_algorithm="RSA_2048"), "a new certificate"),
        (of(AcmCertificate), updated(tags=({}, {"a": "b"})), None),
        (of(DynamodbTable), gone(), "items are lost"),
        (of(DynamodbTable), updated(deletion_protection_enabled=(True, False)), "lifted"),
        (of(DynamodbTable), updated(point_in_time_recovery_enabled=(True, False)), "restored from is deleted"),
        (of(DynamodbTable), updated(ttl_attribute=("", "expires")), "whose expires has passed"),
        (of(DynamodbTable), updated(ttl_attribute=("expires", "")), None),
        (of(DynamodbTable), updated(table_class=("STANDARD", "x")), "twice in 30 days"),
        (of(DynamodbTable), updated(global_secondary_indexes=({}, {"by_user": {}})), "by_user is filled"),
        (of(DynamodbTable), updated(global_secondary_indexes=({"by_user": {}}, {})), "by_user goes"),
        (of(EfsFileSystem), gone(), "files are lost"),
        (of(EfsFileSystem), updated(throughput_mode=("bursting", "elastic")), "24 hours"),
        (of(EfsFileSystem), updated(backup=(True, False)), "not backed up"),
        (of(EfsFileSystem), updated(mount_targets=({"a": [], "b": []}, {"a": []})), "mounts it in b loses it"),
        (of(EfsFileSystem), updated(mount_targets=({"a": []}, {"a": [], "b": []})), None),
        (of(EcrRepository, force=True), gone(), "images in it are lost"),
        (of(EcrRepository), gone(), None),
        (of(EcrRepository), updated(lifecycle_policy=({}, {"rules": [1]})), "within a day"),
        (of(S3Bucket, force=True), gone(), "objects in it are lost"),
        (of(S3Bucket), updated(versioning=(True, False)), "lost from now on"),
        (of(S3Bucket), updated(lifecycle_rules=([], [{}])), "there already"),
        (
            of(S3Bucket),
            updated(public_access_block=({"a": True, "b": True}, {"a": False, "b": True})),
            "public, off from",
        ),
        (of(S3Bucket), updated(public_access_block=({"a": False}, {"a": True})), None),
        (of(S3Bucket), updated(object_ownership=("", "BucketOwnerEnforced")), "no effect"),
        (of(S3Bucket), updated(sse_algorithm=("AES256", "aws:kms")), "stay encrypted"),
        (of(SqsQueue), gone(), "messages in it are lost"),
        (of(SqsQueue), updated(message_retention_period=(9000, 600)), "older than 600 seconds"),
        (of(SnsTopic), made(subscriptions=[{"protocol": "email", "endpoint": "a@b.c"}]), "a@b.c has to confirm"),
        (of(SnsTopic), made(subscriptions=[{"protocol": "sqs", "endpoint": "arn:x"}]), None),
        (of(Route53Zone), made(comment=""), "the zone above"),
        (of(Route53Zone), gone(), "other name servers"),
        (of(Route53Record), updated({"TTL": 300}, values=(["1"], ["2"])), "300 seconds"),
        (of(Route53Record), updated({"AliasTarget": {}}, alias_target=({}, {"a": 1})), "60 seconds"),
        (of(Route53Record), made(values=["1"]), None),
        (of(IamAccessKey, secret={"secret_id": "shop"}), made(access_key="in the secret"), "put into the secret shop"),
        (of(IamAccessKey), updated(policy=({}, {"a": 1})), None),
        (of(IamAccessKey), gone(), "locked out"),
        (of(ScheduleGroup), gone(), "all its schedules"),
        (of(FlowLog), updated(traffic_type=("ALL", "REJECT")), "a new flow log"),
        (of(FlowLog), updated(tags=({}, {"a": "b"})), None),
        (of(Cloudtrail), updated({"kept": ""}, is_logging=(True, False)), "no more"),
        (of(ConfigRecorder), gone({"kept": ""}), "nothing in this region"),
        (of(LoadBalancer), updated(deletion_protection=(True, False)), "lifted"),
        (of(LoadBalancer), gone(), "its name goes for good"),
        (Listener(AWS, BALANCER.format("shop")), updated(certificate_arn=("a", "b")), "the other certificate"),
        (Listener(AWS, BALANCER.format("shop")), gone(), "nobody is answered"),
        (of(EcsServiceAutoscaling), gone(), "nothing scales it"),
        (of(EcsTaskDefinition), gone(), "deregistered"),
    ],
)
def test_what_follows_is_told(kind, outcome, words):
    notes = kind.notes("it", outcome)
    assert len(notes) == (words is not None)
    assert all(words in note for note in notes)


ROUTE = {"destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([ROUTE], [{**ROUTE, "nat_gateway_id": "nat-2"}], ["another public address"]),
        ([ROUTE], [], ["nothing of its subnets gets out"]),
        ([], [ROUTE], []),
    ],
)
def test_another_route_is_another_address(before, after, words):
    notes = of(RouteTable).notes("private", updated(routes=(before, after)))
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))
    assert of(RouteTable).notes("private", made(routes=after)) == []


def endpoint(kind):
    return {"ServiceName": "s3", "VpcEndpointType": kind, "State": "available", "VpcEndpointId": "vpce-1"}


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (made(vpc_endpoint_type="Gateway", route_table_ids=["rtb-1"]), "connections to the service"),
        (updated(endpoint("Gateway"), route_table_ids=(["a"], ["b"])), "connections to the service"),
        (updated(endpoint("Gateway"), tags=({}, {"a": "b"})), None),
        (gone(endpoint("Gateway")), "through the internet"),
        (made(vpc_endpoint_type="Interface", private_dns_enabled=True), "public name leads to it"),
        (made(vpc_endpoint_type="Interface", private_dns_enabled=False), None),
        (updated(endpoint("Interface"), private_dns_enabled=(True, False)), "through the internet"),
        (updated(endpoint("Interface"), security_group_ids=(["a"], ["b"])), None),
        (gone(endpoint("Interface")), "through the internet"),
    ],
)
def test_the_way_to_a_service_of_aws_changes(outcome, words):
    notes = of(VpcEndpoint).notes("s3", outcome)
    assert len(notes) == (words is not None)
    assert all(words in note for note in notes)


def schedule(expression):
    return {"ScheduleExpression": expression, "Target": {"Arn": "c", "RoleArn": "r"}, "Tags": []}


def test_a_schedule_whose_time_is_over_says_so():
    kind, past = of(Schedule, group_name="shop"), schedule("at(2020-01-01T00:00:00)")
    wanted = kind.keep("once", past, {"schedule_expression": "at(2020-01-01T00:00:00)", "enabled": False})
    outcome = decide(kind, "once", past, wanted)
    assert outcome.action == "none"
    assert len(kind.notes("once", outcome)) == 1
    assert kind.notes("once", updated(schedule("rate(1 hour)"), {"enabled": False}, enabled=(True, False))) == []
    assert kind.notes("once", gone(past)) == []


@pytest.mark.parametrize(
    ("options", "outcome", "words"),
    [
        ({}, updated(changed_fields=(None, ["password"])), "until they are started anew"),
        ({}, updated(added_fields=(None, ["password"])), None),
        ({}, updated({}, {"pending_fields": ["dsn"]}, added_fields=(None, ["a"])), "cannot be put together yet: dsn"),
        ({}, gone(), "restored for 30 days"),
        ({"recovery_window_in_days": 7}, gone(), "restored for 7 days"),
        ({"recovery_window_in_days": 0}, gone(), "lost at once"),
    ],
)
def test_notes_of_a_secret(options, outcome, words):
    notes = of(Secret, **options).notes("shop", outcome)
    assert len(notes) == (words is not None)
    assert all(words in note for note in notes)


class Deleted:
    """Secrets Manager with one secret in its recovery window."""

    region = "us-east-1"

    def __init__(self, check_mode):
        self.check_mode, self.subject, self.plan = check_mode, "", []
        self.secret = {"ARN": "arn:shop", "Name": "shop", "DeletedDate": "yesterday", "Tags": []}
        self.text = json.dumps({"password": "hunter2hunter2"})

    def read(self, service, operation, path="", missing=(), **arguments):
        return self.secret if operation == "describe_secret" else self.text

    def write(self, service, operation, missing=(), propagating="", **arguments):
        if operation == "restore_secret":
            self.secret = {key: value for key, value in self.secret.items() if key != "DeletedDate"}
        self.text = arguments.get("SecretString", self.text)
        return {"SecretString": self.text}


def test_a_secret_that_comes_back_is_restored_in_check_mode_as_in_the_run_and_shows_nothing():
    plans = []
    for check_mode in (True, False):
        aws = Deleted(check_mode)
        secret = Secret(aws)
        secret.options = {"fields": {"password": {"generate": {}}}}
        ensure(secret, {"shop": {"description": "the shop's"}})
        plans.append(aws.plan)
    assert "hunter2" not in str(plans)
    (planned_entry,), (done,) = plans
    told = ("kind", "name", "action", "changes", "notes")
    assert {key: planned_entry[key] for key in told} == {key: done[key] for key in told}
    assert done["action"] == "restore"
    assert done["notes"] == ["restored: it was scheduled for deletion"]


@pytest.mark.parametrize("cls", all_kinds(), ids=lambda cls: cls.__name__)
def test_nothing_is_told_of_what_is_not_there_and_shall_not_be(cls):
    assert bare(cls).notes("it", Outcome("it", "none", [], None, None)) == []


# Names


def test_names_in_the_plan_are_unique_in_a_stack():
    names = [
        *(Listener(AWS, BALANCER.format(of)).plan_name(port) for of in ("front", "back") for port in ("80", "443")),
        *(
            Rule(AWS, LISTENER.format(of), port).plan_name(name)
            for of in ("front", "back")
            for port in ("80", "443")
            for name in ("api", "web")
        ),
    ]
    assert len(set(names)) == len(names)
    assert names[:2] == ["front 80", "front 443"]
    assert names[4] == "front 80 api"
    points = [
        of(EfsAccessPoint, **options).plan_name(name)
        for options in ({"file_system_id": "fs-1", "file_system_name": "media"}, {"file_system_id": "fs-2"})
        for name in ("uploads", "cache")
    ]
    assert points == ["media uploads", "media cache", "fs-2 uploads", "fs-2 cache"]
    assert [of(Schedule, group_name=group).plan_name("sync") for group in ("a", "b")] == ["a sync", "b sync"]


@pytest.mark.parametrize("cls", all_kinds(), ids=lambda cls: cls.__name__)
def test_two_resources_of_a_kind_have_two_names(cls):
    kind = bare(cls)
    kind.options = {"file_system_id": "fs-1", "group_name": "shop", "cluster": "shop"}
    names = ["a", "b", "a b", "a.example.com A", "a.example.com AAAA"]
    assert len({kind.plan_name(name) for name in names}) == len(names)


# Modules without a kind


def test_tags_of_revisions_are_an_entry_for_each_repository():
    before, after = {"api": ["revision.api.1.0a"]}, {"api": ["revision.api.2.0b"]}
    first, second = entries(["api", "web"], before, after, is_done=False)
    assert (first["kind"], first["name"], first["action"]) == ("ecr_revision_tags", "api", "update")
    assert first["changes"] == [{"field": "tags", "before": ["revision.api.1.0a"], "after": ["revision.api.2.0b"]}]
    assert len(first["notes"]) == 1
    assert (second["action"], second["changes"], second["notes"]) == ("none", [], [])
    done = entries(["api", "web"], before, after, is_done=True)
    assert {**done[0], "state": ""} == {**first, "state": ""}
    assert done[0]["state"] == entries(["api"], after, after, is_done=False)[0]["state"]


def test_a_task_is_named_by_its_family_and_its_command():
    arn = "arn:aws:ecs:us-east-1:1:task-definition/shop-api:7"
    override = {"name": "api", "command": ["manage.py", "migrate"], "environment": {"TOKEN": "hunter2"}}
    told = plan_entry({"task_definition": arn, "container_overrides": [override]})
    assert (told["kind"], told["name"], told["action"]) == ("ecs_task", "shop-api manage.py migrate", "create")
    assert told["changes"] == [
        {"field": "container_overrides.api.command", "before": None, "after": ["manage.py", "migrate"]}
    ]
    assert "hunter2" not in str(told)
    assert plan_entry({"task_definition": "shop-api"})["name"] == "shop-api"
    words = [
        plan_entry({"task_definition": "a", "container_overrides": [{**override, "command": ["x" * 200, end]}]})
        for end in "ab"
    ]
    assert len({entry["name"] for entry in words}) == 2


def test_check_mode_tells_the_task_as_the_run_does():
    aws = SimpleNamespace(region="us-east-1", plan=[])
    options = {"cluster": "shop", "task_definition": "shop-api"}
    planned(aws, options)
    assert [{**aws.plan[0], "unknown": []}] == [plan_entry(options)]
    assert len(aws.plan[0]["unknown"]) == 1

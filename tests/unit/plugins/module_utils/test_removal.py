"""What goes first when a stack goes."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._removal import (
    Found,
    Owner,
    Wishes,
    arns_of,
    in_order,
    removable_now,
)
from ansible_collections.webstack.aws.plugins.module_utils._removal_kinds import KINDS, _tags_of_zones

ARN = "arn:aws:{}:us-east-1:123456789012:{}"
WISHES = Wishes(allow_protected=False, final_snapshot=True, recovery_days=7, timestamp="1")


def found(*kinds):
    return [Found(kind, f"{kind}-1", {}) for kind in kinds]


def test_every_kind_waits_for_kinds_that_exist_and_the_order_has_no_circle():
    assert all(after in KINDS for kind in KINDS.values() for after in kind.after)
    assert {item.kind for item in in_order(KINDS, found(*KINDS))} == set(KINDS)


def test_nothing_goes_while_something_needs_it():
    now = removable_now(KINDS, found("vpc", "subnet", "ecs_service", "cloudwatch_alarm"))
    assert {item.kind for item in now} == {"ecs_service", "cloudwatch_alarm"}
    assert [item.kind for item in removable_now(KINDS, found("vpc"))] == ["vpc"]


def test_what_is_going_is_waited_for_and_not_asked_again():
    going = [Found("ecs_service", "a", {}, is_going=True), *found("ecs_cluster")]
    assert removable_now(KINDS, going) == []


def test_data_and_addresses_go_before_what_they_live_in():
    order = [item.kind for item in in_order(KINDS, found(*KINDS))]
    for first, second in (
        ("ecs_service", "ecs_cluster"),
        ("ecs_service", "load_balancer"),
        ("schedule", "ecs_service"),
        ("route53_record", "load_balancer"),
        ("load_balancer", "route53_zone"),
        ("rds_instance", "rds_subnet_group"),
        ("rds_subnet_group", "subnet"),
        ("nat_gateway", "elastic_ip"),
        ("security_group", "vpc"),
        ("ecs_service", "log_group"),
        ("rds_instance", "secret"),
    ):
        assert order.index(first) < order.index(second)


def test_arns_are_told_apart():
    arns = [
        ARN.format("ecs", "service/staging-shop/api"),
        ARN.format("ecs", "task-definition/staging-shop-api:1"),
        ARN.format("rds", "db:staging-shop-db"),
        ARN.format("sns", "staging-shop-alarms"),
        ARN.format("logs", "log-group:/ecs/staging/shop/api"),
        "arn:aws:s3:::staging-shop-media",
    ]
    for number, kind in enumerate(
        ("ecs_service", "ecs_task_definition", "rds_instance", "sns_topic", "log_group", "s3_bucket")
    ):
        assert arns_of(KINDS[kind], arns) == [arns[number]]


def test_a_label_is_short():
    owner = Owner("shop", "staging")
    assert owner.prefix == "staging-shop"
    assert Found("sns_topic", ARN.format("sns", "staging-shop-alarms"), {}).label == "sns_topic staging-shop-alarms"
    assert Found("vpc", "vpc-1", {}).label == "vpc vpc-1"


def test_tags_of_zones_are_asked_one_by_one_when_one_has_gone():
    class FakeAws:
        def read(self, service, operation, path, missing=(), **arguments):
            ids = arguments["ResourceIds"]
            return None if "Z2" in ids else [{"ResourceId": zone_id, "Tags": []} for zone_id in ids]

    found = _tags_of_zones(FakeAws(), ["Z1", "Z2", "Z3"])
    assert [item["ResourceId"] for item in found] == ["Z1", "Z3"]


def test_access_points_are_found_by_their_file_system():
    owner = Owner("shop", "staging")
    tags = [{"Key": key, "Value": value} for key, value in owner.tags.items()]

    class FakeAws:
        def read(self, service, operation, path, missing=(), **arguments):
            if operation == "describe_file_systems":
                return [{"FileSystemId": "fs-1", "CreationToken": "files", "LifeCycleState": "available"}]
            both = {"FileSystemId": "fs-1", "LifeCycleState": "available"}
            own = {"AccessPointId": "fsap-1", "Tags": tags, **both}
            strange = {"AccessPointId": "fsap-2", "Tags": [], **both}
            return {"fs-1": [own, strange]}.get(arguments.get("FileSystemId"), [own])

    for named in (["file-system/fs-1"], ["access-point/fsap-1"], ["file-system/fs-1", "access-point/fsap-1"]):
        arns = [ARN.format("elasticfilesystem", name) for name in named]
        found = KINDS["efs_access_point"].find(FakeAws(), owner, arns_of(KINDS["efs_access_point"], arns), WISHES)
        assert [item.identifier for item in found] == ["fsap-1"]


def test_protection_is_a_clusters_and_never_its_instances():
    class FakeAws:
        def __init__(self, live):
            self.live = live

        def read(self, service, operation, path, missing=(), **arguments):
            return [{**self.live, "DBInstanceIdentifier": arguments["DBInstanceIdentifier"]}]

    for kind, more, blocked in (
        ("rds_instance", {}, True),
        ("rds_replica", {"ReadReplicaSourceDBInstanceIdentifier": "source"}, True),
        ("rds_cluster_instance", {"DBClusterIdentifier": "cluster"}, False),
    ):
        aws = FakeAws({"DBInstanceStatus": "available", "DeletionProtection": True, **more})
        (item,) = KINDS[kind].find(aws, Owner("shop", "staging"), [ARN.format("rds", "db:shop")], WISHES)
        assert (bool(item.blocker), item.detail["protected"]) == (blocked, blocked)

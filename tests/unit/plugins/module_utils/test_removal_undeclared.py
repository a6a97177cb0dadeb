"""What counts as undeclared, what must be said before it goes, and in which order it goes."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

from ansible_collections.webstack.aws.plugins import module_utils
from ansible_collections.webstack.aws.plugins.module_utils._plan import entry
from ansible_collections.webstack.aws.plugins.module_utils._removal import Found, Owner, Wishes
from ansible_collections.webstack.aws.plugins.module_utils._removal_kinds import KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_undeclared import (
    DATA,
    MATCHES,
    ONLY_WITH_WHOLE,
    gates_of,
    is_declared,
    judge,
    kept_by_runs,
    undeclared,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import Kind

ARN = "arn:aws:{}:us-east-1:123456789012:{}"
WISHES = Wishes(allow_protected=False, final_snapshot=True, recovery_days=7, timestamp="1")
SERVICE = Found("ecs_service", ARN.format("ecs", "service/staging-shop/worker"), {"cluster": "staging-shop"})
DATABASE = Found("rds_instance", "staging-shop-db", {})
GROUP = Found("rds_subnet_group", "staging-shop-db", {})
BUCKET = Found("s3_bucket", "media", {}, blocker="it holds objects; empty it, or so")


def declares(kind, name, action="none", **result):
    return entry(kind, name, action, result=result)


def nouns():
    """The kinds of all own modules."""
    found = set()
    for module in pkgutil.iter_modules(module_utils.__path__):
        members = vars(importlib.import_module(f"{module_utils.__name__}.{module.name}")).values()
        found |= {member.noun for member in members if inspect.isclass(member) and issubclass(member, Kind)}
    return found


def test_there_is_a_rule_for_every_kind_and_it_names_kinds_of_the_plan():
    assert set(MATCHES) == set(KINDS)
    assert {kind for match in MATCHES.values() for kind in match.plan} <= nouns()
    assert {kind for kind, match in MATCHES.items() if not match.plan} <= set(ONLY_WITH_WHOLE)
    assert set(DATA) <= set(KINDS)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (SERVICE, declares("ecs_service", "worker", service_arn=SERVICE.identifier)),
        (
            Found("ecs_task_definition", ARN.format("ecs", "task-definition/shop-api:3"), {}),
            declares("ecs_task_definition", "shop-api", task_definition_arn=ARN.format("ecs", "task-definition/a:4")),
        ),
        (
            Found("elastic_ip", "eipalloc-0123456789abcdef0", {"Tags": [{"Key": "Name", "Value": "shop-nat-a"}]}),
            declares("nat_gateway", "shop-nat-a", nat_gateway_id="nat-0123456789abcdef0"),
        ),
        (Found("rds_replica", "shop-db-replica", {}), declares("rds_instance", "shop-db-replica")),
        (Found("iam_user", "shop-media", {}), declares("iam_access_key", "shop-media")),
        (Found("route53_zone", "Z1", {"Name": "Shop.example.com."}), declares("route53_zone", "shop.example.com")),
        (Found("http_api", "shop (a1b2)", {"Name": "shop"}), declares("http_api", "shop")),
        (Found("schedule", "shop/tidy", {"group": "shop", "name": "tidy"}), declares("schedule", "shop tidy")),
        # What a replacement or a delete of the module's own takes away is not taken away twice.
        (SERVICE, declares("ecs_service", "worker", "replace")),
        (SERVICE, declares("ecs_service", "worker", "delete")),
        # Its entry knows no id at all: in doubt it is the same.
        (SERVICE, declares("ecs_service", "worker")),
    ],
)
def test_what_the_run_speaks_of_is_declared(item, said):
    assert is_declared(item, [said])
    assert undeclared([item], [said]) == []


@pytest.mark.parametrize(
    "said",
    [
        declares("ecs_service", "api"),
        declares("ecs_cluster", "worker"),
        # The same name in another cluster, and one that is only to be made.
        declares("ecs_service", "worker", service_arn=ARN.format("ecs", "service/other/worker")),
        declares("ecs_service", "worker", "create"),
    ],
)
def test_what_the_run_does_not_speak_of_is_undeclared(said):
    assert undeclared([SERVICE], [said]) == [SERVICE]


def test_an_old_certificate_of_the_same_name_is_undeclared():
    old, new = (Found("acm_certificate", ARN.format("acm", f"certificate/{number}"), {}) for number in "12")
    said = declares("acm_certificate", "shop.example.com", certificate_arn=new.identifier)
    assert undeclared([old, new], [said]) == [old]


def test_what_has_no_tags_goes_only_with_what_it_is_a_part_of():
    balancer = Found("load_balancer", ARN.format("elasticloadbalancing", "loadbalancer/app/shop-alb/1"), {})
    record = Found(
        "route53_record",
        "x",
        {"record": {"Name": "x.com.", "Type": "A"}, "zone_id": "Z1"},
        part_of="load_balancer/shop-alb",
    )
    said = [declares("load_balancer", "shop-alb", load_balancer_arn=balancer.identifier)]
    assert undeclared([record, balancer], said) == []
    assert undeclared([record, balancer], [declares("vpc", "shop")]) == [record, balancer]
    assert undeclared([record, balancer], [declares("route53_record", "x.com A")]) == [balancer]
    target = Found("efs_mount_target", "fsmt-1", {}, part_of="efs_file_system/shop-files")
    assert undeclared([target], said) == []


def test_what_runs_keep_for_themselves_is_declared():
    item = Found("ssm_parameter", "/webstack/staging-shop/applied", {})
    assert undeclared([item], kept_by_runs(Owner("shop", "staging"))) == []


def variables(item, items=(), wishes=WISHES, prune=False):
    return [gate.variable for gate in gates_of(item, [item, *items], wishes, prune)]


def test_what_must_be_said():
    assert variables(SERVICE) == ["prune=true"]
    assert variables(SERVICE, prune=True) == []
    assert variables(DATABASE) == ["prune=true", "prune_data=rds_instance/staging-shop-db"]
    assert variables(DATABASE, prune=True) == ["prune_data=rds_instance/staging-shop-db"]
    named = WISHES._replace(data=frozenset({"rds_instance/staging-shop-db"}))
    assert variables(DATABASE, wishes=named, prune=True) == []
    protected = DATABASE._replace(blocker="it is protected from deletion; -e allow_protected=true lifts that")
    assert variables(protected, wishes=named, prune=True) == ["allow_protected=true"]
    assert gates_of(BUCKET, [BUCKET], WISHES, True)[0].words == "it holds objects"


@pytest.mark.parametrize("kind", DATA)
def test_prune_alone_never_takes_data(kind):
    item = Found(kind, "x", {"Name": "x", "CreationToken": "x"})
    assert judge(KINDS, [item], WISHES, True).order == []


def test_what_is_a_part_of_data_needs_the_word_for_it():
    cluster = Found("rds_cluster", "shop", {})
    instance = Found("rds_cluster_instance", "shop-1", {}, part_of="rds_cluster/shop")
    assert variables(instance, [cluster], prune=True) == ["prune_data=rds_cluster/shop"]
    # Where the cluster stays declared, it is one copy less.
    assert variables(instance, prune=True) == []


def test_only_the_undeclared_wait_for_each_other():
    role = Found("iam_role", "worker", {})
    verdict = judge(KINDS, [role, SERVICE], WISHES, True)
    assert [item.kind for item in verdict.order] == ["ecs_service", "iam_role"]
    assert verdict.stays == {}


def test_what_data_that_stays_needs_stays_too():
    verdict = judge(KINDS, [DATABASE, GROUP, SERVICE], WISHES, True)
    assert verdict.order == [SERVICE]
    assert verdict.stays == {
        "rds_instance/staging-shop-db": "needs prune_data=rds_instance/staging-shop-db",
        "rds_subnet_group/staging-shop-db": "waits for rds_instance/staging-shop-db",
    }
    named = WISHES._replace(data=frozenset({"rds_instance/staging-shop-db"}))
    assert judge(KINDS, [DATABASE, GROUP, SERVICE], named, True).order == [SERVICE, DATABASE, GROUP]


def test_nothing_goes_without_a_word():
    assert judge(KINDS, [SERVICE, GROUP], WISHES, False).order == []


def test_what_others_keep_stays_and_says_why():
    subnet = Found("subnet", "subnet-1", {}, blocker="others' network interfaces: eni-1; remove them first")
    vpc = Found("vpc", "vpc-1", {})
    verdict = judge(KINDS, [subnet, vpc], WISHES, True)
    assert verdict.order == []
    assert verdict.stays["subnet/subnet-1"].startswith("others'")
    assert verdict.stays["vpc/vpc-1"] == "waits for subnet/subnet-1"


def test_an_entry_knows_the_ids_of_its_own_and_no_placeholders():
    result = {
        "vpc_id": "vpc-0123456789abcdef0",
        "arn": SERVICE.identifier,
        "name": "shop",
        "planned_id": "vpc-00000000000000000",
        "rules": [{"group_id": "sg-0123456789abcdef0"}],
    }
    assert entry("vpc", "shop", "none", result=result)["ids"] == [SERVICE.identifier, "vpc-0123456789abcdef0"]
    assert entry("vpc", "shop", "none")["ids"] == []

"""What a stack's values say that AWS must be asked."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._permissions import ACTIONS
from ansible_collections.webstack.aws.plugins.plugin_utils import _preflight_readiness as readiness

SERVICE = {"image": "docker.io/library/nginx:1", "cpu": 256, "memory": 512}
VALUES = {
    "webstack_environment": "staging",
    "webstack_stack": "shop",
    "webstack_region": "us-east-1",
    "webstack_services": {},
    "network_vpc_cidr": "10.0.0.0/16",
    "network_zones": ["us-east-1a", "us-east-1b"],
    "network_public_subnets": None,
    "network_private_subnets": None,
    "network_database_subnets": [],
    "network_nat_mode": "single",
}


def needs(**values):
    return readiness.needs({**VALUES, **values})


def test_a_stack_without_anything_needs_a_network():
    found = needs()
    assert (found["vpc_name"], found["zones"]) == ("staging-shop", ["us-east-1a", "us-east-1b"])
    assert found["nat_gateways"] == [{"name": "staging-shop-nat-a", "zone": "us-east-1a"}]
    assert found["tags"] == {"webstack:stack": "shop", "webstack:environment": "staging"}
    assert not any(
        found[name] for name in ("load_balancer", "target_groups", "buckets", "services", "certificate", "database")
    )


@pytest.mark.parametrize(("mode", "zones"), [("none", []), ("single", ["a"]), ("per_zone", ["a", "b"])])
def test_nat_gateways_are_those_of_the_mode(mode, zones):
    found = needs(network_nat_mode=mode)["nat_gateways"]
    assert [item["name"][-1] for item in found] == zones
    assert ("network_nat" in needs(network_nat_mode=mode)["parts"]) is bool(zones)


@pytest.mark.parametrize(("where", "tier"), [("public", "public"), ("private", "private"), (None, "private")])
def test_tasks_are_in_the_subnets_of_their_tier(where, tier):
    found = needs(webstack_task_subnets=where)["task_subnets"]
    assert found == [f"staging-shop-{tier}-a", f"staging-shop-{tier}-b"]


def test_a_service_begins_and_stays_with_as_many_tasks_as_it_says():
    scaled = {**SERVICE, "desired_count": 1, "autoscaling": {"minimum": 2, "maximum": 4}, "spot": True}
    api, web = needs(webstack_services={"api": scaled, "web": {**SERVICE, "name": "front"}})["services"]
    assert (api["name"], api["desired_count"], api["minimum"]) == ("staging-shop-api", 2, 2)
    assert api["capacity_provider_strategy"][0]["capacity_provider"] == "FARGATE_SPOT"
    assert (web["name"], web["desired_count"], web["minimum"]) == ("front", 1, 1)


def test_images_of_all_containers_are_asked_for_but_not_those_that_ci_releases():
    service = {**SERVICE, "sidecars": {"proxy": {"image": "envoy"}}, "tracing": {"image": "{{ late_outputs }}"}}
    images = needs(webstack_services={"api": {**service, "image_owner": "ci"}})["services"][0]["images"]
    assert images == [{"variable": "webstack_services.api.sidecars.proxy.image", "image": "envoy"}]
    assert len(needs(webstack_services={"api": service})["services"][0]["images"]) == 2


def test_names_are_those_that_are_given_else_derived():
    services = {"api": {**SERVICE, "load_balancer": {}}, "web": {**SERVICE, "load_balancer": {"name": "front"}}}
    found = needs(
        webstack_services=services,
        storage_buckets={"media": None, "logs": {"name": "logs"}, "own": {"managed_by": "application"}},
    )
    assert found["load_balancer"] == "staging-shop-alb"
    assert [item["name"] for item in found["target_groups"]] == ["staging-shop-api", "front"]
    assert [item["name"] for item in found["buckets"]] == ["staging-shop-media-000000000000", "logs"]


def test_a_name_that_is_known_only_later_is_not_asked_for():
    found = needs(
        webstack_services={"api": {**SERVICE, "load_balancer": {}}},
        load_balancer_name="{{ late }}",
        container_service_cluster_name="{{ late }}",
        dns_certificate_arn="{{ late }}",
    )
    assert (found["load_balancer"], found["cluster"], found["services"], found["certificate"]) == (None, None, [], None)


def test_a_certificate_is_for_the_names_that_answer():
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0"
    given = {"dns_certificate_arn": arn, "dns_domain_name": "example.com"}
    assert needs(**given)["certificate"] == {"arn": arn, "names": ["example.com"]}
    assert needs(**given, dns_records=["www.example.com"])["certificate"]["names"] == ["www.example.com"]


def test_secrets_of_others_are_each_asked_for_once():
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mail-a1b2c3"
    sidecar = {"image": "envoy", "secrets": {"C": arn}}
    service = {**SERVICE, "secrets": {"A": f"{arn}:key::", "B": "own_key"}, "sidecars": {"x": sidecar}}
    fields = {"own_key": {"generate": {}}, "theirs": {"from_secret": "company/mail:password"}}
    assert needs(webstack_services={"api": service}, secrets_fields=fields)["secrets"] == [
        {"variable": "webstack_services.api.secrets.A", "secret_id": arn},
        {"variable": "secrets_fields.theirs", "secret_id": "company/mail"},
    ]


def test_a_database_is_asked_for_where_there_is_one():
    engine = {"database_engine": "postgres", "database_engine_version": "16"}
    assert needs(**engine)["database"] is None
    assert needs(**engine, database_instance_class="db.t4g.small")["database"] == {
        "engine": "postgres",
        "engine_version": "16",
        "db_instance_class": "db.t4g.small",
        "name": "staging-shop-db",
    }


def test_every_part_has_permissions():
    everything = {
        "webstack_services": {"api": {**SERVICE, "load_balancer": {}}},
        "webstack_jobs": {"clean": {}},
        "api_gateway_routes": [],
        "cache_node_type": "x",
        "database_instance_class": "x",
        "database_engine": "aurora-postgresql",
        "dns_domain_name": "example.com",
        "dns_zone_name": "example.com",
        "dns_create_zone": True,
        "file_system_file_systems": {"media": {}},
        "lock_table": "locks",
        "network_flow_logs": True,
        "network_interface_endpoints": ["logs"],
        "registry_repositories": {"api": {}},
        "secrets_access_keys": [{}],
        "storage_buckets": {"media": {}},
        "storage_tables": {"items": {}},
    }
    assert sorted(readiness.parts({**VALUES, **everything})) == sorted(ACTIONS)


def test_the_stacks_own_repositories_are_known_before_they_are_made():
    found = readiness.planned_registry({**VALUES, "registry_repositories": {"api": None, "web": {"name": "front"}}})
    assert {key: item["url"] for key, item in found["repositories"].items()} == {
        "api": "000000000000.dkr.ecr.us-east-1.amazonaws.com/staging-shop-api",
        "web": "000000000000.dkr.ecr.us-east-1.amazonaws.com/front",
    }


@pytest.mark.parametrize(("account", "faults"), [(None, 0), ("012345678901", 0), (5349, 1), ("1234", 1)])
def test_an_account_has_twelve_digits(account, faults):
    assert len(list(readiness.account({"webstack_account_id": account}))) == faults

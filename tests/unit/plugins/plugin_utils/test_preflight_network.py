"""The rules for a stack's network: what they let pass, and what they say of what they do not."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils import _preflight_network
from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_network import RULES, needed_interface_endpoints

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
#: What private tasks without NAT need in the stack below.
ENDPOINTS = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]


def faults(services=None, **changes):
    """The faults of a stack of private tasks without NAT, whose endpoints are derived."""
    values = {
        "webstack_region": "us-east-1",
        "webstack_services": {
            "api": {"image": f"{REGISTRY}/shop:1", "secrets": {"DSN": "dsn"}, **(services or {})},
        },
        "network_vpc_cidr": "10.1.0.0/16",
        "network_zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
        "network_private_subnets": ["10.1.11.0/24", "10.1.12.0/24", "10.1.13.0/24"],
        "network_nat_mode": "none",
        "network_gateway_endpoints": None,
        "network_interface_endpoints": None,
        "network_flow_logs_retention_days": 30,
        "security_groups_load_balancer_ports": [80, 443],
        "security_groups_load_balancer_cidrs": None,
        **changes,
    }
    return [fault for rule in RULES for fault in rule(values)]


def only(found):
    """The one fault as text."""
    (fault,) = found
    return f"{fault.variable}: {fault.problem}. Right: {fault.remedy}"


def test_derived_endpoints_are_never_at_fault():
    assert faults() == []
    assert faults({"tracing": {"image": f"{REGISTRY}/collector:1"}, "exec": True}) == []


def test_listed_endpoints_must_have_what_tasks_need():
    assert faults(network_interface_endpoints=ENDPOINTS, network_gateway_endpoints=["s3"]) == []
    text = only(faults(network_interface_endpoints=["ecr.api", "logs"]))
    assert text.startswith("network_interface_endpoints: it lacks ecr.dkr, secretsmanager")
    assert "null, which derives them; or [ecr.api, ecr.dkr, logs, secretsmanager]" in text
    assert "webstack_task_subnets: public" in text


def test_listed_endpoints_may_be_named_in_full():
    full = [f"com.amazonaws.us-east-1.{name}" for name in ENDPOINTS]
    assert faults(network_interface_endpoints=full) == []


@pytest.mark.parametrize(
    ("services", "changes", "missing"),
    [
        ({"tracing": {"image": f"{REGISTRY}/collector:1"}}, {}, "xray"),
        ({"exec": True}, {}, "ssmmessages"),
        ({}, {"container_service_exec": True}, "ssmmessages"),
    ],
)
def test_what_a_service_does_adds_to_what_it_needs(services, changes, missing):
    text = only(faults(services, network_interface_endpoints=ENDPOINTS, **changes))
    assert f"it lacks {missing}, and private tasks have no NAT" in text


def needed(**values):
    return needed_interface_endpoints({"webstack_services": {"api": {}}, **values})


def test_secrets_are_needed_only_where_there_are_any():
    assert needed() == ["ecr.api", "ecr.dkr", "logs"]
    for values in (
        {"webstack_services": {"api": {"secrets": {"A": "a"}}}},
        {"webstack_services": {"api": {"sidecars": {"agent": {"secrets": {"A": "a"}}}}}},
        {"webstack_jobs": {"sync": {"secrets": {"A": "a"}}}},
        # a task makes the second one, and has the password
        {"database_instance_class": "db.t4g.micro", "database_names": ["shop", "extra"]},
    ):
        assert needed(**values) == ENDPOINTS
    assert "secretsmanager" not in needed(database_instance_class="db.t4g.micro", database_names=["shop"])
    assert "secretsmanager" not in needed(database_names=["shop", "extra"])


def test_a_shell_in_a_job_goes_through_an_endpoint():
    assert "ssmmessages" in needed(webstack_jobs={"sync": {"exec": True}})
    assert "ssmmessages" not in needed(webstack_jobs={"sync": {"exec": False}})


def test_images_come_through_s3_and_tables_are_behind_an_endpoint():
    assert "it lacks s3" in only(faults(network_gateway_endpoints=["dynamodb"]))
    tables = {"certificates": {}}
    assert faults(storage_tables=tables) == []
    assert "it lacks dynamodb" in only(faults(storage_tables=tables, network_gateway_endpoints=["s3"]))


@pytest.mark.parametrize(
    ("services", "changes", "variable", "text"),
    [
        ({"image": "docker.io/shop:1"}, {}, "webstack_services.api.image", "reach no other registry"),
        (
            {"image": f"{REGISTRY.replace('us-east-1', 'eu-west-1')}/shop:1"},
            {},
            "webstack_services.api.image",
            "is in ECR of eu-west-1",
        ),
        (
            {"sidecars": {"agent": {"image": "public.ecr.aws/agent:1"}}},
            {},
            "webstack_services.api.sidecars.agent.image",
            "reach no other registry",
        ),
        ({"tracing": {}}, {}, "webstack_services.api.tracing.image", "public.ecr.aws/aws-observability"),
        (
            {},
            {"webstack_jobs": {"sync": {"image": "docker.io/sync:1"}}},
            "webstack_jobs.sync.image",
            "docker.io/sync:1 is not in ECR",
        ),
        (
            {},
            {"database_instance_class": "db.t4g.micro", "database_names": ["a", "b"]},
            "database_client_image",
            "PostgreSQL's public image",
        ),
    ],
)
def test_without_nat_images_are_in_ecr_of_the_region(services, changes, variable, text):
    found = only(faults(services, **changes))
    assert found.startswith(f"{variable}: ")
    assert text in found
    assert faults(services, **changes, network_nat_mode="single") == []
    assert faults(services, **changes, webstack_task_subnets="public") == []


def test_an_image_that_is_known_later_passes():
    assert faults({"image": "{{ registry_outputs.repositories.api.url }}:1"}) == []


def test_private_tasks_need_private_subnets():
    text = only(faults(network_private_subnets=[], network_nat_mode="single"))
    assert text.startswith("network_private_subnets: tasks run in private subnets, and there are none")
    assert faults(network_private_subnets=[], webstack_task_subnets="public") == []


def test_a_stack_without_services_reaches_for_nothing():
    assert faults(webstack_services={}, network_interface_endpoints=[]) == []


def test_flow_logs_are_kept_for_a_period_of_cloudwatch():
    assert faults(network_flow_logs_retention_days=0) == []
    assert "29 days. Right: 30 is the nearest" in only(faults(network_flow_logs_retention_days=29))


def test_ranges_of_the_load_balancer_are_ranges():
    text = only(faults(security_groups_load_balancer_cidrs=["everywhere", "0.0.0.0/0", "::/0"]))
    assert text.startswith("security_groups_load_balancer_cidrs: 'everywhere' is no range of addresses")


def ipv4(count):
    return [f"10.{number}.0.0/16" for number in range(count)]


def test_a_group_takes_sixty_rules_of_each_family():
    six = [f"2001:db8:{number:x}::/48" for number in range(30)]
    assert faults(security_groups_load_balancer_cidrs=[*ipv4(30), *six, "10.0.0.1/16"]) == []
    text = only(faults(security_groups_load_balancer_cidrs=[*ipv4(31), *six]))
    assert "31 ranges of IPv4 and 2 ports are 62 rules, and AWS takes 60 of IPv4 in a group" in text
    assert "at most 30 ranges of IPv4" in text
    one_port = {"security_groups_load_balancer_ports": [443]}
    assert faults(security_groups_load_balancer_cidrs=ipv4(60), **one_port) == []


def test_zones_are_of_the_region_and_two_at_least():
    assert "fewer than two zones" in only(faults(network_zones=["us-east-1a"], network_private_subnets=None))
    assert "named twice" in only(faults(network_zones=["us-east-1a", "us-east-1a", "us-east-1b"]))
    assert "sa-east-1a is no zone of us-east-1" in only(
        faults(network_zones=["us-east-1b", "us-east-1c", "sa-east-1a"])
    )


def test_every_rule_is_asked():
    assert {rule.__name__ for rule in _preflight_network.RULES} == {
        "zones",
        "networks",
        "planned",
        "flow_logs",
        "reachability",
        "load_balancer_sources",
    }


def test_a_range_that_is_too_small_to_be_carved_is_a_fault():
    text = only(
        faults(network_vpc_cidr="10.1.11.0/24", network_public_subnets=None, network_private_subnets=["10.1.11.0/28"])
    )
    assert "network_vpc_cidr: 10.1.11.0/24 is too small to be carved" in text

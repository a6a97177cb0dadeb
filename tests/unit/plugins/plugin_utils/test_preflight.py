"""Every rule of preflight: what it lets pass, and what it says of what it does not."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils import _preflight
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, message, nearest

STACK = {
    "webstack_environment": "staging",
    "webstack_stack": "shop",
    "webstack_region": "us-east-1",
    "webstack_services": {
        "api": {
            "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1",
            "cpu": 512,
            "memory": 1024,
            "port": 8080,
            "desired_count": 2,
            "autoscaling": {"minimum": 1, "maximum": 4},
            "load_balancer": {"health_check": {"path": "/health"}},
            "secrets": {"DATABASE_URL": "dsn", "OTHER": "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"},
            "environment": {"LOG_LEVEL": "info", "ACCESS_TOKEN_EXPIRE_MINUTES": "30"},
        }
    },
    "network_vpc_cidr": "10.1.0.0/16",
    "network_zones": ["us-east-1a", "us-east-1b"],
    "network_public_subnets": ["10.1.1.0/24", "10.1.2.0/24"],
    "network_private_subnets": ["10.1.11.0/24", "10.1.12.0/24"],
    "network_nat_mode": "single",
    "network_gateway_endpoints": ["s3"],
    "network_interface_endpoints": [],
    "container_service_exec": True,
    "secrets_fields": {
        "user": {"value": "shop"},
        "password": {"generate": {}},
        "dsn": {"template": "postgres://{user}:{password:url}@{database_host}/shop"},
    },
    "database_engine": "postgres",
    "database_engine_version": "16",
    "database_instance_class": "db.t4g.micro",
    "database_storage_type": "gp3",
    "database_allocated_storage": 20,
    "database_backup_retention_period": 7,
    "database_names": ["shop"],
    "database_password_key": "password",
    "database_port": 5432,
    "database_iops": None,
    "database_storage_throughput": None,
    "database_aurora_instances": None,
    "database_read_replicas": 0,
    "database_backup_window": None,
    "database_maintenance_window": None,
    "database_monitoring_interval": 0,
    "database_performance_insights": False,
    "database_performance_insights_retention_period": 7,
    "database_cloudwatch_logs_exports": [],
    "cache_node_type": "cache.t4g.micro",
    "cache_replicas": 1,
    "cache_auth_token_key": "password",
    "monitoring_log_retention_days": 14,
    "load_balancer_name": "staging-shop-alb",
    "storage_buckets": {"media": {"name": None}},
    "registry_repositories": {"api": {"name": "staging/shop"}},
}

PRIVATE = {"network_nat_mode": "none"}
ENDPOINTS = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssmmessages"]


def faults_of(**changes):
    """The faults of the stack above with some variables changed; a key with dots reaches inside."""
    values = copy.deepcopy(STACK)
    for path, value in changes.items():
        *parents, last = path.split("__")
        where = values
        for parent in parents:
            where = where[parent]
        where[last] = value
    return [fault for rule in _preflight.RULES for fault in rule(values)]


def test_a_sound_stack_has_no_faults():
    assert faults_of() == []


#: changes -> the variable that the one fault names, and a piece of its text.
BAD = [
    ({"webstack_environment": "stagign"}, "webstack_environment", "'staging', if that was meant"),
    ({"webstack_environment": "x"}, "webstack_environment", "one of production, staging, homolog"),
    ({"webstack_stack": "My_Shop"}, "webstack_stack", "lower-case"),
    ({"network_vpc_cidr": "10.1.0.0"}, "network_public_subnets", "outside"),
    ({"network_vpc_cidr": "ten"}, "network_vpc_cidr", "a range such as"),
    ({"network_vpc_cidr": "10.0.0.0/8"}, "network_vpc_cidr", "between /16 and /28"),
    (
        {"network_public_subnets": ["10.9.1.0/24"]},
        "network_public_subnets",
        "10.9.1.0/24 lies outside network_vpc_cidr 10.1.0.0/16",
    ),
    ({"network_public_subnets": ["x"]}, "network_public_subnets", "no range"),
    ({"network_public_subnets": ["10.1.1.0/29"]}, "network_public_subnets", "smaller than /28"),
    (
        {"network_private_subnets": ["10.1.1.128/25"]},
        "network_private_subnets",
        "10.1.1.128/25 overlaps 10.1.1.0/24 of network_public_subnets",
    ),
    ({"network_zones": ["us-east-1a", "eu-west-1a"]}, "network_zones", "eu-west-1a is no zone of us-east-1"),
    (
        PRIVATE,
        "network_interface_endpoints",
        "null, which derives them; or [ecr.api, ecr.dkr, logs, secretsmanager, ssmmessages]",
    ),
    (PRIVATE, "network_interface_endpoints", "network_nat_mode: single; or webstack_task_subnets: public"),
    (
        {**PRIVATE, "network_interface_endpoints": ENDPOINTS, "network_gateway_endpoints": []},
        "network_gateway_endpoints",
        "[s3]",
    ),
    (
        {**PRIVATE, "network_interface_endpoints": ENDPOINTS, "webstack_services__api__image": "docker.io/shop:1"},
        "webstack_services.api.image",
        "reach no other registry",
    ),
    (
        {"webstack_services__api__cpu": 500},
        "webstack_services.api.cpu, .memory",
        "cpu: 512, memory: 1024 is the nearest",
    ),
    (
        {"webstack_services__api__memory": 1536},
        "webstack_services.api.cpu, .memory",
        "cpu: 512, memory: 2048 is the nearest",
    ),
    ({"webstack_services__api__desired_count": 9}, "webstack_services.api.desired_count", "1 to 4"),
    (
        {"webstack_services__api__autoscaling": {"minimum": 3, "maximum": 2}},
        "webstack_services.api.autoscaling",
        "minimum <= maximum",
    ),
    ({"webstack_services__api__port": None}, "webstack_services.api.port", "listens on"),
    (
        {"webstack_services__api__load_balancer__health_check__path": "health"},
        "webstack_services.api.load_balancer.health_check.path",
        "/health",
    ),
    ({"webstack_services__api__name": "a b"}, "webstack_services.api.name", "letters, digits"),
    (
        {"webstack_services__api__environment__DB_PASSWORD": "hunter22"},
        "webstack_services.api.environment.DB_PASSWORD",
        "clear text",
    ),
    (
        {"webstack_services__api__secrets__DATABASE_URL": "dns"},
        "webstack_services.api.secrets.DATABASE_URL",
        "dsn, if that was meant",
    ),
    ({"secrets_fields__password": "hunter22"}, "secrets_fields.password", "from_env: PASSWORD"),
    ({"secrets_fields__password": {"value": "hunter22"}}, "secrets_fields.password", "clear text"),
    ({"secrets_fields__password": {"generate": {}, "value": ""}}, "secrets_fields.password", "exactly one of"),
    ({"database_allocated_storage": 10}, "database_allocated_storage", "20 to 65536 GB, not 10. Right: 20"),
    ({"database_storage_type": "gp9"}, "database_storage_type", "gp3"),
    ({"database_backup_retention_period": 36}, "database_backup_retention_period", "0 to 35"),
    ({"database_instance_class": "t4g.micro"}, "database_instance_class", "db.t4g.micro"),
    ({"database_names": ["my-shop"]}, "database_names", "no name of a database"),
    ({"database_password_key": "passwort"}, "database_password_key", "Right: password"),
    ({"database_password_key": None}, "database_password_key", "needs a password"),
    ({"cache_replicas": 6}, "cache_replicas", "0 to 5"),
    ({"cache_node_type": "t4g.micro"}, "cache_node_type", "cache.t4g.micro"),
    ({"cache_transit_encryption": False}, "cache_transit_encryption", "true"),
    ({"load_balancer_name": "a" * 33}, "load_balancer_name", "33 characters"),
    ({"storage_buckets__media__name": "My_Bucket"}, "storage_buckets.media.name", "lower-case"),
    ({"monitoring_log_retention_days": 10}, "monitoring_log_retention_days", "7 is the nearest"),
]


@pytest.mark.parametrize(
    ("changes", "variable", "text"), BAD, ids=[f"{variable}-{number}" for number, (_c, variable, _t) in enumerate(BAD)]
)
def test_a_fault_names_its_variable_and_what_would_be_right(changes, variable, text):
    lines = message("shop", [fault for fault in faults_of(**changes) if fault.variable == variable])
    assert variable in lines
    assert text in lines


def test_one_zone_is_refused():
    faults = faults_of(network_zones=["us-east-1a"])
    assert (
        Fault(
            "network_zones",
            "us-east-1a is fewer than two zones; load balancers and database subnet groups need two",
            "two zones or more, for instance [us-east-1a, us-east-1b]",
        )
        in faults
    )


def test_a_secret_in_the_wrong_place_is_not_repeated():
    text = message(
        "shop", faults_of(webstack_services__api__secrets__DATABASE_URL="hunter22", secrets_fields__password="hunter22")
    )
    assert "hunter22" not in text


def test_public_tasks_need_no_nat():
    assert faults_of(network_nat_mode="none", webstack_task_subnets="public") == []


def test_private_tasks_with_all_endpoints_need_no_nat():
    assert faults_of(network_nat_mode="none", network_interface_endpoints=ENDPOINTS) == []


def test_a_region_is_known_or_the_nearest_is_named():
    assert list(_preflight.region(STACK, ["us-east-1"])) == []
    assert next(_preflight.region({"webstack_region": "us-esat-1"}, ["us-east-1"])).remedy == "us-east-1"


def test_unknown_variables_are_told_from_ones_own():
    known = {"network_vpc_cidr", "network_zones"}
    faults = list(
        _preflight.unknown_variables({"network_vpc_cdir", "netwrok_zones", "my_own", "confirm"}, known, ["network"])
    )
    assert [fault.variable for fault in faults] == ["network_vpc_cdir", "netwrok_zones"]
    assert faults[0].remedy.startswith("network_vpc_cidr")


def test_one_message_holds_all_faults():
    text = message("shop", [Fault("a", "is bad", "b"), Fault("c", "is worse", "d")])
    assert text.splitlines() == [
        "The variables of shop have 2 faults; nothing was asked of AWS and nothing was changed.",
        "  1. a: is bad. Right: b.",
        "  2. c: is worse. Right: d.",
    ]


def test_nearest_is_empty_when_nothing_is_near():
    assert nearest("xyz", ["abc"]) == ""

"""The rules for services: what they let pass, and what they say of what they do not."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_services import RULES

SERVICE = {
    "image": "shop:1",
    "cpu": 512,
    "memory": 1024,
    "port": 8080,
    "desired_count": 2,
    "autoscaling": {
        "minimum": 1,
        "maximum": 4,
        "cpu": 70,
        "memory": None,
        "schedules": {"night": {"schedule": "cron(0 22 * * ? *)", "timezone": "America/Sao_Paulo", "minimum": 0}},
    },
    "health_check": {"command": "true", "interval": 30, "timeout": 5, "retries": 3, "start_period": 60},
    "sidecars": {
        "proxy": {"image": "proxy:1", "port": 9000, "essential": False, "container_memory": 128},
        # It may take nearly all of the memory, and is promised little of it.
        "cache": {"image": "cache:1", "container_memory": 1000, "container_memory_reservation": 100},
    },
    "uses": {"buckets": {"media": "read_write"}, "tables": {"orders": "read"}},
    "mounts": {"/media": {"file_system": "files", "access_point": "media"}},
    "policy_statements": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}],
    "tracing": {"sampling": 0.1, "container_memory": 128},
    "environment": {"LOG_LEVEL": "info"},
    "environment_files": ["arn:aws:s3:::shop-settings/api.env"],
    "spot": {"base": 1, "on_demand": 1, "spot": 4},
    "stop_timeout": 30,
    "minimum_healthy_percent": 50,
    "maximum_percent": 400,
    "ephemeral_storage": 21,
}
STACK = {
    "webstack_services": {"api": SERVICE},
    "webstack_jobs": {"nightly": {"service": "api", "uses": {"tables": {"orders": "write"}}}},
    "storage_buckets": {"media": {}},
    "storage_tables": {"orders": {}},
    "file_system_file_systems": {"files": {"access_points": {"media": {}}}},
}


def faults_of(values):
    return [fault for rule in RULES for fault in rule(values)]


def test_a_sound_service_has_no_faults():
    assert faults_of(STACK) == []


def test_a_service_with_an_image_only_has_no_faults():
    assert faults_of({"webstack_services": {"api": {"image": "x", "cpu": 256, "memory": 512}}}) == []


#: What is changed, by its path inside the service -> where the one fault is, and a piece of its text.
BAD = [
    ("container_name", "a b", "", "no name of a container"),
    ("family", "a b", ".family", "letters, digits"),
    ("health_check.interval", 4, ".health_check.interval", "5 to 300"),
    ("health_check.timeout", 61, ".health_check.timeout", "2 to 60"),
    ("health_check.retries", 11, ".health_check.retries", "1 to 10"),
    ("health_check.start_period", 301, ".health_check.start_period", "0 to 300"),
    ("stop_timeout", 121, ".stop_timeout", "2 to 120"),
    ("health_check_grace_period", -1, ".health_check_grace_period", "0 to"),
    ("minimum_healthy_percent", 101, ".minimum_healthy_percent", "0 to 100"),
    ("maximum_percent", 99, ".maximum_percent", "100 to 2147483647"),
    ("ephemeral_storage", 201, ".ephemeral_storage", "20 to 200"),
    ("port", 70000, ".port", "1 to 65535"),
    ("port", 9000, "", "listen on port 9000"),
    ("port", 4317, "", "listen on port 4317"),
    ("desired_count", 9, ".desired_count", "1 to 4"),
    ("autoscaling.cpu", 170, ".autoscaling.cpu", "at most 100"),
    ("autoscaling.scale_in_cooldown", -1, ".autoscaling.scale_in_cooldown", "0 or more"),
    ("autoscaling.schedules.night.schedule", "at night", ".autoscaling.schedules.night.schedule", "cron(0 22"),
    ("autoscaling.schedules.night.timezone", "Brasil", ".autoscaling.schedules.night.timezone", "America/Sao_Paulo"),
    ("autoscaling.schedules.night.maximum", -1, ".autoscaling.schedules.night", "no bounds"),
    ("autoscaling.schedules.night.minimum", None, ".autoscaling.schedules.night", "no bound"),
    ("autoscaling.schedules.night.least", 1, ".autoscaling.schedules.night", "least"),
    ("sidecars.proxy.imgae", "x", ".sidecars.proxy", "imgae"),
    ("sidecars.proxy", None, ".sidecars.proxy", "it says nothing"),
    ("sidecars.proxy.port", 8080, "", "listen on port 8080"),
    ("sidecars.proxy.stop_timeout", 1, ".sidecars.proxy.stop_timeout", "2 to 120"),
    ("sidecars.proxy.container_memory", 1000, ".memory", "promised 1228 of the task's 1024"),
    ("sidecars.api", {"image": "x"}, "", "would be called api"),
    ("sidecars.adot-collector", {"image": "x"}, "", "would be called adot-collector"),
    ("tracing.container_cpu", 1024, ".cpu", "promised 1024 of the task's 512"),
    ("tracing.sampling", 10, ".tracing.sampling", "0 to 1"),
    ("uses.buckets.medai", "read", ".uses.buckets.medai", "media, if that was meant"),
    ("uses.tables.orders", "rw", ".uses.tables.orders", "read_write"),
    ("mounts./media.file_system", "fiels", ".mounts./media", "files, if that was meant"),
    ("mounts./media.access_point", "x", ".mounts./media", "one of media"),
    ("mounts./media.readonly", True, ".mounts./media", "readonly"),
    ("mounts.media", {"file_system": "files"}, ".mounts.media", "absolute path"),
    ("policy_statements", [{"Effect": "Allow"}], ".policy_statements[0]", "lacks Action or NotAction, Resource"),
    ("environment.DB_PASSWORD", "hunter22", ".environment.DB_PASSWORD", "clear text"),
    ("sidecars.proxy.environment", {"API_TOKEN": "x"}, ".sidecars.proxy.environment.API_TOKEN", "clear text"),
    ("secrets", {"LOG_LEVEL": "key"}, ".environment", "LOG_LEVEL stands in secrets too"),
    ("environment_files", ["s3://a/b"], ".environment_files", "arn:aws:s3:::"),
    ("spot", {"base": 1, "spot": 0}, ".spot", "beyond the base"),
    ("spot", {"bas": 1}, ".spot", "bas"),
]


@pytest.mark.parametrize(("path", "value", "place", "text"), BAD, ids=[f"{case[0]}={case[1]}" for case in BAD])
def test_a_fault_names_the_variable_and_what_would_be_right(path, value, place, text):
    stack = copy.deepcopy(STACK)
    *parents, last = path.split(".")
    where = stack["webstack_services"]["api"]
    for parent in parents:
        where = where[parent]
    where[last] = value
    [fault] = faults_of(stack)
    assert fault.variable == f"webstack_services.api{place}"
    assert text in f"{fault.problem} {fault.remedy}"


def test_full_and_only_full_strength_replaces_no_task():
    stack = copy.deepcopy(STACK)
    stack["webstack_services"]["api"] |= {"minimum_healthy_percent": 100, "maximum_percent": 100}
    [fault] = faults_of(stack)
    assert "no task could ever be replaced" in fault.problem


def test_jobs_are_held_to_what_there_is_to_use():
    stack = {**STACK, "webstack_jobs": {"nightly": {"service": "api", "uses": {"tables": {"order": "write"}}}}}
    [fault] = faults_of(stack)
    assert fault.variable == "webstack_jobs.nightly.uses.tables.order"
    assert "orders, if that was meant" in fault.remedy

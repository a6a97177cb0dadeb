"""Services, as people describe them, as options of the ECS modules."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._container_services import (
    Stack,
    container_service,
    first_count,
    scaling,
    strategy,
)

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:demo-AbCdEf"
STACK = Stack("staging-demo", "us-east-1", "/ecs/staging/demo", secret_arn=SECRET)


def test_service_with_an_image_has_all_it_needs():
    plan = container_service("api", {"image": "demo:1"}, STACK)
    assert (plan["name"], plan["family"], plan["container_name"]) == ("staging-demo-api", "staging-demo-api", "api")
    assert (plan["cpu"], plan["memory"], plan["desired_count"], plan["desired_count_owner"]) == (
        256,
        512,
        1,
        "variables",
    )
    assert plan["autoscaling"] is None
    assert plan["containers"] == [
        {
            "name": "api",
            "image": "demo:1",
            "log_configuration": {
                "log_driver": "awslogs",
                "options": {
                    "awslogs-group": "/ecs/staging/demo/api",
                    "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": "ecs",
                },
            },
        }
    ]


def test_own_service_name_leaves_the_family_to_the_environment():
    plan = container_service("api", {"image": "demo:1", "name": "demo-api-service"}, STACK)
    assert (plan["name"], plan["family"]) == ("demo-api-service", "staging-demo-api")


def test_secrets_are_keys_of_the_stacks_secret_or_whole_arns():
    other = "arn:aws:ssm:us-east-1:123456789012:parameter/demo"
    plan = container_service("api", {"image": "x", "secrets": {"A": "key", "B": other, "C": None}}, STACK)
    assert plan["containers"][0]["secrets"] == {"A": f"{SECRET}:key::", "B": other}


def test_exec_brings_an_init_process_to_the_main_container_only():
    service = {"image": "x", "sidecars": {"side": {"image": "s"}}}
    containers = container_service("api", service, STACK._replace(exec=True))["containers"]
    assert containers[0]["linux_parameters"] == {"init_process_enabled": True}
    assert "linux_parameters" not in containers[1]
    assert "linux_parameters" not in container_service("api", {**service, "exec": False}, STACK)["containers"][0]


def test_sidecar_has_settings_and_a_log_of_its_own():
    sidecar = {"image": "adot:1", "essential": False, "log_group": "/ecs/adot", "container_cpu": 64, "port": 4317}
    containers = container_service("api", {"image": "x", "sidecars": {"adot": sidecar}}, STACK)["containers"]
    assert containers[1]["essential"] is False
    assert containers[1]["cpu"] == 64
    assert containers[1]["port_mappings"] == [{"container_port": 4317, "protocol": "tcp"}]
    assert containers[1]["log_configuration"]["options"]["awslogs-group"] == "/ecs/adot"


def test_own_log_configuration_replaces_awslogs():
    log = {"log_driver": "awsfirelens"}
    assert (
        container_service("api", {"image": "x", "log_configuration": log}, STACK)["containers"][0]["log_configuration"]
        == log
    )


def test_health_check_as_text_runs_in_a_shell():
    plan = container_service("api", {"image": "x", "health_check": {"command": "true", "start_period": 90}}, STACK)
    assert plan["containers"][0]["health_check"] == {"command": ["CMD-SHELL", "true"], "start_period": 90}
    assert plan["grace_period"] == 90
    assert container_service("api", {"image": "x", "health_check_grace_period": 0}, STACK)["grace_period"] == 0


def test_missing_image_is_named():
    with pytest.raises(KeyError, match="image"):
        container_service("api", {}, STACK)


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        (False, [{"capacity_provider": "FARGATE", "base": 0, "weight": 1}]),
        (True, [{"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 1}]),
        (
            {"base": 1, "on_demand": 1, "spot": 4},
            [
                {"capacity_provider": "FARGATE", "base": 1, "weight": 1},
                {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": 4},
            ],
        ),
    ],
)
def test_spot_is_a_switch_or_parts(spot, expected):
    assert strategy(spot) == expected
    assert container_service("api", {"image": "x", "spot": spot}, STACK)["capacity_provider_strategy"] == expected


@pytest.mark.parametrize(("desired", "count"), [(1, 2), (3, 3), (9, 6)])
def test_new_service_begins_within_its_bounds(desired, count):
    assert first_count(desired, {"minimum": 2, "maximum": 6}) == count
    assert first_count(desired, None) == desired


def test_scaling_has_both_targets_unless_one_is_off():
    made = scaling({"minimum": 1, "maximum": 3, "memory": None, "scale_in_cooldown": 60})
    assert made == {
        "min_capacity": 1,
        "max_capacity": 3,
        "schedules": [],
        "policies": [
            {
                "name": "cpu",
                "metric": "ECSServiceAverageCPUUtilization",
                "target_value": 70,
                "scale_in_cooldown": 60,
            }
        ],
    }


FILE_SYSTEMS = {"files": {"id": "fs-1", "access_points": {"media": {"id": "fsap-1"}}}}


def test_mounts_are_by_tls_and_iam_and_one_volume_for_each_access_point():
    mount = {"file_system": "files", "access_point": "media"}
    service = {
        "image": "x",
        "mounts": {"/media": mount, "/old": {**mount, "read_only": True}, "/all": {"file_system": "files"}},
    }
    plan = container_service("api", service, STACK._replace(file_systems=FILE_SYSTEMS))
    assert plan["volumes"] == [
        {
            "name": "files-media",
            "efs_volume_configuration": {
                "file_system_id": "fs-1",
                "transit_encryption": "ENABLED",
                "authorization_config": {"iam": "ENABLED", "access_point_id": "fsap-1"},
            },
        },
        {
            "name": "files",
            "efs_volume_configuration": {
                "file_system_id": "fs-1",
                "transit_encryption": "ENABLED",
                "authorization_config": {"iam": "ENABLED"},
            },
        },
    ]
    assert plan["containers"][0]["mount_points"] == [
        {"source_volume": "files-media", "container_path": "/media", "read_only": False},
        {"source_volume": "files-media", "container_path": "/old", "read_only": True},
        {"source_volume": "files", "container_path": "/all", "read_only": False},
    ]


def test_tracing_brings_the_collector_and_tells_the_application_of_it():
    service = {"image": "x", "tracing": {}, "environment": {"OTEL_PROPAGATORS": "tracecontext", "A": 1}}
    main, collector = container_service("api", service, STACK)["containers"]
    assert main["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://localhost:4317"
    assert main["environment"]["OTEL_SERVICE_NAME"] == "staging-demo-api"
    assert main["environment"]["OTEL_TRACES_SAMPLER_ARG"] == "0.1"
    assert main["environment"]["OTEL_PROPAGATORS"] == "tracecontext"
    assert main["environment"]["A"] == 1
    assert collector["name"] == "adot-collector"
    assert collector["essential"] is False
    assert collector["health_check"]["command"] == ["CMD", "/healthcheck"]
    assert collector["log_configuration"]["options"]["awslogs-group"] == "/ecs/staging/demo/api/adot"
    configuration = json.loads(collector["environment"]["AOT_CONFIG_CONTENT"])
    pipeline = configuration["service"]["pipelines"]["traces"]
    assert set(pipeline["receivers"]) <= set(configuration["receivers"])
    assert set(pipeline["processors"]) <= set(configuration["processors"])
    assert set(pipeline["exporters"]) <= set(configuration["exporters"])
    assert configuration["service"]["extensions"] == list(configuration["extensions"])


def test_tracing_says_what_shall_be_otherwise():
    tracing = {
        "sampling": 0,
        "service_name": "shop",
        "image": "mirror/adot:1",
        "log_group": "/ecs/adot",
        "container_cpu": 64,
        "container_memory": 128,
    }
    main, collector = container_service("api", {"image": "x", "tracing": tracing}, STACK)["containers"]
    assert main["environment"]["OTEL_SERVICE_NAME"] == "shop"
    assert main["environment"]["OTEL_TRACES_SAMPLER_ARG"] == "0"
    assert (collector["image"], collector["cpu"], collector["memory"]) == ("mirror/adot:1", 64, 128)
    assert collector["log_configuration"]["options"]["awslogs-group"] == "/ecs/adot"


def test_schedules_have_the_bounds_that_they_say():
    schedules = {
        "night": {"schedule": "cron(0 22 * * ? *)", "maximum": 0},
        "day": {"schedule": "at(x)", "timezone": "Z", "minimum": 2},
    }
    made = scaling({"minimum": 1, "maximum": 3, "schedules": schedules})
    assert made["schedules"] == [
        {"name": "night", "schedule": "cron(0 22 * * ? *)", "timezone": "UTC", "max_capacity": 0},
        {"name": "day", "schedule": "at(x)", "timezone": "Z", "min_capacity": 2},
    ]

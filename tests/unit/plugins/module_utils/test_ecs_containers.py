"""Container definitions in the form in which they compare."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._ecs_containers import (
    definition,
    faults,
    normal,
    normal_all,
    normal_volumes,
    snake,
    text,
)

OPTIONS = {
    "name": "api",
    "image": "demo:1",
    "environment": {"DEBUG": False, "LIST": [1], "PORT": 8080, "EMPTY": ""},
    "secrets": {"KEY": "arn:aws:secretsmanager:us-east-1:123456789012:secret:demo:key::"},
    "port_mappings": [{"container_port": 8080}],
    "health_check": {"command": ["CMD-SHELL", "true"]},
    "log_configuration": {"log_driver": "awslogs", "options": {"awslogs-group": "/ecs/demo"}},
    "docker_labels": {"Com.Example": "one"},
    "depends_on": [{"container_name": "side", "condition": "START"}],
}
#: The same as AWS describes it: defaults shown or left out, in another order.
LIVE = {
    "name": "api",
    "image": "demo:1",
    "cpu": 0,
    "essential": True,
    "environment": [
        {"name": "PORT", "value": "8080"},
        {"name": "LIST", "value": "[1]"},
        {"name": "EMPTY", "value": ""},
        {"name": "DEBUG", "value": "false"},
    ],
    "secrets": [{"name": "KEY", "valueFrom": "arn:aws:secretsmanager:us-east-1:123456789012:secret:demo:key::"}],
    "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
    "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3},
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/demo"}, "secretOptions": []},
    "dockerLabels": {"Com.Example": "one"},
    "dependsOn": [{"containerName": "side", "condition": "START"}],
    "mountPoints": [],
    "volumesFrom": [],
    "systemControls": [],
    "linuxParameters": {"initProcessEnabled": False, "capabilities": {"add": [], "drop": []}},
}


def test_options_and_aws_description_have_one_form():
    assert normal(definition(OPTIONS)) == normal(LIVE)


def test_text_is_what_people_mean():
    assert [text(value) for value in (True, False, 1, "x", {"a": 1})] == ["true", "false", "1", "x", '{"a": 1}']


def test_keys_of_users_stay_as_they_are():
    assert snake({"dockerLabels": {"Com.Example": "x"}, "items": [{"fooBar": {"options": {"Key": 1}}}]}) == {
        "docker_labels": {"Com.Example": "x"},
        "items": [{"foo_bar": {"options": {"Key": 1}}}],
    }


def test_definition_uses_awss_shapes():
    made = definition(
        {
            "name": "log",
            "image": "fluent:1",
            "environment_files": ["arn:aws:s3:::demo/app.env"],
            "repository_credentials": "arn:aws:secretsmanager:us-east-1:123456789012:secret:hub",
            "firelens_configuration": {"type": "fluentbit", "options": {"enable-ecs-log-metadata": True}},
            "log_configuration": {"log_driver": "splunk", "secret_options": {"splunk-token": "arn:x"}},
        }
    )
    assert made["environmentFiles"] == [{"type": "s3", "value": "arn:aws:s3:::demo/app.env"}]
    assert made["repositoryCredentials"]["credentialsParameter"].endswith(":hub")
    assert made["firelensConfiguration"] == {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}}
    assert made["logConfiguration"]["secretOptions"] == [{"name": "splunk-token", "valueFrom": "arn:x"}]
    assert normal(made)["log_configuration"]["secret_options"] == {"splunk-token": "arn:x"}


def test_switched_off_is_as_absent():
    assert "restart_policy" not in normal({"name": "api", "restartPolicy": {"enabled": False}})
    assert normal({"name": "api", "restartPolicy": {"enabled": True}})["restart_policy"] == {
        "enabled": True,
        "ignored_exit_codes": [],
        "restart_attempt_period": 300,
    }
    capabilities = {"add": ["SYS_PTRACE"], "drop": []}
    assert normal({"name": "api", "linuxParameters": {"capabilities": capabilities}})["linux_parameters"] == {
        "capabilities": {"add": ["SYS_PTRACE"]}
    }


def test_volumes_compare_with_their_defaults():
    assert normal_volumes([{"name": "scratch", "host": {}}]) == {"scratch": {}}
    live = [{"name": "files", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "rootDirectory": "/"}}]
    assert normal_volumes(live)["files"]["efs_volume_configuration"] == {
        "file_system_id": "fs-1",
        "root_directory": "/",
        "transit_encryption": "DISABLED",
        "iam": "DISABLED",
    }


def found(*containers, volumes=(), memory=512):
    return faults(
        normal_all([definition({"image": "demo:1", **item}) for item in containers]),
        normal_volumes(list(volumes)),
        memory,
    )


def test_good_containers_have_no_faults():
    assert found(OPTIONS, {"name": "side", "essential": False}) == []


@pytest.mark.parametrize(
    ("container", "fault"),
    [
        ({"essential": False}, "no container is essential"),
        ({"environment": {"A": 1}, "secrets": {"A": "arn:x"}}, "A can be in environment or in secrets"),
        ({"health_check": {"command": ["CMD", "x"], "interval": 1}}, "health_check.interval is 1; ECS takes 5 to 300"),
        ({"stop_timeout": 500}, "stop_timeout is 500"),
        ({"memory": 1024}, "memory is 1024 MiB, the whole task has 512"),
        ({"depends_on": [{"container_name": "x", "condition": "START"}]}, "no container of the task"),
        ({"depends_on": [{"container_name": "api", "condition": "HEALTHY"}]}, "which has no health_check"),
        ({"depends_on": [{"container_name": "api", "condition": "SUCCESS"}]}, "which is essential"),
        ({"mount_points": [{"source_volume": "x", "container_path": "/x"}]}, "no volume of the task"),
    ],
)
def test_what_ecs_refuses_is_found(container, fault):
    assert any(fault in item for item in found({"name": "api", **container}))


def test_access_points_want_encryption_and_no_directory():
    settings = {"fileSystemId": "fs-1", "rootDirectory": "/x", "authorizationConfig": {"accessPointId": "fsap-1"}}
    faults_found = found({"name": "api"}, volumes=[{"name": "files", "efsVolumeConfiguration": settings}])
    assert [fault.split(":")[0] for fault in faults_found] == ["volume files", "volume files"]

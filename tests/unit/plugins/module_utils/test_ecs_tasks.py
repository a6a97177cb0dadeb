"""What became of ECS tasks."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._ecs_run_task import deciding_container, failure, request
from ansible_collections.webstack.aws.plugins.module_utils._ecs_tasks import (
    NEXT_STEP,
    exit_codes,
    log_end,
    log_place,
    next_step,
    short_arn,
    stopped_words,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError

TASK = {
    "taskArn": "arn:aws:ecs:us-east-1:123456789012:task/demo/abc",
    "stoppedReason": "Essential container in task exited",
    "containers": [{"name": "api", "exitCode": 3}, {"name": "side", "reason": "gone.", "healthStatus": "UNHEALTHY"}],
}
DEFINITION = {
    "containerDefinitions": [
        {
            "name": "api",
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "/ecs/demo", "awslogs-stream-prefix": "ecs"},
            },
        },
        {"name": "side", "logConfiguration": {"logDriver": "awsfirelens"}},
    ]
}


class Logs:
    """Answers reads of logs with what it was given."""

    def __init__(self, answer):
        self.answer = answer

    def read(self, *_arguments, **_options):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_stopped_words_name_every_container_with_a_reason():
    words = "Essential container in task exited; container api: exit code 3; container side: gone., unhealthy"
    assert stopped_words(TASK) == words
    assert stopped_words({}) == "stopped without a reason"


def test_stopped_words_say_a_reason_once():
    task = {"stoppedReason": "CannotPull: x", "containers": [{"name": "api", "reason": "CannotPull: x"}]}
    assert stopped_words(task) == "CannotPull: x"


def test_exit_codes_are_none_for_what_never_ran():
    assert exit_codes(TASK) == {"api": 3, "side": None}


def test_log_place_is_known_for_awslogs_only():
    assert log_place(DEFINITION, "api", TASK) == ("/ecs/demo", "ecs/api/abc")
    assert log_place(DEFINITION, "side", TASK) is None


def test_log_end_returns_the_last_lines():
    logs = Logs([{"message": "one\n"}, {"message": "two\n"}])
    assert log_end(logs, DEFINITION, "api", TASK, 1) == ["two"]
    assert log_end(Logs(None), DEFINITION, "api", TASK, 1) == []
    assert log_end(logs, DEFINITION, "side", TASK, 1) == []


def test_log_that_cannot_be_read_hides_no_failure():
    refused = AwsError("x", "logs:GetLogEvents", "AccessDeniedException", "not you")
    assert log_end(Logs(refused), DEFINITION, "api", TASK, 5) == [
        "(the log /ecs/demo ecs/api/abc could not be read: AccessDeniedException: not you)"
    ]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("CannotPullContainerError: failed to resolve ref x: not found", "check that the image exists"),
        ("CannotPullContainerError: 429 toomanyrequests: rate limit", "the registry limits anonymous pulls"),
        ("CannotPullContainerError: dial tcp: i/o timeout", "let the tasks reach the registry"),
        (
            "ResourceInitializationError: unable to pull secrets: did not contain json key x",
            "add the key that the container's secrets name",
        ),
        ("ResourceInitializationError: AccessDeniedException: not authorized", "allow the execution role"),
        (
            "ResourceInitializationError: unable to pull secrets: context deadline exceeded",
            "check that the secret exists",
        ),
        ("ResourceInitializationError: failed to validate logger args: log group does not exist", "make the log group"),
        ("OutOfMemoryError: Container killed due to memory usage", "give the task more memory"),
        ("Task failed container health checks", "try the health check's command"),
        ("Task failed ELB health checks in (target-group x)", "check the health check's path and port"),
        ("container api: exit code 127", "check the container's command"),
        ("container api: exit code 1", "read the log's end"),
        ("Capacity is unavailable at this time", "try again later"),
        (
            "ResourceInitializationError: failed to download env files: file download command: AccessDenied",
            "check that the environment file exists in S3",
        ),
        (
            "ResourceInitializationError: EFS utils: mount.nfs4: access denied by server while mounting x",
            "allow the task role elasticfilesystem:ClientMount",
        ),
        ("nothing that is known", NEXT_STEP),
    ],
)
def test_next_step_fits_what_aws_says(text, step):
    assert next_step(text).startswith(step)


def test_short_arn_is_family_and_revision():
    assert short_arn("arn:aws:ecs:us-east-1:123456789012:task-definition/demo:7") == "demo:7"


def test_request_overrides_only_what_was_given():
    plain = request({"cluster": "demo", "task_definition": "api", "subnets": ["subnet-1"], "client_token": "one"})
    assert plain["launchType"] == "FARGATE"
    assert plain["clientToken"] == "one"
    assert "overrides" not in plain
    assert plain["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"
    more = request(
        {
            "cluster": "demo",
            "task_definition": "api",
            "subnets": ["subnet-1"],
            "assign_public_ip": True,
            "capacity_provider": "FARGATE_SPOT",
            "enable_execute_command": True,
            "cpu": 512,
            "container_overrides": [{"name": "api", "command": ["x"], "environment": {"B": 1, "A": "y"}}],
            "tags": {"owner": "shop"},
        }
    )
    assert "launchType" not in more
    assert more["overrides"] == {
        "cpu": "512",
        "containerOverrides": [
            {
                "name": "api",
                "command": ["x"],
                "environment": [{"name": "A", "value": "y"}, {"name": "B", "value": "1"}],
            }
        ],
    }
    assert more["tags"] == [{"key": "owner", "value": "shop"}]
    assert more["enableExecuteCommand"] is True


def test_every_call_has_its_own_token():
    given = {"cluster": "demo", "task_definition": "api", "subnets": []}
    assert request(given)["clientToken"] != request(given)["clientToken"]


def test_deciding_container_is_the_definitions_first():
    assert deciding_container(DEFINITION, {"containers": [{"name": "side"}]}) == "api"
    assert deciding_container({}, {"containers": [{"name": "side"}]}) == "side"
    assert deciding_container({}, {}) == ""


def test_failure_shows_the_deciding_log_first():
    message = failure("ecs_task of demo:1", TASK, "side", {"api": ["a"], "side": ["s"]})
    assert message.index("side's log") < message.index("api's log")
    assert message.endswith("Next step: read the log's end: the application stopped by itself.")

"""How the deployment of an ECS service goes."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._ecs_deployment import (
    explanation,
    failed_deployment,
    judge,
    newest,
    split_identifier,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/demo:"


def deployment(revision: int, status: str = "PRIMARY", state: str = "COMPLETED", running: int = 1, **more):
    return {
        "id": f"ecs-svc/{revision}",
        "status": status,
        "taskDefinition": f"{ARN}{revision}",
        "desiredCount": 1,
        "runningCount": running,
        "rolloutState": state,
        **more,
    }


def service(*deployments, **more):
    return {
        "status": "ACTIVE",
        "desiredCount": 1,
        "deployments": list(deployments),
        "taskDefinition": f"{ARN}1",
        **more,
    }


def test_completed_deployment_is_ready():
    now = judge(service(deployment(2)), f"{ARN}2", "ecs-svc/2")
    assert now.is_ready
    assert now.state == "steady, 1 running"
    assert judge(service(deployment(2)), "demo:2").is_ready


def test_deployment_without_rollout_state_is_judged_by_its_tasks():
    plain = deployment(2)
    del plain["rolloutState"]
    assert judge(service(plain)).is_ready


def test_deployment_in_progress_says_how_far_it_is():
    old = deployment(1, "ACTIVE")
    now = judge(service(deployment(2, state="IN_PROGRESS", running=0, pendingCount=1, failedTasks=2), old), "demo:2")
    assert (now.is_ready, now.has_failed) == (False, False)
    assert now.state == "deploying demo:2, 0 of 1 running, 1 pending, 2 failed, 1 old running"


def test_scaling_that_has_not_come_through_is_not_ready():
    assert not judge(service(deployment(2), desiredCount=3)).is_ready


def test_failed_deployment_fails_with_its_reason():
    now = judge(service(deployment(2, state="FAILED", rolloutStateReason="tasks failed to start.")), "demo:2")
    assert now.has_failed
    assert now.reason == "tasks failed to start."


def test_rolled_back_service_has_failed_although_it_is_steady():
    failed = deployment(2, "ACTIVE", "FAILED", rolloutStateReason="circuit breaker")
    assert judge(service(deployment(1), failed), "demo:2").has_failed
    assert judge(service(deployment(1), failed)).has_failed
    again = deployment(1, state="IN_PROGRESS", rolloutStateReason="circuit breaker: rolling back to deploymentId x.")
    assert judge(service(again), "demo:1").state == "rolled back"


def test_another_revision_without_a_trace_is_doubtful():
    now = judge(service(deployment(1)), "demo:2")
    assert now.is_doubtful
    assert not now.is_ready
    assert now.reason == "it runs demo:1 and not demo:2"
    other = judge(service(deployment(2)), "demo:2", "ecs-svc/9")
    assert other.reason == "its deployment ecs-svc/9 was replaced by ecs-svc/2"


def test_earlier_failure_of_the_same_revision_does_not_count():
    old = deployment(2, "ACTIVE", "FAILED")
    assert failed_deployment(service(deployment(2, state="IN_PROGRESS"), old), "demo:2") is None
    assert failed_deployment(service(deployment(3), deployment(2, "ACTIVE", "FAILED")), "demo:3") is None


def test_deployment_that_was_asked_for_by_id_is_found():
    old = deployment(2, "ACTIVE", "FAILED")
    assert failed_deployment(service(deployment(1), old), "", "ecs-svc/2") is old
    assert failed_deployment(service(deployment(1), old), "", "ecs-svc/1") is None


@pytest.mark.parametrize(("status", "state"), [("INACTIVE", ""), ("DRAINING", "draining")])
def test_service_that_goes_is_not_ready(status, state):
    now = judge({"status": status, "deployments": []})
    assert (now.state, now.is_ready, now.has_failed) == (state, False, False)


@pytest.mark.parametrize("identifier", ["api", "/api", "demo/", "a/b/c"])
def test_identifier_has_two_parts(identifier):
    assert split_identifier("demo/api") == ("demo", "api")
    with pytest.raises(WebstackError, match="cluster/service"):
        split_identifier(identifier)


def test_newest_tasks_come_first():
    assert [task["stoppedAt"] for task in newest([{"stoppedAt": n} for n in range(1, 5)])] == [4, 3, 2, 1]


def test_explanation_counts_equal_reasons():
    facts = {
        "requested": "demo:2",
        "running": "demo:1",
        "reason": "circuit breaker.",
        "stopped_tasks": [{"reason": "exit code 1"}, {"reason": "exit code 1"}, {"reason": "exit code 137"}],
        "events": ["(service api) was unable to place a task"],
        "log": {"api": ["last words"]},
    }
    assert explanation("ecs_service demo/api failed", facts).splitlines() == [
        "ecs_service demo/api failed: circuit breaker.",
        "Requested: demo:2. Running: demo:1.",
        "2 tasks stopped: exit code 1.",
        "1 task stopped: exit code 137.",
        "Last lines of api's log:",
        "  last words",
        "Next step: give the task more memory, or find out in the log what uses it.",
    ]


def test_explanation_without_stopped_tasks_shows_events():
    facts = {
        "requested": "demo:2",
        "running": "",
        "reason": "",
        "stopped_tasks": [],
        "events": ["(service api) was unable to place a task. Reason: Capacity is unavailable"],
        "log": {},
    }
    text = explanation("it failed", facts)
    assert "Running: nothing." in text
    assert "Event: (service api) was unable to place a task" in text
    assert "Next step: try again later" in text

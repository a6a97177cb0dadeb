"""EventBridge Scheduler as AWS has it, where moto differs, and a way to let a schedule run now.

https://docs.aws.amazon.com/scheduler/latest/APIReference/ (CreateSchedule, CreateScheduleGroup, DeleteScheduleGroup)
and https://docs.aws.amazon.com/scheduler/latest/UserGuide/ (setting-up.html for the execution role,
cross-service-confused-deputy-prevention.html for its trust, configuring-schedule-dlq.html for what is put into the
dead-letter queue, managing-targets-templated.html for RunTask).
"""

from __future__ import annotations

import json
import time
import zoneinfo
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from moto.core import DEFAULT_ACCOUNT_ID
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, ScheduleGroup, scheduler_backends
from moto.sqs.models import sqs_backends

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap
from tests.emulator.schedules import is_valid
from tests.emulator.services.ecs import common, permissions, requests, task_definitions
from tests.emulator.state import STATE

_SERVICE = "scheduler.amazonaws.com"


def install() -> None:
    """Extend moto."""
    _groups()
    _schedules()
    _tags()


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def _missing_group(name: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"Schedule group {name} does not exist.", 404)


def _group(backend: EventBridgeSchedulerBackend, name: str | None) -> ScheduleGroup:
    """A group that is there; one that has been deleted for long enough goes now, with its schedules."""
    name = name or "default"
    group = backend.schedule_groups.get(name)
    if group is not None and _is_gone(group):
        del backend.schedule_groups[name]
        group = None
    if group is None:
        raise _missing_group(name)
    return group


def _is_gone(group: ScheduleGroup) -> bool:
    since = group.__dict__.get("emulated_deleted_at")
    return since is not None and STATE.is_ready("schedule_group", since)


def _groups() -> None:
    @wrap(EventBridgeSchedulerBackend, "create_schedule_group")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        group = self.schedule_groups.get(given["name"])
        if group is not None and not _is_gone(group):
            raise AwsError("ConflictException", f"Schedule group {given['name']} already exists.", 409)
        return original(self, given["name"], given.get("tags") or [])

    @wrap(EventBridgeSchedulerBackend, "get_schedule_group")
    def get(original: Any, self: Any, group_name: str | None) -> Any:
        return _group(self, group_name)

    @wrap(EventBridgeSchedulerBackend, "delete_schedule_group")
    def delete(original: Any, self: Any, name: str | None) -> None:
        if name in (None, "default"):
            raise _invalid("The default schedule group cannot be deleted.")
        group = _group(self, name)
        self.tagger.delete_all_tags_for_resource(group.arn)
        group.__dict__.setdefault("emulated_deleted_at", time.time())

    @wrap(EventBridgeSchedulerBackend, "list_schedule_groups")
    def list_all(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        self.schedule_groups = {name: group for name, group in self.schedule_groups.items() if not _is_gone(group)}
        return original(self, *args, **kwargs)

    @wrap(ScheduleGroup, "to_dict")
    def show(original: Any, self: Any) -> dict[str, Any]:
        return original(self) | {"State": "DELETING" if "emulated_deleted_at" in self.__dict__ else "ACTIVE"}


def _schedules() -> None:
    for operation in ("create_schedule", "update_schedule"):

        @wrap(EventBridgeSchedulerBackend, operation)
        def set_schedule(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
            given = named(original, self, args, kwargs)
            group = _group(self, given.get("group_name"))
            if "emulated_deleted_at" in group.__dict__:
                raise AwsError("ConflictException", f"Schedule group {group.name} is being deleted.", 409)
            _check_time(given)
            _check_target(self, group, given["target"])
            given["state"] = given.get("state") or "ENABLED"
            return original(self, **given)

    @wrap(EventBridgeSchedulerBackend, "list_schedules")
    def list_all(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        names = args[0] if args else kwargs.get("group_names")
        for name in [names] if isinstance(names, str) else names or []:
            _group(self, name)
        return original(self, *args, **kwargs)

    @wrap(Schedule, "to_dict")
    def show(original: Any, self: Any, short: bool = False) -> dict[str, Any]:
        shown = original(self, short)
        return shown | {"ActionAfterCompletion": shown["ActionAfterCompletion"] or "NONE"}


def _check_time(given: dict[str, Any]) -> None:
    expression, zone = given["schedule_expression"], given.get("schedule_expression_timezone")
    if not is_valid(expression, once=True):
        raise _invalid(f"Invalid Schedule Expression {expression}.")
    if zone and zone not in zoneinfo.available_timezones():
        raise _invalid(f"Invalid Schedule Expression Timezone {zone}.")
    window = given["flexible_time_window"]
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise _invalid("MaximumWindowInMinutes must be set for, and only for, flexible time windows.")


def _check_target(backend: EventBridgeSchedulerBackend, group: ScheduleGroup, target: dict[str, Any]) -> None:
    task = target.get("EcsParameters")
    if ":ecs:" in target["Arn"] and ":cluster/" in target["Arn"]:
        if not task:
            raise _invalid(f"EcsParameters must be set for target {target['Arn']}.")
        if task.get("LaunchType") and task.get("CapacityProviderStrategy"):
            raise _invalid("LaunchType and CapacityProviderStrategy cannot both be set.")
    elif task:
        raise _invalid(f"EcsParameters cannot be set for target {target['Arn']}.")
    if _role(backend, group, target["RoleArn"]) is None:
        raise _invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")


def _role(backend: EventBridgeSchedulerBackend, group: ScheduleGroup, arn: str) -> Any | None:
    """The execution role, if it is there and trusts the scheduler for this group."""
    role = permissions.find_role(backend.account_id, "aws", arn)
    context = {"aws:SourceArn": group.arn, "aws:SourceAccount": backend.account_id}
    return role if role is not None and permissions.trusts(role, _SERVICE, context) else None


def _tags() -> None:
    for operation in ("list_tags_for_resource", "tag_resource", "untag_resource"):

        @wrap(EventBridgeSchedulerBackend, operation)
        def change(original: Any, self: Any, resource_arn: str, *args: Any, **kwargs: Any) -> Any:
            _group(self, resource_arn.rpartition("/")[2])
            return original(self, resource_arn, *args, **kwargs)


# --- letting a schedule run now


def fire(group_name: str, name: str, region: str) -> dict[str, Any]:
    """Start what a schedule starts, with its own role and parameters, as if its time had come.

    Returns the ARNs of the tasks; or what kept them from starting and whether the dead-letter queue was told. Raises
    ValueError for a schedule that is not there or does not run.
    """
    backend = scheduler_backends[DEFAULT_ACCOUNT_ID][region]
    try:
        group = _group(backend, group_name)
    except AwsError as error:
        raise ValueError(error.message) from error
    schedule = group.schedules.get(name)
    if schedule is None:
        raise ValueError(f"there is no schedule {name} in group {group_name}")
    if schedule.state != "ENABLED":
        raise ValueError(f"schedule {name} is {schedule.state}")
    role = _role(backend, group, schedule.target["RoleArn"])
    try:
        if role is None:
            message = f"Role {schedule.target['RoleArn']} cannot be assumed by {_SERVICE}."
            raise AwsError("AWS.Scheduler.InternalServerError", message)
        return {"task_arns": _run(backend, schedule.target, role)}
    except AwsError as error:
        told = role is not None and _tell(backend, schedule, role, error)
        return {"task_arns": [], "error": {"code": error.code, "message": error.message}, "dead_letter": told}


def _run(backend: EventBridgeSchedulerBackend, target: dict[str, Any], role: Any) -> list[str]:
    if "EcsParameters" not in target:
        raise ValueError(f"only schedules that run ECS tasks can be fired, not {target['Arn']}")
    task = target["EcsParameters"]
    caller: Any = SimpleNamespace(current_account=backend.account_id, region=backend.region_name)
    ecs = common.backend_of(caller)
    definition = task_definitions.to_run(ecs, task["TaskDefinitionArn"])
    _demand(role, "ecs:RunTask", definition.arn, {"ecs:cluster": target["Arn"]})
    for key in ("executionRoleArn", "taskRoleArn"):
        if definition.fields.get(key):
            passed = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
            _demand(role, "iam:PassRole", definition.fields[key], passed)
    if task.get("PropagateTags") or task.get("Tags"):
        tasks = f"{target['Arn'].replace(':cluster/', ':task/')}/*"
        _demand(role, "ecs:TagResource", tasks, {"ecs:CreateAction": "RunTask"})
    # RunTask spells its members with a small letter at the beginning; those inside are spelled alike.
    wanted: dict[str, Any] = {key[0].lower() + key[1:]: value for key, value in task.items()}
    wanted["networkConfiguration"] = {
        "awsvpcConfiguration": {
            key[0].lower() + key[1:]: value
            for key, value in task.get("NetworkConfiguration", {}).get("awsvpcConfiguration", {}).items()
        }
    }
    wanted |= {
        "cluster": target["Arn"],
        "taskDefinition": wanted.pop("taskDefinitionArn"),
        "count": wanted.pop("taskCount", 1),
        "enableECSManagedTags": wanted.pop("enableECSManagedTags", False),
        "overrides": json.loads(target.get("Input") or "{}"),
    }
    return [started["taskArn"] for started in requests.run_task(caller, wanted)["tasks"]]


def _demand(role: Any, action: str, resource: str, context: dict[str, str]) -> None:
    if not permissions.allows(role, action, resource, context=context):
        code, _colon, message = permissions.denied(role, "scheduler", action, resource).partition(": ")
        raise AwsError(code, message)


def _tell(backend: EventBridgeSchedulerBackend, schedule: Schedule, role: Any, error: AwsError) -> bool:
    """Put what could not be started into the dead-letter queue, if there is one and the role may."""
    arn: str = (schedule.target.get("DeadLetterConfig") or {}).get("Arn", "")
    queues = sqs_backends[backend.account_id][backend.region_name]
    queue = queues.queues.get(arn.rpartition(":")[2])
    if queue is None or not permissions.allows(role, "sqs:SendMessage", arn):
        return False
    facts = {
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": error.message,
        "EXECUTION_ID": str(uuid4()),
        "SCHEDULE_ARN": schedule.arn,
        "SCHEDULED_TIME": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "TARGET_ARN": schedule.target["Arn"],
        "RETRY_ATTEMPTS": str(schedule.target["RetryPolicy"]["MaximumRetryAttempts"]),
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
    }
    attributes = {key: {"DataType": "String", "StringValue": value} for key, value in facts.items()}
    queues.send_message(queue.name, schedule.target.get("Input") or "{}", message_attributes=attributes)
    return True

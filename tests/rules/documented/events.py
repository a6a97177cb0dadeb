"""EventBridge schedules and SQS queues."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.rules.documented._rule import Rule, api, document, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_SCHEDULES = ("scheduler:CreateSchedule", "scheduler:UpdateSchedule")
#: Fields of cron(): minutes, hours, day of the month, month, day of the week, year.
_CRON = (
    r"[\d*,/-]+",
    r"[\d*,/-]+",
    r"[\d*,/?LW-]+",
    r"[\dA-Za-z*,/-]+",
    r"[\dA-Za-z*,/?L#-]+",
    r"[\d*,/-]+",
)


@rule(*_SCHEDULES, "events:PutRule", source=page("scheduler/latest/UserGuide/schedule-types.html"))
def expressions_of_schedules(request: Request, _world: World) -> Iterator[str]:
    """A schedule is rate(5 minutes), at(2026-01-31T08:00:00) or cron() of six fields, of which one of the two days is
    ?."""
    text = request.get("ScheduleExpression")
    if text is None:
        return
    rate = r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days)|1 (minutes|hours|days))\)"
    if re.fullmatch(rate, text) or re.fullmatch(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)", text):
        return
    cron = re.fullmatch(r"cron\((.*)\)", text)
    fields = cron[1].split(" ") if cron else []
    is_cron = len(fields) == 6 and all(re.fullmatch(form, part) for form, part in zip(_CRON, fields, strict=True))
    if not is_cron or [fields[2], fields[4]].count("?") != 1:
        yield f"it is {text!r}"


@rule(*_SCHEDULES, source=api("scheduler", "FlexibleTimeWindow"))
def windows_of_schedules(request: Request, _world: World) -> Iterator[str]:
    """A flexible schedule has a window of 1 to 1440 minutes, one that is not has none."""
    window = request.get("FlexibleTimeWindow", {})
    minutes = window.get("MaximumWindowInMinutes")
    if (window.get("Mode") == "FLEXIBLE") != (minutes is not None):
        yield f"it is {window}"
    yield from range_problem("MaximumWindowInMinutes", minutes, 1, 1440)


@rule(*_SCHEDULES, source=api("scheduler", "RetryPolicy"))
def retries_of_schedules(request: Request, _world: World) -> Iterator[str]:
    """A target is tried again 0 to 185 times, for 60 to 86400 s."""
    retries = request.get("Target", {}).get("RetryPolicy", {})
    yield from range_problem("MaximumRetryAttempts", retries.get("MaximumRetryAttempts"), 0, 185)
    yield from range_problem("MaximumEventAgeInSeconds", retries.get("MaximumEventAgeInSeconds"), 60, 86400)


@rule(*_SCHEDULES, source=page("scheduler/latest/UserGuide/managing-targets-templated.html"))
def tasks_of_schedules(request: Request, world: World) -> Iterator[str]:
    """A schedule that runs a task has a cluster's ARN as its target and the task in its ECS parameters: at most 10
    tasks, and on Fargate the network; what it hands over is JSON."""
    target = request.get("Target", {})
    if not re.match(r"arn:aws[\w-]*:ecs:", target.get("Arn", "")):
        return
    ecs = target.get("EcsParameters")
    if not ecs or not re.fullmatch(r"arn:aws[\w-]*:ecs:[\w-]+:\d{12}:cluster/[\w-]+", target["Arn"]):
        yield f"it is {target['Arn']}"
        return
    yield from range_problem("TaskCount", ecs.get("TaskCount"), 1, 10)
    if not ecs.get("NetworkConfiguration"):
        yield "it has no NetworkConfiguration"
    if ecs.get("LaunchType") and ecs.get("CapacityProviderStrategy"):
        yield "it has a launch type and capacity providers"
    if target.get("Input") is not None and document(target["Input"]) is None:
        yield "Input is no JSON"


@rule("scheduler:CreateSchedule", "scheduler:CreateScheduleGroup", source=api("scheduler", "CreateSchedule"))
def names_of_schedules(request: Request, _world: World) -> Iterator[str]:
    """Schedules and their groups have names of at most 64 letters, digits and _.-."""
    yield from text_problem("Name", request.get("Name"), r"[\w.-]+", 64)


@rule("scheduler:CreateSchedule", source=api("scheduler", "CreateSchedule"))
def groups_of_schedules(request: Request, world: World) -> Iterator[str]:
    """A schedule is in the default group or in one that there is; it carries no tags, its group does."""
    groups = {made.get("Name") for made in world.done("scheduler:CreateScheduleGroup")}
    if groups and request.get("GroupName", "default") not in {"default", *groups}:
        yield f"{request.get('GroupName')} is none of {', '.join(sorted(groups))}"


@rule("sqs:CreateQueue", source=api("sqs", "CreateQueue"))
def names_of_queues(request: Request, _world: World) -> Iterator[str]:
    """A queue's name has at most 80 letters, digits, hyphens and underscores; that of a FIFO queue ends with .fifo."""
    name = request.get("QueueName", "")
    yield from text_problem("QueueName", name, r"[A-Za-z0-9_-]+(\.fifo)?", 80)
    if name.endswith(".fifo") != (request.get("Attributes", {}).get("FifoQueue") == "true"):
        yield f"QueueName is {name}"


@rule("sqs:CreateQueue", "sqs:SetQueueAttributes", source=api("sqs", "SetQueueAttributes"))
def attributes_of_queues(request: Request, _world: World) -> Iterator[str]:
    """Messages are kept for 60 to 1209600 s, delayed for 0 to 900 and hidden for 0 to 43200; switches are true or
    false, and policies JSON."""
    attributes = request.get("Attributes", {})
    for name, least, most in (
        ("MessageRetentionPeriod", 60, 1209600),
        ("DelaySeconds", 0, 900),
        ("VisibilityTimeout", 0, 43200),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
    ):
        value = attributes.get(name)
        if value is not None:
            yield from range_problem(name, int(value) if value.isdigit() else -1, least, most)
    if attributes.get("SqsManagedSseEnabled", "true") not in ("true", "false"):
        yield f"SqsManagedSseEnabled is {attributes['SqsManagedSseEnabled']}"
    for name in ("Policy", "RedrivePolicy", "RedriveAllowPolicy"):
        if attributes.get(name) and document(attributes[name]) is None:
            yield f"{name} is no JSON"


RULES: tuple[Rule, ...] = (
    expressions_of_schedules,
    windows_of_schedules,
    retries_of_schedules,
    tasks_of_schedules,
    names_of_schedules,
    groups_of_schedules,
    names_of_queues,
    attributes_of_queues,
)

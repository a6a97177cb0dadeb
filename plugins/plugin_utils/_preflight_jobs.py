# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's jobs: what they run, when, and as what."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._container_services import CPU, MEMORY
from ansible_collections.webstack.aws.plugins.module_utils._fargate import is_size, nearest_size
from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, name_fault
from ansible_collections.webstack.aws.plugins.module_utils._schedule_expressions import (
    expression_fault,
    time_zone_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._schedules import EVENT_AGE_SECONDS, RETRY_ATTEMPTS
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, nearest
from ansible_collections.webstack.aws.plugins.plugin_utils._secret_names import holds_secret, secret_keys

Values = t.Mapping[str, t.Any]

#: EventBridge Scheduler API, DeadLetterConfig, Arn.
QUEUE_ARN = re.compile(r"arn:aws[a-z-]*:sqs:(?P<region>[a-z0-9-]+):\d{12}:[A-Za-z0-9_-]+")

#: The names of what the jobs share, and which kind's rule holds for them.
NAMES = {
    "jobs_schedule_group_name": "schedule_group",
    "jobs_scheduler_role_name": "iam_role",
    "jobs_dead_letter_queue_name": "sqs_queue",
}


def jobs(values: Values) -> t.Iterator[Fault]:
    """Every job, once it says only what a job can say (``_job_options.checked_jobs``)."""
    for key, job in (values.get("webstack_jobs") or {}).items():
        where = f"webstack_jobs.{key}"
        yield from _name(where, key, job, values)
        yield from _service(where, job, values)
        yield from _command(where, job)
        yield from _schedule(where, job, values)
        yield from _secrets(where, job, values)


def shared(values: Values) -> t.Iterator[Fault]:
    """What the jobs have in common."""
    zone = values.get("jobs_timezone")
    if zone and (fault := time_zone_fault(zone)):
        yield Fault("jobs_timezone", f"{zone!r} {fault}", "a name such as America/Sao_Paulo or UTC")
    for variable, kind in NAMES.items():
        name = values.get(variable)
        if name and "{{" not in name and (fault := name_fault(name, kind)):
            yield Fault(variable, f"{name!r} {fault}", NAME_RULES[kind].words)


def _name(where: str, key: str, job: Values, values: Values) -> t.Iterator[Fault]:
    if not re.fullmatch(r"[a-z](?:-?[a-z0-9])*", key):
        yield Fault(where, f"{key!r} cannot be part of names", "lower-case letters, digits and single hyphens")
    if key in values["webstack_services"]:
        yield Fault(where, "a service has this name, and their task definitions would be one", "a name of its own")
    for option in ("family", "container_name"):
        if job.get(option) and (fault := name_fault(job[option], "ecs_service")):
            yield Fault(f"{where}.{option}", f"{job[option]!r} {fault}", NAME_RULES["ecs_service"].words)


def _service(where: str, job: Values, values: Values) -> t.Iterator[Fault]:
    """The service is there, and what the job is together with it fits on Fargate."""
    services = values["webstack_services"]
    service = services.get(job["service"])
    if service is None:
        like = nearest(job["service"], services)
        yield Fault(
            f"{where}.service",
            f"there is no service {job['service']!r}",
            f"{like}, if that was meant" if like else f"one of {', '.join(services) or 'webstack_services'}",
        )
        return
    cpu, memory = (
        job.get(option) or service.get(option) or otherwise for option, otherwise in (("cpu", CPU), ("memory", MEMORY))
    )
    if not is_size(cpu, memory):
        right = nearest_size(cpu, memory)
        yield Fault(
            f"{where}.cpu, .memory",
            f"Fargate has no task of {cpu} CPU units with {memory} MB",
            f"cpu: {right.cpu}, memory: {right.memory} is the nearest",
        )


def _command(where: str, job: Values) -> t.Iterator[Fault]:
    command = job.get("command")
    if isinstance(command, str):
        yield Fault(
            f"{where}.command", "it is one text", f"a list of words, for instance [{', '.join(command.split())}]"
        )
    elif not any(job.get(option) for option in ("command", "entry_point", "image")):
        yield Fault(f"{where}.command", "it is not set, and the job would be the service once more", "a list of words")


def _schedule(where: str, job: Values, values: Values) -> t.Iterator[Fault]:
    if "schedule" in job and (fault := expression_fault(job["schedule"])):
        yield Fault(
            f"{where}.schedule", f"{job['schedule']!r} {fault}", "for instance rate(15 minutes) or cron(0 3 * * ? *)"
        )
    if "timezone" in job and (fault := time_zone_fault(job["timezone"])):
        yield Fault(f"{where}.timezone", f"{job['timezone']!r} {fault}", "a name such as America/Sao_Paulo or UTC")
    for option, allowed in (("retries", RETRY_ATTEMPTS), ("maximum_event_age", EVENT_AGE_SECONDS)):
        if job.get(option, allowed.start) not in allowed:
            words = f"{allowed.start} to {allowed.stop - 1}"
            yield Fault(f"{where}.{option}", f"EventBridge Scheduler takes {words}, not {job[option]}", words)
    queue = job.get("dead_letter_queue", True)
    if isinstance(queue, bool) or "{{" in str(queue):
        return
    arn = QUEUE_ARN.fullmatch(str(queue))
    if not arn:
        yield Fault(f"{where}.dead_letter_queue", f"{queue!r} is no ARN of a queue", "true, false, or a queue's ARN")
    elif arn["region"] != values["webstack_region"]:
        yield Fault(
            f"{where}.dead_letter_queue",
            f"it is in {arn['region']}, and the scheduler tells queues of its own region only",
            f"a queue in {values['webstack_region']}",
        )


def _secrets(where: str, job: Values, values: Values) -> t.Iterator[Fault]:
    keys = secret_keys(values)
    for name, wanted in (job.get("secrets") or {}).items():
        if wanted is None or wanted in keys or str(wanted).startswith("arn:") or "{{" in str(wanted):
            continue
        like = nearest(str(wanted), keys)
        # The value is not repeated: it may be a secret that somebody put where a reference is wanted.
        yield Fault(
            f"{where}.secrets.{name}",
            "it is neither a key of secrets_fields nor the ARN of a secret",
            f"{like}, if that was meant"
            if like
            else f"one of {', '.join(sorted(keys)) or 'secrets_fields'}, or an ARN",
        )
    for name, value in (job.get("environment") or {}).items():
        if holds_secret(name) and value not in (None, ""):
            yield Fault(
                f"{where}.environment.{name}",
                "its name says that it is a secret, and here it would stand in clear text",
                f"a key of the stack's secret in {where}.secrets.{name}, with its source in secrets_fields",
            )


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (jobs, shared)

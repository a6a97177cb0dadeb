# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one entry of ``webstack_jobs`` may say: the argument spec that preflight holds it to."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webstack.aws.plugins.module_utils._container_services import CONTAINER_SETTINGS
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault

#: Settings of a container that a job cannot have: it has no other container beside it, and ends when it has ended.
NOT_OF_JOBS = ("depends_on", "essential", "firelens_configuration", "restart_policy")

JOB_OPTIONS = {
    **{name: {"type": "raw"} for name in CONTAINER_SETTINGS if name not in NOT_OF_JOBS},
    "architecture": {"type": "str", "choices": ["X86_64", "ARM64"]},
    "container_name": {"type": "str"},
    "cpu": {"type": "int"},
    "dead_letter_queue": {"type": "raw"},
    "enabled": {"type": "bool"},
    "environment": {"type": "dict"},
    "ephemeral_storage": {"type": "int"},
    "exec": {"type": "bool"},
    "execution_role_arn": {"type": "str"},
    "family": {"type": "str"},
    "image": {"type": "str"},
    "linux_parameters": {"type": "dict"},
    "log_group": {"type": "str"},
    "maximum_event_age": {"type": "int"},
    "memory": {"type": "int"},
    "mounts": {"type": "dict"},
    "platform_version": {"type": "str"},
    "policy_statements": {"type": "list", "elements": "dict"},
    "retries": {"type": "int"},
    "schedule": {"type": "str"},
    "secrets": {"type": "dict"},
    "service": {"type": "str", "required": True},
    "spot": {"type": "raw"},
    "task_role_arn": {"type": "str"},
    "timezone": {"type": "str"},
    "uses": {"type": "dict"},
    "volumes": {"type": "list", "elements": "dict"},
}


def checked_jobs(declared: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], list[Fault]]:
    """The jobs that say what a job can say, without what they leave open, and what is wrong with the others."""
    sound: dict[str, t.Any] = {}
    faults: list[Fault] = []
    for key, job in declared.items():
        where = f"webstack_jobs.{key}"
        if not isinstance(job, dict):
            faults.append(Fault(where, "it says nothing", "at least the service whose image it runs"))
            continue
        checked = ArgumentSpecValidator(JOB_OPTIONS).validate(job)
        faults += [Fault(where, text.rstrip("."), "what the role jobs documents") for text in checked.error_messages]
        if not checked.error_messages:
            sound[key] = {name: value for name, value in checked.validated_parameters.items() if value is not None}
    return sound, faults

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one entry of ``webstack_jobs`` may say: the argument spec that preflight holds it to."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._container_services import CONTAINER_SETTINGS

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

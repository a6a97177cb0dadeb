# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs: each is what its service is, once, with another command. Pure.

What comes out is in the form of a service, so that the task definition of a job is made by the code that makes those of
services.
"""

from __future__ import annotations

import typing as t

Options = dict[str, t.Any]

#: What a job has of its service where it says nothing itself. What belongs to a service that listens and goes on for
#: ever is not among it: command, port, health check, load balancer, scaling, restarts. Nor are sidecars and tracing: a
#: task ends with its main container, and what the collector has not sent by then is lost.
INHERITED = (
    "architecture",
    "cpu",
    "docker_labels",
    "entry_point",
    "environment_files",
    "ephemeral_storage",
    "execution_role_arn",
    "linux_parameters",
    "memory",
    "mount_points",
    "mounts",
    "platform_version",
    "policy_statements",
    "readonly_root_filesystem",
    "repository_credentials",
    "start_timeout",
    "stop_timeout",
    "system_controls",
    "ulimits",
    "user",
    "uses",
    "volumes",
    "working_directory",
)

#: What is laid over the service's by name; null takes one away.
LAID_OVER = ("environment", "secrets")

#: What says when a job runs, with what holds where it does not say so.
SCHEDULING: Options = {
    "schedule": None,
    "timezone": None,
    "enabled": True,
    "retries": 2,
    "maximum_event_age": 3600,
    "dead_letter_queue": True,
}


def stack_job(
    key: str,
    job: Options,
    services: t.Mapping[str, Options],
    images: t.Mapping[str, str],
    task_role_arns: t.Mapping[str, str],
) -> Options:
    """One job in the form of a service, with all that says when it runs.

    images: what the services really run, by name; task_role_arns: by service and job. Raises KeyError when its service
    does not exist.
    """
    name = job["service"]
    service = services[name]
    own = {option: value for option, value in job.items() if value is not None}
    whole = {
        **SCHEDULING,
        **{option: service[option] for option in INHERITED if service.get(option) is not None},
        "spot": False,
        "exec": False,
        **own,
        **{option: _laid_over(service.get(option), job.get(option)) for option in LAID_OVER},
    }
    whole["image"] = own.get("image") or images.get(name) or service["image"]
    whole["task_role_arn"] = (
        own.get("task_role_arn") or task_role_arns.get(key) or service.get("task_role_arn") or task_role_arns.get(name)
    )
    return whole


def _laid_over(base: Options | None, over: Options | None) -> Options:
    return {name: value for name, value in {**(base or {}), **(over or {})}.items() if value is not None}

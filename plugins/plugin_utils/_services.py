# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one entry of ``webstack_services`` may say: the argument spec that preflight holds it to."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._container_services import CONTAINER_SETTINGS, CPU, MEMORY
from ansible_collections.webstack.aws.plugins.module_utils._load_balancing import GROUP_SETTINGS, ROUTING_SETTINGS

AUTOSCALING_OPTIONS = {
    "minimum": {"type": "int", "required": True},
    "maximum": {"type": "int", "required": True},
    "cpu": {"type": "float"},
    "memory": {"type": "float"},
    "scale_in_cooldown": {"type": "int"},
    "scale_out_cooldown": {"type": "int"},
    "schedules": {"type": "dict"},
}

#: Of each of a service's autoscaling.schedules.
SCHEDULE_OPTIONS = {
    "schedule": {"type": "str", "required": True},
    "timezone": {"type": "str"},
    "minimum": {"type": "int"},
    "maximum": {"type": "int"},
}

#: Of each of a service's mounts.
MOUNT_OPTIONS = {
    "file_system": {"type": "str", "required": True},
    "access_point": {"type": "str"},
    "read_only": {"type": "bool"},
}

#: Of ``spot`` where it is no switch.
SPOT_OPTIONS = {"base": {"type": "int"}, "on_demand": {"type": "int"}, "spot": {"type": "int"}}

TRACING_OPTIONS = {
    "sampling": {"type": "float"},
    "service_name": {"type": "str"},
    "image": {"type": "str"},
    "log_group": {"type": "str"},
    "container_cpu": {"type": "int"},
    "container_memory": {"type": "int"},
}

USES_OPTIONS = {"buckets": {"type": "dict"}, "tables": {"type": "dict"}}

HEALTH_CHECK_OPTIONS = {
    "command": {"type": "raw", "required": True},
    "interval": {"type": "int"},
    "timeout": {"type": "int"},
    "retries": {"type": "int"},
    "start_period": {"type": "int"},
}

#: The role load_balancer says what each means; here it matters that there is no other.
LOAD_BALANCER_OPTIONS = {
    **{name: {"type": "raw"} for name in (*GROUP_SETTINGS, *ROUTING_SETTINGS) if name != "port"},
    "health_check": {"type": "dict"},
}

#: What every container can have, the service's own and its sidecars.
CONTAINER_OPTIONS = {
    **{name: {"type": "raw"} for name in CONTAINER_SETTINGS},
    "container_cpu": {"type": "int"},
    "container_memory": {"type": "int"},
    "container_memory_reservation": {"type": "int"},
    "environment": {"type": "dict"},
    "environment_files": {"type": "list", "elements": "str"},
    "health_check": {"type": "dict", "options": HEALTH_CHECK_OPTIONS},
    "image": {"type": "str", "required": True},
    "linux_parameters": {"type": "dict"},
    "log_configuration": {"type": "dict"},
    "log_group": {"type": "str"},
    "port": {"type": "int"},
    "secrets": {"type": "dict"},
    "start_timeout": {"type": "int"},
    "stop_timeout": {"type": "int"},
}

#: Of each of a service's sidecars.
SIDECAR_OPTIONS = CONTAINER_OPTIONS

SERVICE_OPTIONS = {
    **CONTAINER_OPTIONS,
    "architecture": {"type": "str", "choices": ["X86_64", "ARM64"]},
    "autoscaling": {"type": "dict", "options": AUTOSCALING_OPTIONS},
    "circuit_breaker": {"type": "bool"},
    "container_name": {"type": "str"},
    "cpu": {"type": "int", "default": CPU},
    "desired_count": {"type": "int"},
    "ephemeral_storage": {"type": "int"},
    "exec": {"type": "bool"},
    "execution_role_arn": {"type": "str"},
    "family": {"type": "str"},
    "health_check_grace_period": {"type": "int"},
    "image_owner": {"type": "str", "choices": ["variables", "ci"]},
    "load_balancer": {"type": "dict", "options": LOAD_BALANCER_OPTIONS},
    "maximum_percent": {"type": "int"},
    "memory": {"type": "int", "default": MEMORY},
    "minimum_healthy_percent": {"type": "int"},
    "mounts": {"type": "dict"},
    "name": {"type": "str"},
    "platform_version": {"type": "str"},
    "policy_statements": {"type": "list", "elements": "dict"},
    "sidecars": {"type": "dict"},
    "spot": {"type": "raw"},
    "task_role_arn": {"type": "str"},
    "tracing": {"type": "dict", "options": TRACING_OPTIONS},
    "uses": {"type": "dict", "options": USES_OPTIONS},
    "volumes": {"type": "list", "elements": "dict"},
}

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
}

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

SERVICE_OPTIONS = {
    **{name: {"type": "raw"} for name in CONTAINER_SETTINGS},
    "architecture": {"type": "str", "choices": ["X86_64", "ARM64"]},
    "autoscaling": {"type": "dict", "options": AUTOSCALING_OPTIONS},
    "circuit_breaker": {"type": "bool"},
    "container_name": {"type": "str"},
    "cpu": {"type": "int", "default": CPU},
    "desired_count": {"type": "int"},
    "environment": {"type": "dict"},
    "ephemeral_storage": {"type": "int"},
    "exec": {"type": "bool"},
    "execution_role_arn": {"type": "str"},
    "family": {"type": "str"},
    "health_check": {"type": "dict", "options": HEALTH_CHECK_OPTIONS},
    "health_check_grace_period": {"type": "int"},
    "image": {"type": "str", "required": True},
    "image_owner": {"type": "str", "choices": ["variables", "ci"]},
    "load_balancer": {"type": "dict", "options": LOAD_BALANCER_OPTIONS},
    "log_group": {"type": "str"},
    "maximum_percent": {"type": "int"},
    "memory": {"type": "int", "default": MEMORY},
    "minimum_healthy_percent": {"type": "int"},
    "name": {"type": "str"},
    "port": {"type": "int"},
    "secrets": {"type": "dict"},
    "sidecars": {"type": "dict"},
    "spot": {"type": "raw"},
    "task_role_arn": {"type": "str"},
    "volumes": {"type": "list", "elements": "dict"},
}

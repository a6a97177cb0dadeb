# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one entry of ``webstack_services`` may say: the argument spec that preflight holds it to."""

from __future__ import annotations

HEALTH_CHECK_OPTIONS = {
    "command": {"type": "list", "elements": "str", "required": True},
    "interval": {"type": "int"},
    "timeout": {"type": "int"},
    "retries": {"type": "int"},
    "start_period": {"type": "int"},
}

TARGET_HEALTH_OPTIONS = {
    "path": {"type": "str"},
    "port": {"type": "str"},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "matcher": {"type": "str"},
    "interval": {"type": "int"},
    "timeout": {"type": "int"},
    "healthy_threshold": {"type": "int"},
    "unhealthy_threshold": {"type": "int"},
}

LOAD_BALANCER_OPTIONS = {
    "default": {"type": "bool"},
    "health_check": {"type": "dict", "options": TARGET_HEALTH_OPTIONS},
    "rules": {
        "type": "list",
        "elements": "dict",
        "options": {
            "paths": {"type": "list", "elements": "str"},
            "hosts": {"type": "list", "elements": "str"},
            "priority": {"type": "int"},
        },
    },
    "deregistration_delay": {"type": "int"},
    "stickiness": {"type": "dict"},
}

AUTOSCALING_OPTIONS = {
    "minimum": {"type": "int", "required": True},
    "maximum": {"type": "int", "required": True},
    "cpu": {"type": "float"},
    "memory": {"type": "float"},
}

SERVICE_OPTIONS = {
    "name": {"type": "str"},
    "image": {"type": "str", "required": True},
    "image_owner": {"type": "str", "choices": ["variables", "ci"]},
    "container_name": {"type": "str"},
    "command": {"type": "list", "elements": "str"},
    "port": {"type": "int"},
    "cpu": {"type": "int", "required": True},
    "memory": {"type": "int", "required": True},
    "architecture": {"type": "str", "choices": ["X86_64", "ARM64"]},
    "desired_count": {"type": "int"},
    "autoscaling": {"type": "dict", "options": AUTOSCALING_OPTIONS},
    "environment": {"type": "dict"},
    "secrets": {"type": "dict"},
    "health_check": {"type": "dict", "options": HEALTH_CHECK_OPTIONS},
    "health_check_grace_period": {"type": "int"},
    "load_balancer": {"type": "dict", "options": LOAD_BALANCER_OPTIONS},
    "log_group": {"type": "str"},
    "circuit_breaker": {"type": "raw"},
    "minimum_healthy_percent": {"type": "int"},
    "maximum_percent": {"type": "int"},
}

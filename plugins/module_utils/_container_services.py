# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the services of a stack, as people describe them, to the options of the ECS modules. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._names import derived_name

Options = dict[str, t.Any]

#: What a service has that does not say otherwise.
CPU = 256
MEMORY = 512
CPU_TARGET = 70
MEMORY_TARGET = 80
#: For how long the load balancer's verdict does not count while a task starts, at least.
GRACE_SECONDS = 60

#: Settings of a container that go to the module as they are.
CONTAINER_SETTINGS = (
    "command",
    "depends_on",
    "docker_labels",
    "entry_point",
    "environment",
    "environment_files",
    "essential",
    "firelens_configuration",
    "mount_points",
    "readonly_root_filesystem",
    "repository_credentials",
    "restart_policy",
    "start_timeout",
    "stop_timeout",
    "system_controls",
    "ulimits",
    "user",
    "working_directory",
)


class Stack(t.NamedTuple):
    """What all services of a stack share."""

    prefix: str
    region: str
    log_group_prefix: str
    secret_arn: str = ""
    spot: t.Any = False
    exec: bool = False


def container_service(key: str, service: Options, stack: Stack) -> Options:
    """One service: its names, its task definition, how it runs and how it is scaled."""
    container_name = service.get("container_name") or key
    autoscaling = service.get("autoscaling")
    use_exec = _either(service.get("exec"), stack.exec)
    return {
        "key": key,
        "name": service.get("name") or derived_name(f"{stack.prefix}-{key}", "ecs_service"),
        "family": service.get("family") or derived_name(f"{stack.prefix}-{key}", "ecs_service"),
        "container_name": container_name,
        "port": service.get("port"),
        "log_group": log_group(key, service, stack),
        "cpu": service.get("cpu") or CPU,
        "memory": service.get("memory") or MEMORY,
        "cpu_architecture": service.get("architecture") or "X86_64",
        "ephemeral_storage": service.get("ephemeral_storage") or 20,
        "volumes": service.get("volumes") or [],
        "image_owner": service.get("image_owner") or "variables",
        "task_role_arn": service.get("task_role_arn"),
        "execution_role_arn": service.get("execution_role_arn"),
        "containers": [
            _container(container_name, service, stack, log_group(key, service, stack), use_exec),
            *(
                _container(name, sidecar, stack, sidecar.get("log_group") or log_group(key, service, stack), False)
                for name, sidecar in (service.get("sidecars") or {}).items()
            ),
        ],
        "desired_count": first_count(_either(service.get("desired_count"), 1), autoscaling),
        "desired_count_owner": "autoscaling" if autoscaling else "variables",
        "capacity_provider_strategy": strategy(_either(service.get("spot"), stack.spot)),
        "platform_version": service.get("platform_version") or "LATEST",
        "exec": use_exec,
        "circuit_breaker": _either(service.get("circuit_breaker"), True),
        "maximum_percent": _either(service.get("maximum_percent"), 200),
        "minimum_healthy_percent": _either(service.get("minimum_healthy_percent"), 100),
        "grace_period": _either(service.get("health_check_grace_period"), _grace(service)),
        "autoscaling": scaling(autoscaling) if autoscaling else None,
    }


def log_group(key: str, service: Options, stack: Stack) -> str:
    """Where a service's log goes."""
    return service.get("log_group") or f"{stack.log_group_prefix}/{key}"


def strategy(spot: t.Any) -> list[Options]:
    """Capacity providers for ``spot``: a switch, or how many parts of the tasks run where.

    For instance ``{base: 1, on_demand: 1, spot: 4}``: the first task on demand, of the others four in five on Spot.
    """
    if isinstance(spot, dict):
        return [
            {"capacity_provider": "FARGATE", "base": spot.get("base", 0), "weight": spot.get("on_demand", 0)},
            {"capacity_provider": "FARGATE_SPOT", "base": 0, "weight": spot.get("spot", 1)},
        ]
    return [{"capacity_provider": "FARGATE_SPOT" if spot else "FARGATE", "base": 0, "weight": 1}]


def first_count(desired: int, autoscaling: Options | None) -> int:
    """With how many tasks a new service begins."""
    if not autoscaling:
        return desired
    return min(max(desired, autoscaling["minimum"]), autoscaling["maximum"])


def scaling(autoscaling: Options) -> Options:
    """The bounds and the policies."""
    cooldowns = {
        f"scale_{way}_cooldown": autoscaling[f"scale_{way}_cooldown"]
        for way in ("in", "out")
        if autoscaling.get(f"scale_{way}_cooldown") is not None
    }
    targets = {
        "cpu": ("ECSServiceAverageCPUUtilization", autoscaling.get("cpu", CPU_TARGET)),
        "memory": ("ECSServiceAverageMemoryUtilization", autoscaling.get("memory", MEMORY_TARGET)),
    }
    return {
        "min_capacity": autoscaling["minimum"],
        "max_capacity": autoscaling["maximum"],
        "policies": [
            {"name": name, "metric": metric, "target_value": target, **cooldowns}
            for name, (metric, target) in targets.items()
            if target is not None
        ],
    }


def _container(name: str, settings: Options, stack: Stack, group: str, use_exec: bool) -> Options:
    container: Options = {
        "name": name,
        "image": settings["image"],
        "log_configuration": {
            "log_driver": "awslogs",
            "options": {
                "awslogs-group": group,
                "awslogs-region": stack.region,
                "awslogs-stream-prefix": "ecs",
            },
        },
    }
    container.update({key: settings[key] for key in CONTAINER_SETTINGS if settings.get(key) not in (None, [], {})})
    if settings.get("log_configuration"):
        container["log_configuration"] = settings["log_configuration"]
    if settings.get("port"):
        container["port_mappings"] = [{"container_port": settings["port"], "protocol": "tcp"}]
    if settings.get("secrets"):
        container["secrets"] = {
            variable: key if str(key).startswith("arn:") else f"{stack.secret_arn}:{key}::"
            for variable, key in settings["secrets"].items()
            if key
        }
    if settings.get("health_check"):
        container["health_check"] = _health_check(settings["health_check"])
    for share in ("cpu", "memory", "memory_reservation"):
        # A service's own cpu and memory are the task's.
        value = settings.get(f"container_{share}")
        if value:
            container[share] = value
    linux = dict(settings.get("linux_parameters") or {})
    if use_exec:
        # The agent of ECS Exec leaves children behind that somebody has to reap.
        linux.setdefault("init_process_enabled", True)
    if linux:
        container["linux_parameters"] = linux
    return container


def _health_check(check: Options) -> Options:
    command = check["command"]
    return {**check, "command": ["CMD-SHELL", command] if isinstance(command, str) else command}


def _grace(service: Options) -> int:
    return max(GRACE_SECONDS, (service.get("health_check") or {}).get("start_period") or 0)


def _either(value: t.Any, otherwise: t.Any) -> t.Any:
    return otherwise if value is None else value

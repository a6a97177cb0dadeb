# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the services of a stack, as people describe them, to the options of the ECS modules. Pure."""

from __future__ import annotations

import json
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

#: The collector of traces, whose container has this name in every service that is traced.
COLLECTOR = "adot-collector"
COLLECTOR_IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
#: Which part of the requests is traced where a service does not say.
SAMPLING = 0.1
#: OpenTelemetry's own ports; the containers of a task share one network interface, so the collector is on localhost.
OTLP_GRPC_PORT = 4317
OTLP_HTTP_PORT = 4318

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
    file_systems: t.Mapping[str, t.Any] = {}


def container_service(key: str, service: Options, stack: Stack) -> Options:
    """One service: its names, its task definition, how it runs and how it is scaled."""
    container_name = service.get("container_name") or key
    name = service.get("name") or derived_name(f"{stack.prefix}-{key}", "ecs_service")
    autoscaling = service.get("autoscaling")
    use_exec = _either(service.get("exec"), stack.exec)
    volumes, mount_points = mounted(service.get("mounts") or {}, stack.file_systems)
    main = {**service, "mount_points": [*(service.get("mount_points") or []), *mount_points]}
    sidecars = dict(service.get("sidecars") or {})
    tracing = service.get("tracing")
    if tracing is not None:
        main["environment"] = {**tracing_environment(tracing, name), **(service.get("environment") or {})}
        sidecars[COLLECTOR] = collector(key, service, stack)
    return {
        "key": key,
        "name": name,
        "family": service.get("family") or derived_name(f"{stack.prefix}-{key}", "ecs_service"),
        "container_name": container_name,
        "port": service.get("port"),
        "log_group": log_group(key, service, stack),
        "cpu": service.get("cpu") or CPU,
        "memory": service.get("memory") or MEMORY,
        "cpu_architecture": service.get("architecture") or "X86_64",
        "ephemeral_storage": service.get("ephemeral_storage") or 20,
        "volumes": [*(service.get("volumes") or []), *volumes],
        "image_owner": service.get("image_owner") or "variables",
        "task_role_arn": service.get("task_role_arn"),
        "execution_role_arn": service.get("execution_role_arn"),
        "containers": [
            _container(container_name, main, stack, log_group(key, service, stack), use_exec),
            *(
                _container(sidecar, settings, stack, settings.get("log_group") or log_group(key, service, stack), False)
                for sidecar, settings in sidecars.items()
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


def mounted(mounts: Options, file_systems: t.Mapping[str, t.Any]) -> tuple[list[Options], list[Options]]:
    """Volumes and mount points of EFS file systems: always by TLS, and by IAM with the task's role.

    mounts: by path, ``file_system`` and ``access_point`` by their keys, and ``read_only``. file_systems: what there is,
    by key, with ``id`` and ``access_points``.
    """
    volumes: dict[str, Options] = {}
    points = []
    for path, mount in mounts.items():
        file_system = file_systems[mount["file_system"]]
        access_point = mount.get("access_point")
        authorization = {"iam": "ENABLED"}
        if access_point:
            authorization["access_point_id"] = file_system["access_points"][access_point]["id"]
        name = f"{mount['file_system']}-{access_point}" if access_point else mount["file_system"]
        volumes[name] = {
            "name": name,
            "efs_volume_configuration": {
                "file_system_id": file_system["id"],
                "transit_encryption": "ENABLED",
                "authorization_config": authorization,
            },
        }
        points.append({"source_volume": name, "container_path": path, "read_only": bool(mount.get("read_only", False))})
    return list(volumes.values()), points


def tracing_environment(tracing: Options, service_name: str) -> Options:
    """What tells the application's OpenTelemetry SDK to send its traces to the collector beside it."""
    return {
        "OTEL_SERVICE_NAME": tracing.get("service_name") or service_name,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://localhost:{OTLP_GRPC_PORT}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_PROPAGATORS": "xray",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": str(_either(tracing.get("sampling"), SAMPLING)),
        # The collector takes traces only; an SDK sends metrics and logs unless it is told not to.
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
    }


def collector(key: str, service: Options, stack: Stack) -> Options:
    """The AWS Distro for OpenTelemetry collector as a sidecar. The service lives on when it ends."""
    tracing = service["tracing"]
    return {
        "image": tracing.get("image") or COLLECTOR_IMAGE,
        "essential": False,
        "environment": {"AOT_CONFIG_CONTENT": collector_configuration(stack.region)},
        # The image has no shell, but a program that asks the extension health_check.
        "health_check": {
            "command": ["CMD", "/healthcheck"],
            "interval": 10,
            "timeout": 5,
            "retries": 3,
            "start_period": 10,
        },
        "log_group": collector_log_group(key, service, stack),
        "container_cpu": tracing.get("container_cpu"),
        "container_memory": tracing.get("container_memory"),
    }


def collector_log_group(key: str, service: Options, stack: Stack) -> str:
    """Where the collector's log goes: a group of its own."""
    return service["tracing"].get("log_group") or f"{log_group(key, service, stack)}/adot"


def collector_configuration(region: str) -> str:
    """From OpenTelemetry's protocol in batches to X-Ray, with what is known of the task. JSON is YAML."""
    return json.dumps(
        {
            "extensions": {"health_check": {}},
            "receivers": {
                "otlp": {
                    "protocols": {
                        "grpc": {"endpoint": f"0.0.0.0:{OTLP_GRPC_PORT}"},
                        "http": {"endpoint": f"0.0.0.0:{OTLP_HTTP_PORT}"},
                    }
                }
            },
            "processors": {"resourcedetection": {"detectors": ["env", "ecs"]}, "batch": {"timeout": "1s"}},
            "exporters": {"awsxray": {"region": region}},
            "service": {
                "extensions": ["health_check"],
                "pipelines": {
                    "traces": {
                        "receivers": ["otlp"],
                        "processors": ["resourcedetection", "batch"],
                        "exporters": ["awsxray"],
                    }
                },
            },
        }
    )


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
        "schedules": [
            {
                "name": name,
                "schedule": schedule["schedule"],
                "timezone": schedule.get("timezone") or "UTC",
                **{
                    f"{bound[:3]}_capacity": schedule[bound]
                    for bound in ("minimum", "maximum")
                    if schedule.get(bound) is not None
                },
            }
            for name, schedule in (autoscaling.get("schedules") or {}).items()
        ],
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

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's services: sizes, containers, scaling, and what they use."""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webstack.aws.plugins.module_utils._container_services import (
    COLLECTOR,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
)
from ansible_collections.webstack.aws.plugins.module_utils._ecs_containers import LIMITS
from ansible_collections.webstack.aws.plugins.module_utils._fargate import is_size, nearest_size
from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, name_fault
from ansible_collections.webstack.aws.plugins.module_utils._schedule_expressions import (
    expression_fault,
    time_zone_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._task_statements import ACCESS
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, nearest
from ansible_collections.webstack.aws.plugins.plugin_utils._secret_names import holds_secret
from ansible_collections.webstack.aws.plugins.plugin_utils._services import (
    MOUNT_OPTIONS,
    SCHEDULE_OPTIONS,
    SIDECAR_OPTIONS,
    SPOT_OPTIONS,
)

Values = t.Mapping[str, t.Any]

#: Amazon ECS API, ContainerDefinition, name.
CONTAINER_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
#: Amazon S3 User Guide, "Amazon S3 resources".
FILE_ARN = re.compile(r"arn:aws[a-z-]*:s3:::[^/]+/.+")

#: What a number may be. Amazon ECS API, DeploymentConfiguration and EphemeralStorage; 20 GiB is what a task has anyway.
RANGES = {
    "minimum_healthy_percent": (0, 100),
    "maximum_percent": (100, 2147483647),
    "ephemeral_storage": (20, 200),
    "health_check_grace_period": (0, 2147483647),
    "port": (1, 65535),
}

#: What the parts of ``spot`` are where they are not said.
SPOT_PARTS = {"base": 0, "on_demand": 0, "spot": 1}


def services(values: Values) -> t.Iterator[Fault]:
    for key, service in values["webstack_services"].items():
        where = f"webstack_services.{key}"
        if not re.fullmatch(r"[a-z](?:-?[a-z0-9])*", key):
            yield Fault(where, f"{key!r} cannot be part of names", "lower-case letters, digits and single hyphens")
        unsound = list(_nested(where, service))
        yield from unsound
        if unsound:
            continue
        yield from _size(where, service)
        yield from _scaling(where, service)
        yield from _balancing(where, service)
        yield from _deployment(where, service)
        containers = _containers(where, key, service)
        for place, container in containers:
            yield from _container(place, container)
        yield from _together(where, service, containers)
        yield from _tracing(where, service)
        yield from use_faults(where, service, values)
        for option in ("name", "family"):
            if service.get(option) and (fault := name_fault(service[option], "ecs_service")):
                yield Fault(f"{where}.{option}", fault, NAME_RULES["ecs_service"].words)


def jobs(values: Values) -> t.Iterator[Fault]:
    """Jobs use what services use."""
    for key, job in (values.get("webstack_jobs") or {}).items():
        if isinstance(job, dict):
            yield from use_faults(f"webstack_jobs.{key}", job, values)


def _nested(where: str, service: Values) -> t.Iterator[Fault]:
    """What is said by names of the user's own: whether each says what it can say."""
    scaling = service.get("autoscaling") or {}
    for option, entries, spec in (
        ("sidecars", service.get("sidecars"), SIDECAR_OPTIONS),
        ("mounts", service.get("mounts"), MOUNT_OPTIONS),
        ("autoscaling.schedules", scaling.get("schedules"), SCHEDULE_OPTIONS),
        ("spot", {"": service["spot"]} if isinstance(service.get("spot"), dict) else {}, SPOT_OPTIONS),
    ):
        for name, entry in (entries or {}).items():
            place = f"{where}.{option}.{name}".rstrip(".")
            if not isinstance(entry, dict):
                yield Fault(place, "it says nothing", f"a mapping of {', '.join(spec)}")
                continue
            for text in ArgumentSpecValidator(spec).validate(entry).error_messages:
                yield Fault(place, text.rstrip("."), "what the role container_service documents")


def _size(where: str, service: Values) -> t.Iterator[Fault]:
    cpu, memory = service["cpu"], service["memory"]
    if not is_size(cpu, memory):
        right_cpu, right_memory = nearest_size(cpu, memory)
        yield Fault(
            f"{where}.cpu, .memory",
            f"Fargate has no task of {cpu} CPU units with {memory} MB",
            f"cpu: {right_cpu}, memory: {right_memory} is the nearest",
        )


def _scaling(where: str, service: Values) -> t.Iterator[Fault]:
    scaling = service.get("autoscaling")
    if not scaling:
        return
    least, most = scaling["minimum"], scaling["maximum"]
    if not 0 <= least <= most:
        yield Fault(
            f"{where}.autoscaling", f"minimum {least} and maximum {most} are no bounds", "0 <= minimum <= maximum"
        )
    elif not least <= service.get("desired_count", least) <= most:
        yield Fault(
            f"{where}.desired_count",
            f"{service['desired_count']} is not between {least} and {most}",
            f"{least} to {most}",
        )
    for target in ("cpu", "memory"):
        percent = scaling.get(target)
        if percent is not None and not 0 < percent <= 100:
            yield Fault(
                f"{where}.autoscaling.{target}", f"{percent:g} is no percentage to keep to", "above 0 and at most 100"
            )
    for cooldown in ("scale_in_cooldown", "scale_out_cooldown"):
        if (scaling.get(cooldown) or 0) < 0:
            yield Fault(f"{where}.autoscaling.{cooldown}", f"{scaling[cooldown]} is no time", "seconds, 0 or more")
    for name, schedule in (scaling.get("schedules") or {}).items():
        yield from _scaling_schedule(f"{where}.autoscaling.schedules.{name}", schedule)


def _scaling_schedule(where: str, schedule: Values) -> t.Iterator[Fault]:
    if fault := expression_fault(schedule["schedule"]):
        yield Fault(f"{where}.schedule", f"{schedule['schedule']!r} {fault}", "for instance cron(0 22 * * ? *)")
    zone = schedule.get("timezone")
    if zone and (fault := time_zone_fault(zone)):
        yield Fault(f"{where}.timezone", f"{zone!r} {fault}", "a name such as America/Sao_Paulo or UTC")
    bounds = [int(schedule[bound]) for bound in ("minimum", "maximum") if schedule.get(bound) is not None]
    if not bounds:
        yield Fault(where, "it sets no bound", "minimum, maximum or both")
    elif bounds != sorted(bounds) or bounds[0] < 0:
        yield Fault(where, f"{' and '.join(map(str, bounds))} are no bounds", "0 <= minimum <= maximum")


def _balancing(where: str, service: Values) -> t.Iterator[Fault]:
    balancing = service.get("load_balancer")
    if balancing is None:
        return
    if not service.get("port"):
        yield Fault(
            f"{where}.port",
            "the load balancer needs a port to send requests to",
            "the port that the container listens on",
        )
    path = (balancing.get("health_check") or {}).get("path", "/")
    if not path.startswith("/"):
        yield Fault(f"{where}.load_balancer.health_check.path", f"{path!r} is no path", f"/{path}")


def _deployment(where: str, service: Values) -> t.Iterator[Fault]:
    for option, (least, most) in RANGES.items():
        value = service.get(option)
        if value is not None and not least <= value <= most:
            yield Fault(f"{where}.{option}", f"ECS takes {least} to {most}, not {value}", f"{least} to {most}")
    if (service.get("desired_count") or 0) < 0:
        yield Fault(f"{where}.desired_count", f"{service['desired_count']} is no number of tasks", "0 or more")
    if service.get("minimum_healthy_percent", 100) == 100 and service.get("maximum_percent", 200) == 100:
        yield Fault(
            f"{where}.minimum_healthy_percent, .maximum_percent",
            "with 100 and 100 no task could ever be replaced",
            "a maximum_percent above 100, or a minimum_healthy_percent below",
        )
    spot = service.get("spot")
    if isinstance(spot, dict):
        parts = [int(spot[part]) if spot.get(part) is not None else other for part, other in SPOT_PARTS.items()]
        if min(parts) < 0 or not parts[1] + parts[2]:
            yield Fault(f"{where}.spot", "nothing could run beyond the base", "{base: 1, on_demand: 1, spot: 4}")


def _containers(where: str, key: str, service: Values) -> list[tuple[str, dict[str, t.Any]]]:
    """The containers of a task, each with where it is said and under its name."""
    made = [(where, {**service, "name": service.get("container_name") or key})]
    for name, sidecar in (service.get("sidecars") or {}).items():
        made.append((f"{where}.sidecars.{name}", {**sidecar, "name": name}))
    return made


def _container(where: str, container: Values) -> t.Iterator[Fault]:
    if not CONTAINER_NAME.fullmatch(container["name"]):
        yield Fault(
            where, f"{container['name']!r} is no name of a container", "letters, digits, underscores and hyphens"
        )
    for (option, *inner), (least, most) in LIMITS.items():
        value = container.get(option)
        for name in inner:
            value = (value or {}).get(name)
        if isinstance(value, int) and not least <= value <= most:
            path = ".".join((option, *inner))
            yield Fault(f"{where}.{path}", f"ECS takes {least} to {most}, not {value}", f"{least} to {most}")
    for name, value in (container.get("environment") or {}).items():
        if holds_secret(name) and value not in (None, ""):
            yield Fault(
                f"{where}.environment.{name}",
                "its name says that it is a secret, and here it would stand in clear text",
                f"a key of the stack's secret in {where}.secrets.{name}, with its source in secrets_fields",
            )
    both = sorted(set(container.get("environment") or {}) & set(container.get("secrets") or {}))
    if both:
        yield Fault(f"{where}.environment", f"{', '.join(both)} stands in secrets too", "in one of both")
    for arn in container.get("environment_files") or []:
        if "{{" not in arn and not FILE_ARN.fullmatch(arn):
            yield Fault(
                f"{where}.environment_files", f"{arn!r} is no ARN of a file in S3", "arn:aws:s3:::bucket/file.env"
            )


def _together(where: str, service: Values, containers: list[tuple[str, dict[str, t.Any]]]) -> t.Iterator[Fault]:
    """Containers of a task share its size, its ports, and their names must differ."""
    names = [container["name"] for _place, container in containers]
    ports = [container["port"] for _place, container in containers if container.get("port")]
    if service.get("tracing") is not None:
        names.append(COLLECTOR)
        ports += [OTLP_GRPC_PORT, OTLP_HTTP_PORT]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(where, f"two containers of its task would be called {name}", "a name for each")
    for port in sorted({port for port in ports if ports.count(port) > 1}):
        yield Fault(where, f"two containers of its task would listen on port {port}", "a port for each")
    shares = [*(container for _place, container in containers), service.get("tracing") or {}]
    for share in ("cpu", "memory"):
        # Of memory ECS counts what is reserved, and the limit only where nothing is.
        options = [f"container_{share}_reservation", f"container_{share}"]
        total = sum(
            next((int(container[option]) for option in options if container.get(option)), 0) for container in shares
        )
        if total > service[share]:
            yield Fault(
                f"{where}.{share}",
                f"the containers are promised {total} of the task's {service[share]}",
                f"at most {service[share]} in all container_{share}",
            )


def _tracing(where: str, service: Values) -> t.Iterator[Fault]:
    sampling = (service.get("tracing") or {}).get("sampling")
    if sampling is not None and not 0 <= sampling <= 1:
        yield Fault(f"{where}.tracing.sampling", f"{sampling:g} is no part of all requests", "0 to 1, for instance 0.1")


def use_faults(where: str, entry: Values, values: Values) -> t.Iterator[Fault]:
    """What a service or job uses is there, and is used in a way that there is."""
    uses = entry.get("uses") or {}
    for kind, variable in (("buckets", "storage_buckets"), ("tables", "storage_tables")):
        for key, access in (uses.get(kind) or {}).items():
            yield from _known(f"{where}.uses.{kind}.{key}", key, values.get(variable), variable)
            if access not in ACCESS:
                yield Fault(
                    f"{where}.uses.{kind}.{key}", f"{access!r} is no way to use it", f"one of {', '.join(ACCESS)}"
                )
    for path, mount in (entry.get("mounts") or {}).items():
        place = f"{where}.mounts.{path}"
        if not path.startswith("/") or path == "/":
            yield Fault(place, f"{path!r} is no path to mount at", "an absolute path such as /media")
        file_systems = values.get("file_system_file_systems") or {}
        missing = list(_known(place, mount.get("file_system"), file_systems, "file_system_file_systems"))
        yield from missing
        if mount.get("access_point") and not missing:
            variable = f"file_system_file_systems.{mount['file_system']}.access_points"
            points = (file_systems[mount["file_system"]] or {}).get("access_points")
            yield from _known(place, mount["access_point"], points, variable)
    for number, statement in enumerate(entry.get("policy_statements") or []):
        faults = [
            " or ".join(names)
            for names in (("Effect",), ("Action", "NotAction"), ("Resource", "NotResource"))
            if not set(names) & set(statement)
        ]
        if faults:
            yield Fault(f"{where}.policy_statements[{number}]", f"it lacks {', '.join(faults)}", "a statement of IAM")


def _known(where: str, key: t.Any, things: t.Any, variable: str) -> t.Iterator[Fault]:
    if key not in (things or {}):
        like = nearest(str(key), things or {})
        yield Fault(
            where,
            f"{variable} has no {key}",
            f"{like}, if that was meant" if like else f"one of {', '.join(things or {}) or variable}",
        )


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (services, jobs)

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Container definitions: from options to ECS's form, and from that to one form that compares. Pure."""

from __future__ import annotations

import json
import typing as t

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict

Definition = dict[str, t.Any]
Normal = dict[str, t.Any]

#: What a container has that does not say otherwise. AWS shows some of it and leaves out the rest.
DEFAULTS: Normal = {
    "cpu": 0,
    "essential": True,
    "interactive": False,
    "pseudo_terminal": False,
    "readonly_root_filesystem": False,
    "version_consistency": "enabled",
}
HEALTH_CHECK_DEFAULTS: Normal = {"interval": 30, "timeout": 5, "retries": 3, "start_period": 0}
EFS_DEFAULTS: Normal = {"root_directory": "/", "transit_encryption": "DISABLED"}

#: Limits of ECS on Fargate (API reference: HealthCheck, ContainerDefinition), by option and path.
LIMITS = {
    ("health_check", "interval"): (5, 300),
    ("health_check", "timeout"): (2, 60),
    ("health_check", "retries"): (1, 10),
    ("health_check", "start_period"): (0, 300),
    ("restart_policy", "restart_attempt_period"): (60, 1800),
    ("stop_timeout",): (2, 120),
    ("start_timeout",): (2, 120),
}


#: Mappings whose keys are the user's.
OWN_KEYS = ("dockerLabels", "options")


def snake(value: t.Any) -> t.Any:
    """AWS's shapes in snake_case, but for keys that are the user's (Ansible's own converter forgets those in lists)."""
    if isinstance(value, list):
        return [snake(item) for item in value]
    if isinstance(value, dict):
        return {_word(key): item if key in OWN_KEYS else snake(item) for key, item in value.items()}
    return value


def _word(key: str) -> str:
    return next(iter(camel_dict_to_snake_dict({key: None})))


def text(value: t.Any) -> str:
    """A value of an environment variable as the text that it must be: ``true`` for a boolean, JSON for a structure."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def definition(container: t.Mapping[str, t.Any]) -> Definition:
    """The options of one container as an ECS container definition."""
    made = snake_dict_to_camel_dict({key: value for key, value in container.items() if key not in _TO_AWS})
    for option, convert in _TO_AWS.items():
        if container.get(option):
            made.update(convert(container[option]))
    return made


def _log_to_aws(log: t.Mapping[str, t.Any]) -> Definition:
    made: Definition = {"logDriver": log["log_driver"]}
    if log.get("options"):
        made["options"] = {key: text(value) for key, value in log["options"].items()}
    if log.get("secret_options"):
        made["secretOptions"] = _pairs(log["secret_options"], "valueFrom")
    return {"logConfiguration": made}


def _firelens_to_aws(firelens: t.Mapping[str, t.Any]) -> Definition:
    options = {key: text(value) for key, value in (firelens.get("options") or {}).items()}
    return {"firelensConfiguration": {"type": firelens["type"], **({"options": options} if options else {})}}


def _pairs(values: t.Mapping[str, t.Any], value_key: str) -> list[dict[str, str]]:
    return [{"name": name, value_key: text(value)} for name, value in sorted(values.items())]


#: Options whose keys are not AWS's words, and are therefore not converted as they stand.
_TO_AWS: dict[str, t.Callable[[t.Any], Definition]] = {
    "environment": lambda value: {"environment": _pairs(value, "value")},
    "secrets": lambda value: {"secrets": _pairs(value, "valueFrom")},
    "environment_files": lambda value: {"environmentFiles": [{"type": "s3", "value": arn} for arn in value]},
    "docker_labels": lambda value: {"dockerLabels": {key: text(label) for key, label in value.items()}},
    "log_configuration": _log_to_aws,
    "firelens_configuration": _firelens_to_aws,
    "repository_credentials": lambda value: {"repositoryCredentials": {"credentialsParameter": value}},
}


def normal(container: Definition) -> Normal:
    """A container definition in the form in which it compares: defaults filled, without order where there is none."""
    made: Normal = {**DEFAULTS}
    for key, value in snake(container).items():
        value = _NORMAL[key](value) if key in _NORMAL and value else value
        if key != "name" and value not in (None, "", [], {}):
            made[key] = value
    return made


def normal_all(containers: list[Definition]) -> dict[str, Normal]:
    """All containers of a task by name."""
    return {container["name"]: normal(container) for container in containers}


def _by(
    key: str, value: str | None = None, **defaults: t.Any
) -> t.Callable[[list[dict[str, t.Any]]], dict[str, t.Any]]:
    """A list of small mappings as one: by their ``key``, with ``value`` alone or all the rest."""

    def convert(items: list[dict[str, t.Any]]) -> dict[str, t.Any]:
        if value:
            return {item[key]: item.get(value, "") for item in items}
        return {item[key]: {**defaults, **{k: v for k, v in item.items() if k != key}} for item in items}

    return convert


def _ports(mappings: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    """By port and protocol; the host's port is always the container's in a task with its own network interface."""
    return {
        f"{mapping.get('container_port') or mapping.get('container_port_range')}/{mapping.get('protocol') or 'tcp'}": {
            key: mapping[key] for key in ("name", "app_protocol") if mapping.get(key)
        }
        for mapping in mappings
    }


def _log(log: dict[str, t.Any]) -> dict[str, t.Any]:
    made = {"log_driver": log["log_driver"], "options": log.get("options") or {}}
    if log.get("secret_options"):
        made["secret_options"] = _by("name", "value_from")(log["secret_options"])
    return made


def _linux(parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    made = {key: value for key, value in parameters.items() if value not in (None, [], {}, False)}
    if "capabilities" in made:
        made["capabilities"] = {key: sorted(names) for key, names in made["capabilities"].items() if names}
        if not made["capabilities"]:
            del made["capabilities"]
    return made


def _restart(policy: dict[str, t.Any]) -> dict[str, t.Any]:
    if not policy.get("enabled"):
        return {}
    codes = sorted(policy.get("ignored_exit_codes") or [])
    return {"restart_attempt_period": 300, **policy, "ignored_exit_codes": codes}


_NORMAL: dict[str, t.Callable[[t.Any], t.Any]] = {
    "environment": _by("name", "value"),
    "secrets": _by("name", "value_from"),
    "environment_files": lambda files: sorted(item["value"] for item in files),
    "port_mappings": _ports,
    "health_check": lambda check: {**HEALTH_CHECK_DEFAULTS, **check},
    "log_configuration": _log,
    "depends_on": _by("container_name", "condition"),
    "mount_points": _by("container_path", read_only=False),
    "volumes_from": _by("source_container", read_only=False),
    "ulimits": _by("name"),
    "system_controls": _by("namespace", "value"),
    "restart_policy": _restart,
    "linux_parameters": _linux,
    "repository_credentials": lambda credentials: credentials["credentials_parameter"],
}


def normal_volumes(volumes: list[Definition]) -> dict[str, Normal]:
    """The volumes of a task by name, in the form in which they compare."""
    made = {}
    for volume in volumes:
        fields = snake({key: value for key, value in volume.items() if key != "name" and value})
        efs = fields.get("efs_volume_configuration")
        if efs:
            authorization = {"iam": "DISABLED", **(efs.pop("authorization_config", None) or {})}
            fields["efs_volume_configuration"] = {**EFS_DEFAULTS, **efs, **authorization}
        made[volume["name"]] = fields
    return made


def faults(containers: t.Mapping[str, Normal], volumes: t.Mapping[str, Normal], memory: int) -> list[str]:
    """What ECS would refuse, or would let through to tasks that can never start."""
    found = []
    if not any(container["essential"] for container in containers.values()):
        found.append("no container is essential; ECS wants at least one")
    for name, container in containers.items():
        found += [f"container {name}: {fault}" for fault in _container_faults(container, containers, volumes, memory)]
    for name, volume in volumes.items():
        efs = volume.get("efs_volume_configuration")
        if efs and efs["transit_encryption"] != "ENABLED" and (efs["iam"] == "ENABLED" or efs.get("access_point_id")):
            found.append(f"volume {name}: access points and IAM authorization want transit_encryption ENABLED")
        if efs and efs.get("access_point_id") and efs["root_directory"] != "/":
            found.append(f"volume {name}: with an access point the root directory is the access point's")
    return found


def _container_faults(
    container: Normal, containers: t.Mapping[str, Normal], volumes: t.Mapping[str, Normal], memory: int
) -> list[str]:
    found = []
    both = sorted(set(container.get("environment", {})) & set(container.get("secrets", {})))
    if both:
        found.append(f"{', '.join(both)} can be in environment or in secrets, not in both")
    for path, (least, most) in LIMITS.items():
        value: t.Any = container
        for key in path:
            value = (value or {}).get(key)
        if value is not None and not least <= value <= most:
            found.append(f"{'.'.join(path)} is {value}; ECS takes {least} to {most}")
    for option in ("memory", "memory_reservation"):
        if container.get(option, 0) > memory:
            found.append(f"{option} is {container[option]} MiB, the whole task has {memory}")
    for other, condition in container.get("depends_on", {}).items():
        if other not in containers:
            found.append(f"depends_on names {other}, which is no container of the task")
        elif condition == "HEALTHY" and "health_check" not in containers[other]:
            found.append(f"depends_on wants {other} HEALTHY, which has no health_check")
        elif condition in ("COMPLETE", "SUCCESS") and containers[other]["essential"]:
            found.append(f"depends_on wants {other} at its end, which is essential and would end the task with it")
    for mount in container.get("mount_points", {}).values():
        if mount.get("source_volume") and mount["source_volume"] not in volumes:
            found.append(f"mount_points names {mount['source_volume']}, which is no volume of the task")
    return found

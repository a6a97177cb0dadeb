"""Task definitions: what AWS refuses, what it adds, and the life of revisions."""

from __future__ import annotations

import copy
import re
import time
from dataclasses import dataclass, field
from typing import Any

from . import errors
from .common import NAME, Backend, arn, backend_of, moment, page

# The CPU units that Fargate has, and the memory (MiB) that goes with each: "Task CPU and memory" of the guide.
_GIB = 1024
FARGATE_MEMORY: dict[int, list[int]] = {
    256: [512, 1 * _GIB, 2 * _GIB],
    512: [size * _GIB for size in range(1, 5)],
    1024: [size * _GIB for size in range(2, 9)],
    2048: [size * _GIB for size in range(4, 17)],
    4096: [size * _GIB for size in range(8, 31)],
    8192: [size * _GIB for size in range(16, 61, 4)],
    16384: [size * _GIB for size in range(32, 121, 8)],
    32768: [60 * _GIB, 120 * _GIB, 180 * _GIB, 184 * _GIB, 188 * _GIB, 192 * _GIB, 200 * _GIB, 244 * _GIB],
}
FARGATE_LOG_DRIVERS = ("awsfirelens", "awslogs", "splunk")
ECR_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/"
    r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?"
)
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
# Request fields that come back as they were sent.
_KEPT = (
    "taskRoleArn",
    "executionRoleArn",
    "requiresCompatibilities",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
)


@dataclass
class TaskDefinition:
    """One revision."""

    arn: str
    family: str
    revision: int
    fields: dict[str, Any]
    tags: list[dict[str, str]]
    status: str = "ACTIVE"
    registered_at: float = field(default_factory=time.time)
    deregistered_at: float | None = None
    delete_requested_at: float | None = None

    @property
    def container_definitions(self) -> list[dict[str, Any]]:
        return self.fields["containerDefinitions"]

    @property
    def network_mode(self) -> str | None:
        return self.fields.get("networkMode")

    def container(self, name: str) -> dict[str, Any] | None:
        return next((item for item in self.container_definitions if item["name"] == name), None)

    def supports(self, launch_type: str) -> bool:
        return launch_type in self.fields["compatibilities"]

    def describe(self) -> dict[str, Any]:
        account = self.arn.split(":")[4]
        return self.fields | {
            "taskDefinitionArn": self.arn,
            "family": self.family,
            "revision": self.revision,
            "status": self.status,
            "registeredAt": moment(self.registered_at),
            "registeredBy": f"arn:aws:iam::{account}:root",
            "deregisteredAt": moment(self.deregistered_at),
            "deleteRequestedAt": moment(self.delete_requested_at),
        }


def register(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    family = parameters.get("family") or ""
    if not NAME.fullmatch(family):
        raise errors.client("Family contains invalid characters." if family else "Family should not be null or empty.")
    fields = _complete(copy.deepcopy(parameters))
    revisions = backend.task_definitions.setdefault(family, {})
    # numbers of deleted revisions are not used again
    counters = backend.__dict__.setdefault("emulated_revision_counters", {})
    revision = counters[family] = counters.get(family, 0) + 1
    definition = TaskDefinition(
        arn(backend, f"task-definition/{family}:{revision}"), family, revision, fields, parameters.get("tags") or []
    )
    revisions[revision] = definition  # type: ignore[assignment]
    return {"taskDefinition": definition.describe(), "tags": definition.tags}


def find(backend: Backend, name: str) -> TaskDefinition | None:
    """By ARN, family:revision, or family alone, which means its latest ACTIVE revision."""
    family, _unused, number = name.split("/")[-1].partition(":")
    revisions = backend.task_definitions.get(family, {})
    if number:
        return revisions.get(int(number)) if number.isdigit() else None  # type: ignore[return-value]
    active = [item for item in revisions.values() if item.status == "ACTIVE"]
    return max(active, key=lambda item: item.revision) if active else None  # type: ignore[return-value]


def to_run(backend: Backend, name: str) -> TaskDefinition:
    """The definition that a service or task is to use, which must be active."""
    definition = find(backend, name)
    if definition is None or definition.status == "DELETE_IN_PROGRESS":
        raise errors.client("TaskDefinition not found.")
    if definition.status != "ACTIVE":
        raise errors.client("TaskDefinition is inactive")
    return definition


def describe(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    definition = find(backend_of(response), parameters["taskDefinition"])
    if definition is None:
        raise errors.client("Unable to describe task definition.")
    with_tags = {"tags": definition.tags} if "TAGS" in (parameters.get("include") or []) else {}
    return {"taskDefinition": definition.describe(), **with_tags}


def deregister(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    name = parameters["taskDefinition"]
    _unused, _unused, number = name.split("/")[-1].partition(":")
    if not number:
        raise errors.client("Revision is missing.")
    if not number.isdigit():
        raise errors.invalid(f"Invalid revision number. Number: {number}")
    definition = find(backend_of(response), name)
    if definition is None:
        raise errors.client("Unable to describe task definition.")
    if definition.status == "ACTIVE":
        definition.status, definition.deregistered_at = "INACTIVE", time.time()
    return {"taskDefinition": definition.describe()}


def delete(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    names = parameters.get("taskDefinitions") or []
    if not names:
        raise errors.invalid("size of TaskDefinition references list must be greater than 0")
    if len(names) > 10:
        raise errors.invalid("Size of TaskDefinition references list cannot exceed 10")
    deleted, failures = [], []
    for name in names:
        definition = find(backend, name) if ":" in name.split("/")[-1] else None
        if ":" not in name.split("/")[-1]:
            reason = "The specified task definition identifier is invalid. Specify a valid name or ARN and try again."
        elif definition is None:
            reason = (
                "The specified task definition does not exist. Specify a valid account, family, revision and try again."
            )
        elif definition.status == "ACTIVE":
            reason = (
                "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
            )
        else:
            definition.status, definition.delete_requested_at = "DELETE_IN_PROGRESS", time.time()
            backend.task_definitions[definition.family].pop(definition.revision)
            deleted.append(definition.describe())
            continue
        failures.append({"arn": name, "reason": reason})
    return {"taskDefinitions": deleted, "failures": failures}


def list_revisions(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    status = parameters.get("status") or "ACTIVE"
    found = [
        item
        for family in sorted(backend_of(response).task_definitions.items())
        if parameters.get("familyPrefix") in (None, family[0])  # in spite of its name, the whole family
        for _unused, item in sorted(family[1].items())
        if item.status == status
    ]
    if parameters.get("sort") == "DESC":
        found.reverse()
    arns, token = page([item.arn for item in found], parameters)
    return {"taskDefinitionArns": arns, "nextToken": token}


def list_families(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    status = parameters.get("status") or "ALL"
    families = []
    for family, revisions in sorted(backend_of(response).task_definitions.items()):
        any_active = any(item.status == "ACTIVE" for item in revisions.values())
        wanted = status == "ALL" or (status == "ACTIVE") == any_active
        if revisions and wanted and family.startswith(parameters.get("familyPrefix") or ""):
            families.append(family)
    names, token = page(families, parameters)
    return {"families": names, "nextToken": token}


def _complete(parameters: dict[str, Any]) -> dict[str, Any]:
    """The fields of a valid request as AWS returns them, with defaults."""
    fargate = "FARGATE" in (parameters.get("requiresCompatibilities") or [])
    containers = parameters.get("containerDefinitions") or []
    cpu, memory = _cpu(parameters.get("cpu")), _memory(parameters.get("memory"))
    for role in ("taskRoleArn", "executionRoleArn"):
        if parameters.get(role) and not _ROLE.fullmatch(parameters[role]):
            raise errors.client("Role is not valid")
    if fargate:
        _check_fargate(parameters, cpu, memory)
    _check_containers(containers, parameters, cpu, memory, fargate)
    awsvpc = parameters.get("networkMode") == "awsvpc"
    fits_fargate = awsvpc and memory in FARGATE_MEMORY.get(cpu or 0, [])
    fields: dict[str, Any] = {
        "containerDefinitions": [_with_defaults(item, awsvpc) for item in containers],
        "volumes": [_volume_with_defaults(item) for item in parameters.get("volumes") or []],
        "placementConstraints": parameters.get("placementConstraints") or [],
        "compatibilities": ["EC2", "FARGATE"] if fits_fargate else ["EC2"],
        "networkMode": parameters.get("networkMode") or "bridge",
        "requiresAttributes": _attributes(parameters, containers),
    }
    if cpu is not None:
        fields["cpu"] = str(cpu)
    if memory is not None:
        fields["memory"] = str(memory)
    return fields | {name: parameters[name] for name in _KEPT if parameters.get(name) is not None}


def _cpu(text: str | None) -> int | None:
    """CPU units, from "256" or ".25 vCPU"."""
    if not text:
        return None
    match = re.fullmatch(r"(\d*\.?\d+)\s*(vcpu)?", text.strip(), re.IGNORECASE)
    if not match:
        raise errors.client(f"Invalid 'cpu' setting for task: {text}")
    return round(float(match[1]) * (1024 if match[2] else 1))


def _memory(text: str | None) -> int | None:
    """Mebibytes, from "512" or "0.5 GB"."""
    if not text:
        return None
    match = re.fullmatch(r"(\d*\.?\d+)\s*(gb)?", text.strip(), re.IGNORECASE)
    if not match:
        raise errors.client(f"Invalid 'memory' setting for task: {text}")
    return round(float(match[1]) * (1024 if match[2] else 1))


def _check_fargate(parameters: dict[str, Any], cpu: int | None, memory: int | None) -> None:
    if parameters.get("networkMode") != "awsvpc":
        raise errors.client("Fargate only supports network mode \u2018awsvpc\u2019.")
    if cpu is None:
        raise errors.client("Fargate requires that 'cpu' be defined at the task level.")
    if memory is None:
        raise errors.client("Fargate requires that 'memory' be defined at the task level.")
    if memory not in FARGATE_MEMORY.get(cpu, []):
        raise errors.client(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
            "See the Amazon ECS documentation for the valid values."
        )
    if parameters.get("pidMode") not in (None, "task"):
        raise errors.client(
            f"Tasks using the Fargate launch type do not support pidMode '{parameters['pidMode']}'. "
            "The supported value for pidMode is 'task'."
        )
    if parameters.get("ipcMode"):
        raise errors.client("Tasks using the Fargate launch type do not support ipcMode.")
    if parameters.get("placementConstraints"):
        raise errors.client("Placement constraints are not supported for FARGATE.")
    storage = (parameters.get("ephemeralStorage") or {}).get("sizeInGiB")
    if storage is not None and not 21 <= storage <= 200:
        raise errors.client("Invalid setting for ephemeral storage. The size must be between 21 and 200 GiB.")
    for container in parameters.get("containerDefinitions") or []:
        driver = (container.get("logConfiguration") or {}).get("logDriver")
        if driver and driver not in FARGATE_LOG_DRIVERS:
            raise errors.client(f"Fargate does not support log driver '{driver}'.")
        if container.get("privileged"):
            raise errors.client("Fargate does not support privileged containers.")
        if container.get("links"):
            raise errors.client("Links are not supported when networkMode=awsvpc.")
    if not parameters.get("executionRoleArn"):
        _refuse_without_execution_role(parameters.get("containerDefinitions") or [])


def _refuse_without_execution_role(containers: list[dict[str, Any]]) -> None:
    for container in containers:
        configuration = container.get("logConfiguration") or {}
        if configuration.get("logDriver") == "awslogs":
            raise errors.client(
                "Fargate requires task definition to have execution role ARN to support log driver awslogs."
            )
        if ECR_IMAGE.fullmatch(container.get("image") or ""):
            raise errors.client("Fargate requires task definition to have execution role ARN to support ECR images.")


def _check_containers(
    containers: list[dict[str, Any]], parameters: dict[str, Any], cpu: int | None, memory: int | None, fargate: bool
) -> None:
    if not containers:
        raise errors.client("Container list cannot be empty.")
    names = [container.get("name") for container in containers]
    for container in containers:
        _check_container(container, parameters, fargate)
        if memory is None and not container.get("memory") and not container.get("memoryReservation"):
            raise errors.client(
                f"Invalid setting for container '{container['name']}'. "
                "At least one of 'memory' or 'memoryReservation' must be specified."
            )
        for dependency in container.get("dependsOn") or []:
            if dependency["containerName"] not in names or dependency["containerName"] == container["name"]:
                raise errors.client(
                    f"Invalid dependency: container '{container['name']}' depends on '{dependency['containerName']}'."
                )
    duplicate = next((name for name in names if names.count(name) > 1), None)
    if duplicate:
        raise errors.client(f"Container.name should be unique: '{duplicate}' is used more than once.")
    if not any(container.get("essential", True) for container in containers):
        raise errors.client("At least one container must be essential.")
    if cpu is not None and sum(container.get("cpu") or 0 for container in containers) > cpu:
        raise errors.client("Total cpu of containers should be less than or equal to the cpu of the task.")
    if memory is not None and sum(container.get("memory") or 0 for container in containers) > memory:
        raise errors.client("Total memory of containers should be less than or equal to the memory of the task.")
    if any(container.get("secrets") for container in containers) and not parameters.get("executionRoleArn"):
        raise errors.client(
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
        )


def _check_container(container: dict[str, Any], parameters: dict[str, Any], fargate: bool) -> None:
    for required in ("name", "image"):
        if not container.get(required):
            raise errors.client(f"Container.{required} should not be null or empty.")
    if not NAME.fullmatch(container["name"]):
        raise errors.client("Container.name contains invalid characters.")
    if re.search(r"[^A-Za-z0-9_.:/@#-]", container["image"]):
        raise errors.client("Container.image contains invalid characters.")
    variables = [item["name"] for item in container.get("environment") or []]
    for secret in container.get("secrets") or []:
        if secret["name"] in variables:
            raise errors.client(
                "The secret name must be unique and not shared with any new or existing environment variables set on "
                f"the container, such as '{secret['name']}'."
            )
    if parameters.get("networkMode") == "awsvpc":
        for mapping in container.get("portMappings") or []:
            if mapping.get("hostPort") not in (None, 0, mapping.get("containerPort")):
                raise errors.client(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
                )
    volumes = [volume.get("name") for volume in parameters.get("volumes") or []]
    for mount in container.get("mountPoints") or []:
        if mount.get("sourceVolume") not in volumes:
            raise errors.client(f"Unknown volume '{mount.get('sourceVolume')}'.")
    _check_logs(container, fargate)
    _check_health(container.get("healthCheck"))


def _check_logs(container: dict[str, Any], fargate: bool) -> None:
    configuration = container.get("logConfiguration") or {}
    if configuration.get("logDriver") != "awslogs":
        return
    options = configuration.get("options") or {}
    required = ["awslogs-group", "awslogs-region"] + (["awslogs-stream-prefix"] if fargate else [])
    if any(not options.get(name) for name in required):
        raise errors.client(f"Log driver awslogs requires options: {', '.join(required)}")


def _check_health(check: dict[str, Any] | None) -> None:
    if check is None:
        return
    command = check.get("command") or []
    if not command or command[0] not in ("CMD", "CMD-SHELL", "NONE"):
        raise errors.client("Health check command must start with CMD or CMD-SHELL.")
    for name, lowest, highest in (
        ("interval", 5, 300),
        ("timeout", 2, 120),
        ("retries", 1, 10),
        ("startPeriod", 0, 300),
    ):
        value = check.get(name)
        if value is not None and not lowest <= value <= highest:
            raise errors.client(f"Health check {name} must be between {lowest} and {highest}.")


def _with_defaults(container: dict[str, Any], awsvpc: bool) -> dict[str, Any]:
    full: dict[str, Any] = {
        "cpu": 0,
        "portMappings": [],
        "essential": True,
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
    } | container
    for mapping in full["portMappings"]:
        mapping.setdefault("protocol", "tcp")
        mapping.setdefault("hostPort", mapping.get("containerPort") if awsvpc else 0)
    if full.get("healthCheck"):
        full["healthCheck"] = {"interval": 30, "timeout": 5, "retries": 3} | full["healthCheck"]
    return full


def _volume_with_defaults(volume: dict[str, Any]) -> dict[str, Any]:
    efs = volume.get("efsVolumeConfiguration")
    if efs is None:
        return {"host": {}} | volume
    return volume | {"efsVolumeConfiguration": {"rootDirectory": "/"} | efs}


def _attributes(parameters: dict[str, Any], containers: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What a container instance must have; computed by AWS for every definition."""
    prefix = "com.amazonaws.ecs.capability."
    names = {prefix + "docker-remote-api.1.18"}
    if parameters.get("networkMode") == "awsvpc":
        names.add("ecs.capability.task-eni")
    if parameters.get("taskRoleArn"):
        names.add(prefix + "task-iam-role")
    for container in containers:
        driver = (container.get("logConfiguration") or {}).get("logDriver")
        if driver:
            names.add(prefix + f"logging-driver.{driver}")
            if driver == "awslogs" and parameters.get("executionRoleArn"):
                names.add("ecs.capability.execution-role-awslogs")
        if ECR_IMAGE.fullmatch(container["image"]):
            names |= {prefix + "ecr-auth", "ecs.capability.execution-role-ecr-pull"}
        if container.get("healthCheck"):
            names.add("ecs.capability.container-health-check")
        for secret in container.get("secrets") or []:
            kind = "asm" if ":secretsmanager:" in secret["valueFrom"] else "ssm"
            names.add(f"ecs.capability.secrets.{kind}.environment-variables")
    return [{"name": name} for name in sorted(names)]

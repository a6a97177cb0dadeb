"""Tasks on Fargate: how they start, run and stop.

A task passes its states as time goes by, without threads: ``next_change`` says when something is due, ``change``
lets it happen. Of the seconds that ``ecs_task`` is to take, a task is PROVISIONING for a quarter and PENDING for
another one; at the half its containers run and its targets are registered, at the end its health is known (or it
has exited). Stopping takes a quarter.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models import ec2_backends

from ... import interfaces
from ...state import STATE
from .. import elbv2
from . import errors, launch
from .common import PLATFORM_VERSION, Backend, arn, moment, new_id
from .reach import Place
from .task_definitions import TaskDefinition

#: Exit code of a container that is told to stop (SIGTERM).
TERMINATED = 143


@dataclass
class Container:
    """A container of a task."""

    definition: dict[str, Any]
    image: str
    arn: str
    status: str = "PENDING"
    exit_code: int | None = None
    reason: str | None = None
    health: str = "UNKNOWN"
    runtime_id: str | None = None

    @property
    def name(self) -> str:
        return self.definition["name"]

    @property
    def essential(self) -> bool:
        return self.definition.get("essential", True)

    @property
    def rule(self) -> dict[str, Any]:
        return STATE.container(self.image)

    @property
    def checked(self) -> bool:
        """Whether it has a health check of its own."""
        return (self.definition.get("healthCheck") or {"command": ["NONE"]})["command"][0] != "NONE"

    def stop(self, exit_code: int | None) -> None:
        self.status = "STOPPED"
        if self.exit_code is None:
            self.exit_code = exit_code


@dataclass(eq=False)
class Task:
    """A task; moto's tagging reads ``task_arn`` and ``tags``."""

    backend: Backend
    cluster: Any
    definition: TaskDefinition
    network: dict[str, Any]
    launch_type: str
    group: str
    started_by: str
    created_at: float
    capacity_provider: str | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    tags: list[dict[str, str]] = field(default_factory=list)
    platform_version: str = "LATEST"
    exec_enabled: bool = False
    load_balancers: list[dict[str, Any]] = field(default_factory=list)
    service: Any = None
    deployment: Any = None
    zone_number: int = 0
    id: str = field(default_factory=new_id)
    last_status: str = "PROVISIONING"
    desired_status: str = "RUNNING"
    started_at: float | None = None
    stopping_at: float | None = None
    stopped_at: float | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    settled: bool = False
    failed: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        self.task_arn = arn(self.backend, f"task/{self.cluster.name}/{self.id}")
        self.containers = [self._container(definition) for definition in self.definition.container_definitions]
        subnets = self.network["subnets"]
        self.subnet_id = subnets[self.zone_number % len(subnets)]
        self.attachment_id = _uuid()
        self.interface: Any = interfaces.attach(
            self.backend.account_id,
            self.backend.region_name,
            self.subnet_id,
            self.network.get("securityGroups") or [],
            self._attachment_arn(),
            "578734482556",
            self.network.get("assignPublicIp") == "ENABLED",
        )
        self.address: str = self.interface.private_ip_address
        self.availability_zone: str = self.interface.subnet.availability_zone

    @property
    def cluster_arn(self) -> str:
        return self.cluster.arn

    @property
    def live(self) -> bool:
        """Whether it counts for its service: neither stopped nor about to."""
        return self.desired_status == "RUNNING"

    # --- what happens, and when

    def next_change(self) -> float | None:
        """When something is due, None if it just goes on as it is."""
        seconds = STATE.seconds("ecs_task")
        if self.last_status == "STOPPED":
            return None
        if self.stopping_at is not None:
            return self.stopping_at + seconds / 4
        if self.last_status == "PROVISIONING":
            return self.created_at + seconds / 4
        if self.last_status == "PENDING":
            return self.created_at + seconds / 2
        due = (self.started_at or self.created_at) + seconds / 2
        if not self.settled:
            return due
        return due if self.service is not None and self._trouble() else None

    def change(self, at: float) -> None:
        """Let happen what is due."""
        self.version += 1
        if self.stopping_at is not None:
            self._finish(at)
        elif self.last_status == "PROVISIONING":
            self.last_status = "PENDING"
        elif self.last_status == "PENDING":
            self._start(at)
        else:
            self._settle(at)

    def stop(self, at: float, reason: str, code: str, exit_code: int = TERMINATED) -> None:
        """Begin to stop: the targets drain, the containers get their signal."""
        if self.desired_status == "STOPPED":
            return
        self.version += 1
        self.desired_status, self.stopping_at = "STOPPED", at
        self.stopped_reason, self.stop_code = reason, code
        self._exit_code = exit_code
        if self.last_status == "RUNNING":
            self.last_status = "DEACTIVATING"
        self._deregister(at)

    def _start(self, at: float) -> None:
        groups = [group.id for group in self.interface.group_set]
        place = Place(self.backend, self.subnet_id, groups, self.network.get("assignPublicIp") == "ENABLED")
        reason = launch.failure(self.backend, self.definition, self.overrides, self.id, place)
        if reason:
            for container in self.containers:
                container.status, container.reason = "STOPPED", reason
            self._fail(at, reason, "TaskFailedToStart")
            return
        self.last_status, self.started_at = "RUNNING", at
        for container in self.containers:
            container.status = "RUNNING"
            container.runtime_id = f"{self.id}-{secrets.randbelow(10**10):010d}"
            launch.write_logs(self.backend, container.definition | {"image": container.image}, self.id)
        self._register(at)

    def _settle(self, at: float) -> None:
        """Its health is known now, or it has exited."""
        self._let_containers_exit()
        if self.service is None:
            return self._settle_alone(at)
        for container in self.containers:
            if container.checked and container.status == "RUNNING":
                container.health = "UNHEALTHY" if container.rule.get("health") == "unhealthy" else "HEALTHY"
        trouble = self._trouble()
        if trouble:
            self._fail(at, *trouble)
        else:
            self.settled = True
        return None

    def _settle_alone(self, at: float) -> None:
        """A task that was run by itself ends when its containers have done their work."""
        for container in self.containers:
            container.stop(int(container.rule.get("exit_code") or 0))
        self._fail(at, "Essential container in task exited", "EssentialContainerExited")

    def _let_containers_exit(self) -> None:
        """Containers with an exit code stop, as do those that others only wait for."""
        awaited = {
            dependency["containerName"]
            for container in self.containers
            for dependency in container.definition.get("dependsOn") or []
            if dependency["condition"] in ("COMPLETE", "SUCCESS")
        }
        for container in self.containers:
            code = container.rule.get("exit_code")
            if code is not None or (container.name in awaited and not container.essential):
                container.stop(int(code or 0))

    def _trouble(self) -> tuple[str, str] | None:
        """Why a task of a service is to be replaced: reason and stop code."""
        for container in self.containers:
            if container.essential and container.rule.get("exit_code") is not None:
                return "Essential container in task exited", "EssentialContainerExited"
        for container in self.containers:
            if container.checked and container.essential and container.rule.get("health") == "unhealthy":
                return "Task failed container health checks", "ServiceSchedulerInitiated"
        for group in self._unhealthy_groups():
            return f"Task failed ELB health checks in (target-group {group})", "ServiceSchedulerInitiated"
        return None

    def _fail(self, at: float, reason: str, code: str) -> None:
        self.failed = True
        self._let_containers_exit()
        self.stop(at, reason, code)

    def _finish(self, at: float) -> None:
        started = self.started_at is not None
        for container in self.containers:
            container.stop(self._exit_code if started else None)
            container.health = "UNKNOWN"
        self.last_status, self.stopped_at = "STOPPED", at
        interfaces.detach(self.backend.account_id, self.backend.region_name, self.interface.id)

    # --- load balancers

    def _register(self, at: float) -> None:
        for balancer in self.load_balancers:
            elbv2.register_task(
                self.backend.account_id,
                self.backend.region_name,
                balancer["targetGroupArn"],
                self.address,
                balancer["containerPort"],
                self.availability_zone,
                self._probe(balancer),
                [group.id for group in self.interface.group_set],
                at,
            )
            self.service.note_registration(balancer["targetGroupArn"], True)

    def _deregister(self, at: float) -> None:
        if self.started_at is None:
            return
        for balancer in self.load_balancers:
            elbv2.deregister_task(
                self.backend.account_id,
                self.backend.region_name,
                balancer["targetGroupArn"],
                self.address,
                balancer["containerPort"],
                at,
            )
            self.service.note_registration(balancer["targetGroupArn"], False)

    def _probe(self, balancer: dict[str, Any]) -> Callable[[], bool]:
        """What a health check of the load balancer finds."""
        container = next(item for item in self.containers if item.name == balancer["containerName"])
        return lambda: container.rule.get("health") != "unhealthy"

    def _unhealthy_groups(self) -> list[str]:
        return [
            balancer["targetGroupArn"]
            for balancer in self.load_balancers
            if elbv2.finds_unhealthy(
                self.backend.account_id,
                self.backend.region_name,
                balancer["targetGroupArn"],
                self.address,
                balancer["containerPort"],
            )
        ]

    # --- how it looks

    def describe(self, with_tags: bool = True) -> dict[str, Any]:
        quarter = STATE.seconds("ecs_task") / 4
        begun = self.last_status != "PROVISIONING"
        running = self.started_at is not None
        answer: dict[str, Any] = {
            "attachments": [self._attachment()],
            "attributes": [{"name": "ecs.cpu-architecture", "value": self._architecture()}],
            "availabilityZone": self.availability_zone,
            "capacityProviderName": self.capacity_provider,
            "clusterArn": self.cluster.arn,
            "connectivity": "CONNECTED" if begun else None,
            "connectivityAt": moment(self.created_at + quarter) if begun else None,
            "containers": [self._describe_container(container) for container in self.containers],
            "cpu": self.overrides.get("cpu") or self.definition.fields.get("cpu"),
            "createdAt": moment(self.created_at),
            "desiredStatus": self.desired_status,
            "enableExecuteCommand": self.exec_enabled,
            "ephemeralStorage": {"sizeInGiB": 20} | (self.definition.fields.get("ephemeralStorage") or {}),
            "executionStoppedAt": moment(self.stopped_at) if running else None,
            "fargateEphemeralStorage": {"sizeInGiB": 20} | (self.definition.fields.get("ephemeralStorage") or {}),
            "group": self.group,
            "healthStatus": self._health(),
            "lastStatus": self.last_status,
            "launchType": self.launch_type,
            "memory": self.overrides.get("memory") or self.definition.fields.get("memory"),
            "overrides": self._overrides(),
            "platformFamily": "Linux",
            "platformVersion": PLATFORM_VERSION if self.platform_version == "LATEST" else self.platform_version,
            "pullStartedAt": moment(self.created_at + quarter) if begun else None,
            "pullStoppedAt": moment(self.started_at) if running else None,
            "startedAt": moment(self.started_at),
            "startedBy": self.started_by or None,
            "stopCode": self.stop_code,
            "stoppedAt": moment(self.stopped_at),
            "stoppedReason": self.stopped_reason,
            "stoppingAt": moment(self.stopping_at),
            "taskArn": self.task_arn,
            "taskDefinitionArn": self.definition.arn,
            "version": self.version,
        }
        return answer | ({"tags": self.tags} if with_tags else {})

    def _container(self, definition: dict[str, Any]) -> Container:
        override = self._container_override(definition["name"])
        image = override.get("image") or definition["image"]
        return Container(definition, image, arn(self.backend, f"container/{self.cluster.name}/{self.id}/{_uuid()}"))

    def _container_override(self, name: str) -> dict[str, Any]:
        overrides = self.overrides.get("containerOverrides") or []
        return next((item for item in overrides if item.get("name") == name), {})

    def _overrides(self) -> dict[str, Any]:
        names = [container.name for container in self.containers]
        return (
            {"inferenceAcceleratorOverrides": []}
            | self.overrides
            | {"containerOverrides": [{"name": name} | self._container_override(name) for name in names]}
        )

    def _health(self) -> str:
        states = [item.health for item in self.containers if item.essential and item.checked]
        if "UNHEALTHY" in states:
            return "UNHEALTHY"
        return "HEALTHY" if states and set(states) == {"HEALTHY"} else "UNKNOWN"

    def _architecture(self) -> str:
        platform = self.definition.fields.get("runtimePlatform") or {}
        return "arm64" if platform.get("cpuArchitecture") == "ARM64" else "x86_64"

    def _describe_container(self, container: Container) -> dict[str, Any]:
        agents = None
        if self.exec_enabled:
            agents = [
                {
                    "name": "ExecuteCommandAgent",
                    "lastStatus": "RUNNING" if container.status == "RUNNING" else container.status,
                }
            ]
        pulled = container.runtime_id is not None
        return {
            "containerArn": container.arn,
            "taskArn": self.task_arn,
            "name": container.name,
            "image": container.image,
            "imageDigest": launch.image_digest(container.image) if pulled else None,
            "runtimeId": container.runtime_id,
            "lastStatus": container.status,
            "exitCode": container.exit_code,
            "reason": container.reason,
            "networkBindings": [],
            "networkInterfaces": [{"attachmentId": self.attachment_id, "privateIpv4Address": self.address}],
            "healthStatus": container.health,
            "managedAgents": agents,
            "cpu": str(container.definition.get("cpu") or 0),
            "memory": _text(container.definition.get("memory")),
            "memoryReservation": _text(container.definition.get("memoryReservation")),
        }

    def _attachment_arn(self) -> str:
        return arn(self.backend, f"attachment/{self.attachment_id}")

    def _attachment(self) -> dict[str, Any]:
        statuses = {"PROVISIONING": "ATTACHING", "STOPPED": "DELETED"}
        details = {
            "subnetId": self.subnet_id,
            "networkInterfaceId": self.interface.id,
            "macAddress": self.interface.mac_address,
            "privateDnsName": self.interface.private_dns_name,
            "privateIPv4Address": self.address,
        }
        return {
            "id": self.attachment_id,
            "type": "ElasticNetworkInterface",
            "status": statuses.get(self.last_status, "ATTACHED"),
            "details": [{"name": name, "value": value} for name, value in details.items()],
        }


def check_network(backend: Backend, configuration: dict[str, Any] | None) -> dict[str, Any]:
    """The awsvpc configuration of a request, whose subnets and security groups must exist and fit together."""
    network = (configuration or {}).get("awsvpcConfiguration")
    if not network:
        raise errors.invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if not network.get("subnets"):
        raise errors.invalid("subnets can not be empty.")
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    known = {subnet.id: subnet for subnet in ec2.describe_subnets()}
    vpcs = set()
    for subnet_id in network["subnets"]:
        if subnet_id not in known:
            raise errors.invalid(
                f"Error retrieving subnet information for [{subnet_id}]: The subnet ID '{subnet_id}' does not exist "
                "(ErrorCode: InvalidSubnetID.NotFound)"
            )
        vpcs.add(known[subnet_id].vpc_id)
    if len(vpcs) > 1:
        raise errors.invalid("The subnets must belong to the same VPC.")
    for group_id in network.get("securityGroups") or []:
        group = ec2.get_security_group_from_id(group_id)
        if group is None:
            raise errors.invalid(
                f"Error retrieving security group information for [{group_id}]: The security group '{group_id}' does "
                "not exist (ErrorCode: InvalidGroup.NotFound)"
            )
        if group.vpc_id not in vpcs:
            raise errors.invalid(f"The security group '{group_id}' does not belong to the VPC of the subnets.")
    return {"assignPublicIp": "DISABLED", "securityGroups": []} | network


def pick_provider(strategy: list[dict[str, Any]], current: list[str | None]) -> str:
    """The capacity provider of one more task: first the base, then in the proportion of the weights."""
    for item in strategy:
        if current.count(item["capacityProvider"]) < (item.get("base") or 0):
            return item["capacityProvider"]
    weighted = [item for item in strategy if item.get("weight")] or strategy
    beyond = {
        item["capacityProvider"]: max(0, current.count(item["capacityProvider"]) - (item.get("base") or 0))
        for item in weighted
    }
    return min(weighted, key=lambda item: (beyond[item["capacityProvider"]] + 1) / (item.get("weight") or 1))[
        "capacityProvider"
    ]


def advance(task: Task, now: float | None = None) -> None:
    """Let a task that belongs to no service go as far as the time."""
    now = time.time() if now is None else now
    while (due := task.next_change()) is not None and due <= now:
        task.change(due)


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _uuid() -> str:
    return str(uuid.uuid4())

"""What the control endpoints set and the service extensions read: one object, shared by all of them."""

from __future__ import annotations

import fnmatch
import threading
import time
from dataclasses import dataclass, field
from typing import Any

#: The kinds of resource that take time on AWS. A kind that is not set is ready at once.
PROVISIONED_KINDS = (
    "acm_certificate",
    "api_gateway_vpc_link",
    "dynamodb_table",
    "dynamodb_ttl",
    "ecs_task",
    "efs_file_system",
    "elasticache",
    "load_balancer",
    "nat_gateway",
    "rds_cluster",
    "rds_instance",
    "schedule_group",
    "sqs_queue",
    "vpc_endpoint",
)


@dataclass
class State:
    """Settings of one emulator process.

    provisioning: seconds that each kind of slow resource takes, by kind.
    containers: rules on how containers behave, first match wins; each is a dict with ``image`` (a glob) and any of
        ``missing`` (bool: the image cannot be pulled), ``exit_code`` (int: the container stops with it),
        ``health`` ("healthy" or "unhealthy"), ``log`` (list of lines that it writes).
    file_systems: bytes that EFS file systems hold, by creation token.
    quotas: what the account may have where that is not AWS's default, by service and code as in ``vpc/L-F678F1CE``.
    """

    provisioning: dict[str, float] = field(default_factory=dict)
    containers: list[dict[str, Any]] = field(default_factory=list)
    file_systems: dict[str, int] = field(default_factory=dict)
    quotas: dict[str, float] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def seconds(self, kind: str) -> float:
        """How long a resource of this kind takes to become ready."""
        if kind not in PROVISIONED_KINDS:
            raise KeyError(f"{kind} is no kind of slow resource; known: {', '.join(PROVISIONED_KINDS)}")
        return self.provisioning.get(kind, 0.0)

    def is_ready(self, kind: str, since: float) -> bool:
        """Whether a resource of this kind that was begun at ``since`` (time.time()) is ready by now."""
        return time.time() - since >= self.seconds(kind)

    def container(self, image: str) -> dict[str, Any]:
        """The first rule for an image, or an empty one: a container that starts, is healthy and stays."""
        for rule in self.containers:
            if fnmatch.fnmatchcase(image, rule["image"]):
                return rule
        return {}

    def file_system_size(self, creation_token: str) -> int:
        """What EFS says that a file system holds; an empty one holds 6 KB."""
        return self.file_systems.get(creation_token, 6144)

    def reset(self) -> None:
        """Back to the defaults."""
        self.provisioning.clear()
        self.containers.clear()
        self.file_systems.clear()
        self.quotas.clear()


STATE = State()

"""What all parts of ECS use: names, ids, times, pages."""

from __future__ import annotations

import random
import re
import secrets
from datetime import UTC, datetime
from typing import Any

from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends

from . import errors

#: Capacity providers that exist in every account.
FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
#: What "LATEST" means on Fargate for Linux.
PLATFORM_VERSION = "1.4.0"
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")

Backend = EC2ContainerServiceBackend


def backend_of(response: Any) -> Backend:
    return ecs_backends[response.current_account][response.region]


def moment(at: float | None) -> datetime | None:
    """A time as the serializer wants it."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def new_id() -> str:
    """The id of a task: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def number_id() -> str:
    """The ids of deployments and revisions are long numbers."""
    return str(random.randrange(10**18, 10**19))


def arn(backend: Backend, resource: str) -> str:
    return f"arn:{backend.partition}:ecs:{backend.region_name}:{backend.account_id}:{resource}"


def active_cluster(backend: Backend, name: str | None) -> Any:
    """The cluster of a request; without a name it is the one called default."""
    cluster = backend.clusters.get((name or "default").split("/")[-1])
    if cluster is None:
        raise errors.cluster_not_found()
    if cluster.status != "ACTIVE":
        raise errors.cluster_inactive()
    return cluster


def page(items: list[Any], parameters: dict[str, Any], default: int = 100) -> tuple[list[Any], str | None]:
    """One page of a list, and the token of the next one."""
    token = parameters.get("nextToken")
    if token and not token.isdigit():
        raise errors.invalid("Invalid token.")
    start = int(token or 0)
    end = start + (parameters.get("maxResults") or default)
    return items[start:end], str(end) if end < len(items) else None

"""How long a first deployment must take, from what a stack creates and what each of it must wait for."""

from __future__ import annotations

from collections.abc import Collection

#: How long AWS takes to provide a resource, in units, by its kind in a plan.
UNITS = {
    "rds_instance": 8,
    "rds_cluster": 8,
    "elasticache_replication_group": 7,
    "vpc_link": 6,
    "acm_certificate": 4,
    "load_balancer": 3,
    "nat_gateway": 2,
    "ecs_service": 2,
    "ecs_task": 2,
}

#: The same for the embedded AWS, by its own kinds.
PROVISIONING = {
    "rds_instance": 8,
    "rds_cluster": 8,
    "elasticache": 7,
    "api_gateway_vpc_link": 6,
    "acm_certificate": 4,
    "load_balancer": 3,
    "nat_gateway": 2,
    "ecs_task": 2,
}

#: What a resource must wait for, by kind. A database beside the first is made by a task that runs in the cluster.
NEEDS = {
    "rds_instance": ("rds_cluster",),
    "ecs_task": ("rds_instance", "rds_cluster", "nat_gateway"),
    "ecs_service": ("ecs_task", "rds_instance", "elasticache_replication_group", "nat_gateway", "listener"),
    "listener": ("acm_certificate",),
    "http_api": ("vpc_link", "listener"),
    "api_domain": ("acm_certificate", "http_api"),
}


def critical_path(created: Collection[str]) -> list[tuple[str, int]]:
    """The longest chain of kinds that wait for each other, with the unit at which each is there."""
    there: dict[str, list[tuple[str, int]]] = {}

    def chain(kind: str) -> list[tuple[str, int]]:
        if kind not in there:
            before = max((chain(each) for each in NEEDS.get(kind, ()) if each in created), key=end, default=[])
            there[kind] = [*before, (kind, end(before) + UNITS.get(kind, 0))]
        return there[kind]

    return max((chain(kind) for kind in created), key=end, default=[])


def end(chain: list[tuple[str, int]]) -> int:
    """When a chain is through, in units."""
    return chain[-1][1] if chain else 0

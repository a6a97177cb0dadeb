"""Who holds a security group or a subnet: what AWS refuses to delete while it is in use.

On AWS every holder shows up as a network interface. moto makes interfaces for some services only, so their own
records are asked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def security_group_holders(account: str, region: str, group_id: str) -> list[str]:
    """What uses a security group, in words; empty when nothing does."""
    return [holder for holder, groups, _ in _holdings(account, region) if group_id in groups]


def subnet_holders(account: str, region: str, subnet_id: str) -> list[str]:
    """What stands in a subnet, in words; empty when nothing does."""
    return [holder for holder, _, subnets in _holdings(account, region) if subnet_id in subnets]


def _holdings(account: str, region: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(holder, security groups, subnets) of everything that lives in a VPC."""
    from moto.backends import get_backend

    def backend(service: str) -> Any:
        return get_backend(service)[account][region]  # type: ignore[call-overload]

    for eni in backend("ec2").enis.values():
        yield f"network interface {eni.id}", [group.id for group in eni.group_set], [eni.subnet.id]
    for balancer in backend("elbv2").load_balancers.values():
        subnets = [subnet.id for subnet in balancer.subnets]
        yield f"load balancer {balancer.name}", list(balancer.security_groups or []), subnets
    yield from _databases(backend("rds"))
    yield from _caches(backend("elasticache"))
    for system in backend("efs").file_systems_by_id.values():
        for target in system.iter_mount_targets():
            yield f"mount target {target.mount_target_id}", list(target.security_groups or []), [target.subnet_id]
    for link in backend("apigatewayv2").vpc_links.values():
        yield f"VPC link {link.id}", list(link.sg_ids or []), list(link.subnet_ids or [])
    for function in backend("lambda").list_functions():
        config = function.vpc_config or {}
        yield f"function {function.function_name}", list(config.get("security_group_ids", [])), list(
            config.get("subnet_ids", [])
        )


def _databases(rds: Any) -> Iterator[tuple[str, list[str], list[str]]]:
    for instance in rds.databases.values():
        group = instance.db_subnet_group
        subnets = [subnet.id for subnet in group.subnets] if group else []
        yield f"database {instance.db_instance_identifier}", list(instance.vpc_security_group_ids or []), subnets
    for cluster in rds.clusters.values():
        yield f"database cluster {cluster.db_cluster_identifier}", list(cluster.vpc_security_group_ids or []), []


def _caches(elasticache: Any) -> Iterator[tuple[str, list[str], list[str]]]:
    for cluster in elasticache.cache_clusters.values():
        groups = getattr(cluster, "security_group_ids", None) or []
        yield f"cache cluster {cluster.cache_cluster_id}", list(groups), []
    for group in elasticache.replication_groups.values():
        ids = getattr(group, "security_group_ids", None) or []
        yield f"replication group {group.replication_group_id}", list(ids), []

"""ElastiCache as AWS has it: replication groups, clusters, snapshots, subnet groups, parameter groups and tags.

moto has a small part of it and knows no states, so that all of it is kept here; users remain moto's.
"""

from __future__ import annotations

from typing import Any

from moto.elasticache.models import elasticache_backends
from moto.elasticache.responses import ElastiCacheResponse

from tests.emulator import vpc
from tests.emulator.query_service import Context, Service
from tests.emulator.services.elasticache import (
    catalog,
    clusters,
    parameter_groups,
    replication_groups,
    snapshots,
    subnet_groups,
    tags,
)
from tests.emulator.services.elasticache.common import Store

_HANDLERS: dict[str, Any] = {
    "DescribeCacheEngineVersions": catalog.describe_cache_engine_versions,
    **clusters.HANDLERS,
    **parameter_groups.HANDLERS,
    **replication_groups.HANDLERS,
    **snapshots.HANDLERS,
    **subnet_groups.HANDLERS,
    **tags.HANDLERS,
}


def _settle(context: Context) -> None:
    """Finish what is due: members before their groups."""
    store = context.store
    for things in (store.clusters, store.groups, store.snapshots):
        for thing in list(things.values()):
            thing.settle()


def install() -> None:
    """Put all of it in the place of moto's."""
    service = Service("elasticache", ElastiCacheResponse, elasticache_backends, Store, _settle)
    service.bind(_HANDLERS)
    tags.join_tagging_api(service.context)
    vpc.settle_before_ec2(service.settle_all)

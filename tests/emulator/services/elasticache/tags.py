"""Tags of what ElastiCache keeps, through ElastiCache and through the Resource Groups Tagging API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.elasticache.models import ElastiCacheBackend

from tests.emulator.extend import wrap
from tests.emulator.query_service import Context, Parameters, as_tag_list, as_tags
from tests.emulator.services.elasticache.common import refuse

# Kind in the ARN -> the error for one that does not exist, and its wording.
_MISSING = {
    "cluster": ("CacheClusterNotFound", "CacheCluster not found: {}"),
    "parametergroup": ("CacheParameterGroupNotFound", "CacheParameterGroup not found: {}"),
    "replicationgroup": ("ReplicationGroupNotFoundFault", "ReplicationGroup {} not found."),
    "snapshot": ("SnapshotNotFoundFault", "Snapshot {} not found"),
    "subnetgroup": ("CacheSubnetGroupNotFoundFault", "Cache Subnet Group {} does not exist."),
}
_MOST_TAGS = 50


def _kind(arn: str) -> str:
    return arn.split(":")[5] if arn.startswith("arn:") and arn.count(":") >= 6 else ""


def _things(context: Context) -> Iterator[tuple[str, Any]]:
    """Kind and thing of everything that can have tags."""
    store = context.store
    for kind, things in {
        "cluster": store.clusters,
        "parametergroup": store.parameter_groups,
        "replicationgroup": store.groups,
        "snapshot": store.snapshots,
        "subnetgroup": store.subnet_groups,
    }.items():
        for thing in things.values():
            yield kind, thing


def _find(context: Context, arn: str) -> Any:
    """The thing of that ARN, if it can be tagged now."""
    kind = _kind(arn)
    if kind not in _MISSING:
        raise refuse("InvalidARN", f"Invalid resource ARN: {arn}")
    thing = next((thing for _unused, thing in _things(context) if thing.arn == arn), None)
    if thing is None:
        code, words = _MISSING[kind]
        raise refuse(code, words.format(arn.split(":", 6)[6]))
    if kind == "replicationgroup" and thing.status not in ("available", "snapshotting"):
        message = "Cluster not in available state, unable to perform tagging operations."
        raise refuse("InvalidReplicationGroupState", message)
    return thing


def _arns(thing: Any) -> list[str]:
    """Tags of a replication group are its members' too (AddTagsToResource)."""
    return [thing.arn, *(member.arn for member in getattr(thing, "members", list)())]


def is_ours(arn: str) -> bool:
    """Whether a thing is kept here, and not by moto (users)."""
    return _kind(arn) != "user"


def list_tags(context: Context, parameters: Parameters) -> Parameters:
    """ListTagsForResource."""
    arn = parameters["ResourceName"]
    if not is_ours(arn):
        return {"TagList": context.backend.list_tags_for_resource(arn)["Tags"]}
    return {"TagList": as_tag_list(context.store.tags.get(_find(context, arn).arn, {}))}


def add_tags(context: Context, parameters: Parameters) -> Parameters:
    """AddTagsToResource, which answers with all tags."""
    arn, tags = parameters["ResourceName"], parameters["Tags"]
    reserved = [tag["Key"] for tag in tags if tag["Key"].lower().startswith("aws:")]
    if reserved:
        raise refuse("InvalidParameterValue", f"The tag key {reserved[0]} is reserved: it begins with aws:")
    if not is_ours(arn):
        context.backend.add_tags_to_resource(arn, tags)
        return list_tags(context, parameters)
    thing = _find(context, arn)
    if len({**context.store.tags.get(arn, {}), **as_tags(tags)}) > _MOST_TAGS:
        raise refuse("TagQuotaPerResourceExceeded", f"A resource can have {_MOST_TAGS} tags at most.")
    for each in _arns(thing):
        context.store.tags.setdefault(each, {}).update(as_tags(tags))
    return list_tags(context, parameters)


def remove_tags(context: Context, parameters: Parameters) -> Parameters:
    """RemoveTagsFromResource, which answers with the tags that are left."""
    arn, keys = parameters["ResourceName"], parameters["TagKeys"]
    if not is_ours(arn):
        context.backend.remove_tags_from_resource(arn, keys)
        return list_tags(context, parameters)
    for each in _arns(_find(context, arn)):
        for key in keys:
            context.store.tags.get(each, {}).pop(key, None)
    return list_tags(context, parameters)


HANDLERS = {
    "AddTagsToResource": add_tags,
    "ListTagsForResource": list_tags,
    "RemoveTagsFromResource": remove_tags,
}


def join_tagging_api(context_of: Callable[[Any], Context]) -> None:
    """Show everything in the Resource Groups Tagging API."""

    @wrap(ElastiCacheBackend, "iter_tagged_resources")
    def iter_tagged_resources(original: Callable[..., Any], backend: Any) -> Iterator[TaggedResource]:
        context = context_of(backend)
        for kind, thing in _things(context):
            tags = context.store.tags.get(thing.arn, {})
            yield TaggedResource(arn=thing.arn, tags=tags, resource_type=f"elasticache:{kind}")
        yield from original(backend)

    @wrap(ElastiCacheBackend, "tag_resource")
    def tag_resource(original: Callable[..., Any], backend: Any, arn: str, tags: dict[str, str]) -> None:
        if is_ours(arn):
            add_tags(context_of(backend), {"ResourceName": arn, "Tags": as_tag_list(tags)})
        else:
            original(backend, arn, tags)

    @wrap(ElastiCacheBackend, "untag_resource")
    def untag_resource(original: Callable[..., Any], backend: Any, arn: str, tag_keys: list[str]) -> None:
        if is_ours(arn):
            remove_tags(context_of(backend), {"ResourceName": arn, "TagKeys": tag_keys})
        else:
            original(backend, arn, tag_keys)

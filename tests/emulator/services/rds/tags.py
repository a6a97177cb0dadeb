"""Tags of what RDS keeps, through RDS and through the Resource Groups Tagging API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.rds.models import RDSBackend

from tests.emulator.extend import wrap
from tests.emulator.query_service import Context, Parameters, as_tag_list, as_tags, refusal

# Kind in the ARN -> the error for one that does not exist, and its wording.
_MISSING = {
    "cluster": ("DBClusterNotFoundFault", "DBCluster {} not found."),
    "cluster-pg": ("DBParameterGroupNotFound", "DBClusterParameterGroup not found: {}"),
    "cluster-snapshot": ("DBClusterSnapshotNotFoundFault", "DBClusterSnapshot {} not found."),
    "db": ("DBInstanceNotFound", "DBInstance {} not found."),
    "pg": ("DBParameterGroupNotFound", "DBParameterGroup not found: {}"),
    "snapshot": ("DBSnapshotNotFound", "DBSnapshot {} not found."),
    "subgrp": ("DBSubnetGroupNotFoundFault", "DB Subnet group '{}' not found."),
}


def _kind(arn: str) -> str:
    return arn.split(":")[5] if arn.startswith("arn:") and arn.count(":") >= 6 else ""


def _resources(context: Context) -> Iterator[tuple[str, str]]:
    """Kind and ARN of everything that can have tags."""
    store = context.store
    for kind, things in {
        "cluster": store.clusters,
        "cluster-pg": store.cluster_parameter_groups,
        "cluster-snapshot": store.cluster_snapshots,
        "db": store.instances,
        "pg": store.parameter_groups,
        "snapshot": store.snapshots,
        "subgrp": store.subnet_groups,
    }.items():
        for thing in things.values():
            yield kind, thing.arn


def tags_of(context: Context, arn: str) -> dict[str, str]:
    """The tags of a thing, to be read and changed."""
    kind = _kind(arn)
    if not kind:
        message = f"Unexpected type DBInstanceOrCluster. Invalid resource name: {arn}"
        raise refusal("rds", "InvalidParameterValue", message)
    if (kind, arn) not in set(_resources(context)):
        code, words = _MISSING[kind]
        raise refusal("rds", code, words.format(arn.split(":", 6)[6]))
    return context.store.tags.setdefault(arn, {})


def is_ours(arn: str) -> bool:
    """Whether a thing is kept here, and not by moto (option groups, proxies, subscriptions)."""
    return not _kind(arn) or _kind(arn) in _MISSING


def list_tags(context: Context, parameters: Parameters) -> Parameters:
    """ListTagsForResource."""
    arn = parameters["ResourceName"]
    tags = as_tag_list(tags_of(context, arn)) if is_ours(arn) else context.backend.list_tags_for_resource(arn)
    return {"TagList": tags}


def add_tags(context: Context, parameters: Parameters) -> None:
    """AddTagsToResource."""
    arn, tags = parameters["ResourceName"], parameters["Tags"]
    reserved = [tag["Key"] for tag in tags if tag["Key"].lower().startswith("aws:")]
    if reserved:
        raise refusal("rds", "InvalidParameterValue", f"The tag key {reserved[0]} is reserved: it begins with aws:")
    if is_ours(arn):
        tags_of(context, arn).update(as_tags(tags))
    else:
        context.backend.add_tags_to_resource(arn, tags)


def remove_tags(context: Context, parameters: Parameters) -> None:
    """RemoveTagsFromResource."""
    arn, keys = parameters["ResourceName"], parameters["TagKeys"]
    if not is_ours(arn):
        context.backend.remove_tags_from_resource(arn, keys)
        return
    tags = tags_of(context, arn)
    for key in keys:
        tags.pop(key, None)


HANDLERS = {
    "AddTagsToResource": add_tags,
    "ListTagsForResource": list_tags,
    "RemoveTagsFromResource": remove_tags,
}


def join_tagging_api(context_of: Callable[[Any], Context]) -> None:
    """Show everything in the Resource Groups Tagging API."""

    @wrap(RDSBackend, "iter_tagged_resources")
    def iter_tagged_resources(original: Callable[..., Any], backend: Any) -> Iterator[TaggedResource]:
        context = context_of(backend)
        for kind, arn in _resources(context):
            yield TaggedResource(arn=arn, tags=context.store.tags.get(arn, {}), resource_type=f"rds:{kind}")
        yield from original(backend)

    @wrap(RDSBackend, "tag_resource")
    def tag_resource(original: Callable[..., Any], backend: Any, arn: str, tags: dict[str, str]) -> None:
        if is_ours(arn):
            tags_of(context_of(backend), arn).update(tags)
        else:
            original(backend, arn, tags)

    @wrap(RDSBackend, "untag_resource")
    def untag_resource(original: Callable[..., Any], backend: Any, arn: str, tag_keys: list[str]) -> None:
        if is_ours(arn):
            remove_tags(context_of(backend), {"ResourceName": arn, "TagKeys": tag_keys})
        else:
            original(backend, arn, tag_keys)

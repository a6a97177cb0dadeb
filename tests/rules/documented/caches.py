"""ElastiCache for Redis OSS and Valkey."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_CREATE = "elasticache:CreateReplicationGroup"
_GROUPS = (_CREATE, "elasticache:ModifyReplicationGroup")
_IDENTIFIER = r"[A-Za-z](-?[A-Za-z0-9])*"


@rule(_CREATE, source=api("elasticache", "CreateReplicationGroup"))
def identifiers_of_caches(request: Request, _world: World) -> Iterator[str]:
    """A replication group's identifier has at most 40 letters, digits and single hyphens, a letter first and no hyphen
    last."""
    yield from text_problem("ReplicationGroupId", request.get("ReplicationGroupId"), _IDENTIFIER, 40)


@rule(_CREATE, source=api("elasticache", "CreateReplicationGroup"))
def nodes_of_caches(request: Request, _world: World) -> Iterator[str]:
    """A replication group has at most 6 nodes: the primary and 5 replicas; a shard has at most 5 replicas."""
    yield from range_problem("NumCacheClusters", request.get("NumCacheClusters"), 1, 6)
    yield from range_problem("ReplicasPerNodeGroup", request.get("ReplicasPerNodeGroup"), 0, 5)


@rule(_CREATE, source=page("AmazonElastiCache/latest/dg/AutoFailover.html"))
def failover_of_caches(request: Request, _world: World) -> Iterator[str]:
    """Automatic failover needs a replica, Multi-AZ needs automatic failover, and neither works on T1 nodes."""
    nodes = request.get("NumCacheClusters") or request.get("ReplicasPerNodeGroup", 0) + 1
    fails_over, many_zones = request.get("AutomaticFailoverEnabled", False), request.get("MultiAZEnabled", False)
    if fails_over and nodes < 2:
        yield "it has no replica"
    if many_zones and not fails_over:
        yield "it has Multi-AZ without automatic failover"
    if (fails_over or many_zones) and request.get("CacheNodeType", "").startswith("cache.t1."):
        yield f"its nodes are {request.get('CacheNodeType')}"


@rule(*_GROUPS, source=page("AmazonElastiCache/latest/dg/auth.html"))
def tokens_of_caches(request: Request, _world: World) -> Iterator[str]:
    """A token has 16 to 128 characters: letters, digits and ! & # $ ^ < > -."""
    token = request.get("AuthToken")
    if token is not None:
        yield from range_problem("its length", len(token), 16, 128)
        if not re.fullmatch(r"[A-Za-z0-9!&#$^<>-]*", token):
            yield "it has other characters"


@rule(_CREATE, source=page("AmazonElastiCache/latest/dg/auth.html"))
def encryption_of_caches(request: Request, _world: World) -> Iterator[str]:
    """A token needs encryption in transit, and that a subnet group."""
    encrypts = request.get("TransitEncryptionEnabled", False)
    if request.get("AuthToken") and not encrypts:
        yield "it is not encrypted in transit"
    if encrypts and not request.get("CacheSubnetGroupName"):
        yield "it has no subnet group"


@rule("elasticache:ModifyReplicationGroup", source=api("elasticache", "ModifyReplicationGroup"))
def changes_of_tokens(request: Request, _world: World) -> Iterator[str]:
    """A token is changed with a strategy, SET, ROTATE or DELETE, at once and alone."""
    if request.get("AuthToken") is None and request.get("AuthTokenUpdateStrategy") is None:
        return
    if request.get("AuthTokenUpdateStrategy") not in ("SET", "ROTATE", "DELETE"):
        yield f"AuthTokenUpdateStrategy is {request.get('AuthTokenUpdateStrategy')}"
    if not request.get("ApplyImmediately"):
        yield "it is not applied immediately"


@rule(*_GROUPS, source=api("elasticache", "CreateReplicationGroup"))
def snapshots_of_caches(request: Request, _world: World) -> Iterator[str]:
    """Snapshots are kept for 0 to 35 days, and not at all on T1 nodes; their window is given as 05:00-09:00 and lasts
    an hour at least."""
    yield from range_problem("SnapshotRetentionLimit", request.get("SnapshotRetentionLimit"), 0, 35)
    if request.get("SnapshotRetentionLimit") and request.get("CacheNodeType", "").startswith("cache.t1."):
        yield f"its nodes are {request.get('CacheNodeType')}"
    window = request.get("SnapshotWindow")
    if window is not None:
        clock = r"(([01]\d|2[0-3]):([0-5]\d))"
        found = re.fullmatch(f"{clock}-{clock}", window)
        if not found:
            yield f"SnapshotWindow is {window!r}"
        elif (int(found[5]) * 60 + int(found[6]) - int(found[2]) * 60 - int(found[3])) % 1440 < 60:
            yield f"SnapshotWindow is {window}"


@rule(_CREATE, source=page("AmazonElastiCache/latest/dg/supported-engine-versions.html"))
def versions_of_caches(request: Request, world: World) -> Iterator[str]:
    """Redis OSS is redis up to 7.1, what is newer is valkey; a parameter group's family is that of the engine's major
    version."""
    engine, version = request.get("Engine", "redis"), request.get("EngineVersion", "")
    major = version.split(".")[0]
    if (engine == "redis" and version and not re.fullmatch(r"[3-6](\.[\dx]+)*|7(\.[01])?", version)) or (
        engine == "valkey" and version and not re.fullmatch(r"[789](\.\d+)?", version)
    ):
        yield f"{engine} has no {version}"
    for made in world.done("elasticache:CreateCacheParameterGroup"):
        family = made.get("CacheParameterGroupFamily")
        wanted = f"{engine}{major}.x" if (engine, major) == ("redis", "6") else f"{engine}{major}"
        is_ours = made.get("CacheParameterGroupName") == request.get("CacheParameterGroupName")
        if is_ours and major and int(major) >= 6 and family != wanted:
            yield f"{family} is not for {engine} {version}"


@rule("elasticache:CreateCacheSubnetGroup", source=api("elasticache", "CreateCacheSubnetGroup"))
def subnet_groups_of_caches(request: Request, _world: World) -> Iterator[str]:
    """A subnet group's name has at most 255 letters, digits and hyphens, a letter first; it has at least one subnet."""
    yield from text_problem("CacheSubnetGroupName", request.get("CacheSubnetGroupName"), r"[A-Za-z][A-Za-z0-9-]*", 255)
    if not request.get("SubnetIds"):
        yield "it has no subnet"


@rule("elasticache:CreateCacheParameterGroup", source=api("elasticache", "CreateCacheParameterGroup"))
def parameter_groups_of_caches(request: Request, _world: World) -> Iterator[str]:
    """A parameter group's name has at most 255 letters, digits and single hyphens, a letter first and no hyphen last;
    its family is one of ElastiCache's."""
    yield from text_problem("CacheParameterGroupName", request.get("CacheParameterGroupName"), _IDENTIFIER, 255)
    families = r"memcached1\.[456]|redis(2\.[68]|3\.2|4\.0|5\.0|6\.x|7)|valkey[789]"
    yield from text_problem("the family", request.get("CacheParameterGroupFamily"), families)


@rule("elasticache:ModifyCacheParameterGroup", source=api("elasticache", "ModifyCacheParameterGroup"))
def parameters_of_caches(request: Request, _world: World) -> Iterator[str]:
    """1 to 20 parameters are changed in a call."""
    yield from range_problem("their number", len(request.get("ParameterNameValues", [])), 1, 20)


@rule(_CREATE, source=api("elasticache", "CreateReplicationGroup"))
def zones_of_caches(request: Request, world: World) -> Iterator[str]:
    """The nodes of a Multi-AZ group are in several zones: its subnet group has subnets in at least two."""
    if not request.get("MultiAZEnabled"):
        return
    for made in world.done("elasticache:CreateCacheSubnetGroup"):
        if made.get("CacheSubnetGroupName") == request.get("CacheSubnetGroupName"):
            zones = world.zones(made.get("SubnetIds"))
            if zones and len(set(zones)) < 2:
                yield f"all are in {zones[0]}"


@rule(*_GROUPS, source=api("elasticache", "LogDeliveryConfigurationRequest"))
def logs_of_caches(request: Request, _world: World) -> Iterator[str]:
    """Each kind of log, slow-log and engine-log, goes to one place at most."""
    kinds = [one.get("LogType") for one in request.get("LogDeliveryConfigurations", [])]
    if len(set(kinds)) < len(kinds):
        yield f"the logs are {', '.join(map(str, kinds))}"


RULES: tuple[Rule, ...] = (
    identifiers_of_caches,
    nodes_of_caches,
    failover_of_caches,
    tokens_of_caches,
    encryption_of_caches,
    changes_of_tokens,
    snapshots_of_caches,
    versions_of_caches,
    subnet_groups_of_caches,
    parameter_groups_of_caches,
    parameters_of_caches,
    zones_of_caches,
    logs_of_caches,
)

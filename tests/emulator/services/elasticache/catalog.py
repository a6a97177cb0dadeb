"""What ElastiCache offers: engine versions and node types."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from tests.emulator.query_service import Context, Parameters, page
from tests.emulator.services.elasticache.common import refuse


@dataclass(frozen=True)
class Version:
    """A version of an engine: as it is asked for, and as it is shown."""

    engine: str
    name: str
    full: str
    family: str


VERSIONS = [
    Version("memcached", "1.5.16", "1.5.16", "memcached1.5"),
    Version("memcached", "1.6.6", "1.6.6", "memcached1.6"),
    Version("memcached", "1.6.12", "1.6.12", "memcached1.6"),
    Version("memcached", "1.6.17", "1.6.17", "memcached1.6"),
    Version("memcached", "1.6.22", "1.6.22", "memcached1.6"),
    Version("redis", "4.0.10", "4.0.10", "redis4.0"),
    Version("redis", "5.0.6", "5.0.6", "redis5.0"),
    Version("redis", "6.0", "6.0.5", "redis6.x"),
    Version("redis", "6.2", "6.2.6", "redis6.x"),
    Version("redis", "7.0", "7.0.7", "redis7"),
    Version("redis", "7.1", "7.1.0", "redis7"),
    Version("valkey", "7.2", "7.2.6", "valkey7"),
    Version("valkey", "8.0", "8.0.1", "valkey8"),
    Version("valkey", "8.1", "8.1.0", "valkey8"),
]
# What stands for a version that AWS takes too (Supported engines and versions, "Redis OSS 6.x").
_ALIASES = {("redis", "6.x"): "6.2"}
FAMILIES = sorted({version.family for version in VERSIONS})
_DESCRIPTIONS = {"memcached": "memcached", "redis": "Redis", "valkey": "Valkey"}

_SIZES = [
    "micro",
    "small",
    "medium",
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "9xlarge",
    "12xlarge",
    "16xlarge",
    "18xlarge",
    "24xlarge",
]
_FAMILIES: dict[str, list[str]] = {
    "t2": _SIZES[:3],
    "t3": _SIZES[:3],
    "t4g": _SIZES[:3],
    "m4": ["large", "xlarge", "2xlarge", "4xlarge", "10xlarge"],
    "m5": ["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"],
    "m6g": ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    "m7g": ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    "r4": ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"],
    "r5": ["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"],
    "r6g": ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    "r6gd": ["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    "r7g": ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    "c7gn": ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
}


@functools.cache
def node_types() -> tuple[str, ...]:
    """All node types, the small ones of a family first."""
    return tuple(f"cache.{family}.{size}" for family, sizes in _FAMILIES.items() for size in sizes)


def check_node_type(name: str | None) -> str:
    """A node type, if there is such a one."""
    if not name:
        raise refuse("InvalidParameterValue", "The parameter CacheNodeType must be provided and must not be blank.")
    if name not in node_types():
        raise refuse("InvalidParameterValue", f"Invalid Cache Node Type: {name}")
    return name


def check_engine(engine: str, allowed: tuple[str, ...]) -> str:
    """An engine, if it is one of those allowed here."""
    if engine not in allowed:
        raise refuse("InvalidParameterValue", f"Unrecognized engine: {engine}. Valid engines are {', '.join(allowed)}.")
    return engine


def resolve_version(engine: str, name: str | None) -> Version:
    """The version that is meant; the newest if none is named."""
    offered = [version for version in VERSIONS if version.engine == engine]
    if not name:
        return offered[-1]
    name = _ALIASES.get((engine, name), name)
    found = next((version for version in offered if name in (version.name, version.full)), None)
    if found is None:
        raise refuse("InvalidParameterCombination", f"Cannot find version {name} for {engine}")
    return found


def is_newer(version: Version, current: Version) -> bool:
    """Whether one may go from the current version to another: up, and from Redis to Valkey, never back."""
    if version.engine != current.engine:
        return (current.engine, version.engine) == ("redis", "valkey")
    return VERSIONS.index(version) >= VERSIONS.index(current)


def describe_cache_engine_versions(context: Context, parameters: Parameters) -> Parameters:
    """DescribeCacheEngineVersions."""
    asked, family = parameters.get("EngineVersion"), parameters.get("CacheParameterGroupFamily")
    found: list[dict[str, Any]] = [
        {
            "Engine": version.engine,
            "EngineVersion": version.name,
            "CacheParameterGroupFamily": version.family,
            "CacheEngineDescription": _DESCRIPTIONS[version.engine],
            "CacheEngineVersionDescription": f"{version.engine} version {version.full}",
        }
        for version in VERSIONS
        if parameters.get("Engine") in (None, version.engine)
        and asked in (None, version.name, version.full)
        and family in (None, version.family)
    ]
    if parameters.get("DefaultOnly"):
        found = list({item["Engine"]: item for item in found}.values())
    return page("elasticache", parameters, "CacheEngineVersions", found)


def list_scaling_targets(current: str) -> Parameters:
    """The node types that are bigger and smaller, within what a cache can be moved to."""
    order = sorted(node_types(), key=_rank)
    place = _rank(current)
    return {
        "ScaleUpModifications": [name for name in order if _rank(name) > place],
        "ScaleDownModifications": [name for name in order if _rank(name) < place],
    }


def _rank(name: str) -> int:
    size = name.rsplit(".", 1)[1]
    return _SIZES.index(size) if size in _SIZES else _SIZES.index("9xlarge")

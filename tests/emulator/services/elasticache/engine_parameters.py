"""The parameters of the engines, as DescribeCacheParameters lists them.

Columns: name, default, change type (i: immediate, r: requires-reboot), data type, allowed values, modifiable (y or n),
and, where not all families of the engine have it, those that do, by the beginnings of their names. Source: ElastiCache
User Guide, "Engine specific parameters".
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from tests.emulator.services.elasticache.common import refuse

_POLICIES = "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction"

_REDIS = f"""
acl-pubsub-default|allchannels|i|string|allchannels,resetchannels|y|redis7,valkey
acllog-max-len|128|i|integer|1-10000|y|redis6,redis7,valkey
activedefrag|no|i|string|yes,no|y
active-defrag-cycle-max|75|i|integer|1-75|y
active-defrag-cycle-min|5|i|integer|1-75|y
active-defrag-ignore-bytes|104857600|i|integer|1048576-|y
active-defrag-max-scan-fields|1000|i|integer|1-1000000|y
active-defrag-threshold-lower|10|i|integer|1-100|y
active-defrag-threshold-upper|100|i|integer|1-100|y
activerehashing|yes|r|string|yes,no|y
appendfsync|everysec|i|string|always,everysec,no|n
appendonly|no|i|string|yes,no|n
client-output-buffer-limit-normal-hard-limit|0|i|integer|0-|y
client-output-buffer-limit-normal-soft-limit|0|i|integer|0-|y
client-output-buffer-limit-normal-soft-seconds|0|i|integer|0-|y
client-output-buffer-limit-pubsub-hard-limit|33554432|i|integer|0-|y
client-output-buffer-limit-pubsub-soft-limit|8388608|i|integer|0-|y
client-output-buffer-limit-pubsub-soft-seconds|60|i|integer|0-|y
client-query-buffer-limit|1073741824|i|integer|1048576-1073741824|y
close-on-replica-write|yes|i|string|yes,no|n
close-on-slave-write|yes|i|string|yes,no|y|redis4,redis5
cluster-allow-pubsubshard-when-down|yes|i|string|yes,no|y|redis7,valkey
cluster-allow-reads-when-down|no|i|string|yes,no|y|redis6,redis7,valkey
cluster-enabled|no|r|string|yes,no|y
cluster-require-full-coverage|no|i|string|yes,no|y
databases|16|r|integer|1-1200000|y
hash-max-listpack-entries|512|i|integer|0-|y|redis7,valkey
hash-max-listpack-value|64|i|integer|0-|y|redis7,valkey
hash-max-ziplist-entries|512|i|integer|0-|y
hash-max-ziplist-value|64|i|integer|0-|y
hll-sparse-max-bytes|3000|i|integer|1-16000|y
latency-tracking|no|i|string|yes,no|y|redis7,valkey
lazyfree-lazy-eviction|no|i|string|yes,no|y
lazyfree-lazy-expire|no|i|string|yes,no|y
lazyfree-lazy-server-del|no|i|string|yes,no|y
lazyfree-lazy-user-del|no|i|string|yes,no|y|redis6,redis7,valkey
lazyfree-lazy-user-flush|no|i|string|yes,no|y|redis7,valkey
lfu-decay-time|1|i|integer|0-|y
lfu-log-factor|10|i|integer|1-|y
list-compress-depth|0|i|integer|0-|y
list-max-listpack-size|-2|i|integer|-5-|y|redis7,valkey
list-max-ziplist-size|-2|i|integer|-5-|y
lua-replicate-commands|yes|i|string|yes,no|n|redis5,redis6
lua-time-limit|5000|i|integer|5000|n
maxclients|65000|i|integer|1-65000|n
maxmemory-policy|volatile-lru|i|string|{_POLICIES}|y
maxmemory-samples|3|i|integer|1-|y
min-replicas-max-lag|10|i|integer|0-|y
min-replicas-to-write|0|i|integer|0-|y
notify-keyspace-events||i|string||y
proto-max-bulk-len|536870912|i|integer|1048576-536870912|y
rename-commands||i|string||y
repl-backlog-size|1048576|i|integer|16384-|y
repl-backlog-ttl|3600|i|integer|0-|n
repl-timeout|60|i|integer|11-60|n
reserved-memory-percent|25|i|integer|0-100|y
set-max-intset-entries|512|i|integer|0-|y
slowlog-log-slower-than|10000|i|integer|-1-|y
slowlog-max-len|128|i|integer|0-|y
stream-node-max-bytes|4096|i|integer|0-|y
stream-node-max-entries|100|i|integer|0-|y
tcp-keepalive|300|i|integer|0-|y
timeout|0|i|integer|0,20-|y
tracking-table-max-keys|1000000|i|integer|1-100000000|y|redis6,redis7,valkey
zset-max-listpack-entries|128|i|integer|0-|y|redis7,valkey
zset-max-listpack-value|64|i|integer|0-|y|redis7,valkey
zset-max-ziplist-entries|128|i|integer|0-|y
zset-max-ziplist-value|64|i|integer|0-|y
"""

_MEMCACHED = """
backlog_queue_limit|1024|r|integer|1-10000|n
binding_protocol|auto|r|string|auto,binary,ascii|y
cas_disabled|0|r|boolean|0,1|y
chunk_size|48|r|integer|1-1024|y
chunk_size_growth_factor|1.25|r|float|1-2|y
error_on_memory_exhausted|0|r|boolean|0,1|y
idle_timeout|0|r|integer|0-|y
max_item_size|1048576|r|integer|1024-1073741824|y
max_simultaneous_connections|65000|r|integer|3-65000|n
memcached_connections_overhead|100|r|integer|0-|y
requests_per_event|20|r|integer|1-|n
"""

# The memory that is left to data, by node type: the ones of the smaller types are shown.
_MAXMEMORY = {
    "cache.m6g.large": "6854542746",
    "cache.r6g.large": "14037181030",
    "cache.r7g.large": "14037181030",
    "cache.t2.micro": "581959680",
    "cache.t3.micro": "536870912",
    "cache.t3.small": "1471026299",
    "cache.t3.medium": "3317862236",
    "cache.t4g.micro": "536870912",
    "cache.t4g.small": "1471026299",
    "cache.t4g.medium": "3317862236",
}


@dataclass(frozen=True)
class Definition:
    """One engine parameter."""

    name: str
    default: str
    change_type: str
    data_type: str
    allowed: str
    modifiable: bool
    minimum_version: str

    def describe(self, default: str, override: str | None = None) -> dict[str, Any]:
        """As AWS shows it, with what the user set."""
        return {
            "ParameterName": self.name,
            "ParameterValue": default if override is None else override,
            "Description": f"Sets {self.name}.",
            "Source": "system" if override is None else "user",
            "DataType": self.data_type,
            "AllowedValues": self.allowed,
            "IsModifiable": self.modifiable,
            "MinimumEngineVersion": self.minimum_version,
            "ChangeType": self.change_type,
        }

    def check(self, value: str) -> None:
        """Refuse a value that the parameter does not take."""
        if not self.modifiable:
            raise refuse("InvalidParameterValue", f"The parameter {self.name} cannot be modified.")
        if self.allowed and not any(self._allows(value, part) for part in self.allowed.split(",")):
            message = f"The value {value} is not valid for the parameter {self.name}. Allowed values: {self.allowed}"
            raise refuse("InvalidParameterValue", message)

    def _allows(self, value: str, part: str) -> bool:
        lowest, dash, highest = part[1:].partition("-")
        if self.data_type == "string" or not dash:
            return value == part
        try:
            number = float(value) if self.data_type == "float" else int(value)
        except ValueError:
            return False
        return float(part[0] + lowest) <= number and (not highest or number <= float(highest))


@functools.cache
def definitions(family: str) -> dict[str, Definition]:
    """The parameters of a family, by name."""
    memcached = family.startswith("memcached")
    minimum = family.lstrip("abcdefghijklmnopqrstuvwxyz").replace("x", "0")
    found = {}
    for line in (_MEMCACHED if memcached else _REDIS).strip().splitlines():
        name, default, change, data_type, allowed, modifiable, *since = line.split("|")
        if since and not family.startswith(tuple(since[0].split(","))):
            continue
        change_type = "immediate" if change == "i" else "requires-reboot"
        found[name] = Definition(name, default, change_type, data_type, allowed, modifiable == "y", f"{minimum}.0")
    return found


def by_node_type(family: str) -> list[dict[str, Any]]:
    """The parameters that depend on the node type."""
    if family.startswith("memcached"):
        return []
    return [
        {
            "ParameterName": "maxmemory",
            "Description": "The maximum configurable amount of memory to use to store items, in bytes.",
            "Source": "system",
            "DataType": "integer",
            "AllowedValues": "0-",
            "IsModifiable": False,
            "MinimumEngineVersion": "2.6.13",
            "CacheNodeTypeSpecificValues": [
                {"CacheNodeType": node_type, "Value": value} for node_type, value in _MAXMEMORY.items()
            ],
            "ChangeType": "immediate",
        }
    ]

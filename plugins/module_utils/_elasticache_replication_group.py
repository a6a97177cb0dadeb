# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ElastiCache replication groups with one node group: a primary node and its replicas."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._notes import (
    Words,
    application,
    notes_on,
    pending,
    when_on,
    when_shorter,
)
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._rds import (
    is_version,
    newer_minor,
    update_tags,
    version_parts,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import (
    Fields,
    Kind,
    Outcome,
    Replacement,
    check_owner,
)
from ansible_collections.webstack.aws.plugins.module_utils._secret import same_key
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import read_value
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list
from ansible_collections.webstack.aws.plugins.module_utils._waiters import WAITERS, wait_gone, wait_ready

#: Options that AWS takes when it makes a group, under its own names.
CREATE = {
    "description": "ReplicationGroupDescription",
    "engine": "Engine",
    "engine_version": "EngineVersion",
    "cache_node_type": "CacheNodeType",
    "automatic_failover_enabled": "AutomaticFailoverEnabled",
    "multi_az_enabled": "MultiAZEnabled",
    "port": "Port",
    "cache_parameter_group_name": "CacheParameterGroupName",
    "cache_subnet_group_name": "CacheSubnetGroupName",
    "security_group_ids": "SecurityGroupIds",
    "snapshot_retention_limit": "SnapshotRetentionLimit",
    "snapshot_window": "SnapshotWindow",
    "preferred_maintenance_window": "PreferredMaintenanceWindow",
    "auto_minor_version_upgrade": "AutoMinorVersionUpgrade",
    "at_rest_encryption_enabled": "AtRestEncryptionEnabled",
    "kms_key_id": "KmsKeyId",
    "transit_encryption_enabled": "TransitEncryptionEnabled",
    "transit_encryption_mode": "TransitEncryptionMode",
}
#: Those that restart nothing and that the number of replicas depends on: they never wait for a window.
FAILOVER = {"automatic_failover_enabled", "multi_az_enabled"}
#: The others that ModifyReplicationGroup takes, under the same names.
MODIFIABLE = set(CREATE) - FAILOVER - {"port", "cache_subnet_group_name", "at_rest_encryption_enabled", "kms_key_id"}

CONTROLS = ("apply_immediately", "final_snapshot_identifier")
NEEDED = ("engine", "cache_node_type")
REPLICAS = "replicas_per_node_group"
#: Amazon ElastiCache API, CreateReplicationGroup, NumCacheClusters: one primary and up to five replicas.
MOST_REPLICAS = 5

#: Amazon ElastiCache API, CreateReplicationGroup, AuthToken.
TOKEN = re.compile(r"[A-Za-z0-9!&#$^<>-]{16,128}")

MISSING = ("ReplicationGroupNotFoundFault",)
#: How AWS says that a group is being made or changed and takes nothing else meanwhile, not even a look at its tags.
BUSY = ("InvalidReplicationGroupState", "InvalidReplicationGroupStateFault", "CacheClusterNotFound")
BUSY_PATTERN = r"^InvalidReplicationGroupState"


NODES = "the nodes are replaced online: connections are cut, and writes stop for seconds in the fail-over"


def _fewer(before: t.Any, after: t.Any) -> str:
    return f"it loses {before - after} of its replicas" if (before or 0) > after else ""


#: What a change does (Amazon ElastiCache User Guide, "Online vertical scaling by modifying node type", "Upgrade
#: considerations", "Enabling in-transit encryption" and "Parameter management"; API, ModifyReplicationGroup).
NOTES: dict[str, Words] = {
    "cache_node_type": NODES,
    "engine": f"{NODES}; there is no way back",
    "engine_version": f"{NODES}; there is no way back",
    "cache_parameter_group_name": "some of what the other parameter group sets takes effect when the nodes restart",
    REPLICAS: _fewer,
    "automatic_failover_enabled": lambda _before, after: "" if after else "no replica takes over any more",
    "transit_encryption_enabled": lambda _before, after: (
        "clients get in with and without TLS, until the mode is required"
        if after
        else "clients get in without TLS only"
    ),
    "transit_encryption_mode": lambda _before, after: (
        "clients without TLS get in no more" if after == "required" else ""
    ),
    "auth_token": when_on("clients without the token get in no more"),
    "snapshot_retention_limit": lambda before, after: (
        when_shorter("automatic backups older than {after} days are deleted")(before, after)
        if after
        else "there are no automatic backups any more"
    ),
}

#: Fields that wait for the maintenance window without apply_immediately.
WAITS = ("cache_node_type", "engine", "engine_version", "cache_parameter_group_name")

#: What of the first node's pending changes waits for the window.
WAITING = {"CacheNodeType": "cache_node_type", "EngineVersion": "engine_version"}


class ElasticacheReplicationGroup(Kind):
    """A group, found by its identifier. Changes that wait for the maintenance window count as made."""

    noun = "elasticache_replication_group"
    replaces = ("port", "cache_subnet_group_name", "at_rest_encryption_enabled", "kms_key_id")
    replacement = Replacement(
        ("the group is deleted", "once it is gone, one of the same name is made", "it fills anew"),
        "what it holds is lost, and there is no cache from the first step until the new one is available, "
        "some 10 to 25 minutes",
    )
    exists = ("ReplicationGroupAlreadyExists",)

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._going: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            groups = self.aws.read(
                "elasticache",
                "describe_replication_groups",
                "ReplicationGroups",
                missing=MISSING,
                ReplicationGroupId=name,
            )
            for group in groups:
                found[name] = {**group, **self._details(group)}
        self._going = {name for name, live in found.items() if self.is_going(live)}
        return found

    def _details(self, group: Fields) -> Fields:
        """What AWS shows elsewhere: the first node, which has the settings that all nodes share, and the tags.

        Tags are None as long as AWS does not show them.
        """
        nodes: list[Fields] = []
        if group.get("MemberClusters"):
            first = sorted(group["MemberClusters"])[0]
            nodes = self.aws.read(
                "elasticache",
                "describe_cache_clusters",
                "CacheClusters",
                missing=("CacheClusterNotFound",),
                CacheClusterId=first,
            )
        tags = self.aws.read(
            "elasticache",
            "list_tags_for_resource",
            "TagList",
            missing=(*MISSING, *BUSY),
            ResourceName=group["ARN"],
        )
        return {"Node": nodes[0] if nodes else {}, "Tags": tags}

    def is_going(self, live: Fields) -> bool:
        return live["Status"] == "deleting"

    def adopts(self, name: str, live: Fields) -> bool:
        return live["Tags"] is None

    def prepare(self, name: str, live: Fields) -> None:
        """Whose a group is whose tags AWS did not show can only be asked when it is ready again."""
        if live["Tags"] is not None:
            return
        if live["Status"] not in WAITERS[self.noun].failed:
            wait_ready(self.aws, self.noun, name)
        ready = self.read([name]).get(name)
        if ready is not None:
            check_owner(self, name, {**ready, "Tags": ready["Tags"] or []}, self.options.get("tags"))

    def normalize(self, name: str, live: Fields) -> Fields:
        pending, node = live.get("PendingModifiedValues", {}), live["Node"]
        now = {**live, **node.get("PendingModifiedValues", {}), **pending}
        failover = pending.get("AutomaticFailoverStatus") or live.get("AutomaticFailover", "disabled")
        firewalls = [group for group in node.get("SecurityGroups", []) if group["Status"] != "removing"]
        members = live.get("MemberClusters", [])
        return {
            "description": live["Description"],
            "engine": live.get("Engine") or node.get("Engine"),
            "engine_version": now.get("EngineVersion") or node.get("EngineVersion"),
            "cache_node_type": now.get("CacheNodeType"),
            REPLICAS: len(members) - 1 if members else None,
            "automatic_failover_enabled": failover in ("enabled", "enabling"),
            "multi_az_enabled": live.get("MultiAZ") == "enabled",
            "port": endpoint(live, "PrimaryEndpoint").get("Port"),
            "cache_parameter_group_name": node.get("CacheParameterGroup", {}).get("CacheParameterGroupName"),
            "cache_subnet_group_name": node.get("CacheSubnetGroupName"),
            "security_group_ids": sorted(group["SecurityGroupId"] for group in firewalls),
            "snapshot_retention_limit": live.get("SnapshotRetentionLimit", 0),
            "snapshot_window": live.get("SnapshotWindow"),
            "preferred_maintenance_window": node.get("PreferredMaintenanceWindow"),
            "auto_minor_version_upgrade": live.get("AutoMinorVersionUpgrade", node.get("AutoMinorVersionUpgrade")),
            "at_rest_encryption_enabled": live.get("AtRestEncryptionEnabled", False),
            "kms_key_id": live.get("KmsKeyId"),
            "transit_encryption_enabled": bool(now.get("TransitEncryptionEnabled")),
            "transit_encryption_mode": now.get("TransitEncryptionMode"),
            "auth_token": bool(live.get("AuthTokenEnabled") or pending.get("AuthTokenStatus")),
            "tags": tags_to_dict(live["Tags"]),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = {option: value for option, value in wanted.items() if option not in CONTROLS}
        if "security_group_ids" in normal:
            normal["security_group_ids"] = sorted(normal["security_group_ids"])
        for option in (
            "cache_parameter_group_name",
            "cache_subnet_group_name",
            "snapshot_window",
            "preferred_maintenance_window",
        ):
            if option in normal:
                normal[option] = normal[option].lower()
        if REPLICAS in normal:
            # A replica is there to take over, so it shall, and shall be in another zone.
            on = normal.setdefault("automatic_failover_enabled", normal[REPLICAS] > 0)
            normal.setdefault("multi_az_enabled", on)
        if "auth_token" in normal:
            normal["auth_token"] = True  # that there is one is all that can be compared
        if normal.get("transit_encryption_enabled") is False:
            normal.pop("transit_encryption_mode", None)
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        have = self.normalize(name, live)
        kept = dict(wanted)
        if "engine_version" in wanted and is_version(have["engine_version"] or "", wanted["engine_version"]):
            kept["engine_version"] = have["engine_version"]
        key = wanted.get("kms_key_id", "")
        # What an alias stands for is not ours to know: it counts when the key is first chosen.
        if have["kms_key_id"] and key and (same_key(have["kms_key_id"], key) or "alias/" in key):
            kept["kms_key_id"] = have["kms_key_id"]
        if live["Tags"] is None:
            kept["tags"] = None
        if live["Status"] == "creating":
            # AWS does not show everything of a group that it is still making.
            kept = {option: value for option, value in kept.items() if have.get(option)}
        return kept

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        version = self.normalize(name, live)["engine_version"] or ""
        return newer_minor("engine_version", version, wanted.get("engine_version", ""))

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.live is None:
            return []
        if outcome.wanted is None:
            snapshot = self.options.get("final_snapshot_identifier")
            return [
                f"what it holds is kept in the backup {snapshot}" if snapshot else "what it holds is lost: no backup"
            ]
        return group_notes(outcome.live, outcome.changes, bool(self.options.get("apply_immediately")))

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        have = self.normalize(name, live) if live else {}
        if live is None:
            fault = name_fault(name, self.noun)
            if fault:
                raise WebstackError(f"{self.noun} {name} {fault}", "choose another name")
            missing = [option for option in NEEDED if option not in wanted]
            if missing:
                raise WebstackError(
                    f"{self.noun} {name} does not exist and cannot be made without {', '.join(missing)}",
                    f"give {', '.join(missing)}",
                )
        trouble = replicas_fault(have, wanted) or encryption_fault(have, wanted) or version_fault(have, wanted)
        if trouble:
            raise WebstackError(f"{self.noun} {name}: {trouble[0]}", trouble[1])

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._going:
            wait_gone(self.aws, self.noun, name)
        arguments = {CREATE[option]: value for option, value in wanted.items() if option in CREATE}
        arguments.setdefault("ReplicationGroupDescription", name)
        if wanted.get("auth_token"):
            arguments["AuthToken"] = self._token(name)
        self.aws.write(
            "elasticache",
            "create_replication_group",
            # The groups may have been made a moment ago.
            propagating=r"^Cache(Parameter|Subnet)GroupNotFound|service.linked role",
            ReplicationGroupId=name,
            NumCacheClusters=wanted.get(REPLICAS, 0) + 1,
            Tags=tags_to_list(wanted.get("tags") or {}),
            **arguments,
        )

    def _token(self, name: str) -> str:
        reference = self.options["auth_token"]
        token = read_value(self.aws, reference)
        if not TOKEN.fullmatch(token):
            raise WebstackError(
                f"{self.noun} {name}: ElastiCache does not take the token in {reference['key']} "
                f"of secret {reference['secret_id']}",
                "give it 16 to 128 letters, digits and ! & # $ ^ < > -",
            )
        return token

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        for step in self._steps(name, live, wanted, changed):
            wait_ready(self.aws, self.noun, name)
            step()

    def _steps(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> list[t.Callable[[], None]]:
        """The calls in their order; after each the group is busy, and takes the next only when it is ready again.

        Replicas come before the fail-over that needs them, and go after it. A token is first added beside having none,
        and then becomes the only way in.
        """
        steps: list[t.Callable[[], None]] = []
        if changed & FAILOVER:
            steps.append(functools.partial(self._modify, name, True, **modify_arguments(wanted, changed & FAILOVER)))
        if REPLICAS in changed:
            more = wanted[REPLICAS] > len(live.get("MemberClusters", [])) - 1
            steps.insert(0 if more else len(steps), functools.partial(self._scale, name, wanted[REPLICAS], more))
        if changed & MODIFIABLE:
            at_once = bool(self.options.get("apply_immediately"))
            arguments = modify_arguments(wanted, changed & MODIFIABLE)
            steps.append(functools.partial(self._modify, name, at_once, **arguments))
        if "auth_token" in changed:
            for strategy in ("ROTATE", "SET"):
                steps.append(functools.partial(self._set_token, name, strategy))
        if "tags" in changed:
            tags = tags_to_dict(live["Tags"])
            steps.insert(0, functools.partial(update_tags, self.aws, "elasticache", live["ARN"], tags, wanted["tags"]))
        return steps

    def _modify(self, name: str, at_once: bool, **arguments: t.Any) -> None:
        self.aws.write(
            "elasticache",
            "modify_replication_group",
            propagating=BUSY_PATTERN,
            ReplicationGroupId=name,
            ApplyImmediately=at_once,
            **arguments,
        )

    def _set_token(self, name: str, strategy: str) -> None:
        self.aws.write(
            "elasticache",
            "modify_replication_group",
            propagating=BUSY_PATTERN,
            ReplicationGroupId=name,
            ApplyImmediately=True,
            AuthToken=self._token(name),
            AuthTokenUpdateStrategy=strategy,
        )

    def _scale(self, name: str, replicas: int, more: bool) -> None:
        self.aws.write(
            "elasticache",
            "increase_replica_count" if more else "decrease_replica_count",
            propagating=BUSY_PATTERN,
            missing=("NoOperationFault",),  # an earlier run, or somebody else, has done it
            ReplicationGroupId=name,
            NewReplicaCount=replicas,
            ApplyImmediately=True,  # AWS knows no other way
        )

    def delete(self, name: str, live: Fields) -> None:
        if live["Status"] not in WAITERS[self.noun].failed:
            wait_ready(self.aws, self.noun, name)
        snapshot = self.options.get("final_snapshot_identifier")
        how = {"FinalSnapshotIdentifier": snapshot} if snapshot else {}
        self.aws.write(
            "elasticache",
            "delete_replication_group",
            missing=MISSING,
            propagating=BUSY_PATTERN,
            ReplicationGroupId=name,
            **how,
        )

    def replace(self, name: str, live: Fields, wanted: Fields) -> None:
        # Killed between the two calls, the next run finds it going or gone, and makes it.
        self.delete(name, live)
        wait_gone(self.aws, self.noun, name)
        self.create(name, wanted)

    def result(self, name: str, live: Fields) -> Fields:
        shown = self.normalize(name, live)
        rest = {key: value for key, value in live.items() if key != "Node"}
        endpoints = {
            kind: {part.lower(): value for part, value in endpoint(live, member).items()}
            for kind, member in (("primary_endpoint", "PrimaryEndpoint"), ("reader_endpoint", "ReaderEndpoint"))
        }
        from_node = ("engine", "engine_version", "cache_parameter_group_name", "cache_subnet_group_name")
        return {
            **super().result(name, rest),
            **{option: shown[option] for option in (*from_node, "security_group_ids", REPLICAS)},
            **endpoints,
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        tls = wanted.get("transit_encryption_enabled")
        port = wanted.get("port", 6379)
        hosts = ("master", "replica") if tls else (name, f"{name}-ro")
        rest = f"{name}.xxxxxx" if tls else "xxxxxx.ng.0001"
        primary, reader = (f"{host}.{rest}.xxxx.cache.amazonaws.com" for host in hosts)
        return {
            **{option: value for option, value in wanted.items() if option not in ("auth_token", "port")},
            "replication_group_id": name,
            "arn": placeholder_arn("elasticache", self.aws.region, f"replicationgroup:{name}"),
            "status": "creating",
            "member_clusters": [f"{name}-{number + 1:03}" for number in range(wanted.get(REPLICAS, 0) + 1)],
            "primary_endpoint": {"address": primary, "port": port},
            "reader_endpoint": {"address": reader, "port": port},
            "tags": wanted.get("tags") or {},
        }

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        shown = super().planned(name, live, changes)
        return {**shown, "member_clusters": members_after(name, live, shown[REPLICAS])}


def group_notes(live: Fields, changes: list[Change], at_once: bool) -> list[str]:
    """What changes do to a group, and what waits already."""
    changed, node = {change.field for change in changes}, live["Node"]
    window = node.get("PreferredMaintenanceWindow")
    values = node.get("PendingModifiedValues") or {}
    waiting = {
        option: values[member] for member, option in WAITING.items() if values.get(member) and option not in changed
    }
    joins = at_once and bool(changed & MODIFIABLE)
    return [
        *notes_on(changes, NOTES),
        *application(changed, WAITS, at_once, window),
        *pending(waiting, live["Status"] == "modifying", joins, window),
    ]


def members_after(name: str, live: Fields, replicas: int) -> list[str]:
    """The nodes of a group that is to have so many replicas: new ones get the next numbers, and the primary stays."""
    members = list(live.get("MemberClusters", []))
    nodes = (live.get("NodeGroups") or [{}])[0].get("NodeGroupMembers", [])
    primaries = [node["CacheClusterId"] for node in nodes if node.get("CurrentRole") == "primary"]
    free = (node for number in range(1, MOST_REPLICAS + 2) if (node := f"{name}-{number:03}") not in members)
    while len(members) < replicas + 1:
        members.append(next(free))
    while len(members) > replicas + 1:
        members.remove(next(node for node in reversed(members) if node not in primaries))
    return sorted(members)


def endpoint(live: Fields, which: str) -> Fields:
    """The ``PrimaryEndpoint`` or ``ReaderEndpoint`` of the one node group; empty while there is none."""
    groups = live.get("NodeGroups") or [{}]
    return groups[0].get(which) or {}


def modify_arguments(wanted: Fields, changed: set[str]) -> Fields:
    """The arguments of the one ModifyReplicationGroup that brings the ``changed`` fields to what is wanted."""
    arguments = {CREATE[option]: wanted[option] for option in sorted(changed)}
    if wanted.get("transit_encryption_enabled") and "transit_encryption_enabled" in changed:
        # A group that had no TLS first takes clients with and without it; "required" is for a later run.
        arguments["TransitEncryptionMode"] = "preferred"
    if "engine" in changed and "engine_version" in wanted:
        arguments["EngineVersion"] = wanted["engine_version"]
    return arguments


def replicas_fault(have: Fields, wanted: Fields) -> tuple[str, str] | None:
    """What AWS would refuse of replicas and fail-over, and the next step."""
    after = {**have, **wanted}
    replicas = after.get(REPLICAS) or 0
    if not 0 <= replicas <= MOST_REPLICAS:
        return f"a primary has 0 to {MOST_REPLICAS} replicas, not {replicas}", f"set {REPLICAS} to one of these"
    if after.get("multi_az_enabled") and not after.get("automatic_failover_enabled"):
        return "Multi-AZ needs automatic fail-over", "set automatic_failover_enabled, or multi_az_enabled to false"
    if wanted.get("automatic_failover_enabled") and not replicas:
        return "automatic fail-over needs a replica", f"set {REPLICAS} to 1, or automatic_failover_enabled to false"
    return None


def encryption_fault(have: Fields, wanted: Fields) -> tuple[str, str] | None:
    """What AWS would refuse of TLS and tokens, and the next step."""
    after = {**have, **wanted}
    if wanted.get("auth_token") and not after.get("transit_encryption_enabled"):
        return "a token needs encryption in transit", "set transit_encryption_enabled, or leave out auth_token"
    has_only_tls = have.get("transit_encryption_enabled") and have["transit_encryption_mode"] != "preferred"
    if has_only_tls and wanted.get("transit_encryption_enabled") is False:
        return (
            "its encryption in transit is required, and can only be taken off when it is preferred",
            "set transit_encryption_mode to preferred first",
        )
    return None


def version_fault(have: Fields, wanted: Fields) -> tuple[str, str] | None:
    """What AWS would refuse of engine and version, and the next step."""
    if have.get("engine") == "valkey" and wanted.get("engine", "valkey") != "valkey":
        return "its engine is valkey and cannot go back", "set engine to valkey"
    live, version = have.get("engine_version"), wanted.get("engine_version")
    if live and version and version_parts(version) < version_parts(live):
        return f"its engine has version {live} and cannot go back to {version}", f"set engine_version to {live}"
    return None

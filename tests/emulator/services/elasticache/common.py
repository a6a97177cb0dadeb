"""What all of ElastiCache shares: its state, its errors, and checks that apply to groups and clusters alike."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.kms.models import kms_backends
from moto.logs.models import logs_backends

from tests.emulator import vpc
from tests.emulator.errors import AwsError
from tests.emulator.query_service import Context, Parameters, is_identifier, refusal

if TYPE_CHECKING:
    from tests.emulator.services.elasticache.clusters import CacheCluster
    from tests.emulator.services.elasticache.parameter_groups import CacheParameterGroup
    from tests.emulator.services.elasticache.replication_groups import ReplicationGroup
    from tests.emulator.services.elasticache.snapshots import Snapshot
    from tests.emulator.services.elasticache.subnet_groups import CacheSubnetGroup

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK = 7 * 24 * 60
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_SNAPSHOT_WINDOW = re.compile(f"{_CLOCK}-{_CLOCK}")
_MAINTENANCE_WINDOW = re.compile(f"({'|'.join(DAYS)}):{_CLOCK}-({'|'.join(DAYS)}):{_CLOCK}")
# Authenticating with the AUTH command: 16 to 128 printable characters, of the special ones only these.
_AUTH_TOKEN = re.compile(r"[A-Za-z0-9!&#$^<>-]{16,128}")
_DIRECTIONS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}


@dataclass
class Store:
    """What ElastiCache keeps in one region of one account."""

    groups: dict[str, ReplicationGroup] = field(default_factory=dict)
    clusters: dict[str, CacheCluster] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    subnet_groups: dict[str, CacheSubnetGroup] = field(default_factory=dict)
    parameter_groups: dict[str, CacheParameterGroup] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)


def refuse(code: str, message: str) -> AwsError:
    """An error of ElastiCache."""
    return refusal("elasticache", code, message)


def check_identifier(parameter: str, name: str, longest: int) -> str:
    """The identifier as it is stored, if AWS would take it."""
    if not is_identifier(name, longest):
        raise refuse(
            "InvalidParameterValue",
            f"The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; must contain "
            "only ASCII letters, digits, and hyphens; must not end with a hyphen or contain two consecutive hyphens; "
            f"and must be {longest} characters or fewer.",
        )
    return name.lower()


def check_auth_token(token: str) -> None:
    """The rules for an AUTH token."""
    if not _AUTH_TOKEN.fullmatch(token):
        raise refuse("InvalidParameterValue", "Invalid AuthToken provided.")


def check_windows(snapshot: str, maintenance: str) -> None:
    """Both windows must be well formed, at least an hour long, and apart from each other."""
    found = _SNAPSHOT_WINDOW.fullmatch(snapshot)
    if not found:
        raise refuse(
            "InvalidParameterValue",
            f"Invalid snapshot window format: {snapshot}. Should be specified as a range hh24:mi-hh24:mi "
            "(24H Clock UTC).",
        )
    numbers = [int(part) for part in found.groups()]
    snapshot_start = numbers[0] * 60 + numbers[1]
    snapshot_length = (numbers[2] * 60 + numbers[3] - snapshot_start) % (24 * 60)
    start, length = _maintenance_span(maintenance)
    if snapshot_length < 60:
        raise refuse("InvalidParameterValue", "The snapshot window must be at least 60 minutes.")
    if length < 60:
        raise refuse("InvalidParameterValue", "The maintenance window must be at least 60 minutes.")
    maintained = {(start + minute) % (24 * 60) for minute in range(length)}
    if any((snapshot_start + minute) % (24 * 60) in maintained for minute in range(snapshot_length)):
        raise refuse("InvalidParameterValue", "The snapshot window and maintenance window must not overlap.")


def _maintenance_span(window: str) -> tuple[int, int]:
    found = _MAINTENANCE_WINDOW.fullmatch(window)
    if not found:
        raise refuse(
            "InvalidParameterValue",
            f"Invalid maintenance window format: {window}. Should be specified as a range "
            "ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC). Example: sun:23:00-mon:01:30",
        )
    day, hour, minute, last_day, last_hour, last_minute = found.groups()
    start = (DAYS.index(day) * 24 + int(hour)) * 60 + int(minute)
    end = (DAYS.index(last_day) * 24 + int(last_hour)) * 60 + int(last_minute)
    return start, (end - start) % _WEEK


def windows(name: str, parameters: Parameters, current: dict[str, Any] | None = None) -> dict[str, str]:
    """The snapshot and maintenance window: asked for, the current ones, or as AWS would pick them."""
    current = current or {}
    seed = zlib.crc32(name.encode())
    picked = {
        "SnapshotWindow": f"{3 + seed % 3:02}:{seed // 7 % 2 * 30:02}-{4 + seed % 3:02}:{seed // 7 % 2 * 30:02}",
        "PreferredMaintenanceWindow": f"{DAYS[seed % 7]}:{8 + seed % 2:02}:00-{DAYS[seed % 7]}:{9 + seed % 2:02}:00",
    }
    found = {key: (parameters.get(key) or current.get(key) or value).lower() for key, value in picked.items()}
    check_windows(found["SnapshotWindow"], found["PreferredMaintenanceWindow"])
    return found


def check_retention(days: int) -> None:
    """How long automatic snapshots may be kept."""
    if not 0 <= days <= 35:
        raise refuse("InvalidParameterValue", f"Invalid snapshot retention limit: {days}. It must be between 0 and 35.")


def check_groups(context: Context, group_ids: list[str], vpc_id: str) -> None:
    """Security groups must exist, in the VPC of the subnets."""
    found = {group_id: vpc.find_group(context.account_id, context.region, group_id) for group_id in group_ids}
    wrong = [group_id for group_id, group in found.items() if group is None or group.vpc_id != vpc_id]
    if wrong:
        message = f"Some security groups are invalid or not in the VPC {vpc_id}: [{', '.join(wrong)}]"
        raise refuse("InvalidParameterValue", message)


def key_arn(context: Context, key_id: str) -> str:
    """The ARN of a key."""
    try:
        return kms_backends[context.account_id][context.region].describe_key(key_id.rsplit("key/", 1)[-1]).arn
    except Exception:
        raise refuse("InvalidParameterValue", f"The specified KMS key {key_id} does not exist.") from None


def log_deliveries(context: Context, wanted: list[Parameters], current: list[Parameters]) -> list[Parameters]:
    """The log deliveries after a change; their log groups must exist."""
    found = {entry["LogType"]: entry for entry in current}
    groups = logs_backends[context.account_id][context.region].groups
    for entry in wanted:
        if entry.get("Enabled") is False:
            found.pop(entry["LogType"], None)
            continue
        name = (entry.get("DestinationDetails") or {}).get("CloudWatchLogsDetails", {}).get("LogGroup")
        if entry.get("DestinationType") == "cloudwatch-logs" and name not in groups:
            raise refuse("InvalidParameterValue", f"Destination CloudWatch Logs log group does not exist: {name}")
        kept = {key: value for key, value in entry.items() if key != "Enabled"}
        found[entry["LogType"]] = {**kept, "Status": "active"}
    return [found[key] for key in sorted(found)]


def memberships(group_ids: list[str]) -> list[dict[str, str]]:
    """Security groups as a cluster lists them."""
    return [{"SecurityGroupId": group_id, "Status": "active"} for group_id in group_ids]


def domain(context: Context) -> tuple[str, str]:
    """The parts of endpoints that are the same for all caches of an account in a region: the mark and the end."""
    name, direction, number = context.region.rsplit("-", 2)
    digits = "abcdefghijklmnopqrstuvwxyz0123456789"
    seed = zlib.crc32((context.account_id + context.region).encode())
    mark = "".join(digits[seed // 36**place % 36] for place in range(6))
    return mark, f"{name.replace('-', '')}{_DIRECTIONS.get(direction, direction)}{number}.cache.amazonaws.com"

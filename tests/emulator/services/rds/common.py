"""What all of RDS shares: its state, its errors, and checks that apply to instances and clusters alike."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

from tests.emulator import vpc
from tests.emulator.errors import AwsError
from tests.emulator.query_service import Context, Parameters, is_identifier, refusal

if TYPE_CHECKING:
    from tests.emulator.services.rds.clusters import Cluster
    from tests.emulator.services.rds.instances import Instance
    from tests.emulator.services.rds.parameter_groups import ParameterGroup
    from tests.emulator.services.rds.snapshots import Snapshot
    from tests.emulator.services.rds.subnet_groups import SubnetGroup

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK = 7 * 24 * 60

_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_BACKUP_WINDOW = re.compile(f"{_CLOCK}-{_CLOCK}")
_MAINTENANCE_WINDOW = re.compile(f"({'|'.join(DAYS)}):{_CLOCK}-({'|'.join(DAYS)}):{_CLOCK}")

# Names that PostgreSQL or RDS keep for themselves, as far as somebody may think of them.
_RESERVED_USERS = {
    "admin",
    "all",
    "authorization",
    "public",
    "rds_iam",
    "rds_password",
    "rds_replication",
    "rds_superuser",
    "rdsadmin",
    "rdsproxyadmin",
    "rdsrepladmin",
    "select",
    "table",
    "user",
}
_RESERVED_DATABASES = {"all", "db", "rdsadmin", "select", "table", "template0", "template1", "user"}


@dataclass
class Store:
    """What RDS keeps in one region of one account."""

    instances: dict[str, Instance] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    cluster_snapshots: dict[str, Snapshot] = field(default_factory=dict)
    subnet_groups: dict[str, SubnetGroup] = field(default_factory=dict)
    parameter_groups: dict[str, ParameterGroup] = field(default_factory=dict)
    cluster_parameter_groups: dict[str, ParameterGroup] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)


def refuse(code: str, message: str) -> AwsError:
    """An error of RDS."""
    return refusal("rds", code, message)


def check_identifier(parameter: str, name: str, longest: int = 63) -> str:
    """The identifier as it is stored, if AWS would take it."""
    if not is_identifier(name, longest):
        raise refuse(
            "InvalidParameterValue",
            f"The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; must contain "
            "only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive "
            "hyphens.",
        )
    return name.lower()


def check_password(password: str | None, longest: int = 128) -> None:
    """The rules for a master password (8 to 128 characters for PostgreSQL)."""
    if not password:
        raise refuse(
            "InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank."
        )
    reason = None
    if len(password) < 8:
        reason = "because it is shorter than 8 characters."
    elif len(password) > longest:
        reason = f"because it is longer than {longest} characters."
    if reason:
        raise refuse("InvalidParameterValue", f"The parameter MasterUserPassword is not a valid password {reason}")
    if not all("!" <= character <= "~" and character not in '/@"' for character in password):
        raise refuse(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password. "
            "Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
        )


def check_user(name: str | None) -> None:
    """The rules for a master user's name."""
    if not name:
        raise refuse("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]{0,62}", name):
        raise refuse(
            "InvalidParameterValue",
            "The parameter MasterUsername is not a valid identifier. It must begin with a letter and contain 1 to 63 "
            "letters, numbers, or underscores.",
        )
    if name.lower() in _RESERVED_USERS or name.lower().startswith("pg_"):
        raise refuse(
            "InvalidParameterValue",
            f"MasterUsername {name} cannot be used as it is a reserved word used by the engine",
        )


def check_database(parameter: str, name: str | None) -> None:
    """The rules for the name of the first database."""
    if name is None:
        return
    if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]{0,62}", name):
        message = f"{parameter} must begin with a letter and contain only alphanumeric characters."
        raise refuse("InvalidParameterValue", message)
    if name.lower() in _RESERVED_DATABASES:
        message = f"{parameter} {name} cannot be used.  It is a reserved word for this engine"
        raise refuse("InvalidParameterValue", message)


def check_port(port: int) -> None:
    """The ports that RDS lets a database listen on."""
    if not 1150 <= port <= 65535:
        message = f"Invalid database port specified: {port}. Valid port range is 1150 to 65535."
        raise refuse("InvalidParameterValue", message)


def check_retention(days: int, least: int = 0) -> None:
    """How long backups may be kept."""
    if not least <= days <= 35:
        raise refuse(
            "InvalidParameterValue", f"Invalid backup retention period: {days}. Must be between {least} and 35."
        )


def _backup_span(window: str) -> tuple[int, int]:
    found = _BACKUP_WINDOW.fullmatch(window)
    if not found:
        raise refuse(
            "InvalidParameterValue",
            f"Invalid backup window format: {window}. Should be specified as a range hh24:mi-hh24:mi (24H Clock UTC). "
            "Example: 04:00-04:30",
        )
    hours = [int(part) for part in found.groups()]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    return start, (end - start) % (24 * 60)


def _maintenance_span(window: str) -> tuple[int, int]:
    found = _MAINTENANCE_WINDOW.fullmatch(window)
    if not found:
        raise refuse(
            "InvalidParameterValue",
            f"Invalid maintenance window format: {window}. Should be specified as a range "
            "ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC). Example: Sun:23:45-Mon:00:15",
        )
    day, hour, minute, last_day, last_hour, last_minute = found.groups()
    start = (DAYS.index(day) * 24 + int(hour)) * 60 + int(minute)
    end = (DAYS.index(last_day) * 24 + int(last_hour)) * 60 + int(last_minute)
    return start, (end - start) % _WEEK


def check_windows(backup: str, maintenance: str) -> None:
    """Both windows must be well formed, at least half an hour long, and apart from each other."""
    backup_start, backup_length = _backup_span(backup)
    start, length = _maintenance_span(maintenance)
    if backup_length < 30:
        raise refuse("InvalidParameterValue", "The backup window must be at least 30 minutes.")
    if length < 30:
        raise refuse("InvalidParameterValue", "The maintenance window must be at least 30 minutes.")
    if length >= 24 * 60:
        raise refuse("InvalidParameterValue", "Maintenance window must be less than 24 hours.")
    maintained = {(start + minute) % (24 * 60) for minute in range(length)}
    if any((backup_start + minute) % (24 * 60) in maintained for minute in range(backup_length)):
        raise refuse("InvalidParameterCombination", "The backup window and maintenance window must not overlap.")


def default_windows(name: str) -> tuple[str, str]:
    """Windows as AWS picks them, at random on AWS, here by the name so that they can be repeated."""
    seed = zlib.crc32(name.encode())
    backup, maintenance = seed % 200, 240 + seed // 200 % 200
    day = DAYS[seed % 7]

    def clock(minute: int) -> str:
        # within the region's block of eight hours, which is 03:00 to 11:00 here
        return f"{3 + minute // 60:02}:{minute % 60:02}"

    return (
        f"{clock(backup)}-{clock(backup + 30)}",
        f"{day}:{clock(maintenance)}-{day}:{clock(maintenance + 30)}",
    )


def default_key(context: Context) -> str:
    """The ARN of the key that AWS manages for RDS."""
    return kms_backends[context.account_id][context.region].describe_key("alias/aws/rds").arn


def key_arn(context: Context, key_id: str | None) -> str:
    """The ARN of the key that is named, or of the default one."""
    if not key_id:
        return default_key(context)
    try:
        return kms_backends[context.account_id][context.region].describe_key(key_id.rsplit("key/", 1)[-1]).arn
    except Exception:
        raise refuse(
            "KMSKeyNotAccessibleFault",
            f"The specified KMS key [{key_id}] does not exist, is not enabled or you do not have permissions to "
            "access it.",
        ) from None


def check_groups(context: Context, group_ids: list[str], vpc_id: str, kind: str = "DB instance") -> None:
    """Security groups must exist, in the VPC of the subnets."""
    for group_id in group_ids:
        group = vpc.find_group(context.account_id, context.region, group_id)
        if group is None:
            raise refuse("InvalidParameterValue", f"Invalid security group , groupId= {group_id}, groupName=.")
        if group.vpc_id != vpc_id:
            raise refuse(
                "InvalidParameterCombination",
                f"The {kind} and EC2 security group are in different VPCs. The {kind} is in {vpc_id} and "
                f"the EC2 security group is in {group.vpc_id}",
            )


def memberships(group_ids: list[str]) -> list[dict[str, str]]:
    """Security groups as an instance or cluster lists them."""
    return [{"VpcSecurityGroupId": group_id, "Status": "active"} for group_id in group_ids]


def check_log_types(engine: str, version: str, wanted: list[str], offered: list[str]) -> None:
    """Logs that the engine can send to CloudWatch."""
    wrong = [name for name in wanted if name not in offered]
    if wrong:
        raise refuse(
            "InvalidParameterCombination",
            f"You cannot use the log types '{', '.join(wrong)}' with engine version {engine} {version}. "
            "For supported log types, see the documentation.",
        )


def exported_logs(current: list[str], change: Parameters) -> list[str]:
    """The exported logs after a change."""
    removed, added = change.get("DisableLogTypes") or [], change.get("EnableLogTypes") or []
    return sorted((set(current) - set(removed)) | set(added))


def resource_id(prefix: str) -> str:
    """An identifier that never changes, as AWS gives one to instances and clusters."""
    return prefix + "".join(mock_random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _unused in range(26))


def domain(context: Context) -> str:
    """The part of endpoints that is the same for all databases of an account in a region."""
    mark = f"c{zlib.crc32((context.account_id + context.region).encode()):x}".ljust(12, "q")
    return f"{mark}.{context.region}.rds.amazonaws.com"

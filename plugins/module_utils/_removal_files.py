# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing EFS file systems and DynamoDB tables: what keeps them, and what stays of their data."""

from __future__ import annotations

import datetime

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._efs import EMPTY_BYTES
from ansible_collections.webstack.aws.plugins.module_utils._removal import Fields, Found, Owner, Removable, Wishes
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

_GOING = ("deleting", "deleted")

# --- Amazon EFS -------------------------------------------------------------------------------------------------------


def _file_systems(aws: Aws, arns: list[str]) -> list[Fields]:
    return [
        file_system
        for arn in arns
        for file_system in aws.read(
            "efs",
            "describe_file_systems",
            "FileSystems",
            missing=("FileSystemNotFound",),
            FileSystemId=arn.rsplit("/", 1)[-1],
        )
        if file_system["LifeCycleState"] != "deleted"
    ]


def _address(file_system: Fields) -> str:
    return f"efs_file_system/{file_system['CreationToken']}"


def _find_file_systems(aws: Aws, _owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
    found = []
    for live in _file_systems(aws, arns):
        may_lose_data = tags_to_dict(live.get("Tags")).get("webstack:force-destroy") == "true" or (
            _address(live) in wishes.data
        )
        size = live.get("SizeInBytes", {}).get("Value", 0)
        is_going = live["LifeCycleState"] in _GOING
        blocker = f"it holds {size} bytes; empty it, or set file_system_force_destroy: true and run site.yml before"
        keeps = size > EMPTY_BYTES and not may_lose_data and not is_going
        name = f"{live['CreationToken']} ({live['FileSystemId']})"
        found.append(Found("efs_file_system", name, live, is_going, blocker if keeps else ""))
    return found


def _remove_file_system(aws: Aws, found: Found, _wishes: Wishes) -> str | None:
    of = {"FileSystemId": found.detail["FileSystemId"]}
    backup = aws.read(
        "efs", "describe_backup_policy", "BackupPolicy", missing=("PolicyNotFound", "FileSystemNotFound"), **of
    )
    # AWS shows a mount target no more, and still counts it: the next pass tries again.
    still_used = ("FileSystemInUse", "FileSystemNotFound", "IncorrectFileSystemLifeCycleState")
    answer = aws.write("efs", "delete_file_system", missing=still_used, **of)
    if answer is None or not backup or backup["Status"] not in ("ENABLED", "ENABLING"):
        return None
    return f"backups of file system {found.identifier} in the vault aws/efs/automatic-backup-vault, until they expire"


def _find_mount_targets(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    """Mount targets bear no tags; they are their file systems'."""
    return [
        Found(
            "efs_mount_target",
            target["MountTargetId"],
            {},
            target["LifeCycleState"] in _GOING,
            part_of=_address(live),
        )
        for live in _file_systems(aws, arns)
        for target in aws.read(
            "efs",
            "describe_mount_targets",
            "MountTargets",
            missing=("FileSystemNotFound",),
            FileSystemId=live["FileSystemId"],
        )
        if target["LifeCycleState"] != "deleted"
    ]


def _remove_mount_target(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write(
        "efs",
        "delete_mount_target",
        missing=("MountTargetNotFound", "DependencyTimeout", "IncorrectMountTargetState"),
        MountTargetId=found.identifier,
    )


def _of_file_systems(arns: list[str]) -> list[str]:
    return [arn for arn in arns if ":file-system/" in arn]


def _find_access_points(aws: Aws, owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    """Also by their file systems, which go only after them: AWS's tagging API need not tell of access points."""
    points = {
        point["AccessPointId"]: point
        for arn in arns
        for point in aws.read(
            "efs",
            "describe_access_points",
            "AccessPoints",
            missing=("AccessPointNotFound", "FileSystemNotFound"),
            **{"FileSystemId" if ":file-system/" in arn else "AccessPointId": arn.rsplit("/", 1)[-1]},
        )
    }
    wholes = {live["FileSystemId"]: _address(live) for live in _file_systems(aws, _of_file_systems(arns))}
    return [
        Found(
            "efs_access_point",
            key,
            point,
            point["LifeCycleState"] in _GOING,
            part_of=wholes.get(point["FileSystemId"], ""),
        )
        for key, point in points.items()
        if point["LifeCycleState"] != "deleted" and owner.tags.items() <= tags_to_dict(point.get("Tags")).items()
    ]


def _remove_access_point(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("efs", "delete_access_point", missing=("AccessPointNotFound",), AccessPointId=found.identifier)


# --- Amazon DynamoDB --------------------------------------------------------------------------------------------------

#: For so long a pass counts a final backup as that of the removal in hand.
LONGEST_REMOVAL = datetime.timedelta(hours=1)

#: While a table changes, or a backup of it is being made, DynamoDB neither changes nor deletes it.
_BUSY = ("ResourceInUseException", "ResourceNotFoundException")


def _find_tables(aws: Aws, _owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        name = arn.split(":table/", 1)[1]
        table = aws.read("dynamodb", "describe_table", "Table", missing=("ResourceNotFoundException",), TableName=name)
        if table:
            protected = table.get("DeletionProtectionEnabled", False)
            blocker = "it is protected from deletion; -e allow_protected=true lifts that"
            found.append(
                Found(
                    "dynamodb_table",
                    name,
                    {"protected": protected, "since": table["CreationDateTime"]},
                    table["TableStatus"] == "DELETING",
                    blocker if protected and not wishes.allow_protected else "",
                )
            )
    return found


def _remove_table(aws: Aws, found: Found, wishes: Wishes) -> str | None:
    name = found.identifier
    if found.detail["protected"]:
        # The next pass sees it without protection and removes it.
        aws.write("dynamodb", "update_table", missing=_BUSY, TableName=name, DeletionProtectionEnabled=False)
        return None
    keeps_itself = _is_recoverable(aws, name)
    backup = ""
    if wishes.final_snapshot and not keeps_itself:
        backup = _final_backup(aws, name, found.detail["since"], wishes)
        if not backup:
            return None
    if aws.write("dynamodb", "delete_table", missing=_BUSY, TableName=name) is None:
        return None
    if keeps_itself:
        return f"the backup that DynamoDB makes of table {name}, for 35 days"
    return f"final backup {backup}" if backup else None


def _is_recoverable(aws: Aws, name: str) -> bool:
    """Whether DynamoDB by itself keeps a last backup of a table, as it does of one with point in time recovery."""
    backups = aws.read(
        "dynamodb",
        "describe_continuous_backups",
        "ContinuousBackupsDescription",
        missing=("TableNotFoundException",),
        TableName=name,
    )
    recovery = (backups or {}).get("PointInTimeRecoveryDescription", {})
    return recovery.get("PointInTimeRecoveryStatus") == "ENABLED"


def _final_backup(aws: Aws, name: str, since: datetime.datetime, wishes: Wishes) -> str:
    """The name of the final backup once it is made. Until then it is asked for, and a later pass removes the table."""
    beginning = f"{name[:200]}-final-"
    an_hour_ago = datetime.datetime.now(datetime.UTC) - LONGEST_REMOVAL
    known = aws.read(
        "dynamodb", "list_backups", "BackupSummaries", TableName=name, TimeRangeLowerBound=max(since, an_hour_ago)
    )
    ours = {item["BackupName"]: item["BackupStatus"] for item in known if item["BackupName"].startswith(beginning)}
    if not ours:
        busy = (
            *_BUSY,
            "BackupInUseException",
            "ContinuousBackupsUnavailableException",
            "TableInUseException",
            "TableNotFoundException",
        )
        backup = f"{beginning}{wishes.timestamp}"
        aws.write("dynamodb", "create_backup", missing=busy, TableName=name, BackupName=backup)
    return next((backup for backup, status in ours.items() if status == "AVAILABLE"), "")


#: Tasks mount file systems and use tables; what runs them goes first.
_USERS = ("ecs_service", "ecs_cluster")

_FILE_SYSTEM = r"arn:[^:]+:elasticfilesystem:.*:file-system/.+"

KINDS: dict[str, Removable] = {
    "efs_mount_target": Removable(_find_mount_targets, _remove_mount_target, _USERS, _FILE_SYSTEM),
    "efs_access_point": Removable(
        _find_access_points,
        _remove_access_point,
        _USERS,
        r"arn:[^:]+:elasticfilesystem:.*:(access-point|file-system)/.+",
    ),
    "efs_file_system": Removable(
        _find_file_systems, _remove_file_system, ("efs_mount_target", "efs_access_point"), _FILE_SYSTEM
    ),
    "dynamodb_table": Removable(_find_tables, _remove_table, _USERS, r"arn:[^:]+:dynamodb:[^:]*:[^:]*:table/[^/]+"),
}

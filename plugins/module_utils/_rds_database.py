# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RDS instances and Aurora clusters have in common: passwords, versions, keys, logs, and how they are removed."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._rds import is_version, newer_minor, version_parts
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields
from ansible_collections.webstack.aws.plugins.module_utils._secret import same_key
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import read_value

#: Options that say how something is done.
CONTROLS = (
    "apply_immediately",
    "allow_major_version_upgrade",
    "skip_final_snapshot",
    "final_db_snapshot_identifier",
    "delete_automated_backups",
)

#: Wherever they stand, AWS takes these only together, whichever of them changes.
INSIGHTS = {"enable_performance_insights", "performance_insights_retention_period", "performance_insights_kms_key_id"}

#: How many parts of a version are its major one, where not one (MySQL 8.0 to 8.4 is a major upgrade).
MAJOR_PARTS = {"mysql": 2, "mariadb": 2}
PORTS = {"postgres": 5432, "aurora-postgresql": 5432, "mysql": 3306, "mariadb": 3306}

#: A tag that says which databases were made inside it. It is set apart from all other tags, so that removing
#: undeclared tags must not remove it.
DATABASES_TAG = "webstack:databases"

#: What AWS answers while what was made a moment ago is not known everywhere.
PROPAGATING = (
    r"IAM role ARN value is invalid|^DB(Cluster)?ParameterGroupNotFound|^DBSubnetGroupNotFound|service.linked role"
)


#: What AWS answers while an instance or its cluster is still busy with what was asked for before.
BUSY = r"^InvalidDBInstanceState.*not.*available|^InvalidDBClusterState"


def read_password(aws: Aws, subject: str, reference: t.Mapping[str, str], longest: int) -> str:
    """The master password that ``reference`` points to, if RDS takes it. Raises WebstackError without showing it."""
    password = read_value(aws, reference)
    # CreateDBInstance and CreateDBCluster, MasterUserPassword
    if not re.fullmatch(rf"(?!.*[/\"@])[\x21-\x7e]{{8,{longest}}}", password):
        where = "{key} of secret {secret_id}".format(**reference)
        raise WebstackError(
            f"{subject}: RDS does not take the password in {where}",
            f'give it 8 to {longest} printable ASCII characters without / " @ and space',
        )
    return password


def tidy(wanted: Fields, lists: t.Iterable[str], lower: t.Iterable[str]) -> Fields:
    """``wanted`` in the form in which it compares: without controls, lists sorted, in lower case what AWS keeps so."""
    normal = {option: value for option, value in wanted.items() if option not in CONTROLS}
    normal.update({option: sorted(normal[option]) for option in lists if option in normal})
    normal.update({option: normal[option].lower() for option in lower if option in normal})
    if normal.get("enable_performance_insights") is False:
        normal.pop("performance_insights_retention_period", None)
        normal.pop("performance_insights_kms_key_id", None)
    return normal


def keep_owned(have: Fields, wanted: Fields, engine: str) -> Fields:
    """``wanted`` with what AWS or another task of the role owns taken from ``have``."""
    kept = dict(wanted)
    version = have["engine_version"] or ""
    if "engine_version" in wanted and is_version(version, wanted["engine_version"], MAJOR_PARTS.get(engine, 1)):
        kept["engine_version"] = have["engine_version"]
    for option in ("kms_key_id", "performance_insights_kms_key_id"):
        key = wanted.get(option, "")
        # What an alias stands for is not ours to know: it counts when the key is first chosen.
        if have[option] and key and (same_key(have[option], key) or "alias/" in key):
            kept[option] = have[option]
    if wanted.get("tags") is not None and DATABASES_TAG in have["tags"]:
        kept["tags"] = {DATABASES_TAG: have["tags"][DATABASES_TAG], **wanted["tags"]}
    return kept


def kept_by_others(live: Fields, have: Fields, wanted: Fields, group: str) -> list[Kept]:
    """What ``keep`` leaves of versions and, under ``group``, of the parameter group that follows them."""
    live_version, version = live.get("EngineVersion", ""), have["engine_version"] or ""
    kept = newer_minor("engine_version", version, wanted.get("engine_version", ""), MAJOR_PARTS.get(have["engine"], 1))
    if is_major_upgrade(have["engine"], live_version, version) and wanted.get(group, have[group]) != have[group]:
        kept.append(Kept(group, have[group], wanted[group], "the pending upgrade"))
    return kept


def log_exports(live: Fields) -> list[str]:
    """The logs that go to CloudWatch, with what was asked for and is not done yet."""
    pending = live.get("PendingModifiedValues", {}).get("PendingCloudwatchLogsExports", {})
    logs = set(live.get("EnabledCloudwatchLogsExports", [])) | set(pending.get("LogTypesToEnable", []))
    return sorted(logs - set(pending.get("LogTypesToDisable", [])))


def log_changes(before: t.Iterable[str], after: t.Iterable[str]) -> Fields:
    """The argument CloudwatchLogsExportConfiguration of a change."""
    return {
        "EnableLogTypes": sorted(set(after) - set(before)),
        "DisableLogTypes": sorted(set(before) - set(after)),
    }


def active_groups(live: Fields) -> list[str]:
    """The security groups, without those that are being taken away."""
    groups = live.get("VpcSecurityGroups", [])
    return sorted(group["VpcSecurityGroupId"] for group in groups if group["Status"] != "removing")


def is_major_upgrade(engine: str, live: str, wanted: str) -> bool:
    """Whether a step between versions is a major one."""
    major = MAJOR_PARTS.get(engine, 1)
    return version_parts(wanted)[:major] > version_parts(live)[:major]


def version_fault(have: Fields, wanted: Fields, may_upgrade: bool) -> tuple[str, str] | None:
    """What AWS would refuse of the wanted engine version, and the next step."""
    live, version = have.get("engine_version"), wanted.get("engine_version")
    if not live or not version or live == version:
        return None
    if version_parts(version) < version_parts(live):
        return f"its engine has version {live} and cannot go back to {version}", f"set engine_version to {live}"
    if is_major_upgrade(have["engine"], live, version) and not may_upgrade:
        return (
            f"from version {live} to {version} is a major upgrade, which cannot be undone",
            "take a snapshot, set allow_major_version_upgrade and use a parameter group of the new family",
        )
    return None


def is_protected(live: Fields) -> bool:
    """Whether an instance or a cluster is protected from deletion. A cluster's instances never are: that is for the
    cluster alone (Amazon RDS API, CreateDBInstance, DeletionProtection)."""
    is_member = "DBInstanceIdentifier" in live and live.get("DBClusterIdentifier")
    return bool(live.get("DeletionProtection")) and not is_member


def refuse_loss(subject: str, live: Fields, options: Fields) -> None:
    """Refuse the removal of what is protected, and of data of which nobody says what becomes of them."""
    if is_protected(live):
        raise WebstackError(
            f"{subject} is protected from removal",
            "set deletion_protection to false on it first, then remove it",
        )
    if not options.get("skip_final_snapshot") and not options.get("final_db_snapshot_identifier"):
        raise WebstackError(
            f"{subject}: nobody says what becomes of its data",
            "give final_db_snapshot_identifier to keep a last snapshot, or skip_final_snapshot: true to lose all",
        )


def deletion(options: Fields) -> Fields:
    """The arguments of the call that removes, as ``refuse_loss`` let them pass."""
    snapshot = options.get("final_db_snapshot_identifier")
    how: Fields = {"SkipFinalSnapshot": True}
    if snapshot and not options.get("skip_final_snapshot"):
        how = {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": snapshot}
    if options.get("delete_automated_backups") is not None:
        how["DeleteAutomatedBackups"] = options["delete_automated_backups"]
    return how

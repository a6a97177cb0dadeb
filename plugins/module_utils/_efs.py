# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EFS: file systems with their mount targets, and access points."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault, shorten
from ansible_collections.webstack.aws.plugins.module_utils._notes import Words, notes_on, when_off
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import (
    is_placeholder,
    placeholder_arn,
    placeholder_id,
)
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._secret import same_key
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_gone, wait_ready

#: What EFS reports of a file system in which there is nothing (EFS User Guide, how EFS reports sizes).
EMPTY_BYTES = 6144

#: EFS API, CreateAccessPoint, ClientToken.
MOST_TOKEN = 64

#: A file system that is being made or changed takes no other change.
BUSY = r"^IncorrectFileSystemLifeCycleState: "

#: EFS API, LifecyclePolicy: the option and the member of each policy, of which one holds one transition.
TRANSITIONS = {
    "transition_to_ia": "TransitionToIA",
    "transition_to_archive": "TransitionToArchive",
    "transition_to_primary_storage_class": "TransitionToPrimaryStorageClass",
}


#: Options that say it of the mount targets, and how it is removed.
NOT_FIELDS = ("subnet_ids", "security_group_ids", "force")


def _fewer_targets(before: t.Any, after: t.Any) -> str:
    gone = sorted(set(before or {}) - set(after))
    return f"what mounts it in {', '.join(gone)} loses it" if gone else ""


#: Amazon EFS API, UpdateFileSystem.
THROUGHPUT_STAYS = "for 24 hours EFS lets nobody change its mode again or lower its throughput"

#: What a change does.
NOTES: dict[str, Words] = {
    "throughput_mode": THROUGHPUT_STAYS,
    "provisioned_throughput_in_mibps": THROUGHPUT_STAYS,
    "mount_targets": _fewer_targets,
    "backup": when_off("it is not backed up any more; backups that there are stay as long as they were to"),
}


class EfsFileSystem(Kind):
    """A file system, found by its creation token, which is its name: unique in an account and region, and a second
    create with it makes no second file system."""

    noun = "efs_file_system"
    nested = ("lifecycle_policies", "mount_targets")
    exists = ("FileSystemAlreadyExists",)
    immutable = dict.fromkeys(
        ("performance_mode", "kms_key_id"),
        "leave it as it is; or give the file system another name, and copy the data into the new one with AWS DataSync",
    )

    def __init__(self, aws: Aws):
        super().__init__(aws)
        self._going: dict[str, str] = {}

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            described = self.aws.read(
                "efs", "describe_file_systems", "FileSystems", missing=("FileSystemNotFound",), CreationToken=name
            )
            if described:
                found[name] = self._with_parts(described[0])
        self._going = {name: live["FileSystemId"] for name, live in found.items() if self.is_going(live)}
        return found

    def _with_parts(self, live: Fields) -> Fields:
        if self.is_going(live):
            return live
        of = {"FileSystemId": live["FileSystemId"]}
        none = ("PolicyNotFound",)
        backup = self.aws.read("efs", "describe_backup_policy", "BackupPolicy", missing=none, **of)
        return {
            **live,
            "LifecyclePolicies": self.aws.read("efs", "describe_lifecycle_configuration", "LifecyclePolicies", **of),
            "Policy": self.aws.read("efs", "describe_file_system_policy", "Policy", missing=none, **of),
            "BackupPolicy": backup or {},
            "MountTargets": [
                {**target, "SecurityGroups": self._security_groups(target["MountTargetId"])}
                for target in self._mount_targets(live["FileSystemId"])
                if not self.is_going(target)
            ],
        }

    def _security_groups(self, mount_target_id: str) -> list[str]:
        missing = ("MountTargetNotFound", "IncorrectMountTargetState")
        groups = self.aws.read(
            "efs",
            "describe_mount_target_security_groups",
            "SecurityGroups",
            missing=missing,
            MountTargetId=mount_target_id,
        )
        return sorted(groups or [])

    def is_going(self, live: Fields) -> bool:
        return live["LifeCycleState"] in ("deleting", "deleted")

    def normalize(self, name: str, live: Fields) -> Fields:
        policies = {key: value for policy in live.get("LifecyclePolicies") or [] for key, value in policy.items()}
        return {
            "performance_mode": live["PerformanceMode"],
            "kms_key_id": live.get("KmsKeyId", ""),
            "throughput_mode": live.get("ThroughputMode", "bursting"),
            "provisioned_throughput_in_mibps": live.get("ProvisionedThroughputInMibps") or 0,
            "lifecycle_policies": {
                option: policies[member] for option, member in TRANSITIONS.items() if policies.get(member)
            },
            "backup": live.get("BackupPolicy", {}).get("Status") in ("ENABLED", "ENABLING"),
            "policy": own_policy(live.get("Policy"), live["FileSystemArn"]),
            "mount_targets": {target["SubnetId"]: target["SecurityGroups"] for target in live.get("MountTargets", [])},
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = {key: value for key, value in wanted.items() if key not in NOT_FIELDS}
        if "subnet_ids" in wanted:
            groups = sorted(wanted["security_group_ids"])
            normal["mount_targets"] = dict.fromkeys(sorted(wanted["subnet_ids"]), groups)
        if "policy" in normal:
            normal["policy"] = normal_policy(normal["policy"])
        return with_name(name, normal)

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        have, key = live.get("KmsKeyId", ""), wanted.get("kms_key_id", "")
        # What an alias stands for is not ours to know: it counts when the file system is made.
        return {**wanted, "kms_key_id": have} if key and (same_key(have, key) or "alias/" in key) else wanted

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all its files are lost"]
        return notes_on(outcome.changes, NOTES) if outcome.action == "update" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            size = (live or {}).get("SizeInBytes", {}).get("Value", 0)
            if size > EMPTY_BYTES and not self.options.get("force"):
                raise WebstackError(
                    f"efs_file_system {name} holds data ({size} bytes)",
                    "copy what you need out of it, then remove it with force: true",
                )
            return
        fault = name_fault(name, self.noun) if live is None else ""
        if fault:
            raise WebstackError(f"efs_file_system {name} {fault}", "choose another name")
        if live is not None and not live.get("Encrypted"):
            raise WebstackError(
                f"efs_file_system {name} is not encrypted, and EFS cannot encrypt it any more",
                "give the new one another name, and copy the data into it with AWS DataSync",
            )
        if wanted.get("mount_targets") and not all(wanted["mount_targets"].values()):
            raise WebstackError(
                f"efs_file_system {name}: its mount targets need a security group", "give security_group_ids"
            )
        after = {**(self.normalize(name, live) if live else {}), **wanted}
        trouble = throughput_fault(after, wanted) or lifecycle_fault(after)
        if trouble:
            raise WebstackError(f"efs_file_system {name}: {trouble[0]}", trouble[1])

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._going:
            wait_gone(self.aws, "efs_file_system", self._going[name])
        members = {
            "performance_mode": "PerformanceMode",
            "kms_key_id": "KmsKeyId",
            "throughput_mode": "ThroughputMode",
            "provisioned_throughput_in_mibps": "ProvisionedThroughputInMibps",
            "backup": "Backup",
        }
        made = self.aws.write(
            "efs",
            "create_file_system",
            CreationToken=name,
            Encrypted=True,
            **tags_argument(wanted.get("tags")),
            **{member: wanted[option] for option, member in members.items() if wanted.get(option)},
        )
        wait_ready(self.aws, "efs_file_system", made["FileSystemId"])
        for option in ("lifecycle_policies", "policy", "mount_targets"):
            if wanted.get(option):
                self._set(made, wanted, option)

    def prepare(self, name: str, live: Fields) -> None:
        if live["LifeCycleState"] in ("creating", "updating"):
            wait_ready(self.aws, "efs_file_system", live["FileSystemId"])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        # The archive is there in elastic mode alone: its policy comes after that mode and goes before it.
        throughput, lifecycle = ["throughput_mode"], ["lifecycle_policies"]
        leaves_elastic = live.get("ThroughputMode") == "elastic"
        first = lifecycle + throughput if leaves_elastic else throughput + lifecycle
        if "provisioned_throughput_in_mibps" in changed:
            changed = changed | {"throughput_mode"}
        for option in [*first, "backup", "policy", "mount_targets", "tags"]:
            if option in changed:
                self._set(live, wanted, option)

    def _set(self, live: Fields, wanted: Fields, option: str) -> None:
        """Bring one option of a file system that is there to what is wanted."""
        file_system_id = live["FileSystemId"]
        if option == "throughput_mode":
            self._set_throughput(live, wanted)
        elif option == "lifecycle_policies":
            policies = [{TRANSITIONS[key]: value} for key, value in wanted[option].items()]
            self._put("put_lifecycle_configuration", file_system_id, LifecyclePolicies=policies)
        elif option == "backup":
            status = "ENABLED" if wanted[option] else "DISABLED"
            self._put("put_backup_policy", file_system_id, BackupPolicy={"Status": status})
        elif option == "policy" and wanted[option]:
            document = full_policy(wanted[option], live["FileSystemArn"])
            self._put("put_file_system_policy", file_system_id, Policy=policy_text(document))
        elif option == "policy":
            self._put("delete_file_system_policy", file_system_id)
        elif option == "mount_targets":
            self._set_mount_targets(live, wanted[option])
        else:
            change_tags(self.aws, file_system_id, tags_to_dict(live.get("Tags")), wanted["tags"])

    def _put(self, operation: str, file_system_id: str, **arguments: t.Any) -> None:
        self.aws.write("efs", operation, propagating=BUSY, FileSystemId=file_system_id, **arguments)

    def _set_throughput(self, live: Fields, wanted: Fields) -> None:
        arguments: Fields = {}
        mode = wanted.get("throughput_mode", live.get("ThroughputMode"))
        if mode != live.get("ThroughputMode"):
            arguments["ThroughputMode"] = mode
        if mode == "provisioned":
            arguments["ProvisionedThroughputInMibps"] = wanted["provisioned_throughput_in_mibps"]
        try:
            self._put("update_file_system", live["FileSystemId"], **arguments)
        except AwsError as error:
            if error.code != "TooManyRequests":
                raise
            raise WebstackError(
                f"{self.aws.subject}: EFS does not change its throughput again so soon: {error.reason}",
                "wait until 24 hours have passed since the last change of its throughput, then run again",
            ) from error
        wait_ready(self.aws, "efs_file_system", live["FileSystemId"])

    def _set_mount_targets(self, live: Fields, wanted: t.Mapping[str, list[str]]) -> None:
        """Bring the mount targets to one in each wanted subnet, with the wanted security groups.

        A zone has room for one only, hence those that are not wanted go first.
        """
        targets = {target["SubnetId"]: target for target in live.get("MountTargets", [])}
        file_system_id = live["FileSystemId"]
        unwanted = [target for subnet_id, target in targets.items() if subnet_id not in wanted]
        self._delete_mount_targets(file_system_id, unwanted)
        for subnet_id, groups in wanted.items():
            target = targets.get(subnet_id)
            if target is None:
                self._create_mount_target(file_system_id, subnet_id, groups)
            elif target["SecurityGroups"] != groups:
                self.aws.write(
                    "efs",
                    "modify_mount_target_security_groups",
                    propagating=r"^IncorrectMountTargetState: ",
                    MountTargetId=target["MountTargetId"],
                    SecurityGroups=groups,
                )

    def _create_mount_target(self, file_system_id: str, subnet_id: str, groups: list[str]) -> None:
        try:
            self.aws.write(
                "efs",
                "create_mount_target",
                propagating=BUSY,
                FileSystemId=file_system_id,
                SubnetId=subnet_id,
                SecurityGroups=groups,
            )
        except AwsError as error:
            # An answer that was lost on its way makes botocore repeat the call; then the zone has it already.
            there = self._mount_targets(file_system_id) if error.code == "MountTargetConflict" else []
            if subnet_id not in [target["SubnetId"] for target in there]:
                raise

    def _delete_mount_targets(self, file_system_id: str, targets: list[Fields]) -> None:
        """Delete them, and wait for all that go, also those that an earlier run has asked to."""
        for target in targets:
            self.aws.write(
                "efs", "delete_mount_target", missing=("MountTargetNotFound",), MountTargetId=target["MountTargetId"]
            )
        for target in self._mount_targets(file_system_id):
            if self.is_going(target):
                wait_gone(self.aws, "efs_mount_target", target["MountTargetId"])

    def _mount_targets(self, file_system_id: str) -> list[Fields]:
        return self.aws.read("efs", "describe_mount_targets", "MountTargets", FileSystemId=file_system_id)

    def delete(self, name: str, live: Fields) -> None:
        self._delete_mount_targets(live["FileSystemId"], live.get("MountTargets", []))
        self.aws.write(
            "efs",
            "delete_file_system",
            missing=("FileSystemNotFound",),
            # EFS counts a mount target for a moment longer than it shows it.
            propagating=r"^FileSystemInUse: ",
            FileSystemId=live["FileSystemId"],
        )

    def result(self, name: str, live: Fields) -> Fields:
        shown = super().result(name, live)
        return {**shown, **{key: value for key, value in self.normalize(name, live).items() if key != "mount_targets"}}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        file_system_id = placeholder_id("fs", name)
        return {
            "tags": {},
            **wanted,
            "creation_token": name,
            "file_system_id": file_system_id,
            "file_system_arn": placeholder_arn("elasticfilesystem", self.aws.region, f"file-system/{file_system_id}"),
            "mount_targets": planned_targets(name, [], wanted.get("mount_targets", {})),
        }

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        shown = super().planned(name, live, changes)
        wanted = {change.field: change.after for change in changes}
        targets = self.result(name, live).get("mount_targets", [])
        if "mount_targets" in wanted:
            targets = planned_targets(name, targets, wanted["mount_targets"])
        return {**shown, "mount_targets": targets}


class EfsAccessPoint(Kind):
    """An access point of the file system in hand, known by its tag Name."""

    noun = "efs_access_point"
    plural = "efs_access_points"
    nested = ("posix_user", "root_directory")
    exists = ("AccessPointAlreadyExists",)
    immutable = dict.fromkeys(
        ("posix_user", "root_directory"),
        "give it another name: a second access point is made, tasks move to it, and this one can be removed",
    )

    def read(self, names: list[str]) -> dict[str, Fields]:
        file_system_id = self.options["file_system_id"]
        if is_placeholder(file_system_id):
            return {}
        described = self.aws.read(
            "efs",
            "describe_access_points",
            "AccessPoints",
            missing=("FileSystemNotFound",),
            FileSystemId=file_system_id,
        )
        # One that is there stands before one of the same name that goes.
        described.sort(key=self.is_going, reverse=True)
        found = {tags_to_dict(live.get("Tags")).get("Name", ""): live for live in described}
        return {name: found[name] for name in names if name in found}

    def plan_name(self, name: str) -> str:
        return f"{self.options.get('file_system_name') or self.options['file_system_id']} {name}"

    def is_going(self, live: Fields) -> bool:
        return live["LifeCycleState"] in ("deleting", "deleted")

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "posix_user": _posix_user(camel_dict_to_snake_dict(live.get("PosixUser") or {})),
            "root_directory": _root_directory(camel_dict_to_snake_dict(live.get("RootDirectory") or {})),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = with_name(name, wanted)
        for option, form in (("posix_user", _posix_user), ("root_directory", _root_directory)):
            if option in normal:
                normal[option] = form(normal[option])
        return normal

    def create(self, name: str, wanted: Fields) -> None:
        file_system_id = self.options["file_system_id"]
        user, root = wanted.get("posix_user"), wanted.get("root_directory")
        arguments: Fields = {}
        if user:
            arguments["PosixUser"] = {"Uid": user["uid"], "Gid": user["gid"]}
            if "secondary_gids" in user:
                arguments["PosixUser"]["SecondaryGids"] = user["secondary_gids"]
        if root:
            arguments["RootDirectory"] = {"Path": root["path"]}
            if "creation_info" in root:
                info = root["creation_info"]
                arguments["RootDirectory"]["CreationInfo"] = {
                    "OwnerUid": info["owner_uid"],
                    "OwnerGid": info["owner_gid"],
                    "Permissions": info["permissions"],
                }
        self.aws.write(
            "efs",
            "create_access_point",
            propagating=BUSY,
            # The same token each time, so that a lost answer makes no second access point.
            ClientToken=shorten(f"{file_system_id}-{name}", MOST_TOKEN),
            FileSystemId=file_system_id,
            Tags=tags_to_list(wanted.get("tags") or {"Name": name}),
            **arguments,
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "tags" in changed:
            change_tags(self.aws, live["AccessPointId"], tags_to_dict(live.get("Tags")), wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(
            "efs", "delete_access_point", missing=("AccessPointNotFound",), AccessPointId=live["AccessPointId"]
        )

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        access_point_id = placeholder_id("fsap", f"{self.options['file_system_id']} {name}")
        return {
            "tags": {},
            **wanted,
            "name": name,
            "file_system_id": self.options["file_system_id"],
            "access_point_id": access_point_id,
            "access_point_arn": placeholder_arn(
                "elasticfilesystem", self.aws.region, f"access-point/{access_point_id}"
            ),
        }


def with_name(name: str, wanted: Fields) -> Fields:
    """``wanted`` with the tag Name among its tags, which is what people see of it."""
    return {**wanted, "tags": {**wanted["tags"], "Name": name}} if "tags" in wanted else dict(wanted)


def change_tags(aws: Aws, identifier: str, live: t.Mapping[str, str], wanted: t.Mapping[str, str]) -> None:
    """Bring the tags of a file system or an access point to ``wanted``."""
    to_set, to_remove = tag_changes(live, wanted)
    if to_set:
        aws.write("efs", "tag_resource", ResourceId=identifier, Tags=tags_to_list(to_set))
    if to_remove:
        aws.write("efs", "untag_resource", ResourceId=identifier, TagKeys=to_remove)


def own_policy(document: str | None, arn: str) -> Fields:
    """A live policy in its one form. What it says of its file system as a whole it says without naming it."""
    normal = normal_policy(document)
    if not normal:
        return {}
    statements = [
        {key: value for key, value in statement.items() if (key, value) != ("Resource", [arn])}
        for statement in normal["Statement"]
    ]
    return normal_policy({**normal, "Statement": statements})


def full_policy(document: Fields, arn: str) -> Fields:
    """A policy as EFS takes it: statements that name no resource are about the file system as a whole."""
    return {**document, "Statement": [{"Resource": arn, **statement} for statement in document["Statement"]]}


def planned_targets(name: str, live: list[Fields], wanted: t.Mapping[str, list[str]]) -> list[Fields]:
    """The mount targets as they will be, as the module returns them."""
    known = {target["subnet_id"]: target for target in live}
    return [
        {
            **known.get(subnet_id, {"mount_target_id": placeholder_id("fsmt", f"{name} {subnet_id}")}),
            "subnet_id": subnet_id,
            "security_groups": groups,
        }
        for subnet_id, groups in wanted.items()
    ]


def throughput_fault(after: Fields, wanted: Fields) -> tuple[str, str] | None:
    """What EFS would refuse of the wanted throughput, and the next step (EFS User Guide, performance)."""
    mode = after.get("throughput_mode", "bursting")
    if mode == "provisioned" and not after.get("provisioned_throughput_in_mibps"):
        return "provisioned throughput needs a figure", "give provisioned_throughput_in_mibps"
    if mode != "provisioned" and wanted.get("provisioned_throughput_in_mibps"):
        return (
            f"provisioned_throughput_in_mibps means nothing with throughput_mode {mode}",
            "leave it out, or set throughput_mode to provisioned",
        )
    if mode == "elastic" and after.get("performance_mode") == "maxIO":
        return "elastic throughput is for performance_mode generalPurpose alone", "choose another throughput_mode"
    return None


def lifecycle_fault(after: Fields) -> tuple[str, str] | None:
    """What EFS would refuse of the wanted lifecycle, and the next step (EFS API, PutLifecycleConfiguration)."""
    policies = after.get("lifecycle_policies", {})
    if "transition_to_archive" not in policies:
        return None
    if after.get("throughput_mode", "bursting") != "elastic":
        return (
            "files move into the archive only with throughput_mode elastic",
            "set throughput_mode to elastic, or leave out transition_to_archive",
        )
    if _days(policies["transition_to_archive"]) <= _days(policies.get("transition_to_ia", "")):
        return (
            "files must move into IA before they move into the archive",
            "make transition_to_archive later than transition_to_ia",
        )
    return None


def _days(policy: str) -> int:
    """``AFTER_30_DAYS`` as a number; nothing is 0."""
    return int(policy.split("_")[1]) if policy else 0


def _posix_user(user: Fields) -> Fields:
    groups = sorted(user.get("secondary_gids") or [])
    return {key: user[key] for key in ("uid", "gid") if key in user} | ({"secondary_gids": groups} if groups else {})


def _root_directory(root: Fields) -> Fields:
    normal = {"path": root.get("path") or "/"}
    info = root.get("creation_info")
    if info:
        normal["creation_info"] = {**info, "permissions": str(info["permissions"]).rjust(4, "0")}
    return normal

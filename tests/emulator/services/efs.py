"""EFS as AWS has it, where moto differs: states, updates and backup policies.

https://docs.aws.amazon.com/efs/latest/ug/API_Operations.html
"""

from __future__ import annotations

import time
from typing import Any

from moto.efs.models import EFSBackend, FileSystem, MountTarget
from moto.efs.responses import EFSResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, named, wrap
from tests.emulator.services.ec2 import not_found
from tests.emulator.state import STATE

_KIND = "efs_file_system"


def install() -> None:
    """Extend moto."""
    _states()
    _mount_targets()
    add_operation(EFSResponse, "UpdateFileSystem", _update)
    add_operation(EFSResponse, "PutBackupPolicy", _put_backup_policy)
    add_operation(EFSResponse, "DescribeBackupPolicy", _describe_backup_policy)
    add_operation(EFSResponse, "UpdateFileSystemProtection", _update_protection)


def _state(self: Any) -> str:
    return "available" if STATE.is_ready(_KIND, self._began) else "creating"


def _set_state(self: Any, value: str) -> None:
    self._began = time.time()


def _states() -> None:
    for kind in (FileSystem, MountTarget):
        kind.life_cycle_state = property(_state, _set_state)  # type: ignore[attr-defined,assignment]

        @wrap(kind, "info_json")
        def info(original: Any, self: Any) -> dict[str, Any]:
            return original(self) | {"LifeCycleState": self.life_cycle_state}

    @wrap(FileSystem, "info_json")
    def file_system_info(original: Any, self: Any) -> dict[str, Any]:
        protection = getattr(self, "_protection", "ENABLED")
        answer = original(self) | {"FileSystemProtection": {"ReplicationOverwriteProtection": protection}}
        # only what was chosen is told
        for name in ("LifecyclePolicies", "FileSystemPolicy", "Backup"):
            answer.pop(name, None)
        return {name: value for name, value in answer.items() if value is not None}


def _file_system(backend: Any, file_system_id: str) -> Any:
    if file_system_id not in backend.file_systems_by_id:
        raise AwsError("FileSystemNotFound", f"File system '{file_system_id}' does not exist.", 404)
    return backend.file_systems_by_id[file_system_id]


def _require_available(file_system: Any) -> None:
    if file_system.life_cycle_state != "available":
        message = f"File system '{file_system.file_system_id}' is in state '{file_system.life_cycle_state}'."
        raise AwsError("IncorrectFileSystemLifeCycleState", message, 409)


def _mount_targets() -> None:
    @wrap(EFSBackend, "create_mount_target")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _require_available(_file_system(self, given["file_system_id"]))
        for group_id in given.get("security_groups") or []:
            if not self.ec2_backend.get_security_group_from_id(group_id):
                raise AwsError("SecurityGroupNotFound", not_found(group_id).message)
        target = original(self, **given)
        eni = self.ec2_backend.enis.get(target.network_interface_id)
        if eni is not None:
            eni.description = f"EFS mount target for {given['file_system_id']} ({target.mount_target_id})"
            eni.interface_type, eni.requester_managed, eni.status = "efs", True, "in-use"
        if target.security_groups is None:
            target.security_groups = [self.ec2_backend.get_default_security_group(target.vpc_id).id]
        return target

    @wrap(EFSBackend, "delete_mount_target")
    def delete(original: Any, self: Any, mount_target_id: str) -> None:
        target = self.mount_targets_by_id.get(mount_target_id)
        eni = self.ec2_backend.enis.get(target.network_interface_id) if target else None
        if eni is not None:
            eni.status = "available"  # EC2 gives an interface in use to nobody, but EFS lets go of its own
        original(self, mount_target_id)

    @wrap(EFSBackend, "modify_mount_target_security_groups")
    def modify(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        answer = original(self, **given)
        target = self.mount_targets_by_id[given["mount_target_id"]]
        eni = self.ec2_backend.enis.get(target.network_interface_id)
        if eni is not None:
            groups = [self.ec2_backend.get_security_group_from_id(group) for group in target.security_groups or []]
            eni._group_set = [group for group in groups if group]
        return answer


def _update(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    file_system = _file_system(response.efs_backend, given["FileSystemId"])
    _require_available(file_system)
    mode = given.get("ThroughputMode", file_system.throughput_mode)
    provisioned = given.get("ProvisionedThroughputInMibps")
    if mode == "provisioned" and provisioned is None and not file_system.provisioned_throughput_in_mibps:
        raise AwsError("BadRequest", "Provisioned throughput must be specified when throughput mode is provisioned.")
    if mode != "provisioned" and provisioned is not None:
        raise AwsError("BadRequest", "Provisioned throughput is only for the throughput mode provisioned.")
    file_system.throughput_mode = mode
    file_system.provisioned_throughput_in_mibps = (
        provisioned or file_system.provisioned_throughput_in_mibps if mode == "provisioned" else None
    )
    return file_system.info_json()


def _update_protection(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    file_system = _file_system(response.efs_backend, given["FileSystemId"])
    file_system._protection = given.get("ReplicationOverwriteProtection", "ENABLED")
    return {"ReplicationOverwriteProtection": file_system._protection}


def _put_backup_policy(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    file_system = _file_system(response.efs_backend, given["FileSystemId"])
    _require_available(file_system)
    file_system._backup_status = given["BackupPolicy"]["Status"]
    return {"BackupPolicy": {"Status": file_system._backup_status}}


def _describe_backup_policy(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    file_system = _file_system(response.efs_backend, given["FileSystemId"])
    status = getattr(file_system, "_backup_status", "ENABLED" if file_system._backup else None)
    if status is None:
        raise AwsError("PolicyNotFound", "No backup policy is set for the file system.", 404)
    return {"BackupPolicy": {"Status": status}}

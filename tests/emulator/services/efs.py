"""EFS as AWS has it, where moto differs: states, updates and backup policies.

https://docs.aws.amazon.com/efs/latest/ug/API_Operations.html
"""

from __future__ import annotations

import json
import time
from typing import Any

from moto.efs import urls
from moto.efs.models import EFSBackend, FileSystem, MountTarget
from moto.efs.responses import EFSResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, add_path, named, wrap
from tests.emulator.services.ec2 import not_found
from tests.emulator.state import STATE

_KIND = "efs_file_system"
_DEFAULT_KEY = "0e000000-0000-4000-8000-000000000000"


def install() -> None:
    """Extend moto."""
    _states()
    _mount_targets()
    _creation()
    _access_points()
    _policies()
    _lifecycle()
    add_operation(EFSResponse, "UpdateFileSystem", _update)
    add_operation(EFSResponse, "PutBackupPolicy", _put_backup_policy)
    add_operation(EFSResponse, "DescribeBackupPolicy", _describe_backup_policy)
    add_operation(EFSResponse, "UpdateFileSystemProtection", _update_protection)
    add_operation(EFSResponse, "DescribeTags", _describe_tags)
    add_path(urls, "/2015-02-01/tags/(?P<file_system_id>[^/]+)/$", EFSResponse.dispatch)


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
        size = STATE.file_system_size(self.creation_token)
        answer["SizeInBytes"] |= {"Value": size, "ValueInStandard": size, "ValueInArchive": 0}
        # only what was chosen is told
        for name in ("LifecyclePolicies", "FileSystemPolicy", "Backup"):
            answer.pop(name, None)
        return {name: value for name, value in answer.items() if value is not None}


def _creation() -> None:
    @wrap(EFSBackend, "create_file_system")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        mode, provisioned = given.get("throughput_mode") or "bursting", given.get("provisioned_throughput_in_mibps")
        _check_throughput(mode, provisioned, given.get("performance_mode") or "generalPurpose")
        made = original(self, **given)
        if made.encrypted and not made.kms_key_id:
            made.kms_key_id = f"arn:aws:kms:{self.region_name}:{self.account_id}:key/{_DEFAULT_KEY}"
        return made


def _check_throughput(mode: str, provisioned: float | None, performance_mode: str) -> None:
    if mode == "provisioned" and not provisioned:
        raise AwsError("BadRequest", "Provisioned throughput must be specified when throughput mode is provisioned.")
    if mode != "provisioned" and provisioned:
        raise AwsError("BadRequest", "Provisioned throughput is only for the throughput mode provisioned.")
    if mode == "elastic" and performance_mode == "maxIO":
        raise AwsError("BadRequest", "Elastic throughput is not supported with the performance mode maxIO.")


def _access_points() -> None:
    @wrap(EFSBackend, "create_access_point")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _require_available(_file_system(self, given["file_system_id"]))
        for known in self.access_points.values():
            if known.client_token == given["client_token"]:
                message = (
                    f"Access point '{known.access_point_id}' already exists with client token '{known.client_token}'"
                )
                raise AwsError("AccessPointAlreadyExists", message, 409)
        return original(self, **given)

    @wrap(EFSBackend, "describe_access_points")
    def describe(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if given.get("file_system_id"):
            _file_system(self, given["file_system_id"])
        return original(self, **given)


def _policies() -> None:
    @wrap(EFSBackend, "put_file_system_policy")
    def put(original: Any, self: Any, file_system_id: str, policy: str, *args: Any, **kwargs: Any) -> None:
        """A statement that names no resource is about the file system; so it is told."""
        file_system = _file_system(self, file_system_id)
        _require_available(file_system)
        try:
            document = json.loads(policy)
            statements = document["Statement"]
        except (ValueError, KeyError, TypeError):
            raise AwsError("InvalidPolicyException", "The policy is not valid.") from None
        for statement in statements if isinstance(statements, list) else [statements]:
            if statement.setdefault("Resource", file_system.file_system_arn) not in ("*", file_system.file_system_arn):
                raise AwsError("InvalidPolicyException", "The policy names another resource.")
        original(self, file_system_id, json.dumps(document), *args, **kwargs)

    add_operation(EFSResponse, "DeleteFileSystemPolicy", _delete_policy)


def _delete_policy(response: Any, given: dict[str, Any]) -> None:
    file_system = _file_system(response.efs_backend, given["FileSystemId"])
    _require_available(file_system)
    file_system.file_system_policy = None


def _lifecycle() -> None:
    @wrap(EFSBackend, "put_lifecycle_configuration")
    def put(original: Any, self: Any, file_system_id: str, policies: list[dict[str, str]]) -> None:
        file_system = _file_system(self, file_system_id)
        _require_available(file_system)
        if any(len(policy) != 1 for policy in policies):
            raise AwsError("BadRequest", "One or more LifecyclePolicy objects specified are malformed.")
        transitions = {name: value for policy in policies for name, value in policy.items()}
        if "TransitionToArchive" in transitions:
            if file_system.throughput_mode != "elastic":
                message = "The ThroughputMode value for the file system does not support TransitionToArchive. "
                advice = (
                    "Either change the ThroughputMode value to Elastic or remove the TransitionToArchive parameter."
                )
                raise AwsError("BadRequest", message + advice)
            if _days(transitions["TransitionToArchive"]) <= _days(transitions.get("TransitionToIA", "AFTER_0_DAYS")):
                raise AwsError("BadRequest", "TransitionToArchive must be later than TransitionToIA.")
        original(self, file_system_id, policies)


def _days(policy: str) -> int:
    return int(policy.split("_")[1])


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
    known = file_system.provisioned_throughput_in_mibps if mode == "provisioned" else None
    _check_throughput(mode, provisioned or known, file_system.performance_mode)
    archives = any("TransitionToArchive" in policy for policy in file_system.lifecycle_policies)
    if archives and mode != "elastic":
        raise AwsError("BadRequest", "Files move into the archive: remove TransitionToArchive first.")
    file_system.throughput_mode = mode
    file_system.provisioned_throughput_in_mibps = (
        provisioned or file_system.provisioned_throughput_in_mibps if mode == "provisioned" else None
    )
    return file_system.info_json()


def _update_protection(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    file_system = _file_system(response.efs_backend, given["FileSystemId"])
    file_system._protection = given.get("ReplicationOverwriteProtection", "ENABLED")
    return {"ReplicationOverwriteProtection": file_system._protection}


def _describe_tags(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Deprecated, and still what some ask."""
    _file_system(response.efs_backend, given["FileSystemId"])
    return {"Tags": response.efs_backend.list_tags_for_resource(given["FileSystemId"])}


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

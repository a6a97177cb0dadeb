"""What a task reads before its containers run: environment files in S3, and file systems that are mounted.

Amazon ECS Developer Guide, "Amazon ECS stopped task error messages"; Amazon EFS User Guide, "Using IAM to control file
system data access": a file system without a policy lets in who reaches it; with one, roles must be allowed.
"""

from __future__ import annotations

from typing import Any

from moto.efs.models import efs_backends
from moto.s3.models import s3_backends

from . import permissions
from .common import Backend
from .reach import Place
from .task_definitions import TaskDefinition

NFS_PORT = 2049
_FILES = "ResourceInitializationError: failed to download env files: file download command: non empty error stream: "
_MOUNT = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: "


def file_failure(backend: Backend, role: Any, container: dict[str, Any], task_id: str, place: Place) -> str | None:
    """The execution role reads a container's environment files."""
    for item in container.get("environmentFiles") or []:
        bucket, _slash, key = item["value"].partition(":::")[2].partition("/")
        if not place.reaches("s3"):
            return f"{_FILES}RequestCanceled: request context canceled caused by: context deadline exceeded"
        wanted = (("s3:GetBucketLocation", f"arn:aws:s3:::{bucket}"), ("s3:GetObject", f"arn:aws:s3:::{bucket}/{key}"))
        for action, arn in wanted:
            if role is not None and not permissions.allows(role, action, arn):
                return _FILES + permissions.denied(role, task_id, action, arn)
        buckets = s3_backends[backend.account_id][backend.partition].buckets
        if bucket not in buckets:
            return f"{_FILES}NoSuchBucket: The specified bucket does not exist"
        if key not in buckets[bucket].keys:
            return f"{_FILES}NoSuchKey: The specified key does not exist."
    return None


def mount_failure(
    backend: Backend, definition: TaskDefinition, overrides: dict[str, Any], task_id: str, place: Place
) -> str | None:
    """The task's file systems are mounted, with the task role where IAM is on."""
    role_arn = overrides.get("taskRoleArn") or definition.fields.get("taskRoleArn")
    role = permissions.find_role(backend.account_id, backend.partition, role_arn) if role_arn else None
    for volume in definition.fields.get("volumes") or []:
        efs = volume.get("efsVolumeConfiguration")
        trouble = _mount_trouble(backend, efs, role, place) if efs else None
        if trouble:
            return f"{_MOUNT}{trouble} : unsuccessful EFS utils command execution; code: 32"
    return None


def _mount_trouble(backend: Backend, efs: dict[str, Any], role: Any, place: Place) -> str | None:
    known = efs_backends[backend.account_id][backend.region_name]
    name = efs["fileSystemId"]
    file_system = known.file_systems_by_id.get(name)
    targets = [item for item in known.mount_targets_by_id.values() if item.file_system_id == name]
    here = [item for item in targets if item.availability_zone_name == place.zone]
    if file_system is None or not here:
        return (
            f'Failed to resolve "{name}.efs.{backend.region_name}.amazonaws.com" - check that your file system ID is '
            "correct, and ensure that the VPC has an EFS mount target for this file system ID."
        )
    if not place.is_let_in(here[0].security_groups or [], NFS_PORT):
        return "mount.nfs4: Connection timed out"
    authorization = efs.get("authorizationConfig") or {}
    point = authorization.get("accessPointId")
    if point and (point not in known.access_points or known.access_points[point].file_system_id != name):
        return f"mount.nfs4: mounting {name} failed: access point {point} does not exist"
    policy = file_system.file_system_policy
    action = "elasticfilesystem:ClientMount"
    uses_iam = authorization.get("iam") == "ENABLED"
    if policy and not (
        uses_iam and role is not None and permissions.allows(role, action, file_system.file_system_arn, policy)
    ):
        return "mount.nfs4: access denied by server while mounting 127.0.0.1:/"
    return None

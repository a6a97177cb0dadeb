"""What happens before a task's containers run: roles, secrets, files, images, log streams.

Each step can fail as on AWS; the answer is the reason that the stopped task carries.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from typing import Any

from moto.ecr.models import ecr_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from ...state import STATE
from . import permissions, storage
from .common import Backend
from .reach import Place
from .task_definitions import ECR_IMAGE, TaskDefinition

_SECRET_ARN = re.compile(
    r"(?P<arn>arn:aws[a-z-]*:secretsmanager:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):secret:[^:]+)"
    r"(?::(?P<key>[^:]*):(?P<stage>[^:]*):(?P<version>[^:]*))?"
)
_PULL = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
_RETRIED = "service call has been retried 1 time(s): "


def unassumable_role(backend: Backend, definition: TaskDefinition, overrides: dict[str, Any]) -> str | None:
    """Why the task cannot be launched at all: a role that is missing or does not trust ECS."""
    for name in ("executionRoleArn", "taskRoleArn"):
        role_arn = overrides.get(name) or definition.fields.get(name)
        if not role_arn:
            continue
        role = permissions.find_role(backend.account_id, backend.partition, role_arn)
        if role is None or not permissions.trusts(role, "ecs-tasks.amazonaws.com"):
            return (
                f"ECS was unable to assume the role '{role_arn}' that was provided for this task. Please verify that "
                "the role being passed has the proper trust relationship and permissions and that your IAM user has "
                "permissions to pass this role."
            )
    return None


def failure(
    backend: Backend, definition: TaskDefinition, overrides: dict[str, Any], task_id: str, place: Place
) -> str | None:
    """Why the task does not start, in the order in which Fargate finds out."""
    role_arn = overrides.get("executionRoleArn") or definition.fields.get("executionRoleArn")
    role = permissions.find_role(backend.account_id, backend.partition, role_arn) if role_arn else None
    steps = (_registry_failure, _secret_failure, storage.file_failure, _image_failure, _log_failure)
    images = {item["name"]: item["image"] for item in overrides.get("containerOverrides") or [] if item.get("image")}
    for step in steps:
        for definition_of_one in definition.container_definitions:
            container = definition_of_one | {"image": images.get(definition_of_one["name"], definition_of_one["image"])}
            reason = step(backend, role, container, task_id, place)
            if reason:
                return reason
    return storage.mount_failure(backend, definition, overrides, task_id, place)


def image_digest(image: str) -> str:
    """A digest that stays the same for an image."""
    match = ECR_IMAGE.fullmatch(image)
    if match and match["account"]:
        found = _ecr_image(match)
        if found is not None:
            return found.get_image_digest()
    return "sha256:" + hashlib.sha256(image.encode()).hexdigest()


def write_logs(backend: Backend, container: dict[str, Any], task_id: str) -> None:
    """The lines of the container's rule, in the task's stream, as the awslogs driver writes them."""
    target = _log_target(container)
    if target is None:
        return
    group, stream_prefix, region = target
    logs = logs_backends[backend.account_id][region]
    if group not in logs.groups:
        return
    stream = f"{stream_prefix}/{container['name']}/{task_id}"
    logs.ensure_log_stream(group, stream)
    lines = STATE.container(container["image"]).get("log") or []
    if lines:
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": str(line)} for line in lines]
        logs.put_log_events(group, stream, events)


def _registry_failure(backend: Backend, role: Any, container: dict[str, Any], task_id: str, place: Place) -> str | None:
    """The execution role gets the token for ECR."""
    if role is None or not ECR_IMAGE.fullmatch(container["image"]):
        return None
    if not place.reaches("ecr.api"):
        return (
            "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth "
            "from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network "
            "configuration. RequestError: send request failed caused by: Post "
            f'"https://api.ecr.{backend.region_name}.amazonaws.com/": dial tcp: i/o timeout'
        )
    action = "ecr:GetAuthorizationToken"
    if permissions.allows(role, action, "*"):
        return None
    return f"{_PULL}unable to retrieve ecr registry auth: {_RETRIED}{permissions.denied(role, task_id, action, '*')}"


def _secret_failure(backend: Backend, role: Any, container: dict[str, Any], task_id: str, place: Place) -> str | None:
    if role is None:
        return None
    options = (container.get("logConfiguration") or {}).get("secretOptions") or []
    credentials = (container.get("repositoryCredentials") or {}).get("credentialsParameter")
    sources = [item["valueFrom"] for item in [*(container.get("secrets") or []), *options]]
    for source in sources + ([credentials] if credentials else []):
        match = _SECRET_ARN.fullmatch(source)
        if match and not place.reaches("secretsmanager"):
            return (
                f"{_PULL}unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch "
                f"secret {match['arn']} from secrets manager: RequestCanceled: request context canceled caused by: "
                "context deadline exceeded. Please check your task network configuration."
            )
        if match:
            reason = _secret_trouble(match, role, task_id)
            if reason:
                return f"{_PULL}unable to retrieve secret from asm: {_RETRIED}{reason}"
        elif ":secretsmanager:" in source:
            return (
                f"{_PULL}unable to retrieve secret from asm: unexpected ARN format with parameters when trying to "
                "retrieve ASM secret"
            )
        elif not place.reaches("ssm"):
            return (
                f"{_PULL}unable to retrieve secrets from ssm: service call has been retried 5 time(s): "
                "RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your "
                "task network configuration."
            )
        else:
            reason = _parameter_trouble(backend, source, role, task_id)
            if reason:
                return f"{_PULL}unable to retrieve secrets from ssm: {_RETRIED}{reason}"
    return None


def _secret_trouble(match: re.Match[str], role: Any, task_id: str) -> str | None:
    """What Secrets Manager answers when the value of a container's secret is asked for."""
    arn = match["arn"]
    secret = secretsmanager_backends[match["account"]][match["region"]].secrets.get(arn)
    fetch = f"failed to fetch secret {arn} from secrets manager: "
    action = "secretsmanager:GetSecretValue"
    if not permissions.allows(role, action, arn, getattr(secret, "policy", None)):
        return fetch + permissions.denied(role, task_id, action, arn)
    if secret is None:
        return fetch + "ResourceNotFoundException: Secrets Manager can't find the specified secret."
    if secret.is_deleted():
        return (
            f"{fetch}InvalidRequestException: You can't perform this operation on the secret because it was marked "
            "for deletion."
        )
    if not _may_decrypt(secret, role, match["account"], match["region"]):
        return f"{fetch}AccessDeniedException: Access to KMS is not allowed"
    stage = match["stage"] or "AWSCURRENT"
    versions = secret.versions
    version = (
        versions.get(match["version"])
        if match["version"]
        else next((item for item in versions.values() if stage in item["version_stages"]), None)
    )
    if version is None:
        return (
            f"{fetch}ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging "
            f"label: {stage}"
        )
    return _key_trouble(version.get("secret_string"), match["key"])


def _key_trouble(value: str | None, key: str | None) -> str | None:
    """A JSON key that a container wants must be there."""
    if not key:
        return None
    try:
        content = json.loads(value or "")
    except ValueError:
        return f"invalid character '{(value or ' ')[0]}' looking for beginning of value"
    if not isinstance(content, dict) or key not in content:
        return f"retrieved secret from Secrets Manager did not contain json key {key}"
    return None


def _may_decrypt(secret: Any, role: Any, account: str, region: str) -> bool:
    """A key of the customer must let the role decrypt; the account's own key for secrets does by itself."""
    name = secret.kms_key_id
    if not name or name.endswith("alias/aws/secretsmanager"):
        return True
    kms = kms_backends[account][region]
    try:
        key = kms.describe_key(kms.any_id_to_key_id(name))
    except Exception:  # whatever moto says of a key that is not there
        return False
    return permissions.allows(role, "kms:Decrypt", key.arn, key.policy)


def _parameter_trouble(backend: Backend, source: str, role: Any, task_id: str) -> str | None:
    """What Systems Manager answers; a name alone is a parameter of this region."""
    account, region, name = backend.account_id, backend.region_name, source
    if source.startswith("arn:"):
        region, account = source.split(":")[3:5]
        name = source.split(":parameter", 1)[-1]
    arn = f"arn:{backend.partition}:ssm:{region}:{account}:parameter/{name.lstrip('/')}"
    if not permissions.allows(role, "ssm:GetParameters", arn):
        return permissions.denied(role, task_id, "ssm:GetParameters", arn)
    ssm = ssm_backends[account][region]
    if not ssm.get_parameters([name]) and not ssm.get_parameters([name.lstrip("/")]):
        return f"invalid ssm parameters: {name}"
    return None


def _image_failure(backend: Backend, role: Any, container: dict[str, Any], task_id: str, place: Place) -> str | None:
    image = container["image"]
    pull = "CannotPullContainerError: pull image manifest has been retried 1 time(s): "
    rule = STATE.container(image)
    match = ECR_IMAGE.fullmatch(image)
    reference = image if match or ("/" in image and "." in image.split("/")[0]) else _hub(image)
    # layers of ECR images come from S3
    if not place.reaches(*(("ecr.dkr", "s3") if match else ())):
        return (
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
            f"{reference}: failed to do request: Head {_manifest_url(reference)}: dial tcp: i/o timeout"
        )
    if rule.get("missing") is False:  # a rule says that it is there, whatever ECR holds
        return None
    if rule.get("missing"):
        return f"{pull}failed to resolve ref {reference}: {reference}: not found"
    if match is None:
        return None
    repository_arn = (
        f"arn:{backend.partition}:ecr:{match['region']}:{match['account']}:repository/{match['repository']}"
    )
    if role is not None and not all(
        permissions.allows(role, action, repository_arn)
        for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    ):
        return (
            f"{pull}failed to resolve ref {image}: unexpected status from HEAD request to {_manifest_url(image)}: "
            "403 Forbidden"
        )
    if match["account"] == backend.account_id and _ecr_image(match) is None:
        return f"{pull}failed to resolve ref {image}: {image}: not found"
    return None


def _hub(image: str) -> str:
    """The full name of an image of Docker Hub."""
    name = image if ":" in image else f"{image}:latest"
    return f"docker.io/{name}" if "/" in name else f"docker.io/library/{name}"


def _manifest_url(reference: str) -> str:
    """Where a registry has the manifest of an image."""
    host, _unused, path = reference.partition("/")
    name, separator, tag = path.rpartition("@") if "@" in path else path.rpartition(":")
    host = "registry-1.docker.io" if host == "docker.io" else host
    return f"https://{host}/v2/{name if separator else path}/manifests/{tag if separator else 'latest'}"


def _ecr_image(match: re.Match[str]) -> Any | None:
    repository = ecr_backends[match["account"]][match["region"]].repositories.get(match["repository"])
    for image in repository.images if repository else []:
        if match["digest"]:
            found = image.get_image_digest() == match["digest"]
        else:
            found = (match["tag"] or "latest") in image.image_tags
        if found:
            return image
    return None


def _log_target(container: dict[str, Any]) -> tuple[str, str, str] | None:
    """Group, stream prefix and region of a container that logs to CloudWatch."""
    configuration = container.get("logConfiguration") or {}
    if configuration.get("logDriver") != "awslogs":
        return None
    options = configuration["options"]
    return options["awslogs-group"], options.get("awslogs-stream-prefix", "ecs"), options["awslogs-region"]


def _log_failure(backend: Backend, role: Any, container: dict[str, Any], task_id: str, place: Place) -> str | None:
    """The log group must exist (or be made), and the execution role must be allowed to write."""
    target = _log_target(container)
    if target is None:
        return None
    group, stream_prefix, region = target
    logs = logs_backends[backend.account_id][region]
    arn = f"arn:{backend.partition}:logs:{region}:{backend.account_id}:log-group:{group}"
    prefix = "ResourceInitializationError: failed to validate logger args: "
    create = container["logConfiguration"]["options"].get("awslogs-create-group") == "true"
    if group not in logs.groups and create:
        if role is not None and not permissions.allows(role, "logs:CreateLogGroup", arn):
            refusal = permissions.denied(role, task_id, "logs:CreateLogGroup", arn)
            return (
                f"{prefix}create stream has been retried 1 times: failed to create Cloudwatch log group: {refusal} : "
                "exit status 1"
            )
        logs.create_log_group(group, {})
    if not place.reaches("logs"):
        return (
            f"{prefix}create stream has been retried 5 times: failed to create Cloudwatch log stream: RequestError: "
            f'send request failed caused by: Post "https://logs.{region}.amazonaws.com/": dial tcp: i/o timeout : '
            "exit status 1"
        )
    stream = f"{arn}:log-stream:{stream_prefix}/{container['name']}/{task_id}"
    cause = None
    if role is not None and not permissions.allows(role, "logs:CreateLogStream", stream):
        cause = permissions.denied(role, task_id, "logs:CreateLogStream", stream)
    elif group not in logs.groups:
        cause = "ResourceNotFoundException: The specified log group does not exist."
    if cause is None:
        return None
    return (
        f"{prefix}create stream has been retried 1 times: failed to create Cloudwatch log stream: {cause} : "
        "exit status 1"
    )

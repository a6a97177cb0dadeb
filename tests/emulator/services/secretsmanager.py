"""Secrets Manager as AWS has it, where moto differs.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/ (CreateSecret, DeleteSecret, UpdateSecretVersionStage)
"""

from __future__ import annotations

import re
from typing import Any

from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend
from moto.secretsmanager.responses import SecretsManagerResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap

_NAME = re.compile(r"^[A-Za-z0-9/_+=.@-]{1,512}$")
_MARKED = "You can't perform this operation on the secret because it was marked for deletion."
# Operations that AWS refuses for a secret that waits for its deletion.
_REFUSED = (
    "cancel_rotate_secret",
    "get_secret_value",
    "put_resource_policy",
    "put_secret_value",
    "rotate_secret",
    "tag_resource",
    "untag_resource",
    "update_secret",
    "update_secret_version_stage",
)


def install() -> None:
    """Extend moto."""
    _names()
    _scheduled_for_deletion()
    _versions()
    _values()


def _names() -> None:
    @wrap(SecretsManagerBackend, "create_secret")
    def create_secret(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if not _NAME.match(given["name"]):
            message = (
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
                "-/_+=.@!"
            )
            raise AwsError("ValidationException", message)
        held = self.secrets.get(given["name"])
        if held is not None and held.is_deleted():
            message = "You can't create this secret because a secret with this name is already scheduled for deletion."
            raise AwsError("InvalidRequestException", message)
        if held is not None and not given.get("client_request_token"):
            message = f"The operation failed because the secret {given['name']} already exists."
            raise AwsError("ResourceExistsException", message)
        return original(self, **given)


def _scheduled_for_deletion() -> None:
    for name in _REFUSED:
        _refuse_marked(name)

    @wrap(SecretsManagerBackend, "delete_secret")
    def delete_secret(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        days, force = given.get("recovery_window_in_days"), given.get("force_delete_without_recovery")
        if days is not None and not 7 <= days <= 30:
            message = "RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
            raise AwsError("InvalidParameterException", message)
        if days and force:
            message = "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
            raise AwsError("InvalidParameterException", message)
        held = self.secrets.get(given["secret_id"])
        if held is not None and held.is_deleted() and not force:
            raise AwsError("InvalidRequestException", _MARKED)
        return original(self, **given)


def _refuse_marked(name: str) -> None:
    @wrap(SecretsManagerBackend, name)
    def refuse(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        held = self.secrets.get(given.get("secret_id") or given.get("arn"))
        if held is not None and held.is_deleted():
            raise AwsError("InvalidRequestException", _MARKED)
        return original(self, **given)


def _versions() -> None:
    @wrap(SecretsManagerBackend, "update_secret_version_stage")
    def update_stage(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        """moto moves the label but goes on to answer with the version that had it."""
        given = named(original, self, args, kwargs)
        answer = original(self, **given)
        secret = self.secrets[given["secret_id"]]
        for version_id, version in secret.versions.items():
            if "AWSCURRENT" in version["version_stages"]:
                secret.set_default_version_id(version_id)
        return answer

    @wrap(FakeSecret, "_form_version_ids_to_stages")
    def labelled(original: Any, self: Any) -> Any:
        """Versions without a label are deprecated: AWS does not list them."""
        return {version_id: stages for version_id, stages in original(self).items() if stages}


def _values() -> None:
    @wrap(SecretsManagerBackend, "get_secret_value")
    def get_secret_value(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        """A label that no version has is a missing value of the secret, not a missing secret."""
        given = named(original, self, args, kwargs)
        held, stage = self.secrets.get(given["secret_id"]), given.get("version_stage")
        by_stage = held is not None and stage and not given.get("version_id") and not held.is_deleted()
        if by_stage and not any(stage in version["version_stages"] for version in held.versions.values()):
            message = f"Secrets Manager can't find the specified secret value for staging label: {stage}"
            raise AwsError("ResourceNotFoundException", message)
        return original(self, **given)

    @wrap(SecretsManagerResponse, "put_secret_value")
    def put_secret_value(original: Any, self: Any) -> Any:
        if not self._get_param("SecretString") and not self._get_param("SecretBinary"):
            message = "You must provide either SecretString or SecretBinary."
            raise AwsError("InvalidRequestException", message)
        return original(self)

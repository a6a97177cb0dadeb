"""Master passwords that RDS keeps in Secrets Manager by itself."""

from __future__ import annotations

import json
from uuid import uuid4

from moto.moto_api._internal import mock_random

from tests.emulator.query_service import Context, Parameters
from tests.emulator.services.rds.common import refuse


def is_managed(parameters: Parameters) -> bool:
    """Whether a request leaves the password to RDS."""
    managed = bool(parameters.get("ManageMasterUserPassword"))
    if managed and parameters.get("MasterUserPassword"):
        raise refuse(
            "InvalidParameterCombination",
            "You can't specify MasterUserPassword when ManageMasterUserPassword is turned on.",
        )
    return managed


def make(context: Context, kind: str, arn: str, user: str, key_id: str | None) -> dict[str, str]:
    """Make the secret of a "DBInstance" or "DBCluster"; returns its MasterUserSecret."""
    password = "".join(
        mock_random.choice("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _unused in range(28)
    )
    short = "db" if kind == "DBInstance" else "cluster"
    secret = context.backend.secretsmanager.create_managed_secret(
        service_name="rds",
        secret_id=f"rds!{short}-{uuid4()}",
        secret_string=json.dumps({"username": user, "password": password}),
        description=f"The secret associated with the primary RDS DB {kind[2:].lower()}: {arn}",
        kms_key_id=key_id or "alias/aws/secretsmanager",
        tags=[{"Key": f"aws:rds:primary{kind}Arn", "Value": arn}],
    )
    key = context.backend.kms.describe_key(secret.kms_key_id or "alias/aws/secretsmanager").arn
    return {"SecretArn": secret.arn, "SecretStatus": "active", "KmsKeyId": key}


def remove(context: Context, secret: dict[str, str]) -> None:
    """Remove the secret, as RDS does with the database."""
    context.backend.secretsmanager.delete_secret(
        secret["SecretArn"], recovery_window_in_days=None, force_delete_without_recovery=True
    )

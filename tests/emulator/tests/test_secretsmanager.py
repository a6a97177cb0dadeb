"""Secrets Manager. Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/ (CreateSecret, DeleteSecret,
RestoreSecret, UpdateSecretVersionStage)."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def secrets(emulator: Any) -> Any:
    client = emulator.client("secretsmanager")
    client.create_secret(Name="app/secret", SecretString="first")
    return client


def test_a_secret_that_waits_for_deletion_blocks_its_name(secrets: Any, refused: Any) -> None:
    secrets.delete_secret(SecretId="app/secret", RecoveryWindowInDays=7)
    with refused("InvalidRequestException", "already scheduled for deletion"):
        secrets.create_secret(Name="app/secret", SecretString="x")
    for method, arguments in (
        ("get_secret_value", {}),
        ("put_secret_value", {"SecretString": "x"}),
        ("update_secret", {"Description": "x"}),
        ("tag_resource", {"Tags": [{"Key": "a", "Value": "b"}]}),
        ("delete_secret", {}),
    ):
        with refused("InvalidRequestException", "marked for deletion"):
            getattr(secrets, method)(SecretId="app/secret", **arguments)
    assert secrets.describe_secret(SecretId="app/secret")["DeletedDate"]
    assert secrets.list_secrets()["SecretList"] == []
    assert len(secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"]) == 1
    secrets.restore_secret(SecretId="app/secret")
    assert secrets.get_secret_value(SecretId="app/secret")["SecretString"] == "first"


def test_deletion_by_force_frees_the_name(secrets: Any, refused: Any) -> None:
    secrets.delete_secret(SecretId="app/secret", ForceDeleteWithoutRecovery=True)
    with refused("ResourceNotFoundException"):
        secrets.describe_secret(SecretId="app/secret")
    secrets.create_secret(Name="app/secret", SecretString="again")


def test_windows_are_7_to_30_days(secrets: Any, refused: Any) -> None:
    with refused("InvalidParameterException", "between 7 and 30"):
        secrets.delete_secret(SecretId="app/secret", RecoveryWindowInDays=6)
    with refused("InvalidParameterException", "in conjunction"):
        secrets.delete_secret(SecretId="app/secret", RecoveryWindowInDays=7, ForceDeleteWithoutRecovery=True)


def test_names_are_checked(secrets: Any, refused: Any) -> None:
    with refused("ValidationException", "Invalid name"):
        secrets.create_secret(Name="with space", SecretString="x")
    with refused("ResourceExistsException"):
        secrets.create_secret(Name="app/secret", SecretString="x")


def test_moving_the_label_moves_the_current_value(secrets: Any) -> None:
    first = secrets.get_secret_value(SecretId="app/secret")["VersionId"]
    second = secrets.put_secret_value(SecretId="app/secret", SecretString="second", VersionStages=["AWSPENDING"])
    assert secrets.get_secret_value(SecretId="app/secret")["SecretString"] == "first"
    secrets.update_secret_version_stage(
        SecretId="app/secret", VersionStage="AWSCURRENT", RemoveFromVersionId=first, MoveToVersionId=second["VersionId"]
    )
    assert secrets.get_secret_value(SecretId="app/secret")["SecretString"] == "second"
    previous = secrets.get_secret_value(SecretId="app/secret", VersionStage="AWSPREVIOUS")
    assert previous["SecretString"] == "first"


def test_versions_without_a_label_are_not_listed(secrets: Any) -> None:
    secrets.put_secret_value(SecretId="app/secret", SecretString="second")
    secrets.put_secret_value(SecretId="app/secret", SecretString="third")
    stages = secrets.describe_secret(SecretId="app/secret")["VersionIdsToStages"]
    assert sorted(stages.values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]

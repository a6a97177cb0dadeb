"""CloudWatch Logs. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/."""

from __future__ import annotations

from typing import Any

GROUP = "/ecs/production/app"


def test_retention_has_a_list_of_values(emulator: Any, refused: Any) -> None:
    """API_PutRetentionPolicy."""
    logs = emulator.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 7
    for days in (2, 10, 45, 4000):
        with refused("InvalidParameterException", "retentionInDays"):
            logs.put_retention_policy(logGroupName=GROUP, retentionInDays=days)


def test_keys_are_associated(emulator: Any, refused: Any) -> None:
    """API_AssociateKmsKey, API_DisassociateKmsKey: the key must exist and be enabled."""
    logs, kms = emulator.client("logs"), emulator.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName=GROUP)
    logs.associate_kms_key(logGroupName=GROUP, kmsKeyId=key)
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == key
    logs.disassociate_kms_key(logGroupName=GROUP)
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]
    with refused("InvalidParameterException", "KMS key does not exist"):
        logs.associate_kms_key(logGroupName=GROUP, kmsKeyId=key[:-1] + "x")
    kms.disable_key(KeyId=key)
    with refused("InvalidParameterException"):
        logs.create_log_group(logGroupName="other", kmsKeyId=key)
    with refused("ResourceNotFoundException"):
        logs.associate_kms_key(logGroupName="none", kmsKeyId=key)


def test_names_are_checked(emulator: Any, refused: Any) -> None:
    with refused("InvalidParameterException", "regular expression pattern"):
        emulator.client("logs").create_log_group(logGroupName="with space")


def test_groups_keep_their_class(emulator: Any, refused: Any) -> None:
    """API_CreateLogGroup, logGroupClass."""
    logs = emulator.client("logs")
    logs.create_log_group(logGroupName="a")
    logs.create_log_group(logGroupName="b", logGroupClass="INFREQUENT_ACCESS")
    classes = [group["logGroupClass"] for group in logs.describe_log_groups()["logGroups"]]
    assert classes == ["STANDARD", "INFREQUENT_ACCESS"]
    with refused("InvalidParameterException", "logGroupClass"):
        logs.create_log_group(logGroupName="c", logGroupClass="CHEAP")

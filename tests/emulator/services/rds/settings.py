"""Checks of what an instance is asked to be, in the order of the sections of the RDS User Guide."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends

from tests.emulator.query_service import Context, Parameters
from tests.emulator.services.rds.catalog import CERTIFICATE_AUTHORITIES, GP3_STRIPED, POSTGRES, STORAGE_LIMITS
from tests.emulator.services.rds.common import key_arn, refuse

MONITORING_INTERVALS = (0, 1, 5, 10, 15, 30, 60)
INSIGHTS_RETENTIONS = (7, *(31 * months for months in range(1, 24)), 731)

# What Performance Insights adds to a description.
INSIGHTS = (
    "DatabaseInsightsMode",
    "PerformanceInsightsEnabled",
    "PerformanceInsightsRetentionPeriod",
    "PerformanceInsightsKMSKeyId",
)

# Of a striped gp3 volume: baseline, and what may be chosen.
_STRIPED = {"Iops": (12000, 12000, 64000), "StorageThroughput": (500, 500, 4000)}


def storage(size: int | None, kind: str | None, iops: int | None, throughput: int | None) -> dict[str, Any]:
    """Size, type, IOPS and throughput, with the defaults of the type."""
    kind = kind or ("io1" if iops else "gp3")
    if kind not in STORAGE_LIMITS:
        raise refuse("InvalidParameterValue", f"Invalid storage type: {kind}")
    if not size:
        raise refuse("InvalidParameterValue", "The parameter AllocatedStorage must be provided and must not be blank.")
    least, most = STORAGE_LIMITS[kind]
    if not least <= size <= most:
        raise refuse(
            "InvalidParameterCombination",
            f"Invalid storage size for engine name {POSTGRES} and storage type {kind}: {size}",
        )
    if throughput and kind != "gp3":
        message = f"You can't specify storage throughput for engine {POSTGRES} and storage type {kind}."
        raise refuse("InvalidParameterCombination", message)
    found: dict[str, Any] = {"AllocatedStorage": size, "StorageType": kind}
    if kind == "gp3":
        return {**found, **_gp3(size, iops, throughput)}
    if kind in ("io1", "io2"):
        return {**found, "Iops": _provisioned(size, kind, iops), "StorageThroughput": None}
    if iops:
        message = f"You can't specify IOPS for engine {POSTGRES} and storage type {kind}."
        raise refuse("InvalidParameterCombination", message)
    return {**found, "Iops": None, "StorageThroughput": None}


def _gp3(size: int, iops: int | None, throughput: int | None) -> dict[str, int]:
    if size < GP3_STRIPED:
        if iops or throughput:
            raise refuse(
                "InvalidParameterCombination",
                f"You can't specify IOPS or storage throughput for engine {POSTGRES} and a storage size less than "
                f"{GP3_STRIPED}.",
            )
        return {"Iops": 3000, "StorageThroughput": 125}
    found = {}
    for name, wanted in (("Iops", iops), ("StorageThroughput", throughput)):
        baseline, least, most = _STRIPED[name]
        if wanted and not least <= wanted <= most:
            raise refuse(
                "InvalidParameterCombination",
                f"Invalid {'iops' if name == 'Iops' else 'storage throughput'} for engine name {POSTGRES} and storage "
                f"type gp3: {wanted}. It must be between {least} and {most}.",
            )
        found[name] = wanted or baseline
    return found


def _provisioned(size: int, kind: str, iops: int | None) -> int:
    if not iops:
        raise refuse("InvalidParameterCombination", f"You must specify IOPS for storage type {kind}.")
    ratio = iops / size
    if iops < 1000 or not 0.5 <= ratio <= (50 if kind == "io1" else 1000):
        raise refuse(
            "InvalidParameterCombination",
            f"Invalid iops to storage (GB) ratio for engine name {POSTGRES} and storage type {kind}: {ratio:.4f}",
        )
    return iops


def autoscaling_limit(size: int, limit: int | None) -> int | None:
    """Up to where RDS may grow the storage by itself."""
    if limit is None:
        return None
    if limit <= size:
        raise refuse("InvalidParameterCombination", "Max storage size must be greater than storage size")
    if limit * 10 < size * 11:
        message = "The maximum allocated storage must be increased by at least 10 percent."
        raise refuse("InvalidParameterCombination", message)
    return limit


def certificate(name: str | None) -> str:
    """The certificate authority of the server's certificate."""
    if name and name not in CERTIFICATE_AUTHORITIES:
        raise refuse("CertificateNotFound", f"Certificate not found: {name}")
    return name or CERTIFICATE_AUTHORITIES[0]


def certificate_details(name: str) -> dict[str, str]:
    """What AWS tells of the server's certificate."""
    return {"CAIdentifier": name, "ValidTill": "2061-05-25T00:00:00Z"}


def monitoring(context: Context, parameters: Parameters, current: dict[str, Any] | None = None) -> dict[str, Any]:
    """Enhanced Monitoring: an interval needs a role, and a role needs an interval."""
    current = current or {}
    interval = parameters.get("MonitoringInterval", current.get("MonitoringInterval", 0))
    role = parameters.get("MonitoringRoleArn", current.get("MonitoringRoleArn"))
    if interval not in MONITORING_INTERVALS:
        raise refuse(
            "InvalidParameterValue",
            f"Invalid value {interval} for MonitoringInterval. Valid values are 0, 1, 5, 10, 15, 30, 60.",
        )
    if interval and not role:
        raise refuse(
            "InvalidParameterCombination",
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.",
        )
    if not interval and parameters.get("MonitoringRoleArn"):
        raise refuse(
            "InvalidParameterCombination",
            "You must specify a MonitoringInterval value other than 0 when you specify a MonitoringRoleARN value.",
        )
    if not interval or not role:
        return {"MonitoringInterval": 0, "MonitoringRoleArn": None}
    _check_monitoring_role(context, role)
    return {"MonitoringInterval": interval, "MonitoringRoleArn": role}


def _check_monitoring_role(context: Context, arn: str) -> None:
    """The role must exist, and RDS must be able to assume it."""
    roles = iam_backends[context.account_id][context.backend.partition].get_roles()
    role = next((role for role in roles if role.arn == arn), None)
    policy = role.assume_role_policy_document if role else ""
    if "monitoring.rds.amazonaws.com" not in (policy if isinstance(policy, str) else json.dumps(policy)):
        raise refuse(
            "InvalidParameterValue",
            "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING",
        )


def insights(context: Context, parameters: Parameters, current: dict[str, Any] | None = None) -> dict[str, Any]:
    """Performance Insights."""
    current = current or {}
    enabled = parameters.get("EnablePerformanceInsights", current.get("PerformanceInsightsEnabled", False))
    retention = parameters.get("PerformanceInsightsRetentionPeriod")
    key = parameters.get("PerformanceInsightsKMSKeyId")
    mode = parameters.get("DatabaseInsightsMode", current.get("DatabaseInsightsMode", "standard"))
    if not enabled:
        if retention or key:
            raise refuse(
                "InvalidParameterCombination",
                "You can't specify PerformanceInsightsRetentionPeriod or PerformanceInsightsKMSKeyId unless "
                "Performance Insights is enabled.",
            )
        return {
            "DatabaseInsightsMode": mode,
            "PerformanceInsightsEnabled": False,
            "PerformanceInsightsRetentionPeriod": None,
            "PerformanceInsightsKMSKeyId": None,
        }
    retention = retention or current.get("PerformanceInsightsRetentionPeriod") or 7
    if retention not in INSIGHTS_RETENTIONS:
        raise refuse("InvalidParameterValue", f"Invalid Performance Insights retention period: {retention}")
    if mode == "advanced" and retention < 465:
        raise refuse(
            "InvalidParameterCombination",
            "To enable the advanced mode of Database Insights, set the retention period to at least 465 days.",
        )
    return {
        "DatabaseInsightsMode": mode,
        "PerformanceInsightsEnabled": True,
        "PerformanceInsightsRetentionPeriod": retention,
        "PerformanceInsightsKMSKeyId": key_arn(context, key or current.get("PerformanceInsightsKMSKeyId")),
    }


def encryption(context: Context, parameters: Parameters) -> dict[str, Any]:
    """Encryption at rest."""
    encrypted, key = bool(parameters.get("StorageEncrypted")), parameters.get("KmsKeyId")
    if key and not encrypted:
        message = "You must enable storage encryption to specify a KMS key."
        raise refuse("InvalidParameterCombination", message)
    return {"StorageEncrypted": encrypted, "KmsKeyId": key_arn(context, key) if encrypted else None}

"""Which buckets load balancers may write their logs to.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html: the bucket is in the
load balancer's region, encrypted with keys of S3's, and its policy lets the service's principal put objects below
[prefix/]AWSLogs/<account>; in regions from before August 2022 the policy may name an account of AWS's instead. Network
Load Balancers (.../network/enable-access-logs.html) write as delivery.logs.amazonaws.com, and take KMS keys as well.
"""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from moto.s3.models import s3_backends

from .common import Backend, invalid, invalid_configuration

_SERVICE = {"network": "delivery.logs.amazonaws.com"}
_DEFAULT_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"

# The accounts of Elastic Load Balancing in the older regions.
_ACCOUNTS = {
    "us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-1": "027434742980", "us-west-2": "797873946194",
    "ca-central-1": "985666609251", "sa-east-1": "507241528517", "eu-central-1": "054676820928",
    "eu-west-1": "156460612806", "eu-west-2": "652711504416", "eu-west-3": "009996457667", "eu-north-1": "897822967062",
    "ap-south-1": "718504428378", "ap-northeast-1": "582318560864", "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
}  # fmt: skip

# Logs of a load balancer, and what their test file is called.
_TEST_FILE = "ELBAccessLogTestFile"


def check(backend: Backend, kind: str, name: str, prefix: str) -> None:
    """Raise what Elastic Load Balancing answers when it cannot write its test file into the bucket."""
    if not name:
        raise invalid("The S3 bucket name must be specified when logs are enabled")
    bucket = s3_backends[backend.account_id][backend.partition].buckets.get(name)
    if bucket is None:
        raise invalid_configuration(f"S3 bucket '{name}' does not exist")
    if bucket.region_name != backend.region_name:
        raise invalid_configuration(
            f"S3Bucket: {name} is not located in the same region as your load balancer. Please specify a different "
            "bucket that is located in the same region"
        )
    path = "/".join([*filter(None, [prefix]), "AWSLogs", backend.account_id, _TEST_FILE])
    is_readable = kind == "network" or _algorithm(bucket) == "AES256"
    if not is_readable or not _may_put(bucket, f"arn:aws:s3:::{name}/{path}", _writers(backend, kind)):
        raise invalid_configuration(f"Access Denied for bucket: {name}. Please check S3bucket permission")


def _writers(backend: Backend, kind: str) -> set[tuple[str, str]]:
    service = ("Service", _SERVICE.get(kind, _DEFAULT_SERVICE))
    account = _ACCOUNTS.get(backend.region_name) if kind != "network" else None
    if account is None:
        return {service}
    return {service, ("AWS", account), ("AWS", f"arn:aws:iam::{account}:root")}


def _algorithm(bucket: Any) -> str:
    rule = (bucket.encryption or {}).get("Rule") or {}
    rule = rule[0] if isinstance(rule, list) else rule
    return rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "AES256")


def _may_put(bucket: Any, arn: str, writers: set[tuple[str, str]]) -> bool:
    document = json.loads(bucket.policy or "{}")
    for statement in _as_list(document.get("Statement") or []):
        principal = statement.get("Principal", {})
        named = (
            {(kind, name) for kind in principal for name in _as_list(principal[kind])} if principal != "*" else set()
        )
        allows = statement["Effect"] == "Allow" and (principal == "*" or named & writers)
        actions = any(_matches("s3:putobject", action.lower()) for action in _as_list(statement.get("Action") or []))
        if (
            allows
            and actions
            and any(_matches(arn, resource) for resource in _as_list(statement.get("Resource") or []))
        ):
            return True
    return False


def _matches(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""X-Ray's sampling rules, which moto lacks.

https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html
"""

from __future__ import annotations

import time
from typing import Any

from moto.xray import urls
from moto.xray.models import XRayBackend
from moto.xray.responses import XRayResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, add_path, wrap

_DEFAULT = {
    "RuleName": "Default", "ResourceARN": "*", "Priority": 10000, "FixedRate": 0.05, "ReservoirSize": 1,
    "ServiceName": "*", "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
    "Attributes": {},
}  # fmt: skip


def install() -> None:
    """Extend moto."""

    @wrap(XRayBackend, "__init__")
    def init(original: Any, self: Any, region_name: str, account_id: str) -> None:
        original(self, region_name, account_id)
        self.sampling_rules = {"Default": _record(self, dict(_DEFAULT))}
        self.rule_tags = {}

    for operation, handler in (
        ("CreateSamplingRule", _create),
        ("UpdateSamplingRule", _update),
        ("DeleteSamplingRule", _delete),
        ("GetSamplingRules", _get),
        ("ListTagsForResource", _list_tags),
        ("TagResource", _tag),
        ("UntagResource", _untag),
    ):
        add_operation(XRayResponse, operation, handler)
        path = "SamplingRules|GetSamplingRules" if operation == "GetSamplingRules" else operation
        for name in path.split("|"):
            add_path(urls, f"/{name}$", XRayResponse.dispatch)

    @wrap(XRayResponse, "_get_action")
    def get_action(original: Any, self: Any) -> str:
        """moto takes the path for the operation; one path differs."""
        action = original(self)
        return "GetSamplingRules" if action == "SamplingRules" else action


def _record(backend: Any, rule: dict[str, Any]) -> dict[str, Any]:
    now = time.time()
    arn = f"arn:aws:xray:{backend.region_name}:{backend.account_id}:sampling-rule/{rule['RuleName']}"
    return {"SamplingRule": rule | {"RuleARN": arn}, "CreatedAt": now, "ModifiedAt": now}


def _name(given: dict[str, Any]) -> str:
    return given.get("RuleName") or given.get("RuleARN", "").rpartition("/")[2]


def _held(backend: Any, given: dict[str, Any]) -> dict[str, Any]:
    if _name(given) not in backend.sampling_rules:
        raise AwsError("InvalidRequestException", f"Sampling rule does not exist. Name: {_name(given)}")
    return backend.sampling_rules[_name(given)]


def _create(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    backend, rule = response.xray_backend, given["SamplingRule"]
    if rule["RuleName"] in backend.sampling_rules:
        message = f"Sampling rule already exists. Name: {rule['RuleName']}"
        raise AwsError("InvalidRequestException", message)
    record = _record(backend, {"Attributes": {}} | rule)
    backend.sampling_rules[rule["RuleName"]] = record
    tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags", [])}
    backend.rule_tags[record["SamplingRule"]["RuleARN"]] = tags
    return {"SamplingRuleRecord": record}


def _update(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    update = given["SamplingRuleUpdate"]
    record = _held(response.xray_backend, update)
    changes = {key: value for key, value in update.items() if key not in ("RuleName", "RuleARN") and value is not None}
    record["SamplingRule"] |= changes
    record["ModifiedAt"] = time.time()
    return {"SamplingRuleRecord": record}


def _delete(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    backend = response.xray_backend
    record = _held(backend, given)
    if record["SamplingRule"]["RuleName"] == "Default":
        raise AwsError("InvalidRequestException", "The default sampling rule cannot be deleted.")
    del backend.sampling_rules[record["SamplingRule"]["RuleName"]]
    backend.rule_tags.pop(record["SamplingRule"]["RuleARN"], None)
    return {"SamplingRuleRecord": record}


def _get(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {"SamplingRuleRecords": list(response.xray_backend.sampling_rules.values())}


def _tags(response: Any, given: dict[str, Any]) -> dict[str, str]:
    arn = given["ResourceARN"]
    _held(response.xray_backend, {"RuleARN": arn})
    return response.xray_backend.rule_tags.setdefault(arn, {})


def _list_tags(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags(response, given).items()]}


def _tag(response: Any, given: dict[str, Any]) -> None:
    _tags(response, given).update({tag["Key"]: tag["Value"] for tag in given.get("Tags", [])})


def _untag(response: Any, given: dict[str, Any]) -> None:
    for key in given.get("TagKeys", []):
        _tags(response, given).pop(key, None)

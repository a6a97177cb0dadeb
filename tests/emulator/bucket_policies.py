"""Whether a bucket's policy lets one of AWS's services in, which services ask before they deliver into it."""

from __future__ import annotations

import fnmatch
import json
from typing import Any


def find_bucket(account: str, name: str) -> Any:
    """moto's bucket of this name in the account, or None."""
    from moto.s3.models import s3_backends

    return s3_backends[account]["aws"].buckets.get(name)


def lets_in(bucket: Any, service: str, action: str, resource: str, context: dict[str, str]) -> bool:
    """Whether the policy allows ``service`` the action on a resource; ``context``: condition keys in lower case."""
    text = bucket.policy
    statements = json.loads(text)["Statement"] if text else []
    context = {"aws:securetransport": "true", **context}
    fitting = [
        item["Effect"] for item in statements
        if _is_for(item, service, action, resource) and _holds(item.get("Condition", {}), context)
    ]  # fmt: skip
    return "Allow" in fitting and "Deny" not in fitting


def _is_for(statement: dict[str, Any], service: str, action: str, resource: str) -> bool:
    principal = statement.get("Principal", {})
    services = ["*"] if principal == "*" else _many(principal.get("Service", []))
    return (
        bool({"*", service} & set(services))
        and any(fnmatch.fnmatchcase(action.lower(), item.lower()) for item in _many(statement.get("Action", [])))
        and any(fnmatch.fnmatchcase(resource, item) for item in _many(statement.get("Resource", [])))
    )


def _holds(condition: dict[str, dict[str, Any]], context: dict[str, str]) -> bool:
    return all(
        key.lower() in context
        and any(fnmatch.fnmatchcase(context[key.lower()].lower(), str(value).lower()) for value in _many(values))
        for keys in condition.values()
        for key, values in keys.items()
    )


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""Whether an IAM role may do something, by its trust and its policies.

Conditions count as met in statements that allow and are not looked at in statements that deny: the emulator knows
too little of a request's context to judge them. Where a caller gives a context, statements that allow are held to their
conditions on its keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from moto.iam.models import iam_backends


def find_role(account: str, partition: str, role_arn: str) -> Any | None:
    roles = iam_backends[account][partition].roles.values()
    return next((role for role in roles if role.arn == role_arn), None)


def trusts(role: Any, service: str, context: dict[str, str] | None = None) -> bool:
    """Whether the role's trust policy lets an AWS service assume it."""
    for statement in _statements(role.assume_role_policy_document):
        principals = statement.get("Principal") or {}
        named = _as_list(principals.get("Service")) if isinstance(principals, dict) else ["*"]
        allowing = statement.get("Effect") == "Allow" and _matches(_as_list(statement.get("Action")), "sts:AssumeRole")
        if allowing and (service in named or "*" in named) and _meets(statement, context or {}):
            return True
    return False


def allows(
    role: Any,
    action: str,
    resource: str,
    resource_policy: str | None = None,
    context: dict[str, str] | None = None,
) -> bool:
    """Whether the role's policies (or that of the resource) allow an action, and none denies it."""
    applying = [
        statement
        for document in _documents(role)
        for statement in _statements(document)
        if _applies(statement, action, resource)
    ]
    if resource_policy:
        applying += [
            statement
            for statement in _statements(resource_policy)
            if _applies({"Resource": "*"} | statement, action, resource) and _names(statement, role.arn)
        ]
    if any(statement["Effect"] == "Deny" and not statement.get("Condition") for statement in applying):
        return False
    return any(statement["Effect"] == "Allow" and _meets(statement, context or {}) for statement in applying)


def denied(role: Any, session: str, action: str, resource: str) -> str:
    """How AWS reports that an assumed role may not do something."""
    account = role.arn.split(":")[4]
    return (
        f"AccessDeniedException: User: arn:aws:sts::{account}:assumed-role/{role.name}/{session} is not authorized to "
        f"perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
    )


def _documents(role: Any) -> Iterator[str | dict[str, Any]]:
    yield from role.policies.values()
    for policy in role.managed_policies.values():
        yield from [version.document for version in policy.versions if version.is_default]


def _statements(document: str | dict[str, Any]) -> list[dict[str, Any]]:
    content = json.loads(document) if isinstance(document, str) else document
    return _as_list(content.get("Statement"))


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _names(statement: dict[str, Any], role_arn: str) -> bool:
    """Whether a resource policy's statement is about the role."""
    principal = statement.get("Principal")
    return principal == "*" or (
        isinstance(principal, dict) and bool({role_arn, "*"} & set(_as_list(principal.get("AWS"))))
    )


def _applies(statement: dict[str, Any], action: str, resource: str) -> bool:
    if "NotAction" in statement:
        of_action = not _matches(_as_list(statement["NotAction"]), action)
    else:
        of_action = _matches(_as_list(statement.get("Action")), action)
    if "NotResource" in statement:
        return of_action and not _matches(_as_list(statement["NotResource"]), resource)
    return of_action and _matches(_as_list(statement.get("Resource")), resource)


def _meets(statement: dict[str, Any], context: dict[str, str]) -> bool:
    """Whether the conditions on what is known of the request are met: texts and ARNs, equal or alike."""
    for operator, conditions in (statement.get("Condition") or {}).items():
        for key, values in conditions.items():
            known = next((value for name, value in context.items() if name.lower() == key.lower()), None)
            if known is None:
                continue
            is_exact = operator.startswith("StringEquals")
            if not (known in _as_list(values) if is_exact else _matches(_as_list(values), known)):
                return False
    return True


def _matches(patterns: list[str], value: str) -> bool:
    """Wildcards as IAM has them; actions are compared without regard to case, ARNs with."""
    flags = 0 if value.startswith("arn:") else re.IGNORECASE
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), value, flags) for pattern in patterns
    )

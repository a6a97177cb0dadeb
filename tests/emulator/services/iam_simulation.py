"""IAM's policy simulator, which moto lacks: SimulatePrincipalPolicy for users with their groups, and for roles.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Conditions: the
operators of strings and switches, with IfExists and those for sets of values. Policies of organizations do not exist.
"""

from __future__ import annotations

import fnmatch
import json
import re
from typing import Any

from moto.iam.responses import IamResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation

_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*]+")
_DEFAULT_PAGE = 100


def install() -> None:
    """Extend moto."""
    add_operation(IamResponse, "SimulatePrincipalPolicy", _simulate)


def _simulate(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    for action in given["ActionNames"]:
        if not _ACTION.fullmatch(action):
            raise AwsError("InvalidInput", f"Invalid Entity Action: {action}")
    policies, boundary = _policies(response.backend, given["PolicySourceArn"])
    context = {entry["ContextKeyName"].lower(): entry["ContextKeyValues"] for entry in given.get("ContextEntries", [])}
    resources = given.get("ResourceArns") or ["*"]
    results = [_result(action, resources, policies, boundary, context) for action in given["ActionNames"]]
    start = int(given.get("Marker") or 0)
    end = start + (given.get("MaxItems") or _DEFAULT_PAGE)
    more = {"Marker": str(end)} if end < len(results) else {}
    return {"EvaluationResults": results[start:end], "IsTruncated": bool(more), **more}


def _policies(backend: Any, arn: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]] | None]:
    """The statements of a user or role, and those of its boundary."""
    kind, _slash, name = arn.rpartition(":")[2].partition("/")
    name = name.rpartition("/")[2]
    if kind == "user":
        entities = [backend.get_user(name), *backend.get_groups_for_user(name)]
    elif kind == "role":
        entities = [backend.get_role(name)]
    else:
        raise AwsError("InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    if entities[0].arn != arn:
        raise AwsError("NoSuchEntity", f"The {kind} with name {name} cannot be found.", 404)
    documents: list[Any] = []
    for entity in entities:
        documents += entity.policies.values()
        documents += [_document(policy) for policy in entity.managed_policies.values()]
    bound = getattr(entities[0], "permissions_boundary", None)
    bound_arn = bound.get("PermissionsBoundaryArn") if isinstance(bound, dict) else bound
    boundary = _statements([_document(backend.get_policy(bound_arn))]) if bound_arn else None
    return _statements(documents), boundary


def _document(policy: Any) -> Any:
    """What the default version of a managed policy says."""
    return next(version.document for version in policy.versions if version.version_id == policy.default_version_id)


def _statements(documents: list[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for document in documents:
        policy = json.loads(document) if isinstance(document, str) else document
        found += _many(policy["Statement"])
    return found


def _result(
    action: str,
    resources: list[str],
    statements: list[dict[str, Any]],
    boundary: list[dict[str, Any]] | None,
    context: dict[str, list[str]],
) -> dict[str, Any]:
    single = []
    for resource in resources:
        missing: set[str] = set()
        decision = _decision(action, resource, statements, context, missing)
        if boundary is not None and decision == "allowed":
            decision = _decision(action, resource, boundary, context, missing)
        single.append(
            {
                "EvalResourceName": resource,
                "EvalResourceDecision": decision,
                "MatchedStatements": [],
                "MissingContextValues": sorted(missing),
            }
        )
    order = ("explicitDeny", "implicitDeny", "allowed")
    result = {
        "EvalActionName": action,
        "EvalResourceName": "*",
        "EvalDecision": min((item["EvalResourceDecision"] for item in single), key=order.index),
        "MatchedStatements": [],
        "MissingContextValues": [],
    }
    if resources == ["*"]:
        return {**result, "MissingContextValues": single[0]["MissingContextValues"]}
    return {**result, "ResourceSpecificResults": single}


def _decision(
    action: str, resource: str, statements: list[dict[str, Any]], context: dict[str, list[str]], missing: set[str]
) -> str:
    effects = {
        statement["Effect"]
        for statement in statements
        if _names(statement, "Action", action.lower(), lower=True)
        and _names(statement, "Resource", resource)
        and _holds(statement.get("Condition", {}), context, missing)
    }
    return "explicitDeny" if "Deny" in effects else "allowed" if "Allow" in effects else "implicitDeny"


def _names(statement: dict[str, Any], element: str, value: str, lower: bool = False) -> bool:
    """Whether an element of a statement, or its opposite, means the value."""
    for key, wanted in ((element, True), (f"Not{element}", False)):
        if key in statement:
            patterns = [pattern.lower() if lower else pattern for pattern in _many(statement[key])]
            return any(fnmatch.fnmatchcase(value, pattern) for pattern in patterns) is wanted
    return False


def _holds(conditions: dict[str, Any], context: dict[str, list[str]], missing: set[str]) -> bool:
    """Whether all conditions hold; keys that nobody gave are noted."""
    held = True
    for operator, keys in conditions.items():
        name = operator.rpartition(":")[2]
        negated, optional = "Not" in name, name.endswith("IfExists")
        for key, wanted in keys.items():
            patterns = [str(item).lower() for item in _many(wanted)]
            if key.lower() not in context:
                missing.add(key)
                # What is not there differs from everything, and fits what may be missing.
                held = held and (negated or optional)
                continue
            fits = [
                any(fnmatch.fnmatchcase(value.lower(), pattern) for pattern in patterns)
                for value in context[key.lower()]
            ]
            one = all(fits) if operator.startswith("ForAllValues") else any(fits)
            held = held and one is not negated
    return held


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

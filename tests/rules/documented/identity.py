"""IAM: roles, users and the forms of policies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, as_list, document, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_QUOTAS = page("IAM/latest/UserGuide/reference_iam-quotas.html")
_GRAMMAR = page("IAM/latest/UserGuide/reference_policies_grammar.html")
_POLICIES = ("iam:Put*Policy", "iam:CreatePolicy", "iam:CreateRole", "iam:UpdateAssumeRolePolicy")
_STATEMENT = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}  # fmt: skip


def _size(text: str) -> int:
    """The size of a policy, for which white space does not count."""
    return len(re.sub(r"\s", "", text))


def _document(request: Request) -> Any:
    return document(request.get("PolicyDocument") or request.get("AssumeRolePolicyDocument") or "{}")


def statements(request: Request) -> list[dict[str, Any]]:
    """The statements of the policy that a request brings."""
    policy = _document(request)
    return [item for item in as_list(policy.get("Statement")) if isinstance(item, dict)] if policy else []


@rule("iam:CreateRole", "iam:CreateUser", "iam:Put*Policy", source=_QUOTAS)
def names_of_identities(request: Request, _world: World) -> Iterator[str]:
    """Names of roles and users have at most 64 letters, digits and +=,.@_-, names of policies at most 128."""
    for name, longest in (("RoleName", 64), ("UserName", 64), ("PolicyName", 128)):
        yield from text_problem(name, request.get(name), r"[\w+=,.@-]+", longest)


@rule("iam:PutRolePolicy", "iam:PutUserPolicy", source=_QUOTAS)
def sizes_of_policies(request: Request, world: World) -> Iterator[str]:
    """All inline policies of a role have at most 10240 characters together, those of a user 2048; white space is
    free."""
    owner, most = ("RoleName", 10240) if request.get("RoleName") else ("UserName", 2048)
    removed = "iam:DeleteRolePolicy" if owner == "RoleName" else "iam:DeleteUserPolicy"
    sizes: dict[str, int] = {}
    for change in (*world.done(str(request)), *world.done(removed), request):
        if change.get(owner) == request.get(owner):
            sizes[change.get("PolicyName")] = _size(change.get("PolicyDocument", ""))
    yield from range_problem("their size", sum(sizes.values()), 0, most)


@rule("iam:CreateRole", "iam:UpdateAssumeRolePolicy", source=_QUOTAS)
def sizes_of_trust_policies(request: Request, _world: World) -> Iterator[str]:
    """A role's trust policy has at most 2048 characters; white space is free."""
    text = request.get("AssumeRolePolicyDocument") or request.get("PolicyDocument")
    yield from range_problem("its size", _size(text), 0, 2048)


@rule(*_POLICIES, source=_GRAMMAR)
def forms_of_policies(request: Request, _world: World) -> Iterator[str]:
    """A policy is JSON of version 2012-10-17 whose statements have an effect, actions, and nothing that the grammar
    lacks."""
    policy = _document(request)
    if not isinstance(policy, dict):
        yield "it is no JSON object"
        return
    if policy.get("Version") != "2012-10-17":
        yield f"Version is {policy.get('Version')!r}"
    if not statements(request):
        yield "it has no statement"
    for statement in statements(request):
        unknown = sorted(set(statement) - _STATEMENT)
        if unknown or statement.get("Effect") not in ("Allow", "Deny"):
            yield f"a statement has {', '.join(statement)}"
        if ("Action" in statement) == ("NotAction" in statement):
            yield f"statement {statement.get('Sid')} has no or both of Action and NotAction"


@rule(*_POLICIES, source=page("IAM/latest/UserGuide/reference_policies_elements_sid.html"))
def ids_of_statements(request: Request, _world: World) -> Iterator[str]:
    """A statement's Sid has letters and digits only, and no other statement of its policy has it."""
    ids = [statement["Sid"] for statement in statements(request) if "Sid" in statement]
    for identifier in ids:
        yield from text_problem("Sid", identifier, r"[A-Za-z0-9]*")
    if len(set(ids)) < len(ids):
        yield f"they are {', '.join(ids)}"


@rule(
    "iam:CreateRole",
    "iam:UpdateAssumeRolePolicy",
    source=page("IAM/latest/UserGuide/reference_policies_elements_principal.html"),
)
def principals_of_trust_policies(request: Request, _world: World) -> Iterator[str]:
    """A trust policy names principals and no resources; a service is named as ecs-tasks.amazonaws.com is."""
    for statement in statements(request):
        if "Principal" not in statement or "Resource" in statement:
            yield f"a statement has {', '.join(statement)}"
        principal = statement.get("Principal", {})
        for service in as_list(principal.get("Service")) if isinstance(principal, dict) else []:
            yield from text_problem("a service", service, r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")


@rule("iam:PutRolePolicy", "iam:PutUserPolicy", "iam:CreatePolicy", source=_GRAMMAR)
def resources_of_policies(request: Request, _world: World) -> Iterator[str]:
    """A policy of an identity names resources and no principals."""
    for statement in statements(request):
        if ("Resource" in statement) == ("NotResource" in statement) or "Principal" in statement:
            yield f"a statement has {', '.join(statement)}"


@rule("iam:CreateRole", "iam:UpdateRole", source=api("iam", "CreateRole"))
def sessions_of_roles(request: Request, _world: World) -> Iterator[str]:
    """A role's session lasts 3600 to 43200 s at most; its description has at most 1000 characters."""
    yield from range_problem("MaxSessionDuration", request.get("MaxSessionDuration"), 3600, 43200)
    yield from range_problem("the description's length", len(request.get("Description", "")), 0, 1000)


@rule("iam:AttachRolePolicy", source=_QUOTAS)
def policies_of_roles(request: Request, world: World) -> Iterator[str]:
    """A role has at most 10 managed policies; each is named by its ARN."""
    yield from text_problem(
        "PolicyArn", request.get("PolicyArn"), r"arn:aws[\w-]*:iam::(aws|\d{12}):policy/[\w+=,.@/-]+"
    )
    attached: set[str] = set()
    for change in (*world.done("iam:AttachRolePolicy"), request):
        if change.get("RoleName") == request.get("RoleName"):
            attached.add(change.get("PolicyArn"))
    for change in world.done("iam:DetachRolePolicy"):
        if change.get("RoleName") == request.get("RoleName"):
            attached.discard(change.get("PolicyArn"))
    yield from range_problem("their number", len(attached), 0, 10)


@rule("iam:CreateAccessKey", source=_QUOTAS)
def keys_of_users(request: Request, world: World) -> Iterator[str]:
    """A user has at most two access keys."""
    user = request.get("UserName")
    made = sum(change.get("UserName") == user for change in world.done("iam:CreateAccessKey"))
    if made - sum(change.get("UserName") == user for change in world.done("iam:DeleteAccessKey")) >= 2:
        yield f"{user} has two"


RULES: tuple[Rule, ...] = (
    names_of_identities,
    sizes_of_policies,
    sizes_of_trust_policies,
    forms_of_policies,
    ids_of_statements,
    principals_of_trust_policies,
    resources_of_policies,
    sessions_of_roles,
    policies_of_roles,
    keys_of_users,
)

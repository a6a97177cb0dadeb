"""Secrets Manager and SSM parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_WRITES = ("secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret")


@rule("secretsmanager:CreateSecret", source=api("secretsmanager", "CreateSecret"))
def names_of_secrets(request: Request, _world: World) -> Iterator[str]:
    """A secret's name has at most 512 letters, digits and /_+=.@-, and does not end with a hyphen and six characters,
    for then it looks like the end of an ARN."""
    name = request.get("Name")
    yield from text_problem("Name", name, r"[A-Za-z0-9/_+=.@-]+", 512)
    if name and re.search(r"-[A-Za-z0-9]{6}$", name):
        yield f"Name is {name!r}"


@rule(*_WRITES, source=page("secretsmanager/latest/userguide/reference_limits.html"))
def sizes_of_secrets(request: Request, _world: World) -> Iterator[str]:
    """A secret's value is text or bytes, of 1 to 65536 bytes."""
    values = [request.get(name) for name in ("SecretString", "SecretBinary") if request.get(name) is not None]
    if len(values) > 1:
        yield "it is both"
    for value in values:
        yield from range_problem("its size", len(value.encode()), 1, 65536)


@rule("secretsmanager:DeleteSecret", source=api("secretsmanager", "DeleteSecret"))
def recovery_of_secrets(request: Request, _world: World) -> Iterator[str]:
    """A deleted secret can be recovered for 7 to 30 days, or is deleted at once, not both."""
    days = request.get("RecoveryWindowInDays")
    yield from range_problem("RecoveryWindowInDays", days, 7, 30)
    if days is not None and request.get("ForceDeleteWithoutRecovery"):
        yield "it is both"


@rule("ssm:PutParameter", source=page("systems-manager/latest/userguide/parameter-store-advanced-parameters.html"))
def sizes_of_parameters(request: Request, _world: World) -> Iterator[str]:
    """A standard parameter holds 4096 bytes, an advanced one 8192; Intelligent-Tiering takes what is needed."""
    most = 4096 if request.get("Tier", "Standard") == "Standard" else 8192
    yield from range_problem("its size", len(request.get("Value", "").encode()), 1, most)


@rule("ssm:PutParameter", source=api("ssm", "PutParameter"))
def names_of_parameters(request: Request, _world: World) -> Iterator[str]:
    """A parameter's name has letters, digits and _.-, with slashes at most 15 levels and one first; it does not begin
    with aws or ssm."""
    name = request.get("Name", "")
    yield from text_problem("Name", name, r"[A-Za-z0-9_.-]+|(/[A-Za-z0-9_.-]+){1,15}", 1011)
    if re.match(r"/?(aws|ssm)", name, re.IGNORECASE):
        yield f"Name is {name!r}"


@rule("ssm:PutParameter", source=api("ssm", "PutParameter"))
def tags_of_parameters(request: Request, _world: World) -> Iterator[str]:
    """Tags are given to a new parameter only, and never together with Overwrite."""
    if request.get("Tags") and request.get("Overwrite"):
        yield "it overwrites and has tags"


RULES: tuple[Rule, ...] = (
    names_of_secrets,
    sizes_of_secrets,
    recovery_of_secrets,
    sizes_of_parameters,
    names_of_parameters,
    tags_of_parameters,
)

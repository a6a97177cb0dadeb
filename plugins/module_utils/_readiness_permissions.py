# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether who asks may do what the stack needs, as IAM's policy simulator judges it. Nothing is tried.

The simulator knows the policies of users and roles, their boundaries, and those of the organization, but neither
sessions nor the policies of resources. It is asked of all resources first; what is refused there may still be allowed
for the stack's own, so that is asked once more, of ARNs such as theirs. Only what is refused twice is a fault.
"""

from __future__ import annotations

import itertools
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._permissions import actions, resources
from ansible_collections.webstack.aws.plugins.module_utils._readiness import Fault, Fields, Findings
from ansible_collections.webstack.aws.plugins.module_utils._readiness_names import bucket_name

VARIABLE = "permissions"

#: What asks: a user, a role, or a session of a role, whose ARN names the role without its path.
SOURCE = re.compile(r"arn:(?P<partition>[a-z-]+):iam::\d{12}:(user|role)/.+")
SESSION = re.compile(r"arn:(?P<partition>[a-z-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/.+")

#: IAM API, SimulatePrincipalPolicy, MaxItems: at most 1000.
PAGE = {"PageSize": 1000}
ALLOWED = "allowed"


def check_permissions(aws: Aws, wanted: Fields, arn: str, findings: Findings) -> None:
    """Whether the identity is allowed all that the parts of the stack need."""
    what = f"the permissions of {arn}"
    with findings.asking(aws, what):
        source = _source(aws, arn)
        if not source:
            findings.unchecked.append(f"{what}: IAM simulates those of users and roles only")
            return
        needed = actions(wanted["parts"])
        refused = [one for one in _simulate(aws, source, needed, [], wanted) if not one.is_allowed]
        if not refused:
            return
        still = _still_refused(aws, source, refused, arn, wanted, findings)
        findings.faults += permission_faults(arn, [one for one in still if not one.missing])
        unsure = [one for one in still if one.missing]
        if unsure:
            names = in_short(one.action for one in unsure)
            keys = ", ".join(sorted({key for one in unsure for key in one.missing}))
            findings.unchecked.append(f"whether {arn} may do {names}: its policies depend on {keys}")


class Verdict(t.NamedTuple):
    """What the simulator says of an action. missing: keys of conditions that only a real request has."""

    action: str
    is_allowed: bool
    missing: tuple[str, ...]
    is_organizations: bool


def verdict(result: Fields) -> Verdict:
    """One result of the simulation; it is allowed where it is allowed for any of the resources. Pure."""
    single = result.get("ResourceSpecificResults") or []
    decisions = [item["EvalResourceDecision"] for item in single] or [result["EvalDecision"]]
    missing = {key for item in [result, *single] for key in item.get("MissingContextValues", [])}
    allowed_there = result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True)
    return Verdict(result["EvalActionName"], ALLOWED in decisions, tuple(sorted(missing)), not allowed_there)


def permission_faults(arn: str, refused: t.Sequence[Verdict]) -> list[Fault]:
    """One fault for what the identity's policies refuse, one for what the organization's do. Pure."""
    faults = []
    for by_organization, whose in ((False, "the identity's policies"), (True, "the organization's policies")):
        names = [one.action for one in refused if one.is_organizations is by_organization]
        if names:
            faults.append(
                Fault(
                    VARIABLE,
                    f"{arn} may not do {in_short(names)}",
                    f"{'these actions' if len(names) > 1 else 'this action'} allowed by {whose}, or another profile",
                )
            )
    return faults


def in_short(names: t.Iterable[str]) -> str:
    """Actions in the words of the roles' READMEs: each service once. Pure."""
    services = itertools.groupby(sorted(names), key=lambda name: name.split(":")[0])
    return "; ".join(
        f"{service}:{', '.join(name.removeprefix(f'{service}:') for name in group)}" for service, group in services
    )


def _source(aws: Aws, arn: str) -> str:
    """The user or role whose policies count; empty where there is none, as with root and federated users."""
    session = SESSION.fullmatch(arn)
    if session:
        return aws.read("iam", "get_role", "Role", RoleName=session["role"])["Arn"]
    return arn if SOURCE.fullmatch(arn) else ""


def _simulate(aws: Aws, source: str, names: list[str], arns: list[str], wanted: Fields) -> list[Verdict]:
    results = aws.read(
        "iam",
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=source,
        ActionNames=names,
        ContextEntries=context(aws.region, wanted["tags"]),
        PaginationConfig=PAGE,
        **({"ResourceArns": arns} if arns else {}),
    )
    return [verdict(result) for result in results]


def context(region: str, tags: t.Mapping[str, str]) -> list[Fields]:
    """What every request of this collection has, by the names of IAM's condition keys. Pure."""
    single = {
        "aws:RequestedRegion": region,
        "iam:PassedToService": "ecs-tasks.amazonaws.com",
        **{f"aws:{whose}/{key}": value for key, value in tags.items() for whose in ("RequestTag", "ResourceTag")},
    }
    entries = [
        {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
        for key, value in single.items()
    ]
    entries.append({"ContextKeyName": "aws:SecureTransport", "ContextKeyType": "boolean", "ContextKeyValues": ["true"]})
    if tags:
        entries.append(
            {"ContextKeyName": "aws:TagKeys", "ContextKeyType": "stringList", "ContextKeyValues": sorted(tags)}
        )
    return entries


def _still_refused(
    aws: Aws, source: str, refused: list[Verdict], arn: str, wanted: Fields, findings: Findings
) -> list[Verdict]:
    """Ask once more, service by service, of the stack's own resources."""
    _arn, partition, _service, _region, account, _name = arn.split(":", 5)
    place = {"partition": partition, "region": aws.region, "account": account, "prefix": wanted["name_prefix"]}
    buckets = [bucket_name(item["name"], account) for item in wanted["buckets"]]
    names = {"s3": [f"arn:{partition}:s3:::{name}" for name in buckets]}
    still: list[Verdict] = []
    for service, group in itertools.groupby(refused, key=lambda one: one.action.split(":")[0]):
        some = list(group)
        arns = resources(service, place, names)
        if not arns:
            still += some
            continue
        with findings.asking(aws, f"whether {in_short(one.action for one in some)} are allowed"):
            verdicts = _simulate(aws, source, [one.action for one in some], arns, wanted)
            still += [one for one in verdicts if not one.is_allowed]
    return still

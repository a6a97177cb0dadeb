"""The cases of ``test_truth``: read from their files, put into batches, and held to what a plan or a run says. Pure.

A case is one change to a built stack, in a file ``<stack>/<name>.yml``:

- ``description``: the change in words.
- ``variables``: what the user changes; mappings are laid over what the inventory says, everything else replaces it.
- ``calls``: what somebody else does behind its back, each ``{service, operation, arguments}`` as boto3 takes it, with
  ``keep: {name: jmespath}`` for what later calls name as ``{name}``. A case has variables or calls.
- ``expect``: every resource that the plan and the run must then name, each ``{kind, name, action, fields}``. ``fields``
  may be left out of what is created.
- ``after``: the case that must have been carried out before, if there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TRUTH = Path(__file__).resolve().parent

#: In which environment each stack is built: together they touch every role.
ENVIRONMENTS = {"whatsmeow": "homolog", "apuntador": "homolog", "revendiste": "staging"}

#: A resource, and what happens to it: the action and the fields, which may be unknown in what is expected.
Resource = tuple[str, str]
Outcome = tuple[str, frozenset[str] | None]
Outcomes = dict[Resource, Outcome]

#: What a run keeps for itself of every stack.
BOOKKEEPING = re.compile(r"^/webstack/.*/applied$")

#: What ACM makes up for the records that validate a certificate: nobody knows it before. Cases write ``_*`` for it.
TOKEN = re.compile(r"^_[0-9a-f]{32}(?=\.)")


@dataclass(frozen=True)
class Case:
    """One change."""

    name: str
    description: str
    variables: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    expect: list[dict[str, Any]] = field(default_factory=list)
    after: str = ""

    @property
    def expected(self) -> Outcomes:
        return {
            (item["kind"], item["name"]): (item["action"], frozenset(item["fields"]) if "fields" in item else None)
            for item in self.expect
        }


def cases_of(stack: str) -> list[Case]:
    """A stack's cases by name."""
    return [Case(path.stem, **yaml.safe_load(path.read_text())) for path in sorted((TRUTH / stack).glob("*.yml"))]


def batches(cases: Sequence[Case]) -> list[list[Case]]:
    """The cases in as few batches as it takes: no two of a batch touch the same resource, so that each one is told
    apart from the others, and every case is in a batch after the one that it comes after."""
    found: list[list[Case]] = []
    place: dict[str, int] = {}
    left = list(cases)
    while left:
        ready = [case for case in left if not case.after or case.after in place]
        if not ready:
            raise ValueError(f"these cases come after none that there is: {', '.join(case.name for case in left)}")
        for case in ready:
            number = place[case.after] + 1 if case.after else 0
            while number < len(found) and any(not apart(case, other) for other in found[number]):
                number += 1
            found += [[] for _unused in range(len(found), number + 1)]
            found[number].append(case)
            place[case.name] = number
        left = [case for case in left if case.name not in place]
    return found


def apart(one: Case, other: Case) -> bool:
    """Whether two cases have no resource in common."""
    return not set(one.expected) & set(other.expected)


def inventory(stack: str, environment: str) -> dict[str, Any]:
    """A stack's variables as they are written in the inventory, with their templates."""
    files = [ROOT / "inventories" / environment / path for path in ("group_vars/all.yml", f"host_vars/{stack}.yml")]
    everybody, host = (yaml.safe_load(path.read_text()) if path.exists() else {} for path in files)
    declared = yaml.safe_load((ROOT / "inventories" / "stacks" / f"{stack}.yml").read_text())
    return {**everybody, **declared["all"]["hosts"][stack], **host}


def laid_over(base: Any, over: Any) -> Any:
    """``over`` laid over ``base``: mappings key by key, everything else as a whole."""
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return over
    return {**base, **{key: laid_over(base.get(key), value) for key, value in over.items()}}


def filled(value: Any, kept: Mapping[str, Any]) -> Any:
    """``value`` with each ``{name}`` in it replaced by what was kept under that name."""
    if isinstance(value, Mapping):
        return {key: filled(item, kept) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, kept) for item in value]
    if not isinstance(value, str):
        return value
    whole = re.fullmatch(r"\{(\w+)\}", value)
    if whole and whole[1] in kept:
        return kept[whole[1]]
    return re.sub(r"\{(\w+)\}", lambda found: str(kept[found[1]]) if found[1] in kept else found[0], value)


def outcomes(document: Mapping[str, Any]) -> Outcomes:
    """What a plan, or the document of a run, says that happens. What a plan says would go once the user allows it
    does not happen."""
    return {
        (item["kind"], TOKEN.sub("_*", item["name"])): (
            item["action"],
            frozenset(change["field"] for change in item["changes"]),
        )
        for stack in document["stacks"]
        for item in stack["resources"]
        if item["action"] != "none"
        and not (item["action"] == "delete" and item["gates"])
        and not (item["kind"] == "ssm_parameter" and BOOKKEEPING.match(item["name"]))
    }


def differences(whose: str, expected: Outcomes, found: Outcomes, label: Mapping[Resource, str]) -> list[str]:
    """In what ``found`` is not what is expected, in sentences. label: which case expects a resource."""
    sentences = []
    for resource in sorted({*expected, *found}):
        wanted, got = expected.get(resource), found.get(resource)
        if wanted and got and wanted[1] is None:
            wanted = (wanted[0], got[1])
        if wanted != got:
            case = label.get(resource, "no case")
            sentences.append(f"{case}: {' '.join(resource)}: expected {words(wanted)}, {whose} {words(got)}")
    return sentences


def words(outcome: Outcome | None) -> str:
    """An outcome as text."""
    if outcome is None:
        return "nothing"
    action, fields = outcome
    return action if fields is None else f"{action} ({', '.join(sorted(fields))})"


def union(cases: Iterable[Case]) -> tuple[Outcomes, dict[Resource, str]]:
    """What the cases of a batch expect together, and which of them expects what."""
    expected: Outcomes = {}
    label: dict[Resource, str] = {}
    for case in cases:
        expected |= case.expected
        label |= dict.fromkeys(case.expected, case.name)
    return expected, label

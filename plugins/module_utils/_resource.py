# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core of every own module: read, normalize, compare, apply."""

from __future__ import annotations

import re
import time
import typing as t

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._compare import Change, compare
from ansible_collections.webstack.aws.plugins.module_utils._errors import (
    AwsError,
    ImmutableError,
    NotOursError,
    ReplacementError,
)
from ansible_collections.webstack.aws.plugins.module_utils._plan import Gate, Kept, entry
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_to_dict, wanted_tags

#: For how long a thing that was just made may be missing from AWS's answers (reads lag behind writes).
VISIBLE_SECONDS = 60

#: How the codes of such answers look, in whatever service.
NOT_YET = re.compile(r"NotFound|NoSuch|^404$")

Fields = dict[str, t.Any]


class Replacement(t.NamedTuple):
    """How a resource is replaced: what is done, in the order in which it is done, and what is missing meanwhile."""

    steps: tuple[str, ...]
    gap: str


class Kind:
    """One kind of AWS resource. A subclass says how it is read, normalized, created, updated and deleted.

    In all of them ``live`` is AWS's own description (boto3's shapes, tags under ``Tags`` in any of AWS's forms), and
    ``wanted`` the normal form: option names and values as the module documents them, without those not given.

    noun: the kind's name, which is the module's and the return key's. immutable: fields that AWS cannot change in
    place, with what to do instead. replaces: those that AWS cannot change in place either, and for which a new one
    takes the resource's place, in the way that ``replacement`` says and once the user allows it (the option
    ``allow_replace``). exists: error codes of a create that say that the thing is there already.
    not_compared: wanted fields that are used only when the resource is made or deleted.
    nested: fields whose diff names just what differs inside them (``containers.api.image``).
    is_restored: whether a resource that is on its way out comes back, when it is wanted again, as it was.
    options: all options of the module, for those that say how something is done (how it is deleted, say).
    """

    noun: str = ""
    plural: str = ""
    immutable: t.Mapping[str, str] = {}
    replaces: t.Collection[str] = ()
    replacement = Replacement((), "")
    exists: t.Collection[str] = ()
    not_compared: t.Collection[str] = ()
    nested: t.Collection[str] = ()
    is_restored: bool = False

    def __init__(self, aws: Aws):
        self.aws = aws
        self.options: Fields = {}

    def read(self, names: list[str]) -> dict[str, Fields]:
        """The live resources among ``names``, with as few calls as AWS allows."""
        raise NotImplementedError

    def normalize(self, name: str, live: Fields) -> Fields:
        """``live`` in the form of ``wanted``: pure, no calls."""
        raise NotImplementedError

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        """The module's options in the form in which they compare (sorted, spelled as AWS does): pure, no calls."""
        return wanted

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """``wanted`` as far as it is ours to say: what somebody else owns is taken from ``live``. Pure, no calls."""
        return wanted

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        """What ``keep`` leaves to others though ``wanted`` says something else, for the plan. Pure, no calls."""
        return []

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        """What follows from an outcome and is not seen in its fields, for the plan: a restart, a deployment. Pure."""
        return []

    def plan_name(self, name: str) -> str:
        """The name under which the plan shows it, unique among the stack's resources of this kind."""
        return name

    def create(self, name: str, wanted: Fields) -> None:
        """Make it, in the fewest calls, with its tags in the call that makes it."""
        raise NotImplementedError

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        """Bring the fields in ``changed`` to what is wanted, with the least calls."""
        raise NotImplementedError

    def delete(self, name: str, live: Fields) -> None:
        """Remove it. Something that is gone already is no error."""
        raise NotImplementedError

    def replace(self, name: str, live: Fields, wanted: Fields) -> None:
        """Put a new one in its place; a run that is killed meanwhile is completed by the next one."""
        raise NotImplementedError

    def is_going(self, live: Fields) -> bool:
        """Whether it is on its way out: then it counts as absent."""
        return False

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        """The names of what this owner has beside ``names``, for modules with the option ``purge``."""
        return []

    def prepare(self, name: str, live: Fields) -> None:
        """Called before an update or a delete: waits where AWS refuses changes in the current state."""

    def adopts(self, name: str, live: Fields) -> bool:
        """Whether a live resource without the owner's tags is taken over: what a killed run can have left behind."""
        return False

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        """Raise a WebstackError for what AWS would refuse or nobody can want; before any write, in check mode too."""

    def result(self, name: str, live: Fields) -> Fields:
        """What the module returns: boto3's shapes in snake_case, tags as a mapping."""
        tags = live.get("Tags", live.get("tags", live.get("TagList")))
        shapes = {key: value for key, value in live.items() if key not in ("Tags", "tags", "TagList")}
        return {**camel_dict_to_snake_dict(shapes), "tags": tags_to_dict(tags)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        """What check mode returns for a resource that does not exist yet: well-formed ids (see ``_placeholders``)."""
        return dict(wanted)

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        """What check mode returns for a resource that would be updated."""
        return {**self.result(name, live), **{change.field: change.after for change in changes}}

    def replaced(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """What check mode returns for a resource that would be replaced."""
        return self.placeholder(name, wanted)


class Outcome(t.NamedTuple):
    """What happened, or in check mode would happen, to one resource.

    action: create, update, replace, delete or none. changes: field by field. live: as read before.
    """

    name: str
    action: str
    changes: list[Change]
    wanted: Fields | None
    live: Fields | None


def decide(kind: Kind, name: str, live: Fields | None, wanted: Fields | None) -> Outcome:
    """What must happen to one resource. ``wanted`` None: it shall not be. Calls only ``kind``'s pure functions."""
    if live is None:
        if wanted is None:
            return Outcome(name, "none", [], None, None)
        return Outcome(name, "create", compare({}, wanted), wanted, None)
    before = kind.normalize(name, live)
    if wanted is None:
        return Outcome(name, "delete", [Change(field, value, None) for field, value in before.items()], None, live)
    changes = [change for change in compare(before, wanted) if change.field not in kind.not_compared]
    action = "replace" if any(change.field in kind.replaces for change in changes) else "update"
    return Outcome(name, action if changes else "none", changes, wanted, live)


def as_new(kind: Kind, name: str, live: Fields, wanted: Fields) -> Fields:
    """``wanted`` for what takes the place of ``live``: as the variables say, and with its tags if they say none."""
    tags = wanted.get("tags") or kind.normalize(name, live).get("tags")
    fields = {field: value for field, value in wanted.items() if field != "tags"}
    return {**fields, "tags": tags} if tags else fields


def check_owner(kind: Kind, name: str, live: Fields | None, tags: t.Mapping[str, str] | None) -> None:
    """Raise NotOursError when ``live`` bears another owner's tags, or none."""
    if live is None or kind.adopts(name, live):
        return
    whose = foreign_owner(kind.normalize(name, live).get("tags") or {}, tags)
    if whose:
        raise NotOursError(
            f"{kind.noun} {name} exists and is not this stack's: {whose}",
            "choose another name for it, or if it is to be this stack's, give it that tag first",
        )


def check_immutable(kind: Kind, outcome: Outcome) -> None:
    """Raise ImmutableError when a change touches fields that AWS cannot change in place; names all of them."""
    if outcome.action not in ("update", "replace"):
        return
    fixed = [change for change in outcome.changes if change.field in kind.immutable]
    if fixed:
        raise ImmutableError(
            f"{kind.noun} {outcome.name}: AWS cannot change this in place: {_in_words(fixed)}",
            "; ".join(dict.fromkeys(kind.immutable[change.field] for change in fixed)),
        )


def gates_of(kind: Kind, outcome: Outcome) -> list[Gate]:
    """What the user must allow before an outcome is carried out."""
    if outcome.action != "replace":
        return []
    return [Gate(f"it is replaced; {kind.replacement.gap}", f"allow_replace={outcome.name}")]


def notes_of(kind: Kind, outcome: Outcome) -> list[str]:
    """What the plan says beside the fields: of a replacement its steps and its gap."""
    if outcome.action != "replace":
        return kind.notes(outcome.name, outcome)
    steps = [f"step {number}: {step}" for number, step in enumerate(kind.replacement.steps, start=1)]
    return [*steps, f"gap: {kind.replacement.gap}"]


def check_replacement(kind: Kind, outcome: Outcome) -> None:
    """Raise ReplacementError when a resource would be replaced and nobody has allowed that."""
    if outcome.action != "replace" or outcome.name in (kind.options.get("allow_replace") or ()):
        return
    reasons = [change for change in outcome.changes if change.field in kind.replaces]
    raise ReplacementError(
        f"{kind.noun} {outcome.name}: AWS cannot change this in place, it would be replaced: {_in_words(reasons)}. "
        f"Steps: {'; '.join(kind.replacement.steps)}. Gap: {kind.replacement.gap}",
        f"keep what is there, or allow it with -e allow_replace={outcome.name}",
    )


def _in_words(changes: t.Sequence[Change]) -> str:
    return ", ".join(f"{change.field} (live {change.before!r}, wanted {change.after!r})" for change in changes)


def ensure(
    kind: Kind,
    wanted: t.Mapping[str, Fields | None],
    tags: t.Mapping[str, str] | None = None,
    purge_tags: bool = True,
) -> tuple[list[Outcome], dict[str, Fields]]:
    """Bring every named resource to what is wanted (None: absent); in check mode say what would be done.

    All resources are read and judged before the first is touched. ``tags``: those of the owner, which all of them
    carry; a live resource with another owner's is refused, also when it shall go. Returns the outcomes, and the results
    by name of all that exist (or in check mode would exist); what is done goes into ``kind.aws.plan`` as well. Raises
    WebstackError.
    """
    live = _read(kind, list(wanted))
    outcomes = []
    kept: dict[str, list[Kept]] = {}
    for name, options in wanted.items():
        kind.aws.subject = f"{kind.noun} {name}"
        found = live.get(name)
        if found is not None and kind.is_going(found):
            found = None
        check_owner(kind, name, found, tags)
        fields = options
        if fields is not None:
            fields = kind.normalize_wanted(name, fields if tags is None else {**fields, "tags": dict(tags)})
            if found is not None:
                live_tags = kind.normalize(name, found).get("tags") or {}
                fields = {**fields, "tags": wanted_tags(live_tags, fields.get("tags"), purge_tags)}
                kept[name] = kind.kept(name, found, fields)
        said = fields
        if found is not None and fields is not None:
            fields = kind.keep(name, found, fields)
        kind.refuse(name, found, fields)
        outcome = decide(kind, name, found, fields)
        check_immutable(kind, outcome)
        if outcome.action == "replace":
            anew = as_new(kind, name, found or {}, said or {})
            kind.refuse(name, None, anew)
            outcome = outcome._replace(wanted=anew)
            if not kind.aws.check_mode:
                check_replacement(kind, outcome)
        outcomes.append(outcome)
    if not kind.aws.check_mode:
        for outcome in outcomes:
            _apply(kind, outcome)
    results, now = _results(kind, outcomes)
    for outcome in outcomes:
        name = outcome.name
        is_back = outcome.action == "create" and kind.is_restored and name in live
        kind.aws.plan.append(
            entry(
                kind.noun,
                kind.plan_name(name),
                "restore" if is_back else outcome.action,
                outcome.changes,
                kept=kept.get(name, ()),
                notes=notes_of(kind, outcome),
                gates=gates_of(kind, outcome),
                result=results.get(name),
                state=kind.normalize(name, now[name]) if name in now else None,
                nested=kind.nested,
            )
        )
    return outcomes, results


def _read(kind: Kind, names: list[str]) -> dict[str, Fields]:
    kind.aws.subject = f"{kind.noun} {', '.join(names)}"
    return kind.read(names) if names else {}


def _apply(kind: Kind, outcome: Outcome) -> None:
    name = outcome.name
    kind.aws.subject = f"{kind.noun} {name}"
    if outcome.action == "create":
        try:
            kind.create(name, outcome.wanted or {})
        except AwsError as error:
            # An answer that was lost on its way makes botocore repeat the call; then it is there already, and is ours.
            live = kind.read([name]).get(name) if error.code in kind.exists else None
            if live is None:
                raise
            check_owner(kind, name, live, (outcome.wanted or {}).get("tags"))
            # What a create does after its first call has not been done.
            rest = decide(kind, name, live, outcome.wanted)
            if rest.action == "update":
                kind.update(name, live, outcome.wanted or {}, {change.field for change in rest.changes})
    elif outcome.action == "update":
        kind.prepare(name, outcome.live or {})
        kind.update(name, outcome.live or {}, outcome.wanted or {}, {change.field for change in outcome.changes})
    elif outcome.action == "replace":
        kind.prepare(name, outcome.live or {})
        kind.replace(name, outcome.live or {}, outcome.wanted or {})
    elif outcome.action == "delete":
        kind.prepare(name, outcome.live or {})
        kind.delete(name, outcome.live or {})


def _results(kind: Kind, outcomes: list[Outcome]) -> tuple[dict[str, Fields], dict[str, Fields]]:
    """The results by name, and what is live now; what was touched is read again, until AWS shows what was made."""
    now = {outcome.name: outcome.live for outcome in outcomes if outcome.live and outcome.wanted}
    results = {name: kind.result(name, fields) for name, fields in now.items()}
    if kind.aws.check_mode:
        for outcome in outcomes:
            if outcome.action == "create":
                results[outcome.name] = kind.placeholder(outcome.name, outcome.wanted or {})
            elif outcome.action == "replace":
                results[outcome.name] = kind.replaced(outcome.name, outcome.live or {}, outcome.wanted or {})
            elif outcome.action == "update":
                results[outcome.name] = kind.planned(outcome.name, outcome.live or {}, outcome.changes)
        return results, now
    made = [outcome.name for outcome in outcomes if outcome.action == "create"]
    touched = made + [outcome.name for outcome in outcomes if outcome.action in ("update", "replace")]
    deadline = time.monotonic() + VISIBLE_SECONDS
    while touched:
        try:
            live = _read(kind, touched)
        except AwsError as error:
            # A part of what was just made may be missing where the whole is shown already.
            if time.monotonic() > deadline or not NOT_YET.search(error.code):
                raise
            live = {}
        missing = ", ".join(name for name in touched if name not in live or kind.is_going(live[name]))
        if not missing:
            results.update({name: kind.result(name, fields) for name, fields in live.items()})
            now.update(live)
            break
        if time.monotonic() > deadline:
            raise AwsError(f"{kind.noun} {missing}", "reading it back", "NotVisible", "made, but AWS does not show it")
        time.sleep(1)
    return results, now

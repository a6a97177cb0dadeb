# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge of every own module: builds the AnsibleAWSModule, runs the core, reports results, diffs and errors."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._compare import deepen, given
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome, ensure

#: Options that say what to do and not what the resource shall be.
CONTROL_OPTIONS = ("state", "tags", "purge_tags", "allow_replace")


def resource_arguments(tags: bool = True, replaces: bool = False, **options: t.Any) -> dict[str, t.Any]:
    """The argument spec of a module that manages resources: ``options`` and those that all of them share.

    replaces: whether it can replace a resource, once the user allows it.
    """
    spec: dict[str, t.Any] = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
    if tags:
        spec["tags"] = {"type": "dict"}
        spec["purge_tags"] = {"type": "bool", "default": True}
    if replaces:
        spec["allow_replace"] = {"type": "list", "elements": "str", "default": []}
    return {**spec, **options}


def run_one(
    kind_class: type[Kind], argument_spec: dict[str, t.Any], name: str = "name", **module_arguments: t.Any
) -> None:
    """Run a module that manages one resource, named by the option ``name``. Returns it under the kind's noun."""

    def wanted(params: Fields) -> dict[str, Fields | None]:
        fields = {key: value for key, value in params.items() if key != name}
        return {params[name]: fields if params["state"] == "present" else None}

    def report(outcomes: list[Outcome], results: dict[str, Fields]) -> Fields:
        return {kind_class.noun: next(iter(results.values()), {}), "diff": diff_of(outcomes[0], kind_class.nested)}

    _run(kind_class, argument_spec, wanted, report, module_arguments)


def run_many(
    kind_class: type[Kind],
    argument_spec: dict[str, t.Any],
    items: str,
    named_by: t.Sequence[str] = ("name",),
    **module_arguments: t.Any,
) -> None:
    """Run a module that manages several resources in one go; the option ``items`` lists them.

    named_by: the options of an item that name it; where there are several, its name is all of them, parted by spaces.
    All have the module's tags and state. Returns them by name under the kind's plural. With an option ``purge`` also
    ``unlisted``: the names of what the owner has beside the listed ones, which ``purge`` removes.
    """

    def wanted(params: Fields) -> dict[str, Fields | None]:
        present = params["state"] == "present"
        names = [" ".join(item[key] for key in named_by) for item in params[items]]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise WebstackError(f"{items} names {', '.join(twice)} twice", "list each only once")
        return {
            " ".join(item[key] for key in named_by): {k: v for k, v in item.items() if k not in named_by}
            if present
            else None
            # what was listed last may refer to what was listed first, so it goes first
            for item in (params[items] if present else reversed(params[items]))
        }

    def report(outcomes: list[Outcome], results: dict[str, Fields]) -> Fields:
        diffs = {outcome.name: diff_of(outcome, kind_class.nested) for outcome in outcomes if outcome.action != "none"}
        sides = {side: {name: diff[side] for name, diff in diffs.items() if diff[side]} for side in ("before", "after")}
        return {kind_class.plural: results, "diff": sides}

    _run(kind_class, argument_spec, wanted, report, module_arguments)


def diff_of(outcome: Outcome, nested: t.Collection[str] = ()) -> dict[str, Fields]:
    """Ansible's diff of one outcome: just the fields that differ, and of ``nested`` ones just what differs inside."""
    changes = [
        inner for change in outcome.changes for inner in (deepen(change) if change.field in nested else [change])
    ]
    before = {change.field: change.before for change in changes if change.before is not None}
    after = {change.field: change.after for change in changes if change.after is not None}
    return {"before": before, "after": after}


def run_module(
    argument_spec: dict[str, t.Any], work: t.Callable[[AnsibleAWSModule, Aws], Fields], **module_arguments: t.Any
) -> None:
    """Build a module, let ``work`` do it, exit with what it returns; a WebstackError becomes the module's failure.

    What it did, or in check mode would do, is in the result's ``plan``, also of one that failed half way.
    """
    module = AnsibleAWSModule(argument_spec=argument_spec, supports_check_mode=True, **module_arguments)
    aws = Aws(module)
    try:
        result = work(module, aws)
    except WebstackError as error:
        module.fail_json(msg=str(error), plan=aws.plan)
    module.exit_json(**result, **({"plan": aws.plan} if aws.plan else {}))


def _run(
    kind_class: type[Kind],
    argument_spec: dict[str, t.Any],
    wanted: t.Callable[[Fields], dict[str, Fields | None]],
    report: t.Callable[[list[Outcome], dict[str, Fields]], Fields],
    module_arguments: dict[str, t.Any],
) -> None:
    def work(module: AnsibleAWSModule, aws: Aws) -> Fields:
        own = {key: value for key, value in module.params.items() if key in argument_spec}
        items = {
            name: None if fields is None else given({k: v for k, v in fields.items() if k not in CONTROL_OPTIONS})
            for name, fields in wanted(own).items()
        }
        kind = kind_class(aws)
        kind.options = own
        unlisted = kind.unlisted(items) if "purge" in argument_spec else []
        if own.get("purge"):
            items.update(dict.fromkeys(unlisted))
        outcomes, results = ensure(kind, items, own.get("tags"), own.get("purge_tags", True))
        changed = any(outcome.action != "none" for outcome in outcomes)
        return {"changed": changed, **report(outcomes, results), **({"unlisted": unlisted} if unlisted else {})}

    run_module(argument_spec, work, **module_arguments)

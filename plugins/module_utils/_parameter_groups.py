# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parameter groups of RDS and of ElastiCache: the same thing under two sets of names."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._rds import update_tags
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list

#: Both services take at most so many parameters in one call (ModifyDBParameterGroup, ModifyCacheParameterGroup).
MOST_PARAMETERS = 20


class ParameterGroup(Kind):
    """A parameter group, found by its name. ``parameters`` are those that somebody has set.

    AWS does not count a parameter as set that has the family's own default, whoever set it, so what is wanted is
    compared with all that is in effect.

    service, prefix: the service and what its member names begin with. parameters_member: under which parameters are
    sent. scope: what operations' names have after their prefix. resource: how ARNs name the group. booleans: how the
    engine spells false and true.
    """

    service: str
    prefix: str
    scope: str = ""
    parameters_member: str
    resource: str
    booleans: tuple[str, str]
    nested = ("parameters",)
    exists = ("DBParameterGroupAlreadyExists", "CacheParameterGroupAlreadyExists")
    immutable = {
        "family": "make another group for the new family under another name, and let its users move to it",
        "description": "leave out description, or make another group under another name",
    }

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._known: dict[str, Fields] = {}

    def _operation(self, verb: str, what: str = "parameter_group") -> str:
        return "_".join(word for word in (verb, self.prefix.lower(), self.scope.lower(), what) if word)

    def _member(self, suffix: str) -> str:
        return f"{self.prefix}{self.scope}ParameterGroup{suffix}"

    def _family(self) -> str:
        """The member that holds the family, whose name has no scope in it."""
        return f"{self.prefix}ParameterGroupFamily"

    def _missing(self) -> tuple[str, ...]:
        return (f"{self.prefix}ParameterGroupNotFound", f"{self.prefix}ParameterGroupNotFoundFault")

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        missing = self._missing()
        for name in names:
            groups = self.aws.read(
                self.service,
                self._operation("describe", "parameter_groups"),
                self._member("s"),
                missing=missing,
                **{self._member("Name"): name},
            )
            contents = self._contents(name, groups[0], missing) if groups else None
            if contents:
                found[name] = {**groups[0], **contents}
        return found

    def _contents(self, name: str, group: Fields, missing: tuple[str, ...]) -> Fields | None:
        """Tags and parameters; None when AWS shows the group and not yet what it has."""
        tags = self.aws.read(
            self.service, "list_tags_for_resource", "TagList", missing=missing, ResourceName=self._arn(group)
        )
        if tags is None:
            return None
        parameters = self.aws.read(
            self.service,
            self._operation("describe", "parameters"),
            "Parameters",
            **{self._member("Name"): name},
        )
        effective = {item["ParameterName"]: item.get("ParameterValue", "") for item in parameters}
        own = [item["ParameterName"] for item in parameters if item.get("Source") == "user"]
        return {"Parameters": {item: effective[item] for item in own}, "Effective": effective, "Tags": tags}

    def _arn(self, live: Fields) -> str:
        return live.get("ARN") or live[self._member("Arn")]

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "family": live[self._family()],
            "description": live["Description"],
            "parameters": live["Parameters"],
            "tags": tags_to_dict(live["Tags"]),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if "parameters" not in wanted:
            return wanted
        texts = {parameter: self._text(value) for parameter, value in wanted["parameters"].items()}
        return {**wanted, "parameters": texts}

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """Without what the family's default already is."""
        if "parameters" not in wanted:
            return wanted
        own, effective = live["Parameters"], live["Effective"]
        parameters = {
            item: value for item, value in wanted["parameters"].items() if item in own or effective.get(item) != value
        }
        return {**wanted, "parameters": parameters}

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        changes = [change for change in outcome.changes if change.field == "parameters"]
        if outcome.action != "update" or not changes:
            return []
        to_set, to_reset = parameter_changes(changes[0].before, changes[0].after)
        static = sorted(item for item in (*to_set, *to_reset) if self.is_static(self._known.get(item, {})))
        return [f"{', '.join(static)}: in effect after the next reboot of what uses the group"] if static else []

    def is_static(self, parameter: Fields) -> bool:
        """Whether a parameter, as AWS describes it, takes effect with a reboot only."""
        raise NotImplementedError

    def _text(self, value: t.Any) -> str:
        return self.booleans[value] if isinstance(value, bool) else str(value)

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        if live is None:
            fault = name_fault(name, self.noun)
            if fault:
                raise WebstackError(f"{self.noun} {name} {fault}", "choose another name")
            if not wanted.get("family"):
                raise WebstackError(f"{self.noun} {name} does not exist, and no family is given", "give family")
        changes = parameter_changes(live["Parameters"] if live else {}, wanted.get("parameters"))
        if any(changes):
            self._check(name, live[self._family()] if live else wanted["family"], changes[0])

    def _check(self, name: str, family: str, to_set: t.Mapping[str, str]) -> None:
        """Refuse parameters that the family does not have; keep what AWS says of the others."""
        scope = f"{self.scope.lower()}_" if self.scope else ""
        operation = f"describe_engine_default_{scope}parameters"
        defaults = self.aws.read(self.service, operation, "EngineDefaults", **{self._family(): family})
        self._known = {item["ParameterName"]: item for item in defaults["Parameters"]}
        unknown = [parameter for parameter in to_set if parameter not in self._known]
        if unknown:
            raise WebstackError(
                f"{self.noun} {name}: the family {family} has no parameter {', '.join(unknown)}",
                "mend its name, or take it out of parameters",
            )
        fixed = [parameter for parameter in to_set if not self._known[parameter].get("IsModifiable", True)]
        if fixed:
            raise WebstackError(
                f"{self.noun} {name}: AWS lets nobody change {', '.join(fixed)}", "take it out of parameters"
            )

    def create(self, name: str, wanted: Fields) -> None:
        self.aws.write(
            self.service,
            self._operation("create"),
            **{self._member("Name"): name, self._family(): wanted["family"]},
            Description=wanted.get("description") or name,
            Tags=tags_to_list(wanted.get("tags") or {}),
        )
        if wanted.get("parameters"):
            self.update(name, {"Parameters": {}}, wanted, {"parameters"})

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "parameters" in changed:
            to_set, to_reset = parameter_changes(live["Parameters"], wanted["parameters"])
            self._send("modify", name, [self._entry(item, value) for item, value in to_set.items()])
            self._send("reset", name, [self._entry(item, live["Parameters"][item]) for item in to_reset])
        if "tags" in changed:
            update_tags(self.aws, self.service, self._arn(live), tags_to_dict(live["Tags"]), wanted["tags"])

    def _entry(self, parameter: str, value: str) -> Fields:
        return {"ParameterName": parameter, "ParameterValue": value}

    def _send(self, verb: str, name: str, entries: list[Fields]) -> None:
        for start in range(0, len(entries), MOST_PARAMETERS):
            some = entries[start : start + MOST_PARAMETERS]
            arguments: Fields = {self._member("Name"): name, self.parameters_member: some}
            self.aws.write(self.service, self._operation(verb), **arguments)

    def delete(self, name: str, live: Fields) -> None:
        arguments: Fields = {self._member("Name"): name}
        self.aws.write(self.service, self._operation("delete"), missing=self._missing(), **arguments)

    def result(self, name: str, live: Fields) -> Fields:
        return {"name": live[self._member("Name")], "arn": self._arn(live), **self.normalize(name, live)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "name": name,
            "arn": placeholder_arn(self.service, self.aws.region, f"{self.resource}:{name}"),
            "family": wanted["family"],
            "description": wanted.get("description") or name,
            "parameters": wanted.get("parameters", {}),
            "tags": wanted.get("tags") or {},
        }


class RdsParameterGroup(ParameterGroup):
    """A parameter group of RDS instances."""

    noun = "rds_parameter_group"
    service = "rds"
    prefix = "DB"
    parameters_member = "Parameters"
    resource = "pg"
    booleans = ("0", "1")

    def _entry(self, parameter: str, value: str) -> Fields:
        # A static parameter takes effect with the next reboot only, and AWS refuses to be asked for more.
        method = "pending-reboot" if self.is_static(self._known.get(parameter, {})) else "immediate"
        return {**super()._entry(parameter, value), "ApplyMethod": method}

    def is_static(self, parameter: Fields) -> bool:
        return parameter.get("ApplyType") != "dynamic"


class RdsClusterParameterGroup(RdsParameterGroup):
    """A parameter group of Aurora clusters."""

    noun = "rds_cluster_parameter_group"
    scope = "Cluster"
    resource = "cluster-pg"


class ElasticacheParameterGroup(ParameterGroup):
    """A parameter group of ElastiCache."""

    noun = "elasticache_parameter_group"
    service = "elasticache"
    prefix = "Cache"
    parameters_member = "ParameterNameValues"
    resource = "parametergroup"
    booleans = ("no", "yes")

    def is_static(self, parameter: Fields) -> bool:
        return parameter.get("ChangeType") == "requires-reboot"


def parameter_changes(
    live: t.Mapping[str, str], wanted: t.Mapping[str, str] | None
) -> tuple[dict[str, str], list[str]]:
    """Which parameters to set and which to reset to the family's default; None: nobody says anything of them."""
    if wanted is None:
        return {}, []
    to_set = {name: value for name, value in wanted.items() if live.get(name) != value}
    return to_set, [name for name in live if name not in wanted]

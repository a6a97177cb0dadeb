"""DB parameter groups and DB cluster parameter groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.emulator.query_service import Context, Parameters, as_tags, page
from tests.emulator.services.rds.common import check_identifier, refuse
from tests.emulator.services.rds.engine_parameters import Definition, definitions, engine_of

MOST_AT_ONCE = 20


@dataclass
class ParameterGroup:
    """A group of either kind."""

    name: str
    family: str
    description: str
    arn: str
    is_cluster: bool
    overrides: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def is_default(self) -> bool:
        """Whether it is one that AWS made."""
        return self.name.startswith("default.")

    @property
    def engine(self) -> str:
        """The engine that it is for."""
        return engine_of(self.family) or ""

    def definitions(self) -> dict[str, Definition]:
        """The parameters of its family."""
        return definitions(self.engine, self.family, self.is_cluster)

    def default(self, name: str) -> str | None:
        """What a parameter is where nobody sets it."""
        return self.definitions()[name].default

    def describe(self) -> dict[str, Any]:
        """As AWS shows it."""
        kind = "Cluster" if self.is_cluster else ""
        return {
            f"DB{kind}ParameterGroupName": self.name,
            "DBParameterGroupFamily": self.family,
            "Description": self.description,
            f"DB{kind}ParameterGroupArn": self.arn,
        }

    def describe_parameters(self, source: str | None) -> list[dict[str, Any]]:
        """Its parameters, or those of one source. One that was set to what it is by default does not count as set."""
        own = {name: set_to for name, set_to in self.overrides.items() if set_to["value"] != self.default(name)}
        found = [item.describe(self.engine, own.get(name)) for name, item in self.definitions().items()]
        return [item for item in found if source in (None, item["Source"])]


def _groups(context: Context, is_cluster: bool) -> dict[str, ParameterGroup]:
    return context.store.cluster_parameter_groups if is_cluster else context.store.parameter_groups


def default_group(context: Context, family: str, is_cluster: bool) -> ParameterGroup:
    """The group that AWS makes for a family."""
    groups, name = _groups(context, is_cluster), f"default.{family}"
    if name not in groups:
        arn = context.arn("rds", "cluster-pg" if is_cluster else "pg", name)
        kind = "cluster " if is_cluster else ""
        groups[name] = ParameterGroup(name, family, f"Default {kind}parameter group for {family}", arn, is_cluster)
    return groups[name]


def find(context: Context, name: str, is_cluster: bool = False) -> ParameterGroup:
    """The group of that name."""
    name = name.lower()
    group = _groups(context, is_cluster).get(name)
    family = name.removeprefix("default.")
    engine = engine_of(family) if name != family else None
    if group is None and engine and (not is_cluster or engine.startswith("aurora")):
        return default_group(context, family, is_cluster)
    if group is None:
        kind = "DBClusterParameterGroup" if is_cluster else "DBParameterGroup"
        raise refuse("DBParameterGroupNotFound", f"{kind} not found: {name}")
    return group


def find_for(context: Context, name: str | None, family: str, is_cluster: bool = False) -> ParameterGroup:
    """The group that an instance or cluster of a family asks for, or the default one."""
    if not name:
        return default_group(context, family, is_cluster)
    group = find(context, name, is_cluster)
    if group.family != family:
        kind = "DB cluster" if is_cluster else "DB instance"
        raise refuse(
            "InvalidParameterCombination",
            f"The Parameter Group {group.name} with DBParameterGroupFamily {group.family} can't be used for this "
            f"{kind}. Please use a Parameter Group with DBParameterGroupFamily {family}.",
        )
    return group


def _create(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    kind = "Cluster" if is_cluster else ""
    name = check_identifier(f"DB{kind}ParameterGroupName", parameters[f"DB{kind}ParameterGroupName"], 255)
    family = parameters["DBParameterGroupFamily"]
    engine = engine_of(family)
    if engine is None or (is_cluster and not engine.startswith("aurora")):
        raise refuse("InvalidParameterValue", f"ParameterGroupFamily {family} is not a valid parameter group family")
    if name in _groups(context, is_cluster):
        raise refuse("DBParameterGroupAlreadyExists", f"Parameter group {name} already exists")
    if not parameters["Description"]:
        raise refuse("InvalidParameterValue", "The parameter Description must be provided and must not be blank.")
    arn = context.arn("rds", "cluster-pg" if is_cluster else "pg", name)
    group = ParameterGroup(name, family, parameters["Description"], arn, is_cluster)
    _groups(context, is_cluster)[name] = group
    context.store.tags[arn] = as_tags(parameters.get("Tags"))
    return {f"DB{kind}ParameterGroup": group.describe()}


def _describe(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    kind = "Cluster" if is_cluster else ""
    name = parameters.get(f"DB{kind}ParameterGroupName")
    groups = [find(context, name, is_cluster)] if name else _groups(context, is_cluster).values()
    return page("rds", parameters, f"DB{kind}ParameterGroups", [group.describe() for group in groups])


def _describe_parameters(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    group = find(context, parameters[f"DB{'Cluster' if is_cluster else ''}ParameterGroupName"], is_cluster)
    source = parameters.get("Source")
    if source not in (None, "user", "system", "engine-default"):
        raise refuse("InvalidParameterValue", f"Invalid source: {source}")
    return page("rds", parameters, "Parameters", group.describe_parameters(source))


def _checked(group: ParameterGroup, entries: list[Parameters], needs_value: bool) -> list[Parameters]:
    """The entries of a modification, if all of them are allowed; AWS applies all or none."""
    if group.is_default:
        raise refuse("InvalidDBParameterGroupState", f"Default parameter groups cannot be modified: {group.name}")
    if len(entries) > MOST_AT_ONCE:
        message = f"Cannot modify more than {MOST_AT_ONCE} parameters in one request."
        raise refuse("InvalidParameterValue", message)
    known = group.definitions()
    for entry in entries:
        name, method = entry.get("ParameterName"), entry.get("ApplyMethod")
        if name not in known:
            raise refuse("InvalidParameterValue", f"Could not find parameter with name: {name}")
        if method not in ("immediate", "pending-reboot"):
            raise refuse("InvalidParameterValue", f"Invalid apply method for parameter {name}: {method}")
        if needs_value:
            known[name].check(entry.get("ParameterValue", ""))
        if method == "immediate" and known[name].apply_type == "static":
            raise refuse("InvalidParameterCombination", "cannot use immediate apply method for static parameter")
    return entries


def _mark_pending(context: Context, group: ParameterGroup) -> None:
    """Whoever uses the group has to be rebooted for what was just changed."""
    for instance in context.store.instances.values():
        if group in (instance.parameter_group, instance.cluster_parameter_group()):
            instance.mark_parameters_pending(group)


def _modify(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    key = f"DB{'Cluster' if is_cluster else ''}ParameterGroupName"
    group = find(context, parameters[key], is_cluster)
    needs_reboot = False
    for entry in _checked(group, parameters["Parameters"], needs_value=True):
        name, value, method = entry["ParameterName"], entry["ParameterValue"], entry["ApplyMethod"]
        before = group.overrides.get(name, {}).get("value", group.default(name))
        group.overrides[name] = {"value": value, "method": method}
        needs_reboot = needs_reboot or (method == "pending-reboot" and value != before)
    if needs_reboot:
        _mark_pending(context, group)
    return {key: group.name}


def _reset(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    key = f"DB{'Cluster' if is_cluster else ''}ParameterGroupName"
    group = find(context, parameters[key], is_cluster)
    entries = parameters.get("Parameters") or []
    if parameters.get("ResetAllParameters") and entries:
        message = "You can't specify Parameters when ResetAllParameters is true."
        raise refuse("InvalidParameterCombination", message)
    _checked(group, entries, needs_value=False)
    if parameters.get("ResetAllParameters"):
        # static parameters are reset with the next reboot, dynamic ones at once
        static = [name for name, item in group.definitions().items() if item.apply_type == "static"]
        waiting = [name for name in group.overrides if name in static]
        group.overrides.clear()
    else:
        if not entries:
            raise refuse("InvalidParameterValue", "The parameter Parameters must be provided and must not be blank.")
        names = [entry["ParameterName"] for entry in entries if entry["ApplyMethod"] == "pending-reboot"]
        waiting = [name for name in names if name in group.overrides]
        for entry in entries:
            group.overrides.pop(entry["ParameterName"], None)
    if waiting:
        _mark_pending(context, group)
    return {key: group.name}


def _delete(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    group = find(context, parameters[f"DB{'Cluster' if is_cluster else ''}ParameterGroupName"], is_cluster)
    if group.is_default:
        raise refuse("InvalidDBParameterGroupState", f"Default parameter groups cannot be deleted: {group.name}")
    users = context.store.clusters if is_cluster else context.store.instances
    if any(user.parameter_group is group for user in users.values()):
        kind = "clusters" if is_cluster else "instances"
        raise refuse(
            "InvalidDBParameterGroupState",
            f"One or more database {kind} are still members of this parameter group {group.name}, "
            "so the group cannot be deleted",
        )
    del _groups(context, is_cluster)[group.name]
    context.store.tags.pop(group.arn, None)
    return {}


def _copy(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    kind = "Cluster" if is_cluster else ""
    source = parameters[f"SourceDB{kind}ParameterGroupIdentifier"].rsplit(":", 1)[-1]
    group = find(context, source, is_cluster)
    answer = _create(
        context,
        {
            f"DB{kind}ParameterGroupName": parameters[f"TargetDB{kind}ParameterGroupIdentifier"],
            "DBParameterGroupFamily": group.family,
            "Description": parameters[f"TargetDB{kind}ParameterGroupDescription"],
            "Tags": parameters.get("Tags"),
        },
        is_cluster,
    )
    copy = find(context, parameters[f"TargetDB{kind}ParameterGroupIdentifier"], is_cluster)
    copy.overrides = {name: dict(override) for name, override in group.overrides.items()}
    return answer


def _engine_defaults(context: Context, parameters: Parameters, is_cluster: bool) -> Parameters:
    family = parameters["DBParameterGroupFamily"]
    engine = engine_of(family)
    if engine is None:
        raise refuse("InvalidParameterValue", f"ParameterGroupFamily {family} is not a valid parameter group family")
    found = [item.describe(engine) for item in definitions(engine, family, is_cluster).values()]
    return {"EngineDefaults": {"DBParameterGroupFamily": family, **page("rds", parameters, "Parameters", found)}}


def _both(name: str, handler: Any) -> dict[str, Any]:
    """The operation for instances and the one for clusters."""
    return {
        name.format(""): lambda context, parameters: handler(context, parameters, False),
        name.format("Cluster"): lambda context, parameters: handler(context, parameters, True),
    }


HANDLERS = {
    **_both("CreateDB{}ParameterGroup", _create),
    **_both("DescribeDB{}ParameterGroups", _describe),
    **_both("DescribeDB{}Parameters", _describe_parameters),
    **_both("ModifyDB{}ParameterGroup", _modify),
    **_both("ResetDB{}ParameterGroup", _reset),
    **_both("DeleteDB{}ParameterGroup", _delete),
    **_both("CopyDB{}ParameterGroup", _copy),
    **_both("DescribeEngineDefault{}Parameters", _engine_defaults),
}

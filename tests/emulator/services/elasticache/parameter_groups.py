"""Cache parameter groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.emulator.query_service import Context, Parameters, as_tags, page
from tests.emulator.services.elasticache.catalog import FAMILIES
from tests.emulator.services.elasticache.common import check_identifier, refuse
from tests.emulator.services.elasticache.engine_parameters import by_node_type, definitions

MOST_AT_ONCE = 20
_CLUSTER_ON = ".cluster.on"


@dataclass
class CacheParameterGroup:
    """A cache parameter group."""

    name: str
    family: str
    description: str
    arn: str
    overrides: dict[str, str] = field(default_factory=dict)

    @property
    def is_default(self) -> bool:
        """Whether it is one that AWS made."""
        return self.name.startswith("default.")

    def value(self, name: str) -> str:
        """What a parameter is set to."""
        return self.overrides.get(name, self.default(name))

    def default(self, name: str) -> str:
        """What a parameter is where nobody sets it."""
        if name == "cluster-enabled" and self.name.endswith(_CLUSTER_ON) and self.is_default:
            return "yes"
        return definitions(self.family)[name].default

    @property
    def is_cluster_mode(self) -> bool:
        """Whether caches that use it have their keys in several shards."""
        return "cluster-enabled" in definitions(self.family) and self.value("cluster-enabled") == "yes"

    def describe(self) -> dict[str, Any]:
        """As AWS shows it."""
        return {
            "CacheParameterGroupName": self.name,
            "CacheParameterGroupFamily": self.family,
            "Description": self.description,
            "IsGlobal": False,
            "ARN": self.arn,
        }


def default_group(context: Context, family: str, cluster_mode: bool = False) -> CacheParameterGroup:
    """The group that AWS makes for a family."""
    name = f"default.{family}{_CLUSTER_ON if cluster_mode else ''}"
    groups = context.store.parameter_groups
    if name not in groups:
        words = f"Default parameter group for {family}{' with cluster mode on' if cluster_mode else ''}"
        groups[name] = CacheParameterGroup(name, family, words, context.arn("elasticache", "parametergroup", name))
    return groups[name]


def find(context: Context, name: str) -> CacheParameterGroup:
    """The group of that name."""
    name = name.lower()
    family = name.removeprefix("default.").removesuffix(_CLUSTER_ON)
    cluster_mode = name.endswith(_CLUSTER_ON)
    if name.startswith("default.") and family in FAMILIES and not (cluster_mode and family.startswith("memcached")):
        return default_group(context, family, cluster_mode)
    try:
        return context.store.parameter_groups[name]
    except KeyError:
        raise refuse("CacheParameterGroupNotFound", f"CacheParameterGroup not found: {name}") from None


def find_for(context: Context, name: str | None, family: str, cluster_mode: bool = False) -> CacheParameterGroup:
    """The group that a cache of a family asks for, or the default one."""
    if not name:
        return default_group(context, family, cluster_mode)
    group = find(context, name)
    if group.family != family:
        message = f"Expected a parameter group of family {family} but found one of family {group.family}"
        raise refuse("InvalidParameterCombination", message)
    return group


def _create(context: Context, parameters: Parameters) -> Parameters:
    name = check_identifier("CacheParameterGroupName", parameters["CacheParameterGroupName"], 255)
    family = parameters["CacheParameterGroupFamily"]
    if family not in FAMILIES:
        raise refuse(
            "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family."
        )
    if name in context.store.parameter_groups:
        raise refuse("CacheParameterGroupAlreadyExists", f"Cache parameter group {name} already exists.")
    if not parameters["Description"]:
        raise refuse("InvalidParameterValue", "The parameter Description must be provided and must not be blank.")
    arn = context.arn("elasticache", "parametergroup", name)
    group = CacheParameterGroup(name, family, parameters["Description"], arn)
    context.store.parameter_groups[name] = group
    context.store.tags[arn] = as_tags(parameters.get("Tags"))
    return {"CacheParameterGroup": group.describe()}


def _describe(context: Context, parameters: Parameters) -> Parameters:
    name = parameters.get("CacheParameterGroupName")
    if name:
        groups = [find(context, name)]
    else:
        for family in FAMILIES:
            default_group(context, family)
            if not family.startswith("memcached"):
                default_group(context, family, cluster_mode=True)
        groups = list(context.store.parameter_groups.values())
    return page("elasticache", parameters, "CacheParameterGroups", [group.describe() for group in groups])


def _describe_parameters(context: Context, parameters: Parameters) -> Parameters:
    group, source = find(context, parameters["CacheParameterGroupName"]), parameters.get("Source")
    if source not in (None, "user", "system", "engine-default"):
        raise refuse("InvalidParameterValue", f"Invalid source: {source}")
    # one that was set to what it is by default does not count as set
    own = {name: value for name, value in group.overrides.items() if value != group.default(name)}
    found = [item.describe(group.default(name), own.get(name)) for name, item in definitions(group.family).items()]
    found = [item for item in found if source in (None, item["Source"])]
    by_type = by_node_type(group.family) if source in (None, "system") else []
    return {
        **page("elasticache", parameters, "Parameters", found),
        "CacheNodeTypeSpecificParameters": by_type,
    }


def _checked(group: CacheParameterGroup, entries: list[Parameters]) -> list[str]:
    """The names in a modification, if all of them may be changed."""
    if group.is_default:
        message = f"The parameter group {group.name} is a default parameter group and cannot be modified."
        raise refuse("InvalidCacheParameterGroupState", message)
    if not 0 < len(entries) <= MOST_AT_ONCE:
        message = f"Between 1 and {MOST_AT_ONCE} parameters must be given in one request."
        raise refuse("InvalidParameterValue", message)
    known = definitions(group.family)
    for entry in entries:
        if entry.get("ParameterName") not in known:
            raise refuse("InvalidParameterValue", f"Invalid parameter name: {entry.get('ParameterName')}")
    return [entry["ParameterName"] for entry in entries]


def _check_cluster_mode_stays(context: Context, group: CacheParameterGroup, names: list[str]) -> None:
    """Caches cannot be moved in or out of cluster mode through their parameter group."""
    if "cluster-enabled" in names and any(
        cluster.parameter_group is group for cluster in context.store.clusters.values()
    ):
        message = "The parameter cluster-enabled cannot be modified while clusters use the parameter group."
        raise refuse("InvalidCacheParameterGroupState", message)


def _modify(context: Context, parameters: Parameters) -> Parameters:
    group = find(context, parameters["CacheParameterGroupName"])
    entries = parameters["ParameterNameValues"]
    names = _checked(group, entries)
    for entry in entries:
        definitions(group.family)[entry["ParameterName"]].check(entry.get("ParameterValue", ""))
    _check_cluster_mode_stays(context, group, names)
    for entry in entries:
        group.overrides[entry["ParameterName"]] = entry.get("ParameterValue", "")
    _mark_waiting(context, group, names)
    return {"CacheParameterGroupName": group.name}


def _mark_waiting(context: Context, group: CacheParameterGroup, names: list[str]) -> None:
    """Some parameters are taken over with the next reboot of the nodes."""
    if any(definitions(group.family)[name].change_type == "requires-reboot" for name in names):
        for cluster in context.store.clusters.values():
            if cluster.parameter_group is group:
                cluster.parameter_status = "pending-reboot"


def _reset(context: Context, parameters: Parameters) -> Parameters:
    group = find(context, parameters["CacheParameterGroupName"])
    entries = parameters.get("ParameterNameValues") or []
    if parameters.get("ResetAllParameters"):
        if entries:
            message = "You can't specify ParameterNameValues when ResetAllParameters is true."
            raise refuse("InvalidParameterCombination", message)
        entries = [{"ParameterName": name} for name in group.overrides]
    names = _checked(group, entries) if entries or not parameters.get("ResetAllParameters") else []
    _check_cluster_mode_stays(context, group, names)
    changed = [name for name in names if name in group.overrides]
    for name in changed:
        del group.overrides[name]
    _mark_waiting(context, group, changed)
    return {"CacheParameterGroupName": group.name}


def _delete(context: Context, parameters: Parameters) -> None:
    group = find(context, parameters["CacheParameterGroupName"])
    if group.is_default:
        message = f"The parameter group {group.name} is a default parameter group and cannot be deleted."
        raise refuse("InvalidCacheParameterGroupState", message)
    if any(cluster.parameter_group is group for cluster in context.store.clusters.values()):
        raise refuse(
            "InvalidCacheParameterGroupState",
            f"One or more cache clusters are still members of this parameter group {group.name}, so the group cannot "
            "be deleted.",
        )
    del context.store.parameter_groups[group.name]
    context.store.tags.pop(group.arn, None)


def _engine_defaults(context: Context, parameters: Parameters) -> Parameters:
    family = parameters["CacheParameterGroupFamily"]
    if family not in FAMILIES:
        raise refuse(
            "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family."
        )
    found = [item.describe(item.default) for item in definitions(family).values()]
    return {
        "EngineDefaults": {
            "CacheParameterGroupFamily": family,
            **page("elasticache", parameters, "Parameters", found),
            "CacheNodeTypeSpecificParameters": by_node_type(family),
        }
    }


HANDLERS = {
    "CreateCacheParameterGroup": _create,
    "DeleteCacheParameterGroup": _delete,
    "DescribeCacheParameterGroups": _describe,
    "DescribeCacheParameters": _describe_parameters,
    "DescribeEngineDefaultParameters": _engine_defaults,
    "ModifyCacheParameterGroup": _modify,
    "ResetCacheParameterGroup": _reset,
}

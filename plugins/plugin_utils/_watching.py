# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is watched of a stack: from what there is and which metrics matter, to alarms and a dashboard."""

from __future__ import annotations

import typing as t

Fields = dict[str, t.Any]

#: The dashboard's grid is 24 wide; three graphs stand side by side.
GRAPH_WIDTH = 8
GRAPH_HEIGHT = 6
GRAPHS_IN_A_ROW = 3
HEADING_HEIGHT = 1

#: The kinds of things, in the order of the dashboard, and their headings.
KINDS = {
    "service": "Services",
    "target_group": "Targets",
    "load_balancer": "Load balancer",
    "http_api": "API",
    "database": "Database",
    "database_cluster": "Database cluster",
    "cache": "Cache",
    "table": "Tables",
    "file_system": "File systems",
    "schedule_group": "Schedules",
    "dead_letter_queue": "Runs that never began",
}

#: What an alarm takes over from its metric.
FROM_METRIC = ("namespace", "metric_name", "statistic", "extended_statistic", "period")
FROM_ALARM = ("evaluation_periods", "datapoints_to_alarm", "comparison_operator", "treat_missing_data")

#: What may be said of an alarm by its kind and part; see ``alarms``.
OVERRIDES = ("period", "evaluation_periods", "datapoints_to_alarm", "statistic", "treat_missing_data")

#: Amazon CloudWatch API, PutMetricAlarm, Statistic: all others are extended statistics.
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


class Thing(t.NamedTuple):
    """Something that CloudWatch has metrics of: its kind, its name in alarms, how CloudWatch knows it.

    traits: what it is beside its kind; a metric with ``of`` is only there for things that are that.
    """

    kind: str
    name: str
    dimensions: dict[str, str]
    traits: frozenset[str] = frozenset()


def things(stack: Fields) -> list[Thing]:
    """What there is of a stack. A member that is not given or empty is not there.

    stack: ``cluster_name``, ``container_insights``, ``services`` (by name: ``service_name``,
    ``target_group_full_name``), ``load_balancer_full_name``, ``http_api_id``, ``http_api_stage``,
    ``database_identifiers``, ``database_cluster_identifier``, ``cache_cluster_ids``, ``tables`` (by name: ``name``),
    ``file_systems`` (by name: ``id``), ``schedule_group_name``, ``dead_letter_queue_name``.
    """
    found = [*_services(stack)]
    balancer, api = stack.get("load_balancer_full_name"), stack.get("http_api_id")
    if balancer:
        found.append(Thing("load_balancer", "load-balancer", {"LoadBalancer": balancer}))
    if api:
        stage = {"Stage": stack["http_api_stage"]} if stack.get("http_api_stage") else {}
        found.append(Thing("http_api", "http-api", {"ApiId": api, **stage}))
    found += _databases(stack)
    nodes = stack.get("cache_cluster_ids") or []
    for identifier in nodes:
        # Nodes are numbered at the end of their ids: -001, -002.
        name = f"cache-{identifier.rpartition('-')[2]}"
        traits = frozenset({"replicated"} if len(nodes) > 1 else ())
        found.append(Thing("cache", name, {"CacheClusterId": identifier}, traits))
    for key, table in sorted((stack.get("tables") or {}).items()):
        found.append(Thing("table", f"table-{key}", {"TableName": table["name"]}))
    for key, system in sorted((stack.get("file_systems") or {}).items()):
        found.append(Thing("file_system", f"file-system-{key}", {"FileSystemId": system["id"]}))
    if stack.get("schedule_group_name"):
        found.append(Thing("schedule_group", "schedules", {"ScheduleGroup": stack["schedule_group_name"]}))
    if stack.get("dead_letter_queue_name"):
        found.append(Thing("dead_letter_queue", "dead-letters", {"QueueName": stack["dead_letter_queue_name"]}))
    return found


def _services(stack: Fields) -> t.Iterator[Thing]:
    traits = frozenset({"insights"} if stack.get("container_insights") else ())
    balancer = stack.get("load_balancer_full_name")
    for name, service in sorted((stack.get("services") or {}).items()):
        ecs = {"ClusterName": stack["cluster_name"], "ServiceName": service["service_name"]}
        yield Thing("service", name, ecs, traits)
        group = service.get("target_group_full_name")
        if group and balancer:
            yield Thing("target_group", name, {"LoadBalancer": balancer, "TargetGroup": group})


def _databases(stack: Fields) -> t.Iterator[Thing]:
    """RDS has a writer, listed first, and replicas; with Aurora they change places by themselves."""
    identifiers = stack.get("database_identifiers") or []
    cluster = stack.get("database_cluster_identifier")
    for index, identifier in enumerate(identifiers):
        own = identifier.removeprefix(cluster or identifiers[0]).strip("-")
        name = f"database-{own}" if own else "database"
        traits = {"aurora"} if cluster else {"rds", "replica"} if index else {"rds"}
        yield Thing("database", name, {"DBInstanceIdentifier": identifier}, frozenset(traits))
    if cluster:
        traits = {"replicated"} if len(identifiers) > 1 else set()
        yield Thing("database_cluster", "database-cluster", {"DBClusterIdentifier": cluster}, frozenset(traits))


def alarm_rules(metrics: dict[str, list[Fields]]) -> dict[str, Fields]:
    """The alarms that there can be, by the names under which ``overrides`` speak of them, and how each is judged.

    Such a name is kind and part, for instance ``target_group-5xx``.
    """
    return {
        _key(kind, metric): _tuned(metric, {})
        for kind in KINDS
        for metric in metrics.get(kind, [])
        if "alarm" in metric
    }


def alarms(
    stack: Fields,
    metrics: dict[str, list[Fields]],
    prefix: str,
    actions: list[str],
    overrides: dict[str, Fields] | None = None,
) -> list[Fields]:
    """The alarms of a stack, as the module ``cloudwatch_alarms`` takes them: one for each metric with a threshold.

    overrides: by a name of ``alarm_rules``, what differs from the metric: the members of OVERRIDES.
    """
    return [
        {
            "name": f"{prefix}-{thing.name}-{metric['part']}",
            "alarm_description": f"{thing.name}: {metric['alarm']['description']}",
            **_compared(thing, _tuned(metric, (overrides or {}).get(_key(thing.kind, metric)) or {})),
            "threshold": metric["alarm"]["threshold"],
            "alarm_actions": actions,
            "ok_actions": actions,
        }
        for thing in things(stack)
        for metric in _metrics_of(thing, metrics)
        if _threshold(metric) is not None
    ]


def dashboard(stack: Fields, metrics: dict[str, list[Fields]], region: str) -> Fields:
    """The body of a stack's dashboard: a heading for each kind of thing, and a graph for each of its metrics."""
    found = things(stack)
    widgets: list[Fields] = []
    top = 0
    for kind, title in KINDS.items():
        graphs = [
            (metric, these)
            for metric in metrics.get(kind, [])
            if (these := [thing for thing in found if thing.kind == kind and _applies(metric, thing)])
        ]
        if not graphs:
            continue
        widgets.append(
            {
                "type": "text",
                "x": 0,
                "y": top,
                "width": GRAPH_WIDTH * GRAPHS_IN_A_ROW,
                "height": HEADING_HEIGHT,
                "properties": {"markdown": f"## {title}"},
            }
        )
        top += HEADING_HEIGHT
        for index, (metric, these) in enumerate(graphs):
            row, column = divmod(index, GRAPHS_IN_A_ROW)
            place = {
                "x": column * GRAPH_WIDTH,
                "y": top + row * GRAPH_HEIGHT,
                "width": GRAPH_WIDTH,
                "height": GRAPH_HEIGHT,
            }
            widgets.append({"type": "metric", **place, "properties": _graph(metric, these, region)})
        top += -(-len(graphs) // GRAPHS_IN_A_ROW) * GRAPH_HEIGHT
    return {"widgets": widgets}


def _key(kind: str, metric: Fields) -> str:
    return f"{kind}-{metric['part']}"


def _applies(metric: Fields, thing: Thing) -> bool:
    return metric.get("of") is None or metric["of"] in thing.traits


def _metrics_of(thing: Thing, metrics: dict[str, list[Fields]]) -> list[Fields]:
    return [metric for metric in metrics.get(thing.kind, []) if _applies(metric, thing)]


def _threshold(metric: Fields) -> t.Any:
    return (metric.get("alarm") or {}).get("threshold")


def _tuned(metric: Fields, override: Fields) -> Fields:
    """The metric with what ``override`` says of its alarm laid over it."""
    said = {key: value for key, value in override.items() if value is not None}
    own = {key: metric[key] for key in (*FROM_METRIC, "by") if key in metric}
    if said.get("statistic") not in (None, *STATISTICS):
        said["extended_statistic"] = said["statistic"]
    if "statistic" in said:
        own.pop("statistic", None)
        own.pop("extended_statistic", None)
    if said.get("extended_statistic"):
        said.pop("statistic")
    alarm = {key: metric["alarm"][key] for key in FROM_ALARM if key in metric["alarm"]}
    return {**own, **alarm, **said}


def _compared(thing: Thing, tuned: Fields) -> Fields:
    """What an alarm compares with its threshold: one metric, or the sum of one metric over a further dimension."""
    by = tuned.get("by")
    if not by:
        return {"dimensions": thing.dimensions, **tuned}
    source = {"namespace": tuned["namespace"], "metric_name": tuned["metric_name"], "period": tuned["period"]}
    stat = tuned.get("statistic") or tuned["extended_statistic"]
    parts = [
        {
            "id": f"m{number}",
            "return_data": False,
            "metric_stat": {**source, "stat": stat, "dimensions": {**thing.dimensions, by["dimension"]: value}},
        }
        for number, value in enumerate(by["values"])
    ]
    # Most of the parts have no data at most times, and a sum with a part that has none has none itself.
    total = " + ".join(f"FILL({part['id']}, 0)" for part in parts)
    metrics = [{"id": "total", "expression": total, "label": tuned["metric_name"], "return_data": True}, *parts]
    return {"metrics": metrics, **{key: tuned[key] for key in FROM_ALARM if key in tuned}}


def _graph(metric: Fields, these: list[Thing], region: str) -> Fields:
    graph = {
        "title": metric["title"],
        "view": "timeSeries",
        "region": region,
        "stat": metric.get("statistic") or metric["extended_statistic"],
        "period": metric["period"],
        "metrics": [line for thing in these for line in _lines(metric, thing)],
    }
    threshold = _threshold(metric)
    if threshold is not None:
        graph["annotations"] = {"horizontal": [{"label": "Alarm", "value": threshold}]}
    return graph


def _lines(metric: Fields, thing: Thing) -> t.Iterator[list[t.Any]]:
    source = [metric["namespace"], metric["metric_name"], *_pairs(thing.dimensions)]
    by = metric.get("by")
    if not by:
        yield [*source, {"label": thing.name}]
        return
    for value in by["values"]:
        yield [*source, by["dimension"], value, {"label": f"{thing.name} {value}"}]


def _pairs(dimensions: dict[str, str]) -> list[str]:
    return [text for pair in dimensions.items() for text in pair]

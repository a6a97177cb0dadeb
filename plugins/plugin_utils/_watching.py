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
    "cache": "Cache",
}

#: What an alarm takes over from its metric.
FROM_METRIC = ("namespace", "metric_name", "statistic", "extended_statistic", "period")
FROM_ALARM = ("evaluation_periods", "datapoints_to_alarm", "comparison_operator", "treat_missing_data")


class Thing(t.NamedTuple):
    """Something that CloudWatch has metrics of: its kind, its name in alarms, how CloudWatch knows it."""

    kind: str
    name: str
    dimensions: dict[str, str]


def things(stack: Fields) -> list[Thing]:
    """What there is of a stack. A member that is not given or empty is not there.

    stack: ``cluster_name``, ``services`` (by name: ``service_name``, ``target_group_full_name``),
    ``load_balancer_full_name``, ``http_api_id``, ``database_identifier``, ``cache_cluster_ids``.
    """
    found = []
    balancer = stack.get("load_balancer_full_name")
    for name, service in sorted((stack.get("services") or {}).items()):
        ecs = {"ClusterName": stack["cluster_name"], "ServiceName": service["service_name"]}
        found.append(Thing("service", name, ecs))
        group = service.get("target_group_full_name")
        if group and balancer:
            found.append(Thing("target_group", name, {"LoadBalancer": balancer, "TargetGroup": group}))
    if balancer:
        found.append(Thing("load_balancer", "load-balancer", {"LoadBalancer": balancer}))
    if stack.get("http_api_id"):
        found.append(Thing("http_api", "http-api", {"ApiId": stack["http_api_id"]}))
    if stack.get("database_identifier"):
        found.append(Thing("database", "database", {"DBInstanceIdentifier": stack["database_identifier"]}))
    for identifier in stack.get("cache_cluster_ids") or []:
        # Nodes are numbered at the end of their ids: -001, -002.
        name = f"cache-{identifier.rpartition('-')[2]}"
        found.append(Thing("cache", name, {"CacheClusterId": identifier}))
    return found


def alarms(stack: Fields, metrics: dict[str, list[Fields]], prefix: str, actions: list[str]) -> list[Fields]:
    """The alarms of a stack, as the module ``cloudwatch_alarms`` takes them: one for each metric with a threshold."""
    return [
        {
            "name": f"{prefix}-{thing.name}-{metric['part']}",
            "alarm_description": f"{thing.name}: {metric['alarm']['description']}",
            "dimensions": thing.dimensions,
            **{key: metric[key] for key in FROM_METRIC if key in metric},
            **{key: metric["alarm"][key] for key in FROM_ALARM if key in metric["alarm"]},
            "threshold": metric["alarm"]["threshold"],
            "alarm_actions": actions,
            "ok_actions": actions,
        }
        for thing in things(stack)
        for metric in metrics.get(thing.kind, [])
        if _threshold(metric) is not None
    ]


def dashboard(stack: Fields, metrics: dict[str, list[Fields]], region: str) -> Fields:
    """The body of a stack's dashboard: a heading for each kind of thing, and a graph for each of its metrics."""
    found = things(stack)
    widgets: list[Fields] = []
    top = 0
    for kind, title in KINDS.items():
        these = [thing for thing in found if thing.kind == kind]
        if not these or not metrics.get(kind):
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
        for index, metric in enumerate(metrics[kind]):
            row, column = divmod(index, GRAPHS_IN_A_ROW)
            place = {
                "x": column * GRAPH_WIDTH,
                "y": top + row * GRAPH_HEIGHT,
                "width": GRAPH_WIDTH,
                "height": GRAPH_HEIGHT,
            }
            widgets.append({"type": "metric", **place, "properties": _graph(metric, these, region)})
        top += -(-len(metrics[kind]) // GRAPHS_IN_A_ROW) * GRAPH_HEIGHT
    return {"widgets": widgets}


def _threshold(metric: Fields) -> t.Any:
    return (metric.get("alarm") or {}).get("threshold")


def _graph(metric: Fields, these: list[Thing], region: str) -> Fields:
    lines = [
        [metric["namespace"], metric["metric_name"], *_pairs(thing.dimensions), {"label": thing.name}]
        for thing in these
    ]
    graph = {
        "title": metric["title"],
        "view": "timeSeries",
        "region": region,
        "stat": metric.get("statistic") or metric["extended_statistic"],
        "period": metric["period"],
        "metrics": lines,
    }
    threshold = _threshold(metric)
    if threshold is not None:
        graph["annotations"] = {"horizontal": [{"label": "Alarm", "value": threshold}]}
    return graph


def _pairs(dimensions: dict[str, str]) -> list[str]:
    return [text for pair in dimensions.items() for text in pair]

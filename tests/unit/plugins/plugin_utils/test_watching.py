"""What is watched follows from what there is."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.filter.stack_alarms import FilterModule as AlarmsFilter
from ansible_collections.webstack.aws.plugins.filter.stack_dashboard import FilterModule as DashboardFilter
from ansible_collections.webstack.aws.plugins.plugin_utils._watching import things

STACK = {
    "cluster_name": "shop",
    "services": {
        "web": {"service_name": "shop-web", "target_group_full_name": "targetgroup/web/1"},
        "worker": {"service_name": "shop-worker", "target_group_full_name": None},
    },
    "load_balancer_full_name": "app/shop/1",
    "http_api_id": "abc",
    "database_identifier": "shop",
    "cache_cluster_ids": ["shop-001", "shop-002"],
}


def metric(part="cpu", threshold=80, **more):
    alarm = {"threshold": threshold, "description": "is busy.", "comparison_operator": ">", "evaluation_periods": 5}
    return {
        "part": part,
        "title": part,
        "namespace": "N",
        "metric_name": "M",
        "statistic": "Average",
        "period": 60,
        "alarm": alarm,
        **more,
    }


def alarms(*arguments):
    return AlarmsFilter().filters()["stack_alarms"](*arguments)


def dashboard(*arguments):
    return DashboardFilter().filters()["stack_dashboard"](*arguments)


def test_everything_there_is_is_a_thing():
    assert [(thing.kind, thing.name) for thing in things(STACK)] == [
        ("service", "web"),
        ("target_group", "web"),
        ("service", "worker"),
        ("load_balancer", "load-balancer"),
        ("http_api", "http-api"),
        ("database", "database"),
        ("cache", "cache-001"),
        ("cache", "cache-002"),
    ]


def test_what_is_null_is_not_there():
    assert things({"services": {}, "database_identifier": None, "cache_cluster_ids": None}) == []


def test_an_alarm_has_all_that_the_module_wants():
    assert alarms({"database_identifier": "shop"}, {"database": [metric()]}, "test-shop", ["arn:t"]) == [
        {
            "name": "test-shop-database-cpu",
            "alarm_description": "database: is busy.",
            "namespace": "N",
            "metric_name": "M",
            "dimensions": {"DBInstanceIdentifier": "shop"},
            "statistic": "Average",
            "period": 60,
            "evaluation_periods": 5,
            "comparison_operator": ">",
            "threshold": 80,
            "alarm_actions": ["arn:t"],
            "ok_actions": ["arn:t"],
        }
    ]


def test_no_threshold_no_alarm_and_zero_is_one():
    metrics = {"database": [metric("a", None), metric("b", 0), metric("c", alarm=None)]}
    assert [alarm["name"] for alarm in alarms(STACK, metrics, "p")] == ["p-database-b"]


def test_the_dashboard_has_a_graph_for_each_metric_and_a_line_for_each_thing():
    metrics = {"cache": [metric(str(number)) for number in range(4)], "database": [metric(alarm=None)]}
    widgets = dashboard(STACK, metrics, "us-east-1")["widgets"]
    assert [(widget["type"], widget["x"], widget["y"]) for widget in widgets] == [
        ("text", 0, 0),
        ("metric", 0, 1),
        ("text", 0, 7),
        ("metric", 0, 8),
        ("metric", 8, 8),
        ("metric", 16, 8),
        ("metric", 0, 14),
    ]
    assert "annotations" not in widgets[1]["properties"]
    assert widgets[3]["properties"]["metrics"] == [
        ["N", "M", "CacheClusterId", "shop-001", {"label": "cache-001"}],
        ["N", "M", "CacheClusterId", "shop-002", {"label": "cache-002"}],
    ]
    assert widgets[3]["properties"]["annotations"]["horizontal"][0]["value"] == 80

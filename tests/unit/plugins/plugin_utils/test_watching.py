"""What is watched follows from what there is."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.filter.stack_alarms import FilterModule as AlarmsFilter
from ansible_collections.webstack.aws.plugins.filter.stack_dashboard import FilterModule as DashboardFilter
from ansible_collections.webstack.aws.plugins.plugin_utils._watching import alarm_rules, things

STACK = {
    "cluster_name": "shop",
    "services": {
        "web": {"service_name": "shop-web", "target_group_full_name": "targetgroup/web/1"},
        "worker": {"service_name": "shop-worker", "target_group_full_name": None},
    },
    "load_balancer_full_name": "app/shop/1",
    "http_api_id": "abc",
    "database_identifiers": ["shop"],
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
    assert things({"services": {}, "database_identifiers": None, "cache_cluster_ids": None}) == []


def test_an_alarm_has_all_that_the_module_wants():
    assert alarms({"database_identifiers": ["shop"]}, {"database": [metric()]}, "test-shop", ["arn:t"]) == [
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


def names(stack, metrics, **more):
    return [alarm["name"] for alarm in alarms(stack, metrics, "p", [], more)]


def test_of_rds_the_first_instance_takes_writes_and_the_others_are_replicas():
    stack = {"database_identifiers": ["shop", "shop-replica-1", "elsewhere"]}
    metrics = {"database": [metric("cpu"), metric("lag", of="replica"), metric("storage", of="rds")]}
    assert names(stack, metrics) == [
        "p-database-cpu",
        "p-database-storage",
        "p-database-replica-1-cpu",
        "p-database-replica-1-lag",
        "p-database-replica-1-storage",
        "p-database-elsewhere-cpu",
        "p-database-elsewhere-lag",
        "p-database-elsewhere-storage",
    ]


def test_aurora_has_a_cluster_and_no_storage_of_its_own():
    stack = {"database_cluster_identifier": "shop", "database_identifiers": ["shop-1", "shop-2"]}
    metrics = {
        "database": [metric("capacity", of="aurora"), metric("storage", of="rds"), metric("lag", of="replica")],
        "database_cluster": [metric("lag", of="replicated")],
    }
    assert names(stack, metrics) == ["p-database-1-capacity", "p-database-2-capacity", "p-database-cluster-lag"]
    assert [thing.dimensions for thing in things(stack)][-1] == {"DBClusterIdentifier": "shop"}
    assert names({**stack, "database_identifiers": ["shop-1"]}, metrics) == ["p-database-1-capacity"]


def test_tasks_are_counted_only_with_container_insights():
    metrics = {"service": [metric("tasks", of="insights")]}
    assert names(STACK, metrics) == []
    assert names({**STACK, "container_insights": True}, metrics) == ["p-web-tasks", "p-worker-tasks"]
    assert dashboard(STACK, metrics, "us-east-1") == {"widgets": []}


def test_one_stage_of_an_api_counts_where_it_is_named():
    assert things({"http_api_id": "a", "http_api_stage": "$default"})[0].dimensions == {
        "ApiId": "a",
        "Stage": "$default",
    }


def test_what_jobs_tables_and_files_have_is_watched():
    stack = {
        "tables": {"keys": {"name": "test-shop-keys"}},
        "file_systems": {"media": {"id": "fs-1"}},
        "schedule_group_name": "test-shop",
        "dead_letter_queue_name": "test-shop-dead",
    }
    assert [(thing.name, thing.dimensions) for thing in things(stack)] == [
        ("table-keys", {"TableName": "test-shop-keys"}),
        ("file-system-media", {"FileSystemId": "fs-1"}),
        ("schedules", {"ScheduleGroup": "test-shop"}),
        ("dead-letters", {"QueueName": "test-shop-dead"}),
    ]


def test_a_metric_by_a_dimension_is_summed_over_it():
    by = {"dimension": "Operation", "values": ["Get", "Put"]}
    stack = {"tables": {"keys": {"name": "t"}}}
    metrics = {"table": [metric("errors", by=by)]}
    (alarm,) = alarms(stack, metrics, "p", [], {})
    assert "dimensions" not in alarm
    assert "period" not in alarm
    assert [part["id"] for part in alarm["metrics"]] == ["total", "m0", "m1"]
    assert alarm["metrics"][0]["expression"] == "FILL(m0, 0) + FILL(m1, 0)"
    assert [part["return_data"] for part in alarm["metrics"]] == [True, False, False]
    assert alarm["metrics"][2]["metric_stat"] == {
        "namespace": "N",
        "metric_name": "M",
        "period": 60,
        "stat": "Average",
        "dimensions": {"TableName": "t", "Operation": "Put"},
    }
    lines = dashboard(stack, metrics, "us-east-1")["widgets"][1]["properties"]["metrics"]
    assert lines[1] == ["N", "M", "TableName", "t", "Operation", "Put", {"label": "table-keys Put"}]


def test_overrides_change_one_kind_of_alarm_and_no_graph():
    metrics = {"service": [metric("cpu")], "target_group": [metric("cpu")]}
    said = {"service-cpu": {"period": 300, "evaluation_periods": 2, "treat_missing_data": "ignore", "statistic": None}}
    service, group = alarms(STACK, metrics, "p", [], said)[:2]
    assert (service["period"], service["evaluation_periods"], service["treat_missing_data"]) == (300, 2, "ignore")
    assert service["statistic"] == "Average"
    assert group["period"] == 60
    assert dashboard(STACK, metrics, "r")["widgets"][1]["properties"]["period"] == 60


def test_a_percentile_takes_the_place_of_the_statistic():
    (alarm,) = alarms({"http_api_id": "a"}, {"http_api": [metric()]}, "p", [], {"http_api-cpu": {"statistic": "p95"}})
    assert alarm["extended_statistic"] == "p95"
    assert "statistic" not in alarm


def test_a_statistic_takes_the_place_of_a_percentile():
    percentile = {**metric(), "extended_statistic": "p95"}
    del percentile["statistic"]
    stack, said = {"http_api_id": "a"}, {"http_api-cpu": {"statistic": "Maximum"}}
    (alarm,) = alarms(stack, {"http_api": [percentile]}, "p", [], said)
    assert alarm["statistic"] == "Maximum"
    assert "extended_statistic" not in alarm


def test_overrides_speak_of_alarms_by_kind_and_part():
    metrics = {"target_group": [metric("5xx"), {"part": "requests"}], "cache": [metric("cpu", None)]}
    assert list(alarm_rules(metrics)) == ["target_group-5xx", "cache-cpu"]

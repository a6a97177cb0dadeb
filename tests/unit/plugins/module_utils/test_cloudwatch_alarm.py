"""Alarms: merging, normal form, and what CloudWatch would refuse."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._cloudwatch_alarm import CloudwatchAlarm, alarm_fault
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

ALARM = {
    "namespace": "AWS/ECS",
    "metric_name": "CPUUtilization",
    "statistic": "Average",
    "period": 60,
    "evaluation_periods": 5,
    "threshold": 80.0,
    "comparison_operator": "GreaterThanThreshold",
}
LIVE = {
    "AlarmName": "a",
    "AlarmArn": "arn:a",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 5,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
METRIC = {
    "id": "m",
    "return_data": True,
    "metric_stat": {"namespace": "N", "metric_name": "M", "period": 60, "stat": "Sum"},
}


@pytest.fixture
def kind():
    written = []
    aws = SimpleNamespace(region="us-east-1", check_mode=False, written=written)
    aws.write = lambda service, operation, **arguments: written.append(arguments)
    return CloudwatchAlarm(aws)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"threshold": None}, "threshold must be given"),
        ({"namespace": ""}, "namespace must be given"),
        ({"statistic": ""}, "needs a statistic"),
        ({"extended_statistic": "p95"}, "not both"),
        ({"period": 45}, "whole minutes"),
        ({"period": 300, "evaluation_periods": 289}, "86400"),
        ({"period": 3600, "evaluation_periods": 169}, "604800"),
        ({"datapoints_to_alarm": 6}, "more than evaluation_periods"),
        ({"metrics": [METRIC, METRIC]}, "exactly one"),
        ({"metrics": [METRIC]}, ""),
        ({"period": 3600, "evaluation_periods": 168}, ""),
        ({}, ""),
    ],
)
def test_what_cloudwatch_would_refuse(change, words):
    alarm = {key: value for key, value in {**ALARM, **change}.items() if value is not None}
    fault = alarm_fault(alarm)
    assert words in fault
    assert bool(words) == bool(fault)


def test_an_alarm_that_exists_is_judged_with_what_it_has(kind):
    kind.refuse("a", LIVE, {"threshold": 90.0})
    with pytest.raises(WebstackError, match="whole minutes"):
        kind.refuse("a", LIVE, {"period": 45})
    kind.refuse("a", LIVE, None)


def test_as_many_datapoints_as_periods_stays_so_when_periods_change(kind):
    assert kind.normalize("a", LIVE)["datapoints_to_alarm"] == 5
    kind.update("a", LIVE, {"evaluation_periods": 3}, {"evaluation_periods"})
    assert kind.aws.written[0]["EvaluationPeriods"] == 3
    assert "DatapointsToAlarm" not in kind.aws.written[0]


def test_what_is_not_given_is_sent_as_it_is(kind):
    live = {**LIVE, "DatapointsToAlarm": 2, "Dimensions": [{"Name": "b", "Value": "1"}], "OKActions": ["arn:x"]}
    kind.update("a", live, {"threshold": 90.0, "tags": None}, {"threshold"})
    assert kind.aws.written[0] == {
        "AlarmName": "a",
        "Namespace": "AWS/ECS",
        "MetricName": "CPUUtilization",
        "Dimensions": [{"Name": "b", "Value": "1"}],
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 2,
        "Threshold": 90.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "missing",
        "ActionsEnabled": True,
        "OKActions": ["arn:x"],
    }


def test_from_one_metric_to_metric_maths_and_back(kind):
    wanted = kind.keep("a", LIVE, {"metrics": [METRIC]})
    assert wanted["metric_name"] == ""
    kind.update("a", LIVE, wanted, {"metrics", "metric_name"})
    assert "MetricName" not in kind.aws.written[0]
    assert kind.aws.written[0]["Metrics"][0]["MetricStat"]["Metric"]["Dimensions"] == []
    assert kind.keep("a", LIVE, {"metric_name": "M"})["metrics"] == []


def test_from_a_statistic_to_a_percentile_and_back(kind):
    wanted = kind.keep("a", LIVE, {"extended_statistic": "p95"})
    assert (wanted["statistic"], wanted["extended_statistic"]) == ("", "p95")
    kind.refuse("a", LIVE, wanted)
    percentile = {key: value for key, value in LIVE.items() if key != "Statistic"} | {"ExtendedStatistic": "p95"}
    kind.refuse("a", percentile, kind.keep("a", percentile, {"statistic": "Sum"}))
    with pytest.raises(WebstackError, match="not both"):
        kind.refuse("a", LIVE, kind.keep("a", LIVE, {"statistic": "Sum", "extended_statistic": "p95"}))


def test_metric_maths_comes_back_as_it_was_wanted(kind):
    query = {
        "Id": "m",
        "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M", "Dimensions": []}, "Period": 60, "Stat": "Sum"},
    }
    live = kind.normalize("a", {**LIVE, "Metrics": [query, {"Id": "e", "Expression": "m * 2", "ReturnData": False}]})
    wanted = kind.normalize_wanted("a", {"metrics": [METRIC, {"id": "e", "expression": "m * 2", "return_data": False}]})
    assert live["metrics"] == wanted["metrics"]


def test_names_go_to_aws_a_hundred_at_a_time(kind):
    asked = []

    def read(service, operation, path="", **arguments):
        if operation == "list_tags_for_resource":
            return []
        asked.append(len(arguments["AlarmNames"]))
        return [{"AlarmName": name, "AlarmArn": f"arn:{name}"} for name in arguments["AlarmNames"]]

    kind.aws.read = read
    assert len(kind.read([f"a{number}" for number in range(150)])) == 150
    assert asked == [100, 50]

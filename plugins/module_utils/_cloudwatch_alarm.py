# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch alarms on one metric or on metric maths."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    own_tags,
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)

MISSING = ("ResourceNotFoundException", "ResourceNotFound")

#: CloudWatch API, DescribeAlarms, AlarmNames.
NAMES_IN_A_CALL = 100

#: CloudWatch API, PutMetricAlarm, Period: below a minute only these; else whole minutes.
SHORT_PERIODS = (10, 20, 30)
#: CloudWatch API, PutMetricAlarm, EvaluationPeriods: how many seconds an alarm may look back, by whether its period
#: is an hour or more.
LOOK_BACK = {False: 86400, True: 604800}

#: The options as AWS names them, with the value that stands for AWS's default.
FIELDS: dict[str, tuple[str, t.Any]] = {
    "alarm_description": ("AlarmDescription", ""),
    "namespace": ("Namespace", ""),
    "metric_name": ("MetricName", ""),
    "statistic": ("Statistic", ""),
    "extended_statistic": ("ExtendedStatistic", ""),
    "period": ("Period", 0),
    "unit": ("Unit", ""),
    "evaluation_periods": ("EvaluationPeriods", 0),
    "datapoints_to_alarm": ("DatapointsToAlarm", 0),
    "threshold": ("Threshold", 0.0),
    "comparison_operator": ("ComparisonOperator", ""),
    "treat_missing_data": ("TreatMissingData", "missing"),
    "evaluate_low_sample_count_percentile": ("EvaluateLowSampleCountPercentile", ""),
    "actions_enabled": ("ActionsEnabled", True),
    "alarm_actions": ("AlarmActions", []),
    "ok_actions": ("OKActions", []),
    "insufficient_data_actions": ("InsufficientDataActions", []),
}

#: What an alarm on one metric has and one on metric maths has not.
ONE_METRIC = ("namespace", "metric_name", "dimensions", "statistic", "extended_statistic", "period", "unit")
ACTIONS = ("alarm_actions", "ok_actions", "insufficient_data_actions")


class CloudwatchAlarm(Kind):
    """A metric alarm, found by its name. AWS knows no change of a part: every change sends the whole alarm."""

    noun = "cloudwatch_alarm"
    plural = "alarms"

    def read(self, names: list[str]) -> dict[str, Fields]:
        alarms = self._described(names)
        return {alarm["AlarmName"]: {**alarm, "Tags": self._tags(alarm["AlarmArn"])} for alarm in alarms}

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        tags = own_tags(self.noun, self.options.get("tags"))
        mappings = self.aws.read(
            "resourcegroupstaggingapi",
            "get_resources",
            "ResourceTagMappingList",
            ResourceTypeFilters=["cloudwatch:alarm"],
            TagFilters=[{"Key": key, "Values": [value]} for key, value in tags.items()],
        )
        tagged = {mapping["ResourceARN"].partition(":alarm:")[2] for mapping in mappings}
        # The tagging API shows for a while what has been deleted.
        return sorted(alarm["AlarmName"] for alarm in self._described(sorted(tagged - set(names))))

    def _described(self, names: list[str]) -> list[Fields]:
        return [
            alarm
            for start in range(0, len(names), NAMES_IN_A_CALL)
            for alarm in self.aws.read(
                "cloudwatch",
                "describe_alarms",
                "MetricAlarms",
                AlarmNames=names[start : start + NAMES_IN_A_CALL],
                AlarmTypes=["MetricAlarm"],
            )
        ]

    def _tags(self, arn: str) -> list[Fields] | None:
        return self.aws.read("cloudwatch", "list_tags_for_resource", "Tags", missing=MISSING, ResourceARN=arn)

    def normalize(self, name: str, live: Fields) -> Fields:
        normal = {option: live.get(member) or default for option, (member, default) in FIELDS.items()}
        normal["actions_enabled"] = live.get("ActionsEnabled", True)
        normal["dimensions"] = _dimensions(live.get("Dimensions"))
        normal["metrics"] = [_metric(query) for query in live.get("Metrics") or []]
        # Not given means as many as there are periods.
        normal["datapoints_to_alarm"] = normal["datapoints_to_alarm"] or normal["evaluation_periods"]
        return {**_sorted_actions(normal), "tags": tags_to_dict(live.get("Tags"))}

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = _sorted_actions(wanted)
        if "dimensions" in normal:
            normal["dimensions"] = {key: str(value) for key, value in normal["dimensions"].items()}
        if "metrics" in normal:
            normal["metrics"] = [_wanted_metric(metric) for metric in normal["metrics"]]
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """An alarm on metric maths has no metric of its own, and the other way round; of its statistics it has one."""
        statistics = [option for option in ("statistic", "extended_statistic") if wanted.get(option)]
        if len(statistics) == 1:
            wanted = {"statistic": "", "extended_statistic": "", **wanted}
        empty = {option: {} if option == "dimensions" else FIELDS[option][1] for option in ONE_METRIC}
        if wanted.get("metrics"):
            return {**wanted, **empty}
        if wanted.get("metric_name"):
            return {**wanted, "metrics": []}
        return wanted

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        fault = alarm_fault(self._whole(name, live, wanted) if live else wanted)
        if fault:
            raise WebstackError(f"cloudwatch_alarm {name}: {fault}", "mend the alarm")

    def _whole(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """The live alarm with what is wanted laid over it."""
        # Not set means as many as there are periods, also once that number changes.
        datapoints = live.get("DatapointsToAlarm", 0)
        given = {key: value for key, value in wanted.items() if value is not None}
        return {**self.normalize(name, live), "datapoints_to_alarm": datapoints, **given}

    def create(self, name: str, wanted: Fields) -> None:
        self.aws.write("cloudwatch", "put_metric_alarm", **_shape(name, wanted), **tags_argument(wanted.get("tags")))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed - {"tags"}:
            self.aws.write("cloudwatch", "put_metric_alarm", **_shape(name, self._whole(name, live, wanted)))
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live.get("Tags")), wanted["tags"])
            if to_set:
                self.aws.write("cloudwatch", "tag_resource", ResourceARN=live["AlarmArn"], Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("cloudwatch", "untag_resource", ResourceARN=live["AlarmArn"], TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("cloudwatch", "delete_alarms", missing=MISSING, AlarmNames=[name])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("cloudwatch", self.aws.region, f"alarm:{name}")
        return {"alarm_name": name, "alarm_arn": arn, **wanted, "tags": wanted.get("tags") or {}}

    def result(self, name: str, live: Fields) -> Fields:
        state = {"state_value": live.get("StateValue"), "state_reason": live.get("StateReason")}
        return {"alarm_name": name, "alarm_arn": live["AlarmArn"], **state, **self.normalize(name, live)}


def alarm_fault(alarm: Fields) -> str:
    """Why CloudWatch would refuse an alarm, in words; empty when it takes it (CloudWatch API, PutMetricAlarm)."""
    missing = [option for option in ("evaluation_periods", "comparison_operator", "threshold") if option not in alarm]
    if missing:
        return f"{', '.join(missing)} must be given to make it"
    if not alarm.get("metrics"):
        missing = [option for option in ("namespace", "metric_name", "period") if not alarm.get(option)]
        if missing:
            return f"{', '.join(missing)} must be given, or metrics"
        if bool(alarm.get("statistic")) == bool(alarm.get("extended_statistic")):
            return "it needs a statistic or an extended_statistic, and not both"
    elif sum(metric["return_data"] for metric in alarm["metrics"]) != 1:
        return "exactly one of its metrics must have return_data true: the one that is compared with the threshold"
    period = alarm.get("period") or max((_period(metric) for metric in alarm.get("metrics") or []), default=0)
    if period and period not in SHORT_PERIODS and period % 60:
        return f"its period is {period} seconds; CloudWatch takes 10, 20, 30 and whole minutes"
    look_back = LOOK_BACK[period >= 3600]
    if period * alarm["evaluation_periods"] > look_back:
        return f"{alarm['evaluation_periods']} periods of {period} seconds are more than the {look_back} that AWS takes"
    if alarm.get("datapoints_to_alarm", 0) > alarm["evaluation_periods"]:
        return "datapoints_to_alarm is more than evaluation_periods"
    return ""


def _period(metric: Fields) -> int:
    return metric.get("metric_stat", {}).get("period") or metric.get("period") or 0


def _sorted_actions(alarm: Fields) -> Fields:
    return {key: sorted(value) if key in ACTIONS else value for key, value in alarm.items()}


def _dimensions(dimensions: list[Fields] | None) -> dict[str, str]:
    return {dimension["Name"]: dimension["Value"] for dimension in dimensions or []}


def _metric(query: Fields) -> Fields:
    """One of a live alarm's metrics in the form of the option."""
    normal = {
        "id": query["Id"],
        "expression": query.get("Expression"),
        "label": query.get("Label"),
        "period": query.get("Period"),
        "return_data": query.get("ReturnData", True),
    }
    stat = query.get("MetricStat")
    if stat:
        normal["metric_stat"] = {
            "namespace": stat["Metric"].get("Namespace"),
            "metric_name": stat["Metric"].get("MetricName"),
            "dimensions": _dimensions(stat["Metric"].get("Dimensions")),
            "period": stat["Period"],
            "stat": stat["Stat"],
            "unit": stat.get("Unit"),
        }
    return _without_none(normal)


def _wanted_metric(metric: Fields) -> Fields:
    if "metric_stat" not in metric:
        return metric
    dimensions = {key: str(value) for key, value in metric["metric_stat"].get("dimensions", {}).items()}
    return {**metric, "metric_stat": {**metric["metric_stat"], "dimensions": dimensions}}


def _without_none(value: Fields) -> Fields:
    return {
        key: _without_none(item) if isinstance(item, dict) else item for key, item in value.items() if item is not None
    }


def _shape(name: str, alarm: Fields) -> Fields:
    """An alarm as PutMetricAlarm takes it; what is empty is left out."""
    without = ONE_METRIC if alarm.get("metrics") else ()
    shape = {
        member: alarm[option]
        for option, (member, _unused) in FIELDS.items()
        if option not in without and alarm.get(option) not in (None, "", [])
    }
    if alarm.get("metrics"):
        shape["Metrics"] = [_metric_shape(metric) for metric in alarm["metrics"]]
    elif alarm.get("dimensions"):
        shape["Dimensions"] = _dimension_list(alarm["dimensions"])
    if not shape.get("DatapointsToAlarm"):
        shape.pop("DatapointsToAlarm", None)
    return {"AlarmName": name, **shape}


def _dimension_list(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": key, "Value": value} for key, value in sorted(dimensions.items())]


def _metric_shape(metric: Fields) -> Fields:
    shape: Fields = {
        "Id": metric["id"],
        "Expression": metric.get("expression"),
        "Label": metric.get("label"),
        "Period": metric.get("period"),
        "ReturnData": metric["return_data"],
    }
    if "metric_stat" in metric:
        stat = metric["metric_stat"]
        shape["MetricStat"] = {
            "Metric": {
                "Namespace": stat["namespace"],
                "MetricName": stat["metric_name"],
                "Dimensions": _dimension_list(stat.get("dimensions", {})),
            },
            "Period": stat["period"],
            "Stat": stat["stat"],
            "Unit": stat.get("unit"),
        }
    return _without_none(shape)

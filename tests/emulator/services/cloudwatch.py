"""CloudWatch alarms and dashboards as AWS has them, where moto differs.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, API_DeleteAlarms.html and
API_PutDashboard.html (tags, for a new dashboard only)
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, parameters, wrap

_DAY = 86400


def install() -> None:
    """Extend moto."""
    _dashboards()

    @wrap(CloudWatchBackend, "put_metric_alarm")
    def put(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _check(given)
        before = self.alarms.get(given["name"])
        if before is not None:
            given["tags"] = None  # tags of an alarm that exists are changed by TagResource only
        alarm = original(self, **given)
        if before is not None:
            alarm.state_value, alarm.state_reason = before.state_value, before.state_reason
            alarm.state_updated_timestamp = before.state_updated_timestamp
        else:
            alarm.state_value = "INSUFFICIENT_DATA"
        return alarm

    @wrap(CloudWatchBackend, "delete_alarms")
    def delete(original: Any, self: Any, alarm_names: list[str]) -> None:
        missing = [name for name in alarm_names if name not in self.alarms]
        if missing:
            # with one wrong name, no alarm is deleted
            raise AwsError("ResourceNotFound", f"Alarms [{', '.join(missing)}] do not exist", 404)
        for name in alarm_names:
            self.tagger.delete_all_tags_for_resource(self.alarms[name].alarm_arn)
        original(self, alarm_names)


def _dashboards() -> None:
    @wrap(CloudWatchResponse, "put_dashboard")
    def put(original: Any, self: Any) -> Any:
        given = parameters(self)
        backend = self.cloudwatch_backend
        is_new = given["DashboardName"] not in backend.dashboards
        answer = original(self)
        if is_new and given.get("Tags"):
            arn = backend.dashboards[given["DashboardName"]].arn
            backend.tagger.tag_resource(arn, given["Tags"])
        return answer

    @wrap(CloudWatchResponse, "get_dashboard")
    def get(original: Any, self: Any) -> Any:
        name = parameters(self)["DashboardName"]
        dashboard = self.cloudwatch_backend.get_dashboard(name)
        if dashboard is None:
            return original(self)
        return ActionResult({"DashboardArn": dashboard.arn, "DashboardBody": dashboard.body, "DashboardName": name})

    @wrap(CloudWatchResponse, "list_dashboards")
    def entries(original: Any, self: Any) -> Any:
        dashboards = self.cloudwatch_backend.list_dashboards(parameters(self).get("DashboardNamePrefix", ""))
        shown = [
            {"DashboardName": it.name, "DashboardArn": it.arn, "LastModified": it.last_modified, "Size": it.size}
            for it in dashboards
        ]
        return ActionResult({"DashboardEntries": shown})

    @wrap(CloudWatchBackend, "tag_resource")
    def tag(original: Any, self: Any, arn: str, tags: dict[str, str]) -> None:
        if arn in {dashboard.arn for dashboard in self.dashboards.values()}:
            self.tagger.tag_resource(arn, self.tagger.convert_dict_to_tags_input(tags))
        else:
            original(self, arn, tags)

    @wrap(CloudWatchBackend, "delete_dashboards")
    def delete(original: Any, self: Any, dashboards: list[str]) -> Any:
        arns = [self.dashboards[name].arn for name in dashboards if name in self.dashboards]
        answer = original(self, dashboards)
        for arn in arns:
            self.tagger.delete_all_tags_for_resource(arn)
        return answer


def _check(given: dict[str, Any]) -> None:
    period, periods = given.get("period"), given.get("evaluation_periods")
    if given.get("metric_data_queries"):
        return
    if not given.get("statistic") and not given.get("extended_statistic"):
        raise AwsError("MissingParameter", "Either Statistic or ExtendedStatistic must be specified")
    if given.get("statistic") and given.get("extended_statistic"):
        message = "Statistic and ExtendedStatistic cannot both be specified"
        raise AwsError("InvalidParameterCombination", message)
    if period is None:
        raise AwsError("MissingParameter", "The parameter Period is required.")
    period, periods = int(period), int(periods or 1)
    if period not in (10, 20, 30) and period % 60:
        raise AwsError("ValidationError", "Period must be 10, 20, 30 or a multiple of 60")
    longest = 7 * _DAY if period >= 3600 else _DAY
    if period * periods > longest:
        message = (
            f"Metrics cannot be checked across more than {'a week' if longest > _DAY else 'a day'} "
            f"(EvaluationPeriods * Period must be <= {longest})."
        )
        raise AwsError("ValidationError", message)
    if given.get("datapoints_to_alarm") and int(given["datapoints_to_alarm"]) > periods:
        message = "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
        raise AwsError("ValidationError", message)

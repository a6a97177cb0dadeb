"""CloudWatch logs, alarms and dashboards, SNS topics, X-Ray sampling, CloudTrail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, as_list, document, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_RETENTION = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_HOUR, _DAY, _WEEK = 3600, 86400, 604800
_ALARM = "cloudwatch:PutMetricAlarm"


@rule("logs:PutRetentionPolicy", source=api("logs", "PutRetentionPolicy"))
def retention_of_logs(request: Request, _world: World) -> Iterator[str]:
    """Logs are kept for certain numbers of days only."""
    if request.get("retentionInDays") not in _RETENTION:
        yield f"retentionInDays is {request.get('retentionInDays')}"


@rule("logs:CreateLogGroup", source=api("logs", "CreateLogGroup"))
def names_of_log_groups(request: Request, _world: World) -> Iterator[str]:
    """A log group's name has at most 512 letters, digits and _-/.#, and does not begin with aws/."""
    yield from text_problem("logGroupName", request.get("logGroupName"), r"(?!aws/)[a-zA-Z0-9_\-/.#]+", 512)


@rule(_ALARM, source=api("cloudwatch", "PutMetricAlarm"))
def periods_of_alarms(request: Request, _world: World) -> Iterator[str]:
    """An alarm's period is 10, 20 or 30 s or a multiple of 60; all periods together are a day at most where one is
    shorter than an hour, and a week otherwise."""
    periods = [request.get("Period")]
    periods += [
        metric.get("MetricStat", {}).get("Period") or metric.get("Period") for metric in request.get("Metrics", [])
    ]
    known = [period for period in periods if period is not None]
    for period in known:
        if period not in (10, 20, 30) and (period < 60 or period % 60):
            yield f"Period is {period}"
    if known:
        most = _DAY if max(known) < _HOUR else _WEEK
        yield from range_problem("the time", max(known) * request.get("EvaluationPeriods", 1), 1, most)


@rule(_ALARM, source=api("cloudwatch", "PutMetricAlarm"))
def finest_periods_of_alarms(request: Request, _world: World) -> Iterator[str]:
    """AWS's own metrics have a figure a minute at best; an alarm of 10, 20 or 30 s is for metrics that are sent that
    often."""
    if request.get("Namespace", "").startswith("AWS/") and request.get("Period", 60) < 60:
        yield f"{request.get('Namespace')} every {request.get('Period')} s"


@rule(_ALARM, source=api("cloudwatch", "PutMetricAlarm"))
def points_of_alarms(request: Request, _world: World) -> Iterator[str]:
    """The figures that make an alarm are 1 at least and no more than the periods that are looked at."""
    points = request.get("DatapointsToAlarm")
    yield from range_problem("DatapointsToAlarm", points, 1, request.get("EvaluationPeriods", 1))


@rule(_ALARM, source=api("cloudwatch", "PutMetricAlarm"))
def metrics_of_alarms(request: Request, _world: World) -> Iterator[str]:
    """An alarm looks at one metric, or at expressions of which one gives the result; a metric has a statistic or a
    percentile, and an alarm on one a threshold and a period."""
    metrics = request.get("Metrics")
    if metrics:
        own = [name for name in ("MetricName", "Dimensions", "Period", "Namespace", "Statistic") if request.get(name)]
        if own:
            yield f"it has Metrics and {', '.join(own)}"
        if sum(metric.get("ReturnData", True) for metric in metrics) != 1:
            yield "not exactly one of the Metrics is the result"
        ids = [metric["Id"] for metric in metrics]
        if len(set(ids)) < len(ids) or not all(re.fullmatch(r"[a-z]\w*", identifier) for identifier in ids):
            yield f"the Metrics are {', '.join(ids)}"
    else:
        missing = [name for name in ("MetricName", "Namespace", "Period", "Threshold") if request.get(name) is None]
        if missing:
            yield f"it lacks {', '.join(missing)}"
        if bool(request.get("Statistic")) == bool(request.get("ExtendedStatistic")):
            yield "it has both or none of Statistic and ExtendedStatistic"


@rule(_ALARM, source=api("cloudwatch", "PutMetricAlarm"))
def texts_of_alarms(request: Request, _world: World) -> Iterator[str]:
    """An alarm's name has at most 255 characters, its description 1024; missing data count as one of four things."""
    yield from range_problem("the length of AlarmName", len(request.get("AlarmName", "")), 1, 255)
    yield from range_problem("the length of AlarmDescription", len(request.get("AlarmDescription", "")), 0, 1024)
    if request.get("TreatMissingData", "missing") not in ("breaching", "notBreaching", "ignore", "missing"):
        yield f"TreatMissingData is {request.get('TreatMissingData')}"


@rule(_ALARM, source=api("cloudwatch", "PutMetricAlarm"))
def actions_of_alarms(request: Request, _world: World) -> Iterator[str]:
    """An alarm has at most five actions for each state, each an ARN; topics are in the alarm's region."""
    for state in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        actions = request.get(state, [])
        yield from range_problem(f"the number of {state}", len(actions), 0, 5)
        for arn in actions:
            if not arn.startswith("arn:") or (":sns:" in arn and arn.split(":")[3] != request.region):
                yield f"{state} has {arn}"


def _widgets(request: Request) -> list[dict[str, Any]] | None:
    body = document(request.get("DashboardBody", ""))
    return body.get("widgets") if isinstance(body, dict) else None


@rule("cloudwatch:PutDashboard", source=api("cloudwatch", "PutDashboard"))
def names_of_dashboards(request: Request, _world: World) -> Iterator[str]:
    """A dashboard's name has at most 255 letters, digits, hyphens and underscores; its body is JSON with at most 500
    widgets."""
    yield from text_problem("DashboardName", request.get("DashboardName"), r"[A-Za-z0-9_-]+", 255)
    widgets = _widgets(request)
    if widgets is None:
        yield "its body has no widgets"
    else:
        yield from range_problem("the number of widgets", len(widgets), 0, 500)


@rule(
    "cloudwatch:PutDashboard",
    source=page("AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"),
)
def widgets_of_dashboards(request: Request, _world: World) -> Iterator[str]:
    """A widget is 1 to 24 columns wide and 1 to 1000 rows high and lies within the 24 columns; one for metrics names
    its region and metrics, one for alarms its alarms, one for text its text."""
    needed = {"text": ("markdown",), "metric": ("region",), "alarm": ("alarms",), "log": ("region", "query")}
    for number, widget in enumerate(_widgets(request) or [], 1):
        where, kind = f"widget {number}", str(widget.get("type"))
        yield from range_problem(f"{where}'s width", widget.get("width", 6), 1, 24)
        yield from range_problem(f"{where}'s height", widget.get("height", 6), 1, 1000)
        yield from range_problem(f"{where}'s right edge", widget.get("x", 0) + widget.get("width", 6), 1, 24)
        missing = [name for name in needed.get(kind, ()) if not widget.get("properties", {}).get(name)]
        if kind not in (*needed, "explorer", "custom") or missing:
            yield f"{where} of type {kind} lacks {', '.join(missing)}"


@rule("sns:CreateTopic", source=api("sns", "CreateTopic"))
def names_of_topics(request: Request, _world: World) -> Iterator[str]:
    """A topic's name has at most 256 letters, digits, hyphens and underscores, its display name at most 100 characters;
    its policy has at most 30 KB."""
    yield from text_problem("Name", request.get("Name"), r"[A-Za-z0-9_-]+(\.fifo)?", 256)
    attributes = request.get("Attributes", {})
    yield from range_problem("the length of DisplayName", len(attributes.get("DisplayName", "")), 0, 100)
    yield from range_problem("the size of Policy", len(attributes.get("Policy", "").encode()), 0, 30720)


@rule(
    "sns:CreateTopic",
    "sns:SetTopicAttributes",
    source=page("sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"),
)
def policies_of_topics(request: Request, _world: World) -> Iterator[str]:
    """A topic's policy is JSON and allows or denies some of the operations on a topic to somebody."""
    text = request.get("Attributes", {}).get("Policy")
    if request.get("AttributeName") == "Policy":
        text = request.get("AttributeValue")
    if text is None:
        return
    known = {
        "AddPermission", "DeleteTopic", "GetDataProtectionPolicy", "GetTopicAttributes", "ListSubscriptionsByTopic",
        "ListTagsForResource", "Publish", "PutDataProtectionPolicy", "Receive", "RemovePermission",
        "SetTopicAttributes", "Subscribe",
    }  # fmt: skip
    for statement in as_list((document(text) or {}).get("Statement")) or [{}]:
        actions = {action.split(":")[-1] for action in as_list(statement.get("Action"))}
        if not actions or actions - known or "Principal" not in statement:
            yield f"statement {statement.get('Sid')} is on {', '.join(sorted(actions))}"


@rule("sns:Subscribe", source=api("sns", "Subscribe"))
def endpoints_of_subscriptions(request: Request, _world: World) -> Iterator[str]:
    """A subscription's endpoint is an address, a URL, a number or an ARN, as its protocol wants it."""
    forms = {
        "email": r"[^@\s]+@[^@\s]+",
        "email-json": r"[^@\s]+@[^@\s]+",
        "http": r"http://\S+",
        "https": r"https://\S+",
        "lambda": r"arn:aws[\w-]*:lambda:\S+",
        "sqs": r"arn:aws[\w-]*:sqs:\S+",
        "sms": r"\+?[\d -]+",
    }
    pattern = forms.get(request.get("Protocol"))
    if pattern and request.get("Endpoint") is not None:
        yield from text_problem("Endpoint", request.get("Endpoint"), pattern)


@rule("xray:CreateSamplingRule", source=api("xray", "SamplingRule"))
def sampling_of_traces(request: Request, _world: World) -> Iterator[str]:
    """A sampling rule has a name of at most 32 characters, a rate of 0 to 1, a priority of 1 to 9999, and a
    reservoir."""
    one = request.get("SamplingRule", {})
    yield from text_problem("RuleName", one.get("RuleName"), r"[\w.:-]+", 32)
    yield from range_problem("FixedRate", one.get("FixedRate"), 0, 1)
    yield from range_problem("Priority", one.get("Priority"), 1, 9999)
    yield from range_problem("ReservoirSize", one.get("ReservoirSize"), 0, 2147483647)


@rule("cloudtrail:CreateTrail", source=api("cloudtrail", "CreateTrail"))
def names_of_trails(request: Request, _world: World) -> Iterator[str]:
    """A trail's name has 3 to 128 letters, digits and ._-, a letter or digit first and last and no two of the others in
    a row; one that also writes to a log group names a role for it."""
    yield from text_problem("Name", request.get("Name"), r"[A-Za-z0-9]([._-]?[A-Za-z0-9])+")
    yield from range_problem("its length", len(request.get("Name", "")), 3, 128)
    if bool(request.get("CloudWatchLogsLogGroupArn")) != bool(request.get("CloudWatchLogsRoleArn")):
        yield "it has a log group or a role, not both"


RULES: tuple[Rule, ...] = (
    retention_of_logs,
    names_of_log_groups,
    periods_of_alarms,
    finest_periods_of_alarms,
    points_of_alarms,
    metrics_of_alarms,
    texts_of_alarms,
    actions_of_alarms,
    names_of_dashboards,
    widgets_of_dashboards,
    names_of_topics,
    policies_of_topics,
    endpoints_of_subscriptions,
    sampling_of_traces,
    names_of_trails,
)

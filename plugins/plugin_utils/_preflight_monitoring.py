# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for what watches over a stack: log groups, alarms, who is told, what is traced."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.webstack.aws.plugins.module_utils._cloudwatch_alarm import LOOK_BACK, SHORT_PERIODS
from ansible_collections.webstack.aws.plugins.module_utils._log_group import NAME, NAME_WORDS, RETENTION_DAYS
from ansible_collections.webstack.aws.plugins.module_utils._sns_topic import subscription_fault
from ansible_collections.webstack.aws.plugins.module_utils._xray_sampling_rule import OPTIONS, rule_fault
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, nearest
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import COLLECTION
from ansible_collections.webstack.aws.plugins.plugin_utils._watching import OVERRIDES, STATISTICS, alarm_rules

Values = t.Mapping[str, t.Any]
Fields = dict[str, t.Any]

#: Thresholds that are shares of a hundred, and those that count at least one; all others are 0 or more.
PERCENT = (
    "service_cpu",
    "service_memory",
    "database_cpu",
    "database_acu_utilization",
    "cache_cpu",
    "cache_engine_cpu",
    "cache_memory",
    "file_system_io_limit",
)
AT_LEAST_ONE = (
    "service_running_tasks",
    "healthy_hosts",
    "unhealthy_hosts",
    "target_5xx",
    "load_balancer_5xx",
    "http_api_5xx",
    "database_connections",
    "table_throttles",
    "table_system_errors",
    "schedule_dropped",
    "schedule_target_errors",
    "dead_letters",
)

#: Amazon CloudWatch API, PutMetricAlarm, ExtendedStatistic; of ranges only their form.
EXTENDED_STATISTIC = re.compile(
    r"IQM|(p|tm|tc|ts|wm)(100|\d{1,2}(\.\d{1,10})?)|(PR|TM|TC|TS|WM)\([\d.]*%?:[\d.]*%?\)", re.IGNORECASE
)
MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")

#: What a sampling rule may say of itself.
RULE_OPTIONS = ("name", *OPTIONS)
NUMBERS = ("fixed_rate", "priority", "reservoir_size")


def retention(values: Values) -> t.Iterator[Fault]:
    days = values.get("monitoring_log_retention_days")
    if days is not None and days not in RETENTION_DAYS:
        near = min(RETENTION_DAYS[1:], key=lambda valid: abs(valid - days))
        yield Fault(
            "monitoring_log_retention_days",
            f"CloudWatch Logs has no retention of {days} days",
            f"{near} is the nearest",
        )


def log_groups(values: Values) -> t.Iterator[Fault]:
    """Names of log groups that somebody chose."""
    named = {"api_gateway_log_group": values.get("api_gateway_log_group")}
    for variable in ("webstack_services", "webstack_jobs"):
        for key, item in (values.get(variable) or {}).items():
            named[f"{variable}.{key}.log_group"] = (item or {}).get("log_group")
            for sidecar, options in ((item or {}).get("sidecars") or {}).items():
                named[f"{variable}.{key}.sidecars.{sidecar}.log_group"] = (options or {}).get("log_group")
    for where, name in named.items():
        if name and "{{" not in name and not NAME.fullmatch(name):
            yield Fault(where, f"{name!r} is no name of a log group", NAME_WORDS)


def thresholds(values: Values) -> t.Iterator[Fault]:
    for variable, value in values.items():
        if not variable.startswith("monitoring_") or not variable.endswith("_threshold") or value is None:
            continue
        name = variable.removeprefix("monitoring_").removesuffix("_threshold")
        if name in PERCENT and not 0 < value <= 100:
            yield Fault(variable, f"{value} is no share of a hundred", "above 0 and at most 100, or null for no alarm")
        elif name in AT_LEAST_ONE and value < 1:
            yield Fault(variable, f"with {value} the alarm says nothing", "1 or more, or null for no alarm")
        elif value < 0:
            yield Fault(variable, f"{value} is never reached", "0 or more, or null for no alarm")


def overrides(values: Values) -> t.Iterator[Fault]:
    known = _known_alarms()
    for name, override in (values.get("monitoring_alarm_overrides") or {}).items():
        where = f"monitoring_alarm_overrides.{name}"
        if name not in known:
            like = nearest(name, known)
            yield Fault(
                where,
                "there is no such alarm",
                f"{like}, if that was meant; known are {', '.join(known)}" if like else f"one of {', '.join(known)}",
            )
        elif not isinstance(override, dict):
            yield Fault(where, "it is no mapping", f"a mapping of {', '.join(OVERRIDES)}")
        else:
            yield from _override_faults(where, known[name], override)


def _override_faults(where: str, alarm: Fields, override: Fields) -> t.Iterator[Fault]:
    for option in sorted(set(override) - set(OVERRIDES)):
        yield Fault(f"{where}.{option}", "nothing of an alarm is called so", f"one of {', '.join(OVERRIDES)}")
    said = {key: value for key, value in override.items() if key in OVERRIDES and value is not None}
    missing = said.get("treat_missing_data", "missing")
    if missing not in MISSING_DATA:
        yield Fault(f"{where}.treat_missing_data", f"{missing!r} is unknown", f"one of {', '.join(MISSING_DATA)}")
    statistic = said.get("statistic", "Average")
    if statistic not in STATISTICS and not EXTENDED_STATISTIC.fullmatch(str(statistic)):
        words = f"one of {', '.join(STATISTICS)}, or a percentile such as p95"
        yield Fault(f"{where}.statistic", f"{statistic!r} is no statistic", words)
    numbers = {**alarm, **said}
    period, periods = numbers["period"], numbers["evaluation_periods"]
    datapoints = numbers.get("datapoints_to_alarm") or 1
    if not all(isinstance(number, int) and number > 0 for number in (period, periods, datapoints)):
        yield Fault(where, "its periods and numbers are no whole numbers above 0", "whole numbers above 0")
        return
    if period not in SHORT_PERIODS and period % 60:
        yield Fault(f"{where}.period", f"CloudWatch has no period of {period} seconds", "10, 20, 30 or whole minutes")
    look_back = LOOK_BACK[period >= 3600]
    if period * periods > look_back:
        yield Fault(
            f"{where}.evaluation_periods",
            f"{periods} periods of {period} seconds are {period * periods}; an alarm looks back {look_back} at most",
            f"{look_back // period} or fewer periods",
        )
    if datapoints > periods:
        yield Fault(
            f"{where}.datapoints_to_alarm",
            f"{datapoints} of {periods} periods cannot be",
            f"at most {periods}, or more evaluation_periods",
        )


def subscriptions(values: Values) -> t.Iterator[Fault]:
    for number, item in enumerate(values.get("monitoring_topic_subscriptions") or [], 1):
        fault = subscription_fault(item)
        if fault and "{{" not in item["endpoint"]:
            yield Fault(
                f"monitoring_topic_subscriptions, number {number}",
                f"{item['endpoint']} {fault}",
                "an endpoint that fits the protocol: an address, a URL or an ARN",
            )


def sampling_rules(values: Values) -> t.Iterator[Fault]:
    for key, rule in (values.get("monitoring_sampling_rules") or {}).items():
        where, options = f"monitoring_sampling_rules.{key}", rule or {}
        for option in sorted(set(options) - set(RULE_OPTIONS)):
            yield Fault(f"{where}.{option}", "nothing of a rule is called so", f"one of {', '.join(RULE_OPTIONS)}")
        words = [name for name in NUMBERS if isinstance(options.get(name, 0), str)]
        if words:
            yield Fault(f"{where}.{words[0]}", f"{options[words[0]]!r} is no number", "a number")
            continue
        # A name that is derived is shortened where it must be.
        fault = rule_fault(options.get("name") or "derived", options, is_new=True)
        if fault:
            yield Fault(where, fault, "a rule as the role monitoring documents it")


@functools.cache
def _known_alarms() -> dict[str, Fields]:
    """The alarms that there can be, by the names under which overrides speak of them, with their periods."""
    internals = yaml_load((COLLECTION / "roles" / "monitoring" / "vars" / "main.yml").read_text())
    return alarm_rules(internals["__monitoring_metrics"])


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (
    retention,
    log_groups,
    thresholds,
    overrides,
    subscriptions,
    sampling_rules,
)

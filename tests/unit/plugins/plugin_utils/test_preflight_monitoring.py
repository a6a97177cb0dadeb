"""What is wrong with alarms, log groups, subscriptions and sampling rules is said before anything is asked of AWS."""

from __future__ import annotations

import re

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_monitoring import AT_LEAST_ONE, PERCENT, RULES
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import COLLECTION, roles


def faults(**given):
    values = {**roles().defaults, **given}
    return [fault for rule in RULES for fault in rule(values)]


def test_the_defaults_are_right():
    assert faults() == []


def test_every_threshold_has_an_alarm_and_every_alarm_a_threshold():
    internals = (COLLECTION / "roles" / "monitoring" / "vars" / "main.yml").read_text()
    thresholds = {name for name in roles().defaults if re.fullmatch("monitoring_.*_threshold", name)}
    assert set(re.findall(r"monitoring_\w+_threshold", internals)) == thresholds
    assert {f"monitoring_{name}_threshold" for name in (*PERCENT, *AT_LEAST_ONE)} <= thresholds


@pytest.mark.parametrize(
    ("given", "variable", "words"),
    [
        ({"monitoring_log_retention_days": 10}, "monitoring_log_retention_days", "7 is the nearest"),
        ({"monitoring_service_cpu_threshold": 0}, "monitoring_service_cpu_threshold", "no share of a hundred"),
        ({"monitoring_cache_memory_threshold": 101.0}, "monitoring_cache_memory_threshold", "no share of a hundred"),
        ({"monitoring_target_5xx_threshold": 0}, "monitoring_target_5xx_threshold", "1 or more"),
        ({"monitoring_response_time_threshold": -1}, "monitoring_response_time_threshold", "0 or more"),
        (
            {"monitoring_alarm_overrides": {"service-cpus": {}}},
            "monitoring_alarm_overrides.service-cpus",
            "service-cpu,",
        ),
        ({"monitoring_alarm_overrides": {"xyz": {}}}, "monitoring_alarm_overrides.xyz", "target_group-5xx"),
        ({"monitoring_alarm_overrides": {"service-cpu": 5}}, "monitoring_alarm_overrides.service-cpu", "no mapping"),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"threshold": 5}}},
            "monitoring_alarm_overrides.service-cpu.threshold",
            "evaluation_periods",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"period": 90}}},
            "monitoring_alarm_overrides.service-cpu.period",
            "whole minutes",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"period": "60"}}},
            "monitoring_alarm_overrides.service-cpu",
            "whole numbers",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"period": 900, "evaluation_periods": 97}}},
            "monitoring_alarm_overrides.service-cpu.evaluation_periods",
            "96 or fewer",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"period": 3600, "evaluation_periods": 169}}},
            "monitoring_alarm_overrides.service-cpu.evaluation_periods",
            "168 or fewer",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"datapoints_to_alarm": 6}}},
            "monitoring_alarm_overrides.service-cpu.datapoints_to_alarm",
            "at most 5",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"statistic": "Mean"}}},
            "monitoring_alarm_overrides.service-cpu.statistic",
            "p95",
        ),
        (
            {"monitoring_alarm_overrides": {"service-cpu": {"treat_missing_data": "good"}}},
            "monitoring_alarm_overrides.service-cpu.treat_missing_data",
            "notBreaching",
        ),
        (
            {"monitoring_topic_subscriptions": [{"protocol": "email", "endpoint": "shop"}]},
            "monitoring_topic_subscriptions, number 1",
            "no e-mail address",
        ),
        (
            {"monitoring_topic_subscriptions": [{"protocol": "https", "endpoint": "http://shop.example.com"}]},
            "monitoring_topic_subscriptions, number 1",
            "https://",
        ),
        (
            {"monitoring_topic_subscriptions": [{"protocol": "https", "endpoint": "https://me:word@example.com"}]},
            "monitoring_topic_subscriptions, number 1",
            "in clear text",
        ),
        ({"api_gateway_log_group": "a:b"}, "api_gateway_log_group", "no name of a log group"),
        ({"webstack_jobs": {"sync": {"log_group": "a b"}}}, "webstack_jobs.sync.log_group", "no name of a log group"),
        (
            {"monitoring_sampling_rules": {"api": {"fixed_rate": 10}}},
            "monitoring_sampling_rules.api",
            "between 0 and 1",
        ),
        ({"monitoring_sampling_rules": {"api": None}}, "monitoring_sampling_rules.api", "fixed_rate must be given"),
        (
            {"monitoring_sampling_rules": {"api": {"fixed_rate": "a tenth"}}},
            "monitoring_sampling_rules.api.fixed_rate",
            "no number",
        ),
        (
            {"monitoring_sampling_rules": {"api": {"fixed_rate": 0.1, "rate": 1}}},
            "monitoring_sampling_rules.api.rate",
            "reservoir_size",
        ),
        (
            {"monitoring_sampling_rules": {"api": {"fixed_rate": 0.1, "name": "a" * 33}}},
            "monitoring_sampling_rules.api",
            "at most 32",
        ),
        (
            {"webstack_services": {"api": {"log_group": "aws/api"}}},
            "webstack_services.api.log_group",
            "not beginning with aws/",
        ),
        (
            {"webstack_services": {"api": {"sidecars": {"adot": {"log_group": "a b"}}}}},
            "webstack_services.api.sidecars.adot.log_group",
            "no name of a log group",
        ),
    ],
)
def test_a_fault_is_named_with_what_is_right(given, variable, words):
    (fault,) = faults(**given)
    assert fault.variable == variable
    assert words in f"{fault.problem} {fault.remedy}"


@pytest.mark.parametrize(
    "given",
    [
        {"monitoring_log_retention_days": 0},
        {"monitoring_service_cpu_threshold": None},
        {"monitoring_cache_evictions_threshold": 0},
        {"monitoring_alarm_overrides": {"service-cpu": {"period": 300, "evaluation_periods": 2}}},
        {
            "monitoring_alarm_overrides": {
                "target_group-response-time": {"statistic": "p99.9", "datapoints_to_alarm": 3}
            }
        },
        {"monitoring_alarm_overrides": {"database_cluster-replica-lag": {"period": 10}}},
        {"monitoring_topic_subscriptions": [{"protocol": "email", "endpoint": "a@example.com"}]},
        {"monitoring_topic_subscriptions": [{"protocol": "https", "endpoint": "https://example.com/hook"}]},
        {"monitoring_sampling_rules": {"api": {"fixed_rate": 0, "url_path": "/health", "reservoir_size": 0}}},
        {"webstack_services": {"api": {"log_group": "/aws/ecs/staging-shop/backend", "sidecars": {"x": None}}}},
    ],
)
def test_what_is_right_has_no_fault(given):
    assert faults(**given) == []

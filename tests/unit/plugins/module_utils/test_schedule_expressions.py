"""Expressions of EventBridge Scheduler: what it takes, and what is said of what it does not."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._schedule_expressions import (
    expression_fault,
    is_over,
    time_zone_fault,
)

GOOD = [
    "rate(1 minute)",
    "rate(15 minutes)",
    "rate(1 day)",
    "rate(1 hours)",
    "rate(5 minute)",
    "cron(0 3 * * ? *)",
    "cron(0/15 8-17 ? * MON-FRI *)",
    "cron(*/5 * * * ? *)",
    "cron(0 3 ? * 2#1 *)",
    "cron(0 3 L * ? *)",
    "cron(0 3 LW * ? *)",
    "cron(0 3 L-2 * ? *)",
    "cron(0 3 15W * ? *)",
    "cron(0 3 ? * 6L *)",
    "cron(0 3 ? * fri *)",
    "cron(0,30 3 1,15 JAN,JUL ? 2026-2030)",
    "at(2027-01-31T03:00:00)",
]

#: Expression -> a piece of what is said.
BAD = {
    "every day": "neither",
    "rate(5 minutes": "neither",
    "rate(0 days)": "greater than 0",
    "rate(-1 days)": "is no rate",
    "rate(5 weeks)": "is no rate",
    "rate(1.5 hours)": "is no rate",
    "rate(5  minutes)": "is no rate",
    "cron(0 3 * * *)": "has 5 fields",
    "cron(0 3 * * * *)": "? in one of",
    "cron(0 3 ? * ? *)": "? in one of",
    "cron(0 3 1 * MON *)": "? in one of",
    "cron(60 3 * * ? *)": "no valid minutes: '60'",
    "cron(0 24 * * ? *)": "no valid hours",
    "cron(0 3 0 * ? *)": "no valid day of the month",
    "cron(0 3 * 13 ? *)": "no valid month",
    "cron(0 3 ? * 0 *)": "no valid day of the week",
    "cron(0 3 ? * MON#6 *)": "no valid day of the week",
    "cron(0 3 * * ? 1969)": "no valid year",
    "cron(? 3 * * ? *)": "no valid minutes",
    "cron(0/0 3 * * ? *)": "no valid minutes",
    "cron(0 3 L-31 * ? *)": "no valid day of the month",
    "cron(0 3 ? * L-2 *)": "no valid day of the week",
    "cron(0 3 1#2 * ? *)": "no valid day of the month",
    "cron(0, 3 * * ? *)": "no valid minutes",
    "at(2027-02-30T03:00:00)": "is no moment",
    "at(2027-01-31 03:00:00)": "is no moment",
    "at(2027-01-31T03:00:00Z)": "is no moment",
    f"cron({'1,' * 130}1 3 * * ? *)": "longer than 256",
}


@pytest.mark.parametrize("expression", GOOD)
def test_what_the_scheduler_takes_has_no_fault(expression):
    assert expression_fault(expression) == ""


@pytest.mark.parametrize(("expression", "words"), BAD.items())
def test_what_it_refuses_is_said(expression, words):
    assert words in expression_fault(expression)


@pytest.mark.parametrize("name", ["UTC", "America/Sao_Paulo", "Europe/Madrid"])
def test_a_time_zone_is_known(name):
    assert time_zone_fault(name) == ""


@pytest.mark.parametrize("name", ["UTC-3", "Brasilia", "america/sao_paulo", ""])
def test_a_name_that_is_no_time_zone_is_refused(name):
    assert "no time zone" in time_zone_fault(name)


def test_a_machine_without_time_zones_lets_every_name_pass(monkeypatch):
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    assert time_zone_fault("America/Sao_Paulo") == ""
    assert "no time zone" in time_zone_fault("x" * 51)


@pytest.mark.parametrize(
    ("expression", "zone", "over"),
    [
        ("at(2027-01-31T03:00:00)", "UTC", True),
        ("at(2027-01-31T03:00:01)", "UTC", False),
        # three hours behind, and one ahead
        ("at(2027-01-31T00:00:00)", "America/Sao_Paulo", True),
        ("at(2027-01-31T03:00:00)", "America/Sao_Paulo", False),
        ("at(2027-01-31T04:00:00)", "Europe/Berlin", True),
        ("at(2027-01-31T04:00:00)", "Mars", False),
        ("at(2026-02-30T03:00:00)", "UTC", False),
        ("cron(0 3 * * ? 2020)", "UTC", False),
        ("rate(1 day)", "UTC", False),
    ],
)
def test_only_one_moment_is_ever_over(expression, zone, over):
    now = datetime.datetime(2027, 1, 31, 3, tzinfo=datetime.UTC)
    assert is_over(expression, zone, now) is over

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When something happens: the expressions of EventBridge Scheduler, and the names of time zones. Pure.

Source: EventBridge Scheduler User Guide, "Schedule types on EventBridge Scheduler".
"""

from __future__ import annotations

import datetime
import re
import typing as t
import zoneinfo

EXPRESSION = re.compile(r"(rate|cron|at)\((.*)\)")
#: Whether the unit stands in the singular or in the plural is all the same to the scheduler, other than to rules.
RATE = re.compile(r"(\d+) (?:minute|hour|day)s?")
AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")

#: So many days before the last one of the month, which AWS takes and does not document.
BEFORE_LAST = re.compile(r"L-(\d+)")

#: EventBridge Scheduler API, CreateSchedule, ScheduleExpression and ScheduleExpressionTimezone: longest lengths.
EXPRESSION_LENGTH = 256
TIME_ZONE_LENGTH = 50


class CronField(t.NamedTuple):
    """A field of a cron expression: its name, its values, their names, and the signs that only some fields have."""

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()
    signs: str = ""


CRON_FIELDS = (
    CronField("minutes", 0, 59),
    CronField("hours", 0, 23),
    CronField("day of the month", 1, 31, signs="?LW"),
    CronField("month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    CronField("day of the week", 1, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), "?L#"),
    CronField("year", 1970, 2199),
)


def expression_fault(expression: str) -> str:
    """Why EventBridge Scheduler would refuse an expression, in words; empty when it takes it."""
    if len(expression) > EXPRESSION_LENGTH:
        return f"is longer than {EXPRESSION_LENGTH} characters"
    match = EXPRESSION.fullmatch(expression)
    if not match:
        return "is neither rate(…) nor cron(…) nor at(…)"
    kind, content = match.groups()
    return {"rate": _rate_fault, "cron": _cron_fault, "at": _at_fault}[kind](content)


def time_zone_fault(name: str) -> str:
    """Why a name is no time zone, in words; empty when it is one, or when this machine knows no time zones at all."""
    known = zoneinfo.available_timezones()
    if name in known or (not known and len(name) <= TIME_ZONE_LENGTH):
        return ""
    return "is no time zone of the IANA database"


def is_over(expression: str, time_zone: str, now: datetime.datetime) -> bool:
    """Whether a schedule had its one time already. ``now`` has a time zone."""
    match = EXPRESSION.fullmatch(expression)
    if not match or match[1] != "at" or expression_fault(expression) or time_zone_fault(time_zone):
        return False
    moment = datetime.datetime.fromisoformat(match[2])
    try:
        return moment.replace(tzinfo=zoneinfo.ZoneInfo(time_zone)) <= now
    except zoneinfo.ZoneInfoNotFoundError:
        return False


def _rate_fault(content: str) -> str:
    match = RATE.fullmatch(content)
    if not match:
        return "is no rate: a rate is a number and minutes, hours or days, for instance rate(15 minutes)"
    return "" if int(match[1]) else "is no rate: the number must be greater than 0"


def _at_fault(content: str) -> str:
    try:
        if AT.fullmatch(content):
            datetime.datetime.fromisoformat(content)
            return ""
    except ValueError:
        pass
    return "is no moment: a moment is at(yyyy-mm-ddThh:mm:ss)"


def _cron_fault(content: str) -> str:
    values = content.split()
    if len(values) != len(CRON_FIELDS):
        names = ", ".join(field.name for field in CRON_FIELDS)
        return f"has {len(values)} fields; cron has {len(CRON_FIELDS)}: {names}"
    for field, value in zip(CRON_FIELDS, values, strict=True):
        if not _fits(field, value):
            return f"has no valid {field.name}: {value!r}"
    if (values[2] == "?") == (values[4] == "?"):
        return "must have ? in one of day of the month and day of the week, and only in one"
    return ""


def _fits(field: CronField, value: str) -> bool:
    if value == "?":
        return "?" in field.signs
    return all(_part_fits(field, part) for part in value.upper().split(","))


def _part_fits(field: CronField, part: str) -> bool:
    """One part of a list: a value, a range, a step, or a day that is found by a sign."""
    first, slash, step = part.partition("/")
    if slash and not (step.isdigit() and int(step) > 0):
        return False
    if first == "*":
        return True
    if "L" in field.signs and first == "L":
        return not slash
    before = BEFORE_LAST.fullmatch(first)
    if before and "W" in field.signs:
        return not slash and int(before[1]) < field.most
    if "#" in first:
        day, _sign, week = first.partition("#")
        return "#" in field.signs and _value_fits(field, day) and week in ("1", "2", "3", "4", "5") and not slash
    if first.endswith("W") and "W" in field.signs:
        return not slash and (first == "LW" or _value_fits(field, first[:-1]))
    if first.endswith("L") and "#" in field.signs:
        # the last such day of the month
        return not slash and _value_fits(field, first[:-1])
    low, dash, high = first.partition("-")
    return _value_fits(field, low) and (not dash or _value_fits(field, high))


def _value_fits(field: CronField, value: str) -> bool:
    return value in field.words or (value.isdigit() and field.least <= int(value) <= field.most)

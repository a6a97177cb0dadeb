"""The schedule expressions of EventBridge.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import re

_RATE = re.compile(r"^rate\((\d+) (minute|minutes|hour|hours|day|days)\)$")
_CRON = re.compile(r"^cron\(([^()]+)\)$")
_AT = re.compile(r"^at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\)$")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
# Lowest and highest value, names, and signs beyond those that every field knows.
_FIELDS: tuple[tuple[int, int, list[str], str], ...] = (
    (0, 59, [], ""),
    (0, 23, [], ""),
    (1, 31, [], "?LW"),
    (1, 12, _MONTHS, ""),
    (1, 7, _DAYS, "?L#"),
    (1970, 2199, [], ""),
)


def is_valid(expression: str, once: bool = False) -> bool:
    """Whether EventBridge's rules take a rate or a cron expression; ``once``: those who also take one moment."""
    if once and _AT.match(expression):
        return True
    rate = _RATE.match(expression)
    if rate:
        value = int(rate.group(1))
        # Rules alone tell singular and plural apart.
        return value > 0 and (once or (value == 1) != rate.group(2).endswith("s"))
    cron = _CRON.match(expression)
    fields = cron.group(1).split() if cron else []
    if len(fields) != len(_FIELDS):
        return False
    # A day is said either in the month or in the week: the other is a question mark.
    if (fields[2] == "?") == (fields[4] == "?"):
        return False
    return all(_is_valid_field(value, *rules) for value, rules in zip(fields, _FIELDS, strict=True))


def _is_valid_field(value: str, lowest: int, highest: int, names: list[str], signs: str) -> bool:
    if value == "*" or (value == "?" and "?" in signs):
        return True
    return all(_is_valid_part(part, lowest, highest, names, signs) for part in value.split(","))


def _is_valid_part(part: str, lowest: int, highest: int, names: list[str], signs: str) -> bool:
    part, _unused, step = part.partition("/")
    if step and not step.isdigit():
        return False
    if part == "*":
        return bool(step)
    # L-2, two days before the last, is not documented (https://zenn.dev/kz23szk/articles/d52df8b1614fb6).
    if ("L" in signs and part == "L") or ("W" in signs and re.fullmatch(r"LW|L-([1-9]|[12]\d|30)", part)):
        return True
    if "#" in signs and "#" in part:
        part, _unused, nth = part.partition("#")
        if nth not in list("12345"):
            return False
    if "L" in signs and part.endswith("L"):
        part = part[:-1]
    if "W" in signs and part.endswith("W"):
        part = part[:-1]
    return all(_is_valid_value(value, lowest, highest, names) for value in part.split("-", 1))


def _is_valid_value(value: str, lowest: int, highest: int, names: list[str]) -> bool:
    return value.upper() in names or (value.isdigit() and lowest <= int(value) <= highest)

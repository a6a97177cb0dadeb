# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from a change and is not seen in its fields, in words for the plan. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields

#: What to say of a changed field: the words, or what makes them from the values before and after ("" says nothing).
Words: t.TypeAlias = "str | t.Callable[[t.Any, t.Any], str]"


def notes_on(changes: t.Iterable[Change], table: t.Mapping[str, Words]) -> list[str]:
    """What ``table`` says of the changed fields, in the table's order and without repetitions."""
    changed = {change.field: change for change in changes}
    told = [
        words if isinstance(words, str) else words(changed[field].before, changed[field].after)
        for field, words in table.items()
        if field in changed
    ]
    return [words for words in dict.fromkeys(told) if words]


def when_on(words: str) -> t.Callable[[t.Any, t.Any], str]:
    """``words`` for a switch that goes on."""
    return lambda _before, after: words if after else ""


def when_off(words: str) -> t.Callable[[t.Any, t.Any], str]:
    """``words`` for a switch that goes off."""
    return lambda _before, after: "" if after else words


UNPROTECTED = when_off("protection from deletion is lifted")


def when_shorter(words: str) -> t.Callable[[t.Any, t.Any], str]:
    """``words`` (with ``{after}``) for a number that becomes smaller."""
    return lambda before, after: words.format(after=after) if (before or 0) > after else ""


def application(
    changed: t.Collection[str], deferrable: t.Collection[str], at_once: bool, window: str | None
) -> list[str]:
    """When AWS makes those of the changed fields that may wait for the maintenance window."""
    fields = ", ".join(field for field in deferrable if field in changed)
    if not fields:
        return []
    return [f"{fields}: applied {'at once' if at_once else in_window(window)}"]


def pending(values: Fields, is_busy: bool, joins: bool, window: str | None) -> list[str]:
    """What waits in AWS from an earlier change. is_busy: AWS is at it. joins: this change takes it along."""
    if not values:
        return []
    shown = ", ".join(f"{field} {value}" for field, value in values.items())
    when = "at once, with this change" if joins else in_window(window)
    return [f"pending: {shown}, {'being applied' if is_busy else f'applied {when}'}"]


def in_window(window: str | None) -> str:
    """When the maintenance window is, in words."""
    return f"in the window {window} UTC" if window else "in the maintenance window"

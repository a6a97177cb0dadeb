# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a variable, and the one message that says so of all of them."""

from __future__ import annotations

import difflib
import typing as t


class Fault(t.NamedTuple):
    """One fault: the variable's name, what is wrong with it, and what would be right. Sentences without a full stop."""

    variable: str
    problem: str
    remedy: str


def message(stack: str, faults: t.Sequence[Fault]) -> str:
    """The one message about all faults of a stack."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    lines = [f"The variables of {stack} have {count}; nothing was asked of AWS and nothing was changed."]
    lines += [
        f"  {number}. {fault.variable}: {fault.problem}. Right: {fault.remedy}."
        for number, fault in enumerate(faults, 1)
    ]
    return "\n".join(lines)


def nearest(name: str, known: t.Iterable[str], cutoff: float = 0.6) -> str:
    """The known name that a mistyped one is nearest to; empty when none is near."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")

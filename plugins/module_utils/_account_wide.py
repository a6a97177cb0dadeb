# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an account has once and no stack owns: whether somebody else has made it already."""

from __future__ import annotations

import typing as t

#: The tag that says that this collection made a thing of the account.
MARK = "webstack:role"


def is_marked(live: t.Mapping[str, str], wanted: t.Mapping[str, t.Any] | None) -> bool:
    """Whether a live thing bears the mark that is among the wanted tags; where none is wanted, anything does."""
    return MARK not in (wanted or {}) or live.get(MARK) == str((wanted or {})[MARK])

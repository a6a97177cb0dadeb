# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ids that check mode returns for what does not exist yet: well-formed, and seen at a glance to be no real ones."""

from __future__ import annotations

import hashlib

ZEROS = "0" * 11


def placeholder_id(prefix: str, name: str = "") -> str:
    """An id in EC2's form, for instance ``vpc-00000000000000000``; another one for each ``name``.

    Eleven zeros tell it from a real one: AWS's ids have seventeen random digits.
    """
    digits = hashlib.sha256(name.encode()).hexdigest()[:6] if name else "000000"
    return f"{prefix}-{ZEROS}{digits}"


def placeholder_arn(service: str, region: str, resource: str) -> str:
    """An ARN in the account 000000000000, which nobody has."""
    return f"arn:aws:{service}:{region}:000000000000:{resource}"


def is_placeholder(identifier: str) -> bool:
    """Whether an id or ARN is a placeholder: then there is nothing to read about it, and AWS need not be asked."""
    return ":000000000000:" in identifier or f"-{ZEROS}" in identifier

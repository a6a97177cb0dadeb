# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names say that their value is a secret, and under which keys a stack keeps its secrets. Pure."""

from __future__ import annotations

import re
import typing as t

#: Names that say that their value is a secret.
SECRET_NAME = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|token|api_?key|private_key|secret_key)(_|$)", re.IGNORECASE
)
#: Names that match SECRET_NAME and hold no secret.
NO_SECRET = re.compile(
    r"(expire|expiry|minutes|seconds|ttl|prefix|arn|name|url|uri|file|path|length)"
    r"|_(age|algorithm|audience|cookie|count|days|enabled|field|hasher|header|hours|id|issuer|lifetime|limit|policy|rounds"
    r"|size|type|version)$",
    re.IGNORECASE,
)


def holds_secret(name: str) -> bool:
    """Whether a variable of this name would hold a secret."""
    return bool(SECRET_NAME.search(name)) and not NO_SECRET.search(name)


def secret_keys(values: t.Mapping[str, t.Any]) -> set[str]:
    """The keys of the stack's secret: those that have a source, and those of access keys."""
    keys = set(values.get("secrets_fields") or {})
    for access in values.get("secrets_access_keys") or []:
        keys |= {access["access_key_id_key"], access["secret_access_key_key"]}
    return keys

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM policy documents: one form for one meaning, so that they compare by what they allow and not by their spelling."""

from __future__ import annotations

import json
import re
import typing as t

Document = dict[str, t.Any]

#: What may stand alone or in a list, and whose order means nothing.
SETS = ("Action", "NotAction", "Resource", "NotResource")
PRINCIPALS = ("Principal", "NotPrincipal")

#: AWS turns the first into the second when it stores a policy.
ACCOUNT = re.compile(r"\d{12}")
ACCOUNT_ROOT = "arn:aws:iam::{}:root"


def normal_policy(document: Document | str | None) -> Document:
    """``document`` in the one form that all documents of its meaning have; empty when there is none.

    Statements and their sets are sorted, sets are lists, an account is its root's ARN, everybody is ``{"AWS": ["*"]}``,
    condition values are lists of strings.
    """
    if isinstance(document, str):
        document = json.loads(document) if document else {}
    if not document:
        return {}
    statements = [_statement(statement) for statement in _as_list(document.get("Statement", []))]
    rest = {key: value for key, value in document.items() if key not in ("Version", "Statement")}
    # A document without a version is one of 2008, in which policy variables mean nothing.
    version = str(document.get("Version", "2008-10-17"))
    statements.sort(key=lambda statement: json.dumps(statement, sort_keys=True))
    return {"Version": version, **rest, "Statement": statements}


def policy_text(document: Document) -> str:
    """A document as the text that AWS takes."""
    return json.dumps(document, separators=(",", ":"))


def _statement(statement: Document) -> Document:
    normal = dict(statement)
    for key in SETS:
        if key in normal:
            normal[key] = _as_set(normal[key])
    for key in PRINCIPALS:
        if key in normal:
            normal[key] = _principal(normal[key])
    if "Condition" in normal:
        normal["Condition"] = {
            operator: {name: sorted(map(_condition_value, _as_list(values))) for name, values in keys.items()}
            for operator, keys in normal["Condition"].items()
        }
        if not normal["Condition"]:
            del normal["Condition"]
    if not normal.get("Sid", "unnamed"):
        del normal["Sid"]
    return normal


def _principal(principal: str | Document) -> Document:
    if isinstance(principal, str):  # only "*" may stand alone
        principal = {"AWS": principal}
    return {
        kind: _as_set([_principal_name(str(name)) for name in _as_list(names)]) for kind, names in principal.items()
    }


def _principal_name(name: str) -> str:
    return ACCOUNT_ROOT.format(name) if ACCOUNT.fullmatch(name) else name


def _condition_value(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_set(value: t.Any) -> list[str]:
    return sorted(set(map(str, _as_list(value))))


def _as_list(value: t.Any) -> list[t.Any]:
    if isinstance(value, str | bytes | dict | bool | int | float):
        return [value]
    return list(value)

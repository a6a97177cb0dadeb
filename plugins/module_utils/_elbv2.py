# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What load balancers, target groups, listeners and rules have in common."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

#: DescribeTags takes no more ARNs in one call.
ARNS_A_CALL = 20


def read_tags(aws: Aws, arns: t.Sequence[str]) -> dict[str, dict[str, str]]:
    """The tags of each of ``arns``."""
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(arns), ARNS_A_CALL):
        described = aws.read(
            "elbv2", "describe_tags", "TagDescriptions", ResourceArns=list(arns[start : start + ARNS_A_CALL])
        )
        found.update({item["ResourceArn"]: tags_to_dict(item["Tags"]) for item in described})
    return {arn: found.get(arn, {}) for arn in arns}


def change_tags(aws: Aws, arn: str, live: t.Mapping[str, str], wanted: t.Mapping[str, str]) -> None:
    """Bring the tags of ``arn`` from ``live`` to ``wanted``."""
    to_set, to_remove = tag_changes(live, wanted)
    if to_set:
        aws.write("elbv2", "add_tags", ResourceArns=[arn], Tags=tags_to_list(to_set))
    if to_remove:
        aws.write("elbv2", "remove_tags", ResourceArns=[arn], TagKeys=to_remove)


def attributes_to_list(attributes: t.Mapping[str, t.Any]) -> list[dict[str, str]]:
    """Attributes as AWS takes them: texts, with booleans in lower case."""
    return [
        {"Key": key, "Value": str(value).lower() if isinstance(value, bool) else str(value)}
        for key, value in attributes.items()
    ]


def attribute(live: t.Mapping[str, str], key: str, default: t.Any) -> t.Any:
    """One live attribute in the type of ``default``, which is AWS's own default."""
    if key not in live:
        return default
    if isinstance(default, bool):
        return live[key] == "true"
    return type(default)(live[key])


def overlay(live: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any], nested: t.Collection[str]) -> dict[str, t.Any]:
    """``wanted``, with what it does not say inside its ``nested`` fields taken from ``live``."""
    return {
        field: {**(live.get(field) or {}), **value} if field in nested else value for field, value in wanted.items()
    }


def full_name(arn: str) -> str:
    """What CloudWatch calls a load balancer (app/name/id) or a target group (targetgroup/name/id)."""
    return arn.split(":")[5].removeprefix("loadbalancer/")

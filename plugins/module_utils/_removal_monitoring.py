# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of resource that watch over a stack, beside those of CloudWatch: X-Ray's sampling rules."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._removal import Found, Owner, Removable, Wishes
from ansible_collections.webstack.aws.plugins.module_utils._xray_sampling_rule import MISSING, rules_with_tags


def _find_sampling_rules(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    # X-Ray itself is asked: its rules are few, and its answer does not lag behind as the tagging API's does.
    rules = rules_with_tags(aws)
    return [
        Found("xray_sampling_rule", name, {})
        for name, rule in rules.items()
        if owner.tags.items() <= rule["Tags"].items()
    ]


def _remove_sampling_rule(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("xray", "delete_sampling_rule", missing=MISSING, RuleName=found.identifier)


KINDS: dict[str, Removable] = {
    "xray_sampling_rule": Removable(_find_sampling_rules, _remove_sampling_rule),
}

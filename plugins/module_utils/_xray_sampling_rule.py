# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS X-Ray's sampling rules, which say which requests are traced."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    own_tags,
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)

#: X-Ray's own rule; AWS neither deletes it nor can anybody else have one of its name.
DEFAULT = "Default"

#: X-Ray has one code for whatever is wrong with a request, and says the rest in words.
INVALID = "InvalidRequestException"
MISSING = (INVALID, "ResourceNotFoundException")

#: The options as AWS names them, and what they are in a new rule where nothing is said.
OPTIONS: dict[str, tuple[str, t.Any]] = {
    "priority": ("Priority", 1000),
    "fixed_rate": ("FixedRate", None),
    "reservoir_size": ("ReservoirSize", 1),
    "service_name": ("ServiceName", "*"),
    "host": ("Host", "*"),
    "http_method": ("HTTPMethod", "*"),
    "url_path": ("URLPath", "*"),
}

#: AWS X-Ray API, SamplingRule: how long patterns may be.
LENGTHS = {"service_name": 64, "host": 64, "http_method": 10, "url_path": 128}


class XraySamplingRule(Kind):
    """A sampling rule, found by its name."""

    noun = "xray_sampling_rule"
    plural = "sampling_rules"
    exists = (INVALID,)

    def read(self, names: list[str]) -> dict[str, Fields]:
        return {name: live for name, live in rules_with_tags(self.aws).items() if name in names}

    def unlisted(self, names: t.Collection[str]) -> list[str]:
        own = own_tags(self.noun, self.options.get("tags")).items()
        rules = rules_with_tags(self.aws)
        return sorted(name for name, live in rules.items() if name not in names and own <= live["Tags"].items())

    def normalize(self, name: str, live: Fields) -> Fields:
        return {**{option: live.get(member) for option, (member, _default) in OPTIONS.items()}, "tags": live["Tags"]}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        fault = rule_fault(name, wanted, is_new=live is None)
        if fault:
            raise WebstackError(f"xray_sampling_rule {name}: {fault}", "mend the rule")

    def create(self, name: str, wanted: Fields) -> None:
        rule = {member: wanted.get(option, default) for option, (member, default) in OPTIONS.items()}
        # What a rule can tell apart beside these is for resources and kinds of services that are not containers.
        fixed = {"ResourceARN": "*", "ServiceType": "*", "Version": 1}
        self.aws.write(
            "xray",
            "create_sampling_rule",
            SamplingRule={"RuleName": name, **rule, **fixed},
            **tags_argument(wanted.get("tags")),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        rule = {member: wanted[option] for option, (member, _default) in OPTIONS.items() if option in changed}
        if rule:
            self.aws.write("xray", "update_sampling_rule", SamplingRuleUpdate={"RuleName": name, **rule})
        if "tags" in changed:
            to_set, to_remove = tag_changes(live["Tags"], wanted["tags"])
            if to_set:
                self.aws.write("xray", "tag_resource", ResourceARN=live["RuleARN"], Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("xray", "untag_resource", ResourceARN=live["RuleARN"], TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("xray", "delete_sampling_rule", missing=MISSING, RuleName=name)

    def result(self, name: str, live: Fields) -> Fields:
        return {"rule_name": name, "rule_arn": live["RuleARN"], **self.normalize(name, live)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        defaults = {option: default for option, (_member, default) in OPTIONS.items()}
        arn = placeholder_arn("xray", self.aws.region, f"sampling-rule/{name}")
        return {"rule_name": name, "rule_arn": arn, **defaults, **wanted, "tags": wanted.get("tags") or {}}


def rules_with_tags(aws: Aws) -> dict[str, Fields]:
    """All sampling rules of the region but X-Ray's own, by name, with their tags."""
    records = aws.read("xray", "get_sampling_rules", "SamplingRuleRecords")
    rules = {record["SamplingRule"]["RuleName"]: record["SamplingRule"] for record in records}
    rules.pop(DEFAULT, None)
    return {name: {**rule, "Tags": _tags(aws, rule["RuleARN"])} for name, rule in rules.items()}


def _tags(aws: Aws, arn: str) -> dict[str, str]:
    return tags_to_dict(aws.read("xray", "list_tags_for_resource", "Tags", missing=MISSING, ResourceARN=arn))


def rule_fault(name: str, rule: Fields, is_new: bool) -> str:
    """Why X-Ray would refuse a rule, in words; empty when it takes it (AWS X-Ray API, SamplingRule)."""
    if name == DEFAULT:
        return "that is X-Ray's own rule, which is not made or removed"
    fault = name_fault(name, "xray_sampling_rule") if is_new else ""
    if fault:
        return f"its name {fault}"
    if is_new and "fixed_rate" not in rule:
        return "fixed_rate must be given to make it"
    if not 0 <= rule.get("fixed_rate", 0) <= 1:
        return f"fixed_rate is {rule['fixed_rate']}; it is a share between 0 and 1"
    if not 1 <= rule.get("priority", 1) <= 9999:
        return f"priority is {rule['priority']}; it is between 1 and 9999"
    if rule.get("reservoir_size", 0) < 0:
        return f"reservoir_size is {rule['reservoir_size']}; it is 0 or more"
    long = [option for option, length in LENGTHS.items() if len(rule.get(option, "")) > length]
    if long:
        return f"{long[0]} has more than {LENGTHS[long[0]]} characters"
    return ""

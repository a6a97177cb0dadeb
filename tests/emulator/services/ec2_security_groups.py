"""Security groups and their rules, where moto differs from AWS.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html; names and descriptions as the API
reference of CreateSecurityGroup has them.
"""

from __future__ import annotations

import re
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.responses import EC2Response
from moto.ec2.responses.security_groups import SecurityGroups

from tests.emulator.dependencies import security_group_holders
from tests.emulator.errors import AwsError
from tests.emulator.extend import wrap
from tests.emulator.services.ec2 import being_deleted, canonical, not_found

_TEXT = re.compile(r"^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*$")
# Rules of a group in each direction, for IPv4 and for IPv6 (https://docs.aws.amazon.com/vpc/latest/userguide/
# amazon-vpc-limits.html#vpc-limits-security-groups). A prefix list counts as many as it may hold, a group in both.
_RULES_LIMIT = 60


def install() -> None:
    """Extend moto."""
    _names()
    _rules()
    _descriptions()
    _deletion()


def _names() -> None:
    @wrap(SecurityGroupBackend, "create_security_group")
    def create(
        original: Any, self: Any, name: str, description: str, vpc_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        if vpc_id:
            self.get_vpc(vpc_id)
        is_default = kwargs.get("is_default")
        if not is_default and name.lower().startswith("sg-"):
            message = "invalid value for parameter groupName: Group names may not be in the format sg-*"
            raise AwsError("InvalidParameterValue", message)
        if not is_default and name == "default":
            raise AwsError("InvalidParameterValue", "Cannot use reserved security group name: default")
        for label, text in (("groupName", name), ("GroupDescription", description)):
            if text and (len(text) > 255 or not _TEXT.match(text)):
                message = (
                    f"Value ({text}) for parameter {label} is invalid. Character sets beyond ASCII are not supported."
                    if not text.isascii()
                    else f"Invalid security group {'name' if label == 'groupName' else 'description'}. Valid "
                    f"{'names' if label == 'groupName' else 'descriptions'} are strings less than 256 characters "
                    "from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
                )
                raise AwsError("InvalidParameterValue", message)
        return original(self, name, description, vpc_id, *args, **kwargs)


def _rules() -> None:
    @wrap(SecurityGroups, "_process_rules_from_querystring")
    def process(original: Any, self: Any) -> Any:
        for rule in original(self):
            for ip_range in rule.get("ip_ranges") or []:
                for key in ("CidrIp", "CidrIpv6"):
                    if isinstance(ip_range, dict) and ip_range.get(key):
                        ip_range[key] = canonical(ip_range[key])
            for item in [*(rule.get("ip_ranges") or []), *(rule.get("source_groups") or []),
                         *(rule.get("prefix_list_ids") or [])]:  # fmt: skip
                _check_description(item.get("Description"))
            yield rule

    # moto counts rules of IPv4 and IPv6 together; see _check_limit
    SecurityGroupBackend._verify_group_will_respect_rule_count_limit = (  # type: ignore[method-assign]
        lambda self, *_unused, **_unused_too: None
    )
    for direction in ("ingress", "egress"):
        _authorize_all_or_nothing(direction)


def _check_description(text: str | None) -> None:
    if text and (len(text) > 255 or not _TEXT.match(text)):
        message = (
            "Invalid rule description. Valid descriptions are strings less than 256 characters from the following "
            "set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
        )
        raise AwsError("InvalidParameterValue", message)


def _authorize_all_or_nothing(direction: str) -> None:
    """One request adds all of its rules or none, and returns all that it added; moto returns those of the last part."""
    name = f"authorize_security_group_{direction}"

    def authorize(self: Any) -> Any:
        from moto.core.responses import ActionResult

        backend = self.ec2_backend
        given = list(self._process_rules_from_querystring())
        groups = {rule["group_name_or_id"] for rule in given}
        found = [backend.get_security_group_by_name_or_id(group) for group in groups]
        before = [(group, list(getattr(group, f"{direction}_rules"))) for group in found if group]
        added: list[Any] = []
        try:
            for rule in given:
                _check_prefix_lists(backend, rule)
                added += getattr(backend, name)(**rule)[0]
            for group, _unused in before:
                _check_limit(backend, getattr(group, f"{direction}_rules"))
        except Exception:
            for group, rules in before:
                setattr(group, f"{direction}_rules", rules)
            raise
        return ActionResult({"Return": True, "SecurityGroupRules": added})

    setattr(EC2Response, name, authorize)


def _check_prefix_lists(backend: Any, rule: dict[str, Any]) -> None:
    for item in rule.get("prefix_list_ids") or []:
        if item["PrefixListId"] not in backend.managed_prefix_lists:
            raise not_found(item["PrefixListId"])


def _check_limit(backend: Any, rules: list[Any]) -> None:
    weights = {4: 0, 6: 0}
    for rule in rules:
        listed = backend.managed_prefix_lists.get(rule.prefix_list_id) if rule.prefix_list_id else None
        weight = int(getattr(listed, "max_entries", None) or 1) if listed else 1
        for family, others in ((4, rule.cidr_ipv6), (6, rule.cidr_ipv4)):
            weights[family] += 0 if others else weight
    if max(weights.values()) > _RULES_LIMIT:
        message = "The maximum number of rules per security group has been reached."
        raise AwsError("RulesPerSecurityGroupLimitExceeded", message)


def _descriptions() -> None:
    """Every kind of source has a description, not only address ranges."""

    @wrap(SecurityGroupRule, "__init__")
    def init(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        source = args[7] if len(args) > 7 else kwargs.get("prefix_list_id")
        self._list_description = (source or {}).get("Description")

    def description(self: Any) -> str | None:
        return self.ip_range.get("Description") or self.source_group.get("Description") or self._list_description

    SecurityGroupRule.description = property(description)  # type: ignore[method-assign,assignment]

    @wrap(SecurityGroupBackend, "_sg_update_description")
    def update(original: Any, self: Any, given: Any, rule: Any) -> None:
        original(self, given, rule)
        if given.prefix_list_id and given._list_description:
            rule._list_description = given._list_description

    @wrap(SecurityGroupRule, "__eq__")
    def equal(original: Any, self: Any, other: Any) -> bool:
        """A description does not make another rule, nor does how the group's owner was written."""
        if not isinstance(other, SecurityGroupRule):
            return False
        mine, theirs = self.source_group, other.source_group
        self.source_group = {"GroupId": mine.get("GroupId") or ""} if mine else {}
        other.source_group = {"GroupId": theirs.get("GroupId") or ""} if theirs else {}
        try:
            if (self.cidr_ipv4, self.cidr_ipv6) != (other.cidr_ipv4, other.cidr_ipv6):
                return False
            return bool(original(self, other))
        finally:
            self.source_group, other.source_group = mine, theirs

    SecurityGroupRule.__hash__ = lambda self: hash(self.id)  # type: ignore[method-assign,assignment,attr-defined]


def _deletion() -> None:
    @wrap(SecurityGroupBackend, "_delete_security_group")
    def delete(original: Any, self: Any, vpc_id: str | None, group_id: str) -> Any:
        group = self.get_security_group_from_id(group_id)
        if being_deleted(self, group.vpc_id):
            return original(self, vpc_id, group_id)
        if group.name == "default":
            message = f'the specified group: "{group_id}" name: "default" cannot be deleted by a user'
            raise AwsError("CannotDelete", message)
        if security_group_holders(self.account_id, self.region_name, group_id) or _is_referenced(self, group_id):
            raise AwsError("DependencyViolation", f"resource {group_id} has a dependent object")
        return original(self, vpc_id, group_id)


def _is_referenced(backend: Any, group_id: str) -> bool:
    """Whether a rule of another group names this one."""
    return any(
        rule.source_group.get("GroupId") == group_id
        for groups in backend.groups.values()
        for group in groups.values()
        if group.id != group_id
        for rule in (*group.ingress_rules, *group.egress_rules)
    )

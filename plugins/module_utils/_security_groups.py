# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security groups and their rules."""

from __future__ import annotations

import ipaddress
import itertools
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

#: Both directions: the option, and AWS's member of a live group.
DIRECTIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}

#: The rule that AWS puts into every new group.
NEW_EGRESS = [{"ip_protocol": "-1", "cidr_block": "0.0.0.0/0"}]

#: What AWS says of a rule that is there already, and of one that is not there.
THERE = "InvalidPermission.Duplicate"
GONE = "InvalidPermission.NotFound"
TOO_MANY = "RulesPerSecurityGroupLimitExceeded"

NEW = r"InvalidGroup\.NotFound|InvalidVpcID\.NotFound"


class SecurityGroup(Ec2Kind):
    """A security group, found by its group name in its VPC; its tag Name is the same.

    Rules compare one by one, one protocol, range of ports and source each, whatever AWS or the user puts together.
    """

    noun = "security_group"
    plural = "security_groups"
    describe = "describe_security_groups"
    path = "SecurityGroups"
    id_field = "GroupId"
    id_prefix = "sg"
    tag_type = "security-group"
    immutable = {"description": "keep the description, or give the group another name"}

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._ids: dict[str, str] = {}

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {group["GroupName"]: group for group in self.find({"group-name": names})}
        self._ids.update({name: group["GroupId"] for name, group in found.items()})
        return {name: group for name, group in found.items() if name in names}

    def normalize(self, name: str, live: Fields) -> Fields:
        names = {group_id: group for group, group_id in self._ids.items()}
        return {
            "description": live["Description"],
            **{way: live_rules(live.get(member, []), names) for way, member in DIRECTIONS.items()},
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        names = {group_id: group for group, group_id in self._ids.items()}
        rules = {way: flat_rules(wanted[way], names) for way in DIRECTIONS if way in wanted}
        return {**super().normalize_wanted(name, wanted), **rules}

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """A rule that says nothing of its description keeps the one that it has."""
        before = self.normalize(name, live)
        kept = {}
        for way in DIRECTIONS.keys() & wanted.keys():
            described = {key_of(rule): rule for rule in before[way]}
            kept[way] = [rule if "description" in rule else described.get(key_of(rule), rule) for rule in wanted[way]]
        return {**wanted, **kept}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        """Names as EC2 takes them, and sources that exist when a rule with them is made."""
        if wanted is None:
            return
        fault = name_fault(name, "security_group")
        if fault and live is None:
            raise WebstackError(f"security_group {name} {fault}", "choose another name")
        listed = [group["name"] for group in self.options["security_groups"]]
        known = {*listed[: listed.index(name) + 1], *self._ids}
        for rule in itertools.chain(wanted.get("ingress", []), wanted.get("egress", [])):
            source = rule.get("group", name)
            if source not in known and not source.startswith("sg-"):
                raise WebstackError(
                    f"security_group {name}: a rule names {source}, neither a group listed before it nor an id",
                    "list that group first, or give its id",
                )

    def create(self, name: str, wanted: Fields) -> None:
        self._ids[name] = self.make(
            name,
            "create_security_group",
            "",
            propagating=NEW,
            GroupName=name,
            Description=wanted.get("description", name),
            VpcId=self.options["vpc_id"],
            TagSpecifications=self.tag_specifications(name, wanted),
        )
        self._set_rules(name, "ingress", [], wanted.get("ingress", []))
        self._set_rules(name, "egress", NEW_EGRESS, wanted.get("egress", NEW_EGRESS))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        before = self.normalize(name, live)
        for way in DIRECTIONS:
            if way in changed:
                self._set_rules(name, way, before[way], wanted[way])
        if "tags" in changed:
            self.update_tags([live["GroupId"]], live, wanted)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("ec2", "delete_security_group", missing=("InvalidGroup.NotFound",), GroupId=live["GroupId"])

    def _set_rules(self, name: str, way: str, live: list[Fields], wanted: list[Fields]) -> None:
        before, after = ({key_of(rule): rule for rule in rules} for rules in (live, wanted))
        added = [rule for key, rule in after.items() if key not in before]
        removed = [bare(rule) for key, rule in before.items() if key not in after]
        described = [rule for key, rule in after.items() if key in before and rule != before[key]]
        authorize, revoke = f"authorize_security_group_{way}", f"revoke_security_group_{way}"
        try:
            # first open, then close: what is allowed before and after is never shut out in between
            self._send(authorize, name, added, THERE)
        except AwsError as error:
            if error.code != TOO_MANY or not removed:
                raise
            # old and new are too many together: one goes for each that comes, and most are open all the time
            for old, new in itertools.zip_longest(sorted(removed, key=is_ipv6), sorted(added, key=is_ipv6)):
                self._send(revoke, name, [old] if old else [], GONE)
                self._send(authorize, name, [new] if new else [], THERE)
        else:
            self._send(revoke, name, removed, GONE)
        self._send(f"update_security_group_rule_descriptions_{way}", name, described, GONE)

    def _send(self, operation: str, name: str, rules: list[Fields], is_done: str) -> None:
        """Send ``rules`` in one call. is_done: how AWS says that one of them needs nothing any more.

        AWS then does none of them, so that each is sent alone.
        """
        if not rules:
            return
        answer = self.aws.write(
            "ec2",
            operation,
            missing=(is_done,),
            propagating=NEW,
            GroupId=self._ids[name],
            IpPermissions=[permission(rule, self._ids) for rule in rules],
        )
        if answer is None and len(rules) > 1:
            for rule in rules:
                self._send(operation, name, [rule], is_done)


def flat_rules(rules: list[Fields], names: t.Mapping[str, str]) -> list[Fields]:
    """The option ``ingress`` or ``egress`` as single rules. names: group names by id; ids among them become names."""
    flat = []
    for rule in rules:
        sources = [
            *({"cidr_block": network(cidr)} for cidr in rule.get("cidr_blocks", [])),
            *({"group": names.get(group, group)} for group in rule.get("groups", [])),
            *({"prefix_list_id": each} for each in rule.get("prefix_list_ids", [])),
        ]
        protocol = rule.get("ip_protocol", "tcp")
        words = {"description": rule["description"]} if rule.get("description") else {}
        # no list of ports means all of them, an empty one means none
        every = ["0-65535"] if protocol in ("tcp", "udp") else [""]
        for port in rule.get("ports", every):
            ports = port_range(port) if port else {}
            flat += [{"ip_protocol": protocol, **ports, **source, **words} for source in sources]
    return in_order(flat)


def live_rules(permissions: list[Fields], names: t.Mapping[str, str]) -> list[Fields]:
    """AWS's permissions as single rules."""
    rules = []
    for each in permissions:
        # a protocol without ports has none, or -1 (all types of ICMP)
        ports = {"from_port": each["FromPort"], "to_port": each["ToPort"]} if each.get("FromPort", -1) != -1 else {}
        sources = [
            *(({"cidr_block": cidr["CidrIp"]}, cidr) for cidr in each.get("IpRanges", [])),
            *(({"cidr_block": cidr["CidrIpv6"]}, cidr) for cidr in each.get("Ipv6Ranges", [])),
            *(({"group": names.get(p["GroupId"], p["GroupId"])}, p) for p in each.get("UserIdGroupPairs", [])),
            *(({"prefix_list_id": prefix["PrefixListId"]}, prefix) for prefix in each.get("PrefixListIds", [])),
        ]
        for source, shown in sources:
            words = {"description": shown["Description"]} if shown.get("Description") else {}
            rules.append({"ip_protocol": each["IpProtocol"], **ports, **source, **words})
    return in_order(rules)


def permission(rule: Fields, ids: t.Mapping[str, str]) -> Fields:
    """A single rule in AWS's form. ids: group ids by name."""
    ports = {"FromPort": rule["from_port"], "ToPort": rule["to_port"]} if "from_port" in rule else {}
    if not ports and rule["ip_protocol"] in ("icmp", "icmpv6"):
        ports = {"FromPort": -1, "ToPort": -1}
    words = {"Description": rule["description"]} if "description" in rule else {}
    if "group" in rule:
        source: Fields = {"UserIdGroupPairs": [{"GroupId": ids.get(rule["group"], rule["group"]), **words}]}
    elif "prefix_list_id" in rule:
        source = {"PrefixListIds": [{"PrefixListId": rule["prefix_list_id"], **words}]}
    elif is_ipv6(rule):
        source = {"Ipv6Ranges": [{"CidrIpv6": rule["cidr_block"], **words}]}
    else:
        source = {"IpRanges": [{"CidrIp": rule["cidr_block"], **words}]}
    return {"IpProtocol": rule["ip_protocol"], **ports, **source}


def port_range(text: str) -> Fields:
    """``443`` or ``8000-8100`` as AWS's two numbers. Raises WebstackError."""
    first, _unused, last = str(text).partition("-")
    try:
        return {"from_port": int(first), "to_port": int(last or first)}
    except ValueError as error:
        raise WebstackError(f"{text!r} is no port", "write 443, or 8000-8100 for a range") from error


def network(cidr: str) -> str:
    """A range of addresses as AWS spells it, without the bits of a host. Raises WebstackError."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError as error:
        raise WebstackError(
            f"{cidr!r} is no range of addresses", "write it like 10.0.0.0/16 or 2001:db8::/32"
        ) from error


def is_ipv6(rule: Fields) -> bool:
    """Whether a single rule is for a range of IPv6."""
    return ":" in rule.get("cidr_block", "")


def bare(rule: Fields) -> Fields:
    """A single rule without its description, which does not make it another one."""
    return {key: value for key, value in rule.items() if key != "description"}


def key_of(rule: Fields) -> tuple[tuple[str, str], ...]:
    """What makes a single rule this one, in the order in which rules compare."""
    return tuple(sorted((key, str(value)) for key, value in bare(rule).items()))


def in_order(rules: list[Fields]) -> list[Fields]:
    """Rules without repetitions, in the one order in which they compare."""
    single = {key_of(rule): rule for rule in rules}
    return [single[key] for key in sorted(single)]

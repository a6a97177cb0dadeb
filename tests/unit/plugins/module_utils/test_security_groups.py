"""Rules of security groups: many forms outside, single rules inside."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._security_groups import (
    SecurityGroup,
    flat_rules,
    live_rules,
    permission,
)

NAMES = {"sg-1": "alb"}
IDS = {"alb": "sg-1"}


def test_flat_rules_are_one_for_each_port_and_source():
    rules = flat_rules([{"ip_protocol": "tcp", "ports": ["80", "443"], "cidr_blocks": ["10.0.0.1/8", "::/0"]}], {})
    assert rules == [
        {"ip_protocol": "tcp", "from_port": port, "to_port": port, "cidr_block": cidr}
        for cidr in ("10.0.0.0/8", "::/0")
        for port in (443, 80)
    ]


def test_flat_rules_name_groups_that_are_known():
    rules = flat_rules([{"ports": ["80"], "groups": ["sg-1", "alb", "sg-2"]}], NAMES)
    assert [rule["group"] for rule in rules] == ["alb", "sg-2"]


def test_flat_rules_without_ports_are_for_all_and_with_none_for_nothing():
    assert flat_rules([{"cidr_blocks": ["0.0.0.0/0"]}], {})[0]["to_port"] == 65535
    assert flat_rules([{"ip_protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}], {}) == [
        {"ip_protocol": "-1", "cidr_block": "0.0.0.0/0"}
    ]
    assert flat_rules([{"ports": [], "cidr_blocks": ["0.0.0.0/0"]}], {}) == []


@pytest.mark.parametrize("rule", [{"ports": ["http"]}, {"ports": ["80"], "cidr_blocks": ["everywhere"]}])
def test_flat_rules_say_what_is_wrong(rule):
    with pytest.raises(WebstackError, match="is no"):
        flat_rules([{"cidr_blocks": ["0.0.0.0/0"], **rule}], {})


@pytest.mark.parametrize(
    "rule",
    [
        {"ip_protocol": "tcp", "from_port": 80, "to_port": 81, "cidr_block": "10.0.0.0/8"},
        {"ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_block": "2001:db8::/32"},
        {"ip_protocol": "udp", "from_port": 53, "to_port": 53, "group": "alb"},
        {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "prefix_list_id": "pl-1"},
        {"ip_protocol": "icmp", "cidr_block": "0.0.0.0/0"},
        {"ip_protocol": "-1", "group": "sg-9"},
    ],
)
def test_permission_and_live_rules_are_each_others_inverse(rule):
    assert live_rules([permission(rule, IDS)], NAMES) == [rule]


def group(*listed):
    made = SecurityGroup(aws=None)
    made.options = {"security_groups": [{"name": name} for name in listed]}
    return made


def test_refuse_takes_groups_that_are_listed_before_or_ids():
    rules = {"ingress": [{"group": "alb"}, {"group": "tasks"}, {"group": "sg-9"}, {"cidr_block": "10.0.0.0/8"}]}
    group("alb", "tasks").refuse("tasks", None, rules)
    with pytest.raises(WebstackError, match="a rule names alb"):
        group("tasks", "alb").refuse("tasks", None, rules)


def test_refuse_names_that_aws_does_not_take():
    with pytest.raises(WebstackError, match="not beginning with sg-"):
        group("sg-demo").refuse("sg-demo", None, {})
    group("demo").refuse("demo", None, None)


def test_a_rule_that_is_there_already_does_not_keep_the_others_away():
    sent = []

    class FakeAws:
        def write(self, service, operation, missing=(), **arguments):
            ports = [each["FromPort"] for each in arguments["IpPermissions"]]
            sent.append((operation, ports))
            # AWS does all of a call or nothing
            is_refused = 80 in ports if operation.startswith("authorize") else 22 in ports
            return None if is_refused else {"Return": True}

    def rules(*ports):
        return [{"ip_protocol": "tcp", "from_port": port, "to_port": port, "cidr_block": "0.0.0.0/0"} for port in ports]

    kind = SecurityGroup(FakeAws())
    kind._ids = IDS
    kind._set_rules("alb", "ingress", rules(21, 22), rules(80, 443, 8443))
    authorize, revoke = "authorize_security_group_ingress", "revoke_security_group_ingress"
    assert sent == [
        *((authorize, ports) for ports in ([80, 443, 8443], [80], [443], [8443])),
        *((revoke, ports) for ports in ([21, 22], [21], [22])),
    ]


def described(words=None, port=80):
    rule = {"ip_protocol": "tcp", "from_port": port, "to_port": port, "cidr_block": "10.0.0.0/8"}
    return {**rule, "description": words} if words else rule


def test_a_description_belongs_to_every_single_rule_and_makes_no_other_rule_of_it():
    rule = {"ports": ["80"], "cidr_blocks": ["10.0.0.0/8"], "groups": ["alb"], "description": "inside"}
    flat = flat_rules([rule], NAMES)
    assert [each["description"] for each in flat] == ["inside", "inside"]
    assert live_rules([permission(each, IDS) for each in flat], NAMES) == flat
    assert flat_rules([{**rule, "description": None, "groups": []}], NAMES) == [described()]
    assert len(flat_rules([rule, {**rule, "description": "another"}], NAMES)) == 2


def test_rules_keep_a_description_of_which_nothing_is_said():
    live = {
        "GroupName": "alb",
        "Description": "x",
        "IpPermissions": [permission(described("old"), IDS), permission(described("old", 81), IDS)],
    }
    kept = SecurityGroup(aws=None).keep(
        "alb", live, {"ingress": [described(), described("new", 81), described(port=82)]}
    )
    assert kept == {"ingress": [described("old"), described("new", 81), described(port=82)]}


def test_only_descriptions_that_differ_are_sent():
    sent = []

    class FakeAws:
        def write(self, service, operation, missing=(), **arguments):
            sent.append((operation, arguments["IpPermissions"]))
            return {"Return": True}

    kind = SecurityGroup(FakeAws())
    kind._ids = IDS
    kind._set_rules(
        "alb", "egress", [described("old"), described("same", 81)], [described("new"), described("same", 81)]
    )
    assert sent == [("update_security_group_rule_descriptions_egress", [permission(described("new"), IDS)])]

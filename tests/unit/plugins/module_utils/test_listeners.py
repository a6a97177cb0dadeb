from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _listeners as listeners
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

AWS = SimpleNamespace(region="us-east-1", subject="")
ALB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/50dc"
PLANNED = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/shop/0000"
GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/73e2"


def numbers(names, live=None, others=(), **fixed):
    rules = [{"name": name, "priority": fixed.get(name)} for name in names]
    return listeners.priorities(rules, live or {}, others)


def test_new_rules_rise_in_their_order():
    assert numbers(["a", "b", "c"]) == {"a": 10, "b": 20, "c": 30}


def test_rule_that_is_added_moves_none():
    assert numbers(["a", "b", "c"], {"a": 10, "b": 20}) == {"a": 10, "b": 20, "c": 30}
    assert numbers(["a", "x", "b"], {"a": 10, "b": 20}) == {"a": 10, "x": 15, "b": 20}
    assert numbers(["x", "y", "a"], {"a": 10}) == {"x": 4, "y": 7, "a": 10}


def test_removed_rule_moves_none():
    assert numbers(["b"], {"b": 20}) == {"b": 20}


def test_all_move_where_there_is_no_room():
    assert numbers(["a", "x", "b"], {"a": 1, "b": 2}) == {"a": 10, "x": 20, "b": 30}


def test_gap_is_filled_to_the_last_number():
    assert numbers(["a", "x", "y", "b"], {"a": 1, "b": 4}) == {"a": 1, "x": 2, "y": 3, "b": 4}


def test_numbers_of_other_rules_are_avoided():
    assert numbers(["a", "b"], {}, others={10, 20}) == {"a": 30, "b": 40}
    assert numbers(["a", "x", "b"], {"a": 10, "b": 13}, others={11}) == {"a": 10, "x": 12, "b": 13}


def test_another_order_moves_as_few_as_it_can():
    assert numbers(["b", "a"], {"a": 10, "b": 20}) == {"b": 20, "a": 30}


def test_own_priority_is_kept_to():
    assert numbers(["a", "b"], {"a": 10, "b": 5}, a=5) == {"a": 5, "b": 10}


def test_no_rule_comes_after_the_last_number():
    assert numbers(["a", "b"], {"a": 50000}) == {"a": 10, "b": 20}


@pytest.mark.parametrize(("others", "fixed"), [({5}, {"a": 5}), ((), {"a": 5, "b": 5})])
def test_priority_that_is_taken_is_refused(others, fixed):
    with pytest.raises(WebstackError, match="has this priority already"):
        numbers(["a", "b"], {}, others, **fixed)


@pytest.mark.parametrize(
    ("live", "normal"),
    [
        ({"Type": "forward", "TargetGroupArn": GROUP}, {"type": "forward", "target_group_arn": GROUP}),
        (
            {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP, "Weight": 1}]}},
            {"type": "forward", "target_group_arn": GROUP},
        ),
        (
            {
                "Type": "forward",
                "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "a", "Weight": 1}, {"TargetGroupArn": "b"}]},
            },
            {"type": "forward", "target_groups": {"a": 1, "b": None}},
        ),
        (
            {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503", "MessageBody": "later"}},
            {
                "type": "fixed-response",
                "fixed_response": {"status_code": "503", "content_type": "text/plain", "message_body": "later"},
            },
        ),
        ({"Type": "authenticate-oidc"}, {"type": "authenticate-oidc"}),
    ],
)
def test_live_actions_have_the_form_of_the_option(live, normal):
    assert listeners.normalize_action([live]) == normal


def test_redirect_is_the_same_whether_aws_fills_it_in_or_not():
    wanted = listeners.normalize_wanted_action({"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443"}})
    short = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    assert listeners.normalize_action([short]) == wanted
    assert listeners.normalize_action(listeners.action_to_aws(wanted)) == wanted


def test_forward_without_a_group_is_refused():
    with pytest.raises(WebstackError, match="no target group"):
        listeners.normalize_wanted_action({"type": "forward"})


def test_fixed_response_without_a_body_sends_none():
    action = listeners.normalize_wanted_action({"type": "fixed-response"})
    assert listeners.action_to_aws(action) == [
        {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
    ]


def test_conditions_are_read_in_both_of_their_forms():
    live = [
        {"Field": "path-pattern", "Values": ["/b", "/a"]},
        {"Field": "host-header", "HostHeaderConfig": {"Values": ["x"]}},
        {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
    ]
    normal = {"path_patterns": ["/a", "/b"], "host_headers": ["x"], "other_conditions": ["source-ip"]}
    assert listeners.normalize_conditions(live) == normal


@pytest.mark.parametrize(
    ("rule", "message"),
    [({}, "no condition"), ({"path_patterns": list("abc"), "host_headers": list("xyz")}, "6 paths and hosts")],
)
def test_rule_that_aws_would_refuse_is_refused(rule, message):
    kind = listeners.Rule(AWS, PLANNED)
    wanted = kind.normalize_wanted("api", {**rule, "action": {"type": "forward", "target_group_arn": GROUP}})
    with pytest.raises(WebstackError, match=message):
        kind.refuse("api", None, wanted)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"protocol": "HTTP"}, "without default_action"),
        ({"protocol": "HTTPS", "default_action": {"type": "x"}}, "needs a certificate"),
        ({"protocol": "HTTP", "default_action": {"type": "x"}, "certificate_arn": "arn"}, "takes neither"),
    ],
)
def test_listener_that_aws_would_refuse_is_refused(wanted, message):
    with pytest.raises(WebstackError, match=message):
        listeners.Listener(AWS, ALB).refuse("443", None, wanted)


def test_nothing_is_asked_about_what_is_only_planned():
    assert listeners.Listener(AWS, PLANNED).read(["80"]) == {}
    assert listeners.Rule(AWS, PLANNED).read(["api"]) == {}


class FakeAws:
    """Answers reads from a mapping of operations, and keeps what was written."""

    def __init__(self, answers):
        self.answers, self.writes = answers, []
        self.region, self.subject, self.check_mode, self.plan = "us-east-1", "", False, []

    def read(self, service, operation, path="", **arguments):
        return self.answers[operation]

    def write(self, service, operation, **arguments):
        self.writes.append((operation, arguments))


def test_rules_that_change_places_move_in_one_call():
    rules = [
        {
            "RuleArn": f"arn:{name}", "Priority": priority, "IsDefault": False,
            "Conditions": [{"Field": "path-pattern", "Values": [f"/{name}"]}],
            "Actions": [{"Type": "forward", "TargetGroupArn": GROUP}],
        }
        for name, priority in (("a", "10"), ("b", "20"))
    ]  # fmt: skip
    tags = [{"ResourceArn": f"arn:{name}", "Tags": [{"Key": "Name", "Value": name}]} for name in ("a", "b")]
    aws = FakeAws({"describe_rules": rules, "describe_tags": tags})
    action = {"type": "forward", "target_group_arn": GROUP}
    wanted = [
        {"name": "a", "priority": 20, "path_patterns": ["/a"], "action": action},
        {"name": "b", "priority": 10, "path_patterns": ["/b"], "action": action},
    ]
    report = listeners.Report()
    rules = listeners.Rule(aws, "arn:listener", "80")
    listeners._ensure_rules(rules, wanted, {"tags": None, "purge_tags": True}, report)
    moves = [{"RuleArn": "arn:a", "Priority": 20}, {"RuleArn": "arn:b", "Priority": 10}]
    assert aws.writes == [("set_rule_priorities", {"RulePriorities": moves})]
    assert report.diff["after"] == {"80 a": {"priority": 20}, "80 b": {"priority": 10}}


OTHER = GROUP.replace("73e2", "0001")
STANDS_IN = {"type": "forward", "target_group_arn": OTHER, "instead_of": [GROUP]}
BESIDE = {"type": "forward", "target_groups": {GROUP: 1, OTHER: 0}}


@pytest.mark.parametrize(
    ("live", "final"),
    [
        # A rule that is made while another group serves.
        ({}, BESIDE),
        ({"type": "forward", "target_group_arn": GROUP}, BESIDE),
        (BESIDE, BESIDE),
        # Moved once, it stays moved.
        ({"type": "forward", "target_group_arn": OTHER}, {"type": "forward", "target_group_arn": OTHER}),
        ({"type": "redirect", "redirect": {}}, BESIDE),
    ],
)
def test_group_that_takes_the_place_of_another_gets_no_requests_at_first(live, final):
    assert listeners.settle(STANDS_IN, live) == final


def test_of_several_old_groups_the_one_that_serves_goes_on():
    wanted = {**STANDS_IN, "instead_of": ["arn:older", GROUP]}
    live = {"type": "forward", "target_groups": {GROUP: 1, "arn:older": 0}}
    assert listeners.settle(wanted, live) == BESIDE


def test_actions_with_two_groups_go_to_aws_and_come_back():
    [action] = listeners.action_to_aws(listeners.normalize_wanted_action(STANDS_IN))
    assert action["ForwardConfig"]["TargetGroups"] == [
        {"TargetGroupArn": GROUP, "Weight": 1},
        {"TargetGroupArn": OTHER, "Weight": 0},
    ]
    assert listeners.normalize_action([action]) == BESIDE

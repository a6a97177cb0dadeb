"""Policies compare by what they allow."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text


def statement(**parts):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(Action="s3:GetObject", Resource="*"), statement(Action=["s3:GetObject"], Resource=["*"])),
        (statement(Action=["b", "a", "b"], Resource="*"), statement(Action=["a", "b"], Resource="*")),
        (statement(Principal="*", Action="a"), statement(Principal={"AWS": "*"}, Action="a")),
        (
            statement(Principal={"AWS": "123456789012"}, Action="a"),
            statement(Principal={"AWS": ["arn:aws:iam::123456789012:root"]}, Action="a"),
        ),
        (
            statement(Principal={"AWS": 123456789012}, Action="a"),
            statement(Principal={"AWS": "123456789012"}, Action="a"),
        ),
        (
            statement(Action="a", Condition={"Bool": {"aws:SecureTransport": False}}),
            statement(Action="a", Condition={"Bool": {"aws:SecureTransport": ["false"]}}),
        ),
        (
            statement(Action="a", Condition={"NumericLessThan": {"x": 5}}),
            statement(Action="a", Condition={"NumericLessThan": {"x": "5"}}),
        ),
        (statement(Action="a", Sid="", Condition={}), statement(Action="a")),
        (statement(Action="a"), {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "a"}}),
        (statement(Action="a"), json.dumps(statement(Action="a"))),
        (
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Deny", "Action": "a"}, {"Effect": "Allow", "Action": "b"}],
            },
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "b"}, {"Effect": "Deny", "Action": "a"}],
            },
        ),
    ],
)
def test_policies_of_one_meaning_have_one_form(one, other):
    assert normal_policy(one) == normal_policy(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(Action="a"), statement(NotAction="a")),
        (statement(Action="a", Principal={"AWS": "*"}), statement(Action="a", NotPrincipal={"AWS": "*"})),
        (statement(Action="a"), {"Statement": [{"Effect": "Allow", "Action": "a"}]}),
        (
            statement(Action="a", Condition={"StringEquals": {"x": "y"}}),
            statement(Action="a", Condition={"StringLike": {"x": "y"}}),
        ),
    ],
)
def test_policies_of_two_meanings_have_two_forms(one, other):
    assert normal_policy(one) != normal_policy(other)


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_no_policy_is_empty(nothing):
    assert normal_policy(nothing) == {}


def test_text_is_what_it_was_made_from():
    document = normal_policy(statement(Action="a", Resource="*"))
    assert json.loads(policy_text(document)) == document

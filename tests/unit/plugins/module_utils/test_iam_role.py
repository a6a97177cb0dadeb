"""What is refused of roles before AWS would, and their normal form."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._iam_role import IamRole

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
LIVE = {
    "RoleName": "demo",
    "Arn": "arn:aws:iam::123456789012:role/demo",
    "Path": "/",
    "AssumeRolePolicyDocument": TRUST,
    "InlinePolicies": {"one": TRUST},
    "AttachedPolicies": [{"PolicyName": "b", "PolicyArn": "arn:b"}, {"PolicyName": "a", "PolicyArn": "arn:a"}],
    "Tags": [{"Key": "team", "Value": "web"}],
}


@pytest.fixture
def role():
    return IamRole(SimpleNamespace(region="us-east-1", check_mode=True))


def test_what_aws_leaves_out_has_its_default(role):
    normal = role.normalize("demo", LIVE)
    assert normal["description"] == ""
    assert normal["permissions_boundary"] == ""
    assert normal["max_session_duration"] == 3600
    assert normal["managed_policies"] == ["arn:a", "arn:b"]
    assert normal["tags"] == {"team": "web"}


def test_wanted_policies_are_in_normal_form(role):
    wanted = {
        "assume_role_policy_document": TRUST,
        "inline_policies": {"one": TRUST},
        "managed_policies": ["arn:b", "arn:a"],
    }
    normal = role.normalize_wanted("demo", wanted)
    live = role.normalize("demo", LIVE)
    assert {key: live[key] for key in normal} == normal


@pytest.mark.parametrize(
    ("live", "wanted", "words"),
    [
        (None, {}, "give assume_role_policy_document"),
        (LIVE, {"max_session_duration": 60}, "3600 to 43200"),
        (LIVE, {"inline_policies": {"long": {"Statement": [{"Resource": ["x" * 10240]}]}}}, "AWS takes 10240"),
    ],
)
def test_what_aws_would_refuse_is_refused(role, live, wanted, words):
    with pytest.raises(WebstackError, match=words):
        role.refuse("demo", live, wanted)


def test_a_name_that_iam_does_not_take_is_refused(role):
    with pytest.raises(WebstackError, match="65 characters"):
        role.refuse("x" * 65, None, {"assume_role_policy_document": TRUST})


def test_removal_is_not_judged(role):
    role.refuse("x" * 65, LIVE, None)


def test_the_arn_of_a_role_is_known_before_it_is_made(role):
    role.aws.arn = lambda service, region, resource: f"arn:aws:{service}:{region}:123456789012:{resource}"
    assert role.placeholder("demo", {"path": "/a/"})["arn"] == "arn:aws:iam::123456789012:role/a/demo"


def test_documents_keep_their_spelling_in_results(role):
    result = role.result("demo", LIVE)
    assert result["assume_role_policy_document"] == TRUST
    assert result["inline_policies"] == {"one": TRUST}
    assert result["role_name"] == "demo"

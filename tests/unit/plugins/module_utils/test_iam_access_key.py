"""Access keys: which are trusted, which are made anew."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._iam_access_key import IamAccessKey
from ansible_collections.webstack.aws.plugins.module_utils._resource import ensure

OPTIONS = {
    "policy_name": "access",
    "secret": {"secret_id": "shop", "access_key_id_key": "id", "secret_access_key_key": "key"},
}


class FakeIam:
    """As much of IAM and Secrets Manager as one user needs."""

    region = "us-east-1"

    def __init__(self, secret=None, keys=(), user=True, check_mode=False):
        self.check_mode = check_mode
        self.subject = ""
        self.plan = []
        self.secret = secret
        self.keys = list(keys)
        self.user = {"UserName": "media", "Arn": "arn:media", "Tags": []} if user else None
        self.written = []

    def read(self, service, operation, path="", missing=(), **arguments):
        answers = {
            "get_user": self.user,
            "get_user_policy": None,
            "list_access_keys": [{"AccessKeyId": key} for key in self.keys],
            "list_user_policies": ["access", "other"],
            "get_secret_value": None if self.secret is None else json.dumps(self.secret),
        }
        return answers[operation]

    def write(self, service, operation, missing=(), propagating="", **arguments):
        self.written.append(operation)
        if operation == "create_user":
            self.user = {"UserName": "media", "Arn": "arn:media", "Tags": arguments["Tags"]}
        if operation == "delete_access_key":
            self.keys.remove(arguments["AccessKeyId"])
        if operation == "create_access_key":
            self.keys.append("NEW")
            return {"AccessKey": {"AccessKeyId": "NEW", "SecretAccessKey": "hidden"}}
        if operation == "put_secret_value":
            self.secret = json.loads(arguments["SecretString"])
        return None


def run(aws, wanted=None, tags=None, options=None):
    kind = IamAccessKey(aws)
    kind.options = OPTIONS if options is None else options
    return ensure(kind, {"media": {} if wanted is None else wanted}, tags)


def test_a_new_user_gets_policy_and_key_and_the_secret_keeps_the_rest():
    aws = FakeIam(secret={"other": "stays"}, user=False)
    outcomes, results = run(
        aws, {"policy": {"Version": "2012-10-17", "Statement": []}, "permissions_boundary": "arn:b"}
    )
    assert aws.written == ["create_user", "put_user_policy", "create_access_key", "put_secret_value"]
    assert aws.secret == {"other": "stays", "id": "NEW", "key": "hidden"}
    assert results["media"]["user_name"] == "media"
    assert "hidden" not in str(outcomes) + str(results)
    assert "NEW" not in str(outcomes) + str(results["media"])


def test_the_key_in_the_secret_is_left_and_one_beside_it_too():
    aws = FakeIam(secret={"id": "A", "key": "x"}, keys=["A", "B"])
    assert run(aws)[0][0].action == "none"


@pytest.mark.parametrize("secret", [{}, {"id": "GONE", "key": "x"}, {"id": "A"}])
def test_keys_that_nobody_can_use_make_room_for_a_new_one(secret):
    aws = FakeIam(secret=secret, keys=["A", "B"])
    run(aws)
    assert aws.written == ["delete_access_key", "delete_access_key", "create_access_key", "put_secret_value"]
    assert aws.keys == ["NEW"]


def test_boundary_policy_and_tags_come_and_go():
    aws = FakeIam(secret={"id": "A", "key": "x"}, keys=["A"])
    run(aws, {"permissions_boundary": "arn:b"}, tags={"team": "web"})
    assert aws.written == ["put_user_permissions_boundary", "tag_user"]
    kind = IamAccessKey(aws)
    kind.options = OPTIONS
    live = {"AccessKeyIds": [], "Tags": [{"Key": "old", "Value": "1"}]}
    aws.written.clear()
    kind.update(
        "media",
        live,
        {"permissions_boundary": "", "policy": {}, "tags": {}},
        {"permissions_boundary", "policy", "tags"},
    )
    assert aws.written == ["delete_user_permissions_boundary", "delete_user_policy", "untag_user"]


def test_without_the_secret_nothing_is_made_but_planned():
    with pytest.raises(WebstackError, match="secret shop does not exist"):
        run(FakeIam(user=False))
    aws = FakeIam(user=False, check_mode=True)
    _outcomes, results = run(aws)
    assert results["media"]["arn"] == "arn:aws:iam::000000000000:user/media"
    assert aws.written == []


def test_removal_takes_all_that_hangs_on_the_user():
    aws = FakeIam(keys=["A"])
    kind = IamAccessKey(aws)
    kind.options = {"policy_name": "access", "secret": None}
    ensure(kind, {"media": None})
    assert aws.written == ["delete_access_key", "delete_user_policy", "delete_user_policy", "delete_user"]


def test_a_bad_name_is_refused():
    kind = IamAccessKey(FakeIam())
    kind.options = OPTIONS
    with pytest.raises(WebstackError, match="65 characters"):
        kind.refuse("x" * 65, None, {})

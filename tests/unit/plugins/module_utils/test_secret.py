"""Where the values of a secret's fields come from, and that none of them is ever shown."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import NotOursError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import ensure
from ansible_collections.webstack.aws.plugins.module_utils._secret import (
    Secret,
    changed_names,
    field_source,
    plan_values,
    same_key,
    secret_reference,
)

OTHERS = {"mail:password": "of the mail"}


def plan(sources, live=None, template_values=None, **how):
    return plan_values(sources, live or {}, template_values or {}, OTHERS.__getitem__, **how)


def test_every_source_gives_its_value(monkeypatch):
    monkeypatch.setenv("PAYMENT", "paid")
    made = plan(
        {
            "user": {"value": "shop"},
            "password": {"generate": {"length": 20}},
            "payment": {"from_env": "PAYMENT"},
            "mail": {"from_secret": "mail:password"},
            "url": {"template": "x://{user:url}:{mail:url}@{host}/{unknown_is_text"},
        },
        template_values={"host": "db"},
    )
    assert made.values["user"] == "shop"
    assert len(made.values["password"]) == 20
    assert made.values["payment"] == "paid"
    assert made.values["url"] == "x://shop:of%20the%20mail@db/{unknown_is_text"


@pytest.mark.parametrize("source", [{"generate": {"length": 32}}, {"from_env": "NOT_SET_ANYWHERE"}])
def test_values_that_others_own_are_kept(source):
    assert plan({"password": source}, {"password": "rotated", "more": "stays"}).values == {
        "password": "rotated",
        "more": "stays",
    }


def test_an_environment_variable_that_is_needed_and_not_set_is_refused():
    with pytest.raises(WebstackError, match="NOT_SET_ANYWHERE is not set"):
        plan({"password": {"from_env": "NOT_SET_ANYWHERE"}})


def test_a_field_can_say_what_it_holds_until_its_environment_variable_is_set(monkeypatch):
    source = {"password": {"from_env": "PAYMENT", "until_set": "none yet"}}
    assert plan(source).values == {"password": "none yet"}
    monkeypatch.setenv("PAYMENT", "paid")
    assert plan(source, {"password": "none yet"}).values == {"password": "paid"}
    monkeypatch.delenv("PAYMENT")
    assert plan(source, {"password": "paid"}).values == {"password": "paid"}


def test_a_number_stays_a_number():
    assert plan({"port": {"value": "5432"}}, {"port": 5432}).values == {"port": 5432}


def test_purging_keeps_named_fields_only():
    made = plan(
        {"a": {"value": "1"}, "t": {"template": "{gone}"}}, {"a": "1", "b": "2", "t": "old"}, purge=True, defer=True
    )
    assert made.values == {"a": "1", "t": "old"}
    assert made.pending == []


TEMPLATE = {"dsn": {"template": "{host}"}, "copy": {"template": "<{dsn}>"}}


def test_templates_that_cannot_be_rendered_wait():
    assert plan(TEMPLATE, defer=True).pending == ["dsn", "copy"]
    assert plan(TEMPLATE, template_values={"host": "h"}).values == {"dsn": "h", "copy": "<h>"}


def test_a_value_that_is_not_known_yet_is_an_error_except_in_check_mode():
    wanted = {"dsn": {"template": "{host}"}}
    assert plan(wanted, template_values={"host": ""}, patient=True).pending == ["dsn"]
    for how in ({"template_values": {"host": ""}}, {"patient": True}, {}):
        with pytest.raises(WebstackError, match="names host, of which nothing is known"):
            plan(wanted, **how)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("text", "does not say where"),
        ({}, "one of the following is required"),
        ({"value": "a", "generate": {}}, "mutually exclusive"),
        ({"value": "a", "valeu": "b"}, "valeu"),
        ({"generate": {"length": 8}}, "8 characters"),
        ({"generate": {"length": 129}}, "129 characters"),
    ],
)
def test_a_source_that_says_nothing_clear_is_refused(source, words):
    with pytest.raises(WebstackError, match=words):
        field_source("password", source)


def test_generate_without_more_is_32_long():
    assert field_source("password", {"generate": {}, "value": None}) == {"generate": {"length": 32}}


def test_references_to_other_secrets():
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:mail-abcdef"
    assert secret_reference("company/mail:password") == {"secret_id": "company/mail", "key": "password"}
    assert secret_reference(f"{arn}:password") == {"secret_id": arn, "key": "password"}
    for text in ("mail", "mail:", ":password", arn):
        with pytest.raises(WebstackError, match="does not name a key"):
            secret_reference(text)


def test_changes_are_named_and_not_shown():
    live, wanted = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "other", "d": "4"}
    assert changed_names(live, wanted) == {"added_fields": ["d"], "changed_fields": ["b"], "removed_fields": ["c"]}
    assert changed_names(live, live) == {}


@pytest.mark.parametrize(
    ("live", "wanted", "same"),
    [
        ("arn:aws:kms:us-east-1:1:key/abc", "abc", True),
        ("abc", "arn:aws:kms:us-east-1:1:key/abc", True),
        ("alias/a", "alias/a", True),
        ("alias/a", "alias/b", False),
        ("", "alias/b", False),
        ("abc", "", False),
        ("arn:aws:kms:us-east-1:1:alias/shop", "alias/shop", True),
        ("alias/shop", "arn:aws:kms:us-east-1:1:alias/shop", True),
        ("arn:aws:kms:us-east-1:1:alias/a-shop", "alias/shop", False),
        ("", "alias/shop", False),
    ],
)
def test_kms_keys_have_several_spellings(live, wanted, same):
    assert same_key(live, wanted) is same


class FakeSecrets:
    """As much of Secrets Manager as one secret needs."""

    region = "us-east-1"

    def __init__(self, values=None, check_mode=False, **description):
        self.check_mode = check_mode
        self.subject = ""
        self.plan = []
        self.written = []
        self.secret = None if values is None else {"ARN": "arn:shop", "Name": "shop", **description}
        self.text = json.dumps(values) if not isinstance(values, str) else values

    def read(self, service, operation, path="", missing=(), **arguments):
        if operation == "describe_secret":
            return self.secret
        return self.text if self.secret else None

    def write(self, service, operation, missing=(), propagating="", **arguments):
        self.written.append((operation, arguments))
        if operation == "create_secret":
            self.secret = {"ARN": "arn:shop", "Name": "shop", "Tags": arguments.get("Tags")}
        if operation == "restore_secret":
            self.secret = {key: value for key, value in self.secret.items() if key != "DeletedDate"}
        self.text = arguments.get("SecretString", self.text)
        return {"SecretString": self.text} if operation == "get_secret_value" else {}


def run(aws, wanted=None, tags=None, **options):
    secret = Secret(aws)
    secret.options = options
    return ensure(secret, {"shop": {} if wanted is None else wanted}, tags)


def test_nothing_secret_is_in_outcome_and_result():
    aws = FakeSecrets()
    outcomes, results = run(aws, fields={"password": {"value": "hunter2hunter2"}}, tags={"team": "web"})
    assert "hunter2" in aws.written[0][1]["SecretString"]
    assert "hunter2" not in str(outcomes) + str(results)
    assert results["shop"]["keys"] == ["password"]


def test_a_secret_in_its_recovery_window_is_restored_with_its_values():
    aws = FakeSecrets({"password": "as it was"}, DeletedDate="yesterday", Tags=[{"Key": "old", "Value": "1"}])
    outcomes, _results = run(aws, fields={"password": {"generate": {}}}, tags={"team": "web"})
    assert outcomes[0].wanted["restored"] is True
    assert [operation for operation, _arguments in aws.written] == [
        "restore_secret",
        "get_secret_value",
        "update_secret",
        "tag_resource",
        "untag_resource",
    ]
    assert json.loads(aws.text) == {"password": "as it was"}


def test_somebody_elses_deleted_secret_is_not_restored():
    aws = FakeSecrets({}, DeletedDate="yesterday", Tags=[])
    with pytest.raises(NotOursError):
        run(aws, tags={"webstack:stack": "shop"})


def test_a_secret_that_is_no_object_is_left_alone_and_not_shown():
    with pytest.raises(WebstackError, match="no JSON object") as refused:
        run(FakeSecrets("just a password"))
    assert "just a" not in str(refused.value)


def test_a_key_in_another_spelling_is_no_change():
    aws = FakeSecrets({}, KmsKeyId="arn:aws:kms:us-east-1:1:key/abc")
    assert run(aws, {"kms_key_id": "abc"})[0][0].action == "none"


def test_check_mode_says_what_will_be_there():
    aws = FakeSecrets(check_mode=True)
    template = {"template": "{host}"}
    _outcomes, results = run(aws, fields={"password": {"generate": {}}, "dsn": template}, defer_templates=True)
    assert results["shop"]["keys"] == ["password"]
    assert results["shop"]["pending_fields"] == ["dsn"]
    assert results["shop"]["arn"] == "arn:aws:secretsmanager:us-east-1:000000000000:secret:shop-000000"
    aws = FakeSecrets({"a": "1"}, check_mode=True)
    _outcomes, results = run(aws, {"description": "d"}, fields={"b": {"value": "2"}})
    assert results["shop"]["keys"] == ["a", "b"]
    assert results["shop"]["description"] == "d"


def test_too_much_for_one_secret_is_refused():
    with pytest.raises(WebstackError, match="65536 bytes"):
        run(FakeSecrets(), fields={"much": {"value": "x" * 65536}})


def test_a_bad_name_is_refused():
    secret = Secret(FakeSecrets())
    with pytest.raises(WebstackError, match="no valid name"):
        ensure(secret, {"a b": {}})


@pytest.mark.parametrize(
    ("days", "arguments"),
    [(None, {}), (0, {"ForceDeleteWithoutRecovery": True}), (7, {"RecoveryWindowInDays": 7})],
)
def test_removal_leaves_a_window_unless_told(days, arguments):
    aws = FakeSecrets({})
    secret = Secret(aws)
    secret.options = {"recovery_window_in_days": days}
    ensure(secret, {"shop": None})
    assert aws.written == [("delete_secret", {"SecretId": "shop", **arguments})]


@pytest.mark.parametrize(
    ("live", "wanted", "action"),
    [
        ({}, "alias/aws/secretsmanager", "none"),
        ({}, "arn:aws:kms:us-east-1:1:alias/aws/secretsmanager", "none"),
        ({}, "alias/shop", "update"),
        ({"KmsKeyId": "arn:aws:kms:us-east-1:1:alias/shop"}, "alias/shop", "none"),
        ({"KmsKeyId": "alias/shop"}, "alias/aws/secretsmanager", "update"),
    ],
)
def test_secrets_manager_names_no_key_where_it_is_its_own(live, wanted, action):
    outcomes, _results = run(FakeSecrets({}, check_mode=True, **live), {"kms_key_id": wanted})
    assert outcomes[0].action == action

"""Buckets: normal forms, rules that S3 would refuse, and what a killed run left behind."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _s3_bucket
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, NotOursError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._s3_bucket import S3Bucket, lifecycle_fault

NAME = "demo-media-123456789012"
BARE = dict.fromkeys(_s3_bucket.PARTS) | {"Name": NAME, "Arn": f"arn:aws:s3:::{NAME}", "Region": "us-east-1"}


class FakeAws(SimpleNamespace):
    """Answers reads from ``answers``, notes writes in ``writes``."""

    def read(self, service, operation, path="", missing=(), **arguments):
        answer = self.answers.get(operation)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def write(self, service, operation, **arguments):
        self.writes.append((operation, {key: value for key, value in arguments.items() if key != "propagating"}))
        return {}

    def account_id(self):
        return "123456789012"

    def knows(self, *path):
        return self.tags_at_once


@pytest.fixture
def bucket():
    return S3Bucket(FakeAws(region="us-east-1", check_mode=False, answers={}, writes=[], tags_at_once=True))


def test_a_bare_bucket_is_as_s3_says(bucket):
    normal = bucket.normalize(NAME, BARE)
    assert normal["versioning"] is False
    assert normal["sse_algorithm"] == "AES256"
    assert not any(normal["public_access_block"].values())
    assert normal["object_ownership"] == ""
    assert normal["policy"] == {}
    assert normal["lifecycle_rules"] == []


def test_suspended_versioning_is_off(bucket):
    assert bucket.normalize(NAME, {**BARE, "Versioning": "Suspended"})["versioning"] is False


def test_aes256_takes_keys_away(bucket):
    wanted = bucket.normalize_wanted(NAME, {"sse_algorithm": "AES256"})
    assert wanted == {"sse_algorithm": "AES256", "kms_master_key_id": "", "bucket_key_enabled": False}


@pytest.mark.parametrize(
    ("conditions", "shape"),
    [
        ({}, {"Prefix": ""}),
        ({"prefix": "a/"}, {"Prefix": "a/"}),
        ({"tags": {"a": "b"}}, {"Tag": {"Key": "a", "Value": "b"}}),
        ({"object_size_greater_than": 5}, {"ObjectSizeGreaterThan": 5}),
        (
            {"prefix": "a/", "tags": {"a": "b"}, "object_size_less_than": 9},
            {"And": {"Prefix": "a/", "Tags": [{"Key": "a", "Value": "b"}], "ObjectSizeLessThan": 9}},
        ),
        (
            {"object_size_greater_than": 5, "object_size_less_than": 9},
            {"And": {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 9}},
        ),
    ],
)
def test_a_rule_goes_to_s3_and_comes_back(conditions, shape):
    rule = {
        "id": "one",
        "status": "Enabled",
        "filter": conditions,
        "transitions": [{"days": 30, "storage_class": "GLACIER"}],
        "noncurrent_version_expiration": {"noncurrent_days": 30, "newer_noncurrent_versions": 2},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
    }
    live = _s3_bucket._lifecycle_shape(rule)
    assert live["Filter"] == shape
    assert live["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2}
    assert "Expiration" not in live
    assert _s3_bucket._lifecycle_rule(live) == rule


def test_an_old_rule_with_a_bare_prefix_is_read():
    rule = {"ID": "old", "Status": "Enabled", "Prefix": "a/", "Expiration": {"Days": 1}}
    assert _s3_bucket._lifecycle_rule(rule)["filter"] == {"prefix": "a/"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "does nothing"),
        ({"transitions": [{"days": 7, "storage_class": "STANDARD_IA"}]}, "takes 30"),
        ({"noncurrent_version_transitions": [{"noncurrent_days": 7, "storage_class": "ONEZONE_IA"}]}, "takes 30"),
        (
            {"transitions": [{"days": 30, "storage_class": "GLACIER"}], "expiration": {"days": 30}},
            "before it moves them",
        ),
        ({"expiration": {"days": 7, "expired_object_delete_marker": True}}, "both days and"),
        (
            {"filter": {"tags": {"a": "b"}}, "abort_incomplete_multipart_upload": {"days_after_initiation": 1}},
            "cannot abort uploads",
        ),
        ({"expiration": {"days": 7}}, ""),
        ({"transitions": [{"days": 0, "storage_class": "GLACIER_IR"}]}, ""),
    ],
)
def test_rules_that_s3_would_refuse(rule, words):
    fault = lifecycle_fault({"id": "one", "filter": {}, **rule})
    assert words in fault
    assert bool(words) == bool(fault)


@pytest.mark.parametrize(
    ("live", "wanted", "words"),
    [
        ({**BARE, "Region": "eu-west-1"}, None, "exists in eu-west-1"),
        (None, {"lifecycle_rules": [{"id": "a", "filter": {}}]}, "lifecycle rule a does nothing"),
        (None, {"lifecycle_rules": [{"id": "a"}, {"id": "a"}]}, "the same id"),
    ],
)
def test_what_s3_would_refuse_is_refused(bucket, live, wanted, words):
    with pytest.raises(WebstackError, match=words):
        bucket.refuse(NAME, live, wanted)


def test_a_name_that_s3_does_not_take_is_refused(bucket):
    with pytest.raises(WebstackError, match="no valid name"):
        bucket.refuse("Demo_Media", None, {})


def test_another_accounts_bucket_is_not_ours(bucket):
    bucket.aws.answers["head_bucket"] = AwsError("s3_bucket", "s3:HeadBucket", "403", "Forbidden")
    with pytest.raises(NotOursError, match="another account's"):
        bucket.read([NAME])


def test_another_failure_stays_what_it_is(bucket):
    bucket.aws.answers["head_bucket"] = AwsError("s3_bucket", "s3:HeadBucket", "400", "Bad Request")
    with pytest.raises(AwsError, match="400"):
        bucket.read([NAME])


@pytest.mark.parametrize(
    ("name", "found", "left_behind"),
    [
        (NAME, {}, True),
        (NAME, {"Versions": [{"Key": "a"}]}, False),
        (NAME, {"DeleteMarkers": [{"Key": "a"}]}, False),
        ("demo-media", {}, False),
    ],
)
def test_only_an_empty_bucket_named_after_the_account_is_adopted(bucket, name, found, left_behind):
    bucket.aws.answers = {"head_bucket": {"BucketRegion": "us-east-1"}, "list_object_versions": found}
    live = bucket.read([name])[name]
    assert bucket.adopts(name, live) is left_behind


@pytest.mark.parametrize(
    ("region", "tags_at_once", "configuration", "then"),
    [
        ("us-east-1", True, {"Tags": [{"Key": "a", "Value": "b"}]}, []),
        ("eu-west-1", True, {"LocationConstraint": "eu-west-1", "Tags": [{"Key": "a", "Value": "b"}]}, []),
        ("eu-west-1", False, {"LocationConstraint": "eu-west-1"}, ["put_bucket_tagging"]),
        ("us-east-1", False, None, ["put_bucket_tagging"]),
    ],
)
def test_a_bucket_is_tagged_as_soon_as_the_sdk_can(bucket, region, tags_at_once, configuration, then):
    bucket.aws.region = region
    bucket.aws.tags_at_once = tags_at_once
    bucket.create(NAME, {"tags": {"a": "b"}, "versioning": False, "policy": {}})
    (first, arguments), *others = bucket.aws.writes
    assert first == "create_bucket"
    assert arguments.get("CreateBucketConfiguration") == configuration
    assert [operation for operation, _unused in others] == then


def test_objects_that_cannot_be_removed_are_an_error(bucket):
    bucket.options = {"force": True}
    bucket.aws.answers["list_object_versions"] = {"Versions": [{"Key": "a", "VersionId": "1"}]}
    bucket.aws.write = lambda *_unused, **__: {"Errors": [{"Code": "AccessDenied", "Message": "no", "Key": "a"}]}
    with pytest.raises(AwsError, match="AccessDenied"):
        bucket.delete(NAME, BARE)


def test_placeholder_knows_the_arn(bucket):
    assert bucket.placeholder(NAME, {})["arn"] == f"arn:aws:s3:::{NAME}"


def test_the_order_of_lifecycle_rules_and_transitions_is_no_change(bucket):
    glacier, rare = {"days": 90, "storage_class": "GLACIER"}, {"days": 30, "storage_class": "STANDARD_IA"}
    later = [
        {"noncurrent_days": 60, "storage_class": "GLACIER"},
        {"noncurrent_days": 30, "storage_class": "STANDARD_IA"},
    ]
    archive = {"id": "archive", "status": "Enabled", "filter": {}, "transitions": [glacier, rare]}
    old = {"id": "old", "status": "Enabled", "filter": {}, "noncurrent_version_transitions": later}
    wanted = bucket.normalize_wanted(NAME, {"lifecycle_rules": [old, archive]})
    assert wanted["lifecycle_rules"] == [
        {**archive, "transitions": [rare, glacier]},
        {**old, "noncurrent_version_transitions": later[::-1]},
    ]
    live = [_s3_bucket._lifecycle_shape(rule) for rule in (archive, old)]
    assert bucket.normalize(NAME, {**BARE, "LifecycleRules": live})["lifecycle_rules"] == wanted["lifecycle_rules"]

"""From what a service declares to what its tasks may do."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._task_statements import (
    EXEC,
    TRACING,
    Things,
    task_statements,
)

BUCKET = "arn:aws:s3:::shop-media"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
FILES = "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1"
POINT = "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-1"
THINGS = Things(
    buckets={"media": {"arn": BUCKET, "managed_by": "webstack"}, "own": {"arn": BUCKET, "managed_by": "application"}},
    tables={"orders": {"arn": TABLE}, "own": {"arn": TABLE, "managed_by": "application"}},
    file_systems={
        "files": {
            "arn": FILES,
            "access_points": {
                "point": {"arn": POINT, "uid": 1000, "gid": 1000},
                "roots": {"arn": POINT, "uid": 1000, "gid": 0},
            },
        }
    },
)


def allowed(service, resource):
    """The actions that a service's statements allow on a resource."""
    return {
        action
        for statement in task_statements(service, THINGS)
        for action in statement["Action"]
        if resource in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
    }


def test_service_that_declares_nothing_may_do_nothing():
    assert task_statements({"image": "x"}, THINGS) == []


def test_reader_of_a_bucket_cannot_write():
    service = {"uses": {"buckets": {"media": "read"}}}
    assert allowed(service, BUCKET) == {"s3:GetBucketLocation", "s3:ListBucket"}
    assert allowed(service, f"{BUCKET}/*") == {"s3:GetObject"}


def test_writer_of_a_bucket_cannot_read():
    service = {"uses": {"buckets": {"media": "write"}}}
    assert allowed(service, BUCKET) == {"s3:GetBucketLocation", "s3:ListBucketMultipartUploads"}
    assert allowed(service, f"{BUCKET}/*") == {
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    }


def test_reading_and_writing_is_both():
    both, read, write = (
        allowed({"uses": {"tables": {"orders": access}}}, f"{TABLE}/index/*")
        for access in ("read_write", "read", "write")
    )
    assert both == read | write
    assert "dynamodb:PutItem" in write - read
    assert "dynamodb:Query" in read - write


KEYS = "arn:aws:kms:us-east-1:123456789012"


@pytest.mark.parametrize(
    ("access", "actions"),
    [("read", ["kms:Decrypt"]), ("write", ["kms:Decrypt", "kms:GenerateDataKey"])],
)
def test_key_of_a_bucket_is_used_by_way_of_s3_only(access, actions):
    things = Things(buckets={"media": {"arn": BUCKET, "kms_key_arn": f"{KEYS}:key/1"}})
    assert task_statements({"uses": {"buckets": {"media": access}}}, things)[-1] == {
        "Effect": "Allow",
        "Action": actions,
        "Resource": f"{KEYS}:key/1",
        "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
    }


def test_key_of_a_table_can_be_known_by_its_alias():
    things = Things(tables={"orders": {"arn": TABLE, "kms_key_arn": f"{KEYS}:alias/shop"}})
    statement = task_statements({"uses": {"tables": {"orders": "read"}}}, things)[-1]
    assert statement["Resource"] == f"{KEYS}:key/*"
    assert statement["Condition"] == {
        "StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/shop"},
    }


def test_application_that_makes_its_things_may_do_so():
    service = {"uses": {"buckets": {"own": "read"}, "tables": {"own": "read"}}}
    assert {"s3:CreateBucket", "s3:PutBucketTagging"} <= allowed(service, BUCKET)
    assert "s3:PutObject" not in allowed(service, f"{BUCKET}/*")
    assert {"dynamodb:CreateTable", "dynamodb:TagResource"} <= allowed(service, TABLE)
    assert "dynamodb:CreateTable" not in allowed(service, f"{TABLE}/index/*")


@pytest.mark.parametrize("read_only", [False, True])
def test_mount_is_by_its_access_point_only(read_only):
    mount = {"file_system": "files", "access_point": "point", "read_only": read_only}
    assert task_statements({"mounts": {"/a": mount, "/b": mount}}, THINGS) == [
        {
            "Effect": "Allow",
            "Action": ["elasticfilesystem:ClientMount", *([] if read_only else ["elasticfilesystem:ClientWrite"])],
            "Resource": FILES,
            "Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": POINT}},
        }
    ]


@pytest.mark.parametrize(
    ("mount", "is_root"),
    [
        ({"access_point": "point"}, False),
        ({"access_point": "roots"}, True),
        ({"access_point": "roots", "read_only": True}, True),
        ({}, True),
        ({"read_only": True}, False),
    ],
)
def test_root_stays_root_where_it_must(mount, is_root):
    service = {"mounts": {"/a": {"file_system": "files", **mount}}}
    assert ("elasticfilesystem:ClientRootAccess" in allowed(service, FILES)) == is_root


def test_tracing_and_exec_bring_theirs():
    assert allowed({"tracing": {}, "exec": True}, "*") == {*TRACING, *EXEC}


@pytest.mark.parametrize(("own", "stack", "expected"), [(None, True, True), (False, True, False), (True, False, True)])
def test_service_says_for_itself_whether_it_has_exec(own, stack, expected):
    assert bool(task_statements({"exec": own}, THINGS, stack)) == expected


def test_own_statements_come_as_they_are():
    statement = {"Sid": "Own", "Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}
    assert task_statements({"policy_statements": [statement]}, THINGS) == [statement]


@pytest.mark.parametrize(
    "service",
    [
        {"uses": {"buckets": {"medai": "read"}}},
        {"mounts": {"/a": {"file_system": "fiels"}}},
        {"mounts": {"/a": {"file_system": "files", "access_point": "piont"}}},
    ],
)
def test_what_is_not_there_is_named(service):
    with pytest.raises(WebstackError, match="there is no"):
        task_statements(service, THINGS)

"""What decides about EFS file systems: pure functions."""

from __future__ import annotations

import json

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._efs import (
    full_policy,
    lifecycle_fault,
    own_policy,
    planned_targets,
    throughput_fault,
)
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy

ARN = "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-0123456789abcdef0"
TLS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "*",
    "Condition": {"Bool": {"aws:SecureTransport": False}},
}


def test_a_policy_is_the_same_with_and_without_its_file_system():
    wanted = normal_policy({"Version": "2012-10-17", "Statement": [TLS]})
    sent = full_policy(wanted, ARN)
    assert sent["Statement"][0]["Resource"] == ARN
    assert own_policy(json.dumps(sent), ARN) == wanted
    elsewhere = json.dumps(sent).replace("fs-0123", "fs-3210")
    assert own_policy(elsewhere, ARN) != wanted
    assert own_policy(None, ARN) == {}


def test_planned_targets_keep_the_ids_that_are_known():
    live = [{"subnet_id": "a", "mount_target_id": "fsmt-1", "security_groups": ["x"]}]
    first, second = planned_targets("media", live, {"a": ["y"], "b": ["y"]})
    assert first == {"subnet_id": "a", "mount_target_id": "fsmt-1", "security_groups": ["y"]}
    assert second["mount_target_id"].startswith("fsmt-00000000000")


@pytest.mark.parametrize(
    ("after", "wanted", "words"),
    [
        ({}, {}, ""),
        ({"throughput_mode": "provisioned", "provisioned_throughput_in_mibps": 8}, {}, ""),
        ({"throughput_mode": "provisioned"}, {}, "needs a figure"),
        ({"throughput_mode": "elastic"}, {"provisioned_throughput_in_mibps": 8}, "means nothing"),
        ({"throughput_mode": "elastic", "performance_mode": "maxIO"}, {}, "generalPurpose alone"),
    ],
)
def test_throughput(after, wanted, words):
    assert words in (throughput_fault(after, wanted) or ("",))[0]


@pytest.mark.parametrize(
    ("mode", "policies", "words"),
    [
        ("bursting", {"transition_to_ia": "AFTER_1_DAY"}, ""),
        ("elastic", {"transition_to_ia": "AFTER_30_DAYS", "transition_to_archive": "AFTER_90_DAYS"}, ""),
        ("elastic", {"transition_to_archive": "AFTER_1_DAY"}, ""),
        ("elastic", {"transition_to_ia": "AFTER_90_DAYS", "transition_to_archive": "AFTER_90_DAYS"}, "into IA before"),
        ("bursting", {"transition_to_archive": "AFTER_90_DAYS"}, "only with throughput_mode elastic"),
    ],
)
def test_lifecycle(mode, policies, words):
    assert words in (lifecycle_fault({"throughput_mode": mode, "lifecycle_policies": policies}) or ("",))[0]

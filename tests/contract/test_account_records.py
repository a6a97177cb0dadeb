"""Trails and recorders that somebody else has made are left as they are, and the result says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.harness import ModuleError, run_module

TRAIL, RECORDER = "webstack.aws.cloudtrail", "webstack.aws.config_recorder"
OPTIONS = {"name": "webstack", "s3_bucket_name": "audit", "tags": {"webstack:role": "account"}}
ROLE = "arn:aws:iam::123456789012:role/recorder"


@pytest.fixture(autouse=True)
def _bucket(emulator: Any) -> None:
    services = ["cloudtrail.amazonaws.com", "config.amazonaws.com"]
    statement = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "s3:*", "Resource": "*"}
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="audit")
    s3.put_bucket_policy(Bucket="audit", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def untouched(emulator: Any, module: str, options: dict[str, Any]) -> dict[str, Any]:
    """The result of a run that must neither change nor write anything, in check mode and really."""
    for check in (True, False):
        emulator.control("DELETE", "calls")
        result = run_module(emulator.url, module, options, check)
        assert not result["changed"]
        assert emulator.calls(kind="write") == []
    return result


def fail_once(emulator: Any, operation: str) -> None:
    error = {"code": "AccessDenied", "message": "no"}
    emulator.control("PUT", "faults", {"rules": [{"service": "*", "operation": operation, "error": error, "times": 1}]})


def test_a_trail_of_the_same_name_without_our_tag_stays(emulator: Any) -> None:
    emulator.client("cloudtrail").create_trail(Name="webstack", S3BucketName="audit")
    result = untouched(emulator, TRAIL, {**OPTIONS, "is_multi_region_trail": True, "is_logging": True})
    assert "somebody else made it" in result["cloudtrail"]["kept"]
    untouched(emulator, TRAIL, {**OPTIONS, "state": "absent"})


def test_a_trail_of_all_regions_is_managed_where_it_is_at_home(emulator: Any) -> None:
    emulator.client("cloudtrail", "eu-west-1").create_trail(
        Name="webstack",
        S3BucketName="audit",
        IsMultiRegionTrail=True,
        TagsList=[{"Key": "webstack:role", "Value": "account"}],
    )
    result = untouched(emulator, TRAIL, OPTIONS)
    assert result["cloudtrail"]["home_region"] == "eu-west-1"
    assert "managed in its home region" in result["cloudtrail"]["kept"]


def test_the_organisations_trail_is_enough(emulator: Any) -> None:
    emulator.client("cloudtrail").create_trail(Name="org", S3BucketName="audit", IsOrganizationTrail=True)
    result = untouched(emulator, TRAIL, OPTIONS)
    assert "the organisation's trail" in result["cloudtrail"]["kept"]


def test_other_trails_do_not_stand_in_the_way(emulator: Any) -> None:
    emulator.client("cloudtrail").create_trail(Name="theirs", S3BucketName="audit", IsMultiRegionTrail=True)
    assert run_module(emulator.url, TRAIL, OPTIONS)["cloudtrail"]["kept"] == ""
    run_module(emulator.url, TRAIL, {**OPTIONS, "state": "absent"})
    assert [trail["Name"] for trail in emulator.client("cloudtrail").describe_trails()["trailList"]] == ["theirs"]


def test_a_trail_that_was_made_and_not_started_is_completed(emulator: Any) -> None:
    fail_once(emulator, "StartLogging")
    options = {**OPTIONS, "is_logging": True}
    with pytest.raises(ModuleError):
        run_module(emulator.url, TRAIL, options)
    assert run_module(emulator.url, TRAIL, options)["cloudtrail"]["is_logging"]
    untouched(emulator, TRAIL, options)


@pytest.mark.parametrize("name", ["default", "webstack"])
def test_somebody_elses_recorder_stays(emulator: Any, name: str) -> None:
    config = emulator.client("config")
    config.put_configuration_recorder(ConfigurationRecorder={"name": name, "roleARN": ROLE})
    result = untouched(emulator, RECORDER, {**OPTIONS, "recording_frequency": "DAILY", "is_recording": True})
    assert f"recorder {name}" in result["config_recorder"]["kept"]
    untouched(emulator, RECORDER, {**OPTIONS, "state": "absent"})


@pytest.mark.parametrize("operation", ["PutDeliveryChannel", "StartConfigurationRecorder"])
def test_a_recorder_that_was_made_in_part_is_completed(emulator: Any, operation: str) -> None:
    fail_once(emulator, operation)
    options = {**OPTIONS, "is_recording": True}
    with pytest.raises(ModuleError):
        run_module(emulator.url, RECORDER, options)
    done = run_module(emulator.url, RECORDER, options)["config_recorder"]
    assert (done["s3_bucket_name"], done["is_recording"], done["kept"]) == ("audit", True, "")
    untouched(emulator, RECORDER, options)


@pytest.mark.parametrize("operation", ["DeleteDeliveryChannel", "DeleteConfigurationRecorder"])
def test_a_removal_that_was_cut_off_is_completed(emulator: Any, operation: str) -> None:
    run_module(emulator.url, RECORDER, OPTIONS)
    fail_once(emulator, operation)
    absent = {**OPTIONS, "state": "absent"}
    with pytest.raises(ModuleError):
        run_module(emulator.url, RECORDER, absent)
    assert run_module(emulator.url, RECORDER, absent)["changed"]
    assert emulator.client("config").describe_configuration_recorders()["ConfigurationRecorders"] == []
    assert emulator.client("config").describe_delivery_channels()["DeliveryChannels"] == []


def test_a_recorder_that_has_just_been_stopped_is_waited_for(emulator: Any) -> None:
    run_module(emulator.url, RECORDER, {**OPTIONS, "is_recording": True})
    # https://github.com/hashicorp/terraform-provider-aws/pull/2910
    error = {"code": "LastDeliveryChannelDeleteFailedException", "message": "there is a running recorder"}
    rule = {"service": "*", "operation": "DeleteDeliveryChannel", "error": error, "times": 2}
    emulator.control("PUT", "faults", {"rules": [rule]})
    assert run_module(emulator.url, RECORDER, {**OPTIONS, "state": "absent"})["changed"]
    assert emulator.client("config").describe_delivery_channels()["DeliveryChannels"] == []


def test_a_bucket_that_lets_nobody_in_is_named(emulator: Any) -> None:
    emulator.client("s3").delete_bucket_policy(Bucket="audit")
    with pytest.raises(ClientError, match="InsufficientS3BucketPolicyException"):
        emulator.client("cloudtrail").create_trail(Name="webstack", S3BucketName="audit")

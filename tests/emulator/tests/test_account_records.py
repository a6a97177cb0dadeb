"""CloudTrail, AWS Config and X-Ray: what AWS refuses, keeps and shows."""

from __future__ import annotations

import json
from typing import Any

ACCOUNT = "123456789012"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/records"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/recorder"


def bucket(emulator: Any, service: str, condition: dict[str, Any] | None = None) -> None:
    statement = {
        "Effect": "Allow", "Principal": {"Service": service}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::records", f"arn:aws:s3:::records/AWSLogs/{ACCOUNT}/*"],
    }  # fmt: skip
    policy = {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="records")
    s3.put_bucket_policy(Bucket="records", Policy=json.dumps(policy))


# CloudTrail: API_CreateTrail, create-s3-bucket-policy-for-cloudtrail.html, WhatIsCloudTrail-Limits.html


def test_a_trail_needs_a_bucket_that_lets_it_in(emulator: Any, refused: Any) -> None:
    cloudtrail = emulator.client("cloudtrail")
    with refused("S3BucketDoesNotExistException"):
        cloudtrail.create_trail(Name="records", S3BucketName="records")
    bucket(emulator, "cloudtrail.amazonaws.com", {"StringEquals": {"aws:SourceArn": TRAIL}})
    with refused("InsufficientS3BucketPolicyException"):
        cloudtrail.create_trail(Name="other", S3BucketName="records")
    cloudtrail.create_trail(Name="records", S3BucketName="records")
    with refused("TrailAlreadyExistsException"):
        cloudtrail.create_trail(Name="records", S3BucketName="records")


def test_a_policy_that_refuses_outweighs_one_that_allows(emulator: Any, refused: Any) -> None:
    bucket(emulator, "cloudtrail.amazonaws.com")
    s3 = emulator.client("s3")
    policy = json.loads(s3.get_bucket_policy(Bucket="records")["Policy"])
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::records/*"}
    plain = deny | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(Bucket="records", Policy=json.dumps(policy | {"Statement": [*policy["Statement"], plain]}))
    emulator.client("cloudtrail").create_trail(Name="records", S3BucketName="records")
    s3.put_bucket_policy(Bucket="records", Policy=json.dumps(policy | {"Statement": [*policy["Statement"], deny]}))
    with refused("InsufficientS3BucketPolicyException"):
        emulator.client("cloudtrail").create_trail(Name="others", S3BucketName="records")


def test_a_trail_of_all_regions_is_changed_at_home_only(emulator: Any, refused: Any) -> None:
    bucket(emulator, "cloudtrail.amazonaws.com")
    arn = emulator.client("cloudtrail").create_trail(
        Name="records", S3BucketName="records", IsMultiRegionTrail=True, TagsList=[{"Key": "a", "Value": "b"}]
    )["TrailARN"]
    elsewhere = emulator.client("cloudtrail", "eu-west-1")
    assert [trail["HomeRegion"] for trail in elsewhere.describe_trails()["trailList"]] == ["us-east-1"]
    for call, arguments in (("start_logging", {}), ("update_trail", {"EnableLogFileValidation": True})):
        with refused("InvalidHomeRegionException"):
            getattr(elsewhere, call)(Name=arn, **arguments)
    with refused("TrailAlreadyExistsException"):
        elsewhere.create_trail(Name="records", S3BucketName="records")
    emulator.client("cloudtrail").delete_trail(Name=arn)
    assert elsewhere.describe_trails()["trailList"] == []


def test_a_region_has_five_trails(emulator: Any, refused: Any) -> None:
    bucket(emulator, "cloudtrail.amazonaws.com")
    cloudtrail = emulator.client("cloudtrail")
    for number in range(5):
        cloudtrail.create_trail(Name=f"records{number}", S3BucketName="records")
    with refused("MaximumNumberOfTrailsExceededException"):
        cloudtrail.create_trail(Name="records5", S3BucketName="records")


# AWS Config: API_PutConfigurationRecorder, API_PutDeliveryChannel, s3-bucket-policy.html


def test_a_recorder_has_an_arn_a_mode_and_the_tags_that_it_was_made_with(emulator: Any) -> None:
    config = emulator.client("config")
    recorder = {"name": "r", "roleARN": ROLE, "recordingMode": {"recordingFrequency": "DAILY"}}
    config.put_configuration_recorder(ConfigurationRecorder=recorder, Tags=[{"Key": "a", "Value": "b"}])
    config.put_configuration_recorder(ConfigurationRecorder=recorder, Tags=[{"Key": "c", "Value": "d"}])
    (shown,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert shown["recordingMode"]["recordingFrequency"] == "DAILY"
    assert config.list_tags_for_resource(ResourceArn=shown["arn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    config.tag_resource(ResourceArn=shown["arn"], Tags=[{"Key": "e", "Value": "f"}])
    config.untag_resource(ResourceArn=shown["arn"], TagKeys=["a"])
    assert config.list_tags_for_resource(ResourceArn=shown["arn"])["Tags"] == [{"Key": "e", "Value": "f"}]


def test_a_region_has_one_recorder_and_one_channel(emulator: Any, refused: Any) -> None:
    bucket(emulator, "config.amazonaws.com")
    config = emulator.client("config")
    config.put_configuration_recorder(ConfigurationRecorder={"name": "r", "roleARN": ROLE})
    with refused("MaxNumberOfConfigurationRecordersExceededException"):
        config.put_configuration_recorder(ConfigurationRecorder={"name": "s", "roleARN": ROLE})
    config.put_delivery_channel(DeliveryChannel={"name": "r", "s3BucketName": "records"})
    with refused("MaxNumberOfDeliveryChannelsExceededException"):
        config.put_delivery_channel(DeliveryChannel={"name": "s", "s3BucketName": "records"})


def test_a_recorder_needs_a_role_a_channel_and_a_bucket_that_lets_it_in(emulator: Any, refused: Any) -> None:
    config = emulator.client("config")
    with refused("InvalidRoleException"):
        config.put_configuration_recorder(ConfigurationRecorder={"name": "r"})
    config.put_configuration_recorder(ConfigurationRecorder={"name": "r", "roleARN": ROLE})
    with refused("NoAvailableDeliveryChannelException"):
        config.start_configuration_recorder(ConfigurationRecorderName="r")
    with refused("NoSuchBucketException"):
        config.put_delivery_channel(DeliveryChannel={"name": "r", "s3BucketName": "records"})
    bucket(emulator, "cloudtrail.amazonaws.com")
    with refused("InsufficientDeliveryPolicyException"):
        config.put_delivery_channel(DeliveryChannel={"name": "r", "s3BucketName": "records"})


def test_the_role_of_config_is_made_once(emulator: Any, refused: Any) -> None:
    iam = emulator.client("iam")
    role = iam.create_service_linked_role(AWSServiceName="config.amazonaws.com")["Role"]
    assert role["Arn"].endswith(":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig")
    with refused("InvalidInput"):
        iam.create_service_linked_role(AWSServiceName="config.amazonaws.com")


# Resource Groups Tagging API, supported services: CloudTrail's trails, X-Ray's sampling rules


def test_trails_and_sampling_rules_are_found_by_their_tags(emulator: Any) -> None:
    bucket(emulator, "cloudtrail.amazonaws.com")
    tags = [{"Key": "a", "Value": "b"}]
    emulator.client("cloudtrail").create_trail(Name="records", S3BucketName="records", TagsList=tags)
    rule = {
        "RuleName": "r", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1, "ServiceName": "*",
        "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
    }  # fmt: skip
    emulator.client("xray").create_sampling_rule(SamplingRule=rule, Tags=tags)

    def found() -> set[str]:
        client = emulator.client("resourcegroupstaggingapi")
        mappings = client.get_resources(TagFilters=[{"Key": "a", "Values": ["b"]}])["ResourceTagMappingList"]
        return {mapping["ResourceARN"] for mapping in mappings}

    assert found() == {TRAIL, f"arn:aws:xray:us-east-1:{ACCOUNT}:sampling-rule/r"}
    emulator.client("xray").delete_sampling_rule(RuleName="r")
    emulator.client("cloudtrail").delete_trail(Name="records")
    assert found() == set()

"""S3. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ (create-bucket-s3-faq, about-object-ownership,
default-encryption-faq, bucketnamingrules, lifecycle-transition-general-considerations, ErrorResponses)."""

from __future__ import annotations

import json
from typing import Any

import pytest

BUCKET = "some-bucket"


@pytest.fixture
def s3(emulator: Any) -> Any:
    client = emulator.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def test_new_buckets_are_closed_and_encrypted(s3: Any) -> None:
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    [rule] = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert rule["ObjectOwnership"] == "BucketOwnerEnforced"
    [rule] = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)


def test_encryption_falls_back_to_the_default(s3: Any) -> None:
    """default-encryption-faq: it cannot be switched off."""
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=kms)
    s3.delete_bucket_encryption(Bucket=BUCKET)
    [rule] = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize("name", ["Upper", "under_score", "ab", "1.2.3.4", "two..dots", "-first", "xn--punny", "last-"])
def test_names(emulator: Any, refused: Any, name: str) -> None:
    with refused("InvalidBucketName"):
        emulator.client("s3").create_bucket(Bucket=name)


def test_acls_are_off(s3: Any, refused: Any) -> None:
    """about-object-ownership: with BucketOwnerEnforced, only bucket-owner-full-control passes, on objects."""
    with refused("AccessControlListNotSupported", "does not allow ACLs"):
        s3.put_bucket_acl(Bucket=BUCKET, ACL="private")
    with refused("AccessControlListNotSupported"):
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"", ACL="public-read")
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"", ACL="bucket-owner-full-control")
    with refused("InvalidBucketAclWithObjectOwnership"):
        s3.create_bucket(Bucket="other-bucket", ACL="public-read")
    s3.create_bucket(Bucket="third-bucket", ACL="private")
    s3.put_bucket_ownership_controls(
        Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    )
    s3.put_bucket_acl(Bucket=BUCKET, ACL="private")


def policy(**statement: Any) -> str:
    base = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [base | statement]})


def test_policies_are_checked(s3: Any, refused: Any) -> None:
    with refused("AccessDenied", "BlockPublicPolicy"):
        s3.put_bucket_policy(Bucket=BUCKET, Policy=policy())
    with refused("MalformedPolicy", "valid JSON"):
        s3.put_bucket_policy(Bucket=BUCKET, Policy="{")
    with refused("MalformedPolicy", "invalid resource"):
        s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(Effect="Deny", Resource="arn:aws:s3:::other/*"))


def test_a_policy_against_plain_http_locks_nobody_out(s3: Any) -> None:
    """The emulator's plain HTTP stands for TLS, so the condition does not hold."""
    deny = policy(
        Effect="Deny",
        Action="s3:*",
        Resource=[f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
        Condition={"Bool": {"aws:SecureTransport": "false"}},
    )
    s3.put_bucket_policy(Bucket=BUCKET, Policy=deny)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    assert s3.get_object(Bucket=BUCKET, Key="k")["Body"].read() == b"x"


def lifecycle(**rule: Any) -> dict[str, Any]:
    return {"Rules": [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "media/"}, **rule}]}


def test_lifecycle_rules_are_kept_whole(s3: Any) -> None:
    """As the API reference has them: LifecycleRuleFilter, NoncurrentVersionExpiration."""
    rules = [
        {
            "ID": "large",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "raw/", "Tags": [{"Key": "a", "Value": "b"}], "ObjectSizeGreaterThan": 1000}},
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 60, "StorageClass": "GLACIER"}],
            "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 2},
        },
        {"ID": "all", "Status": "Disabled", "Filter": {}, "Expiration": {"Days": 1}},
        {
            "ID": "old",
            "Status": "Enabled",
            "Prefix": "old/",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        },
        {"ID": "small", "Status": "Enabled", "Filter": {"ObjectSizeLessThan": 10}, "Expiration": {"Days": 1}},
        {
            "ID": "marks",
            "Status": "Enabled",
            "Filter": {"Tag": {"Key": "a", "Value": "b"}},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
            "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}],
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"] == rules


def test_lifecycle_rules_are_checked(s3: Any, refused: Any) -> None:
    to_ia = {"Days": 30, "StorageClass": "STANDARD_IA"}
    s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration=lifecycle(Transitions=[to_ia], Expiration={"Days": 90})
    )
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert (rule["Transitions"], rule["Expiration"]) == ([to_ia], {"Days": 90})
    for refusal in (
        lifecycle(Transitions=[to_ia | {"Days": 29}]),
        lifecycle(Transitions=[to_ia], Expiration={"Days": 30}),
        {"Rules": lifecycle(Expiration={"Days": 1})["Rules"] * 2},
    ):
        with refused("InvalidArgument"):
            s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration=refusal)
    with refused("InvalidRequest"):
        s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration=lifecycle())


def test_buckets_with_anything_in_them_stay(s3: Any, refused: Any) -> None:
    """A delete marker counts: "You must delete all versions in the bucket"."""
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    s3.delete_object(Bucket=BUCKET, Key="k")
    with refused("BucketNotEmpty", "all versions"):
        s3.delete_bucket(Bucket=BUCKET)
    listed = s3.list_object_versions(Bucket=BUCKET)
    for item in listed["Versions"] + listed["DeleteMarkers"]:
        s3.delete_object(Bucket=BUCKET, Key=item["Key"], VersionId=item["VersionId"])
    s3.delete_bucket(Bucket=BUCKET)


def test_request_payment(s3: Any) -> None:
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "BucketOwner"
    s3.put_bucket_request_payment(Bucket=BUCKET, RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket=BUCKET)["Payer"] == "Requester"


def test_unknown_sub_resources_do_nothing_else(s3: Any, refused: Any) -> None:
    with refused("NotImplemented", "s3:DeleteBucketMetricsConfiguration"):
        s3.delete_bucket_metrics_configuration(Bucket=BUCKET, Id="x")
    with refused("NotImplemented", "s3:GetBucketAnalyticsConfiguration"):
        s3.get_bucket_analytics_configuration(Bucket=BUCKET, Id="x")
    s3.head_bucket(Bucket=BUCKET)


def test_regions(emulator: Any, refused: Any) -> None:
    """API_CreateBucket: outside us-east-1 the region is said, and a second create is refused."""
    s3 = emulator.client("s3", region="eu-west-1")
    with refused("IllegalLocationConstraintException"):
        s3.create_bucket(Bucket="euro-bucket")
    where = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="euro-bucket", CreateBucketConfiguration=where)
    with refused("BucketAlreadyOwnedByYou"):
        s3.create_bucket(Bucket="euro-bucket", CreateBucketConfiguration=where)


def test_buckets_can_be_born_with_tags(emulator: Any, refused: Any) -> None:
    """API_CreateBucketConfiguration, Tags: the bucket has them before any other call."""
    s3 = emulator.client("s3", "eu-central-1")
    tags = [{"Key": "webstack:stack", "Value": "shop & <more>"}, {"Key": "empty", "Value": ""}]
    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"LocationConstraint": "eu-central-1", "Tags": tags})
    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == tags
    assert s3.get_bucket_location(Bucket="tagged")["LocationConstraint"] == "eu-central-1"
    assert [call["operation"] for call in emulator.calls(kind="write")] == ["CreateBucket"]


def test_buckets_in_the_first_region_can_be_born_with_tags(emulator: Any, refused: Any) -> None:
    """A CreateBucketConfiguration without a LocationConstraint, which us-east-1 does not take."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="tagged", CreateBucketConfiguration={"Tags": [{"Key": "a", "Value": "b"}]})
    assert s3.get_bucket_tagging(Bucket="tagged")["TagSet"] == [{"Key": "a", "Value": "b"}]
    s3.create_bucket(Bucket="untagged")
    with refused("NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket="untagged")


def test_tags_at_creation_are_found_by_the_tagging_api(emulator: Any) -> None:
    emulator.client("s3").create_bucket(
        Bucket="tagged", CreateBucketConfiguration={"Tags": [{"Key": "webstack:stack", "Value": "shop"}]}
    )
    found = emulator.client("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "webstack:stack", "Values": ["shop"]}]
    )["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in found] == ["arn:aws:s3:::tagged"]

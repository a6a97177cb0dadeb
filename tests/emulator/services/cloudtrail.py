"""CloudTrail as AWS has it, where moto differs.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/ (CreateTrail, UpdateTrail, DeleteTrail, ListTags),
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html (five trails in a region, shadow
trails among them) and create-s3-bucket-policy-for-cloudtrail.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, cloudtrail_backends

from tests.emulator.bucket_policies import find_bucket, lets_in
from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap

_MOST_TRAILS = 5
_SERVICE = "cloudtrail.amazonaws.com"


def install() -> None:
    """Extend moto."""

    @wrap(CloudTrailBackend, "create_trail")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        seen = list(self.describe_trails(include_shadow_trails=True))
        if given["name"] in [trail.trail_name for trail in seen]:
            message = f"Trail {given['name']} already exists for customer: {self.account_id}"
            raise AwsError("TrailAlreadyExistsException", message)
        if len(seen) >= _MOST_TRAILS:
            message = f"User: {self.account_id} already has {_MOST_TRAILS} trails in {self.region_name}."
            raise AwsError("MaximumNumberOfTrailsExceededException", message)
        _check_bucket(self, given["bucket_name"], given["name"])
        return original(self, **given)

    @wrap(CloudTrailBackend, "update_trail")
    def update(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        trail = _own(self, given["name"])
        if given.get("s3_bucket_name"):
            _check_bucket(self, given["s3_bucket_name"], trail.trail_name)
        return original(self, **given)

    for name in ("start_logging", "stop_logging"):

        @wrap(CloudTrailBackend, name)
        def change(original: Any, self: Any, name: str) -> None:
            _own(self, name)
            original(self, name)

    @wrap(CloudTrailBackend, "delete_trail")
    def delete(original: Any, self: Any, name: str) -> None:
        trail = _own(self, name)
        self.tagging_service.delete_all_tags_for_resource(trail.arn)
        original(self, trail.trail_name)


def _own(backend: Any, name: str) -> Any:
    """The trail of this region; a shadow of another region's cannot be changed here."""
    elsewhere = [
        trail for other in cloudtrail_backends[backend.account_id].values() if other is not backend
        for trail in other.trails.values() if name in (trail.arn, trail.trail_name)
    ]  # fmt: skip
    if elsewhere and name not in backend.trails:
        home = elsewhere[0].region_name
        raise AwsError("InvalidHomeRegionException", f"Trail: {name} must be changed in its home region {home}.")
    return backend.get_trail(name)


def _check_bucket(backend: Any, name: str, trail: str) -> None:
    bucket = find_bucket(backend.account_id, name)
    if bucket is None:
        raise AwsError("S3BucketDoesNotExistException", f"S3 bucket {name} does not exist!")
    context = {
        "aws:sourcearn": f"arn:aws:cloudtrail:{backend.region_name}:{backend.account_id}:trail/{trail}",
        "aws:sourceaccount": backend.account_id,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    objects = f"arn:aws:s3:::{name}/AWSLogs/{backend.account_id}/{backend.account_id}_CloudTrail.json"
    is_let_in = lets_in(bucket, _SERVICE, "s3:GetBucketAcl", f"arn:aws:s3:::{name}", context)
    if not is_let_in or not lets_in(bucket, _SERVICE, "s3:PutObject", objects, context):
        message = f"Incorrect S3 bucket policy is detected for bucket: {name}"
        raise AwsError("InsufficientS3BucketPolicyException", message)

"""The recorder of AWS Config as AWS has it, where moto differs: it has an ARN, tags and a mode, and asks the bucket.

https://docs.aws.amazon.com/config/latest/APIReference/ (PutConfigurationRecorder, PutDeliveryChannel, TagResource) and
https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
"""

from __future__ import annotations

import secrets
from typing import Any

from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse

from tests.emulator.bucket_policies import find_bucket, lets_in
from tests.emulator.errors import AwsError
from tests.emulator.extend import parameters, wrap

_SERVICE = "config.amazonaws.com"


def install() -> None:
    """Extend moto."""
    _recorders()
    _tags()

    @wrap(ConfigBackend, "put_delivery_channel")
    def put(original: Any, self: Any, delivery_channel: dict[str, Any]) -> None:
        if self.recorders and delivery_channel.get("s3BucketName"):
            _check_bucket(self, delivery_channel["s3BucketName"], delivery_channel.get("s3KeyPrefix"))
        original(self, delivery_channel)


def _recorders() -> None:
    @wrap(ConfigBackend, "__init__")
    def init(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.recorder_details = {}

    @wrap(ConfigResponse, "put_configuration_recorder")
    def put(original: Any, self: Any) -> Any:
        given = parameters(self)
        recorder, backend = given["ConfigurationRecorder"], self.config_backend
        if not recorder.get("roleARN"):
            raise AwsError("InvalidRoleException", "The provided role ARN is null or empty.")
        answer = original(self)
        name = recorder["name"]
        path = f"configuration-recorder/{name}/{secrets.token_hex(4)}"
        arn = f"arn:aws:config:{backend.region_name}:{backend.account_id}:{path}"
        # Tags count when it is made only.
        made = {"arn": arn, "tags": {tag["Key"]: tag["Value"] for tag in given.get("Tags", [])}}
        details = backend.recorder_details.setdefault(name, made)
        details["mode"] = recorder.get("recordingMode", {"recordingFrequency": "CONTINUOUS"})
        return answer

    @wrap(ConfigBackend, "describe_configuration_recorders")
    def describe(original: Any, self: Any, recorder_names: list[str] | None) -> list[dict[str, Any]]:
        shown = []
        for recorder in original(self, recorder_names):
            details = self.recorder_details[recorder["name"]]
            more = {"arn": details["arn"], "recordingMode": details["mode"], "recordingScope": "PAID"}
            shown.append({key: value for key, value in recorder.items() if key != "status"} | more)
        return shown

    @wrap(ConfigBackend, "delete_configuration_recorder")
    def delete(original: Any, self: Any, recorder_name: str) -> None:
        original(self, recorder_name)
        del self.recorder_details[recorder_name]


def _tags() -> None:
    @wrap(ConfigBackend, "tag_resource")
    def tag(original: Any, self: Any, resource_arn: str, tags: list[dict[str, str]]) -> None:
        own = _own_tags(self, resource_arn)
        if own is None:
            original(self, resource_arn, tags)
        else:
            own.update({item["Key"]: item["Value"] for item in tags})

    @wrap(ConfigBackend, "untag_resource")
    def untag(original: Any, self: Any, resource_arn: str, tag_keys: list[str]) -> None:
        own = _own_tags(self, resource_arn)
        if own is None:
            original(self, resource_arn, tag_keys)
            return
        for key in tag_keys:
            own.pop(key, None)

    @wrap(ConfigBackend, "list_tags_for_resource")
    def list_tags(original: Any, self: Any, resource_arn: str, limit: int) -> dict[str, Any]:
        own = _own_tags(self, resource_arn)
        if own is None:
            return original(self, resource_arn, limit)
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(own.items())]}


def _own_tags(backend: Any, arn: str) -> dict[str, str] | None:
    return next((item["tags"] for item in backend.recorder_details.values() if item["arn"] == arn), None)


def _check_bucket(backend: Any, name: str, prefix: str | None) -> None:
    bucket = find_bucket(backend.account_id, name)
    if bucket is None:
        raise AwsError("NoSuchBucketException", f"Cannot find a S3 bucket with an empty bucket name: {name}.")
    context = {"aws:sourceaccount": backend.account_id, "s3:x-amz-acl": "bucket-owner-full-control"}
    root = f"arn:aws:s3:::{name}"
    objects = f"{root}/{prefix + '/' if prefix else ''}AWSLogs/{backend.account_id}/Config/ConfigWritabilityCheckFile"
    is_let_in = lets_in(bucket, _SERVICE, "s3:GetBucketAcl", root, context)
    if not is_let_in or not lets_in(bucket, _SERVICE, "s3:PutObject", objects, context):
        message = (
            f"Insufficient delivery policy to s3 bucket: {name}, unable to write to bucket, provided s3 key prefix is "
            f"'{prefix}', provided kms key is 'null'."
        )
        raise AwsError("InsufficientDeliveryPolicyException", message)

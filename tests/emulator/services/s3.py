"""S3 as AWS has it since April 2023, where moto differs.

New buckets block public access and have their ACLs disabled, all objects are encrypted:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-s3-faq.html,
about-object-ownership.html, default-encryption-faq.html, bucketnamingrules.html,
lifecycle-transition-general-considerations.html
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.sax.saxutils import unescape

from moto.core.responses import ActionResult
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap

_NAME = re.compile(
    r"^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
)
_IP_ADDRESS = re.compile(r"^\d+\.\d+\.\d+\.\d+$")
_ENFORCED = "BucketOwnerEnforced"
_XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
_DEFAULT_ENCRYPTION = {
    "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
}
_INFREQUENT = {"STANDARD_IA", "ONEZONE_IA"}
# ACLs that say no more than that the bucket's owner owns the object.
_OWNERS_ACLS = {"bucket-owner-full-control"}


def install() -> None:
    """Extend moto."""
    _refuse_unknown()
    _request_payment()
    _new_buckets()
    _encryption()
    _acls()
    _policies()
    _lifecycle()
    _deletion()


# Sub-resources that moto has no idea of. It would carry out something else instead: create, list or delete the bucket.
_UNKNOWN = {
    "abac", "analytics", "annotation", "annotations", "intelligent-tiering", "metadataConfiguration", "metadataTable",
    "metadataInventoryTable", "metadataJournalTable", "metadataAnnotationTable", "metrics", "renameObject", "session",
    "torrent",
}  # fmt: skip


def _refuse_unknown() -> None:
    for method in ("get", "put", "delete"):

        @wrap(S3Response, f"_bucket_response_{method}")
        def bucket_response(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
            given = named(original, self, args, kwargs)
            query = given["querystring"]
            if _UNKNOWN & set(query) or (self.method == "DELETE" and "inventory" in query):
                raise NotImplementedError(f"S3 sub-resource in {sorted(query)}")
            return original(self, **given)


def _request_payment() -> None:
    """Who pays for requests: moto keeps it for every bucket but has no way to ask."""

    @wrap(S3Response, "_bucket_response_get")
    def get(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if "requestPayment" not in given["querystring"]:
            return original(self, **given)
        payer = self.backend.get_bucket(given["bucket_name"]).payer
        return (
            200,
            {},
            f'<RequestPaymentConfiguration xmlns="{_XMLNS}"><Payer>{payer}</Payer></RequestPaymentConfiguration>',
        )

    @wrap(S3Response, "_bucket_response_put")
    def put(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if "requestPayment" not in given["querystring"]:
            return original(self, **given)
        payer = re.search(rb"<Payer>(Requester|BucketOwner)</Payer>", self.body)
        if not payer:
            message = "The XML you provided was not well-formed or did not validate against our published schema"
            raise AwsError("MalformedXML", message)
        self.backend.get_bucket(given["bucket_name"]).payer = payer.group(1).decode()
        return 200, {}, ""


def _new_buckets() -> None:
    @wrap(S3Backend, "create_bucket")
    def create_bucket(original: Any, self: Any, bucket_name: str, *args: Any, **kwargs: Any) -> Any:
        if not _NAME.match(bucket_name) or ".." in bucket_name or _IP_ADDRESS.match(bucket_name):
            raise AwsError("InvalidBucketName", "The specified bucket is not valid.")
        bucket = original(self, bucket_name, *args, **kwargs)
        bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
        bucket.ownership_rule = _ENFORCED
        bucket.encryption = _DEFAULT_ENCRYPTION
        return bucket


def _tags_at_creation(body: bytes) -> dict[str, str]:
    """The tags in a CreateBucketConfiguration (API_CreateBucketConfiguration, Tags)."""
    # An empty value comes as <Value />.
    tag = rb"<Tag>\s*<Key>(.*?)</Key>\s*(?:<Value>(.*?)</Value>|<Value\s*/>)\s*</Tag>"
    pairs = re.findall(tag, body or b"", re.DOTALL)
    return {unescape(key.decode()): unescape(value.decode()) for key, value in pairs}


def _encryption() -> None:
    @wrap(S3Backend, "delete_bucket_encryption")
    def delete(original: Any, self: Any, bucket_name: str) -> None:
        """Encryption cannot be taken away: what is deleted is whatever was chosen instead of the default."""
        self.get_bucket(bucket_name).encryption = _DEFAULT_ENCRYPTION


def _acls() -> None:
    @wrap(S3Response, "_bucket_response_put")
    def put_bucket(original: Any, self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        acl = self.headers.get("x-amz-acl")
        ownership = self.headers.get("x-amz-object-ownership") or _ENFORCED
        if querystring:
            return original(self, request, bucket_name, querystring)
        if acl and acl != "private" and ownership == _ENFORCED:
            message = f"Bucket cannot have ACLs set with ObjectOwnership's {_ENFORCED} setting"
            raise AwsError("InvalidBucketAclWithObjectOwnership", message)
        self.backend._in_creation = bucket_name
        try:
            answer = original(self, request, bucket_name, querystring)
        finally:
            self.backend._in_creation = None
        tags = _tags_at_creation(self.body)
        if tags:
            self.backend.put_bucket_tagging(bucket_name, tags)
        return answer

    @wrap(S3Backend, "put_bucket_acl")
    def put_acl(original: Any, self: Any, bucket_name: str, acl: Any) -> None:
        if getattr(self, "_in_creation", None) != bucket_name:
            _refuse_acl(self.get_bucket(bucket_name))
        original(self, bucket_name, acl)

    @wrap(S3Backend, "put_object_acl")
    def put_object_acl(original: Any, self: Any, bucket_name: str, *args: Any, **kwargs: Any) -> None:
        _refuse_acl(self.get_bucket(bucket_name))
        original(self, bucket_name, *args, **kwargs)

    @wrap(S3Response, "put_object")
    def put_object(original: Any, self: Any) -> Any:
        acl = self.headers.get("x-amz-acl")
        grants = any(name.lower().startswith("x-amz-grant-") for name in dict(self.headers))
        if (acl and acl not in _OWNERS_ACLS | {"private"}) or grants:
            _refuse_acl(self.backend.get_bucket(self.bucket_name))
        return original(self)


def _refuse_acl(bucket: Any) -> None:
    if bucket.ownership_rule == _ENFORCED:
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")


def _policies() -> None:
    @wrap(S3Backend, "put_bucket_policy")
    def put_policy(original: Any, self: Any, bucket_name: str, policy: bytes) -> None:
        bucket = self.get_bucket(bucket_name)
        document = _checked_policy(bucket_name, policy)
        block = bucket.public_access_block
        if block and str(block.block_public_policy).lower() == "true" and _is_public(document):
            message = (
                f"User: arn:aws:iam::{self.account_id}:user/moto is not authorized to perform: s3:PutBucketPolicy on "
                f'resource: "arn:aws:s3:::{bucket_name}" because public policies are prevented by the '
                "BlockPublicPolicy setting in S3 Block Public Access."
            )
            raise AwsError("AccessDenied", message, 403)
        original(self, bucket_name, policy)

    @wrap(FakeBucket, "get_permission")
    def get_permission(original: Any, self: Any, action: str, resource: str) -> Any:
        """moto takes no notice of conditions: a policy that denies plain HTTP would lock everybody out."""
        kept = self.policy
        if kept is None:
            return original(self, action, resource)
        document = json.loads(kept)
        statements = [statement for statement in _statements(document) if not statement.get("Condition")]
        self.policy = json.dumps(document | {"Statement": statements}).encode() if statements else None
        try:
            return original(self, action, resource)
        finally:
            self.policy = kept


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    statements = document.get("Statement") or []
    return [statements] if isinstance(statements, dict) else statements


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _checked_policy(bucket_name: str, policy: bytes) -> dict[str, Any]:
    try:
        document = json.loads(policy)
    except ValueError:
        raise AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'") from None
    if not isinstance(document, dict) or not _statements(document):
        raise AwsError("MalformedPolicy", "Missing required field Statement")
    arn = f"arn:aws:s3:::{bucket_name}"
    for statement in _statements(document):
        for name in ("Effect", "Principal", "Action", "Resource"):
            if name not in statement and f"Not{name}" not in statement:
                raise AwsError("MalformedPolicy", f"Missing required field {name}")
        for resource in _as_list(statement.get("Resource", [])):
            if resource != arn and not resource.startswith(f"{arn}/") and resource != "*":
                raise AwsError("MalformedPolicy", "Policy has invalid resource")
    return document


def _is_public(document: dict[str, Any]) -> bool:
    """Whether a statement lets everybody in, on no condition."""
    return any(
        statement.get("Effect") == "Allow"
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not statement.get("Condition")
        for statement in _statements(document)
    )


def _lifecycle() -> None:
    @wrap(S3Backend, "put_bucket_lifecycle_configuration")
    def put(original: Any, self: Any, bucket_name: str, rules: list[dict[str, Any]]) -> None:
        ids = [rule["ID"] for rule in rules if rule.get("ID")]
        if len(ids) != len(set(ids)):
            raise AwsError("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
        for rule in rules:
            _check_rule(rule)
        original(self, bucket_name, rules)
        self.get_bucket(bucket_name).emulator_rules = rules

    # moto forgets what it does not act on: sizes in filters, how many noncurrent versions stay.
    @wrap(S3Response, "get_bucket_lifecycle")
    def get(original: Any, self: Any) -> Any:
        kept = self.backend.get_bucket_lifecycle(self.bucket_name)
        if not kept:
            return original(self)
        raw = self.backend.get_bucket(self.bucket_name).emulator_rules
        rules = [_shown_rule(rule) | {"ID": moto.id} for rule, moto in zip(raw, kept, strict=True)]
        self.data["Action"] = "GetBucketLifecycleConfiguration"
        return self.serialized(ActionResult({"Rules": rules}))


def _shown_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the service model has it, from the XML that brought it."""
    lists = {"Transition": "Transitions", "NoncurrentVersionTransition": "NoncurrentVersionTransitions"}
    shown: dict[str, Any] = {
        lists.get(name, name): _as_list(part) if name in lists else part or {} for name, part in rule.items()
    }
    if "Prefix" not in rule:
        shown.setdefault("Filter", {})
    both = shown.get("Filter", {}).get("And")
    if both:
        tags = _as_list(both.get("Tag") or [])
        shown["Filter"] = {"And": {name: part for name, part in both.items() if name != "Tag"} | {"Tags": tags}}
    return shown


def _check_rule(rule: dict[str, Any]) -> None:
    names = {"Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition",
             "AbortIncompleteMultipartUpload"}  # fmt: skip
    if not names & set(rule):
        raise AwsError("InvalidRequest", "At least one action needs to be specified in a rule")
    transitions = _as_list(rule.get("Transition") or [])
    days = [int(item["Days"]) for item in transitions if item.get("Days") is not None]
    for item in transitions:
        storage_class = item.get("StorageClass")
        if storage_class in _INFREQUENT and item.get("Days") is not None and int(item["Days"]) < 30:
            message = (
                f"'Days' in Transition action must be greater than or equal to 30 for storageClass '{storage_class}'"
            )
            raise AwsError("InvalidArgument", message)
    for item in _as_list(rule.get("NoncurrentVersionTransition") or []):
        storage_class = item.get("StorageClass")
        if storage_class in _INFREQUENT and int(item.get("NoncurrentDays") or 0) < 30:
            message = (
                "'NoncurrentDays' in NoncurrentVersionTransition action must be greater than or equal to 30 for "
                f"storageClass '{storage_class}'"
            )
            raise AwsError("InvalidArgument", message)
    expires = (rule.get("Expiration") or {}).get("Days")
    if expires is not None and days and int(expires) <= max(days):
        message = "'Days' in the Expiration action must be greater than 'Days' in the Transition action"
        raise AwsError("InvalidArgument", message)


def _deletion() -> None:
    @wrap(S3Response, "delete_bucket")
    def delete_bucket(original: Any, self: Any) -> Any:
        bucket = self.backend.get_bucket(self.bucket_name)
        if bucket.keys:
            message = "The bucket you tried to delete is not empty"
            if bucket.versioning_status:
                message += ". You must delete all versions in the bucket."
            raise AwsError("BucketNotEmpty", message, 409)
        return original(self)

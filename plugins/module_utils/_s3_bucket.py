# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S3 buckets: what is set on the bucket itself, in one normal form."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, NotOursError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._notes import Words, notes_on, when_off
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict, tags_to_list

MISSING = ("404", "NoSuchBucket")

#: A bucket that was just made is not known to all of S3 at once, and one change waits for another.
PROPAGATING = r"^NoSuchBucket: |^OperationAborted: "

#: The one region whose name S3 does not take as a location (S3 API, CreateBucket, LocationConstraint).
DEFAULT_REGION = "us-east-1"

#: S3 encrypts all new objects like this where nothing else is set (S3 User Guide, default encryption).
DEFAULT_ENCRYPTION = {"SSEAlgorithm": "AES256"}

#: The four switches of a public access block, as options and as S3 names them.
PUBLIC_ACCESS_BLOCK = {
    "block_public_acls": "BlockPublicAcls",
    "ignore_public_acls": "IgnorePublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "restrict_public_buckets": "RestrictPublicBuckets",
}

#: What a class of storage asks for (S3 User Guide, transitioning objects): days before objects may move into it.
DAYS_BEFORE = {"STANDARD_IA": 30, "ONEZONE_IA": 30}

#: The two kinds of transitions of a lifecycle rule, and what each calls its days.
TRANSITIONS = {"transitions": "days", "noncurrent_version_transitions": "noncurrent_days"}

#: What is read of a bucket: operation, member of the answer, and the code that says that it is not set.
PARTS = {
    "Tags": ("get_bucket_tagging", "TagSet", "NoSuchTagSet"),
    "Versioning": ("get_bucket_versioning", "Status", ""),
    "Encryption": (
        "get_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    ),
    "PublicAccessBlock": (
        "get_public_access_block",
        "PublicAccessBlockConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
    ),
    "OwnershipControls": ("get_bucket_ownership_controls", "OwnershipControls", "OwnershipControlsNotFoundError"),
    "Policy": ("get_bucket_policy", "Policy", "NoSuchBucketPolicy"),
    "LifecycleRules": ("get_bucket_lifecycle_configuration", "Rules", "NoSuchLifecycleConfiguration"),
    "CorsRules": ("get_bucket_cors", "CORSRules", "NoSuchCORSConfiguration"),
}

ENCRYPTION = {"sse_algorithm", "kms_master_key_id", "bucket_key_enabled"}


def _less_blocked(before: t.Any, after: t.Any) -> str:
    open_now = sorted(switch for switch, is_on in after.items() if not is_on and (before or {}).get(switch))
    return f"it can become public, off from now on: {', '.join(open_now)}" if open_now else ""


#: What a change does (Amazon S3 User Guide, "Using versioning", "Managing your storage lifecycle", "Object Ownership").
NOTES: dict[str, Words] = {
    "versioning": when_off("objects that are written over or deleted are lost from now on; older versions stay"),
    "lifecycle_rules": "the rules hold for the objects that are there already, too",
    "public_access_block": _less_blocked,
    "object_ownership": lambda _before, after: (
        "access control lists have no effect any more" if after == "BucketOwnerEnforced" else ""
    ),
    "sse_algorithm": "objects that are there stay encrypted as they are",
    "kms_master_key_id": "objects that are there stay encrypted as they are",
}


class S3Bucket(Kind):
    """A general purpose bucket, found by its name, which is unique in all of AWS."""

    noun = "s3_bucket"
    exists = ("BucketAlreadyOwnedByYou",)
    not_compared = ("force",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        return {name: live for name in names if (live := self._bucket(name))}

    def _bucket(self, name: str) -> Fields | None:
        try:
            head = self.aws.read("s3", "head_bucket", missing=MISSING, Bucket=name)
        except AwsError as error:
            if error.code == "403":
                raise NotOursError(
                    f"s3_bucket {name} exists and is another account's, or its policy shuts you out",
                    "choose another name for it (bucket names are unique in all of AWS), or mend its policy",
                ) from error
            raise
        if head is None:
            return None
        parts: Fields = {
            part: self.aws.read("s3", operation, member, missing=[code] if code else (), Bucket=name)
            for part, (operation, member, code) in PARTS.items()
        }
        region = head.get("BucketRegion") or self.aws.region
        live = {"Name": name, "Arn": f"arn:aws:s3:::{name}", "Region": region, **parts}
        if not live["Tags"]:
            live["IsLeftBehind"] = self._is_left_behind(name)
        return live

    def _is_left_behind(self, name: str) -> bool:
        """Whether a bucket without tags can only be what a killed run left: named after this account, and empty."""
        if self.aws.account_id() not in name:
            return False
        found = self.aws.read("s3", "list_object_versions", Bucket=name, PaginationConfig={"MaxItems": 1})
        return not found.get("Versions") and not found.get("DeleteMarkers")

    def adopts(self, name: str, live: Fields) -> bool:
        return bool(live.get("IsLeftBehind"))

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "versioning": live["Versioning"] == "Enabled",
            **_encryption(live["Encryption"]),
            "public_access_block": _public_access_block(live["PublicAccessBlock"]),
            "object_ownership": _object_ownership(live["OwnershipControls"]),
            "policy": normal_policy(live["Policy"]),
            "lifecycle_rules": _in_order([_lifecycle_rule(rule) for rule in live["LifecycleRules"] or []]),
            "cors_rules": [_snake(rule) for rule in live["CorsRules"] or []],
            "tags": tags_to_dict(live["Tags"]),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = dict(wanted)
        if "policy" in normal:
            normal["policy"] = normal_policy(normal["policy"])
        if normal.get("sse_algorithm") == "AES256":
            # Keys are KMS's: without it there is none, whatever was set before.
            normal.setdefault("kms_master_key_id", "")
            normal.setdefault("bucket_key_enabled", False)
        if "lifecycle_rules" in normal:
            normal["lifecycle_rules"] = _in_order([_without_nothing(rule) for rule in normal["lifecycle_rules"]])
        return normal

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all objects in it are lost, with all their versions"] if self.options.get("force") else []
        return notes_on(outcome.changes, NOTES) if outcome.action == "update" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if live is not None and live["Region"] != self.aws.region:
            raise NotOursError(
                f"s3_bucket {name} exists in {live['Region']}, not in {self.aws.region}",
                "choose another name for it, or the region in which it is",
            )
        if wanted is None:
            return
        fault = name_fault(name, "s3_bucket") if live is None else ""
        if fault:
            raise WebstackError(f"s3_bucket {name} {fault}", "choose another name")
        identifiers = [rule["id"] for rule in wanted.get("lifecycle_rules", [])]
        if len(set(identifiers)) < len(identifiers):
            raise WebstackError(f"s3_bucket {name}: two lifecycle rules have the same id", "give every rule its own id")
        for rule in wanted.get("lifecycle_rules", []):
            fault = lifecycle_fault(rule)
            if fault:
                raise WebstackError(f"s3_bucket {name}: lifecycle rule {rule['id']} {fault}", "mend the rule")

    def create(self, name: str, wanted: Fields) -> None:
        tags = wanted.get("tags") or {}
        tags_at_once = self.aws.knows("s3", "create_bucket", "CreateBucketConfiguration", "Tags")
        configuration: Fields = {}
        if self.aws.region != DEFAULT_REGION:
            configuration["LocationConstraint"] = self.aws.region
        if tags and tags_at_once:
            configuration["Tags"] = tags_to_list(tags)
        arguments: Fields = {}
        if configuration:
            arguments["CreateBucketConfiguration"] = configuration
        if "object_ownership" in wanted:
            arguments["ObjectOwnership"] = wanted["object_ownership"]
        self.aws.write("s3", "create_bucket", propagating=PROPAGATING, Bucket=name, **arguments)
        if tags and not tags_at_once:
            self._put(name, "put_bucket_tagging", Tagging={"TagSet": tags_to_list(tags)})
        set_already = {"tags", "object_ownership"}
        empty = {"versioning": False, "policy": {}, "lifecycle_rules": [], "cors_rules": []}
        changed = {field for field in wanted if field not in set_already and wanted[field] != empty.get(field)}
        self._set(name, wanted, changed)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        before = self.normalize(name, live)
        self._set(name, {**before, **{field: wanted[field] for field in changed}}, changed)

    def _set(self, name: str, fields: Fields, changed: set[str]) -> None:
        """Bring ``changed`` to what is in ``fields``: first what protects the bucket, then what it does."""
        if "tags" in changed:
            # S3 replaces all tags at once.
            self._put(name, "put_bucket_tagging", Tagging={"TagSet": tags_to_list(fields["tags"])})
        if "public_access_block" in changed:
            block = {PUBLIC_ACCESS_BLOCK[switch]: value for switch, value in fields["public_access_block"].items()}
            self._put(name, "put_public_access_block", PublicAccessBlockConfiguration=block)
        if "object_ownership" in changed:
            controls = {"Rules": [{"ObjectOwnership": fields["object_ownership"]}]}
            self._put(name, "put_bucket_ownership_controls", OwnershipControls=controls)
        if changed & ENCRYPTION:
            self._put(name, "put_bucket_encryption", ServerSideEncryptionConfiguration=_encryption_rules(fields))
        if "policy" in changed:
            if fields["policy"]:
                self._put(name, "put_bucket_policy", Policy=policy_text(fields["policy"]))
            else:
                self._put(name, "delete_bucket_policy")
        if "versioning" in changed:
            status = "Enabled" if fields["versioning"] else "Suspended"
            self._put(name, "put_bucket_versioning", VersioningConfiguration={"Status": status})
        if "lifecycle_rules" in changed:
            rules = [_lifecycle_shape(rule) for rule in fields["lifecycle_rules"]]
            if rules:
                self._put(name, "put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": rules})
            else:
                self._put(name, "delete_bucket_lifecycle")
        if "cors_rules" in changed:
            if fields["cors_rules"]:
                rules = [_cors_shape(rule) for rule in fields["cors_rules"]]
                self._put(name, "put_bucket_cors", CORSConfiguration={"CORSRules": rules})
            else:
                self._put(name, "delete_bucket_cors")

    def _put(self, name: str, operation: str, **arguments: t.Any) -> None:
        self.aws.write("s3", operation, propagating=PROPAGATING, Bucket=name, **arguments)

    def delete(self, name: str, live: Fields) -> None:
        if self.options.get("force"):
            self._empty(name)
        self.aws.write("s3", "delete_bucket", missing=MISSING, Bucket=name)

    def _empty(self, name: str) -> None:
        """Remove all objects, all their versions and the marks of deleted ones, a thousand in a call."""
        found = self.aws.read("s3", "list_object_versions", Bucket=name)
        objects = [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for item in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]
        ]
        for start in range(0, len(objects), 1000):
            batch = {"Objects": objects[start : start + 1000], "Quiet": True}
            errors = self.aws.write("s3", "delete_objects", Bucket=name, Delete=batch).get("Errors", [])
            if errors:
                raise AwsError(f"s3_bucket {name}", "s3:DeleteObjects", errors[0]["Code"], errors[0]["Message"])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        # A bucket's ARN holds nothing that is not known before.
        return {
            "name": name,
            "arn": f"arn:aws:s3:::{name}",
            "region": self.aws.region,
            "tags": wanted.get("tags") or {},
        }

    def result(self, name: str, live: Fields) -> Fields:
        return {"name": name, "arn": live["Arn"], "region": live["Region"], **self.normalize(name, live)}


def lifecycle_fault(rule: Fields) -> str:
    """Why S3 would refuse a rule, in words; empty when it takes it (S3 User Guide, lifecycle configuration)."""
    expiration = rule.get("expiration", {})
    actions = {"transitions", "expiration", "noncurrent_version_transitions", "noncurrent_version_expiration"}
    if not any(rule.get(action) for action in actions | {"abort_incomplete_multipart_upload"}):
        return "does nothing: it needs a transition, an expiration or abort_incomplete_multipart_upload"
    if "abort_incomplete_multipart_upload" in rule and rule["filter"].keys() - {"prefix"}:
        return "cannot abort uploads by tags or sizes: an upload that is not complete has none"
    if expiration.get("expired_object_delete_marker") and "days" in expiration:
        return "cannot have both days and expired_object_delete_marker in its expiration"
    moves = [(item["days"], item["storage_class"]) for item in rule.get("transitions", [])]
    noncurrent = rule.get("noncurrent_version_transitions", [])
    later = [(item["noncurrent_days"], item["storage_class"]) for item in noncurrent]
    for days, storage_class in moves + later:
        least = DAYS_BEFORE.get(storage_class, 0)
        if days < least:
            return f"moves objects into {storage_class} after {days} days; S3 takes {least} and more"
    if moves and "days" in expiration and expiration["days"] <= max(days for days, _unused in moves):
        return "expires objects before it moves them"
    gone = rule.get("noncurrent_version_expiration", {}).get("noncurrent_days")
    if later and gone is not None and gone <= max(days for days, _class in later):
        return "expires noncurrent versions before it moves them"
    return ""


def _snake(shape: Fields) -> Fields:
    return camel_dict_to_snake_dict(shape)


def _encryption(configuration: Fields | None) -> Fields:
    rules = (configuration or {}).get("Rules") or [{}]
    default = rules[0].get("ApplyServerSideEncryptionByDefault", DEFAULT_ENCRYPTION)
    is_kms = default["SSEAlgorithm"] != "AES256"
    return {
        "sse_algorithm": default["SSEAlgorithm"],
        "kms_master_key_id": default.get("KMSMasterKeyID", ""),
        # Only KMS has bucket keys; whatever S3 says of it beside AES256 means nothing.
        "bucket_key_enabled": is_kms and bool(rules[0].get("BucketKeyEnabled")),
    }


def _encryption_rules(fields: Fields) -> Fields:
    default = {"SSEAlgorithm": fields.get("sse_algorithm", "AES256")}
    if fields.get("kms_master_key_id"):
        default["KMSMasterKeyID"] = fields["kms_master_key_id"]
    rule: Fields = {"ApplyServerSideEncryptionByDefault": default}
    if default["SSEAlgorithm"] != "AES256":
        rule["BucketKeyEnabled"] = fields.get("bucket_key_enabled", False)
    return {"Rules": [rule]}


def _public_access_block(configuration: Fields | None) -> dict[str, bool]:
    return {switch: bool((configuration or {}).get(name)) for switch, name in PUBLIC_ACCESS_BLOCK.items()}


def _object_ownership(controls: Fields | None) -> str:
    rules = (controls or {}).get("Rules") or []
    return rules[0]["ObjectOwnership"] if rules else ""


def _lifecycle_rule(rule: Fields) -> Fields:
    """A live rule in the form of the option."""
    normal = _snake({key: value for key, value in rule.items() if key not in ("Filter", "Prefix")})
    both = dict(rule.get("Filter", {}))
    both.update(both.pop("And", {}))
    tags = tags_to_dict([both.pop("Tag")] if "Tag" in both else both.pop("Tags", []))
    prefix = both.pop("Prefix", "") or rule.get("Prefix", "")
    return _without_nothing({**normal, "filter": {"prefix": prefix, "tags": tags, **_snake(both)}})


def _in_order(rules: list[Fields]) -> list[Fields]:
    """Rules and their transitions in one order: S3 does not keep theirs."""
    ordered = []
    for rule in rules:
        moves = {
            member: sorted(rule[member], key=lambda move: (move.get(days, 0), move["storage_class"]))
            for member, days in TRANSITIONS.items()
            if member in rule
        }
        ordered.append({**rule, **moves})
    return sorted(ordered, key=lambda rule: rule.get("id", ""))


def _without_nothing(rule: Fields) -> Fields:
    """A rule without what says nothing: empty lists, mappings and prefixes, a marker that is not to be expired."""
    normal = {}
    for key, value in rule.items():
        if isinstance(value, dict):
            value = {name: item for name, item in value.items() if item not in ("", {}, False)}
        if key == "filter" or value not in ([], {}):
            normal[key] = value
    return normal


def _lifecycle_shape(rule: Fields) -> Fields:
    """A rule as S3 takes it."""
    shape = {
        "ID": rule["id"],
        "Status": rule["status"],
        "Filter": _lifecycle_filter(rule["filter"]),
        "Transitions": [_camel(item) for item in rule.get("transitions", [])],
        "Expiration": _camel(rule.get("expiration", {})),
        "NoncurrentVersionTransitions": [_camel(item) for item in rule.get("noncurrent_version_transitions", [])],
        "NoncurrentVersionExpiration": _camel(rule.get("noncurrent_version_expiration", {})),
        "AbortIncompleteMultipartUpload": _camel(rule.get("abort_incomplete_multipart_upload", {})),
    }
    return {key: value for key, value in shape.items() if value or key == "Filter"}


def _lifecycle_filter(wanted: Fields) -> Fields:
    """S3 takes one condition bare and several within And."""
    tags = tags_to_list(wanted.get("tags", {}))
    sizes = _camel({key: value for key, value in wanted.items() if key.startswith("object_size")})
    prefix = {"Prefix": wanted["prefix"]} if wanted.get("prefix") else {}
    if len(tags) + len(sizes) + len(prefix) > 1:
        return {"And": {**prefix, **sizes, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return prefix or sizes or {"Prefix": ""}


def _cors_shape(rule: Fields) -> Fields:
    shape = _camel(rule)
    if "Id" in shape:
        shape["ID"] = shape.pop("Id")
    return shape


def _camel(fields: Fields) -> Fields:
    return {"".join(part.capitalize() for part in key.split("_")): value for key, value in fields.items()}

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's buckets, tables and file systems."""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webstack.aws.plugins.module_utils._compare import given
from ansible_collections.webstack.aws.plugins.module_utils._dynamodb_table import attribute_fault, billing_fault
from ansible_collections.webstack.aws.plugins.module_utils._efs import lifecycle_fault as file_lifecycle_fault
from ansible_collections.webstack.aws.plugins.module_utils._efs import throughput_fault
from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, name_fault
from ansible_collections.webstack.aws.plugins.module_utils._s3_bucket import lifecycle_fault
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault

Values = t.Mapping[str, t.Any]

TEXT, SWITCH = {"type": "str"}, {"type": "bool"}
RULES_LIST = {"type": "list", "elements": "dict"}
MANAGED_BY = {"type": "str", "choices": ["webstack", "application"]}

BUCKET_OPTIONS: dict[str, t.Any] = {
    "name": TEXT,
    "managed_by": MANAGED_BY,
    "versioning": SWITCH,
    "lifecycle_rules": RULES_LIST,
    "cors_rules": RULES_LIST,
    "sse_algorithm": {"type": "str", "choices": ["AES256", "aws:kms", "aws:kms:dsse"]},
    "kms_master_key_id": TEXT,
    "receives_load_balancer_logs": SWITCH,
    "policy_statements": RULES_LIST,
    "force_destroy": SWITCH,
}

KEY = {
    "type": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "type": {"type": "str", "choices": ["S", "N", "B"], "default": "S"},
    },
}
CAPACITY = {
    "type": "dict",
    "options": {
        "read_capacity_units": {"type": "int", "required": True},
        "write_capacity_units": {"type": "int", "required": True},
    },
}
INDEX_OPTIONS = {
    "name": {"type": "str", "required": True},
    "hash_key": {**KEY, "required": True},
    "range_key": KEY,
    "projection_type": {"type": "str", "choices": ["ALL", "KEYS_ONLY", "INCLUDE"]},
    "non_key_attributes": {"type": "list", "elements": "str"},
    "provisioned_throughput": CAPACITY,
}
TABLE_OPTIONS: dict[str, t.Any] = {
    "name": TEXT,
    "managed_by": MANAGED_BY,
    "hash_key": {**KEY, "required": True},
    "range_key": KEY,
    "global_secondary_indexes": {"type": "list", "elements": "dict", "options": INDEX_OPTIONS},
    "billing_mode": {"type": "str", "choices": ["PAY_PER_REQUEST", "PROVISIONED"]},
    "provisioned_throughput": CAPACITY,
    "ttl_attribute": TEXT,
    "point_in_time_recovery": SWITCH,
    "deletion_protection": SWITCH,
    "table_class": {"type": "str", "choices": ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]},
    "kms_master_key_id": TEXT,
}

#: Amazon EFS API, LifecyclePolicy.
PERIODS = ["AFTER_1_DAY", *(f"AFTER_{days}_DAYS" for days in (7, 14, 30, 60, 90, 180, 270, 365))]
FILE_SYSTEM_OPTIONS: dict[str, t.Any] = {
    "name": TEXT,
    "performance_mode": {"type": "str", "choices": ["generalPurpose", "maxIO"]},
    "throughput_mode": {"type": "str", "choices": ["bursting", "elastic", "provisioned"]},
    "provisioned_throughput_in_mibps": {"type": "float"},
    "lifecycle_policies": {
        "type": "dict",
        "options": {
            "transition_to_ia": {"type": "str", "choices": PERIODS},
            "transition_to_archive": {"type": "str", "choices": PERIODS},
            "transition_to_primary_storage_class": {"type": "str", "choices": ["AFTER_1_ACCESS"]},
        },
    },
    "backup": SWITCH,
    "kms_key_id": TEXT,
    "force_destroy": SWITCH,
    "access_points": {"type": "dict"},
}
ACCESS_POINT_OPTIONS: dict[str, t.Any] = {
    "path": TEXT,
    "uid": {"type": "int"},
    "gid": {"type": "int"},
    "permissions": TEXT,
}

#: What each variable's items can say, and the role that documents it.
OPTIONS = {
    "storage_buckets": (BUCKET_OPTIONS, "storage"),
    "storage_tables": (TABLE_OPTIONS, "storage"),
    "file_system_file_systems": (FILE_SYSTEM_OPTIONS, "file_system"),
}

#: A key becomes part of names and of variables' paths.
PART = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")

#: Amazon EFS API, RootDirectory, Path; CreationInfo, Permissions; PosixUser.
PATH = re.compile(r"/|(?:/(?!\.)[^$#<>;`|&?{}^*/\n]+){1,4}")
LONGEST_PATH = 100
PERMISSIONS = re.compile(r"[0-7]{3,4}")
HIGHEST_ID = 2**32 - 1

#: Amazon DynamoDB API, UpdateTimeToLive, AttributeName.
LONGEST_ATTRIBUTE = 255

#: Amazon EFS API, CreateFileSystem, ProvisionedThroughputInMibps.
LEAST_THROUGHPUT = 1


def buckets(values: Values) -> t.Iterator[Fault]:
    for where, _key, bucket in _sound("storage_buckets", values.get("storage_buckets"), BUCKET_OPTIONS):
        for rule in bucket.get("lifecycle_rules", []):
            fault = lifecycle_fault({"filter": {}, **rule}) if _is_complete(rule) else ""
            if fault:
                yield Fault(f"{where}.lifecycle_rules", f"{rule.get('id', 'one')} {fault}", "what S3 takes")
        if bucket.get("receives_load_balancer_logs"):
            yield from _log_bucket(where, bucket)


def _log_bucket(where: str, bucket: Values) -> t.Iterator[Fault]:
    if bucket.get("sse_algorithm", "AES256") != "AES256":
        yield Fault(
            f"{where}.sse_algorithm",
            f"Elastic Load Balancing writes no logs where {bucket['sse_algorithm']} encrypts",
            "AES256, or receives_load_balancer_logs: false",
        )
    if bucket.get("managed_by") == "application":
        yield Fault(
            f"{where}.receives_load_balancer_logs",
            "the application makes this bucket, so that nobody lets load balancers in",
            "managed_by: webstack, or another bucket for the logs",
        )


def _is_complete(rule: Values) -> bool:
    """Whether a rule says what the module demands of it; what it lacks the module says."""
    moves = [(move, "days") for move in rule.get("transitions") or []]
    moves += [(move, "noncurrent_days") for move in rule.get("noncurrent_version_transitions") or []]
    return all(isinstance(move.get(days), int) and "storage_class" in move for move, days in moves)


def tables(values: Values) -> t.Iterator[Fault]:
    for where, _key, table in _sound("storage_tables", values.get("storage_tables"), TABLE_OPTIONS):
        yield from _name(f"{where}.name", table.get("name"), "dynamodb_table")
        indexes = table.get("global_secondary_indexes", [])
        whole = {
            "billing_mode": "PAY_PER_REQUEST",
            **table,
            "global_secondary_indexes": {index["name"]: index for index in indexes},
        }
        for trouble in (billing_fault(whole), attribute_fault(whole)):
            if trouble:
                yield Fault(where, *trouble)
        if len(whole["global_secondary_indexes"]) < len(indexes):
            yield Fault(f"{where}.global_secondary_indexes", "two have one name", "a name of its own for each")
        for index in indexes:
            yield from _index(f"{where}.global_secondary_indexes.{index['name']}", index)
        for place, item in ((where, table), *((f"{where}.{index['name']}", index) for index in indexes)):
            if item.get("range_key", {}).get("name") == item["hash_key"]["name"]:
                yield Fault(f"{place}.range_key", "it is the hash key once more", "another attribute, or none")
        yield from _expiry(f"{where}.ttl_attribute", table)


def _index(where: str, index: Values) -> t.Iterator[Fault]:
    yield from _name(where, index["name"], "dynamodb_table")
    kind, others = index.get("projection_type"), index.get("non_key_attributes")
    if kind and bool(others) != (kind == "INCLUDE"):
        yield Fault(
            f"{where}.projection_type", f"{kind} and non_key_attributes do not go together", "INCLUDE with attributes"
        )


def _expiry(where: str, table: Values) -> t.Iterator[Fault]:
    attribute = table.get("ttl_attribute") or ""
    if len(attribute) > LONGEST_ATTRIBUTE:
        yield Fault(where, f"it has {len(attribute)} characters", f"at most {LONGEST_ATTRIBUTE}")
    for item in (table, *table.get("global_secondary_indexes", [])):
        for key in (item["hash_key"], item.get("range_key") or {}):
            if attribute and key.get("name") == attribute and key["type"] != "N":
                yield Fault(where, f"{attribute} is a key that is no number", "an attribute with a second since 1970")


def file_systems(values: Values) -> t.Iterator[Fault]:
    variable = "file_system_file_systems"
    for where, _key, file_system in _sound(variable, values.get(variable), FILE_SYSTEM_OPTIONS):
        yield from _name(f"{where}.name", file_system.get("name"), "efs_file_system")
        for trouble in (throughput_fault(file_system, file_system), file_lifecycle_fault(file_system)):
            if trouble:
                yield Fault(where, *trouble)
        amount = file_system.get("provisioned_throughput_in_mibps")
        if amount is not None and amount < LEAST_THROUGHPUT:
            yield Fault(
                f"{where}.provisioned_throughput_in_mibps", f"{amount:g} is too little", f"{LEAST_THROUGHPUT} or more"
            )
        points = file_system.get("access_points", {})
        for place, key, point in _sound(f"{where}.access_points", points, ACCESS_POINT_OPTIONS):
            yield from _access_point(place, key, point, points)


def _access_point(where: str, key: str, point: Values, raw: Values) -> t.Iterator[Fault]:
    path = point.get("path", f"/{key}")
    if not PATH.fullmatch(path) or len(path) > LONGEST_PATH:
        yield Fault(
            f"{where}.path",
            f"EFS takes no path {path!r}",
            f"/a/b/c/d at the deepest, {LONGEST_PATH} characters at most, no name that begins with a dot",
        )
    for who in ("uid", "gid"):
        number = point.get(who, 0)
        if not 0 <= number <= HIGHEST_ID:
            yield Fault(f"{where}.{who}", f"{number} is nobody's number", f"0 to {HIGHEST_ID}")
    written = (raw[key] or {}).get("permissions")
    if isinstance(written, int):
        # YAML reads 0755 as an octal number, which is another text.
        yield Fault(f"{where}.permissions", "YAML makes a number of it", 'them in quotes, for instance "0755"')
    elif written is not None and not PERMISSIONS.fullmatch(written):
        yield Fault(f"{where}.permissions", f"{written!r} are no permissions", 'octal ones, for instance "0755"')


def shapes(values: Values) -> t.Iterator[Fault]:
    """Whether each bucket, table, file system and access point says what it can say; the others look at those."""
    for variable, (options, role) in OPTIONS.items():
        yield from _shape_faults(variable, values.get(variable) or {}, options, role)
    variable = "file_system_file_systems"
    for where, _key, file_system in _sound(variable, values.get(variable), FILE_SYSTEM_OPTIONS):
        points = file_system.get("access_points", {})
        yield from _shape_faults(f"{where}.access_points", points, ACCESS_POINT_OPTIONS, "file_system")


def _shape_faults(variable: str, items: Values, options: dict[str, t.Any], role: str) -> t.Iterator[Fault]:
    for key, item in items.items():
        where = f"{variable}.{key}"
        if not PART.fullmatch(str(key)):
            yield Fault(where, f"{key!r} cannot be part of names", "letters and digits, parted by single hyphens or _")
        if not isinstance(item or {}, dict):
            yield Fault(where, "it says nothing", f"a mapping of {', '.join(options)}")
            continue
        for text in ArgumentSpecValidator(options).validate(given(item or {})).error_messages:
            yield Fault(where, text.rstrip("."), f"what the role {role} documents")


def _sound(
    variable: str, items: Values | None, options: dict[str, t.Any]
) -> t.Iterator[tuple[str, str, dict[str, t.Any]]]:
    """Where, key and options of the items that say what they can say, without what is null."""
    for key, item in (items or {}).items():
        if isinstance(item or {}, dict):
            checked = ArgumentSpecValidator(options).validate(given(item or {}))
            if not checked.error_messages:
                yield f"{variable}.{key}", key, given(checked.validated_parameters)


def _name(where: str, name: str | None, kind: str) -> t.Iterator[Fault]:
    if name and "{{" not in name and (fault := name_fault(name, kind)):
        yield Fault(where, f"{name!r} {fault}", NAME_RULES[kind].words)


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (shapes, buckets, tables, file_systems)

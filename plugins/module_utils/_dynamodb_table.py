# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DynamoDB tables."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import ImmutableError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._notes import UNPROTECTED, Words, notes_on, when_off
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._secret import same_key
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_gone, wait_ready

MISSING = ("ResourceNotFoundException",)

#: What DynamoDB answers while an earlier change is under way.
BUSY = r"^ResourceInUseException: "

#: How long it may take until DynamoDB has filled a new index from the table.
INDEX_SECONDS = 4 * 3600

#: The two keys of a table or an index, in DynamoDB's order, and its words for them.
KEYS = {"hash_key": "HASH", "range_key": "RANGE"}

CAPACITY = {"read_capacity_units": "ReadCapacityUnits", "write_capacity_units": "WriteCapacityUnits"}

#: DynamoDB takes these together in one call, and apart from all others (DynamoDB API, UpdateTable).
BILLING = {"billing_mode", "provisioned_throughput"}


#: What a change does (DynamoDB Developer Guide, "Time to Live", "Point-in-time recovery", "Table classes").
NOTES: dict[str, Words] = {
    "deletion_protection_enabled": UNPROTECTED,
    "ttl_attribute": lambda _before, after: f"items whose {after} has passed are deleted" if after else "",
    "point_in_time_recovery_enabled": when_off("what it could be restored from is deleted"),
    "table_class": "AWS changes the class of a table twice in 30 days at most",
}


class DynamodbTable(Kind):
    """A table, found by its name, which is unique in an account and region."""

    noun = "dynamodb_table"
    nested = ("global_secondary_indexes", "provisioned_throughput", "sse_specification")
    exists = ("ResourceInUseException",)
    immutable = dict.fromkeys(
        ("hash_key", "range_key"),
        "give the table another name, and copy the items into the new one (an export to S3 and an import do that)",
    )

    def __init__(self, aws: Aws):
        super().__init__(aws)
        self._going: set[str] = set()

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            table = self.aws.read("dynamodb", "describe_table", "Table", missing=MISSING, TableName=name)
            if table and table["TableStatus"] == "CREATING":
                # Until it is there it shows no tags, and could be anybody's.
                wait_ready(self.aws, "dynamodb_table", name)
            if table:
                found[name] = table if self.is_going(table) else {**table, **self._parts(name, table["TableArn"])}
        self._going = {name for name, live in found.items() if self.is_going(live)}
        return found

    def _parts(self, name: str, arn: str) -> Fields:
        """What DynamoDB does not say in the table's own description."""
        backups = self.aws.read(
            "dynamodb",
            "describe_continuous_backups",
            "ContinuousBackupsDescription",
            missing=("TableNotFoundException",),
            TableName=name,
        )
        expiry = self.aws.read(
            "dynamodb", "describe_time_to_live", "TimeToLiveDescription", missing=MISSING, TableName=name
        )
        tags = self.aws.read("dynamodb", "list_tags_of_resource", "Tags", missing=MISSING, ResourceArn=arn)
        return {"ContinuousBackupsDescription": backups or {}, "TimeToLiveDescription": expiry or {}, "Tags": tags}

    def is_going(self, live: Fields) -> bool:
        return live["TableStatus"] == "DELETING"

    def normalize(self, name: str, live: Fields) -> Fields:
        types = {item["AttributeName"]: item["AttributeType"] for item in live["AttributeDefinitions"]}
        billing_mode = live.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
        recovery = live.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
        expiry = live.get("TimeToLiveDescription", {})
        expires = expiry.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        encryption = live.get("SSEDescription", {})
        return {
            **_keys(live["KeySchema"], types),
            "billing_mode": billing_mode,
            "provisioned_throughput": _capacity(live) if billing_mode == "PROVISIONED" else {},
            "global_secondary_indexes": {
                index["IndexName"]: _index(index, types, billing_mode)
                for index in live.get("GlobalSecondaryIndexes") or []
                if index.get("IndexStatus") != "DELETING"
            },
            "ttl_attribute": expiry.get("AttributeName", "") if expires else "",
            "point_in_time_recovery_enabled": recovery.get("PointInTimeRecoveryStatus") == "ENABLED",
            "deletion_protection_enabled": live.get("DeletionProtectionEnabled", False),
            "table_class": live.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
            "sse_specification": {
                "enabled": encryption.get("Status") in ("ENABLED", "ENABLING", "UPDATING"),
                "kms_master_key_id": encryption.get("KMSMasterKeyArn", ""),
            },
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = dict(wanted)
        if normal.get("billing_mode") == "PAY_PER_REQUEST":
            normal["provisioned_throughput"] = {}
        if "global_secondary_indexes" in normal:
            normal["global_secondary_indexes"] = {
                index["name"]: _wanted_index(index, normal) for index in normal["global_secondary_indexes"]
            }
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        have = self.normalize(name, live)
        kept = dict(wanted)
        if "sse_specification" in wanted:
            kept["sse_specification"] = kept_encryption(have["sse_specification"], wanted["sse_specification"])
        if "global_secondary_indexes" in wanted and "billing_mode" not in wanted:
            indexes = wanted["global_secondary_indexes"]
            kept["global_secondary_indexes"] = {
                key: with_capacity(index, have, have["global_secondary_indexes"].get(key, have))
                for key, index in indexes.items()
            }
        return kept

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all its items are lost"]
        if outcome.action != "update":
            return []
        indexes = next((change for change in outcome.changes if change.field == "global_secondary_indexes"), None)
        before, after = (indexes.before or {}, indexes.after) if indexes else ({}, {})
        return [
            *(f"index {key} is filled from the table, which can take hours" for key in after if key not in before),
            *(f"index {key} goes: queries of it fail" for key in before if key not in after),
            *notes_on(outcome.changes, NOTES),
        ]

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            if live is not None and live.get("DeletionProtectionEnabled"):
                raise WebstackError(
                    f"dynamodb_table {name} is protected from removal",
                    "set deletion_protection_enabled to false on it first, then remove it",
                )
            return
        if live is None:
            fault = name_fault(name, self.noun)
            if fault:
                raise WebstackError(f"dynamodb_table {name} {fault}", "choose another name")
            if "hash_key" not in wanted:
                raise WebstackError(f"dynamodb_table {name} cannot be made without a key", "give hash_key")
        have = self.normalize(name, live) if live else {}
        trouble = billing_fault({**have, **wanted}) or expiry_fault(have, wanted) or attribute_fault({**have, **wanted})
        if trouble:
            raise WebstackError(f"dynamodb_table {name}: {trouble[0]}", trouble[1])
        changed = changed_indexes(have, wanted)
        if changed:
            raise ImmutableError(
                f"dynamodb_table {name}: AWS cannot change in place what its index {', '.join(changed)} holds",
                "give the index another name: the new one is made, and the old one goes",
            )

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._going:
            wait_gone(self.aws, "dynamodb_table", name)
        indexes = wanted.get("global_secondary_indexes") or {}
        arguments: Fields = {}
        if wanted.get("provisioned_throughput"):
            arguments["ProvisionedThroughput"] = _camel_capacity(wanted["provisioned_throughput"])
        if indexes:
            arguments["GlobalSecondaryIndexes"] = [_index_shape(key, index) for key, index in indexes.items()]
        if wanted.get("sse_specification", {}).get("enabled"):
            arguments["SSESpecification"] = _encryption(wanted["sse_specification"])
        if "table_class" in wanted:
            arguments["TableClass"] = wanted["table_class"]
        if "deletion_protection_enabled" in wanted:
            arguments["DeletionProtectionEnabled"] = wanted["deletion_protection_enabled"]
        self.aws.write(
            "dynamodb",
            "create_table",
            TableName=name,
            KeySchema=_schema(wanted),
            AttributeDefinitions=_definitions([wanted, *indexes.values()]),
            BillingMode=wanted.get(
                "billing_mode", "PROVISIONED" if "ProvisionedThroughput" in arguments else "PAY_PER_REQUEST"
            ),
            **tags_argument(wanted.get("tags")),
            **arguments,
        )
        # Nobody can use it before, and what follows needs it.
        wait_ready(self.aws, "dynamodb_table", name)
        if wanted.get("ttl_attribute"):
            self._set_expiry(name, "", wanted["ttl_attribute"])
        if wanted.get("point_in_time_recovery_enabled"):
            self._set_recovery(name, True)

    def prepare(self, name: str, live: Fields) -> None:
        if live["TableStatus"] in ("CREATING", "UPDATING"):
            wait_ready(self.aws, "dynamodb_table", name, INDEX_SECONDS)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        before = self.normalize(name, live)
        after = {**before, **wanted}
        if changed & BILLING:
            self._set_billing(name, before, after)
        if "global_secondary_indexes" in changed:
            self._set_indexes(name, before, after, mode_is_new="billing_mode" in changed)
        if "table_class" in changed:
            self._update(name, TableClass=wanted["table_class"])
        if "sse_specification" in changed:
            self._update(name, SSESpecification=_encryption(wanted["sse_specification"]))
        if "deletion_protection_enabled" in changed:
            self._update(name, DeletionProtectionEnabled=wanted["deletion_protection_enabled"])
        if "ttl_attribute" in changed:
            self._set_expiry(name, before["ttl_attribute"], wanted["ttl_attribute"])
        if "point_in_time_recovery_enabled" in changed:
            self._set_recovery(name, wanted["point_in_time_recovery_enabled"])
        if "tags" in changed:
            self._set_tags(live["TableArn"], before["tags"], wanted["tags"])

    def _update(self, name: str, **arguments: t.Any) -> None:
        """One change of the table, once the change before it is done."""
        wait_ready(self.aws, "dynamodb_table", name, INDEX_SECONDS)
        self.aws.write("dynamodb", "update_table", propagating=BUSY, TableName=name, **arguments)

    def _set_billing(self, name: str, before: Fields, after: Fields) -> None:
        arguments: Fields = {}
        if after["billing_mode"] == "PROVISIONED":
            arguments["ProvisionedThroughput"] = _camel_capacity(after["provisioned_throughput"])
        if after["billing_mode"] != before["billing_mode"]:
            arguments["BillingMode"] = after["billing_mode"]
            if after["billing_mode"] == "PROVISIONED" and before["global_secondary_indexes"]:
                # With the mode DynamoDB wants the capacity of every index there is.
                arguments["GlobalSecondaryIndexUpdates"] = [
                    _index_capacity(key, after["global_secondary_indexes"].get(key, {}), after)
                    for key in before["global_secondary_indexes"]
                ]
        self._update(name, **arguments)

    def _set_indexes(self, name: str, before: Fields, after: Fields, mode_is_new: bool) -> None:
        """DynamoDB makes and removes one index in a call, and none while another is in the making."""
        have, want = before["global_secondary_indexes"], after["global_secondary_indexes"]
        for key in have:
            if key not in want:
                self._update(name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": key}}])
        for key, index in want.items():
            if key in have:
                capacity = index.get("provisioned_throughput")
                if capacity and capacity != have[key].get("provisioned_throughput") and not mode_is_new:
                    self._update(name, GlobalSecondaryIndexUpdates=[_index_capacity(key, index, after)])
                continue
            there = [after, *(each for other, each in want.items() if other in have or other == key)]
            self._update(
                name,
                AttributeDefinitions=_definitions(there),
                GlobalSecondaryIndexUpdates=[{"Create": _index_shape(key, index)}],
            )
            have = {**have, key: index}

    def _set_expiry(self, name: str, before: str, after: str) -> None:
        specification = {"Enabled": bool(after), "AttributeName": after or before}
        self.aws.write(
            "dynamodb", "update_time_to_live", propagating=BUSY, TableName=name, TimeToLiveSpecification=specification
        )

    def _set_recovery(self, name: str, enabled: bool) -> None:
        wait_ready(self.aws, "dynamodb_backups", name)
        self.aws.write(
            "dynamodb",
            "update_continuous_backups",
            propagating=r"^ContinuousBackupsUnavailableException: ",
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
        )

    def _set_tags(self, arn: str, live: t.Mapping[str, str], wanted: t.Mapping[str, str]) -> None:
        to_set, to_remove = tag_changes(live, wanted)
        if to_set:
            self.aws.write("dynamodb", "tag_resource", propagating=BUSY, ResourceArn=arn, Tags=tags_to_list(to_set))
        if to_remove:
            self.aws.write("dynamodb", "untag_resource", propagating=BUSY, ResourceArn=arn, TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("dynamodb", "delete_table", missing=MISSING, propagating=BUSY, TableName=name)

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "table_name": name,
            "table_arn": live["TableArn"],
            "table_status": live["TableStatus"],
            **self.normalize(name, live),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "tags": {},
            **wanted,
            "table_name": name,
            "table_arn": placeholder_arn("dynamodb", self.aws.region, f"table/{name}"),
            "table_status": "CREATING",
        }


def kept_encryption(have: Fields, wanted: Fields) -> Fields:
    """The wanted encryption, with the live key where the wanted one is the same or was left to DynamoDB."""
    if not wanted["enabled"]:
        return {"enabled": False, "kms_master_key_id": ""}
    key = wanted.get("kms_master_key_id", "")
    # What an alias stands for is not ours to know: it counts when the key is first chosen.
    same = not key or same_key(have["kms_master_key_id"], key) or "alias/" in key
    return {"enabled": True, "kms_master_key_id": have["kms_master_key_id"] if same and have["enabled"] else key}


def with_capacity(index: Fields, table: Fields, live: Fields) -> Fields:
    """A wanted index of a table whose billing stays: with the capacity that it has, if it asks for none."""
    is_provisioned = table["billing_mode"] == "PROVISIONED"
    capacity = index.get("provisioned_throughput") or live.get("provisioned_throughput")
    return _compact({**index, "provisioned_throughput": capacity if is_provisioned else None})


def billing_fault(after: Fields) -> tuple[str, str] | None:
    """What DynamoDB would refuse of the wanted capacity, and the next step."""
    if after.get("billing_mode") == "PROVISIONED" and not after.get("provisioned_throughput"):
        return "a table with provisioned capacity needs its figures", "give provisioned_throughput"
    return None


def expiry_fault(have: Fields, wanted: Fields) -> tuple[str, str] | None:
    """DynamoDB changes the attribute of expiry neither in place nor twice in an hour (API, UpdateTimeToLive)."""
    live, new = have.get("ttl_attribute"), wanted.get("ttl_attribute")
    if live and new and live != new:
        return (
            f"its items expire by {live}, and AWS cannot change that to {new} in one step",
            f'set ttl_attribute to "" and run; an hour later set it to {new} and run again',
        )
    return None


def attribute_fault(after: Fields) -> tuple[str, str] | None:
    """One attribute has one type, in the table's keys and in those of its indexes."""
    types: dict[str, str] = {}
    for item in (after, *after.get("global_secondary_indexes", {}).values()):
        for key in KEYS:
            attribute = item.get(key)
            if attribute and types.setdefault(attribute["name"], attribute["type"]) != attribute["type"]:
                return f"its key attribute {attribute['name']} has two types", "give it the same type everywhere"
    return None


def changed_indexes(have: Fields, wanted: Fields) -> list[str]:
    """The indexes that are to hold something else than they do: only their capacity can change."""
    indexes = wanted.get("global_secondary_indexes", {})
    return [
        key
        for key, index in have.get("global_secondary_indexes", {}).items()
        if key in indexes and _contents(index) != _contents(indexes[key])
    ]


def _contents(index: Fields) -> Fields:
    return {key: value for key, value in index.items() if key != "provisioned_throughput"}


def _keys(schema: list[Fields], types: t.Mapping[str, str]) -> Fields:
    """DynamoDB's key schema as options."""
    names = {item["KeyType"]: item["AttributeName"] for item in schema}
    return {
        option: {"name": names[word], "type": types[names[word]]} if word in names else {}
        for option, word in KEYS.items()
    }


def _schema(options: Fields) -> list[Fields]:
    """The options of the keys as DynamoDB's key schema."""
    return [{"AttributeName": options[key]["name"], "KeyType": word} for key, word in KEYS.items() if options.get(key)]


def _definitions(items: t.Iterable[Fields]) -> list[Fields]:
    """The types of all attributes that are keys of a table and its indexes: DynamoDB wants no more and no fewer."""
    types = {item[key]["name"]: item[key]["type"] for item in items for key in KEYS if item.get(key)}
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def _capacity(live: Fields) -> Fields:
    throughput = live.get("ProvisionedThroughput", {})
    return {option: throughput.get(member, 0) for option, member in CAPACITY.items()}


def _camel_capacity(options: Fields) -> Fields:
    return {member: options[option] for option, member in CAPACITY.items()}


def _index(live: Fields, types: t.Mapping[str, str], billing_mode: str) -> Fields:
    projection = live.get("Projection", {})
    return _compact(
        {
            **_keys(live["KeySchema"], types),
            "projection_type": projection.get("ProjectionType", "ALL"),
            "non_key_attributes": sorted(projection.get("NonKeyAttributes") or []),
            "provisioned_throughput": _capacity(live) if billing_mode == "PROVISIONED" else {},
        }
    )


def _wanted_index(index: Fields, table: Fields) -> Fields:
    """An index in its one form; its capacity is the table's where it says nothing of it."""
    attributes = sorted(index.get("non_key_attributes") or [])
    on_demand = table.get("billing_mode") == "PAY_PER_REQUEST"
    capacity = {} if on_demand else index.get("provisioned_throughput") or table.get("provisioned_throughput", {})
    return _compact(
        {
            "hash_key": index["hash_key"],
            "range_key": index.get("range_key"),
            "projection_type": index.get("projection_type") or ("INCLUDE" if attributes else "ALL"),
            "non_key_attributes": attributes,
            "provisioned_throughput": capacity,
        }
    )


def _compact(index: Fields) -> Fields:
    """An index without what it has not."""
    return {key: value for key, value in index.items() if value}


def _index_shape(name: str, index: Fields) -> Fields:
    projection: Fields = {"ProjectionType": index["projection_type"]}
    if "non_key_attributes" in index:
        projection["NonKeyAttributes"] = index["non_key_attributes"]
    shape = {"IndexName": name, "KeySchema": _schema(index), "Projection": projection}
    if "provisioned_throughput" in index:
        shape["ProvisionedThroughput"] = _camel_capacity(index["provisioned_throughput"])
    return shape


def _index_capacity(name: str, index: Fields, table: Fields) -> Fields:
    capacity = _camel_capacity(index.get("provisioned_throughput") or table["provisioned_throughput"])
    return {"Update": {"IndexName": name, "ProvisionedThroughput": capacity}}


def _encryption(options: Fields) -> Fields:
    if not options["enabled"]:
        return {"Enabled": False}
    key = {"KMSMasterKeyId": options["kms_master_key_id"]} if options.get("kms_master_key_id") else {}
    return {"Enabled": True, "SSEType": "KMS", **key}

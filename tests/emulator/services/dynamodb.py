"""DynamoDB as AWS has it, where moto differs: states, one change after the other, expiry, classes, tags.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html, API_UpdateTimeToLive.html,
API_UpdateContinuousBackups.html, API_CreateTable.html
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from moto.core.utils import unix_time
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from tests.emulator.errors import AwsError
from tests.emulator.extend import wrap
from tests.emulator.state import STATE

_TABLE = "dynamodb_table"
_TTL = "dynamodb_ttl"
_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")

# What UpdateTable can change; a call with none of them is refused.
_CHANGES = {
    "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexUpdates", "OnDemandThroughput",
    "ProvisionedThroughput", "ReplicaUpdates", "SSESpecification", "StreamSpecification", "TableClass",
    "WarmThroughput",
}  # fmt: skip


def install() -> None:
    """Extend moto."""
    _exports()
    _descriptions()
    _creation()
    _updates()
    _deletion()
    _backups()
    _expiry()
    _tags()


def _exports() -> None:
    @wrap(DynamoHandler, "export_table_to_point_in_time")
    def export(original: Any, self: Any) -> Any:
        self.body.setdefault("S3Prefix", "")
        return original(self)


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def _status(table: Any) -> str:
    for status, attribute in (("CREATING", "began"), ("UPDATING", "changed")):
        since = table.__dict__.get(attribute)
        if since is not None and not STATE.is_ready(_TABLE, since):
            return status
    return "ACTIVE"


def _is_new(table: Any, index: str) -> bool:
    since = table.__dict__.get("index_began", {}).get(index)
    return since is not None and not STATE.is_ready(_TABLE, since)


def _require_active(table: Any) -> None:
    status = _status(table)
    if status != "ACTIVE":
        words = (
            f"Attempt to change a resource which is still in use: Table is being {status[:-3].lower()}ed: {table.name}"
        )
        raise AwsError("ResourceInUseException", words)


def _descriptions() -> None:
    @wrap(Table, "describe")
    def describe(original: Any, self: Any, base_key: str = "TableDescription") -> Any:
        answer = original(self, base_key)
        table = answer[base_key]
        table["TableId"] = self.__dict__.setdefault("table_id", str(uuid.uuid4()))
        table["TableStatus"] = _status(self)
        for index in table["GlobalSecondaryIndexes"]:
            index["IndexStatus"] = "CREATING" if _is_new(self, index["IndexName"]) else "ACTIVE"
        # What a table has not is not told.
        for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
            if not table[name]:
                del table[name]
        if self.__dict__.get("table_class", "STANDARD") != "STANDARD":
            table["TableClassSummary"] = {"TableClass": self.table_class}
        used = set(self.attribute_keys)
        table["AttributeDefinitions"] = [item for item in self.attr if item["AttributeName"] in used]
        return answer


def _creation() -> None:
    @wrap(DynamoHandler, "create_table")
    def create_table(original: Any, self: Any) -> Any:
        name = self.body["TableName"]
        if not _NAME.fullmatch(name):
            raise _invalid(f"Invalid table/index name: {name}. Table/index names must be between 3 and 255 characters")
        original(self)
        table = self.dynamodb_backend.tables[name]
        table.began = time.time()
        table.table_class = self.body.get("TableClass", "STANDARD")
        return DynamoResult(table.describe())


def _updates() -> None:
    @wrap(DynamoHandler, "update_table")
    def update_table(original: Any, self: Any) -> Any:
        body = self.body
        table = self.dynamodb_backend.get_table(body["TableName"])
        if not _CHANGES & set(body):
            raise _invalid(f"At least one of {', '.join(sorted(_CHANGES))} is required")
        _require_active(table)
        _check_billing(table, body)
        _check_indexes(table, body)
        original(self)
        table.changed = time.time()
        for update in body.get("GlobalSecondaryIndexUpdates") or []:
            if "Create" in update:
                table.__dict__.setdefault("index_began", {})[update["Create"]["IndexName"]] = time.time()
        if body.get("BillingMode") == "PAY_PER_REQUEST":
            table.throughput = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0, "NumberOfDecreasesToday": 0}
        if "TableClass" in body:
            table.table_class = body["TableClass"]
        if "SSESpecification" in body:
            specification = dict(body["SSESpecification"])
            if specification.get("Enabled"):
                key = table._get_default_encryption_key(table.account_id, table.region_name)
                specification.setdefault("KMSMasterKeyId", key)
            table.sse_specification = specification
        return DynamoResult(table.describe())


def _check_billing(table: Any, body: dict[str, Any]) -> None:
    mode = body.get("BillingMode", table.billing_mode)
    wanted = body.get("ProvisionedThroughput")
    if mode == "PAY_PER_REQUEST" and wanted:
        raise _invalid(
            "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be "
            "specified when BillingMode is PAY_PER_REQUEST"
        )
    if mode == "PROVISIONED" and table.billing_mode != mode:
        if not wanted:
            raise _invalid("ProvisionedThroughput must be specified when switching BillingMode to PROVISIONED")
        given = {
            update["Update"]["IndexName"]
            for update in body.get("GlobalSecondaryIndexUpdates") or []
            if "Update" in update
        }
        missing = [index.name for index in table.global_indexes if index.name not in given]
        if missing:
            raise _invalid(f"ProvisionedThroughput must be specified for index: {', '.join(missing)}")
    if wanted and mode == table.billing_mode:
        same = all(table.throughput[key] == wanted[key] for key in ("ReadCapacityUnits", "WriteCapacityUnits"))
        if same:
            raise _invalid("The provisioned throughput for the table will not change.")


def _check_indexes(table: Any, body: dict[str, Any]) -> None:
    updates = body.get("GlobalSecondaryIndexUpdates") or []
    changes = [update for update in updates if "Create" in update or "Delete" in update]
    if len(changes) > 1 or (changes and any(_is_new(table, index.name) for index in table.global_indexes)):
        message = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
        raise AwsError("LimitExceededException", message)
    names = {index.name for index in table.global_indexes}
    for update in updates:
        ((action, wanted),) = update.items()
        if (wanted["IndexName"] in names) == (action == "Create"):
            state = "already exists" if action == "Create" else "does not exist"
            raise _invalid(f"Attempting to {action.lower()} an index which {state}: {wanted['IndexName']}")
        if action == "Create":
            defined = {item["AttributeName"] for item in body.get("AttributeDefinitions") or []}
            missing = {key["AttributeName"] for key in wanted["KeySchema"]} - defined
            if missing:
                raise _invalid(
                    "One or more parameter values were invalid: Some index key attributes are not defined in "
                    f"AttributeDefinitions. Keys: {sorted(missing)}"
                )


def _deletion() -> None:
    @wrap(DynamoDBBackend, "delete_table")
    def delete_table(original: Any, self: Any, name: str) -> Any:
        _require_active(self.get_table(name))
        return original(self, name)


def _backups() -> None:
    @wrap(DynamoHandler, "list_backups")
    def list_backups(original: Any, self: Any) -> Any:
        answer = original(self)
        since = self.body.get("TimeRangeLowerBound")
        if since is None:
            return answer
        listed = answer.result["BackupSummaries"]
        answer.result["BackupSummaries"] = [
            item for item in listed if unix_time(item["BackupCreationDateTime"]) >= since.timestamp()
        ]
        return answer

    @wrap(DynamoHandler, "create_backup")
    def create_backup(original: Any, self: Any) -> Any:
        # API_CreateBackup: TableInUseException while the table is being created.
        table = self.dynamodb_backend.tables.get(self.body["TableName"])
        if table is not None and _status(table) == "CREATING":
            raise AwsError("TableInUseException", f"Table is being created: {table.name}")
        return original(self)


def _expiry() -> None:
    @wrap(DynamoDBBackend, "update_time_to_live")
    def update_time_to_live(original: Any, self: Any, table_name: str, ttl_spec: dict[str, Any]) -> Any:
        table = _table(self, table_name)
        _require_active(table)
        changed = table.__dict__.get("ttl_changed")
        if changed is not None and not STATE.is_ready(_TTL, changed):
            raise _invalid("Time to live has been modified multiple times within a fixed interval")
        is_on = table.ttl["TimeToLiveStatus"] == "ENABLED"
        if is_on and ttl_spec["AttributeName"] != table.ttl["AttributeName"]:
            raise _invalid(
                "TimeToLive is active on a different AttributeName: current AttributeName is "
                f"{table.ttl['AttributeName']}"
            )
        if is_on == ttl_spec["Enabled"]:
            raise _invalid(f"TimeToLive is already {'enabled' if is_on else 'disabled'}")
        original(self, table_name, ttl_spec)
        table.ttl_changed = time.time()

    @wrap(DynamoDBBackend, "describe_time_to_live")
    def describe_time_to_live(original: Any, self: Any, table_name: str) -> Any:
        table = _table(self, table_name)
        changed = table.__dict__.get("ttl_changed")
        if changed is None or STATE.is_ready(_TTL, changed):
            told = dict(table.ttl)
            if told["TimeToLiveStatus"] == "DISABLED":
                told.pop("AttributeName", None)
            return told
        return {**table.ttl, "TimeToLiveStatus": table.ttl["TimeToLiveStatus"][:-2] + "ING"}

    @wrap(DynamoDBBackend, "update_continuous_backups")
    def update_continuous_backups(original: Any, self: Any, table_name: str, point_in_time_spec: Any) -> Any:
        table = self.tables.get(table_name)
        if table is not None and _status(table) == "CREATING":
            message = f"Backups are being enabled for the table: {table_name}. Please retry later"
            raise AwsError("ContinuousBackupsUnavailableException", message)
        return original(self, table_name, point_in_time_spec)


def _table(backend: Any, name: str) -> Any:
    if name not in backend.tables:
        raise AwsError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return backend.tables[name]


def _tags() -> None:
    @wrap(DynamoDBBackend, "tag_resource")
    def tag_resource(original: Any, self: Any, arn: str, tags: dict[str, str]) -> None:
        """A tag of the same key is replaced; moto would keep both."""
        for table in self.tables.values():
            if table.table_arn == arn:
                table.tags = [tag for tag in table.tags if tag["Key"] not in tags]
        original(self, arn, tags)

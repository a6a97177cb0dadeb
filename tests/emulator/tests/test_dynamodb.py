"""DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/, the operations that the tests name."""

from __future__ import annotations

import datetime
import time
from typing import Any

TABLE: dict[str, Any] = {
    "TableName": "things", "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST",
}  # fmt: skip
CAPACITY = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}


def index(name: str) -> dict[str, Any]:
    """The arguments that give the table an index on an attribute of that name."""
    schema = [{"AttributeName": name, "KeyType": "HASH"}]
    create = {"IndexName": name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}
    defined = [*TABLE["AttributeDefinitions"], {"AttributeName": name, "AttributeType": "S"}]
    return {"AttributeDefinitions": defined, "GlobalSecondaryIndexUpdates": [{"Create": create}]}


def test_exports_need_no_prefix(emulator: Any, refused: Any) -> None:
    dynamodb = emulator.client("dynamodb")
    emulator.client("s3").create_bucket(Bucket="exports-bucket")
    arn = dynamodb.create_table(
        TableName="things", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]  # fmt: skip
    with refused("PointInTimeRecoveryUnavailableException"):
        dynamodb.export_table_to_point_in_time(TableArn=arn, S3Bucket="exports-bucket")
    dynamodb.update_continuous_backups(
        TableName="things", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    export = dynamodb.export_table_to_point_in_time(TableArn=arn, S3Bucket="exports-bucket")["ExportDescription"]
    assert export["ExportStatus"] in ("IN_PROGRESS", "COMPLETED")


def test_a_table_keeps_its_id(emulator: Any) -> None:
    dynamodb = emulator.client("dynamodb")
    made = dynamodb.create_table(
        TableName="things", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]  # fmt: skip
    assert dynamodb.describe_table(TableName="things")["Table"]["TableId"] == made["TableId"]


def test_tables_take_their_time_and_one_change_after_the_other(emulator: Any, refused: Any) -> None:
    """CreateTable and UpdateTable are asynchronous; UpdateTable and DeleteTable, ResourceInUseException."""
    dynamodb = emulator.client("dynamodb")
    with refused("ValidationException", "between 3 and 255"):
        dynamodb.create_table(**(TABLE | {"TableName": "no"}))
    emulator.control("PUT", "provisioning", {"dynamodb_table": 0.5})
    assert dynamodb.create_table(**TABLE)["TableDescription"]["TableStatus"] == "CREATING"
    with refused("ResourceInUseException"):
        dynamodb.update_table(TableName="things", DeletionProtectionEnabled=True)
    with refused("ResourceInUseException"):
        dynamodb.delete_table(TableName="things")
    with refused("ContinuousBackupsUnavailableException"):
        dynamodb.update_continuous_backups(
            TableName="things", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
    time.sleep(0.6)
    assert dynamodb.describe_table(TableName="things")["Table"]["TableStatus"] == "ACTIVE"
    dynamodb.update_table(TableName="things", DeletionProtectionEnabled=True)
    assert dynamodb.describe_table(TableName="things")["Table"]["TableStatus"] == "UPDATING"
    time.sleep(0.6)
    with refused("ValidationException", "DeletionProtection"):
        dynamodb.delete_table(TableName="things")
    with refused("ValidationException"):
        dynamodb.update_table(TableName="things")


def test_one_index_is_made_at_a_time(emulator: Any, refused: Any) -> None:
    """UpdateTable, GlobalSecondaryIndexUpdates: one is created or deleted in a call."""
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(**TABLE)
    both = [*index("aaa")["GlobalSecondaryIndexUpdates"], *index("bbb")["GlobalSecondaryIndexUpdates"]]
    defined = [*index("aaa")["AttributeDefinitions"], index("bbb")["AttributeDefinitions"][-1]]
    with refused("LimitExceededException", "Only 1 online index"):
        dynamodb.update_table(TableName="things", AttributeDefinitions=defined, GlobalSecondaryIndexUpdates=both)
    with refused("ValidationException", "AttributeDefinitions"):
        undefined = index("aaa") | {"AttributeDefinitions": TABLE["AttributeDefinitions"]}
        dynamodb.update_table(TableName="things", **undefined)
    emulator.control("PUT", "provisioning", {"dynamodb_table": 0.5})
    time.sleep(0.6)
    dynamodb.update_table(TableName="things", **index("aaa"))
    [made] = dynamodb.describe_table(TableName="things")["Table"]["GlobalSecondaryIndexes"]
    assert made["IndexStatus"] == "CREATING"
    time.sleep(0.6)
    with refused("ValidationException", "exist"):
        dynamodb.update_table(TableName="things", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "xyz"}}])
    dynamodb.update_table(TableName="things", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "aaa"}}])
    time.sleep(0.6)
    table = dynamodb.describe_table(TableName="things")["Table"]
    assert table["AttributeDefinitions"] == TABLE["AttributeDefinitions"]
    assert "GlobalSecondaryIndexes" not in table


def test_capacity_comes_with_the_mode(emulator: Any, refused: Any) -> None:
    """UpdateTable, BillingMode and ProvisionedThroughput."""
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(**TABLE)
    dynamodb.update_table(TableName="things", **index("aaa"))
    with refused("ValidationException"):
        dynamodb.update_table(TableName="things", ProvisionedThroughput=CAPACITY)
    with refused("ValidationException"):
        dynamodb.update_table(TableName="things", BillingMode="PROVISIONED")
    with refused("ValidationException", "index"):
        dynamodb.update_table(TableName="things", BillingMode="PROVISIONED", ProvisionedThroughput=CAPACITY)
    update = {"Update": {"IndexName": "aaa", "ProvisionedThroughput": CAPACITY}}
    dynamodb.update_table(
        TableName="things",
        BillingMode="PROVISIONED",
        ProvisionedThroughput=CAPACITY,
        GlobalSecondaryIndexUpdates=[update],
    )
    with refused("ValidationException", "will not change"):
        dynamodb.update_table(TableName="things", ProvisionedThroughput=CAPACITY)


def test_expiry_changes_once_in_a_while(emulator: Any, refused: Any) -> None:
    """UpdateTimeToLive: once in an hour, and on one attribute at a time."""
    dynamodb = emulator.client("dynamodb")
    with refused("ResourceNotFoundException"):
        dynamodb.describe_time_to_live(TableName="things")
    dynamodb.create_table(**TABLE)

    def change(enabled: bool, attribute: str) -> None:
        specification = {"Enabled": enabled, "AttributeName": attribute}
        dynamodb.update_time_to_live(TableName="things", TimeToLiveSpecification=specification)

    with refused("ValidationException", "already disabled"):
        change(False, "expires")
    change(True, "expires")
    with refused("ValidationException", "different AttributeName"):
        change(True, "ends")
    with refused("ValidationException", "already enabled"):
        change(True, "expires")
    emulator.control("PUT", "provisioning", {"dynamodb_ttl": 60})
    assert dynamodb.describe_time_to_live(TableName="things")["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLING",
        "AttributeName": "expires",
    }
    with refused("ValidationException", "multiple times"):
        change(False, "expires")


def test_a_tag_is_replaced_by_its_key(emulator: Any) -> None:
    """TagResource."""
    dynamodb = emulator.client("dynamodb")
    arn = dynamodb.create_table(**TABLE, Tags=[{"Key": "a", "Value": "1"}])["TableDescription"]["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}])
    assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "2"}]


def test_backups_are_listed_from_a_time_on(emulator: Any) -> None:
    """ListBackups, TimeRangeLowerBound."""
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(**TABLE)
    dynamodb.create_backup(TableName="things", BackupName="first")
    now = datetime.datetime.now(datetime.UTC)
    assert len(dynamodb.list_backups(TableName="things")["BackupSummaries"]) == 1
    minute = datetime.timedelta(minutes=1)
    assert len(dynamodb.list_backups(TimeRangeLowerBound=now - minute)["BackupSummaries"]) == 1
    assert dynamodb.list_backups(TimeRangeLowerBound=now + minute)["BackupSummaries"] == []

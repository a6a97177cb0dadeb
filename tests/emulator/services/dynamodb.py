"""DynamoDB as AWS has it, where moto differs: an export needs no prefix, and a table has an id."""

from __future__ import annotations

import uuid
from typing import Any

from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from tests.emulator.extend import wrap


def install() -> None:
    """Extend moto."""

    @wrap(DynamoHandler, "export_table_to_point_in_time")
    def export(original: Any, self: Any) -> Any:
        self.body.setdefault("S3Prefix", "")
        return original(self)

    @wrap(Table, "describe")
    def describe(original: Any, self: Any, base_key: str = "TableDescription") -> Any:
        answer = original(self, base_key)
        answer[base_key]["TableId"] = self.__dict__.setdefault("table_id", str(uuid.uuid4()))
        return answer

"""DynamoDB as AWS has it, where moto differs: an export needs no prefix."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.responses import DynamoHandler

from tests.emulator.extend import wrap


def install() -> None:
    """Extend moto."""

    @wrap(DynamoHandler, "export_table_to_point_in_time")
    def export(original: Any, self: Any) -> Any:
        self.body.setdefault("S3Prefix", "")
        return original(self)

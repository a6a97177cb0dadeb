"""SQS as AWS has it, where moto differs.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/ (CreateQueue, SetQueueAttributes): the name of a
deleted queue stays taken for 60 seconds, and attributes have ranges.
"""

from __future__ import annotations

import json
import time
from typing import Any

from moto.sqs.models import SQSBackend

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap
from tests.emulator.state import STATE

_RANGES = {
    "DelaySeconds": range(900 + 1),
    "MessageRetentionPeriod": range(60, 1209600 + 1),
    "ReceiveMessageWaitTimeSeconds": range(20 + 1),
    "VisibilityTimeout": range(43200 + 1),
}


def install() -> None:
    """Extend moto."""

    @wrap(SQSBackend, "create_queue")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _check(given)
        deleted = self.__dict__.get("emulated_deleted", {}).get(given["name"])
        if deleted is not None and not STATE.is_ready("sqs_queue", deleted):
            raise AwsError(
                "AWS.SimpleQueueService.QueueDeletedRecently",
                "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
            )
        return original(self, **given)

    @wrap(SQSBackend, "delete_queue")
    def delete(original: Any, self: Any, queue_name: str) -> Any:
        answer = original(self, queue_name)
        self.__dict__.setdefault("emulated_deleted", {})[queue_name] = time.time()
        return answer

    @wrap(SQSBackend, "set_queue_attributes")
    def change(original: Any, self: Any, queue_name: str, attributes: dict[str, Any]) -> Any:
        _check(attributes)
        queue = self.get_queue(queue_name)
        before = queue.policy
        answer = original(self, queue_name, attributes)
        if "Policy" not in attributes:
            queue.policy = before  # moto takes it away whenever anything else is set
        return answer


def _check(attributes: dict[str, Any]) -> None:
    for name, allowed in _RANGES.items():
        value = attributes.get(name)
        if value is not None and (not str(value).isdigit() or int(value) not in allowed):
            raise AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    if attributes.get("Policy"):
        try:
            statements = json.loads(attributes["Policy"])["Statement"]
        except (ValueError, KeyError, TypeError):
            statements = None
        if not statements:
            raise AwsError("InvalidAttributeValue", "Invalid value for the parameter Policy.")

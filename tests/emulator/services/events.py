"""EventBridge rules as AWS has them, where moto differs. Nothing is ever started by them here.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html and API_PutTargets.html
"""

from __future__ import annotations

from typing import Any

from moto.events.models import EventsBackend

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap
from tests.emulator.schedules import is_valid


def install() -> None:
    """Extend moto."""

    @wrap(EventsBackend, "put_rule")
    def put_rule(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        expression = given.get("scheduled_expression")
        if expression and not is_valid(expression):
            raise AwsError("ValidationException", "Parameter ScheduleExpression is not valid.")
        bus = self.event_buses.get(self._normalize_event_bus_arn(given.get("event_bus_arn")))
        if bus is not None and given["name"] in bus.rules:
            given["tags"] = None  # tags of a rule that exists are changed by TagResource only
        return original(self, **given)

    @wrap(EventsBackend, "put_targets")
    def put_targets(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        for target in given["targets"]:
            if ":ecs:" in target["Arn"] and not target.get("RoleArn"):
                raise AwsError("ValidationException", f"RoleArn is required for target {target['Arn']}.")
            if ":ecs:" in target["Arn"] and not target.get("EcsParameters"):
                message = f"Parameter(s) EcsParameters must be specified for target: {target['Id']}."
                raise AwsError("ValidationException", message)
        return original(self, **given)

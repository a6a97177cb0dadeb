"""Flow logs to CloudWatch Logs: who may write, what counts as the same, and what becomes of the delivery.

https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html says what the role must be allowed and whom it
must trust. CreateFlowLogs refuses a role that it cannot assume with InvalidParameter, "Unable to assume given IAM
role"; the Terraform provider waits for just these words (internal/service/ec2/vpc_flow_log.go).
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import FlowLogAlreadyExists
from moto.ec2.models.flow_logs import FlowLogs, FlowLogsBackend
from moto.logs.models import logs_backends

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap
from tests.emulator.services.ecs.permissions import allows, find_role, trusts

_SERVICE = "vpc-flow-logs.amazonaws.com"
_GROUP_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams")


def install() -> None:
    """Extend moto."""
    _create()
    _delivery()


def _create() -> None:
    @wrap(FlowLogsBackend, "create_flow_logs")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        kind = given.get("log_destination_type") or "cloud-watch-logs"
        if given["resource_type"] in ("VPC", "Subnet", "NetworkInterface") and not given.get("traffic_type"):
            raise AwsError("MissingParameter", "The request must contain the parameter TrafficType")
        if kind == "cloud-watch-logs" and given.get("deliver_logs_permission_arn"):
            arn = given["deliver_logs_permission_arn"]
            role = find_role(self.account_id, self.partition, arn)
            if role is None or not trusts(role, _SERVICE):
                raise AwsError("InvalidParameter", f"Unable to assume given IAM role: '{arn}'")
        _refuse_same(self, given)
        # moto calls two the same whatever traffic they log; while it looks it shall see none of the others.
        others = {
            identifier: log for identifier, log in self.flow_logs.items() if log.resource_id in given["resource_ids"]
        }
        for identifier in others:
            del self.flow_logs[identifier]
        try:
            return original(self, **given)
        finally:
            self.flow_logs.update(others)


def _refuse_same(backend: Any, given: dict[str, Any]) -> None:
    """One of the same resource, traffic and destination is the same; several logs of one resource may share a group."""
    for log in backend.flow_logs.values():
        if (
            log.resource_id in given["resource_ids"]
            and log.traffic_type == given.get("traffic_type")
            and (log.log_group_name, log.log_destination) == (given.get("log_group_name"), given.get("log_destination"))
        ):
            raise FlowLogAlreadyExists


def _delivery() -> None:
    FlowLogs.deliver_logs_status = property(_status, lambda self, value: None)  # type: ignore[assignment,method-assign]
    FlowLogs.deliver_logs_error_message = property(  # type: ignore[assignment,method-assign]
        lambda self: "Access error" if _status(self) == "FAILED" else None, lambda self, value: None
    )


def _status(log: Any) -> str:
    """Whether the role may write to the group as things are now; a group that is missing it must be allowed to make."""
    if log.log_destination_type != "cloud-watch-logs" or not log.log_group_name:
        return "SUCCESS"
    backend = log.ec2_backend
    role = find_role(backend.account_id, backend.partition, log.deliver_logs_permission_arn)
    if role is None or not trusts(role, _SERVICE):
        return "FAILED"
    groups = logs_backends[backend.account_id][backend.region_name].groups
    place = f"arn:{backend.partition}:logs:{backend.region_name}:{backend.account_id}:log-group"
    needed = [(action, f"{place}:{log.log_group_name}:*") for action in _GROUP_ACTIONS]
    needed.append(("logs:DescribeLogGroups", f"{place}:*"))
    if log.log_group_name not in groups:
        needed.append(("logs:CreateLogGroup", f"{place}:{log.log_group_name}"))
    return "SUCCESS" if all(allows(role, action, resource) for action, resource in needed) else "FAILED"

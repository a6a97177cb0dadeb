"""Flow logs. Sources: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html and flow-logs-cwl.html,
the EC2 API reference of CreateFlowLogs, its list of error codes (errors-overview.html), and for the refusal of a role
the Terraform provider's internal/service/ec2/vpc_flow_log.go, which waits for it to pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.tests.network_for_tests import FLOW_LOGS_TRUST, make_role

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:"
WRITES = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
    "Resource": f"{GROUP}/vpc/demo:*",
}
LISTS = {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"}
MAKES = {"Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": "*"}


class Logged:
    """A VPC, a log group and a role that may write to it."""

    def __init__(self, emulator: Any):
        self.emulator = emulator
        self.ec2 = emulator.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        emulator.client("logs").create_log_group(logGroupName="/vpc/demo")
        self.role = make_role(emulator, "flow", [WRITES, LISTS], FLOW_LOGS_TRUST)

    def create(self, **changes: Any) -> str:
        wanted = {
            "ResourceType": "VPC",
            "ResourceIds": [self.vpc],
            "TrafficType": "ALL",
            "LogGroupName": "/vpc/demo",
            "DeliverLogsPermissionArn": self.role,
        }
        return self.ec2.create_flow_logs(**wanted | changes)["FlowLogIds"][0]

    def status(self, flow_log: str) -> tuple[str, str | None]:
        log = self.ec2.describe_flow_logs(FlowLogIds=[flow_log])["FlowLogs"][0]
        return log["DeliverLogsStatus"], log.get("DeliverLogsErrorMessage")


@pytest.fixture
def logged(emulator: Any) -> Logged:
    return Logged(emulator)


def test_a_role_that_flow_logs_cannot_assume_is_refused(logged: Logged, refused: Any) -> None:
    for role in ("arn:aws:iam::123456789012:role/none", make_role(logged.emulator, "tasks", [])):
        with refused("InvalidParameter", "Unable to assume given IAM role"):
            logged.create(DeliverLogsPermissionArn=role)


def test_vpcs_need_a_traffic_type(logged: Logged, refused: Any) -> None:
    with refused("MissingParameter", "TrafficType"):
        logged.ec2.create_flow_logs(
            ResourceType="VPC",
            ResourceIds=[logged.vpc],
            LogGroupName="/vpc/demo",
            DeliverLogsPermissionArn=logged.role,
        )


def test_the_same_twice_is_refused_and_other_traffic_into_the_same_group_is_not(logged: Logged, refused: Any) -> None:
    """flow-logs-cwl.html: one flow log may capture what is refused and another what is let in, in one log group."""
    first = logged.create()
    with refused("FlowLogAlreadyExists"):
        logged.create(MaxAggregationInterval=60)
    second = logged.create(TrafficType="REJECT")
    assert {log["FlowLogId"] for log in logged.ec2.describe_flow_logs()["FlowLogs"]} == {first, second}


def test_delivery_fails_without_the_permissions_or_the_group(logged: Logged) -> None:
    """API_FlowLog, DeliverLogsErrorMessage: "Access error" when the role's permissions do not suffice."""
    assert logged.status(logged.create()) == ("SUCCESS", None)
    poor = make_role(logged.emulator, "poor", [WRITES], FLOW_LOGS_TRUST)
    assert logged.status(logged.create(TrafficType="REJECT", DeliverLogsPermissionArn=poor)) == (
        "FAILED",
        "Access error",
    )
    everything = WRITES | {"Resource": "*"}
    makes = make_role(logged.emulator, "makes", [everything, LISTS, MAKES], FLOW_LOGS_TRUST)
    does_not = make_role(logged.emulator, "does-not", [everything, LISTS], FLOW_LOGS_TRUST)
    assert logged.status(logged.create(LogGroupName="new", DeliverLogsPermissionArn=makes))[0] == "SUCCESS"
    assert logged.status(logged.create(LogGroupName="other", DeliverLogsPermissionArn=does_not))[0] == "FAILED"

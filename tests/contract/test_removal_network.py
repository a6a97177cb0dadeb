"""What watches a stack's network goes with it, and goes before what it needs."""

from __future__ import annotations

from typing import Any

from tests.contract.harness import run_module
from tests.emulator.tests.network_for_tests import FLOW_LOGS_TRUST, make_role

MODULE = "webstack.aws.stack_removal"


def build(emulator: Any, stack: str) -> str:
    """A VPC with a flow log, which writes to a log group with a role, all of one stack."""
    ec2, iam = emulator.client("ec2"), emulator.client("iam")
    tags = {"webstack:stack": stack, "webstack:environment": "test"}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]

    def spec(kind: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": listed}]

    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec("vpc"))["Vpc"]["VpcId"]
    emulator.client("logs").create_log_group(logGroupName=f"/vpc/test-{stack}", tags=tags)
    role = make_role(emulator, f"test-{stack}-flow", [], FLOW_LOGS_TRUST)
    iam.tag_role(RoleName=f"test-{stack}-flow", Tags=listed)
    ec2.create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[vpc],
        TrafficType="ALL",
        LogGroupName=f"/vpc/test-{stack}",
        DeliverLogsPermissionArn=role,
        TagSpecifications=spec("vpc-flow-log"),
    )
    return vpc


def test_a_flow_log_goes_first_and_its_neighbours_stays(emulator: Any) -> None:
    build(emulator, "shop")
    other = build(emulator, "shop-two")
    emulator.control("DELETE", "calls")
    options = {"stack": "shop", "environment": "test", "final_snapshot": False}
    for _number in range(5):
        if not run_module(emulator.url, MODULE, options)["left"]:
            break
    writes = [call["operation"] for call in emulator.calls(kind="write")]
    assert writes[0] == "DeleteFlowLogs"
    assert sorted(writes) == ["DeleteFlowLogs", "DeleteLogGroup", "DeleteRole", "DeleteVpc"]
    assert [log["ResourceId"] for log in emulator.client("ec2").describe_flow_logs()["FlowLogs"]] == [other]

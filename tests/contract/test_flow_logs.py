"""A flow log is replaced without a gap where AWS lets it, and a run that was killed meanwhile is completed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import ModuleError, run_module
from tests.emulator.tests.network_for_tests import FLOW_LOGS_TRUST, make_role

MODULE = "webstack.aws.flow_logs"
TAGS = {"webstack:stack": "demo", "webstack:environment": "test"}


class Logged:
    """A VPC with one flow log of the stack."""

    def __init__(self, emulator: Any):
        self.emulator = emulator
        self.ec2 = emulator.client("ec2")
        self.log = {
            "name": "demo",
            "resource_id": self.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"],
            "traffic_type": "ALL",
            "log_group_name": "/vpc/demo",
            "deliver_logs_permission_arn": make_role(emulator, "flow", [], FLOW_LOGS_TRUST),
        }
        emulator.client("logs").create_log_group(logGroupName="/vpc/demo")
        self.run()

    def run(self, check: bool = False, **changes: Any) -> dict[str, Any]:
        self.emulator.control("DELETE", "calls")
        options = {"flow_logs": [{**self.log, **changes}], "tags": TAGS}
        return run_module(self.emulator.url, MODULE, options, check)

    @property
    def writes(self) -> list[str]:
        return [call["operation"] for call in self.emulator.calls(kind="write")]

    @property
    def live(self) -> list[tuple[str, str]]:
        return [(log["TrafficType"], log.get("LogGroupName")) for log in self.ec2.describe_flow_logs()["FlowLogs"]]


@pytest.fixture
def logged(emulator: Any) -> Logged:
    return Logged(emulator)


def test_the_new_one_logs_before_the_old_one_goes(logged: Logged) -> None:
    logged.run(traffic_type="REJECT")
    assert logged.writes == ["CreateFlowLogs", "DeleteFlowLogs"]
    assert logged.live == [("REJECT", "/vpc/demo")]


def test_where_aws_takes_no_second_one_the_old_one_goes_first(logged: Logged) -> None:
    logged.run(max_aggregation_interval=60)
    assert logged.writes == ["CreateFlowLogs", "DeleteFlowLogs", "CreateFlowLogs"]
    assert logged.live == [("ALL", "/vpc/demo")]


def test_one_that_cannot_be_made_leaves_the_old_one(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    role = make_role(logged.emulator, "tasks", [])
    monkeypatch.setattr("ansible_collections.webstack.aws.plugins.module_utils._aws.PROPAGATION_SECONDS", 0)
    with pytest.raises(ModuleError, match="Unable to assume given IAM role"):
        logged.run(deliver_logs_permission_arn=role, traffic_type="REJECT")
    assert logged.live == [("ALL", "/vpc/demo")]


def test_what_a_killed_replacement_left_goes_with_the_next_run(logged: Logged) -> None:
    order = {"service": "ec2", "operation": "DeleteFlowLogs", "times": 1}
    refusal = {"error": {"code": "UnauthorizedOperation", "message": "no", "status": 403}}
    logged.emulator.control("PUT", "faults", {"rules": [{**order, **refusal}]})
    with pytest.raises(ModuleError, match="UnauthorizedOperation"):
        logged.run(traffic_type="REJECT")
    assert sorted(logged.live) == [("ALL", "/vpc/demo"), ("REJECT", "/vpc/demo")]
    planned = logged.run(check=True, traffic_type="REJECT")
    assert planned["changed"]
    assert list(planned["diff"]["before"]["demo"]) == ["superseded"]
    assert logged.writes == []
    assert logged.run(traffic_type="REJECT")["diff"] == planned["diff"]
    assert logged.writes == ["DeleteFlowLogs"]
    assert logged.live == [("REJECT", "/vpc/demo")]
    assert not logged.run(traffic_type="REJECT")["changed"]


@pytest.mark.parametrize("changes", [{"traffic_type": "REJECT"}, {"max_aggregation_interval": 60}])
def test_an_answer_that_was_lost_makes_nothing_twice(logged: Logged, changes: dict[str, Any]) -> None:
    logged.emulator.control(
        "PUT", "faults", {"rules": [{"operation": "CreateFlowLogs", "cut_after": True, "times": 1}]}
    )
    logged.run(**changes)
    assert len(logged.live) == 1
    assert not logged.run(**changes)["changed"]


def test_one_of_another_stack_is_not_touched(logged: Logged) -> None:
    with pytest.raises(ModuleError, match="is not this stack's"):
        run_module(
            logged.emulator.url, MODULE, {"flow_logs": [logged.log], "tags": {**TAGS, "webstack:stack": "other"}}
        )


def test_without_an_owners_tags_nothing_is_taken_for_superseded(logged: Logged) -> None:
    name = [{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "Name", "Value": "demo"}]}]
    logged.ec2.create_flow_logs(
        ResourceType="VPC",
        ResourceIds=[logged.log["resource_id"]],
        TrafficType="REJECT",
        LogGroupName="/vpc/demo",
        DeliverLogsPermissionArn=logged.log["deliver_logs_permission_arn"],
        TagSpecifications=name,
    )
    with pytest.raises(ModuleError, match="give the tags webstack:stack and webstack:environment"):
        run_module(logged.emulator.url, MODULE, {"flow_logs": [logged.log]})
    assert not logged.run()["changed"]
    assert len(logged.live) == 2

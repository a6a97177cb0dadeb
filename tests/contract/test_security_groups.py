"""Rules that change: only the difference is sent, new ones before old ones, and no moment shuts everybody out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import ModuleError, run_module

MODULE = "webstack.aws.security_groups"
TAGS = {"webstack:stack": "demo", "webstack:environment": "test"}
ALLOW, REVOKE = "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"


class Edge:
    """A security group that lets ranges in."""

    def __init__(self, emulator: Any):
        self.emulator = emulator
        self.vpc = emulator.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]

    def allow(self, ranges: list[str], *ports: str) -> list[str]:
        """Let ``ranges`` in; the writes that it took."""
        self.emulator.control("DELETE", "calls")
        group = {"name": "demo", "ingress": [{"ports": list(ports or ["443"]), "cidr_blocks": ranges}]}
        options = {"vpc_id": self.vpc, "security_groups": [group], "tags": TAGS}
        run_module(self.emulator.url, MODULE, options)
        return [call["operation"] for call in self.emulator.calls(kind="write")]

    @property
    def live(self) -> list[str]:
        groups = self.emulator.client("ec2").describe_security_groups(
            Filters=[{"Name": "group-name", "Values": ["demo"]}]
        )["SecurityGroups"]
        return sorted(
            each.get("CidrIp") or each["CidrIpv6"]
            for permission in groups[0]["IpPermissions"]
            for each in (*permission["IpRanges"], *permission["Ipv6Ranges"])
        )


@pytest.fixture
def edge(emulator: Any) -> Edge:
    return Edge(emulator)


def ipv4(numbers: range) -> list[str]:
    return [f"203.{number}.0.0/16" for number in numbers]


def ipv6(numbers: range) -> list[str]:
    return [f"2001:db8:{number:x}::/48" for number in numbers]


def test_new_ranges_come_in_one_call_before_old_ones_go(edge: Edge) -> None:
    edge.allow([*ipv4(range(15)), *ipv6(range(7))], "80", "443")
    wanted = [*ipv4(range(1, 16)), *ipv6(range(1, 7))]
    assert edge.allow(wanted, "80", "443") == [ALLOW, REVOKE]
    assert edge.live == sorted(wanted * 2)


def test_more_or_fewer_ranges_are_one_call(edge: Edge) -> None:
    edge.allow(ipv4(range(3)))
    assert edge.allow(ipv4(range(10))) == [ALLOW]
    assert edge.allow(ipv4(range(2))) == [REVOKE]


def test_old_and_new_together_may_be_more_than_a_group_takes(edge: Edge) -> None:
    old = [*ipv4(range(40)), *ipv6(range(60))]
    edge.allow(old)
    wanted = [*ipv4(range(30, 80)), *ipv6(range(60, 120))]
    edge.allow(wanted)
    assert edge.live == sorted(wanted)


def test_most_is_open_while_ranges_are_exchanged(edge: Edge) -> None:
    edge.allow(ipv4(range(60)))
    writes = edge.allow(ipv4(range(60, 120)))
    assert writes[0] == ALLOW
    assert writes[1:] == [REVOKE, ALLOW] * 60


def test_more_than_a_group_takes_is_refused_and_changes_nothing(edge: Edge) -> None:
    edge.allow(ipv4(range(60)))
    with pytest.raises(ModuleError, match="fewer ranges or ports, or ask for a higher quota"):
        edge.allow(ipv4(range(61)))
    assert edge.live == sorted(ipv4(range(60)))

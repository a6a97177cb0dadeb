"""A run that is killed, at any point, is completed by running it again."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

LIMIT = ("--limit", "whatsmeow")
KILLS = 10


def one_of_each(emulator: Any) -> dict[str, int]:
    """How many there are of the things that a clumsy second run would make twice."""
    ec2 = emulator.client("ec2")
    return {
        "vpcs": len([vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]),
        "internet gateways": len(ec2.describe_internet_gateways()["InternetGateways"]),
        "addresses": len(ec2.describe_addresses()["Addresses"]),
        "nat gateways": len(ec2.describe_nat_gateways()["NatGateways"]),
        "load balancers": len(emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]),
        "databases": len(emulator.client("rds").describe_db_instances()["DBInstances"]),
        "access keys": sum(
            len(emulator.client("iam").list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"])
            for user in emulator.client("iam").list_users()["Users"]
        ),
    }


def test_killed_run_is_completed_by_running_again(playbooks: Any, emulator: Any) -> None:
    staging = playbooks("staging")
    writes = 0
    for kill in range(1, KILLS + 1):
        emulator.control("DELETE", "calls")
        process = staging.start("site.yml", *LIMIT)
        # Each run gets further than the one before: it is killed after a few writes of its own.
        while process.poll() is None and len(emulator.calls(kind="write")) < 5:
            time.sleep(0.02)
        assert process.poll() is None, f"the run ended before kill {kill}:\n{process.communicate()[0][-3000:]}"
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        writes += len(emulator.calls(kind="write"))
    assert writes >= 5 * KILLS

    staging.succeed("site.yml", *LIMIT)
    assert set(one_of_each(emulator).values()) == {1}
    again = staging.succeed("site.yml", *LIMIT)
    assert (again.changed, again.writes) == (0, [])
    staging.succeed("playbooks/destroy.yml", *LIMIT, "-e", "confirm=whatsmeow-staging")
    assert staging.left(["whatsmeow"]) == []

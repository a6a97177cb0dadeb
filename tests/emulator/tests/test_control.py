"""The control endpoints: a contract of this project, not of AWS."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[3]


def test_health_is_ok(emulator: Any) -> None:
    assert emulator.control("GET", "health") == {"status": "ok"}


def test_reset_empties_everything(emulator: Any) -> None:
    emulator.client("s3").create_bucket(Bucket="some-bucket")
    emulator.client("iam").create_user(UserName="somebody")
    emulator.control("PUT", "latency", {"milliseconds": 1})
    emulator.control("PUT", "consistency", {"seconds": 1})
    emulator.control("PUT", "provisioning", {"nat_gateway": 1})
    emulator.control("PUT", "containers", {"rules": [{"image": "*", "missing": True}]})
    emulator.control("PUT", "faults", {"rules": [{"service": "ecs", "cut": True}]})
    assert emulator.control("POST", "reset") == {"status": "ok"}
    assert emulator.calls() == []
    assert emulator.control("GET", "latency") == {"milliseconds": 0.0}
    assert emulator.control("GET", "consistency") == {"seconds": 0.0}
    assert set(emulator.control("GET", "provisioning").values()) == {0.0}
    assert emulator.control("GET", "containers") == {"rules": []}
    assert emulator.control("GET", "faults") == {"rules": []}
    assert emulator.client("s3").list_buckets()["Buckets"] == []
    assert emulator.client("iam").list_users()["Users"] == []


def test_settings_can_be_read_back(emulator: Any) -> None:
    emulator.control("PUT", "provisioning", {"rds_instance": 5, "nat_gateway": 0.5})
    assert emulator.control("GET", "provisioning")["rds_instance"] == 5.0
    assert emulator.control("GET", "provisioning")["elasticache"] == 0.0
    rules = [{"image": "broken:*", "exit_code": 1}]
    emulator.control("PUT", "containers", {"rules": rules})
    assert emulator.control("GET", "containers") == {"rules": rules}


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("provisioning", {"rds": 5}, "unknown kinds rds"),
        ("provisioning", {"rds_instance": -1}, "not negative"),
        ("latency", {}, "milliseconds"),
        ("latency", [], "object"),
        ("consistency", {"seconds": "soon"}, "seconds"),
        ("faults", {"rules": [{"service": "ecs"}]}, "exactly one"),
        ("faults", {"rules": [{"service": "ecs", "cut": True, "when": 1}]}, "only the keys"),
        ("faults", {"rules": [{"error": {"message": "no code"}}]}, "needs a code"),
        ("containers", {"rules": [{"missing": True}]}, "image"),
    ],
)
def test_wrong_settings_are_refused(emulator: Any, path: str, body: Any, word: str) -> None:
    answer = emulator.control("PUT", path, body)
    assert word in answer["error"]


def test_unknown_control_requests_are_refused(emulator: Any) -> None:
    assert "no control request" in emulator.control("GET", "nothing")["error"]
    assert "no control request" in emulator.control("POST", "calls")["error"]


def test_latency_delays_every_call(emulator: Any) -> None:
    emulator.client("sts").get_caller_identity()
    emulator.control("PUT", "latency", {"milliseconds": 300})
    start = time.monotonic()
    emulator.client("sts").get_caller_identity()
    assert time.monotonic() - start >= 0.3


def test_missing_operations_are_errors_of_the_client(emulator: Any) -> None:
    """In every protocol: json, query, ec2, rest-json, rest-xml."""
    attempts = [
        ("ecs", "submit_task_state_change", {}),
        ("iam", "list_service_specific_credentials", {}),
        ("elasticache", "purchase_reserved_cache_nodes_offering", {"ReservedCacheNodesOfferingId": "x"}),
        ("ec2", "describe_aws_network_performance_metric_subscriptions", {}),
        ("xray", "get_groups", {}),
        ("efs", "describe_replication_configurations", {}),
        ("route53", "get_account_limit", {"Type": "MAX_HEALTH_CHECKS_BY_OWNER"}),
        ("s3", "get_bucket_metadata_table_configuration", {"Bucket": "some-bucket"}),
    ]
    emulator.client("s3").create_bucket(Bucket="some-bucket")
    for service, operation, arguments in attempts:
        with pytest.raises(ClientError) as caught:
            getattr(emulator.client(service), operation)(**arguments)
        error = caught.value
        assert error.response["Error"]["Code"] == "NotImplemented", (service, error)
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert f"{service}:{error.operation_name}" in error.response["Error"]["Message"]


def test_it_ends_on_sigterm_and_listens_on_loopback_only() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.emulator", "--port", "0", *os.environ.get("EMULATOR_ARGS", "").split()],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        line = process.stdout.readline() if process.stdout else ""
        assert "http://127.0.0.1:" in line
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()


def test_calls_in_parallel_do_not_disturb_each_other(emulator: Any) -> None:
    """Many stacks are deployed side by side, which moto's backends are not made for."""
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def make(number: int) -> str:
        ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
        return ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(40)))
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert sorted(made) == sorted(subnet["SubnetId"] for subnet in found)
    assert {call["error"] for call in emulator.calls()} == {None}

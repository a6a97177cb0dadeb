"""What only AWS knows is asked before anything is written, and all that is wrong is told at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_database_versions import PLAYBOOK

LIMIT = ("--limit", "whatsmeow")

#: No rights, so that the simulator is asked, and its answer is no.
NOBODY = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}


@pytest.fixture
def preflight(playbooks: Any, tmp_path: Path) -> Any:
    """Run the checks alone with other variables; they never write."""
    playbook = tmp_path / "preflight.yml"
    playbook.write_text(PLAYBOOK)

    def run(environment: dict[str, str] | None = None, **variables: Any) -> Any:
        arguments = (*LIMIT, "--check", "-e", json.dumps(variables))
        done = playbooks("staging").run(str(playbook), *arguments, **(environment or {}))
        assert done.writes == []
        return done

    return run


def deployer(emulator: Any) -> dict[str, str]:
    """The credentials of a user who may do little, as the environment has them."""
    iam = emulator.client("iam")
    iam.create_user(UserName="deployer")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [NOBODY]})
    iam.put_user_policy(UserName="deployer", PolicyName="rights", PolicyDocument=policy)
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def balancer_of_others(emulator: Any) -> None:
    """A load balancer that has the stack's name and none of its tags."""
    ec2 = emulator.client("ec2")
    subnets = sorted(ec2.describe_subnets()["Subnets"], key=lambda subnet: subnet["AvailabilityZone"])[:2]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=subnets[0]["VpcId"])
    emulator.client("elbv2").create_load_balancer(
        Name="staging-whatsmeow-alb", Subnets=[subnet["SubnetId"] for subnet in subnets]
    )


def test_an_empty_account_is_ready(preflight: Any, emulator: Any) -> None:
    run = preflight(webstack_account_id="123456789012")
    assert run.code == 0, run.output
    asked = [f"{call['service']}:{call['operation']}" for call in emulator.calls()]
    # Each question once; so many as a run that changes nothing can bear.
    assert len(asked) < 40
    repeated = {"service-quotas:GetServiceQuota"}
    assert sorted({call for call in asked if asked.count(call) > 1} - repeated) == []


def test_all_that_is_not_ready_is_told_at_once(preflight: Any, emulator: Any) -> None:
    emulator.control("PUT", "quotas", {"vpc/L-F678F1CE": 1, "ec2/L-0263D0A3": 0, "fargate/L-36FBB829": 0.1})
    balancer_of_others(emulator)
    error = {"code": "403", "message": "Forbidden", "status": 403}
    rule = {"service": "s3", "operation": "HeadBucket", "error": error, "times": None}
    emulator.control("PUT", "faults", {"rules": [rule]})
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
    run = preflight(
        environment=deployer(emulator),
        network_zones=["us-east-1a", "us-east-1z"],
        storage_buckets={"media": {"name": "media-of-somebody-else"}},
        dns_certificate_arn=certificate,
        database_engine_version="15.5",
        webstack_service_overrides={
            "api": {"secrets": {"TOKEN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:nobodys-a1b2c3"}}
        },
    )
    assert run.code != 0
    assert "Traceback" not in run.output
    wanted = [
        "The account is not ready for whatsmeow: 10 faults; nothing was changed.",
        "permissions: arn:aws:iam::123456789012:user/deployer may not do",
        "rds:AddTagsToResource, CreateDBInstance,",
        "network_zones: AWS does not offer us-east-1z to this account. Right: zones of those that it has: us-east-1a",
        "network_vpc_cidr: the account may have 1 VPCs in the region, has 1, and this needs 1 more. Right: a higher "
        "quota in Service Quotas (vpc L-F678F1CE)",
        "network_nat_mode: the account may have 0 Elastic IPs in the region, has 0, and this needs 1 more",
        "load_balancer_name: there is a load balancer staging-whatsmeow-alb, and it has no tag webstack:stack",
        "storage_buckets.media.name: the bucket media-of-somebody-else belongs to another account",
        f"dns_certificate_arn: there is no certificate {certificate} in this account",
        "webstack_services.api.secrets.TOKEN: there is no secret",
        "database_engine_version: AWS does not offer RDS for PostgreSQL 15.5",
        "webstack_services: the account may have 0.1 vCPUs of Fargate Spot in the region, has 0, and this needs",
    ]
    assert [piece for piece in wanted if piece not in run.output] == [], run.output
    assert "CreateVpc" not in run.output


def test_variables_come_first(preflight: Any, emulator: Any) -> None:
    emulator.control("PUT", "quotas", {"vpc/L-F678F1CE": 1})
    run = preflight(webstack_account_id=12345, network_zones=["us-east-1a"])
    assert run.code != 0
    assert "webstack_account_id: '12345' is no account of AWS. Right: its twelve digits, in quotes." in run.output
    assert "network_zones:" in run.output
    assert emulator.calls() == []


def test_another_account_is_refused_also_before_a_removal(playbooks: Any, emulator: Any) -> None:
    for playbook in ("site.yml", "playbooks/destroy.yml"):
        run = playbooks("staging").run(playbook, *LIMIT, "--check", "-e", json.dumps({"webstack_account_id": "2" * 12}))
        assert run.code != 0
        assert "webstack_account_id: the credentials in use are of account 123456789012" in run.output
        assert [call["operation"] for call in emulator.calls()] == ["GetCallerIdentity"]


def test_what_cannot_be_built_can_be_removed(playbooks: Any, emulator: Any) -> None:
    emulator.control("PUT", "quotas", {"vpc/L-F678F1CE": 1})
    run = playbooks("staging").run("playbooks/destroy.yml", *LIMIT, "--check")
    assert run.code == 0, run.output
    assert emulator.calls(service="service-quotas") == []

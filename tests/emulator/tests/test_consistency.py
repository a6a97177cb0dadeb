"""Reads that lag, as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html (eventual
consistency) and https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html warn."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def test_new_vpcs_are_unknown_for_a_while(emulator: Any) -> None:
    emulator.control("PUT", "consistency", {"seconds": 1.0})
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    with pytest.raises(ClientError) as caught:
        ec2.describe_vpcs(VpcIds=[vpc])
    assert caught.value.response["Error"]["Code"] == "InvalidVpcID.NotFound"
    assert vpc not in [item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]]
    assert ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"] == []
    time.sleep(1.1)
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["VpcId"] == vpc
    [found] = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert found["SubnetId"] == subnet


def test_new_roles_are_unknown_for_a_while(emulator: Any) -> None:
    emulator.control("PUT", "consistency", {"seconds": 1.0})
    iam = emulator.client("iam")
    iam.create_role(RoleName="young", AssumeRolePolicyDocument=TRUST)
    with pytest.raises(ClientError) as caught:
        iam.get_role(RoleName="young")
    assert caught.value.response["Error"]["Code"] == "NoSuchEntity"
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == []
    time.sleep(1.1)
    assert iam.get_role(RoleName="young")["Role"]["RoleName"] == "young"
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["young"]


def test_without_the_setting_reads_know_at_once(emulator: Any) -> None:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]

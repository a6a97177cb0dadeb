"""A VPC with what the tests of ECS and load balancers need."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

FLOW_LOGS_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@dataclass
class Network:
    """Two public subnets in two zones, and the security groups of a load balancer and of the tasks behind it."""

    vpc: str
    subnets: list[str]
    route_table: str
    balancer_group: str
    task_group: str


def make_network(emulator: Any, port: int = 8080) -> Network:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]
    by_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    table = ec2.describe_route_tables(Filters=by_vpc)["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    balancer = ec2.create_security_group(GroupName="alb", Description="alb", VpcId=vpc)["GroupId"]
    tasks = ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=tasks,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": balancer}]}
        ],
    )
    return Network(vpc, subnets, table, balancer, tasks)


def make_balancer(emulator: Any, network: Network, name: str = "web", **settings: Any) -> str:
    created = emulator.client("elbv2").create_load_balancer(
        Name=name, Subnets=network.subnets, SecurityGroups=[network.balancer_group], **settings
    )
    return created["LoadBalancers"][0]["LoadBalancerArn"]


def make_group(emulator: Any, network: Network, name: str = "api", **settings: Any) -> str:
    wanted = {"Protocol": "HTTP", "Port": 8080, "TargetType": "ip", "HealthCheckPath": "/health"} | settings
    created = emulator.client("elbv2").create_target_group(Name=name, VpcId=network.vpc, **wanted)
    return created["TargetGroups"][0]["TargetGroupArn"]


def make_listener(emulator: Any, balancer: str, group: str, **settings: Any) -> str:
    wanted = {"Protocol": "HTTP", "Port": 80} | settings
    created = emulator.client("elbv2").create_listener(
        LoadBalancerArn=balancer, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}], **wanted
    )
    return created["Listeners"][0]["ListenerArn"]


def make_role(emulator: Any, name: str, statements: list[dict[str, Any]], trust: dict[str, Any] | None = None) -> str:
    iam = emulator.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust or TRUST))["Role"]["Arn"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": statements}
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=json.dumps(document))
    return role

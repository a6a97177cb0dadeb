"""What tests about ECS need: a network, task definitions, a service."""

from __future__ import annotations

import json
from typing import Any

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
LOGS = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]})


def network(emulator: Any) -> dict[str, str]:
    """A public subnet, from which images can be had."""
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    table = tables[0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    return {"subnet": subnet}


def definition(emulator: Any, image: str, family: str = "demo-api") -> str:
    """A revision that runs ``image`` and logs."""
    iam = emulator.client("iam")
    try:
        role = iam.create_role(RoleName="execution", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.put_role_policy(RoleName="execution", PolicyName="logs", PolicyDocument=LOGS)
        emulator.client("logs").create_log_group(logGroupName="/ecs/demo")
    except iam.exceptions.EntityAlreadyExistsException:
        role = iam.get_role(RoleName="execution")["Role"]["Arn"]
    options = {"awslogs-group": "/ecs/demo", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "ecs"}
    answer = emulator.client("ecs").register_task_definition(
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[
            {"name": "api", "image": image, "logConfiguration": {"logDriver": "awslogs", "options": options}}
        ],
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def service(emulator: Any, task_definition: str) -> str:
    """A service that rolls back; the id of its deployment."""
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName="demo", capacityProviders=["FARGATE"])
    answer = ecs.create_service(
        cluster="demo",
        serviceName="api",
        taskDefinition=task_definition,
        desiredCount=1,
        launchType="FARGATE",
        deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": [network(emulator)["subnet"]], "assignPublicIp": "ENABLED"}
        },
    )
    return answer["service"]["deployments"][0]["id"]

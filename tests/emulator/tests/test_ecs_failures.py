"""Deployments of ECS that fail, and how.

Reasons of stopped tasks: developer guide, "Amazon ECS stopped task error messages"; the circuit breaker: "How the
Amazon ECS deployment circuit breaker detects failures"; ``failedTasks`` and ``rolloutState``: API reference,
Deployment. Messages of the agent (secrets) as it logs them.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.tests.ecs_for_tests import BREAKER, World, make_world
from tests.emulator.tests.network_for_tests import make_role

CHECK = {"healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost:8080/health"], "startPeriod": 10}}
PULL = [
    {"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken"], "Resource": "*"},
    {"Effect": "Allow", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "Resource": "*"},
]


@pytest.fixture
def world(emulator: Any) -> World:
    return make_world(emulator)


def failed(world: World) -> dict[str, Any]:
    """The deployment that the circuit breaker has ended."""
    return next(item for item in world.service()["deployments"] if item["rolloutState"] == "FAILED")


def reason(world: World) -> tuple[str, str]:
    """Why a task that is stopped is."""
    task = next(task for task in world.tasks("STOPPED") if task["stoppedReason"][:7] != "Scaling")
    return task["stopCode"], task["stoppedReason"]


def test_an_image_that_cannot_be_pulled(world: World) -> None:
    """TaskFailedToStart, CannotPullContainerError; three failures end the deployment."""
    world.rules({"image": "gone:*", "missing": True})
    world.create(world.define("gone:1"), desiredCount=1)
    deployment = failed(world)
    assert (deployment["failedTasks"], deployment["runningCount"]) == (3, 0)
    assert deployment["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
    code, why = reason(world)
    assert code == "TaskFailedToStart"
    assert why.startswith(
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref"
    )
    container = world.tasks("STOPPED")[0]["containers"][0]
    assert container["lastStatus"] == "STOPPED"
    assert "exitCode" not in container
    assert container["reason"] == why
    assert f"(service api) (deployment {deployment['id']}) deployment failed: tasks failed to start." in world.events()
    again = failed(world)  # a failed deployment starts no more tasks
    assert (again["failedTasks"], again["pendingCount"]) == (3, 0)


def test_rollback(world: World) -> None:
    """With rollback, what was deployed last with success is deployed again; the service keeps running."""
    good = world.create(world.define())["deployments"][0]["id"]
    world.service()
    world.rules({"image": "broken:*", "exit_code": 1})
    bad = world.update(taskDefinition=world.define("broken:1"))["deployments"][0]["id"]
    found = world.service()
    assert [item["status"] for item in found["deployments"]] == ["PRIMARY", "ACTIVE", "ACTIVE"]
    back, broken = found["deployments"][:2]
    assert (broken["id"], broken["rolloutState"]) == (bad, "FAILED")
    assert back["rolloutStateReason"] == f"ECS deployment circuit breaker: rolling back to deploymentId {good}."
    assert back["taskDefinition"].endswith("api:1")
    assert back["id"] not in (good, bad)
    assert f"(service api) rolling back to deployment {good}." in world.events()
    found = world.service()
    assert [item["rolloutState"] for item in found["deployments"]] == ["COMPLETED"]
    assert found["taskDefinition"].endswith("api:1")
    assert found["runningCount"] == 2
    listed = world.ecs.list_service_deployments(cluster="main", service="api")["serviceDeployments"]
    assert listed[0]["status"] == "ROLLBACK_SUCCESSFUL"
    described = world.ecs.describe_service_deployments(serviceDeploymentArns=[listed[0]["serviceDeploymentArn"]])[
        "serviceDeployments"
    ][0]
    assert described["deploymentCircuitBreaker"]["status"] == "TRIGGERED"
    assert described["rollback"]["serviceRevisionArn"] == described["sourceServiceRevisions"][0]["arn"]


def test_essential_container_exits(world: World) -> None:
    """EssentialContainerExited, with the container's exit code."""
    world.rules({"image": "app:*", "exit_code": 78})
    world.create(world.define(), desiredCount=1)
    assert failed(world)
    assert reason(world) == ("EssentialContainerExited", "Essential container in task exited")
    assert world.tasks("STOPPED")[0]["containers"][0]["exitCode"] == 78


def test_failing_container_health_check(world: World) -> None:
    """Task failed container health checks."""
    world.rules({"image": "app:*", "health": "unhealthy"})
    world.create(world.define(container=CHECK), desiredCount=1)
    assert failed(world)
    assert reason(world) == ("ServiceSchedulerInitiated", "Task failed container health checks")
    assert any("failed container health checks." in event for event in world.events())


def test_failing_load_balancer_health_check(world: World) -> None:
    """Task failed ELB health checks in (target-group …)."""
    world.rules({"image": "app:*", "health": "unhealthy"})
    world.create(world.define(), desiredCount=1)
    assert failed(world)
    assert reason(world) == (
        "ServiceSchedulerInitiated",
        f"Task failed ELB health checks in (target-group {world.group})",
    )
    assert any(f"is unhealthy in (target-group {world.group})" in event for event in world.events())


def test_security_groups_must_let_health_checks_through(world: World) -> None:
    """ALB guide, "Health check reason codes": Target.Timeout when nothing comes back."""
    ec2 = world.emulator.client("ec2")
    rules = ec2.describe_security_groups(GroupIds=[world.network.task_group])["SecurityGroups"][0]["IpPermissions"]
    ec2.revoke_security_group_ingress(GroupId=world.network.task_group, IpPermissions=rules)
    world.create(world.define(), desiredCount=1, deploymentConfiguration={})
    world.service()
    assert reason(world)[1].startswith("Task failed ELB health checks")


def test_healthy_container_is_healthy(world: World) -> None:
    """A container with a health check reports HEALTHY, one without UNKNOWN."""
    world.create(world.define(container=CHECK))
    assert world.tasks()[0]["healthStatus"] == "HEALTHY"
    assert world.tasks()[0]["containers"][0]["healthStatus"] == "HEALTHY"


def test_a_running_service_whose_tasks_turn_bad(world: World) -> None:
    """After the deployment the circuit breaker is off: tasks are replaced for as long as they fail."""
    world.create(world.define(), desiredCount=1)
    world.service()
    world.rules({"image": "app:*", "exit_code": 1})
    found = world.service()
    assert found["deployments"][0]["rolloutState"] == "COMPLETED"
    assert world.tasks("STOPPED")[0]["stopCode"] == "EssentialContainerExited"
    world.rules()
    world.service()
    assert world.service()["runningCount"] == 1


def test_without_a_circuit_breaker_it_tries_for_ever(world: World) -> None:
    """The deployment stays IN_PROGRESS; an event says that the service cannot start tasks."""
    world.rules({"image": "app:*", "exit_code": 1})
    world.create(world.define(), desiredCount=1, deploymentConfiguration={})
    for _unused in range(5):
        found = world.service()["deployments"][0]
        assert found["rolloutState"] == "IN_PROGRESS"
    assert found["failedTasks"] >= 3
    assert any("is unable to consistently start tasks successfully" in event for event in world.events())
    world.rules()
    world.service()
    assert world.service()["deployments"][0]["rolloutState"] == "COMPLETED"


@pytest.mark.parametrize(("desired", "failures"), [(1, 3), (9, 5)])
def test_threshold(world: World, desired: int, failures: int) -> None:
    """0.5 times the desired count, three at least (and 200 at most)."""
    world.rules({"image": "app:*", "exit_code": 1})
    world.create(world.define(), desiredCount=desired)
    assert failed(world)["failedTasks"] >= failures
    listed = world.ecs.list_service_deployments(cluster="main", service="api")["serviceDeployments"][0]
    arns = [listed["serviceDeploymentArn"]]
    found = world.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]
    assert found["deploymentCircuitBreaker"]["threshold"] == failures


def test_first_deployment_has_nothing_to_roll_back_to(world: World) -> None:
    """ "The rollback method requires a previous deployment in COMPLETED state": it stays FAILED."""
    world.rules({"image": "app:*", "exit_code": 1})
    world.create(world.define(), desiredCount=1)
    assert failed(world)["status"] == "PRIMARY"
    assert len(world.service()["deployments"]) == 1
    listed = world.ecs.list_service_deployments(cluster="main", service="api")["serviceDeployments"][0]
    assert listed["status"] == "ROLLBACK_FAILED"
    world.rules()
    world.update(taskDefinition=world.define("app:2"))
    assert world.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_an_alarm_rolls_back(world: World) -> None:
    """DeploymentAlarms: an alarm in ALARM while the deployment is in progress ends it."""
    alarms = {"alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True}}
    world.emulator.client("cloudwatch").put_metric_alarm(
        AlarmName="errors",
        MetricName="m",
        Namespace="n",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
    )
    world.create(world.define(), deploymentConfiguration=alarms)
    world.service()
    world.emulator.client("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    world.update(taskDefinition=world.define("app:2"))
    world.service()
    assert world.service()["taskDefinition"].endswith("api:1")
    listed = world.ecs.list_service_deployments(cluster="main", service="api")["serviceDeployments"][0]
    found = world.ecs.describe_service_deployments(serviceDeploymentArns=[listed["serviceDeploymentArn"]])
    assert found["serviceDeployments"][0]["alarms"]["triggeredAlarmNames"] == ["errors"]


def test_image_of_the_own_registry(world: World) -> None:
    """An image of this account's ECR repository must have been pushed, and the execution role may pull it."""
    ecr = world.emulator.client("ecr")
    uri = ecr.create_repository(repositoryName="api")["repository"]["repositoryUri"]
    role = make_role(world.emulator, "execution", PULL)
    definition = world.define(f"{uri}:v1", executionRoleArn=role)
    world.create(definition, desiredCount=1)
    assert failed(world)
    assert reason(world)[1].endswith(f"{uri}:v1: not found")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}
    ecr.put_image(repositoryName="api", imageManifest=json.dumps(manifest), imageTag="v1")
    world.update(forceNewDeployment=True)
    assert world.service()["deployments"][0]["rolloutState"] == "COMPLETED"
    digest = ecr.describe_images(repositoryName="api")["imageDetails"][0]["imageDigest"]
    assert world.tasks()[0]["containers"][0]["imageDigest"] == digest


def test_execution_role_may_not_pull(world: World) -> None:
    """ "ResourceInitializationError": the token for ECR is refused."""
    role = make_role(world.emulator, "execution", [])
    uri = world.emulator.client("ecr").create_repository(repositoryName="api")["repository"]["repositoryUri"]
    task = world.task(world.run(world.define(f"{uri}:v1", executionRoleArn=role))["taskArn"])
    assert task["stoppedReason"].startswith("ResourceInitializationError: unable to pull secrets or registry auth")
    assert "ecr:GetAuthorizationToken" in task["stoppedReason"]


def test_a_private_subnet_needs_a_way_out(world: World) -> None:
    """ "CannotPullContainer task errors": no NAT gateway and no public address, no image of Docker Hub."""
    ec2 = world.emulator.client("ec2")
    world.create(world.define(), desiredCount=1, networkConfiguration=world.private)
    assert failed(world)
    assert reason(world)[1].endswith("dial tcp: i/o timeout")
    assert "docker.io/library/app:1" in reason(world)[1]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    public = ec2.create_subnet(VpcId=world.network.vpc, CidrBlock="10.0.20.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=world.network.vpc)["RouteTable"]["RouteTableId"]
    for subnet in world.network.subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[gateway])
    world.update(forceNewDeployment=True)
    assert world.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_endpoints_are_a_way_too(world: World) -> None:
    """ "Amazon ECR interface VPC endpoints": ecr.api, ecr.dkr, the gateway of S3; logs for awslogs."""
    ec2, ecr = world.emulator.client("ec2"), world.emulator.client("ecr")
    uri = ecr.create_repository(repositoryName="api")["repository"]["repositoryUri"]
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}
    ecr.put_image(repositoryName="api", imageManifest=json.dumps(manifest), imageTag="v1")
    definition = world.define(f"{uri}:v1", executionRoleArn=make_role(world.emulator, "execution", PULL))

    def outcome() -> str:
        return world.task(world.run(definition, networkConfiguration=world.private)["taskArn"])["stopCode"]

    ec2.authorize_security_group_ingress(
        GroupId=world.network.balancer_group, IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="10.0.0.0/16"
    )
    ec2.modify_vpc_attribute(VpcId=world.network.vpc, EnableDnsHostnames={"Value": True})
    assert outcome() == "TaskFailedToStart"
    for service in ("ecr.api", "ecr.dkr"):
        ec2.create_vpc_endpoint(
            VpcId=world.network.vpc,
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.us-east-1.{service}",
            SubnetIds=world.network.subnets,
            SecurityGroupIds=[world.network.balancer_group],
            PrivateDnsEnabled=True,
        )
    assert outcome() == "TaskFailedToStart"
    ec2.create_vpc_endpoint(
        VpcId=world.network.vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[world.network.route_table]
    )
    assert outcome() == "EssentialContainerExited"


def test_role_that_does_not_trust_ecs(world: World) -> None:
    """RunTask: ClientException; a service reports it in an event."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = make_role(world.emulator, "machine", [], trust)
    definition = world.define(taskRoleArn=role)
    with pytest.raises(world.ecs.exceptions.ClientException, match="ECS was unable to assume the role"):
        world.run(definition)
    world.create(definition, deploymentConfiguration={})
    world.service()
    assert any(
        "failed to launch a task with (error ECS was unable to assume the role" in item for item in world.events()
    )


class Secrets:
    """A secret and a task that wants a key of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = world.emulator.client("secretsmanager")
        self.arn = self.client.create_secret(Name="app", SecretString='{"dsn": "x"}')["ARN"]
        self.role = ""

    def allow(self, *statements: dict[str, Any]) -> None:
        self.role = make_role(self.world.emulator, f"execution-{len(statements)}", list(statements))

    def reason(self, source: str) -> str | None:
        container = {"secrets": [{"name": "DSN", "valueFrom": source}]}
        definition = self.world.define(container=container, executionRoleArn=self.role)
        task = self.world.task(self.world.run(definition)["taskArn"])
        return None if task["stopCode"] == "EssentialContainerExited" else task["stoppedReason"]


def test_secrets(world: World) -> None:
    """Secrets of a container: permission, the secret, the key in its JSON, its being there."""
    secrets = Secrets(world)
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secrets.arn}
    prefix = (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve secret from asm: service call has been retried 1 time(s): "
    )
    secrets.allow()
    why = secrets.reason(f"{secrets.arn}:dsn::")
    assert why is not None
    assert why.startswith(prefix + f"failed to fetch secret {secrets.arn} from secrets manager: AccessDenied")
    secrets.allow(read)
    assert secrets.reason(f"{secrets.arn}:dsn::") is None
    assert secrets.reason(secrets.arn) is None
    assert (
        secrets.reason(f"{secrets.arn}:no::")
        == prefix + "retrieved secret from Secrets Manager did not contain json key no"
    )
    secrets.client.delete_secret(SecretId=secrets.arn, RecoveryWindowInDays=7)
    why = secrets.reason(f"{secrets.arn}:dsn::")
    assert why is not None
    assert "marked for deletion" in why


def test_secret_under_a_key_of_the_account(world: World) -> None:
    """Developer guide, "Amazon ECS task execution IAM role": a customer managed key needs kms:Decrypt."""
    secrets = Secrets(world)
    key = world.emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
    secrets.client.update_secret(SecretId=secrets.arn, KmsKeyId=key, SecretString='{"dsn": "x"}')
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secrets.arn}
    secrets.allow(read)
    why = secrets.reason(f"{secrets.arn}:dsn::")
    assert why is not None
    assert why.endswith("Access to KMS is not allowed")
    secrets.allow(read, {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key})
    assert secrets.reason(f"{secrets.arn}:dsn::") is None


def test_parameters(world: World) -> None:
    """Secrets from the Parameter Store."""
    secrets = Secrets(world)
    secrets.allow({"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": "*"})
    why = secrets.reason("/app/dsn")
    assert why is not None
    assert why.endswith("invalid ssm parameters: /app/dsn")
    world.emulator.client("ssm").put_parameter(Name="/app/dsn", Value="x", Type="SecureString")
    assert secrets.reason("/app/dsn") is None


def test_log_group_must_exist(world: World) -> None:
    """awslogs: the group must be there, or awslogs-create-group be set and allowed."""
    logs = world.emulator.client("logs")
    role = make_role(
        world.emulator,
        "execution",
        [{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}],
    )
    options = {"awslogs-group": "/ecs/app", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "api"}
    container = {"logConfiguration": {"logDriver": "awslogs", "options": options}}
    definition = world.define(container=container, executionRoleArn=role)
    why = world.task(world.run(definition)["taskArn"])["stoppedReason"]
    assert why.startswith("ResourceInitializationError: failed to validate logger args")
    assert "The specified log group does not exist." in why
    logs.create_log_group(logGroupName="/ecs/app")
    world.rules({"image": "app:*", "log": ["one", "two"], "exit_code": 3})
    arn = world.run(definition)["taskArn"]
    assert world.task(arn)["containers"][0]["exitCode"] == 3
    stream = f"api/api/{arn.split('/')[-1]}"
    events = logs.get_log_events(logGroupName="/ecs/app", logStreamName=stream)["events"]
    assert [event["message"] for event in events] == ["one", "two"]


def test_breaker_counts_until_the_first_healthy_task(world: World) -> None:
    """failedTasks "resets to zero and stops being evaluated" once a task runs successfully."""
    world.create(world.define(), deploymentConfiguration=BREAKER)
    assert world.service()["deployments"][0]["failedTasks"] == 0

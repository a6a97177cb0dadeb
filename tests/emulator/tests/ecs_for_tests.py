"""A cluster, a service behind a load balancer, and what the tests of ECS ask of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.tests.network_for_tests import Network, make_balancer, make_group, make_listener, make_network

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


def refused(code: str, words: str, call: Any, **parameters: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == (code, True), error


@dataclass
class World:
    """A network, an empty target group behind a listener, and a cluster."""

    emulator: Any
    network: Network
    balancer: str
    group: str
    ecs: Any
    elb: Any
    revisions: list[str] = field(default_factory=list)

    @property
    def placement(self) -> dict[str, Any]:
        """In the public subnets, with public addresses."""
        return {"awsvpcConfiguration": self.private["awsvpcConfiguration"] | {"assignPublicIp": "ENABLED"}}

    @property
    def private(self) -> dict[str, Any]:
        """Without public addresses."""
        return {"awsvpcConfiguration": {"subnets": self.network.subnets, "securityGroups": [self.network.task_group]}}

    def define(self, image: str = "app:1", container: dict[str, Any] | None = None, **settings: Any) -> str:
        """Register a definition of one container that listens on 8080."""
        only = {"name": "api", "image": image, "portMappings": [{"containerPort": 8080}]} | (container or {})
        wanted = {
            "family": "api",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "containerDefinitions": [only],
        } | settings
        return self.ecs.register_task_definition(**wanted)["taskDefinition"]["taskDefinitionArn"]

    def create(self, definition: str, **settings: Any) -> dict[str, Any]:
        wanted = {
            "cluster": "main",
            "serviceName": "api",
            "taskDefinition": definition,
            "desiredCount": 2,
            "launchType": "FARGATE",
            "networkConfiguration": self.placement,
            "deploymentConfiguration": BREAKER,
            "loadBalancers": [{"targetGroupArn": self.group, "containerName": "api", "containerPort": 8080}],
        } | settings
        return self.ecs.create_service(**{key: value for key, value in wanted.items() if value is not None})["service"]

    def update(self, **settings: Any) -> dict[str, Any]:
        return self.ecs.update_service(cluster="main", service="api", **settings)["service"]

    def service(self, **settings: Any) -> dict[str, Any]:
        found = self.ecs.describe_services(cluster="main", services=["api"], **settings)["services"]
        return found[0]

    def events(self) -> list[str]:
        return [event["message"] for event in self.service()["events"]]

    def tasks(self, status: str = "RUNNING") -> list[dict[str, Any]]:
        arns = self.ecs.list_tasks(cluster="main", serviceName="api", desiredStatus=status)["taskArns"]
        return self.ecs.describe_tasks(cluster="main", tasks=arns, include=["TAGS"])["tasks"] if arns else []

    def run(self, definition: str, **settings: Any) -> dict[str, Any]:
        wanted = {
            "cluster": "main",
            "taskDefinition": definition,
            "launchType": "FARGATE",
            "networkConfiguration": self.placement,
        } | settings
        return self.ecs.run_task(**{key: value for key, value in wanted.items() if value is not None})["tasks"][0]

    def task(self, arn: str) -> dict[str, Any]:
        return self.ecs.describe_tasks(cluster="main", tasks=[arn])["tasks"][0]

    def health(self) -> list[str]:
        found = self.elb.describe_target_health(TargetGroupArn=self.group)["TargetHealthDescriptions"]
        return sorted(item["TargetHealth"]["State"] for item in found)

    def rules(self, *rules: dict[str, Any]) -> None:
        self.emulator.control("PUT", "containers", {"rules": list(rules)})

    def seconds(self, seconds: float) -> None:
        """How long a task takes."""
        self.emulator.control("PUT", "provisioning", {"ecs_task": seconds})


def make_world(emulator: Any) -> World:
    network = make_network(emulator)
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    make_listener(emulator, balancer, group)
    ecs = emulator.client("ecs")
    ecs.create_cluster(clusterName="main", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    return World(emulator, network, balancer, group, ecs, emulator.client("elbv2"))

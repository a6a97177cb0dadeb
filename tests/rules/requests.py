"""One recorded request, and the world as the requests before it have made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as the embedded AWS records it."""

    service: str
    operation: str
    parameters: Parameters = field(default_factory=dict)
    kind: str = "write"
    region: str = "us-east-1"
    status: int = 200
    error: str | None = None
    answer: Parameters = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return self.status < 400

    def get(self, name: str, otherwise: Any = None) -> Any:
        """A parameter."""
        value = self.parameters.get(name)
        return otherwise if value is None else value

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"


@dataclass
class World:
    """What the writes that succeeded have made."""

    _writes: dict[str, list[Request]] = field(default_factory=dict)

    def add(self, request: Request) -> None:
        if request.kind == "write" and request.succeeded:
            self._writes.setdefault(str(request), []).append(request)

    def done(self, *operations: str) -> Iterator[Request]:
        """The earlier writes of these operations (``service:Operation``), by operation, oldest first."""
        for operation in operations:
            yield from self._writes.get(operation, [])

    def subnets(self) -> dict[str, Parameters]:
        """The subnets that there are: what made each (VpcId, CidrBlock, AvailabilityZone), by id."""
        gone = {request.get("SubnetId") for request in self.done("ec2:DeleteSubnet")}
        made = {request.answer["Subnet"]["SubnetId"]: request.parameters for request in self.done("ec2:CreateSubnet")}
        return {identifier: subnet for identifier, subnet in made.items() if identifier not in gone}

    def zones(self, subnet_ids: list[str]) -> list[str]:
        """The zones of subnets, as far as they are known."""
        subnets = self.subnets()
        return [subnets[identifier]["AvailabilityZone"] for identifier in subnet_ids if identifier in subnets]

    def vpc_of(self, subnet_ids: list[str]) -> str | None:
        """The VPC of subnets; None where that is not known."""
        subnets = self.subnets()
        return next((subnets[identifier]["VpcId"] for identifier in subnet_ids if identifier in subnets), None)

    def has_internet(self, vpc_id: str) -> bool:
        """Whether an internet gateway is attached to a VPC."""
        attached = sum(request.get("VpcId") == vpc_id for request in self.done("ec2:AttachInternetGateway"))
        return attached > sum(request.get("VpcId") == vpc_id for request in self.done("ec2:DetachInternetGateway"))

    def task_definition(self, name: str) -> Parameters | None:
        """What registered a task definition, by its ARN or by family and revision."""
        for request in self.done("ecs:RegisterTaskDefinition"):
            made = request.answer["taskDefinition"]
            if name in (made["taskDefinitionArn"], f"{made['family']}:{made['revision']}"):
                return request.parameters
        return None

    def target_group(self, arn: str) -> Parameters | None:
        """What made a target group."""
        for request in self.done("elbv2:CreateTargetGroup"):
            if request.answer["TargetGroups"][0]["TargetGroupArn"] == arn:
                return request.parameters
        return None

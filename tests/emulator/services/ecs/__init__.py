"""ECS on Fargate: deployments that roll or fail, tasks with reasons, the rules of AWS.

moto keeps the clusters, services and tasks in its backend (so that tagging and Application Auto Scaling find them);
what is in them, and every operation on them, is from here. ``clusters`` and ``task_definitions`` stand alone,
``launch`` says why a task would not start, ``tasks`` and ``scheduler`` are what moves, ``requests`` the operations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from ...extend import add_operation, wrap
from . import clusters, requests, task_definitions

_OPERATIONS = {
    "CreateCluster": clusters.create,
    "DescribeClusters": clusters.describe,
    "ListClusters": clusters.list_arns,
    "UpdateCluster": clusters.update,
    "UpdateClusterSettings": clusters.update,
    "PutClusterCapacityProviders": clusters.put_capacity_providers,
    "DeleteCluster": clusters.delete,
    "RegisterTaskDefinition": task_definitions.register,
    "DescribeTaskDefinition": task_definitions.describe,
    "DeregisterTaskDefinition": task_definitions.deregister,
    "DeleteTaskDefinitions": task_definitions.delete,
    "ListTaskDefinitions": task_definitions.list_revisions,
    "ListTaskDefinitionFamilies": task_definitions.list_families,
    "CreateService": requests.create_service,
    "DescribeServices": requests.describe_services,
    "ListServices": requests.list_services,
    "UpdateService": requests.update_service,
    "DeleteService": requests.delete_service,
    "ListServiceDeployments": requests.list_service_deployments,
    "DescribeServiceDeployments": requests.describe_service_deployments,
    "DescribeServiceRevisions": requests.describe_service_revisions,
    "RunTask": requests.run_task,
    "DescribeTasks": requests.describe_tasks,
    "ListTasks": requests.list_tasks,
    "StopTask": requests.stop_task,
    "ExecuteCommand": requests.execute_command,
}


def install() -> None:
    for operation, handler in _OPERATIONS.items():
        add_operation(EC2ContainerServiceResponse, operation, handler)

    @wrap(EC2ContainerServiceBackend, "describe_services")
    def describe_services(
        original: Any, self: Any, cluster: str, names: list[str]
    ) -> tuple[list[Any], list[dict[str, str]]]:
        """What Application Auto Scaling asks: whether a service is there, which it must be as an ACTIVE one."""
        name = cluster.split("/")[-1]
        found = [self.services.get(f"{name}:{item.split('/')[-1]}") for item in names]
        return [service for service in found if service is not None and service.status == "ACTIVE"], []

    @wrap(EC2ContainerServiceBackend, "iter_tagged_resources")
    def iter_tagged_resources(original: Any, self: Any) -> Iterator[TaggedResource]:
        """Without what is deleted or stopped."""
        gone = {item.arn for item in [*self.services.values(), *self.clusters.values()] if item.status == "INACTIVE"}
        gone |= {
            task.task_arn for tasks in self.tasks.values() for task in tasks.values() if task.last_status == "STOPPED"
        }
        return (resource for resource in original(self) if resource.arn not in gone)

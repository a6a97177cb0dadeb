"""Clusters: settings, capacity providers, and what keeps a cluster from being deleted."""

from __future__ import annotations

from typing import Any

from moto.ecs.models import Cluster

from ...errors import AwsError
from . import errors
from .common import FARGATE_PROVIDERS, NAME, Backend, active_cluster, backend_of, page

_INSIGHTS = ("enabled", "disabled", "enhanced")


def create(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    name = parameters.get("clusterName") or "default"
    if not NAME.fullmatch(name):
        raise errors.invalid("Cluster contains invalid characters.")
    settings = _settings(parameters.get("settings"))
    providers = parameters.get("capacityProviders") or []
    strategy = parameters.get("defaultCapacityProviderStrategy") or []
    _check_providers(backend, providers)
    check_strategy(strategy, providers)
    configuration = _configuration(parameters.get("configuration"))
    existing = backend.clusters.get(name)
    if existing is not None and existing.status == "ACTIVE":
        _refuse_other_arguments(existing, parameters, settings)
        return {"cluster": describe_one(backend, existing, ["SETTINGS", "CONFIGURATIONS", "TAGS"])}
    cluster = Cluster(  # type: ignore[abstract]
        name,
        backend.account_id,
        backend.region_name,
        settings,
        configuration,
        providers,
        [_with_numbers(item) for item in strategy],
        parameters.get("tags") or [],
        service_connect_defaults=parameters.get("serviceConnectDefaults"),
    )
    backend.clusters[name] = cluster
    return {"cluster": describe_one(backend, cluster, ["SETTINGS", "CONFIGURATIONS", "TAGS"])}


def describe(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    clusters, failures = [], []
    for name in parameters.get("clusters") or ["default"]:
        cluster = backend.clusters.get(name.split("/")[-1])
        if cluster is None:
            missing = (
                name
                if name.startswith("arn:")
                else (f"arn:{backend.partition}:ecs:{backend.region_name}:{backend.account_id}:cluster/{name}")
            )
            failures.append({"arn": missing, "reason": "MISSING"})
        else:
            clusters.append(describe_one(backend, cluster, parameters.get("include") or []))
    return {"clusters": clusters, "failures": failures}


def list_arns(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    active = [cluster.arn for cluster in backend_of(response).clusters.values() if cluster.status == "ACTIVE"]
    arns, token = page(active, parameters)
    return {"clusterArns": arns, "nextToken": token}


def update(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    if parameters.get("settings") is not None:
        cluster.settings = _settings(parameters["settings"])
    if parameters.get("configuration") is not None:
        cluster.configuration = _configuration(parameters["configuration"])
    if parameters.get("serviceConnectDefaults") is not None:
        cluster.service_connect_defaults = parameters["serviceConnectDefaults"]
    return {"cluster": describe_one(backend, cluster, ["SETTINGS", "CONFIGURATIONS", "TAGS"])}


def put_capacity_providers(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    providers = parameters["capacityProviders"]
    strategy = parameters["defaultCapacityProviderStrategy"]
    _check_providers(backend, providers)
    check_strategy(strategy, providers)
    used = {
        item["capacityProvider"]
        for service in backend.services.values()
        if service.cluster_name == cluster.name and service.status != "INACTIVE"
        for item in service.capacity_provider_strategy  # type: ignore[attr-defined]
    }
    if used - set(providers):
        raise AwsError("ResourceInUseException", "The specified capacity provider is in use and cannot be removed.")
    cluster.capacity_providers = providers
    cluster.default_capacity_provider_strategy = [_with_numbers(item) for item in strategy]
    return {"cluster": describe_one(backend, cluster, ["SETTINGS", "CONFIGURATIONS", "TAGS"])}


def delete(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters["cluster"])
    if _active_services(backend, cluster):
        raise AwsError("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
    if any(task.last_status != "STOPPED" for task in backend.tasks.get(cluster.name, {}).values()):
        raise AwsError("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
    cluster.status = "INACTIVE"
    return {"cluster": describe_one(backend, cluster, ["SETTINGS", "CONFIGURATIONS", "TAGS"])}


def check_strategy(strategy: list[dict[str, Any]], providers: list[str] | None) -> None:
    """A capacity provider strategy may only name providers of the cluster, and one of them may have a base."""
    names = [item["capacityProvider"] for item in strategy]
    if set(names) - set(providers or []):
        raise errors.invalid(
            "The specified capacity provider strategy cannot contain a capacity provider that is not associated with "
            "the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and "
            "try again."
        )
    if len(set(names)) != len(names):
        raise errors.invalid("The specified capacity provider strategy contains duplicate capacity providers.")
    if sum(1 for item in strategy if item.get("base")) > 1:
        raise errors.invalid("Only one capacity provider in a capacity provider strategy can have a base defined.")
    if len(names) > 1 and not any(item.get("weight") for item in strategy):
        raise errors.invalid("At least one capacity provider in a strategy must have a weight greater than zero.")
    if len({name in FARGATE_PROVIDERS for name in names}) > 1:
        raise errors.invalid(
            "The specified capacity provider strategy cannot contain a mix of Fargate and Auto Scaling group capacity "
            "providers."
        )


def describe_one(backend: Backend, cluster: Any, include: list[str]) -> dict[str, Any]:
    tasks = list(backend.tasks.get(cluster.name, {}).values())
    answer: dict[str, Any] = {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": sum(task.last_status == "RUNNING" for task in tasks),
        "pendingTasksCount": sum(task.last_status in ("PROVISIONING", "PENDING") for task in tasks),
        "activeServicesCount": len(_active_services(backend, cluster)),
        "statistics": [],
        "tags": cluster.tags if "TAGS" in include else [],
        "settings": cluster.settings if "SETTINGS" in include else [],
        "capacityProviders": cluster.capacity_providers or [],
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
        "serviceConnectDefaults": cluster.service_connect_defaults,
    }
    if "CONFIGURATIONS" in include and cluster.configuration:
        answer["configuration"] = cluster.configuration
    return answer


def _active_services(backend: Backend, cluster: Any) -> list[Any]:
    return [
        service
        for service in backend.services.values()
        if service.cluster_name == cluster.name and service.status == "ACTIVE"
    ]


def _settings(settings: list[dict[str, str]] | None) -> list[dict[str, str]]:
    for setting in settings or []:
        if setting.get("name") != "containerInsights":
            raise errors.invalid(f"Invalid cluster setting name: {setting.get('name')}.")
        if setting.get("value") not in _INSIGHTS:
            raise errors.invalid(f"Invalid cluster setting value. Must be one of {', '.join(_INSIGHTS)}.")
    return settings or [{"name": "containerInsights", "value": "disabled"}]


def _configuration(configuration: dict[str, Any] | None) -> dict[str, Any] | None:
    """How ECS Exec is logged; with logging OVERRIDE there must be somewhere to log to."""
    execution = (configuration or {}).get("executeCommandConfiguration") or {}
    target = execution.get("logConfiguration") or {}
    if (
        execution.get("logging") == "OVERRIDE"
        and not target.get("cloudWatchLogGroupName")
        and not target.get("s3BucketName")
    ):
        raise errors.invalid("logConfiguration is required when logging is set to OVERRIDE.")
    return configuration


def _check_providers(backend: Backend, providers: list[str]) -> None:
    for name in providers:
        if name not in FARGATE_PROVIDERS and backend._get_provider(name) is None:
            raise errors.invalid(
                f"The specified capacity provider '{name}' was not found. Specify a valid name or ARN and try again."
            )


def _with_numbers(item: dict[str, Any]) -> dict[str, Any]:
    return {"weight": 0, "base": 0} | item


def _refuse_other_arguments(cluster: Any, parameters: dict[str, Any], settings: list[dict[str, str]]) -> None:
    """Making a cluster that is there is no error if it is made the same."""
    strategy = [_with_numbers(item) for item in parameters.get("defaultCapacityProviderStrategy") or []]
    same = (
        (parameters.get("settings") is None or settings == cluster.settings)
        and (
            parameters.get("capacityProviders") is None
            or sorted(parameters["capacityProviders"]) == sorted(cluster.capacity_providers)
        )
        and (
            parameters.get("defaultCapacityProviderStrategy") is None
            or strategy == cluster.default_capacity_provider_strategy
        )
        and (parameters.get("configuration") is None or parameters["configuration"] == cluster.configuration)
    )
    if not same:
        raise errors.invalid(
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
        )

"""The operations on services and tasks: what AWS checks of their requests."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC
from typing import Any

from ...errors import AwsError
from .. import elbv2
from . import clusters, errors, launch, task_definitions
from .common import FARGATE_PROVIDERS, NAME, Backend, active_cluster, arn, backend_of, page
from .scheduler import Service
from .task_definitions import TaskDefinition
from .tasks import Task, advance, check_network, pick_provider

_PLATFORM_VERSIONS = ("LATEST", "1.4.0", "1.3.0")
# Fields of a service that change without a deployment, and come back as they were sent.
_PLAIN = (
    "availabilityZoneRebalancing",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
)
# Fields that make a deployment when they change; the task definition is looked at by itself.
_DEPLOYING = (
    "networkConfiguration",
    "platformVersion",
    "loadBalancers",
    "serviceRegistries",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)


# --- services


def create_service(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    name = parameters.get("serviceName") or ""
    if not NAME.fullmatch(name):
        raise errors.invalid("Service name contains invalid characters." if name else "Service name can not be blank.")
    existing = _find_service(backend, cluster, name)
    if existing is not None:
        existing.advance()
        token = parameters.get("clientToken")
        if existing.status == "ACTIVE" and token and token == existing.settings.get("clientToken"):
            return {"service": existing.describe(True)}
        if existing.status == "ACTIVE":
            raise errors.invalid("Creation of service was not idempotent.")
        if existing.status == "DRAINING":
            raise errors.invalid("Unable to Start a service that is still Draining.")
    service = _new_service(backend, cluster, name, parameters)
    backend.services[f"{cluster.name}:{name}"] = service  # type: ignore[assignment]
    return {"service": service.describe(True)}


def describe_services(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = backend.clusters.get((parameters.get("cluster") or "default").split("/")[-1])
    if cluster is None:
        raise errors.cluster_not_found()
    names = parameters.get("services") or []
    if not names:
        raise errors.invalid("Services cannot be empty.")
    if len(names) > 10:
        raise errors.invalid("Services cannot have more than 10 elements.")
    services, failures = [], []
    for name in names:
        service = _find_service(backend, cluster, name)
        if service is None:
            missing = name if name.startswith("arn:") else arn(backend, f"service/{cluster.name}/{name}")
            failures.append({"arn": missing, "reason": "MISSING"})
        else:
            service.advance()
            services.append(service.describe("TAGS" in (parameters.get("include") or [])))
    return {"services": services, "failures": failures}


def list_services(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    found = [
        service.arn
        for service in backend.services.values()
        if service.cluster_name == cluster.name
        and service.status == "ACTIVE"
        and parameters.get("launchType") in (None, service.launch_type)
        and parameters.get("schedulingStrategy") in (None, service.scheduling_strategy)
    ]
    arns, token = page(found, parameters, default=10)
    return {"serviceArns": arns, "nextToken": token}


def update_service(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    service = _find_service(backend, cluster, parameters["service"])
    if service is None:
        raise errors.service_not_found()
    service.advance()
    if service.status != "ACTIVE":
        raise errors.service_not_active()
    definition = service.primary.definition
    if parameters.get("taskDefinition"):
        definition = task_definitions.to_run(backend, parameters["taskDefinition"])
    changes = {name: parameters[name] for name in (*_PLAIN, *_DEPLOYING) if parameters.get(name) is not None}
    settings = service.settings | changes
    settings["deploymentConfiguration"] = _deployment_configuration(
        parameters.get("deploymentConfiguration"), service.scheduling_strategy, service.configuration
    )
    strategy = parameters.get("capacityProviderStrategy")
    if strategy is not None:
        _check_strategy_change(service, cluster, strategy, bool(parameters.get("forceNewDeployment")))
    _complete_settings(backend, settings, definition, service.on_fargate or _is_fargate(strategy or []))
    if (parameters.get("desiredCount") or 0) < 0:
        raise errors.invalid("desiredCount must be zero or more.")

    deploying = bool(parameters.get("forceNewDeployment")) or definition is not service.primary.definition
    deploying = deploying or any(settings.get(name) != service.settings.get(name) for name in _DEPLOYING)
    service.settings = settings
    if strategy is not None:
        service.capacity_provider_strategy = [{"weight": 0, "base": 0} | item for item in strategy]
        service.launch_type = None if strategy else service.launch_type
    if deploying:
        service.deploy(definition, time.time())
    if parameters.get("desiredCount") is not None:
        service.scale(parameters["desiredCount"])
    return {"service": service.describe(True)}


def delete_service(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    service = _find_service(backend, cluster, parameters["service"])
    if service is not None:
        service.advance()
    if service is None or service.status == "INACTIVE":
        raise errors.service_not_found()
    if service.status == "ACTIVE":
        if service.desired_count > 0 and not parameters.get("force"):
            raise errors.invalid("The service cannot be stopped while it is scaled above 0.")
        service.drain()
    return {"service": service.describe(True)}


def list_service_deployments(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    service = _find_service(backend, cluster, parameters["service"])
    if service is None:
        raise errors.service_not_found()
    service.advance()
    wanted = parameters.get("status")
    created = parameters.get("createdAt") or {}
    found = [
        record.brief()
        for record in service.records
        if (not wanted or record.status in wanted)
        and (not created.get("after") or record.created_at >= _epoch(created["after"]))
        and (not created.get("before") or record.created_at <= _epoch(created["before"]))
    ]
    items, token = page(found, parameters, default=20)
    return {"serviceDeployments": items, "nextToken": token}


def describe_service_deployments(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    found, failures = [], []
    known = [record for service in _services(backend) for record in service.records]
    for wanted in parameters["serviceDeploymentArns"]:
        match = next((item for item in known if item.arn == wanted), None)
        if match is None:
            failures.append({"arn": wanted, "reason": "MISSING"})
        else:
            match.service.advance()
            found.append(match.describe())
    return {"serviceDeployments": found, "failures": failures}


def describe_service_revisions(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    found, failures = [], []
    known = [revision for service in _services(backend) for revision in service.revisions]
    for wanted in parameters["serviceRevisionArns"]:
        revision = next((item for item in known if item.revision_arn == wanted), None)
        if revision is None:
            failures.append({"arn": wanted, "reason": "MISSING"})
            continue
        service = revision.service
        found.append(
            {name: value for name, value in revision.settings.items() if name != "taskDefinition"}
            | {
                "serviceRevisionArn": wanted,
                "serviceArn": service.arn,
                "clusterArn": service.cluster.arn,
                "taskDefinition": revision.definition.arn,
                "capacityProviderStrategy": service.capacity_provider_strategy or None,
                "launchType": service.launch_type,
                "platformFamily": "Linux",
                "containerImages": [
                    {
                        "containerName": item["name"],
                        "image": item["image"],
                        "imageDigest": launch.image_digest(item["image"]),
                    }
                    for item in revision.definition.container_definitions
                ],
                "guardDutyEnabled": False,
                "createdAt": revision.describe()["createdAt"],
            }
        )
    return {"serviceRevisions": found, "failures": failures}


def _new_service(backend: Backend, cluster: Any, name: str, parameters: dict[str, Any]) -> Service:
    if (parameters.get("deploymentController") or {"type": "ECS"})["type"] != "ECS":
        raise AwsError("NotImplemented", "The emulator knows the deployment controller ECS only.", 501)
    if not parameters.get("taskDefinition"):
        raise errors.invalid("TaskDefinition can not be blank.")
    definition = task_definitions.to_run(backend, parameters["taskDefinition"])
    strategy = _strategy(cluster, parameters)
    launch_type = None if strategy else parameters.get("launchType") or "EC2"
    scheduling = parameters.get("schedulingStrategy") or "REPLICA"
    fargate = launch_type == "FARGATE" or _is_fargate(strategy)
    if scheduling == "DAEMON" and fargate:
        raise errors.invalid("The daemon scheduling strategy is not supported with the Fargate launch type.")
    if scheduling == "REPLICA" and parameters.get("desiredCount") is None:
        raise errors.invalid("desiredCount can not be null for services with the scheduling strategy REPLICA.")
    if (parameters.get("desiredCount") or 0) < 0:
        raise errors.invalid("desiredCount must be zero or more.")
    if not definition.supports("FARGATE" if fargate else "EC2"):
        raise errors.invalid(f"Task definition does not support launch_type {'FARGATE' if fargate else 'EC2'}.")
    settings = {name: parameters[name] for name in (*_PLAIN, *_DEPLOYING) if parameters.get(name) is not None}
    settings = {
        "loadBalancers": [],
        "serviceRegistries": [],
        "placementConstraints": [],
        "placementStrategy": [],
        "enableECSManagedTags": False,
        "enableExecuteCommand": False,
        "propagateTags": "NONE",
        "availabilityZoneRebalancing": "ENABLED",
    } | settings
    settings |= {
        "schedulingStrategy": scheduling,
        "deploymentController": {"type": "ECS"},
        "deploymentConfiguration": _deployment_configuration(
            parameters.get("deploymentConfiguration"), scheduling, None
        ),
    }
    if parameters.get("clientToken"):
        settings["clientToken"] = parameters["clientToken"]
    awsvpc = definition.network_mode == "awsvpc"
    if parameters.get("role") and awsvpc:
        raise errors.invalid("You cannot specify an IAM role for services that require a service linked role.")
    if awsvpc or settings["loadBalancers"]:
        settings["roleArn"] = parameters.get("role") or (
            f"arn:{backend.partition}:iam::{backend.account_id}:role/aws-service-role/ecs.amazonaws.com/"
            "AWSServiceRoleForECS"
        )
    _complete_settings(backend, settings, definition, fargate)
    return Service(
        backend,
        cluster,
        name,
        definition,
        settings,
        parameters.get("desiredCount") or 0,
        launch_type,
        [{"weight": 0, "base": 0} | item for item in strategy],
        parameters.get("tags") or [],
    )


def _complete_settings(backend: Backend, settings: dict[str, Any], definition: TaskDefinition, fargate: bool) -> None:
    """Check what a deployment of these settings needs, and fill in defaults."""
    if definition.network_mode == "awsvpc":
        settings["networkConfiguration"] = {
            "awsvpcConfiguration": check_network(backend, settings.get("networkConfiguration"))
        }
    elif settings.get("networkConfiguration"):
        raise errors.invalid("Network Configuration is not valid for the given networkMode of this task definition.")
    if fargate:
        settings.setdefault("platformVersion", "LATEST")
        _check_platform(settings["platformVersion"])
    elif settings.get("platformVersion"):
        raise errors.invalid("The platform version must be null when specifying an EC2 launch type.")
    if settings.get("healthCheckGracePeriodSeconds") and not settings["loadBalancers"]:
        raise errors.invalid("Health check grace period is only valid for services configured to use load balancers")
    if settings["loadBalancers"]:
        settings.setdefault("healthCheckGracePeriodSeconds", 0)
    if settings["enableExecuteCommand"] and not definition.fields.get("taskRoleArn"):
        raise errors.invalid(
            "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role "
            "in your task definition and try again."
        )
    for balancer in settings["loadBalancers"]:
        _check_load_balancer(backend, balancer, definition)


def _check_load_balancer(backend: Backend, balancer: dict[str, Any], definition: TaskDefinition) -> None:
    container = definition.container(balancer.get("containerName") or "")
    if container is None:
        raise errors.invalid(f"The container {balancer.get('containerName')} does not exist in the task definition.")
    port = balancer.get("containerPort")
    if port not in [mapping.get("containerPort") for mapping in container["portMappings"]]:
        raise errors.invalid(f"The container {container['name']} did not have a container port {port} defined.")
    group_arn = balancer.get("targetGroupArn")
    if not group_arn:
        raise errors.invalid("targetGroupArn must be specified: Classic Load Balancers do not support awsvpc.")
    group = elbv2.find_target_group(backend.account_id, backend.region_name, group_arn)
    if group is None:
        raise errors.invalid(
            "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role "
            f"being passed has the proper permissions. (The target group {group_arn} does not exist.)"
        )
    if definition.network_mode == "awsvpc" and group.target_type != "ip":
        raise errors.invalid(
            f"The provided target group {group_arn} has target type {group.target_type}, which is incompatible with "
            "the awsvpc network mode specified in the task definition."
        )
    if not elbv2.load_balancers_of(backend.account_id, backend.region_name, group_arn):
        raise errors.invalid(
            f"The target group with targetGroupArn {group_arn} does not have an associated load balancer."
        )


def _deployment_configuration(
    wanted: dict[str, Any] | None, scheduling: str, current: dict[str, Any] | None
) -> dict[str, Any]:
    defaults = current or {
        "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        "maximumPercent": 100 if scheduling == "DAEMON" else 200,
        "minimumHealthyPercent": 0 if scheduling == "DAEMON" else 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    }
    full = defaults | {name: value for name, value in (wanted or {}).items() if value is not None}
    if full["strategy"] != "ROLLING":
        raise AwsError("NotImplemented", "The emulator knows the deployment strategy ROLLING only.", 501)
    if full["maximumPercent"] < 100:
        raise errors.invalid("The maximumPercent must be greater than or equal to 100.")
    if not 0 <= full["minimumHealthyPercent"] <= 100 and scheduling == "DAEMON":
        raise errors.invalid("The minimumHealthyPercent must be between 0 and 100.")
    if full["minimumHealthyPercent"] > full["maximumPercent"]:
        raise errors.invalid("The minimumHealthyPercent must be less than the maximumPercent.")
    if scheduling != "DAEMON" and full["minimumHealthyPercent"] == full["maximumPercent"] == 100:
        raise errors.invalid(
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments."
        )
    return full


def _strategy(cluster: Any, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """The capacity provider strategy of a request; that of the cluster if it names no launch type either."""
    strategy = parameters.get("capacityProviderStrategy") or []
    if strategy and parameters.get("launchType"):
        raise errors.invalid("Specify either Launch Type or Capacity Provider Strategy, but not both.")
    if strategy:
        clusters.check_strategy(strategy, cluster.capacity_providers)
    elif not parameters.get("launchType"):
        strategy = cluster.default_capacity_provider_strategy or []
    return strategy


def _check_strategy_change(service: Service, cluster: Any, strategy: list[dict[str, Any]], forced: bool) -> None:
    clusters.check_strategy(strategy, cluster.capacity_providers)
    full = [{"weight": 0, "base": 0} | item for item in strategy]
    if full != service.capacity_provider_strategy and not forced:
        raise errors.invalid(
            "When switching from launch type to capacity provider strategy on an existing service, or making a change "
            "to a capacity provider strategy on a service that is already using one, you must force a new deployment."
        )


def _is_fargate(strategy: list[dict[str, Any]]) -> bool:
    return any(item["capacityProvider"] in FARGATE_PROVIDERS for item in strategy)


def _check_platform(version: str) -> None:
    if version not in _PLATFORM_VERSIONS:
        raise AwsError("PlatformUnknownException", "The specified platform does not exist.")


def _services(backend: Backend) -> list[Service]:
    return list(backend.services.values())  # type: ignore[arg-type]


def _find_service(backend: Backend, cluster: Any, name: str) -> Service | None:
    if name.startswith("arn:") and "/" in name.split(":")[-1]:
        parts = name.split(":")[-1].split("/")
        if len(parts) == 3 and parts[1] != cluster.name:
            return None
    return backend.services.get(f"{cluster.name}:{name.split('/')[-1]}")  # type: ignore[return-value]


def _epoch(moment: Any) -> float:

    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


# --- tasks


def run_task(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    token = parameters.get("clientToken")
    tokens = backend.__dict__.setdefault("emulated_run_tokens", {})
    if token and (cluster.name, token) in tokens:
        tasks, before = tokens[cluster.name, token]
        return _answer_again(tasks, before, parameters)
    count = 1 if parameters.get("count") is None else parameters["count"]
    if not 1 <= count <= 10:
        raise errors.invalid("count must be between 1 and 10.")
    definition = task_definitions.to_run(backend, parameters["taskDefinition"])
    strategy = _strategy(cluster, parameters)
    if not _is_fargate(strategy) and parameters.get("launchType") != "FARGATE":
        raise errors.invalid("No Container Instances were found in your cluster.")
    if not definition.supports("FARGATE"):
        raise errors.invalid("Task definition does not support launch_type FARGATE.")
    network = check_network(backend, parameters.get("networkConfiguration"))
    version = parameters.get("platformVersion") or "LATEST"
    _check_platform(version)
    overrides = parameters.get("overrides") or {}
    _check_overrides(definition, overrides)
    refused = launch.unassumable_role(backend, definition, overrides)
    if refused:
        raise errors.client(refused)
    if parameters.get("enableExecuteCommand") and not (
        overrides.get("taskRoleArn") or definition.fields.get("taskRoleArn")
    ):
        raise errors.invalid(
            "The task couldn't be run because a valid taskRoleArn is not being used. Specify a valid task role in your "
            "task definition and try again."
        )
    now = time.time()
    providers: list[str | None] = []
    tasks = []
    for number in range(count):
        provider = pick_provider(strategy, providers) if strategy else None
        providers.append(provider)
        task = Task(
            backend=backend,
            cluster=cluster,
            definition=definition,
            network=network,
            launch_type="FARGATE",
            group=parameters.get("group") or f"family:{definition.family}",
            started_by=parameters.get("startedBy") or "",
            created_at=now,
            capacity_provider=provider,
            overrides=overrides,
            tags=_run_tags(cluster, definition, parameters),
            platform_version=version,
            exec_enabled=bool(parameters.get("enableExecuteCommand")),
            zone_number=number,
        )
        backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task  # type: ignore[assignment]
        tasks.append(task)
    if token:
        tokens[cluster.name, token] = (tasks, parameters)
    return {"tasks": [task.describe() for task in tasks], "failures": []}


def describe_tasks(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    names = parameters.get("tasks") or []
    if not names:
        raise errors.invalid("Tasks cannot be empty.")
    if len(names) > 100:
        raise errors.invalid("Tasks cannot have more than 100 elements.")
    _advance_all(backend, cluster)
    found, failures = [], []
    for name in names:
        task = _find_task(backend, cluster, name)
        if task is None:
            missing = name if name.startswith("arn:") else arn(backend, f"task/{cluster.name}/{name}")
            failures.append({"arn": missing, "reason": "MISSING"})
        else:
            found.append(task.describe("TAGS" in (parameters.get("include") or [])))
    return {"tasks": found, "failures": failures}


def list_tasks(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    name = parameters.get("serviceName")
    if name and _find_service(backend, cluster, name) is None:
        raise errors.service_not_found()
    _advance_all(backend, cluster)
    service = _find_service(backend, cluster, name) if name else None
    desired = parameters.get("desiredStatus") or "RUNNING"
    found = [
        task.task_arn
        for task in _tasks(backend, cluster)
        if task.desired_status == desired
        and (service is None or task.service is service)
        and parameters.get("family") in (None, task.definition.family)
        and parameters.get("startedBy") in (None, task.started_by)
        and parameters.get("launchType") in (None, task.launch_type)
        and not parameters.get("containerInstance")
    ]
    arns, token = page(found, parameters)
    return {"taskArns": arns, "nextToken": token}


def stop_task(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    _advance_all(backend, cluster)
    task = _find_task(backend, cluster, parameters["task"])
    if task is None:
        raise errors.invalid("The referenced task was not found.")
    task.stop(time.time(), parameters.get("reason") or "Task stopped by user", "UserInitiated")
    return {"task": task.describe()}


def execute_command(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """A session that leads nowhere: that it would be given is all that can be tested."""
    backend = backend_of(response)
    cluster = active_cluster(backend, parameters.get("cluster"))
    _advance_all(backend, cluster)
    task = _find_task(backend, cluster, parameters["task"])
    if task is None:
        raise errors.invalid("The referenced task was not found.")
    if not task.exec_enabled or task.last_status != "RUNNING":
        raise errors.invalid(
            "The execute command failed because execute command was not enabled when the task was run or the execute "
            "command agent isn't running. Wait and try again or run a new task with execute command enabled and try "
            "again."
        )
    name = parameters.get("container") or task.containers[0].name
    container = next((item for item in task.containers if item.name == name), None)
    if container is None or (len(task.containers) > 1 and not parameters.get("container")):
        raise errors.invalid("A container name must be specified when the task has more than one container.")
    session = f"ecs-execute-command-{secrets.token_hex(9)}"
    return {
        "clusterArn": cluster.arn,
        "containerArn": container.arn,
        "containerName": name,
        "interactive": parameters["interactive"],
        "session": {
            "sessionId": session,
            "streamUrl": f"wss://ssmmessages.{backend.region_name}.amazonaws.com/v1/data-channel/{session}?role=publish_subscribe",
            "tokenValue": str(uuid.uuid4()),
        },
        "taskArn": task.task_arn,
    }


def _answer_again(tasks: list[Task], before: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """The same token gives the same tasks, and is refused with other parameters."""
    if before != parameters:
        raise AwsError(
            "ConflictException",
            "The RunTask request could not be processed due to conflicts. The provided clientToken "
            "is already in use with a different RunTask request.",
        )
    for task in tasks:
        advance(task)
    return {"tasks": [task.describe() for task in tasks], "failures": []}


def _check_overrides(definition: TaskDefinition, overrides: dict[str, Any]) -> None:
    for override in overrides.get("containerOverrides") or []:
        if definition.container(override.get("name") or "") is None:
            raise errors.invalid(
                f"Override for container named {override.get('name')} is not a container in the TaskDefinition."
            )
    cpu = int(overrides.get("cpu") or definition.fields["cpu"])
    memory = int(overrides.get("memory") or definition.fields["memory"])
    if memory not in task_definitions.FARGATE_MEMORY.get(cpu, []):
        raise errors.client(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
            "See the Amazon ECS documentation for the valid values."
        )


def _run_tags(cluster: Any, definition: TaskDefinition, parameters: dict[str, Any]) -> list[dict[str, str]]:
    tags: dict[str, str] = {}
    if parameters.get("propagateTags") == "TASK_DEFINITION":
        tags |= {tag["key"]: tag.get("value", "") for tag in definition.tags}
    tags |= {tag["key"]: tag.get("value", "") for tag in parameters.get("tags") or []}
    if parameters.get("enableECSManagedTags"):
        tags["aws:ecs:clusterName"] = cluster.name
    return [{"key": key, "value": value} for key, value in tags.items()]


def _tasks(backend: Backend, cluster: Any) -> list[Task]:
    return list(backend.tasks.get(cluster.name, {}).values())  # type: ignore[arg-type]


def _advance_all(backend: Backend, cluster: Any) -> None:
    """Tasks of services go on with their services, the others by themselves."""
    for service in _services(backend):
        if service.cluster_name == cluster.name:
            service.advance()
    for task in _tasks(backend, cluster):
        if task.service is None:
            advance(task)


def _find_task(backend: Backend, cluster: Any, name: str) -> Task | None:
    return next((task for task in _tasks(backend, cluster) if name in (task.task_arn, task.id)), None)

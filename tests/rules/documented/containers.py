"""ECS on Fargate: clusters, task definitions, services, tasks, and how services scale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_NAME = r"[A-Za-z0-9_-]+"
_FARGATE = page("AmazonECS/latest/developerguide/fargate-tasks-services.html")
_GIB = 1024

#: What memory, in MiB, goes with which CPU units.
_SIZES: dict[int, list[int]] = {
    256: [512, 1 * _GIB, 2 * _GIB],
    512: [gib * _GIB for gib in range(1, 5)],
    1024: [gib * _GIB for gib in range(2, 9)],
    2048: [gib * _GIB for gib in range(4, 17)],
    4096: [gib * _GIB for gib in range(8, 31)],
    8192: [gib * _GIB for gib in range(16, 61, 4)],
    16384: [gib * _GIB for gib in range(32, 121, 8)],
}


def _is_fargate(request: Request) -> bool:
    return "FARGATE" in request.get("requiresCompatibilities", [])


def _containers(request: Request) -> list[dict[str, Any]]:
    return request.get("containerDefinitions", [])


@rule("ecs:CreateCluster", source=api("ecs", "CreateCluster"))
def names_of_clusters(request: Request, _world: World) -> Iterator[str]:
    """A cluster's name has at most 255 letters, digits, underscores and hyphens."""
    yield from text_problem("clusterName", request.get("clusterName"), _NAME, 255)


@rule("ecs:CreateService", source=api("ecs", "CreateService"))
def names_of_services(request: Request, _world: World) -> Iterator[str]:
    """A service's name has at most 255 letters, digits, underscores and hyphens."""
    yield from text_problem("serviceName", request.get("serviceName"), _NAME, 255)


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "RegisterTaskDefinition"))
def names_of_containers(request: Request, _world: World) -> Iterator[str]:
    """The names of a family and its containers have at most 255 letters, digits, underscores and hyphens; no name
    twice."""
    yield from text_problem("family", request.get("family"), _NAME, 255)
    names = [container.get("name", "") for container in _containers(request)]
    for name in names:
        yield from text_problem("a container's name", name, _NAME, 255)
    if len(set(names)) < len(names):
        yield f"the containers are {', '.join(names)}"


@rule("ecs:RegisterTaskDefinition", source=_FARGATE)
def sizes_of_tasks(request: Request, _world: World) -> Iterator[str]:
    """Fargate has certain sizes of tasks only."""
    if _is_fargate(request):
        cpu, memory = request.get("cpu", ""), request.get("memory", "")
        if not (cpu.isdigit() and memory.isdigit() and int(memory) in _SIZES.get(int(cpu), [])):
            yield f"cpu is {cpu!r}, memory {memory!r}"


@rule("ecs:RegisterTaskDefinition", source=_FARGATE)
def shares_of_containers(request: Request, _world: World) -> Iterator[str]:
    """The containers of a task on Fargate have no more CPU and memory together than the task, and none reserves more
    memory than its own limit. Memory is what a container reserves, or else its limit."""
    if not _is_fargate(request):
        return
    for share, whole in (("cpu", request.get("cpu", "0")), ("memory", request.get("memory", "0"))):
        together = sum(
            (share == "memory" and container.get("memoryReservation")) or container.get(share) or 0
            for container in _containers(request)
        )
        if together > int(whole):
            yield f"the containers' {share} is {together} of {whole}"
    for container in _containers(request):
        limit, reserved = container.get("memory"), container.get("memoryReservation")
        if limit is not None and reserved is not None and reserved >= limit:
            yield f"{container['name']} reserves {reserved} of {limit}"


@rule("ecs:RegisterTaskDefinition", source=_FARGATE)
def network_of_tasks(request: Request, _world: World) -> Iterator[str]:
    """Tasks on Fargate use the network mode awsvpc, in which a host's port is the container's own or not given."""
    if _is_fargate(request) and request.get("networkMode") != "awsvpc":
        yield f"networkMode is {request.get('networkMode')}"
    for container in _containers(request):
        for mapping in container.get("portMappings", []):
            if mapping.get("hostPort") not in (None, mapping.get("containerPort")):
                yield f"{container['name']} maps {mapping['containerPort']} to {mapping['hostPort']}"


@rule("ecs:RegisterTaskDefinition", source=_FARGATE)
def ports_of_containers(request: Request, _world: World) -> Iterator[str]:
    """Two containers of one task in awsvpc mode cannot listen on the same port."""
    ports = [
        mapping["containerPort"] for container in _containers(request) for mapping in container.get("portMappings", [])
    ]
    if len(set(ports)) < len(ports):
        yield f"the ports are {ports}"


@rule("ecs:RegisterTaskDefinition", source=page("AmazonECS/latest/developerguide/task_execution_IAM_role.html"))
def execution_roles(request: Request, _world: World) -> Iterator[str]:
    """Fargate needs an execution role to write logs with awslogs, to pull from ECR and to hand out secrets."""
    if not _is_fargate(request) or request.get("executionRoleArn"):
        return
    for container in _containers(request):
        writes = container.get("logConfiguration", {}).get("logDriver") == "awslogs"
        if writes or container.get("secrets") or ".dkr.ecr." in container.get("image", ""):
            yield f"{container['name']} has none"


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "RegisterTaskDefinition"))
def roles_of_tasks(request: Request, _world: World) -> Iterator[str]:
    """The roles of a task are named by ARNs of roles, or by their names."""
    for name in ("taskRoleArn", "executionRoleArn"):
        yield from text_problem(name, request.get(name), r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+|[\w+=,.@-]+")


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "HealthCheck"))
def health_checks_of_containers(request: Request, _world: World) -> Iterator[str]:
    """A container's health check begins with CMD, CMD-SHELL or NONE; its interval is 5 to 300 s, its time-out 2 to 60
    s, its start period 0 to 300 s, and it is tried 1 to 10 times."""
    for container in _containers(request):
        check = container.get("healthCheck")
        if check is None:
            continue
        command = check.get("command") or [""]
        if command[0] not in ("CMD", "CMD-SHELL", "NONE") or (command[0] == "CMD-SHELL" and len(command) != 2):
            yield f"{container['name']} has the command {command}"
        for name, least, most in (
            ("interval", 5, 300),
            ("timeout", 2, 60),
            ("retries", 1, 10),
            ("startPeriod", 0, 300),
        ):
            yield from range_problem(f"{container['name']}'s {name}", check.get(name), least, most)


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "ContainerDefinition"))
def essential_containers(request: Request, _world: World) -> Iterator[str]:
    """A task has at least one essential container, which every container is that does not say otherwise."""
    if not any(container.get("essential", True) for container in _containers(request)):
        yield "none is essential"


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "ContainerDependency"))
def order_of_containers(request: Request, _world: World) -> Iterator[str]:
    """A container depends on others of its task, without a circle; HEALTHY needs a health check there, and COMPLETE and
    SUCCESS a container that is not essential."""
    containers = {container["name"]: container for container in _containers(request)}
    for name, container in containers.items():
        for dependency in container.get("dependsOn", []):
            other = containers.get(dependency["containerName"])
            condition = dependency["condition"]
            if other is None:
                yield f"{name} depends on {dependency['containerName']}"
            elif condition == "HEALTHY" and not other.get("healthCheck"):
                yield f"{name} waits for {other['name']}, which has no health check"
            elif condition in ("COMPLETE", "SUCCESS") and other.get("essential", True):
                yield f"{name} waits for the end of {other['name']}, which is essential"
    done: set[str] = set()
    while containers.keys() - done:
        ready = {
            name
            for name, container in containers.items()
            if {dependency["containerName"] for dependency in container.get("dependsOn", [])} & containers.keys()
            <= done
        }
        if ready <= done:
            yield f"{', '.join(sorted(containers.keys() - done))} wait for each other"
            return
        done |= ready


@rule("ecs:RegisterTaskDefinition", source=page("AmazonECS/latest/developerguide/using_awslogs.html"))
def logs_of_containers(request: Request, _world: World) -> Iterator[str]:
    """The log driver awslogs has a log group and a region, and on Fargate a prefix of the streams."""
    for container in _containers(request):
        logging = container.get("logConfiguration", {})
        if logging.get("logDriver") != "awslogs":
            continue
        needed = ["awslogs-group", "awslogs-region", *(["awslogs-stream-prefix"] if _is_fargate(request) else [])]
        missing = [name for name in needed if not logging.get("options", {}).get(name)]
        if missing:
            yield f"{container['name']} lacks {', '.join(missing)}"


@rule("ecs:RegisterTaskDefinition", source=_FARGATE)
def disks_of_tasks(request: Request, _world: World) -> Iterator[str]:
    """The ephemeral storage that is asked of Fargate is 21 to 200 GiB; 20 are there anyway."""
    yield from range_problem("ephemeralStorage", request.get("ephemeralStorage", {}).get("sizeInGiB"), 21, 200)


@rule("ecs:RegisterTaskDefinition", source=page("AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html"))
def secrets_of_containers(request: Request, _world: World) -> Iterator[str]:
    """A secret comes from the ARN of a secret, with key, label and version after it or nothing, or from an SSM
    parameter; its variable is no other secret's and no plain variable's."""
    arn = r"arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+(:[^:]*:[^:]*:[^:]*)?"
    parameter = r"(arn:aws[\w-]*:ssm:[a-z0-9-]+:\d{12}:parameter)?/?[\w./-]+"
    for container in _containers(request):
        secrets = container.get("secrets", [])
        for secret in secrets:
            yield from text_problem(
                f"{container['name']}'s {secret['name']}", secret["valueFrom"], f"{arn}|{parameter}"
            )
        names = [one["name"] for one in (*secrets, *container.get("environment", []))]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            yield f"{container['name']} has {', '.join(twice)} twice"


@rule("ecs:RegisterTaskDefinition", source=_FARGATE)
def what_fargate_lacks(request: Request, _world: World) -> Iterator[str]:
    """On Fargate there is no privileged container, no device, shared memory or tmpfs, of the capabilities SYS_PTRACE
    only, of the host's settings only some; links, host names, DNS and extra hosts belong to other network modes."""
    if not _is_fargate(request):
        return
    for container in _containers(request):
        linux = container.get("linuxParameters", {})
        wrong = [name for name in ("devices", "sharedMemorySize", "tmpfs", "maxSwap", "swappiness") if linux.get(name)]
        wrong += sorted(set(linux.get("capabilities", {}).get("add", [])) - {"SYS_PTRACE"})
        others = (
            "privileged",
            "links",
            "hostname",
            "dnsServers",
            "dnsSearchDomains",
            "extraHosts",
            "dockerSecurityOptions",
        )
        wrong += [name for name in others if container.get(name)]
        if wrong:
            yield f"{container['name']} has {', '.join(wrong)}"


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "ContainerDefinition"))
def ends_of_containers(request: Request, _world: World) -> Iterator[str]:
    """On Fargate a container is given 2 to 120 s to stop, and 2 to 120 s to start."""
    for container in _containers(request):
        for name in ("stopTimeout", "startTimeout"):
            yield from range_problem(f"{container['name']}'s {name}", container.get(name), 2, 120)


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "ContainerDefinition"))
def images_of_containers(request: Request, _world: World) -> Iterator[str]:
    """An image is named with at most 255 letters, digits and -_:./#, and a digest after @ has 64 hexadecimal digits."""
    for container in _containers(request):
        pattern = r"[A-Za-z0-9_:./#-]{1,255}(@sha256:[0-9a-fA-F]{64})?"
        yield from text_problem(f"{container['name']}'s image", container.get("image"), pattern)


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "EFSVolumeConfiguration"))
def file_systems_of_tasks(request: Request, _world: World) -> Iterator[str]:
    """With an access point or IAM the traffic to EFS is encrypted; with an access point the root directory is / or not
    given."""
    for volume in request.get("volumes", []):
        efs = volume.get("efsVolumeConfiguration")
        if not efs:
            continue
        access = efs.get("authorizationConfig", {})
        if access and efs.get("transitEncryption") != "ENABLED":
            yield f"{volume['name']} is not encrypted in transit"
        if access.get("accessPointId") and efs.get("rootDirectory", "/") != "/":
            yield f"{volume['name']} begins at {efs['rootDirectory']}"


@rule("ecs:RegisterTaskDefinition", source=api("ecs", "MountPoint"))
def mounts_of_containers(request: Request, _world: World) -> Iterator[str]:
    """A container mounts volumes that its task has."""
    volumes = {volume["name"] for volume in request.get("volumes", [])}
    for container in _containers(request):
        missing = {mount.get("sourceVolume") for mount in container.get("mountPoints", [])} - volumes
        if missing:
            yield f"{container['name']} mounts {', '.join(sorted(map(str, missing)))}"


_PLACED = ("ecs:CreateService", "ecs:UpdateService", "ecs:RunTask")


@rule(*_PLACED, source=api("ecs", "AwsVpcConfiguration"))
def networks_of_services(request: Request, _world: World) -> Iterator[str]:
    """In awsvpc mode a task has 1 to 16 subnets and at most 5 security groups, and is told whether it gets a public
    address by ENABLED or DISABLED; it must be told its network when it is made."""
    placed = request.get("networkConfiguration", {}).get("awsvpcConfiguration")
    if placed is None:
        if request.operation != "UpdateService":
            yield "it has no networkConfiguration"
        return
    yield from range_problem("the number of subnets", len(placed.get("subnets", [])), 1, 16)
    yield from range_problem("the number of security groups", len(placed.get("securityGroups", [])), 0, 5)


@rule("ecs:CreateService", "ecs:UpdateService", source=api("ecs", "DeploymentConfiguration"))
def bounds_of_deployments(request: Request, _world: World) -> Iterator[str]:
    """During a deployment 0 to 100 percent stay healthy and 100 percent or more run at most; one of the two leaves room
    for a change."""
    deployment = request.get("deploymentConfiguration", {})
    least, most = deployment.get("minimumHealthyPercent"), deployment.get("maximumPercent")
    yield from range_problem("minimumHealthyPercent", least, 0, 100)
    yield from range_problem("maximumPercent", most, 100, 2147483647)
    if least == most == 100:
        yield "both are 100"


@rule(*_PLACED, source=api("ecs", "CapacityProviderStrategyItem"))
def capacity_of_services(request: Request, _world: World) -> Iterator[str]:
    """A strategy of capacity providers has weights of 0 to 1000, not all 0, at most one base above 0, up to 20
    providers, and no launch type beside it."""
    strategy = request.get("capacityProviderStrategy", [])
    if not strategy:
        return
    if request.get("launchType"):
        yield f"launchType is {request.get('launchType')}"
    for item in strategy:
        yield from range_problem(f"{item['capacityProvider']}'s weight", item.get("weight", 0), 0, 1000)
        yield from range_problem(f"{item['capacityProvider']}'s base", item.get("base", 0), 0, 100000)
    if not any(item.get("weight", 0) for item in strategy):
        yield "all weights are 0"
    if sum(item.get("base", 0) > 0 for item in strategy) > 1:
        yield "more than one has a base"
    yield from range_problem("the number of providers", len(strategy), 1, 20)


@rule(*_PLACED, source=api("ecs", "CreateService"))
def capacity_of_clusters(request: Request, world: World) -> Iterator[str]:
    """A strategy names capacity providers that its cluster has."""
    known: dict[str, list[str]] = {}
    for made in world.done("ecs:CreateCluster", "ecs:PutClusterCapacityProviders"):
        cluster = made.get("clusterName") or made.get("cluster")
        known[cluster.rpartition("/")[2]] = made.get("capacityProviders", [])
    providers = known.get(request.get("cluster", "default").rpartition("/")[2])
    for item in request.get("capacityProviderStrategy", []):
        if providers is not None and item["capacityProvider"] not in providers:
            yield f"{item['capacityProvider']} is none of {', '.join(providers)}"


@rule("ecs:CreateService", "ecs:UpdateService", source=api("ecs", "CreateService"))
def grace_of_services(request: Request, _world: World) -> Iterator[str]:
    """A grace period for health checks is for a service behind a load balancer, and at most 2147483647 s."""
    seconds = request.get("healthCheckGracePeriodSeconds")
    yield from range_problem("healthCheckGracePeriodSeconds", seconds, 0, 2147483647)
    if request.operation == "CreateService" and seconds is not None and not request.get("loadBalancers"):
        yield "it has no load balancer"


@rule("ecs:CreateService", "ecs:UpdateService", source=page("AmazonECS/latest/developerguide/alb.html"))
def targets_of_services(request: Request, world: World) -> Iterator[str]:
    """The target groups of tasks in awsvpc mode have targets of type ip, and a listener or a rule leads to them."""
    led_to = str(
        [
            done.parameters
            for done in world.done(
                "elbv2:CreateListener", "elbv2:ModifyListener", "elbv2:CreateRule", "elbv2:ModifyRule"
            )
        ]
    )
    for target in request.get("loadBalancers", []):
        group = world.target_group(target["targetGroupArn"])
        if group is None:
            continue
        if group.get("TargetType") != "ip":
            yield f"{group['Name']} has targets of type {group.get('TargetType', 'instance')}"
        if target["targetGroupArn"] not in led_to:
            yield f"no listener leads to {group['Name']}"


@rule("ecs:CreateService", "ecs:UpdateService", source=api("ecs", "LoadBalancer"))
def containers_behind_load_balancers(request: Request, world: World) -> Iterator[str]:
    """A load balancer's container and port are in the task definition."""
    definition = world.task_definition(request.get("taskDefinition", ""))
    if definition is None:
        return
    ports = {
        (container["name"], mapping["containerPort"])
        for container in definition["containerDefinitions"]
        for mapping in container.get("portMappings", [])
    }
    for target in request.get("loadBalancers", []):
        if (target["containerName"], target["containerPort"]) not in ports:
            yield f"{target['containerName']}:{target['containerPort']} is none of {sorted(ports)}"


@rule(*_PLACED, source=page("AmazonECS/latest/developerguide/ecs-exec.html"))
def exec_into_services(request: Request, world: World) -> Iterator[str]:
    """ECS Exec needs a task role."""
    definition = world.task_definition(request.get("taskDefinition", ""))
    if request.get("enableExecuteCommand") and definition is not None and not definition.get("taskRoleArn"):
        yield f"{request.get('taskDefinition')} has none"


@rule("ecs:RunTask", source=api("ecs", "RunTask"))
def tasks_of_nobody(request: Request, _world: World) -> Iterator[str]:
    """At most 10 tasks are run in a call; who started them is told in at most 128 letters, digits, hyphens, slashes and
    underscores."""
    yield from range_problem("count", request.get("count"), 1, 10)
    yield from text_problem("startedBy", request.get("startedBy"), r"[A-Za-z0-9/_-]*", 128)


@rule("ecs:RunTask", "ecs:CreateService", source=api("ecs", "RunTask"))
def tokens_of_ecs(request: Request, _world: World) -> Iterator[str]:
    """A client token has at most 64 visible ASCII characters, that of a service at most 36."""
    yield from text_problem(
        "clientToken", request.get("clientToken"), r"[!-~]*", 64 if request.operation == "RunTask" else 36
    )


@rule("application-autoscaling:RegisterScalableTarget", source=api("application-autoscaling", "RegisterScalableTarget"))
def bounds_of_scaling(request: Request, _world: World) -> Iterator[str]:
    """The least number of tasks is not negative and not above the greatest."""
    least, most = request.get("MinCapacity"), request.get("MaxCapacity")
    if least is not None and most is not None and not 0 <= least <= most:
        yield f"they are {least} and {most}"


@rule("application-autoscaling:*", source=api("application-autoscaling", "RegisterScalableTarget"))
def what_scales(request: Request, _world: World) -> Iterator[str]:
    """An ECS service scales as service/<cluster>/<service>."""
    if request.get("ServiceNamespace") == "ecs":
        yield from text_problem("ResourceId", request.get("ResourceId"), r"service/[\w-]+/[\w-]+")


@rule(
    "application-autoscaling:PutScalingPolicy", source=api("application-autoscaling", "PredefinedMetricSpecification")
)
def measures_of_scaling(request: Request, _world: World) -> Iterator[str]:
    """A service scales by its CPU, its memory, or the requests of a target group, which is then named by a label; a
    percentage is above 0 and at most 100."""
    tracking = request.get("TargetTrackingScalingPolicyConfiguration", {})
    metric = tracking.get("PredefinedMetricSpecification", {})
    kind, label = metric.get("PredefinedMetricType"), metric.get("ResourceLabel")
    if kind in ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"):
        if label:
            yield f"{kind} has a label"
        if not 0 < tracking["TargetValue"] <= 100:
            yield f"TargetValue is {tracking['TargetValue']}"
    elif kind == "ALBRequestCountPerTarget":
        yield from text_problem("ResourceLabel", label or "", r"app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+")
    elif kind is not None:
        yield f"{kind} is no measure of a service"


@rule("application-autoscaling:PutScheduledAction", source=api("application-autoscaling", "PutScheduledAction"))
def schedules_of_scaling(request: Request, _world: World) -> Iterator[str]:
    """A scheduled action has an expression at(), rate() or cron() of six fields, and at least one bound."""
    expression = request.get("Schedule", "")
    is_rate = re.fullmatch(r"rate\((1 (minute|hour|day)|[1-9]\d* (minutes|hours|days))\)", expression)
    is_at = re.fullmatch(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)", expression)
    is_cron = re.fullmatch(r"cron\((\S+ ){5}\S+\)", expression)
    if request.get("Schedule") and not (is_rate or is_at or is_cron):
        yield f"Schedule is {expression!r}"
    bounds = request.get("ScalableTargetAction", {})
    if "MinCapacity" not in bounds and "MaxCapacity" not in bounds:
        yield "it has no bound"


RULES: tuple[Rule, ...] = (
    names_of_clusters,
    names_of_services,
    names_of_containers,
    sizes_of_tasks,
    shares_of_containers,
    network_of_tasks,
    ports_of_containers,
    execution_roles,
    roles_of_tasks,
    health_checks_of_containers,
    essential_containers,
    order_of_containers,
    logs_of_containers,
    disks_of_tasks,
    secrets_of_containers,
    what_fargate_lacks,
    ends_of_containers,
    images_of_containers,
    file_systems_of_tasks,
    mounts_of_containers,
    networks_of_services,
    bounds_of_deployments,
    capacity_of_services,
    capacity_of_clusters,
    grace_of_services,
    targets_of_services,
    containers_behind_load_balancers,
    exec_into_services,
    tasks_of_nobody,
    tokens_of_ecs,
    bounds_of_scaling,
    what_scales,
    measures_of_scaling,
    schedules_of_scaling,
)

"""Target groups and the health of their targets.

Targets of ECS tasks are healthy as their containers' rules say; others as soon as they are registered. A health check
that the security groups do not let through times out, as on AWS. Registration takes half of ``ecs_task``, draining a
quarter of it (at most the deregistration delay): the time of the emulator is that of the tasks.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.elbv2.models import FakeTargetGroup, elbv2_backends

from ...errors import AwsError
from ...state import STATE
from .common import (
    Backend,
    as_dict,
    backend_of,
    check_name,
    invalid,
    invalid_configuration,
    load_balancer_not_found,
    tags_of,
    target_groups_not_found,
    uses_of,
)
from .load_balancers import paginate

_HEALTH = {
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
}
_HTTP = _HEALTH | {
    "deregistration_delay.timeout_seconds": "300",
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "slow_start.duration_seconds": "0",
}
_TCP = _HEALTH | {
    "deregistration_delay.timeout_seconds": "300",
    "deregistration_delay.connection_termination.enabled": "false",
    "stickiness.enabled": "false",
    "stickiness.type": "source_ip",
    "preserve_client_ip.enabled": "true",
    "proxy_protocol_v2.enabled": "false",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
}
_LAMBDA = {"lambda.multi_value_headers.enabled": "false"}
_RANGES = {
    "HealthCheckIntervalSeconds": ("Health check interval", 5, 300),
    "HealthCheckTimeoutSeconds": ("Health check timeout", 2, 120),
    "HealthyThresholdCount": ("Healthy threshold count", 2, 10),
    "UnhealthyThresholdCount": ("Unhealthy threshold count", 2, 10),
    "Port": ("Port", 1, 65535),
}
_CODES = re.compile(r"\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*")
# What a request may set, with the name that moto's class has for it.
_SETTINGS = {
    "Protocol": "protocol",
    "Port": "port",
    "VpcId": "vpc_id",
    "TargetType": "target_type",
    "ProtocolVersion": "protocol_version",
    "HealthCheckProtocol": "health_check_protocol",
    "HealthCheckPort": "health_check_port",
    "HealthCheckPath": "health_check_path",
    "HealthCheckIntervalSeconds": "health_check_interval_seconds",
    "HealthCheckTimeoutSeconds": "health_check_timeout_seconds",
    "HealthyThresholdCount": "healthy_threshold_count",
    "UnhealthyThresholdCount": "unhealthy_threshold_count",
}


@dataclass
class Target:
    """A registered target."""

    id: str
    port: int | None
    registered_at: float
    zone: str | None = None
    probe: Callable[[], bool] = lambda: True
    groups: list[str] = field(default_factory=list)
    draining_since: float | None = None
    initial_until: float = 0.0

    def __post_init__(self) -> None:
        self.initial_until = self.registered_at + STATE.seconds("ecs_task") / 2


# --- for ECS


def find_target_group(account: str, region: str, arn: str) -> Any | None:
    return elbv2_backends[account][region].target_groups.get(arn)


def load_balancers_of(account: str, region: str, arn: str) -> list[Any]:
    """The load balancers with a listener or rule that forwards to a target group."""
    used = uses_of(elbv2_backends[account][region])
    return list({balancer.arn: balancer for balancer, group in used if group == arn}.values())


def register_task(
    account: str,
    region: str,
    arn: str,
    address: str,
    port: int,
    zone: str,
    probe: Callable[[], bool],
    groups: list[str],
    at: float,
) -> None:
    """Register a task's address; ``probe`` tells what a health check finds."""
    group = find_target_group(account, region, arn)
    if group is not None:
        group.targets[address, port] = Target(address, port, at, zone, probe, groups)


def deregister_task(account: str, region: str, arn: str, address: str, port: int, at: float) -> None:
    group = find_target_group(account, region, arn)
    target = group.targets.get((address, port)) if group is not None else None
    if target is not None and target.draining_since is None:
        target.draining_since = at


def finds_unhealthy(account: str, region: str, arn: str, address: str, port: int) -> bool:
    """Whether health checks of a target fail, once they have begun."""
    group = find_target_group(account, region, arn)
    target = group.targets.get((address, port)) if group is not None else None
    return target is not None and _verdict(group, target)["State"] == "unhealthy"


# --- operations


def create(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    name = parameters.get("Name") or ""
    check_name("Target group", name)
    kind = parameters.get("TargetType") or "instance"
    _check_numbers(parameters)
    existing = next((item for item in backend.target_groups.values() if item.name == name), None)
    if existing is not None:
        if _same(backend, existing, parameters):
            return {"TargetGroups": [existing]}
        message = f"A target group with the same name '{name}' exists, but with different settings"
        raise AwsError("DuplicateTargetGroupName", message)
    if parameters.get("HealthCheckEnabled") is False and kind != "lambda":
        raise invalid_configuration(f"Health check enabled must be true for target groups with target type '{kind}'")
    group = backend.create_target_group(
        name,
        vpc_id=parameters.get("VpcId"),
        protocol=parameters.get("Protocol"),
        protocol_version=parameters.get("ProtocolVersion"),
        port=parameters.get("Port"),
        healthcheck_protocol=parameters.get("HealthCheckProtocol"),
        healthcheck_port=parameters.get("HealthCheckPort"),
        healthcheck_path=parameters.get("HealthCheckPath"),
        healthcheck_interval_seconds=parameters.get("HealthCheckIntervalSeconds"),
        healthcheck_timeout_seconds=parameters.get("HealthCheckTimeoutSeconds"),
        healthcheck_enabled=None if kind != "lambda" else str(bool(parameters.get("HealthCheckEnabled"))).lower(),
        healthy_threshold_count=parameters.get("HealthyThresholdCount"),
        unhealthy_threshold_count=parameters.get("UnhealthyThresholdCount"),
        matcher=parameters.get("Matcher"),
        ip_address_type=parameters.get("IpAddressType"),
        target_type=kind,
        tags=parameters.get("Tags"),
    )
    if group.protocol in ("HTTP", "HTTPS") and parameters.get("ProtocolVersion"):
        group.protocol_version = parameters["ProtocolVersion"]  # moto has HTTP1 for all
    group.attributes = dict(_defaults(group))
    return {"TargetGroups": [group]}


def describe(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    arns, names = parameters.get("TargetGroupArns") or [], parameters.get("Names") or []
    balancer = parameters.get("LoadBalancerArn")
    if sum(map(bool, (arns, names, balancer))) > 1:
        raise invalid(
            "Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time"
        )
    found = sorted(backend.target_groups.values(), key=lambda group: group.name)
    if balancer:
        if balancer not in backend.load_balancers:
            raise load_balancer_not_found()
        used = {group for item, group in uses_of(backend) if item.arn == balancer}
        found = [group for group in found if group.arn in used]
    elif arns or names:
        found = [group for group in found if group.arn in arns or group.name in names]
        if len(found) < len({*arns, *names}):
            raise target_groups_not_found()
    items, marker = paginate(found, parameters)
    return {"TargetGroups": items, "NextMarker": marker}


def modify(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    group = find(backend_of(response), parameters["TargetGroupArn"])
    _check_numbers(parameters)
    interval = parameters.get("HealthCheckIntervalSeconds") or int(group.health_check_interval_seconds)
    timeout = parameters.get("HealthCheckTimeoutSeconds") or int(group.health_check_timeout_seconds)
    if timeout >= interval and group.protocol in ("HTTP", "HTTPS"):
        raise invalid(f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'")
    for name, attribute in _SETTINGS.items():
        if (name.startswith(("Health", "Unhealthy"))) and parameters.get(name) is not None:
            setattr(group, attribute, parameters[name])
    if parameters.get("Matcher"):
        group.matcher = parameters["Matcher"]
    return {"TargetGroups": [group]}


def delete(response: Any, parameters: dict[str, Any]) -> None:
    """Deleting what is not there is no error that the API reference knows."""
    backend = backend_of(response)
    arn = parameters["TargetGroupArn"]
    if load_balancers_of(backend.account_id, backend.region_name, arn):
        raise AwsError("ResourceInUse", f"Target group '{arn}' is currently in use by a listener or a rule")
    if backend.target_groups.pop(arn, None) is not None:
        backend.tagging_service.delete_all_tags_for_resource(arn)


def describe_attributes(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"Attributes": dict(sorted(find(backend_of(response), parameters["TargetGroupArn"]).attributes.items()))}


def modify_attributes(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    group = find(backend, parameters["TargetGroupArn"])
    wanted = {item["Key"]: item.get("Value", "") for item in parameters.get("Attributes") or []}
    for key, value in wanted.items():
        if key not in _defaults(group):
            raise invalid(f"Target group attribute key '{key}' is not recognized")
        if key.endswith(".enabled") and value not in ("true", "false", "use_load_balancer_configuration"):
            raise invalid(f"'{key}' value '{value}' must be one of [true, false]")
        if key == "slow_start.duration_seconds" and not (value.isdigit() and (value == "0" or 30 <= int(value) <= 900)):
            raise invalid(f"'{key}' value '{value}' must be between '30-900' inclusive or 0")
        if key == "deregistration_delay.timeout_seconds" and not (value.isdigit() and int(value) <= 3600):
            raise invalid(f"'{key}' value '{value}' must be between '0-3600' inclusive")
    backend.modify_target_group_attributes(group.arn, wanted)
    return describe_attributes(response, parameters)


def register(response: Any, parameters: dict[str, Any]) -> None:
    backend = backend_of(response)
    group = find(backend, parameters["TargetGroupArn"])
    for wanted in parameters.get("Targets") or []:
        _check_target(backend, group, wanted)
    for wanted in parameters.get("Targets") or []:
        port = wanted.get("Port") or group.port
        known = group.targets.get((wanted["Id"], port))
        if known is None or known.draining_since is not None:
            group.targets[wanted["Id"], port] = Target(
                wanted["Id"], port, time.time(), _zone(backend, group, wanted), groups=_target_groups(backend, wanted)
            )


def deregister(response: Any, parameters: dict[str, Any]) -> None:
    group = find(backend_of(response), parameters["TargetGroupArn"])
    for wanted in parameters.get("Targets") or []:
        for target in _matching(group, wanted):
            target.draining_since = target.draining_since or time.time()


def describe_health(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    group = find(backend_of(response), parameters["TargetGroupArn"])
    _forget_drained(group)
    wanted = parameters.get("Targets")
    if not wanted:
        return {"TargetHealthDescriptions": [_description(group, target) for target in group.targets.values()]}
    answer = []
    for item in wanted:
        found = _matching(group, item)
        answer += [_description(group, target) for target in found] or [_unregistered(group, item)]
    return {"TargetHealthDescriptions": answer}


def find(backend: Backend, arn: str) -> Any:
    group = backend.target_groups.get(arn)
    if group is None:
        raise target_groups_not_found()
    return group


def install_associations() -> None:
    """The load balancers of a target group are those that forward to it now; moto only ever adds to its list."""

    def get(self: Any) -> list[str]:
        return [balancer.arn for balancer in load_balancers_of(self.account_id, self.region_name, self.arn)]

    FakeTargetGroup.load_balancer_arns = property(get, lambda self, value: None)  # type: ignore[assignment]

    def instances_terminated(self: Any, instance_ids: list[str]) -> None:
        for target in self.targets.values():
            if target.id in instance_ids:
                target.draining_since = target.draining_since or time.time()

    FakeTargetGroup.deregister_terminated_instances = instances_terminated  # type: ignore[method-assign]


def install_registration() -> None:
    """Auto Scaling registers through moto's class."""

    def register_all(self: Any, targets: list[dict[str, Any]]) -> None:
        for wanted in targets:
            port = wanted.get("Port") or self.port
            self.targets[wanted["Id"], port] = Target(wanted["Id"], port, time.time())

    def deregister_all(self: Any, targets: list[dict[str, Any]]) -> None:
        for wanted in targets:
            for target in _matching(self, wanted):
                target.draining_since = target.draining_since or time.time()

    FakeTargetGroup.register = register_all  # type: ignore[method-assign]
    FakeTargetGroup.deregister = deregister_all  # type: ignore[method-assign]


# --- health


def _description(group: Any, target: Target) -> dict[str, Any]:
    if target.draining_since is not None:
        health = _health("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
    else:
        health = _verdict(group, target)
        if health["State"] in ("healthy", "unhealthy") and time.time() < target.initial_until:
            health = _health("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
    checked = group.health_check_port
    described: dict[str, Any] = {
        "Target": {"Id": target.id, "Port": target.port},
        "HealthCheckPort": str(target.port) if checked in (None, "traffic-port") else str(checked),
        "TargetHealth": health,
    }
    if group.target_type == "ip" and target.zone:
        described["Target"]["AvailabilityZone"] = target.zone
    return described


def _unregistered(group: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    port = wanted.get("Port") or group.port
    return {
        "Target": {"Id": wanted["Id"], "Port": port},
        "HealthCheckPort": str(port),
        "TargetHealth": _health("unused", "Target.NotRegistered", "Target is not registered to the target group"),
    }


def _health(state: str, reason: str | None = None, description: str | None = None) -> dict[str, Any]:
    health = {"State": state, "Reason": reason, "Description": description}
    return {key: value for key, value in health.items() if value is not None}


def _verdict(group: Any, target: Target) -> dict[str, Any]:
    """What the load balancer thinks of a target."""
    balancers = load_balancers_of(group.account_id, group.region_name, group.arn)
    if not balancers:
        return _health(
            "unused", "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"
        )
    zones = {subnet.availability_zone for balancer in balancers for subnet in balancer.subnets}
    if group.target_type in ("ip", "instance") and target.zone not in (None, "all") and target.zone not in zones:
        return _health(
            "unused", "Target.NotInUse", "Target is in an Availability Zone that is not enabled for the load balancer"
        )
    if target.id.startswith("i-"):
        instance = group.ec2_backend.get_instance_by_id(target.id)
        if instance is not None and instance.state != "running":
            return _health("unused", "Target.InvalidState", "Target is in the stopped state")
    if target.groups and not any(_lets_through(group, balancer, target) for balancer in balancers):
        return _health("unhealthy", "Target.Timeout", "Request timed out")
    if not target.probe():
        return _health("unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")
    return _health("healthy")


def _lets_through(group: Any, balancer: Any, target: Target) -> bool:
    """Whether the security groups of load balancer and target let the health checks pass."""
    ec2 = group.ec2_backend
    checked = group.health_check_port
    port = target.port if checked in (None, "traffic-port") else int(checked)
    sources = [interface.private_ip_address for interface in getattr(balancer, "emulated_interfaces", [])]
    inside = [ec2.get_security_group_from_id(item) for item in target.groups]
    ingress = [rule for item in inside if item is not None for rule in item.ingress_rules]
    if not any(_rule_allows(rule, port, sources, balancer.security_groups) for rule in ingress):
        return False
    if not balancer.security_groups:
        return True
    outside = [ec2.get_security_group_from_id(item) for item in balancer.security_groups]
    egress = [rule for item in outside if item is not None for rule in item.egress_rules]
    return any(_rule_allows(rule, port, [target.id], target.groups) for rule in egress)


def _rule_allows(rule: Any, port: int | None, addresses: list[str], groups: list[str]) -> bool:
    if rule.ip_protocol not in ("tcp", "-1"):
        return False
    if rule.ip_protocol == "tcp" and port is not None and not int(rule.from_port) <= port <= int(rule.to_port):
        return False
    if rule.source_group:
        return rule.source_group.get("GroupId") in groups
    cidr = (rule.ip_range or {}).get("CidrIp")
    if cidr:
        network = ipaddress.ip_network(cidr, strict=False)
        return all(ipaddress.ip_address(address) in network for address in addresses)
    return rule.prefix_list_id is not None  # what a prefix list holds is not looked at


def _forget_drained(group: Any) -> None:
    delay = float(group.attributes.get("deregistration_delay.timeout_seconds") or 0)
    delay = min(delay, STATE.seconds("ecs_task") / 4)
    now = time.time()
    for key, target in list(group.targets.items()):
        if target.draining_since is not None and now - target.draining_since >= delay:
            del group.targets[key]


def _matching(group: Any, wanted: dict[str, Any]) -> list[Target]:
    return [
        target
        for (identity, port), target in group.targets.items()
        if identity == wanted["Id"] and wanted.get("Port") in (None, port)
    ]


# --- checks


def _check_numbers(parameters: dict[str, Any]) -> None:
    for name, (label, lowest, highest) in _RANGES.items():
        value = parameters.get(name)
        if value is not None and not lowest <= int(value) <= highest:
            raise invalid(f"{label} '{value}' must be between '{lowest}' and '{highest}'")
    path = parameters.get("HealthCheckPath")
    if path is not None and not path.startswith("/"):
        raise invalid(f"Health check path '{path}' must begin with a '/' character")
    code = (parameters.get("Matcher") or {}).get("HttpCode")
    if code and (not _CODES.fullmatch(code) or any(not 200 <= int(item) <= 499 for item in re.findall(r"\d+", code))):
        raise invalid(f"Health check matcher HTTP code '{code}' must be within '200-499' inclusive")


def _same(backend: Backend, group: Any, parameters: dict[str, Any]) -> bool:
    """Whether a request to create a group that is there says the same as what it is; what it leaves out agrees."""
    for name, attribute in _SETTINGS.items():
        value = parameters.get(name)
        if value is not None and str(value) != str(getattr(group, attribute)):
            return False
    if (parameters.get("TargetType") or "instance") != group.target_type:
        return False
    if parameters.get("Matcher") and parameters["Matcher"] != group.matcher:
        return False
    return tags_of(backend, group.arn) == as_dict(parameters.get("Tags"))


def _defaults(group: Any) -> dict[str, str]:
    if group.target_type == "lambda":
        return _LAMBDA
    if group.protocol in ("HTTP", "HTTPS"):
        return _HTTP
    if group.target_type == "ip" and group.protocol in ("TCP", "TLS"):
        return _TCP | {"preserve_client_ip.enabled": "false"}
    return _TCP


def _check_target(backend: Backend, group: Any, wanted: dict[str, Any]) -> None:
    if group.target_type == "ip":
        try:
            address = ipaddress.ip_address(wanted["Id"])
        except ValueError:
            raise invalid(f"The IP address '{wanted['Id']}' is not a valid IPv4 or IPv6 address") from None
        vpc = backend.ec2_backend.get_vpc(group.vpc_id)
        networks = [ipaddress.ip_network(item["cidr_block"]) for item in vpc.get_cidr_block_association_set()]
        if not any(address in network for network in networks) and wanted.get("AvailabilityZone") != "all":
            raise invalid(
                f"You must specify an Availability Zone value of 'all' for the IP address '{wanted['Id']}', which is "
                "outside of the VPC"
            )
    if group.target_type == "instance":
        instance = backend.ec2_backend.get_instance_by_id(wanted["Id"])
        if instance is None:
            raise AwsError("InvalidTarget", f"The following targets are not valid instances: '{wanted['Id']}'")
        if instance.state != "running":
            raise AwsError(
                "InvalidTarget",
                f"The following targets are not in a running state and cannot be registered: '{wanted['Id']}'",
            )


def _zone(backend: Backend, group: Any, wanted: dict[str, Any]) -> str | None:
    if group.target_type != "ip":
        return None
    if wanted.get("AvailabilityZone"):
        return wanted["AvailabilityZone"]
    address = ipaddress.ip_address(wanted["Id"])
    for subnet in backend.ec2_backend.describe_subnets():
        if subnet.vpc_id == group.vpc_id and address in ipaddress.ip_network(subnet.cidr_block):
            return subnet.availability_zone
    return None


def _target_groups(backend: Backend, wanted: dict[str, Any]) -> list[str]:
    """The security groups of the interface that has the target's address, if one has."""
    for interface in backend.ec2_backend.enis.values():
        if interface.private_ip_address == wanted["Id"]:
            return [group.id for group in interface.group_set]
    return []

"""Load balancers: zones, security groups, attributes, states, and the interfaces that they keep in their subnets."""

from __future__ import annotations

import ipaddress
import random
import time
from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from ... import interfaces
from ...errors import AwsError
from ...state import STATE
from . import log_buckets
from .common import (
    Backend,
    as_dict,
    backend_of,
    check_name,
    invalid,
    invalid_configuration,
    load_balancer_not_found,
    tags_of,
)

# Hosted zones of the load balancers' names, as Route 53 aliases need them: "Elastic Load Balancing endpoints and
# quotas" of the AWS general reference.
_ZONES = {
    "us-east-1": ("Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"),
    "us-east-2": ("Z3AADJGX6KTTL2", "ZLMOA37VPKANP"),
    "us-west-1": ("Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"),
    "us-west-2": ("Z1H1FL5HABSF5", "Z18D5FSROUN65G"),
    "ca-central-1": ("ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"),
    "sa-east-1": ("Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"),
    "eu-central-1": ("Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"),
    "eu-west-1": ("Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"),
    "eu-west-2": ("ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G"),
    "eu-west-3": ("Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5"),
    "ap-south-1": ("ZP97RAFLXTNZK", "ZVDDRBQ08TROA"),
    "ap-northeast-1": ("Z14GRHDCWA56QT", "Z31USIVHYNEOWT"),
    "ap-southeast-1": ("Z1LMS91P8CMLE5", "ZKVM4W9LS7TM"),
    "ap-southeast-2": ("Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD"),
}
_COMMON = {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "false"}
_LOGGED = {
    "access_logs.s3.enabled": "false",
    "access_logs.s3.bucket": "",
    "access_logs.s3.prefix": "",
    "ipv6.deny_all_igw_traffic": "false",
    "zonal_shift.config.enabled": "false",
}
DEFAULTS: dict[str, dict[str, str]] = {
    "application": _COMMON
    | _LOGGED
    | {
        "load_balancing.cross_zone.enabled": "true",
        "idle_timeout.timeout_seconds": "60",
        "client_keep_alive.seconds": "3600",
        "connection_logs.s3.enabled": "false",
        "connection_logs.s3.bucket": "",
        "connection_logs.s3.prefix": "",
        "health_check_logs.s3.enabled": "false",
        "health_check_logs.s3.bucket": "",
        "health_check_logs.s3.prefix": "",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
    },
    "network": _COMMON
    | _LOGGED
    | {
        "dns_record.client_routing_policy": "any_availability_zone",
        "secondary_ips.auto_assigned.per_subnet": "0",
    },
    "gateway": dict(_COMMON),
}
_NUMBERS = {
    "idle_timeout.timeout_seconds": (1, 4000),
    "client_keep_alive.seconds": (60, 604800),
    "secondary_ips.auto_assigned.per_subnet": (0, 7),
}
_CHOICES = {
    "routing.http.desync_mitigation_mode": ("monitor", "defensive", "strictest"),
    "routing.http.xff_header_processing.mode": ("append", "preserve", "remove"),
    "dns_record.client_routing_policy": (
        "availability_zone_affinity",
        "partial_availability_zone_affinity",
        "any_availability_zone",
    ),
}
# Who writes the logs: the service, or in older regions an account of AWS.


def create(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    name = parameters.get("Name") or ""
    kind = parameters.get("Type") or "application"
    scheme = parameters.get("Scheme") or "internet-facing"
    check_name("Load balancer", name)
    if name.startswith("internal-"):
        raise invalid(f"Load balancer name '{name}' cannot begin with 'internal-'")
    subnets = _subnets(backend, kind, _subnet_ids(parameters))
    if scheme == "internet-facing" and kind != "gateway":
        _check_gateway(backend, subnets[0].vpc_id)
    groups = _groups(backend, kind, parameters.get("SecurityGroups") or [], subnets[0].vpc_id)
    existing = next((item for item in backend.load_balancers.values() if item.name == name), None)
    if existing is not None:
        same = (
            existing.type == kind
            and existing.scheme == scheme
            and {subnet.id for subnet in existing.subnets} == {subnet.id for subnet in subnets}
            and set(existing.security_groups) == set(groups)
            and existing.ip_address_type == (parameters.get("IpAddressType") or "ipv4")
            and tags_of(backend, existing.arn) == as_dict(parameters.get("Tags"))
        )
        if same:
            return {"LoadBalancers": [existing]}
        message = f"A load balancer with the same name '{name}' exists, but with different settings"
        raise AwsError("DuplicateLoadBalancerName", message)
    balancer = backend.create_load_balancer(
        name=name,
        security_groups=groups,
        subnet_ids=[subnet.id for subnet in subnets],
        scheme=scheme,
        loadbalancer_type=kind,
        ip_address_type=parameters.get("IpAddressType") or "ipv4",
        tags=parameters.get("Tags"),
    )
    _complete(backend, balancer)
    return {"LoadBalancers": [balancer]}


def describe(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    arns, names = parameters.get("LoadBalancerArns") or [], parameters.get("Names") or []
    if arns and names:
        raise invalid("Load balancer names and load balancer ARNs cannot be specified at the same time")
    everything = list(backend.load_balancers.values())
    if arns:
        found = [item for item in everything if item.arn in arns]
    elif names:
        found = [item for item in everything if item.name in names]
    else:
        found = everything
    if len(found) < len({*arns, *names}):
        if names:
            raise AwsError("LoadBalancerNotFound", f"Load balancers '{_listed(names)}' not found")
        raise load_balancer_not_found()
    items, marker = paginate(found, parameters)
    return {"LoadBalancers": items, "NextMarker": marker}


def delete(response: Any, parameters: dict[str, Any]) -> None:
    """Deleting what is not there succeeds, as the API reference says."""
    backend = backend_of(response)
    arn = parameters["LoadBalancerArn"]
    balancer: Any = backend.load_balancers.get(arn)
    if balancer is None:
        return
    if balancer.attrs["deletion_protection.enabled"] == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise AwsError("OperationNotPermitted", message)
    from .listeners import forget

    for listener in list(balancer.listeners.values()):
        forget(backend, listener)
    for interface in balancer.emulated_interfaces:
        interfaces.detach(backend.account_id, backend.region_name, interface.id)
    backend.tagging_service.delete_all_tags_for_resource(arn)
    backend.load_balancers.pop(arn)


def describe_attributes(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"Attributes": _attributes(find(backend_of(response), parameters["LoadBalancerArn"]))}


def modify_attributes(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    balancer = find(backend, parameters["LoadBalancerArn"])
    wanted = {item["Key"]: item.get("Value", "") for item in parameters.get("Attributes") or []}
    for key, value in wanted.items():
        _check_attribute(balancer.type, key, value)
    attributes = balancer.attrs | wanted
    for log in ("access_logs", "connection_logs", "health_check_logs"):
        if attributes.get(f"{log}.s3.enabled") == "true":
            name, prefix = (attributes.get(f"{log}.s3.{part}") or "" for part in ("bucket", "prefix"))
            log_buckets.check(backend, balancer.type, name, prefix)
    balancer.attrs = attributes
    return {"Attributes": _attributes(balancer)}


def set_security_groups(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    balancer = find(backend, parameters["LoadBalancerArn"])
    groups = parameters.get("SecurityGroups") or []
    if balancer.type == "network" and not balancer.security_groups:
        raise invalid_configuration(
            "Security groups cannot be set on a Network Load Balancer that was created without security groups"
        )
    if not groups:
        raise invalid("At least one security group must be specified")
    balancer.security_groups = _groups(backend, balancer.type, groups, balancer.vpc_id)
    _renew_interfaces(backend, balancer)
    return {"SecurityGroupIds": balancer.security_groups}


def set_subnets(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    balancer = find(backend, parameters["LoadBalancerArn"])
    subnets = _subnets(backend, balancer.type, _subnet_ids(parameters))
    if subnets[0].vpc_id != balancer.vpc_id:
        raise invalid_configuration(f"One or more subnets do not belong to the VPC '{balancer.vpc_id}'")
    balancer.subnets = subnets
    _renew_interfaces(backend, balancer)
    return {"AvailabilityZones": balancer.availability_zones, "IpAddressType": balancer.ip_address_type}


def find(backend: Backend, arn: str) -> Any:
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        raise load_balancer_not_found()
    return balancer


def paginate(items: list[Any], parameters: dict[str, Any]) -> tuple[list[Any], str | None]:
    start = int(parameters.get("Marker") or 0)
    end = start + (parameters.get("PageSize") or 400)
    return items[start:end], str(end) if end < len(items) else None


def install_states() -> None:
    """Load balancers are provisioning for as long as is set."""
    FakeLoadBalancer.activate = lambda self: None  # type: ignore[method-assign]

    def state(self: Any) -> dict[str, str]:
        created = getattr(self, "emulated_created_at", 0.0)
        return {"Code": "active" if STATE.is_ready("load_balancer", created) else "provisioning"}

    FakeLoadBalancer.load_balancer_state = property(state)  # type: ignore[method-assign, assignment]


def _complete(backend: Backend, balancer: Any) -> None:
    """What moto leaves out of a new load balancer."""
    number = random.randrange(10**8, 10**10)
    balancer.emulated_created_at = time.time()
    internal = "internal-" if balancer.scheme == "internal" else ""
    region = backend.region_name
    zones = _ZONES.get(region)
    if balancer.type == "application":
        balancer.dns_name = f"{internal}{balancer.name}-{number}.{region}.elb.amazonaws.com"
    else:
        letters = "net" if balancer.type == "network" else "gwy"
        old, balancer.arn = balancer.arn, balancer.arn.replace(":loadbalancer/app/", f":loadbalancer/{letters}/")
        backend.load_balancers[balancer.arn] = backend.load_balancers.pop(old)
        backend.tagging_service.copy_tags(old, balancer.arn)
        backend.tagging_service.delete_all_tags_for_resource(old)
        balancer.dns_name = f"{balancer.name}-{balancer.arn.split('/')[-1]}.elb.{region}.amazonaws.com"
    if zones:
        balancer.canonical_hosted_zone_id = zones[0] if balancer.type == "application" else zones[1]
    balancer.attrs = dict(DEFAULTS[balancer.type])
    if balancer.scheme == "internal" and "ipv6.deny_all_igw_traffic" in balancer.attrs:
        balancer.attrs["ipv6.deny_all_igw_traffic"] = "true"
    balancer.emulated_interfaces = []
    _renew_interfaces(backend, balancer)


def _renew_interfaces(backend: Backend, balancer: Any) -> None:
    """One interface in every subnet, with the load balancer's security groups."""
    account, region = backend.account_id, backend.region_name
    for interface in balancer.emulated_interfaces:
        interfaces.detach(account, region, interface.id)
    short = balancer.arn.split(":loadbalancer/")[-1]
    balancer.emulated_interfaces = [
        interfaces.attach(
            account,
            region,
            subnet.id,
            balancer.security_groups,
            f"ELB {short}",
            "amazon-elb",
            balancer.scheme == "internet-facing",
        )
        for subnet in balancer.subnets
    ]


def _subnet_ids(parameters: dict[str, Any]) -> list[str]:
    return list(parameters.get("Subnets") or []) + [item["SubnetId"] for item in parameters.get("SubnetMappings") or []]


def _subnets(backend: Backend, kind: str, ids: list[str]) -> list[Any]:
    """The subnets of a load balancer: of different zones, of one VPC, with room; two for an Application one."""
    known = {subnet.id: subnet for subnet in backend.ec2_backend.describe_subnets()}
    for subnet_id in ids:
        if subnet_id not in known:
            raise AwsError("SubnetNotFound", f"The subnet ID '{subnet_id}' does not exist")
    subnets = [known[subnet_id] for subnet_id in dict.fromkeys(ids)]
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise invalid_configuration(
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        )
    if len(zones) < (2 if kind == "application" else 1):
        raise invalid(
            "At least two subnets in two different Availability Zones must be specified"
            if kind == "application"
            else "At least one subnet must be specified"
        )
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise invalid_configuration(f"The subnets '{_listed(ids)}' do not belong to the same VPC")
    for subnet in subnets:
        if kind == "application" and ipaddress.ip_network(subnet.cidr_block).prefixlen > 27:
            raise AwsError(
                "InvalidSubnet",
                f"Not enough IP space available in {subnet.id}. ELB requires at least 8 free IP addresses in each "
                "subnet.",
            )
    return subnets


def _check_gateway(backend: Backend, vpc_id: str) -> None:
    gateways = backend.ec2_backend.internet_gateways.values()
    if not any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in gateways):
        raise AwsError("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


def _groups(backend: Backend, kind: str, ids: list[str], vpc_id: str) -> list[str]:
    """The security groups of a load balancer; an Application one gets the VPC's default group if none is given."""
    if not ids and kind == "application":
        default: Any = backend.ec2_backend.get_default_security_group(vpc_id)
        return [default.id]
    for group_id in ids:
        group = backend.ec2_backend.get_security_group_from_id(group_id)
        if group is None:
            raise AwsError("InvalidSecurityGroup", f"The security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise invalid_configuration("One or more security groups are invalid")
    return list(ids)


def _attributes(balancer: Any) -> Any:
    # the serializer of this answer turns a dictionary into the list
    return dict(sorted(balancer.attrs.items()))


def _check_attribute(kind: str, key: str, value: str) -> None:
    if key not in DEFAULTS[kind]:
        raise invalid(f"Load balancer attribute key '{key}' is not recognized")
    if key == "load_balancing.cross_zone.enabled" and kind == "application" and value != "true":
        raise invalid_configuration("Cross-zone load balancing cannot be turned off for an Application Load Balancer")
    if key in _NUMBERS:
        lowest, highest = _NUMBERS[key]
        if not value.isdigit() or not lowest <= int(value) <= highest:
            raise invalid(f"'{key}' value '{value}' must be between '{lowest}-{highest}' inclusive")
    elif key in _CHOICES:
        if value not in _CHOICES[key]:
            raise invalid(f"'{key}' value '{value}' must be one of [{', '.join(_CHOICES[key])}]")
    elif (key.endswith(".enabled") or key == "ipv6.deny_all_igw_traffic") and value not in ("true", "false"):
        raise invalid(f"'{key}' value '{value}' must be one of [true, false]")


def _listed(names: list[str]) -> str:
    return f"[{', '.join(names)}]"

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's network: zones, ranges, what tasks can reach, and who may reach the load balancer."""

from __future__ import annotations

import ipaddress
import itertools
import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._container_services import COLLECTOR_IMAGE
from ansible_collections.webstack.aws.plugins.module_utils._log_group import RETENTION_DAYS
from ansible_collections.webstack.aws.plugins.plugin_utils import _subnets
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault

Values = t.Mapping[str, t.Any]

#: What every private task without NAT must reach by endpoints: its image and its log group.
#: Amazon ECS Developer Guide, "Amazon ECS interface VPC endpoints".
TASK_ENDPOINTS = ("ecr.api", "ecr.dkr", "logs")
SECRETS_ENDPOINT = "secretsmanager"
EXEC_ENDPOINT = "ssmmessages"
TRACING_ENDPOINT = "xray"

ECR_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/")

#: Amazon VPC User Guide, "Amazon VPC quotas": rules in each direction of a group, for IPv4 and for IPv6.
RULES_IN_GROUP = 60


def zones(values: Values) -> t.Iterator[Fault]:
    names = values["network_zones"]
    where = values["webstack_region"]
    if len(set(names)) < 2:
        yield Fault(
            "network_zones",
            f"{', '.join(names) or 'none'} is fewer than two zones; load balancers and database subnet groups need two",
            f"two zones or more, for instance [{where}a, {where}b]",
        )
    if len(set(names)) < len(names):
        yield Fault("network_zones", "a zone is named twice", "each zone once")
    for name in names:
        if not re.fullmatch(rf"{re.escape(where)}[a-z]", name):
            yield Fault("network_zones", f"{name} is no zone of {where}", f"{where}a, {where}b and the like")


def networks(values: Values) -> t.Iterator[Fault]:
    """The VPC's range is one that AWS takes; subnets lie in it, are of a size that AWS takes and do not overlap."""
    vpc = _network(values["network_vpc_cidr"])
    if vpc is None:
        yield Fault(
            "network_vpc_cidr",
            f"{values['network_vpc_cidr']!r} is no range of addresses",
            "a range such as 10.1.0.0/16",
        )
        return
    # Amazon VPC User Guide, "VPC CIDR blocks": between /16 and /28.
    if not 16 <= vpc.prefixlen <= 28:
        yield Fault("network_vpc_cidr", f"{vpc} is not between /16 and /28", f"{vpc.network_address}/16")
    subnets: list[tuple[str, ipaddress.IPv4Network]] = []
    for tier in ("public", "private", "database"):
        variable = f"network_{tier}_subnets"
        ranges = values.get(variable) or []
        if len(ranges) > len(values["network_zones"]):
            yield Fault(
                variable,
                f"it has {len(ranges)} ranges for {len(values['network_zones'])} zones",
                "one range for each of network_zones, in their order",
            )
        for text in ranges:
            subnet = _network(text)
            if subnet is None:
                yield Fault(variable, f"{text!r} is no range of addresses", f"a range inside {vpc}")
            elif not subnet.subnet_of(vpc):
                yield Fault(variable, f"{subnet} lies outside network_vpc_cidr {vpc}", f"a range inside {vpc}")
            elif subnet.prefixlen > 28:
                yield Fault(
                    variable,
                    f"{subnet} is smaller than /28",
                    "a /28 or larger; AWS keeps five addresses of each subnet",
                )
            else:
                subnets.append((variable, subnet))
    for (one, first), (other, second) in itertools.combinations(subnets, 2):
        if first.overlaps(second):
            yield Fault(other, f"{second} overlaps {first} of {one}", "ranges that do not overlap")


def planned(values: Values) -> t.Iterator[Fault]:
    """What is sound in itself can be laid out together."""
    if any(zones(values)) or any(networks(values)):
        return
    try:
        _subnets.plan(values["network_vpc_cidr"], values["network_zones"], tiers(values), "")
    except ValueError as error:
        yield Fault("network_vpc_cidr", str(error), "a larger range, or the ranges of all its subnets")


def tiers(values: Values) -> dict[str, list[str] | None]:
    """The ranges of each tier's subnets; None where they are carved."""
    return {tier: values.get(f"network_{tier}_subnets", []) for tier in ("public", "private", "database")}


def _network(text: t.Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def flow_logs(values: Values) -> t.Iterator[Fault]:
    days = values.get("network_flow_logs_retention_days")
    if days is not None and days not in RETENTION_DAYS:
        near = min(RETENTION_DAYS[1:], key=lambda valid: abs(valid - days))
        yield Fault(
            "network_flow_logs_retention_days",
            f"CloudWatch Logs has no retention of {days} days",
            f"{near} is the nearest",
        )


def reachability(values: Values) -> t.Iterator[Fault]:
    """Tasks must reach their image, secrets and log group: by NAT, by endpoints, or with public addresses."""
    if not values["webstack_services"] or values.get("webstack_task_subnets", "private") == "public":
        return
    if values.get("network_private_subnets") == []:
        yield Fault(
            "network_private_subnets",
            "tasks run in private subnets, and there are none",
            "ranges of them, or null to have them carved; or webstack_task_subnets: public",
        )
        return
    if not _is_closed(values):
        return
    mend = "network_nat_mode: single; or webstack_task_subnets: public, with which tasks have addresses of their own"
    yield from _endpoints(values, mend)
    region = values["webstack_region"]
    for where, image in _images(values):
        found = ECR_IMAGE.match(image)
        if found and found["region"] != region:
            yield Fault(
                where,
                f"{image} is in ECR of {found['region']}, and private tasks without NAT reach that of {region} only",
                f"the image in {region}, where ECR can replicate it; or {mend}",
            )
        elif not found and "{{" not in image:
            yield Fault(
                where,
                f"{image} is not in ECR, and private tasks without NAT reach no other registry",
                f"an image in the stack's own repository; or {mend}",
            )


def _endpoints(values: Values, mend: str) -> t.Iterator[Fault]:
    """Where endpoints are not derived but listed, none that tasks need is missing."""
    interface, gateway = _listed(values, "network_interface_endpoints"), _listed(values, "network_gateway_endpoints")
    needed = needed_interface_endpoints(values)
    missing = [name for name in needed if interface is not None and name not in interface]
    if missing:
        yield Fault(
            "network_interface_endpoints",
            f"it lacks {', '.join(missing)}, and private tasks have no NAT: they could not do without",
            f"network_interface_endpoints: null, which derives them; or [{', '.join(needed)}]; or {mend}",
        )
    reasons = {"s3": "from where ECR hands out the layers of images"}
    if values.get("storage_tables"):
        reasons["dynamodb"] = "where the tables of storage_tables are"
    for name, reason in reasons.items():
        if gateway is not None and name not in gateway:
            yield Fault(
                "network_gateway_endpoints",
                f"it lacks {name}, {reason}, and private tasks have no NAT",
                f"network_gateway_endpoints: null, which derives them; or [{', '.join(reasons)}]",
            )


def _listed(values: Values, variable: str) -> list[str] | None:
    """The endpoints that a variable lists, in short; None where they are derived."""
    names = values.get(variable)
    return (
        None if names is None else [name.removeprefix(f"com.amazonaws.{values['webstack_region']}.") for name in names]
    )


def wanted_interface_endpoints(values: Values) -> list[str]:
    """The interface endpoints of a stack that lists none: what its tasks need, where there is no other way out."""
    return needed_interface_endpoints(values) if values["webstack_services"] and _is_closed(values) else []


def _is_closed(values: Values) -> bool:
    """Whether tasks are in private subnets and have no NAT."""
    return values.get("webstack_task_subnets", "private") != "public" and values["network_nat_mode"] == "none"


def needed_interface_endpoints(values: Values) -> list[str]:
    """What private tasks without NAT must reach by interface endpoints."""
    services = values["webstack_services"].values()
    jobs = (values.get("webstack_jobs") or {}).values()
    containers = [
        *services,
        *jobs,
        *(part for service in services for part in (service.get("sidecars") or {}).values()),
    ]
    has_secrets = any(container.get("secrets") for container in containers) or bool(_further_databases(values))
    has_exec = values.get("container_service_exec") or any(part.get("exec") for part in [*services, *jobs])
    has_tracing = any(service.get("tracing") is not None for service in services)
    return [
        *TASK_ENDPOINTS,
        *([SECRETS_ENDPOINT] if has_secrets else []),
        *([EXEC_ENDPOINT] if has_exec else []),
        *([TRACING_ENDPOINT] if has_tracing else []),
    ]


def _images(values: Values) -> t.Iterator[tuple[str, str]]:
    """All images that tasks pull, each with the variable that names it."""
    for key, service in values["webstack_services"].items():
        where = f"webstack_services.{key}"
        yield f"{where}.image", str(service["image"])
        for name, sidecar in (service.get("sidecars") or {}).items():
            yield f"{where}.sidecars.{name}.image", str(sidecar["image"])
        if service.get("tracing") is not None:
            yield f"{where}.tracing.image", str(service["tracing"].get("image") or COLLECTOR_IMAGE)
    for key, job in (values.get("webstack_jobs") or {}).items():
        if job.get("image"):
            yield f"webstack_jobs.{key}.image", str(job["image"])
    if _further_databases(values):
        client = values.get("database_client_image") or "PostgreSQL's public image"
        yield "database_client_image", str(client)


def _further_databases(values: Values) -> list[str]:
    """The databases that a task makes; the first one comes with the server."""
    return (values.get("database_names") or [])[1:] if values.get("database_instance_class") is not None else []


def load_balancer_sources(values: Values) -> t.Iterator[Fault]:
    """Who may reach the load balancer is given as ranges, and these are no more than a security group takes."""
    variable = "security_groups_load_balancer_cidrs"
    ranges: dict[int, set[str]] = {4: set(), 6: set()}
    for text in values.get(variable) or []:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            yield Fault(
                variable, f"{text!r} is no range of addresses", "ranges such as 203.0.113.0/24 or 2001:db8::/32"
            )
            continue
        ranges[network.version].add(str(network))
    ports = len(set(values.get("security_groups_load_balancer_ports") or []))
    for version, found in ranges.items():
        if ports * len(found) > RULES_IN_GROUP:
            yield Fault(
                variable,
                f"{len(found)} ranges of IPv{version} and {ports} ports are {ports * len(found)} rules, "
                f"and AWS takes {RULES_IN_GROUP} of IPv{version} in a group",
                f"at most {RULES_IN_GROUP // ports} ranges of IPv{version}, larger ones; or fewer "
                "security_groups_load_balancer_ports",
            )


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (
    zones,
    networks,
    planned,
    flow_logs,
    reachability,
    load_balancer_sources,
)

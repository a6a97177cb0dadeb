# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack's picture shows: which resources have a box, which share one, which are parts of another's."""

from __future__ import annotations

import re
import typing as t

Resource = t.Mapping[str, t.Any]

#: What the actions look like; the order is that of their weight.
SIGNS = {"delete": "\u2212", "replace": "±", "restore": "↺", "update": "~", "create": "+", "none": ""}

#: Every resource of these kinds has a box of its own: the kind with its label, by the part of the picture.
SINGLE = {
    "edge": {"route53_zone": "DNS zone", "acm_certificate": "TLS certificate"},
    "gateway": {"api_domain": "API domain", "http_api": "API Gateway"},
    "door": {"vpc_link": "VPC link", "load_balancer": "Load balancer"},
    "cluster": {"ecs_cluster": "Cluster"},
    "services": {"ecs_service": "Service"},
    "jobs": {"schedule": "Scheduled job", "ecs_task_definition": "Task"},
    "data": {
        "rds_cluster": "Aurora cluster",
        "rds_instance": "Database",
        "elasticache_replication_group": "Cache",
        "efs_file_system": "File system",
    },
    "regional": {"dynamodb_table": "Table", "s3_bucket": "Bucket", "secret": "Secret"},
}
#: All resources of these kinds together have one box.
TOGETHER = {
    "edge": {"route53_record": "DNS records"},
    "network": {
        "vpc": "VPC",
        "subnet": "Subnets",
        "internet_gateway": "Internet gateway",
        "nat_gateway": "NAT gateways",
        "elastic_ip": "Elastic addresses",
        "route_table": "Route tables",
        "vpc_endpoint": "Endpoints",
        "security_group": "Security groups",
        "flow_log": "Flow logs",
    },
    "registry": {"ecr_repository": "Repositories"},
    "identity": {"iam_role": "Roles", "iam_access_key": "Access keys"},
    "scheduling": {"schedule_group": "Schedule group", "sqs_queue": "Queues"},
    "monitoring": {
        "log_group": "Log groups",
        "cloudwatch_alarm": "Alarms",
        "cloudwatch_dashboard": "Dashboards",
        "sns_topic": "Topics",
        "xray_sampling_rule": "Sampling rules",
    },
    "other": {"ssm_parameter": "Parameters", "cloudtrail": "Trails", "config_recorder": "Config recorder"},
}
#: These kinds are parts of the first resource of the kinds beside them, where the stack has one.
PARTS = {
    "listener": ("load_balancer",),
    "rule": ("load_balancer",),
    "target_group": ("load_balancer",),
    "efs_access_point": ("efs_file_system",),
    "rds_subnet_group": ("rds_cluster", "rds_instance"),
    "rds_parameter_group": ("rds_instance",),
    "rds_cluster_parameter_group": ("rds_cluster",),
    "elasticache_subnet_group": ("elasticache_replication_group",),
    "elasticache_parameter_group": ("elasticache_replication_group",),
}
TITLES = {
    "clients": "",
    "edge": "Names and TLS",
    "gateway": "API",
    "door": "Front door",
    "cluster": "",
    "services": "Services",
    "jobs": "Jobs",
    "data": "Data in the network",
    "regional": "Data and secrets",
    "network": "Network",
    "registry": "Registry",
    "identity": "Identity",
    "scheduling": "Scheduling",
    "monitoring": "Monitoring",
    "other": "Other",
}


class Box(t.NamedTuple):
    """One box: its resources, and those that are drawn as parts of them."""

    label: str
    name: str
    own: list[Resource]
    parts: list[Resource]

    @property
    def action(self) -> str:
        """What its mark says: its resource's own action, else ``update`` where anything of it changes."""
        own = {resource["action"] for resource in self.own}
        if len(own) == 1 and own != {"none"}:
            return own.pop()
        return "update" if {resource["action"] for resource in self.own + self.parts} - {"none"} else "none"

    @property
    def detail(self) -> str:
        """The line below its name: what of it changes, where the mark does not say it."""
        if len(self.own) > 1:
            return " ".join(f"{SIGNS[action]}{count}" for action, count in tally(self.own) if action != "none")
        changed = [f"{SIGNS[part['action']]} {spoken(part['kind'])}" for part in self.parts if part["action"] != "none"]
        return ", ".join(dict.fromkeys(changed))

    @property
    def height(self) -> int:
        return 62 if self.detail else 46


def spoken(kind: str) -> str:
    """A kind in words: ``rds_instance`` as ``rds instance``."""
    return kind.replace("_", " ")


def tally(resources: t.Iterable[Resource]) -> list[tuple[str, int]]:
    """How many resources have which action, in the order of ``SIGNS``; none that no resource has."""
    actions = [resource["action"] for resource in resources]
    return [(action, actions.count(action)) for action in SIGNS if action in actions]


def shortened(text: str, length: int) -> str:
    """``text`` with its middle left out where it is longer than ``length``: both ends of AWS's names tell something."""
    if len(text) <= length:
        return text
    head = (length - 1) * 2 // 3
    return f"{text[:head]}…{text[head + 1 - length :]}"


def boxes(resources: t.Sequence[Resource], environment: str, stack: str) -> dict[str, list[Box]]:
    """The boxes of a stack by the part of the picture."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in resources:
        by_kind.setdefault(resource["kind"], []).append(resource)
    parts = _parts(by_kind, environment, stack)
    taken = {id(part) for owned in parts.values() for part in owned}
    made: dict[str, list[Box]] = {}

    def bare(name: str) -> str:
        return name.removeprefix(f"{environment}-{stack}").lstrip("-/") or name

    for part, kinds in SINGLE.items():
        for kind, label in kinds.items():
            for resource in by_kind.pop(kind, []):
                if id(resource) not in taken:
                    box = Box(label, bare(resource["name"]), [resource], parts.get(id(resource), []))
                    made.setdefault(part, []).append(box)
    together = [(part, kind, label) for part, kinds in TOGETHER.items() for kind, label in kinds.items()]
    together += [("other", kind, spoken(kind).capitalize()) for kind in by_kind if kind not in dict(_kinds(TOGETHER))]
    for part, kind, label in together:
        found = [resource for resource in by_kind.get(kind, []) if id(resource) not in taken]
        if found:
            name = bare(found[0]["name"]) if len(found) == 1 else str(len(found))
            made.setdefault(part, []).append(Box(label, name, found, []))
    if made.get("gateway") or made.get("door"):
        is_open = made.get("gateway") or "internet_gateway" in by_kind
        made["clients"] = [Box("From", "Internet" if is_open else "Clients", [], [])]
    return made


def _kinds(table: t.Mapping[str, t.Mapping[str, str]]) -> t.Iterator[tuple[str, str]]:
    for kinds in table.values():
        yield from kinds.items()


def _parts(by_kind: t.Mapping[str, list[Resource]], environment: str, stack: str) -> dict[int, list[Resource]]:
    """What is drawn as part of which resource, by the resource's ``id()``."""
    parts: dict[int, list[Resource]] = {}
    for kind, hosts in PARTS.items():
        host = next((resource for host in hosts for resource in by_kind.get(host, [])), None)
        if host is not None:
            parts.setdefault(id(host), []).extend(by_kind.get(kind, []))
    services, families = by_kind.get("ecs_service", []), list(by_kind.get("ecs_task_definition", []))
    owners = by_kind.get("schedule", []) + services
    without = []
    for owner in owners:
        words = distinct(owner["name"], environment, stack)
        family = next((item for item in families if distinct(item["name"], environment, stack) == words), None)
        scaling = [item for item in by_kind.get("ecs_service_autoscaling", []) if item["name"] == owner["name"]]
        parts[id(owner)] = ([family] if family else []) + (scaling if owner in services else [])
        if family:
            families.remove(family)
        elif owner in services:
            without.append(owner)
    # One service and one family that are left belong together, whatever their names.
    if len(without) == 1 and len(families) == 1:
        parts[id(without[0])].insert(0, families[0])
    return parts


def distinct(name: str, environment: str, stack: str) -> frozenset[str]:
    """What tells a name from others of its stack."""
    plain = {*re.split(r"\W+", f"{environment}-{stack}"), "service", "task", "tg", ""}
    return frozenset(re.split(r"[\W_]+", name)) - plain

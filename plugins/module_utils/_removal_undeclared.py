# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What bears a stack's tags and is no longer declared: told by the plan of a whole run, and what must be said before it
goes. All of it is pure but for ``in_use``.

Where it is in doubt whether something is declared, it is.
"""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._plan import ID, Entry, Gate
from ansible_collections.webstack.aws.plugins.module_utils._removal import (
    Found,
    Owner,
    Removable,
    Wishes,
    in_order,
    removable_now,
)
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict


class Match(t.NamedTuple):
    """How a kind is told from the plan.

    plan: the kinds of plan entries that declare it; none where only what it is a part of can. name: the name that such
    an entry has. by_name: whether the name alone tells, also where it is found by an ARN or an id.
    """

    plan: tuple[str, ...]
    name: t.Callable[[Found], str]
    by_name: bool = False


def _identifier(item: Found) -> str:
    return item.identifier


def _last(item: Found) -> str:
    return item.identifier.rpartition("/")[2]


def _tag(item: Found) -> str:
    return tags_to_dict(item.detail.get("Tags")).get("Name", "")


def _detail(key: str) -> t.Callable[[Found], str]:
    return lambda item: item.detail.get(key, "")


def _bare(name: str) -> str:
    """A domain name, maybe with a type of record after it, as it compares."""
    return name.rstrip(".").replace(". ", " ").lower()


def _record(item: Found) -> str:
    record = item.detail["record"]
    # Route 53 writes a star as an octal escape.
    name = record["Name"].rstrip(".").replace("\\052", "*")
    return f"{name} {record['Type']}"


def _same(kind: str, name: t.Callable[[Found], str] = _identifier, by_name: bool = False) -> Match:
    return Match((kind,), name, by_name)


MATCHES: dict[str, Match] = {
    "schedule": _same("schedule", lambda item: f"{item.detail['group']} {item.detail['name']}"),
    "schedule_group": _same("schedule_group"),
    "sqs_queue": _same("sqs_queue"),
    "ecs_service": _same("ecs_service", _last),
    "ecs_cluster": _same("ecs_cluster", _last),
    # All revisions of a family are the family's.
    "ecs_task_definition": _same("ecs_task_definition", lambda item: _last(item).partition(":")[0], by_name=True),
    "route53_record": _same("route53_record", _record),
    "api_domain": _same("api_domain"),
    "http_api": _same("http_api", _detail("Name")),
    "vpc_link": _same("vpc_link", _detail("Name")),
    "load_balancer": _same("load_balancer", lambda item: item.identifier.split("/")[-2]),
    "route53_zone": _same("route53_zone", lambda item: item.detail["Name"].rstrip("."), by_name=True),
    "target_group": _same("target_group", _detail("TargetGroupName")),
    "acm_certificate": _same("acm_certificate"),
    "rds_replica": _same("rds_instance"),
    "rds_cluster_instance": _same("rds_instance"),
    "rds_instance": _same("rds_instance"),
    "rds_cluster": _same("rds_cluster"),
    "rds_subnet_group": _same("rds_subnet_group"),
    "rds_parameter_group": _same("rds_parameter_group"),
    "rds_cluster_parameter_group": _same("rds_cluster_parameter_group"),
    "elasticache_replication_group": _same("elasticache_replication_group"),
    "elasticache_subnet_group": _same("elasticache_subnet_group"),
    "elasticache_parameter_group": _same("elasticache_parameter_group"),
    # The module of the file system makes them with it.
    "efs_mount_target": Match((), _identifier),
    "efs_access_point": _same("efs_access_point"),
    "efs_file_system": _same("efs_file_system", _detail("CreationToken")),
    "dynamodb_table": _same("dynamodb_table"),
    "s3_bucket": _same("s3_bucket"),
    "ecr_repository": _same("ecr_repository"),
    "secret": _same("secret"),
    "iam_user": _same("iam_access_key"),
    "iam_role": _same("iam_role"),
    "cloudwatch_alarm": _same("cloudwatch_alarm"),
    "cloudwatch_dashboard": _same("cloudwatch_dashboard"),
    "sns_topic": _same("sns_topic", lambda item: item.identifier.rpartition(":")[2]),
    "xray_sampling_rule": _same("xray_sampling_rule"),
    "log_group": _same("log_group"),
    "ssm_parameter": _same("ssm_parameter"),
    "flow_log": _same("flow_log", _tag),
    "vpc_endpoint": _same("vpc_endpoint", _tag),
    "nat_gateway": _same("nat_gateway", _tag),
    # The module of the NAT gateways makes them with these, under the same names.
    "elastic_ip": Match(("nat_gateway", "elastic_ip"), _tag, by_name=True),
    "security_group": _same("security_group", _detail("GroupName")),
    "subnet": _same("subnet", _tag),
    "route_table": _same("route_table", _tag),
    "internet_gateway": _same("internet_gateway", _tag),
    "vpc": _same("vpc", _tag),
}

#: Kinds that no tag of their own makes the stack's: they go only with what they are a part of.
ONLY_WITH_WHOLE = ("efs_mount_target", "route53_record")

#: What holds something that cannot be made again, and what that is.
DATA = {
    "rds_instance": "it holds databases",
    "rds_cluster": "it holds databases",
    "elasticache_replication_group": "it holds what applications keep in it",
    "efs_file_system": "it holds files",
    "dynamodb_table": "it holds items",
    "s3_bucket": "it holds objects, or has held some",
    "ecr_repository": "it holds images",
    "secret": "it holds values that nobody else may know",
    "route53_zone": "it holds records, and a new zone gets other name servers",
}

#: Those whose blocker says no more than that they hold something: the word for their data lifts it.
HOLDERS = ("efs_file_system", "s3_bucket", "ecr_repository")

#: Actions after which what was live under the name is not live any more, or under another id.
GOES = ("replace", "delete")

NO_LONGER = "no longer declared"


def address(item: Found) -> str:
    """How people name it: ``<kind>/<name>``."""
    return f"{item.kind}/{name_of(item)}"


def name_of(item: Found) -> str:
    """The name under which the plan shows it; its identifier where it has none."""
    return MATCHES[item.kind].name(item) or item.identifier


def kept_by_runs(owner: Owner) -> list[Entry]:
    """What runs keep for themselves and a dry run does not speak of."""
    return [{"kind": "ssm_parameter", "name": f"/webstack/{owner.prefix}/applied", "action": "none", "ids": []}]


def is_declared(item: Found, declared: t.Iterable[Entry]) -> bool:
    """Whether one of the plan's entries speaks of it."""
    match = MATCHES[item.kind]
    return any(_speaks_of(entry, item, match) for entry in declared if entry["kind"] in match.plan)


def _speaks_of(entry: Entry, item: Found, match: Match) -> bool:
    if item.identifier in entry["ids"]:
        return True
    # What is found by an id is another one of that name, where the entry knows the id of its own.
    has_other_id = bool(ID.fullmatch(item.identifier)) and bool(entry["ids"] or entry["action"] == "create")
    if has_other_id and not match.by_name and entry["action"] not in GOES:
        return False
    said, name = entry["name"], match.name(item)
    return _bare(said) == _bare(name) if item.kind.startswith("route53") else said == name


def undeclared(found: t.Iterable[Found], declared: t.Sequence[Entry]) -> list[Found]:
    """Those of ``found`` of which no entry of the plan speaks."""
    own = [item for item in found if not is_declared(item, declared)]
    wholes = {address(item) for item in own}
    return [item for item in own if item.kind not in ONLY_WITH_WHOLE or item.part_of in wholes]


def store_of(item: Found, items: t.Iterable[Found]) -> Found | None:
    """The data store that goes with an item: itself, or the one among ``items`` that it is a part of."""
    if item.kind in DATA:
        return item
    return next((other for other in items if other.kind in DATA and address(other) == item.part_of), None)


def gates_of(item: Found, items: t.Sequence[Found], wishes: Wishes, prune: bool) -> list[Gate]:
    """What must be said before it goes."""
    gates = [] if prune else [Gate(NO_LONGER, "prune=true")]
    store = store_of(item, items)
    if store is not None and address(store) not in wishes.data:
        what = DATA[store.kind] if not store.blocker or store.kind not in HOLDERS else store.blocker.partition(";")[0]
        words = what if store is item else f"it is a part of {address(store)}: {what}"
        gates.append(Gate(words, f"prune_data={address(store)}"))
    if "allow_protected=true" in item.blocker and item.kind not in HOLDERS:
        gates.append(Gate(item.blocker.partition(";")[0], "allow_protected=true"))
    return gates


class Verdict(t.NamedTuple):
    """What becomes of the undeclared. order: those that go, in that order. stays: why others stay, by address."""

    order: list[Found]
    stays: dict[str, str]


def judge(kinds: t.Mapping[str, Removable], items: t.Sequence[Found], wishes: Wishes, prune: bool) -> Verdict:
    """Which of the undeclared go. Only the undeclared wait for each other, whatever else is there of the same kinds."""
    stays = {}
    for item in items:
        why = [gate.variable for gate in gates_of(item, items, wishes, prune)]
        if why or item.blocker:
            stays[address(item)] = f"needs {' and '.join(why)}" if why else item.blocker
    order: list[Found] = []
    left = [item._replace(is_going=False) for item in items]
    while wave := [item for item in removable_now(kinds, left) if address(item) not in stays]:
        order += wave
        left = [item for item in left if item not in wave]
    for item in left:
        after = kinds[item.kind].after
        first = sorted({address(other) for other in left if other.kind in after})
        stays.setdefault(address(item), f"waits for {', '.join(first)}")
    return Verdict(order, stays)


def listed(kinds: t.Mapping[str, Removable], items: t.Sequence[Found]) -> list[Found]:
    """All of them in the order in which they go once everything is allowed."""
    return in_order(kinds, items)


#: EC2's filter of network interfaces by what they use. What one uses is not touched, not even its rules.
USED_BY_INTERFACES = {"security_group": "group-id", "subnet": "subnet-id"}


def in_use(aws: Aws, item: Found) -> str:
    """Who still uses it, in words; empty where that is nobody or AWS has to tell."""
    if item.kind not in USED_BY_INTERFACES:
        return ""
    interfaces = aws.read(
        "ec2",
        "describe_network_interfaces",
        "NetworkInterfaces",
        Filters=[{"Name": USED_BY_INTERFACES[item.kind], "Values": [item.identifier]}],
    )
    return ", ".join(
        f"{interface['NetworkInterfaceId']} ({interface.get('Description') or 'no description'})"
        for interface in interfaces
    )

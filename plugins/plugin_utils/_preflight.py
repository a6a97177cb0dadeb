# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that a stack's variables are held to before anything is asked of AWS: pure functions, one for each matter.

Every rule takes the stack's effective values (role defaults with the inventory's laid over them) and yields the faults
that it finds; it yields nothing about what is missing or of a wrong type, for that the argument specs have been asked
already.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._fargate import is_size, nearest_size
from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, name_fault
from ansible_collections.webstack.aws.plugins.plugin_utils import _preflight_jobs, _preflight_monitoring
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, nearest
from ansible_collections.webstack.aws.plugins.plugin_utils._secret_names import holds_secret, secret_keys
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import COMMAND_LINE

Values = t.Mapping[str, t.Any]

ENVIRONMENTS = ("production", "staging", "homolog")

#: Least storage in GiB for PostgreSQL by storage type. Amazon RDS User Guide, "Amazon RDS DB instance storage".
LEAST_STORAGE = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 10}
MOST_STORAGE = 65536

SECRET_SOURCES = ("value", "generate", "from_env", "from_secret", "template")

#: Variables that name a resource, and which kind's rule holds for them.
NAMES = {
    "load_balancer_name": "load_balancer",
    "database_identifier": "rds_instance",
    "cache_identifier": "elasticache_replication_group",
    "container_service_cluster_name": "ecs_cluster",
    "secrets_name": "secret",
    "identity_execution_role_name": "iam_role",
}


def unknown_variables(given: t.Iterable[str], known: t.Collection[str], prefixes: t.Iterable[str]) -> t.Iterator[Fault]:
    """Variables that no role takes: those with a role's prefix, and those that look like one that is taken."""
    prefixes = tuple(f"{prefix}_" for prefix in prefixes)
    for name in sorted(given):
        if name in known or name in COMMAND_LINE or name.startswith("__"):
            continue
        like = nearest(name, known, 0.6 if name.startswith(prefixes) else 0.85)
        if name.startswith(prefixes):
            yield Fault(
                name,
                "no role takes a variable of this name",
                f"{like}, if that was meant; else remove it" if like else "remove it",
            )
        elif like:
            yield Fault(
                name, f"no role takes it, and it looks like {like}", f"{like}; or another name, if it is your own"
            )


def environment(values: Values) -> t.Iterator[Fault]:
    known = values.get("webstack_environments") or list(ENVIRONMENTS)
    name = values["webstack_environment"]
    if name not in known:
        like = nearest(str(name), known)
        yield Fault(
            "webstack_environment",
            f"{name!r} is no environment that is known here",
            f"{like!r}, if that was meant; known are {', '.join(known)} (webstack_environments adds others)"
            if like
            else f"one of {', '.join(known)} (webstack_environments adds others)",
        )


def stack_name(values: Values) -> t.Iterator[Fault]:
    name = values["webstack_stack"]
    if not re.fullmatch(r"[a-z](?:-?[a-z0-9])*", name):
        yield Fault(
            "webstack_stack",
            f"{name!r} cannot begin the names of all its resources",
            "lower-case letters, digits and single hyphens, beginning with a letter (unset, it is the host's name)",
        )


def region(values: Values, regions: t.Collection[str]) -> t.Iterator[Fault]:
    name = values["webstack_region"]
    if name not in regions:
        yield Fault(
            "webstack_region", f"{name!r} is no region of AWS", nearest(name, regions) or "a region such as us-east-1"
        )


def services(values: Values) -> t.Iterator[Fault]:
    for key, service in values["webstack_services"].items():
        where = f"webstack_services.{key}"
        if not re.fullmatch(r"[a-z](?:-?[a-z0-9])*", key):
            yield Fault(where, f"{key!r} cannot be part of names", "lower-case letters, digits and single hyphens")
        yield from _service_size(where, service)
        yield from _service_scaling(where, service)
        yield from _service_balancing(where, service)
        if service.get("name") and (fault := name_fault(service["name"], "ecs_service")):
            yield Fault(f"{where}.name", fault, NAME_RULES["ecs_service"].words)
        for name, value in (service.get("environment") or {}).items():
            if holds_secret(name) and value not in (None, ""):
                yield Fault(
                    f"{where}.environment.{name}",
                    "its name says that it is a secret, and here it would stand in clear text",
                    f"a key of the stack's secret in {where}.secrets.{name}, with its source in secrets_fields",
                )


def _service_size(where: str, service: Values) -> t.Iterator[Fault]:
    cpu, memory = service["cpu"], service["memory"]
    if not is_size(cpu, memory):
        right_cpu, right_memory = nearest_size(cpu, memory)
        yield Fault(
            f"{where}.cpu, .memory",
            f"Fargate has no task of {cpu} CPU units with {memory} MB",
            f"cpu: {right_cpu}, memory: {right_memory} is the nearest",
        )


def _service_scaling(where: str, service: Values) -> t.Iterator[Fault]:
    scaling = service.get("autoscaling")
    if not scaling:
        return
    least, most = scaling["minimum"], scaling["maximum"]
    if not 0 <= least <= most:
        yield Fault(
            f"{where}.autoscaling", f"minimum {least} and maximum {most} are no bounds", "0 <= minimum <= maximum"
        )
    elif not least <= service.get("desired_count", least) <= most:
        yield Fault(
            f"{where}.desired_count",
            f"{service['desired_count']} is not between {least} and {most}",
            f"{least} to {most}",
        )


def _service_balancing(where: str, service: Values) -> t.Iterator[Fault]:
    balancing = service.get("load_balancer")
    if balancing is None:
        return
    if not service.get("port"):
        yield Fault(
            f"{where}.port",
            "the load balancer needs a port to send requests to",
            "the port that the container listens on",
        )
    path = (balancing.get("health_check") or {}).get("path", "/")
    if not path.startswith("/"):
        yield Fault(f"{where}.load_balancer.health_check.path", f"{path!r} is no path", f"/{path}")


def secrets(values: Values) -> t.Iterator[Fault]:
    """Secrets are given by reference, and every key that a service wants has a source."""
    fields = values.get("secrets_fields") or {}
    for name, source in fields.items():
        where = f"secrets_fields.{name}"
        if not isinstance(source, dict):
            yield Fault(where, "a secret in clear text", f"a reference: {_reference(name)}")
        elif len(set(source) & set(SECRET_SOURCES)) != 1 or set(source) - {*SECRET_SOURCES, "until_set"}:
            yield Fault(
                where, f"it has {', '.join(source) or 'nothing'}", f"exactly one of {', '.join(SECRET_SOURCES)}"
            )
        elif "value" in source and holds_secret(name) and source["value"] != "":
            yield Fault(where, "a secret in clear text", f"a reference: {_reference(name)}")
    keys = secret_keys(values)
    for key, service in values["webstack_services"].items():
        for name, wanted in (service.get("secrets") or {}).items():
            if wanted in keys or str(wanted).startswith("arn:") or "{{" in str(wanted):
                continue
            like = nearest(str(wanted), keys)
            # The value is not repeated: it may be a secret that somebody put where a reference is wanted.
            yield Fault(
                f"webstack_services.{key}.secrets.{name}",
                "it is neither a key of secrets_fields nor the ARN of a secret",
                f"{like}, if that was meant"
                if like
                else f"one of {', '.join(sorted(keys)) or 'secrets_fields'}, or an ARN",
            )
    for variable in ("database_password_key", "cache_auth_token_key"):
        if values.get(variable) and values[variable] not in fields:
            like = nearest(str(values[variable]), fields)
            yield Fault(variable, "it is no key of secrets_fields", like or "a key of secrets_fields")


def _reference(name: str) -> str:
    return f"{{generate: {{length: 32}}}}, {{from_env: {name.upper()}}} or {{from_secret: <name or ARN>:{name}}}"


def database(values: Values) -> t.Iterator[Fault]:
    if values.get("database_instance_class") is None:
        return
    kind, size = values["database_storage_type"], values["database_allocated_storage"]
    if kind not in LEAST_STORAGE:
        yield Fault("database_storage_type", f"{kind!r} is no storage type", f"one of {', '.join(LEAST_STORAGE)}")
    elif not LEAST_STORAGE[kind] <= size <= MOST_STORAGE:
        least = LEAST_STORAGE[kind]
        yield Fault(
            "database_allocated_storage",
            f"RDS PostgreSQL on {kind} has {least} to {MOST_STORAGE} GB, not {size}",
            str(least if size < least else MOST_STORAGE),
        )
    days = values["database_backup_retention_period"]
    if not 0 <= days <= 35:
        yield Fault("database_backup_retention_period", f"RDS keeps backups for 0 to 35 days, not {days}", "0 to 35")
    if not values["database_instance_class"].startswith("db."):
        yield Fault(
            "database_instance_class",
            f"{values['database_instance_class']!r} is no class of RDS",
            f"db.{values['database_instance_class']}, if that was meant",
        )
    for name in values.get("database_names") or []:
        # Amazon RDS API, CreateDBInstance, DBName for PostgreSQL: 1 to 63 letters, digits and underscores.
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
            yield Fault(
                "database_names",
                f"{name!r} is no name of a database",
                "at most 63 letters, digits and underscores, no digit first",
            )
    if values.get("database_password_key") is None:
        yield Fault("database_password_key", "the database needs a password", "the key of secrets_fields that holds it")


def cache(values: Values) -> t.Iterator[Fault]:
    if values.get("cache_node_type") is None:
        return
    replicas = values["cache_replicas"]
    if not 0 <= replicas <= 5:
        yield Fault("cache_replicas", f"ElastiCache has 0 to 5 replicas, not {replicas}", "0 to 5")
    if not values["cache_node_type"].startswith("cache."):
        yield Fault(
            "cache_node_type",
            f"{values['cache_node_type']!r} is no node type of ElastiCache",
            f"cache.{values['cache_node_type']}, if that was meant",
        )
    if values.get("cache_auth_token_key") and not values.get("cache_transit_encryption", True):
        yield Fault(
            "cache_transit_encryption", "an auth token needs encryption in transit", "cache_transit_encryption: true"
        )


def names(values: Values) -> t.Iterator[Fault]:
    """Names that were given; derived ones are shortened where they must be."""
    for variable, kind in NAMES.items():
        name = values.get(variable)
        if name and "{{" not in name and (fault := name_fault(name, kind)):
            yield Fault(variable, f"{name!r} {fault}", NAME_RULES[kind].words)
    for variable, kind in (("storage_buckets", "s3_bucket"), ("registry_repositories", "ecr_repository")):
        for key, item in (values.get(variable) or {}).items():
            name = (item or {}).get("name")
            if name and "{{" not in name and (fault := name_fault(name, kind)):
                yield Fault(f"{variable}.{key}.name", f"{name!r} {fault}", NAME_RULES[kind].words)


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (
    environment,
    stack_name,
    *_preflight_network.RULES,
    services,
    secrets,
    database,
    cache,
    names,
    *_preflight_jobs.RULES,
    *_preflight_monitoring.RULES,
)

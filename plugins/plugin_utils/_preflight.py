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

from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, name_fault
from ansible_collections.webstack.aws.plugins.plugin_utils import (
    _preflight_api_gateway,
    _preflight_database,
    _preflight_dns,
    _preflight_jobs,
    _preflight_monitoring,
    _preflight_network,
    _preflight_readiness,
    _preflight_services,
    _preflight_storage,
)
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, nearest
from ansible_collections.webstack.aws.plugins.plugin_utils._secret_names import holds_secret, secret_keys
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import COMMAND_LINE

Values = t.Mapping[str, t.Any]

ENVIRONMENTS = ("production", "staging", "homolog")

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
    *_preflight_readiness.RULES,
    *_preflight_network.RULES,
    *_preflight_dns.RULES,
    *_preflight_api_gateway.RULES,
    *_preflight_services.RULES,
    secrets,
    *_preflight_database.RULES,
    cache,
    names,
    *_preflight_jobs.RULES,
    *_preflight_monitoring.RULES,
    *_preflight_storage.RULES,
)

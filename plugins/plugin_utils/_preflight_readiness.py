# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stack needs of its account, from its values: what the module readiness_info asks AWS for. Pure.

A name that is a template which is filled only later is not asked for. Names are derived as the roles derive them.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._container_services import (
    COLLECTOR_IMAGE,
    first_count,
    strategy,
)
from ansible_collections.webstack.aws.plugins.module_utils._ecr_images import NOBODY
from ansible_collections.webstack.aws.plugins.module_utils._names import derived_name
from ansible_collections.webstack.aws.plugins.module_utils._tags import OWNER_TAGS
from ansible_collections.webstack.aws.plugins.plugin_utils import _subnets
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault
from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_dns import requests_certificate
from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_network import tiers, wanted_interface_endpoints

Values = t.Mapping[str, t.Any]
Fields = dict[str, t.Any]

ACCOUNT = re.compile(r"\d{12}")


def account(values: Values) -> t.Iterator[Fault]:
    """The account that a stack is pinned to is one."""
    wanted = values.get("webstack_account_id")
    if wanted is not None and not ACCOUNT.fullmatch(str(wanted)):
        # YAML reads some numbers that begin with nought as octal ones.
        yield Fault("webstack_account_id", f"{wanted!r} is no account of AWS", "its twelve digits, in quotes")


def needs(values: Values) -> Fields:
    """The options of readiness_info for a stack."""
    prefix = f"{values['webstack_environment']}-{values['webstack_stack']}"
    balanced = {key: one["load_balancer"] for key, one in values["webstack_services"].items() if "load_balancer" in one}
    balancer = values.get("load_balancer_name") or derived_name(f"{prefix}-alb", "load_balancer")
    cluster = values.get("container_service_cluster_name") or derived_name(prefix, "ecs_cluster")
    return {
        "account_id": values.get("webstack_account_id"),
        "name_prefix": prefix,
        "tags": dict(zip(OWNER_TAGS, (values["webstack_stack"], values["webstack_environment"]), strict=True)),
        "skip": values.get("webstack_skip_readiness") or [],
        "parts": parts(values),
        "zones": values["network_zones"],
        "vpc_name": prefix,
        **_network(values, prefix),
        "load_balancer": balancer if balanced and _known(balancer) else None,
        "target_groups": [
            {"variable": f"webstack_services.{key}.load_balancer.name", "name": name}
            for key, settings in balanced.items()
            if _known(name := settings.get("name") or derived_name(f"{prefix}-{key}", "target_group"))
        ],
        "buckets": _buckets(values, prefix),
        "cluster": cluster if _known(cluster) else None,
        "services": _services(values, prefix) if _known(cluster) else [],
        "certificate": _certificate(values),
        "secrets": _secrets(values),
        "database": _database(values, prefix),
    }


def planned_registry(values: Values) -> Fields:
    """What the role registry will say of its repositories; what stands for the account is known to readiness_info."""
    prefix, region = f"{values['webstack_environment']}-{values['webstack_stack']}", values["webstack_region"]
    host = f"{NOBODY}.dkr.ecr.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
    repositories = {}
    for key, repository in (values.get("registry_repositories") or {}).items():
        name = (repository or {}).get("name") or derived_name(f"{prefix}-{key}", "ecr_repository")
        repositories[key] = {
            "name": name,
            "url": f"{host}/{name}",
            "arn": f"arn:aws:ecr:{region}:{NOBODY}:repository/{name}",
        }
    return {"repositories": repositories}


def parts(values: Values) -> list[str]:
    """The parts of a stack whose permissions it needs, as module_utils/_permissions.py names them."""
    has_service = bool(values["webstack_services"])
    has_database = values.get("database_instance_class") is not None
    wanted = {
        "api_gateway": values.get("api_gateway_routes") is not None,
        "cache": values.get("cache_node_type") is not None,
        "container_service": has_service,
        "database": has_database,
        "database_aurora": has_database and values.get("database_engine") == "aurora-postgresql",
        "dns_certificate": requests_certificate(values),
        "dns_records": bool(values.get("dns_zone_name")),
        "dns_zone": bool(values.get("dns_create_zone")),
        "file_system": bool(values.get("file_system_file_systems")),
        "identity": True,
        "jobs": bool(values.get("webstack_jobs")),
        "load_balancer": any("load_balancer" in service for service in values["webstack_services"].values()),
        "lock": bool(values.get("lock_table")),
        "monitoring": True,
        "network": True,
        "network_endpoints": bool(wanted_interface_endpoints(values) or values.get("network_interface_endpoints")),
        "network_flow_logs": bool(values.get("network_flow_logs")),
        "network_nat": values["network_nat_mode"] != "none",
        "outputs": True,
        "registry": bool(values.get("registry_repositories")),
        "secrets": True,
        "secrets_access_keys": bool(values.get("secrets_access_keys")),
        "security_groups": True,
        "storage_buckets": bool(_own(values, "storage_buckets")),
        "storage_tables": bool(_own(values, "storage_tables")),
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _network(values: Values, prefix: str) -> Fields:
    planned = _subnets.plan(values["network_vpc_cidr"], values["network_zones"], tiers(values), prefix)
    public = [subnet for subnet in planned if subnet["tier"] == "public"]
    count = {"none": 0, "single": 1, "per_zone": len(public)}[values["network_nat_mode"]]
    tasks = values.get("webstack_task_subnets") or "private"
    return {
        "nat_gateways": [
            {"name": f"{prefix}-nat-{subnet['letter']}", "zone": subnet["availability_zone"]}
            for subnet in public[:count]
        ],
        "task_subnets": [subnet["name"] for subnet in planned if subnet["tier"] == tasks],
    }


def _own(values: Values, variable: str) -> dict[str, Fields]:
    """The buckets or tables that the application does not make itself."""
    items = {key: item or {} for key, item in (values.get(variable) or {}).items()}
    return {key: item for key, item in items.items() if item.get("managed_by") != "application"}


def _buckets(values: Values, prefix: str) -> list[Fields]:
    names = {
        key: bucket.get("name") or f"{prefix}-{key}-{NOBODY}".lower().replace("_", "-")
        for key, bucket in _own(values, "storage_buckets").items()
    }
    return [{"variable": f"storage_buckets.{key}.name", "name": name} for key, name in names.items() if _known(name)]


def _services(values: Values, prefix: str) -> list[Fields]:
    services = []
    for key, service in values["webstack_services"].items():
        name = service.get("name") or derived_name(f"{prefix}-{key}", "ecs_service")
        desired, scaling = service.get("desired_count", 1), service.get("autoscaling")
        spot = service.get("spot", values.get("container_service_spot"))
        if _known(name):
            services.append(
                {
                    "name": name,
                    "cpu": service["cpu"],
                    "desired_count": first_count(desired, scaling),
                    "minimum": scaling["minimum"] if scaling else desired,
                    "capacity_provider_strategy": strategy(spot),
                    "images": _images(f"webstack_services.{key}", service),
                }
            )
    return services


def _images(where: str, service: Values) -> list[Fields]:
    # An image that CI releases is not the variables'.
    images = {} if service.get("image_owner") == "ci" else {f"{where}.image": service["image"]}
    for name, sidecar in (service.get("sidecars") or {}).items():
        images[f"{where}.sidecars.{name}.image"] = sidecar["image"]
    if service.get("tracing") is not None:
        images[f"{where}.tracing.image"] = service["tracing"].get("image") or COLLECTOR_IMAGE
    return [{"variable": variable, "image": image} for variable, image in images.items() if _known(image)]


def _certificate(values: Values) -> Fields | None:
    arn = values.get("dns_certificate_arn")
    if not arn or not _known(arn):
        return None
    # Where records are kept elsewhere, the domain is what answers.
    names = [*(values.get("dns_records") or [values.get("dns_domain_name")]), values.get("api_gateway_domain_name")]
    return {"arn": arn, "names": sorted({name for name in names if name and _known(name)})}


def _secrets(values: Values) -> list[Fields]:
    """Secrets that are not the stack's: each once, with the first variable that names it."""
    found: dict[str, str] = {}
    for kind in ("webstack_services", "webstack_jobs"):
        for key, entry in (values.get(kind) or {}).items():
            containers = {f"{kind}.{key}": entry}
            for name, sidecar in (entry.get("sidecars") or {}).items():
                containers[f"{kind}.{key}.sidecars.{name}"] = sidecar
            for where, container in containers.items():
                for name, wanted in (container.get("secrets") or {}).items():
                    if str(wanted).startswith("arn:") and _known(str(wanted)):
                        found.setdefault(":".join(str(wanted).split(":")[:7]), f"{where}.secrets.{name}")
    for name, source in (values.get("secrets_fields") or {}).items():
        reference = source.get("from_secret") or ""
        if reference and _known(reference):
            found.setdefault(reference.rpartition(":")[0], f"secrets_fields.{name}")
    return [{"variable": variable, "secret_id": secret_id} for secret_id, variable in found.items() if secret_id]


def _database(values: Values, prefix: str) -> Fields | None:
    wanted = {
        "engine": values.get("database_engine"),
        "engine_version": values.get("database_engine_version"),
        "db_instance_class": values.get("database_instance_class"),
        "name": values.get("database_identifier") or derived_name(f"{prefix}-db", "rds_instance"),
    }
    return wanted if all(value and _known(str(value)) for value in wanted.values()) else None


def _known(value: str) -> bool:
    """Whether a value is no template that is filled only later."""
    return "{{" not in value


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (account,)

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the tasks of services find what they need: vCPUs of Fargate, addresses, images."""

from __future__ import annotations

import collections
import math
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._ecr_images import MISSING, NOBODY, parsed, states
from ansible_collections.webstack.aws.plugins.module_utils._readiness import Fault, Fields, Findings
from ansible_collections.webstack.aws.plugins.module_utils._readiness_quotas import (
    FARGATE,
    FARGATE_SPOT,
    Quota,
    quota_fault,
    read_quota,
    read_usage,
)
from ansible_collections.webstack.aws.plugins.module_utils._tags import OWNER_TAGS

#: Amazon ECS API, DescribeServices: at most so many at once.
SERVICES_AT_ONCE = 10
#: ECS counts the CPU of a task in units, quotas in vCPUs.
UNITS = 1024

VARIABLE = "webstack_services"
PROVIDERS = {"FARGATE": FARGATE, "FARGATE_SPOT": FARGATE_SPOT}


def check_services(aws: Aws, wanted: Fields, arn: str, findings: Findings) -> None:
    """What the services add fits, and what runs already does not lose its image."""
    with findings.asking(aws, "the services"):
        live = _live(aws, wanted["cluster"], [service["name"] for service in wanted["services"]])
        added = {service["name"]: added_tasks(service, live.get(service["name"])) for service in wanted["services"]}
        _check_vcpus(aws, wanted["services"], added, findings)
        if sum(added.values()):
            _check_addresses(aws, wanted, sum(added.values()), findings)
        _check_images(aws, wanted["services"], live, arn.split(":")[4], findings)


def _live(aws: Aws, cluster: str, names: list[str]) -> dict[str, Fields]:
    found = {}
    for first in range(0, len(names), SERVICES_AT_ONCE):
        services = aws.read(
            "ecs",
            "describe_services",
            "services",
            missing=("ClusterNotFoundException",),
            cluster=cluster,
            services=names[first : first + SERVICES_AT_ONCE],
        )
        found.update({service["serviceName"]: service for service in services or [] if service["status"] == "ACTIVE"})
    return found


def added_tasks(service: Fields, live: Fields | None) -> int:
    """How many tasks there would be more than are wanted already. Pure.

    A service that runs keeps its number where autoscaling owns it, but never runs below ``minimum``.
    """
    if live is None:
        return service["desired_count"]
    return max(0, service["minimum"] - live["desiredCount"])


def shares(count: int, strategy: t.Sequence[Fields]) -> dict[str, int]:
    """On which capacity providers ``count`` tasks run: the base first, the others by weight. Pure.

    Amazon ECS Developer Guide, "Capacity provider strategy concepts".
    """
    result = {item["capacity_provider"]: min(count, item["base"]) for item in strategy}
    rest = count - sum(result.values())
    weights = sum(item["weight"] for item in strategy)
    for item in strategy:
        # Rounded up: AWS promises no more than nearness, and what is short by one task is short.
        result[item["capacity_provider"]] += math.ceil(rest * item["weight"] / weights) if weights else 0
    return result


def added_vcpus(services: t.Iterable[Fields], added: t.Mapping[str, int]) -> dict[str, float]:
    """The vCPUs that are added, by capacity provider. Pure."""
    total: collections.Counter[str] = collections.Counter()
    for service in services:
        for provider, count in shares(added[service["name"]], service["capacity_provider_strategy"]).items():
            total[provider] += count * service["cpu"]
    return {provider: units / UNITS for provider, units in total.items() if units}


def _check_vcpus(aws: Aws, services: list[Fields], added: t.Mapping[str, int], findings: Findings) -> None:
    for provider, more in added_vcpus(services, added).items():
        quota: Quota = PROVIDERS[provider]
        with findings.asking(aws, f"the quota of {quota.what}"):
            applied = read_quota(aws, quota)
            used = read_usage(aws, applied)
            if used is None:
                # What is added alone may be too much already.
                findings.unchecked.append(f"{aws.subject}: AWS does not say how many are in use")
            fault = quota_fault(VARIABLE, quota, applied["Value"], used or 0, more)
            findings.faults += [fault] if fault else []


def _check_addresses(aws: Aws, wanted: Fields, more: int, findings: Findings) -> None:
    with findings.asking(aws, "the free addresses of the subnets"):
        filters = [
            {"Name": "tag:Name", "Values": wanted["task_subnets"]},
            *({"Name": f"tag:{key}", "Values": [wanted["tags"][key]]} for key in OWNER_TAGS if key in wanted["tags"]),
        ]
        subnets = aws.read("ec2", "describe_subnets", "Subnets", Filters=filters)
        fault = address_fault(subnets, more)
        findings.faults += [fault] if fault else []


def address_fault(subnets: t.Sequence[Fields], more: int) -> Fault | None:
    """Whether the subnets have an address for every task that is added; none that is to be made is asked. Pure."""
    free = sum(subnet["AvailableIpAddressCount"] for subnet in subnets)
    if not subnets or more <= free:
        return None
    names = ", ".join(sorted(subnet["SubnetId"] for subnet in subnets))
    return Fault(
        VARIABLE,
        f"{more} more tasks need an address each, and the subnets of the tasks ({names}) have {free} left",
        "fewer tasks, or larger subnets",
    )


def _check_images(
    aws: Aws, services: list[Fields], live: t.Mapping[str, Fields], account: str, findings: Findings
) -> None:
    # What stands for the account in the names of the stack's own repositories is known now.
    images = [
        (item["variable"], item["image"].replace(f"{NOBODY}.", f"{account}.", 1), live.get(service["name"]))
        for service in services
        for item in service["images"]
    ]
    elsewhere = sorted({image for _variable, image, _live in images if is_elsewhere(image, account, aws.region)})
    if elsewhere:
        findings.unchecked.append(
            f"whether {', '.join(elsewhere)} can be pulled: other registries, accounts and regions are not asked"
        )
    with findings.asking(aws, "the images"):
        # A service without tasks waits for its images, which may be pushed later.
        needed = [(where, image) for where, image, at in images if is_running(at) and image not in elsewhere]
        found = states(aws, dict.fromkeys(image for _variable, image in needed))
        for variable, image in needed:
            if found[image] == MISSING:
                findings.fault(
                    variable,
                    f"ECR has no {image}, and the service has tasks, which need it whenever one is replaced",
                    "a tag or digest that is in the repository, or this image pushed first",
                )


def is_elsewhere(image: str, account: str, region: str) -> bool:
    """Whether an image is in no repository of this account and region. Pure."""
    found = parsed(image)
    return found is None or (found.account, found.region) != (account, region)


def is_running(service: Fields | None) -> bool:
    """Whether a service has tasks or shall have some. Pure."""
    return service is not None and bool(service["desiredCount"] or service["runningCount"])

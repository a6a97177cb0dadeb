# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECS services on Fargate."""

from __future__ import annotations

import typing as t
import uuid

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._ecs_deployment import read_service
from ansible_collections.webstack.aws.plugins.module_utils._ecs_tasks import short_arn
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list
from ansible_collections.webstack.aws.plugins.module_utils._wait import Resource, watch

#: What AWS says while it does not see what was just made: its own service-linked role, a cluster's capacity
#: providers, a listener's rule for the target group.
NOT_SEEN = (
    r"(?i)unable to assume|service linked role|capacity provider.*(not found|not associated|must be associated)"
    r"|does not have an associated load balancer"
)

#: What changes only with new tasks, and makes none by itself. A service that has waited gets a deployment, so that the
#: circuit breaker watches over its first tasks.
WANTS_DEPLOYMENT = {"capacity_provider_strategy", "enable_execute_command", "rollout_state", "waiting_for_image"}

#: What makes a deployment by itself (Amazon ECS API, UpdateService).
DEPLOYS = {
    "task_definition",
    "platform_version",
    "subnets",
    "security_groups",
    "assign_public_ip",
    "load_balancers",
    "service_registries",
}

#: The tag that says for which image a service waits without tasks.
WAITING_TAG = "webstack:waiting-for-image"

#: The platform that LATEST means on Fargate for Linux.
LATEST_PLATFORM = "1.4.0"

#: How long a service of the same name may take to go before it can be made again: targets drain for up to an hour,
#: by default for five minutes.
DRAINING_SECONDS = 900

DEPLOYMENT_FIELDS = {
    "maximum_percent": "maximumPercent",
    "minimum_healthy_percent": "minimumHealthyPercent",
}
NETWORK_FIELDS = {"subnets": "subnets", "security_groups": "securityGroups"}


class EcsService(Kind):
    """A service, found by its cluster and name. One that was deleted stays visible as DRAINING, then INACTIVE."""

    noun = "ecs_service"
    not_compared = ("cluster",)

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._is_draining = False
        self._deployments: list[Fields] = []

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            service = read_service(self.aws, self.options["cluster"], name)
            if service:
                found[name] = service
                self._is_draining = service["status"] == "DRAINING"
        return found

    def is_going(self, live: Fields) -> bool:
        return live["status"] in ("DRAINING", "INACTIVE")

    def normalize(self, name: str, live: Fields) -> Fields:
        network = (live.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        deployment = live.get("deploymentConfiguration") or {}
        breaker = deployment.get("deploymentCircuitBreaker") or {}
        return {
            "task_definition": short_arn(live["taskDefinition"]),
            "desired_count": live["desiredCount"],
            "capacity_provider_strategy": _strategy(live.get("capacityProviderStrategy") or []),
            "platform_version": live.get("platformVersion") or "LATEST",
            "subnets": sorted(network.get("subnets") or []),
            "security_groups": sorted(network.get("securityGroups") or []),
            "assign_public_ip": network.get("assignPublicIp") == "ENABLED",
            "load_balancers": _targets(live.get("loadBalancers") or []),
            "service_registries": _targets(live.get("serviceRegistries") or []),
            "health_check_grace_period_seconds": live.get("healthCheckGracePeriodSeconds") or 0,
            "maximum_percent": deployment.get("maximumPercent", 200),
            "minimum_healthy_percent": deployment.get("minimumHealthyPercent", 100),
            "deployment_circuit_breaker": {key: bool(breaker.get(key)) for key in ("enable", "rollback")},
            "enable_execute_command": bool(live.get("enableExecuteCommand")),
            "enable_ecs_managed_tags": bool(live.get("enableECSManagedTags")),
            "propagate_tags": live.get("propagateTags") or "NONE",
            "availability_zone_rebalancing": live.get("availabilityZoneRebalancing") == "ENABLED",
            "rollout_state": _primary(live).get("rolloutState", ""),
            "waiting_for_image": waits_for(live),
            "tags": {key: value for key, value in tags_to_dict(live.get("tags")).items() if key != WAITING_TAG},
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        fields = {key: value for key, value in wanted.items() if key != "desired_count_owner"}
        if "task_definition" in fields:
            fields["task_definition"] = short_arn(fields["task_definition"])
        for key in ("subnets", "security_groups"):
            if key in fields:
                fields[key] = sorted(set(fields[key]))
        if "capacity_provider_strategy" in fields:
            fields["capacity_provider_strategy"] = _strategy(
                [snake_dict_to_camel_dict(item) for item in fields["capacity_provider_strategy"]]
            )
        for key in ("load_balancers", "service_registries"):
            if key in fields:
                fields[key] = _targets([snake_dict_to_camel_dict(item) for item in fields[key]])
        if fields.get("waiting_for_image"):
            fields["desired_count"] = 0
        return fields

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """The number of tasks may be autoscaling's. A deployment that has failed is begun anew."""
        fields = dict(wanted)
        if self.options.get("desired_count_owner") == "autoscaling" and not self._is_to_begin(live, wanted):
            fields.pop("desired_count", None)
        if wanted.get("platform_version") == "LATEST" and live.get("platformVersion") == LATEST_PLATFORM:
            fields["platform_version"] = LATEST_PLATFORM
        if _primary(live).get("rolloutState") == "FAILED":
            fields["rollout_state"] = "IN_PROGRESS"
        return fields

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        kept = []
        count = wanted.get("desired_count", live["desiredCount"])
        is_owned = self.options.get("desired_count_owner") == "autoscaling" and not self._is_to_begin(live, wanted)
        if is_owned and count != live["desiredCount"]:
            kept.append(Kept("desired_count", live["desiredCount"], count, "autoscaling"))
        return kept

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        live, wanted = outcome.live or {}, outcome.wanted or {}
        waiting = wanted.get("waiting_for_image", waits_for(live) if live else "")
        if outcome.action == "delete":
            return ["all its tasks are stopped"] if live["desiredCount"] else []
        if outcome.action == "none":
            return []
        if waiting:
            return [f"it waits without tasks for the image {waiting}"]
        changed = {change.field for change in outcome.changes}
        notes = []
        if "rollout_state" in changed and live:
            notes.append("the last deployment has failed, and is begun anew")
        definition = wanted.get("task_definition") or (short_arn(live["taskDefinition"]) if live else "")
        if outcome.action == "create" or changed & DEPLOYS or forces_deployment(live, wanted, changed):
            notes.append(f"a new deployment of {definition}")
        if live and "desired_count" in changed and not wanted["desired_count"]:
            notes.append("all its tasks are stopped")
        return notes

    def _is_to_begin(self, live: Fields, wanted: Fields) -> bool:
        """Whether the service waited for its image, need not any more, and has fewer tasks than a new one begins with.

        Autoscaling cannot do that: without tasks there are no metrics.
        """
        begins = bool(waits_for(live)) and wanted.get("waiting_for_image") == ""
        return begins and live["desiredCount"] < wanted.get("desired_count", 0)

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        image = wanted.get("waiting_for_image")
        if image and live is not None and live["desiredCount"] > 0:
            raise WebstackError(
                f"{self.noun} {name}: the image {image} is not in its repository; the service was left as it is "
                f"and goes on with {short_arn(live['taskDefinition'])}",
                "push the image or name one that is there, then run again",
            )
        missing = [key for key in ("task_definition", "subnets", "desired_count") if key not in wanted]
        if live is None and missing:
            raise WebstackError(f"{self.noun} {name} does not exist yet", f"give {', '.join(missing)}")
        found = faults({**(self.normalize(name, live) if live else {}), **wanted})
        if found:
            raise WebstackError(f"{self.noun} {name}: {'; '.join(found)}", "mend the options named")

    def create(self, name: str, wanted: Fields) -> None:
        if self._is_draining:
            # AWS refuses a second service of a name while the first one's tasks are leaving their load balancer.
            watch(self.aws, [Resource("ecs_service", f"{self.options['cluster']}/{name}")], "absent", DRAINING_SECONDS)
        arguments = _arguments(wanted, {})
        if not wanted.get("capacity_provider_strategy"):
            arguments.pop("capacityProviderStrategy", None)
            arguments["launchType"] = "FARGATE"
        if not wanted.get("load_balancers") and not wanted.get("health_check_grace_period_seconds"):
            # AWS takes it, even 0, only beside a load balancer.
            arguments.pop("healthCheckGracePeriodSeconds", None)
        answer = self.aws.write(
            "ecs",
            "create_service",
            propagating=NOT_SEEN,
            cluster=self.options["cluster"],
            serviceName=name,
            clientToken=str(uuid.uuid4()),
            tags=tags_to_list(
                _with_waiting_tag(wanted.get("tags", {}), wanted.get("waiting_for_image", "")), "key", "value"
            ),
            **arguments,
        )
        self._deployments = answer["service"].get("deployments", [])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        settings = changed - {"tags", "waiting_for_image"}
        is_redeployed = forces_deployment(live, wanted, changed)
        if settings or is_redeployed:
            answer = self.aws.write(
                "ecs",
                "update_service",
                propagating=NOT_SEEN,
                cluster=self.options["cluster"],
                service=name,
                forceNewDeployment=is_redeployed,
                **_arguments({key: wanted[key] for key in settings}, live),
            )
            self._deployments = answer["service"].get("deployments", [])
        if changed & {"tags", "waiting_for_image"}:
            before = tags_to_dict(live.get("tags"))
            waiting = wanted.get("waiting_for_image", waits_for(live))
            to_set, to_remove = tag_changes(before, _with_waiting_tag(wanted.get("tags", before), waiting))
            arn = live["serviceArn"]
            if to_set:
                self.aws.write("ecs", "tag_resource", resourceArn=arn, tags=tags_to_list(to_set, "key", "value"))
            if to_remove:
                self.aws.write("ecs", "untag_resource", resourceArn=arn, tagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(
            "ecs",
            "delete_service",
            missing=("ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException"),
            cluster=self.options["cluster"],
            service=name,
            # Without it AWS wants the number of tasks to be 0 first.
            force=True,
        )

    def result(self, name: str, live: Fields) -> Fields:
        # Events are many, and change all the time.
        shapes = {key: value for key, value in live.items() if key not in ("events", "tags")}
        # The answer of the write knows the deployment that it began; a describe may not see it yet.
        shapes["deployments"] = self._deployments or live.get("deployments", [])
        return {**camel_dict_to_snake_dict(shapes), "tags": tags_to_dict(live.get("tags"))}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        cluster = self.options["cluster"].rsplit("/", 1)[-1]
        return {
            **wanted,
            "service_name": name,
            "service_arn": placeholder_arn("ecs", self.aws.region, f"service/{cluster}/{name}"),
            "cluster_arn": placeholder_arn("ecs", self.aws.region, f"cluster/{cluster}"),
            "task_definition": self.options["task_definition"],
            "status": "ACTIVE",
            "deployments": [],
            "tags": wanted.get("tags", {}),
        }

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        return {
            **super().planned(name, live, changes),
            "task_definition": self.options.get("task_definition") or live["taskDefinition"],
        }


def waits_for(live: Fields) -> str:
    """The image for which a live service waits; empty when it does not."""
    return tags_to_dict(live.get("tags")).get(WAITING_TAG, "")


def forces_deployment(live: Fields, wanted: Fields, changed: set[str]) -> bool:
    """Whether a change of a live service wants a deployment that AWS would not make for it."""
    wants_deployment = changed & WANTS_DEPLOYMENT
    # A service that waits deploys nothing, but AWS takes other capacity providers with a deployment only.
    if wanted.get("waiting_for_image", waits_for(live)):
        wants_deployment &= {"capacity_provider_strategy"}
    return bool(wants_deployment)


def _with_waiting_tag(tags: t.Mapping[str, str], image: str) -> dict[str, str]:
    """``tags`` with the one that tells for which image the service waits, or without it."""
    others = {key: value for key, value in tags.items() if key != WAITING_TAG}
    return {**others, WAITING_TAG: image} if image else others


def faults(fields: Fields) -> list[str]:
    """What ECS would refuse (API reference, CreateService). Pure."""
    found = []
    if ":" not in fields["task_definition"]:
        found.append(f"task_definition {fields['task_definition']} names no revision")
    strategy = fields.get("capacity_provider_strategy") or {}
    if strategy and not any(item["weight"] for item in strategy.values()):
        found.append("of the capacity providers at least one wants a weight above 0")
    if sum(1 for item in strategy.values() if item["base"]) > 1:
        found.append("only one capacity provider can have a base")
    if fields.get("health_check_grace_period_seconds") and not fields.get("load_balancers"):
        found.append("health_check_grace_period_seconds is only for services with load balancers")
    least, most = fields.get("minimum_healthy_percent", 100), fields.get("maximum_percent", 200)
    if least >= 100 and most <= 100:
        found.append(f"no task could ever be replaced with minimum_healthy_percent {least} and maximum_percent {most}")
    if fields.get("availability_zone_rebalancing") and most <= 100:
        found.append("availability_zone_rebalancing wants a maximum_percent above 100")
    breaker = fields.get("deployment_circuit_breaker") or {}
    if breaker.get("rollback") and not breaker.get("enable"):
        found.append("deployment_circuit_breaker rolls back only when it is enabled")
    return found


def _arguments(fields: Fields, live: Fields) -> Fields:
    """Fields as CreateService and UpdateService take them; nested ones are complete, from ``live`` where not given."""
    arguments: Fields = {}
    plain = {
        "task_definition": "taskDefinition",
        "desired_count": "desiredCount",
        "platform_version": "platformVersion",
        "health_check_grace_period_seconds": "healthCheckGracePeriodSeconds",
        "enable_execute_command": "enableExecuteCommand",
        "enable_ecs_managed_tags": "enableECSManagedTags",
        "propagate_tags": "propagateTags",
    }
    arguments.update({argument: fields[option] for option, argument in plain.items() if option in fields})
    if "availability_zone_rebalancing" in fields:
        arguments["availabilityZoneRebalancing"] = _enabled(fields["availability_zone_rebalancing"])
    if "capacity_provider_strategy" in fields:
        arguments["capacityProviderStrategy"] = [
            {"capacityProvider": provider, **item} for provider, item in fields["capacity_provider_strategy"].items()
        ]
    for option, argument in (("load_balancers", "loadBalancers"), ("service_registries", "serviceRegistries")):
        if option in fields:
            arguments[argument] = [snake_dict_to_camel_dict(item) for item in fields[option]]
    network = {argument: fields[option] for option, argument in NETWORK_FIELDS.items() if option in fields}
    if "assign_public_ip" in fields:
        network["assignPublicIp"] = _enabled(fields["assign_public_ip"])
    if network:
        kept = (live.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        arguments["networkConfiguration"] = {"awsvpcConfiguration": {**kept, **network}}
    deployment = {argument: fields[option] for option, argument in DEPLOYMENT_FIELDS.items() if option in fields}
    if "deployment_circuit_breaker" in fields:
        deployment["deploymentCircuitBreaker"] = {
            "enable": fields["deployment_circuit_breaker"].get("enable", False),
            "rollback": fields["deployment_circuit_breaker"].get("rollback", False),
        }
    if deployment:
        kept = live.get("deploymentConfiguration") or {}
        # What is only for other kinds of deployment is not sent back: AWS shows it, and refuses it.
        kept = {
            key: kept[key] for key in (*DEPLOYMENT_FIELDS.values(), "deploymentCircuitBreaker", "alarms") if key in kept
        }
        arguments["deploymentConfiguration"] = {**kept, **deployment}
    return arguments


def _enabled(on: bool) -> str:
    return "ENABLED" if on else "DISABLED"


def _strategy(items: list[Fields]) -> Fields:
    """Capacity providers by name; one without a weight gets no tasks beyond its base."""
    return {
        item["capacityProvider"]: {"weight": item.get("weight") or 0, "base": item.get("base") or 0}
        for item in sorted(items, key=lambda item: item["capacityProvider"])
    }


def _targets(items: list[Fields]) -> list[Fields]:
    """Load balancers or registries, sorted, with just what they say."""
    plain = [camel_dict_to_snake_dict({key: value for key, value in item.items() if value}) for item in items]
    return sorted(plain, key=lambda item: sorted((key, str(value)) for key, value in item.items()))


def _primary(live: Fields) -> Fields:
    return next((item for item in live.get("deployments", []) if item.get("status") == "PRIMARY"), {})

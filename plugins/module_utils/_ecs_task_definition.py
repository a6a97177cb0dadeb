# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECS task definitions for Fargate."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict

from ansible_collections.webstack.aws.plugins.module_utils._compare import Change, compare, given
from ansible_collections.webstack.aws.plugins.module_utils._ecs_containers import (
    definition,
    faults,
    normal_all,
    normal_volumes,
    snake,
)
from ansible_collections.webstack.aws.plugins.module_utils._ecs_deployment import read_service, split_identifier
from ansible_collections.webstack.aws.plugins.module_utils._ecs_run_task import ROLE_NOT_SEEN
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._fargate import nearest_size, size_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

#: What of a description can be registered again; the rest is AWS's own.
REGISTERED = (
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "volumes",
    "placementConstraints",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
)

#: Every Fargate task has so much without asking.
EPHEMERAL_GIB = 20


class EcsTaskDefinition(Kind):
    """The newest active revision of a family, or with ``image_owner: ci`` the one that the service runs."""

    noun = "ecs_task_definition"
    not_compared = ("image_owner", "service")
    nested = ("containers", "volumes")

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        # By family: the revision that was registered here, and what RegisterTaskDefinition is to be given.
        self._registered: dict[str, str] = {}
        self._requests: dict[str, Fields] = {}

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for family in names:
            live = self._describe(self._registered.get(family, family))
            if live and family not in self._registered and self._is_ci():
                live = self._with_ci(family, live)
            if live:
                found[family] = live
        return found

    def _describe(self, name: str) -> Fields | None:
        answer = self.aws.read(
            "ecs", "describe_task_definition", missing=("ClientException",), taskDefinition=name, include=["TAGS"]
        )
        if not answer or answer["taskDefinition"].get("status") == "INACTIVE":
            return None
        return {**answer["taskDefinition"], "tags": answer.get("tags", [])}

    def _is_ci(self) -> bool:
        return self.options.get("image_owner") == "ci"

    def _with_ci(self, family: str, latest: Fields) -> Fields:
        """The revision to start from: what runs, unless the latest is it with our changes, which a killed run left."""
        if not self.options.get("service"):
            return latest
        service = read_service(self.aws, *split_identifier(self.options["service"]))
        arn = service["taskDefinition"] if service and service["status"] == "ACTIVE" else ""
        if arn == latest["taskDefinitionArn"] or arn.rsplit("/", 1)[-1].rsplit(":", 1)[0] != family:
            return latest
        running = self._describe(arn)
        if running is None:
            return latest
        fields = {key: self.options.get(key) for key in OPTIONS}
        wanted = self.keep(family, running, self.normalize_wanted(family, given(fields)))
        is_running = not compare(self.normalize(family, running), wanted)
        is_latest = not compare(self.normalize(family, latest), wanted)
        return latest if is_latest and not is_running else running

    def adopts(self, name: str, live: Fields) -> bool:
        """CI registers revisions without tags as often as not."""
        return self._is_ci() and not tags_to_dict(live.get("tags"))

    def normalize(self, name: str, live: Fields) -> Fields:
        platform = live.get("runtimePlatform") or {}
        return {
            "cpu": int(live.get("cpu") or 0),
            "memory": int(live.get("memory") or 0),
            "execution_role_arn": live.get("executionRoleArn") or "",
            "task_role_arn": live.get("taskRoleArn") or "",
            "cpu_architecture": platform.get("cpuArchitecture") or "X86_64",
            "ephemeral_storage": (live.get("ephemeralStorage") or {}).get("sizeInGiB", EPHEMERAL_GIB),
            "network_mode": live.get("networkMode") or "bridge",
            "requires_compatibilities": live.get("requiresCompatibilities") or [],
            "containers": normal_all(live.get("containerDefinitions", [])),
            "volumes": normal_volumes(live.get("volumes", [])),
            "tags": tags_to_dict(live.get("tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        request = self._requests[name] = _request(wanted)
        fields = {key: value for key, value in wanted.items() if key in COMPARED}
        if "containers" in wanted:
            fields["containers"] = normal_all(request["containerDefinitions"])
        if "volumes" in wanted:
            fields["volumes"] = normal_volumes(request["volumes"])
        return {
            **fields,
            "network_mode": request["networkMode"],
            "requires_compatibilities": request["requiresCompatibilities"],
        }

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """With images owned by CI, those of the live revision, container by container."""
        if not self._is_ci() or "containers" not in wanted:
            return wanted
        images = {container["name"]: container["image"] for container in live["containerDefinitions"]}
        for container in self._requests[name]["containerDefinitions"]:
            container["image"] = images.get(container["name"], container.get("image"))
        return {
            **wanted,
            "containers": {
                key: {**container, "image": images.get(key, container.get("image"))}
                for key, container in wanted["containers"].items()
            },
        }

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        if not self._is_ci():
            return []
        images = {container["name"]: container["image"] for container in live["containerDefinitions"]}
        ours = {key: container.get("image") for key, container in wanted.get("containers", {}).items()}
        return [
            Kept(f"containers.{key}.image", images[key], image, "CI")
            for key, image in ours.items()
            if image and images.get(key, image) != image
        ]

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all its revisions are deregistered; tasks that run them run on"]
        if outcome.action == "create" or {change.field for change in outcome.changes} - {"tags"}:
            return ["a new revision"]
        return []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        missing = [key for key in ("cpu", "memory", "containers") if key not in wanted]
        if live is None and missing:
            raise WebstackError(f"{self.noun} {name} does not exist yet", f"give {', '.join(missing)}")
        fields = {**(self.normalize(name, live) if live else {}), **wanted}
        fault = size_fault(fields["cpu"], fields["memory"])
        if fault:
            nearest = nearest_size(fields["cpu"], fields["memory"])
            raise WebstackError(
                f"{self.noun} {name}: {fault}", f"take cpu {nearest.cpu} and memory {nearest.memory}, the nearest size"
            )
        found = faults(fields["containers"], fields.get("volumes") or {}, fields["memory"])
        if not fields.get("execution_role_arn") and _wants_execution_role(fields["containers"]):
            found.append("secrets, environment files and the log driver awslogs want an execution_role_arn")
        storage = fields.get("ephemeral_storage", EPHEMERAL_GIB)
        if not EPHEMERAL_GIB <= storage <= 200:
            found.append(f"ephemeral_storage is {storage} GiB; Fargate has 21 to 200, and 20 without asking")
        if found:
            raise WebstackError(f"{self.noun} {name}: {'; '.join(found)}", "mend the options named")

    def create(self, name: str, wanted: Fields) -> None:
        self._register(name, self._requests[name], wanted.get("tags", {}))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        tags = wanted.get("tags")
        if changed == {"tags"}:
            # Tags are no reason for a deployment: they can be changed on the revision that there is.
            to_set, to_remove = tag_changes(tags_to_dict(live.get("tags")), tags or {})
            arn = live["taskDefinitionArn"]
            if to_set:
                self.aws.write("ecs", "tag_resource", resourceArn=arn, tags=tags_to_list(to_set, "key", "value"))
            if to_remove:
                self.aws.write("ecs", "untag_resource", resourceArn=arn, tagKeys=to_remove)
            return
        # What was not asked for stays as it is: a revision is always complete.
        kept = {key: live[key] for key in REGISTERED if live.get(key)}
        tags = tags_to_dict(live.get("tags")) if tags is None else tags
        self._register(name, {**kept, **self._requests[name]}, tags)

    def _register(self, family: str, request: Fields, tags: t.Mapping[str, str]) -> None:
        arguments = {key: value for key, value in request.items() if value != ""}
        if arguments.get("ephemeralStorage", {}).get("sizeInGiB") == EPHEMERAL_GIB:
            # What every task has cannot be asked for.
            del arguments["ephemeralStorage"]
        if tags:
            arguments["tags"] = tags_to_list(tags, "key", "value")
        answer = self.aws.write(
            "ecs", "register_task_definition", propagating=ROLE_NOT_SEEN, family=family, **arguments
        )
        self._registered[family] = answer["taskDefinition"]["taskDefinitionArn"]

    def delete(self, name: str, live: Fields) -> None:
        arns = self.aws.read("ecs", "list_task_definitions", "taskDefinitionArns", familyPrefix=name, status="ACTIVE")
        for arn in arns:
            self.aws.write("ecs", "deregister_task_definition", missing=("ClientException",), taskDefinition=arn)

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key != "tags"}
        return {**snake(shapes), "tags": tags_to_dict(live.get("tags"))}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            **self.result(name, self._requests[name]),
            "family": name,
            "revision": 1,
            "task_definition_arn": placeholder_arn("ecs", self.aws.region, f"task-definition/{name}:1"),
            "tags": wanted.get("tags", {}),
        }

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        plan = super().planned(name, live, [change for change in changes if change.field == "tags"])
        if any(change.field != "tags" for change in changes):
            plan["revision"] = live["revision"] + 1
            plan["task_definition_arn"] = placeholder_arn(
                "ecs", self.aws.region, f"task-definition/{name}:{plan['revision']}"
            )
            containers = self._requests[name].get("containerDefinitions")
            if containers:
                plan["container_definitions"] = snake(containers)
        return plan


#: Options that compare as they are given.
COMPARED = ("cpu", "memory", "execution_role_arn", "task_role_arn", "cpu_architecture", "ephemeral_storage", "tags")
#: Options that say what the task definition shall be.
OPTIONS = (*COMPARED[:-1], "containers", "volumes")


def _request(options: t.Mapping[str, t.Any]) -> Fields:
    """The options that were given as RegisterTaskDefinition's arguments, without family and tags. Pure."""
    request: Fields = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    for option, argument in (("execution_role_arn", "executionRoleArn"), ("task_role_arn", "taskRoleArn")):
        if option in options:
            request[argument] = options[option]
    for option in ("cpu", "memory"):
        if option in options:
            request[option] = str(options[option])
    if "cpu_architecture" in options:
        request["runtimePlatform"] = {"cpuArchitecture": options["cpu_architecture"], "operatingSystemFamily": "LINUX"}
    if "ephemeral_storage" in options:
        request["ephemeralStorage"] = {"sizeInGiB": options["ephemeral_storage"]}
    if "containers" in options:
        request["containerDefinitions"] = [definition(container) for container in options["containers"]]
    if "volumes" in options:
        request["volumes"] = [snake_dict_to_camel_dict(volume) for volume in options["volumes"]]
    return request


def _wants_execution_role(containers: t.Mapping[str, Fields]) -> bool:
    return any(
        container.get("secrets")
        or container.get("environment_files")
        or container.get("log_configuration", {}).get("log_driver") == "awslogs"
        for container in containers.values()
    )

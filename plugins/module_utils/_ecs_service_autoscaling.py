# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Autoscaling of the number of an ECS service's tasks: a scalable target with its policies and schedules."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict

SERVICE = "application-autoscaling"
NAMESPACE = "ecs"
DIMENSION = "ecs:service:DesiredCount"

#: A service, a target or the service-linked role that was just made is not seen at once; two changes at a time are
#: refused.
NOT_SEEN = (
    r"(?i)service doesn't exist|unable to assume|ConcurrentUpdateException|FailedResourceAccessException"
    r"|^ObjectNotFoundException"
)

#: The options and AWS's words for them.
BOUNDS = {"min_capacity": "MinCapacity", "max_capacity": "MaxCapacity"}

#: How long a scaling takes effect before the next, for ECS, where a policy does not say.
COOLDOWN_SECONDS = 300


class EcsServiceAutoscaling(Kind):
    """The scalable target of one service. Policies of other types than target tracking are left alone."""

    noun = "ecs_service_autoscaling"
    not_compared = ("cluster",)
    nested = ("policies", "schedules")

    def read(self, names: list[str]) -> dict[str, Fields]:
        return {name: live for name in names if (live := self._read_one(name))}

    def _read_one(self, name: str) -> Fields | None:
        identifier = self._identifier(name)
        targets = self.aws.read(
            SERVICE,
            "describe_scalable_targets",
            "ScalableTargets",
            ServiceNamespace=NAMESPACE,
            ResourceIds=[identifier],
            ScalableDimension=DIMENSION,
        )
        if not targets:
            return None
        policies = self.aws.read(
            SERVICE,
            "describe_scaling_policies",
            "ScalingPolicies",
            ServiceNamespace=NAMESPACE,
            ResourceId=identifier,
            ScalableDimension=DIMENSION,
        )
        tracking = [policy for policy in policies if policy["PolicyType"] == "TargetTrackingScaling"]
        actions = self.aws.read(
            SERVICE,
            "describe_scheduled_actions",
            "ScheduledActions",
            ServiceNamespace=NAMESPACE,
            ResourceId=identifier,
            ScalableDimension=DIMENSION,
        )
        arn = targets[0].get("ScalableTargetARN")
        tags = self.aws.read(SERVICE, "list_tags_for_resource", "Tags", ResourceARN=arn) if arn else {}
        return {**targets[0], "Policies": tracking, "ScheduledActions": actions, "Tags": tags}

    def _identifier(self, name: str) -> str:
        return f"service/{self.options['cluster'].rsplit('/', 1)[-1]}/{name}"

    def _where(self, name: str) -> Fields:
        return {
            "ServiceNamespace": NAMESPACE,
            "ResourceId": self._identifier(name),
            "ScalableDimension": DIMENSION,
        }

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "min_capacity": live["MinCapacity"],
            "max_capacity": live["MaxCapacity"],
            "policies": {policy["PolicyName"]: _normal(policy) for policy in live["Policies"]},
            "schedules": {action["ScheduledActionName"]: _normal_action(action) for action in live["ScheduledActions"]},
            "tags": tags_to_dict(live["Tags"]),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        fields = dict(wanted)
        for option, defaults in (("policies", POLICY_DEFAULTS), ("schedules", SCHEDULE_DEFAULTS)):
            if option in wanted:
                fields[option] = {
                    item["name"]: {**defaults, **{key: value for key, value in item.items() if key != "name"}}
                    for item in wanted[option]
                }
        return fields

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """A bound that a schedule has set is the schedule's until the next one sets it."""
        return {field: value for field, value in wanted.items() if field not in _set_by_schedules(live, wanted)}

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        return [
            Kept(bound, live[BOUNDS[bound]], wanted[bound], "schedule")
            for bound in _set_by_schedules(live, wanted)
            if wanted.get(bound, live[BOUNDS[bound]]) != live[BOUNDS[bound]]
        ]

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["the number of tasks stays what it is now, and nothing scales it any more"]
        return []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        missing = [key for key in ("min_capacity", "max_capacity") if key not in wanted]
        if live is None and missing:
            raise WebstackError(f"{self.noun} {name} does not exist yet", f"give {' and '.join(missing)}")
        fields = {**(self.normalize(name, live) if live else {}), **wanted}
        found = []
        if fields["min_capacity"] > fields["max_capacity"]:
            found.append(f"min_capacity {fields['min_capacity']} is more than max_capacity {fields['max_capacity']}")
        for policy, settings in (fields.get("policies") or {}).items():
            if (settings["metric"] == "ALBRequestCountPerTarget") != bool(settings.get("resource_label")):
                found.append(f"policy {policy}: resource_label goes with ALBRequestCountPerTarget, and only with that")
        for schedule, action in (fields.get("schedules") or {}).items():
            bounds = [action[bound] for bound in BOUNDS if bound in action]
            if not bounds:
                found.append(f"schedule {schedule}: it sets neither min_capacity nor max_capacity")
            elif bounds != sorted(bounds):
                found.append(f"schedule {schedule}: min_capacity {bounds[0]} is more than max_capacity {bounds[1]}")
        if found:
            raise WebstackError(f"{self.noun} {name}: {'; '.join(found)}", "mend the options named")

    def create(self, name: str, wanted: Fields) -> None:
        tags: Fields = {"Tags": dict(wanted["tags"])} if wanted.get("tags") else {}
        self.aws.write(
            SERVICE,
            "register_scalable_target",
            propagating=NOT_SEEN,
            **self._where(name),
            MinCapacity=wanted["min_capacity"],
            MaxCapacity=wanted["max_capacity"],
            **tags,
        )
        self._put(name, wanted.get("policies") or {})
        self._put_actions(name, wanted.get("schedules") or {})

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed & {"min_capacity", "max_capacity"}:
            fields = {**self.normalize(name, live), **wanted}
            self.aws.write(
                SERVICE,
                "register_scalable_target",
                propagating=NOT_SEEN,
                **self._where(name),
                MinCapacity=fields["min_capacity"],
                MaxCapacity=fields["max_capacity"],
            )
        if "policies" in changed:
            before = self.normalize(name, live)["policies"]
            policies = wanted["policies"]
            self._put(name, {key: policy for key, policy in policies.items() if before.get(key) != policy})
            for policy in before.keys() - policies.keys():
                self.aws.write(
                    SERVICE,
                    "delete_scaling_policy",
                    missing=("ObjectNotFoundException",),
                    propagating=NOT_SEEN,
                    PolicyName=policy,
                    **self._where(name),
                )
        if "schedules" in changed:
            before = self.normalize(name, live)["schedules"]
            schedules = wanted["schedules"]
            for schedule, action in before.items():
                # What a call leaves out stays, so that a bound can only go with its action.
                if action.keys() - schedules.get(schedule, {}).keys():
                    self._delete_action(name, schedule)
            self._put_actions(name, {key: item for key, item in schedules.items() if before.get(key) != item})
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live["Tags"]), wanted["tags"])
            arn = live["ScalableTargetARN"]
            if to_set:
                self.aws.write(SERVICE, "tag_resource", ResourceARN=arn, Tags=to_set)
            if to_remove:
                self.aws.write(SERVICE, "untag_resource", ResourceARN=arn, TagKeys=to_remove)

    def _put(self, name: str, policies: t.Mapping[str, Fields]) -> None:
        for policy, settings in policies.items():
            self.aws.write(
                SERVICE,
                "put_scaling_policy",
                propagating=NOT_SEEN,
                PolicyName=policy,
                PolicyType="TargetTrackingScaling",
                TargetTrackingScalingPolicyConfiguration=_configuration(settings),
                **self._where(name),
            )

    def _put_actions(self, name: str, schedules: t.Mapping[str, Fields]) -> None:
        for schedule, settings in schedules.items():
            bounds = {member: settings[bound] for bound, member in BOUNDS.items() if bound in settings}
            self.aws.write(
                SERVICE,
                "put_scheduled_action",
                propagating=NOT_SEEN,
                ScheduledActionName=schedule,
                Schedule=settings["schedule"],
                Timezone=settings["timezone"],
                ScalableTargetAction=bounds,
                **self._where(name),
            )

    def _delete_action(self, name: str, schedule: str) -> None:
        self.aws.write(
            SERVICE,
            "delete_scheduled_action",
            missing=("ObjectNotFoundException",),
            propagating=NOT_SEEN,
            ScheduledActionName=schedule,
            **self._where(name),
        )

    def delete(self, name: str, live: Fields) -> None:
        # Its policies with their alarms and its schedules go with it.
        self.aws.write(
            SERVICE,
            "deregister_scalable_target",
            missing=("ObjectNotFoundException",),
            propagating=NOT_SEEN,
            **self._where(name),
        )

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key != "Tags"}
        return {**camel_dict_to_snake_dict(shapes), "tags": tags_to_dict(live["Tags"])}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "resource_id": self._identifier(name),
            "scalable_target_arn": placeholder_arn(SERVICE, self.aws.region, f"scalable-target/{'0' * 32}"),
            "min_capacity": wanted["min_capacity"],
            "max_capacity": wanted["max_capacity"],
            "policies": wanted.get("policies", {}),
            "schedules": wanted.get("schedules", {}),
            "tags": wanted.get("tags", {}),
        }


POLICY_DEFAULTS: Fields = {
    "scale_in_cooldown": COOLDOWN_SECONDS,
    "scale_out_cooldown": COOLDOWN_SECONDS,
    "disable_scale_in": False,
}

#: Application Auto Scaling counts in UTC where no zone is given.
SCHEDULE_DEFAULTS: Fields = {"timezone": "UTC"}


def _set_by_schedules(live: Fields, wanted: Fields) -> list[str]:
    """The bounds that have the value to which one of the wanted schedules sets them. Pure."""
    set_to = [
        action.get("ScalableTargetAction") or {}
        for action in live["ScheduledActions"]
        if action["ScheduledActionName"] in wanted.get("schedules", {})
    ]
    return [bound for bound, member in BOUNDS.items() if live[member] in [bounds.get(member) for bounds in set_to]]


def _normal_action(action: Fields) -> Fields:
    """A live scheduled action in the form of the options. Pure."""
    bounds = action.get("ScalableTargetAction") or {}
    return {
        "schedule": action["Schedule"],
        "timezone": action.get("Timezone") or "UTC",
        **{bound: bounds[member] for bound, member in BOUNDS.items() if bounds.get(member) is not None},
    }


def _normal(policy: Fields) -> Fields:
    """A live policy in the form of the options. Pure."""
    settings = policy["TargetTrackingScalingPolicyConfiguration"]
    metric = settings.get("PredefinedMetricSpecification") or {}
    normal = {
        "metric": metric.get("PredefinedMetricType", "customized"),
        "target_value": settings["TargetValue"],
        "scale_in_cooldown": settings.get("ScaleInCooldown", COOLDOWN_SECONDS),
        "scale_out_cooldown": settings.get("ScaleOutCooldown", COOLDOWN_SECONDS),
        "disable_scale_in": settings.get("DisableScaleIn", False),
    }
    if metric.get("ResourceLabel"):
        normal["resource_label"] = metric["ResourceLabel"]
    return normal


def _configuration(settings: t.Mapping[str, t.Any]) -> Fields:
    """The options of a policy in AWS's form. Pure."""
    metric = {"PredefinedMetricType": settings["metric"]}
    if settings.get("resource_label"):
        metric["ResourceLabel"] = settings["resource_label"]
    return {
        "TargetValue": settings["target_value"],
        "PredefinedMetricSpecification": metric,
        "ScaleInCooldown": settings["scale_in_cooldown"],
        "ScaleOutCooldown": settings["scale_out_cooldown"],
        "DisableScaleIn": settings["disable_scale_in"],
    }

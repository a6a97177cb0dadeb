"""Application Auto Scaling as AWS has it, where moto differs. It never scales by itself here: there are no metrics.

https://docs.aws.amazon.com/autoscaling/application/APIReference/
"""

from __future__ import annotations

import hashlib
import json
import zoneinfo
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from tests.emulator import schedules
from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, named, wrap


def install() -> None:
    """Extend moto."""
    _targets()
    _policies()
    _tags()
    add_operation(
        ApplicationAutoScalingResponse, "DescribeScalingActivities", lambda response, given: {"ScalingActivities": []}
    )


def _missing(what: str, namespace: str, resource: str, dimension: str, more: str = "") -> AwsError:
    message = (
        f"No {what} for service namespace: {namespace}, resource ID: {resource}, scalable dimension: {dimension}{more}"
    )
    return AwsError("ObjectNotFoundException", message)


def _backend(response: Any) -> Any:
    return response.applicationautoscaling_backend


def _targets() -> None:
    @wrap(ApplicationAutoscalingBackend, "register_scalable_target")
    def register(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        held = self.targets.get(given["dimension"], {}).get(given["r_id"])
        lowest, highest = given.get("min_capacity"), given.get("max_capacity")
        if held is None and (lowest is None or highest is None):
            message = "MinCapacity and MaxCapacity must be specified when registering a new scalable target"
            raise AwsError("ValidationException", message)
        lowest = held.min_capacity if lowest is None else int(lowest)
        highest = held.max_capacity if highest is None else int(highest)
        if lowest > highest:
            raise AwsError("ValidationException", "Maximum capacity cannot be less than minimum capacity")
        target = original(self, **given)
        _bring_within(self, given["r_id"], lowest, highest)
        return target

    @wrap(ApplicationAutoscalingBackend, "_ecs_service_exists_for_target")
    def service_exists(original: Any, self: Any, r_id: str) -> bool:
        try:
            found = original(self, r_id)
        except Exception:  # whatever is missing on the way to the service
            found = False
        if not found or not _is_active(self, r_id):
            raise AwsError("ValidationException", f"ECS service doesn't exist: {r_id}")
        return True

    @wrap(ApplicationAutoscalingBackend, "deregister_scalable_target")
    def deregister(original: Any, self: Any, namespace: str, r_id: str, dimension: str) -> None:
        if not self._scalable_target_exists(r_id, dimension):
            raise _missing("scalable target found", namespace, r_id, dimension)
        # Policies and schedules go with their target.
        for policy in list(self.policies.values()):
            if (policy.resource_id, policy.scalable_dimension) == (r_id, dimension):
                self.delete_scaling_policy(policy.policy_name, namespace, r_id, dimension)
        self.scheduled_actions = [
            action
            for action in self.scheduled_actions
            if (action.resource_id, action.scalable_dimension) != (r_id, dimension)
        ]
        original(self, namespace, r_id, dimension)


def _is_active(backend: Any, r_id: str) -> bool:
    return any(getattr(service, "status", "ACTIVE") == "ACTIVE" for service in _services(backend, r_id))


def _services(backend: Any, r_id: str) -> list[Any]:
    _unused, cluster, name = r_id.split("/")
    services, _unused = backend.ecs_backend.describe_services(cluster, [name])
    return list(services)


def _bring_within(backend: Any, r_id: str, lowest: int, highest: int) -> None:
    """A registration brings the current capacity between the bounds, whether it changes them or not."""
    if not r_id.startswith("service/"):
        return
    for service in _services(backend, r_id):
        wanted = min(max(service.desired_count, lowest), highest)
        if wanted != service.desired_count:
            service.scale(wanted)


def _policies() -> None:
    @wrap(ApplicationAutoScalingResponse, "describe_scaling_policies")
    def describe(original: Any, self: Any) -> Any:
        names, resource, backend = self._get_param("PolicyNames"), self._get_param("ResourceId"), _backend(self)
        policies = backend.policies
        backend.policies = {
            key: policy
            for key, policy in policies.items()
            if (not names or policy.policy_name in names) and (not resource or policy.resource_id == resource)
        }
        try:
            return original(self)
        finally:
            backend.policies = policies

    @wrap(ApplicationAutoscalingBackend, "put_scaling_policy")
    def put(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        resource, dimension = given["resource_id"], given["scalable_dimension"]
        if not self._scalable_target_exists(resource, dimension):
            raise _missing("scalable target registered", given["service_namespace"], resource, dimension)
        held = next(
            (
                policy
                for policy in self.policies.values()
                if (policy.policy_name, policy.resource_id, policy.scalable_dimension)
                == (given["policy_name"], resource, dimension)
            ),
            None,
        )
        _check_policy(self, given)
        policy = original(self, **given)
        if held is not None:
            # A policy that is put again stays the same policy, and its alarms are replaced.
            held.delete_alarms(self.account_id, self.region_name)
            policy.policy_arn = held.policy_arn
            policy.creation_time = held.creation_time
        return policy

    @wrap(ApplicationAutoscalingBackend, "delete_scaling_policy")
    def delete(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        given = named(original, self, args, kwargs)
        resource, dimension, name = given["resource_id"], given["scalable_dimension"], given["policy_name"]
        if not any(
            (policy.policy_name, policy.resource_id, policy.scalable_dimension) == (name, resource, dimension)
            for policy in self.policies.values()
        ):
            namespace = given["service_namespace"]
            raise _missing("scaling policy found", namespace, resource, dimension, f", policy name: {name}")
        original(self, **given)

    @wrap(ApplicationAutoscalingBackend, "put_scheduled_action")
    def put_action(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        resource, dimension = given["resource_id"], given["scalable_dimension"]
        if not self._scalable_target_exists(resource, dimension):
            raise _missing("scalable target registered", given["service_namespace"], resource, dimension)
        schedule, bounds = given.get("schedule"), given.get("scalable_target_action")
        if schedule is not None and not schedules.is_valid(schedule, once=True):
            raise AwsError("ValidationException", f"Invalid schedule: {schedule}")
        try:
            zoneinfo.ZoneInfo(given.get("timezone") or "UTC")
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise AwsError("ValidationException", f"Invalid time zone: {given['timezone']}") from error
        if bounds is not None and not bounds.keys() & {"MinCapacity", "MaxCapacity"}:
            message = "Must specify at least one of minimum capacity or maximum capacity"
            raise AwsError("ValidationException", message)
        held = next(
            (
                action
                for action in self.scheduled_actions
                if (action.scheduled_action_name, action.resource_id, action.scalable_dimension)
                == (given["scheduled_action_name"], resource, dimension)
            ),
            None,
        )
        if held is not None and bounds is not None:
            # What an update leaves out stays.
            given["scalable_target_action"] = held.scalable_target_action | bounds
        return original(self, **given)


def _check_policy(backend: Any, given: dict[str, Any]) -> None:
    body = given.get("policy_body") or {}
    metric = (body.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if given.get("policy_type") != "TargetTrackingScaling" or not metric:
        return
    if metric == "ALBRequestCountPerTarget" and not body["PredefinedMetricSpecification"].get("ResourceLabel"):
        message = "You must specify a ResourceLabel for the predefined metric type ALBRequestCountPerTarget"
        raise AwsError("ValidationException", message)
    for policy in backend.policies.values():
        theirs = (policy._policy_body or {}).get("PredefinedMetricSpecification") or {}
        if (
            policy.resource_id == given["resource_id"]
            and policy.policy_name != given["policy_name"]
            and theirs.get("PredefinedMetricType") == metric
        ):
            message = f"Only one TargetTrackingScaling policy for a given metric specification is allowed: {metric}"
            raise AwsError("ValidationException", message)


def _arn(backend: Any, target: FakeScalableTarget) -> str:
    return (
        f"arn:aws:application-autoscaling:{backend.region_name}:{backend.account_id}:scalable-target/{_number(target)}"
    )


def _number(target: FakeScalableTarget) -> str:
    seed = f"{target.service_namespace}/{target.resource_id}/{target.scalable_dimension}".encode()
    return f"1234{hashlib.sha256(seed).hexdigest()[:28]}"


def _tags() -> None:
    @wrap(ApplicationAutoScalingResponse, "register_scalable_target")
    def register(original: Any, self: Any) -> Any:
        original(self)
        backend = _backend(self)
        target = backend.targets[self._get_param("ScalableDimension")][self._get_param("ResourceId")]
        if self._get_param("Tags"):
            target._tags = getattr(target, "_tags", {}) | self._get_param("Tags")
        return json.dumps({"ScalableTargetARN": _arn(backend, target)})

    @wrap(ApplicationAutoScalingResponse, "describe_scalable_targets")
    def describe(original: Any, self: Any) -> str:
        answer = json.loads(original(self))
        backend = _backend(self)
        for item in answer["ScalableTargets"]:
            target = backend.targets[item["ScalableDimension"]][item["ResourceId"]]
            item["ScalableTargetARN"] = _arn(backend, target)
        return json.dumps(answer)

    def find(response: Any, arn: str) -> Any:
        backend = _backend(response)
        for targets in backend.targets.values():
            for target in targets.values():
                if _arn(backend, target) == arn:
                    return target
        raise AwsError("ResourceNotFoundException", f"No scalable target found for ARN: {arn}")

    def tag(response: Any, given: dict[str, Any]) -> None:
        target = find(response, given["ResourceARN"])
        target._tags = getattr(target, "_tags", {}) | given.get("Tags", {})

    def untag(response: Any, given: dict[str, Any]) -> None:
        target = find(response, given["ResourceARN"])
        held = getattr(target, "_tags", {})
        target._tags = {key: value for key, value in held.items() if key not in given.get("TagKeys", [])}

    def list_tags(response: Any, given: dict[str, Any]) -> dict[str, Any]:
        return {"Tags": getattr(find(response, given["ResourceARN"]), "_tags", {})}

    add_operation(ApplicationAutoScalingResponse, "TagResource", tag)
    add_operation(ApplicationAutoScalingResponse, "UntagResource", untag)
    add_operation(ApplicationAutoScalingResponse, "ListTagsForResource", list_tags)

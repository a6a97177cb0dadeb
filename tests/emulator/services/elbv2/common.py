"""What all parts of Elastic Load Balancing use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.elbv2.models import ELBv2Backend, elbv2_backends

from ...errors import AwsError

Backend = ELBv2Backend

_LOAD_BALANCER_PART = re.compile(r"[A-Za-z0-9-]+")


def backend_of(response: Any) -> Backend:
    return elbv2_backends[response.current_account][response.region]


def invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)


def invalid_configuration(message: str) -> AwsError:
    return AwsError("InvalidConfigurationRequest", message)


def load_balancer_not_found() -> AwsError:
    return AwsError("LoadBalancerNotFound", "One or more load balancers not found")


def target_groups_not_found() -> AwsError:
    return AwsError("TargetGroupNotFound", "One or more target groups not found")


def check_name(kind: str, name: str) -> None:
    """Names of load balancers and target groups: 32 letters, digits and hyphens."""
    if not name:
        raise invalid(f"A {kind.lower()} name must be specified")
    if len(name) > 32:
        raise invalid(f"{kind} name '{name}' cannot be longer than '32' characters")
    if not _LOAD_BALANCER_PART.fullmatch(name):
        raise invalid(
            f"{kind} name '{name}' can only contain characters that are alphanumeric characters or hyphens(-)"
        )
    if name.startswith("-") or name.endswith("-"):
        raise invalid(f"{kind} name '{name}' cannot begin or end with '-'")


def tags_of(backend: Backend, arn: str) -> dict[str, str]:
    return dict(backend.tagging_service.get_tag_dict_for_resource(arn))


def as_dict(tags: list[dict[str, str]] | None) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags or []}


def attribute_list(attributes: dict[str, Any]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": str(value)} for key, value in sorted(attributes.items())]


def groups_in(actions: list[Any]) -> list[str]:
    """The target groups that actions (as sent, or as moto keeps them) forward to."""
    found = []
    for action in actions:
        data = getattr(action, "data", action)
        if data.get("TargetGroupArn"):
            found.append(data["TargetGroupArn"])
        found += [item["TargetGroupArn"] for item in (data.get("ForwardConfig") or {}).get("TargetGroups") or []]
    return found


def uses_of(backend: Backend) -> Iterator[tuple[Any, str]]:
    """Every load balancer with every target group that one of its listeners or rules forwards to."""
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for actions in [listener.default_actions, *(rule.actions for rule in listener.rules.values())]:
                for group in groups_in(actions):
                    yield balancer, group

"""Elastic Load Balancing (v2): moto's objects, the rules, defaults and states of AWS.

``load_balancers``, ``listeners`` and ``target_groups`` hold the operations; ECS uses the functions named below.
"""

from __future__ import annotations

from typing import Any

from moto.elbv2.responses import ELBV2Response

from ...errors import AwsError
from ...extend import add_operation
from . import listeners, load_balancers, target_groups
from .common import Backend, as_dict, backend_of, tags_of
from .target_groups import deregister_task, find_target_group, finds_unhealthy, load_balancers_of, register_task

__all__ = ["deregister_task", "find_target_group", "finds_unhealthy", "install", "load_balancers_of", "register_task"]

_TAGS_LIMIT = 50
_OPERATIONS = {
    "CreateLoadBalancer": load_balancers.create,
    "DescribeLoadBalancers": load_balancers.describe,
    "DeleteLoadBalancer": load_balancers.delete,
    "DescribeLoadBalancerAttributes": load_balancers.describe_attributes,
    "ModifyLoadBalancerAttributes": load_balancers.modify_attributes,
    "SetSecurityGroups": load_balancers.set_security_groups,
    "SetSubnets": load_balancers.set_subnets,
    "CreateListener": listeners.create,
    "DescribeListeners": listeners.describe,
    "ModifyListener": listeners.modify,
    "DeleteListener": listeners.delete,
    "DescribeListenerAttributes": listeners.describe_attributes,
    "ModifyListenerAttributes": listeners.modify_attributes,
    "AddListenerCertificates": listeners.add_certificates,
    "DescribeListenerCertificates": listeners.describe_certificates,
    "RemoveListenerCertificates": listeners.remove_certificates,
    "CreateRule": listeners.create_rule,
    "DescribeRules": listeners.describe_rules,
    "ModifyRule": listeners.modify_rule,
    "DeleteRule": listeners.delete_rule,
    "SetRulePriorities": listeners.set_priorities,
    "CreateTargetGroup": target_groups.create,
    "DescribeTargetGroups": target_groups.describe,
    "ModifyTargetGroup": target_groups.modify,
    "DeleteTargetGroup": target_groups.delete,
    "DescribeTargetGroupAttributes": target_groups.describe_attributes,
    "ModifyTargetGroupAttributes": target_groups.modify_attributes,
    "RegisterTargets": target_groups.register,
    "DeregisterTargets": target_groups.deregister,
    "DescribeTargetHealth": target_groups.describe_health,
}


def install() -> None:
    for operation, handler in _OPERATIONS.items():
        add_operation(ELBV2Response, operation, handler)
    add_operation(ELBV2Response, "AddTags", _add_tags)
    add_operation(ELBV2Response, "RemoveTags", _remove_tags)
    add_operation(ELBV2Response, "DescribeTags", _describe_tags)
    load_balancers.install_states()
    target_groups.install_associations()
    target_groups.install_registration()


def _add_tags(response: Any, parameters: dict[str, Any]) -> None:
    backend = backend_of(response)
    keys = [tag["Key"] for tag in parameters["Tags"]]
    duplicate = next((key for key in keys if keys.count(key) > 1), None)
    if duplicate:
        raise AwsError("DuplicateTagKeys", f"Tag key was specified more than once: {duplicate}")
    for arn in parameters["ResourceArns"]:
        _check_resource(backend, arn)
        if len(tags_of(backend, arn) | as_dict(parameters["Tags"])) > _TAGS_LIMIT:
            raise AwsError("TooManyTags", "You've reached the limit on the number of tags for this resource.")
        backend.tagging_service.tag_resource(arn, parameters["Tags"])


def _remove_tags(response: Any, parameters: dict[str, Any]) -> None:
    backend = backend_of(response)
    for arn in parameters["ResourceArns"]:
        _check_resource(backend, arn)
        backend.tagging_service.untag_resource_using_names(arn, parameters["TagKeys"])


def _describe_tags(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    for arn in parameters["ResourceArns"]:
        _check_resource(backend, arn)
    # the serializer of this answer turns the dictionary of tags into the list
    return {
        "TagDescriptions": [{"ResourceArn": arn, "Tags": tags_of(backend, arn)} for arn in parameters["ResourceArns"]]
    }


def _check_resource(backend: Backend, arn: str) -> None:
    """Raise the error of the kind of resource if it is not there."""
    if ":targetgroup/" in arn:
        target_groups.find(backend, arn)
    elif ":listener-rule/" in arn:
        listeners.find_rule_arn(backend, arn)
    elif ":listener/" in arn:
        listeners.find(backend, arn)
    else:
        load_balancers.find(backend, arn)

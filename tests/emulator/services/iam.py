"""IAM as AWS has it, where moto differs.

https://docs.aws.amazon.com/IAM/latest/APIReference/ (DeletePolicy, CreateRole) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend, User
from moto.iam.responses import IamResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, named, parameters, wrap

_MANAGED_POLICIES_PER_ROLE = 10
_TRUST_ACTIONS = ("sts:", "*")
_policies: dict[str, list[AWSManagedPolicy]] = {}


def install() -> None:
    """Extend moto."""
    _keep_managed_policies()
    _policies_in_use()
    _trust_policies()
    _quotas()
    _users()
    _boundaries_of_users()
    _service_linked_roles()


def _keep_managed_policies() -> None:
    """Read AWS's 1,400 policies once and not after every reset, which took a second."""

    @wrap(IAMBackend, "_init_aws_policies")
    def load(original: Any, self: IAMBackend) -> list[Any]:
        if self.region_name not in _policies:
            _policies[self.region_name] = original(self)
        return [_copy(policy) for policy in _policies[self.region_name]]


def _copy(policy: AWSManagedPolicy) -> AWSManagedPolicy:
    """A copy that counts its own attachments; ten times as fast as copy.copy, which shows with so many."""
    twin = object.__new__(AWSManagedPolicy)  # type: ignore[type-abstract]
    twin.__dict__.update(policy.__dict__)
    return twin


def _policies_in_use() -> None:
    @wrap(IAMBackend, "delete_policy")
    def delete_policy(original: Any, self: IAMBackend, policy_arn: str) -> Any:
        policy = self.get_policy(policy_arn)
        if policy.attachment_count > 0:
            raise AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
        if len(policy.versions) > 1:
            message = (
                "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                "versions. The default version is deleted with the policy."
            )
            raise AwsError("DeleteConflict", message, 409)
        return original(self, policy_arn)


def _trust_policies() -> None:
    @wrap(IAMBackend, "create_role")
    def create_role(original: Any, self: IAMBackend, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _check_trust(given["assume_role_policy_document"])
        return original(self, **given)

    @wrap(IAMBackend, "update_assume_role_policy")
    def update(original: Any, self: IAMBackend, role_name: str, assume_role_policy: str) -> Any:
        self.get_role(role_name)
        _check_trust(assume_role_policy)
        return original(self, role_name, assume_role_policy)


def _check_trust(document: str) -> None:
    """A trust policy says who may assume the role, and nothing about resources."""
    try:
        policy = json.loads(document)
    except ValueError:
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not statements:
        raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.")
    for statement in statements:
        if "Resource" in statement or "NotResource" in statement:
            raise AwsError("MalformedPolicyDocument", "Has prohibited field Resource")
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise AwsError("MalformedPolicyDocument", "AssumeRole policy must contain a Principal field")
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise AwsError("MalformedPolicyDocument", "Syntax errors in policy.")
        actions = statement.get("Action") or statement.get("NotAction")
        actions = [actions] if isinstance(actions, str) else actions or []
        if not actions or not all(action.lower().startswith(_TRUST_ACTIONS) for action in actions):
            raise AwsError("MalformedPolicyDocument", "AssumeRole policy may only specify STS AssumeRole actions.")


def _quotas() -> None:
    @wrap(IAMBackend, "attach_role_policy")
    def attach(original: Any, self: IAMBackend, policy_arn: str, role_name: str) -> Any:
        attached = self.get_role(role_name).managed_policies
        if policy_arn not in attached and len(attached) >= _MANAGED_POLICIES_PER_ROLE:
            message = f"Cannot exceed quota for PoliciesPerRole: {_MANAGED_POLICIES_PER_ROLE}"
            raise AwsError("LimitExceeded", message, 409)
        return original(self, policy_arn, role_name)


def _users() -> None:
    @wrap(IAMBackend, "delete_user")
    def delete_user(original: Any, self: IAMBackend, user_name: str) -> Any:
        user = self.get_user(user_name)
        groups = any(user_name in {member.name for member in group.users} for group in self.groups.values())
        for held, what in (
            (user.access_keys, "delete access keys"),
            (getattr(user, "password", None), "delete login profile"),
            (user.mfa_devices, "deactivate MFA devices"),
            (groups, "remove users from group"),
            (user.managed_policies, "detach all policies"),
            (user.policies, "delete policies"),
        ):
            if held:
                raise AwsError("DeleteConflict", f"Cannot delete entity, must {what} first.", 409)
        return original(self, user_name)


def _boundaries_of_users() -> None:
    User.permissions_boundary = property(_boundary)  # type: ignore[attr-defined]

    @wrap(IamResponse, "create_user")
    def create(original: Any, self: Any) -> Any:
        arn = parameters(self).get("PermissionsBoundary")
        if arn:
            _check_boundary(self.backend, arn)
        answer = original(self)
        answer._result["User"]._boundary_arn = arn
        return answer

    def put(response: Any, given: dict[str, Any]) -> None:
        user = response.backend.get_user(given["UserName"])
        _check_boundary(response.backend, given["PermissionsBoundary"])
        user._boundary_arn = given["PermissionsBoundary"]

    def delete(response: Any, given: dict[str, Any]) -> None:
        user = response.backend.get_user(given["UserName"])
        if not getattr(user, "_boundary_arn", None):
            raise AwsError("NoSuchEntity", f"User {user.name} does not have a permissions boundary", 404)
        user._boundary_arn = None

    add_operation(IamResponse, "PutUserPermissionsBoundary", put)
    add_operation(IamResponse, "DeleteUserPermissionsBoundary", delete)


def _boundary(user: Any) -> dict[str, str] | None:
    arn = getattr(user, "_boundary_arn", None)
    return {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn} if arn else None


def _check_boundary(backend: IAMBackend, arn: str) -> None:
    """A boundary is a managed policy that is there."""
    if arn not in backend.managed_policies:
        raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)


# Names of service-linked roles do not follow from the service's name.
_LINKED_ROLES = {
    "config.amazonaws.com": "AWSServiceRoleForConfig",
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
    "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
    "elasticfilesystem.amazonaws.com": "AWSServiceRoleForAmazonElasticFileSystem",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "ops.apigateway.amazonaws.com": "AWSServiceRoleForAPIGateway",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
}


def _service_linked_roles() -> None:
    @wrap(IAMBackend, "create_service_linked_role")
    def create(original: Any, self: IAMBackend, service_name: str, description: str, suffix: str) -> Any:
        if service_name not in _LINKED_ROLES:
            return original(self, service_name, description, suffix)
        name = _LINKED_ROLES[service_name]
        if any(role.name == name for role in self.roles.values()):
            message = f"Service role name {name} has been taken in this account, please try a different suffix."
            raise AwsError("InvalidInput", message)
        trust = {"Effect": "Allow", "Principal": {"Service": [service_name]}, "Action": ["sts:AssumeRole"]}
        return self.create_role(
            name,
            json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            f"/aws-service-role/{service_name}/",
            permissions_boundary=None,
            description=description,
            tags=[],
            max_session_duration="3600",
            linked_service=service_name,
        )

"""IAM. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/ and reference_iam-quotas.html in its user guide."""

from __future__ import annotations

import json
from typing import Any

import pytest

TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


@pytest.fixture
def iam(emulator: Any) -> Any:
    client = emulator.client("iam")
    client.create_role(RoleName="role", AssumeRolePolicyDocument=json.dumps(TRUST))
    return client


def test_managed_policies_of_aws_are_there(iam: Any, refused: Any) -> None:
    iam.attach_role_policy(RoleName="role", PolicyArn=EXECUTION)
    assert iam.get_policy(PolicyArn=EXECUTION)["Policy"]["AttachmentCount"] == 1
    with refused("NoSuchEntity"):
        iam.attach_role_policy(RoleName="role", PolicyArn="arn:aws:iam::aws:policy/None")


def test_managed_policies_forget_their_attachments_at_a_reset(emulator: Any, iam: Any) -> None:
    iam.attach_role_policy(RoleName="role", PolicyArn=EXECUTION)
    emulator.control("POST", "reset")
    assert iam.get_policy(PolicyArn=EXECUTION)["Policy"]["AttachmentCount"] == 0


def test_policies_in_use_stay(iam: Any, refused: Any) -> None:
    """API_DeletePolicy: detach it and delete its other versions first."""
    arn = iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    with refused("DeleteConflict", "attached to entities"):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName="role", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY, SetAsDefault=True)
    with refused("DeleteConflict", "more than one version"):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)


def test_roles_in_use_stay(iam: Any, refused: Any) -> None:
    iam.attach_role_policy(RoleName="role", PolicyArn=EXECUTION)
    with refused("DeleteConflict", "detach all policies"):
        iam.delete_role(RoleName="role")
    iam.detach_role_policy(RoleName="role", PolicyArn=EXECUTION)
    iam.put_role_policy(RoleName="role", PolicyName="p", PolicyDocument=POLICY)
    with refused("DeleteConflict"):
        iam.delete_role(RoleName="role")
    iam.delete_role_policy(RoleName="role", PolicyName="p")
    iam.delete_role(RoleName="role")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "Syntax errors"),
        ({"Statement": [TRUST["Statement"][0] | {"Resource": "*"}]}, "prohibited field Resource"),
        ({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}, "Principal"),
        ({"Statement": [TRUST["Statement"][0] | {"Action": "s3:GetObject"}]}, "STS"),
    ],
)
def test_trust_policies_are_checked(iam: Any, refused: Any, document: dict[str, Any], message: str) -> None:
    """reference_policies_grammar: a trust policy names principals and no resources."""
    with refused("MalformedPolicyDocument", message):
        iam.create_role(RoleName="bad", AssumeRolePolicyDocument=json.dumps(document))
    with refused("MalformedPolicyDocument", message):
        iam.update_assume_role_policy(RoleName="role", PolicyDocument=json.dumps(document))


def test_quotas(iam: Any, refused: Any) -> None:
    """Two access keys a user, ten managed policies a role, 64 characters a role's name."""
    iam.create_user(UserName="u")
    iam.create_access_key(UserName="u"), iam.create_access_key(UserName="u")
    with refused("LimitExceeded", "AccessKeysPerUser: 2"):
        iam.create_access_key(UserName="u")
    policies = [item["Arn"] for item in iam.list_policies(Scope="AWS")["Policies"][:11]]
    for arn in policies[:10]:
        iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    with refused("LimitExceeded", "PoliciesPerRole: 10"):
        iam.attach_role_policy(RoleName="role", PolicyArn=policies[10])
    with refused("ValidationError", "length less than or equal to 64"):
        iam.create_role(RoleName="r" * 65, AssumeRolePolicyDocument=json.dumps(TRUST))


def test_users_with_keys_stay(iam: Any, refused: Any) -> None:
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    with refused("DeleteConflict", "delete access keys"):
        iam.delete_user(UserName="u")
    iam.delete_access_key(UserName="u", AccessKeyId=key)
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=POLICY)
    with refused("DeleteConflict"):
        iam.delete_user(UserName="u")
    iam.delete_user_policy(UserName="u", PolicyName="p")
    iam.delete_user(UserName="u")


def test_service_linked_roles_have_aws_names(iam: Any, refused: Any) -> None:
    """using-service-linked-roles.html of ECS: AWSServiceRoleForECS."""
    role = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
    assert role["RoleName"] == "AWSServiceRoleForECS"
    with refused("InvalidInput", "has been taken in this account"):
        iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")


def test_users_have_boundaries(iam: Any, refused: Any) -> None:
    """API_PutUserPermissionsBoundary, API_DeleteUserPermissionsBoundary, API_CreateUser."""
    iam.create_user(UserName="user", PermissionsBoundary=EXECUTION)
    assert iam.get_user(UserName="user")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == EXECUTION
    iam.delete_user_permissions_boundary(UserName="user")
    assert "PermissionsBoundary" not in iam.get_user(UserName="user")["User"]
    with refused("NoSuchEntity"):
        iam.delete_user_permissions_boundary(UserName="user")
    iam.put_user_permissions_boundary(UserName="user", PermissionsBoundary=EXECUTION)
    assert iam.get_user(UserName="user")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == EXECUTION
    with refused("NoSuchEntity"):
        iam.put_user_permissions_boundary(UserName="user", PermissionsBoundary="arn:aws:iam::aws:policy/None")

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles with their policies."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("NoSuchEntity",)

#: A role that was just made is not known to all of IAM for some seconds; nor is one that a trust policy names.
PROPAGATING = r"^NoSuchEntity: |^MalformedPolicyDocument: .*[Pp]rincipal"

#: IAM User Guide, IAM and STS quotas: all inline policies of a role together, white space not counted.
INLINE_POLICIES_LENGTH = 10240
#: IAM API, CreateRole, MaxSessionDuration.
SESSION_SECONDS = range(3600, 43200 + 1)


class IamRole(Kind):
    """A role, found by its name."""

    noun = "iam_role"
    immutable = {"path": "leave out path, or remove the role and run again"}
    exists = ("EntityAlreadyExists",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        roles = {name: self.aws.read("iam", "get_role", "Role", missing=MISSING, RoleName=name) for name in names}
        return {name: {**role, **self._policies(name)} for name, role in roles.items() if role}

    def _policies(self, name: str) -> Fields:
        inline = self.aws.read("iam", "list_role_policies", "PolicyNames", missing=MISSING, RoleName=name)
        documents = {
            policy: self.aws.read(
                "iam", "get_role_policy", "PolicyDocument", missing=MISSING, RoleName=name, PolicyName=policy
            )
            for policy in inline
        }
        attached = self.aws.read(
            "iam", "list_attached_role_policies", "AttachedPolicies", missing=MISSING, RoleName=name
        )
        return {"InlinePolicies": documents, "AttachedPolicies": attached}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "path": live["Path"],
            "assume_role_policy_document": normal_policy(live["AssumeRolePolicyDocument"]),
            "description": live.get("Description", ""),
            "max_session_duration": live.get("MaxSessionDuration", SESSION_SECONDS.start),
            "permissions_boundary": live.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "inline_policies": {policy: normal_policy(text) for policy, text in live["InlinePolicies"].items()},
            "managed_policies": sorted(policy["PolicyArn"] for policy in live["AttachedPolicies"]),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = dict(wanted)
        if "assume_role_policy_document" in normal:
            normal["assume_role_policy_document"] = normal_policy(normal["assume_role_policy_document"])
        if "inline_policies" in normal:
            normal["inline_policies"] = {
                policy: normal_policy(text) for policy, text in normal["inline_policies"].items()
            }
        if "managed_policies" in normal:
            normal["managed_policies"] = sorted(set(normal["managed_policies"]))
        return normal

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        if live is None and "assume_role_policy_document" not in wanted:
            raise WebstackError(f"iam_role {name} does not exist", "give assume_role_policy_document to make it")
        fault = name_fault(name, "iam_role") if live is None else ""
        if fault:
            raise WebstackError(f"iam_role {name} {fault}", "choose another name")
        if wanted.get("max_session_duration", SESSION_SECONDS.start) not in SESSION_SECONDS:
            raise WebstackError(
                f"iam_role {name}: max_session_duration is {wanted['max_session_duration']}",
                f"give {SESSION_SECONDS.start} to {SESSION_SECONDS.stop - 1} seconds",
            )
        # White space within a document's texts is not worth counting exactly: IAM's names and ARNs have none.
        length = sum(len(policy_text(document)) for document in wanted.get("inline_policies", {}).values())
        if length > INLINE_POLICIES_LENGTH:
            raise WebstackError(
                f"iam_role {name}: its inline policies have {length} characters, AWS takes {INLINE_POLICIES_LENGTH}",
                "join statements, use wildcards, or put statements into a managed policy",
            )

    def create(self, name: str, wanted: Fields) -> None:
        arguments: Fields = {
            "Path": wanted.get("path"),
            "Description": wanted.get("description"),
            "MaxSessionDuration": wanted.get("max_session_duration"),
            "PermissionsBoundary": wanted.get("permissions_boundary"),
            "Tags": tags_to_list(wanted.get("tags") or {}),
        }
        self.aws.write(
            "iam",
            "create_role",
            propagating=PROPAGATING,
            RoleName=name,
            AssumeRolePolicyDocument=policy_text(wanted["assume_role_policy_document"]),
            **{key: value for key, value in arguments.items() if value},
        )
        self._set_inline_policies(name, {}, wanted.get("inline_policies", {}))
        self._set_managed_policies(name, [], wanted.get("managed_policies", []))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        before = self.normalize(name, live)
        if "assume_role_policy_document" in changed:
            document = policy_text(wanted["assume_role_policy_document"])
            self.aws.write(
                "iam", "update_assume_role_policy", propagating=PROPAGATING, RoleName=name, PolicyDocument=document
            )
        if changed & {"description", "max_session_duration"}:
            # What the call leaves out becomes AWS's default, so it always gets both.
            after = {**before, **{field: wanted[field] for field in changed}}
            self.aws.write(
                "iam",
                "update_role",
                RoleName=name,
                Description=after["description"],
                MaxSessionDuration=after["max_session_duration"],
            )
        if "permissions_boundary" in changed:
            self._set_permissions_boundary(name, wanted["permissions_boundary"])
        if "inline_policies" in changed:
            self._set_inline_policies(name, before["inline_policies"], wanted["inline_policies"])
        if "managed_policies" in changed:
            self._set_managed_policies(name, before["managed_policies"], wanted["managed_policies"])
        if "tags" in changed:
            to_set, to_remove = tag_changes(before["tags"], wanted["tags"])
            if to_set:
                self.aws.write("iam", "tag_role", RoleName=name, Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("iam", "untag_role", RoleName=name, TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        before = self.normalize(name, live)
        self._set_managed_policies(name, before["managed_policies"], [])
        self._set_inline_policies(name, before["inline_policies"], {})
        self.aws.write("iam", "delete_role", missing=MISSING, RoleName=name)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "role_name": name,
            "arn": self.aws.arn("iam", "", f"role{wanted.get('path', '/')}{name}"),
            "path": wanted.get("path", "/"),
            "tags": wanted.get("tags") or {},
        }

    def result(self, name: str, live: Fields) -> Fields:
        # Documents keep their own spelling: they are AWS's language, not boto3's shapes.
        verbatim = {"AssumeRolePolicyDocument", "InlinePolicies"}
        shapes = {key: value for key, value in live.items() if key not in verbatim}
        return {
            **super().result(name, shapes),
            "assume_role_policy_document": live["AssumeRolePolicyDocument"],
            "inline_policies": live["InlinePolicies"],
        }

    def _set_permissions_boundary(self, name: str, boundary: str) -> None:
        if boundary:
            self.aws.write("iam", "put_role_permissions_boundary", RoleName=name, PermissionsBoundary=boundary)
        else:
            self.aws.write("iam", "delete_role_permissions_boundary", missing=MISSING, RoleName=name)

    def _set_inline_policies(self, name: str, before: Fields, after: Fields) -> None:
        for policy, document in after.items():
            if before.get(policy) != document:
                self.aws.write(
                    "iam",
                    "put_role_policy",
                    propagating=PROPAGATING,
                    RoleName=name,
                    PolicyName=policy,
                    PolicyDocument=policy_text(document),
                )
        for policy in before:
            if policy not in after:
                self.aws.write("iam", "delete_role_policy", missing=MISSING, RoleName=name, PolicyName=policy)

    def _set_managed_policies(self, name: str, before: list[str], after: list[str]) -> None:
        for arn in after:
            if arn not in before:
                self.aws.write("iam", "attach_role_policy", propagating=PROPAGATING, RoleName=name, PolicyArn=arn)
        for arn in before:
            if arn not in after:
                self.aws.write("iam", "detach_role_policy", missing=MISSING, RoleName=name, PolicyArn=arn)

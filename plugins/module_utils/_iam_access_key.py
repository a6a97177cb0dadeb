# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM users for programs that cannot use a role; their access keys live in a secret."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import merge_values, read_values
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("NoSuchEntity",)
#: A user that was just made is not known to all of IAM for some seconds.
PROPAGATING = r"^NoSuchEntity: "

IN_SECRET = "in the secret"
NOT_IN_SECRET = "not in the secret"


class IamAccessKey(Kind):
    """A user, found by its name, and the one access key of it that a secret holds."""

    noun = "iam_access_key"

    def read(self, names: list[str]) -> dict[str, Fields]:
        users = {name: self.aws.read("iam", "get_user", "User", missing=MISSING, UserName=name) for name in names}
        return {name: {**user, **self._belongings(name)} for name, user in users.items() if user}

    def _belongings(self, name: str) -> Fields:
        """The policy (None: there is none), the ids of the user's keys, and which of them the secret holds."""
        policy = self.aws.read(
            "iam",
            "get_user_policy",
            "PolicyDocument",
            missing=MISSING,
            UserName=name,
            PolicyName=self.options["policy_name"],
        )
        keys = self.aws.read("iam", "list_access_keys", "AccessKeyMetadata", missing=MISSING, UserName=name)
        key_ids = [key["AccessKeyId"] for key in keys]
        secret = self.options.get("secret")
        held = ""
        if secret:
            values = read_values(self.aws, secret["secret_id"]) or {}
            key_id = values.get(secret["access_key_id_key"], "")
            if key_id in key_ids and values.get(secret["secret_access_key_key"]):
                held = key_id
        return {"Policy": policy, "AccessKeyIds": key_ids, "HeldKeyId": held}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "policy": normal_policy(live["Policy"]),
            "permissions_boundary": live.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "access_key": IN_SECRET if live["HeldKeyId"] else NOT_IN_SECRET,
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal: Fields = {key: wanted[key] for key in ("permissions_boundary", "tags") if key in wanted}
        if "policy" in wanted:
            normal["policy"] = normal_policy(wanted["policy"])
        return {**normal, "access_key": IN_SECRET}

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["whoever uses its access key is locked out"]
        if not any(change.field == "access_key" for change in outcome.changes):
            return []
        notes = [f"a new access key is made and put into the secret {self.options['secret']['secret_id']}"]
        if outcome.live and outcome.live["AccessKeyIds"]:
            notes.append("keys that it has, and whose secrets nobody can know, are removed")
        return notes

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        fault = name_fault(name, "iam_user")
        if fault:
            raise WebstackError(f"iam_access_key {name} {fault}", "choose another name")
        needs_secret = live is None or not live["HeldKeyId"]
        secret_id = self.options["secret"]["secret_id"]
        # In check mode the secret may be one that the same run would have made before.
        if needs_secret and not self.aws.check_mode and read_values(self.aws, secret_id) is None:
            raise WebstackError(f"secret {secret_id} does not exist", "make it first (role secrets), then run again")

    def create(self, name: str, wanted: Fields) -> None:
        arguments: dict[str, t.Any] = {"Tags": tags_to_list(wanted.get("tags") or {})}
        if wanted.get("permissions_boundary"):
            arguments["PermissionsBoundary"] = wanted["permissions_boundary"]
        self.aws.write("iam", "create_user", UserName=name, **arguments)
        self.update(name, {"AccessKeyIds": []}, wanted, set(wanted) & {"policy", "access_key"})

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "permissions_boundary" in changed:
            self._set_boundary(name, wanted["permissions_boundary"])
        if "policy" in changed:
            self._set_policy(name, wanted["policy"])
        if "access_key" in changed:
            self._make_key(name, live["AccessKeyIds"])
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live.get("Tags")), wanted["tags"])
            if to_set:
                self.aws.write("iam", "tag_user", UserName=name, Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("iam", "untag_user", UserName=name, TagKeys=to_remove)

    def _set_boundary(self, name: str, arn: str) -> None:
        if arn:
            self.aws.write("iam", "put_user_permissions_boundary", UserName=name, PermissionsBoundary=arn)
        else:
            self.aws.write("iam", "delete_user_permissions_boundary", UserName=name)

    def _set_policy(self, name: str, policy: Fields) -> None:
        arguments = {"UserName": name, "PolicyName": self.options["policy_name"]}
        if policy:
            self.aws.write(
                "iam", "put_user_policy", propagating=PROPAGATING, PolicyDocument=policy_text(policy), **arguments
            )
        else:
            self.aws.write("iam", "delete_user_policy", missing=MISSING, **arguments)

    def _make_key(self, name: str, unknown: list[str]) -> None:
        """Make an access key and hand it to the secret; keys whose secrets nobody can know make room for it."""
        secret = self.options["secret"]
        for key_id in unknown:
            self.aws.write("iam", "delete_access_key", missing=MISSING, UserName=name, AccessKeyId=key_id)
        key = self.aws.write("iam", "create_access_key", once=True, propagating=PROPAGATING, UserName=name)["AccessKey"]
        pair = {
            secret["access_key_id_key"]: key["AccessKeyId"],
            secret["secret_access_key_key"]: key["SecretAccessKey"],
        }
        merge_values(self.aws, secret["secret_id"], pair)

    def delete(self, name: str, live: Fields) -> None:
        for key_id in live["AccessKeyIds"]:
            self.aws.write("iam", "delete_access_key", missing=MISSING, UserName=name, AccessKeyId=key_id)
        for policy in self.aws.read("iam", "list_user_policies", "PolicyNames", missing=MISSING, UserName=name):
            self.aws.write("iam", "delete_user_policy", missing=MISSING, UserName=name, PolicyName=policy)
        self.aws.write("iam", "delete_user", missing=MISSING, UserName=name)

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "user_name": live["UserName"],
            "arn": live["Arn"],
            "tags": tags_to_dict(live.get("Tags")),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "user_name": name,
            # IAM is the same in all regions, its ARNs name none.
            "arn": f"arn:aws:iam::000000000000:user/{name}",
            "tags": wanted.get("tags") or {},
        }

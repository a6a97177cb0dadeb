# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECR repositories with their lifecycle policies."""

from __future__ import annotations

import json

from ansible_collections.webstack.aws.plugins.module_utils._compare import canonical_json
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("RepositoryNotFoundException",)
NOT_IN_PLACE = "leave the encryption as it is, or remove the repository with its images and run again"


class EcrRepository(Kind):
    """A private repository of this account's registry, found by its name."""

    noun = "ecr_repository"
    plural = "repositories"
    immutable = {"encryption_type": NOT_IN_PLACE, "kms_key": NOT_IN_PLACE}
    exists = ("RepositoryAlreadyExistsException",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = self._describe(names)
        if not found and len(names) > 1:
            # One that is missing makes AWS withhold all of them.
            found = [repository for name in names for repository in self._describe([name])]
        return {repository["repositoryName"]: {**repository, **self._parts(repository)} for repository in found}

    def _describe(self, names: list[str]) -> list[Fields]:
        return self.aws.read("ecr", "describe_repositories", "repositories", missing=MISSING, repositoryNames=names)

    def _parts(self, repository: Fields) -> Fields:
        policy = self.aws.read(
            "ecr",
            "get_lifecycle_policy",
            "lifecyclePolicyText",
            missing=("LifecyclePolicyNotFoundException",),
            repositoryName=repository["repositoryName"],
        )
        tags = self.aws.read("ecr", "list_tags_for_resource", "tags", resourceArn=repository["repositoryArn"])
        return {"lifecyclePolicyText": policy, "tags": tags}

    def normalize(self, name: str, live: Fields) -> Fields:
        encryption = live.get("encryptionConfiguration", {})
        return {
            "image_tag_mutability": live.get("imageTagMutability", "MUTABLE"),
            "scan_on_push": live.get("imageScanningConfiguration", {}).get("scanOnPush", False),
            "encryption_type": encryption.get("encryptionType", "AES256"),
            "kms_key": encryption.get("kmsKey", ""),
            "lifecycle_policy": _normal_lifecycle_policy(json.loads(live.get("lifecyclePolicyText") or "{}")),
            "tags": tags_to_dict(live.get("tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if "lifecycle_policy" not in wanted:
            return wanted
        return {**wanted, "lifecycle_policy": _normal_lifecycle_policy(wanted["lifecycle_policy"])}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        fault = name_fault(name, "ecr_repository") if live is None and wanted is not None else ""
        if fault:
            raise WebstackError(f"ecr_repository {name} {fault}", "choose another name")

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return ["all images in it are lost"] if self.options.get("force") else []
        if outcome.action == "update" and any(change.field == "lifecycle_policy" for change in outcome.changes):
            return ["within a day ECR expires the images that the rules select, also those that are there already"]
        return []

    def create(self, name: str, wanted: Fields) -> None:
        encryption = {"encryptionType": wanted.get("encryption_type", "AES256")}
        if wanted.get("kms_key"):
            encryption["kmsKey"] = wanted["kms_key"]
        self.aws.write(
            "ecr",
            "create_repository",
            repositoryName=name,
            imageTagMutability=wanted.get("image_tag_mutability", "MUTABLE"),
            imageScanningConfiguration={"scanOnPush": wanted.get("scan_on_push", False)},
            encryptionConfiguration=encryption,
            tags=tags_to_list(wanted.get("tags") or {}),
        )
        if wanted.get("lifecycle_policy"):
            self._set_lifecycle_policy(name, wanted["lifecycle_policy"])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "image_tag_mutability" in changed:
            self.aws.write(
                "ecr",
                "put_image_tag_mutability",
                repositoryName=name,
                imageTagMutability=wanted["image_tag_mutability"],
            )
        if "scan_on_push" in changed:
            self.aws.write(
                "ecr",
                "put_image_scanning_configuration",
                repositoryName=name,
                imageScanningConfiguration={"scanOnPush": wanted["scan_on_push"]},
            )
        if "lifecycle_policy" in changed:
            self._set_lifecycle_policy(name, wanted["lifecycle_policy"])
        if "tags" in changed:
            arn = live["repositoryArn"]
            to_set, to_remove = tag_changes(tags_to_dict(live.get("tags")), wanted["tags"])
            if to_set:
                self.aws.write("ecr", "tag_resource", resourceArn=arn, tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("ecr", "untag_resource", resourceArn=arn, tagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        force = self.options.get("force", False)
        self.aws.write("ecr", "delete_repository", missing=MISSING, repositoryName=name, force=force)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "repository_name": name,
            "repository_arn": placeholder_arn("ecr", self.aws.region, f"repository/{name}"),
            "repository_uri": f"000000000000.dkr.ecr.{self.aws.region}.amazonaws.com/{name}",
            "tags": wanted.get("tags") or {},
        }

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key != "lifecyclePolicyText"}
        policy = json.loads(live.get("lifecyclePolicyText") or "{}")
        return {**super().result(name, shapes), "lifecycle_policy": policy}

    def _set_lifecycle_policy(self, name: str, policy: Fields) -> None:
        if policy:
            text = canonical_json(policy)
            self.aws.write("ecr", "put_lifecycle_policy", repositoryName=name, lifecyclePolicyText=text)
        else:
            missing = ("LifecyclePolicyNotFoundException",)
            self.aws.write("ecr", "delete_lifecycle_policy", missing=missing, repositoryName=name)


def _normal_lifecycle_policy(policy: Fields) -> Fields:
    """Rules in the order of their priority, in which ECR carries them out."""
    rules = sorted(policy.get("rules", []), key=lambda rule: rule["rulePriority"])
    return {"rules": rules} if rules else {}

#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_repositories
version_added: 0.1.0
short_description: Manage private ECR repositories
description:
  - Creates, changes and removes repositories of the account's private registry, with their lifecycle policies.
  - All are read and judged before the first is touched.
options:
  repositories:
    description: The repositories.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The repository's name.
        type: str
        required: true
      image_tag_mutability:
        description: Whether a tag can be moved to another image.
        type: str
        choices: [MUTABLE, IMMUTABLE]
      scan_on_push:
        description: Whether images are scanned for known vulnerabilities when they are pushed.
        type: bool
      encryption_type:
        description:
          - How images are encrypted.
          - Cannot be changed once the repository exists.
        type: str
        choices: [AES256, KMS, KMS_DSSE]
      kms_key:
        description:
          - The ARN of the KMS key that encrypts.
          - Without it KMS uses the account's key for ECR.
          - Cannot be changed once the repository exists.
        type: str
      lifecycle_policy:
        description:
          - Which images are removed, as ECR's lifecycle policy document.
          - An empty mapping removes the policy.
        type: dict
  force:
    description:
      - With O(state=absent), whether the images are removed with the repository.
      - ECR refuses to remove a repository that has images.
    type: bool
    default: false
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make two repositories, one of which keeps its last 20 images
  webstack.aws.ecr_repositories:
    repositories:
      - name: staging-shop-web
        scan_on_push: true
      - name: staging-shop-api
        scan_on_push: true
        image_tag_mutability: IMMUTABLE
        lifecycle_policy:
          rules:
            - rulePriority: 1
              description: Keep 20 images
              selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 20}
              action: {type: expire}
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one with its images
  webstack.aws.ecr_repositories:
    repositories: [{name: staging-shop-web}]
    state: absent
    force: true
"""

RETURN = r"""
repositories:
  description: The repositories that exist, by name, as ECR describes them.
  returned: success
  type: dict
  contains:
    repository_name:
      description: The repository's name.
      type: str
      sample: staging-shop-api
    repository_arn:
      description: The repository's ARN.
      type: str
      sample: arn:aws:ecr:us-east-1:123456789012:repository/staging-shop-api
    repository_uri:
      description: What images of it are called, without a tag.
      type: str
      sample: 123456789012.dkr.ecr.us-east-1.amazonaws.com/staging-shop-api
    image_tag_mutability:
      description: Whether a tag can be moved to another image.
      type: str
      sample: MUTABLE
    lifecycle_policy:
      description: The lifecycle policy, empty where there is none.
      type: dict
      sample: {}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._ecr_repository import EcrRepository
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many


def main():
    run_many(
        EcrRepository,
        resource_arguments(
            repositories={
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "image_tag_mutability": {"type": "str", "choices": ["MUTABLE", "IMMUTABLE"]},
                    "scan_on_push": {"type": "bool"},
                    "encryption_type": {"type": "str", "choices": ["AES256", "KMS", "KMS_DSSE"]},
                    "kms_key": {"type": "str", "no_log": False},
                    "lifecycle_policy": {"type": "dict"},
                },
            },
            force={"type": "bool", "default": False},
        ),
        "repositories",
    )


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_revision_tags
version_added: 0.1.0
short_description: Keep the images of the last revisions from ECR's lifecycle
description:
  - Gives the images that the last revisions of task definitions run, and those that tasks run now, the tag
    C(revision.<family>.<revision>.<begin of the digest>). A lifecycle policy whose first rule selects the tag prefix
    C(revision.) and expires none of them keeps them, for no later rule can expire what an earlier one selects.
  - Takes the tags of older revisions away. An image is never deleted; one that would lose its last tag is given the tag
    C(retired.<begin of the digest>) first.
  - It works with immutable tags, since none is ever moved.
options:
  repositories:
    description: The repositories in which images are tagged. Images elsewhere are left alone.
    type: list
    elements: str
    required: true
  families:
    description: The families of task definitions. Tags of other families are left alone.
    type: list
    elements: str
    required: true
  cluster:
    description: The cluster whose tasks run the families.
    type: str
    required: true
  keep:
    description: How many revisions of a family count, the newest ones.
    type: int
    default: 10
  revisions:
    description:
      - The newest revisions, as tasks before have registered them, or would have in check mode. With them check mode
        knows which images the revisions name that do not exist yet.
    type: list
    elements: dict
    default: []
    suboptions:
      family:
        description: The family.
        type: str
        required: true
      revision:
        description: The revision.
        type: int
        required: true
      images:
        description: The images of its containers.
        type: list
        elements: str
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: Can say what it would change without changing anything.
    support: full
  diff_mode:
    description: Shows the tags before and after.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Keep what the last ten revisions of the API run
  webstack.aws.ecr_revision_tags:
    repositories: [staging-shop-api]
    families: [staging-shop-api]
    cluster: staging-shop
    keep: 10
    revisions:
      - family: staging-shop-api
        revision: 7
        images: ["123456789012.dkr.ecr.us-east-1.amazonaws.com/staging-shop-api:1.4.2"]
"""

RETURN = r"""
tags:
  description: By repository the tags of this kind.
  returned: success
  type: dict
  sample: {staging-shop-api: [revision.staging-shop-api.7.0a1b2c3d4e5f]}
"""

from ansible_collections.webstack.aws.plugins.module_utils import _ecr_revision_tags as revision_tags
from ansible_collections.webstack.aws.plugins.module_utils._module import run_module


def work(module, aws):
    options = module.params
    aws.subject = "ecr_revision_tags"
    images = revision_tags.read_images(aws, options["repositories"])
    before = revision_tags.marks(images)
    if not any(images.values()):
        aws.plan += revision_tags.entries(options["repositories"], before, before, is_done=False)
        return {"changed": False, "tags": {}, "diff": {"before": {}, "after": {}}}
    windows = {family: revision_tags.read_window(aws, family, options["keep"]) for family in options["families"]}
    coming = {(item["family"], item["revision"]): item["images"] for item in options["revisions"]}
    for family, revision in coming:
        if family in windows:
            windows[family] = revision_tags.with_coming(windows[family], revision, options["keep"])
    uses = revision_tags.read_uses(aws, images, windows, coming)
    todo = revision_tags.plan(images, windows, uses, revision_tags.read_running(aws, images, options["cluster"]))
    after = revision_tags.planned_marks(images, todo)
    if not module.check_mode:
        revision_tags.apply(aws, images, todo)
    aws.plan += revision_tags.entries(options["repositories"], before, after, is_done=not module.check_mode)
    return {
        "changed": bool(todo.added or todo.removed),
        "tags": after,
        "diff": {"before": before if before != after else {}, "after": after if before != after else {}},
    }


def main():
    texts = {"type": "list", "elements": "str", "required": True}
    run_module(
        {
            "repositories": texts,
            "families": texts,
            "cluster": {"type": "str", "required": True},
            "keep": {"type": "int", "default": 10},
            "revisions": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "family": {"type": "str", "required": True},
                    "revision": {"type": "int", "required": True},
                    "images": texts,
                },
            },
        },
        work,
    )


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wait
version_added: 0.1.0
short_description: Wait for AWS resources and show how they come along
description:
  - Waits until slow resources are ready or gone, several at once, and prints a line whenever one of them changes its
    state and every 15 seconds.
  - Fails as soon as one of them has failed, with AWS's reason. For an ECS service that is the deployment's reason, the
    requested and the running revision, the stopped tasks with exit codes and reasons, the end of the failed task's log
    and the next step.
  - A deployment of an ECS service that was rolled back is a failure although the service is steady again.
  - In check mode it is skipped at once.
options:
  resources:
    description:
      - What to wait for.
    type: list
    elements: dict
    required: true
    suboptions:
      kind:
        description:
          - What kind of resource it is; an unknown one fails with the list of those known, C(rds_instance),
            C(elasticache_replication_group), C(nat_gateway), C(load_balancer), C(target_group), C(vpc_endpoint),
            C(vpc_link), C(api_domain), C(acm_certificate) and C(ecs_service) among them.
        type: str
        required: true
      id:
        description:
          - The id by which AWS describes it, for instance a database's identifier or a load balancer's ARN.
          - For C(ecs_service) it is C(cluster/service).
        type: str
        required: true
      task_definition:
        description:
          - For C(ecs_service), the task definition that it shall run, as ARN or C(family:revision).
        type: str
      deployment:
        description:
          - For C(ecs_service), the id of the deployment that shall succeed, for instance C(ecs-svc/1234567890).
        type: str
  state:
    description:
      - What to wait for. An ECS service is ready when its newest deployment is completed and all tasks run.
    type: str
    choices: [ready, absent]
    default: ready
  timeout:
    description:
      - For how many seconds to wait at most.
    type: int
    default: 1800
  poll:
    description:
      - After how many seconds, or sooner when a state has changed, the module hands back what it has seen.
      - Set by the action plugin, which calls the module again and again.
    type: float
  waited:
    description:
      - How many seconds of O(timeout) have gone by already. Set by the action plugin.
    type: float
    default: 0
attributes:
  action:
    description: An action plugin calls the module and shows the progress.
    support: full
  check_mode:
    description: It is skipped, as nothing was launched.
    support: full
  diff_mode:
    description: It changes nothing.
    support: none
author:
  - The webstack.aws authors (@webstack-aws)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Wait for the database and the cache
  webstack.aws.wait:
    resources:
      - {kind: rds_instance, id: staging-shop-db}
      - {kind: elasticache_replication_group, id: staging-shop-cache}
    timeout: 2400

- name: Wait for the release
  webstack.aws.wait:
    resources:
      - kind: ecs_service
        id: staging-shop/staging-shop-api
        task_definition: staging-shop-api:7

- name: Wait until the database is gone
  webstack.aws.wait:
    resources:
      - {kind: rds_instance, id: staging-shop-db}
    state: absent
"""

RETURN = r"""
done:
  description: Whether all are in the wanted state.
  returned: when not skipped
  type: bool
  sample: true
seconds:
  description: How long it took.
  returned: when not skipped
  type: int
  sample: 312
resources:
  description: The resources, in the order in which they were given; empty in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: The kind.
      type: str
      sample: rds_instance
    id:
      description: The id.
      type: str
      sample: staging-shop-db
    state:
      description: Its state, in AWS's word where it has one.
      type: str
      sample: available
    done:
      description: Whether it is in the wanted state.
      type: bool
      sample: true
"""

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._wait import KINDS, Resource, watch


def work(module, aws):
    if module.check_mode:
        return {"changed": False, "skipped": True, "resources": [], "msg": "nothing was launched, nothing to wait for"}
    options = module.params
    unknown = sorted({item["kind"] for item in options["resources"]} - set(KINDS))
    if unknown:
        raise WebstackError(f"cannot wait for {', '.join(unknown)}", f"use one of {', '.join(KINDS)}")
    resources = [Resource(**{key: value or "" for key, value in item.items()}) for item in options["resources"]]
    return {
        "changed": False,
        **watch(aws, resources, options["state"], options["timeout"], options["waited"], options["poll"]),
    }


def main():
    run_module(
        {
            "resources": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "kind": {"type": "str", "required": True},
                    "id": {"type": "str", "required": True},
                    "task_definition": {"type": "str"},
                    "deployment": {"type": "str"},
                },
            },
            "state": {"type": "str", "choices": ["ready", "absent"], "default": "ready"},
            "timeout": {"type": "int", "default": 1800},
            "poll": {"type": "float"},
            "waited": {"type": "float", "default": 0},
        },
        work,
    )


if __name__ == "__main__":
    main()

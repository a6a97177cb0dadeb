#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: readiness_info
version_added: 0.1.0
short_description: Say whether an account is ready for a stack
description:
  - Asks AWS, before anything is changed, for what only AWS knows - quotas, permissions, names that are taken, whether
    what the stack names and does not make is there - and returns all that is wrong at once.
  - It asks only for what the options name, and for quotas only where something is still to be made.
  - What it could not ask is told in words and is no fault.
options:
  account_id:
    description: The account that the stack belongs to. Any without it.
    type: str
  name_prefix:
    description: What the names of the stack's resources begin with.
    type: str
    default: ''
  tags:
    description: The tags by which the stack's own resources are known.
    type: dict
    default: {}
  skip:
    description: What is not asked, for instance V(permissions) where IAM's simulator is wrong about an identity.
    type: list
    elements: str
    choices: [buckets, certificate, database, load_balancing, network, permissions, secrets, services, zones]
    default: []
  parts:
    description: The parts of the stack, whose permissions are asked for, for instance V(network) and V(network_nat).
    type: list
    elements: str
    default: []
  zones:
    description: The zones that the stack is in.
    type: list
    elements: str
    default: []
  vpc_name:
    description: The tag C(Name) of the stack's VPC.
    type: str
  nat_gateways:
    description: The stack's NAT gateways, each with an Elastic IP.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its tag C(Name).
        type: str
        required: true
      zone:
        description: The zone that it is in.
        type: str
        required: true
  load_balancer:
    description: The name of the stack's load balancer.
    type: str
  target_groups:
    description: The names of its target groups.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name.
        type: str
        required: true
      variable:
        description: The variable that asks for it.
        type: str
        required: true
  buckets:
    description: The stack's buckets.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name.
        type: str
        required: true
      variable:
        description: The variable that asks for it.
        type: str
        required: true
  cluster:
    description: The name of the ECS cluster.
    type: str
  task_subnets:
    description: The tags C(Name) of the subnets of tasks.
    type: list
    elements: str
    default: []
  services:
    description: The services.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The service's name in ECS.
        type: str
        required: true
      cpu:
        description: The CPU units of a task.
        type: int
        required: true
      desired_count:
        description: With how many tasks the service begins.
        type: int
        required: true
      minimum:
        description: How many tasks it has at least once it is there.
        type: int
        required: true
      capacity_provider_strategy:
        description: On which capacity providers its tasks run.
        type: list
        elements: dict
        required: true
        suboptions:
          capacity_provider:
            description: The capacity provider.
            type: str
            choices: [FARGATE, FARGATE_SPOT]
            required: true
          base:
            description: How many tasks run there first.
            type: int
            default: 0
          weight:
            description: Its share of the others.
            type: int
            default: 0
      images:
        description: The images of its containers. One of the account C(000000000000) is one of this account.
        type: list
        elements: dict
        default: []
        suboptions:
          variable:
            description: The variable that names it.
            type: str
            required: true
          image:
            description: The image.
            type: str
            required: true
  certificate:
    description: A certificate that the stack does not make.
    type: dict
    suboptions:
      arn:
        description: Its ARN.
        type: str
        required: true
      names:
        description: The names that it must be for.
        type: list
        elements: str
        default: []
  secrets:
    description: Secrets that are not the stack's own.
    type: list
    elements: dict
    default: []
    suboptions:
      variable:
        description: The variable that names it.
        type: str
        required: true
      secret_id:
        description: Its name or its ARN.
        type: str
        required: true
  database:
    description: The database that is wanted, as M(webstack.aws.rds_offer_info) takes it.
    type: dict
    suboptions:
      engine:
        description: The database engine.
        type: str
        required: true
      engine_version:
        description: The version that is wanted.
        type: str
        required: true
      db_instance_class:
        description: The instance class that is wanted.
        type: str
        required: true
      name:
        description: The identifier of the instance or of the cluster, which may exist already.
        type: str
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  check_mode:
    description: It only ever reads.
    support: full
  diff_mode:
    description: It changes nothing, so there is nothing to show.
    support: none
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Ask whether a stack's network can be made in this account
  webstack.aws.readiness_info:
    account_id: "123456789012"
    tags: {"webstack:stack": shop, "webstack:environment": staging}
    parts: [network, network_nat]
    zones: [us-east-1a, us-east-1b]
    vpc_name: staging-shop
    nat_gateways:
      - {name: staging-shop-nat-a, zone: us-east-1a}
  register: readiness

- name: Stop where it cannot
  ansible.builtin.fail:
    msg: "{{ readiness.faults | map(attribute='problem') | join('; ') }}"
  when: readiness.faults | length > 0
"""

RETURN = r"""
account_id:
  description: The account of the credentials in use.
  returned: success
  type: str
  sample: "123456789012"
faults:
  description: What is not ready; empty when all is.
  returned: success
  type: list
  elements: dict
  contains:
    variable:
      description: The variable that asks for it.
      type: str
      sample: network_nat_mode
    problem:
      description: What is wrong.
      type: str
      sample: the account may have 5 Elastic IPs in the region, has 5, and this needs 1 more
    remedy:
      description: What would be right.
      type: str
      sample: a higher quota in Service Quotas (ec2 L-0263D0A3), or less that needs it
unchecked:
  description: What could not be asked, and why.
  returned: success
  type: list
  elements: str
  sample:
    - "the permissions of arn:aws:iam::123456789012:root: IAM simulates those of users and roles only"
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._readiness_checks import CHECKS, readiness

TEXT = {"type": "str", "required": True}
NUMBER = {"type": "int", "required": True}
TEXTS = {"type": "list", "elements": "str", "default": []}


def items(**options):
    return {"type": "list", "elements": "dict", "default": [], "options": options}


STRATEGY = {
    "capacity_provider": {**TEXT, "choices": ["FARGATE", "FARGATE_SPOT"]},
    "base": {"type": "int", "default": 0},
    "weight": {"type": "int", "default": 0},
}
DATABASE = {"engine": TEXT, "engine_version": TEXT, "db_instance_class": TEXT, "name": TEXT}


def main():
    run_module(
        {
            "account_id": {"type": "str"},
            "name_prefix": {"type": "str", "default": ""},
            "tags": {"type": "dict", "default": {}},
            "skip": {**TEXTS, "choices": sorted(CHECKS)},
            "parts": TEXTS,
            "zones": TEXTS,
            "vpc_name": {"type": "str"},
            "nat_gateways": items(name=TEXT, zone=TEXT),
            "load_balancer": {"type": "str"},
            "target_groups": items(name=TEXT, variable=TEXT),
            "buckets": items(name=TEXT, variable=TEXT),
            "cluster": {"type": "str"},
            "task_subnets": TEXTS,
            "services": items(
                name=TEXT,
                cpu=NUMBER,
                desired_count=NUMBER,
                minimum=NUMBER,
                capacity_provider_strategy={
                    "type": "list",
                    "elements": "dict",
                    "required": True,
                    "options": STRATEGY,
                },
                images=items(variable=TEXT, image=TEXT),
            ),
            "certificate": {"type": "dict", "options": {"arn": TEXT, "names": TEXTS}},
            "secrets": {**items(variable=TEXT, secret_id={**TEXT, "no_log": False}), "no_log": False},
            "database": {"type": "dict", "options": DATABASE},
        },
        lambda module, aws: {"changed": False, **readiness(module, aws)},
    )


if __name__ == "__main__":
    main()

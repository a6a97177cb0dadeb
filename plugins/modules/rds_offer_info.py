#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_offer_info
version_added: 0.1.0
short_description: Tell whether RDS offers an engine version and an instance class
description:
  - AWS withdraws minor versions of database engines after a time, and offers instance classes not for every version and
    not in every region. This module asks for a database that is wanted, before it is made.
  - A version that an instance or a cluster runs already is right, whether AWS still offers it or not.
options:
  engine:
    description: The database engine, for instance V(postgres) or V(aurora-postgresql).
    type: str
    required: true
  engine_version:
    description: The version that is wanted, a major one such as V(16) or a minor one such as V(16.9).
    type: str
    required: true
  db_instance_class:
    description: The instance class that is wanted, for instance V(db.t4g.small).
    type: str
  name:
    description: The identifier of the instance or of the cluster, which may exist already.
    type: str
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
- name: Ask whether the database can be had
  webstack.aws.rds_offer_info:
    engine: postgres
    engine_version: "15.5"
    db_instance_class: db.t4g.small
    name: staging-shop-db
  register: offer

- name: Stop where it cannot
  ansible.builtin.fail:
    msg: "{{ offer.rds_offer.faults[0].problem }}: {{ offer.rds_offer.faults[0].remedy }}"
  when: offer.rds_offer.faults | length > 0
"""

RETURN = r"""
rds_offer:
  description: What AWS offers.
  returned: success
  type: dict
  contains:
    engine_versions:
      description: The versions on offer of the same major version, oldest first.
      type: list
      elements: str
      sample: ["15.13", "15.14"]
    live_engine_version:
      description: The version that runs already, if any does.
      type: str
      sample: "15.12"
    faults:
      description: What AWS does not offer; empty when all can be had.
      type: list
      elements: dict
      contains:
        option:
          description: The option that asks for it.
          type: str
          sample: engine_version
        problem:
          description: What is wrong.
          type: str
          sample: AWS does not offer RDS for PostgreSQL 15.5 any more, or not yet
        remedy:
          description: What would be right.
          type: str
          sample: "one that it offers: 15.13, 15.14; or 15 for its default among them"
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import run_module
from ansible_collections.webstack.aws.plugins.module_utils._rds_offer import offer


def main():
    def work(module, aws):
        wanted = module.params
        aws.subject = f"{wanted['engine']} {wanted['engine_version']}"
        return {
            "changed": False,
            "rds_offer": offer(
                aws, wanted["engine"], wanted["engine_version"], wanted["db_instance_class"], wanted["name"]
            ),
        }

    run_module(
        {
            "engine": {"type": "str", "required": True},
            "engine_version": {"type": "str", "required": True},
            "db_instance_class": {"type": "str"},
            "name": {"type": "str"},
        },
        work,
    )


if __name__ == "__main__":
    main()

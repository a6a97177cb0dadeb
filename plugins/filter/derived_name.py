# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: derived_name
version_added: 0.1.0
short_description: Shorten a derived name to what its AWS service accepts
description:
  - Returns a name as it is where the service takes it, else its beginning and a hash of the whole of it.
  - The same name always gives the same result, and two long names that begin alike give two.
  - The names of the roles and modules of this collection are all derived with it.
author:
  - The webstack.aws authors (@webstack-aws)
positional: kind
options:
  _input:
    description:
      - The name, for instance the stack's prefix and the part's name joined by a hyphen.
      - In Jinja a filter binds more tightly than C(~), so a name that is joined in place needs parentheses.
    type: str
    required: true
  kind:
    description: What it shall be the name of.
    type: str
    required: true
    choices:
      - dynamodb_table
      - ecr_repository
      - ecs_cluster
      - ecs_service
      - efs_file_system
      - elasticache_parameter_group
      - elasticache_replication_group
      - elasticache_subnet_group
      - iam_role
      - iam_user
      - load_balancer
      - rds_cluster
      - rds_cluster_parameter_group
      - rds_instance
      - rds_parameter_group
      - rds_subnet_group
      - s3_bucket
      - schedule
      - schedule_group
      - secret
      - security_group
      - sns_topic
      - sqs_queue
      - target_group
      - xray_sampling_rule
"""

EXAMPLES = r"""
- name: Show a name that fits, staging-shop-alb
  ansible.builtin.debug:
    msg: "{{ ('staging-shop' ~ '-alb') | webstack.aws.derived_name('load_balancer') }}"

- name: Show one that is shortened to 32 characters, staging-long-name-of-shop-d89e0c
  ansible.builtin.debug:
    msg: "{{ 'staging-long-name-of-shop-frontend-api' | webstack.aws.derived_name('target_group') }}"
"""

RETURN = r"""
_value:
  description: The name, no longer than the service takes.
  type: str
  sample: staging-shop-alb
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES, derived_name


def _derived_name(name: str, kind: str) -> str:
    if not isinstance(name, str):
        raise AnsibleFilterError(f"derived_name takes a string, not {type(name).__name__}")
    if kind not in NAME_RULES:
        raise AnsibleFilterError(f"derived_name knows no kind {kind!r}; it knows {', '.join(sorted(NAME_RULES))}")
    return derived_name(name, kind)


class FilterModule:
    """Names that AWS accepts."""

    def filters(self):
        return {"derived_name": _derived_name}

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: service_target_groups
version_added: 0.1.0
short_description: Turn services into the target groups that they need
description:
  - Returns the option O(webstack.aws.target_groups#module:target_groups) for the services behind a load balancer, one
    target group each.
  - The role P(webstack.aws.load_balancer#role) uses it.
author:
  - The webstack.aws authors (@webstack-aws)
positional: prefix, vpc_id
options:
  _input:
    description:
      - The services by name, each with its C(port) and if wanted C(name), C(protocol), C(protocol_version),
        C(health_check), C(deregistration_delay), C(slow_start), C(load_balancing_algorithm_type) and C(stickiness).
    type: dict
    required: true
  prefix:
    description: What derived names begin with.
    type: str
    required: true
  vpc_id:
    description: The VPC of the tasks.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the target group of one service
  ansible.builtin.debug:
    msg: "{{ {'api': {'port': 8080}} | webstack.aws.service_target_groups('staging-shop', 'vpc-0a1b2c3d4e5f60718') }}"
"""

RETURN = r"""
_value:
  description: The target groups, in the order of the services.
  type: list
  elements: dict
  sample: [{name: staging-shop-api, port: 8080, vpc_id: vpc-0a1b2c3d4e5f60718}]
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._load_balancing import target_groups


def _service_target_groups(services: dict, prefix: str, vpc_id: str) -> list:
    try:
        return target_groups(services, prefix, vpc_id)
    except WebstackError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Target groups from services."""

    def filters(self):
        return {"service_target_groups": _service_target_groups}

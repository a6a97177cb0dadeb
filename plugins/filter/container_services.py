# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: container_services
version_added: 0.1.0
short_description: Turn services into what the ECS modules want to know of them
description:
  - Returns for each service its names, its containers, how it runs and how it is scaled, with all defaults filled.
  - The role P(webstack.aws.container_service#role) uses it; its defaults say what a service can have.
author:
  - The webstack.aws authors (@webstack-aws)
options:
  _input:
    description: The services by name.
    type: dict
    required: true
  prefix:
    description: What derived names begin with.
    type: str
    required: true
  region:
    description: The region of the log groups.
    type: str
    required: true
  log_group_prefix:
    description: What the names of log groups begin with.
    type: str
    required: true
  secret_arn:
    description: The secret whose keys the services' secrets name.
    type: str
    default: ""
  spot:
    description: Whether tasks run on Spot, or how many do.
    type: raw
    default: false
  exec:
    description: Whether ECS Exec can open a shell in tasks.
    type: bool
    default: false
  file_systems:
    description: The EFS file systems that services mount, by key, each with C(id) and C(access_points).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the containers of a service
  ansible.builtin.debug:
    msg: "{{ ({'api': {'image': 'shop:1', 'port': 8080}} | webstack.aws.container_services(**stack))[0].containers }}"
  vars:
    stack: {prefix: staging-shop, region: us-east-1, log_group_prefix: /ecs/staging/shop}
"""

RETURN = r"""
_value:
  description: The services, in their order.
  type: list
  elements: dict
  sample: [{key: api, name: staging-shop-api, family: staging-shop-api, cpu: 256, memory: 512}]
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.module_utils._container_services import Stack, container_service


def _container_services(services: dict, **stack) -> list:
    made = []
    for key, service in services.items():
        try:
            made.append(container_service(key, service, Stack(**stack)))
        except KeyError as error:
            raise AnsibleFilterError(f"service {key}: {error.args[0]} is missing") from error
    return made


class FilterModule:
    """The options of the ECS modules from services."""

    def filters(self):
        return {"container_services": _container_services}

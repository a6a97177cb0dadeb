# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: route_table_plan
version_added: 0.1.0
short_description: Say which route tables planned subnets need
description:
  - Turns the list of P(webstack.aws.subnet_plan#filter) into the option
    O(webstack.aws.route_tables#module:route_tables).
  - There is one table for all public subnets, one for all database subnets, and one for each private subnet, whatever
    NAT there is. So NAT comes, goes and changes by replacing a route, and no subnet ever changes its table.
author:
  - The webstack.aws authors (@webstack-aws)
options:
  _input:
    description: The subnets.
    type: list
    elements: dict
    required: true
  prefix:
    description: What the names of the tables begin with.
    type: str
    required: true
  subnet_ids:
    description: The ids of the subnets by name.
    type: dict
    required: true
  internet_gateway_id:
    description: Where the public subnets lead to.
    type: str
    required: true
  nat_gateway_ids:
    description: Where the private subnets lead to, by letter of the zone. A zone without one uses the first.
    type: dict
    default: {}
  private_routes:
    description:
      - Whether private tables get routes. V(false) leaves theirs as they are, while NAT gateways are not ready.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Show the table of one public subnet
  ansible.builtin.debug:
    msg: >-
      {{ '10.1.0.0/16' | webstack.aws.subnet_plan(['us-east-1a'], 'staging-shop', private=[]) |
         webstack.aws.route_table_plan(prefix='staging-shop', internet_gateway_id='igw-0123456789abcdef0',
                                       subnet_ids={'staging-shop-public-a': 'subnet-0123456789abcdef0'}) }}
"""

RETURN = r"""
_value:
  description: The route tables, each with C(name), C(subnet_ids) and C(routes).
  type: list
  elements: dict
  sample:
    - name: staging-shop-public
      subnet_ids: [subnet-0123456789abcdef0]
      routes:
        - destination_cidr_block: 0.0.0.0/0
          gateway_id: igw-0123456789abcdef0
"""

from ansible_collections.webstack.aws.plugins.plugin_utils._subnets import route_tables


def _route_table_plan(subnets, prefix, subnet_ids, internet_gateway_id, nat_gateway_ids=None, private_routes=True):
    return route_tables(subnets, subnet_ids, internet_gateway_id, nat_gateway_ids or {}, private_routes, prefix)


class FilterModule:
    """The route tables of a VPC."""

    def filters(self):
        return {"route_table_plan": _route_table_plan}

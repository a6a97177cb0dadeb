# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: subnet_plan
version_added: 0.1.0
short_description: Say which subnets a VPC has
description:
  - Turns a VPC's range, its zones and the ranges of its subnets into one list of subnets.
  - Where a tier has no ranges given, they are carved, one for each zone. A /16 is carved into its /24 blocks, of which
    public subnets have those from the first on (10.0.1.0/24), private ones from the eleventh on (10.0.11.0/24),
    database ones from the twenty-first on (10.0.21.0/24).
  - A smaller VPC, down to /22, is carved into 32 equal blocks, counted in the same way.
  - Another zone or another tier never moves the subnets that are there.
author:
  - The webstack.aws authors (@webstack-aws)
positional: zones, prefix
options:
  _input:
    description: The VPC's range.
    type: str
    required: true
  zones:
    description: The zones, at most ten.
    type: list
    elements: str
    required: true
  prefix:
    description: What the names of the subnets begin with.
    type: str
    required: true
  public:
    description: The ranges of the public subnets, the first in the first zone and so on. Carved when not given.
    type: list
    elements: str
  private:
    description: The ranges of the private subnets. Carved when not given.
    type: list
    elements: str
  database:
    description: The ranges of the database subnets. Carved when C(none).
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Show four subnets, the first staging-shop-public-a with 10.1.1.0/24 in us-east-1a
  ansible.builtin.debug:
    msg: "{{ '10.1.0.0/16' | webstack.aws.subnet_plan(['us-east-1a', 'us-east-1b'], 'staging-shop') }}"
"""

RETURN = r"""
_value:
  description:
    - The subnets, tier by tier, each with C(name), C(cidr_block), C(availability_zone), C(tier) and C(letter), which
      is its zone's.
  type: list
  elements: dict
  sample:
    - name: staging-shop-public-a
      cidr_block: 10.1.1.0/24
      availability_zone: us-east-1a
      tier: public
      letter: a
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.plugin_utils._subnets import plan


def _subnet_plan(vpc_cidr, zones, prefix, public=None, private=None, database=()):
    try:
        return plan(vpc_cidr, zones, {"public": public, "private": private, "database": database}, prefix)
    except ValueError as error:
        raise AnsibleFilterError(f"subnet_plan: {error}") from error


class FilterModule:
    """The subnets of a VPC."""

    def filters(self):
        return {"subnet_plan": _subnet_plan}

#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight
version_added: 0.1.0
short_description: Check the variables of a stack before anything is asked of AWS
description:
  - Holds every variable of the host to the argument specs of the collection's roles and to AWS's rules, and fails
    with one message that names all faults, each with the variable, what is wrong with it and what would be right.
  - It runs on the controller and calls nothing. It takes no options, since it reads the host's variables.
attributes:
  check_mode:
    description: It only ever reads.
    support: full
  diff_mode:
    description: It changes nothing, so there is nothing to show.
    support: none
  action:
    description: Has an action plugin of the same name, in which all of it happens.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

EXAMPLES = r"""
- name: Check the variables before anything is asked or changed
  webstack.aws.preflight:
"""

RETURN = r"""
interface_endpoints:
  description: The services of AWS, in short, that the tasks must reach by interface endpoints, since they have no other
    way out. None where they have NAT or public addresses.
  returned: success
  type: list
  elements: str
  sample: [ecr.api, ecr.dkr, logs, secretsmanager]
"""

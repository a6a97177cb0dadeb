#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: plan_record
version_added: 0.1.0
short_description: Put together in which state a run has left each resource
description:
  - Puts together what the modules of a run have said of the states of their resources.
  - It runs on the controller and calls nothing.
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
- name: Gather in which state everything is
  webstack.aws.plan_record:
  register: states
"""

RETURN = r"""
record:
  description: Digests of all resources' names and states, eight hexadecimal digits each.
  returned: success
  type: str
  sample: 0a1b2c3d9f8e7d6c
is_new:
  description: Whether the run has changed anything, and was not limited to tags; only then the record is one to keep.
  returned: success
  type: bool
  sample: true
"""

#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: plan_header
version_added: 0.1.0
short_description: Say whose plan a run makes
description:
  - Tells the callback C(webstack.aws.plan) whose plan the run makes, and what is to be done with it.
  - It runs on the controller and calls nothing.
options:
  stack:
    description: The stack's name.
    type: str
    required: true
  environment:
    description: The stack's environment.
    type: str
    required: true
  account:
    description: The account in which the run works, twelve digits.
    type: str
    required: true
  region:
    description: The region in which the run works.
    type: str
    required: true
  file:
    description: The file in which a dry run saves its plan as JSON.
    type: path
  page:
    description: The file in which a dry run saves its plan as a page for a browser.
    type: path
  done_file:
    description: The file in which a real run saves what it has done, in the same form.
    type: path
  exit_code:
    description: Whether the run ends with 0 for no changes, 2 for changes, 1 for an error.
    type: bool
    default: false
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
- name: Say whose plan it is
  webstack.aws.plan_header:
    stack: shop
    environment: staging
    account: "123456789012"
    region: us-east-1
    file: plan.json
"""

RETURN = r"""
plan_header:
  description: Whose plan it is, with digests of the variables that make the stack.
  returned: success
  type: dict
  sample:
    stack: shop
    environment: staging
    account: "123456789012"
    region: us-east-1
    variables: {database_instance_class: 0a1b2c3d4e5f}
plan_settings:
  description: What is to be done with the plan.
  returned: success
  type: dict
  sample: {mode: plan, file: plan.json, page: null, done_file: null, exit_code: false}
"""

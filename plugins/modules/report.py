#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: report
version_added: 0.1.0
short_description: Print values for people and for scripts
description:
  - Prints values as plain text or as JSON, without the decoration of a task's result.
options:
  values:
    description: What to print, by name.
    type: dict
    required: true
  only:
    description: The name of the one value to print.
    type: str
  output_format:
    description: Whether to print lines of text or one JSON document.
    type: str
    choices: [text, json]
    default: text
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
- name: Show where the application answers
  webstack.aws.report:
    values:
      alb_dns_name: staging-shop-alb-1234567890.us-east-1.elb.amazonaws.com
    only: alb_dns_name
"""

RETURN = r"""
values:
  description: What was printed.
  returned: success
  type: dict
  sample: {"alb_dns_name": "staging-shop-alb-1234567890.us-east-1.elb.amazonaws.com"}
"""

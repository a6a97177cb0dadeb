# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stack_dashboard
version_added: 0.1.0
short_description: Derive a stack's dashboard from what it has
description:
  - Returns the body of a dashboard, for M(webstack.aws.cloudwatch_dashboard), with a graph for each metric of what the
    stack has, and a line in it for each thing.
author:
  - The webstack.aws authors (@webstack-aws)
positional: metrics, region
options:
  _input:
    description: What the stack has, as for P(webstack.aws.stack_alarms#filter).
    type: dict
    required: true
  metrics:
    description: The metrics by kind of thing, as for P(webstack.aws.stack_alarms#filter).
    type: dict
    required: true
  region:
    description: The region in which the metrics are.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the dashboard of a database
  vars:
    metrics:
      database:
        - {part: cpu, title: CPU, namespace: AWS/RDS, metric_name: CPUUtilization, statistic: Average, period: 60}
  ansible.builtin.debug:
    msg: "{{ {'database_identifiers': ['staging-shop']} | webstack.aws.stack_dashboard(metrics, 'us-east-1') }}"
"""

RETURN = r"""
_value:
  description: The dashboard's body.
  type: dict
  sample: {"widgets": [{"type": "text", "properties": {"markdown": "## Database"}}]}
"""

from ansible_collections.webstack.aws.plugins.plugin_utils._watching import dashboard


def _stack_dashboard(stack, metrics, region):
    return dashboard(stack, metrics, region)


class FilterModule:
    """A dashboard of what a stack has."""

    def filters(self):
        return {"stack_dashboard": _stack_dashboard}

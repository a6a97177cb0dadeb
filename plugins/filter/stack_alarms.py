# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stack_alarms
version_added: 0.1.0
short_description: Derive a stack's alarms from what it has
description:
  - Returns one alarm for each thing that the stack has and each metric of it that has a threshold, in the form of
    M(webstack.aws.cloudwatch_alarms).
author:
  - The webstack.aws authors (@webstack-aws)
positional: metrics, prefix, actions, overrides
options:
  _input:
    description:
      - What the stack has, C(cluster_name), C(container_insights), C(services) (by name, each with C(service_name) and
        C(target_group_full_name)), C(load_balancer_full_name), C(http_api_id), C(http_api_stage),
        C(database_identifiers) (of RDS the writer first), C(database_cluster_identifier), C(cache_cluster_ids),
        C(tables) (by name, each with C(name)), C(file_systems) (by name, each with C(id)), C(schedule_group_name) and
        C(dead_letter_queue_name). What is missing or empty is not there.
    type: dict
    required: true
  metrics:
    description:
      - The metrics by kind of thing, which is C(service), C(target_group), C(load_balancer), C(http_api), C(database),
        C(database_cluster), C(cache), C(table), C(file_system), C(schedule_group) or C(dead_letter_queue).
      - A metric has C(part), C(title), C(namespace), C(metric_name), C(statistic), C(period) and, where there is an
        alarm on it, C(alarm) with C(threshold), C(description) and the alarm's further options.
      - A metric with C(of) is only there for things that are that, C(insights), C(rds), C(replica), C(aurora) or
        C(replicated). One with C(by), a C(dimension) and its C(values), is summed over them.
    type: dict
    required: true
  prefix:
    description: What the alarms' names begin with.
    type: str
    required: true
  actions:
    description: The ARNs of what is told when an alarm goes off and when all is well again.
    type: list
    elements: str
    default: []
  overrides:
    description:
      - What differs of some alarms, by kind and part, for instance C(target_group-5xx).
      - C(period), C(evaluation_periods), C(datapoints_to_alarm), C(statistic) and C(treat_missing_data).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the alarms of a database
  vars:
    metrics:
      database:
        - part: cpu
          title: CPU
          namespace: AWS/RDS
          metric_name: CPUUtilization
          statistic: Average
          period: 60
          alarm:
            threshold: 80
            description: its CPU is busy
            comparison_operator: GreaterThanThreshold
            evaluation_periods: 5
  ansible.builtin.debug:
    msg: "{{ {'database_identifiers': ['staging-shop']} | webstack.aws.stack_alarms(metrics, 'staging-shop') }}"
"""

RETURN = r"""
_value:
  description: The alarms.
  type: list
  elements: dict
  sample:
    - {name: staging-shop-database-cpu, namespace: AWS/RDS, metric_name: CPUUtilization, threshold: 80}
"""

from ansible_collections.webstack.aws.plugins.plugin_utils._watching import alarms


def _stack_alarms(stack, metrics, prefix, actions=(), overrides=None):
    return alarms(stack, metrics, prefix, list(actions), overrides)


class FilterModule:
    """Alarms from what a stack has."""

    def filters(self):
        return {"stack_alarms": _stack_alarms}

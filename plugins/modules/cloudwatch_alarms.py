#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_alarms
version_added: 0.1.0
short_description: Manage CloudWatch metric alarms
description:
  - Creates, changes and removes alarms on one metric or on metric maths.
  - All are read and judged before the first is touched. What is not given of an alarm that exists stays as it is.
options:
  alarms:
    description: The alarms.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The alarm's name.
        type: str
        required: true
      alarm_description:
        description: What it means when the alarm goes off, and what to do.
        type: str
      namespace:
        description: The metric's namespace.
        type: str
      metric_name:
        description: The metric's name.
        type: str
      dimensions:
        description: The metric's dimensions, values by name.
        type: dict
      statistic:
        description: What is made of a period's values.
        type: str
        choices: [SampleCount, Average, Sum, Minimum, Maximum]
      extended_statistic:
        description: A percentile or another of CloudWatch's further statistics, instead of O(alarms[].statistic).
        type: str
      period:
        description: A period in seconds, which is 10, 20, 30 or whole minutes.
        type: int
      unit:
        description: The metric's unit, where it is stored in several.
        type: str
      metrics:
        description: Metric maths, instead of one metric.
        type: list
        elements: dict
        suboptions:
          id:
            description: The name by which expressions use it.
            type: str
            required: true
          expression:
            description: What is calculated from the others.
            type: str
          label:
            description: The name that people read.
            type: str
          period:
            description: The period of the expression, in seconds.
            type: int
          return_data:
            description: Whether this one is compared with the threshold; exactly one of them is.
            type: bool
            default: true
          metric_stat:
            description: A metric, instead of an expression.
            type: dict
            suboptions:
              namespace:
                description: The metric's namespace.
                type: str
                required: true
              metric_name:
                description: The metric's name.
                type: str
                required: true
              dimensions:
                description: The metric's dimensions, values by name.
                type: dict
                default: {}
              period:
                description: A period in seconds.
                type: int
                required: true
              stat:
                description: What is made of a period's values.
                type: str
                required: true
              unit:
                description: The metric's unit.
                type: str
      evaluation_periods:
        description: How many periods are looked at.
        type: int
      datapoints_to_alarm:
        description:
          - In how many of them the threshold must be crossed.
          - In all of them when an alarm is made without this option.
        type: int
      threshold:
        description: The value to compare with.
        type: float
      comparison_operator:
        description: How to compare.
        type: str
        choices: [GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold]
      treat_missing_data:
        description: What a period without values means.
        type: str
        choices: [breaching, notBreaching, ignore, missing]
      evaluate_low_sample_count_percentile:
        description: Whether percentiles count that are made of few values.
        type: str
        choices: [evaluate, ignore]
      actions_enabled:
        description: Whether the actions are carried out.
        type: bool
      alarm_actions:
        description: The ARNs of what is told when the alarm goes off.
        type: list
        elements: str
      ok_actions:
        description: The ARNs of what is told when all is well again.
        type: list
        elements: str
      insufficient_data_actions:
        description: The ARNs of what is told when there is not enough data.
        type: list
        elements: str
  purge:
    description:
      - Whether alarms are removed that bear all of those O(tags) that begin with C(webstack:), and are not listed.
      - Needs the tags C(webstack:stack) and C(webstack:environment).
    type: bool
    default: false
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make an alarm on a service's CPU, and one on the share of failed requests
  webstack.aws.cloudwatch_alarms:
    alarms:
      - name: staging-shop-api-cpu
        namespace: AWS/ECS
        metric_name: CPUUtilization
        dimensions: {ClusterName: staging-shop, ServiceName: staging-shop-api}
        statistic: Average
        period: 60
        evaluation_periods: 5
        threshold: 80
        comparison_operator: GreaterThanThreshold
        treat_missing_data: notBreaching
        alarm_actions: ["arn:aws:sns:us-east-1:123456789012:staging-shop-alarms"]
      - name: staging-shop-failed
        metrics:
          - id: share
            expression: 100 * failed / requests
            label: Failed requests in percent
          - id: failed
            return_data: false
            metric_stat:
              namespace: AWS/ApplicationELB
              metric_name: HTTPCode_Target_5XX_Count
              dimensions: {LoadBalancer: app/staging-shop/0123456789abcdef}
              period: 300
              stat: Sum
          - id: requests
            return_data: false
            metric_stat:
              namespace: AWS/ApplicationELB
              metric_name: RequestCount
              dimensions: {LoadBalancer: app/staging-shop/0123456789abcdef}
              period: 300
              stat: Sum
        evaluation_periods: 2
        threshold: 5
        comparison_operator: GreaterThanThreshold
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove all alarms of a stack
  webstack.aws.cloudwatch_alarms:
    alarms: []
    purge: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove one
  webstack.aws.cloudwatch_alarms:
    alarms: [{name: staging-shop-api-cpu}]
    state: absent
"""

RETURN = r"""
alarms:
  description: The alarms that exist, by name, with all options as they are.
  returned: success
  type: dict
  contains:
    alarm_name:
      description: The alarm's name.
      type: str
      sample: staging-shop-api-cpu
    alarm_arn:
      description: The alarm's ARN.
      type: str
      sample: arn:aws:cloudwatch:us-east-1:123456789012:alarm:staging-shop-api-cpu
    state_value:
      description: Whether it has gone off.
      type: str
      sample: OK
    threshold:
      description: The value to compare with.
      type: float
      sample: 80.0
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
unlisted:
  description: The names of this owner's alarms that are not listed; O(purge) removes them.
  returned: when there are any
  type: list
  elements: str
  sample: [staging-shop-api-memory]
"""

from ansible_collections.webstack.aws.plugins.module_utils._cloudwatch_alarm import CloudwatchAlarm
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many

NAMES = {"type": "list", "elements": "str"}
COMPARISONS = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
]

METRIC = {
    "id": {"type": "str", "required": True},
    "expression": {"type": "str"},
    "label": {"type": "str"},
    "period": {"type": "int"},
    "return_data": {"type": "bool", "default": True},
    "metric_stat": {
        "type": "dict",
        "options": {
            "namespace": {"type": "str", "required": True},
            "metric_name": {"type": "str", "required": True},
            "dimensions": {"type": "dict", "default": {}},
            "period": {"type": "int", "required": True},
            "stat": {"type": "str", "required": True},
            "unit": {"type": "str"},
        },
    },
}

ALARM = {
    "name": {"type": "str", "required": True},
    "alarm_description": {"type": "str"},
    "namespace": {"type": "str"},
    "metric_name": {"type": "str"},
    "dimensions": {"type": "dict"},
    "statistic": {"type": "str", "choices": ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]},
    "extended_statistic": {"type": "str"},
    "period": {"type": "int"},
    "unit": {"type": "str"},
    "metrics": {"type": "list", "elements": "dict", "options": METRIC},
    "evaluation_periods": {"type": "int"},
    "datapoints_to_alarm": {"type": "int"},
    "threshold": {"type": "float"},
    "comparison_operator": {"type": "str", "choices": COMPARISONS},
    "treat_missing_data": {"type": "str", "choices": ["breaching", "notBreaching", "ignore", "missing"]},
    "evaluate_low_sample_count_percentile": {"type": "str", "choices": ["evaluate", "ignore"]},
    "actions_enabled": {"type": "bool"},
    "alarm_actions": NAMES,
    "ok_actions": NAMES,
    "insufficient_data_actions": NAMES,
}


def main():
    run_many(
        CloudwatchAlarm,
        resource_arguments(
            alarms={"type": "list", "elements": "dict", "required": True, "options": ALARM},
            purge={"type": "bool", "default": False},
        ),
        "alarms",
    )


if __name__ == "__main__":
    main()

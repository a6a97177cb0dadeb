#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sns_topic
version_added: 0.1.0
short_description: Manage an SNS topic and its subscriptions
description:
  - Creates, changes and removes a standard topic, its policy and its subscriptions.
  - A subscription by e-mail waits until its reader has confirmed it. It counts as being there, so that nobody is asked
    again by every run.
options:
  name:
    description: The topic's name.
    type: str
    required: true
  display_name:
    description: The name that readers of its messages see.
    type: str
  policy:
    description: Who may use the topic; compared by meaning.
    type: dict
  kms_master_key_id:
    description:
      - The KMS key that encrypts messages, as an id, an ARN or an alias.
      - CloudWatch alarms cannot publish under AWS's own key C(alias/aws/sns); the policy of an own key must allow
        C(cloudwatch.amazonaws.com) to use it.
      - An empty string switches encryption off.
    type: str
  subscriptions:
    description:
      - Who gets the topic's messages.
      - Those that are not named here are removed, save those that still wait to be confirmed, which SNS forgets after
        two days.
    type: list
    elements: dict
    suboptions:
      protocol:
        description: How messages are sent.
        type: str
        required: true
        choices: [email, email-json, http, https, lambda, sqs]
      endpoint:
        description: Whereto, an address, a URL or an ARN.
        type: str
        required: true
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a topic that the alarms of this account may use, and that a person reads
  webstack.aws.sns_topic:
    name: staging-shop-alarms
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: cloudwatch.amazonaws.com}
          Action: sns:Publish
          Resource: arn:aws:sns:us-east-1:123456789012:staging-shop-alarms
          Condition: {StringEquals: {"aws:SourceAccount": "123456789012"}}
    subscriptions:
      - {protocol: email, endpoint: shop@example.com}
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it
  webstack.aws.sns_topic:
    name: staging-shop-alarms
    state: absent
"""

RETURN = r"""
sns_topic:
  description: The topic; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The topic's name.
      type: str
      sample: staging-shop-alarms
    topic_arn:
      description: The topic's ARN.
      type: str
      sample: arn:aws:sns:us-east-1:123456789012:staging-shop-alarms
    display_name:
      description: The name that readers see.
      type: str
      sample: ""
    kms_master_key_id:
      description: The KMS key, empty where there is none.
      type: str
      sample: ""
    policy:
      description: The policy in its normal form.
      type: dict
      sample: {"Version": "2012-10-17", "Statement": []}
    subscriptions:
      description: The subscriptions; the ARN of one that is not confirmed is C(PendingConfirmation).
      type: list
      elements: dict
      sample: [{"protocol": "email", "endpoint": "shop@example.com", "subscription_arn": "PendingConfirmation"}]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._sns_topic import SnsTopic


def main():
    run_one(
        SnsTopic,
        resource_arguments(
            name={"type": "str", "required": True},
            display_name={"type": "str"},
            policy={"type": "dict"},
            kms_master_key_id={"type": "str", "no_log": False},
            subscriptions={
                "type": "list",
                "elements": "dict",
                "options": {
                    "protocol": {
                        "type": "str",
                        "required": True,
                        "choices": ["email", "email-json", "http", "https", "lambda", "sqs"],
                    },
                    "endpoint": {"type": "str", "required": True},
                },
            },
        ),
    )


if __name__ == "__main__":
    main()

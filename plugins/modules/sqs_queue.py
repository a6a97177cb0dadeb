#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sqs_queue
version_added: 0.1.0
short_description: Manage an SQS queue
description:
  - Creates, changes and removes a standard queue, for instance one for what could not be delivered.
  - After a queue was removed SQS keeps its name for a minute; a queue of that name is made as soon as SQS allows it.
options:
  name:
    description: The queue's name, at most 80 letters, digits, hyphens and underscores.
    type: str
    required: true
  message_retention_period:
    description: Seconds for which a message is kept, 60 to 1209600 (14 days). A new queue has 345600 without it.
    type: int
  sqs_managed_sse_enabled:
    description:
      - Whether messages are encrypted with a key that SQS itself keeps, which costs nothing. On for a new queue.
    type: bool
  policy:
    description: Who may use the queue; compared by meaning. An empty one takes it away.
    type: dict
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a queue for what could not be delivered, that nobody may use without TLS
  webstack.aws.sqs_queue:
    name: staging-shop-jobs-dead-letters
    message_retention_period: 1209600
    sqs_managed_sse_enabled: true
    policy:
      Version: "2012-10-17"
      Statement:
        - Sid: OnlyWithTls
          Effect: Deny
          Principal: "*"
          Action: sqs:*
          Resource: arn:aws:sqs:us-east-1:123456789012:staging-shop-jobs-dead-letters
          Condition: {Bool: {"aws:SecureTransport": "false"}}
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it with the messages that are in it
  webstack.aws.sqs_queue:
    name: staging-shop-jobs-dead-letters
    state: absent
"""

RETURN = r"""
sqs_queue:
  description: The queue; empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: The queue's name.
      type: str
      sample: staging-shop-jobs-dead-letters
    queue_url:
      description: The address by which SQS knows it.
      type: str
      sample: https://sqs.us-east-1.amazonaws.com/123456789012/staging-shop-jobs-dead-letters
    queue_arn:
      description: The queue's ARN.
      type: str
      sample: arn:aws:sqs:us-east-1:123456789012:staging-shop-jobs-dead-letters
    message_retention_period:
      description: Seconds for which a message is kept.
      type: int
      sample: 1209600
    sqs_managed_sse_enabled:
      description: Whether messages are encrypted with a key of SQS's own.
      type: bool
      sample: true
    policy:
      description: The policy in its normal form; empty where there is none.
      type: dict
      sample: {"Version": "2012-10-17", "Statement": []}
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._sqs_queue import SqsQueue


def main():
    run_one(
        SqsQueue,
        resource_arguments(
            name={"type": "str", "required": True},
            message_retention_period={"type": "int"},
            sqs_managed_sse_enabled={"type": "bool"},
            policy={"type": "dict"},
        ),
    )


if __name__ == "__main__":
    main()

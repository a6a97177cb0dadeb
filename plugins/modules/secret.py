#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: secret
version_added: 0.1.0
short_description: Manage a secret that is a JSON object
description:
  - Creates, changes and removes a secret of AWS Secrets Manager whose value is one JSON object.
  - Each field says where its value comes from. Values are read, generated and rendered inside the module, so that
    none of them is ever in a task, a result, a diff or a log. The diff names the fields that change.
  - A secret that is scheduled for deletion is restored, with the values that it had.
options:
  name:
    description: The secret's name.
    type: str
    required: true
  description:
    description: What the secret is for.
    type: str
  kms_key_id:
    description:
      - ARN, id or alias of the KMS key that encrypts the secret.
      - Without this option a new secret is encrypted with the key C(aws/secretsmanager).
    type: str
  fields:
    description:
      - The fields by name, each with exactly one source, see the examples.
      - C(value) is the value itself, for what is no secret, like a user's name.
      - C(generate) makes a random value of letters and digits once and then keeps it, also when something else rotates
        it. C(length) is 32 without more, and may be 16 to 128.
      - C(from_env) names an environment variable of the process that runs Ansible. When it is not set, the field keeps
        the value that it has; one that has none yet gets C(until_set), which is no secret, and without that it is an
        error.
      - C(from_secret) names a key of another secret as C(name:key) or C(arn:key).
      - C(template) is a text in which C({name}) stands for another field, or else for one of O(template_values), and
        C({name:url}) for the same in percent-encoding, as URLs need it.
    type: dict
  template_values:
    description:
      - Values for templates that are no fields, for instance the database's host. An empty one is not known yet.
    type: dict
  defer_templates:
    description:
      - Whether templates that name something unknown are left for a later call. Otherwise they are errors.
    type: bool
    default: false
  purge_fields:
    description:
      - Whether fields that O(fields) does not name are removed.
    type: bool
    default: false
  recovery_window_in_days:
    description:
      - For how long a removed secret can be restored, 7 to 30 days. V(0) removes it at once and for good.
      - Without this option it is 30 days.
    type: int
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make the secret of a shop before its database exists
  webstack.aws.secret:
    name: staging-shop
    fields:
      db_user:
        value: shop
      db_password:
        generate: {}
      session_key:
        generate:
          length: 64
      payment_key:
        from_env: SHOP_PAYMENT_KEY
      mail_password:
        from_secret: company/mail:password
      database_url:
        template: "postgres://{db_user:url}:{db_password:url}@{database_host}:{database_port}/shop?sslmode=require"
    defer_templates: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Render what needs the database's endpoint
  webstack.aws.secret:
    name: staging-shop
    fields:
      database_url:
        template: "postgres://{db_user:url}:{db_password:url}@{database_host}:{database_port}/shop?sslmode=require"
    template_values:
      database_host: staging-shop.abcdefghijkl.us-east-1.rds.amazonaws.com
      database_port: 5432

- name: Remove it; it can be restored for a week
  webstack.aws.secret:
    name: staging-shop
    recovery_window_in_days: 7
    state: absent
"""

RETURN = r"""
secret:
  description: The secret without any of its values; empty when it does not exist.
  returned: success
  type: dict
  contains:
    arn:
      description: The secret's ARN.
      type: str
      sample: arn:aws:secretsmanager:us-east-1:123456789012:secret:staging-shop-a1b2c3
    name:
      description: The secret's name.
      type: str
      sample: staging-shop
    description:
      description: What the secret is for.
      type: str
      sample: What the shop needs to run
    kms_key_id:
      description: The KMS key that encrypts it; empty for the key C(aws/secretsmanager).
      type: str
      sample: ""
    keys:
      description: The names of its fields.
      type: list
      elements: str
      sample: [db_password, db_user]
    pending_fields:
      description: Templates that could not be rendered yet.
      type: list
      elements: str
      sample: [database_url]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one
from ansible_collections.webstack.aws.plugins.module_utils._secret import Secret


def main():
    run_one(
        Secret,
        resource_arguments(
            name={"type": "str", "required": True},
            description={"type": "str"},
            kms_key_id={"type": "str"},
            fields={"type": "dict"},
            template_values={"type": "dict"},
            defer_templates={"type": "bool", "default": False},
            purge_fields={"type": "bool", "default": False},
            recovery_window_in_days={"type": "int"},
        ),
    )


if __name__ == "__main__":
    main()

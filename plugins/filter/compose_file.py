# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: compose_file
version_added: 0.1.0
short_description: Turn a stack into a Compose file for one machine
description:
  - Returns a Compose file, as a mapping, with the services of a stack and stand-ins for what AWS gives them.
  - No secret gets into it. What a stack generates has a value for development, which an environment variable named
    after the stack and the field in capitals replaces; what comes from elsewhere is a variable that must be set.
  - The role P(webstack.aws.local_compose#role) uses it; its defaults say more.
author:
  - The webstack.aws authors (@webstack-aws)
options:
  _input:
    description: The services by name.
    type: dict
    required: true
  name:
    description: The stack's name.
    type: str
    required: true
  region:
    description: The region that the applications are told of.
    type: str
    required: true
  jobs:
    description: The jobs by name; they run when they are called.
    type: dict
    default: {}
  database:
    description: The database's C(engine_version), C(names), C(username) and C(password_key).
    type: dict
  cache:
    description: The cache's C(engine), C(engine_version) and C(auth_token_key).
    type: dict
  buckets:
    description: The buckets by key, each with C(name) and C(managed_by).
    type: dict
    default: {}
  tables:
    description: The tables by key, each with C(name), C(managed_by), its keys and its indexes.
    type: dict
    default: {}
  secrets_fields:
    description: The fields of the stack's secret and where they come from.
    type: dict
    default: {}
  access_keys:
    description: The access keys of applications, each with C(access_key_id_key) and C(secret_access_key_key).
    type: list
    elements: dict
    default: []
  template_values:
    description: What the secret's templates may name beside its fields.
    type: dict
    default: {}
  ports:
    description: The ports on this machine, by service; null for none.
    type: dict
    default: {}
  images:
    description: Images other than those that the services and stand-ins have, by name.
    type: dict
    default: {}
  builds:
    description: What Compose builds the services' images from, by name.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Write a Compose file with the shop and its database
  ansible.builtin.copy:
    content: "{{ services | webstack.aws.compose_file(**stack) | to_nice_yaml(sort_keys=False) }}"
    dest: ./compose.shop.yaml
    mode: "0644"
  vars:
    services: {api: {image: "shop:1", port: 8080, secrets: {DB_PASSWORD: db_password}}}
    stack:
      name: shop
      region: us-east-1
      database: {engine_version: "16", names: [shop], username: shop, password_key: db_password}
      secrets_fields: {db_password: {generate: {length: 32}}}
      ports: {api: 8081}
"""

RETURN = r"""
_value:
  description: The Compose file.
  type: dict
  sample: {name: shop, services: {api: {image: "shop:1", ports: ["127.0.0.1:8081:8080"]}}}
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.plugin_utils._compose import LocalStack, compose_file


def _compose_file(services: dict, **stack) -> dict:
    try:
        return compose_file(services, LocalStack(**stack))
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from error
    except KeyError as error:
        raise AnsibleFilterError(f"the stack lacks {error.args[0]}") from error


class FilterModule:
    """A Compose file from a stack."""

    def filters(self):
        return {"compose_file": _compose_file}

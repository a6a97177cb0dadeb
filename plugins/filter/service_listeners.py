# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: service_listeners
version_added: 0.1.0
short_description: Turn services into the listeners and rules that lead to them
description:
  - Returns the option O(webstack.aws.listeners#module:listeners) for the services behind a load balancer.
  - Without a certificate port 80 serves. With one port 443 serves, and port 80 sends everybody there.
  - The role P(webstack.aws.load_balancer#role) uses it.
author:
  - The webstack.aws authors (@webstack-aws)
positional: target_group_arns, certificate_arn, ssl_policy, superseded
options:
  _input:
    description:
      - The services by name. C(rules) lists what each is asked for, every one with C(paths), C(hosts) or both, and if
        wanted its C(priority).
      - The service with C(default), else the only one without rules, gets what no rule takes.
    type: dict
    required: true
  target_group_arns:
    description: The ARN of each service's target group.
    type: dict
    required: true
  certificate_arn:
    description: The certificate; none for HTTP.
    type: str
  ssl_policy:
    description: Which TLS versions and ciphers are spoken.
    type: str
    default: ELBSecurityPolicy-TLS13-1-2-2021-06
  superseded:
    description:
      - The ARNs of the target groups whose place a service's target group takes, by service; requests go on to them.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the listener of one service without a certificate
  ansible.builtin.debug:
    msg: "{{ {'api': {'port': 8080}} | webstack.aws.service_listeners({'api': target_group_arn}) }}"
  vars:
    target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/staging-shop-api/73e2d6bc24d8a067
"""

RETURN = r"""
_value:
  description: The listeners, the one that serves first.
  type: list
  elements: dict
  sample:
    - port: 80
      protocol: HTTP
      default_action:
        type: forward
        target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop-api/73e2d6bc24d8a067
      rules: []
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._load_balancing import listeners

SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def _service_listeners(
    services: dict,
    target_group_arns: dict,
    certificate_arn: str | None = None,
    ssl_policy: str = SSL_POLICY,
    superseded: dict | None = None,
) -> list:
    try:
        return listeners(services, target_group_arns, certificate_arn, ssl_policy, superseded or {})
    except WebstackError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Listeners from services."""

    def filters(self):
        return {"service_listeners": _service_listeners}

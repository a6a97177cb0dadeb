#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: listeners
version_added: 0.1.0
short_description: Manage the listeners of an Application Load Balancer with their rules
description:
  - Creates, changes and removes listeners of one load balancer, and the rules of each, in one go.
  - A listener is known by its port, a rule by its name, which is kept in its tag C(Name). Both can be changed in place.
  - Listeners are taken up in the order of the list. With HTTPS first, a switch from HTTP opens the port for HTTPS
    before the other begins to redirect. New rules come before a changed default action, removed ones go after it.
options:
  load_balancer_arn:
    description: The load balancer.
    type: str
    required: true
  listeners:
    description: The listeners. With O(state=absent) nothing but their ports counts, and their rules go with them.
    type: list
    elements: dict
    required: true
    suboptions:
      port:
        description: The port.
        type: int
        required: true
      protocol:
        description: The protocol. Needed to make it.
        type: str
        choices: [HTTP, HTTPS]
      certificate_arn:
        description: The certificate, for V(HTTPS). It must be issued already.
        type: str
      ssl_policy:
        description: Which TLS versions and ciphers are spoken, for V(HTTPS).
        type: str
      default_action:
        description: What happens to a request that no rule takes. Needed to make it.
        type: dict
        suboptions: &action
          type:
            description: What is done.
            type: str
            required: true
            choices: [forward, redirect, fixed-response]
          target_group_arn:
            description: Where V(forward) sends to.
            type: str
          instead_of:
            description:
              - The target groups whose place O(listeners[].default_action.target_group_arn) is to take, when it has no
                healthy targets yet. As long as one of them serves it goes on, with the new one beside it without
                requests, which ECS needs before it registers tasks there. Without this option the new one serves.
            type: list
            elements: str
          redirect:
            description: Where V(redirect) points to. What is left out stays as in the request.
            type: dict
            suboptions:
              protocol:
                description: The protocol.
                type: str
                choices: [HTTP, HTTPS, '#{protocol}']
              host:
                description: The host.
                type: str
              port:
                description: The port.
                type: str
              path:
                description: The path, with its first slash.
                type: str
              query:
                description: The query, without its question mark.
                type: str
              status_code:
                description: The status; V(HTTP_301) where nothing is said.
                type: str
                choices: [HTTP_301, HTTP_302]
          fixed_response:
            description: What V(fixed-response) answers.
            type: dict
            suboptions:
              status_code:
                description: The status; V(404) where nothing is said.
                type: str
              content_type:
                description: The type of the body; V(text/plain) where nothing is said.
                type: str
                choices: [text/plain, text/css, text/html, application/javascript, application/json]
              message_body:
                description: The body.
                type: str
      rules:
        description:
          - The rules, the one that is asked first at the head.
          - Without this option rules are left as they are.
        type: list
        elements: dict
        suboptions:
          name:
            description: The rule's name.
            type: str
            required: true
          path_patterns:
            description:
              - Paths that it takes; C(*) and C(?) are wildcards.
              - Together with O(listeners[].rules[].host_headers) at most five.
            type: list
            elements: str
          host_headers:
            description: Hosts that it takes; C(*) and C(?) are wildcards.
            type: list
            elements: str
          priority:
            description:
              - Its place among all rules, 1 to 50000, the lowest first.
              - Without this option a rule keeps the priority that it has, and a new one gets one that fits its place in
                the list. Others are moved only where there is no room left.
            type: int
          action:
            description: What happens to a request that it takes.
            type: dict
            required: true
            suboptions: *action
  purge_listeners:
    description: Whether listeners that O(listeners) does not name are removed, if their tags say that they are ours.
    type: bool
    default: false
  purge_rules:
    description:
      - Whether rules with a name that a given list of rules does not name are removed, if their tags say that they are
        ours.
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
- name: Serve HTTPS and send HTTP there
  webstack.aws.listeners:
    load_balancer_arn: "{{ balancer.load_balancer.load_balancer_arn }}"
    listeners:
      - port: 443
        protocol: HTTPS
        certificate_arn: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012
        ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06
        default_action:
          type: forward
          target_group_arn: "{{ groups.target_groups['staging-shop-web'].target_group_arn }}"
        rules:
          - name: api
            path_patterns: [/api/*]
            action:
              type: forward
              target_group_arn: "{{ groups.target_groups['staging-shop-api'].target_group_arn }}"
      - port: 80
        protocol: HTTP
        default_action:
          type: redirect
          redirect: {protocol: HTTPS, port: "443"}
        rules: []
    purge_rules: true
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Close port 80
  webstack.aws.listeners:
    load_balancer_arn: "{{ balancer.load_balancer.load_balancer_arn }}"
    listeners:
      - port: 80
    state: absent
"""

RETURN = r"""
listeners:
  description: The listeners that were named and exist, by port, with the rules that were named by name.
  returned: success
  type: dict
  sample:
    "443":
      listener_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop-alb/50dc6c49/f2f7dc8e
      port: 443
      protocol: HTTPS
      certificate_arn: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012
      default_action:
        type: forward
        target_group_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067
      tags: {"webstack:stack": shop}
      rules:
        api:
          rule_arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/shop-alb/50dc/f2f7/9683
          priority: 10
          path_patterns: [/api/*]
          host_headers: []
"""

from ansible_collections.webstack.aws.plugins.module_utils._listeners import manage
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_module

REDIRECT = {
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "#{protocol}"]},
    "host": {"type": "str"},
    "port": {"type": "str"},
    "path": {"type": "str"},
    "query": {"type": "str"},
    "status_code": {"type": "str", "choices": ["HTTP_301", "HTTP_302"]},
}
FIXED_RESPONSE = {
    "status_code": {"type": "str"},
    "content_type": {
        "type": "str",
        "choices": ["text/plain", "text/css", "text/html", "application/javascript", "application/json"],
    },
    "message_body": {"type": "str"},
}
ACTION = {
    "type": {"type": "str", "required": True, "choices": ["forward", "redirect", "fixed-response"]},
    "target_group_arn": {"type": "str"},
    "instead_of": {"type": "list", "elements": "str"},
    "redirect": {"type": "dict", "options": REDIRECT},
    "fixed_response": {"type": "dict", "options": FIXED_RESPONSE},
}
RULE = {
    "name": {"type": "str", "required": True},
    "path_patterns": {"type": "list", "elements": "str"},
    "host_headers": {"type": "list", "elements": "str"},
    "priority": {"type": "int"},
    "action": {"type": "dict", "required": True, "options": ACTION},
}
LISTENER = {
    "port": {"type": "int", "required": True},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "certificate_arn": {"type": "str"},
    "ssl_policy": {"type": "str"},
    "default_action": {"type": "dict", "options": ACTION},
    "rules": {"type": "list", "elements": "dict", "options": RULE},
}


def main():
    run_module(
        resource_arguments(
            load_balancer_arn={"type": "str", "required": True},
            listeners={"type": "list", "elements": "dict", "required": True, "options": LISTENER},
            purge_listeners={"type": "bool", "default": False},
            purge_rules={"type": "bool", "default": False},
        ),
        lambda module, aws: manage(module.params, aws),
    )


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: api_domain
version_added: 0.1.0
short_description: Manage a custom domain name of API Gateway
description:
  - Creates, changes and removes a regional custom domain name for TLS 1.2 and newer, with the API that answers at its
    root. Mappings of paths below it are left alone.
  - It does not touch DNS. Alias records for the name lead to C(api_gateway_domain_name) in the zone C(hosted_zone_id).
options:
  domain_name:
    description: The domain name.
    type: str
    required: true
  certificate_arn:
    description: ARN of an issued certificate for the name, in the same region. Needed to make it.
    type: str
  ip_address_type:
    description: Over which protocol it is reached; a new one over V(ipv4) where nothing is said.
    type: str
    choices: [ipv4, dualstack]
  api_id:
    description: Id of the API that answers. It and O(stage) go together.
    type: str
  stage:
    description: Name of the API's stage.
    type: str
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Let an API answer at a name of one's own
  webstack.aws.api_domain:
    domain_name: api.example.com
    certificate_arn: arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
    api_id: a1b2c3d4e5
    stage: $default
    tags:
      webstack:stack: shop
      webstack:environment: production

- name: Remove it
  webstack.aws.api_domain:
    domain_name: api.example.com
    state: absent
"""

RETURN = r"""
api_domain:
  description: The domain name; empty when it does not exist.
  returned: success
  type: dict
  contains:
    domain_name:
      description: The name.
      type: str
      sample: api.example.com
    api_gateway_domain_name:
      description: The name to which records of it lead.
      type: str
      sample: d-0a1b2c3d4e.execute-api.us-east-1.amazonaws.com
    hosted_zone_id:
      description: The zone of that name, for alias records.
      type: str
      sample: Z1UJRXOUMOOFQ8
    domain_name_status:
      description: C(AVAILABLE), or C(UPDATING) while AWS changes it.
      type: str
      sample: AVAILABLE
    certificate_arn:
      description: ARN of its certificate.
      type: str
      sample: arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
    ip_address_type:
      description: Over which protocol it is reached.
      type: str
      sample: dualstack
    api_id:
      description: Id of the API that answers.
      type: str
      sample: a1b2c3d4e5
    stage:
      description: Name of the API's stage.
      type: str
      sample: $default
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._api_domain import ApiDomain
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        ApiDomain,
        resource_arguments(
            domain_name={"type": "str", "required": True},
            certificate_arn={"type": "str"},
            ip_address_type={"type": "str", "choices": ["ipv4", "dualstack"]},
            api_id={"type": "str"},
            stage={"type": "str"},
        ),
        name="domain_name",
    )


if __name__ == "__main__":
    main()

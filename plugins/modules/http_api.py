#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: http_api
version_added: 0.1.0
short_description: Manage an HTTP API of API Gateway
description:
  - Creates, changes and removes an HTTP API that passes requests on to a load balancer over a VPC link, with its
    integration, its routes and its one stage.
  - Whatever is changed takes effect at once; the stage deploys itself.
  - API Gateway lets several APIs have the same name. Where O(tags) name an owner, the owner's is meant and others are
    left alone; two of the same name and owner are an error.
  - Routes that O(routes) does not name are removed.
options:
  name:
    description: The API's name.
    type: str
    required: true
  description:
    description: What the API is.
    type: str
  disable_execute_api_endpoint:
    description: Whether it answers at its custom domain only, and not at its own address.
    type: bool
  ip_address_type:
    description: Over which protocol it is reached at its own address; a new one over V(ipv4) where nothing is said.
    type: str
    choices: [ipv4, dualstack]
  cors_configuration:
    description:
      - What API Gateway answers browsers that ask for permission. Left to the application without it.
      - What is not given inside stays as it is; C({}) takes it all away.
    type: dict
    suboptions:
      allow_credentials:
        description: Whether credentials may be sent.
        type: bool
      allow_headers:
        description: Headers that may be sent.
        type: list
        elements: str
      allow_methods:
        description: Methods that may be used.
        type: list
        elements: str
      allow_origins:
        description: Where requests may come from.
        type: list
        elements: str
      expose_headers:
        description: Headers that may be seen.
        type: list
        elements: str
      max_age:
        description: Seconds for which a browser may remember the answer.
        type: int
  integration:
    description:
      - Where requests go. Needed to make it. What is not given inside stays as it is.
      - The VPC link must exist; while it is pending the module waits for it.
    type: dict
    suboptions:
      integration_uri:
        description: ARN of the load balancer's listener.
        type: str
      connection_id:
        description: Id of the VPC link.
        type: str
      timeout_in_millis:
        description: Milliseconds after which no answer is a failure, 50 to 30000, which a new one has.
        type: int
  routes:
    description: Which requests are passed on, each a method and a path such as C(ANY /{proxy+}); C($default) is all.
    type: list
    elements: str
  stage_name:
    description:
      - The stage's name. V($default) is served at the root of the API's address; any other name becomes the first part
        of the path there, which the load balancer does not get to see.
      - A new one is V($default) where nothing is said. AWS cannot change this in place.
    type: str
  access_log_settings:
    description: Where requests are logged to. What is not given inside stays as it is; C({}) takes logs away.
    type: dict
    suboptions:
      destination_arn:
        description: ARN of the log group.
        type: str
      format:
        description: One line of text with C($context) variables, C($context.requestId) or an extended one among them.
        type: str
  default_route_settings:
    description: What holds for all routes. What is not given inside stays as it is.
    type: dict
    suboptions:
      throttling_burst_limit:
        description: How many requests may come at once. The account's limit where nothing was ever said.
        type: int
      throttling_rate_limit:
        description: How many requests may come in a second. The account's limit where nothing was ever said.
        type: float
      detailed_metrics_enabled:
        description: Whether CloudWatch has metrics for each route, which are paid for.
        type: bool
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make an API before an internal load balancer
  webstack.aws.http_api:
    name: production-shop-api
    integration:
      integration_uri: "{{ load_balancer_outputs.listener_arns.http }}"
      connection_id: 4dxlq5
    routes: [ANY /, "ANY /{proxy+}"]
    access_log_settings:
      destination_arn: arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/production-shop-api
      format: '{"requestId": "$context.requestId", "status": "$context.status"}'
    default_route_settings: {throttling_burst_limit: 100, throttling_rate_limit: 50}
    tags:
      webstack:stack: shop
      webstack:environment: production

- name: Remove it
  webstack.aws.http_api:
    name: production-shop-api
    state: absent
    tags:
      webstack:stack: shop
      webstack:environment: production
"""

RETURN = r"""
http_api:
  description: The API as AWS describes it, with what is in it as options; empty when it does not exist.
  returned: success
  type: dict
  contains:
    api_id:
      description: Its id.
      type: str
      sample: a1b2c3d4e5
    name:
      description: Its name.
      type: str
      sample: production-shop-api
    api_endpoint:
      description: Its own address.
      type: str
      sample: https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com
    invoke_url:
      description: The address with the stage's name, where it has one.
      type: str
      sample: https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com
    integration_id:
      description: The id of its integration.
      type: str
      sample: 0a1b2c3
    integration:
      description: Where requests go.
      type: dict
      sample:
        integration_uri: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/0a1b/2c3d
        connection_id: 4dxlq5
        timeout_in_millis: 30000
    routes:
      description: Which requests are passed on.
      type: list
      elements: str
      sample: [ANY /, "ANY /{proxy+}"]
    stage_name:
      description: The stage's name.
      type: str
      sample: $default
    access_log_settings:
      description: Where requests are logged to.
      type: dict
      sample: {}
    default_route_settings:
      description: What holds for all routes.
      type: dict
      sample: {detailed_metrics_enabled: false}
    tags:
      description: Its tags, which its stage has as well.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._http_api import HttpApi
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one

CORS = {
    "allow_credentials": {"type": "bool"},
    "allow_headers": {"type": "list", "elements": "str"},
    "allow_methods": {"type": "list", "elements": "str"},
    "allow_origins": {"type": "list", "elements": "str"},
    "expose_headers": {"type": "list", "elements": "str"},
    "max_age": {"type": "int"},
}
INTEGRATION = {
    "integration_uri": {"type": "str"},
    "connection_id": {"type": "str"},
    "timeout_in_millis": {"type": "int"},
}
ACCESS_LOGS = {"destination_arn": {"type": "str"}, "format": {"type": "str"}}
ROUTE_SETTINGS = {
    "throttling_burst_limit": {"type": "int"},
    "throttling_rate_limit": {"type": "float"},
    "detailed_metrics_enabled": {"type": "bool"},
}


def main():
    run_one(
        HttpApi,
        resource_arguments(
            name={"type": "str", "required": True},
            description={"type": "str"},
            disable_execute_api_endpoint={"type": "bool"},
            ip_address_type={"type": "str", "choices": ["ipv4", "dualstack"]},
            cors_configuration={"type": "dict", "options": CORS},
            integration={"type": "dict", "options": INTEGRATION},
            routes={"type": "list", "elements": "str"},
            stage_name={"type": "str"},
            access_log_settings={"type": "dict", "options": ACCESS_LOGS},
            default_route_settings={"type": "dict", "options": ROUTE_SETTINGS},
        ),
    )


if __name__ == "__main__":
    main()

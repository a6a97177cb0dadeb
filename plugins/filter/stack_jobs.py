# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stack_jobs
version_added: 0.1.0
short_description: Lay jobs over the services that they belong to
description:
  - Returns for each job what its service is with the job's own words laid over it, in the form in which
    P(webstack.aws.container_services#filter) takes services, and with all that says when the job runs.
  - A job has the image that its service really runs, and its environment and secrets, size, architecture, volumes,
    rights and settings of the container. It has its own command, and neither port nor health check, sidecars nor
    tracing.
  - The role P(webstack.aws.jobs#role) uses it; its defaults say what a job can have.
author:
  - The webstack.aws authors (@webstack-aws)
options:
  _input:
    description: The jobs by name.
    type: dict
    required: true
  services:
    description: The services by name.
    type: dict
    required: true
  images:
    description: The images that the services really run, by name. Of one that is not named its own C(image) counts.
    type: dict
    default: {}
  task_role_arns:
    description:
      - The roles of the applications, by service and job. A job that has none here has that of its service.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show what a job runs, shop:2 with DEBUG switched on
  ansible.builtin.debug:
    msg: "{{ jobs | webstack.aws.stack_jobs(services, images={'api': 'shop:2'}) }}"
  vars:
    services: {api: {image: "shop:1", port: 8080, environment: {STAGE: test}}}
    jobs: {cleanup: {service: api, command: [cleanup], environment: {DEBUG: true}, schedule: rate(1 day)}}

- name: Show its task definition
  ansible.builtin.debug:
    msg: "{{ jobs | webstack.aws.stack_jobs(services) | webstack.aws.container_services(**stack) }}"
  vars:
    stack: {prefix: staging-shop, region: us-east-1, log_group_prefix: /ecs/staging/shop}
    services: {api: {image: "shop:1", port: 8080}}
    jobs: {cleanup: {service: api, command: [cleanup]}}
"""

RETURN = r"""
_value:
  description: The jobs by name, in their order.
  type: dict
  sample:
    cleanup: {service: api, image: "shop:2", command: [cleanup], schedule: rate(1 day), enabled: true, retries: 2}
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.module_utils._jobs import stack_job


def _stack_jobs(jobs: dict, services: dict, images: dict | None = None, task_role_arns: dict | None = None) -> dict:
    made = {}
    for key, job in jobs.items():
        try:
            made[key] = stack_job(key, job, services, images or {}, task_role_arns or {})
        except KeyError as error:
            raise AnsibleFilterError(f"job {key}: {error.args[0]} is missing") from error
    return made


class FilterModule:
    """Jobs in the form of services."""

    def filters(self):
        return {"stack_jobs": _stack_jobs}

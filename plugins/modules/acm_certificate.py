#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: acm_certificate
version_added: 0.1.0
short_description: Manage a certificate that ACM issues
description:
  - Requests a public certificate from AWS Certificate Manager, to be validated through DNS, and removes it.
  - It does not wait. ACM issues the certificate some minutes after the validation records that this module returns
    exist; M(webstack.aws.wait) waits for that.
  - A certificate is found by its domain name, its other names and its owner's tags. One that is pending or issued is
    never requested again; one that failed, timed out, expired or was revoked never gets well, so another is requested.
  - AWS cannot change the names of a certificate. With other names another one is requested; the former stays, so that
    what uses it can be moved, and can then be removed.
options:
  domain_name:
    description: The domain name, which may begin with C(*.).
    type: str
    required: true
  subject_alternative_names:
    description:
      - Further names that it is for.
      - Without this option a certificate with any further names will do.
    type: list
    elements: str
  key_algorithm:
    description:
      - Its key. V(RSA_2048) for a new one where nothing is said.
    type: str
    choices: [RSA_2048, EC_prime256v1, EC_secp384r1]
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Request a certificate
  webstack.aws.acm_certificate:
    domain_name: shop.example.com
    subject_alternative_names: [www.shop.example.com]
    tags:
      webstack:stack: shop
      webstack:environment: production
  register: certificate

- name: Show what must be entered where the domain's DNS is kept
  ansible.builtin.debug:
    var: certificate.acm_certificate.validation_records

- name: Remove it
  webstack.aws.acm_certificate:
    domain_name: shop.example.com
    tags:
      webstack:stack: shop
      webstack:environment: production
    state: absent
"""

RETURN = r"""
acm_certificate:
  description: The certificate; empty when it does not exist.
  returned: success
  type: dict
  contains:
    certificate_arn:
      description: Its ARN.
      type: str
      sample: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012
    domain_name:
      description: Its domain name.
      type: str
      sample: shop.example.com
    subject_alternative_names:
      description: Its further names.
      type: list
      elements: str
      sample: [www.shop.example.com]
    key_algorithm:
      description: Its key.
      type: str
      sample: RSA_2048
    status:
      description: V(PENDING_VALIDATION) or V(ISSUED).
      type: str
      sample: PENDING_VALIDATION
    validation_records:
      description: The DNS records that prove to ACM whose the domain is. They must stay for renewals.
      type: list
      elements: dict
      contains:
        name:
          description: The record's name, with its last dot.
          type: str
          sample: _3639ac514e785e898d2646601fa951d5.shop.example.com.
        type:
          description: Its type.
          type: str
          sample: CNAME
        values:
          description: Its one value.
          type: list
          elements: str
          sample: [_98d2646601fa951d53639ac514e785e8.acm-validations.aws.]
    tags:
      description: Its tags.
      type: dict
      sample: {"webstack:stack": "shop"}
"""

from ansible_collections.webstack.aws.plugins.module_utils._acm_certificate import AcmCertificate
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_one


def main():
    run_one(
        AcmCertificate,
        resource_arguments(
            domain_name={"type": "str", "required": True},
            subject_alternative_names={"type": "list", "elements": "str"},
            key_algorithm={"type": "str", "choices": ["RSA_2048", "EC_prime256v1", "EC_secp384r1"]},
        ),
        name="domain_name",
    )


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: address_ranges
version_added: 0.1.0
short_description: Read a published list of ranges of addresses
description:
  - Turns a text with one range of addresses a line into a list of ranges, in order and each once.
  - Fails where the text is no such list, or holds more than anybody's own servers can have, so that an error page or
    a mistake of the publisher never becomes a rule of a firewall.
author:
  - The webstack.aws authors (@webstack-aws)
positional: at_least
options:
  _input:
    description: The text.
    type: str
    required: true
  at_least:
    description: The number of ranges below which the list is not believed.
    type: int
    default: 1
"""

EXAMPLES = r"""
- name: Show 103.21.244.0/22 and 173.245.48.0/20
  ansible.builtin.debug:
    msg: "{{ '173.245.48.0/20\n103.21.244.0/22\n' | webstack.aws.address_ranges(at_least=2) }}"
"""

RETURN = r"""
_value:
  description: The ranges, those of IPv4 before those of IPv6.
  type: list
  elements: str
  sample: [173.245.48.0/20, "2606:4700::/32"]
"""

import ipaddress

from ansible.errors import AnsibleFilterError

#: The largest range that is believed, by version: nobody's own servers have a larger one.
LARGEST = {4: 8, 6: 20}


def _address_ranges(text, at_least=1):
    found = {_range(line.strip()) for line in str(text).splitlines() if line.strip()}
    if len(found) < at_least:
        raise AnsibleFilterError(f"address_ranges: a list of {len(found)} ranges; at least {at_least} are expected")
    return [str(network) for network in sorted(found, key=lambda each: (each.version, each))]


def _range(line):
    try:
        network = ipaddress.ip_network(line)
    except ValueError as error:
        raise AnsibleFilterError(f"address_ranges: {line[:80]!r} is no range of addresses") from error
    if network.prefixlen < LARGEST[network.version]:
        raise AnsibleFilterError(f"address_ranges: {network} is too large to be anybody's own")
    if not network.is_global:
        raise AnsibleFilterError(f"address_ranges: {network} is no range of public addresses")
    return network


class FilterModule:
    """Published lists of ranges."""

    def filters(self):
        return {"address_ranges": _address_ranges}

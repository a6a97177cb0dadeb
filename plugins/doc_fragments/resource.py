# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules that manage resources have in common."""

from __future__ import annotations


class ModuleDocFragment:
    """``webstack.aws.resource`` for all of them, ``webstack.aws.resource.tags`` where the resources carry tags.

    ``webstack.aws.resource.replace`` where a resource can be replaced for what AWS cannot change in place.
    """

    DOCUMENTATION = r"""
options:
  state:
    description:
      - Whether it shall exist.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    description: Says what would be done, and sends nothing but reads.
    support: full
  diff_mode:
    description: Shows the fields that differ, live and wanted.
    support: full
author:
  - The webstack.aws authors (@webstack-aws)
"""

    TAGS = r"""
options:
  tags:
    description:
      - Tags that the resource shall have.
      - A resource of the wanted name whose tags C(webstack:stack) and C(webstack:environment) differ from these is
        another owner's; the module fails and leaves it alone.
      - Without this option tags are left as they are.
    type: dict
  purge_tags:
    description:
      - Whether tags that O(tags) does not name are removed. Those that begin with C(aws:) always stay.
    type: bool
    default: true
"""

    REPLACE = r"""
options:
  allow_replace:
    description:
      - The names of resources that may be replaced where AWS cannot change them in place.
      - Without its name here the module fails before it touches the resource, and says what would be done and what
        would be missing meanwhile. In check mode the plan shows it.
    type: list
    elements: str
    default: []
"""

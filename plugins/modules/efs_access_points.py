#!/usr/bin/python
# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: efs_access_points
version_added: 0.1.0
short_description: Manage access points of an EFS file system
description:
  - Creates, changes and removes any number of access points of one file system in one go.
  - An access point leads whoever mounts by it into one directory, as one user. AWS cannot change either.
options:
  file_system_id:
    description: The file system.
    type: str
    required: true
  file_system_name:
    description:
      - The file system's name, by which the plan tells its access points from those of others.
      - Without this option the plan names the id.
    type: str
  access_points:
    description: The access points. With O(state=absent) nothing but their names counts.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The access point's name, which is its tag C(Name) and by which it is found.
        type: str
        required: true
      posix_user:
        description: Who all requests are, whatever the client says.
        type: dict
        suboptions:
          uid:
            description: The user's number.
            type: int
            required: true
          gid:
            description: The group's number.
            type: int
            required: true
          secondary_gids:
            description: Numbers of further groups, at most 16.
            type: list
            elements: int
      root_directory:
        description: The directory that clients see as the root.
        type: dict
        suboptions:
          path:
            description: Its path in the file system, at most four levels deep.
            type: str
            default: /
          creation_info:
            description: With what it is made when the first client comes. Without it the directory must be there.
            type: dict
            suboptions:
              owner_uid:
                description: The owner's number.
                type: int
                required: true
              owner_gid:
                description: The group's number.
                type: int
                required: true
              permissions:
                description: Its permissions in octal, for instance V("0755").
                type: str
                required: true
extends_documentation_fragment:
  - webstack.aws.resource
  - webstack.aws.resource.tags
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Make a directory for uploads
  webstack.aws.efs_access_points:
    file_system_id: fs-0a1b2c3d4e5f60718
    access_points:
      - name: uploads
        posix_user: {uid: 1000, gid: 1000}
        root_directory:
          path: /uploads
          creation_info: {owner_uid: 1000, owner_gid: 1000, permissions: "0755"}
    tags:
      webstack:stack: shop
      webstack:environment: staging

- name: Remove it; the directory stays
  webstack.aws.efs_access_points:
    file_system_id: fs-0a1b2c3d4e5f60718
    access_points:
      - name: uploads
    state: absent
"""

RETURN = r"""
efs_access_points:
  description: The access points that exist, by name, as AWS describes them.
  returned: success
  type: dict
  sample:
    uploads:
      access_point_id: fsap-0a1b2c3d4e5f60718
      access_point_arn: arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0a1b2c3d4e5f60718
      file_system_id: fs-0a1b2c3d4e5f60718
      life_cycle_state: available
      posix_user: {uid: 1000, gid: 1000}
      root_directory: {path: /uploads}
      tags: {"Name": uploads, "webstack:stack": shop}
"""

from ansible_collections.webstack.aws.plugins.module_utils._efs import EfsAccessPoint
from ansible_collections.webstack.aws.plugins.module_utils._module import resource_arguments, run_many

POSIX_USER = {
    "uid": {"type": "int", "required": True},
    "gid": {"type": "int", "required": True},
    "secondary_gids": {"type": "list", "elements": "int"},
}
CREATION_INFO = {
    "owner_uid": {"type": "int", "required": True},
    "owner_gid": {"type": "int", "required": True},
    "permissions": {"type": "str", "required": True},
}
ROOT_DIRECTORY = {
    "path": {"type": "str", "default": "/"},
    "creation_info": {"type": "dict", "options": CREATION_INFO},
}
ACCESS_POINT = {
    "name": {"type": "str", "required": True},
    "posix_user": {"type": "dict", "options": POSIX_USER},
    "root_directory": {"type": "dict", "options": ROOT_DIRECTORY},
}


def main():
    run_many(
        EfsAccessPoint,
        resource_arguments(
            file_system_id={"type": "str", "required": True},
            file_system_name={"type": "str"},
            access_points={"type": "list", "elements": "dict", "required": True, "options": ACCESS_POINT},
        ),
        items="access_points",
    )


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs modules on this machine in children of a server that has their libraries loaded already."""

from __future__ import annotations

DOCUMENTATION = r"""
name: warm
short_description: Run modules on this machine without starting a Python for each
description:
  - Does what the connection P(ansible.builtin.local#connection) does. Modules run in children of one server for each
    run of Ansible. It has loaded already what earlier modules have imported, of this run and of those before it, above
    all boto3. That saves the greater part of a short task's time.
  - What Ansible has packed of its own modules, amazon.aws, community.aws and webstack.aws is kept below its home, for
    as long as no file has changed that it comes from, and so is what the server has learned. Both hold code, and names
    of modules and data files. Nothing is kept where Ansible's temporary directory is on another file system.
  - Arguments reach a module through a socket in the run's own temporary directory, which only its user can enter.
    They are in no file and in no process list.
  - The server is started by the first task that needs it, or with the play where P(webstack.aws.warm#callback) is
    enabled. It ends with the run, or after ten minutes without work.
  - Modules that are not handed over through a pipe run as with P(ansible.builtin.local#connection). These are tasks
    with C(async) or C(become), and modules that are no Python. So does everything where no server can be had, which
    is said once.
  - A module ends with its task. Where Ansible is killed, or the task's C(timeout) is over, the module gets the
    signal TERM.
author: The webstack.aws authors (@webstack-aws)
version_added: 0.1.0
options:
  become_success_timeout:
    type: int
    default: 10
    description:
      - For how many seconds to wait until C(become) has succeeded.
    vars:
      - name: ansible_local_become_success_timeout
  become_strip_preamble:
    type: bool
    default: true
    description:
      - Whether what C(become) prints before the command is left out.
    vars:
      - name: ansible_local_become_strip_preamble
extends_documentation_fragment:
  - connection_pipelining
notes:
  - Needs Linux. Set C(ansible_connection=local) to do without it.
"""

EXAMPLES = r"""
- name: Ask AWS who we are, with the libraries loaded once for all tasks of the play
  hosts: all
  connection: webstack.aws.warm
  gather_facts: false
  tasks:
    - name: Read the caller's identity
      amazon.aws.aws_caller_info:
"""

import os
import shlex
import typing as t

from ansible import constants
from ansible.plugins.connection.local import Connection as LocalConnection
from ansible.utils.display import Display

from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_client as warm
from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_packages as packages

display = Display()


class Connection(LocalConnection):
    """The warm connection."""

    # It is local in all that Ansible asks: action plugins set the working directory of local connections.
    transport = "local"

    def __init__(self, *args: t.Any, **kwargs: t.Any):
        super().__init__(*args, **kwargs)
        packages.fetch(constants.DEFAULT_LOCAL_TMP)

    def is_pipelining_enabled(self, wrap_async: bool = False) -> bool:
        """Whether modules come through the pipe: whenever they can, since only so they can be handed over."""
        by_file = wrap_async or self.become or constants.DEFAULT_KEEP_REMOTE_FILES
        return super().is_pipelining_enabled(wrap_async) or not by_file

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        """Run a module that comes through the pipe in the server, and everything else as the local connection does."""
        python = None if in_data is None or self.become else warm.python_of(cmd)
        if in_data is not None and python is not None:
            self._connect()
            packages.keep(constants.DEFAULT_LOCAL_TMP)
            try:
                circumstances = warm.circumstances(python.environment, self.cwd)
                return self._through_server(python.path, circumstances, in_data)
            except warm.UnsuitedError as reason:
                display.vv(f"This module runs without the warm connection: {reason}")
            except warm.UnavailableError as reason:
                display.warning(f"Modules run as with the connection local, since the warm one cannot work: {reason}")
        return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)

    def _through_server(self, python: str, circumstances: dict[str, t.Any], payload: bytes) -> tuple[int, bytes, bytes]:
        display.vvv(f"EXEC in the server of {shlex.quote(python)}", host=self._play_context.remote_addr)
        # The run's own temporary directory: nobody else's, another one for each run, gone with it.
        with warm.connect(constants.DEFAULT_LOCAL_TMP, python, os.getppid(), circumstances["environment"]) as server:
            return warm.run(server, circumstances, payload)

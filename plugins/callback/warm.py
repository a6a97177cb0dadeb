# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gets the warm connection ready while a play begins."""

from __future__ import annotations

DOCUMENTATION = r"""
name: warm
type: aggregate
short_description: Get the warm connection ready while a play begins
version_added: 0.1.0
author: The webstack.aws authors (@webstack-aws)
description:
  - In plays that use P(webstack.aws.warm#connection) it starts the connection's server before the first task needs it,
    and loads the connection once instead of once a task. Runs end the same without it, only later.
  - It does nothing in other plays.
requirements:
  - enabled by C(callbacks_enabled = webstack.aws.warm) in C(ansible.cfg), as in the one that comes with the collection
"""

import contextlib
import os
import sys
import typing as t

from ansible import constants
from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import connection_loader

from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_client as warm
from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_packages as packages

#: How Ansible calls the connection.
NAME = "webstack.aws.warm"


class CallbackModule(CallbackBase):
    """The warm callback."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = NAME
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_play_start(self, play: t.Any) -> None:
        """A play begins: have ready what its tasks would each do for themselves, or wait for."""
        if play.connection == NAME:
            # Tasks run in forks of this process, which have what is loaded here.
            connection_loader.get(NAME, class_only=True)
            packages.fetch(constants.DEFAULT_LOCAL_TMP)
            # The Python that runs modules on this machine, unless an inventory names another. Who cannot have the
            # server learns why when a module is to run in it.
            with contextlib.suppress(warm.UnavailableError, warm.UnsuitedError):
                said = warm.circumstances({}, None)["environment"]
                with warm.connect(constants.DEFAULT_LOCAL_TMP, sys.executable, os.getpid(), said):
                    pass

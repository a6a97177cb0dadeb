# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gathers what modules say of each resource, and shows the plan when the run ends."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
type: aggregate
short_description: Show what a run would do, or has done, resource by resource
version_added: 0.1.0
author: The webstack.aws authors (@webstack-aws)
description:
  - At the end of a dry run of C(playbooks/site.yml) it prints the plan of each stack. The plan names what is created,
    updated field by field, replaced, deleted and restored, what is kept because somebody else owns it, what must be
    allowed first, and what could not be checked.
  - At the end of a real run it prints how much was done.
  - The role C(plan) says where plans are saved (C(plan_file), C(plan_page), C(plan_done_file)), and whether the run's
    exit code tells of changes (C(plan_exit_code)).
  - The exit code of C(playbooks/drift.yml) is its doing as well.
  - It does nothing in runs of other playbooks.
requirements:
  - enabled by C(callbacks_enabled = webstack.aws.plan) in C(ansible.cfg), as in the one that comes with the collection
"""

import json
import time
import typing as t
from pathlib import Path

from ansible.plugins.callback import CallbackBase

from ansible_collections.webstack.aws.plugins.plugin_utils import _plan_document, _plan_ledger
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_foreign import foreign_entry
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_page import page
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_text import text
from ansible_collections.webstack.aws.plugins.plugin_utils._versions import versions

#: Modules of Ansible itself work on the controller, and own modules say for themselves what they do.
NOT_FOREIGN = ("ansible.builtin.", "ansible.legacy.", "webstack.aws.")


class CallbackModule(CallbackBase):
    """The plan callback."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "webstack.aws.plan"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self._headers: dict[str, dict[str, t.Any]] = {}
        self._settings: dict[str, t.Any] = {}
        self._unchecked: dict[str, list[str]] = {}
        self._exit_codes: list[int] = []

    def v2_runner_on_ok(self, result: t.Any) -> None:
        """A task has ended well."""
        self._take(result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        """A task has failed, maybe after it had changed something."""
        self._take(result)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        """All has been done."""
        if self._headers:
            plan = self._document()
            self._save(plan)
            self._display.display(f"\n{text(plan, verbose=self._display.verbosity > 0)}")
            if self._settings["exit_code"]:
                self._exit_codes.append(2 if _plan_document.has_changes(plan) else 0)
        if self._exit_codes:
            # Ansible itself knows no code for changes, and 2 is its code for failures.
            raise SystemExit(1 if stats.failures or stats.dark else max(self._exit_codes))

    def _take(self, result: t.Any) -> None:
        host, task = result._host.get_name(), result._task
        answers = [item for item in result._result.get("results", [result._result]) if isinstance(item, dict)]
        for answer in answers:
            if "plan_header" in answer:
                self._headers[host], self._settings = answer["plan_header"], answer["plan_settings"]
            if "plan_exit_code" in answer:
                self._exit_codes.append(answer["plan_exit_code"])
            self._unchecked.setdefault(host, []).extend(answer.get("unchecked") or [])
            # Plain data: Ansible's values carry marks along.
            entries = json.loads(json.dumps(answer.get("plan") or self._foreign(task, answer), default=str))
            role = task._role.get_name(include_role_fqcn=False) if task._role else ""
            # The record of the states is no part of what a stack is, as its lock is none.
            nothing = {"action": "none", "changes": []} if role == "plan" else {}
            _plan_ledger.add(host, [{**item, "role": role, **nothing} for item in entries])

    def _foreign(self, task: t.Any, answer: dict[str, t.Any]) -> list[t.Any]:
        if task.resolved_action is None or task.resolved_action.startswith(NOT_FOREIGN):
            return []
        found = foreign_entry(task.resolved_action, task.args, answer)
        return [found] if found else []

    def _document(self) -> _plan_document.Document:
        stacks = [
            _plan_document.stack_plan(header, _plan_ledger.of(host), self._unchecked.get(host, []))
            for host, header in self._headers.items()
        ]
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return _plan_document.document(self._settings["mode"], stacks, now, versions())

    def _save(self, plan: _plan_document.Document) -> None:
        """Write the documents that are wished; in a real run the saved plan is what was to be done, and stays."""
        forms = {"file": as_json, "page": page} if plan["mode"] == "plan" else {"done_file": as_json}
        for setting, form in forms.items():
            if self._settings[setting]:
                try:
                    Path(self._settings[setting]).expanduser().write_text(form(plan), encoding="utf-8")
                except OSError as error:
                    self._display.error(f"The plan was not saved: {error}. Next step: name another plan_{setting}.")


def as_json(plan: _plan_document.Document) -> str:
    """The document for other programs."""
    return json.dumps(plan, indent=2, ensure_ascii=False) + "\n"

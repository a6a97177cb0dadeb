# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A dry run of ``playbooks/site.yml`` from within another run, with the same inventory, limits and variables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

from ansible import context

from ansible_collections.webstack.aws.plugins.plugin_utils._plan_document import Document
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import COLLECTION

#: How much of a failed run is shown.
LAST_LINES = 30


class DryRunError(Exception):
    """The dry run failed; the text is the end of what it printed."""


def plan_now() -> Document:
    """The plan of a dry run that is made now, of all hosts of the run that this is called in. Raises DryRunError."""
    with tempfile.TemporaryDirectory(prefix="plan-") as directory:
        file = Path(directory, "plan.json")
        run = subprocess.run(
            command(context.CLIARGS, str(file)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise DryRunError("\n".join(run.stdout.splitlines()[-LAST_LINES:]))
        if not file.exists():
            raise DryRunError("it made no plan. Next step: set callbacks_enabled = webstack.aws.plan in ansible.cfg")
        return json.loads(file.read_text(encoding="utf-8"))


def command(cliargs: t.Mapping[str, t.Any], file: str) -> list[str]:
    """The command line of the run with these arguments as a dry run of the site that saves its plan in ``file``."""
    program = sys.argv[0]
    ours = {"plan_file": file, "plan_page": None, "plan_exit_code": False}
    options: dict[str, t.Iterable[t.Any]] = {
        "--inventory": cliargs.get("inventory") or (),
        "--extra-vars": [*(cliargs.get("extra_vars") or ()), json.dumps(ours)],
        "--vault-id": cliargs.get("vault_ids") or (),
        "--vault-password-file": cliargs.get("vault_password_files") or (),
        "--limit": [cliargs["subset"]] if cliargs.get("subset") else (),
        "--forks": [cliargs["forks"]] if cliargs.get("forks") else (),
    }
    flags = [str(word) for option, values in options.items() for value in values for word in (option, value)]
    start = [program] if os.access(program, os.X_OK) else [sys.executable, program]
    return [*start, str(COLLECTION / "playbooks" / "site.yml"), "--check", *flags]

"""Runs a module of the collection in this process, as Ansible would run it, against the embedded AWS."""

from __future__ import annotations

import copy
import importlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any

from ansible.module_utils.testing import patch_module_args

#: What the emulator is told; never looked up in the environment, so that no test can reach a real account.
CONNECTION = {"region": "us-east-1", "access_key": "testing", "secret_key": "testing"}


class ModuleError(AssertionError):
    """The module ended with fail_json; ``result`` is what it returned."""

    def __init__(self, result: dict[str, Any]):
        super().__init__(result.get("msg"))
        self.result = result


def run_module(endpoint: str, fqcn: str, options: dict[str, Any], check: bool = False) -> dict[str, Any]:
    """Run ``fqcn`` with ``options`` in diff mode and return its result. Raises ModuleError."""
    namespace, collection, name = fqcn.split(".")
    module = importlib.import_module(f"ansible_collections.{namespace}.{collection}.plugins.modules.{name}")
    arguments = {
        **CONNECTION,
        "endpoint_url": endpoint,
        **copy.deepcopy(options),
        "_ansible_check_mode": check,
        "_ansible_diff": True,
        "_ansible_remote_tmp": "/tmp",
    }
    output = io.StringIO()
    with patch_module_args(arguments), redirect_stdout(output), redirect_stderr(io.StringIO()), suppress(SystemExit):
        module.main()
    result = json.loads(output.getvalue())
    if result.get("failed"):
        raise ModuleError(result)
    return result

"""What preflight asks with a module that is not ours: it answers in check mode too, and writes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import run_module


@pytest.mark.parametrize("check", [True, False])
def test_who_asks_is_told_without_a_write(emulator: Any, check: bool) -> None:
    result = run_module(emulator.url, "amazon.aws.aws_caller_info", {}, check)
    assert (result["changed"], result["account"]) == (False, "123456789012")
    assert emulator.calls(kind="write") == []

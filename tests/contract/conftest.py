"""Fixtures of the contract tests: one emulator a test process, emptied before each test, and no long pauses."""

from __future__ import annotations

import time

import pytest

from tests.emulator.fixtures import empty_emulator, emulator, running_emulator

__all__ = ["empty_emulator", "emulator", "running_emulator"]

#: The longest that anything here sleeps between two looks. The embedded AWS is as quick as that; its clock is the
#: real one.
LONGEST_SLEEP = 0.02


@pytest.fixture(autouse=True)
def _short_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, LONGEST_SLEEP)))

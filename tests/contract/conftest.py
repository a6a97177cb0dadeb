"""Fixtures of the contract tests: one emulator a test process, emptied before each test."""

from tests.emulator.tests.conftest import _empty, emulator, running_emulator

__all__ = ["_empty", "emulator", "running_emulator"]

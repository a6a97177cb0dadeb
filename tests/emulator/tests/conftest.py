"""Fixtures of the emulator's own tests."""

from tests.emulator.fixtures import empty_emulator, emulator, refused, running_emulator

__all__ = ["empty_emulator", "emulator", "refused", "running_emulator"]

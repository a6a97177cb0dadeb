from __future__ import annotations

from tests.integration.conftest import empty_emulator, emulator, playbooks, running_emulator

__all__ = ["empty_emulator", "emulator", "playbooks", "running_emulator"]

"""The server is there before the first task of a play that uses the warm connection."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.callback import warm as callback
from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_client as warm


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run's temporary directory; what is kept lies beside it."""
    path = tmp_path / "run"
    path.mkdir(mode=0o700)
    monkeypatch.setattr(callback.constants, "DEFAULT_LOCAL_TMP", str(path))
    monkeypatch.setattr(callback.constants, "ANSIBLE_HOME", str(tmp_path / "home"))
    return path


def sockets(run: Path) -> list[Path]:
    return [each for each in run.iterdir() if each.is_socket()]


def test_the_server_listens_when_the_play_begins(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["sleep", "600"]) as parent:
        try:
            with monkeypatch.context() as patch:
                patch.setattr(os, "getpid", lambda: parent.pid)
                callback.CallbackModule().v2_playbook_on_play_start(SimpleNamespace(connection="webstack.aws.warm"))
            found = sockets(run)
            assert len(found) == 1
            said = warm.circumstances({}, None)["environment"]
            with warm.connect(str(run), sys.executable, parent.pid, said):
                assert sockets(run) == found
        finally:
            parent.kill()
    end = time.monotonic() + 60
    while sockets(run) and time.monotonic() < end:
        time.sleep(0.05)
    assert not sockets(run)


def test_other_plays_have_none(run: Path) -> None:
    callback.CallbackModule().v2_playbook_on_play_start(SimpleNamespace(connection="local"))
    assert list(run.iterdir()) == []


def test_where_no_server_can_be_had_it_is_left_to_the_tasks_to_say_so(run: Path) -> None:
    run.chmod(0o755)
    callback.CallbackModule().v2_playbook_on_play_start(SimpleNamespace(connection="webstack.aws.warm"))
    assert not sockets(run)

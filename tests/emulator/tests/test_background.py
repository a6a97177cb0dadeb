"""The emulator in the background, as ``make emulator`` starts it, and the one of the tests, which ends with them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import background
from tests.emulator.fixtures import ROOT


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def comes_true(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """Where the emulator keeps its state; it is stopped in the end."""
    yield tmp_path / "state"
    background.stop(tmp_path / "state")


@pytest.fixture
def sleeper() -> Iterator[Any]:
    """A process that is no emulator."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def pid(directory: Path) -> int:
    return int((directory / "pid").read_text())


def shell(directory: Path, **variables: str) -> dict[str, str]:
    """The environment of a shell with these variables that sources env.sh."""
    output = subprocess.run(
        ["/bin/sh", "-c", ". ./env.sh; env"],
        cwd=directory,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return dict(line.split("=", 1) for line in output.splitlines() if "=" in line)


def test_start_and_stop_can_be_repeated(directory: Path, port: int) -> None:
    told = background.start(directory, port)
    assert f"http://127.0.0.1:{port}" in told
    assert background.is_healthy(port)
    first = pid(directory)
    assert background.is_emulator(first)

    (directory / "env.sh").unlink()
    assert background.start(directory, port) == told
    assert pid(directory) == first
    assert (directory / "env.sh").exists()

    assert background.stop(directory) == "The embedded AWS is stopped."
    assert not background.is_healthy(port)
    assert sorted(path.name for path in directory.iterdir()) == ["log"]
    assert background.stop(directory) == "The embedded AWS was not running."


def test_another_port_moves_it(directory: Path, port: int) -> None:
    background.start(directory, port)
    other = free_port()
    background.start(directory, other)
    assert background.is_healthy(other)
    assert not background.is_healthy(port)
    assert shell(directory)["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{other}"


def test_env_leads_to_the_emulator_and_nowhere_else(directory: Path) -> None:
    directory.mkdir()
    (directory / "env.sh").write_text(background.ENVIRONMENT.format(port=5017))
    users_own = {
        "AWS_PROFILE": "production",
        "AWS_DEFAULT_PROFILE": "production",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/admin",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_ENDPOINT_URL": "https://example.com",
        "AWS_ENDPOINT_URL_S3": "https://s3.example.com",
        "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API": "https://tagging.example.com",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_CONFIG_FILE": "/home/somebody/.aws/config",
        "AWS_REGION": "eu-central-1",
    }
    environment = shell(directory, **users_own)
    assert {name: value for name, value in environment.items() if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:5017",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": "eu-central-1",
    }


def test_port_of_another_emulator_is_left_alone(directory: Path, emulator: Any) -> None:
    taken = int(emulator.url.rpartition(":")[2])
    with pytest.raises(SystemExit, match=rf"Port {taken} is taken by another emulator.*EMULATOR_PORT={taken + 1}"):
        background.start(directory, taken)
    assert background.is_healthy(taken)
    assert not (directory / "pid").exists()


def test_port_of_a_stranger_is_told_with_the_logs_end(directory: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        with pytest.raises(SystemExit, match=r"did not start(.|\n)*in use"):
            background.start(directory, stranger.getsockname()[1])
    assert not (directory / "env.sh").exists()


def test_number_that_has_become_another_process_is_not_killed(directory: Path, port: int, sleeper: Any) -> None:
    directory.mkdir()
    (directory / "pid").write_text(f"{sleeper.pid}\n")
    assert background.stop(directory) == "The embedded AWS was not running."
    assert sleeper.poll() is None
    assert not (directory / "pid").exists()

    (directory / "pid").write_text(f"{sleeper.pid}\n")
    background.start(directory, port)
    assert sleeper.poll() is None
    assert pid(directory) != sleeper.pid


@pytest.mark.parametrize("content", ["", "no number", "999999999"])
def test_unusable_pid_file_counts_as_none(directory: Path, content: str) -> None:
    directory.mkdir()
    (directory / "pid").write_text(content)
    assert background.running_pid(directory) is None
    assert background.stop(directory) == "The embedded AWS was not running."


def test_emulator_that_was_killed_is_started_again(directory: Path, port: int) -> None:
    background.start(directory, port)
    first = pid(directory)
    os.kill(first, signal.SIGKILL)
    assert comes_true(lambda: not background.is_healthy(port))
    background.start(directory, port)
    assert background.is_healthy(port)
    assert pid(directory) != first


def test_emulator_of_the_tests_ends_when_these_are_killed(tmp_path: Path) -> None:
    test = tmp_path / "test_killed.py"
    test.write_text(
        "import os, signal\n"
        "from tests.emulator.fixtures import running_emulator\n"
        "def test(running_emulator):\n"
        f"    open({str(tmp_path / 'url')!r}, 'w').write(running_emulator.url)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        str(ROOT / "pyproject.toml"),
        str(test),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert run.returncode == -signal.SIGKILL, run.stdout
    port = int((tmp_path / "url").read_text().rpartition(":")[2])
    assert comes_true(lambda: not background.is_healthy(port))

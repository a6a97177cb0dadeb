"""The embedded AWS in the background: ``start`` and ``stop``, both safe to repeat.

State is in one directory: ``pid``, ``log`` and ``env.sh``, which a shell sources to talk to the emulator alone.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30

#: Everything that could lead a client elsewhere is unset; what it needs to reach the emulator is set.
ENVIRONMENT = """\
# Source this file to talk to the embedded AWS; `env` of a new shell talks to AWS again.
unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE
unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
for name in $(env | sed -n 's/^\\(AWS_ENDPOINT_URL_[A-Z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done
export AWS_ENDPOINT_URL=http://127.0.0.1:{port}
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
"""


def is_healthy(port: int) -> bool:
    """Whether an emulator of ours answers on that port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_emulator/health", timeout=2) as answer:
            return json.load(answer) == {"status": "ok"}
    except (urllib.error.URLError, OSError, ValueError):
        return False


def is_emulator(pid: int) -> bool:
    """Whether that process is an emulator and not a stranger that has got its number since."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"tests.emulator" in command


def running_pid(directory: Path) -> int | None:
    """The process that was started from this directory, while it runs."""
    try:
        pid = int((directory / "pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if is_emulator(pid) else None


def start(directory: Path, port: int) -> str:
    """Start it unless it runs; returns what to tell the user."""
    directory.mkdir(parents=True, exist_ok=True)
    environment = directory / "env.sh"
    if running_pid(directory) and is_healthy(port):
        environment.write_text(ENVIRONMENT.format(port=port))
        return f"The embedded AWS is running on http://127.0.0.1:{port}; source {environment} to use it."
    stop(directory)
    if is_healthy(port):
        raise SystemExit(f"Port {port} is taken by another emulator; choose another: EMULATOR_PORT={port + 1}")
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulator", "--port", str(port)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (directory / "pid").write_text(f"{process.pid}\n")
    deadline = time.monotonic() + START_SECONDS
    while not is_healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(
                f"The embedded AWS did not start; the end of {directory / 'log'}:\n{tail(directory / 'log')}"
            )
        time.sleep(0.1)
    environment.write_text(ENVIRONMENT.format(port=port))
    return f"The embedded AWS is running on http://127.0.0.1:{port}; source {environment} to use it."


def stop(directory: Path) -> str:
    """End it if it runs."""
    pid = running_pid(directory)
    if pid:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while is_emulator(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    for name in ("pid", "env.sh"):
        (directory / name).unlink(missing_ok=True)
    return "The embedded AWS is stopped." if pid else "The embedded AWS was not running."


def tail(path: Path, lines: int = 10) -> str:
    """The end of a log."""
    return "\n".join(path.read_text().splitlines()[-lines:])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.emulator.background", description=__doc__)
    parser.add_argument("command", choices=["start", "stop"])
    parser.add_argument("--directory", type=Path, default=Path(".emulator"))
    parser.add_argument("--port", type=int, default=5017)
    arguments = parser.parse_args()
    if arguments.command == "start":
        print(start(arguments.directory, arguments.port))
    else:
        print(stop(arguments.directory))


if __name__ == "__main__":
    main()

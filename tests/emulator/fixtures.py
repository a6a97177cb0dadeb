"""The fixtures of all tests that need AWS: one emulator for the whole session, empty before every test.

A conftest imports ``empty_emulator``, ``emulator``, ``running_emulator`` (and ``refused`` where it is used) from here.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import boto3.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[2]


# One session for all that ask for the same, as boto3 means it to be. Every module run asks for one; to parse the models
# of the services anew each time took most of the tests' time. Clients are not shared: each has handlers of its own.
boto3.session.Session = functools.cache(boto3.session.Session)


@dataclass(frozen=True)
class Running:
    """An emulator that runs."""

    url: str
    _clients: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def client(self, service: str, region: str = "us-east-1", **config: Any) -> Any:
        """A boto3 client of it, which does not retry unless told; the same one whenever the same is asked for."""
        key = (service, region, repr(sorted(config.items())))
        if key not in self._clients:
            self._clients[key] = self._new_client(service, region, config)
        return self._clients[key]

    def _new_client(self, service: str, region: str, config: dict[str, Any]) -> Any:
        settings: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"}}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(**(settings | config)),
        )

    def environment(self, home: Path) -> dict[str, str]:
        """The environment in which a playbook runs on it, and nothing of the user's own."""
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask a control endpoint; an error answer is returned as it is."""
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", method=method)
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def calls(self, **filters: str) -> list[dict[str, Any]]:
        """The log."""
        query = "&".join(f"{key}={value}" for key, value in filters.items())
        return self.control("GET", f"calls?{query}")["calls"]


class Refusals:
    """Asserts what AWS refuses: ``with refused("DependencyViolation"): ...``."""

    @contextlib.contextmanager
    def __call__(self, code: str, message: str = "") -> Iterator[None]:
        with pytest.raises(ClientError) as caught:
            yield
        error = caught.value.response["Error"]
        assert error["Code"] == code, error
        assert message in error["Message"], error


@pytest.fixture
def refused() -> Refusals:
    return Refusals()


@contextlib.contextmanager
def started() -> Iterator[Running]:
    """An emulator of its own."""
    # It ends when the pipe closes: with this process, however that ends.
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.emulator", "--port", "0", "--until-stdin-closes"),
            *shlex.split(os.environ.get("EMULATOR_ARGS", "")),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if "ready" not in line:
            raise RuntimeError(f"the emulator did not start: {line!r}, exit code {process.poll()}")
        yield Running(line.split()[-1])
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Running]:
    with started() as running:
        yield running


@pytest.fixture
def emulator(running_emulator: Running) -> Running:
    return running_emulator


@pytest.fixture(autouse=True)
def empty_emulator(running_emulator: Running) -> None:
    running_emulator.control("POST", "reset")

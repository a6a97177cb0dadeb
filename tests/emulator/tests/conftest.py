"""One emulator for the whole session, empty before every test."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Running:
    """An emulator that runs."""

    url: str

    def client(self, service: str, region: str = "us-east-1", **config: Any) -> Any:
        """A boto3 client of it, which does not retry unless told."""
        settings: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"}}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(**(settings | config)),
        )

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


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.emulator", "--port", "0", *shlex.split(os.environ.get("EMULATOR_ARGS", ""))],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
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


@pytest.fixture
def emulator(running_emulator: Running) -> Running:
    return running_emulator


@pytest.fixture(autouse=True)
def _empty(running_emulator: Running) -> None:
    running_emulator.control("POST", "reset")

"""Every stack as a Compose file, in every environment: valid, complete, and written without AWS."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.conftest import BIN, ROOT

ENVIRONMENTS = sorted(path.name for path in (ROOT / "inventories").iterdir() if (path / "host_vars").is_dir())
NOWHERE = "http://127.0.0.1:9"


def stacks(environment: str) -> list[str]:
    return sorted(path.stem for path in (ROOT / "inventories" / environment / "host_vars").glob("*.yml"))


def written(directory: Path, stack: str) -> dict[str, Any]:
    return yaml.safe_load((directory / f"compose.{stack}.yaml").read_text())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_stack_is_a_valid_compose_file(environment: str, playbooks: Any, tmp_path: Path) -> None:
    names = stacks(environment)
    run = playbooks(environment)
    arguments = ("playbooks/local_compose.yml", "--limit", ",".join(names))
    run.succeed(*arguments, PWD=str(tmp_path), AWS_ENDPOINT_URL=NOWHERE, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    files = [tmp_path / f"compose.{stack}.yaml" for stack in names]
    checked = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *files],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for stack in names:
        services = written(tmp_path, stack)["services"]
        for name, service in services.items():
            assert set(service.get("depends_on", {})) <= set(services), (stack, name)
            for variable, value in service.get("environment", {}).items():
                # What AWS has is not here, and whatever is put in place of it is filled.
                assert not re.search(r"\{\{|amazonaws\.com", value), (stack, name, variable, value)
    again = run.succeed(*arguments, "--check", PWD=str(tmp_path))
    assert (again.changed, again.writes) == (0, [])


def test_a_stack_has_what_it_has_on_aws(playbooks: Any, tmp_path: Path) -> None:
    arguments = (
        "playbooks/local_compose.yml",
        "--limit",
        "whatsmeow",
        "-e",
        f"compose_file={tmp_path}/compose.whatsmeow.yaml",
    )
    run = playbooks("production").succeed(*arguments)
    assert f"docker compose -f {tmp_path}/compose.whatsmeow.yaml up" in " ".join(run.output.split())
    services = written(tmp_path, "whatsmeow")["services"]
    assert set(services) == {"api", "database", "cache", "storage", "make-buckets"}
    assert services["database"]["image"].startswith("docker.io/library/postgres:16")
    api = services["api"]
    assert set(api["environment"]) == {
        "AWS_ENDPOINT_URL_S3", "MINIO_ACCESS_KEY", "MINIO_BUCKET", "MINIO_SECRET_KEY", "PORT", "POSTGRES_DSN",
        "REDIS_HOST", "REDIS_PASSWORD", "REDIS_PORT", "WAMEOW_POSTGRES_DSN",
    }  # fmt: skip
    password = services["database"]["environment"]["POSTGRES_PASSWORD"]
    assert (
        api["environment"]["POSTGRES_DSN"] == f"postgres://whatsmeow:{password}@database:5432/api_core?sslmode=disable"
    )
    assert set(api["depends_on"]) == {"database", "cache", "make-buckets"}

"""No secret is in any output, in any diff, in the emulator's log or in any file."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

LIMIT = ("--limit", "whatsmeow")


def files_with(directory: Path, secrets: set[str]) -> list[str]:
    """Files below a directory that hold one of the secrets."""
    found = []
    for path in directory.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found += [str(path) for secret in secrets if secret.encode() in content]
    return found


def process_arguments() -> str:
    """What every process of this machine was started with, as `ps` shows it."""
    texts = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            texts.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(texts)


def test_no_secret_is_shown_or_kept(playbooks: Any, emulator: Any, tmp_path: Path) -> None:
    staging = playbooks("staging")
    # Files that Ansible makes for a module and removes again are kept, so that they can be searched as well.
    process = staging.start(
        "site.yml",
        *LIMIT,
        "-vvv",
        "--diff",
        ANSIBLE_KEEP_REMOTE_FILES="1",
        ANSIBLE_REMOTE_TMP=str(tmp_path / "tmp"),
    )
    seen = []
    while True:
        seen.append(process_arguments())
        try:
            output, _unused = process.communicate(timeout=0.5)
            break
        except subprocess.TimeoutExpired:
            continue
    assert process.returncode == 0, output[-4000:]
    again = staging.succeed("site.yml", *LIMIT, "-vvv", "--diff")
    shown = staging.succeed("playbooks/outputs.yml", *LIMIT, "-vvv")
    destroyed = staging.succeed("playbooks/destroy.yml", *LIMIT, "--check", "-vvv")

    value = emulator.client("secretsmanager").get_secret_value(SecretId="staging-whatsmeow")["SecretString"]
    document = json.loads(value)
    secret_keys = set(document) - {"db_user", "minio_access_key"}
    secrets = {document[key] for key in secret_keys} | {quote(document[key], safe="") for key in secret_keys}
    assert all(len(secret) >= 16 for secret in secrets)
    for text in (output, again.output, shown.output, destroyed.output, *seen):
        assert not [secret for secret in secrets if secret in text]
    assert any(os.scandir(tmp_path)), "the runs left no file to search"
    assert files_with(tmp_path, secrets) == []

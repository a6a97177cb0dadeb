# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The versions of what a run is made of."""

from __future__ import annotations

import importlib
import json
from importlib import metadata
from pathlib import Path

from ansible.module_utils.common.yaml import yaml_load
from ansible.release import __version__ as ansible_version


def versions() -> dict[str, str]:
    """By name: this collection, ansible-core, amazon.aws, boto3."""
    return {
        "webstack.aws": collection_version("webstack.aws"),
        "ansible-core": ansible_version,
        "amazon.aws": collection_version("amazon.aws"),
        "boto3": metadata.version("boto3"),
    }


def collection_version(name: str) -> str:
    """The version of an installed collection, or of one that is a checkout."""
    directory = Path(next(iter(importlib.import_module(f"ansible_collections.{name}").__path__)))
    manifest = directory / "MANIFEST.json"
    if manifest.exists():
        return json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"]
    return str(yaml_load((directory / "galaxy.yml").read_text(encoding="utf-8"))["version"])

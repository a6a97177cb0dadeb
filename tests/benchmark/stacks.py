"""An inventory of ten stacks: the five of an environment, and each once more under another name with another range."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.benchmark.measure import ROOT

STACKS = ("apranova", "apuntador", "pyshop", "revendiste", "whatsmeow")


def ten(environment: str, directory: Path) -> Path:
    """Write the inventory of ten stacks below a directory, and return its path."""
    inventory = directory / "ten"
    shutil.copytree(ROOT / "inventories" / environment, inventory)
    for name in STACKS:
        for file in (inventory / "stacks" / f"{name}.yml", inventory / "host_vars" / f"{name}.yml"):
            text = file.read_text().replace(name, f"{name}b")
            file.with_name(f"{name}b.yml").write_text(re.sub(r"\b10\.(\d+)\.", r"10.1\g<1>.", text))
    return inventory

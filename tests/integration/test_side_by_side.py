"""All stacks of an environment in one run and one account: side by side, and none ever touches another's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.shown import Shown
from tests.integration.test_lifecycle import SHEETS, push_images


def stacks_of(environment: str) -> list[str]:
    return [stack for stack, sheet in SHEETS.items() if environment in sheet.ENVIRONMENTS]


@pytest.mark.parametrize("environment", ["production", "homolog"])
def test_all_stacks_of_an_environment_come_up_in_one_run(environment: str, playbooks: Any, emulator: Any) -> None:
    playbooks(environment).succeed("site.yml")
    for stack in stacks_of(environment):
        shown = Shown(emulator, environment, stack, SHEETS[stack].REGION)
        assert shown.services, stack
        assert shown.load_balancer["State"]["Code"] == "active"


def test_stacks_never_touch_each_other(playbooks: Any, emulator: Any) -> None:
    staging = playbooks("staging")
    stacks = stacks_of("staging")
    staging.succeed("site.yml")
    for region in {SHEETS[stack].REGION for stack in stacks}:
        push_images(emulator, region)
    staging.succeed("site.yml")
    again = staging.succeed("site.yml")
    assert (again.changed, again.writes) == (0, []), again.output

    gone, *others = stacks
    staging.succeed("playbooks/destroy.yml", "--limit", gone, "-e", f"confirm={gone}-staging allow_protected=true")
    again = staging.succeed("site.yml", "--limit", ",".join(others))
    assert (again.changed, again.writes) == (0, []), again.output
    for stack in others:
        shown = Shown(emulator, "staging", stack, SHEETS[stack].REGION)
        assert all(service["runningCount"] == service["desiredCount"] for service in shown.services.values())

"""A database that AWS does not offer is refused before anything is written, with what it offers instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

#: The checks alone, as ``site.yml`` makes them.
PLAYBOOK = """\
- name: Check a stack
  hosts: all
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  module_defaults:
    group/webstack.aws.aws:
      region: "{{ webstack_region }}"
  tasks:
    - name: Check the variables
      ansible.builtin.import_role:
        name: webstack.aws.preflight
        rolespec_validate: false
"""
LIMIT = ("--limit", "whatsmeow")


@pytest.fixture
def preflight(playbooks: Any, tmp_path: Path) -> Any:
    """Run the checks with other variables; they never write."""
    playbook = tmp_path / "preflight.yml"
    playbook.write_text(PLAYBOOK)

    def run(*arguments: str, **variables: str) -> Any:
        given = [part for name, value in variables.items() for part in ("-e", f"{name}={value}")]
        done = playbooks("staging").run(str(playbook), *LIMIT, *arguments, *given)
        assert done.writes == []
        return done

    return run


def offered(emulator: Any, family: str) -> list[str]:
    found = emulator.client("rds").describe_db_engine_versions(DBParameterGroupFamily=family)["DBEngineVersions"]
    return [item["EngineVersion"] for item in found]


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_a_withdrawn_minor_version_is_refused_with_those_on_offer(
    preflight: Any, emulator: Any, arguments: tuple[str, ...]
) -> None:
    run = preflight(*arguments, database_engine_version="15.5")
    assert run.code != 0
    assert "database_engine_version: AWS does not offer RDS for PostgreSQL 15.5" in run.output
    assert f"Right: one that it offers: {', '.join(offered(emulator, 'postgres15'))}; or 15" in run.output


def test_what_is_on_offer_passes(preflight: Any, emulator: Any) -> None:
    assert preflight(database_engine_version=offered(emulator, "postgres15")[0]).code == 0


def test_a_class_that_is_not_on_offer_is_refused(preflight: Any) -> None:
    run = preflight(database_instance_class="db.t2.micro")
    assert run.code != 0
    assert "database_instance_class: AWS does not offer db.t2.micro" in run.output

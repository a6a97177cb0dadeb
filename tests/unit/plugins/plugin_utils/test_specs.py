"""What the roles take, read from a collection on disk."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils import _specs

SPEC = """\
argument_specs:
  main:
    options:
      {role}_name: {{type: str, required: true}}
      {role}_size: {{type: int, default: 1}}
  remove:
    options:
      {role}_name: {{type: str, description: Which}}
      {role}_force: {{type: bool, required: true}}
"""
PLAYBOOK = """\
- hosts: all
  tasks:
    - ansible.builtin.include_role: {name: network}
      vars: {network_name: shop}
    - block:
        - ansible.builtin.debug: {}
          vars: {in_block: 1}
        - block:
            - ansible.builtin.debug: {}
              vars: {deep: 1}
      rescue:
        - ansible.builtin.debug: {}
          vars: {in_rescue: 1}
      always:
        - ansible.builtin.debug: {}
          vars: {in_always: 1}
- hosts: localhost
"""


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """Two roles, one of them without defaults, and a playbook."""
    for role in ("cache", "network"):
        (tmp_path / "roles" / role / "meta").mkdir(parents=True)
        (tmp_path / "roles" / role / "meta" / "argument_specs.yml").write_text(SPEC.format(role=role))
    (tmp_path / "roles" / "network" / "defaults").mkdir()
    (tmp_path / "roles" / "network" / "defaults" / "main.yml").write_text("network_size: 1\n")
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "site.yml").write_text(PLAYBOOK)
    monkeypatch.setattr(_specs, "COLLECTION", tmp_path)
    # Past the cache: what it holds is the real collection, or shall be.
    return _specs.roles.__wrapped__()


def test_specs_of_all_entry_points_are_merged(collection):
    assert set(collection.options) == {"cache", "network"}
    assert collection.options["network"]["network_size"] == {"type": "int", "default": 1, "required": False}
    assert collection.options["network"]["network_force"]["required"]


def test_what_one_entry_point_can_do_without_is_not_required(collection):
    assert collection.options["network"]["network_name"] == {"type": "str", "description": "Which", "required": False}


def test_defaults_are_those_of_all_roles(collection):
    assert collection.defaults == {"network_size": 1}


def test_known_are_inputs_and_outputs(collection):
    assert {"cache_name", "network_force", "network_outputs", "cache_outputs"} < collection.known
    assert "network" not in collection.known


def test_what_playbooks_set_is_wired_however_deep_it_stands(collection):
    assert collection.wired == {"network_name", "in_block", "deep", "in_rescue", "in_always"}

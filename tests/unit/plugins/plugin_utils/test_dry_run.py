"""The command line of a dry run that is made from within another run."""

from __future__ import annotations

import json

from ansible_collections.webstack.aws.plugins.plugin_utils._dry_run import command

ARGUMENTS = {
    "args": ("playbooks/drift.yml",),
    "inventory": ("inventories/staging", "more"),
    "subset": "shop",
    "extra_vars": ("a=b", "plan_file=saved.json"),
    "vault_ids": (),
    "vault_password_files": ("secret.txt",),
    "forks": 10,
}


def options(words):
    return list(zip(words[::2], words[1::2], strict=True))


def test_inventory_limit_and_variables_are_those_of_the_run(monkeypatch):
    monkeypatch.setattr("sys.argv", ["/nowhere/ansible-playbook", "playbooks/drift.yml"])
    start, flags = command(ARGUMENTS, "plan.json")[:4], command(ARGUMENTS, "plan.json")[4:]
    assert start[1] == "/nowhere/ansible-playbook"
    assert start[2].endswith("playbooks/site.yml")
    assert start[3] == "--check"
    assert options(flags)[:4] == [
        ("--inventory", "inventories/staging"),
        ("--inventory", "more"),
        ("--extra-vars", "a=b"),
        ("--extra-vars", "plan_file=saved.json"),
    ]
    assert options(flags)[5:] == [("--vault-password-file", "secret.txt"), ("--limit", "shop"), ("--forks", "10")]


def test_the_plan_goes_where_only_we_read_it(monkeypatch):
    monkeypatch.setattr("sys.argv", ["/nowhere/ansible-playbook"])
    ours = [value for _option, value in options(command(ARGUMENTS, "plan.json")[4:]) if value.startswith("{")]
    # The last one wins.
    assert json.loads(ours[-1]) == {"plan_file": "plan.json", "plan_page": None, "plan_exit_code": False}

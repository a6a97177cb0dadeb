"""What Ansible has packed is kept for as long as nothing has changed that it was made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils import _warm_packages as packages

OWN = "ansible_collections.webstack.aws.plugins.modules.vpc-ZIP_DEFLATED-none"
OTHERS = "ansible_collections.some.where.plugins.modules.vpc-ZIP_DEFLATED-none"


class Machine:
    """A home with a source file, and runs that pack modules."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch):
        self.path, self.home, self.source = path, path / "home", path / "source" / "deep" / "module.py"
        self.source.parent.mkdir(parents=True)
        self.source.write_text("one")
        self.runs = 0
        monkeypatch.setattr(packages.constants, "ANSIBLE_HOME", str(self.home))
        monkeypatch.setattr(packages, "_roots", lambda: iter([str(path / "source"), str(path / "nowhere")]))

    def run(self, **packs: str) -> dict[str, str]:
        """What a run finds packed; then it packs more."""
        self.runs += 1
        place = self.path / f"run{self.runs}"
        place.mkdir()
        packages.fetch(str(place))
        packages.fetch(str(place))
        cache = place / packages.RUNS
        found = {each.name: each.read_text() for each in cache.iterdir()}
        for name, text in packs.items():
            (cache / name).write_text(text)
        packages.keep(str(place))
        packages.keep(str(place))
        return found

    def kept(self) -> list[Path]:
        return list((self.home / "webstack.aws-packages").iterdir())


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_the_next_run_finds_what_was_packed(machine: Machine) -> None:
    assert machine.run(**{OWN: "packed"}) == {}
    assert machine.run() == {OWN: "packed"}
    assert [each.stat().st_mode & 0o777 for each in machine.kept()] == [0o700]


def test_only_whole_packages_of_known_collections_are_kept(machine: Machine) -> None:
    machine.run(**{OTHERS: "packed", f"{OWN}-part": "half", f"{OWN}.lock": "", "ansible.legacy.vpc-x": "mine"})
    assert machine.run() == {}


def test_nothing_is_found_once_a_file_has_changed(machine: Machine) -> None:
    machine.run(**{OWN: "packed"})
    machine.source.write_text("two!")
    assert machine.run(**{OWN: "packed anew"}) == {}
    assert machine.run() == {OWN: "packed anew"}
    status = machine.source.stat()
    os.utime(machine.source, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert machine.run() == {}
    (machine.source.parent / "more.py").write_text("")
    assert machine.run() == {}


def test_old_states_go(machine: Machine) -> None:
    for number in range(packages.STATES + 3):
        machine.source.write_text("x" * number)
        machine.run(**{OWN: str(number)})
    assert len(machine.kept()) == packages.STATES
    assert machine.run() == {OWN: str(packages.STATES + 2)}


def test_a_directory_that_is_open_to_others_is_not_used(machine: Machine) -> None:
    machine.run(**{OWN: "packed"})
    (machine.home / "webstack.aws-packages").chmod(0o755)
    assert machine.run() == {}


def test_what_a_later_run_changes_does_not_reach_an_earlier_one(machine: Machine) -> None:
    machine.run(**{OWN: "packed"})
    machine.run()
    machine.source.write_text("two!")
    machine.run(**{OWN: "packed anew"})
    assert (machine.path / "run2" / packages.RUNS / OWN).read_text() == "packed"


def test_the_real_state_knows_the_collections_and_ansible() -> None:
    roots = list(packages._roots())
    for part in ("/ansible/module_utils", "/amazon/aws/plugins/module_utils", "aws/plugins/modules"):
        assert any(root.endswith(part) or part in root for root in roots)
    assert sum(1 for root in roots for _file in packages._files(root)) > 500
    assert packages._state() == packages._state()

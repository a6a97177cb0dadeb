# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles take: read from their argument specs and defaults, so that no second list of variables exists."""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

from ansible.module_utils.common.yaml import yaml_load

COLLECTION = Path(__file__).resolve().parents[2]

#: Variables that a playbook is given on the command line, beside those of the roles.
COMMAND_LINE = frozenset(
    {
        "allow_protected",
        "compose_file",
        "confirm",
        "drift_topic_arn",
        "output",
        "output_format",
        "prune",
        "prune_data",
        "release",
    }
)


class Roles(t.NamedTuple):
    """All roles' inputs. options: the merged spec of every entry point, by role; defaults: by variable;
    wired: the variables that the playbooks set themselves."""

    options: dict[str, dict[str, t.Any]]
    defaults: dict[str, t.Any]
    wired: frozenset[str]

    @property
    def known(self) -> frozenset[str]:
        """Every variable that a user may set or a role sets for others."""
        inputs = {name for options in self.options.values() for name in options}
        return frozenset(inputs | {f"{role}_outputs" for role in self.options})


@functools.cache
def roles() -> Roles:
    """The collection's roles as they are on disk."""
    options: dict[str, dict[str, t.Any]] = {}
    defaults: dict[str, t.Any] = {}
    for spec_file in sorted((COLLECTION / "roles").glob("*/meta/argument_specs.yml")):
        role = spec_file.parents[1].name
        options[role] = {}
        for entry in yaml_load(spec_file.read_text())["argument_specs"].values():
            for name, option in entry.get("options", {}).items():
                known = options[role].get(name, option)
                required = known.get("required", False) and option.get("required", False)
                options[role][name] = {**known, **option, "required": required}
        defaults_file = spec_file.parents[1] / "defaults" / "main.yml"
        if defaults_file.exists():
            defaults.update(yaml_load(defaults_file.read_text()) or {})
    return Roles(options, defaults, frozenset(_wired(sorted((COLLECTION / "playbooks").glob("*.yml")))))


def _wired(playbooks: t.Iterable[Path]) -> t.Iterator[str]:
    for playbook in playbooks:
        for play in yaml_load(playbook.read_text()):
            yield from _task_variables(play.get("tasks", []))


def _task_variables(tasks: t.Iterable[dict[str, t.Any]]) -> t.Iterator[str]:
    """The variables that tasks set, those within blocks as well."""
    for task in tasks:
        yield from task.get("vars", {})
        for part in ("block", "rescue", "always"):
            yield from _task_variables(task.get(part, []))

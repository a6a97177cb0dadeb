# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fargate's task sizes: which amounts of memory go with how much CPU. Pure.

Source: Amazon ECS Developer Guide, "Amazon ECS task definition parameters for Fargate", Task size.
"""

from __future__ import annotations

import typing as t


class Size(t.NamedTuple):
    """A task's size: CPU units (1024 are one vCPU) and memory in MiB."""

    cpu: int
    memory: int

    def __str__(self) -> str:
        return f"{self.cpu} CPU units with {self.memory} MiB"


def _steps(first_gib: int, last_gib: int, step_gib: int = 1) -> tuple[int, ...]:
    return tuple(range(first_gib * 1024, last_gib * 1024 + 1, step_gib * 1024))


#: Memory in MiB by CPU units.
MEMORY: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: _steps(1, 4),
    1024: _steps(2, 8),
    2048: _steps(4, 16),
    4096: _steps(8, 30),
    8192: _steps(16, 60, 4),
    16384: _steps(32, 120, 8),
}

SIZES = tuple(Size(cpu, memory) for cpu, amounts in MEMORY.items() for memory in amounts)

#: What a GiB of memory costs of what a vCPU costs, about the same in every region; only to find the cheaper size.
GIB_IN_VCPU = 0.11


def is_size(cpu: int, memory: int) -> bool:
    """Whether Fargate has a task of this size."""
    return memory in MEMORY.get(cpu, ())


def nearest_size(cpu: int, memory: int) -> Size:
    """The cheapest size that has at least this CPU and memory; the largest of all when none has."""
    enough = [size for size in SIZES if size.cpu >= cpu and size.memory >= memory]
    return min(enough, key=lambda size: (size.cpu + size.memory * GIB_IN_VCPU, size)) if enough else SIZES[-1]


def size_fault(cpu: int, memory: int) -> str:
    """Why a task cannot have this size, in words; empty when it can."""
    if is_size(cpu, memory):
        return ""
    if cpu in MEMORY:
        return f"with {cpu} CPU units Fargate offers {_in_words(MEMORY[cpu])} MiB of memory, not {memory}"
    return f"Fargate offers {', '.join(map(str, MEMORY))} CPU units, not {cpu}"


def _in_words(amounts: tuple[int, ...]) -> str:
    if len(amounts) <= 3:
        return ", ".join(map(str, amounts))
    return f"{amounts[0]} to {amounts[-1]} in steps of {amounts[1] - amounts[0]}"

"""Fargate's task sizes."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._fargate import (
    MEMORY,
    SIZES,
    is_size,
    nearest_size,
    size_fault,
)


@pytest.mark.parametrize(
    ("cpu", "least", "most", "count"),
    [
        (256, 512, 2048, 3),
        (512, 1024, 4096, 4),
        (1024, 2048, 8192, 7),
        (2048, 4096, 16384, 13),
        (4096, 8192, 30720, 23),
        (8192, 16384, 61440, 12),
        (16384, 32768, 122880, 12),
    ],
)
def test_sizes_are_those_of_the_developer_guide(cpu, least, most, count):
    assert (MEMORY[cpu][0], MEMORY[cpu][-1], len(MEMORY[cpu])) == (least, most, count)


def test_every_size_is_its_own_nearest():
    assert all(nearest_size(*size) == size for size in SIZES)


@pytest.mark.parametrize(
    ("cpu", "memory", "nearest"),
    [
        (512, 1536, (512, 2048)),
        (100, 100, (256, 512)),
        (256, 4096, (512, 4096)),
        (300, 600, (512, 1024)),
        (8192, 17000, (8192, 20480)),
        (20000, 1024, (16384, 122880)),
    ],
)
def test_nearest_size_has_at_least_what_was_asked_for(cpu, memory, nearest):
    assert nearest_size(cpu, memory) == nearest


def test_fault_says_what_there_is():
    assert size_fault(512, 1024) == ""
    assert not is_size(512, 1536)
    assert (
        size_fault(512, 1536)
        == "with 512 CPU units Fargate offers 1024 to 4096 in steps of 1024 MiB of memory, not 1536"
    )
    assert size_fault(256, 1) == "with 256 CPU units Fargate offers 512, 1024, 2048 MiB of memory, not 1"
    assert "not 300" in size_fault(300, 512)

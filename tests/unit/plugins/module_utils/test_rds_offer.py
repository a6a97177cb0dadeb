"""What RDS offers: which versions and classes are right, and what is said of others."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._rds_offer import (
    Live,
    class_fault,
    major_of,
    nearest_first,
    version_fault,
    version_to_ask,
)

OFFERED = ["15.13", "15.14", "15.17"]


@pytest.mark.parametrize(
    ("version", "live"),
    [
        ("15", None),
        ("15.14", None),
        ("15.5", Live("15.5", "")),
        ("15.5", Live("15.13", "")),
        ("15", Live("15.2", "")),
        ("15.14", Live("15.2", "")),
        ("15.14", Live("14.9", "")),
    ],
)
def test_what_is_offered_or_runs_is_right(version, live):
    assert version_fault("postgres", version, live, OFFERED, []) is None


@pytest.mark.parametrize("live", [None, Live("15.2", ""), Live("14.9", "")])
def test_what_is_not_offered_is_named(live):
    fault = version_fault("postgres", "15.5", live, OFFERED, [])
    assert fault.option == "engine_version"
    assert "15.13, 15.14, 15.17" in fault.remedy


def test_a_major_version_that_is_not_offered():
    fault = version_fault("aurora-postgresql", "11", None, [], ["15", "16"])
    assert fault.problem == "AWS does not offer Aurora PostgreSQL 11 here"
    assert fault.remedy == "one of 15, 16"
    assert version_fault("aurora-postgresql", "11", Live("11.9", ""), [], ["15"]) is None


def test_the_nearest_come_first():
    assert nearest_first("15.15", OFFERED) == ["15.14", "15.13", "15.17"]
    assert nearest_first("15.99", OFFERED) == ["15.17", "15.14", "15.13"]
    assert nearest_first("15", OFFERED) == OFFERED


@pytest.mark.parametrize(
    ("version", "live", "asked"),
    [
        ("15", None, "15.17"),
        ("15.13", None, "15.13"),
        ("15", Live("15.14", ""), "15.14"),
        ("15", Live("15.2", ""), "15.17"),
        ("15.14", Live("15.13", ""), "15.14"),
        ("15.13", Live("15.14", ""), "15.14"),
        ("15.99", None, ""),
    ],
)
def test_classes_are_those_of_the_version_that_runs_or_will(version, live, asked):
    assert version_to_ask(version, live, OFFERED) == asked


def test_near_classes_are_named():
    fault = class_fault("postgres", "14.18", "db.t2.micro", ["db.t3.micro", "db.t4g.micro", "db.r8g.48xlarge"])
    assert "db.t3.micro" in fault.remedy
    assert class_fault("postgres", "14.18", "db.t2.micro", []).remedy == "another version"


def test_major_versions():
    assert major_of("postgres", "16.4") == "16"
    assert major_of("mysql", "8.0.40") == "8.0"

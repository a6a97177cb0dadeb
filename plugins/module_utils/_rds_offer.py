# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which engine versions and instance classes RDS offers in a region, and what of a wanted database it does not."""

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._rds import is_version, version_parts
from ansible_collections.webstack.aws.plugins.module_utils._rds_database import MAJOR_PARTS

Fields = dict[str, t.Any]

#: How engines are called, where not by their name.
NAMES = {"postgres": "RDS for PostgreSQL", "aurora-postgresql": "Aurora PostgreSQL"}

#: Versions of another product, Aurora PostgreSQL Limitless Database, which AWS lists among Aurora's own.
LIMITLESS = "-limitless"

#: So many classes are named where the one that is wanted is not offered.
NAMED_CLASSES = 5


class Fault(t.NamedTuple):
    """What AWS does not offer: the option that asks for it, what is wrong with it, and what would be right."""

    option: str
    problem: str
    remedy: str


class Live(t.NamedTuple):
    """What runs already: its version and its instance class."""

    engine_version: str
    db_instance_class: str


def offer(aws: Aws, engine: str, version: str, instance_class: str | None, name: str | None) -> Fields:
    """What AWS offers for a database that is wanted, and what it does not. Only reads. Raises AwsError."""
    live = read_live(aws, engine, name) if name else None
    versions = read_versions(aws, engine, version)
    majors = [] if versions else read_majors(aws, engine)
    fault = version_fault(engine, version, live, versions, majors)
    classes: list[str] = []
    if instance_class and not fault and not (live and live.db_instance_class == instance_class):
        # Of a version that runs and is not offered any more AWS says nothing.
        asked = version_to_ask(version, live, versions)
        if asked and not read_classes(aws, engine, asked, instance_class):
            classes = read_classes(aws, engine, asked)
            fault = class_fault(engine, asked, instance_class, classes)
    return {
        "engine_versions": versions,
        "live_engine_version": live.engine_version if live else None,
        "faults": [fault._asdict()] if fault else [],
    }


def read_live(aws: Aws, engine: str, name: str) -> Live | None:
    """The instance or the cluster of that name, if there is one."""
    if engine.startswith("aurora"):
        missing = ("DBClusterNotFoundFault",)
        clusters = aws.read("rds", "describe_db_clusters", "DBClusters", missing=missing, DBClusterIdentifier=name)
        return Live(clusters[0]["EngineVersion"], "") if clusters else None
    missing = ("DBInstanceNotFound",)
    instances = aws.read("rds", "describe_db_instances", "DBInstances", missing=missing, DBInstanceIdentifier=name)
    return Live(instances[0]["EngineVersion"], instances[0]["DBInstanceClass"]) if instances else None


def read_versions(aws: Aws, engine: str, version: str) -> list[str]:
    """All versions on offer of the same major version, oldest first."""
    family = f"{engine}{major_of(engine, version)}"
    found = aws.read(
        "rds",
        "describe_db_engine_versions",
        "DBEngineVersions",
        missing=("InvalidParameterValue",),
        Engine=engine,
        DBParameterGroupFamily=family,
    )
    names = {item["EngineVersion"] for item in found}
    return sorted((name for name in names if not name.endswith(LIMITLESS)), key=version_parts)


def read_majors(aws: Aws, engine: str) -> list[str]:
    """All major versions on offer, oldest first."""
    found = aws.read("rds", "describe_db_engine_versions", "DBEngineVersions", Engine=engine)
    return sorted({major_of(engine, item["EngineVersion"]) for item in found}, key=version_parts)


def read_classes(aws: Aws, engine: str, version: str, instance_class: str | None = None) -> list[str]:
    """The instance classes on offer for a version; with ``instance_class`` that one, or none."""
    only = {"DBInstanceClass": instance_class} if instance_class else {}
    options = aws.read(
        "rds",
        "describe_orderable_db_instance_options",
        "OrderableDBInstanceOptions",
        missing=("InvalidParameterValue", "InvalidParameterCombination"),
        Engine=engine,
        EngineVersion=version,
        **only,
    )
    return sorted({option["DBInstanceClass"] for option in options})


def major_of(engine: str, version: str) -> str:
    """The major version of a version."""
    return ".".join(version.split(".")[: MAJOR_PARTS.get(engine, 1)])


def version_to_ask(version: str, live: Live | None, versions: list[str]) -> str:
    """The version on offer whose instance classes count: that which runs or is named, else the newest. Pure."""
    named = {live.engine_version if live else "", version}
    candidates = [item for item in versions if item in named] or [
        item for item in versions if is_version(item, version)
    ]
    return candidates[-1] if candidates else ""


def version_fault(engine: str, version: str, live: Live | None, versions: list[str], majors: list[str]) -> Fault | None:
    """Whether AWS offers a version, or it runs already. Pure.

    versions: those on offer of the same major version, majors: all major versions on offer where there are none.
    """
    if live and is_version(live.engine_version, version, MAJOR_PARTS.get(engine, 1)):
        return None
    major, called = major_of(engine, version), NAMES.get(engine, engine)
    if not versions:
        return Fault(
            "engine_version", f"AWS does not offer {called} {major} here", f"one of {', '.join(majors) or 'none'}"
        )
    if version == major or version in versions:
        return None
    offered = ", ".join(nearest_first(version, versions))
    return Fault(
        "engine_version",
        f"AWS does not offer {called} {version} any more, or not yet",
        f"one that it offers: {offered}; or {major} for its default among them",
    )


def nearest_first(version: str, versions: t.Iterable[str]) -> list[str]:
    """``versions`` of one major version, those that are next to ``version`` first. Pure."""

    def distance(other: str) -> tuple[list[int], list[int]]:
        mine, theirs = version_parts(version), version_parts(other)
        length = max(len(mine), len(theirs))
        padded = zip(mine + [0] * (length - len(mine)), theirs + [0] * (length - len(theirs)), strict=True)
        return [abs(one - two) for one, two in padded], theirs

    return sorted(versions, key=distance)


def class_fault(engine: str, version: str, instance_class: str, classes: list[str]) -> Fault:
    """What is said of an instance class that is not on offer for a version. Pure."""
    near = difflib.get_close_matches(instance_class, classes, n=NAMED_CLASSES, cutoff=0.5) or classes[:NAMED_CLASSES]
    return Fault(
        "db_instance_class",
        f"AWS does not offer {instance_class} for {NAMES.get(engine, engine)} {version} here",
        f"a class that it offers, such as {', '.join(near)}" if near else "another version",
    )

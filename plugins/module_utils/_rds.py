# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RDS and ElastiCache have in common: both tag by ARN, and number their engines' versions alike."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_list


def update_tags(
    aws: Aws, service: str, arn: str, live: t.Mapping[str, str], wanted: t.Mapping[str, str] | None
) -> None:
    """Bring the tags of one resource of ``service`` (rds or elasticache) to ``wanted``; None leaves them."""
    if wanted is None:
        return
    to_set, to_remove = tag_changes(live, wanted)
    if to_set:
        aws.write(service, "add_tags_to_resource", ResourceName=arn, Tags=tags_to_list(to_set))
    if to_remove:
        aws.write(service, "remove_tags_from_resource", ResourceName=arn, TagKeys=to_remove)


def version_parts(version: str) -> list[int]:
    """``16.4`` as numbers, which compare; what is no number (``R1`` in ``16.4-R1``) is left out."""
    parts = []
    for part in version.replace("-", ".").split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return parts


def is_version(live: str, wanted: str, major: int = 1) -> bool:
    """Whether a live version is what ``wanted`` asks for: it begins with it (16 means any 16.x), or is newer within
    the same major version, because AWS upgrades minor versions by itself and never takes one back.

    major: how many parts of a version are the major one.
    """
    have, want = version_parts(live), version_parts(wanted)
    return have[: len(want)] == want or (have[:major] == want[:major] and have > want)


def newer_minor(field: str, live: str, wanted: str, major: int = 1) -> list[Kept]:
    """That AWS has upgraded a minor version beyond what ``wanted`` asks for, for the plan."""
    if (
        not wanted
        or not is_version(live, wanted, major)
        or version_parts(live)[: len(version_parts(wanted))] == (version_parts(wanted))
    ):
        return []
    return [Kept(field, live, wanted, "AWS")]

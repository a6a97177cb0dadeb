# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which images are in this account's ECR, and how a missing one is pushed."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws

#: A reference to an image in ECR: <account>.dkr.ecr.<region>.amazonaws.com/<repository>, with a tag or a digest.
#: Amazon ECR User Guide, "Private registry".
REFERENCE = re.compile(
    r"(?P<registry>(?P<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|on\.aws))"
    r"/(?P<repository>[a-z0-9._/-]+?)(:(?P<tag>[\w][\w.-]{0,127}))?(@(?P<digest>sha256:[0-9a-f]{64}))?"
)
#: The account of what check mode returns for repositories that are not made yet.
NOBODY = "000000000000"
LATEST = "latest"

PRESENT, MISSING, UNKNOWN = "present", "missing", "unknown"


class Image(t.NamedTuple):
    """An image in ECR. identity: by what it is asked for, as ECR takes it."""

    registry: str
    account: str
    region: str
    repository: str
    identity: dict[str, str]


def parsed(reference: str) -> Image | None:
    """A reference as the image in ECR that it names; None for one elsewhere. Without a tag it is the latest."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        return None
    identity = {"imageDigest": match["digest"]} if match["digest"] else {"imageTag": match["tag"] or LATEST}
    return Image(match["registry"], match["account"], match["region"], match["repository"], identity)


def states(aws: Aws, references: t.Iterable[str]) -> dict[str, str]:
    """For each reference whether its image is there; ``unknown`` for those in other registries, which are not asked."""
    images = {reference: parsed(reference) for reference in references}
    aws.subject = "images"
    account = aws.account_id() if any(image and image.account != NOBODY for image in images.values()) else ""
    found = {}
    for reference, image in images.items():
        aws.subject = f"image {reference}"
        if image is not None and image.account == NOBODY:
            # Its repository is yet to be made.
            found[reference] = MISSING
        elif image is None or image.account != account or image.region != aws.region:
            found[reference] = UNKNOWN
        else:
            found[reference] = PRESENT if _exists(aws, image) else MISSING
    return found


def _exists(aws: Aws, image: Image) -> bool:
    answer = aws.read(
        "ecr",
        "describe_images",
        "imageDetails",
        missing=("ImageNotFoundException", "RepositoryNotFoundException"),
        repositoryName=image.repository,
        imageIds=[image.identity],
    )
    return bool(answer)


def push_commands(reference: str) -> list[str]:
    """What a person types to bring an image of the same name and tag from this machine to ECR. Pure.

    None for an image that is named by its digest: nobody can push that under a name of his choice.
    """
    image = parsed(reference)
    if image is None or "imageTag" not in image.identity:
        return []
    local = f"{image.repository}:{image.identity['imageTag']}"
    target = f"{image.registry}/{local}"
    return [
        f"aws ecr get-login-password --region {image.region}"
        f" | docker login --username AWS --password-stdin {image.registry}",
        f"docker tag {local} {target}",
        f"docker push {target}",
    ]

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags that keep the images of a service's last revisions from ECR's lifecycle.

A lifecycle rule cannot know which images are in use, but what a rule of higher priority selects by its tag, no later
rule can expire (Amazon ECR User Guide, "Lifecycle policy evaluation rules"). So the images that the last revisions of a
family run have a tag ``revision.<family>.<revision>.<begin of the digest>``, and the policy's first rule selects those.
The digest in the name makes that no tag is ever moved, which immutable repositories refuse; and what a tag such as
``latest`` pointed to when a revision was registered stays known when it points elsewhere. Families have no dots.
"""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._compare import compare
from ansible_collections.webstack.aws.plugins.module_utils._ecr_images import parsed
from ansible_collections.webstack.aws.plugins.module_utils._ecs_tasks import short_arn, task_definition
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError
from ansible_collections.webstack.aws.plugins.module_utils._plan import Entry, entry

#: By repository and digest the tags of an image.
Images = dict[str, dict[str, list[str]]]

PREFIX = "revision"
#: An image whose only tags would go gets this one first: with its last tag AWS deletes it, and that is for the
#: lifecycle to do.
RETIRED = "retired"
DIGEST_DIGITS = 12

#: What a registry may answer with: one platform's image or an index of several.
MEDIA_TYPES = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)

DESCRIBED_TASKS = 100


class Use(t.NamedTuple):
    """That a revision of a family runs an image of a repository."""

    repository: str
    family: str
    revision: int
    digest: str

    @property
    def tag(self) -> str:
        """The tag that says so."""
        return f"{PREFIX}.{self.family}.{self.revision}.{_short(self.digest)}"


class Plan(t.NamedTuple):
    """What to do: uses to tag, and by repository and digest the tags to take away."""

    added: list[Use]
    removed: Images


def read_images(aws: Aws, repositories: t.Iterable[str]) -> Images:
    """All images of the repositories that exist."""
    images: Images = {}
    for repository in repositories:
        found = aws.read(
            "ecr",
            "describe_images",
            "imageDetails",
            missing=("RepositoryNotFoundException",),
            repositoryName=repository,
        )
        images[repository] = {image["imageDigest"]: image.get("imageTags") or [] for image in found}
    return images


def read_window(aws: Aws, family: str, keep: int) -> list[int]:
    """The last ``keep`` revisions of a family, the newest first."""
    arns = aws.read(
        "ecs",
        "list_task_definitions",
        "taskDefinitionArns",
        familyPrefix=family,
        status="ACTIVE",
        sort="DESC",
        PaginationConfig={"MaxItems": keep},
    )
    return [_split(arn)[1] for arn in arns]


def with_coming(window: list[int], revision: int, keep: int) -> list[int]:
    """The window once ``revision`` is registered, which it may be already. Pure."""
    return [revision, *window][:keep] if revision > max(window, default=0) else window


def read_uses(
    aws: Aws,
    images: Images,
    windows: t.Mapping[str, list[int]],
    coming: t.Mapping[tuple[str, int], t.Sequence[str]],
) -> list[Use]:
    """What revisions name that are not tagged yet. The newest is always looked at: its image may have come later.

    coming: the images of revisions that ECS need not have yet.
    """
    tagged = {(family, revision) for family, revision in map(_parsed_tag, _tags(images)) if family}
    uses = []
    for family, revisions in windows.items():
        for revision in revisions:
            if (family, revision) in tagged and revision != revisions[0]:
                continue
            names = coming.get((family, revision))
            if names is None:
                containers = task_definition(aws, f"{family}:{revision}").get("containerDefinitions", [])
                names = [container["image"] for container in containers]
            for name in names:
                image = parsed(name)
                digest = _digest(images, image.repository, image.identity) if image else ""
                if image and digest:
                    uses.append(Use(image.repository, family, revision, digest))
    return uses


def read_running(aws: Aws, images: Images, cluster: str) -> list[Use]:
    """What the tasks of a cluster run, which need not be what the tag of their image points to by now."""
    gone = ("ClusterNotFoundException",)
    arns = aws.read("ecs", "list_tasks", "taskArns", missing=gone, cluster=cluster)
    uses = []
    for start in range(0, len(arns), DESCRIBED_TASKS):
        part = arns[start : start + DESCRIBED_TASKS]
        for task in aws.read("ecs", "describe_tasks", "tasks", cluster=cluster, tasks=part):
            family, revision = _split(task["taskDefinitionArn"])
            for container in task.get("containers", []):
                image = parsed(container.get("image") or "")
                digest = container.get("imageDigest", "")
                if image and digest in images.get(image.repository, {}):
                    uses.append(Use(image.repository, family, revision, digest))
    return uses


def plan(images: Images, windows: t.Mapping[str, list[int]], uses: list[Use], running: list[Use]) -> Plan:
    """Which tags are missing, and which are of revisions that are neither among the last nor running. Pure.

    A revision that has its tag in a repository keeps that one: its image's name may mean another image by now. Tags of
    families that are not named are left alone.
    """
    noted = {
        (repository, *_parsed_tag(tag))
        for repository, known in images.items()
        for tags in known.values()
        for tag in tags
    }
    wanted = {use for use in uses if (use.repository, use.family, use.revision) not in noted}
    ours = [use for use in running if use.family in windows]
    wanted.update(use for use in ours if use.tag not in images[use.repository][use.digest])
    kept = {(use.repository, use.tag) for use in ours}
    removed: Images = {}
    for repository, known in images.items():
        for digest, tags in known.items():
            for tag in tags:
                family, revision = _parsed_tag(tag)
                if family in windows and revision not in windows[family] and (repository, tag) not in kept:
                    removed.setdefault(repository, {}).setdefault(digest, []).append(tag)
    return Plan(sorted(wanted), removed)


def apply(aws: Aws, images: Images, todo: Plan) -> None:
    """Add what is missing, then take away; no image loses its last tag."""
    for use in todo.added:
        aws.subject = f"image {use.repository}@{use.digest}"
        _tag(aws, use.repository, use.digest, use.tag)
    for repository, known in todo.removed.items():
        for digest, tags in known.items():
            aws.subject = f"image {repository}@{digest}"
            added = [use.tag for use in todo.added if (use.repository, use.digest) == (repository, digest)]
            if not {*images[repository][digest], *added} - {*tags}:
                _tag(aws, repository, digest, f"{RETIRED}.{_short(digest)}")
            _untag(aws, repository, tags)


def _tag(aws: Aws, repository: str, digest: str, tag: str) -> None:
    """Give an image another tag: its own manifest is put once more, under that name."""
    found = aws.read(
        "ecr",
        "batch_get_image",
        "images",
        repositoryName=repository,
        imageIds=[{"imageDigest": digest}],
        acceptedMediaTypes=list(MEDIA_TYPES),
    )
    if not found:
        return  # it has gone since it was seen
    media_type = found[0].get("imageManifestMediaType")
    aws.write(
        "ecr",
        "put_image",
        missing=("ImageAlreadyExistsException", "ImageTagAlreadyExistsException"),
        repositoryName=repository,
        imageManifest=found[0]["imageManifest"],
        imageTag=tag,
        imageDigest=digest,
        **({"imageManifestMediaType": media_type} if media_type else {}),
    )


def _untag(aws: Aws, repository: str, tags: list[str]) -> None:
    answer = aws.write(
        "ecr", "batch_delete_image", repositoryName=repository, imageIds=[{"imageTag": tag} for tag in tags]
    )
    for failure in answer.get("failures", []):
        if failure.get("failureCode") != "ImageNotFound":
            reason = failure.get("failureReason") or "no reason given"
            raise AwsError(aws.subject, "ecr:BatchDeleteImage", failure.get("failureCode", "Unknown"), reason)


def marks(images: Images) -> dict[str, list[str]]:
    """By repository the tags of this kind that there are, sorted."""
    found = {
        repository: sorted(tag for tags in known.values() for tag in tags if _parsed_tag(tag)[0])
        for repository, known in images.items()
    }
    return {repository: tags for repository, tags in found.items() if tags}


def planned_marks(images: Images, todo: Plan) -> dict[str, list[str]]:
    """The same after ``todo``."""
    after = {repository: set(tags) for repository, tags in marks(images).items()}
    for use in todo.added:
        after.setdefault(use.repository, set()).add(use.tag)
    for repository, known in todo.removed.items():
        after[repository] -= {tag for tags in known.values() for tag in tags}
    return {repository: sorted(tags) for repository, tags in after.items() if tags}


def entries(
    repositories: t.Iterable[str], before: t.Mapping[str, list[str]], after: t.Mapping[str, list[str]], is_done: bool
) -> list[Entry]:
    """What the plan says of each repository, whose tags of this kind were ``before`` and are to be ``after``. Pure."""
    made = []
    for repository in repositories:
        old, new = before.get(repository, []), after.get(repository, [])
        changes = compare({"tags": old}, {"tags": new})
        notes = ["ECR's lifecycle may expire the images that lose their tag"] if set(old) - set(new) else []
        action = "update" if changes else "none"
        state = new if is_done else old
        made.append(entry("ecr_revision_tags", repository, action, changes, notes=notes, state=state))
    return made


def _tags(images: Images) -> t.Iterator[str]:
    for known in images.values():
        for tags in known.values():
            yield from tags


def _parsed_tag(tag: str) -> tuple[str, int]:
    """Family and revision of a tag of this kind; an empty family for any other."""
    parts = tag.split(".")
    if len(parts) == 4 and parts[0] == PREFIX and parts[2].isdigit():
        return parts[1], int(parts[2])
    return "", 0


def _digest(images: Images, repository: str, identity: t.Mapping[str, str]) -> str:
    known = images.get(repository, {})
    if "imageDigest" in identity:
        return identity["imageDigest"] if identity["imageDigest"] in known else ""
    return next((digest for digest, tags in known.items() if identity["imageTag"] in tags), "")


def _split(arn: str) -> tuple[str, int]:
    """The ARN of a task definition as family and revision."""
    family, _colon, revision = short_arn(arn).rpartition(":")
    return family, int(revision)


def _short(digest: str) -> str:
    return digest.partition(":")[2][:DIGEST_DIGITS]

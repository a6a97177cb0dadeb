"""References to images in ECR, and the tags that keep what revisions run."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._ecr_images import parsed, push_commands
from ansible_collections.webstack.aws.plugins.module_utils._ecr_revision_tags import Plan, Use, plan, planned_marks

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"


@pytest.mark.parametrize(
    ("reference", "repository", "identity"),
    [
        (f"{REGISTRY}/shop", "shop", {"imageTag": "latest"}),
        (f"{REGISTRY}/shop/api:1.4", "shop/api", {"imageTag": "1.4"}),
        (f"{REGISTRY}/shop@{DIGEST}", "shop", {"imageDigest": DIGEST}),
        (f"{REGISTRY}/shop:1.4@{DIGEST}", "shop", {"imageDigest": DIGEST}),
        ("123456789012.dkr-ecr.us-east-1.on.aws/shop:1", "shop", {"imageTag": "1"}),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop:1", "shop", {"imageTag": "1"}),
    ],
)
def test_references_to_ecr(reference, repository, identity):
    image = parsed(reference)
    assert (image.repository, image.identity, image.account) == (repository, identity, "123456789012")


@pytest.mark.parametrize("reference", ["nginx", "docker.io/shop:1", "public.ecr.aws/shop/api:1", "ghcr.io/a/b:1", ""])
def test_references_elsewhere(reference):
    assert parsed(reference) is None
    assert push_commands(reference) == []


def test_commands_that_push():
    commands = push_commands(f"{REGISTRY}/shop/api:1.4")
    assert commands[0].startswith("aws ecr get-login-password --region us-east-1 | docker login --username AWS")
    assert commands[0].endswith(REGISTRY)
    assert commands[1:] == [
        f"docker tag shop/api:1.4 {REGISTRY}/shop/api:1.4",
        f"docker push {REGISTRY}/shop/api:1.4",
    ]
    assert push_commands(f"{REGISTRY}/shop@{DIGEST}") == []


def use(revision, digest=DIGEST, family="api"):
    return Use("shop", family, revision, digest)


def test_tag_names_family_revision_and_image():
    assert use(7).tag == f"revision.api.7.{'a' * 12}"


def test_revision_that_is_noted_keeps_what_it_ran():
    images = {"shop": {DIGEST: [use(7).tag], OTHER: ["latest"]}}
    assert plan(images, {"api": [7]}, [use(7, OTHER)], []) == Plan([], {})


def test_window_moves_on():
    images = {"shop": {DIGEST: ["1", use(6).tag, use(7).tag], OTHER: ["2"]}}
    todo = plan(images, {"api": [8, 7]}, [use(8, OTHER)], [])
    assert todo == Plan([use(8, OTHER)], {"shop": {DIGEST: [use(6).tag]}})
    assert planned_marks(images, todo) == {"shop": [use(7).tag, use(8, OTHER).tag]}


def test_what_runs_is_kept_whatever_the_window():
    images = {"shop": {DIGEST: [use(1).tag], OTHER: []}}
    todo = plan(images, {"api": [8]}, [], [use(1), use(2, OTHER)])
    assert todo == Plan([use(2, OTHER)], {})


def test_families_that_are_not_asked_for_are_left_alone():
    images = {"shop": {DIGEST: [use(1, family="job").tag, "revision.odd", "revision.api.x.y"]}}
    assert plan(images, {"api": [8]}, [], [use(3, family="job")]) == Plan([], {})

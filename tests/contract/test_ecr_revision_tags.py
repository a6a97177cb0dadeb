"""``ecr_revision_tags`` and ``ecr_image_info``: what revisions run is tagged, nothing is deleted, reads only read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.ecs import definition, service
from tests.contract.harness import run_module

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
TAGS = "webstack.aws.ecr_revision_tags"
INFO = "webstack.aws.ecr_image_info"


@pytest.fixture
def ecr(emulator: Any) -> Any:
    client = emulator.client("ecr")
    client.create_repository(repositoryName="shop", imageTagMutability="MUTABLE")
    return client


def push(ecr: Any, content: str, tag: str, repository: str = "shop") -> str:
    """An image of its own content; its digest."""
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": content}
    answer = ecr.put_image(repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=tag)
    return answer["image"]["imageId"]["imageDigest"]


def tags(ecr: Any, repository: str = "shop") -> dict[str, set[str]]:
    images = ecr.describe_images(repositoryName=repository)["imageDetails"]
    return {image["imageDigest"]: set(image.get("imageTags", [])) for image in images}


def mark(revision: int, digest: str, family: str = "demo-api") -> str:
    return f"revision.{family}.{revision}.{digest[7:19]}"


def run(emulator: Any, **options: Any) -> dict[str, Any]:
    """Check mode, for real, and again: the same diff, and nothing more to do."""
    options = {"repositories": ["shop"], "families": ["demo-api"], "cluster": "demo", **options}
    emulator.control("DELETE", "calls")
    planned = run_module(emulator.url, TAGS, options, check=True)
    assert emulator.calls(kind="write") == []
    done = run_module(emulator.url, TAGS, options)
    assert (done["changed"], done["diff"], done["tags"]) == (planned["changed"], planned["diff"], planned["tags"])
    assert [{**told, "state": ""} for told in done["plan"]] == [{**told, "state": ""} for told in planned["plan"]]
    assert any(told["action"] == "update" for told in done["plan"]) == done["changed"]
    emulator.control("DELETE", "calls")
    again = run_module(emulator.url, TAGS, options)
    assert not again["changed"]
    assert again["tags"] == done["tags"]
    assert emulator.calls(kind="write") == []
    return done


def test_from_an_empty_account(emulator: Any) -> None:
    done = run(emulator)
    assert not done["changed"]
    assert done["tags"] == {}


def test_the_last_revisions_are_kept_and_older_ones_let_go(emulator: Any, ecr: Any) -> None:
    digests = [push(ecr, content, content) for content in ("one", "two", "three")]
    for content in ("one", "two"):
        definition(emulator, f"{REGISTRY}/shop:{content}")
    done = run(emulator, keep=2)
    assert done["tags"] == {"shop": [mark(1, digests[0]), mark(2, digests[1])]}
    definition(emulator, f"{REGISTRY}/shop:three")
    done = run(emulator, keep=2)
    assert done["diff"]["before"] == {"shop": [mark(1, digests[0]), mark(2, digests[1])]}
    assert tags(ecr) == {
        digests[0]: {"one"},
        digests[1]: {"two", mark(2, digests[1])},
        digests[2]: {"three", mark(3, digests[2])},
    }


def test_check_mode_knows_a_revision_that_is_still_to_be_registered(emulator: Any, ecr: Any) -> None:
    digests = [push(ecr, content, content) for content in ("one", "two")]
    definition(emulator, f"{REGISTRY}/shop:one")
    run(emulator, keep=1)
    coming = {"revisions": [{"family": "demo-api", "revision": 2, "images": [f"{REGISTRY}/shop:two"]}]}
    options = {"repositories": ["shop"], "families": ["demo-api"], "cluster": "demo", "keep": 1, **coming}
    planned = run_module(emulator.url, TAGS, options, check=True)
    assert planned["tags"] == {"shop": [mark(2, digests[1])]}
    definition(emulator, f"{REGISTRY}/shop:two")
    assert run(emulator, keep=1, **coming)["diff"] == planned["diff"]


def test_immutable_tags_are_no_hindrance(emulator: Any, ecr: Any) -> None:
    ecr.create_repository(repositoryName="fixed", imageTagMutability="IMMUTABLE")
    digest = push(ecr, "one", "one", "fixed")
    definition(emulator, f"{REGISTRY}/fixed@{digest}")
    run(emulator, repositories=["shop", "fixed"])
    definition(emulator, "public.ecr.aws/demo/api:1")
    run(emulator, repositories=["shop", "fixed"], keep=1)
    assert tags(ecr, "fixed") == {digest: {"one"}}


def test_what_a_moved_tag_meant_is_kept_and_never_deleted(emulator: Any, ecr: Any) -> None:
    first = push(ecr, "one", "latest")
    definition(emulator, f"{REGISTRY}/shop:latest")
    run(emulator, keep=1)
    second = push(ecr, "two", "latest")
    run(emulator, keep=1)
    assert tags(ecr)[first] == {mark(1, first)}
    definition(emulator, f"{REGISTRY}/shop:latest")
    run(emulator, keep=1)
    assert tags(ecr) == {first: {f"retired.{first[7:19]}"}, second: {"latest", mark(2, second)}}


def test_what_a_task_runs_is_kept_however_old(emulator: Any, ecr: Any) -> None:
    digest = push(ecr, "one", "one")
    old = definition(emulator, f"{REGISTRY}/shop:one")
    pull = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]}
    iam = emulator.client("iam")
    iam.put_role_policy(RoleName="execution", PolicyName="pull", PolicyDocument=json.dumps(pull))
    service(emulator, old)
    definition(emulator, "public.ecr.aws/demo/api:1")
    assert run(emulator, keep=1)["tags"] == {"shop": [mark(1, digest)]}


def test_tags_of_other_families_are_left_alone(emulator: Any, ecr: Any) -> None:
    digest = push(ecr, "one", "one")
    definition(emulator, f"{REGISTRY}/shop:one", family="other")
    run(emulator, families=["other"])
    definition(emulator, "public.ecr.aws/demo/api:1")
    run(emulator, keep=1)
    assert tags(ecr) == {digest: {"one", mark(1, digest, "other")}}


def test_an_image_that_comes_later_is_kept_too(emulator: Any, ecr: Any) -> None:
    push(ecr, "else", "else")
    definition(emulator, f"{REGISTRY}/shop:one")
    assert not run(emulator)["changed"]
    digest = push(ecr, "one", "one")
    assert run(emulator)["tags"] == {"shop": [mark(1, digest)]}


def test_images_are_there_or_missing_or_nobody_knows(emulator: Any, ecr: Any) -> None:
    digest = push(ecr, "one", "one")
    images = {
        f"{REGISTRY}/shop:one": "present",
        f"{REGISTRY}/shop@{digest}": "present",
        f"{REGISTRY}/shop:one@{digest}": "present",
        f"{REGISTRY}/shop": "missing",
        f"{REGISTRY}/shop:two": "missing",
        f"{REGISTRY}/other/shop:one": "missing",
        f"{REGISTRY}/shop@sha256:{'0' * 64}": "missing",
        # A repository that check mode did not make.
        "000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:one": "missing",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:one": "unknown",
        "210987654321.dkr.ecr.us-east-1.amazonaws.com/shop:one": "unknown",
        "docker.io/library/nginx:1": "unknown",
        "nginx": "unknown",
    }
    emulator.control("DELETE", "calls")
    result = run_module(emulator.url, INFO, {"images": list(images)})
    assert {image: facts["state"] for image, facts in result["images"].items()} == images
    assert not result["changed"]
    assert emulator.calls(kind="write") == []
    assert result["images"][f"{REGISTRY}/shop:two"]["push_commands"][1:] == [
        f"docker tag shop:two {REGISTRY}/shop:two",
        f"docker push {REGISTRY}/shop:two",
    ]


def test_other_registries_are_not_asked(emulator: Any) -> None:
    emulator.control("DELETE", "calls")
    run_module(emulator.url, INFO, {"images": ["nginx", "public.ecr.aws/demo:1"]})
    assert emulator.calls() == []

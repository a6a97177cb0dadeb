"""Tags of images, and what Application Auto Scaling does to the number of a service's tasks.

ECR: API reference, PutImage and BatchDeleteImage (an image goes with its last tag, but stays without one when its tag
moves to another image). Application Auto Scaling: API reference, RegisterScalableTarget (it brings the current capacity
between the bounds, also when they are not given) and PutScheduledAction.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.emulator.tests.ecs_for_tests import World, make_world

TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/main/api",
    "ScalableDimension": "ecs:service:DesiredCount",
}
NIGHT = {"ScheduledActionName": "night", "Schedule": "cron(0 22 * * ? *)", "Timezone": "America/Sao_Paulo"}


@pytest.fixture
def ecr(emulator: Any) -> Any:
    client = emulator.client("ecr")
    client.create_repository(repositoryName="app")
    return client


def manifest(number: int) -> str:
    media_type = "application/vnd.oci.image.manifest.v1+json"
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "config": number})


def push(ecr: Any, number: int, tag: str) -> str:
    answer = ecr.put_image(repositoryName="app", imageManifest=manifest(number), imageTag=tag)
    return answer["image"]["imageId"]["imageDigest"]


def tags(ecr: Any) -> dict[str, list[str] | None]:
    images = ecr.describe_images(repositoryName="app")["imageDetails"]
    return {image["imageDigest"]: image.get("imageTags") for image in images}


def test_image_whose_tag_moves_stays_without_one(ecr: Any) -> None:
    first = push(ecr, 1, "latest")
    second = push(ecr, 2, "latest")
    assert tags(ecr) == {first: None, second: ["latest"]}
    # It can be had by its digest, and be tagged anew.
    [image] = ecr.batch_get_image(repositoryName="app", imageIds=[{"imageDigest": first}])["images"]
    ecr.put_image(repositoryName="app", imageManifest=image["imageManifest"], imageTag="old", imageDigest=first)
    assert tags(ecr) == {first: ["old"], second: ["latest"]}


def test_image_goes_with_its_last_tag(ecr: Any) -> None:
    digest = push(ecr, 1, "one")
    push(ecr, 1, "two")
    ecr.batch_delete_image(repositoryName="app", imageIds=[{"imageTag": "one"}])
    assert tags(ecr) == {digest: ["two"]}
    ecr.batch_delete_image(repositoryName="app", imageIds=[{"imageTag": "two"}])
    assert tags(ecr) == {}


def test_digest_must_be_that_of_the_manifest(ecr: Any, refused: Any) -> None:
    with refused("ImageDigestDoesNotMatchException"):
        ecr.put_image(repositoryName="app", imageManifest=manifest(1), imageTag="one", imageDigest=f"sha256:{'0' * 64}")
    digest = f"sha256:{hashlib.sha256(manifest(1).encode()).hexdigest()}"
    ecr.put_image(repositoryName="app", imageManifest=manifest(1), imageTag="one", imageDigest=digest)


@pytest.fixture
def world(emulator: Any) -> World:
    made = make_world(emulator)
    made.create(made.define(), desiredCount=0)
    return made


@pytest.fixture
def scaling(emulator: Any, world: World) -> Any:
    return emulator.client("application-autoscaling")


def test_registration_brings_the_count_between_the_bounds(scaling: Any, world: World) -> None:
    scaling.register_scalable_target(**TARGET, MinCapacity=2, MaxCapacity=4)
    assert world.service()["desiredCount"] == 2
    world.update(desiredCount=9)
    scaling.register_scalable_target(**TARGET)
    assert world.service()["desiredCount"] == 4
    scaling.register_scalable_target(**TARGET, MinCapacity=0)
    assert world.service()["desiredCount"] == 4


def test_update_of_a_scheduled_action_keeps_the_bounds_that_it_leaves_out(scaling: Any) -> None:
    scaling.register_scalable_target(**TARGET, MinCapacity=0, MaxCapacity=4)
    scaling.put_scheduled_action(**TARGET, **NIGHT, ScalableTargetAction={"MinCapacity": 0, "MaxCapacity": 1})
    scaling.put_scheduled_action(**TARGET, **NIGHT, ScalableTargetAction={"MaxCapacity": 2})
    [action] = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert action["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 2}
    assert action["Timezone"] == "America/Sao_Paulo"
    scaling.deregister_scalable_target(**TARGET)
    assert scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"] == []


@pytest.mark.parametrize(
    ("change", "bounds"),
    [
        ({"Schedule": "cron(0 22 * * * *)"}, {"MinCapacity": 1}),
        ({"Schedule": "at night"}, {"MinCapacity": 1}),
        ({"Timezone": "Brazil/Nowhere"}, {"MinCapacity": 1}),
        ({}, {}),
    ],
)
def test_scheduled_action_without_sense_is_refused(
    scaling: Any, refused: Any, change: dict[str, str], bounds: dict[str, int]
) -> None:
    scaling.register_scalable_target(**TARGET, MinCapacity=0, MaxCapacity=4)
    with refused("ValidationException"):
        scaling.put_scheduled_action(**TARGET, **(NIGHT | change), ScalableTargetAction=bounds)

"""ECR as AWS has it, where moto differs.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ (PutImage) and
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.models import ECRBackend, Image
from moto.ecr.responses import ECRResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap


def install() -> None:
    """Extend moto."""
    _images()
    _scans()

    @wrap(ECRResponse, "get_authorization_token")
    def token(original: Any, self: Any) -> Any:
        answer = original(self)
        expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=12)
        data = [item | {"expiresAt": expires} for item in answer.result["authorizationData"]]
        return ActionResult({"authorizationData": data})


def _images() -> None:
    @wrap(Image, "_create_digest")
    def create_digest(original: Any, self: Any) -> None:
        """The digest of an image is that of its manifest: moto gives images without layers one and the same."""
        self._image_digest = "sha256:" + hashlib.sha256(self.image_manifest.encode()).hexdigest()

    @wrap(ECRBackend, "put_image")
    def put_image(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        name, tag = given["repository_name"], given.get("image_tag")
        repository = self._get_repository(name)
        held = next((image for image in repository.images if tag is not None and tag in image.image_tags), None)
        same = held is not None and held.image_manifest == given["image_manifest"]
        if held is not None and not same and str(repository.image_tag_mutability).endswith("IMMUTABLE"):
            message = (
                f"The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten because "
                "the repository is immutable."
            )
            raise AwsError("ImageTagAlreadyExistsException", message)
        digest = "sha256:" + hashlib.sha256(given["image_manifest"].encode()).hexdigest()
        if given.get("digest") not in (None, digest):
            message = f"The provided digest '{given['digest']}' does not match the digest of the manifest '{digest}'"
            raise AwsError("ImageDigestDoesNotMatchException", message)
        if held is not None and not same:
            # An image whose tag moves to another stays, if need be without one; moto deletes it with its last.
            held.image_tags.remove(tag)
            held.image_tag = held.image_tags[-1] if held.image_tags else None
        image = original(self, **given)
        if (repository.image_scanning_configuration or {}).get("scanOnPush"):
            image.last_scan = datetime.datetime.now()
        return image


def _scans() -> None:
    @wrap(ECRBackend, "describe_image_scan_findings")
    def findings(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        """Images here have nothing in them, so a scan that was not given results finds nothing."""
        answer = original(self, *args, **kwargs)
        found = answer.get("imageScanFindings", {})
        if any(finding.get("name") == "CVE-9999-9999" for finding in found.get("findings", [])):
            found |= {"findings": [], "findingSeverityCounts": {}}
        return answer

"""IAM as AWS has it, where moto differs."""

from __future__ import annotations

import copy
from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend

from tests.emulator.extend import wrap

_policies: dict[str, list[AWSManagedPolicy]] = {}


def install() -> None:
    """Extend moto."""
    _keep_managed_policies()


def _keep_managed_policies() -> None:
    """Read AWS's 1,400 policies once and not after every reset, which took a second."""

    @wrap(IAMBackend, "_init_aws_policies")
    def load(original: Any, self: IAMBackend) -> list[Any]:
        if self.region_name not in _policies:
            _policies[self.region_name] = original(self)
        return [copy.copy(policy) for policy in _policies[self.region_name]]

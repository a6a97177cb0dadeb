"""KMS as AWS has it, where moto differs: keys may be named by their ARN, and AWS's own keys say that they are AWS's."""

from __future__ import annotations

from typing import Any

from moto.kms.models import KmsBackend

from tests.emulator.extend import named, wrap

_BY_ID_ONLY = ("cancel_key_deletion", "disable_key", "enable_key", "replicate_key", "schedule_key_deletion")


def install() -> None:
    """Extend moto."""
    for name in _BY_ID_ONLY:

        @wrap(KmsBackend, name)
        def by_arn(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
            given = named(original, self, args, kwargs)
            return original(self, **(given | {"key_id": self.get_key_id(given["key_id"])}))

    @wrap(KmsBackend, "_generate_default_keys")
    def default_key(original: Any, self: Any, alias_name: str) -> str | None:
        key_id = original(self, alias_name)
        if key_id is not None:
            self.keys[key_id].key_manager = "AWS"
        return key_id

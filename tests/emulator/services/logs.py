"""CloudWatch Logs as AWS has it, where moto differs.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
(PutRetentionPolicy, AssociateKmsKey, CreateLogGroup)
"""

from __future__ import annotations

from typing import Any

from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, named, parameters, wrap

_RETENTIONS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
_CLASSES = ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")


def install() -> None:
    """Extend moto."""
    _retention()
    _encryption()
    _classes()


def _retention() -> None:
    @wrap(LogsBackend, "put_retention_policy")
    def put(original: Any, self: Any, log_group_name: str, retention_in_days: Any) -> Any:
        if int(retention_in_days) not in _RETENTIONS:
            message = (
                f"1 validation error detected: Value '{retention_in_days}' at 'retentionInDays' failed to satisfy "
                f"constraint: Member must satisfy enum value set: [{', '.join(map(str, _RETENTIONS))}]"
            )
            raise AwsError("InvalidParameterException", message)
        return original(self, log_group_name, retention_in_days)


def _encryption() -> None:
    @wrap(LogsBackend, "create_log_group")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if given.get("kmsKeyId"):
            _check_key(self, given["kmsKeyId"])
        return original(self, **given)

    def associate(response: Any, given: dict[str, Any]) -> None:
        group = _group(response.logs_backend, given)
        _check_key(response.logs_backend, given["kmsKeyId"])
        group.kms_key_id = given["kmsKeyId"]

    def disassociate(response: Any, given: dict[str, Any]) -> None:
        _group(response.logs_backend, given).kms_key_id = None

    add_operation(LogsResponse, "AssociateKmsKey", associate)
    add_operation(LogsResponse, "DisassociateKmsKey", disassociate)


def _classes() -> None:
    @wrap(LogsResponse, "create_log_group")
    def create(original: Any, self: Any) -> Any:
        given = parameters(self)
        wanted = given.get("logGroupClass", _CLASSES[0])
        if wanted not in _CLASSES:
            message = (
                f"1 validation error detected: Value '{wanted}' at 'logGroupClass' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(_CLASSES)}]"
            )
            raise AwsError("InvalidParameterException", message)
        answer = original(self)
        self.logs_backend.groups[given["logGroupName"]]._class = wanted
        return answer

    @wrap(LogGroup, "to_describe_dict")
    def describe(original: Any, self: Any) -> dict[str, Any]:
        # others that moto makes by itself are of the first class
        return {**original(self), "logGroupClass": getattr(self, "_class", _CLASSES[0])}


def _group(backend: Any, given: dict[str, Any]) -> Any:
    name = given.get("logGroupName") or given.get("resourceIdentifier", "").partition(":log-group:")[2].split(":")[0]
    if name not in backend.groups:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return backend.groups[name]


def _check_key(backend: Any, key_id: str) -> None:
    """The key must be there and usable, and be given as an ARN."""
    from moto.kms.models import kms_backends

    known = kms_backends[backend.account_id][backend.region_name].keys
    key = known.get(key_id.rpartition("key/")[2]) if key_id.startswith("arn:") else None
    if key is None or key.key_state != "Enabled":
        message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{key_id}'"
        raise AwsError("InvalidParameterException", message)

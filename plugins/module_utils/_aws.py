# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one way in which own code calls AWS: reads return data, writes say what they do, errors name the resource."""

from __future__ import annotations

import re
import time
import typing as t

try:
    from botocore import xform_name
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule reports it

from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

#: Operations that cannot change anything, by how they begin. Everything else is a write.
READS = re.compile(r"^(Describe|Get|List|Head|Search|Scan|Query|BatchGet|Filter|Simulate|Lookup|Select)")

#: botocore retries throttling, 5xx and cut connections itself; ten tries last about a minute.
RETRIES = {"retries": {"mode": "standard", "max_attempts": 10}}
ONCE = {"retries": {"mode": "standard", "total_max_attempts": 1}}

#: Refusals that passed AWS by: nothing was done, the call can be repeated.
THROTTLED = r"^(Throttling|RequestLimitExceeded|TooManyRequests)"

#: For how long a write is repeated that AWS refuses because it has not seen an earlier one yet (IAM takes longest).
PROPAGATION_SECONDS = 90


class Aws:
    """Calls to AWS for one module run.

    ``subject`` is the resource in hand, as errors name it; the engine sets it. ``plan`` is what was done, or in check
    mode would be done, resource by resource (see ``_plan``).
    """

    def __init__(self, module: AnsibleAWSModule):
        self._module = module
        self._clients: dict[tuple[str, bool], t.Any] = {}
        self.check_mode: bool = module.check_mode
        self.subject = ""
        self._account_id = ""
        self.plan: list[dict[str, t.Any]] = []

    @property
    def region(self) -> str:
        """The region in use, for instance ``us-east-1``."""
        return self._module.region or "us-east-1"

    def read(
        self, service: str, operation: str, /, path: str = "", *, missing: t.Collection[str] = (), **arguments: t.Any
    ) -> t.Any:
        """Call a read operation, all pages of it.

        operation: boto3's method name. path: the member of the answer to return (all of it when empty); a list is
        complete over all pages. missing: error codes that mean that the thing does not exist; then an empty list
        comes back where ``path`` names a paginated list, else ``None``. Raises AwsError.
        """
        client = self._client(service)
        if not READS.match(self._operation_name(client, operation)):
            raise ValueError(f"{operation} is not a read")
        try:
            if client.can_paginate(operation):
                answer = client.get_paginator(operation).paginate(**arguments).build_full_result()
                return answer.get(path, []) if path else answer
            answer = getattr(client, operation)(**arguments)
            return answer.get(path) if path else answer
        except ClientError as error:
            if error.response["Error"]["Code"] in missing:
                return [] if path and client.can_paginate(operation) else None
            raise self._error(client, operation, error) from error
        except BotoCoreError as error:
            raise self._error(client, operation, error) from error

    def write(
        self,
        service: str,
        operation: str,
        /,
        *,
        missing: t.Collection[str] = (),
        propagating: str = "",
        once: bool = False,
        **arguments: t.Any,
    ) -> t.Any:
        """Call an operation that changes something; never in check mode.

        missing: error codes that mean that there is nothing left to do (``None`` comes back).
        propagating: a regular expression on "Code: message"; such a refusal passes once AWS has seen an earlier
        write everywhere, so the call is repeated for up to PROPAGATION_SECONDS.
        once: for what AWS would make twice if a call is repeated whose answer was lost. Raises AwsError.
        """
        client = self._client(service, once)
        if once:
            propagating = f"{propagating}|{THROTTLED}" if propagating else THROTTLED
        if self.check_mode:
            raise WebstackError(f"{self.subject}: {operation} was about to be sent in check mode", "report this defect")
        deadline = time.monotonic() + PROPAGATION_SECONDS
        pause = 1.0
        while True:
            try:
                return getattr(client, operation)(**arguments)
            except ClientError as error:
                if error.response["Error"]["Code"] in missing:
                    return None
                failure = self._error(client, operation, error)
                if not propagating or not re.search(propagating, f"{failure.code}: {failure.reason}"):
                    raise failure from error
                if time.monotonic() > deadline:
                    raise failure from error
                time.sleep(pause)
                pause = min(pause * 2, 10)
            except BotoCoreError as error:
                raise self._error(client, operation, error) from error

    def knows(self, service: str, operation: str, *members: str) -> bool:
        """Whether the installed SDK knows an input of an operation (nested inputs by their path)."""
        client = self._client(service)
        shape = client.meta.service_model.operation_model(self._operation_name(client, operation)).input_shape
        for member in members:
            if member not in shape.members:
                return False
            shape = shape.members[member]
        return True

    def account_id(self) -> str:
        """The account of the credentials in use, twelve digits."""
        if not self._account_id:
            self._account_id = self.read("sts", "get_caller_identity", "Account")
        return self._account_id

    def arn(self, service: str, region: str, resource: str) -> str:
        """The ARN of something of this account whose ARN holds nothing but its name, so that it is known beforehand."""
        return f"arn:aws:{service}:{region}:{self.account_id()}:{resource}"

    def _client(self, service: str, once: bool = False) -> t.Any:
        key = (service, once)
        if key not in self._clients:
            client = self._module.client(service, config=ONCE if once else RETRIES)
            if self.check_mode:
                # The second lock beside `write`: whatever is called on it, nothing but reads leaves this process.
                client.meta.events.register("before-call.*.*", _refuse_writes)
            self._clients[key] = client
        return self._clients[key]

    def _operation_name(self, client: t.Any, operation: str) -> str:
        return client.meta.method_to_api_mapping[operation]

    def _error(self, client: t.Any, operation: str, error: Exception) -> AwsError:
        action = f"{client.meta.service_model.signing_name}:{self._operation_name(client, operation)}"
        if isinstance(error, ClientError):
            detail = error.response["Error"]
            return AwsError(
                self.subject, action, detail.get("Code", "Unknown"), detail.get("Message") or "no reason given"
            )
        return AwsError(self.subject, action, type(error).__name__, str(error))


def _refuse_writes(model: t.Any, **_kwargs: t.Any) -> None:
    if not READS.match(model.name):
        raise WebstackError(f"{xform_name(model.name)} was about to be sent in check mode", "report this defect")

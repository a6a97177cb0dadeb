"""SNS as AWS has it, where moto differs.

https://docs.aws.amazon.com/sns/latest/api/ (CreateTopic, Subscribe): people confirm e-mail subscriptions, so they stay
pending here.
"""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap

_PROTOCOLS = {"application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"}
_TO_CONFIRM = {"email", "email-json", "http", "https"}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_ATTRIBUTES = {
    "DisplayName": "display_name", "KmsMasterKeyId": "kms_master_key_id", "Policy": "policy",
    "DeliveryPolicy": "delivery_policy",
}  # fmt: skip


def install() -> None:
    """Extend moto."""
    _topics()
    _subscriptions()


def _invalid(what: str) -> AwsError:
    return AwsError("InvalidParameter", f"Invalid parameter: {what}")


def _topics() -> None:
    @wrap(SNSBackend, "create_topic")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        arn = f"arn:aws:sns:{self.region_name}:{self.account_id}:{given['name']}"
        topic = self.topics.get(arn)
        if topic is not None:
            for name, value in (given.get("attributes") or {}).items():
                if name in _ATTRIBUTES and str(getattr(topic, _ATTRIBUTES[name], "") or "") != str(value):
                    raise _invalid("Attributes Reason: Topic already exists with different attributes")
            if given.get("tags") and given["tags"] != topic._tags:
                raise _invalid("Tags Reason: Topic already exists with different tags")
        _check_policy((given.get("attributes") or {}).get("Policy"))
        return original(self, **given)

    @wrap(SNSResponse, "set_topic_attributes")
    def set_attribute(original: Any, self: Any) -> Any:
        if self._get_param("AttributeName") == "Policy":
            _check_policy(self._get_param("AttributeValue"))
        return original(self)


def _check_policy(policy: str | None) -> None:
    if policy is None:
        return
    try:
        document = json.loads(policy)
    except ValueError:
        raise _invalid("Policy Error: null") from None
    if not isinstance(document, dict) or not document.get("Statement"):
        raise _invalid("Policy statement must be non-empty")


def _is_pending(subscription: Any) -> bool:
    return subscription.protocol in _TO_CONFIRM and not subscription.confirmed


def _subscriptions() -> None:
    @wrap(SNSBackend, "subscribe")
    def subscribe(original: Any, self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
        self.get_topic(topic_arn)
        if protocol not in _PROTOCOLS:
            raise _invalid(f"Amazon SNS does not support this protocol string: {protocol}")
        if protocol.startswith("email") and not _EMAIL.match(endpoint or ""):
            raise _invalid("Email address")
        if protocol in ("http", "https") and not (endpoint or "").startswith(f"{protocol}://"):
            raise _invalid("Endpoint must match the specified protocol")
        if protocol in ("sqs", "lambda", "firehose") and not (endpoint or "").startswith("arn:"):
            raise _invalid(f"{protocol.upper()} endpoint ARN")
        subscription = original(self, topic_arn, endpoint, protocol)
        if _is_pending(subscription):
            subscription.attributes["PendingConfirmation"] = "true"
            subscription.attributes["ConfirmationWasAuthenticated"] = "false"
        return subscription

    @wrap(SNSResponse, "subscribe")
    def answer_subscribe(original: Any, self: Any) -> Any:
        answer = original(self)
        arn = answer.result["SubscriptionArn"]
        returned = str(self._get_param("ReturnSubscriptionArn")).lower() == "true"
        if _is_pending(self.backend.subscriptions[arn]) and not returned:
            return ActionResult({"SubscriptionArn": "pending confirmation"})
        return answer

    for name in ("list_subscriptions", "list_subscriptions_by_topic"):

        @wrap(SNSResponse, name)
        def answer_list(original: Any, self: Any) -> Any:
            answer = original(self)
            listed = [
                SimpleNamespace(
                    arn="PendingConfirmation" if _is_pending(item) else item.arn,
                    subscription_arn="PendingConfirmation" if _is_pending(item) else item.arn,
                    owner=item.owner,
                    protocol=item.protocol,
                    endpoint=item.endpoint,
                    topic_arn=item.topic_arn,
                )
                for item in answer.result["Subscriptions"]
            ]
            return ActionResult({**answer.result, "Subscriptions": listed})

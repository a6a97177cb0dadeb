"""Topics: subscriptions that nobody has confirmed yet, and what SNS would refuse."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._compare import compare
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._sns_topic import (
    DELETED,
    PENDING,
    SnsTopic,
    subscription_fault,
)


def subscription(endpoint, arn, protocol="email"):
    return {"Protocol": protocol, "Endpoint": endpoint, "SubscriptionArn": arn}


def wanted(*endpoints):
    return {"subscriptions": [{"protocol": "email", "endpoint": endpoint} for endpoint in endpoints]}


LIVE = {
    "TopicArn": "arn:t",
    "Attributes": {},
    "Subscriptions": [subscription("new@example.com", PENDING), subscription("old@example.com", "arn:s")],
    "Tags": [],
}


@pytest.fixture
def topic():
    written = []
    aws = SimpleNamespace(region="us-east-1", check_mode=False, written=written)
    aws.write = lambda service, operation, **arguments: written.append((operation, arguments))
    return SnsTopic(aws)


@pytest.mark.parametrize(
    ("endpoints", "operations"),
    [
        (["new@example.com", "old@example.com"], []),
        (["old@example.com"], []),  # what nobody has confirmed cannot be removed
        (["new@example.com"], ["unsubscribe"]),
        (["new@example.com", "old@example.com", "third@example.com"], ["subscribe"]),
    ],
)
def test_nobody_is_asked_twice(topic, endpoints, operations):
    after = topic.keep("t", LIVE, topic.normalize_wanted("t", wanted(*endpoints)))
    changes = compare(topic.normalize("t", LIVE), after)
    topic.update("t", LIVE, after, {change.field for change in changes})
    assert [operation for operation, _unused in topic.aws.written] == operations


def test_subscriptions_that_were_not_given_stay(topic):
    assert topic.keep("t", LIVE, {"display_name": "T"}) == {"display_name": "T"}


def test_a_subscription_that_was_removed_is_not_there(topic):
    answers = {
        "get_topic_attributes": {},
        "list_subscriptions_by_topic": [subscription("gone@example.com", DELETED)],
        "list_tags_for_resource": [],
    }
    topic.aws.arn = lambda service, region, resource: f"arn:aws:{service}:{region}:123456789012:{resource}"
    topic.aws.read = lambda service, operation, *_unused, **__: answers[operation]
    live = topic.read(["t"])["t"]
    assert live["Subscriptions"] == []
    assert live["TopicArn"] == "arn:aws:sns:us-east-1:123456789012:t"


@pytest.mark.parametrize(
    ("protocol", "endpoint", "words"),
    [
        ("email", "nobody", "no e-mail address"),
        ("https", "http://example.com", "https://"),
        ("lambda", "function", "an ARN"),
        ("sqs", "arn:aws:sqs:us-east-1:123456789012:q", ""),
        ("email-json", "a@example.com", ""),
    ],
)
def test_endpoints_that_sns_would_refuse(protocol, endpoint, words):
    fault = subscription_fault({"protocol": protocol, "endpoint": endpoint})
    assert words in fault
    assert bool(words) == bool(fault)


@pytest.mark.parametrize(
    ("name", "live", "options", "words"),
    [
        ("a b", None, {}, "no valid name"),
        ("t", LIVE, {"policy": {}}, "always has a policy"),
        ("t", LIVE, wanted("nobody"), "no e-mail address"),
    ],
)
def test_what_sns_would_refuse_is_refused(topic, name, live, options, words):
    with pytest.raises(WebstackError, match=words):
        topic.refuse(name, live, options)

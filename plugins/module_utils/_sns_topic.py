# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SNS topics with their subscriptions."""

from __future__ import annotations

import re

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._policy import normal_policy, policy_text
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("NotFound", "NotFoundException", "ResourceNotFound", "ResourceNotFoundException")

#: A topic that was just made is not known to all of SNS at once.
PROPAGATING = r"^NotFound"

#: What stands in place of a subscription's ARN until its owner has confirmed it, and once it was removed.
PENDING = "PendingConfirmation"
DELETED = "Deleted"

#: What an e-mail address looks like at the least; SNS finds out the rest by writing to it.
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

#: The options that are attributes of the topic.
ATTRIBUTES = {"display_name": "DisplayName", "kms_master_key_id": "KmsMasterKeyId", "policy": "Policy"}


#: What gets nothing before its owner has confirmed it (Amazon SNS API, Subscribe).
CONFIRMED = ("email", "email-json", "http", "https")


class SnsTopic(Kind):
    """A standard topic, found by its name."""

    noun = "sns_topic"

    def read(self, names: list[str]) -> dict[str, Fields]:
        topics = {name: self._topic(self.aws.arn("sns", self.aws.region, name)) for name in names}
        return {name: topic for name, topic in topics.items() if topic}

    def _topic(self, arn: str) -> Fields | None:
        attributes = self.aws.read("sns", "get_topic_attributes", "Attributes", missing=MISSING, TopicArn=arn)
        if attributes is None:
            return None
        subscriptions = self.aws.read(
            "sns", "list_subscriptions_by_topic", "Subscriptions", missing=MISSING, TopicArn=arn
        )
        tags = self.aws.read("sns", "list_tags_for_resource", "Tags", missing=MISSING, ResourceArn=arn)
        return {
            "TopicArn": arn,
            "Attributes": attributes,
            "Subscriptions": [item for item in subscriptions if item["SubscriptionArn"] != DELETED],
            "Tags": tags,
        }

    def normalize(self, name: str, live: Fields) -> Fields:
        attributes = live["Attributes"]
        return {
            "display_name": attributes.get("DisplayName", ""),
            "kms_master_key_id": attributes.get("KmsMasterKeyId", ""),
            "policy": normal_policy(attributes.get("Policy")),
            "subscriptions": _sorted_subscriptions(
                {"protocol": item["Protocol"], "endpoint": item["Endpoint"]} for item in live["Subscriptions"]
            ),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = dict(wanted)
        if "policy" in normal:
            normal["policy"] = normal_policy(normal["policy"])
        if "subscriptions" in normal:
            normal["subscriptions"] = _sorted_subscriptions(normal["subscriptions"])
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        """What waits for its owner's confirmation cannot be removed; SNS forgets it by itself after two days."""
        if "subscriptions" not in wanted:
            return wanted
        pending = [
            {"protocol": item["Protocol"], "endpoint": item["Endpoint"]}
            for item in live["Subscriptions"]
            if item["SubscriptionArn"] == PENDING
        ]
        return {**wanted, "subscriptions": _sorted_subscriptions([*wanted["subscriptions"], *pending])}

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        waiting = self.keep(name, live, {"subscriptions": []})["subscriptions"] if "subscriptions" in wanted else []
        return [
            Kept(f"subscriptions.{item['protocol']} {item['endpoint']}", "waits for its confirmation", None, "SNS")
            for item in waiting
            if item not in wanted["subscriptions"]
        ]

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        subscriptions = next((change for change in outcome.changes if change.field == "subscriptions"), None)
        if subscriptions is None or outcome.action == "delete":
            return []
        added = [item for item in subscriptions.after if item not in (subscriptions.before or [])]
        return [f"{item['endpoint']} has to confirm it" for item in added if item["protocol"] in CONFIRMED]

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        fault = name_fault(name, "sns_topic") if live is None else ""
        if fault:
            raise WebstackError(f"sns_topic {name} {fault}", "choose another name")
        if wanted.get("policy") == {}:
            raise WebstackError(
                f"sns_topic {name}: a topic always has a policy", "leave policy out or give a statement"
            )
        for item in wanted.get("subscriptions", []):
            fault = subscription_fault(item)
            if fault:
                what = f"sns_topic {name}: subscription {item['protocol']} to {item['endpoint']}"
                raise WebstackError(f"{what}: the endpoint {fault}", "mend the endpoint or the protocol")

    def create(self, name: str, wanted: Fields) -> None:
        attributes = {ATTRIBUTES[option]: _text(wanted[option]) for option in ATTRIBUTES if wanted.get(option)}
        tags = tags_to_list(wanted.get("tags") or {})
        arn = self.aws.write("sns", "create_topic", Name=name, Attributes=attributes, Tags=tags)["TopicArn"]
        for item in wanted.get("subscriptions", []):
            self._subscribe(arn, item)

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arn = live["TopicArn"]
        before = self.normalize(name, live)
        for option, attribute in ATTRIBUTES.items():
            if option in changed:
                self.aws.write(
                    "sns",
                    "set_topic_attributes",
                    TopicArn=arn,
                    AttributeName=attribute,
                    AttributeValue=_text(wanted[option]),
                )
        if "subscriptions" in changed:
            for item in wanted["subscriptions"]:
                if item not in before["subscriptions"]:
                    self._subscribe(arn, item)
            for item in live["Subscriptions"]:
                if {"protocol": item["Protocol"], "endpoint": item["Endpoint"]} not in wanted["subscriptions"]:
                    subscription = item["SubscriptionArn"]
                    self.aws.write("sns", "unsubscribe", missing=MISSING, SubscriptionArn=subscription)
        if "tags" in changed:
            to_set, to_remove = tag_changes(before["tags"], wanted["tags"])
            if to_set:
                self.aws.write("sns", "tag_resource", ResourceArn=arn, Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("sns", "untag_resource", ResourceArn=arn, TagKeys=to_remove)

    def _subscribe(self, arn: str, item: Fields) -> None:
        self.aws.write(
            "sns",
            "subscribe",
            propagating=PROPAGATING,
            TopicArn=arn,
            Protocol=item["protocol"],
            Endpoint=item["endpoint"],
        )

    def delete(self, name: str, live: Fields) -> None:
        # Its subscriptions go with it.
        self.aws.write("sns", "delete_topic", missing=MISSING, TopicArn=live["TopicArn"])

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = self.aws.arn("sns", self.aws.region, name)
        return {"name": name, "topic_arn": arn, **wanted, "tags": wanted.get("tags") or {}}

    def result(self, name: str, live: Fields) -> Fields:
        subscriptions = [
            {
                "protocol": item["Protocol"],
                "endpoint": item["Endpoint"],
                "subscription_arn": item["SubscriptionArn"],
            }
            for item in live["Subscriptions"]
        ]
        normal = self.normalize(name, live)
        return {"name": name, "topic_arn": live["TopicArn"], **normal, "subscriptions": subscriptions}


def subscription_fault(item: Fields) -> str:
    """Why SNS would refuse a subscription, in words; empty when it takes it (SNS API, Subscribe, Endpoint)."""
    protocol, endpoint = item["protocol"], item["endpoint"]
    if protocol.startswith("email") and not EMAIL.fullmatch(endpoint):
        return "is no e-mail address"
    if protocol in ("http", "https") and not re.match(rf"{protocol}://[^/\s]", endpoint):
        return f"is no URL that begins with {protocol}://"
    if protocol in ("http", "https") and re.match(r"https?://[^/]*@", endpoint):
        # SNS shows stars in place of the password, so that it could not be compared either.
        return "holds a password in clear text; let the endpoint check SNS's signature instead"
    if protocol in ("lambda", "sqs") and not endpoint.startswith("arn:"):
        return "must be an ARN"
    return ""


def _text(value: str | Fields) -> str:
    return policy_text(value) if isinstance(value, dict) else value


def _sorted_subscriptions(items) -> list[dict[str, str]]:
    return [
        {"protocol": protocol, "endpoint": endpoint}
        for protocol, endpoint in sorted({(item["protocol"], item["endpoint"]) for item in items})
    ]

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parameters of Systems Manager that hold a text or a JSON document, and never a secret."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

MISSING = ("ParameterNotFound", "InvalidResourceId")

#: Bytes that a parameter holds, by tier: Systems Manager API, PutParameter, Value and Tier.
LARGEST = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}


class SsmParameter(Kind):
    """A parameter of type String, found by its name."""

    noun = "ssm_parameter"
    nested = ("value",)
    exists = ("ParameterAlreadyExists",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {name: self._parameter(name) for name in names}
        return {name: parameter for name, parameter in found.items() if parameter}

    def _parameter(self, name: str) -> Fields | None:
        parameter = self.aws.read("ssm", "get_parameter", "Parameter", missing=MISSING, Name=name)
        if parameter is None:
            return None
        filters = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
        described = self.aws.read("ssm", "describe_parameters", "Parameters", ParameterFilters=filters)
        tags = self.aws.read(
            "ssm", "list_tags_for_resource", "TagList", missing=MISSING, ResourceType="Parameter", ResourceId=name
        )
        return {**next(iter(described), {}), **parameter, "Tags": tags}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "value": document(live["Value"]),
            "description": live.get("Description", ""),
            "tier": live.get("Tier", "Standard"),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        return {**wanted, "value": document(wanted["value"])}

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        if wanted.get("tier") == "Intelligent-Tiering":
            # AWS chooses; a parameter that has become an advanced one stays it.
            return {**wanted, "tier": live.get("Tier", "Standard")}
        return wanted

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if live is not None and live["Type"] != "String":
            raise WebstackError(
                f"ssm_parameter {name} is of type {live['Type']}, not String", "choose another name, or remove it first"
            )
        if wanted is None:
            return
        tier = self.options["tier"]
        size, most = len(text(wanted["value"]).encode()), LARGEST[tier]
        if not 1 <= size <= most:
            raise WebstackError(
                f"ssm_parameter {name}: its value has {size} bytes, and one of tier {tier} holds 1 to {most}",
                "publish less, or choose the tier Intelligent-Tiering",
            )
        if live is not None and live.get("Tier") == "Advanced" and wanted.get("tier") == "Standard":
            raise WebstackError(
                f"ssm_parameter {name}: AWS cannot make a standard parameter of an advanced one",
                "remove it and run again, or use the tier Advanced",
            )

    def create(self, name: str, wanted: Fields) -> None:
        self._put(name, wanted, Tags=tags_to_list(wanted.get("tags") or {}))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed - {"tags"}:
            # What is not given goes along as it is, so that nothing is lost whatever AWS does with what is missing.
            self._put(name, {**self.normalize(name, live), **wanted}, Overwrite=True)
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live.get("Tags")), wanted["tags"])
            resource: Fields = {"ResourceType": "Parameter", "ResourceId": name}
            if to_set:
                self.aws.write("ssm", "add_tags_to_resource", Tags=tags_to_list(to_set), **resource)
            if to_remove:
                self.aws.write("ssm", "remove_tags_from_resource", TagKeys=to_remove, **resource)

    def _put(self, name: str, wanted: Fields, **arguments: t.Any) -> None:
        if wanted.get("description"):
            arguments["Description"] = wanted["description"]
        self.aws.write(
            "ssm",
            "put_parameter",
            Name=name,
            Value=text(wanted["value"]),
            Type="String",
            Tier=self.options["tier"],
            **arguments,
        )

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("ssm", "delete_parameter", missing=MISSING, Name=name)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("ssm", self.aws.region, f"parameter/{name.lstrip('/')}")
        return {"name": name, "arn": arn, **wanted, "tags": wanted.get("tags") or {}}

    def result(self, name: str, live: Fields) -> Fields:
        return {"name": name, "arn": live["ARN"], **self.normalize(name, live)}


def document(value: t.Any) -> t.Any:
    """A value in the form in which it compares: what is written as a JSON object is that object."""
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return parsed if isinstance(parsed, dict) else value


def text(value: t.Any) -> str:
    """A value as it is stored; the same object is always the same text."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of Secrets Manager that are JSON objects, and where the values of their fields come from."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import name_fault
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._plan import Kept
from ansible_collections.webstack.aws.plugins.module_utils._resource import Change, Fields, Kind, Outcome, check_owner
from ansible_collections.webstack.aws.plugins.module_utils._secret_values import (
    GENERATED_LENGTH,
    GENERATED_LENGTHS,
    generate,
    names_in,
    parse,
    read_value,
    read_values,
    render,
)
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

SOURCES = ("value", "generate", "from_env", "from_secret", "template")
FIELD = ArgumentSpecValidator(
    {
        "value": {"type": "str"},
        "generate": {"type": "dict", "options": {"length": {"type": "int", "default": GENERATED_LENGTH}}},
        "from_env": {"type": "str"},
        "until_set": {"type": "str"},
        "from_secret": {"type": "str"},
        "template": {"type": "str"},
    },
    mutually_exclusive=[SOURCES],
    required_one_of=[SOURCES],
    required_by={"until_set": "from_env"},
)

#: AWS Secrets Manager User Guide, quotas: size of a secret value in bytes.
VALUE_BYTES = 65536

#: The key that Secrets Manager takes where none is given.
OWN_KEY = "alias/aws/secretsmanager"

#: How long a deleted secret can be restored where nobody says otherwise (Secrets Manager API, DeleteSecret).
RECOVERY_DAYS = 30

#: Restoring and deleting take a moment to be known everywhere.
PROPAGATING = r"^InvalidRequestException: .*(scheduled|marked) for deletion"

#: How the plan names what happens to fields. Their values are never shown.
FIELD_CHANGES = ("added_fields", "changed_fields", "removed_fields")


class Plan(t.NamedTuple):
    """values: all fields as they shall be. pending: templates that cannot be rendered yet."""

    values: dict[str, t.Any]
    pending: list[str]


class Secret(Kind):
    """A secret, found by its name. One that is scheduled for deletion counts as absent and is restored when wanted."""

    noun = "secret"
    not_compared = ("pending_fields",)
    is_restored = True

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        # Values stay here and out of `live` and `wanted`, from which results and diffs are made.
        self._values: dict[str, dict[str, t.Any]] = {}
        self._plans: dict[str, Plan] = {}
        self._deleted: dict[str, Fields] = {}

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            secret = self.aws.read(
                "secretsmanager", "describe_secret", missing=("ResourceNotFoundException",), SecretId=name
            )
            if not secret:
                continue
            found[name] = secret
            if self.is_going(secret):
                self._deleted[name] = secret
            else:
                self._values[name] = read_values(self.aws, name) or {}
        return found

    def is_going(self, live: Fields) -> bool:
        return bool(live.get("DeletedDate"))

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "description": live.get("Description", ""),
            "kms_key_id": live.get("KmsKeyId", ""),
            "fields": sorted(self._values.get(name, {})),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        """The options without the fields' sources; what those come to is kept aside, and only names of fields go on.

        Not as pure as elsewhere: it reads environment variables and other secrets.
        """
        normal: Fields = {key: wanted[key] for key in ("description", "kms_key_id", "tags") if key in wanted}
        live = self._values.get(name, {})
        plan = self._plans[name] = self._plan(live)
        normal.update(changed_names(live, plan.values))
        if plan.pending:
            normal["pending_fields"] = plan.pending
        if name in self._deleted:
            normal["restored"] = True
        return normal

    def _plan(self, live: Fields) -> Plan:
        sources = {name: field_source(name, source) for name, source in (self.options.get("fields") or {}).items()}
        return plan_values(
            sources,
            live,
            self.options.get("template_values") or {},
            other_secret=lambda text: read_value(self.aws, secret_reference(text)),
            purge=bool(self.options.get("purge_fields")),
            defer=bool(self.options.get("defer_templates")),
            patient=self.aws.check_mode,
        )

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        # Secrets Manager names no key where it is AWS's own.
        if same_key(live.get("KmsKeyId") or OWN_KEY, wanted.get("kms_key_id", "")):
            return {**wanted, "kms_key_id": live.get("KmsKeyId", "")}
        return wanted

    def kept(self, name: str, live: Fields, wanted: Fields) -> list[Kept]:
        """Whoever rotates the secret owns what is generated once; values are never told."""
        if not live.get("RotationEnabled"):
            return []
        fields = self.options.get("fields") or {}
        generated = [field for field, source in fields.items() if (source or {}).get("generate") is not None]
        return [
            Kept(f"fields.{field}", "rotated", "generated", "rotation")
            for field in generated
            if field in self._values.get(name, {})
        ]

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            days = self.options.get("recovery_window_in_days")
            if days == 0:
                return ["its values are lost at once, and cannot be restored"]
            return [f"it can be restored for {days or RECOVERY_DAYS} days"]
        notes = []
        if outcome.action == "create" and name in self._deleted:
            notes.append("restored: it was scheduled for deletion")
        if {change.field for change in outcome.changes} & {"changed_fields", "removed_fields"}:
            notes.append("tasks that run keep the values that they began with, until they are started anew")
        pending = (outcome.wanted or {}).get("pending_fields")
        if pending:
            notes.append(f"cannot be put together yet: {', '.join(pending)}")
        return notes

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        if name in self._deleted:
            check_owner(self, name, self._deleted[name], wanted.get("tags"))
        fault = name_fault(name, "secret")
        if fault:
            raise WebstackError(f"secret {name} {fault}", "choose another name")
        if len(json.dumps(self._plans[name].values).encode()) > VALUE_BYTES:
            raise WebstackError(
                f"the fields of secret {name} are more than {VALUE_BYTES} bytes together",
                "put some into another secret",
            )

    def create(self, name: str, wanted: Fields) -> None:
        if name in self._deleted:
            self._restore(name, wanted)
            return
        arguments = _settings(wanted)
        if wanted.get("tags"):
            arguments["Tags"] = tags_to_list(wanted["tags"])
        self.aws.write(
            "secretsmanager",
            "create_secret",
            propagating=PROPAGATING,
            Name=name,
            SecretString=json.dumps(self._plans[name].values),
            **arguments,
        )

    def _restore(self, name: str, wanted: Fields) -> None:
        """Bring back a secret in its recovery window, in which nobody can use its name; its values are kept as ever."""
        self.aws.write("secretsmanager", "restore_secret", SecretId=name)
        # A read, sent like a write because only those are repeated until AWS knows that the secret is back.
        answer = self.aws.write(
            "secretsmanager",
            "get_secret_value",
            propagating=PROPAGATING,
            missing=("ResourceNotFoundException",),
            SecretId=name,
        )
        self._plans[name] = self._plan(parse(answer["SecretString"], name) if answer else {})
        self.update(name, self._deleted[name], wanted, {"added_fields", *wanted})

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        arguments = _settings({field: value for field, value in wanted.items() if field in changed})
        if changed & set(FIELD_CHANGES):
            arguments["SecretString"] = json.dumps(self._plans[name].values)
        if arguments:
            self.aws.write("secretsmanager", "update_secret", propagating=PROPAGATING, SecretId=name, **arguments)
        if "tags" in changed and wanted["tags"] is not None:
            to_set, to_remove = tag_changes(tags_to_dict(live.get("Tags")), wanted["tags"])
            if to_set:
                self.aws.write("secretsmanager", "tag_resource", SecretId=name, Tags=tags_to_list(to_set))
            if to_remove:
                self.aws.write("secretsmanager", "untag_resource", SecretId=name, TagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        days = self.options.get("recovery_window_in_days")
        how: Fields = {"RecoveryWindowInDays": days} if days else {}
        if days == 0:
            how = {"ForceDeleteWithoutRecovery": True}
        self.aws.write("secretsmanager", "delete_secret", missing=("ResourceNotFoundException",), SecretId=name, **how)

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "arn": live["ARN"],
            "name": live["Name"],
            "description": live.get("Description", ""),
            "kms_key_id": live.get("KmsKeyId", ""),
            "keys": sorted(self._values.get(name, {})),
            "pending_fields": self._plans[name].pending,
            "tags": tags_to_dict(live.get("Tags")),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        arn = placeholder_arn("secretsmanager", self.aws.region, f"secret:{name}-000000")
        return {
            "arn": self._deleted.get(name, {}).get("ARN", arn),
            "name": name,
            "description": wanted.get("description", ""),
            "kms_key_id": wanted.get("kms_key_id", ""),
            "keys": sorted(self._plans[name].values),
            "pending_fields": self._plans[name].pending,
            "tags": wanted.get("tags") or {},
        }

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        after = {change.field: change.after for change in changes if change.field not in FIELD_CHANGES}
        return {**self.result(name, live), **after, "keys": sorted(self._plans[name].values)}


def field_source(name: str, source: t.Any) -> Fields:
    """Where the value of field ``name`` comes from, checked, without what is not given. Raises WebstackError."""
    next_step = f"give it exactly one of {', '.join(SOURCES)}"
    if not isinstance(source, dict):
        raise WebstackError(f"field {name} does not say where its value comes from", next_step)
    checked = FIELD.validate({key: value for key, value in source.items() if value is not None})
    if checked.error_messages:
        raise WebstackError(f"field {name}: {checked.error_messages[0]}", next_step)
    given = {key: value for key, value in checked.validated_parameters.items() if value is not None}
    length = given.get("generate", {}).get("length", GENERATED_LENGTH)
    if length not in GENERATED_LENGTHS:
        raise WebstackError(
            f"field {name}: a generated value of {length} characters is not accepted by RDS and ElastiCache",
            f"ask for {GENERATED_LENGTHS[0]} to {GENERATED_LENGTHS[-1]} characters",
        )
    return given


def secret_reference(text: str) -> dict[str, str]:
    """``name:key`` or ``arn:key`` as the reference that it is. Raises WebstackError."""
    secret_id, colon, key = text.rpartition(":")
    if not colon or not secret_id or not key or (text.startswith("arn:") and text.count(":") < 7):
        raise WebstackError(f"{text!r} does not name a key of a secret", "write from_secret as name:key or arn:key")
    return {"secret_id": secret_id, "key": key}


def plan_values(
    sources: t.Mapping[str, Fields],
    live: t.Mapping[str, t.Any],
    template_values: t.Mapping[str, t.Any],
    other_secret: t.Callable[[str], str],
    purge: bool = False,
    defer: bool = False,
    patient: bool = False,
) -> Plan:
    """All fields of the secret as they shall be. Raises WebstackError.

    A generated value is made once and kept. A field of an environment variable that is not set keeps its value too.
    Templates come last and in their order, and may use all other fields, live ones that nobody names here, and
    ``template_values``, in which an empty value is one that is not known yet. What cannot be rendered is pending with
    ``defer``, and with ``patient`` (check mode) where just such values lack; else it is an error.
    """
    values = {} if purge else dict(live)
    templates = {}
    for name, source in sources.items():
        if "template" in source:
            templates[name] = source["template"]
            if name in live:
                values[name] = live[name]
        elif "generate" in source:
            values[name] = live[name] if name in live else generate(source["generate"]["length"])
        elif "from_env" in source:
            values[name] = os.environ.get(source["from_env"], live.get(name, source.get("until_set")))
            if values[name] is None:
                raise WebstackError(
                    f"field {name} has no value: the environment variable {source['from_env']} is not set",
                    f"set {source['from_env']} in the environment that this runs in, for this first time; "
                    "or say in until_set what the field holds until then",
                )
        elif "from_secret" in source:
            values[name] = other_secret(source["from_secret"])
        else:
            values[name] = source["value"]
        # A number that some other tool wrote stays a number as long as it says the same.
        if name in live and name in values and str(live[name]) == str(values[name]):
            values[name] = live[name]
    pending = []
    for name, template in templates.items():
        told = {key: value for key, value in template_values.items() if value not in (None, "")}
        known = {**told, **{key: value for key, value in values.items() if key not in pending}}
        unknown = [needed for needed in names_in(template) if known.get(needed) is None]
        if not unknown:
            values[name] = render(template, known)
        elif not defer and not (patient and set(unknown) <= set(template_values)):
            raise WebstackError(
                f"field {name}: its template names {', '.join(unknown)}, of which nothing is known",
                "give them in template_values, or make them fields of this secret",
            )
        elif name not in live:
            pending.append(name)
    return Plan(values, pending)


def changed_names(live: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any]) -> dict[str, list[str]]:
    """Which fields are added, changed and removed, by name; what happens to none is left out."""
    names = {
        "added_fields": sorted(set(wanted) - set(live)),
        "changed_fields": sorted(name for name in wanted if name in live and live[name] != wanted[name]),
        "removed_fields": sorted(set(live) - set(wanted)),
    }
    return {change: fields for change, fields in names.items() if fields}


def same_key(live: str, wanted: str) -> bool:
    """Whether two spellings (ARN, id, alias, ARN of an alias) name one KMS key.

    Which key an alias stands for only AWS knows: an alias equals itself alone.
    """
    if not live or not wanted:
        return False
    return live == wanted or live.endswith((f"/{wanted}", f":{wanted}")) or wanted.endswith((f"/{live}", f":{live}"))


def _settings(wanted: Fields) -> Fields:
    names = {"description": "Description", "kms_key_id": "KmsKeyId"}
    return {names[field]: value for field, value in wanted.items() if field in names}

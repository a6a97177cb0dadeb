"""Route 53 as AWS has it, where moto differs: batches are checked as a whole before anything is changed.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from __future__ import annotations

import ipaddress
import random
import string
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.route53.models import RecordSet, Route53Backend
from moto.route53.responses import Route53

from tests.emulator.errors import AwsError
from tests.emulator.extend import named, wrap
from tests.emulator.services.acm import look_for_records


def install() -> None:
    """Extend moto."""
    _zones()
    _records()
    _changes()


def _zones() -> None:
    @wrap(Route53Backend, "create_hosted_zone")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        reference = given.get("caller_reference")
        if reference and any(zone.caller_reference == reference for zone in self.zones.values()):
            message = "A hosted zone has already been created with the specified caller reference."
            raise AwsError("HostedZoneAlreadyExists", message, 409)
        zone = original(self, **given)
        for record in zone.rrsets:
            # moto wraps the text of its start of authority once too often
            record.records = [item["Value"] if isinstance(item, dict) else item for item in record.records]
        return zone


def _records() -> None:
    def change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        zone = self.get_hosted_zone(zoneid)
        records = list(zone.rrsets)
        problems: list[str] = []
        for item in change_list:
            wanted = _record(item["ResourceRecordSet"])
            records, problem = _apply(zone, records, item["Action"], wanted)
            problems += [problem] if problem else []
        if problems:
            raise AwsError("InvalidChangeBatch", f"[{', '.join(problems)}]")
        zone.rrsets = records
        look_for_records(self.account_id)

    Route53Backend.change_resource_record_sets = change  # type: ignore[method-assign]


def _record(given: dict[str, Any]) -> RecordSet:
    """A record set as it is kept: lower case, with its final dot, values without their wrapping."""
    name = given["Name"].lower().rstrip(".") + "."
    has_values = "ResourceRecords" in given and "TTL" in given
    if has_values == ("AliasTarget" in given):
        found = "more than one" if has_values else "none"
        message = (
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
            f"TrafficPolicyInstanceId], but found {found} in Change with [Name={name}, Type={given['Type']}, "
            f"SetIdentifier={given.get('SetIdentifier', 'null')}]"
        )
        raise AwsError("InvalidInput", message)
    values = [item["Value"] if isinstance(item, dict) else item for item in given.get("ResourceRecords", [])]
    return RecordSet(given | {"Name": name, "ResourceRecords": values})  # type: ignore[abstract]


def _key(record: RecordSet) -> tuple[Any, ...]:
    # AWS writes an asterisk as \052 and takes both
    return record.name.replace("\\052", "*"), record.type, record.set_identifier


def _content(record: RecordSet) -> tuple[Any, ...]:
    alias = record.alias_target and (
        record.alias_target.get("HostedZoneId"),
        str(record.alias_target.get("DNSName", "")).lower().rstrip("."),
        str(record.alias_target.get("EvaluateTargetHealth", False)).lower(),
    )
    return alias, None if record.ttl is None else int(record.ttl), sorted(map(str, record.records or []))


def _apply(zone: Any, records: list[RecordSet], action: str, wanted: RecordSet) -> tuple[list[RecordSet], str | None]:
    """The records after one change, or the reason why it cannot be made."""
    held = next((record for record in records if _key(record) == _key(wanted)), None)
    shown = f"[name='{wanted.name}', type='{wanted.type}']"
    if action == "DELETE":
        if held is None:
            return records, f"Tried to delete resource record set {shown} but it was not found"
        if _content(held) != _content(wanted):
            return records, (
                f"Tried to delete resource record set {shown} but the values provided do not match the current values"
            )
        if wanted.name == zone.name and wanted.type in ("NS", "SOA"):
            needed = "at least one NS record" if wanted.type == "NS" else "exactly one SOA record"
            return records, f"A HostedZone must contain {needed} for the zone itself."
        return [record for record in records if record is not held], None
    if action == "CREATE" and held is not None:
        return records, f"Tried to create resource record set {shown} but it already exists"
    problem = _problem(zone, [record for record in records if record is not held], wanted)
    if problem:
        return records, problem
    return [record for record in records if record is not held] + [wanted], None


def _problem(zone: Any, others: list[RecordSet], wanted: RecordSet) -> str | None:
    zone_name = zone.name.rstrip(".")
    if wanted.name != zone.name and not wanted.name.endswith(f".{zone.name}"):
        return f"RRSet with DNS name {wanted.name} is not permitted in zone {zone_name}."
    if wanted.type == "CNAME" and wanted.name == zone.name:
        return f"RRSet of type CNAME with DNS name {wanted.name} is not permitted at apex in zone {zone_name}."
    for other in others:
        if other.name == wanted.name and other.type != wanted.type and "CNAME" in (other.type, wanted.type):
            return (
                f"RRSet of type {wanted.type} with DNS name {wanted.name} is not permitted because a conflicting "
                f"RRSet of type {other.type} with the same DNS name already exists in zone {zone_name}."
            )
    return next(filter(None, (_value_problem(wanted.type, str(value)) for value in wanted.records or [])), None)


def _value_problem(kind: str | None, value: str) -> str | None:
    versions = {"A": (4, "ARRDATAIllegalIPv4Address", "IPv4"), "AAAA": (6, "AAAARRDATAIllegalIPv6Address", "IPv6")}
    if kind in versions:
        version, name, label = versions[kind]
        try:
            valid = ipaddress.ip_address(value).version == version
        except ValueError:
            valid = False
        if not valid:
            return (
                f"Invalid Resource Record: 'FATAL problem: {name} (Value is not a valid {label} address) "
                f"encountered with '{value}''"
            )
    if kind == "TXT" and not (value.startswith('"') and value.endswith('"')):
        return (
            "Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation "
            f"marks) encountered with '{value}''"
        )
    return None


def _changes() -> None:
    """Changes have ids of their own, and an unknown id is refused. They are in sync at once."""

    def new_change(self: Any) -> dict[str, Any]:
        change_id = "C" + "".join(random.choices(string.ascii_uppercase + string.digits, k=20))
        known = self.backend.__dict__.setdefault("_changes", {})
        known[change_id] = {"Id": f"/change/{change_id}", "Status": "INSYNC", "SubmittedAt": utcnow()}
        return known[change_id]

    @wrap(Route53, "change_resource_record_sets")
    def change_records(original: Any, self: Any) -> ActionResult:
        original(self)
        comment = self._get_param("ChangeBatch.Comment")
        return ActionResult({"ChangeInfo": new_change(self) | ({"Comment": comment} if comment else {})})

    for name in ("create_hosted_zone", "delete_hosted_zone"):

        @wrap(Route53, name)
        def with_change(original: Any, self: Any) -> ActionResult:
            answer = original(self)
            answer._result["ChangeInfo"] = new_change(self)
            return answer

    def get_change(self: Any) -> ActionResult:
        change_id = self._get_param("Id").rpartition("/")[2]
        known = self.backend.__dict__.get("_changes", {})
        if change_id not in known:
            raise AwsError("NoSuchChange", f"Could not find resource with ID: {change_id}", 404)
        return ActionResult({"ChangeInfo": known[change_id]})

    Route53.get_change = get_change  # type: ignore[method-assign]

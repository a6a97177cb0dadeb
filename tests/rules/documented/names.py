"""Route 53 and ACM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_CHANGE = "route53:ChangeResourceRecordSets"
_FORMAT = page("Route53/latest/DeveloperGuide/DomainNameFormat.html")
_TYPES = page("Route53/latest/DeveloperGuide/ResourceRecordTypes.html")
_LABEL = r"([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?|\\052|\*)"


def _records(request: Request) -> list[dict[str, Any]]:
    return [change["ResourceRecordSet"] for change in request.get("ChangeBatch", {}).get("Changes", [])]


def _zone_of(request: Request, world: World) -> str | None:
    """The name of the zone that a change is in."""
    for made in world.done("route53:CreateHostedZone"):
        if made.answer["HostedZone"]["Id"].rpartition("/")[2] == request.get("HostedZoneId", "").rpartition("/")[2]:
            return str(made.get("Name")).rstrip(".").lower()
    return None


@rule(_CHANGE, source=api("route53", "ResourceRecordSet"))
def forms_of_records(request: Request, _world: World) -> Iterator[str]:
    """A record has a time to live and values, or is an alias; an alias has no time to live."""
    for record in _records(request):
        values = record.get("TTL") is not None and bool(record.get("ResourceRecords"))
        some = record.get("TTL") is not None or bool(record.get("ResourceRecords"))
        if bool(record.get("AliasTarget")) == some or some != values:
            yield f"{record['Name']} has {', '.join(sorted(record))}"


@rule(_CHANGE, "route53:CreateHostedZone", source=_FORMAT)
def names_of_records(request: Request, _world: World) -> Iterator[str]:
    """A name has at most 255 characters, and labels of at most 63 letters, digits, hyphens and underscores, no hyphen
    first or last; an asterisk stands for the whole first label."""
    for name in [record["Name"] for record in _records(request)] or [request.get("Name", "")]:
        yield from text_problem("a name", name, rf"({_LABEL}\.)*{_LABEL}\.?", 255)


@rule(_CHANGE, source=_FORMAT)
def records_in_their_zone(request: Request, world: World) -> Iterator[str]:
    """A record's name is the zone's or ends with it."""
    zone = _zone_of(request, world)
    for record in _records(request) if zone else []:
        name = record["Name"].rstrip(".").lower()
        if name != zone and not name.endswith(f".{zone}"):
            yield f"{name} is not in {zone}"


@rule(_CHANGE, source=_TYPES)
def aliases_of_names(request: Request, world: World) -> Iterator[str]:
    """A CNAME has one value and is not the zone's own name; AWS's targets of aliases have records of types A and
    AAAA."""
    zone = _zone_of(request, world)
    for record in _records(request):
        is_apex = record["Name"].rstrip(".").lower() == zone
        if record["Type"] == "CNAME" and (is_apex or len(record.get("ResourceRecords", [])) > 1):
            yield f"{record['Name']} is a CNAME"
        alias = record.get("AliasTarget", {}).get("DNSName", "")
        if alias.rstrip(".").endswith(".amazonaws.com") and record["Type"] not in ("A", "AAAA"):
            yield f"{record['Name']} is an alias of type {record['Type']}"


@rule(_CHANGE, source=_TYPES)
def values_of_records(request: Request, _world: World) -> Iterator[str]:
    """Texts are in quotation marks, of at most 255 characters each; addresses are addresses; no value comes twice."""
    forms = {
        "A": r"(\d{1,3}\.){3}\d{1,3}",
        "AAAA": r"[0-9A-Fa-f:.]+",
        "TXT": r'"([^"\\]|\\.){0,255}"( "([^"\\]|\\.){0,255}")*',
        "CNAME": r"[A-Za-z0-9_.*\\-]+",
    }
    for record in _records(request):
        values = [one["Value"] for one in record.get("ResourceRecords", [])]
        for value in values:
            yield from text_problem(f"{record['Name']}'s value", value, forms.get(record["Type"], r".*"))
        if len(set(values)) < len(values):
            yield f"{record['Name']} has {', '.join(values)}"


@rule(_CHANGE, source=api("route53", "ChangeResourceRecordSets"))
def sizes_of_changes(request: Request, _world: World) -> Iterator[str]:
    """A request has at most 1000 records and 32000 characters of values; those that are upserted count twice."""
    changes = request.get("ChangeBatch", {}).get("Changes", [])
    weights = [2 if change["Action"] == "UPSERT" else 1 for change in changes]
    yield from range_problem("the number of records", sum(weights), 1, 1000)
    characters = sum(
        weight * len(value["Value"])
        for weight, change in zip(weights, changes, strict=True)
        for value in change["ResourceRecordSet"].get("ResourceRecords", [])
    )
    yield from range_problem("the number of characters", characters, 0, 32000)


@rule("acm:RequestCertificate", source=api("acm", "RequestCertificate"))
def names_of_certificates(request: Request, _world: World) -> Iterator[str]:
    """A certificate's first name has at most 64 characters, every other at most 253; an asterisk stands for the whole
    first label; ten names are the quota that accounts have."""
    first, others = request.get("DomainName", ""), request.get("SubjectAlternativeNames", [])
    domain = r"(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
    yield from text_problem("DomainName", first, domain, 64)
    for name in others:
        yield from text_problem("a name", name, domain, 253)
    yield from range_problem("the number of names", len({first, *others}), 1, 10)


@rule("acm:RequestCertificate", source=api("acm", "RequestCertificate"))
def tokens_of_certificates(request: Request, _world: World) -> Iterator[str]:
    """An idempotency token has at most 32 letters, digits and underscores."""
    yield from text_problem("IdempotencyToken", request.get("IdempotencyToken"), r"\w+", 32)


@rule("route53:CreateHostedZone", source=api("route53", "CreateHostedZone"))
def references_of_zones(request: Request, world: World) -> Iterator[str]:
    """Each request for a zone has a reference of its own of at most 128 characters."""
    reference = request.get("CallerReference", "")
    yield from range_problem("its length", len(reference), 1, 128)
    if reference in [made.get("CallerReference") for made in world.done("route53:CreateHostedZone")]:
        yield f"{reference} was used"


@rule(_CHANGE, source=page("Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html"))
def lives_of_records(request: Request, _world: World) -> Iterator[str]:
    """A time to live is 0 to 2147483647 s."""
    for record in _records(request):
        yield from range_problem(f"{record['Name']}'s TTL", record.get("TTL"), 0, 2147483647)
        if re.search(r"\s", record["Name"]):
            yield f"{record['Name']!r} has spaces"


RULES: tuple[Rule, ...] = (
    forms_of_records,
    names_of_records,
    records_in_their_zone,
    aliases_of_names,
    values_of_records,
    sizes_of_changes,
    names_of_certificates,
    tokens_of_certificates,
    references_of_zones,
    lives_of_records,
)

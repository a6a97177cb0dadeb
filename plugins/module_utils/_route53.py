# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Public Route 53 zones, and records in zones that may be somebody else's."""

from __future__ import annotations

import typing as t
import uuid

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import shorten
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    OWNER_TAGS,
    tag_changes,
    tags_to_dict,
    tags_to_list,
)

#: What check mode returns as the id of a zone that is still to be made.
PLACEHOLDER_ZONE = f"Z{'0' * 13}"

#: Route 53 carries out one change of a zone after the other.
BUSY = r"^PriorRequestNotComplete"

#: Amazon Route 53 API, ChangeTagsForResource, AddTags.
MOST_TAGS = 10

#: The time to live of a new record for which none is given, in seconds.
TTL = 300

#: Types whose values are domain names, in which Route 53 and people put the last dot or leave it out.
DOMAIN_VALUED = ("CNAME", "NS", "PTR")


#: How long answers for an alias to a load balancer are kept (Route 53 Developer Guide, "Choosing between alias and
#: non-alias records").
ALIAS_TTL = 60


class Route53Zone(Kind):
    """A public hosted zone, found by its name."""

    noun = "route53_zone"
    exists = ("HostedZoneAlreadyExists",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            # Where there are several of the name, the one that is ours.
            zones = sorted(public_zones(self.aws, name), key=lambda zone: not _owns(zone, self.options.get("tags")))
            for zone in zones[:1]:
                zone_id = _bare_id(zone["Id"])
                detail = self.aws.read("route53", "get_hosted_zone", Id=zone_id)
                tags = self.aws.read(
                    "route53", "list_tags_for_resource", "ResourceTagSet", ResourceType="hostedzone", ResourceId=zone_id
                )
                servers = detail.get("DelegationSet", {}).get("NameServers", [])
                found[name] = {**detail["HostedZone"], "NameServers": servers, "Tags": tags_to_dict(tags.get("Tags"))}
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        return {"comment": live.get("Config", {}).get("Comment", ""), "tags": live["Tags"]}

    def adopts(self, name: str, live: Fields) -> bool:
        # A zone takes no tags in the call that makes it. Its caller reference, which never changes, says whose it is.
        return not live["Tags"] and _owns(live, self.options.get("tags"))

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "create":
            return ["the zone above has to name its name servers before anybody sees it"]
        return ["a zone made anew has other name servers"] if outcome.action == "delete" else []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        count = len((wanted or {}).get("tags") or {})
        if count > MOST_TAGS:
            raise WebstackError(
                f"route53_zone {name}: Route 53 takes {MOST_TAGS} tags on a zone, not {count}", "give fewer tags"
            )

    def create(self, name: str, wanted: Fields) -> None:
        made = self.aws.write(
            "route53",
            "create_hosted_zone",
            Name=name,
            CallerReference=f"{owner_reference(wanted.get('tags'))}{uuid.uuid4()}",
            HostedZoneConfig={"Comment": wanted.get("comment", ""), "PrivateZone": False},
        )
        if wanted.get("tags"):
            self._tag(_bare_id(made["HostedZone"]["Id"]), wanted["tags"], [])

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        zone_id = _bare_id(live["Id"])
        if "comment" in changed:
            self.aws.write("route53", "update_hosted_zone_comment", Id=zone_id, Comment=wanted["comment"])
        if "tags" in changed:
            self._tag(zone_id, *tag_changes(live["Tags"], wanted["tags"]))

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(
            "route53", "delete_hosted_zone", missing=("NoSuchHostedZone",), propagating=BUSY, Id=_bare_id(live["Id"])
        )

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "zone_id": _bare_id(live["Id"]),
            "name": _bare_name(live["Name"]),
            "name_servers": live["NameServers"],
            **self.normalize(name, live),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {"zone_id": PLACEHOLDER_ZONE, "name": _bare_name(name), "name_servers": [], "tags": {}, **wanted}

    def _tag(self, zone_id: str, to_set: t.Mapping[str, str], to_remove: list[str]) -> None:
        changes: Fields = {"AddTags": tags_to_list(to_set)} if to_set else {}
        if to_remove:
            changes["RemoveTagKeys"] = to_remove
        self.aws.write(
            "route53",
            "change_tags_for_resource",
            propagating=BUSY,
            ResourceType="hostedzone",
            ResourceId=zone_id,
            **changes,
        )


class Route53Record(Kind):
    """A record set without a routing policy, named by its name and type. Records carry no tags."""

    noun = "route53_record"
    plural = "route53_records"

    def __init__(self, aws: Aws):
        super().__init__(aws)
        self._zone: str | None = None

    @property
    def zone_id(self) -> str:
        """The zone's id: the one given, or that of the one public zone of the given name; empty when there is none."""
        if self._zone is None:
            self._zone = self.options.get("zone_id") or self._find_zone(self.options["zone_name"])
        return self._zone

    def read(self, names: list[str]) -> dict[str, Fields]:
        if self.zone_id in ("", PLACEHOLDER_ZONE):
            return {}
        found = {}
        for name in names:
            domain, record_type = name.split(" ")
            # A zone may hold thousands of records, hence one short call for each that is meant.
            sets = self.aws.read(
                "route53",
                "list_resource_record_sets",
                "ResourceRecordSets",
                HostedZoneId=self.zone_id,
                StartRecordName=domain,
                StartRecordType=record_type,
                PaginationConfig={"MaxItems": 1, "PageSize": 1},
            )
            for live in sets:
                if _bare_name(live["Name"]) == _bare_name(domain) and live["Type"] == record_type:
                    found[name] = live
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        if "AliasTarget" in live:
            target = live["AliasTarget"]
            return {
                "alias_target": {
                    "dns_name": _bare_name(target["DNSName"]),
                    "hosted_zone_id": target["HostedZoneId"],
                    "evaluate_target_health": target.get("EvaluateTargetHealth", False),
                }
            }
        values = [record["Value"] for record in live.get("ResourceRecords", [])]
        return {"ttl": live.get("TTL"), "values": _values(live["Type"], values)}

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if "alias_target" in wanted:
            target = {"evaluate_target_health": False, **wanted["alias_target"]}
            return {"alias_target": {**target, "dns_name": _bare_name(target["dns_name"])}}
        return {**wanted, "values": _values(name.split(" ")[1], wanted.get("values", []))}

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action not in ("update", "delete"):
            return []
        seconds = (outcome.live or {}).get("TTL", ALIAS_TTL)
        return [f"for up to {seconds} seconds it is answered as before"]

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is not None and not self.zone_id and not self.aws.check_mode:
            raise WebstackError(
                f"route53_record {name}: there is no public zone {self.options['zone_name']} in this account",
                "make the zone first, or take another account's credentials",
            )
        if wanted is not None and not (wanted.get("alias_target") or wanted.get("values")):
            raise WebstackError(f"route53_record {name} points nowhere", "give it values or alias_target")
        if live and "SetIdentifier" in live:
            raise WebstackError(
                f"route53_record {name} is one of several with a routing policy, which this collection never makes",
                "choose another name, or remove those records first",
            )

    def create(self, name: str, wanted: Fields) -> None:
        self._change("UPSERT", record_set(name, {"ttl": TTL, **wanted}))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        self._change("UPSERT", record_set(name, {"ttl": live.get("TTL", TTL), **wanted}))

    def delete(self, name: str, live: Fields) -> None:
        self._change("DELETE", live)

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "name": _bare_name(live["Name"]),
            "type": live["Type"],
            "zone_id": self.zone_id,
            **self.normalize(name, live),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        domain, record_type = name.split(" ")
        zone_id = self.zone_id or PLACEHOLDER_ZONE
        ttl = {} if "alias_target" in wanted else {"ttl": TTL}
        return {"name": _bare_name(domain), "type": record_type, "zone_id": zone_id, **ttl, **wanted}

    def _find_zone(self, zone_name: str) -> str:
        zones = public_zones(self.aws, zone_name)
        if len(zones) > 1:
            ids = ", ".join(_bare_id(zone["Id"]) for zone in zones)
            raise WebstackError(f"there are several public zones {zone_name}: {ids}", "say which one with zone_id")
        return _bare_id(zones[0]["Id"]) if zones else ""

    def _change(self, action: str, changed: Fields) -> None:
        self.aws.write(
            "route53",
            "change_resource_record_sets",
            propagating=BUSY,
            HostedZoneId=self.zone_id,
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": changed}]},
        )


def public_zones(aws: Aws, name: str) -> list[Fields]:
    """The public zones with this name; AWS allows several."""
    zones = aws.read("route53", "list_hosted_zones_by_name", "HostedZones", DNSName=_bare_name(name))
    return [
        zone
        for zone in zones
        if _bare_name(zone["Name"]) == _bare_name(name) and not zone.get("Config", {}).get("PrivateZone", False)
    ]


def record_set(name: str, wanted: Fields) -> Fields:
    """A record as AWS takes it."""
    domain, record_type = name.split(" ")
    if "alias_target" in wanted:
        target = wanted["alias_target"]
        points_at: Fields = {
            "AliasTarget": {
                "DNSName": target["dns_name"],
                "HostedZoneId": target["hosted_zone_id"],
                "EvaluateTargetHealth": target["evaluate_target_health"],
            }
        }
    else:
        points_at = {"TTL": wanted["ttl"], "ResourceRecords": [{"Value": value} for value in wanted["values"]]}
    return {"Name": _bare_name(domain), "Type": record_type, **points_at}


def owner_reference(tags: t.Mapping[str, str] | None) -> str:
    """How the caller references of an owner's zones begin; AWS takes 128 characters in all, a UUID needs 36."""
    owner = "/".join((tags or {}).get(key, "") for key in OWNER_TAGS)
    return f"{shorten(f'webstack/{owner}', 80)}/"


def _owns(zone: Fields, tags: t.Mapping[str, str] | None) -> bool:
    return bool(tags) and zone.get("CallerReference", "").startswith(owner_reference(tags))


def _values(record_type: str, values: t.Iterable[str]) -> list[str]:
    if record_type in DOMAIN_VALUED:
        return sorted(value.rstrip(".") for value in values)
    if record_type == "TXT":
        return sorted(value if value.startswith('"') else f'"{value}"' for value in values)
    return sorted(values)


def _bare_name(name: str) -> str:
    """A domain name as it compares: lower case, no last dot, an asterisk as such (Route 53 writes its code)."""
    return name.lower().rstrip(".").replace("\\052", "*")


def _bare_id(zone_id: str) -> str:
    return zone_id.rpartition("/")[2]

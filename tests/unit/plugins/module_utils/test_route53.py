from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _route53 as route53
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

TAGS = {"webstack:stack": "shop", "webstack:environment": "test"}
ALIAS = {"dns_name": "A-1.elb.amazonaws.com", "hosted_zone_id": "Z1"}


def aws(zones=(), check_mode=False):
    return SimpleNamespace(region="us-east-1", subject="", check_mode=check_mode, read=lambda *a, **k: list(zones))


def records(zones=(), check_mode=False, **options):
    kind = route53.Route53Record(aws(zones, check_mode))
    kind.options = {"zone_id": None, "zone_name": "example.com", **options}
    return kind


def zone(number, name="example.com.", private=False):
    return {"Id": f"/hostedzone/Z{number}", "Name": name, "Config": {"PrivateZone": private}}


def test_zone_is_found_by_its_name_among_public_ones():
    assert records([zone(1, private=True), zone(2), zone(3, "example.org.")]).zone_id == "Z2"


def test_zone_id_is_used_as_it_is():
    assert records(zone_id="Z9").zone_id == "Z9"


def test_two_zones_of_a_name_are_refused():
    with pytest.raises(WebstackError, match=r"several public zones example.com: Z1, Z2"):
        _unused = records([zone(1), zone(2)]).zone_id


def test_missing_zone_is_an_error_and_in_check_mode_none():
    with pytest.raises(WebstackError, match=r"no public zone example.com"):
        records().refuse("a.example.com A", None, {"values": ["192.0.2.1"]})
    planned = records(check_mode=True)
    planned.refuse("a.example.com A", None, {"values": ["192.0.2.1"]})
    assert planned.read(["a.example.com A"]) == {}
    assert planned.placeholder("a.example.com A", {"values": ["192.0.2.1"]})["zone_id"] == route53.PLACEHOLDER_ZONE


def test_alias_is_the_same_with_dot_and_capitals():
    kind = records()
    live = {
        "Type": "A",
        "AliasTarget": {"DNSName": "a-1.elb.amazonaws.com.", "HostedZoneId": "Z1", "EvaluateTargetHealth": False},
    }
    assert kind.normalize("x A", live) == kind.normalize_wanted("x A", {"alias_target": ALIAS})


@pytest.mark.parametrize(
    ("record_type", "live", "wanted"),
    [
        ("CNAME", ["b.example.com."], ["b.example.com"]),
        ("TXT", ['"hello"'], ["hello"]),
        ("A", ["192.0.2.1", "192.0.2.2"], ["192.0.2.2", "192.0.2.1"]),
    ],
)
def test_values_are_the_same_however_they_are_spelt(record_type, live, wanted):
    kind = records()
    name = f"x {record_type}"
    live_set = {"Type": record_type, "TTL": 60, "ResourceRecords": [{"Value": value} for value in live]}
    assert kind.normalize(name, live_set)["values"] == kind.normalize_wanted(name, {"values": wanted})["values"]


@pytest.mark.parametrize(
    ("live", "wanted", "message"),
    [(None, {"values": []}, "points nowhere"), ({"SetIdentifier": "blue"}, {"values": ["x"]}, "routing policy")],
)
def test_record_that_cannot_be_wanted_is_refused(live, wanted, message):
    with pytest.raises(WebstackError, match=message):
        records(zone_id="Z1").refuse("x A", live, wanted)


def test_records_are_written_as_aws_takes_them():
    alias = {"alias_target": {**ALIAS, "evaluate_target_health": True}}
    assert route53.record_set("X.example.com. A", alias) == {
        "Name": "x.example.com",
        "Type": "A",
        "AliasTarget": {"DNSName": "A-1.elb.amazonaws.com", "HostedZoneId": "Z1", "EvaluateTargetHealth": True},
    }
    assert route53.record_set("x A", {"ttl": 5, "values": ["192.0.2.1"]}) == {
        "Name": "x", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "192.0.2.1"}],
    }  # fmt: skip


def test_zone_without_tags_is_adopted_when_its_reference_is_ours():
    kind = route53.Route53Zone(aws())
    kind.options = {"tags": TAGS}
    ours = f"{route53.owner_reference(TAGS)}1234"
    assert kind.adopts("example.com", {"Tags": {}, "CallerReference": ours})
    assert not kind.adopts("example.com", {"Tags": {}, "CallerReference": "somebody"})
    assert not kind.adopts("example.com", {"Tags": {"webstack:stack": "other"}, "CallerReference": ours})


def test_references_of_owners_are_short_and_differ():
    long = route53.owner_reference({"webstack:stack": "s" * 200, "webstack:environment": "test"})
    assert len(long) <= 81
    assert long != route53.owner_reference({"webstack:stack": "s" * 201, "webstack:environment": "test"})


def test_a_zone_takes_ten_tags():
    kind = route53.Route53Zone(aws())
    kind.refuse("example.com", None, {"tags": {f"tag{number}": "x" for number in range(10)}})
    kind.refuse("example.com", None, {})
    kind.refuse("example.com", {}, None)
    with pytest.raises(WebstackError, match="10 tags on a zone, not 11"):
        kind.refuse("example.com", None, {"tags": {f"tag{number}": "x" for number in range(11)}})


def test_tags_wait_for_an_earlier_change_of_the_zone():
    sent = []
    kind = route53.Route53Zone(SimpleNamespace(write=lambda *_names, **arguments: sent.append(arguments)))
    kind._tag("Z1", TAGS, [])
    assert sent[0]["propagating"] == route53.BUSY

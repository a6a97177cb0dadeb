"""Whose trails and recorders are, and what a recorder records."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._account_wide import is_marked
from ansible_collections.webstack.aws.plugins.module_utils._cloudtrail import NAME, standing
from ansible_collections.webstack.aws.plugins.module_utils._config_recorder import recording_group, whose

OURS = {"webstack:role": "account"}


def trail(name, region="us-east-1", **more):
    return {"Name": name, "HomeRegion": region, "TrailARN": f"arn:{region}:{name}", **more}


def test_the_mark_tells_what_is_ours():
    assert is_marked(OURS, OURS)
    assert not is_marked({}, OURS)
    assert not is_marked({"webstack:role": "storage"}, OURS)
    assert is_marked({}, {"team": "web"})
    assert is_marked({}, None)


def test_our_trail_is_the_one_of_its_name_at_home():
    own = trail("webstack")
    assert standing("webstack", [trail("theirs"), own], "us-east-1") == (None, own)
    assert standing("webstack", [trail("theirs", IsMultiRegionTrail=True)], "us-east-1") == (None, None)


def test_our_trail_is_ours_beside_the_organisations():
    own, org = trail("webstack"), trail("org", IsOrganizationTrail=True)
    for trails in ([own, org], [org, own]):
        assert standing("webstack", trails, "us-east-1")[1] == own


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (trail("webstack", "eu-west-1", IsMultiRegionTrail=True), "managed in its home region"),
        (trail("org", IsOrganizationTrail=True), "the organisation's trail"),
        (trail("org", "eu-west-1", IsOrganizationTrail=True, IsMultiRegionTrail=True), "the organisation's trail"),
    ],
)
def test_what_stands_in_the_way_is_said(found, words):
    others, own = standing("webstack", [found], "us-east-1")
    assert own is None
    assert words in others["kept"]


@pytest.mark.parametrize("name", ["webstack", "a-b", "a.b_c"])
def test_names_that_a_trail_may_have(name):
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["ab", "a--b", "-ab", "ab-", "192.168.5.4", "a" * 129])
def test_names_that_no_trail_may_have(name):
    assert not NAME.fullmatch(name)


@pytest.mark.parametrize(
    ("live", "words"),
    [
        ({"name": "webstack", "Tags": OURS, "DeliveryChannel": {"name": "webstack"}}, ""),
        ({"name": "webstack", "Tags": OURS, "DeliveryChannel": {}}, ""),
        ({"name": "default", "Tags": OURS, "DeliveryChannel": {}}, "recorder default"),
        ({"name": "webstack", "Tags": {}, "DeliveryChannel": {}}, "has no tag"),
        ({"name": "webstack", "Tags": OURS, "DeliveryChannel": {"name": "default"}}, "delivery channel default"),
        ({"Tags": {}, "DeliveryChannel": {"name": "default"}}, "delivery channel default"),
        ({"Tags": {}, "DeliveryChannel": {"name": "webstack"}}, ""),
    ],
)
def test_whose_a_recorder_is(live, words):
    said = whose("webstack", live, OURS)
    assert words in said
    assert bool(said) == bool(words)


def test_all_types_are_recorded_unless_some_are_named():
    assert recording_group({"resource_types": [], "include_global_resource_types": True}) == {
        "allSupported": True,
        "includeGlobalResourceTypes": True,
        "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
    }
    assert recording_group({"resource_types": ["AWS::S3::Bucket"], "include_global_resource_types": True}) == {
        "allSupported": False,
        "resourceTypes": ["AWS::S3::Bucket"],
        "recordingStrategy": {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"},
    }

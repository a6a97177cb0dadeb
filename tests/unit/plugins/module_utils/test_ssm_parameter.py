"""What a parameter of Systems Manager may hold, and how it compares."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._ssm_parameter import SsmParameter, document, text


@pytest.fixture
def kind():
    kind = SsmParameter(None)
    kind.options = {"tier": "Standard"}
    return kind


def live(**fields):
    return {"Type": "String", "Value": "a", "Tier": "Standard", "ARN": "arn", "Tags": [], **fields}


@pytest.mark.parametrize("value", ["", "x" * 4097, "ä" * 2049])
def test_a_value_that_it_does_not_hold_is_refused(kind, value):
    with pytest.raises(WebstackError, match="holds 1 to 4096"):
        kind.refuse("/a", None, {"value": value})


def test_more_fits_where_aws_chooses_the_tier(kind):
    kind.options = {"tier": "Intelligent-Tiering"}
    kind.refuse("/a", live(), {"value": "x" * 8192, "tier": "Standard"})


def test_what_holds_a_secret_is_left_alone(kind):
    with pytest.raises(WebstackError, match="SecureString"):
        kind.refuse("/a", live(Type="SecureString"), None)


def test_an_advanced_parameter_does_not_become_a_standard_one(kind):
    with pytest.raises(WebstackError, match="advanced"):
        kind.refuse("/a", live(Tier="Advanced"), {"value": "a", "tier": "Standard"})


def test_the_tier_that_aws_chose_is_kept(kind):
    assert kind.keep("/a", live(Tier="Advanced"), {"tier": "Intelligent-Tiering"}) == {"tier": "Advanced"}


def test_objects_compare_by_meaning_and_texts_as_they_are():
    assert document('{"b": 1, "a": 2}') == {"a": 2, "b": 1}
    assert document("[1]") == "[1]"
    assert document("{no json") == "{no json"
    assert text({"b": 1, "a": 2}) == '{"a": 2, "b": 1}'

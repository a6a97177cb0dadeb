from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.filter import derived_name as plugin
from ansible_collections.webstack.aws.plugins.module_utils._names import NAME_RULES

derived_name = plugin.FilterModule().filters()["derived_name"]


def test_name_that_fits_is_kept():
    assert derived_name("staging-shop-alb", "load_balancer") == "staging-shop-alb"


def test_long_name_is_shortened_with_a_hash():
    name = derived_name("staging-long-name-of-shop-frontend-api", "target_group")
    assert len(name) <= 32
    assert name.startswith("staging-long-name-of-shop-")


def test_unknown_kind_names_those_that_exist():
    with pytest.raises(AnsibleFilterError, match=r"no kind 'alb'.*load_balancer"):
        derived_name("x", "alb")


def test_something_that_is_no_string_is_refused():
    with pytest.raises(AnsibleFilterError, match="not list"):
        derived_name(["x"], "load_balancer")


def test_documented_kinds_are_those_that_exist():
    options = yaml.safe_load(plugin.DOCUMENTATION)["options"]
    assert options["kind"]["choices"] == sorted(NAME_RULES)

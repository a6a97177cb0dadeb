"""What EC2's network resources have in common."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind, filter_list
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder
from ansible_collections.webstack.aws.plugins.module_utils._subnets import Subnet
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_list

OWNER = {"webstack:stack": "demo", "webstack:environment": "test"}


def subnet(number, name="demo-a", **tags):
    return {"SubnetId": f"subnet-{number}", "Tags": tags_to_list({"Name": name, **tags})}


def kind(**options):
    made = Subnet(aws=None)
    made.options = options
    return made


def test_choose_prefers_ours_to_others():
    found = [subnet(1, **{"webstack:stack": "other"}), subnet(2, **OWNER)]
    assert kind(tags=OWNER).choose(["demo-a"], found)["demo-a"]["SubnetId"] == "subnet-2"


def test_choose_returns_another_owners_so_that_it_is_refused():
    assert kind(tags=OWNER).choose(["demo-a"], [subnet(1)])["demo-a"]["SubnetId"] == "subnet-1"


def test_choose_fails_when_two_of_ours_have_one_name():
    with pytest.raises(WebstackError, match="there are 2 of that name: subnet-1, subnet-2"):
        kind(tags=OWNER).choose(["demo-a"], [subnet(1, **OWNER), subnet(2, **OWNER)])


def test_choose_prefers_what_stands_to_what_goes():
    class Going(Subnet):
        def is_going(self, live):
            return live["SubnetId"] == "subnet-1"

    going = Going(aws=None)
    assert going.choose(["demo-a"], [subnet(1), subnet(2)])["demo-a"]["SubnetId"] == "subnet-2"
    assert going.choose(["demo-a"], [subnet(1)])["demo-a"]["SubnetId"] == "subnet-1"


def test_choose_leaves_out_what_is_not_there():
    assert kind().choose(["demo-b"], [subnet(1)]) == {}


def test_own_names_are_those_with_all_of_the_owners_tags():
    found = [subnet(1, **OWNER, **{"webstack:role": "network"}), subnet(2, "demo-b", **OWNER), {"Tags": []}]
    assert kind(tags={**OWNER, "webstack:role": "network", "team": "blue"}).own_names(found) == {"demo-a"}


def test_own_tags_are_needed_to_purge():
    with pytest.raises(WebstackError, match="purge"):
        kind(tags={"webstack:stack": "demo"}).own_tags()


def test_normalize_wanted_adds_the_name_to_the_tags():
    assert kind().normalize_wanted("demo-a", {"tags": {"x": "y"}}) == {"tags": {"x": "y", "Name": "demo-a"}}
    assert kind().normalize_wanted("demo-a", {"cidr_block": "x"}) == {"cidr_block": "x"}


def test_refuse_names_what_a_new_one_needs():
    with pytest.raises(WebstackError, match="give availability_zone"):
        kind().refuse("demo-a", None, {"cidr_block": "10.0.0.0/24"})
    kind().refuse("demo-a", {}, {})
    kind().refuse("demo-a", None, None)


def test_placeholder_has_a_well_formed_id():
    made = kind().placeholder("demo-a", {"cidr_block": "x"})
    assert is_placeholder(made.pop("subnet_id"))
    assert made == {"cidr_block": "x", "tags": {"Name": "demo-a"}}


def test_filter_list_leaves_out_filters_without_values():
    assert filter_list({"vpc-id": ["vpc-1"], "tag:Name": []}) == [{"Name": "vpc-id", "Values": ["vpc-1"]}]


def test_unlisted_is_nothing_for_kinds_without_purge():
    assert Ec2Kind(aws=None).unlisted([]) == []

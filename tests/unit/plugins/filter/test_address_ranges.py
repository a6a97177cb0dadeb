"""Only what is a believable list of ranges of addresses is one."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.webstack.aws.plugins.filter.address_ranges import FilterModule

address_ranges = FilterModule().filters()["address_ranges"]


def test_ranges_are_in_order_and_each_there_once():
    text = "2606:4700::/32\r\n173.245.48.0/20\n\n  103.21.244.0/22\n173.245.48.0/20\n8.8.8.8"
    assert address_ranges(text) == ["8.8.8.8/32", "103.21.244.0/22", "173.245.48.0/20", "2606:4700::/32"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.0.0.0/0", "too large"),
        ("::/0", "too large"),
        ("2000::/16", "too large"),
        ("192.168.0.0/16", "no range of public addresses"),
        ("fd00::/32", "no range of public addresses"),
        ("8.8.8.8/24", "no range of addresses"),
        ("<!DOCTYPE html>", "no range of addresses"),
        ("", "a list of 0 ranges; at least 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, reason):
    with pytest.raises(AnsibleFilterError, match=reason):
        address_ranges(text)

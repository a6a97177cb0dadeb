from __future__ import annotations

import json

from ansible_collections.webstack.aws.plugins.action.report import rendered

VALUES = {"url": "http://shop", "a_list": ["one", "two"], "none": []}


def test_text_aligns_values_and_gives_lists_a_line_for_each_item():
    assert rendered(VALUES, "text").splitlines() == [
        "url     http://shop",
        "a_list: 2",
        "  one",
        "  two",
        "none: nothing",
    ]


def test_a_single_value_stands_alone():
    assert rendered("http://shop", "text") == "http://shop"


def test_json_is_one_document():
    assert json.loads(rendered(VALUES, "json")) == VALUES

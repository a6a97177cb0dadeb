from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.webstack.aws.plugins.action import report
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


@pytest.fixture
def reported(monkeypatch):
    """What the plugin returns and prints for these arguments."""

    def run(**arguments):
        lines = []
        plugin = object.__new__(report.ActionModule)
        plugin._task = SimpleNamespace(args=arguments)
        plugin._templar = Templar(DataLoader())
        monkeypatch.setattr(report, "Display", lambda: SimpleNamespace(display=lines.append))
        return plugin.run(), lines

    monkeypatch.setattr(report.ActionBase, "run", lambda *_arguments: {})
    return run


def test_everything_is_printed_and_returned(reported):
    result, lines = reported(values=VALUES, output_format="json")
    assert result == {"values": VALUES}
    assert [json.loads(line) for line in lines] == [VALUES]


def test_one_output_is_printed_bare(reported):
    result, lines = reported(values=VALUES, only="url")
    assert result == {"values": {"url": "http://shop"}}
    assert lines == ["http://shop"]


@pytest.mark.parametrize(("values", "known"), [(VALUES, "a_list, none, url"), ({}, "none")])
def test_an_unknown_output_is_told_with_the_known_ones(reported, values, known):
    result, lines = reported(values=values, only="arl")
    assert result == {"failed": True, "msg": f"there is no output arl; there are: {known}"}
    assert lines == []


def test_an_unknown_format_is_refused(reported):
    with pytest.raises(AnsibleError, match="output_format"):
        reported(values=VALUES, output_format="xml")

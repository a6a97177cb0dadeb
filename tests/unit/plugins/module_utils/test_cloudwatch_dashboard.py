"""Dashboards: what is refused, and how they come by their tags."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._cloudwatch_dashboard import CloudwatchDashboard
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

LIVE = {"DashboardName": "a", "DashboardArn": "arn:a", "DashboardBody": '{"widgets": []}', "Tags": []}


def kind(tags_at_once=True):
    written = []
    return CloudwatchDashboard(
        SimpleNamespace(
            region="us-east-1",
            check_mode=False,
            written=written,
            knows=lambda *path: tags_at_once,
            read=lambda *path, **arguments: "arn:a",
            write=lambda service, operation, **arguments: written.append((operation, arguments)),
        )
    )


@pytest.mark.parametrize(("name", "wanted", "words"), [("a b", {}, "no valid name"), ("a", {}, "give dashboard_body")])
def test_what_cloudwatch_would_refuse(name, wanted, words):
    with pytest.raises(WebstackError, match=words):
        kind().refuse(name, None, wanted)


def test_tags_are_in_the_call_that_makes_it():
    dashboard = kind()
    dashboard.create("a", {"dashboard_body": {}, "tags": {"b": "c"}})
    assert [operation for operation, _unused in dashboard.aws.written] == ["put_dashboard"]
    assert dashboard.aws.written[0][1]["Tags"] == [{"Key": "b", "Value": "c"}]
    assert not dashboard.adopts("a", LIVE)


def test_an_older_sdk_tags_at_once_and_adopts_what_a_killed_run_left():
    dashboard = kind(tags_at_once=False)
    dashboard.create("a", {"dashboard_body": {}, "tags": {"b": "c"}})
    assert [operation for operation, _unused in dashboard.aws.written] == ["put_dashboard", "tag_resource"]
    assert dashboard.adopts("a", LIVE)
    assert not dashboard.adopts("a", {**LIVE, "Tags": [{"Key": "webstack:stack", "Value": "another"}]})

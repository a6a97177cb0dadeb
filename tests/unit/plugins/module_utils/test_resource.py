"""The core: what it decides, and that it judges everything before it touches anything."""

from __future__ import annotations

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._errors import (
    AwsError,
    ImmutableError,
    NotOursError,
    ReplacementError,
    WebstackError,
)
from ansible_collections.webstack.aws.plugins.module_utils._resource import Kind, Replacement, decide, ensure

OURS = {"webstack:stack": "shop", "webstack:environment": "staging"}


class FakeAws:
    def __init__(self, check_mode=False):
        self.check_mode = check_mode
        self.subject = ""
        self.plan = []


class Box(Kind):
    """A kind of resource that lives in a dictionary."""

    noun = "box"
    plural = "boxes"
    immutable = {"colour": "make a new one"}
    replaces = ("shape",)
    replacement = Replacement(("the old one goes", "a new one comes"), "a minute without a box")
    exists = ("AlreadyExists",)

    def __init__(self, aws, boxes):
        super().__init__(aws)
        self.boxes = boxes
        self.done = []

    def read(self, names):
        return {name: self.boxes[name] for name in names if name in self.boxes}

    def normalize(self, name, live):
        return dict(live)

    def create(self, name, wanted):
        self.done.append(("create", name))
        self.boxes[name] = dict(wanted)

    def update(self, name, live, wanted, changed):
        self.done.append(("update", name, sorted(changed)))
        self.boxes[name] = {**live, **{field: wanted[field] for field in changed}}

    def delete(self, name, live):
        self.done.append(("delete", name))
        del self.boxes[name]

    def replace(self, name, live, wanted):
        self.delete(name, live)
        self.create(name, wanted)

    def keep(self, name, live, wanted):
        return {**wanted, "version": live["version"]} if "version" in live else wanted

    def refuse(self, name, live, wanted):
        if wanted and wanted.get("size") == 13:
            raise WebstackError(f"box {name}: 13 is no size", "choose another")

    def result(self, name, live):
        return dict(live)


def run(boxes, wanted, check_mode=False, **options):
    kind = Box(FakeAws(check_mode), boxes)
    outcomes, results = ensure(kind, wanted, **options)
    return kind, outcomes, results


@pytest.mark.parametrize(
    ("live", "wanted", "action"),
    [
        (None, None, "none"),
        (None, {"size": 1}, "create"),
        ({"size": 1}, {"size": 1}, "none"),
        ({"size": 1}, {"size": 2}, "update"),
        ({"size": 1}, None, "delete"),
    ],
)
def test_decide(live, wanted, action):
    assert decide(Box(FakeAws(), {}), "a", live, wanted).action == action


def test_a_run_does_what_was_decided_and_a_second_one_nothing():
    boxes = {"b": {"size": 1}, "c": {"size": 1}}
    wanted = {"a": {"size": 1}, "b": {"size": 2}, "c": None}
    kind, _outcomes, results = run(boxes, wanted)
    assert kind.done == [("create", "a"), ("update", "b", ["size"]), ("delete", "c")]
    assert results == boxes == {"a": {"size": 1}, "b": {"size": 2}}
    kind, outcomes, _results = run(boxes, wanted)
    assert kind.done == []
    assert {outcome.action for outcome in outcomes} == {"none"}


def test_check_mode_decides_the_same_and_does_nothing():
    boxes = {"b": {"size": 1}}
    kind, outcomes, results = run(boxes, {"a": {"size": 1}, "b": {"size": 2}}, check_mode=True)
    assert kind.done == []
    assert [outcome.action for outcome in outcomes] == ["create", "update"]
    assert results == {"a": {"size": 1}, "b": {"size": 2}}


def test_a_later_fault_keeps_the_first_from_being_touched():
    boxes = {"b": {"colour": "red"}}
    kind = Box(FakeAws(), boxes)
    with pytest.raises(ImmutableError, match=r"colour \(live 'red', wanted 'blue'\).*make a new one"):
        ensure(kind, {"a": {"size": 1}, "b": {"colour": "blue"}})
    with pytest.raises(WebstackError, match="13 is no size"):
        ensure(kind, {"a": {"size": 1}, "c": {"size": 13}})
    assert kind.done == []


@pytest.mark.parametrize("wanted", [{"size": 2}, None])
def test_what_is_not_ours_is_neither_changed_nor_removed(wanted):
    boxes = {"a": {"size": 1, "tags": {"webstack:stack": "other"}}}
    kind = Box(FakeAws(), boxes)
    with pytest.raises(NotOursError, match="not this stack's: its tag webstack:stack is other"):
        ensure(kind, {"a": wanted}, OURS)
    assert kind.done == []


def test_tags_are_kept_or_purged():
    boxes = {"a": {"size": 1, "tags": {**OURS, "extra": "1"}}}
    assert run(boxes, {"a": {"size": 1}}, tags=OURS, purge_tags=False)[0].done == []
    assert run(boxes, {"a": {"size": 1}}, tags=OURS)[0].done == [("update", "a", ["tags"])]


def test_a_create_whose_answer_was_lost_is_no_failure():
    class Lost(Box):
        def create(self, name, wanted):
            super().create(name, wanted)
            raise AwsError(f"box {name}", "box:Create", "AlreadyExists", "it is there")

    boxes: dict = {}
    kind = Lost(FakeAws(), boxes)
    _outcomes, results = ensure(kind, {"a": {"size": 1}})
    assert results == {"a": {"size": 1}}


def test_a_create_that_aws_refuses_is_a_failure():
    class Refused(Box):
        def create(self, name, wanted):
            raise AwsError(f"box {name}", "box:Create", "AlreadyExists", "it is somebody else's")

    with pytest.raises(AwsError, match="box a: box:Create failed: AlreadyExists"):
        ensure(Refused(FakeAws(), {}), {"a": {"size": 1}})


ROUND = {"a": {"shape": "round", "size": 2, "version": "7"}}


def test_a_replacement_is_in_the_plan_with_its_steps_its_gap_and_its_gate():
    kind, [outcome], results = run({"a": {"shape": "square", "size": 1, "version": "7.1"}}, ROUND, check_mode=True)
    assert kind.done == []
    assert outcome.action == "replace"
    assert results == ROUND
    [planned] = kind.aws.plan
    assert planned["action"] == "replace"
    assert [change["field"] for change in planned["changes"]] == ["shape", "size"]
    assert planned["notes"] == ["step 1: the old one goes", "step 2: a new one comes", "gap: a minute without a box"]
    assert planned["gates"] == [
        {"words": "it is replaced; a minute without a box", "variable": "allow_replace=a"},
    ]


def test_a_replacement_that_nobody_has_allowed_is_refused_before_anything_is_touched():
    boxes = {"a": {"shape": "square"}, "b": {"size": 1}}
    kind = Box(FakeAws(), boxes)
    kind.options = {"allow_replace": ["b"]}
    with pytest.raises(ReplacementError) as refused:
        ensure(kind, {"b": {"size": 2}, **ROUND})
    assert kind.done == []
    said = str(refused.value)
    for words in (
        "box a",
        "shape (live 'square', wanted 'round')",
        "the old one goes; a new one comes",
        "a minute without a box",
        "-e allow_replace=a",
    ):
        assert words in said


def test_a_replacement_that_is_allowed_is_made_as_the_variables_say():
    boxes = {"a": {"shape": "square", "version": "7.1"}}
    kind = Box(FakeAws(), boxes)
    kind.options = {"allow_replace": ["a"]}
    ensure(kind, ROUND)
    assert kind.done == [("delete", "a"), ("create", "a")]
    # What of the old one was somebody else's is not carried over.
    assert boxes == ROUND


def test_what_no_replacement_is_known_for_stays_refused_beside_one():
    with pytest.raises(ImmutableError, match="colour"):
        run({"a": {"shape": "square", "colour": "red"}}, {"a": {"shape": "round", "colour": "blue"}}, check_mode=True)

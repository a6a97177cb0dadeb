"""The page of a plan: well-formed, complete, safe whatever names hold, and a picture in which nothing overlaps."""

from __future__ import annotations

import copy
import itertools
import json
import pathlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import jsonschema
import pytest

from ansible_collections.webstack.aws.plugins.plugin_utils._plan_boxes import SIGNS, TOGETHER, boxes
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_page import page
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_picture import arrange, routes
from ansible_collections.webstack.aws.plugins.plugin_utils._plan_style import SCRIPT, STYLE

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[3]
SAMPLE = json.loads((HERE / "plan_sample.json").read_text())
SCHEMA = json.loads((ROOT / "docs" / "plan.schema.json").read_text())
VOID = ("meta", "link", "input", "rect", "circle", "path")
EVIL = (
    """</title><script>alert(1)</script><img src="http://evil.example/x" onerror='alert(2)'>&amp;\x00\x1b[31m\ud800"""
)


def resource(kind, name="a", action="create", **settings):
    plain = {"role": "r", "changes": [], "kept": [], "notes": [], "gates": [], "unknown": [], "state": ""}
    return {"kind": kind, "name": name, "action": action, **plain, **settings}


def document(*resources, mode="plan", **settings):
    totals = {action: sum(one["action"] == action for one in resources) for action in SIGNS}
    stack = {
        "stack": "shop",
        "environment": "staging",
        "account": "123456789012",
        "region": "us-east-1",
        "variables": {},
        "unchecked": [],
        "totals": totals,
        "resources": list(resources),
        **settings,
    }
    facts = {"format": 1, "mode": mode, "digest": "abc", "time": "2026-11-21T14:00:00Z", "versions": {}}
    return {**facts, "stacks": [stack]}


def parsed(text):
    """The page as XML, which a page with one unescaped character is not."""
    return ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>"))


def said(element):
    return " ".join("".join(element.itertext()).split())


def by_class(tree, name):
    return [element for element in tree.iter() if name in element.get("class", "").split()]


def article(text):
    (found,) = by_class(parsed(text), "resource")
    return found


class Balanced(HTMLParser):
    """Whether HTML's own rules see the same tree: every element ends where it should."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID, f"HTML does not let {tag} end itself"
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def elements(text):
    parser = Balanced()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser.seen


def property_names(schema):
    """Every key that the schema fixes, and the actions, which are keys of the totals."""
    names = set(schema.get("properties", {})) | set(SIGNS)
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    return names.union(*(property_names(one) for one in inner))


def evil(value):
    """``value`` with something bad at the end of every text in it, and of every key that the format leaves open."""
    if isinstance(value, dict):
        fixed, keys = ("mode", "action", "kind"), property_names(SCHEMA)
        return {key if key in keys else key + EVIL: item if key in fixed else evil(item) for key, item in value.items()}
    if isinstance(value, list):
        return [evil(item) for item in value]
    return value + EVIL if isinstance(value, str) else value


# --- The document -----------------------------------------------------------------------------------------------------


def test_the_schema_is_one_and_the_sample_keeps_it():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(SAMPLE)
    actions = {one["action"] for stack in SAMPLE["stacks"] for one in stack["resources"]}
    assert actions == set(SIGNS)
    for stack in SAMPLE["stacks"]:
        assert stack["totals"] == document(*stack["resources"])["stacks"][0]["totals"]


@pytest.mark.parametrize("key", ["stack", "totals", "resources"])
def test_the_schema_refuses_a_stack_that_lacks_something(key):
    lacking = copy.deepcopy(SAMPLE)
    del lacking["stacks"][0][key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(lacking)


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="format 2"):
        page({**SAMPLE, "format": 2})


# --- The page as such -------------------------------------------------------------------------------------------------


def test_the_page_is_well_formed_and_its_ids_are_unique():
    text = page(SAMPLE)
    tree = parsed(text)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = [element.get("href") for element in tree.iter("a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert len(elements(text)) == len(list(tree.iter()))


def test_nothing_is_loaded_from_anywhere():
    text = page(SAMPLE)
    assert not re.search(r"https?://|//|@import", STYLE + SCRIPT)
    for tag, attributes in elements(text):
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        href = attributes.get("href", "#")
        assert href.startswith("#") or (tag, href) == ("link", "data:,")
        marker = attributes.get("marker-end", "url(#")
        assert marker.startswith("url(#")


def test_the_browser_is_told_to_load_nothing_and_to_run_only_our_script():
    (policy,) = [a["content"] for tag, a in elements(page(SAMPLE)) if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search("[<&]", STYLE + SCRIPT)


def test_whatever_a_name_holds_stays_text():
    text = page(evil(SAMPLE))
    text.encode()
    tags = [tag for tag, _attributes in elements(text)]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert not re.search("[\x00\x1b\ud800]", text)
    assert {element.tag for element in parsed(text).iter()} == set(tags)
    # The same tree as without, so that nothing has broken out of its place.
    assert "<script>alert(1)</script>" in said(by_class(parsed(text), "resource")[0])


def test_a_kind_that_nobody_knows_is_shown_and_stays_text():
    text = page(document(resource('<b>"new"_kind')))
    assert '<b>"' not in text
    assert "&lt;b&gt;&quot;new&quot; kind" in text
    (box,) = by_class(parsed(text), "box")
    assert box.get("class") == "box create"


def palettes():
    """The colours of the light and the dark page, by name."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return [dict(re.findall(r"--([a-z-]+): #(\w+)", block)) for block in blocks]


def luminance(colour):
    digits = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark", "print"])
def test_all_text_has_the_contrast_that_wcag_asks_for(palette):
    pairs = [(text, ground) for text in ("ink", "soft", "link") for ground in ("page", "paper", "code")]
    pairs += [(text, f"{action}-bg") for action in SIGNS for text in (action, "ink", "soft")]
    pairs += [("paper", action) for action in SIGNS]
    for text, ground in pairs:
        light, dark = sorted((luminance(palette[text]), luminance(palette[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


# --- What it says -----------------------------------------------------------------------------------------------------


def test_every_resource_is_there_those_that_change_first():
    tree = parsed(page(SAMPLE))
    for number, stack in enumerate(SAMPLE["stacks"], 1):
        (section,) = [element for element in tree.iter("section") if element.get("id") == f"stack-{number}"]
        shown = [element.get("id") for element in section.iter() if element.tag in ("article", "li")]
        shown = [identifier for identifier in shown if identifier]
        assert sorted(shown) == sorted(f"stack-{number}-{place + 1}" for place in range(len(stack["resources"])))
        articles = [article.get("class").split()[1] for article in section.iter("article")]
        assert articles == sorted(articles, key=list(SIGNS).index)
        for one in stack["resources"]:
            assert one["name"] in said(section)


def test_every_change_note_gate_and_kept_field_is_there():
    tree = parsed(page(SAMPLE))
    by_id = {element.get("id"): element for element in tree.iter() if element.get("id")}
    for number, stack in enumerate(SAMPLE["stacks"], 1):
        assert all(word in said(by_id[f"stack-{number}"]) for word in [*stack["unchecked"], stack["account"]])
        for place, one in enumerate(stack["resources"], 1):
            words = said(by_id[f"stack-{number}-{place}"])
            fields = [
                element.text for element in by_id[f"stack-{number}-{place}"].iter("th") if element.get("scope") == "row"
            ]
            assert fields == [change["field"] for change in one["changes"]]
            for gate in one["gates"]:
                assert gate["words"] in words
                assert f"-e {gate['variable']}" in words
            assert all(note in words for note in one["notes"])
            for kept in one["kept"]:
                assert f"{kept['field']} kept: live {kept['live']}, ours {kept['ours']}, owner {kept['owner']}" in words


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("plan", "1 to create 0 to update 2 to replace 0 to delete"),
        ("run", "1 created 0 updated 2 replaced 0 deleted"),
    ],
)
def test_totals_say_what_shall_be_or_what_was_done(mode, words):
    made = [resource("vpc"), resource("s3_bucket", "b", "replace"), resource("s3_bucket", "c", "replace")]
    (totals,) = by_class(parsed(page(document(*made, mode=mode))), "totals")
    assert said(totals) == words


def test_what_is_not_known_yet_names_who_supplies_it():
    vpc, subnet = "vpc-00000000000abc123", "subnet-00000000000def456"
    changes = [
        {"field": "vpc_id", "before": "vpc-1", "after": vpc},
        {"field": "subnets", "before": None, "after": [subnet, "subnet-1"]},
        {"field": "policy", "before": None, "after": json.dumps({"Resource": f"arn:aws:ec2:::vpc/{vpc}"})},
        {"field": "pair", "before": None, "after": f"{vpc} {subnet}"},
    ]
    text = page(
        document(
            resource("vpc", "staging-shop", unknown=[vpc]),
            # What it returns names the VPC too, which does not make it the VPC's supplier.
            resource("subnet", "staging-shop-a", unknown=[subnet, vpc]),
            resource("ecs_service", "staging-shop-api", "update", changes=changes),
        )
    )
    assert vpc not in text
    assert subnet not in text
    (update,) = [element for element in by_class(parsed(text), "resource") if "update" in element.get("class")]
    cells = [said(row.findall("td")[-1]) for row in update.iter("tr")][1:]
    assert cells == [
        "known after apply (vpc staging-shop)",
        '["known after apply (subnet staging-shop-a)", "subnet-1"]',
        '{"Resource": "known after apply (vpc staging-shop)"}',
        "known after apply (vpc staging-shop, subnet staging-shop-a)",
    ]


def test_the_longest_placeholder_says_whose_a_value_is():
    short, long = "arn:aws:ecs:us-east-1:000000000000:service/a", "arn:aws:ecs:us-east-1:000000000000:service/ab"
    changes = [{"field": "arn", "before": "x", "after": long}]
    text = page(
        document(
            resource("ecs_service", "a", unknown=[short]),
            resource("ecs_service", "ab", unknown=[long]),
            resource("schedule", "c", "update", changes=changes),
        )
    )
    assert "known after apply (ecs service ab)" in text


def test_what_nobody_says_to_supply_is_known_after_apply_all_the_same():
    changes = [{"field": "arn", "before": "arn:aws:sns:us-east-1:000000000000:live", "after": "sg-00000000000abc123"}]
    row = list(article(page(document(resource("schedule", action="update", changes=changes)))).iter("tr"))[1]
    before, _arrow, after = [said(cell) for cell in row.findall("td")]
    assert before == "arn:aws:sns:us-east-1:000000000000:live"
    assert after == "known after apply"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not set"),
        ("", "empty"),
        ([], "empty"),
        (False, "false"),
        (0, "0"),
        (5.5, "5.5"),
        ("{not json", "{not json"),
        ({"a": "é"}, '{"a": "é"}'),
    ],
)
def test_short_values_are_shown_as_they_are(value, words):
    change = {"field": "f", "before": "x", "after": value}
    row = list(article(page(document(resource("vpc", action="update", changes=[change])))).iter("tr"))[1]
    assert said(row.findall("td")[-1]) == words


def test_long_values_are_folded_and_complete():
    value = {f"key {number}": "v" * 20 for number in range(20)}
    change = {"field": "f", "before": "line\nline", "after": json.dumps(value)}
    found = article(page(document(resource("vpc", action="update", changes=[change]))))
    before, after = [element.text for element in found.iter("pre")]
    assert before == "line\nline"
    assert json.loads(after) == value
    assert all(len(said(summary)) <= 90 for summary in found.iter("summary"))


def test_an_unchanged_resource_with_something_to_say_is_not_folded_away():
    kept = [{"field": "desired_count", "live": 7, "ours": 2, "owner": "autoscaling"}]
    text = page(document(resource("ecs_service", "api", "none", kept=kept), resource("vpc", "v", "none")))
    assert "desired_count kept: live 7, ours 2, owner autoscaling" in said(article(text))
    (folded,) = by_class(parsed(text), "unchanged")
    assert said(folded) == "1 unchangedvpc v"
    assert "Nothing changes" in text


def test_a_plan_of_nothing_is_a_page_too():
    empty = page({**document(), "stacks": []})
    parsed(empty)
    assert "There is no stack in this plan." in empty
    bare = page(document())
    assert list(parsed(bare).iter("svg")) == []
    assert "0 to create" in said(parsed(bare))


# --- The picture ------------------------------------------------------------------------------------------------------


def drawn(resources, environment="staging", stack="shop"):
    made = boxes(resources, environment, stack)
    drawing = arrange(made)
    return drawing, routes(drawing.placed, environment, stack)


def everything():
    kinds = [
        *[kind for part in TOGETHER.values() for kind in part],
        *["vpc_link", "http_api", "api_domain", "load_balancer", "ecs_cluster", "route53_zone", "acm_certificate"],
        *["rds_cluster", "efs_file_system", "never_seen"],
    ]
    many = ["ecs_service", "ecs_task_definition", "schedule", "rds_instance", "s3_bucket", "secret", "dynamodb_table"]
    actions = itertools.cycle(SIGNS)
    found = [resource(kind, f"staging-shop-{kind}", next(actions)) for kind in kinds]
    return found + [resource(kind, f"staging-shop-{n}", next(actions)) for kind in many for n in range(6)]


STACKS = {
    "sample": SAMPLE["stacks"][0]["resources"],
    "gateway": SAMPLE["stacks"][1]["resources"],
    "everything": everything(),
    "network only": [resource("vpc"), resource("subnet")],
    "names only": [resource("acm_certificate"), resource("route53_record")],
    "no network": [resource("load_balancer"), resource("ecs_service"), resource("s3_bucket")],
    "data only": [resource("rds_instance"), resource("secret"), resource("vpc")],
    "data and aside": [
        resource(kind) for kind in ("rds_instance", "secret", "iam_role", "log_group", "ecr_repository")
    ],
    "aside only": [resource("iam_role"), resource("log_group")],
    "services only": [resource("ecs_service", str(number)) for number in range(30)],
}


@pytest.mark.parametrize("name", STACKS)
def test_no_box_overlaps_another_and_all_are_inside_the_picture(name):
    drawing, _lines = drawn(STACKS[name])
    assert drawing.placed
    for item in drawing.placed:
        assert item.x >= 0
        assert item.y >= 0
        assert item.right <= drawing.width
        assert item.bottom <= drawing.height
        assert item.width >= 110
    for one, other in itertools.combinations(drawing.placed, 2):
        apart = one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
        assert apart, (one.box.label, one.box.name, other.box.label, other.box.name)
    for _text, x, y in drawing.titles:
        assert not any(item.x <= x < item.right and item.y < y < item.bottom for item in drawing.placed)


@pytest.mark.parametrize("name", STACKS)
def test_no_line_crosses_a_box(name):
    drawing, lines = drawn(STACKS[name])
    for path, _has_head in lines:
        x, y, way, end = re.fullmatch(r"M([\d.]+) ([\d.]+)([HV])([\d.]+)", path).groups()
        x, y, end = float(x), float(y), float(end)
        right, bottom = (end, y) if way == "H" else (x, end)
        assert 0 <= right <= drawing.width
        assert 0 <= bottom <= drawing.height
        for item in drawing.placed:
            inside = min(x, right) < item.right and max(x, right) > item.x
            assert not (inside and min(y, bottom) < item.bottom and max(y, bottom) > item.y), (path, item)


@pytest.mark.parametrize("name", STACKS)
def test_the_frame_holds_what_lives_in_the_network_and_nothing_else(name):
    drawing, _lines = drawn(STACKS[name])
    if not drawing.frame:
        assert name in ("names only", "no network", "data and aside", "aside only", "services only")
        return
    x, y, width, height = drawing.frame
    inside = {"network", "door", "cluster", "services", "jobs", "data"}
    for item in drawing.placed:
        held = x < item.x and item.right < x + width and y < item.y and item.bottom < y + height
        outside = item.right <= x or x + width <= item.x or y + height <= item.y
        assert held if item.part in inside else outside, item


@pytest.mark.parametrize("name", STACKS)
def test_every_resource_is_in_one_box(name):
    drawing, _lines = drawn(STACKS[name])
    members = [id(one) for item in drawing.placed for one in item.box.own + item.box.parts]
    assert sorted(members) == sorted(id(one) for one in STACKS[name])


def test_boxes_bear_the_mark_of_what_happens():
    tree = parsed(page(SAMPLE))
    marks = {box.get("aria-label"): (box.get("class").split()[1], said_mark(box)) for box in by_class(tree, "box")[1:]}
    assert marks["Service worker: create"] == ("create", "+")
    assert marks["Service api: update"] == ("update", "~")
    assert marks["Load balancer alb: replace"] == ("replace", "±")
    assert marks["Bucket exports-123456789012: delete"] == ("delete", "\u2212")
    assert marks["Secret staging-shop: restore"] == ("restore", "↺")
    assert marks["Cache staging-shop: unchanged"] == ("none", "")
    # Some of them change, so the box of all of them does.
    assert marks["Alarms 3: update"] == ("update", "~")


def said_mark(box):
    return "".join(element.text for element in box.iter("text") if element.get("class") == "sign")


def test_a_box_leads_to_its_first_resource_that_changes():
    found = [resource("ecs_service", "a", "none"), resource("ecs_task_definition", "a", "update")]
    tree = parsed(page(document(*found)))
    (box,) = by_class(tree, "box")
    assert box.get("href") == "#stack-1-2"
    assert "ecs task definition a: update" in said(box)
    assert box.get("class") == "box update"


def test_a_stack_shows_only_what_it_has():
    labels = {item.box.label for item in drawn([resource("ecs_service"), resource("rds_instance")])[0].placed}
    assert labels == {"Service", "Database"}


def test_families_belong_to_their_services_and_jobs():
    found = [
        resource("ecs_service", "staging-shop-service"),
        resource("ecs_task_definition", "staging-shop-api"),
        resource("ecs_task_definition", "staging-shop-nightly"),
        resource("schedule", "staging-shop-nightly"),
        resource("ecs_service_autoscaling", "staging-shop-service"),
    ]
    made = boxes(found, "staging", "shop")
    assert [len(box.parts) for box in made["services"]] == [2]
    assert [(box.label, len(box.parts)) for box in made["jobs"]] == [("Scheduled job", 1)]
    on_demand = boxes([*found, resource("ecs_task_definition", "staging-shop-migrate")], "staging", "shop")
    assert [box.name for box in on_demand["jobs"] if box.label == "Task"] == ["api", "migrate"]


def test_requests_go_to_the_services_that_have_a_target_group():
    found = [resource("load_balancer"), resource("target_group", "staging-shop-api")]
    found += [resource("ecs_service", f"staging-shop-{name}") for name in ("api", "worker")]
    drawing, lines = drawn(found)
    api, worker = [item for item in drawing.placed if item.part == "services"]
    heads = [path for path, has_head in lines if has_head]
    assert any(path.endswith(f"H{api.x - 2:g}") and f" {api.middle:g}H" in path for path in heads)
    assert not any(path.endswith(f"H{worker.x - 2:g}") and f" {worker.middle:g}H" in path for path in heads)

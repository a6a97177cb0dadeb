"""The benchmark's own arithmetic: the critical path, the inventory of ten stacks, and the page."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.benchmark.critical_path import critical_path
from tests.benchmark.measure import Cost
from tests.benchmark.report import RUNS, plot, write
from tests.benchmark.stacks import STACKS, ten


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ([], []),
        (["vpc"], [("vpc", 0)]),
        (["ecs_service", "nat_gateway"], [("nat_gateway", 2), ("ecs_service", 4)]),
        (
            [
                "ecs_service",
                "nat_gateway",
                "rds_instance",
                "elasticache_replication_group",
                "acm_certificate",
                "listener",
            ],
            [("rds_instance", 8), ("ecs_service", 10)],
        ),
        (
            ["ecs_service", "ecs_task", "rds_instance", "load_balancer"],
            [("rds_instance", 8), ("ecs_task", 10), ("ecs_service", 12)],
        ),
        (
            ["acm_certificate", "listener", "ecs_service", "load_balancer"],
            [("acm_certificate", 4), ("listener", 4), ("ecs_service", 6)],
        ),
        (["vpc_link", "http_api", "ecs_service"], [("vpc_link", 6)]),
    ],
)
def test_the_critical_path_is_the_longest_chain(created: list[str], expected: list[tuple[str, int]]) -> None:
    assert critical_path(created) == expected


def test_ten_stacks_have_other_names_and_ranges(tmp_path: Path) -> None:
    inventory = ten("staging", tmp_path)
    hosts = [
        name
        for file in (inventory / "stacks").glob("*.yml")
        for name in yaml.safe_load(file.read_text())["all"].get("hosts", {})
    ]
    assert sorted(hosts) == sorted([*STACKS, *(f"{name}b" for name in STACKS)])
    ranges = [
        yaml.safe_load((inventory / "host_vars" / f"{name}.yml").read_text()).get("network_vpc_cidr")
        for name in ("whatsmeow", "whatsmeowb")
    ]
    assert ranges == ["10.1.0.0/16", "10.11.0.0/16"]


def costs() -> dict[str, list[Cost]]:
    """Of everything that is measured, ten seconds under local and four under warm."""
    made = "  {} created, 0 updated, 0 replaced, 0 deleted, 0 unchanged\n"
    found = {
        f"{stacks}, {run}, {connection}": [Cost(seconds, 2 * seconds, 0, 100, 7, made.format(50))] * 3
        for stacks in ("largest stack", "five stacks")
        for run in RUNS
        for connection, seconds in (("warm", 4.0), ("local", 10.0))
    }
    return found | {
        "whatsmeow, nothing to do, warm": [Cost(8, 9, 0, 90, 0, "")],
        "whatsmeow, least set of calls, boto3": [Cost(1, 1, 0, 30, 0, "")],
        "largest stack, nothing to do, 80 ms a call": [Cost(6, 1, 0, 100, 0, "")],
        "stock modules, nothing to do": [Cost(40, 50, 0, 300, 0, "")],
        "ten stacks, first deployment": [Cost(100, 90, 500, 900, 400, made.format(200) * 2)],
        "ten stacks, nothing to do": [Cost(30, 50, 600, 800, 0, "")],
        "one of ten stacks, nothing to do, pyshop": [Cost(5, 5, 0, 80, 0, "")],
    }


def test_the_page_says_what_was_measured(tmp_path: Path) -> None:
    write(
        tmp_path,
        costs(),
        {"unit": 10.0, "chain": [("rds_instance", 8), ("ecs_service", 10)], "least": 100.0, "seconds": 120.0},
    )
    page = (tmp_path / "performance.md").read_text()
    assert (
        "| largest stack, nothing to do | 4.0 (4.0 to 4.0) | 10.0 (10.0 to 10.0) | 2.5 | 100 | 7 | 8.0 | 20.0 |" in page
    )
    assert "| stock modules, nothing to do | 40.0 | 300 | 0 | 50.0 |" in page
    assert "| whatsmeow, least set of calls, boto3 | 1.0 | 30 | 0 | 1.0 |" in page
    assert "The plain playbook takes 5.0 times as long" in page
    assert "takes 1.50 times as\nlong" in page
    assert "| ten stacks, nothing to do | 30.0 | 800 | 600 |" in page
    assert "cost 6.0 times what one costs, 2.0 calls a resource" in page
    assert "1.20 times its critical path of 100 s: rds_instance after 80 s, ecs_service after 100 s" in page


def test_the_plot_has_a_bar_for_each_run_and_connection() -> None:
    drawing = ElementTree.fromstring(plot(costs()))
    bars = [each for each in drawing.iter("{http://www.w3.org/2000/svg}rect") if each.get("height") == "15"]
    assert len(bars) == 2 * 2 * len(RUNS)
    assert {float(each.get("width", 0)) for each in bars} == {420.0, 168.0}

"""What is dropped from the variables shows as delete, stays until somebody says the word, and goes in order."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import yaml

WEB = {"image": "docker.io/library/nginx:1.29", "cpu": 256, "memory": 512, "desired_count": 1}

SHOP: dict[str, Any] = {
    "webstack_region": "us-east-1",
    "network_vpc_cidr": "10.60.0.0/16",
    "network_zones": ["us-east-1a", "us-east-1b"],
    "secrets_fields": {"db_user": {"value": "shop"}, "db_password": {"generate": {"length": 32}}},
    "database_instance_class": "db.t4g.micro",
    "database_allocated_storage": 20,
    "database_engine_version": "16",
    "database_names": ["shop"],
    "database_username": "shop",
    "database_password_key": "db_password",
    "webstack_services": {
        "api": {**WEB, "port": 80, "load_balancer": {"default": True, "health_check": {"path": "/"}}},
        "worker": WEB,
    },
    "webstack_jobs": {"tidy": {"service": "api", "command": ["true"], "schedule": "rate(1 hour)"}},
}

DATABASE = "rds_instance/homolog-shop-db"

#: In the order in which they go.
GONE = [
    ("scheduler", "DeleteSchedule"),
    ("ecs", "DeleteService"),
    ("ecs", "DeleteTaskDefinitions"),
]


def write(path: Path, variables: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump({"all": {"hosts": {"shop": variables}}}))


def deletes(file: Path) -> dict[str, dict[str, Any]]:
    """What a saved plan deletes, by address."""
    (stack,) = json.loads(file.read_text())["stacks"]
    assert stack["unchecked"] == [words for words in stack["unchecked"] if "no longer declared" not in words]
    return {f"{item['kind']}/{item['name']}": item for item in stack["resources"] if item["action"] == "delete"}


def words_for(item: dict[str, Any]) -> list[str]:
    return [gate["variable"] for gate in item["gates"]]


def test_what_is_dropped_is_pruned_on_demand(playbooks: Any, emulator: Any, tmp_path: Path) -> None:
    homolog, inventory, plan = playbooks("homolog"), tmp_path / "shop.yml", tmp_path / "plan.json"
    ours = ("-i", str(inventory), "--limit", "shop")
    planned = (*ours, "--check", "-e", f"plan_file={plan}")
    write(inventory, SHOP)
    homolog.succeed("site.yml", *ours)

    homolog.succeed("site.yml", *planned)
    assert deletes(plan) == {}, "nothing of a converged stack counts as undeclared"

    less = copy.deepcopy(SHOP)
    del less["webstack_services"]["worker"], less["webstack_jobs"], less["database_instance_class"]
    write(inventory, less)
    dry = homolog.succeed("site.yml", *planned)
    assert dry.writes == []
    found = deletes(plan)
    for address in (
        "schedule/homolog-shop homolog-shop-tidy",
        "ecs_service/homolog-shop-worker",
        "ecs_task_definition/homolog-shop-worker",
        "ecs_task_definition/homolog-shop-tidy",
        "log_group//ecs/homolog/shop/worker",
    ):
        assert words_for(found[address]) == ["prune=true"], found[address]
    assert words_for(found[DATABASE]) == ["prune=true", f"prune_data={DATABASE}"]
    assert "USD a month (list price" in found[DATABASE]["notes"][-1]
    assert f"waits for {DATABASE}" in " ".join(found["rds_subnet_group/homolog-shop-db"]["notes"])
    assert "secret/homolog-shop" not in found

    ecs, rds = emulator.client("ecs"), emulator.client("rds")

    def services() -> list[str]:
        arns = ecs.list_services(cluster="homolog-shop")["serviceArns"]
        return sorted(arn.rpartition("/")[2] for arn in arns)

    homolog.succeed("site.yml", *ours)
    assert services() == ["homolog-shop-api", "homolog-shop-worker"], "without a word it stays"

    homolog.succeed("site.yml", *ours, "-e", "prune=true")
    calls = [(call["service"], call["operation"]) for call in emulator.calls(kind="write")]
    assert [call for call in dict.fromkeys(calls) if call in GONE] == GONE
    assert services() == ["homolog-shop-api"]
    assert rds.describe_db_instances()["DBInstances"], "data stays until it is named"

    again = homolog.succeed("site.yml", *ours, "-e", "prune=true")
    assert (again.changed, again.writes) == (0, []), again.output

    homolog.succeed("site.yml", *ours, "-e", "prune=true", "-e", f"prune_data={DATABASE}")
    assert rds.describe_db_instances()["DBInstances"] == []

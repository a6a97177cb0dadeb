"""Bad input gets one clear message before any call is made, all faults at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

LIMIT = ("--limit", "whatsmeow")

#: What is wrong, and the pieces of the message that must be there: the variable's name, and what would be right.
FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unknown variable": (
        {"network_vpc_cdir": "10.1.0.0/16"},
        ["network_vpc_cdir: no role takes", "network_vpc_cidr, if that was meant"],
    ),
    "range outside the VPC": (
        {"network_public_subnets": ["10.9.1.0/24", "10.1.2.0/24"]},
        ["network_public_subnets: 10.9.1.0/24 lies outside network_vpc_cidr 10.1.0.0/16"],
    ),
    "overlapping subnets": (
        {
            "network_public_subnets": ["10.1.1.0/24", "10.1.2.0/24"],
            "network_private_subnets": ["10.1.2.0/25", "10.1.3.0/24"],
        },
        ["network_private_subnets: 10.1.2.0/25 overlaps 10.1.2.0/24 of network_public_subnets"],
    ),
    "one zone": (
        {"network_zones": ["us-east-1a"]},
        ["network_zones: us-east-1a is fewer than two zones", "[us-east-1a, us-east-1b]"],
    ),
    "impossible Fargate size": (
        {"webstack_service_overrides": {"api": {"cpu": 512, "memory": 1536}}},
        [
            "webstack_services.api.cpu, .memory: Fargate has no task of 512 CPU units with 1536 MB",
            "cpu: 512, memory: 2048 is the nearest",
        ],
    ),
    "storage under the minimum": (
        {"database_allocated_storage": 10},
        ["database_allocated_storage: RDS PostgreSQL on gp3 has 20 to 65536 GB, not 10. Right: 20"],
    ),
    "name too long": ({"load_balancer_name": "a" * 40}, ["load_balancer_name:", "40 characters, AWS takes at most 32"]),
    "secret in clear text": (
        {"secrets_fields": {"db_password": "hunter22hunter22"}},
        ["secrets_fields.db_password: a secret in clear text", "from_env: DB_PASSWORD"],
    ),
    "unknown environment": (
        {"webstack_environment": "stagign"},
        ["webstack_environment: 'stagign' is no environment", "'staging', if that was meant"],
    ),
    "wrong type": ({"database_allocated_storage": "plenty"}, ["database_allocated_storage:"]),
    "unreachable image": (
        {"network_nat_mode": "none"},
        ["webstack_services.api.image:", "reach no other registry", "webstack_task_subnets: public"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_input_is_refused_before_any_call(fault: str, playbooks: Any, emulator: Any) -> None:
    variables, wanted = FAULTS[fault]
    run = playbooks("staging").run("site.yml", *LIMIT, "-e", json.dumps(variables))
    assert run.code != 0
    assert [piece for piece in wanted if piece not in run.output] == [], run.output
    assert "Traceback" not in run.output
    assert "hunter22" not in run.output
    assert emulator.calls() == []


def test_all_faults_come_at_once(playbooks: Any, emulator: Any) -> None:
    together = (
        "unknown variable",
        "one zone",
        "storage under the minimum",
        "name too long",
        "unknown environment",
        "impossible Fargate size",
    )
    variables: dict[str, Any] = {}
    for fault in together:
        variables |= FAULTS[fault][0]
    run = playbooks("staging").run("site.yml", *LIMIT, "-e", json.dumps(variables))
    assert run.code != 0
    assert [piece for fault in together for piece in FAULTS[fault][1] if piece not in run.output] == []
    assert emulator.calls() == []

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks of an account's readiness, each with what of a stack makes it needed."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._rds_offer import offer
from ansible_collections.webstack.aws.plugins.module_utils._readiness import (
    Fields,
    Findings,
    Place,
    account_fault,
    home_region,
    identity,
    run,
)
from ansible_collections.webstack.aws.plugins.module_utils._readiness_names import check_buckets, check_load_balancing
from ansible_collections.webstack.aws.plugins.module_utils._readiness_network import check_network, check_zones
from ansible_collections.webstack.aws.plugins.module_utils._readiness_permissions import check_permissions
from ansible_collections.webstack.aws.plugins.module_utils._readiness_references import (
    check_certificate,
    check_secrets,
)
from ansible_collections.webstack.aws.plugins.module_utils._readiness_services import check_services

if t.TYPE_CHECKING:
    from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule


def check_database(aws: Aws, wanted: Fields, _arn: str, findings: Findings) -> None:
    """AWS offers the database's version and its instance class."""
    database = wanted["database"]
    with findings.asking(aws, "the database's version and class"):
        found = offer(
            aws, database["engine"], database["engine_version"], database["db_instance_class"], database["name"]
        )
        for fault in found["faults"]:
            variable = f"database_{fault['option'].removeprefix('db_')}"
            findings.fault(variable, fault["problem"], fault["remedy"])


#: By name: the check, and the option without which there is nothing to ask. Their faults are told in this order.
CHECKS = {
    "permissions": (check_permissions, "parts"),
    "zones": (check_zones, "zones"),
    "network": (check_network, "vpc_name"),
    "load_balancing": (check_load_balancing, "load_balancer"),
    "buckets": (check_buckets, "buckets"),
    "certificate": (check_certificate, "certificate"),
    "secrets": (check_secrets, "secrets"),
    "database": (check_database, "database"),
    "services": (check_services, "services"),
}


def readiness(module: AnsibleAWSModule, aws: Aws) -> Fields:
    """Everything that is not ready, and what could not be asked. Raises AwsError where nobody can be asked at all."""
    wanted, findings = module.params, Findings()
    who = identity(aws, Place(module, home_region(aws.region)).aws(), findings)
    wrong = account_fault(wanted["account_id"], who["Account"]) if who else None
    if wrong:
        findings.faults.append(wrong)
    # Of another account than the stack's nothing else is of interest.
    if who and not wrong:
        asked = {name: check for name, (check, option) in CHECKS.items() if wanted[option]}
        found = run(
            Place(module, aws.region),
            who,
            {name: check for name, check in asked.items() if name not in wanted["skip"]},
            wanted,
        )
        findings.faults += found.faults
        findings.unchecked += found.unchecked
        findings.unchecked += [f"{name}: it shall be skipped" for name in asked if name in wanted["skip"]]
    return {
        "account_id": who["Account"] if who else "",
        "faults": [fault._asdict() for fault in findings.faults],
        "unchecked": findings.unchecked,
    }

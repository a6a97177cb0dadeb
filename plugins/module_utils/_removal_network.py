# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what watches a stack's network."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError
from ansible_collections.webstack.aws.plugins.module_utils._removal import Found, Owner, Removable, Wishes

MISSING = "InvalidFlowLogId.NotFound"


def _find_flow_logs(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    logs = aws.read("ec2", "describe_flow_logs", "FlowLogs", Filter=owner.filters)
    return [Found("flow_log", log["FlowLogId"], log) for log in logs]


def _remove_flow_log(aws: Aws, found: Found, _wishes: Wishes) -> None:
    answer = aws.write("ec2", "delete_flow_logs", missing=(MISSING,), FlowLogIds=[found.identifier])
    # EC2 says yes to the call and lists what it did not do.
    for item in (answer or {}).get("Unsuccessful", []):
        error = item["Error"]
        if error["Code"] != MISSING:
            raise AwsError(found.label, "ec2:DeleteFlowLogs", error["Code"], error["Message"])


KINDS: dict[str, Removable] = {"flow_log": Removable(_find_flow_logs, _remove_flow_log)}

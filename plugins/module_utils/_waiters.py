# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiters as data: for every kind of slow resource, how its state is read and what the states mean."""

from __future__ import annotations

import contextlib
import time
import typing as t

with contextlib.suppress(ImportError):  # botocore needs it as well; AnsibleAWSModule reports it
    import jmespath

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError


class Waiter(t.NamedTuple):
    """How to see the state of one kind of resource.

    arguments: the argument of ``operation`` that takes the id; a list where AWS wants one is given as ("name",).
    state: JMESPath on the answer to the state, reason: to AWS's words for it. ready, failed: states.
    missing: error codes that mean that it does not exist. gone: states that count as not existing any more.
    """

    service: str
    operation: str
    argument: str
    as_list: bool
    state: str
    ready: frozenset[str]
    failed: frozenset[str] = frozenset()
    reason: str = ""
    missing: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()


def _states(*names: str) -> frozenset[str]:
    return frozenset(names)


WAITERS: dict[str, Waiter] = {
    "acm_certificate": Waiter(
        "acm", "describe_certificate", "CertificateArn", False, "Certificate.Status",
        ready=_states("ISSUED"), failed=_states("FAILED", "VALIDATION_TIMED_OUT", "REVOKED", "EXPIRED"),
        reason="Certificate.FailureReason", missing=("ResourceNotFoundException",),
    ),
    "acm_validation_records": Waiter(
        "acm", "describe_certificate", "CertificateArn", False,
        "Certificate.DomainValidationOptions && !(Certificate.DomainValidationOptions[?!ResourceRecord]) && 'known'"
        " || 'pending'",
        ready=_states("known"), missing=("ResourceNotFoundException",),
    ),
    "dynamodb_backups": Waiter(
        # A new table can be asked for point in time recovery only some time after it is active.
        "dynamodb", "describe_continuous_backups", "TableName", False,
        "ContinuousBackupsDescription.ContinuousBackupsStatus",
        ready=_states("ENABLED"), missing=("TableNotFoundException",),
    ),
    "dynamodb_table": Waiter(
        "dynamodb", "describe_table", "TableName", False,
        # A table whose index is being made or removed takes no other index meanwhile.
        "(Table.GlobalSecondaryIndexes[?IndexStatus != 'ACTIVE'] | [0].IndexStatus) || Table.TableStatus",
        ready=_states("ACTIVE"), failed=_states("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ARCHIVED"),
        missing=("ResourceNotFoundException",),
    ),
    "efs_access_point": Waiter(
        "efs", "describe_access_points", "AccessPointId", False, "AccessPoints[0].LifeCycleState",
        ready=_states("available"), failed=_states("error"), missing=("AccessPointNotFound",), gone=_states("deleted"),
    ),
    "efs_file_system": Waiter(
        "efs", "describe_file_systems", "FileSystemId", False, "FileSystems[0].LifeCycleState",
        ready=_states("available"), failed=_states("error"), missing=("FileSystemNotFound",), gone=_states("deleted"),
    ),
    "efs_mount_target": Waiter(
        "efs", "describe_mount_targets", "MountTargetId", False, "MountTargets[0].LifeCycleState",
        ready=_states("available"), failed=_states("error"), missing=("MountTargetNotFound",), gone=_states("deleted"),
    ),
    "api_domain": Waiter(
        "apigatewayv2", "get_domain_name", "DomainName", False, "DomainNameConfigurations[0].DomainNameStatus",
        ready=_states("AVAILABLE"), failed=_states("PENDING_CERTIFICATE_REIMPORT", "PENDING_OWNERSHIP_VERIFICATION"),
        reason="DomainNameConfigurations[0].DomainNameStatusMessage", missing=("NotFoundException",),
    ),
    "elasticache_replication_group": Waiter(
        "elasticache", "describe_replication_groups", "ReplicationGroupId", False, "ReplicationGroups[0].Status",
        ready=_states("available"), failed=_states("create-failed"), missing=("ReplicationGroupNotFoundFault",),
    ),
    "load_balancer": Waiter(
        "elbv2", "describe_load_balancers", "LoadBalancerArns", True, "LoadBalancers[0].State.Code",
        ready=_states("active", "active_impaired"), failed=_states("failed"),
        reason="LoadBalancers[0].State.Reason", missing=("LoadBalancerNotFound",),
    ),
    "nat_gateway": Waiter(
        "ec2", "describe_nat_gateways", "NatGatewayIds", True, "NatGateways[0].State",
        ready=_states("available"), failed=_states("failed"), reason="NatGateways[0].FailureMessage",
        missing=("NatGatewayNotFound",), gone=_states("deleted"),
    ),
    "rds_cluster": Waiter(
        "rds", "describe_db_clusters", "DBClusterIdentifier", False, "DBClusters[0].Status",
        ready=_states("available", "storage-optimization"),
        failed=_states(
            "failed", "stopped", "cloning-failed", "migration-failed", "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable",
        ),
        missing=("DBClusterNotFoundFault",),
    ),
    "rds_instance": Waiter(
        "rds", "describe_db_instances", "DBInstanceIdentifier", False, "DBInstances[0].DBInstanceStatus",
        # While storage is optimised, which takes hours, an instance serves and changes as usual.
        ready=_states("available", "storage-optimization", "storage-initialization", "storage-config-upgrade"),
        failed=_states(
            "failed", "stopped", "storage-full", "incompatible-network", "incompatible-option-group",
            "incompatible-parameters", "incompatible-restore", "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable", "restore-error",
        ),
        missing=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
    ),
    "target_group": Waiter(
        # Targets that leave do not count; one that cannot be reached keeps requests from being sent to the others.
        "elbv2", "describe_target_health", "TargetGroupArn", False,
        "TargetHealthDescriptions[?TargetHealth.State == 'healthy']"
        " && !(TargetHealthDescriptions[?contains(['initial', 'unhealthy'], TargetHealth.State)])"
        " && 'healthy' || 'without healthy targets'",
        ready=_states("healthy"), missing=("TargetGroupNotFound",),
    ),
    "vpc_endpoint": Waiter(
        "ec2", "describe_vpc_endpoints", "VpcEndpointIds", True, "VpcEndpoints[0].State",
        ready=_states("available"), failed=_states("failed", "rejected", "expired"),
        reason="VpcEndpoints[0].LastError.Message", missing=("InvalidVpcEndpointId.NotFound",), gone=_states("deleted"),
    ),
    "vpc_link": Waiter(
        "apigatewayv2", "get_vpc_link", "VpcLinkId", False, "VpcLinkStatus",
        # One that had no traffic for 60 days is inactive, and becomes available by itself with the next requests.
        ready=_states("AVAILABLE", "INACTIVE"), failed=_states("FAILED"), reason="VpcLinkStatusMessage",
        missing=("NotFoundException",),
    ),
}  # fmt: skip


class Progress(t.NamedTuple):
    """Where one resource stands: its state in AWS's word ("" when it does not exist), ready or failed, and why.

    is_doubtful: it looks like a failure, but AWS may just not show the newest yet.
    """

    state: str
    is_ready: bool
    has_failed: bool
    reason: str
    is_doubtful: bool = False


def progress(aws: Aws, kind: str, identifier: str) -> Progress:
    """Look once. Raises AwsError."""
    waiter = WAITERS[kind]
    aws.subject = f"{kind} {identifier}"
    arguments: dict[str, t.Any] = {waiter.argument: [identifier] if waiter.as_list else identifier}
    answer = aws.read(waiter.service, waiter.operation, missing=waiter.missing, **arguments)
    state = jmespath.search(waiter.state, answer) or "" if answer else ""
    if state in waiter.gone:
        state = ""
    reason = (jmespath.search(waiter.reason, answer) or "") if answer and waiter.reason else ""
    return Progress(state, state in waiter.ready, state in waiter.failed, reason)


def wait_ready(aws: Aws, kind: str, identifier: str, seconds: int = 1800) -> None:
    """Wait inside a module until a resource takes changes again. Roles use the module ``wait``: it shows progress."""
    _wait(aws, kind, identifier, lambda now: now.is_ready, lambda now: now.has_failed, "not ready", seconds)


def wait_gone(aws: Aws, kind: str, identifier: str, seconds: int = 1800) -> None:
    """Wait inside a module until a resource that was deleted exists no more, so that what it held can go too."""
    _wait(aws, kind, identifier, lambda now: not now.state, lambda now: False, "still there", seconds)


def _wait(
    aws: Aws,
    kind: str,
    identifier: str,
    is_over: t.Callable[[Progress], bool],
    is_hopeless: t.Callable[[Progress], bool],
    trouble: str,
    seconds: int,
) -> None:
    deadline = time.monotonic() + seconds
    pause = 0.5
    while True:
        now = progress(aws, kind, identifier)
        if is_over(now):
            return
        if is_hopeless(now) or time.monotonic() > deadline:
            reason = f": {now.reason}" if now.reason else ""
            raise WebstackError(
                f"{kind} {identifier} is {now.state or 'missing'} and {trouble}{reason}",
                "look at it in the AWS console; run again once that is mended",
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 15)

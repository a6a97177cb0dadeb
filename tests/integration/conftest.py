"""Whole stacks on the embedded AWS, driven as users drive them: by ansible-playbook, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath
import pytest

from tests.emulator.fixtures import Running, empty_emulator, emulator, running_emulator

__all__ = ["empty_emulator", "emulator", "running_emulator"]

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SECONDS = 1200

#: A run that changes nothing says so in its recap.
RECAP = re.compile(r"^(\S+)\s*: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What a run of a playbook did. writes: the calls that change something, as service:Operation."""

    code: int
    output: str
    writes: list[str]

    @property
    def changed(self) -> int:
        return sum(int(recap[2]) for recap in RECAP.findall(self.output))


@dataclass(frozen=True)
class Playbooks:
    """The playbooks of one environment, on one emulator, with a home and a temporary directory of their own."""

    emulator: Running
    environment: str
    directory: Path

    def start(self, playbook: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start a playbook in a process group of its own."""
        command = [BIN / "ansible-playbook", playbook, "-i", f"inventories/{self.environment}", *arguments]
        for path in ("home", "tmp"):
            (self.directory / path).mkdir(exist_ok=True)
        environment = {
            **self.emulator.environment(self.directory / "home"),
            "TMPDIR": str(self.directory / "tmp"),
            # What Ansible has packed is the same for all tests; what a run writes is not.
            "ANSIBLE_HOME": str(ROOT / ".cache" / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(self.directory / "tmp" / "ansible"),
            **variables,
        }
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, playbook: str, *arguments: str, **variables: str) -> Run:
        """Run a playbook to its end."""
        self.emulator.control("DELETE", "calls")
        process = self.start(playbook, *arguments, **variables)
        try:
            output, _unused = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _unused = process.communicate()
            pytest.fail(f"{playbook} did not end in {SECONDS} s:\n{output[-4000:]}")
        return Run(
            process.returncode, output, [f"{c['service']}:{c['operation']}" for c in self.emulator.calls(kind="write")]
        )

    def succeed(self, playbook: str, *arguments: str, **variables: str) -> Run:
        """Run a playbook, which must not fail."""
        run = self.run(playbook, *arguments, **variables)
        assert run.code == 0, run.output[-6000:]
        return run

    def left(self, stacks: Sequence[str], regions: Sequence[str] = ("us-east-1",)) -> list[str]:
        """What still is there of the stacks, as AWS shows it."""
        return [item for region in regions for item in remains(self.emulator, stacks, self.environment, region)]


def remains(emulator: Running, stacks: Sequence[str], environment: str, region: str) -> list[str]:
    """Everything of stacks that AWS still shows, asked of each service and not of the code under test.

    The account must hold no other stacks; the final snapshots of databases, which stay on purpose, do not count.
    """
    filters = [
        {"Name": "tag:webstack:stack", "Values": list(stacks)},
        {"Name": "tag:webstack:environment", "Values": [environment]},
    ]
    found: list[str] = []

    def look(service: str, operation: str, path: str, **arguments: Any) -> None:
        client = emulator.client(service, region)
        if client.can_paginate(operation):
            answer = client.get_paginator(operation).paginate(**arguments).build_full_result()
        else:
            answer = getattr(client, operation)(**arguments)
        found.extend(jmespath.search(path, answer) or [])

    look("ec2", "describe_vpcs", "Vpcs[].VpcId", Filters=filters)
    look("ec2", "describe_subnets", "Subnets[].SubnetId", Filters=filters)
    look("ec2", "describe_security_groups", "SecurityGroups[].GroupId", Filters=filters)
    look("ec2", "describe_route_tables", "RouteTables[].RouteTableId", Filters=filters)
    look("ec2", "describe_internet_gateways", "InternetGateways[].InternetGatewayId", Filters=filters)
    look("ec2", "describe_addresses", "Addresses[].AllocationId", Filters=filters)
    look("ec2", "describe_nat_gateways", "NatGateways[?State != 'deleted'].NatGatewayId", Filters=filters)
    look("ec2", "describe_vpc_endpoints", "VpcEndpoints[?State != 'deleted'].VpcEndpointId", Filters=filters)
    look("ec2", "describe_flow_logs", "FlowLogs[].FlowLogId", Filters=filters)
    look("elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerArn")
    look("elbv2", "describe_target_groups", "TargetGroups[].TargetGroupArn")
    look("apigatewayv2", "get_apis", "Items[].ApiId")
    look("apigatewayv2", "get_vpc_links", "Items[].VpcLinkId")
    look("apigatewayv2", "get_domain_names", "Items[].DomainName")
    look("rds", "describe_db_instances", "DBInstances[].DBInstanceIdentifier")
    look("rds", "describe_db_clusters", "DBClusters[].DBClusterIdentifier")
    look("rds", "describe_db_subnet_groups", "DBSubnetGroups[].DBSubnetGroupName")
    own_groups = "[?!starts_with({0}, 'default')].{0}"
    look("rds", "describe_db_parameter_groups", "DBParameterGroups" + own_groups.format("DBParameterGroupName"))
    look(
        "rds",
        "describe_db_cluster_parameter_groups",
        "DBClusterParameterGroups" + own_groups.format("DBClusterParameterGroupName"),
    )
    look("elasticache", "describe_replication_groups", "ReplicationGroups[].ReplicationGroupId")
    look("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups" + own_groups.format("CacheSubnetGroupName"))
    look(
        "elasticache",
        "describe_cache_parameter_groups",
        "CacheParameterGroups" + own_groups.format("CacheParameterGroupName"),
    )
    look("efs", "describe_file_systems", "FileSystems[].FileSystemId")
    look("dynamodb", "list_tables", "TableNames")
    clusters = emulator.client("ecs", region).list_clusters()["clusterArns"]
    look("ecs", "describe_clusters", "clusters[?status != 'INACTIVE'].clusterArn", clusters=clusters)
    look("ecs", "list_task_definitions", "taskDefinitionArns", status="ACTIVE")
    look("application-autoscaling", "describe_scalable_targets", "ScalableTargets[].ResourceId", ServiceNamespace="ecs")
    look("scheduler", "list_schedule_groups", "ScheduleGroups[?Name != 'default'].Arn")
    look("sqs", "list_queues", "QueueUrls")
    look("ecr", "describe_repositories", "repositories[].repositoryName")
    look("secretsmanager", "list_secrets", "SecretList[].Name")
    look("acm", "list_certificates", "CertificateSummaryList[].CertificateArn")
    look("logs", "describe_log_groups", "logGroups[].logGroupName")
    look("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName")
    look("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName")
    look("sns", "list_topics", "Topics[].TopicArn")
    look("ssm", "describe_parameters", "Parameters[].Name")
    look("xray", "get_sampling_rules", "SamplingRuleRecords[?SamplingRule.RuleName != 'Default'].SamplingRule.RuleName")
    if region == "us-east-1":
        # What AWS has in no region.
        look("s3", "list_buckets", "Buckets[].Name")
        look("route53", "list_hosted_zones", "HostedZones[].Name")
        for stack in stacks:
            ours = "[?starts_with({0}, '" + f"{environment}-{stack}" + "')].{0}"
            look("iam", "list_roles", "Roles" + ours.format("RoleName"))
            look("iam", "list_users", "Users" + ours.format("UserName"))
    return found


@pytest.fixture
def playbooks(emulator: Running, tmp_path: Path) -> Any:
    """``playbooks("staging")`` gives the playbooks of an environment."""
    return lambda environment: Playbooks(emulator, environment, tmp_path)

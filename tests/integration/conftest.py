"""Whole stacks on the embedded AWS, driven as users drive them: by ansible-playbook, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.fixtures import Running, empty_emulator, emulator, running_emulator

__all__ = ["empty_emulator", "emulator", "running_emulator"]

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
SECONDS = 600

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
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "HOME": str(self.directory / "home"),
            "TMPDIR": str(self.directory / "tmp"),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "AWS_ENDPOINT_URL": self.emulator.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
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

    def left(self, stack: str) -> list[str]:
        """What still bears the stack's tags or name, as AWS shows it."""
        return remains(self.emulator, stack, self.environment)


def remains(emulator: Running, stack: str, environment: str) -> list[str]:
    """Everything of a stack that AWS still shows, asked of each service and not of the code under test."""
    tags = {"webstack:stack": stack, "webstack:environment": environment}
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
    prefix = f"{environment}-{stack}"
    ec2, found = emulator.client("ec2"), []
    found += [item["VpcId"] for item in ec2.describe_vpcs(Filters=filters)["Vpcs"]]
    found += [item["SubnetId"] for item in ec2.describe_subnets(Filters=filters)["Subnets"]]
    found += [item["GroupId"] for item in ec2.describe_security_groups(Filters=filters)["SecurityGroups"]]
    found += [item["RouteTableId"] for item in ec2.describe_route_tables(Filters=filters)["RouteTables"]]
    found += [item["InternetGatewayId"] for item in ec2.describe_internet_gateways(Filters=filters)["InternetGateways"]]
    found += [item["AllocationId"] for item in ec2.describe_addresses(Filters=filters)["Addresses"]]
    gateways = ec2.describe_nat_gateways(Filters=filters)["NatGateways"]
    found += [item["NatGatewayId"] for item in gateways if item["State"] != "deleted"]
    found += [
        item["VpcEndpointId"]
        for item in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]
        if item["State"] != "deleted"
    ]
    found += [item["LoadBalancerArn"] for item in emulator.client("elbv2").describe_load_balancers()["LoadBalancers"]]
    found += [item["TargetGroupArn"] for item in emulator.client("elbv2").describe_target_groups()["TargetGroups"]]
    found += [item["DBInstanceIdentifier"] for item in emulator.client("rds").describe_db_instances()["DBInstances"]]
    found += [
        item["DBSubnetGroupName"] for item in emulator.client("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    ]
    found += _named(
        emulator.client("rds").describe_db_parameter_groups()["DBParameterGroups"], "DBParameterGroupName", prefix
    )
    cache = emulator.client("elasticache")
    found += [item["ReplicationGroupId"] for item in cache.describe_replication_groups()["ReplicationGroups"]]
    found += _named(cache.describe_cache_subnet_groups()["CacheSubnetGroups"], "CacheSubnetGroupName", prefix)
    found += _named(cache.describe_cache_parameter_groups()["CacheParameterGroups"], "CacheParameterGroupName", prefix)
    ecs = emulator.client("ecs")
    clusters = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
    found += [item["clusterArn"] for item in clusters if item["status"] != "INACTIVE"]
    found += ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
    scaling = emulator.client("application-autoscaling")
    found += [
        item["ResourceId"] for item in scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    ]
    found += [item["Name"] for item in emulator.client("s3").list_buckets()["Buckets"]]
    found += [item["repositoryName"] for item in emulator.client("ecr").describe_repositories()["repositories"]]
    found += [item["Name"] for item in emulator.client("secretsmanager").list_secrets()["SecretList"]]
    found += [item["logGroupName"] for item in emulator.client("logs").describe_log_groups()["logGroups"]]
    watch = emulator.client("cloudwatch")
    found += [item["AlarmName"] for item in watch.describe_alarms()["MetricAlarms"]]
    found += [item["DashboardName"] for item in watch.list_dashboards()["DashboardEntries"]]
    found += [item["TopicArn"] for item in emulator.client("sns").list_topics()["Topics"]]
    found += [item["Name"] for item in emulator.client("ssm").describe_parameters()["Parameters"]]
    iam = emulator.client("iam")
    found += _named(iam.list_roles()["Roles"], "RoleName", prefix)
    found += _named(iam.list_users()["Users"], "UserName", prefix)
    return found


def _named(items: list[dict[str, Any]], key: str, prefix: str) -> list[str]:
    return [item[key] for item in items if item[key].startswith(prefix)]


@pytest.fixture
def playbooks(emulator: Running, tmp_path: Path) -> Any:
    """``playbooks("staging")`` gives the playbooks of an environment."""
    return lambda environment: Playbooks(emulator, environment, tmp_path)

"""A stack from nothing to healthy, again, and gone, in every environment; every row of its sheet as AWS shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

STACK = "whatsmeow"
LIMIT = ("--limit", STACK)

#: The sheet's table, as AWS shows it.
SHEET: dict[str, dict[str, Any]] = {
    "production": {
        "vpc_cidr": "10.0.0.0/16",
        "nat_gateways": 2,
        "tasks_desired": 2,
        "tasks_at_most": 6,
        "container_insights": "enabled",
        "capacity_provider": "FARGATE",
        "ecs_exec": False,
        "multi_az": True,
        "redis_replicas": 2,
        "bucket_may_go": None,
        "task_size": ("2048", "4096"),
        "database": ("db.r6g.large", 100, "gp3"),
        "redis_node": "cache.r6g.large",
        "bucket_gigabytes": "100",
        "backup_retention": 7,
        "protected": True,
    },
    "staging": {
        "vpc_cidr": "10.1.0.0/16",
        "nat_gateways": 1,
        "tasks_desired": 1,
        "tasks_at_most": 5,
        "container_insights": "disabled",
        "capacity_provider": "FARGATE_SPOT",
        "ecs_exec": True,
        "multi_az": False,
        "redis_replicas": 1,
        "bucket_may_go": None,
        "task_size": ("1024", "2048"),
        "database": ("db.t4g.medium", 20, "gp3"),
        "redis_node": "cache.t4g.small",
        "bucket_gigabytes": "25",
        "backup_retention": 3,
        "protected": False,
    },
    "homolog": {
        "vpc_cidr": "10.2.0.0/16",
        "nat_gateways": 0,
        "tasks_desired": 1,
        "tasks_at_most": 2,
        "container_insights": "disabled",
        "capacity_provider": "FARGATE_SPOT",
        "ecs_exec": True,
        "multi_az": False,
        "redis_replicas": 0,
        "bucket_may_go": "true",
        "task_size": ("512", "1024"),
        "database": ("db.t4g.small", 20, "gp3"),
        "redis_node": "cache.t4g.small",
        "bucket_gigabytes": "10",
        "backup_retention": 3,
        "protected": False,
    },
}

OUTPUTS = {
    "alb_dns_name",
    "ecs_cluster_name",
    "ecs_service_name",
    "secrets_arn",
    "rds_endpoint",
    "redis_endpoint",
    "api_target_group_arn",
    "ecr_repository_url",
}

SECRET_KEYS = {
    "db_user",
    "db_password",
    "postgres_dsn",
    "wameow_postgres_dsn",
    "redis_password",
    "minio_access_key",
    "minio_secret_key",
}


def the_only(items: list[Any]) -> Any:
    assert len(items) == 1, items
    return items[0]


class Account:
    """What AWS shows of the one stack in the account."""

    def __init__(self, emulator: Any, environment: str):
        self.client = emulator.client
        self.environment = environment
        self.vpc = the_only([vpc for vpc in self.client("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]])
        ecs = self.client("ecs")
        self.cluster = the_only(
            ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"], include=["SETTINGS", "TAGS"])["clusters"]
        )
        name = self.cluster["clusterName"]
        self.service = the_only(ecs.describe_services(cluster=name, services=["whatsmeow-api-service"])["services"])
        self.task_definition = ecs.describe_task_definition(taskDefinition=self.service["taskDefinition"])[
            "taskDefinition"
        ]
        self.database = the_only(self.client("rds").describe_db_instances()["DBInstances"])
        self.cache = the_only(self.client("elasticache").describe_replication_groups()["ReplicationGroups"])
        self.load_balancer = the_only(self.client("elbv2").describe_load_balancers()["LoadBalancers"])
        self.bucket = the_only(self.client("s3").list_buckets()["Buckets"])["Name"]
        self.secret = the_only(self.client("secretsmanager").list_secrets()["SecretList"])

    def table(self) -> dict[str, Any]:
        """The sheet's rows."""
        scaling = self.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")[
            "ScalableTargets"
        ]
        nat = self.client("ec2").describe_nat_gateways()["NatGateways"]
        node = self.client("elasticache").describe_cache_clusters()["CacheClusters"][0]
        tags = {tag["Key"]: tag["Value"] for tag in self.client("s3").get_bucket_tagging(Bucket=self.bucket)["TagSet"]}
        attributes = self.client("elbv2").describe_load_balancer_attributes(
            LoadBalancerArn=self.load_balancer["LoadBalancerArn"]
        )
        protection = {a["Key"]: a["Value"] for a in attributes["Attributes"]}["deletion_protection.enabled"] == "true"
        assert self.database["DeletionProtection"] == protection
        return {
            "vpc_cidr": self.vpc["CidrBlock"],
            "nat_gateways": len([gateway for gateway in nat if gateway["State"] == "available"]),
            "tasks_desired": self.service["desiredCount"],
            "tasks_at_most": the_only(scaling)["MaxCapacity"],
            "container_insights": {s["name"]: s["value"] for s in self.cluster["settings"]}["containerInsights"],
            "capacity_provider": the_only(self.service["capacityProviderStrategy"])["capacityProvider"],
            "ecs_exec": self.service["enableExecuteCommand"],
            "multi_az": self.database["MultiAZ"],
            "redis_replicas": len(self.cache["MemberClusters"]) - 1,
            "bucket_may_go": tags.get("webstack:force-destroy"),
            "task_size": (self.task_definition["cpu"], self.task_definition["memory"]),
            "database": (
                self.database["DBInstanceClass"],
                self.database["AllocatedStorage"],
                self.database["StorageType"],
            ),
            "redis_node": node["CacheNodeType"],
            "bucket_gigabytes": tags["webstack:expected-gigabytes"],
            "backup_retention": self.database["BackupRetentionPeriod"],
            "protected": protection,
        }


def check_network(account: Account) -> None:
    ec2 = account.client("ec2")
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [account.vpc["VpcId"]]}])["Subnets"]
    assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == [
        "us-east-1a",
        "us-east-1a",
        "us-east-1b",
        "us-east-1b",
    ]
    placed = account.service["networkConfiguration"]["awsvpcConfiguration"]
    is_public = account.environment == "homolog"
    assert placed["assignPublicIp"] == ("ENABLED" if is_public else "DISABLED")
    for subnet in placed["subnets"]:
        tables = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])[
            "RouteTables"
        ]
        default = [r for r in the_only(tables)["Routes"] if r.get("DestinationCidrBlock") == "0.0.0.0/0"]
        assert the_only(default)["GatewayId" if is_public else "NatGatewayId"], "tasks reach neither image nor secrets"
    groups = {group["GroupId"]: group for group in ec2.describe_security_groups()["SecurityGroups"]}
    for group in placed["securityGroups"]:
        rule = the_only(groups[group]["IpPermissions"])
        assert (rule["FromPort"], rule["ToPort"]) == (8080, 8080)
        assert rule["IpRanges"] == []
        assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == account.load_balancer["SecurityGroups"]


def check_load_balancer(account: Account) -> None:
    elb = account.client("elbv2")
    assert account.load_balancer["Scheme"] == "internet-facing"
    listener = the_only(elb.describe_listeners(LoadBalancerArn=account.load_balancer["LoadBalancerArn"])["Listeners"])
    assert (listener["Port"], listener["Protocol"]) == (80, "HTTP")
    group = the_only(elb.describe_target_groups()["TargetGroups"])
    assert (group["Port"], group["HealthCheckPath"], group["TargetType"]) == (8080, "/health", "ip")
    health = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    healthy = [target for target in health if target["TargetHealth"]["State"] == "healthy"]
    assert len(healthy) == account.service["desiredCount"]


def check_service(account: Account) -> None:
    assert account.service["runningCount"] == account.service["desiredCount"]
    container = the_only(account.task_definition["containerDefinitions"])
    assert container["name"] == "api"
    assert container["portMappings"][0]["containerPort"] == 8080
    assert container["healthCheck"]["startPeriod"] == 60
    assert container["logConfiguration"]["options"]["awslogs-group"] == f"/ecs/{account.environment}/whatsmeow/api"
    arn = account.secret["ARN"]
    assert {item["name"]: item["valueFrom"] for item in container["secrets"]} == {
        "POSTGRES_DSN": f"{arn}:postgres_dsn::",
        "WAMEOW_POSTGRES_DSN": f"{arn}:wameow_postgres_dsn::",
        "REDIS_PASSWORD": f"{arn}:redis_password::",
        "MINIO_ACCESS_KEY": f"{arn}:minio_access_key::",
        "MINIO_SECRET_KEY": f"{arn}:minio_secret_key::",
    }


def check_data(account: Account) -> None:
    database = account.database
    assert database["Engine"] == "postgres"
    assert database["DBName"] == "api_core"
    assert database["PubliclyAccessible"] is False
    assert database["StorageEncrypted"] is True
    # The second database was made by a one-off task, which ended well; the instance remembers it.
    tags = {tag["Key"]: tag["Value"] for tag in database["TagList"]}
    assert set(tags["webstack:databases"].split()) == {"api_core", "whatsmeow_store"}
    group = database["DBParameterGroups"][0]["DBParameterGroupName"]
    parameters = account.client("rds").get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
    values = {p["ParameterName"]: p.get("ParameterValue") for p in parameters.build_full_result()["Parameters"]}
    assert values["rds.force_ssl"] == "1"

    secret = json.loads(
        account.client("secretsmanager").get_secret_value(SecretId=account.secret["ARN"])["SecretString"]
    )
    assert set(secret) == SECRET_KEYS
    host = database["Endpoint"]["Address"]
    assert secret["postgres_dsn"].endswith(f"@{host}:5432/api_core?sslmode=require")
    assert secret["wameow_postgres_dsn"].endswith(f"@{host}:5432/whatsmeow_store?sslmode=require")
    assert len(secret["db_password"]) >= 32
    assert account.cache["AuthTokenEnabled"] is True
    assert account.cache["TransitEncryptionEnabled"] is True

    s3 = account.client("s3")
    assert s3.get_bucket_versioning(Bucket=account.bucket)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=account.bucket)["PublicAccessBlockConfiguration"].values())
    rules = s3.get_bucket_lifecycle_configuration(Bucket=account.bucket)["Rules"]
    assert {t["StorageClass"] for rule in rules for t in rule.get("Transitions", [])} == {"STANDARD_IA"}
    assert any("Expiration" in rule for rule in rules)


@pytest.mark.parametrize("environment", list(SHEET))
def test_stack_lives(environment: str, playbooks: Any, emulator: Any) -> None:
    stack = playbooks(environment)

    planned = stack.succeed("site.yml", *LIMIT, "--check", "--diff")
    assert planned.writes == []
    assert planned.changed > 0

    stack.succeed("site.yml", *LIMIT)
    account = Account(emulator, environment)
    assert account.table() == SHEET[environment]
    check_network(account)
    check_load_balancer(account)
    check_service(account)
    check_data(account)

    again = stack.succeed("site.yml", *LIMIT)
    assert (again.changed, again.writes) == (0, []), again.output

    outputs = stack.succeed("playbooks/outputs.yml", *LIMIT, "-e", "output_format=json")
    document = outputs.output[outputs.output.index("\n{") : outputs.output.index("\n}") + 2]
    assert set(json.loads(document)) == OUTPUTS
    one = stack.succeed("playbooks/outputs.yml", *LIMIT, "-e", "output=alb_dns_name")
    assert account.load_balancer["DNSName"] in one.output.splitlines()

    listed = stack.succeed("playbooks/destroy.yml", *LIMIT, "--check")
    assert listed.writes == []
    assert account.vpc["VpcId"] in listed.output
    confirm = f"confirm={STACK}-{environment}"
    if SHEET[environment]["protected"]:
        refused = stack.run("playbooks/destroy.yml", *LIMIT, "-e", confirm)
        assert refused.code != 0
        assert "allow_protected=true" in refused.output
        assert refused.writes == []
        confirm += " allow_protected=true"
    destroyed = stack.succeed("playbooks/destroy.yml", *LIMIT, "-e", confirm)
    assert stack.left(STACK) == []
    snapshots = [item["DBSnapshotIdentifier"] for item in emulator.client("rds").describe_db_snapshots()["DBSnapshots"]]
    if environment == "production":
        assert the_only(snapshots) in destroyed.output
    else:
        assert snapshots == []

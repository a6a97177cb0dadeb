"""whatsmeow: a public load balancer, one API, PostgreSQL with two databases, Redis with replicas, a media bucket."""

from __future__ import annotations

from typing import Any

from tests.integration.shown import Shown, the_only

REGION = "us-east-1"
IMAGES: tuple[str, ...] = ()
SERVICE = "whatsmeow-api-service"

#: The sheet's table, as AWS shows it.
TABLE: dict[str, dict[str, Any]] = {
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
ENVIRONMENTS = tuple(TABLE)

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


def check(shown: Shown) -> None:
    assert table(shown) == TABLE[shown.environment]
    check_network(shown)
    check_load_balancer(shown)
    check_service(shown)
    check_data(shown)


def table(shown: Shown) -> dict[str, Any]:
    """The sheet's rows."""
    service, database = shown.services[SERVICE], shown.database
    tags = shown.bucket_tags(the_only(shown.buckets))
    protection = shown.load_balancer_attributes["deletion_protection.enabled"] == "true"
    assert database["DeletionProtection"] == protection
    return {
        "vpc_cidr": shown.vpc["CidrBlock"],
        "nat_gateways": len(shown.nat_gateways),
        "tasks_desired": service["desiredCount"],
        "tasks_at_most": shown.bounds(SERVICE)[1],
        "container_insights": shown.container_insights,
        "capacity_provider": the_only(shown.providers(SERVICE)),
        "ecs_exec": service["enableExecuteCommand"],
        "multi_az": database["MultiAZ"],
        "redis_replicas": len(shown.cache["MemberClusters"]) - 1,
        "bucket_may_go": tags.get("webstack:force-destroy"),
        "task_size": shown.size(SERVICE),
        "database": (database["DBInstanceClass"], database["AllocatedStorage"], database["StorageType"]),
        "redis_node": shown.cache_node["CacheNodeType"],
        "bucket_gigabytes": tags["webstack:expected-gigabytes"],
        "backup_retention": database["BackupRetentionPeriod"],
        "protected": protection,
    }


def check_network(shown: Shown) -> None:
    zones = sorted(subnet["AvailabilityZone"] for subnet in shown.subnets.values())
    assert zones == ["us-east-1a", "us-east-1a", "us-east-1b", "us-east-1b"]
    placed = shown.placed(SERVICE)
    is_public = shown.environment == "homolog"
    assert placed["assignPublicIp"] == ("ENABLED" if is_public else "DISABLED")
    for subnet in placed["subnets"]:
        way = shown.way_out(subnet)
        assert way == "internet" if is_public else way.startswith("nat-"), "tasks reach neither image nor secrets"
    assert shown.may_enter(placed["securityGroups"]) == {(8080, 8080): set(shown.load_balancer["SecurityGroups"])}


def check_load_balancer(shown: Shown) -> None:
    assert shown.load_balancer["Scheme"] == "internet-facing"
    assert set(shown.listeners) == {80}
    name, group = the_only(shown.target_groups.items())
    assert shown.routing(80) == (name, [])
    assert (group["Port"], group["HealthCheckPath"], group["TargetType"]) == (8080, "/health", "ip")
    assert shown.healthy(name) == shown.services[SERVICE]["desiredCount"]


def check_service(shown: Shown) -> None:
    service = shown.services[SERVICE]
    assert service["runningCount"] == service["desiredCount"]
    container = the_only(shown.containers(SERVICE).values())
    assert container["name"] == "api"
    assert container["portMappings"][0]["containerPort"] == 8080
    assert container["healthCheck"]["startPeriod"] == 60
    assert container["logConfiguration"]["options"]["awslogs-group"] == f"/ecs/{shown.environment}/whatsmeow/api"
    assert {item["valueFrom"].split(":")[6] for item in container["secrets"]} == {shown.secret["ARN"].split(":")[6]}
    assert shown.secrets_of(container) == {
        "POSTGRES_DSN": "postgres_dsn",
        "WAMEOW_POSTGRES_DSN": "wameow_postgres_dsn",
        "REDIS_PASSWORD": "redis_password",
        "MINIO_ACCESS_KEY": "minio_access_key",
        "MINIO_SECRET_KEY": "minio_secret_key",
    }


def check_data(shown: Shown) -> None:
    database = shown.database
    assert database["Engine"] == "postgres"
    assert database["DBName"] == "api_core"
    assert database["PubliclyAccessible"] is False
    assert database["StorageEncrypted"] is True
    # The second database was made by a one-off task, which ended well; the instance remembers it.
    tags = {tag["Key"]: tag["Value"] for tag in database["TagList"]}
    assert set(tags["webstack:databases"].split()) == {"api_core", "whatsmeow_store"}
    assert shown.database_parameters()["rds.force_ssl"] == "1"

    secret, host = shown.secret["values"], database["Endpoint"]["Address"]
    assert set(secret) == SECRET_KEYS
    assert secret["postgres_dsn"].endswith(f"@{host}:5432/api_core?sslmode=require")
    assert secret["wameow_postgres_dsn"].endswith(f"@{host}:5432/whatsmeow_store?sslmode=require")
    assert len(secret["db_password"]) >= 32
    assert shown.cache["AuthTokenEnabled"] is True
    assert shown.cache["TransitEncryptionEnabled"] is True

    s3, bucket = shown.client("s3"), the_only(shown.buckets)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert {t["StorageClass"] for rule in rules for t in rule.get("Transitions", [])} == {"STANDARD_IA"}
    assert any("Expiration" in rule for rule in rules)

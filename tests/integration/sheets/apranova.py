"""apranova: paths to a front and an API, PostgreSQL, Redis, shared files, repositories, jobs run on demand."""

from __future__ import annotations

from tests.integration.shown import WORLD, Shown, the_only

REGION = "us-east-1"
IMAGES = ("backend", "frontend")
OUTPUTS = {
    "url",
    "alb_dns_name",
    "ecs_cluster_name",
    "secrets_arn",
    "rds_endpoint",
    "redis_endpoint",
    "efs_id",
    "backend_ecr_repository_url",
    "frontend_ecr_repository_url",
    "alarms_topic_arn",
}

#: The second number of the VPC's range, sizes of backend and frontend, bounds of autoscaling, the domain.
TABLE = {
    "production": (0, ("512", "1024"), ("256", "512"), (1, 10), "apranova.example.com"),
    "staging": (1, ("256", "512"), ("256", "512"), (1, 5), None),
}
ENVIRONMENTS = tuple(TABLE)


def check(shown: Shown) -> None:
    number, backend_size, frontend_size, bounds, domain = TABLE[shown.environment]
    backend, frontend = f"{shown.prefix}-backend", f"{shown.prefix}-frontend"

    # network
    assert shown.vpc["CidrBlock"] == f"10.{number}.0.0/16"
    assert shown.ranges("internet") == {f"10.{number}.1.0/24": "us-east-1a", f"10.{number}.2.0/24": "us-east-1b"}
    assert shown.ranges("nat") == {f"10.{number}.11.0/24": "us-east-1a", f"10.{number}.12.0/24": "us-east-1b"}
    assert shown.subnets[the_only(shown.nat_gateways)["SubnetId"]]["AvailabilityZone"] == "us-east-1a"
    logs = shown.client("ec2").describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [shown.vpc["VpcId"]]}])
    assert the_only(logs["FlowLogs"])["FlowLogStatus"] == "ACTIVE"
    private = {subnet_id for subnet_id in shown.subnets if shown.way_out(subnet_id).startswith("nat-")}

    # who may reach whom
    balancer_groups = shown.load_balancer["SecurityGroups"]
    assert shown.may_enter(balancer_groups) == {(80, 80): {WORLD}, (443, 443): {WORLD}}
    task_groups = shown.placed(backend)["securityGroups"]
    assert shown.may_enter(task_groups) == {(0, 65535): set(balancer_groups)}
    database_groups = [group["VpcSecurityGroupId"] for group in shown.database["VpcSecurityGroups"]]
    assert shown.may_enter(database_groups) == {(5432, 5432): set(task_groups)}
    cache_groups = [group["SecurityGroupId"] for group in shown.cache_node["SecurityGroups"]]
    assert shown.may_enter(cache_groups) == {(6379, 6379): set(task_groups)}

    # routing
    paths = {group["HealthCheckPath"]: name for name, group in shown.target_groups.items()}
    serving = 443 if domain else 80
    assert shown.routing(serving) == (paths["/"], [({"/api/*", "/admin/*"}, paths["/health"])])
    if domain:
        assert shown.redirects(80) == ("HTTPS", "443")
    assert (shown.target_groups[paths["/"]]["Port"], shown.target_groups[paths["/health"]]["Port"]) == (3000, 8000)

    # services
    for name, size, command in (
        (backend, backend_size, "curl -f http://localhost:8000/health"),
        (frontend, frontend_size, "curl -f http://localhost:3000"),
    ):
        service, container = shown.services[name], the_only(shown.containers(name).values())
        assert shown.size(name) == size
        assert service["runningCount"] == service["desiredCount"] >= 1
        assert set(shown.placed(name)["subnets"]) == private
        check_ = container["healthCheck"]
        assert check_["command"][-1].startswith(command)
        assert (check_["interval"], check_["timeout"], check_["retries"]) == (30, 5, 3)
        assert shown.bounds(name) == bounds
        assert shown.targets(name) == {"ECSServiceAverageCPUUtilization": 70, "ECSServiceAverageMemoryUtilization": 80}
        assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert shown.healthy(paths["/"]) == shown.services[frontend]["desiredCount"]
    assert shown.healthy(paths["/health"]) == shown.services[backend]["desiredCount"]

    # database, cache
    database = shown.database
    assert (database["Engine"], database["EngineVersion"].split(".")[0]) == ("postgres", "14")
    assert (database["DBInstanceClass"], database["AllocatedStorage"], database["StorageType"]) == (
        "db.t3.micro",
        20,
        "gp2",
    )
    assert (database["DBName"], database["MasterUsername"]) == ("apranova_db", "apranova_admin")
    assert (database["BackupRetentionPeriod"], database["StorageEncrypted"]) == (7, True)
    assert shown.cache_node["CacheNodeType"] == "cache.t3.micro"
    assert shown.cache_node["EngineVersion"].startswith("7.")
    assert shown.cache["MemberClusters"] == [shown.cache_node["CacheClusterId"]]
    assert shown.cache["TransitEncryptionEnabled"] is True

    check_files(shown, backend, task_groups, private)
    check_images_and_rights(shown, backend)
    check_settings(shown, backend, frontend)
    check_jobs(shown, backend)
    check_watching(shown)


def check_files(shown: Shown, backend: str, task_groups: list[str], private: set[str]) -> None:
    efs = shown.client("efs")
    system = the_only(efs.describe_file_systems()["FileSystems"])
    assert (system["PerformanceMode"], system["ThroughputMode"]) == ("generalPurpose", "bursting")
    assert system["Encrypted"] is True
    targets = efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"]
    assert {target["SubnetId"] for target in targets} == private
    groups = efs.describe_mount_target_security_groups(MountTargetId=targets[0]["MountTargetId"])["SecurityGroups"]
    assert shown.may_enter(groups) == {(2049, 2049): set(task_groups)}
    definition = shown.definition(shown.services[backend]["taskDefinition"])
    volume = the_only(definition["volumes"])
    efs_volume = volume["efsVolumeConfiguration"]
    assert efs_volume["fileSystemId"] == system["FileSystemId"]
    assert efs_volume["transitEncryption"] == "ENABLED"
    assert efs_volume["authorizationConfig"]["iam"] == "ENABLED"
    mount = the_only(the_only(shown.containers(backend).values())["mountPoints"])
    assert (mount["containerPath"], mount["sourceVolume"]) == ("/app/media", volume["name"])


def check_images_and_rights(shown: Shown, backend: str) -> None:
    assert set(shown.repositories) == {f"{shown.prefix}-backend", f"{shown.prefix}-frontend"}
    for repository in shown.repositories.values():
        assert repository["imageScanningConfiguration"]["scanOnPush"] is True
        assert shown.client("ecr").get_lifecycle_policy(repositoryName=repository["repositoryName"])
    definition = shown.definition(shown.services[backend]["taskDefinition"])
    starts = {action for statement in shown.allowed(definition["executionRoleArn"]) for action in actions(statement)}
    assert {
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    } <= starts
    may = shown.allowed(definition["taskRoleArn"])
    assert {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "s3:GetObject", "s3:PutObject"} <= {
        action for statement in may for action in actions(statement)
    }
    for statement in may:
        if any(action.startswith(("s3:", "elasticfilesystem:")) for action in actions(statement)):
            assert "*" not in resources(statement), "a right on everything"


def actions(statement: dict) -> list[str]:
    return [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]


def resources(statement: dict) -> list[str]:
    return [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]


def check_settings(shown: Shown, backend: str, frontend: str) -> None:
    api, front = the_only(shown.containers(backend).values()), the_only(shown.containers(frontend).values())
    database, cache = shown.database["Endpoint"]["Address"], shown.cache["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    settings = shown.environment_of(api)
    assert settings["DB_HOST"] == database
    assert (settings["DB_NAME"], settings["DB_USER"], settings["DB_PORT"]) == ("apranova_db", "apranova_admin", "5432")
    assert (settings["REDIS_HOST"], settings["REDIS_PORT"]) == (cache, "6379")
    assert settings["REDIS_URL"] == f"rediss://{cache}:6379/0"
    assert {"DEBUG", "ALLOWED_HOSTS", "STRIPE_PUBLIC_KEY"} <= set(settings)
    assert {"NEXT_PUBLIC_API_URL", "BACKEND_URL", "NODE_ENV", "STRIPE_PUBLIC_KEY"} <= set(shown.environment_of(front))
    assert shown.secrets_of(api) == {
        "DB_PASSWORD": "db_password",
        "DATABASE_URL": "database_url",
        "DJANGO_SECRET_KEY": "django_secret_key",
        "STRIPE_SECRET_KEY": "stripe_secret_key",
        "STRIPE_WEBHOOK_SECRET": "stripe_webhook_secret",
    }
    values = shown.secret["values"]
    assert values["database_url"].startswith(f"postgresql://apranova_admin:{values['db_password']}@{database}:5432/")


def check_jobs(shown: Shown, backend: str) -> None:
    image = the_only(shown.containers(backend).values())["image"]
    for job, word in (("migrate", "migrate"), ("create-admin", "createsuperuser")):
        container = the_only(shown.definition(f"{shown.prefix}-{job}")["containerDefinitions"])
        assert container["image"] == image
        assert word in container["command"]
        assert shown.secrets_of(container)["DB_PASSWORD"] == "db_password"


def check_watching(shown: Shown) -> None:
    shows = shown.dashboard
    for namespace, metrics in {
        "AWS/ECS": {"CPUUtilization", "MemoryUtilization"},
        "AWS/RDS": {"CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "ReadLatency", "WriteLatency"},
        "AWS/ApplicationELB": {
            "TargetResponseTime",
            "HTTPCode_Target_5XX_Count",
            "RequestCount",
            "HealthyHostCount",
        },
        "AWS/ElastiCache": {"DatabaseMemoryUsagePercentage", "CurrConnections", "Evictions"},
    }.items():
        assert {(namespace, metric) for metric in metrics} <= shows
    limits = {
        # metric: (threshold, seconds for which it must be so)
        ("AWS/ECS", "CPUUtilization"): (80, 300),
        ("AWS/ECS", "MemoryUtilization"): (85, 300),
        ("AWS/ApplicationELB", "UnHealthyHostCount"): (1, 120),
        ("AWS/RDS", "DatabaseConnections"): (80, 300),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"): (10, 60),
    }
    for metric, (threshold, seconds) in limits.items():
        alarm = shown.alarms[metric]
        assert (alarm["Threshold"], alarm["Period"] * alarm["EvaluationPeriods"]) == (threshold, seconds), metric
        assert alarm["AlarmActions"]

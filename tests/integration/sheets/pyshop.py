"""pyshop: a public load balancer with TLS and names, one API, PostgreSQL, alarms and a dashboard."""

from __future__ import annotations

from tests.integration.shown import WORLD, Shown, the_only

REGION = "us-east-1"
IMAGES: tuple[str, ...] = ()
OUTPUTS = {
    "url",
    "alb_dns_name",
    "ecs_cluster_name",
    "ecs_service_name",
    "secrets_arn",
    "rds_endpoint",
    "name_servers",
    "alarms_topic_arn",
}

#: NAT gateways, task size, tasks at first and within which bounds, class and standby of the database, the domain.
TABLE = {
    "production": (2, ("1024", "2048"), 2, (2, 10), "db.t4g.small", True, "pyshop.example.com"),
    "staging": (1, ("512", "1024"), 2, (2, 10), "db.t4g.micro", False, "staging.pyshop.example.com"),
    "homolog": (1, ("256", "512"), 1, (1, 2), "db.t4g.micro", False, None),
}
ENVIRONMENTS = tuple(TABLE)


def check(shown: Shown) -> None:
    nat, size, tasks, bounds, database_class, standby, domain = TABLE[shown.environment]
    name = f"{shown.prefix}-api"
    service, database = shown.services[name], shown.database

    # network
    assert shown.vpc["CidrBlock"] == "10.0.0.0/16"
    assert shown.ranges("internet") == {"10.0.1.0/24": "us-east-1a", "10.0.2.0/24": "us-east-1b"}
    assert shown.ranges("nat") == {"10.0.10.0/24": "us-east-1a", "10.0.11.0/24": "us-east-1b"}
    assert len(shown.nat_gateways) == nat
    private = {subnet_id for subnet_id in shown.subnets if shown.way_out(subnet_id).startswith("nat-")}
    assert len({shown.way_out(subnet_id) for subnet_id in private}) == nat

    # who may reach whom
    balancer_groups = shown.load_balancer["SecurityGroups"]
    assert shown.may_enter(balancer_groups) == {(80, 80): {WORLD}, (443, 443): {WORLD}}
    task_groups = shown.placed(name)["securityGroups"]
    assert shown.may_enter(task_groups) == {(8000, 8000): set(balancer_groups)}
    database_groups = [group["VpcSecurityGroupId"] for group in database["VpcSecurityGroups"]]
    assert shown.may_enter(database_groups) == {(5432, 5432): set(task_groups)}
    assert set(shown.placed(name)["subnets"]) == private
    assert shown.placed(name)["assignPublicIp"] == "DISABLED"

    # database
    assert database["Engine"] == "postgres"
    assert database["EngineVersion"].startswith("15.")
    assert (database["DBInstanceClass"], database["MultiAZ"]) == (database_class, standby)
    assert (database["AllocatedStorage"], database["StorageType"]) == (20, "gp3")
    assert database["StorageEncrypted"] is True
    assert database["PubliclyAccessible"] is False
    assert database["BackupRetentionPeriod"] == 7
    assert database["MonitoringInterval"] == 60
    assert shown.client("iam").get_role(RoleName=database["MonitoringRoleArn"].rsplit("/", 1)[1])
    assert database["DBInstanceStatus"] == "available"

    # credentials, with the complete connection string
    values, host = shown.secret["values"], database["Endpoint"]["Address"]
    assert values["database_url"] == (f"postgresql://pyshop:{values['password']}@{host}:5432/pyshop?sslmode=require")

    # load balancer, TLS and names
    assert shown.load_balancer["Scheme"] == "internet-facing"
    group_name, group = the_only(shown.target_groups.items())
    assert (group["HealthCheckPath"], group["TargetType"]) == ("/healthz", "ip")
    if domain:
        assert shown.redirects(80) == ("HTTPS", "443")
        assert shown.routing(443) == (group_name, [])
        certificate = shown.client("acm").describe_certificate(
            CertificateArn=shown.listeners[443]["Certificates"][0]["CertificateArn"]
        )["Certificate"]
        assert certificate["Status"] == "ISSUED"
        assert set(certificate["SubjectAlternativeNames"]) == {domain, f"www.{domain}"}
        records = shown.records(domain)
        balancer = shown.load_balancer["DNSName"]
        assert records[domain, "A"].removeprefix("dualstack.") == balancer
        assert records[f"www.{domain}", "A"].removeprefix("dualstack.") == balancer
    else:
        assert set(shown.listeners) == {80}
        assert shown.routing(80) == (group_name, [])

    # service
    assert shown.container_insights == "enabled"
    assert shown.size(name) == size
    assert (service["desiredCount"], service["runningCount"]) == (tasks, tasks)
    assert shown.healthy(group_name) == tasks
    assert shown.providers(name) == ["FARGATE"]
    assert service["enableExecuteCommand"] is True
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert shown.bounds(name) == bounds
    assert shown.targets(name) == {"ECSServiceAverageCPUUtilization": 70, "ECSServiceAverageMemoryUtilization": 80}
    container = the_only(shown.containers(name).values())
    assert shown.environment_of(container) == {
        "ENVIRONMENT": shown.environment,
        "ACCESS_TOKEN_EXPIRE_MINUTES": "30",
    }
    assert shown.secrets_of(container) == {"SECRET_KEY": "secret_key", "DATABASE_URL": "database_url"}
    log_group = container["logConfiguration"]["options"]["awslogs-group"]
    assert shown.log_groups[log_group]

    # what is watched
    wanted = {
        ("AWS/ECS", "CPUUtilization"),
        ("AWS/ECS", "MemoryUtilization"),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"),
        ("AWS/ApplicationELB", "TargetResponseTime"),
        ("AWS/ApplicationELB", "UnHealthyHostCount"),
        ("AWS/RDS", "DatabaseConnections"),
        ("AWS/RDS", "CPUUtilization"),
        ("AWS/RDS", "FreeStorageSpace"),
    }
    assert wanted <= set(shown.alarms)
    topics = {item["TopicArn"] for item in shown.client("sns").list_topics()["Topics"]}
    assert all(set(alarm["AlarmActions"]) <= topics and alarm["AlarmActions"] for alarm in shown.alarms.values())
    assert wanted <= shown.dashboard

"""revendiste: no NAT, Aurora Serverless v2, scheduled jobs, the edge and the names at Cloudflare."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.integration.shown import Shown, the_only

REGION = "sa-east-1"
IMAGES = ("backend", "frontend")
OUTPUTS = {
    "alb_dns_name",
    "rds_cluster_endpoint",
    "db_secret_arn",
    "ecs_cluster_name",
    "backend_ecr_repository_url",
    "frontend_ecr_repository_url",
    "acm_certificate_validation_records",
}
#: The second number of the VPC's range, the backend's size, bounds of autoscaling, most capacity units, the domain,
#: whether requests are logged.
TABLE = {
    "production": (0, ("512", "2048"), (1, 10), 16, "revendiste.example.com", "true"),
    "staging": (1, ("256", "1024"), (1, 5), 4, "staging.revendiste.example.com", "false"),
}
ENVIRONMENTS = tuple(TABLE)
#: Job -> CPU units and memory.
JOBS = {
    "sync-payments": ("256", "512"),
    "notify": ("256", "512"),
    "scrape-events": ("1024", "2048"),
    "scrape-venues": ("2048", "4096"),
}
RANGES = Path(__file__).resolve().parents[3] / "inventories/stacks/cloudflare.yml"


def check(shown: Shown) -> None:
    number, size, bounds, units, domain, logs = TABLE[shown.environment]
    name = f"revendiste-{shown.environment}"
    backend, frontend = f"{name}-backend", f"{name}-frontend"

    # network: tasks have public addresses, the database no way to the internet
    assert len(shown.ranges("internet")) == 3
    assert len(shown.ranges("nowhere")) == 6
    assert shown.ranges("nat") == {}
    assert shown.nat_gateways == []
    for service in (backend, frontend):
        assert shown.placed(service)["assignPublicIp"] == "ENABLED"
        assert {shown.way_out(subnet) for subnet in shown.placed(service)["subnets"]} == {"internet"}
    cluster = the_only(shown.client("rds").describe_db_clusters()["DBClusters"])
    subnet_group = the_only(
        shown.client("rds").describe_db_subnet_groups(DBSubnetGroupName=cluster["DBSubnetGroup"])["DBSubnetGroups"]
    )
    database_subnets = [subnet["SubnetIdentifier"] for subnet in subnet_group["Subnets"]]
    ranges = {shown.subnets[subnet]["CidrBlock"] for subnet in database_subnets}
    assert ranges == {f"10.{number}.2{count}.0/24" for count in (1, 2, 3)}
    assert {shown.way_out(subnet) for subnet in database_subnets} == {"nowhere"}

    # who may reach whom
    balancer_groups = shown.load_balancer["SecurityGroups"]
    cloudflare = set(yaml.safe_load(RANGES.read_text())["all"]["vars"]["cloudflare_ranges"])
    assert shown.may_enter(balancer_groups) == {(80, 80): cloudflare, (443, 443): cloudflare}
    task_groups = shown.placed(backend)["securityGroups"]
    entrances = shown.may_enter(task_groups)
    assert set(entrances) == {(3000, 3000), (3001, 3001)}
    assert all(who == set(balancer_groups) for who in entrances.values())
    database_groups = [group["VpcSecurityGroupId"] for group in cluster["VpcSecurityGroups"]]
    assert shown.may_enter(database_groups) == {(5432, 5432): set(task_groups)}

    # routing by host, once the certificate is issued
    paths = {group["HealthCheckPath"]: group_name for group_name, group in shown.target_groups.items()}
    assert shown.redirects(80) == ("HTTPS", "443")
    assert shown.routing(443) == (
        "fixed-response",
        [({f"api.{domain}"}, paths["/api/health"]), ({domain, f"www.{domain}"}, paths["/"])],
    )
    assert shown.load_balancer_attributes["access_logs.s3.enabled"] == logs

    # services
    assert shown.cluster["clusterName"] == f"{name}-cluster"
    assert shown.container_insights == "enabled"
    assert shown.size(backend) == size
    for service in (backend, frontend):
        assert shown.services[service]["runningCount"] == shown.services[service]["desiredCount"] >= 1
        assert shown.bounds(service) == bounds
        assert shown.targets(service) == {
            "ECSServiceAverageCPUUtilization": 70,
            "ECSServiceAverageMemoryUtilization": 80,
        }
    assert shown.healthy(paths["/"]) >= 1
    assert shown.healthy(paths["/api/health"]) >= 1
    assert shown.providers(backend) == ["FARGATE" if shown.environment == "production" else "FARGATE_SPOT"]

    # database
    assert (cluster["Engine"], cluster["Status"]) == ("aurora-postgresql", "available")
    assert cluster["ServerlessV2ScalingConfiguration"]["MinCapacity"] == 0.5
    assert cluster["ServerlessV2ScalingConfiguration"]["MaxCapacity"] == units
    assert cluster["StorageEncrypted"] is True
    instance = shown.database
    assert instance["DBInstanceClass"] == "db.serverless"
    assert instance["DBClusterIdentifier"] == cluster["DBClusterIdentifier"]
    assert (instance["PerformanceInsightsEnabled"], instance["PerformanceInsightsRetentionPeriod"]) == (True, 7)
    values = shown.secret["values"]
    assert values["database_url"] == (
        f"postgresql://revendiste:{values['password']}@{cluster['Endpoint']}:5432/revendiste?sslmode=require"
    )

    # images and logs
    assert set(shown.repositories) == {backend, frontend}
    assert all(item["encryptionConfiguration"]["encryptionType"] for item in shown.repositories.values())
    groups = {group: days for group, days in shown.log_groups.items() if group.startswith(f"/ecs/{name}-")}
    assert groups == {f"/ecs/{name}-{part}": 7 for part in ("backend", "frontend", *JOBS)}

    check_jobs(shown, backend)


def check_jobs(shown: Shown, backend: str) -> None:
    scheduler = shown.client("scheduler")
    image = the_only(shown.containers(backend).values())["image"]
    listed = shown.pages("scheduler", "list_schedules", "Schedules")
    assert len(listed) == len(JOBS)
    for item in listed:
        schedule = scheduler.get_schedule(Name=item["Name"], GroupName=item["GroupName"])
        assert schedule["State"] == "ENABLED"
        target = schedule["Target"]
        assert target["Arn"] == shown.cluster["clusterArn"]
        assert target["DeadLetterConfig"]["Arn"]
        definition = shown.definition(target["EcsParameters"]["TaskDefinitionArn"])
        container = the_only(definition["containerDefinitions"])
        job = container["command"][-1]
        assert (definition["cpu"], definition["memory"]) == JOBS[job]
        assert container["image"] == image
        assert shown.secrets_of(container) == {"DATABASE_URL": "database_url"}
        network = target["EcsParameters"]["NetworkConfiguration"]["awsvpcConfiguration"]
        assert network["AssignPublicIp"] == "ENABLED"
        assert {shown.way_out(subnet) for subnet in network["Subnets"]} == {"internet"}
        zone = "America/Montevideo" if job.startswith("scrape") else "UTC"
        assert schedule["ScheduleExpressionTimezone"] == zone
        # It starts with its own role and parameters, and its container ends well.
        task = the_only(shown.fire(schedule))
        assert [ended.get("exitCode") for ended in task["containers"]] == [0], task

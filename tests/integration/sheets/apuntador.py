"""apuntador: API Gateway, a VPC link, an internal load balancer, endpoints for all, a table, a bucket, a collector."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.shown import Shown, the_only

REGION = "eu-west-1"
IMAGES = ("api", "collector")
OUTPUTS = {
    "api_url",
    "api_id",
    "vpc_link_id",
    "alb_dns_name",
    "ecs_cluster_name",
    "ecs_service_name",
    "dynamodb_table_name",
    "s3_bucket_name",
    "secrets_arn",
    "ecr_repository_url",
    "name_servers",
}
#: Tasks at first and within which bounds, the domain and its zone, the cloud providers, Exec.
TABLE: dict[str, Any] = {
    "production": (2, (1, 10), "api.apuntador.io", "apuntador.io", ("googledrive", "dropbox"), False),
    "staging": (2, (1, 5), "api.staging.apuntador.io", "staging.apuntador.io", ("googledrive",), True),
    "homolog": (1, (1, 2), None, None, (), True),
}
ENVIRONMENTS = tuple(TABLE)


def check(shown: Shown) -> None:
    tasks, bounds, domain, zone, providers, has_exec = TABLE[shown.environment]
    service = shown.services[f"{shown.prefix}-service"]

    # network: three zones, no NAT, endpoints for what the tasks need
    zones = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    assert shown.vpc["CidrBlock"] == "10.0.0.0/16"
    assert shown.ranges("internet") == {f"10.0.{n}.0/24": zone_ for n, zone_ in enumerate(zones, 1)}
    assert shown.ranges("nowhere") == {f"10.0.{n}.0/24": zone_ for n, zone_ in enumerate(zones, 11)}
    assert shown.nat_gateways == []
    interfaces = {"ecr.api", "ecr.dkr", "logs", "secretsmanager", "xray"} | ({"ssmmessages"} if has_exec else set())
    assert set(shown.endpoints) == {"s3", "dynamodb"} | interfaces
    assert {shown.endpoints[name]["VpcEndpointType"] for name in ("s3", "dynamodb")} == {"Gateway"}
    for name in interfaces:
        assert shown.endpoints[name]["PrivateDnsEnabled"] is True
        assert len(shown.endpoints[name]["SubnetIds"]) == 3
    placed = shown.placed(f"{shown.prefix}-service")
    assert placed["assignPublicIp"] == "DISABLED"
    assert {shown.way_out(subnet) for subnet in placed["subnets"]} == {"nowhere"}

    # load balancer: never public, reached from the VPC only
    assert shown.load_balancer["LoadBalancerName"] == f"{shown.prefix}-alb"
    assert shown.load_balancer["Scheme"] == "internal"
    assert set(shown.listeners) == {80}
    entrances = shown.may_enter(shown.load_balancer["SecurityGroups"])
    assert {who for sources in entrances.values() for who in sources} == {"10.0.0.0/16"}
    assert (80, 80) in entrances
    assert shown.may_enter(placed["securityGroups"]) == {(8000, 8000): set(shown.load_balancer["SecurityGroups"])}
    group_name, group = the_only(shown.target_groups.items())
    assert (group_name, group["HealthCheckPath"]) == (f"{shown.prefix}-tg", "/health")
    assert shown.routing(80) == (group_name, [])
    assert shown.healthy(group_name) == tasks

    check_api(shown, domain, zone)
    check_service(shown, tasks, bounds, providers, has_exec)
    check_data(shown, service)
    check_watching(shown)


def check_api(shown: Shown, domain: str | None, zone: str | None) -> None:
    gateway = shown.client("apigatewayv2")
    api = the_only(gateway.get_apis()["Items"])
    assert (api["ProtocolType"], api["Name"]) == ("HTTP", f"{shown.prefix}-api")
    link = the_only(gateway.get_vpc_links()["Items"])
    assert link["VpcLinkStatus"] == "AVAILABLE"
    integration = the_only(gateway.get_integrations(ApiId=api["ApiId"])["Items"])
    assert (integration["ConnectionType"], integration["ConnectionId"]) == ("VPC_LINK", link["VpcLinkId"])
    assert integration["IntegrationUri"] == shown.listeners[80]["ListenerArn"]
    routes = gateway.get_routes(ApiId=api["ApiId"])["Items"]
    assert {route["RouteKey"] for route in routes} == {"ANY /", "ANY /{proxy+}"}
    assert {route["Target"] for route in routes} == {f"integrations/{integration['IntegrationId']}"}
    stage = the_only(gateway.get_stages(ApiId=api["ApiId"])["Items"])
    log_group = f"/aws/apigateway/{shown.prefix}-api"
    assert stage["AccessLogSettings"]["DestinationArn"].endswith(f":log-group:{log_group}")
    assert "requestId" in json.loads(stage["AccessLogSettings"]["Format"])
    assert shown.log_groups[log_group] == 7
    if domain is None:
        assert gateway.get_domain_names()["Items"] == []
        return
    shown_domain = gateway.get_domain_name(DomainName=domain)
    configuration = the_only(shown_domain["DomainNameConfigurations"])
    assert configuration["EndpointType"] == "REGIONAL"
    certificate = shown.client("acm").describe_certificate(CertificateArn=configuration["CertificateArn"])
    assert certificate["Certificate"]["Status"] == "ISSUED"
    assert the_only(gateway.get_api_mappings(DomainName=domain)["Items"])["ApiId"] == api["ApiId"]
    records = shown.records(str(zone))
    assert records[domain, "A"] == records[domain, "AAAA"] == configuration["ApiGatewayDomainName"]


def check_service(
    shown: Shown, tasks: int, bounds: tuple[int, int], providers: tuple[str, ...], has_exec: bool
) -> None:
    name = f"{shown.prefix}-service"
    service = shown.services[name]
    assert shown.cluster["clusterName"] == f"{shown.prefix}-cluster"
    assert shown.container_insights == "enabled"
    assert shown.size(name) == ("256", "512")
    assert (service["desiredCount"], service["runningCount"]) == (tasks, tasks)
    assert shown.bounds(name) == bounds
    assert service["enableExecuteCommand"] is has_exec
    containers = shown.containers(name)
    api = containers.pop("apuntador-api")
    collector = the_only(containers.values())
    assert api["portMappings"][0]["containerPort"] == 8000
    groups = [item["logConfiguration"]["options"]["awslogs-group"] for item in (api, collector)]
    assert groups == [f"/aws/ecs/{shown.prefix}/backend", f"/aws/ecs/{shown.prefix}/adot"]
    assert set(groups) <= set(shown.log_groups)
    settings = shown.environment_of(api)
    assert {
        "HOST": "0.0.0.0",
        "PORT": "8000",
        "OTEL_ENABLED": "true",
        "OTEL_SERVICE_NAME": "apuntador-api",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_PROPAGATORS": "xray",
        "OTEL_PYTHON_DISTRO": "aws_distro",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.1",
        "LOG_FORMAT": "json",
        "INFRASTRUCTURE_PROVIDER": "aws",
        "AWS_REGION": "eu-west-1",
        "AWS_SECRETS_PREFIX": "apuntador",
        "AUTO_CREATE_RESOURCES": "false",
        "ENABLED_CLOUD_PROVIDERS": ",".join(providers),
    }.items() <= settings.items()
    assert {"DEBUG", "ALLOWED_ORIGINS", "ENABLE_DOCS", "LOG_LEVEL", "ENABLE_REQUEST_LOGGING"} <= set(settings)
    assert shown.environment != "production" or settings["ALLOWED_ORIGINS"] != "*"
    secrets = {"SECRET_KEY": "secret_key"}
    for provider in providers:
        assert settings[f"{provider.upper()}_REDIRECT_URI"].startswith("https://")
        secrets[f"{provider.upper()}_CLIENT_ID"] = f"{provider}_client_id"
        secrets[f"{provider.upper()}_CLIENT_SECRET"] = f"{provider}_client_secret"
    assert shown.secrets_of(api) == secrets
    assert len(shown.secret["values"]["secret_key"]) >= 32
    assert shown.secret["Name"].startswith("apuntador/")


def check_data(shown: Shown, service: dict[str, Any]) -> None:
    dynamodb = shown.client("dynamodb")
    table = the_only(name for name in dynamodb.list_tables()["TableNames"] if name.startswith(shown.prefix))
    described = dynamodb.describe_table(TableName=table)["Table"]
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    bucket = the_only(shown.buckets)
    settings = shown.environment_of(shown.containers(service["serviceName"])["apuntador-api"])
    assert (settings["AWS_DYNAMODB_TABLE"], settings["AWS_S3_BUCKET"]) == (table, bucket)
    definition = shown.definition(service["taskDefinition"])
    may: set[str] = set()
    for statement in shown.allowed(definition["taskRoleArn"]):
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        may |= set(actions)
        if any(action.startswith(("s3:", "dynamodb:", "secretsmanager:")) for action in actions):
            assert statement["Resource"] != "*"
    assert {"dynamodb:PutItem", "s3:PutObject", "secretsmanager:GetSecretValue", "xray:PutTraceSegments"} <= may
    rules = shown.client("xray").get_sampling_rules()["SamplingRuleRecords"]
    ours = the_only(rule["SamplingRule"] for rule in rules if rule["SamplingRule"]["ServiceName"] == "apuntador-api")
    assert ours["FixedRate"] == 0.1


def check_watching(shown: Shown) -> None:
    cpu = shown.alarms["AWS/ECS", "CPUUtilization"]
    assert (cpu["Threshold"], cpu["Period"], cpu["EvaluationPeriods"]) == (80, 300, 2)
    hosts = shown.alarms["AWS/ApplicationELB", "HealthyHostCount"]
    assert (hosts["Threshold"], hosts["ComparisonOperator"]) == (1, "LessThanThreshold")
    assert hosts["Period"] * hosts["EvaluationPeriods"] == 60
    assert {
        ("AWS/ECS", "CPUUtilization"),
        ("AWS/ECS", "MemoryUtilization"),
        ("AWS/ApplicationELB", "TargetResponseTime"),
        ("AWS/ApplicationELB", "HealthyHostCount"),
        ("AWS/ApplicationELB", "RequestCount"),
        ("AWS/ApplicationELB", "HTTPCode_Target_2XX_Count"),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"),
        ("AWS/ApiGateway", "4xx"),
        ("AWS/ApiGateway", "5xx"),
        ("AWS/ApiGateway", "IntegrationLatency"),
    } <= shown.dashboard
    assert {metric for _namespace, metric in shown.dashboard} & {"RunningTaskCount", "DesiredTaskCount"}

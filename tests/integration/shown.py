"""What AWS shows of one stack, asked of each service and not of the code under test."""

from __future__ import annotations

import functools
import json
from typing import Any

#: What stands for "everywhere" in a rule.
WORLD = "0.0.0.0/0"


def the_only(items: Any) -> Any:
    items = list(items)
    assert len(items) == 1, items
    return items[0]


class Shown:
    """A stack as AWS shows it; everything is read once, when it is first asked for."""

    def __init__(self, emulator: Any, environment: str, stack: str, region: str):
        self.environment = environment
        self.stack = stack
        self.region = region
        self.prefix = f"{environment}-{stack}"
        self._client = emulator.client
        self._control = emulator.control

    def client(self, service: str) -> Any:
        return self._client(service, self.region)

    def pages(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        """All that a paginated call lists."""
        return self.client(service).get_paginator(operation).paginate(**arguments).build_full_result()[key]

    # --- network

    @functools.cached_property
    def vpc(self) -> dict[str, Any]:
        filters = [
            {"Name": "tag:webstack:stack", "Values": [self.stack]},
            {"Name": "tag:webstack:environment", "Values": [self.environment]},
        ]
        return the_only(self.client("ec2").describe_vpcs(Filters=filters)["Vpcs"])

    def _in_vpc(self, operation: str, key: str) -> list[dict[str, Any]]:
        filters = [{"Name": "vpc-id", "Values": [self.vpc["VpcId"]]}]
        return getattr(self.client("ec2"), operation)(Filters=filters)[key]

    @functools.cached_property
    def subnets(self) -> dict[str, dict[str, Any]]:
        return {subnet["SubnetId"]: subnet for subnet in self._in_vpc("describe_subnets", "Subnets")}

    @functools.cached_property
    def _tables(self) -> list[dict[str, Any]]:
        return self._in_vpc("describe_route_tables", "RouteTables")

    def way_out(self, subnet_id: str) -> str:
        """Where a subnet's default route leads: ``internet``, the id of a NAT gateway, or nowhere."""
        table = the_only(
            table
            for table in self._tables
            if any(association.get("SubnetId") == subnet_id for association in table["Associations"])
        )
        for route in table["Routes"]:
            if route.get("DestinationCidrBlock") == WORLD:
                return "internet" if route.get("GatewayId") else route["NatGatewayId"]
        return "nowhere"

    def ranges(self, way_out: str) -> dict[str, str]:
        """Range -> zone of the subnets whose way out is ``internet``, ``nat`` or ``nowhere``."""
        ways = {"internet": "internet", "nowhere": "nowhere"}
        return {
            subnet["CidrBlock"]: subnet["AvailabilityZone"]
            for subnet_id, subnet in self.subnets.items()
            if ways.get(self.way_out(subnet_id), "nat") == way_out
        }

    @functools.cached_property
    def nat_gateways(self) -> list[dict[str, Any]]:
        gateways = self.client("ec2").describe_nat_gateways(Filters=[{"Name": "vpc-id", "Values": [self.vpc["VpcId"]]}])
        return [gateway for gateway in gateways["NatGateways"] if gateway["State"] == "available"]

    @functools.cached_property
    def endpoints(self) -> dict[str, dict[str, Any]]:
        """The VPC endpoints by their service in short, such as ``ecr.api``."""
        found = self._in_vpc("describe_vpc_endpoints", "VpcEndpoints")
        return {
            item["ServiceName"].removeprefix(f"com.amazonaws.{self.region}."): item
            for item in found
            if item["State"] == "available"
        }

    @functools.cached_property
    def groups(self) -> dict[str, dict[str, Any]]:
        return {group["GroupId"]: group for group in self._in_vpc("describe_security_groups", "SecurityGroups")}

    def may_enter(self, group_ids: list[str]) -> dict[tuple[int, int], set[str]]:
        """Who may reach something with these groups: (first port, last port) -> ranges and groups."""
        entrances: dict[tuple[int, int], set[str]] = {}
        for group_id in group_ids:
            for rule in self.groups[group_id]["IpPermissions"]:
                who = {item["CidrIp"] for item in rule["IpRanges"]} | {item["CidrIpv6"] for item in rule["Ipv6Ranges"]}
                who |= {pair["GroupId"] for pair in rule["UserIdGroupPairs"]}
                entrances.setdefault((rule.get("FromPort", -1), rule.get("ToPort", -1)), set()).update(who)
        return entrances

    # --- load balancer

    @functools.cached_property
    def load_balancer(self) -> dict[str, Any]:
        return the_only(
            item
            for item in self.client("elbv2").describe_load_balancers()["LoadBalancers"]
            if item["VpcId"] == self.vpc["VpcId"]
        )

    @functools.cached_property
    def load_balancer_attributes(self) -> dict[str, str]:
        answer = self.client("elbv2").describe_load_balancer_attributes(
            LoadBalancerArn=self.load_balancer["LoadBalancerArn"]
        )
        return {item["Key"]: item["Value"] for item in answer["Attributes"]}

    @functools.cached_property
    def listeners(self) -> dict[int, dict[str, Any]]:
        answer = self.client("elbv2").describe_listeners(LoadBalancerArn=self.load_balancer["LoadBalancerArn"])
        return {item["Port"]: item for item in answer["Listeners"]}

    @functools.cached_property
    def target_groups(self) -> dict[str, dict[str, Any]]:
        """By name."""
        answer = self.client("elbv2").describe_target_groups(LoadBalancerArn=self.load_balancer["LoadBalancerArn"])
        return {item["TargetGroupName"]: item for item in answer["TargetGroups"]}

    def redirects(self, port: int) -> tuple[str, str]:
        """Where a listener sends everybody: protocol and port."""
        action = the_only(self.listeners[port]["DefaultActions"])
        assert action["Type"] == "redirect", action
        return action["RedirectConfig"]["Protocol"], action["RedirectConfig"]["Port"]

    def target_of(self, action: dict[str, Any]) -> str:
        """The name of the target group that an action forwards to; else the action's type."""
        if action["Type"] != "forward":
            return action["Type"]
        arn = action.get("TargetGroupArn") or the_only(action["ForwardConfig"]["TargetGroups"])["TargetGroupArn"]
        return the_only(name for name, group in self.target_groups.items() if group["TargetGroupArn"] == arn)

    def routing(self, port: int) -> tuple[str, list[tuple[set[str], str]]]:
        """Who gets what no rule takes, and for each rule in their order the paths and hosts and who gets them."""
        rules = self.client("elbv2").describe_rules(ListenerArn=self.listeners[port]["ListenerArn"])["Rules"]
        ordered = sorted((rule for rule in rules if not rule["IsDefault"]), key=lambda rule: int(rule["Priority"]))
        routed = []
        for rule in ordered:
            wanted: set[str] = set()
            for condition in rule["Conditions"]:
                for form in ("PathPatternConfig", "HostHeaderConfig"):
                    wanted |= set(condition.get(form, {}).get("Values", []))
            routed.append((wanted, self.target_of(the_only(rule["Actions"]))))
        return self.target_of(the_only(self.listeners[port]["DefaultActions"])), routed

    def healthy(self, target_group: str) -> int:
        arn = self.target_groups[target_group]["TargetGroupArn"]
        health = self.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return sum(item["TargetHealth"]["State"] == "healthy" for item in health)

    # --- containers

    @functools.cached_property
    def cluster(self) -> dict[str, Any]:
        ecs = self.client("ecs")
        found = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"], include=["SETTINGS", "TAGS"])
        return the_only(
            cluster
            for cluster in found["clusters"]
            if {"key": "webstack:stack", "value": self.stack} in cluster["tags"]
            and {"key": "webstack:environment", "value": self.environment} in cluster["tags"]
        )

    @property
    def container_insights(self) -> str:
        return {item["name"]: item["value"] for item in self.cluster["settings"]}["containerInsights"]

    @functools.cached_property
    def services(self) -> dict[str, dict[str, Any]]:
        """By name."""
        ecs, name = self.client("ecs"), self.cluster["clusterName"]
        arns = ecs.list_services(cluster=name)["serviceArns"]
        return {item["serviceName"]: item for item in ecs.describe_services(cluster=name, services=arns)["services"]}

    def definition(self, reference: str) -> dict[str, Any]:
        return self.client("ecs").describe_task_definition(taskDefinition=reference)["taskDefinition"]

    def containers(self, service: str) -> dict[str, dict[str, Any]]:
        """The containers of a service's task definition by name."""
        definition = self.definition(self.services[service]["taskDefinition"])
        return {container["name"]: container for container in definition["containerDefinitions"]}

    def size(self, service: str) -> tuple[str, str]:
        definition = self.definition(self.services[service]["taskDefinition"])
        return definition["cpu"], definition["memory"]

    def placed(self, service: str) -> dict[str, Any]:
        return self.services[service]["networkConfiguration"]["awsvpcConfiguration"]

    def providers(self, service: str) -> list[str]:
        return [item["capacityProvider"] for item in self.services[service]["capacityProviderStrategy"]]

    @staticmethod
    def environment_of(container: dict[str, Any]) -> dict[str, str]:
        return {item["name"]: item["value"] for item in container.get("environment", [])}

    @staticmethod
    def secrets_of(container: dict[str, Any]) -> dict[str, str]:
        """Variable -> JSON key in its secret."""
        return {item["name"]: item["valueFrom"].split(":")[7] for item in container.get("secrets", [])}

    def bounds(self, service: str) -> tuple[int, int]:
        """Between how many tasks a service is scaled."""
        target = the_only(
            item
            for item in self.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")[
                "ScalableTargets"
            ]
            if item["ResourceId"] == f"service/{self.cluster['clusterName']}/{service}"
        )
        return target["MinCapacity"], target["MaxCapacity"]

    def targets(self, service: str) -> dict[str, float]:
        """At which CPU and memory a service is scaled."""
        policies = self.client("application-autoscaling").describe_scaling_policies(
            ServiceNamespace="ecs", ResourceId=f"service/{self.cluster['clusterName']}/{service}"
        )["ScalingPolicies"]
        found = {}
        for policy in policies:
            tracking = policy["TargetTrackingScalingPolicyConfiguration"]
            found[tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]] = tracking["TargetValue"]
        return found

    def allowed(self, role_arn: str) -> list[dict[str, Any]]:
        """The statements of a role's policies."""
        iam, name = self.client("iam"), role_arn.rsplit("/", 1)[1]
        statements = []
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            statements += iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]
        return statements

    def fire(self, schedule: dict[str, Any]) -> list[dict[str, Any]]:
        """The tasks that a schedule starts when its time comes, seen to their end."""
        where = {"group": schedule["GroupName"], "name": schedule["Name"], "region": self.region}
        fired = self._control("POST", "schedules/fire", where)
        assert fired.get("task_arns"), fired
        ecs, arguments = self.client("ecs"), {"cluster": self.cluster["clusterName"], "tasks": fired["task_arns"]}
        for _look in range(20):
            tasks = ecs.describe_tasks(**arguments)["tasks"]
            if all(task["lastStatus"] == "STOPPED" for task in tasks):
                break
        return tasks

    # --- data

    @functools.cached_property
    def databases(self) -> dict[str, dict[str, Any]]:
        """The database instances by identifier."""
        found = self.pages("rds", "describe_db_instances", "DBInstances")
        return {
            item["DBInstanceIdentifier"]: item for item in found if item["DBSubnetGroup"]["VpcId"] == self.vpc["VpcId"]
        }

    @functools.cached_property
    def database(self) -> dict[str, Any]:
        return the_only(self.databases.values())

    def database_parameters(self) -> dict[str, str]:
        group = self.database["DBParameterGroups"][0]["DBParameterGroupName"]
        found = self.pages("rds", "describe_db_parameters", "Parameters", DBParameterGroupName=group)
        return {item["ParameterName"]: item.get("ParameterValue") for item in found}

    @functools.cached_property
    def cache(self) -> dict[str, Any]:
        groups = self.pages("elasticache", "describe_replication_groups", "ReplicationGroups")
        return the_only(group for group in groups if group["ReplicationGroupId"].startswith(self.prefix))

    @functools.cached_property
    def cache_node(self) -> dict[str, Any]:
        return self.client("elasticache").describe_cache_clusters(CacheClusterId=self.cache["MemberClusters"][0])[
            "CacheClusters"
        ][0]

    @functools.cached_property
    def secret(self) -> dict[str, Any]:
        """The stack's secret; ``values`` are its fields."""
        secrets = self.client("secretsmanager")
        found = the_only(
            item
            for item in secrets.list_secrets()["SecretList"]
            if {"Key": "webstack:stack", "Value": self.stack} in item["Tags"]
            and {"Key": "webstack:environment", "Value": self.environment} in item["Tags"]
        )
        return {**found, "values": json.loads(secrets.get_secret_value(SecretId=found["ARN"])["SecretString"])}

    @functools.cached_property
    def buckets(self) -> list[str]:
        names = [item["Name"] for item in self.client("s3").list_buckets()["Buckets"]]
        return [name for name in names if self.bucket_tags(name).get("webstack:stack") == self.stack]

    def bucket_tags(self, bucket: str) -> dict[str, str]:
        return {item["Key"]: item["Value"] for item in self.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]}

    @functools.cached_property
    def repositories(self) -> dict[str, dict[str, Any]]:
        found = self.pages("ecr", "describe_repositories", "repositories")
        return {item["repositoryName"]: item for item in found if self.stack in item["repositoryName"]}

    # --- watching

    @functools.cached_property
    def log_groups(self) -> dict[str, int | None]:
        """Name -> days for which it keeps events."""
        found = self.pages("logs", "describe_log_groups", "logGroups")
        return {item["logGroupName"]: item.get("retentionInDays") for item in found}

    @functools.cached_property
    def alarms(self) -> dict[tuple[str, str], dict[str, Any]]:
        """By namespace and metric, those of one metric; where several watch the same, one of them."""
        found = self.pages("cloudwatch", "describe_alarms", "MetricAlarms", AlarmNamePrefix=self.prefix)
        return {(item["Namespace"], item["MetricName"]): item for item in found if "MetricName" in item}

    @functools.cached_property
    def dashboard(self) -> set[tuple[str, str]]:
        """Namespace and metric of all that the dashboard shows."""
        watch = self.client("cloudwatch")
        name = the_only(watch.list_dashboards(DashboardNamePrefix=self.prefix)["DashboardEntries"])["DashboardName"]
        body = json.loads(watch.get_dashboard(DashboardName=name)["DashboardBody"])
        return {(line[0], line[1]) for widget in body["widgets"] for line in widget["properties"].get("metrics", [])}

    # --- names

    def records(self, zone: str) -> dict[tuple[str, str], Any]:
        """Name and type -> what the record of a zone is or points at."""
        route53 = self.client("route53")
        zones = [item for item in route53.list_hosted_zones()["HostedZones"] if item["Name"] == f"{zone}."]
        found = self.pages(
            "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=the_only(zones)["Id"]
        )
        return {
            (item["Name"].rstrip("."), item["Type"]): item["AliasTarget"]["DNSName"].rstrip(".")
            if "AliasTarget" in item
            else [record["Value"] for record in item["ResourceRecords"]]
            for item in found
        }

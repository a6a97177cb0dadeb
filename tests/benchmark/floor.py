"""The floor: how few calls show the state of every resource of one stack, and how long they take one after the other.

``python tests/benchmark/floor.py STACK ENVIRONMENT REGION``, for stacks of the kinds that whatsmeow of production has.
The task that makes its databases is no resource here, since a tag of the database is all that is left of it; the
parameter that keeps what was applied is one.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import defaultdict
from typing import Any

import boto3
from botocore.exceptions import ClientError

#: What is read of each kind of ARN: client, operation, and the parameter that takes one, or with [] all at once.
READS = """
ec2 vpc                            ec2            describe_vpcs                      VpcIds[]
ec2 internet-gateway               ec2            describe_internet_gateways         InternetGatewayIds[]
ec2 subnet                         ec2            describe_subnets                   SubnetIds[]
ec2 route-table                    ec2            describe_route_tables              RouteTableIds[]
ec2 natgateway                     ec2            describe_nat_gateways              NatGatewayIds[]
ec2 vpc-endpoint                   ec2            describe_vpc_endpoints             VpcEndpointIds[]
ec2 security-group                 ec2            describe_security_groups           GroupIds[]
elasticloadbalancing loadbalancer  elbv2          describe_load_balancers            LoadBalancerArns[]
elasticloadbalancing loadbalancer  elbv2          describe_load_balancer_attributes  LoadBalancerArn
elasticloadbalancing targetgroup   elbv2          describe_target_groups             TargetGroupArns[]
elasticloadbalancing targetgroup   elbv2          describe_target_group_attributes   TargetGroupArn
ecr repository                     ecr            describe_repositories              repositoryNames[]
ecr repository                     ecr            get_lifecycle_policy               repositoryName
secretsmanager secret              secretsmanager describe_secret                    SecretId
secretsmanager secret              secretsmanager get_secret_value                   SecretId
rds db                             rds            describe_db_instances              DBInstanceIdentifier
rds subgrp                         rds            describe_db_subnet_groups          DBSubnetGroupName
rds pg                             rds            describe_db_parameter_groups       DBParameterGroupName
rds pg                             rds            describe_db_parameters             DBParameterGroupName Source=user
elasticache replicationgroup       elasticache    describe_replication_groups        ReplicationGroupId
elasticache subnetgroup            elasticache    describe_cache_subnet_groups       CacheSubnetGroupName
elasticache parametergroup         elasticache    describe_cache_parameter_groups    CacheParameterGroupName
elasticache parametergroup         elasticache    describe_cache_parameters          CacheParameterGroupName Source=user
s3 bucket                          s3             get_bucket_versioning              Bucket
s3 bucket                          s3             get_bucket_encryption              Bucket
s3 bucket                          s3             get_bucket_lifecycle_configuration Bucket
s3 bucket                          s3             get_bucket_policy                  Bucket
s3 bucket                          s3             get_bucket_ownership_controls      Bucket
s3 bucket                          s3             get_bucket_cors                    Bucket
s3 bucket                          s3             get_public_access_block            Bucket
logs log-group                     logs           describe_log_groups                logGroupIdentifiers[]
sns topic                          sns            get_topic_attributes               TopicArn
sns topic                          sns            list_subscriptions_by_topic        TopicArn
cloudwatch alarm                   cloudwatch     describe_alarms                    AlarmNames[]
ssm parameter                      ssm            get_parameters                     Names[]
"""


class Floor:
    """The reads of one stack. The tagging API names nearly all that there is, with its tags."""

    def __init__(self, stack: str, environment: str, region: str) -> None:
        self.tags = {"webstack:stack": stack, "webstack:environment": environment}
        self.name = f"{environment}-{stack}"
        self.calls = 0
        self.session = boto3.Session(region_name=region)
        self.session.events.register("before-send", self._count)
        self.clients: dict[str, Any] = {}

    def _count(self, **_: Any) -> None:
        self.calls += 1

    def read(self, service: str, operation: str, **arguments: Any) -> list[Any]:
        """The first list in all pages of an answer, or the answer; nothing where a part was never set."""
        client = self.clients.get(service) or self.clients.setdefault(service, self.session.client(service))
        try:
            if not client.can_paginate(operation):
                return [getattr(client, operation)(**arguments)]
            paginator = client.get_paginator(operation)
            found: list[Any] = paginator.paginate(**arguments).build_full_result()[paginator.result_keys[0].expression]
        except ClientError as error:
            if re.search("NoSuch|NotFound", error.response["Error"]["Code"]):
                return []
            raise
        return found

    def resources(self) -> int:
        """Read everything; how many resources there are."""
        filters = [{"Key": key, "Values": [value]} for key, value in self.tags.items()]
        arns: dict[str, list[str]] = defaultdict(list)
        for found in self.read("resourcegroupstaggingapi", "get_resources", TagFilters=filters, ResourcesPerPage=100):
            arns[split(found["ResourceARN"])[0]].append(found["ResourceARN"])
        reads = [row.split() for row in READS.strip().splitlines()]
        for service, kind, client, operation, parameter, *more in reads:
            named = arns[f"{service} {kind}"]
            values: list[Any] = named if re.search("Arn|SecretId", parameter) else [split(arn)[1] for arn in named]
            for value in [values] if values and "[]" in parameter else values:
                also = dict(one.split("=") for one in more)
                self.read(client, operation, **{parameter.removesuffix("[]"): value}, **also)
        number = sum(len(arns[kind]) for kind in {f"{row[0]} {row[1]}" for row in reads})
        for vpc in arns["ec2 vpc"]:
            for attribute in ("enableDnsSupport", "enableDnsHostnames"):
                self.read("ec2", "describe_vpc_attribute", VpcId=split(vpc)[1], Attribute=attribute)
        for balancer in arns["elasticloadbalancing loadbalancer"]:
            for listener in self.read("elbv2", "describe_listeners", LoadBalancerArn=balancer):
                self.read("elbv2", "describe_rules", ListenerArn=listener["ListenerArn"])
                number += 1
        # Which versions and groups a cache has, only its nodes tell.
        self.read("elasticache", "describe_cache_clusters")
        # The description and the tier of a parameter are not with its value.
        names = [split(arn)[1] for arn in arns["ssm parameter"]]
        self.read("ssm", "describe_parameters", ParameterFilters=[{"Key": "Name", "Values": names}])
        # The tagging API does not know dashboards.
        for dashboard in self.read("cloudwatch", "get_dashboard", DashboardName=self.name):
            self.read("cloudwatch", "list_tags_for_resource", ResourceARN=dashboard["DashboardArn"])
            number += 1
        return number + self._containers(arns) + self._identity()

    def _containers(self, arns: dict[str, list[str]]) -> int:
        clusters, services = arns["ecs cluster"], arns["ecs service"]
        self.read("ecs", "describe_clusters", clusters=clusters, include=["SETTINGS", "CONFIGURATIONS"])
        self.read("ecs", "describe_services", cluster=self.name, services=services, include=["TAGS"])
        # Of a task definition only the newest revision is in use.
        families = {split(arn)[1].rsplit(":", 1)[0] for arn in arns["ecs task-definition"]}
        for family in families:
            self.read("ecs", "describe_task_definition", taskDefinition=family)
        scaling = "application-autoscaling"
        for operation in ("describe_scaling_policies", "describe_scheduled_actions"):
            self.read(scaling, operation, ServiceNamespace="ecs")
        ids = [f"service/{split(arn)[1]}" for arn in services]
        targets = self.read(scaling, "describe_scalable_targets", ServiceNamespace="ecs", ResourceIds=ids)
        for target in targets:
            self.read(scaling, "list_tags_for_resource", ResourceARN=target["ScalableTargetARN"])
        return len(clusters) + len(services) + len(families) + len(targets)

    def _identity(self) -> int:
        """Roles and access keys. All policies and tags of IAM come with one call, though for the whole account."""
        paginator = self.session.client("iam").get_paginator("get_account_authorization_details")
        details = paginator.paginate(Filter=["User", "Role"]).build_full_result()
        roles, users = (
            [one for one in details[of] if self._is_ours(one)] for of in ("RoleDetailList", "UserDetailList")
        )
        keys = [self.read("iam", "list_access_keys", UserName=user["UserName"]) for user in users]
        return len(roles) + sum(map(len, keys))

    def _is_ours(self, one: dict[str, Any]) -> bool:
        return self.tags.items() <= {tag["Key"]: tag["Value"] for tag in one["Tags"]}.items()


def split(arn: str) -> tuple[str, str]:
    """The kind, as in "ecs cluster", and the name of what an ARN stands for. S3 and SNS do not name theirs."""
    service, resource = arn.split(":", 5)[2], arn.split(":", 5)[5]
    if service in ("s3", "sns"):
        return {"s3": "s3 bucket", "sns": "sns topic"}[service], resource
    kind, name = re.split("[:/]", resource, maxsplit=1)
    return f"{service} {kind}", f"/{name}" if service == "ssm" else name


def main() -> None:
    """Read it all once."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("stack", "environment", "region"):
        parser.add_argument(name)
    start = time.perf_counter()
    floor = Floor(**vars(parser.parse_args()))
    resources = floor.resources()
    print(json.dumps({"resources": resources, "calls": floor.calls, "seconds": round(time.perf_counter() - start, 3)}))


if __name__ == "__main__":
    main()

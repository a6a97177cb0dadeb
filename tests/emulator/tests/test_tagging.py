"""The Resource Groups Tagging API. Source: the list of supported services,
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html."""

from __future__ import annotations

from typing import Any

from tests.emulator.tests.network_for_tests import FLOW_LOGS_TRUST, make_role

KEY, VALUE = "webstack:stack", "app"
UPPER = [{"Key": KEY, "Value": VALUE}]
LOWER = [{"key": KEY, "value": VALUE}]
MAP = {KEY: VALUE}


def spec(kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": UPPER}]


def find(emulator: Any, *types: str, region: str = "us-east-1") -> set[str]:
    """The types (service:kind) of what bears the tag."""
    client = emulator.client("resourcegroupstaggingapi", region=region)
    pages = client.get_paginator("get_resources").paginate(
        TagFilters=[{"Key": KEY, "Values": [VALUE]}], **({"ResourceTypeFilters": list(types)} if types else {})
    )
    arns = [item["ResourceARN"] for page in pages for item in page["ResourceTagMappingList"]]
    assert len(arns) == len(set(arns))
    return {f"{arn.split(':')[2]}:{arn.split(':', 5)[5].strip('/').replace('/', ':').split(':')[0]}" for arn in arns}


def make_network(emulator: Any) -> dict[str, str]:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec("vpc"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}",
            TagSpecifications=spec("subnet"),
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]  # fmt: skip
    gateway = ec2.create_internet_gateway(TagSpecifications=spec("internet-gateway"))["InternetGateway"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip"))["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address, TagSpecifications=spec("natgateway"))
    ec2.create_route_table(VpcId=vpc, TagSpecifications=spec("route-table"))
    group = ec2.create_security_group(
        GroupName="g", Description="d", VpcId=vpc, TagSpecifications=spec("security-group")
    )["GroupId"]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", TagSpecifications=spec("vpc-endpoint"))
    ec2.create_flow_logs(
        ResourceType="VPC", ResourceIds=[vpc], TrafficType="ALL", LogGroupName="flow",
        DeliverLogsPermissionArn=make_role(emulator, "flow", [], FLOW_LOGS_TRUST),
        TagSpecifications=spec("vpc-flow-log"),
    )  # fmt: skip
    return {"vpc": vpc, "a": subnets[0], "b": subnets[1], "group": group}


def test_everything_of_a_stack_is_found(emulator: Any) -> None:
    network = make_network(emulator)
    subnets = [network["a"], network["b"]]
    emulator.client("ecs").create_cluster(clusterName="c", tags=LOWER)
    emulator.client("elbv2").create_load_balancer(
        Name="lb", Subnets=subnets, SecurityGroups=[network["group"]], Tags=UPPER
    )
    emulator.client("elbv2").create_target_group(
        Name="tg", Protocol="HTTP", Port=80, VpcId=network["vpc"], TargetType="ip", Tags=UPPER
    )
    rds = emulator.client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="s", DBSubnetGroupDescription="d", SubnetIds=subnets, Tags=UPPER)
    rds.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t4g.small", Engine="postgres", AllocatedStorage=20,
        MasterUsername="admin_user", MasterUserPassword="long-enough-password", DBSubnetGroupName="s", Tags=UPPER,
    )  # fmt: skip
    cache = emulator.client("elasticache")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="s", CacheSubnetGroupDescription="d", SubnetIds=subnets, Tags=UPPER
    )
    cache.create_replication_group(
        ReplicationGroupId="redis", ReplicationGroupDescription="d", Engine="redis", CacheNodeType="cache.t4g.small",
        NumCacheClusters=1, AutomaticFailoverEnabled=False, CacheSubnetGroupName="s", Tags=UPPER,
    )  # fmt: skip
    emulator.client("secretsmanager").create_secret(Name="s", SecretString="x", Tags=UPPER)
    emulator.client("s3").create_bucket(Bucket="tagged-bucket")
    emulator.client("s3").put_bucket_tagging(Bucket="tagged-bucket", Tagging={"TagSet": UPPER})
    emulator.client("ecr").create_repository(repositoryName="app", tags=UPPER)
    emulator.client("logs").create_log_group(logGroupName="/ecs/app", tags=MAP)
    emulator.client("sns").create_topic(Name="t", Tags=UPPER)
    emulator.client("cloudwatch").put_metric_alarm(
        AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Tags=UPPER,
    )  # fmt: skip
    emulator.client("dynamodb").create_table(
        TableName="things", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST", Tags=UPPER,
    )  # fmt: skip
    emulator.client("efs").create_file_system(CreationToken="t", Tags=UPPER)
    emulator.client("acm").request_certificate(DomainName="example.com", ValidationMethod="DNS", Tags=UPPER)
    emulator.client("events").put_rule(Name="r", ScheduleExpression="rate(1 hour)", Tags=UPPER)
    emulator.client("kms").create_key(Tags=[{"TagKey": KEY, "TagValue": VALUE}])
    emulator.client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP", Tags=MAP)
    route53 = emulator.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].rpartition("/")[2]
    route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=UPPER)
    assert find(emulator) >= {
        "ec2:vpc", "ec2:subnet", "ec2:internet-gateway", "ec2:elastic-ip", "ec2:natgateway", "ec2:route-table",
        "ec2:security-group", "ec2:vpc-endpoint", "ec2:vpc-flow-log", "ecs:cluster",
        "elasticloadbalancing:loadbalancer", "elasticloadbalancing:targetgroup", "rds:db", "rds:subgrp",
        "elasticache:replicationgroup", "elasticache:subnetgroup", "secretsmanager:secret", "s3:tagged-bucket",
        "ecr:repository", "logs:log-group", "sns:t", "cloudwatch:alarm", "dynamodb:table",
        "elasticfilesystem:file-system", "acm:certificate", "events:rule", "kms:key", "apigateway:apis",
        "route53:hostedzone",
    }  # fmt: skip


def test_filters_by_type(emulator: Any) -> None:
    make_network(emulator)
    emulator.client("ecr").create_repository(repositoryName="app", tags=UPPER)
    emulator.client("logs").create_log_group(logGroupName="g", tags=MAP)
    assert find(emulator, "ec2:natgateway") == {"ec2:natgateway"}
    assert find(emulator, "ecr:repository", "logs:log-group") == {"ecr:repository", "logs:log-group"}
    assert "ec2:vpc" in find(emulator, "ec2")


def test_regions_are_apart(emulator: Any) -> None:
    emulator.client("logs", region="sa-east-1").create_log_group(logGroupName="g", tags=MAP)
    where = {"LocationConstraint": "sa-east-1"}
    s3 = emulator.client("s3", region="sa-east-1")
    s3.create_bucket(Bucket="south-bucket", CreateBucketConfiguration=where)
    s3.put_bucket_tagging(Bucket="south-bucket", Tagging={"TagSet": UPPER})
    assert find(emulator) == set()
    assert find(emulator, region="sa-east-1") == {"logs:log-group", "s3:south-bucket"}


def test_deleted_resources_are_not_found(emulator: Any) -> None:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec("vpc"))["Vpc"]["VpcId"]
    ec2.delete_vpc(VpcId=vpc)
    assert find(emulator) == set()


def test_resources_can_be_tagged_by_arn(emulator: Any) -> None:
    tagging = emulator.client("resourcegroupstaggingapi")
    ecr = emulator.client("ecr")
    repository = ecr.create_repository(repositoryName="app")["repository"]["repositoryArn"]
    logs = emulator.client("logs")
    logs.create_log_group(logGroupName="g")
    group = "arn:aws:logs:us-east-1:123456789012:log-group:g"
    vpc = emulator.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    arns = [repository, group, f"arn:aws:ec2:us-east-1:123456789012:vpc/{vpc}"]
    assert tagging.tag_resources(ResourceARNList=arns, Tags=MAP)["FailedResourcesMap"] == {}
    assert find(emulator) == {"ecr:repository", "logs:log-group", "ec2:vpc"}
    assert ecr.list_tags_for_resource(resourceArn=repository)["tags"] == UPPER
    assert logs.list_tags_for_resource(resourceArn=group)["tags"] == MAP
    assert tagging.get_tag_keys()["TagKeys"] == [KEY]
    assert tagging.get_tag_values(Key=KEY)["TagValues"] == [VALUE]
    assert tagging.untag_resources(ResourceARNList=arns, TagKeys=[KEY])["FailedResourcesMap"] == {}
    assert find(emulator) == set()

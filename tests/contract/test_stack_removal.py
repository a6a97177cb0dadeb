"""Removing a stack: all that bears its tags goes, nothing else does, and what keeps it is said before anything goes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.module_utils._route53 import owner_reference
from tests.contract.harness import run_module
from tests.emulator.tests.network_for_tests import TRUST

MODULE = "webstack.aws.stack_removal"
PASSES = 15


class Built:
    """Everything that a stack can have, made with boto3 and not with the code under test."""

    def __init__(self, emulator: Any, stack: str, cidr: str):
        self.client = emulator.client
        self.stack = stack
        self.name = f"test-{stack}"
        self.tags = {"webstack:stack": stack, "webstack:environment": "test"}
        self.list = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        self._network(cidr)
        self._data()
        self._services()
        self._rest()
        self._names()

    def _tagged(self, kind: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": self.list}]

    def _network(self, cidr: str) -> None:
        ec2 = self.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock=f"{cidr}.0.0/16", TagSpecifications=self._tagged("vpc"))["Vpc"]["VpcId"]
        gateway = ec2.create_internet_gateway(TagSpecifications=self._tagged("internet-gateway"))["InternetGateway"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=self.vpc)
        table = ec2.create_route_table(VpcId=self.vpc, TagSpecifications=self._tagged("route-table"))["RouteTable"]
        ec2.create_route(
            RouteTableId=table["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway["InternetGatewayId"],
        )
        self.subnets = []
        for number, zone in enumerate("ab"):
            subnet = ec2.create_subnet(
                VpcId=self.vpc,
                CidrBlock=f"{cidr}.{number}.0/24",
                AvailabilityZone=f"us-east-1{zone}",
                TagSpecifications=self._tagged("subnet"),
            )["Subnet"]["SubnetId"]
            ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=subnet)
            self.subnets.append(subnet)
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=self._tagged("elastic-ip"))["AllocationId"]
        ec2.create_nat_gateway(
            SubnetId=self.subnets[0], AllocationId=address, TagSpecifications=self._tagged("natgateway")
        )
        self.groups = [
            ec2.create_security_group(
                GroupName=f"{self.name}-{name}",
                Description=name,
                VpcId=self.vpc,
                TagSpecifications=self._tagged("security-group"),
            )["GroupId"]
            for name in ("balancer", "tasks")
        ]
        # They name each other, so that neither can go while the other has its rules.
        for group, other in (self.groups, reversed(self.groups)):
            rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": other}]}
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName="com.amazonaws.us-east-1.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[table["RouteTableId"]],
            TagSpecifications=self._tagged("vpc-endpoint"),
        )

    def _data(self) -> None:
        rds, cache = self.client("rds"), self.client("elasticache")
        rds.create_db_subnet_group(
            DBSubnetGroupName=self.name, DBSubnetGroupDescription="x", SubnetIds=self.subnets, Tags=self.list
        )
        rds.create_db_parameter_group(
            DBParameterGroupName=self.name, DBParameterGroupFamily="postgres16", Description="x", Tags=self.list
        )
        rds.create_db_instance(
            DBInstanceIdentifier=self.name,
            Engine="postgres",
            EngineVersion="16",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            StorageType="gp3",
            MasterUsername="shop",
            MasterUserPassword="not-a-secret-here",
            DBSubnetGroupName=self.name,
            DBParameterGroupName=self.name,
            VpcSecurityGroupIds=[self.groups[1]],
            DeletionProtection=True,
            Tags=self.list,
        )
        cache.create_cache_subnet_group(
            CacheSubnetGroupName=self.name, CacheSubnetGroupDescription="x", SubnetIds=self.subnets, Tags=self.list
        )
        cache.create_cache_parameter_group(
            CacheParameterGroupName=self.name, CacheParameterGroupFamily="redis7", Description="x", Tags=self.list
        )
        cache.create_replication_group(
            ReplicationGroupId=self.name,
            ReplicationGroupDescription="x",
            Engine="redis",
            CacheNodeType="cache.t4g.micro",
            NumCacheClusters=1,
            CacheSubnetGroupName=self.name,
            CacheParameterGroupName=self.name,
            SecurityGroupIds=[self.groups[1]],
            SnapshotRetentionLimit=1,
            Tags=self.list,
        )
        self.bucket = f"{self.name}-media-123456789012"
        self.client("s3").create_bucket(Bucket=self.bucket)
        self.client("s3").put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        self.allow_objects_to_go(False)
        for body in (b"1", b"2"):
            self.client("s3").put_object(Bucket=self.bucket, Key="a", Body=body)
        self.client("s3").delete_object(Bucket=self.bucket, Key="a")
        self.client("s3").create_multipart_upload(Bucket=self.bucket, Key="b")

    def allow_objects_to_go(self, allowed: bool) -> None:
        tag = [{"Key": "webstack:force-destroy", "Value": "true"}] if allowed else []
        self.client("s3").put_bucket_tagging(Bucket=self.bucket, Tagging={"TagSet": [*self.list, *tag]})

    def _services(self) -> None:
        elb, ecs = self.client("elbv2"), self.client("ecs")
        self.balancer = elb.create_load_balancer(
            Name=self.name, Subnets=self.subnets, SecurityGroups=[self.groups[0]], Tags=self.list
        )["LoadBalancers"][0]
        balancer = self.balancer["LoadBalancerArn"]
        elb.modify_load_balancer_attributes(
            LoadBalancerArn=balancer, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]
        )
        group = elb.create_target_group(
            Name=self.name, Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType="ip", Tags=self.list
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        own = [{"key": key, "value": value} for key, value in self.tags.items()]
        ecs.create_cluster(clusterName=self.name, tags=own)
        definition = ecs.register_task_definition(
            family=self.name,
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=[{"name": "app", "image": "nginx", "portMappings": [{"containerPort": 80}]}],
            tags=own,
        )["taskDefinition"]["taskDefinitionArn"]
        network = {"subnets": self.subnets, "securityGroups": [self.groups[1]], "assignPublicIp": "ENABLED"}
        ecs.create_service(
            cluster=self.name,
            serviceName="app",
            taskDefinition=definition,
            desiredCount=1,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
            loadBalancers=[{"targetGroupArn": group, "containerName": "app", "containerPort": 80}],
            tags=own,
        )
        self.client("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/{self.name}/app",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=1,
            MaxCapacity=2,
        )

    def _rest(self) -> None:
        iam, watch = self.client("iam"), self.client("cloudwatch")
        iam.create_role(RoleName=f"{self.name}-task", AssumeRolePolicyDocument=json.dumps(TRUST), Tags=self.list)
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=f"{self.name}-task", PolicyName="x", PolicyDocument=policy)
        iam.attach_role_policy(RoleName=f"{self.name}-task", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        iam.create_user(UserName=f"{self.name}-media", Tags=self.list)
        iam.put_user_policy(UserName=f"{self.name}-media", PolicyName="x", PolicyDocument=policy)
        iam.create_access_key(UserName=f"{self.name}-media")
        self.client("secretsmanager").create_secret(Name=self.name, SecretString="{}", Tags=self.list)
        self.client("ssm").put_parameter(
            Name=f"/webstack/{self.name}/outputs", Value="{}", Type="String", Tags=self.list
        )
        self.client("sns").create_topic(Name=self.name, Tags=self.list)
        self.client("logs").create_log_group(logGroupName=f"/ecs/{self.name}", tags=self.tags)
        watch.put_dashboard(DashboardName=self.name, DashboardBody='{"widgets": []}', Tags=self.list)
        watch.put_metric_alarm(
            AlarmName=self.name,
            Namespace="AWS/ECS",
            MetricName="CPUUtilization",
            Statistic="Average",
            Period=60,
            EvaluationPeriods=1,
            Threshold=80,
            ComparisonOperator="GreaterThanThreshold",
            Tags=self.list,
        )
        self.client("ecr").create_repository(repositoryName=self.name, tags=self.list)
        media_type = "application/vnd.docker.distribution.manifest.v2+json"
        manifest = {"schemaVersion": 2, "mediaType": media_type, "layers": []}
        self.client("ecr").put_image(repositoryName=self.name, imageTag="1", imageManifest=json.dumps(manifest))
        self.client("acm").request_certificate(
            DomainName=f"{self.stack}.example.com", ValidationMethod="DNS", Tags=self.list
        )

    def _names(self) -> None:
        """A zone of its own, one that a killed run left without tags, and records in a zone that is somebody else's."""
        route53, domain = self.client("route53"), f"{self.stack}.example.com"
        zones = [
            route53.create_hosted_zone(Name=name, CallerReference=reference)["HostedZone"]["Id"].rpartition("/")[2]
            for name, reference in ((domain, self.stack), (f"b.{domain}", f"{owner_reference(self.tags)}1"))
        ]
        route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zones[0], AddTags=self.list)
        shared = [zone["Id"] for zone in route53.list_hosted_zones()["HostedZones"] if zone["Name"] == "example.com."]
        if not shared:
            shared = [route53.create_hosted_zone(Name="example.com", CallerReference="shared")["HostedZone"]["Id"]]
        alias = {
            "DNSName": f"dualstack.{self.balancer['DNSName']}",
            "HostedZoneId": self.balancer["CanonicalHostedZoneId"],
            "EvaluateTargetHealth": False,
        }
        text = {"TTL": 60, "ResourceRecords": [{"Value": '"kept"'}]}
        for zone, record in (
            (zones[0], {"Name": domain, "Type": "A", "AliasTarget": alias}),
            (zones[0], {"Name": f"sub.{domain}", "Type": "NS", "TTL": 60, "ResourceRecords": [{"Value": "ns.a.com"}]}),
            (shared[0], {"Name": domain, "Type": "A", "AliasTarget": alias}),
            (shared[0], {"Name": domain, "Type": "AAAA", "AliasTarget": alias}),
            (shared[0], {"Name": domain, "Type": "TXT", **text}),
        ):
            change = {"Action": "CREATE", "ResourceRecordSet": record}
            route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
        self.shared = shared[0]


def names(emulator: Any, zone: str) -> list[str]:
    """Names and types of a zone's records, but for those that it was made with."""
    records = emulator.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [f"{record['Name']} {record['Type']}" for record in records if record["Type"] not in ("NS", "SOA")]


def options(stack: str, **others: Any) -> dict[str, Any]:
    return {"stack": stack, "environment": "test", "final_snapshot": False, **others}


def remove(emulator: Any, stack: str, **others: Any) -> list[str]:
    """Pass after pass, as the action plugin does, until nothing is left; returns what is kept."""
    kept: list[str] = []
    for _number in range(PASSES):
        result = run_module(emulator.url, MODULE, options(stack, **others))
        assert result["blockers"] == []
        kept += result["kept"]
        if not result["left"]:
            return kept
    raise AssertionError(f"after {PASSES} passes this is left: {result['left']}")


def seen(emulator: Any, stack: str) -> list[str]:
    return run_module(emulator.url, MODULE, options(stack), check=True)["resources"]


def test_what_keeps_a_stack_is_said_at_once_and_nothing_goes(emulator: Any) -> None:
    Built(emulator, "shop", "10.1")
    emulator.control("DELETE", "calls")
    for check in (True, False):
        result = run_module(emulator.url, MODULE, options("shop"), check)
        assert [blocker.split(":")[0].split(" ")[0] for blocker in result["blockers"]] == [
            "load_balancer",
            "rds_instance",
            "s3_bucket",
            "ecr_repository",
        ]
        assert result["kept"] == []
    assert emulator.calls(kind="write") == []


def test_a_strangers_interface_keeps_a_subnet_and_is_named(emulator: Any) -> None:
    shop = Built(emulator, "shop", "10.1")
    ec2 = emulator.client("ec2")
    group = ec2.create_security_group(GroupName="stranger", Description="x", VpcId=shop.vpc)["GroupId"]
    interface = ec2.create_network_interface(SubnetId=shop.subnets[0], Groups=[group], Description="somebody's")
    blockers = run_module(emulator.url, MODULE, options("shop"), check=True)["blockers"]
    assert any(
        interface["NetworkInterface"]["NetworkInterfaceId"] in blocker and "somebody's" in blocker
        for blocker in blockers
    )


def test_a_whole_stack_goes_and_its_neighbour_stays(emulator: Any) -> None:
    shop = Built(emulator, "shop", "10.1")
    # Its name begins with the first one's.
    Built(emulator, "shop-two", "10.2")
    before = seen(emulator, "shop-two")
    shop.allow_objects_to_go(True)
    kept = remove(emulator, "shop", allow_protected=True, recovery_days=7)
    assert kept == ["secret test-shop for 7 days, during which it can be restored"]
    assert seen(emulator, "shop") == []
    assert seen(emulator, "shop-two") == before
    zones = [zone["Name"] for zone in emulator.client("route53").list_hosted_zones()["HostedZones"]]
    assert sorted(zones) == ["b.shop-two.example.com.", "example.com.", "shop-two.example.com."]
    two = [f"shop-two.example.com. {kind}" for kind in ("A", "AAAA", "TXT")]
    assert sorted(names(emulator, shop.shared)) == sorted(["shop.example.com. TXT", *two])
    assert [vpc for vpc in emulator.client("ec2").describe_vpcs()["Vpcs"] if vpc["VpcId"] == shop.vpc] == []
    scaled = emulator.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    assert [target["ResourceId"] for target in scaled["ScalableTargets"]] == ["service/test-shop-two/app"]


def test_final_snapshots_are_kept_where_they_are_wanted(emulator: Any) -> None:
    Built(emulator, "shop", "10.1").allow_objects_to_go(True)
    kept = remove(emulator, "shop", allow_protected=True, final_snapshot=True)
    snapshots = [item["DBSnapshotIdentifier"] for item in emulator.client("rds").describe_db_snapshots()["DBSnapshots"]]
    snapshots += [item["SnapshotName"] for item in emulator.client("elasticache").describe_snapshots()["Snapshots"]]
    assert len(snapshots) == 2
    assert {f"final snapshot {name}" for name in snapshots} < set(kept)


def test_a_removal_that_was_killed_is_begun_again(emulator: Any) -> None:
    Built(emulator, "shop", "10.1").allow_objects_to_go(True)
    rules = [{"service": "*", "operation": "Delete*", "cut": True, "times": None, "after": 3}]
    emulator.control("PUT", "faults", {"rules": rules})
    with pytest.raises(AssertionError, match="failed"):
        remove(emulator, "shop", allow_protected=True)
    emulator.control("DELETE", "faults")
    remove(emulator, "shop", allow_protected=True)
    assert seen(emulator, "shop") == []

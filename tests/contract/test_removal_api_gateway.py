"""Removing what a stack has of API Gateway, in an order that AWS accepts, and nothing of its neighbour's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import run_module

MODULE = "webstack.aws.stack_removal"
PASSES = 60


def tags(stack: str) -> dict[str, str]:
    return {"webstack:stack": stack, "webstack:environment": "test"}


def tag_list(stack: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags(stack).items()]


class Built:
    """An API with all that leads to it and all that it leads to, made with boto3. Names are not the stack's own."""

    def __init__(self, emulator: Any, stack: str, cidr: str):
        self.client, self.stack = emulator.client, stack
        self._network(cidr)
        self._certificate()
        gateway = emulator.client("apigatewayv2")
        self.link = gateway.create_vpc_link(
            Name="link", SubnetIds=self.subnets, SecurityGroupIds=[self.group], Tags=tags(stack)
        )["VpcLinkId"]
        self.api = gateway.create_api(Name="api", ProtocolType="HTTP", Tags=tags(stack))["ApiId"]
        integration = gateway.create_integration(
            ApiId=self.api,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="ANY",
            ConnectionType="VPC_LINK",
            ConnectionId=self.link,
            IntegrationUri=self.listener,
            PayloadFormatVersion="1.0",
        )["IntegrationId"]
        gateway.create_route(ApiId=self.api, RouteKey="$default", Target=f"integrations/{integration}")
        gateway.create_stage(ApiId=self.api, StageName="$default", AutoDeploy=True, Tags=tags(stack))
        self.domain = f"{stack}.example.com"
        made = gateway.create_domain_name(
            DomainName=self.domain, DomainNameConfigurations=[{"CertificateArn": self.certificate}], Tags=tags(stack)
        )
        gateway.create_api_mapping(DomainName=self.domain, ApiId=self.api, Stage="$default")
        [configuration] = made["DomainNameConfigurations"]
        target = {
            "DNSName": configuration["ApiGatewayDomainName"],
            "HostedZoneId": configuration["HostedZoneId"],
            "EvaluateTargetHealth": False,
        }
        for kind in ("A", "AAAA"):
            self._record({"Name": self.domain, "Type": kind, "AliasTarget": target})

    def _network(self, cidr: str) -> None:
        ec2, elb = self.client("ec2"), self.client("elbv2")

        def tagged(kind: str) -> list[dict[str, Any]]:
            return [{"ResourceType": kind, "Tags": tag_list(self.stack)}]

        self.vpc = ec2.create_vpc(CidrBlock=f"{cidr}.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(
                VpcId=self.vpc,
                CidrBlock=f"{cidr}.{number}.0/24",
                AvailabilityZone=f"us-east-1{zone}",
                TagSpecifications=tagged("subnet"),
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        self.group = ec2.create_security_group(
            GroupName=self.stack, Description="x", VpcId=self.vpc, TagSpecifications=tagged("security-group")
        )["GroupId"]
        balancer = elb.create_load_balancer(
            Name=self.stack,
            Subnets=self.subnets,
            SecurityGroups=[self.group],
            Scheme="internal",
            Tags=tag_list(self.stack),
        )["LoadBalancers"][0]["LoadBalancerArn"]
        answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
        self.listener = elb.create_listener(
            LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[answer]
        )["Listeners"][0]["ListenerArn"]

    def _certificate(self) -> None:
        """Issued by records in a zone that is somebody else's."""
        acm, route53 = self.client("acm"), self.client("route53")
        zones = [zone["Id"] for zone in route53.list_hosted_zones()["HostedZones"]]
        self.zone = zones[0] if zones else self._make_zone()
        self.certificate = acm.request_certificate(
            DomainName=f"{self.stack}.example.com", ValidationMethod="DNS", Tags=tag_list(self.stack)
        )["CertificateArn"]
        described = acm.describe_certificate(CertificateArn=self.certificate)["Certificate"]
        record = described["DomainValidationOptions"][0]["ResourceRecord"]
        values = [{"Value": record["Value"]}]
        self._record({"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": values})

    def _make_zone(self) -> str:
        return self.client("route53").create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]

    def _record(self, record: dict[str, Any]) -> None:
        changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
        self.client("route53").change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": changes})


def options(stack: str) -> dict[str, Any]:
    return {"stack": stack, "environment": "test", "final_snapshot": False}


def remove(emulator: Any, stack: str) -> None:
    for _number in range(PASSES):
        result = run_module(emulator.url, MODULE, options(stack))
        assert result["blockers"] == []
        if not result["left"]:
            return
    raise AssertionError(f"after {PASSES} passes this is left: {result['left']}")


def seen(emulator: Any, stack: str) -> list[str]:
    return run_module(emulator.url, MODULE, options(stack), check=True)["resources"]


def test_an_api_goes_with_all_that_leads_to_it_and_its_neighbour_stays(emulator: Any) -> None:
    shop = Built(emulator, "shop", "10.1")
    Built(emulator, "other", "10.2")
    before = seen(emulator, "other")
    emulator.control("PUT", "provisioning", {"api_gateway_vpc_link": 0.5})
    listed = [label.split(" ")[0] for label in seen(emulator, "shop")]
    for first, then in (
        ("route53_record", "api_domain"),
        ("api_domain", "http_api"),
        ("http_api", "vpc_link"),
        ("vpc_link", "subnet"),
        ("api_domain", "acm_certificate"),
    ):
        assert listed.index(first) < listed.index(then)
    remove(emulator, "shop")
    assert seen(emulator, "shop") == []
    assert seen(emulator, "other") == before
    records = emulator.client("route53").list_resource_record_sets(HostedZoneId=shop.zone)["ResourceRecordSets"]
    aliases = [f"{record['Name']} {record['Type']}" for record in records if "AliasTarget" in record]
    assert aliases == ["other.example.com. A", "other.example.com. AAAA"]
    assert [link["VpcLinkId"] for link in emulator.client("apigatewayv2").get_vpc_links()["Items"]] != [shop.link]


def test_a_domain_of_somebody_else_that_leads_to_the_api_is_named_by_aws(emulator: Any, monkeypatch: Any) -> None:
    shop, other = Built(emulator, "shop", "10.1"), Built(emulator, "other", "10.2")
    gateway = emulator.client("apigatewayv2")
    [mapping] = gateway.get_api_mappings(DomainName=other.domain)["Items"]
    gateway.update_api_mapping(
        DomainName=other.domain, ApiMappingId=mapping["ApiMappingId"], ApiId=shop.api, Stage="$default"
    )
    monkeypatch.setattr("ansible_collections.webstack.aws.plugins.module_utils._aws.PROPAGATION_SECONDS", 0)
    with pytest.raises(AssertionError, match="remove all API mappings for the API from your custom domain names"):
        remove(emulator, "shop")
    assert gateway.get_domain_name(DomainName=other.domain)


def test_a_removal_that_was_killed_is_begun_again(emulator: Any) -> None:
    Built(emulator, "shop", "10.1")
    rules = [{"service": "*", "operation": "Delete*", "cut": True, "times": None, "after": 2}]
    emulator.control("PUT", "faults", {"rules": rules})
    with pytest.raises(AssertionError, match="failed"):
        remove(emulator, "shop")
    emulator.control("DELETE", "faults")
    remove(emulator, "shop")
    assert seen(emulator, "shop") == []

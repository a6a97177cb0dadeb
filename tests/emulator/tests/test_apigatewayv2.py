"""API Gateway's HTTP APIs: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/ and its developer guide."""

from __future__ import annotations

import time
from typing import Any

import pytest

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:x"


@pytest.fixture
def network(emulator: Any) -> dict[str, Any]:
    """Two subnets, a security group and the listener of an internal load balancer."""
    ec2, elb = emulator.client("ec2"), emulator.client("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    balancer = elb.create_load_balancer(Name="a", Subnets=subnets, SecurityGroups=[group], Scheme="internal")
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[answer],
    )["Listeners"][0]["ListenerArn"]
    return {"vpc": vpc, "subnets": subnets, "group": group, "listener": listener}


@pytest.fixture
def issued(emulator: Any) -> str:
    acm, route53 = emulator.client("acm"), emulator.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    arn = acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    [option] = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
    record = option["ResourceRecord"]
    resource = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": record["Value"]}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": resource}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    return arn


def link_to(emulator: Any, network: dict[str, Any]) -> str:
    return emulator.client("apigatewayv2").create_vpc_link(
        Name="l", SubnetIds=network["subnets"], SecurityGroupIds=[network["group"]]
    )["VpcLinkId"]


def integration(api: str, link: str, listener: str) -> dict[str, str]:
    return {
        "ApiId": api,
        "IntegrationType": "HTTP_PROXY",
        "IntegrationMethod": "ANY",
        "ConnectionType": "VPC_LINK",
        "ConnectionId": link,
        "PayloadFormatVersion": "1.0",
        "IntegrationUri": listener,
    }


def test_vpc_links_take_their_time(emulator: Any, network: dict[str, Any], refused: Any) -> None:
    """http-api-vpc-links.html: PENDING until the interfaces are there; VpcLinkStatus also has DELETING."""
    gateway, ec2 = emulator.client("apigatewayv2"), emulator.client("ec2")
    emulator.control("PUT", "provisioning", {"api_gateway_vpc_link": 0.5})
    link = link_to(emulator, network)
    assert gateway.get_vpc_link(VpcLinkId=link)["VpcLinkStatus"] == "PENDING"
    time.sleep(0.6)
    assert gateway.get_vpc_link(VpcLinkId=link)["VpcLinkStatus"] == "AVAILABLE"
    owned = {"Name": "requester-id", "Values": ["amazon-apigateway"]}
    assert len(ec2.describe_network_interfaces(Filters=[owned])["NetworkInterfaces"]) == 2
    gateway.delete_vpc_link(VpcLinkId=link)
    assert [item["VpcLinkStatus"] for item in gateway.get_vpc_links()["Items"]] == ["DELETING"]
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=network["subnets"][0])
    time.sleep(0.6)
    assert ec2.describe_network_interfaces(Filters=[owned])["NetworkInterfaces"] == []
    with refused("NotFoundException"):
        gateway.get_vpc_link(VpcLinkId=link)
    with refused("BadRequestException", "was not found"):
        gateway.create_vpc_link(Name="l", SubnetIds=["subnet-00000000"])


def test_a_vpc_link_without_an_address_fails(emulator: Any, network: dict[str, Any]) -> None:
    """VpcLinkStatus FAILED, with the reason in VpcLinkStatusMessage."""
    gateway, ec2 = emulator.client("apigatewayv2"), emulator.client("ec2")
    small = ec2.create_subnet(VpcId=network["vpc"], CidrBlock="10.0.9.0/28")["Subnet"]["SubnetId"]
    for _number in range(11):
        ec2.create_network_interface(SubnetId=small)
    link = gateway.create_vpc_link(Name="l", SubnetIds=[small])["VpcLinkId"]
    shown = gateway.get_vpc_link(VpcLinkId=link)
    assert shown["VpcLinkStatus"] == "FAILED"
    assert small in shown["VpcLinkStatusMessage"]


def test_integrations_need_an_available_link_and_a_listener(
    emulator: Any, network: dict[str, Any], refused: Any
) -> None:
    """http-api-develop-integrations-private.html; terraform-provider-aws shows AWS's words about listeners."""
    gateway = emulator.client("apigatewayv2")
    api = gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    with refused("BadRequestException", "was not found"):
        gateway.create_integration(**integration(api, "none", network["listener"]))
    emulator.control("PUT", "provisioning", {"api_gateway_vpc_link": 0.5})
    link = link_to(emulator, network)
    with refused("BadRequestException", "PENDING"):
        gateway.create_integration(**integration(api, link, network["listener"]))
    time.sleep(0.6)
    with refused("BadRequestException", "Unable to retrieve listener port"):
        gateway.create_integration(**integration(api, link, network["listener"][:-1]))
    made = gateway.create_integration(**integration(api, link, network["listener"]))["IntegrationId"]
    with refused("BadRequestException", "was not found"):
        gateway.update_integration(ApiId=api, IntegrationId=made, ConnectionId="none")


def test_routes_links_and_integrations_hold_each_other(emulator: Any, network: dict[str, Any], refused: Any) -> None:
    gateway = emulator.client("apigatewayv2")
    api, link = gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"], link_to(emulator, network)
    made = gateway.create_integration(**integration(api, link, network["listener"]))["IntegrationId"]
    with refused("BadRequestException", "Invalid integration identifier"):
        gateway.create_route(ApiId=api, RouteKey="$default", Target="integrations/none")
    route = gateway.create_route(ApiId=api, RouteKey="$default", Target=f"integrations/{made}")["RouteId"]
    with refused("ConflictException", "already exists"):
        gateway.create_route(ApiId=api, RouteKey="$default", Target=f"integrations/{made}")
    with refused("BadRequestException", "Cannot delete vpc link"):
        gateway.delete_vpc_link(VpcLinkId=link)
    with refused("ConflictException"):
        gateway.delete_integration(ApiId=api, IntegrationId=made)
    gateway.delete_route(ApiId=api, RouteId=route)
    gateway.delete_integration(ApiId=api, IntegrationId=made)
    gateway.delete_vpc_link(VpcLinkId=link)


@pytest.mark.parametrize(
    ("key", "valid"),
    [
        ("$default", True),
        ("ANY /", True),
        ("ANY /{proxy+}", True),
        ("GET /pets/{id}/toys", True),
        ("GET /pets/{proxy+}", True),
        ("GET /{proxy+}/pets", False),
        ("FETCH /pets", False),
        ("GET pets", False),
        ("/pets", False),
    ],
)
def test_route_keys_have_their_form(emulator: Any, refused: Any, key: str, valid: bool) -> None:
    """http-api-develop-routes.html: a method and a path; a greedy variable comes last."""
    gateway = emulator.client("apigatewayv2")
    api = gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    if valid:
        gateway.create_route(ApiId=api, RouteKey=key)
        return
    with refused("BadRequestException", "route key is not formatted properly"):
        gateway.create_route(ApiId=api, RouteKey=key)


def test_apis_are_reached_over_one_protocol_or_two(emulator: Any) -> None:
    """CreateApi, UpdateApi: ipAddressType."""
    gateway = emulator.client("apigatewayv2")
    api = gateway.create_api(Name="a", ProtocolType="HTTP", IpAddressType="dualstack")["ApiId"]
    assert gateway.get_api(ApiId=api)["IpAddressType"] == "dualstack"
    gateway.update_api(ApiId=api, IpAddressType="ipv4")
    assert gateway.get_apis()["Items"][0]["IpAddressType"] == "ipv4"


def test_stages_can_be_updated_and_tagged(emulator: Any, refused: Any) -> None:
    gateway = emulator.client("apigatewayv2")
    emulator.client("logs").create_log_group(logGroupName="x")
    api = gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    stage = {"ApiId": api, "StageName": "$default"}
    gateway.create_stage(**stage, AutoDeploy=True, Tags={"a": "b"})
    with refused("ConflictException"):
        gateway.create_stage(**stage)
    logs = {"DestinationArn": GROUP, "Format": "$context.requestId"}
    gateway.update_stage(**stage, AccessLogSettings=logs, DefaultRouteSettings={"ThrottlingBurstLimit": 5})
    found = gateway.get_stage(**stage)
    assert (found["AccessLogSettings"], found["AutoDeploy"]) == (logs, True)
    assert found["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 5
    gateway.delete_access_log_settings(**stage)
    assert "AccessLogSettings" not in gateway.get_stage(**stage)
    arn = f"arn:aws:apigateway:us-east-1::/apis/{api}/stages/$default"
    gateway.tag_resource(ResourceArn=arn, Tags={"c": "d"})
    gateway.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert gateway.get_tags(ResourceArn=arn)["Tags"] == {"c": "d"}


@pytest.mark.parametrize(
    ("group", "form", "words"), [("y", "$context.requestId", "destination"), ("x", "$context.status", "requestId")]
)
def test_access_logs_are_checked(emulator: Any, refused: Any, group: str, form: str, words: str) -> None:
    """http-api-logging.html; AccessLogSettings: the format must include at least $context.requestId."""
    gateway = emulator.client("apigatewayv2")
    emulator.client("logs").create_log_group(logGroupName="x")
    api = gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    logs = {"DestinationArn": GROUP.removesuffix("x") + group, "Format": form}
    with refused("BadRequestException", words):
        gateway.create_stage(ApiId=api, StageName="$default", AccessLogSettings=logs)


def test_domain_names_need_an_issued_certificate_for_them(emulator: Any, issued: str, refused: Any) -> None:
    """apigateway-regional-api-custom-domain-create.html: a certificate of the region, for the name."""
    gateway, acm = emulator.client("apigatewayv2"), emulator.client("acm")
    pending = acm.request_certificate(DomainName="other.example.com", ValidationMethod="DNS")["CertificateArn"]
    configuration = {"EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2", "CertificateArn": issued}
    for name, arn, words in (
        ("other.example.com", pending, "not yet issued"),
        ("other.example.com", issued, "not covered"),
        ("api.example.com", issued.replace("us-east-1", "eu-west-1"), "not found"),
    ):
        with refused("BadRequestException", words):
            gateway.create_domain_name(
                DomainName=name, DomainNameConfigurations=[configuration | {"CertificateArn": arn}]
            )
    made = gateway.create_domain_name(DomainName="api.example.com", DomainNameConfigurations=[configuration])
    [shown] = made["DomainNameConfigurations"]
    assert shown["ApiGatewayDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
    assert (shown["HostedZoneId"], shown["DomainNameStatus"]) == ("Z1UJRXOUMOOFQ8", "AVAILABLE")
    again = gateway.update_domain_name(DomainName="api.example.com", DomainNameConfigurations=[configuration])
    assert again["DomainNameConfigurations"] == made["DomainNameConfigurations"]
    with refused("ConflictException", "already exists"):
        gateway.create_domain_name(DomainName="api.example.com", DomainNameConfigurations=[configuration])
    with refused("ResourceInUseException"):
        acm.delete_certificate(CertificateArn=issued)


def test_mappings_hold_apis_and_domains(emulator: Any, issued: str, refused: Any) -> None:
    """cloud-nuke shows AWS's words about an API that is still mapped."""
    gateway = emulator.client("apigatewayv2")
    domain = {"DomainName": "api.example.com"}
    gateway.create_domain_name(**domain, DomainNameConfigurations=[{"CertificateArn": issued}])
    apis = [gateway.create_api(Name=name, ProtocolType="HTTP")["ApiId"] for name in "ab"]
    with refused("BadRequestException", "stage"):
        gateway.create_api_mapping(**domain, ApiId=apis[0], Stage="$default")
    gateway.create_stage(ApiId=apis[0], StageName="$default")
    mapping = gateway.create_api_mapping(**domain, ApiId=apis[0], Stage="$default")["ApiMappingId"]
    with refused("ConflictException", "already exists"):
        gateway.create_api_mapping(**domain, ApiId=apis[0], Stage="$default")
    with refused("BadRequestException", "stage"):
        gateway.update_api_mapping(**domain, ApiMappingId=mapping, ApiId=apis[1], Stage="$default")
    gateway.create_stage(ApiId=apis[1], StageName="$default")
    gateway.update_api_mapping(**domain, ApiMappingId=mapping, ApiId=apis[1], Stage="$default")
    gateway.delete_api(ApiId=apis[0])
    with refused("BadRequestException", "remove all API mappings"):
        gateway.delete_api(ApiId=apis[1])
    with refused("BadRequestException"):
        gateway.delete_domain_name(**domain)
    gateway.delete_api_mapping(**domain, ApiMappingId=mapping)
    gateway.delete_domain_name(**domain)
    gateway.delete_api(ApiId=apis[1])

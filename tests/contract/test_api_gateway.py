"""API Gateway: what a killed run leaves is completed, names are not unique, links fail and sleep, AWS is busy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _aws
from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from tests.contract.harness import ModuleError, run_module

TAGS = {"webstack:stack": "demo", "webstack:environment": "test", "webstack:role": "api_gateway"}
OTHERS = {**TAGS, "webstack:stack": "other"}


class Killed(BaseException):
    """The process ends here."""


class Stack:
    """What an API stands on: subnets, an internal load balancer's listener, a log group and a certificate."""

    def __init__(self, emulator: Any):
        self.emulator, self.client = emulator, emulator.client
        ec2, elb = self.client("ec2"), self.client("elbv2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet(f"10.0.{number}.0/24", zone) for number, zone in enumerate("ab")]
        self.group = ec2.create_security_group(GroupName="link", Description="x", VpcId=self.vpc)["GroupId"]
        balancer = elb.create_load_balancer(Name="inner", Subnets=self.subnets, Scheme="internal")["LoadBalancers"][0]
        self.listener = elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )["Listeners"][0]["ListenerArn"]
        self.client("logs").create_log_group(logGroupName="/aws/apigateway/demo")
        self._certificate()

    def subnet(self, cidr: str, zone: str = "a") -> str:
        return self.client("ec2").create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}")[
            "Subnet"
        ]["SubnetId"]

    def _certificate(self) -> None:
        acm, route53 = self.client("acm"), self.client("route53")
        zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
        self.certificate = acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")[
            "CertificateArn"
        ]
        described = acm.describe_certificate(CertificateArn=self.certificate)["Certificate"]
        record = described["DomainValidationOptions"][0]["ResourceRecord"]
        values = [{"Value": record["Value"]}]
        record_set = {"Name": record["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": values}
        changes = [{"Action": "CREATE", "ResourceRecordSet": record_set}]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

    def module(self, module: str, **options: Any) -> dict[str, Any]:
        return run_module(self.emulator.url, f"webstack.aws.{module}", {"tags": TAGS, **options})

    def link(self, **options: Any) -> dict[str, Any]:
        given = {"name": "demo", "subnet_ids": self.subnets, "security_group_ids": [self.group], **options}
        return self.module("vpc_link", **given)

    def api(self, link_id: str, **options: Any) -> dict[str, Any]:
        given = {
            "name": "demo",
            "integration": {"integration_uri": self.listener, "connection_id": link_id},
            "routes": ["ANY /", "ANY /{proxy+}"],
            **options,
        }
        return self.module("http_api", **given)

    def domain(self, api_id: str, **options: Any) -> dict[str, Any]:
        given = {
            "domain_name": "api.example.com",
            "certificate_arn": self.certificate,
            "api_id": api_id,
            "stage": "$default",
            **options,
        }
        return self.module("api_domain", **given)

    def build(self) -> list[bool]:
        """All of it, once; whether each module changed anything."""
        group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/demo"
        logs = {"destination_arn": group, "format": "$context.requestId"}
        link = self.link()
        api = self.api(link["vpc_link"]["vpc_link_id"], access_log_settings=logs)
        return [link["changed"], api["changed"], self.domain(api["http_api"]["api_id"])["changed"]]

    def census(self) -> dict[str, int]:
        gateway = self.client("apigatewayv2")
        apis = gateway.get_apis()["Items"]
        counts = {"links": len(gateway.get_vpc_links()["Items"]), "apis": len(apis)}
        for part in ("integrations", "routes", "stages"):
            counts[part] = sum(len(getattr(gateway, f"get_{part}")(ApiId=api["ApiId"])["Items"]) for api in apis)
        counts["mappings"] = len(gateway.get_api_mappings(DomainName="api.example.com")["Items"])
        return counts


COMPLETE = {"links": 1, "apis": 1, "integrations": 1, "routes": 2, "stages": 1, "mappings": 1}


@pytest.fixture
def stack(emulator: Any) -> Stack:
    return Stack(emulator)


def test_killed_after_every_single_write_it_is_completed_in_the_end(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run ends after its first write, so that the next one meets every state that a killed run can leave."""
    write = Aws.write

    def dying(*args: Any, **kwargs: Any) -> Any:
        write(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(Aws, "write", dying)
    runs = 0
    while True:
        try:
            assert not any(stack.build())
            break
        except Killed:
            runs += 1
    assert runs == 8  # the link; API, integration, two routes, stage; the domain and its mapping
    assert stack.census() == COMPLETE


@pytest.mark.parametrize("operation", ["CreateVpcLink", "CreateApi", "CreateIntegration", "CreateRoute", "CreateStage"])
def test_a_lost_answer_makes_nothing_twice(emulator: Any, stack: Stack, operation: str) -> None:
    rule = {"service": "apigatewayv2", "operation": operation, "cut_after": True, "times": 1}
    emulator.control("PUT", "faults", {"rules": [rule]})
    # Of what has no name of its own AWS would make a second one: the call is not repeated, and the next run looks.
    with pytest.raises(ModuleError, match=operation) if operation != "CreateStage" else pytest.raises(ModuleError):
        stack.build()
    stack.build()
    assert stack.census() == COMPLETE


def test_a_lost_answer_to_a_domain_is_no_failure(emulator: Any, stack: Stack) -> None:
    rule = {"service": "apigatewayv2", "operation": "CreateDomainName", "cut_after": True, "times": 1}
    emulator.control("PUT", "faults", {"rules": [rule]})
    stack.build()
    assert stack.census() == COMPLETE


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("TooManyRequestsException", "Too Many Requests"),
        ("ConflictException", "Unable to complete operation due to concurrent modification. Please try again later."),
    ],
)
def test_what_is_busy_is_asked_again(emulator: Any, stack: Stack, code: str, message: str) -> None:
    error = {"code": code, "message": message, "status": 429 if code.startswith("Too") else 409}
    writes = ("CreateVpcLink", "CreateApi", "CreateIntegration", "CreateRoute", "CreateStage", "CreateDomainName")
    rules = [{"service": "apigatewayv2", "operation": name, "error": error, "times": 2} for name in writes]
    emulator.control("PUT", "faults", {"rules": rules})
    stack.build()
    assert stack.census() == COMPLETE


def test_others_of_the_same_name_are_left_alone_and_two_of_ones_own_are_an_error(stack: Stack) -> None:
    gateway = stack.client("apigatewayv2")
    others = gateway.create_api(Name="demo", ProtocolType="HTTP", Tags=OTHERS)["ApiId"]
    link = stack.link()["vpc_link"]["vpc_link_id"]
    assert stack.api(link)["http_api"]["api_id"] != others
    assert gateway.get_routes(ApiId=others)["Items"] == []
    second = gateway.create_api(Name="demo", ProtocolType="HTTP", Tags=TAGS)["ApiId"]
    with pytest.raises(ModuleError, match=rf"there are 2 of this name and owner: .*{second}.*remove all but one"):
        stack.api(link)
    gateway.create_vpc_link(Name="demo", SubnetIds=stack.subnets, Tags=TAGS)
    with pytest.raises(ModuleError, match="vpc_link demo: there are 2 of this name and owner"):
        stack.link()
    with pytest.raises(ModuleError, match=r"there are 3 of this name: .*say with tags whose is meant"):
        stack.module("http_api", name="demo", state="absent", tags=None)


def test_a_domain_of_somebody_else_is_refused(stack: Stack) -> None:
    gateway = stack.client("apigatewayv2")
    gateway.create_domain_name(
        DomainName="api.example.com", DomainNameConfigurations=[{"CertificateArn": stack.certificate}], Tags=OTHERS
    )
    for state in ("present", "absent"):
        with pytest.raises(ModuleError, match="is not this stack's: its tag webstack:stack is other"):
            stack.module("api_domain", domain_name="api.example.com", state=state)


def test_a_stage_that_lost_its_tags_gets_them_back(stack: Stack) -> None:
    gateway = stack.client("apigatewayv2")
    link = stack.link()["vpc_link"]["vpc_link_id"]
    api_id = stack.api(link)["http_api"]["api_id"]
    arn = f"arn:aws:apigateway:us-east-1::/apis/{api_id}/stages/$default"
    gateway.untag_resource(ResourceArn=arn, TagKeys=["webstack:stack"])
    assert list(stack.api(link)["diff"]["after"]) == ["stage_tags"]
    assert gateway.get_stage(ApiId=api_id, StageName="$default")["Tags"] == TAGS
    assert not stack.api(link)["changed"]


def test_a_route_that_leads_elsewhere_is_led_back(stack: Stack) -> None:
    gateway = stack.client("apigatewayv2")
    link = stack.link()["vpc_link"]["vpc_link_id"]
    made = stack.api(link)["http_api"]
    elsewhere = gateway.create_integration(
        ApiId=made["api_id"],
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="ANY",
        IntegrationUri="https://example.com",
        PayloadFormatVersion="1.0",
        ConnectionType="INTERNET",
    )["IntegrationId"]
    route = gateway.get_routes(ApiId=made["api_id"])["Items"][0]
    gateway.update_route(ApiId=made["api_id"], RouteId=route["RouteId"], Target=f"integrations/{elsewhere}")
    done = stack.api(link)
    assert f"{route['RouteKey']} -> integrations/{elsewhere}" in done["diff"]["before"]["routes"]
    shown = {item["Target"] for item in gateway.get_routes(ApiId=made["api_id"])["Items"]}
    assert shown == {f"integrations/{made['integration_id']}"}


def test_a_named_stage_is_taken_out_of_the_path_and_cannot_be_renamed(stack: Stack) -> None:
    gateway = stack.client("apigatewayv2")
    link = stack.link()["vpc_link"]["vpc_link_id"]
    made = stack.api(link, stage_name="live")["http_api"]
    assert made["invoke_url"] == f"{made['api_endpoint']}/live"
    [integration] = gateway.get_integrations(ApiId=made["api_id"])["Items"]
    assert integration["RequestParameters"] == {"overwrite:path": "$request.path"}
    with pytest.raises(ModuleError, match=r"cannot rename its stage from live to \$default"):
        stack.api(link)
    # somebody's stage beside it is none of the module's business
    gateway.create_stage(ApiId=made["api_id"], StageName="a-try")
    assert not stack.api(link, stage_name="live")["changed"]


def test_a_link_cannot_move(stack: Stack) -> None:
    stack.link()
    with pytest.raises(ModuleError, match=r"AWS cannot change this in place: subnet_ids.*give it another name"):
        stack.link(subnet_ids=stack.subnets[:1])


def test_a_pending_link_is_waited_for_and_a_failed_one_says_why(emulator: Any, stack: Stack) -> None:
    emulator.control("PUT", "provisioning", {"api_gateway_vpc_link": 0.5})
    link = stack.link()["vpc_link"]
    assert link["vpc_link_status"] == "PENDING"
    assert stack.api(link["vpc_link_id"])["changed"]
    small = stack.subnet("10.0.9.0/28")
    stack.client("ec2").create_network_interface(SubnetId=small, SecondaryPrivateIpAddressCount=10)
    failed = stack.link(name="failed", subnet_ids=[small])["vpc_link"]["vpc_link_id"]
    resources = [{"kind": "vpc_link", "id": failed}]
    with pytest.raises(ModuleError, match=f"vpc_link {failed} is FAILED: Not enough free addresses"):
        run_module(emulator.url, "webstack.aws.wait", {"resources": resources, "timeout": 30})


def test_a_failed_link_can_be_removed(emulator: Any, stack: Stack) -> None:
    small = stack.subnet("10.0.9.0/28")
    stack.client("ec2").create_network_interface(SubnetId=small, SecondaryPrivateIpAddressCount=10)
    stack.link(subnet_ids=[small])
    assert stack.link(state="absent")["changed"]
    assert stack.client("apigatewayv2").get_vpc_links()["Items"] == []
    assert not stack.link(state="absent")["changed"]


def test_waiting_until_a_link_is_gone_lets_its_subnets_go(emulator: Any, stack: Stack) -> None:
    emulator.control("PUT", "provisioning", {"api_gateway_vpc_link": 0.3})
    link = stack.link(subnet_ids=[stack.subnet("10.0.9.0/24")])["vpc_link"]
    stack.link(state="absent")
    resources = [{"kind": "vpc_link", "id": link["vpc_link_id"]}]
    run_module(emulator.url, "webstack.aws.wait", {"resources": resources, "state": "absent", "timeout": 30})
    stack.client("ec2").delete_subnet(SubnetId=link["subnet_ids"][0])


def test_an_inactive_link_counts_as_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.webstack.aws.plugins.module_utils._waiters import progress

    class Answering:
        subject = ""

        def read(self, *_args: Any, **_kwargs: Any) -> dict[str, str]:
            return {"VpcLinkStatus": "INACTIVE", "VpcLinkStatusMessage": "no traffic"}

    now = progress(Answering(), "vpc_link", "abc")  # type: ignore[arg-type]
    assert (now.state, now.is_ready) == ("INACTIVE", True)


def test_a_full_resource_policy_is_explained(emulator: Any, stack: Stack) -> None:
    error = {"code": "BadRequestException", "message": "Insufficient permissions to enable logging", "status": 400}
    rule = {"service": "apigatewayv2", "operation": "CreateStage", "error": error, "times": 1}
    emulator.control("PUT", "faults", {"rules": [rule]})
    with pytest.raises(ModuleError, match="/aws/vendedlogs/"):
        stack.build()


def test_a_log_delivery_that_does_not_know_the_api_yet_is_asked_again(emulator: Any, stack: Stack) -> None:
    # https://github.com/hashicorp/terraform-provider-aws/issues/46610
    error = {"code": "NotFoundException", "message": "Cannot find log delivery named: abc123_.default", "status": 404}
    rule = {"service": "apigatewayv2", "operation": "CreateStage", "error": error, "times": 2}
    emulator.control("PUT", "faults", {"rules": [rule]})
    stack.build()
    assert stack.census() == COMPLETE


def test_a_listener_that_is_not_seen_yet_is_asked_for_again(emulator: Any, stack: Stack) -> None:
    words = "Unable to retrieve listener port and load balancer DNS name from ELB listener"
    error = {"code": "BadRequestException", "message": words, "status": 400}
    rule = {"service": "apigatewayv2", "operation": "CreateIntegration", "error": error, "times": 2}
    emulator.control("PUT", "faults", {"rules": [rule]})
    stack.build()
    assert stack.census() == COMPLETE


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"integration": {"connection_id": "abc"}}, "cannot be made without integration_uri"),
        ({"access_log_settings": {"format": "$context.requestId"}}, "need destination_arn and format"),
    ],
)
def test_what_is_incomplete_is_refused_before_any_write(
    emulator: Any, stack: Stack, options: dict[str, Any], words: str
) -> None:
    emulator.control("DELETE", "calls")
    with pytest.raises(ModuleError, match=words):
        stack.api("abc", **options)
    assert emulator.calls(kind="write") == []


def test_results_are_plain_data(stack: Stack) -> None:
    assert json.dumps(stack.link())
    assert json.dumps(stack.api(stack.link()["vpc_link"]["vpc_link_id"]))


def test_an_api_that_is_still_mapped_says_so(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_aws, "PROPAGATION_SECONDS", 0)
    stack.build()
    with pytest.raises(ModuleError, match="remove all API mappings"):
        stack.module("http_api", name="demo", state="absent")

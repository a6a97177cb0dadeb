"""Application load balancers as AWS has them.

Unless a test says otherwise, what it states is from the Elastic Load Balancing API reference (version 2015-12-01) and
the Application Load Balancers guide.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.tests.network_for_tests import Network, make_balancer, make_group, make_listener, make_network


def refused(code: str, words: str, call: Any, **parameters: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == (code, True), error


def attributes(answer: dict[str, Any]) -> dict[str, str]:
    return {item["Key"]: item["Value"] for item in answer["Attributes"]}


@pytest.fixture
def network(emulator: Any) -> Network:
    return make_network(emulator)


@pytest.fixture
def elb(emulator: Any) -> Any:
    return emulator.client("elbv2")


def test_attributes_have_defaults(emulator: Any, elb: Any, network: Network) -> None:
    """LoadBalancerAttribute, TargetGroupAttribute, ListenerAttribute: each documents its default."""
    balancer = make_balancer(emulator, network)
    group = make_group(emulator, network)
    listener = make_listener(emulator, balancer, group)
    found = attributes(elb.describe_load_balancer_attributes(LoadBalancerArn=balancer))
    assert found["idle_timeout.timeout_seconds"] == "60"
    assert found["deletion_protection.enabled"] == "false"
    assert found["routing.http.desync_mitigation_mode"] == "defensive"
    assert found["access_logs.s3.enabled"] == "false"
    found = attributes(elb.describe_target_group_attributes(TargetGroupArn=group))
    assert found["deregistration_delay.timeout_seconds"] == "300"
    assert found["stickiness.lb_cookie.duration_seconds"] == "86400"
    assert found["load_balancing.algorithm.anomaly_mitigation"] == "off"
    found = attributes(elb.describe_listener_attributes(ListenerArn=listener))
    assert found["routing.http.response.server.enabled"] == "true"


def test_attributes_are_checked_and_returned_whole(emulator: Any, elb: Any, network: Network) -> None:
    """ModifyLoadBalancerAttributes and ModifyTargetGroupAttributes answer with all attributes."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    wanted = [{"Key": "idle_timeout.timeout_seconds", "Value": "120"}]
    found = attributes(elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=wanted))
    assert found["idle_timeout.timeout_seconds"] == "120"
    assert "routing.http2.enabled" in found
    for key, value in (("idle_timeout.timeout_seconds", "4001"), ("no.such", "1"), ("routing.http2.enabled", "yes")):
        refused(
            "ValidationError",
            "",
            elb.modify_load_balancer_attributes,
            LoadBalancerArn=balancer,
            Attributes=[{"Key": key, "Value": value}],
        )
    wanted = [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}]
    found = attributes(elb.modify_target_group_attributes(TargetGroupArn=group, Attributes=wanted))
    assert found["deregistration_delay.timeout_seconds"] == "30"
    assert found["stickiness.enabled"] == "false"
    refused(
        "ValidationError",
        "not recognized",
        elb.modify_target_group_attributes,
        TargetGroupArn=group,
        Attributes=[{"Key": "no.such", "Value": "1"}],
    )


def test_access_logs_need_a_bucket_that_lets_them_in(emulator: Any, elb: Any, network: Network) -> None:
    """Guide, "Enable access logs": the bucket must have a policy for the log delivery."""
    balancer = make_balancer(emulator, network)
    s3 = emulator.client("s3")
    wanted = [
        {"Key": "access_logs.s3.enabled", "Value": "true"},
        {"Key": "access_logs.s3.bucket", "Value": "the-logs"},
    ]
    call = elb.modify_load_balancer_attributes
    refused("InvalidConfigurationRequest", "the-logs", call, LoadBalancerArn=balancer, Attributes=wanted)
    s3.create_bucket(Bucket="the-logs")
    refused("InvalidConfigurationRequest", "Access Denied", call, LoadBalancerArn=balancer, Attributes=wanted)
    for principal, path, lets_in in (
        ({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "*", True),
        ({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "AWSLogs/123456789012/*", True),
        ({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "AWSLogs/210987654321/*", False),
        ({"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}, "web/AWSLogs/123456789012/*", False),
        ({"AWS": "arn:aws:iam::127311923021:root"}, "*", True),  # the account of us-east-1
        ({"AWS": "arn:aws:iam::507241528517:root"}, "*", False),  # that of sa-east-1
        ({"Service": "delivery.logs.amazonaws.com"}, "*", False),  # that of Network Load Balancers
    ):
        resource = f"arn:aws:s3:::the-logs/{path}"
        statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": resource}
        s3.put_bucket_policy(Bucket="the-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        if lets_in:
            call(LoadBalancerArn=balancer, Attributes=wanted)
        else:
            refused("InvalidConfigurationRequest", "Access Denied", call, LoadBalancerArn=balancer, Attributes=wanted)
        off = [{"Key": "access_logs.s3.enabled", "Value": "false"}]
        call(LoadBalancerArn=balancer, Attributes=off)


def test_access_logs_are_encrypted_by_s3_and_stay_in_the_region(emulator: Any, elb: Any, network: Network) -> None:
    """Guide, "Enable access logs", requirements of the bucket."""
    balancer = make_balancer(emulator, network)
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="the-logs")
    s3.create_bucket(Bucket="far-logs", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
    for name in ("the-logs", "far-logs"):
        service = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
        resource = f"arn:aws:s3:::{name}/*"
        statement = {"Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": resource}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    key = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="the-logs", ServerSideEncryptionConfiguration={"Rules": [key]})
    for name, words in (("the-logs", "Access Denied"), ("far-logs", "same region")):
        wanted = [
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": name},
        ]
        call = elb.modify_load_balancer_attributes
        refused("InvalidConfigurationRequest", words, call, LoadBalancerArn=balancer, Attributes=wanted)


def test_deletion_protection(emulator: Any, elb: Any, network: Network) -> None:
    """Guide, "Deletion protection"; wording as users of the API report it."""
    balancer = make_balancer(emulator, network)
    on = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=on)
    refused(
        "OperationNotPermitted",
        "cannot be deleted because deletion protection is enabled",
        elb.delete_load_balancer,
        LoadBalancerArn=balancer,
    )
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=off)
    elb.delete_load_balancer(LoadBalancerArn=balancer)
    refused("LoadBalancerNotFound", "", elb.describe_load_balancers, LoadBalancerArns=[balancer])
    elb.delete_load_balancer(LoadBalancerArn=balancer)  # "if it does not exist, the call succeeds"


def test_zones_subnets_and_gateway(emulator: Any, elb: Any, network: Network) -> None:
    """Guide, "Subnets for your load balancer": two zones, an internet gateway if it faces the internet."""
    ec2 = emulator.client("ec2")
    groups = [network.balancer_group]
    create = elb.create_load_balancer
    refused("ValidationError", "two different Availability Zones", create, Name="a", Subnets=network.subnets[:1])
    twin = ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1a")["Subnet"]
    refused(
        "InvalidConfigurationRequest",
        "multiple subnets in the same Availability Zone",
        create,
        Name="a",
        Subnets=[network.subnets[0], twin["SubnetId"]],
        SecurityGroups=groups,
    )
    refused("SubnetNotFound", "subnet-0", create, Name="a", Subnets=["subnet-0", network.subnets[0]])
    refused("InvalidSecurityGroup", "sg-0", create, Name="a", Subnets=network.subnets, SecurityGroups=["sg-0"])
    lonely = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=lonely, CidrBlock=f"10.7.{n}.0/24", AvailabilityZone=f"us-east-1{z}")["Subnet"][
            "SubnetId"
        ]
        for n, z in enumerate("ab")
    ]
    refused("InvalidSubnet", "has no internet gateway", create, Name="a", Subnets=subnets)
    internal = create(Name="a", Subnets=subnets, Scheme="internal")["LoadBalancers"][0]
    assert internal["DNSName"].startswith("internal-a-")
    assert len(internal["SecurityGroups"]) == 1  # the default group of the VPC


@pytest.mark.parametrize("name", ["x" * 33, "a_b", "-a", "a-", "internal-a"])
def test_names(emulator: Any, elb: Any, network: Network, name: str) -> None:
    """CreateLoadBalancer, CreateTargetGroup: Name."""
    refused("ValidationError", name, elb.create_load_balancer, Name=name, Subnets=network.subnets)
    if not name.startswith("internal-"):
        refused("ValidationError", "", elb.create_target_group, Name=name, VpcId=network.vpc, Protocol="HTTP", Port=80)


def test_creating_again(emulator: Any, elb: Any, network: Network) -> None:
    """ "This operation is idempotent": equal settings give what is there, others DuplicateLoadBalancerName."""
    balancer = make_balancer(emulator, network)
    assert make_balancer(emulator, network) == balancer
    refused(
        "DuplicateLoadBalancerName",
        "A load balancer with the same name 'web' exists, but with different settings",
        elb.create_load_balancer,
        Name="web",
        Subnets=network.subnets,
        Scheme="internal",
    )
    group = make_group(emulator, network)
    assert make_group(emulator, network) == group
    refused(
        "DuplicateTargetGroupName",
        "A target group with the same name 'api' exists, but with different settings",
        elb.create_target_group,
        Name="api",
        VpcId=network.vpc,
        Protocol="HTTP",
        Port=9090,
        TargetType="ip",
    )
    listener = make_listener(emulator, balancer, group)
    assert make_listener(emulator, balancer, group) == listener
    other = make_group(emulator, network, "other")
    refused(
        "DuplicateListener",
        "already exists on this port",
        elb.create_listener,
        LoadBalancerArn=balancer,
        Port=80,
        Protocol="HTTP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": other}],
    )


def test_states(emulator: Any, elb: Any, network: Network) -> None:
    """LoadBalancerState: provisioning, then active."""
    emulator.control("PUT", "provisioning", {"load_balancer": 1.0})
    balancer = make_balancer(emulator, network)
    state = elb.describe_load_balancers(LoadBalancerArns=[balancer])["LoadBalancers"][0]["State"]["Code"]
    assert state == "provisioning"
    time.sleep(1.1)
    state = elb.describe_load_balancers(Names=["web"])["LoadBalancers"][0]["State"]["Code"]
    assert state == "active"


def test_hosted_zone_of_the_name(emulator: Any, elb: Any, network: Network) -> None:
    """AWS general reference, "Elastic Load Balancing endpoints and quotas": the hosted zone of us-east-1."""
    make_balancer(emulator, network)
    found = elb.describe_load_balancers()["LoadBalancers"][0]
    assert found["CanonicalHostedZoneId"] == "Z35SXDOTRQ7X7K"
    assert found["DNSName"].endswith(".us-east-1.elb.amazonaws.com")


def test_redirects_have_defaults(emulator: Any, elb: Any, network: Network) -> None:
    """RedirectActionConfig: unset parts keep the request's; a redirect to itself is a loop."""
    balancer = make_balancer(emulator, network)
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    listener = elb.create_listener(LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=[redirect])
    assert listener["Listeners"][0]["DefaultActions"][0]["RedirectConfig"] == {
        "Protocol": "HTTPS",
        "Port": "443",
        "Host": "#{host}",
        "Path": "/#{path}",
        "Query": "#{query}",
        "StatusCode": "HTTP_301",
    }
    loop = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTP", "StatusCode": "HTTP_302"}}
    refused(
        "InvalidLoadBalancerAction",
        "creates a loop",
        elb.create_listener,
        LoadBalancerArn=balancer,
        Port=81,
        Protocol="HTTP",
        DefaultActions=[loop],
    )


def test_forward_comes_back_in_both_forms(emulator: Any, elb: Any, network: Network) -> None:
    """Action: TargetGroupArn and a ForwardConfig with one group mean the same, and both are returned."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    make_listener(emulator, balancer, group)
    action = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["DefaultActions"][0]
    assert action["TargetGroupArn"] == group
    assert action["ForwardConfig"]["TargetGroups"] == [{"TargetGroupArn": group, "Weight": 1}]
    assert action["ForwardConfig"]["TargetGroupStickinessConfig"]["Enabled"] is False


def test_conditions_come_back_in_both_forms(emulator: Any, elb: Any, network: Network) -> None:
    """RuleCondition: host-header and path-pattern have Values and a configuration."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    listener = make_listener(emulator, balancer, group)
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    rule = elb.create_rule(
        ListenerArn=listener,
        Priority=10,
        Actions=forward,
        Conditions=[
            {"Field": "host-header", "Values": ["api.example.com"]},
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a/*", "/b/*"]}},
        ],
    )["Rules"][0]
    host, path = rule["Conditions"]
    assert host["Values"] == host["HostHeaderConfig"]["Values"] == ["api.example.com"]
    assert path["Values"] == path["PathPatternConfig"]["Values"] == ["/a/*", "/b/*"]
    assert rule["Priority"] == "10"
    assert rule["IsDefault"] is False
    modified = elb.modify_rule(RuleArn=rule["RuleArn"], Conditions=[{"Field": "path-pattern", "Values": ["/c"]}])
    assert modified["Rules"][0]["Conditions"][0]["PathPatternConfig"] == {"Values": ["/c"]}
    assert modified["Rules"][0]["Actions"][0]["TargetGroupArn"] == group


def test_priorities(emulator: Any, elb: Any, network: Network) -> None:
    """CreateRule, SetRulePriorities: unique, changed all at once; the default rule is last and stays."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    listener = make_listener(emulator, balancer, group)
    forward = [{"Type": "forward", "TargetGroupArn": group}]

    def rule(priority: int, path: str) -> str:
        conditions = [{"Field": "path-pattern", "Values": [path]}]
        made = elb.create_rule(ListenerArn=listener, Priority=priority, Actions=forward, Conditions=conditions)
        return made["Rules"][0]["RuleArn"]

    second, first = rule(20, "/b"), rule(3, "/a")
    refused(
        "PriorityInUse",
        "Priority '3' is currently in use",
        elb.create_rule,
        ListenerArn=listener,
        Priority=3,
        Actions=forward,
        Conditions=[{"Field": "path-pattern", "Values": ["/c"]}],
    )
    found = elb.describe_rules(ListenerArn=listener)["Rules"]
    assert [item["Priority"] for item in found] == ["3", "20", "default"]
    elb.set_rule_priorities(RulePriorities=[{"RuleArn": first, "Priority": 20}, {"RuleArn": second, "Priority": 3}])
    found = elb.describe_rules(ListenerArn=listener)["Rules"]
    assert [item["RuleArn"] for item in found[:2]] == [second, first]
    refused("OperationNotPermitted", "cannot be deleted", elb.delete_rule, RuleArn=found[2]["RuleArn"])
    elb.delete_rule(RuleArn=first)
    refused("RuleNotFound", "", elb.delete_rule, RuleArn=first)


def test_https_needs_an_issued_certificate(emulator: Any, elb: Any, network: Network) -> None:
    """CreateListener: CertificateNotFound, UnsupportedCertificate, SSLPolicyNotFound; wording as users report it."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    settings: dict[str, Any] = {
        "LoadBalancerArn": balancer,
        "Port": 443,
        "Protocol": "HTTPS",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
    }
    create = elb.create_listener
    refused("ValidationError", "A certificate must be specified for HTTPS listeners", create, **settings)
    missing = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
    refused("CertificateNotFound", missing, create, **settings, Certificates=[{"CertificateArn": missing}])
    acm = emulator.client("acm")
    pending = acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    assert acm.describe_certificate(CertificateArn=pending)["Certificate"]["Status"] == "PENDING_VALIDATION"
    refused(
        "UnsupportedCertificate",
        "fully-qualified domain name",
        create,
        **settings,
        Certificates=[{"CertificateArn": pending}],
    )


def imported_certificate(emulator: Any) -> str:
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "api.example.com")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return emulator.client("acm").import_certificate(Certificate=public, PrivateKey=private)["CertificateArn"]


def test_https_listener(emulator: Any, elb: Any, network: Network) -> None:
    """A secure listener has the default policy, and its certificate is in use until it is gone."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    certificate = imported_certificate(emulator)
    acm = emulator.client("acm")
    listener = make_listener(
        emulator, balancer, group, Port=443, Protocol="HTTPS", Certificates=[{"CertificateArn": certificate}]
    )
    found = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]
    assert found["SslPolicy"] == "ELBSecurityPolicy-2016-08"
    assert found["Certificates"] == [{"CertificateArn": certificate}]
    refused("SSLPolicyNotFound", "no-such", elb.modify_listener, ListenerArn=listener, SslPolicy="no-such")
    modified = elb.modify_listener(ListenerArn=listener, SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06")
    assert modified["Listeners"][0]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert acm.describe_certificate(CertificateArn=certificate)["Certificate"]["InUseBy"] == [balancer]
    elb.delete_listener(ListenerArn=listener)
    assert acm.describe_certificate(CertificateArn=certificate)["Certificate"]["InUseBy"] == []


def test_plain_listener_has_no_policy(emulator: Any, elb: Any, network: Network) -> None:
    """Listener: SslPolicy and Certificates are of HTTPS and TLS listeners."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    make_listener(emulator, balancer, group)
    found = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]
    assert "SslPolicy" not in found
    assert not found.get("Certificates")


def test_target_group_in_use(emulator: Any, elb: Any, network: Network) -> None:
    """DeleteTargetGroup: ResourceInUse while a listener or a rule refers to it; free once these are gone."""
    balancer, group = make_balancer(emulator, network), make_group(emulator, network)
    listener = make_listener(emulator, balancer, group)
    assert elb.describe_target_groups(Names=["api"])["TargetGroups"][0]["LoadBalancerArns"] == [balancer]
    refused(
        "ResourceInUse", "is currently in use by a listener or a rule", elb.delete_target_group, TargetGroupArn=group
    )
    elb.delete_listener(ListenerArn=listener)
    assert elb.describe_target_groups(Names=["api"])["TargetGroups"][0]["LoadBalancerArns"] == []
    elb.delete_target_group(TargetGroupArn=group)
    refused("TargetGroupNotFound", "", elb.describe_target_groups, TargetGroupArns=[group])


def test_one_load_balancer_for_a_target_group(emulator: Any, elb: Any, network: Network) -> None:
    """CreateListener: TargetGroupAssociationLimit."""
    group = make_group(emulator, network)
    make_listener(emulator, make_balancer(emulator, network), group)
    other = make_balancer(emulator, network, "other")
    refused(
        "TargetGroupAssociationLimit",
        group,
        elb.create_listener,
        LoadBalancerArn=other,
        Port=80,
        Protocol="HTTP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    missing = group[:-4] + "0000"
    refused(
        "TargetGroupNotFound",
        missing,
        elb.create_listener,
        LoadBalancerArn=other,
        Port=80,
        Protocol="HTTP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": missing}],
    )


def test_interfaces_hold_group_and_subnet(emulator: Any, elb: Any, network: Network) -> None:
    """DeleteSecurityGroup, DeleteSubnet: DependencyViolation while a load balancer's interface is there."""
    ec2 = emulator.client("ec2")
    ec2.revoke_security_group_ingress(
        GroupId=network.task_group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 8080,
                "ToPort": 8080,
                "UserIdGroupPairs": [{"GroupId": network.balancer_group}],
            }
        ],
    )
    balancer = make_balancer(emulator, network)
    found = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [network.balancer_group]}])
    assert [item["RequesterManaged"] for item in found["NetworkInterfaces"]] == [True, True]
    assert found["NetworkInterfaces"][0]["Description"].startswith("ELB app/web/")
    refused("DependencyViolation", "", ec2.delete_security_group, GroupId=network.balancer_group)
    refused("DependencyViolation", "", ec2.delete_subnet, SubnetId=network.subnets[0])
    elb.delete_load_balancer(LoadBalancerArn=balancer)
    ec2.delete_security_group(GroupId=network.balancer_group)
    ec2.delete_subnet(SubnetId=network.subnets[0])


def test_targets(emulator: Any, elb: Any, network: Network) -> None:
    """TargetHealth: unused without a load balancer, healthy with one, gone when drained."""
    group = make_group(emulator, network)
    refused("ValidationError", "", elb.register_targets, TargetGroupArn=group, Targets=[{"Id": "i-123"}])
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.50"}])

    def health() -> list[tuple[str, str]]:
        found = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [(item["Target"]["Id"], item["TargetHealth"]["State"]) for item in found]

    assert health() == [("10.0.0.50", "unused")]
    make_listener(emulator, make_balancer(emulator, network), group)
    assert health() == [("10.0.0.50", "healthy")]
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.50"}])
    assert health() == []
    emulator.control("PUT", "provisioning", {"ecs_task": 8.0})
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.51"}])
    assert health() == [("10.0.0.51", "initial")]
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.51"}])
    assert health() == [("10.0.0.51", "draining")]


def test_health_check_settings(emulator: Any, elb: Any, network: Network) -> None:
    """CreateTargetGroup, ModifyTargetGroup: ranges, and a timeout below the interval."""
    group = make_group(emulator, network)
    found = elb.modify_target_group(
        TargetGroupArn=group,
        HealthCheckPath="/ready",
        HealthCheckIntervalSeconds=10,
        HealthyThresholdCount=2,
        Matcher={"HttpCode": "200-299"},
    )["TargetGroups"][0]
    assert (found["HealthCheckPath"], found["HealthCheckIntervalSeconds"], found["HealthyThresholdCount"]) == (
        "/ready",
        10,
        2,
    )
    assert found["Matcher"] == {"HttpCode": "200-299"}
    modify = elb.modify_target_group
    refused("ValidationError", "interval", modify, TargetGroupArn=group, HealthCheckTimeoutSeconds=10)
    refused("ValidationError", "between '5' and '300'", modify, TargetGroupArn=group, HealthCheckIntervalSeconds=301)


def test_tags(emulator: Any, elb: Any, network: Network) -> None:
    """ "Tag restrictions": fifty to a resource; DescribeTags refuses what is not there."""
    balancer = make_balancer(emulator, network, Tags=[{"Key": "a", "Value": "1"}])
    elb.add_tags(ResourceArns=[balancer], Tags=[{"Key": f"k{number}", "Value": "v"} for number in range(49)])
    refused("TooManyTags", "", elb.add_tags, ResourceArns=[balancer], Tags=[{"Key": "more", "Value": "v"}])
    elb.remove_tags(ResourceArns=[balancer], TagKeys=[f"k{number}" for number in range(49)])
    assert elb.describe_tags(ResourceArns=[balancer])["TagDescriptions"][0]["Tags"] == [{"Key": "a", "Value": "1"}]
    refused("LoadBalancerNotFound", "", elb.describe_tags, ResourceArns=[balancer + "0"])


def test_security_groups_and_subnets_change(emulator: Any, elb: Any, network: Network) -> None:
    """SetSecurityGroups, SetSubnets: the interfaces follow."""
    ec2 = emulator.client("ec2")
    balancer = make_balancer(emulator, network)
    answer = elb.set_security_groups(LoadBalancerArn=balancer, SecurityGroups=[network.task_group])
    assert answer["SecurityGroupIds"] == [network.task_group]
    found = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [network.task_group]}])
    assert len(found["NetworkInterfaces"]) == 2
    third = ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.8.0/24", AvailabilityZone="us-east-1c")["Subnet"]
    zones = elb.set_subnets(LoadBalancerArn=balancer, Subnets=[network.subnets[0], third["SubnetId"]])
    assert {zone["ZoneName"] for zone in zones["AvailabilityZones"]} == {"us-east-1a", "us-east-1c"}
    refused("ValidationError", "", elb.set_subnets, LoadBalancerArn=balancer, Subnets=network.subnets[:1])

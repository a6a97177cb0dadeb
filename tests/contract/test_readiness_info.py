"""``readiness_info``: every fault that AWS can tell of before a run, all at once, by reads alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.ecs import definition, service
from tests.contract.harness import ModuleError, run_module

MODULE = "webstack.aws.readiness_info"
ACCOUNT = "123456789012"
TAGS = {"webstack:stack": "shop", "webstack:environment": "staging"}
REGISTRY = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"
FARGATE = [{"capacity_provider": "FARGATE", "weight": 1}]

Ready = Callable[..., dict[str, Any]]


@pytest.fixture
def ready(emulator: Any) -> Ready:
    """Run the module in check mode and really: it says the same and writes nothing."""

    def run(**options: Any) -> dict[str, Any]:
        options = {"name_prefix": "staging-shop", "tags": TAGS, **options}
        before = len(emulator.calls(kind="write"))
        result = run_module(emulator.url, MODULE, options)
        assert run_module(emulator.url, MODULE, options, check=True) == result
        assert len(emulator.calls(kind="write")) == before
        assert result["changed"] is False
        return result

    return run


def problems(result: dict[str, Any]) -> dict[str, str]:
    """The faults by their variables."""
    return {fault["variable"]: fault["problem"] for fault in result["faults"]}


def api(**changes: Any) -> dict[str, Any]:
    wanted = {"name": "api", "cpu": 1024, "desired_count": 2, "minimum": 2, "capacity_provider_strategy": FARGATE}
    return {**wanted, **changes}


def network(emulator: Any, subnet_cidr: str = "10.0.0.0/24", name: str = "staging-shop-private-a") -> dict[str, str]:
    ec2 = emulator.client("ec2")
    tags = [{"Key": key, "Value": value} for key, value in {**TAGS, "Name": name}.items()]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(
        VpcId=vpc,
        CidrBlock=subnet_cidr,
        AvailabilityZone="us-east-1a",
        TagSpecifications=[{"ResourceType": "subnet", "Tags": tags}],
    )["Subnet"]["SubnetId"]
    return {"vpc": vpc, "subnet": subnet}


def user(emulator: Any, *statements: dict[str, Any]) -> dict[str, str]:
    """Credentials of a new user with these rights, as the module takes them."""
    iam = emulator.client("iam")
    iam.create_user(UserName="deployer")
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName="deployer", PolicyName="rights", PolicyDocument=policy)
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    return {"access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}


def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


# --- who asks, and where


def test_an_empty_account_is_ready_for_all_that_fits(ready: Ready) -> None:
    result = ready(
        account_id=ACCOUNT,
        zones=["us-east-1a", "us-east-1b"],
        vpc_name="staging-shop",
        nat_gateways=[{"name": "staging-shop-nat-a", "zone": "us-east-1a"}],
        load_balancer="staging-shop-alb",
        target_groups=[{"variable": "x", "name": "staging-shop-api"}],
        buckets=[{"variable": "storage_buckets.media.name", "name": "staging-shop-media"}],
        cluster="staging-shop",
        services=[api()],
    )
    assert (result["account_id"], result["faults"], result["unchecked"]) == (ACCOUNT, [], [])


def test_another_account_than_the_stacks_is_refused_and_asked_nothing_else(ready: Ready, emulator: Any) -> None:
    result = ready(account_id="210987654321", zones=["us-east-1x"])
    assert list(problems(result)) == ["webstack_account_id"]
    assert "account 123456789012, and this stack belongs to 210987654321" in result["faults"][0]["problem"]
    assert {call["operation"] for call in emulator.calls()} == {"GetCallerIdentity"}


def unknown_credentials(emulator: Any, times: int | None) -> None:
    error = {"code": "InvalidClientTokenId", "message": "The security token included in the request is invalid."}
    rule = {"service": "sts", "operation": "GetCallerIdentity", "error": {**error, "status": 403}, "times": times}
    emulator.control("PUT", "faults", {"rules": [rule]})


def test_a_region_that_is_not_enabled_is_named(emulator: Any) -> None:
    unknown_credentials(emulator, times=1)
    result = run_module(emulator.url, MODULE, {"region": "me-central-1", "zones": ["me-central-1a"]})
    assert problems(result) == {"webstack_region": "the account has not enabled me-central-1"}


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_credentials_that_aws_does_not_know_are_no_fault_of_the_region(emulator: Any, region: str) -> None:
    unknown_credentials(emulator, times=None)
    with pytest.raises(ModuleError, match="AWS does not know these credentials"):
        run_module(emulator.url, MODULE, {"region": region})


def test_zones_that_aws_does_not_offer_are_named_with_those_that_it_does(ready: Ready) -> None:
    result = ready(zones=["us-east-1a", "us-east-1z"])
    assert problems(result) == {"network_zones": "AWS does not offer us-east-1z to this account"}
    assert "us-east-1a, us-east-1b" in result["faults"][0]["remedy"]


# --- quotas


def test_what_does_not_fit_the_quotas_is_told_with_what_is_there(ready: Ready, emulator: Any) -> None:
    emulator.control(
        "PUT",
        "quotas",
        {"vpc/L-F678F1CE": 1, "vpc/L-FE5A380F": 0, "ec2/L-0263D0A3": 1, "elasticloadbalancing/L-53DA6B97": 0}
        | {"fargate/L-3032A538": 1.5, "fargate/L-36FBB829": 0.25},
    )
    emulator.client("ec2").allocate_address(Domain="vpc")
    spot = [*FARGATE, {"capacity_provider": "FARGATE_SPOT", "weight": 1}]
    result = ready(
        vpc_name="staging-shop",
        nat_gateways=[{"name": "staging-shop-nat-a", "zone": "us-east-1a"}],
        load_balancer="staging-shop-alb",
        cluster="staging-shop",
        services=[api(), api(name="worker", desired_count=2, minimum=2, capacity_provider_strategy=spot)],
    )
    # the default VPC is there
    assert [(fault["variable"], fault["problem"]) for fault in result["faults"]] == [
        ("network_vpc_cidr", "the account may have 1 VPCs in the region, has 1, and this needs 1 more"),
        (
            "network_nat_mode",
            "the account may have 0 NAT gateways in a zone (us-east-1a), has 0, and this needs 1 more",
        ),
        ("network_nat_mode", "the account may have 1 Elastic IPs in the region, has 1, and this needs 1 more"),
        (
            "load_balancer_name",
            "the account may have 0 Application Load Balancers in the region, has 0, and this needs 1 more",
        ),
        ("webstack_services", "the account may have 1.5 vCPUs of Fargate in the region, has 0, and this needs 3 more"),
        (
            "webstack_services",
            "the account may have 0.25 vCPUs of Fargate Spot in the region, has 0, and this needs 1 more",
        ),
    ]
    assert "Service Quotas (vpc L-F678F1CE)" in result["faults"][0]["remedy"]


def test_what_is_there_already_needs_no_quota(ready: Ready, emulator: Any) -> None:
    ec2 = emulator.client("ec2")
    tags = [{"Key": key, "Value": value} for key, value in {**TAGS, "Name": "staging-shop"}.items()]
    ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])
    emulator.control("PUT", "quotas", {"vpc/L-F678F1CE": 1})
    assert ready(vpc_name="staging-shop")["faults"] == []
    assert emulator.calls(service="service-quotas") == []


def test_a_quota_that_nobody_may_ask_for_is_told_and_hides_nothing(ready: Ready, emulator: Any) -> None:
    error = {"code": "AccessDeniedException", "message": "not authorized", "status": 400}
    rule = {"service": "service-quotas", "operation": "*", "error": error, "times": None}
    emulator.control("PUT", "faults", {"rules": [rule]})
    result = ready(zones=["us-east-1z"], vpc_name="staging-shop", cluster="staging-shop", services=[api()])
    assert list(problems(result)) == ["network_zones"]
    assert [text.split(": ")[0] for text in result["unchecked"]] == [
        "the quota of VPCs in the region",
        "the quota of vCPUs of Fargate in the region",
    ]


# --- permissions


def test_actions_that_are_not_allowed_are_named(ready: Ready, emulator: Any) -> None:
    rights = user(emulator, allow("dynamodb:*"), {"Effect": "Deny", "Action": "dynamodb:Put*", "Resource": "*"})
    result = ready(parts=["lock", "network_nat"], **rights)
    assert problems(result) == {
        "permissions": "arn:aws:iam::123456789012:user/deployer may not do dynamodb:PutItem; ec2:AllocateAddress, "
        "CreateNatGateway"
    }


def test_actions_that_are_allowed_for_the_stacks_own_resources_suffice(ready: Ready, emulator: Any) -> None:
    resource = "arn:aws:dynamodb:us-east-1:123456789012:table/staging-shop-*"
    assert ready(parts=["lock"], **user(emulator, allow("dynamodb:*", resource=resource)))["faults"] == []


def test_what_only_a_real_request_shows_is_no_fault(ready: Ready, emulator: Any) -> None:
    conditions = {"StringEquals": {"aws:PrincipalTag/team": "web"}}
    result = ready(parts=["lock"], **user(emulator, allow("dynamodb:*", Condition=conditions)))
    assert result["faults"] == []
    assert result["unchecked"] == [
        "whether arn:aws:iam::123456789012:user/deployer may do dynamodb:DeleteItem, GetItem, "
        "PutItem: its policies depend on aws:PrincipalTag/team"
    ]


def test_what_requests_of_the_collection_have_is_known(ready: Ready, emulator: Any) -> None:
    conditions = {"StringEquals": {"aws:RequestedRegion": "us-east-1", "aws:RequestTag/webstack:stack": "shop"}}
    rights = user(emulator, allow("dynamodb:*", Condition=conditions))
    result = ready(parts=["lock"], **rights)
    assert (result["faults"], result["unchecked"]) == ([], [])


def test_a_session_has_the_rights_of_its_role(ready: Ready, emulator: Any) -> None:
    iam = emulator.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="ci", Path="/teams/", AssumeRolePolicyDocument=document)["Role"]
    session = emulator.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="run")["Credentials"]
    rights = {
        "access_key": session["AccessKeyId"],
        "secret_key": session["SecretAccessKey"],
        "session_token": session["SessionToken"],
    }
    assert problems(ready(parts=["lock"], **rights)) == {
        "permissions": "arn:aws:sts::123456789012:assumed-role/ci/run may not do dynamodb:DeleteItem, GetItem, PutItem"
    }


def test_who_is_neither_user_nor_role_is_not_simulated(ready: Ready) -> None:
    result = ready(parts=["lock"])
    assert result["faults"] == []
    assert result["unchecked"] == [
        "the permissions of arn:aws:sts::123456789012:user/moto: IAM simulates those of users and roles only"
    ]


def test_what_shall_be_skipped_is_not_asked(ready: Ready, emulator: Any) -> None:
    result = ready(parts=["lock"], skip=["permissions"], **user(emulator, allow("s3:*")))
    assert (result["faults"], result["unchecked"]) == ([], ["permissions: it shall be skipped"])
    assert emulator.calls(operation="SimulatePrincipalPolicy") == []


# --- names


def test_names_that_others_bear_are_told(ready: Ready, emulator: Any) -> None:
    ec2, balancing = emulator.client("ec2"), emulator.client("elbv2")
    own = network(emulator)
    tags = [{"Key": "Name", "Value": "staging-shop"}]
    ec2.create_tags(Resources=[own["vpc"]], Tags=tags)
    other = ec2.create_subnet(VpcId=own["vpc"], CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1b")["Subnet"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=own["vpc"])
    balancing.create_load_balancer(Name="staging-shop-alb", Subnets=[own["subnet"], other["SubnetId"]])
    for name, stack in (("staging-shop-api", "shop"), ("staging-shop-web", "blog")):
        balancing.create_target_group(
            Name=name,
            Protocol="HTTP",
            Port=80,
            VpcId=own["vpc"],
            TargetType="ip",
            Tags=[{"Key": key, "Value": value} for key, value in {**TAGS, "webstack:stack": stack}.items()],
        )
    result = ready(
        vpc_name="staging-shop",
        load_balancer="staging-shop-alb",
        target_groups=[{"variable": part, "name": f"staging-shop-{part}"} for part in ("api", "web", "new")],
    )
    assert problems(result) == {
        "webstack_stack": f"there is a VPC staging-shop ({own['vpc']}), and it has no tag webstack:stack",
        "load_balancer_name": "there is a load balancer staging-shop-alb, and it has no tag webstack:stack",
        "web": "there is a target group staging-shop-web, and its tag webstack:stack is blog",
    }


def test_a_buckets_name_that_another_account_has_is_told(ready: Ready, emulator: Any) -> None:
    emulator.client("s3").create_bucket(Bucket="staging-shop-media-123456789012")
    error = {"code": "403", "message": "Forbidden", "status": 403}
    rule = {"service": "s3", "operation": "HeadBucket", "error": error, "times": 2}
    emulator.control("PUT", "faults", {"rules": [rule]})
    result = ready(
        buckets=[
            {"variable": "storage_buckets.media.name", "name": "staging-shop-media-000000000000"},
            {"variable": "storage_buckets.files.name", "name": "files"},
        ]
    )
    assert problems(result) == {"storage_buckets.files.name": "the bucket files belongs to another account"}


# --- services


def test_an_image_that_a_running_service_lost_is_told(ready: Ready, emulator: Any) -> None:
    service(emulator, definition(emulator, "nginx"))
    emulator.client("ecr").create_repository(repositoryName="shop")
    images = [
        {"variable": "webstack_services.api.image", "image": "000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:1"},
        {"variable": "webstack_services.api.sidecars.proxy.image", "image": "docker.io/library/nginx:1"},
    ]
    waiting = {"name": "web", "images": [{"variable": "web", "image": f"{REGISTRY}/web:1"}]}
    result = ready(cluster="demo", services=[api(minimum=1, images=images), api(**waiting)])
    assert problems(result) == {
        "webstack_services.api.image": f"ECR has no {REGISTRY}/shop:1, and the service has tasks, which need it "
        "whenever one is replaced"
    }
    assert result["unchecked"] == [
        "whether docker.io/library/nginx:1 can be pulled: other registries, accounts and regions are not asked"
    ]


def test_tasks_that_run_count_once(ready: Ready, emulator: Any) -> None:
    service(emulator, definition(emulator, "nginx"))
    emulator.control("PUT", "quotas", {"fargate/L-3032A538": 0.5})
    assert ready(cluster="demo", services=[api(cpu=256, minimum=2)])["faults"] == []
    assert problems(ready(cluster="demo", services=[api(cpu=256, minimum=3)])) == {
        "webstack_services": "the account may have 0.5 vCPUs of Fargate in the region, has 0.25, and this needs 0.5 "
        "more"
    }


def test_tasks_that_find_no_address_are_told(ready: Ready, emulator: Any) -> None:
    own = network(emulator, "10.0.0.0/28")
    wanted = {"cluster": "demo", "task_subnets": ["staging-shop-private-a"]}
    assert ready(services=[api(cpu=256, desired_count=11)], **wanted)["faults"] == []
    assert problems(ready(services=[api(cpu=256, desired_count=12)], **wanted)) == {
        "webstack_services": f"12 more tasks need an address each, and the subnets of the tasks ({own['subnet']}) have "
        "11 left"
    }


# --- what others make


def test_a_certificate_that_cannot_serve_is_told(ready: Ready, emulator: Any) -> None:
    acm = emulator.client("acm")
    arn = acm.request_certificate(DomainName="shop.example.com", ValidationMethod="DNS")["CertificateArn"]
    result = ready(certificate={"arn": arn, "names": ["shop.example.com", "www.example.com"]})
    assert [fault["problem"] for fault in result["faults"]] == [
        "it is PENDING_VALIDATION, and only one that is ISSUED can serve",
        "it is for shop.example.com, and not for www.example.com",
    ]
    gone = arn[:-4] + "0000"
    assert "there is no certificate" in ready(certificate={"arn": gone})["faults"][0]["problem"]


def test_secrets_that_are_missing_or_going_are_told(ready: Ready, emulator: Any) -> None:
    secrets = emulator.client("secretsmanager")
    arns = {name: secrets.create_secret(Name=name, SecretString="{}")["ARN"] for name in ("kept", "going")}
    key = emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
    secrets.create_secret(Name="sealed", SecretString="{}", KmsKeyId=key)
    secrets.delete_secret(SecretId="going", RecoveryWindowInDays=7)
    result = ready(
        secrets=[
            {"variable": "a", "secret_id": arns["kept"]},
            {"variable": "b", "secret_id": arns["going"]},
            {"variable": "c", "secret_id": "nobodys"},
            {"variable": "d", "secret_id": "sealed"},
            {"variable": "e", "secret_id": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:far-a1b2c3"},
        ]
    )
    assert problems(result) == {
        "b": f"the secret {arns['going']} is going to be deleted",
        "c": "there is no secret nobodys",
    }
    assert result["unchecked"] == [
        f"secret sealed: whether those who read it may decrypt with {key}",
        f"secret arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:far-a1b2c3: it is in eu-west-1, which is not asked",
    ]


def test_a_database_that_aws_does_not_offer_is_told(ready: Ready) -> None:
    wanted = {"engine": "postgres", "engine_version": "15.5", "db_instance_class": "db.t4g.small", "name": "shop"}
    result = ready(database=wanted)
    assert problems(result) == {
        "database_engine_version": "AWS does not offer RDS for PostgreSQL 15.5 any more, or not yet"
    }
    assert list(problems(ready(database={**wanted, "engine_version": "15", "db_instance_class": "db.t2.micro"}))) == [
        "database_instance_class"
    ]

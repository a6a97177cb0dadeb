"""What is replaced because AWS cannot change it: refused without the word, and completed by the run after a kill."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.harness import ModuleError, run_module

TAGS = {"webstack:stack": "shop", "webstack:environment": "test"}
OTHERS = {"webstack:stack": "other", "webstack:environment": "test"}
ALLOWED = {"allow_replace": ["test-shop-api"]}


@pytest.fixture
def network(emulator: Any) -> dict[str, Any]:
    ec2 = emulator.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for number, zone in enumerate("ab")
    ]
    return {"vpc": vpc, "subnets": [subnet["SubnetId"] for subnet in subnets]}


def groups(emulator: Any, network: dict[str, Any], port: int, check: bool = False, **options: Any) -> dict[str, Any]:
    group = {"name": "test-shop-api", "port": port, "vpc_id": network["vpc"], "deregistration_delay": 30}
    options = {"target_groups": [group], "tags": TAGS, **options}
    return run_module(emulator.url, "webstack.aws.target_groups", options, check)


def api(result: dict[str, Any]) -> dict[str, Any]:
    return result["target_groups"]["test-shop-api"]


def live(emulator: Any) -> dict[int, str]:
    described = emulator.client("elbv2").describe_target_groups()["TargetGroups"]
    return {group["Port"]: group["TargetGroupName"] for group in described}


def fault(emulator: Any, service: str, operation: str, **how: Any) -> None:
    emulator.control("PUT", "faults", {"rules": [{"service": service, "operation": operation, **how}]})


KILLED = {"error": {"code": "BadRequest", "message": "killed"}}


def test_without_the_word_the_plan_shows_it_and_the_run_refuses(emulator: Any, network: dict[str, Any]) -> None:
    groups(emulator, network, 8080)
    emulator.control("DELETE", "calls")
    planned = groups(emulator, network, 9090, check=True)
    [entry] = planned["plan"]
    assert entry["action"] == "replace"
    assert entry["changes"] == [{"field": "port", "before": 8080, "after": 9090}]
    assert entry["gates"][0]["variable"] == "allow_replace=test-shop-api"
    assert [group["port"] for group in api(planned)["superseded"]] == [8080]
    with pytest.raises(
        ModuleError, match=r"port \(live 8080, wanted 9090\).*Steps:.*Gap:.*allow_replace=test-shop-api"
    ):
        groups(emulator, network, 9090)
    assert emulator.calls(kind="write") == []


def test_a_second_group_is_the_one_of_that_name_from_then_on(emulator: Any, network: dict[str, Any]) -> None:
    groups(emulator, network, 8080)
    done = groups(emulator, network, 9090, **ALLOWED)
    assert done["changed"]
    assert (api(done)["port"], api(done)["tags"]) == (9090, TAGS)
    [old] = api(done)["superseded"]
    # The word is needed once, and what is half done is no change.
    again = groups(emulator, network, 9090)
    assert not again["changed"]
    assert api(again) == api(done)
    removed = {"target_groups": [{"name": old["target_group_arn"]}], "tags": TAGS, "state": "absent"}
    assert run_module(emulator.url, "webstack.aws.target_groups", removed)["plan"][0]["name"] == "test-shop-api"
    last = groups(emulator, network, 9090)
    assert (last["changed"], api(last)["superseded"]) == (False, [])
    assert list(live(emulator)) == [9090]
    # Everything else is changed in place, and its own tag stays.
    assert groups(emulator, network, 9090, tags={**TAGS, "team": "web"})["changed"]
    assert api(groups(emulator, network, 9090))["target_group_arn"] == api(done)["target_group_arn"]


@pytest.mark.parametrize("operation", ["CreateTargetGroup", "ModifyTargetGroupAttributes"])
def test_a_killed_replacement_is_completed(emulator: Any, network: dict[str, Any], operation: str) -> None:
    groups(emulator, network, 8080)
    fault(emulator, "elbv2", operation, **KILLED)
    with pytest.raises(ModuleError, match="killed"):
        groups(emulator, network, 9090, **ALLOWED)
    emulator.control("DELETE", "faults")
    done = groups(emulator, network, 9090, **ALLOWED)
    assert done["changed"]
    assert api(done)["deregistration_delay"] == 30
    assert sorted(live(emulator)) == [8080, 9090]
    assert not groups(emulator, network, 9090)["changed"]


def test_a_replacement_that_is_taken_back_goes_back(emulator: Any, network: dict[str, Any]) -> None:
    first = api(groups(emulator, network, 8080))
    second = api(groups(emulator, network, 9090, **ALLOWED))
    back = groups(emulator, network, 8080)
    assert not back["changed"]
    assert api(back)["target_group_arn"] == first["target_group_arn"]
    assert [group["target_group_arn"] for group in api(back)["superseded"]] == [second["target_group_arn"]]


def test_all_groups_of_a_name_go_with_it(emulator: Any, network: dict[str, Any]) -> None:
    groups(emulator, network, 8080)
    groups(emulator, network, 9090, **ALLOWED)
    assert groups(emulator, network, 9090, state="absent")["changed"]
    assert live(emulator) == {}


def test_a_group_of_another_stack_is_not_removed_by_its_arn(emulator: Any, network: dict[str, Any]) -> None:
    arn = api(groups(emulator, network, 8080, tags=OTHERS))["target_group_arn"]
    with pytest.raises(ModuleError, match="is not this stack's"):
        run_module(
            emulator.url,
            "webstack.aws.target_groups",
            {"target_groups": [{"name": arn}], "tags": TAGS, "state": "absent"},
        )
    assert list(live(emulator)) == [8080]


def test_a_listener_is_moved_in_two_steps(emulator: Any, network: dict[str, Any]) -> None:
    balancer = emulator.client("elbv2").create_load_balancer(Name="demo", Subnets=network["subnets"])
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]

    def listen(**action: Any) -> dict[str, Any]:
        listener = {"port": 80, "protocol": "HTTP", "default_action": {"type": "forward", **action}}
        options = {"load_balancer_arn": arn, "listeners": [listener], "tags": TAGS}
        return run_module(emulator.url, "webstack.aws.listeners", options)

    def served() -> dict[str, int]:
        [listener] = emulator.client("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
        found = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
        return {group["TargetGroupArn"]: group["Weight"] for group in found}

    old = api(groups(emulator, network, 8080))["target_group_arn"]
    listen(target_group_arn=old)
    done = api(groups(emulator, network, 9090, **ALLOWED))
    new = done["target_group_arn"]
    stand_in = {"target_group_arn": new, "instead_of": [group["target_group_arn"] for group in done["superseded"]]}
    assert stand_in["instead_of"] == [old]
    assert listen(**stand_in)["changed"]
    assert served() == {old: 1, new: 0}
    # A run that was killed here begins with the same.
    assert not listen(**stand_in)["changed"]
    assert listen(target_group_arn=new)["changed"]
    assert served() == {new: 1}
    # And one that was killed here does not go back.
    assert not listen(**stand_in)["changed"]
    assert served() == {new: 1}


def cache(emulator: Any, port: int, **options: Any) -> dict[str, Any]:
    options = {"name": "test-shop", "engine": "redis", "cache_node_type": "cache.t4g.small", "port": port, **options}
    return run_module(emulator.url, "webstack.aws.elasticache_replication_group", {**options, "tags": TAGS})


def test_a_killed_replacement_of_a_cache_is_completed(emulator: Any, network: dict[str, Any]) -> None:
    elasticache = emulator.client("elasticache")
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="test-shop", CacheSubnetGroupDescription="d", SubnetIds=network["subnets"]
    )
    where = {"cache_subnet_group_name": "test-shop"}
    cache(emulator, 6379, **where)
    emulator.control("DELETE", "calls")
    with pytest.raises(ModuleError, match=r"what it holds is lost.*allow_replace=test-shop"):
        cache(emulator, 6380, **where)
    assert emulator.calls(kind="write") == []
    emulator.control("PUT", "provisioning", {"elasticache_replication_group": 0.5})
    fault(emulator, "elasticache", "CreateReplicationGroup", **KILLED)
    with pytest.raises(ModuleError, match="killed"):
        cache(emulator, 6380, allow_replace=["test-shop"], **where)
    emulator.control("DELETE", "faults")
    # There is nothing left that a word could save.
    assert cache(emulator, 6380, **where)["changed"]
    emulator.control("PUT", "provisioning", {})
    [group] = elasticache.describe_replication_groups()["ReplicationGroups"]
    assert group["NodeGroups"][0]["PrimaryEndpoint"]["Port"] == 6380
    assert not cache(emulator, 6380, **where)["changed"]


def balancer(emulator: Any, network: dict[str, Any], scheme: str, **options: Any) -> dict[str, Any]:
    options = {"name": "test-shop", "scheme": scheme, "subnets": network["subnets"], "tags": TAGS, **options}
    return run_module(emulator.url, "webstack.aws.load_balancer", options)


def test_a_killed_replacement_of_a_load_balancer_is_completed(emulator: Any, network: dict[str, Any]) -> None:
    allowed = {"allow_replace": ["test-shop"]}
    balancer(emulator, network, "internet-facing", deletion_protection=True)
    with pytest.raises(ModuleError, match=r"no requests are answered.*allow_replace=test-shop"):
        balancer(emulator, network, "internal")
    with pytest.raises(ModuleError, match="protected against deletion"):
        balancer(emulator, network, "internal", **allowed)
    balancer(emulator, network, "internet-facing", deletion_protection=False)
    fault(emulator, "elbv2", "CreateLoadBalancer", **KILLED)
    with pytest.raises(ModuleError, match="killed"):
        balancer(emulator, network, "internal", **allowed)
    emulator.control("DELETE", "faults")
    assert balancer(emulator, network, "internal")["load_balancer"]["scheme"] == "internal"
    assert not balancer(emulator, network, "internal")["changed"]
    # And in one go, the other way.
    done = balancer(emulator, network, "internet-facing", **allowed)
    assert (done["plan"][0]["action"], done["load_balancer"]["scheme"]) == ("replace", "internet-facing")


def test_a_group_without_healthy_targets_is_not_ready(emulator: Any, network: dict[str, Any]) -> None:
    arn = api(groups(emulator, network, 8080))["target_group_arn"]
    resources = [{"kind": "target_group", "id": arn}]
    with pytest.raises(ModuleError, match="without healthy targets"):
        run_module(emulator.url, "webstack.aws.wait", {"resources": resources, "timeout": 0})

"""ElastiCache behaves as AWS's: states, members, endpoints, parameter and subnet groups, refusals."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

TOKEN = "a-good-token-of-32-characters!&#"


@dataclass
class Network:
    """A VPC with two subnets, in two zones, and a security group."""

    ec2: Any
    vpc_id: str
    subnet_ids: list[str]
    group_id: str


@pytest.fixture(scope="module")
def clients(running_emulator: Any) -> Callable[[str], Any]:
    """Clients by service: making one takes longer than a test."""
    return functools.cache(running_emulator.client)


@pytest.fixture
def network(clients: Callable[[str], Any]) -> Network:
    ec2 = clients("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_ids = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    group_id = ec2.create_security_group(GroupName="cache", Description="cache", VpcId=vpc_id)["GroupId"]
    return Network(ec2, vpc_id, subnet_ids, group_id)


@pytest.fixture
def cache(clients: Callable[[str], Any], network: Network) -> Any:
    client = clients("elasticache")
    client.create_cache_subnet_group(
        CacheSubnetGroupName="Private", CacheSubnetGroupDescription="private", SubnetIds=network.subnet_ids
    )
    return client


@pytest.fixture
def create(cache: Any, network: Network) -> Callable[..., dict[str, Any]]:
    def make(name: str = "web", **arguments: Any) -> dict[str, Any]:
        given = {
            "ReplicationGroupId": name,
            "ReplicationGroupDescription": "a cache",
            "Engine": "redis",
            "EngineVersion": "7.1",
            "CacheNodeType": "cache.t4g.small",
            "CacheSubnetGroupName": "private",
            "SecurityGroupIds": [network.group_id],
            **arguments,
        }
        return cache.create_replication_group(**given)["ReplicationGroup"]

    return make


def group_of(cache: Any, name: str = "web") -> dict[str, Any]:
    return cache.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"][0]


def error(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response["Error"]
    return answer["Code"], answer["Message"]


def code(call: Callable[..., Any], **arguments: Any) -> str:
    return error(call, **arguments)[0]


def test_group_with_replicas(cache: Any, create: Any) -> None:
    """CreateReplicationGroup, "Finding replication group endpoints": members, roles, primary and reader endpoint."""
    made = create(
        "Web", NumCacheClusters=3, AutomaticFailoverEnabled=True, MultiAZEnabled=True, SnapshotRetentionLimit=3
    )
    assert made["ReplicationGroupId"] == "web"
    assert made["Status"] == "creating"
    assert "NodeGroups" not in made
    group = group_of(cache, "WEB")
    assert group["Status"] == "available"
    assert group["MemberClusters"] == ["web-001", "web-002", "web-003"]
    assert (group["AutomaticFailover"], group["MultiAZ"], group["ClusterEnabled"]) == ("enabled", "enabled", False)
    node_group = group["NodeGroups"][0]
    assert node_group["PrimaryEndpoint"]["Address"].startswith("web.")
    assert node_group["ReaderEndpoint"]["Address"].startswith("web-ro.")
    assert node_group["PrimaryEndpoint"]["Address"].endswith(".ng.0001.use1.cache.amazonaws.com")
    assert node_group["PrimaryEndpoint"]["Port"] == 6379
    roles = [member["CurrentRole"] for member in node_group["NodeGroupMembers"]]
    assert roles == ["primary", "replica", "replica"]
    zones = {member["PreferredAvailabilityZone"] for member in node_group["NodeGroupMembers"]}
    assert zones == {"us-east-1a", "us-east-1b"}
    assert group["SnapshottingClusterId"] == "web-003"


def test_members_are_cache_clusters(cache: Any, create: Any, network: Network) -> None:
    """DescribeCacheClusters: nodes only with ShowCacheNodeInfo; version as three numbers."""
    create(NumCacheClusters=2)
    plain = cache.describe_cache_clusters()["CacheClusters"]
    assert [cluster["CacheClusterId"] for cluster in plain] == ["web-001", "web-002"]
    assert all("CacheNodes" not in cluster or not cluster["CacheNodes"] for cluster in plain)
    shown = cache.describe_cache_clusters(CacheClusterId="web-001", ShowCacheNodeInfo=True)["CacheClusters"][0]
    assert shown["EngineVersion"] == "7.1.0"
    assert shown["CacheNodes"][0]["Endpoint"]["Address"].startswith("web-001.")
    assert shown["ReplicationGroupId"] == "web"
    assert shown["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    assert shown["SecurityGroups"] == [{"SecurityGroupId": network.group_id, "Status": "active"}]
    assert shown["CacheSubnetGroupName"] == "private"
    assert cache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"] == []
    assert code(cache.describe_cache_clusters, CacheClusterId="nope") == "CacheClusterNotFound"


def test_single_node_group_is_the_default(cache: Any, create: Any) -> None:
    """CreateReplicationGroup: NumCacheClusters defaults to 1 without failover."""
    create()
    assert group_of(cache)["MemberClusters"] == ["web-001"]


def test_takes_time_when_told(emulator: Any, cache: Any, create: Any) -> None:
    """ReplicationGroup.Status: creating, available, deleting, then gone."""
    emulator.control("PUT", "provisioning", {"elasticache": 1.0})
    create(NumCacheClusters=2)
    assert group_of(cache)["Status"] == "creating"
    assert cache.describe_cache_clusters()["CacheClusters"][0]["CacheClusterStatus"] == "creating"
    assert code(cache.modify_replication_group, ReplicationGroupId="web") == "InvalidReplicationGroupState"
    assert code(cache.delete_replication_group, ReplicationGroupId="web") == "InvalidReplicationGroupState"
    time.sleep(1.1)
    assert group_of(cache)["Status"] == "available"
    assert cache.delete_replication_group(ReplicationGroupId="web")["ReplicationGroup"]["Status"] == "deleting"
    assert group_of(cache)["Status"] == "deleting"
    time.sleep(1.1)
    assert code(group_of, cache=cache) == "ReplicationGroupNotFoundFault"
    assert cache.describe_cache_clusters()["CacheClusters"] == []


def test_waiters_work(cache: Any, create: Any) -> None:
    """botocore's waiters replication_group_available and replication_group_deleted."""
    create()
    cache.get_waiter("replication_group_available").wait(ReplicationGroupId="web")
    cache.delete_replication_group(ReplicationGroupId="web")
    cache.get_waiter("replication_group_deleted").wait(ReplicationGroupId="web")


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "w" * 41},
        {"name": "1web"},
        {"name": "web-"},
        {"name": "web--a"},
        {"name": "web_a"},
        {"CacheNodeType": "cache.t9.small"},
        {"CacheNodeType": "db.t4g.small"},
        {"ReplicationGroupDescription": ""},
        {"Engine": "memcached"},
        {"NumCacheClusters": 7},
        {"SecurityGroupIds": ["sg-00000000"]},
        {"SnapshotRetentionLimit": 36},
        {"SnapshotWindow": "05:00-05:30"},
        {"SnapshotWindow": "05:00-06:00", "PreferredMaintenanceWindow": "sun:05:30-sun:06:30"},
        {"TransitEncryptionEnabled": True, "AuthToken": "short"},
        {"TransitEncryptionEnabled": True, "AuthToken": "x" * 129},
        {"TransitEncryptionEnabled": True, "AuthToken": "contains-a-slash/in-it"},
        {"TransitEncryptionEnabled": True, "AuthToken": "contains-an-at@in-it-x"},
        {"TransitEncryptionEnabled": True, "AuthToken": "contains a space in it"},
        {"TransitEncryptionEnabled": True, "AuthToken": "contains-a-percent%in-it"},
    ],
)
def test_invalid_values(create: Any, arguments: dict[str, Any]) -> None:
    """CreateReplicationGroup and "Authenticating with the AUTH command": constraints of the parameters."""
    assert code(create, **arguments) == "InvalidParameterValue"


@pytest.mark.parametrize(
    "arguments",
    [
        {"AutomaticFailoverEnabled": True},
        {"AutomaticFailoverEnabled": True, "NumCacheClusters": 1},
        {"MultiAZEnabled": True, "NumCacheClusters": 2},
        {"AuthToken": TOKEN},
        {"EngineVersion": "7.9"},
        {"EngineVersion": "7"},
        {"CacheParameterGroupName": "default.redis6.x"},
        {"CacheParameterGroupName": "default.redis7.cluster.on"},
        {"NumCacheClusters": 2, "ReplicasPerNodeGroup": 1},
        {"NumCacheClusters": 2, "PreferredCacheClusterAZs": ["us-east-1a"]},
        {"KmsKeyId": "alias/aws/elasticache"},
    ],
)
def test_invalid_combinations(create: Any, arguments: dict[str, Any]) -> None:
    """CreateReplicationGroup: what does not go together."""
    assert code(create, **arguments) == "InvalidParameterCombination"


def test_not_found_and_exists(cache: Any, create: Any) -> None:
    """Error codes of botocore's service model."""
    create()
    assert code(create) == "ReplicationGroupAlreadyExists"
    assert code(create, name="x", CacheSubnetGroupName="nope") == "CacheSubnetGroupNotFoundFault"
    assert code(create, name="x", CacheParameterGroupName="nope") == "CacheParameterGroupNotFound"
    assert code(cache.describe_replication_groups, ReplicationGroupId="nope") == "ReplicationGroupNotFoundFault"
    assert code(cache.delete_replication_group, ReplicationGroupId="nope") == "ReplicationGroupNotFoundFault"


def test_encryption_and_token(cache: Any, create: Any) -> None:
    """With TLS the endpoints begin with master and replica; AUTH needs TLS."""
    create(NumCacheClusters=2, TransitEncryptionEnabled=True, AtRestEncryptionEnabled=True, AuthToken=TOKEN)
    group = group_of(cache)
    assert group["TransitEncryptionEnabled"]
    assert group["AtRestEncryptionEnabled"]
    assert group["AuthTokenEnabled"]
    assert group["TransitEncryptionMode"] == "required"
    node_group = group["NodeGroups"][0]
    assert node_group["PrimaryEndpoint"]["Address"].startswith("master.web.")
    assert node_group["ReaderEndpoint"]["Address"].startswith("replica.web.")
    assert node_group["NodeGroupMembers"][0]["ReadEndpoint"]["Address"].startswith("web-001.web.")


def test_rotate_and_set_token(cache: Any, create: Any) -> None:
    """ "Authenticating with the AUTH command": ROTATE keeps both tokens, SET only after it."""
    create(TransitEncryptionEnabled=True, AuthToken=TOKEN)
    group_of(cache)
    change = {"ReplicationGroupId": "web", "AuthToken": TOKEN[::-1], "ApplyImmediately": True}
    assert (
        code(cache.modify_replication_group, **change, AuthTokenUpdateStrategy="SET") == "InvalidParameterCombination"
    )
    changed = cache.modify_replication_group(**change, AuthTokenUpdateStrategy="ROTATE")["ReplicationGroup"]
    assert changed["Status"] == "modifying"
    assert changed["PendingModifiedValues"] == {"AuthTokenStatus": "ROTATING"}
    assert group_of(cache)["PendingModifiedValues"] == {}
    cache.modify_replication_group(**change, AuthTokenUpdateStrategy="SET")
    assert group_of(cache)["AuthTokenEnabled"]


def test_token_for_a_group_without_tls(cache: Any, create: Any) -> None:
    """ModifyReplicationGroup: the AUTH token needs encryption in transit."""
    create()
    group_of(cache)
    change = {
        "ReplicationGroupId": "web",
        "AuthToken": TOKEN,
        "AuthTokenUpdateStrategy": "ROTATE",
        "ApplyImmediately": True,
    }
    assert code(cache.modify_replication_group, **change) == "InvalidParameterCombination"


def test_modify_waits_for_the_window(cache: Any, create: Any) -> None:
    """ModifyReplicationGroup, ApplyImmediately: node type and version wait, with all that waited applied in the end."""
    create(EngineVersion="6.2", NumCacheClusters=2)
    group_of(cache)
    cache.modify_replication_group(ReplicationGroupId="web", CacheNodeType="cache.t4g.medium")
    assert group_of(cache)["CacheNodeType"] == "cache.t4g.small"
    member = cache.describe_cache_clusters(CacheClusterId="web-001")["CacheClusters"][0]
    assert member["PendingModifiedValues"] == {"CacheNodeType": "cache.t4g.medium"}
    changed = cache.modify_replication_group(ReplicationGroupId="web", EngineVersion="7.1", ApplyImmediately=True)
    assert changed["ReplicationGroup"]["Status"] == "modifying"
    group = group_of(cache)
    assert (group["Status"], group["CacheNodeType"]) == ("available", "cache.t4g.medium")
    for member in cache.describe_cache_clusters()["CacheClusters"]:
        assert (member["EngineVersion"], member["PendingModifiedValues"]) == ("7.1.0", {})
    downgrade = {"ReplicationGroupId": "web", "EngineVersion": "6.2", "ApplyImmediately": True}
    assert code(cache.modify_replication_group, **downgrade) == "InvalidParameterCombination"


def test_modify_at_once(cache: Any, create: Any, network: Network) -> None:
    """ModifyReplicationGroup: description, backups, windows and security groups do not wait."""
    create()
    group_of(cache)
    other = network.ec2.create_security_group(GroupName="o", Description="o", VpcId=network.vpc_id)["GroupId"]
    cache.modify_replication_group(
        ReplicationGroupId="web",
        ReplicationGroupDescription="other",
        SnapshotRetentionLimit=5,
        SecurityGroupIds=[other],
        SnapshotWindow="01:00-02:00",
        PreferredMaintenanceWindow="Mon:03:00-Mon:04:00",
    )
    group = group_of(cache)
    assert (group["Description"], group["SnapshotRetentionLimit"], group["SnapshotWindow"]) == (
        "other",
        5,
        "01:00-02:00",
    )
    member = cache.describe_cache_clusters()["CacheClusters"][0]
    assert member["PreferredMaintenanceWindow"] == "mon:03:00-mon:04:00"
    assert [item["SecurityGroupId"] for item in member["SecurityGroups"]] == [other]
    network.ec2.delete_security_group(GroupId=network.group_id)
    assert code(network.ec2.delete_security_group, GroupId=other) == "DependencyViolation"


def test_replica_count(cache: Any, create: Any) -> None:
    """IncreaseReplicaCount and DecreaseReplicaCount; NoOperationFault when nothing changes."""
    create()
    group_of(cache)
    change = {"ReplicationGroupId": "web", "ApplyImmediately": True}
    assert code(cache.increase_replica_count, **change, NewReplicaCount=0) == "NoOperationFault"
    assert code(cache.increase_replica_count, **change, NewReplicaCount=6) == "InvalidParameterValue"
    assert (
        code(cache.increase_replica_count, ReplicationGroupId="web", ApplyImmediately=False, NewReplicaCount=1)
        == "InvalidParameterValue"
    )
    assert cache.increase_replica_count(**change, NewReplicaCount=2)["ReplicationGroup"]["Status"] == "modifying"
    assert group_of(cache)["MemberClusters"] == ["web-001", "web-002", "web-003"]
    cache.modify_replication_group(
        ReplicationGroupId="web", AutomaticFailoverEnabled=True, MultiAZEnabled=True, ApplyImmediately=True
    )
    assert group_of(cache)["AutomaticFailover"] == "enabled"
    assert code(cache.decrease_replica_count, **change, NewReplicaCount=0) == "InvalidParameterCombination"
    cache.decrease_replica_count(**change, NewReplicaCount=1)
    assert group_of(cache)["MemberClusters"] == ["web-001", "web-002"]
    assert (
        code(cache.modify_replication_group, **change, AutomaticFailoverEnabled=False) == "InvalidParameterCombination"
    )
    cache.modify_replication_group(**change, AutomaticFailoverEnabled=False, MultiAZEnabled=False)
    group_of(cache)
    cache.decrease_replica_count(**change, NewReplicaCount=0)
    assert group_of(cache)["MemberClusters"] == ["web-001"]
    assert (
        code(cache.modify_replication_group, **change, AutomaticFailoverEnabled=True) == "InvalidParameterCombination"
    )


def test_failover_needs_a_replica_later_too(cache: Any, create: Any) -> None:
    """ModifyReplicationGroup with AutomaticFailoverEnabled waits, or passes through enabling."""
    create(NumCacheClusters=2)
    group_of(cache)
    cache.modify_replication_group(ReplicationGroupId="web", AutomaticFailoverEnabled=True)
    assert group_of(cache)["PendingModifiedValues"] == {"AutomaticFailoverStatus": "enabled"}
    changed = cache.modify_replication_group(
        ReplicationGroupId="web", AutomaticFailoverEnabled=True, ApplyImmediately=True
    )
    assert changed["ReplicationGroup"]["AutomaticFailover"] == "enabling"
    assert group_of(cache)["AutomaticFailover"] == "enabled"
    cache.test_failover(ReplicationGroupId="web", NodeGroupId="0001")
    roles = {m["CacheClusterId"]: m["CurrentRole"] for m in group_of(cache)["NodeGroups"][0]["NodeGroupMembers"]}
    assert roles == {"web-001": "replica", "web-002": "primary"}


def test_members_are_deleted_through_their_group(cache: Any, create: Any) -> None:
    """DeleteCacheCluster refuses the only member, and the primary."""
    create()
    group_of(cache)
    assert code(cache.delete_cache_cluster, CacheClusterId="web-001") == "InvalidCacheClusterState"
    cache.increase_replica_count(ReplicationGroupId="web", NewReplicaCount=1, ApplyImmediately=True)
    assert code(cache.delete_cache_cluster, CacheClusterId="web-001") == "InvalidCacheClusterState"
    cache.delete_cache_cluster(CacheClusterId="web-002")
    assert group_of(cache)["MemberClusters"] == ["web-001"]


def test_final_snapshot(cache: Any, create: Any) -> None:
    """DeleteReplicationGroup: FinalSnapshotIdentifier leaves a snapshot; its name must be free."""
    create()
    group_of(cache)
    cache.create_snapshot(SnapshotName="taken", ReplicationGroupId="web")
    assert group_of(cache)["Status"] == "available"
    delete = {"ReplicationGroupId": "web"}
    assert (
        code(cache.delete_replication_group, **delete, FinalSnapshotIdentifier="taken") == "SnapshotAlreadyExistsFault"
    )
    cache.delete_replication_group(**delete, FinalSnapshotIdentifier="last")
    assert code(group_of, cache=cache) == "ReplicationGroupNotFoundFault"
    snapshot = cache.describe_snapshots(SnapshotName="last")["Snapshots"][0]
    assert (snapshot["SnapshotStatus"], snapshot["ReplicationGroupId"]) == ("available", "web")
    cache.delete_snapshot(SnapshotName="last")
    assert code(cache.describe_snapshots, SnapshotName="last") == "SnapshotNotFoundFault"


def test_retain_primary(cache: Any, create: Any) -> None:
    """DeleteReplicationGroup: RetainPrimaryCluster keeps the primary as a cluster of its own."""
    create(NumCacheClusters=2)
    group_of(cache)
    cache.delete_replication_group(ReplicationGroupId="web", RetainPrimaryCluster=True)
    clusters = cache.describe_cache_clusters()["CacheClusters"]
    assert [(cluster["CacheClusterId"], cluster["CacheClusterStatus"]) for cluster in clusters] == [
        ("web-001", "available")
    ]


def test_cluster_mode(cache: Any, create: Any) -> None:
    """Cluster mode: several shards, one configuration endpoint, slots that cover all of 16384."""
    assert code(create, NumNodeGroups=2, ReplicasPerNodeGroup=1) == "InvalidParameterCombination"
    create(NumNodeGroups=2, ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=True)
    group = group_of(cache)
    assert group["ClusterEnabled"]
    assert group["ConfigurationEndpoint"]["Address"].startswith("web.")
    assert [node_group["Slots"] for node_group in group["NodeGroups"]] == ["0-8191", "8192-16383"]
    assert group["MemberClusters"] == ["web-0001-001", "web-0001-002", "web-0002-001", "web-0002-002"]


def test_tags(cache: Any, create: Any, emulator: Any) -> None:
    """AddTagsToResource answers with all tags, and tags the members too; the tagging API sees them."""
    arn = create(Tags=[{"Key": "a", "Value": "1"}])["ARN"]
    assert arn == "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:web"
    group_of(cache)
    tags = cache.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "b", "Value": "2"}])["TagList"]
    assert tags == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    member = cache.describe_cache_clusters()["CacheClusters"][0]["ARN"]
    assert cache.list_tags_for_resource(ResourceName=member)["TagList"] == tags
    cache.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])
    assert cache.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "b", "Value": "2"}]
    found = emulator.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "b"}])
    assert arn in [item["ResourceARN"] for item in found["ResourceTagMappingList"]]
    assert code(cache.list_tags_for_resource, ResourceName=arn + "x") == "ReplicationGroupNotFoundFault"
    assert code(cache.list_tags_for_resource, ResourceName="nonsense") == "InvalidARN"


def test_tags_need_an_available_group(emulator: Any, cache: Any, create: Any) -> None:
    """AddTagsToResource while the group is being made: InvalidReplicationGroupState."""
    emulator.control("PUT", "provisioning", {"elasticache": 60.0})
    arn = create()["ARN"]
    tag = {"ResourceName": arn, "Tags": [{"Key": "a", "Value": "1"}]}
    assert code(cache.add_tags_to_resource, **tag) == "InvalidReplicationGroupState"


def test_subnet_group(cache: Any, create: Any, network: Network) -> None:
    """Cache subnet groups: lowercase names, modified and not deleted by a modify, protected while in use."""
    made = cache.describe_cache_subnet_groups(CacheSubnetGroupName="PRIVATE")["CacheSubnetGroups"][0]
    assert (made["CacheSubnetGroupName"], made["VpcId"]) == ("private", network.vpc_id)
    assert [subnet["SubnetAvailabilityZone"]["Name"] for subnet in made["Subnets"]] == ["us-east-1a", "us-east-1b"]
    new = {"CacheSubnetGroupName": "private", "CacheSubnetGroupDescription": "x"}
    assert code(cache.create_cache_subnet_group, **new, SubnetIds=network.subnet_ids) == "CacheSubnetGroupAlreadyExists"
    new["CacheSubnetGroupName"] = "other"
    answer = error(cache.create_cache_subnet_group, **new, SubnetIds=["subnet-00000000"])
    assert answer == ("InvalidParameterValue", "Some input subnets in :[subnet-00000000] are invalid.")
    create()
    group_of(cache)
    change = {"CacheSubnetGroupName": "private"}
    assert code(cache.modify_cache_subnet_group, **change, SubnetIds=network.subnet_ids[1:]) == "SubnetInUse"
    cache.modify_cache_subnet_group(**change, SubnetIds=network.subnet_ids[:1], CacheSubnetGroupDescription="changed")
    shown = cache.describe_cache_subnet_groups(**change)["CacheSubnetGroups"][0]
    assert (shown["CacheSubnetGroupDescription"], len(shown["Subnets"])) == ("changed", 1)
    answer = error(cache.delete_cache_subnet_group, **change)
    assert answer == ("CacheSubnetGroupInUse", "Cache subnet group private is currently in use by a cache cluster.")
    cache.delete_replication_group(ReplicationGroupId="web")
    cache.delete_cache_subnet_group(**change)
    assert code(cache.describe_cache_subnet_groups, **change) == "CacheSubnetGroupNotFoundFault"
    assert code(cache.delete_cache_subnet_group, **change) == "CacheSubnetGroupNotFoundFault"


def test_multi_az_needs_two_zones(cache: Any, create: Any, network: Network) -> None:
    """ "Minimizing downtime with Multi-AZ": the nodes are in different zones."""
    one = {"CacheSubnetGroupName": "one", "CacheSubnetGroupDescription": "x", "SubnetIds": network.subnet_ids[:1]}
    cache.create_cache_subnet_group(**one)
    wanted = {"CacheSubnetGroupName": "one", "NumCacheClusters": 2, "AutomaticFailoverEnabled": True}
    assert code(create, **wanted, MultiAZEnabled=True) == "InvalidParameterCombination"
    create(**wanted)


def test_subnets_and_groups_in_use(cache: Any, create: Any, network: Network) -> None:
    """Every node has an interface that ElastiCache manages: subnet and security group stay as long as it does."""
    create(NumCacheClusters=2)
    interfaces = network.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [interface["Description"] for interface in interfaces] == ["ElastiCache web-001", "ElastiCache web-002"]
    assert code(network.ec2.delete_security_group, GroupId=network.group_id) == "DependencyViolation"
    assert code(network.ec2.delete_subnet, SubnetId=network.subnet_ids[0]) == "DependencyViolation"
    group_of(cache)
    cache.delete_replication_group(ReplicationGroupId="web")
    network.ec2.delete_security_group(GroupId=network.group_id)
    network.ec2.delete_subnet(SubnetId=network.subnet_ids[0])


def parameters_of(cache: Any, **arguments: Any) -> dict[str, dict[str, Any]]:
    pages = cache.get_paginator("describe_cache_parameters").paginate(**arguments)
    return {item["ParameterName"]: item for item in pages.build_full_result()["Parameters"]}


def test_parameter_group(cache: Any, create: Any) -> None:
    """Cache parameter groups: create, modify, reset, delete; protected while in use."""
    made = cache.create_cache_parameter_group(
        CacheParameterGroupName="Mine", CacheParameterGroupFamily="redis7", Description="x"
    )["CacheParameterGroup"]
    assert made["CacheParameterGroupName"] == "mine"
    assert parameters_of(cache, CacheParameterGroupName="mine")["maxmemory-policy"]["ParameterValue"] == "volatile-lru"
    change = {"CacheParameterGroupName": "mine"}
    cache.modify_cache_parameter_group(
        **change,
        ParameterNameValues=[
            {"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"},
            {"ParameterName": "timeout", "ParameterValue": "300"},
        ],
    )
    ours = parameters_of(cache, CacheParameterGroupName="mine", Source="user")
    assert {name: item["ParameterValue"] for name, item in ours.items()} == {
        "maxmemory-policy": "allkeys-lru",
        "timeout": "300",
    }
    create(CacheParameterGroupName="mine")
    group_of(cache)
    assert code(cache.delete_cache_parameter_group, **change) == "InvalidCacheParameterGroupState"
    cache.reset_cache_parameter_group(
        **change, ParameterNameValues=[{"ParameterName": "timeout", "ParameterValue": "0"}]
    )
    assert list(parameters_of(cache, CacheParameterGroupName="mine", Source="user")) == ["maxmemory-policy"]
    cache.reset_cache_parameter_group(**change, ResetAllParameters=True)
    assert parameters_of(cache, CacheParameterGroupName="mine", Source="user") == {}
    cache.delete_replication_group(ReplicationGroupId="web")
    cache.describe_replication_groups()
    cache.delete_cache_parameter_group(**change)
    assert code(cache.describe_cache_parameters, **change) == "CacheParameterGroupNotFound"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("maxmemory-policy", "sometimes"),
        ("timeout", "5"),
        ("timeout", "soon"),
        ("maxclients", "100"),
        ("no-such", "1"),
    ],
)
def test_wrong_parameters(cache: Any, name: str, value: str) -> None:
    """ModifyCacheParameterGroup: unknown, fixed or impossible values are InvalidParameterValue."""
    cache.create_cache_parameter_group(
        CacheParameterGroupName="mine", CacheParameterGroupFamily="redis7", Description="x"
    )
    change = {
        "CacheParameterGroupName": "mine",
        "ParameterNameValues": [{"ParameterName": name, "ParameterValue": value}],
    }
    assert code(cache.modify_cache_parameter_group, **change) == "InvalidParameterValue"


def test_default_parameter_groups(cache: Any) -> None:
    """ "Cache parameter group tiers": the default groups cannot be changed or deleted."""
    assert (
        parameters_of(cache, CacheParameterGroupName="default.redis7.cluster.on")["cluster-enabled"]["ParameterValue"]
        == "yes"
    )
    change = {"CacheParameterGroupName": "default.redis7"}
    values = [{"ParameterName": "timeout", "ParameterValue": "300"}]
    assert (
        code(cache.modify_cache_parameter_group, **change, ParameterNameValues=values)
        == "InvalidCacheParameterGroupState"
    )
    assert code(cache.delete_cache_parameter_group, **change) == "InvalidCacheParameterGroupState"
    assert (
        code(
            cache.create_cache_parameter_group,
            CacheParameterGroupName="x",
            CacheParameterGroupFamily="redis99",
            Description="x",
        )
        == "InvalidParameterValue"
    )


def test_engine_versions(cache: Any) -> None:
    """DescribeCacheEngineVersions, with the family of each version."""
    versions = cache.describe_cache_engine_versions(Engine="redis")["CacheEngineVersions"]
    assert ("7.1", "redis7") in [(item["EngineVersion"], item["CacheParameterGroupFamily"]) for item in versions]
    assert cache.describe_cache_engine_versions(Engine="redis", EngineVersion="9.9")["CacheEngineVersions"] == []
    families = cache.describe_cache_engine_versions(CacheParameterGroupFamily="redis6.x")["CacheEngineVersions"]
    assert [item["EngineVersion"] for item in families] == ["6.0", "6.2"]


def test_single_redis_cluster(cache: Any, network: Network) -> None:
    """CreateCacheCluster: Redis has one node; TLS only through replication groups."""
    arguments = {
        "CacheClusterId": "One",
        "Engine": "redis",
        "CacheNodeType": "cache.t3.micro",
        "CacheSubnetGroupName": "private",
    }
    assert code(cache.create_cache_cluster, **arguments, NumCacheNodes=2) == "InvalidParameterValue"
    assert code(cache.create_cache_cluster, **arguments, TransitEncryptionEnabled=True) == "InvalidParameterCombination"
    made = cache.create_cache_cluster(**arguments, NumCacheNodes=1)["CacheCluster"]
    assert (made["CacheClusterId"], made["CacheClusterStatus"]) == ("one", "creating")
    shown = cache.describe_cache_clusters(CacheClusterId="one", ShowCacheNodeInfo=True)["CacheClusters"][0]
    assert shown["CacheNodes"][0]["Endpoint"]["Port"] == 6379
    assert code(cache.create_cache_cluster, **arguments) == "CacheClusterAlreadyExists"
    cache.modify_cache_cluster(CacheClusterId="one", CacheNodeType="cache.t3.small", ApplyImmediately=True)
    assert cache.describe_cache_clusters(CacheClusterId="one")["CacheClusters"][0]["CacheNodeType"] == "cache.t3.small"
    cache.delete_cache_cluster(CacheClusterId="one")
    assert code(cache.describe_cache_clusters, CacheClusterId="one") == "CacheClusterNotFound"


def test_memcached(cache: Any) -> None:
    """CreateCacheCluster: Memcached has up to 40 nodes and a configuration endpoint."""
    cache.create_cache_cluster(
        CacheClusterId="mem",
        Engine="memcached",
        CacheNodeType="cache.t3.micro",
        NumCacheNodes=2,
        CacheSubnetGroupName="private",
        AZMode="cross-az",
    )
    shown = cache.describe_cache_clusters(CacheClusterId="mem", ShowCacheNodeInfo=True)["CacheClusters"][0]
    assert shown["ConfigurationEndpoint"]["Port"] == 11211
    assert len(shown["CacheNodes"]) == 2
    assert shown["PreferredAvailabilityZone"] == "Multiple"
    assert code(cache.create_snapshot, SnapshotName="s", CacheClusterId="mem") == "SnapshotFeatureNotSupportedFault"


def test_log_delivery_needs_its_log_group(emulator: Any, cache: Any, create: Any) -> None:
    """LogDeliveryConfigurations: the CloudWatch log group has to exist."""
    delivery = {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "LogFormat": "json",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "/cache/slow"}},
    }
    assert code(create, LogDeliveryConfigurations=[delivery]) == "InvalidParameterValue"
    emulator.client("logs").create_log_group(logGroupName="/cache/slow")
    create(LogDeliveryConfigurations=[delivery])
    assert group_of(cache)["LogDeliveryConfigurations"][0]["Status"] == "active"


def test_what_is_lacking_says_so(cache: Any, create: Any) -> None:
    """Not AWS: what the emulator does not have is an error that names it, never a silent success."""
    assert code(cache.describe_serverless_caches) == "NotImplemented"
    assert code(create, UserGroupIds=["x"]) == "NotImplemented"


def test_a_parameter_set_to_its_default_does_not_count_as_set(cache: Any) -> None:
    """DescribeCacheParameters, Source."""
    group = {"CacheParameterGroupName": "mine"}
    cache.create_cache_parameter_group(**group, CacheParameterGroupFamily="redis7", Description="x")
    for value, sources in (("0", []), ("300", ["timeout"]), ("0", [])):
        entry = {"ParameterName": "timeout", "ParameterValue": value}
        cache.modify_cache_parameter_group(**group, ParameterNameValues=[entry])
        assert list(parameters_of(cache, **group, Source="user")) == sources

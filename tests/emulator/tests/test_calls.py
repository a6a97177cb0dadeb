"""The log of calls, in every protocol. Names and protocols are those of botocore's service models."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.calls import kind_of


def names(emulator: Any, **filters: str) -> list[tuple[str, str, str]]:
    return [(call["service"], call["operation"], call["kind"]) for call in emulator.calls(**filters)]


@pytest.mark.parametrize(
    ("service", "method", "arguments", "operation", "kind"),
    [
        ("ec2", "describe_vpcs", {}, "DescribeVpcs", "read"),
        ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, "CreateVpc", "write"),
        ("iam", "list_roles", {}, "ListRoles", "read"),
        ("elbv2", "describe_load_balancers", {}, "DescribeLoadBalancers", "read"),
        ("elb", "describe_load_balancers", {}, "DescribeLoadBalancers", "read"),
        ("rds", "describe_db_instances", {}, "DescribeDBInstances", "read"),
        ("elasticache", "describe_replication_groups", {}, "DescribeReplicationGroups", "read"),
        ("sns", "create_topic", {"Name": "t"}, "CreateTopic", "write"),
        ("sts", "get_caller_identity", {}, "GetCallerIdentity", "read"),
        ("ecs", "list_clusters", {}, "ListClusters", "read"),
        ("logs", "create_log_group", {"logGroupName": "g"}, "CreateLogGroup", "write"),
        ("ecr", "get_authorization_token", {}, "GetAuthorizationToken", "read"),
        ("secretsmanager", "get_random_password", {}, "GetRandomPassword", "read"),
        ("secretsmanager", "create_secret", {"Name": "s"}, "CreateSecret", "write"),
        ("dynamodb", "list_tables", {}, "ListTables", "read"),
        ("acm", "list_certificates", {}, "ListCertificates", "read"),
        ("kms", "create_key", {}, "CreateKey", "write"),
        ("events", "list_rules", {}, "ListRules", "read"),
        ("application-autoscaling", "describe_scalable_targets", {"ServiceNamespace": "ecs"},
         "DescribeScalableTargets", "read"),
        ("cloudwatch", "describe_alarms", {}, "DescribeAlarms", "read"),
        ("resourcegroupstaggingapi", "get_resources", {}, "GetResources", "read"),
        ("route53", "list_hosted_zones", {}, "ListHostedZones", "read"),
        ("efs", "describe_file_systems", {}, "DescribeFileSystems", "read"),
        ("apigatewayv2", "create_api", {"Name": "a", "ProtocolType": "HTTP"}, "CreateApi", "write"),
        ("apigateway", "get_rest_apis", {}, "GetRestApis", "read"),
        ("scheduler", "list_schedules", {}, "ListSchedules", "read"),
        ("xray", "get_sampling_rules", {}, "GetSamplingRules", "read"),
        ("lambda", "list_functions", {}, "ListFunctions", "read"),
        ("sqs", "list_queues", {}, "ListQueues", "read"),
        ("s3", "list_buckets", {}, "ListBuckets", "read"),
        ("s3", "create_bucket", {"Bucket": "some-bucket"}, "CreateBucket", "write"),
    ],
)  # fmt: skip
def test_calls_are_named_as_botocore_names_them(
    emulator: Any, service: str, method: str, arguments: dict[str, Any], operation: str, kind: str
) -> None:
    before = time.time()
    getattr(emulator.client(service), method)(**arguments)
    [call] = emulator.calls()
    assert (call["service"], call["operation"], call["kind"]) == (service, operation, kind)
    assert (call["region"], call["status"] // 100, call["error"]) == ("us-east-1", 2, None)
    assert before <= call["time"] <= time.time()


def test_s3_operations_are_told_apart(emulator: Any) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="some-bucket")
    s3.put_object(Bucket="some-bucket", Key="a/b", Body=b"x")
    s3.get_object(Bucket="some-bucket", Key="a/b")
    s3.head_object(Bucket="some-bucket", Key="a/b")
    s3.list_objects_v2(Bucket="some-bucket")
    s3.list_object_versions(Bucket="some-bucket")
    s3.get_bucket_versioning(Bucket="some-bucket")
    s3.put_bucket_tagging(Bucket="some-bucket", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.head_bucket(Bucket="some-bucket")
    s3.delete_object(Bucket="some-bucket", Key="a/b")
    s3.delete_objects(Bucket="some-bucket", Delete={"Objects": [{"Key": "c"}]})
    s3.create_multipart_upload(Bucket="some-bucket", Key="m")
    s3.delete_bucket_policy(Bucket="some-bucket")
    assert names(emulator) == [
        ("s3", "CreateBucket", "write"),
        ("s3", "PutObject", "write"),
        ("s3", "GetObject", "read"),
        ("s3", "HeadObject", "read"),
        ("s3", "ListObjectsV2", "read"),
        ("s3", "ListObjectVersions", "read"),
        ("s3", "GetBucketVersioning", "read"),
        ("s3", "PutBucketTagging", "write"),
        ("s3", "HeadBucket", "read"),
        ("s3", "DeleteObject", "write"),
        ("s3", "DeleteObjects", "write"),
        ("s3", "CreateMultipartUpload", "write"),
        ("s3", "DeleteBucketPolicy", "write"),
    ]


def test_errors_are_logged_with_their_codes(emulator: Any) -> None:
    failing: list[tuple[str, str, dict[str, Any], str, int]] = [
        ("ec2", "describe_vpcs", {"VpcIds": ["vpc-12345678"]}, "InvalidVpcID.NotFound", 400),
        ("iam", "get_role", {"RoleName": "nobody"}, "NoSuchEntity", 404),
        ("logs", "delete_log_group", {"logGroupName": "none"}, "ResourceNotFoundException", 400),
        ("apigatewayv2", "get_api", {"ApiId": "none"}, "NotFoundException", 404),
        ("s3", "get_bucket_policy", {"Bucket": "no-bucket-here"}, "NoSuchBucket", 404),
    ]
    for service, method, arguments, *_unused in failing:
        with pytest.raises(ClientError):
            getattr(emulator.client(service), method)(**arguments)
    logged = [(call["error"], call["status"]) for call in emulator.calls()]
    assert logged == [case[-2:] for case in failing]


def test_region_comes_from_the_credential_scope(emulator: Any) -> None:
    emulator.client("ecs", region="sa-east-1").list_clusters()
    assert emulator.calls()[0]["region"] == "sa-east-1"


def test_filters_and_delete(emulator: Any) -> None:
    emulator.client("ecs").list_clusters()
    emulator.client("sns").create_topic(Name="t")
    assert names(emulator, kind="write") == [("sns", "CreateTopic", "write")]
    assert names(emulator, service="ecs") == [("ecs", "ListClusters", "read")]
    assert "not by" in emulator.control("GET", "calls?colour=red")["error"]
    emulator.control("DELETE", "calls")
    assert emulator.calls() == []


def test_control_requests_are_not_logged(emulator: Any) -> None:
    emulator.control("GET", "health")
    urllib.request.urlopen(f"{emulator.url}/moto-api/data.json", timeout=10).read()
    assert emulator.calls() == []


def test_a_dry_run_of_ec2_reads_and_does_nothing(emulator: Any) -> None:
    """EC2 answers DryRunOperation (412): https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html."""
    with pytest.raises(ClientError) as caught:
        emulator.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", DryRun=True)
    assert caught.value.response["Error"]["Code"] == "DryRunOperation"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert emulator.calls(kind="write") == []


def test_what_cannot_be_named_is_an_unknown_write(emulator: Any) -> None:
    credential = "Credential=testing/20260101/us-east-1/apigateway/aws4_request"
    scope = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"
    request = urllib.request.Request(
        f"{emulator.url}/v2/nowhere/at/all", headers={"Authorization": scope}, method="PUT"
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    assert caught.value.code == 501
    [call] = emulator.calls()
    assert (call["service"], call["operation"], call["kind"]) == ("apigatewayv2", "Unknown", "write")


def test_cbor_calls_are_named_and_refused_in_cbor(emulator: Any) -> None:
    """smithy-rpc-v2-cbor, which other SDKs speak to CloudWatch: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html."""
    emulator.control("PUT", "faults", {"rules": [{"service": "cloudwatch", "error": {"code": "Throttling"}}]})
    request = urllib.request.Request(
        f"{emulator.url}/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
        data=b"\xa0",
        headers={
            "Authorization": "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/monitoring/aws4_request, "
            "SignedHeaders=host, Signature=0",
            "Content-Type": "application/cbor",
            "smithy-protocol": "rpc-v2-cbor",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    assert caught.value.headers["smithy-protocol"] == "rpc-v2-cbor"
    assert b"__typejThrottling" in caught.value.read()
    assert names(emulator) == [("cloudwatch", "DescribeAlarms", "read")]


@pytest.mark.parametrize(
    ("service", "operation", "kind"),
    [
        ("ecr", "BatchGetImage", "read"),
        ("ecr", "BatchCheckLayerAvailability", "read"),
        ("ecr", "BatchDeleteImage", "write"),
        ("logs", "FilterLogEvents", "read"),
        ("logs", "StartQuery", "write"),
        ("dynamodb", "Query", "read"),
        ("dynamodb", "Scan", "read"),
        ("dynamodb", "TransactGetItems", "read"),
        ("dynamodb", "TransactWriteItems", "write"),
        ("elasticache", "TestFailover", "write"),
        ("route53", "TestDNSAnswer", "read"),
        ("iam", "SimulatePrincipalPolicy", "read"),
        ("iam", "GenerateCredentialReport", "write"),
        ("sqs", "ReceiveMessage", "write"),
        ("sts", "AssumeRole", "read"),
        ("cloudtrail", "LookupEvents", "read"),
        ("secretsmanager", "ValidateResourcePolicy", "read"),
        ("ecs", "ExecuteCommand", "write"),
        ("anything", "Unknown", "write"),
    ],
)
def test_kinds(service: str, operation: str, kind: str) -> None:
    assert kind_of(service, operation) == kind


def test_bodies_stay_readable_for_moto(emulator: Any) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    emulator.client("s3").create_bucket(Bucket="some-bucket")
    emulator.client("s3").put_object(Bucket="some-bucket", Key="k", Body=b"ab" * 500_000)
    body = emulator.client("s3").get_object(Bucket="some-bucket", Key="k")["Body"].read()
    assert (len(body), policy[0]) == (1_000_000, "{")

"""ACM and Route 53. Sources: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html and
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html."""

from __future__ import annotations

import time
from typing import Any

import pytest


@pytest.fixture
def acm(emulator: Any) -> Any:
    return emulator.client("acm")


@pytest.fixture
def zone(emulator: Any) -> tuple[Any, str]:
    route53 = emulator.client("route53")
    return route53, route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]


def change(zone: tuple[Any, str], action: str, name: str, kind: str, *values: str, ttl: int = 300) -> Any:
    records = [{"Value": value} for value in values]
    record = {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": records}
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    return zone[0].change_resource_record_sets(HostedZoneId=zone[1], ChangeBatch=batch)["ChangeInfo"]


def request(acm: Any, *names: str) -> str:
    return acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")[
        "CertificateArn"
    ]


def describe(acm: Any, arn: str) -> dict[str, Any]:
    return acm.describe_certificate(CertificateArn=arn)["Certificate"]


def validate(acm: Any, arn: str, zone: tuple[Any, str]) -> None:
    records = {
        (option["ResourceRecord"]["Name"], option["ResourceRecord"]["Value"])
        for option in describe(acm, arn)["DomainValidationOptions"]
    }
    for name, value in records:
        change(zone, "UPSERT", name, "CNAME", value)


def test_certificates_wait_for_their_records(acm: Any, zone: tuple[Any, str], refused: Any) -> None:
    arn = request(acm, "example.com", "*.example.com", "www.example.com")
    assert describe(acm, arn)["Status"] == "PENDING_VALIDATION"
    assert "IssuedAt" not in describe(acm, arn)
    with refused("RequestInProgressException"):
        acm.get_certificate(CertificateArn=arn)
    options = {
        option["DomainName"]: option["ResourceRecord"] for option in describe(acm, arn)["DomainValidationOptions"]
    }
    assert options["example.com"] == options["*.example.com"]
    record = options["example.com"]
    change(zone, "CREATE", record["Name"], "CNAME", record["Value"])
    assert describe(acm, arn)["Status"] == "PENDING_VALIDATION"
    validate(acm, arn, zone)
    assert describe(acm, arn)["Status"] == "ISSUED"
    assert {option["ValidationStatus"] for option in describe(acm, arn)["DomainValidationOptions"]} == {"SUCCESS"}
    assert acm.get_certificate(CertificateArn=arn)["Certificate"].startswith("-----BEGIN")


def test_issuing_takes_its_time(emulator: Any, acm: Any, zone: tuple[Any, str]) -> None:
    emulator.control("PUT", "provisioning", {"acm_certificate": 1.0})
    arn = request(acm, "example.com")
    assert "ResourceRecord" not in describe(acm, arn)["DomainValidationOptions"][0]
    time.sleep(0.2)
    validate(acm, arn, zone)
    assert describe(acm, arn)["Status"] == "PENDING_VALIDATION"
    time.sleep(1.1)
    assert describe(acm, arn)["Status"] == "ISSUED"


def test_records_in_private_zones_do_not_count(emulator: Any, acm: Any) -> None:
    vpc = emulator.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    route53 = emulator.client("route53")
    private = route53.create_hosted_zone(
        Name="example.com", CallerReference="2", HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCId": vpc, "VPCRegion": "us-east-1"},
    )["HostedZone"]["Id"]  # fmt: skip
    arn = request(acm, "example.com")
    validate(acm, arn, (route53, private))
    assert describe(acm, arn)["Status"] == "PENDING_VALIDATION"


def test_pending_certificates_are_listed_by_status(acm: Any) -> None:
    request(acm, "example.com")
    assert acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"] == []
    assert len(acm.list_certificates(CertificateStatuses=["PENDING_VALIDATION"])["CertificateSummaryList"]) == 1


def test_batches_are_checked_as_a_whole(zone: tuple[Any, str], refused: Any) -> None:
    route53, zone_id = zone
    records = [("a.example.com", "A", "10.0.0.1"), ("b.example.com", "A", "no address")]
    changes = [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 60,
                                                   "ResourceRecords": [{"Value": value}]}}
        for name, kind, value in records
    ]  # fmt: skip
    with refused("InvalidChangeBatch", "not a valid IPv4 address"):
        route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    kinds = [record["Type"] for record in route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]]
    assert kinds == ["NS", "SOA"]


def test_records_are_checked(zone: tuple[Any, str], refused: Any) -> None:
    change(zone, "CREATE", "www.example.com", "CNAME", "example.net")
    with refused("InvalidChangeBatch", "already exists"):
        change(zone, "CREATE", "www.example.com", "CNAME", "example.org")
    with refused("InvalidChangeBatch", "conflicting RRSet"):
        change(zone, "CREATE", "www.example.com", "A", "10.0.0.1")
    with refused("InvalidChangeBatch", "not permitted in zone"):
        change(zone, "CREATE", "www.example.net", "A", "10.0.0.1")
    with refused("InvalidChangeBatch", "at apex"):
        change(zone, "CREATE", "example.com", "CNAME", "example.net")
    with refused("InvalidChangeBatch", "quotation marks"):
        change(zone, "CREATE", "t.example.com", "TXT", "bare")
    with refused("InvalidChangeBatch", "not found"):
        change(zone, "DELETE", "none.example.com", "A", "10.0.0.1")
    with refused("InvalidChangeBatch", "do not match"):
        change(zone, "DELETE", "www.example.com", "CNAME", "example.net", ttl=60)
    with refused("HostedZoneNotEmpty"):
        zone[0].delete_hosted_zone(Id=zone[1])
    change(zone, "DELETE", "WWW.example.com.", "CNAME", "example.net")
    zone[0].delete_hosted_zone(Id=zone[1])


def test_changes_have_ids(zone: tuple[Any, str], refused: Any) -> None:
    made = change(zone, "UPSERT", "a.example.com", "A", "10.0.0.1")
    assert zone[0].get_change(Id=made["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    with refused("NoSuchChange"):
        zone[0].get_change(Id="C00000000")


def test_a_caller_reference_is_used_once(zone: tuple[Any, str], refused: Any) -> None:
    with refused("HostedZoneAlreadyExists"):
        zone[0].create_hosted_zone(Name="example.net", CallerReference="1")


def test_certificates_keep_their_key_algorithm(acm: Any) -> None:
    """API_RequestCertificate, KeyAlgorithm."""
    for given, expected in (({}, "RSA_2048"), ({"KeyAlgorithm": "EC_prime256v1"}, "EC_prime256v1")):
        arn = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS", **given)["CertificateArn"]
        assert describe(acm, arn)["KeyAlgorithm"] == expected
    found = acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"]
    assert [item["CertificateArn"] for item in found] == [arn]

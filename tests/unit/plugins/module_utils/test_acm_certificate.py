from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from ansible_collections.webstack.aws.plugins.module_utils import _acm_certificate as acm
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError

TAGS = {"webstack:stack": "shop", "webstack:environment": "test"}


def record(domain):
    return {"Name": f"_x.{domain}.", "Type": "CNAME", "Value": "_y.acm-validations.aws."}


def certificate(arn, status="ISSUED", names=(), key="RSA-2048", day=1):
    return {
        "CertificateArn": arn,
        "DomainName": "shop.example.com",
        "Status": status,
        "SubjectAlternativeNames": ["shop.example.com", *names],
        "KeyAlgorithm": key,
        "CreatedAt": datetime(2026, 1, day),
        "DomainValidationOptions": [{"ResourceRecord": record("shop.example.com")}],
    }


class FakeAws:
    region = "us-east-1"

    def __init__(self, certificates, tags=None):
        self.certificates = {item["CertificateArn"]: item for item in certificates}
        self.tags = tags or {}

    def read(self, service, operation, path="", CertificateArn="", **arguments):  # noqa: N803 - the name is boto3's
        if operation == "list_certificates":
            return list(self.certificates.values())
        if operation == "list_tags_for_certificate":
            return self.tags.get(CertificateArn, [{"Key": key, "Value": value} for key, value in TAGS.items()])
        return dict(self.certificates[CertificateArn])


def found(aws, **options):
    kind = acm.AcmCertificate(aws)
    kind.options = {"tags": TAGS, "subject_alternative_names": None, "key_algorithm": None, **options}
    return kind.read(["shop.example.com"]).get("shop.example.com", {}).get("CertificateArn")


def test_issued_one_comes_before_a_newer_pending_one():
    assert found(FakeAws([certificate("a"), certificate("b", "PENDING_VALIDATION", day=2)])) == "a"


def test_newest_of_two_is_taken():
    assert found(FakeAws([certificate("a"), certificate("b", day=2)])) == "b"


def test_certificate_of_another_owner_is_not_seen():
    assert found(FakeAws([certificate("a")], {"a": [{"Key": "webstack:stack", "Value": "other"}]})) is None


def test_certificate_that_failed_in_the_meantime_is_not_seen():
    assert found(FakeAws([certificate("a", "FAILED")])) is None


def test_imported_certificate_is_not_seen():
    assert found(FakeAws([{**certificate("a"), "Type": "IMPORTED"}])) is None


def test_other_names_or_another_key_are_another_certificate():
    aws = FakeAws([certificate("a", names=["www.shop.example.com"])])
    assert found(aws) == "a"
    assert found(aws, subject_alternative_names=["WWW.shop.example.com", "shop.example.com"]) == "a"
    assert found(aws, subject_alternative_names=[]) is None
    assert found(aws, key_algorithm="RSA_2048") == "a"
    assert found(aws, key_algorithm="EC_prime256v1") is None


def test_pending_one_is_asked_until_its_records_are_known(monkeypatch):
    waiting = {**certificate("a", "PENDING_VALIDATION"), "DomainValidationOptions": [{}]}
    aws = FakeAws([waiting])

    def wait(_aws, kind, arn, seconds):
        assert (kind, arn) == ("acm_validation_records", "a")
        aws.certificates["a"] = certificate("a", "PENDING_VALIDATION")

    monkeypatch.setattr(acm, "wait_ready", wait)
    kind = acm.AcmCertificate(aws)
    live = kind.read(["shop.example.com"])["shop.example.com"]
    assert kind.result("shop.example.com", live)["validation_records"] == [
        {"name": "_x.shop.example.com.", "type": "CNAME", "values": ["_y.acm-validations.aws."]}
    ]


def test_domain_and_its_wildcard_share_one_record():
    options = [
        {"ResourceRecord": record("a.com")},
        {"ResourceRecord": record("a.com")},
        {"ResourceRecord": record("b.com")},
        {},
    ]
    assert [item["name"] for item in acm.validation_records(options)] == ["_x.a.com.", "_x.b.com."]


def test_certificate_in_use_is_not_removed():
    with pytest.raises(WebstackError, match="in use by arn:alb"):
        acm.AcmCertificate(FakeAws([])).refuse("shop.example.com", {"InUseBy": ["arn:alb"]}, None)


def test_planned_certificate_names_a_record_for_each_domain():
    kind = acm.AcmCertificate(SimpleNamespace(region="us-east-1"))
    planned = kind.placeholder("a.com", {"subject_alternative_names": ["*.a.com", "b.com"]})
    assert [item["name"].partition(".")[2] for item in planned["validation_records"]] == ["a.com.", "b.com."]
    assert ":000000000000:certificate/" in planned["certificate_arn"]

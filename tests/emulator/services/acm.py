"""ACM: a certificate is issued once its validation records exist in Route 53.

https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html. Records count in any public hosted zone of the
account, and from the moment that all of them are there ``acm_certificate`` seconds pass. As on AWS the records to make
are not known in the very answer to the request: they appear after a tenth of that time.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.acm.responses import AWSCertificateManagerResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, named, wrap
from tests.emulator.state import STATE

_KIND = "acm_certificate"


def install() -> None:
    """Extend moto."""
    _request()
    _status()
    _in_use()
    add_operation(AWSCertificateManagerResponse, "UpdateCertificateOptions", _update_options)


def _request() -> None:
    @wrap(AWSCertificateManagerResponse, "request_certificate")
    def request(original: Any, self: Any) -> Any:
        self.acm_backend._validation_method = self._get_param("ValidationMethod") or "EMAIL"
        self.acm_backend._key_algorithm = self._get_param("KeyAlgorithm") or "RSA_2048"
        return original(self)

    @wrap(AWSCertificateManagerBackend, "request_certificate")
    def make(original: Any, self: Any, *args: Any, **kwargs: Any) -> str:
        arn = original(self, **named(original, self, args, kwargs))
        certificate = self._certificates[arn]
        if not hasattr(certificate, "_requested_at"):
            certificate._requested_at = time.time()
            certificate._validated_at = None
            certificate._account, certificate._region = self.account_id, self.region_name
            certificate._method = self._validation_method
            certificate._key_algorithm = self._key_algorithm
        return arn


def _domain(name: str) -> str:
    """A wildcard is validated by the record of the domain itself."""
    return name.removeprefix("*.")


def validation_record(certificate: Any, name: str) -> dict[str, str]:
    """The CNAME that proves control of a domain: the same for every certificate of an account and region."""
    seed = f"{certificate._account}/{certificate._region}/{_domain(name)}".encode()
    label, value = hashlib.md5(seed).hexdigest(), hashlib.md5(seed[::-1]).hexdigest()
    return {
        "Name": f"_{label}.{_domain(name)}.",
        "Type": "CNAME",
        "Value": f"_{value}.{label[:10]}.acm-validations.aws.",
    }


def _names(certificate: Any) -> list[str]:
    others = sorted(name for name in certificate.sans if name != certificate.common_name)
    return [certificate.common_name, *others]


def _has_record(certificate: Any, name: str) -> bool:
    """Whether a public zone of the account has the record."""
    from moto.route53.models import route53_backends

    wanted = validation_record(certificate, name)
    for backend in route53_backends[certificate._account].values():
        for zone in backend.zones.values():
            if zone.private_zone:
                continue
            for record in zone.rrsets:
                values = {str(value).rstrip(".") for value in record.records or []}
                if record.type == "CNAME" and record.name.rstrip(".") == wanted["Name"].rstrip("."):
                    return wanted["Value"].rstrip(".") in values
    return False


def look_for_records(account: str) -> None:
    """Note for all certificates of an account whether their records are there by now."""
    from moto.acm.models import acm_backends

    for backend in acm_backends[account].values():
        for certificate in backend._certificates.values():
            certificate.check()


def _status() -> None:
    @wrap(CertBundle, "check")
    def check(original: Any, self: Any) -> None:
        if not hasattr(self, "_requested_at"):
            original(self)  # imported: all that can happen to it is that it expires
        elif self.status == "PENDING_VALIDATION":
            by_dns = self._validated_at is None and self._method == "DNS"
            if by_dns and all(_has_record(self, name) for name in _names(self)):
                self._validated_at = time.time()
            if self._validated_at is not None and STATE.is_ready(_KIND, self._validated_at):
                self.status = "ISSUED"

    @wrap(CertBundle, "describe")
    def describe(original: Any, self: Any) -> dict[str, Any]:
        answer = original(self)
        if not hasattr(self, "_requested_at"):
            return answer
        content = answer["Certificate"]
        content["InUseBy"] = _users(self)
        content["KeyAlgorithm"] = self._key_algorithm
        content["SubjectAlternativeNames"] = _names(self)
        content["DomainValidationOptions"] = [self_option(self, name) for name in _names(self)]
        if self.status == "ISSUED":
            content["IssuedAt"] = self._validated_at
            content["RenewalEligibility"] = "ELIGIBLE" if content["InUseBy"] else "INELIGIBLE"
        else:
            for name in ("IssuedAt", "NotBefore", "NotAfter", "Serial", "Issuer"):
                content.pop(name, None)
        return answer

    def self_option(certificate: Any, name: str) -> dict[str, Any]:
        done = certificate.status == "ISSUED" or (certificate._method == "DNS" and _has_record(certificate, name))
        option: dict[str, Any] = {
            "DomainName": name,
            "ValidationDomain": name,
            "ValidationStatus": "SUCCESS" if done and certificate.status == "ISSUED" else "PENDING_VALIDATION",
            "ValidationMethod": certificate._method,
        }
        if certificate._method == "EMAIL":
            option["ValidationEmails"] = [f"admin@{_domain(name)}", f"postmaster@{_domain(name)}"]
        elif time.time() - certificate._requested_at >= STATE.seconds(_KIND) / 10:
            option["ResourceRecord"] = validation_record(certificate, name)
        return option

    @wrap(AWSCertificateManagerResponse, "get_certificate")
    def get_certificate(original: Any, self: Any) -> Any:
        certificate = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
        if certificate.status == "PENDING_VALIDATION":
            message = f"The certificate request is in progress: {certificate.arn}"
            raise AwsError("RequestInProgressException", message)
        return original(self)


def _users(certificate: Any) -> list[str]:
    """The load balancers and domain names that serve a certificate."""
    from moto.apigatewayv2.models import apigatewayv2_backends
    from moto.elbv2.models import elbv2_backends

    account, region = certificate.arn.split(":")[4], certificate.arn.split(":")[3]
    users = []
    for balancer in elbv2_backends[account][region].load_balancers.values():
        for listener in balancer.listeners.values():
            served = [*(listener.certificates or []), listener.certificate]
            if certificate.arn in [item if isinstance(item, str) else getattr(item, "arn", item) for item in served]:
                users.append(balancer.arn)
    for domain in apigatewayv2_backends[account][region].domain_names.values():
        if any(item.get("certificateArn") == certificate.arn for item in domain.domain_name_configurations or []):
            users.append(f"arn:aws:apigateway:{region}::/domainnames/{domain.domain_name}")
    return sorted(set(users))


def _in_use() -> None:
    @wrap(AWSCertificateManagerBackend, "delete_certificate")
    def delete(original: Any, self: Any, arn: str) -> None:
        certificate = self.get_certificate(arn)
        if _users(certificate):
            raise AwsError("ResourceInUseException", f"Certificate {arn} in account {self.account_id} is in use.")
        original(self, arn)


def _update_options(response: Any, given: dict[str, Any]) -> None:
    certificate = response.acm_backend.get_certificate(given["CertificateArn"])
    certificate.cert_options = certificate.cert_options | given.get("Options", {})

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that ACM issues and validates through DNS."""

from __future__ import annotations

import typing as t
import uuid

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import (
    foreign_owner,
    tag_changes,
    tags_argument,
    tags_to_dict,
    tags_to_list,
)
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_ready

#: Without these ListCertificates shows no keys but RSA with up to 2048 bits (ACM API, ListCertificates, Includes).
KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]

#: A certificate in another state (failed, timed out, expired, revoked) never gets well: it counts as absent.
ALIVE = ["PENDING_VALIDATION", "ISSUED"]

#: ACM's validation records appear some seconds after the request.
RECORDS_SECONDS = 120


class AcmCertificate(Kind):
    """A certificate, found by its domain name, its other names where they are given, and the owner's tags."""

    noun = "acm_certificate"

    def read(self, names: list[str]) -> dict[str, Fields]:
        summaries = self.aws.read(
            "acm",
            "list_certificates",
            "CertificateSummaryList",
            CertificateStatuses=ALIVE,
            Includes={"keyTypes": KEY_TYPES},
        )
        return {name: live for name in names if (live := self._find(name, summaries))}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "subject_alternative_names": _other_names(name, live.get("SubjectAlternativeNames", [])),
            "key_algorithm": live["KeyAlgorithm"].replace("-", "_"),
            "tags": live["Tags"],
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if wanted.get("subject_alternative_names") is None:
            return wanted
        return {**wanted, "subject_alternative_names": _other_names(name, wanted["subject_alternative_names"])}

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "create":
            return ["a new certificate: ACM issues it once its records are in the DNS"]
        return []

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None and live and live.get("InUseBy"):
            raise WebstackError(
                f"acm_certificate {name} is in use by {', '.join(live['InUseBy'])}",
                "remove it there first; ACM may take some minutes to see that",
            )

    def create(self, name: str, wanted: Fields) -> None:
        names = wanted.get("subject_alternative_names", [])
        self.aws.write(
            "acm",
            "request_certificate",
            DomainName=name,
            ValidationMethod="DNS",
            # New for each call, the same when botocore repeats it: ACM answers an hour long with the certificate that
            # a token made, and it may be deleted by then.
            IdempotencyToken=uuid.uuid4().hex,
            KeyAlgorithm=wanted.get("key_algorithm", "RSA_2048"),
            **tags_argument(wanted.get("tags")),
            **({"SubjectAlternativeNames": names} if names else {}),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        # Nothing but tags can differ: with another key or other names it is another certificate.
        to_set, to_remove = tag_changes(live["Tags"], wanted["tags"])
        arn = live["CertificateArn"]
        if to_set:
            self.aws.write("acm", "add_tags_to_certificate", CertificateArn=arn, Tags=tags_to_list(to_set))
        if to_remove:
            tags = [{"Key": key} for key in to_remove]
            self.aws.write("acm", "remove_tags_from_certificate", CertificateArn=arn, Tags=tags)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(
            "acm", "delete_certificate", missing=("ResourceNotFoundException",), CertificateArn=live["CertificateArn"]
        )

    def result(self, name: str, live: Fields) -> Fields:
        return {
            "certificate_arn": live["CertificateArn"],
            "domain_name": name,
            "status": live["Status"],
            **self.normalize(name, live),
            "validation_records": validation_records(live.get("DomainValidationOptions", [])),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        token = "0" * 32
        domains = dict.fromkeys(_bare(domain) for domain in [name, *wanted.get("subject_alternative_names", [])])
        return {
            "subject_alternative_names": [],
            "tags": {},
            **wanted,
            "certificate_arn": placeholder_arn("acm", self.aws.region, f"certificate/{uuid.UUID(int=0)}"),
            "domain_name": name,
            "status": "PENDING_VALIDATION",
            "validation_records": [
                {"name": f"_{token}.{domain}.", "type": "CNAME", "values": [f"_{token}.acm-validations.aws."]}
                for domain in domains
            ],
        }

    def _find(self, name: str, summaries: list[Fields]) -> Fields | None:
        """The certificate that is meant; an issued one before a pending one, then the newest."""
        found = []
        for summary in summaries:
            if summary["DomainName"] != name.lower() or summary.get("Type", "AMAZON_ISSUED") != "AMAZON_ISSUED":
                continue
            arn = summary["CertificateArn"]
            tags = tags_to_dict(self.aws.read("acm", "list_tags_for_certificate", "Tags", CertificateArn=arn))
            if foreign_owner(tags, self.options.get("tags")):
                continue
            live = self.aws.read("acm", "describe_certificate", "Certificate", CertificateArn=arn)
            live["Tags"] = tags
            if live["Status"] in ALIVE and is_meant(
                self.normalize(name, live), self.normalize_wanted(name, self.options)
            ):
                found.append(live)
        if not found:
            return None
        live = max(found, key=lambda certificate: (certificate["Status"] == "ISSUED", certificate["CreatedAt"]))
        if live["Status"] == "PENDING_VALIDATION" and not _knows_records(live):
            wait_ready(self.aws, "acm_validation_records", live["CertificateArn"], RECORDS_SECONDS)
            fresh = self.aws.read("acm", "describe_certificate", "Certificate", CertificateArn=live["CertificateArn"])
            live = {**fresh, "Tags": live["Tags"]}
        return live


def is_meant(live: Fields, options: Fields) -> bool:
    """Whether a certificate has the names and the key that the module's options ask for, as far as they do."""
    return all(
        options.get(option) is None or options[option] == live[option]
        for option in ("subject_alternative_names", "key_algorithm")
    )


def validation_records(options: t.Sequence[Fields]) -> list[Fields]:
    """The DNS records that prove the domains, as ``route53_records`` takes them; one for a domain and its wildcard."""
    records = [option["ResourceRecord"] for option in options if option.get("ResourceRecord")]
    return list(
        {
            record["Name"]: {"name": record["Name"], "type": record["Type"], "values": [record["Value"]]}
            for record in records
        }.values()
    )


def _knows_records(live: Fields) -> bool:
    options = live.get("DomainValidationOptions", [])
    return bool(options) and all(option.get("ResourceRecord") for option in options)


def _other_names(name: str, names: t.Iterable[str]) -> list[str]:
    return sorted({other.lower() for other in names if other} - {name.lower()})


def _bare(domain: str) -> str:
    return domain.removeprefix("*.")

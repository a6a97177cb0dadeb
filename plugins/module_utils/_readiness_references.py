# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what a stack names by its ARN and does not make is there: a certificate, secrets."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._readiness import Fault, Fields, Findings

CERTIFICATE = "dns_certificate_arn"


def check_certificate(aws: Aws, wanted: Fields, _arn: str, findings: Findings) -> None:
    """The certificate is issued and is for the names of the stack."""
    arn = wanted["certificate"]["arn"]
    with findings.asking(aws, f"certificate {arn}"):
        missing = ("ResourceNotFoundException",)
        found = aws.read("acm", "describe_certificate", "Certificate", missing=missing, CertificateArn=arn)
        findings.faults += certificate_faults(arn, found, wanted["certificate"]["names"])


def certificate_faults(arn: str, found: Fields | None, names: t.Iterable[str]) -> list[Fault]:
    """What is wrong with a certificate that is given. Pure."""
    if found is None:
        return [Fault(CERTIFICATE, f"there is no certificate {arn} in this account", "the ARN of one that there is")]
    faults = []
    if found["Status"] != "ISSUED":
        faults.append(
            Fault(
                CERTIFICATE, f"it is {found['Status']}, and only one that is ISSUED can serve", "one that is, or null"
            )
        )
    known = [found["DomainName"], *found.get("SubjectAlternativeNames", [])]
    bare = sorted({name for name in names if not any(covers(one, name) for one in known)})
    if bare:
        faults.append(
            Fault(
                CERTIFICATE,
                f"it is for {', '.join(dict.fromkeys(known))}, and not for {', '.join(bare)}",
                "a certificate with these names, or null, with which one is requested",
            )
        )
    return faults


def covers(known: str, name: str) -> bool:
    """Whether a name on a certificate is good for ``name``; an asterisk stands for one label. Pure."""
    known, name = bare_name(known), bare_name(name)
    return known == name or (known.startswith("*.") and known[2:] == name.partition(".")[2])


def bare_name(name: str) -> str:
    """A domain name without case and without the dot at its end. Pure."""
    return name.lower().removesuffix(".")


def check_secrets(aws: Aws, wanted: Fields, _arn: str, findings: Findings) -> None:
    """Secrets that are somebody else's are there. What is in them is not read."""
    for item in wanted["secrets"]:
        with findings.asking(aws, f"secret {item['secret_id']}"):
            region = secret_region(item["secret_id"])
            if region not in ("", aws.region):
                findings.unchecked.append(f"{aws.subject}: it is in {region}, which is not asked")
                continue
            missing = ("ResourceNotFoundException",)
            found = aws.read("secretsmanager", "describe_secret", missing=missing, SecretId=item["secret_id"])
            fault = secret_fault(item["variable"], item["secret_id"], found)
            if fault:
                findings.faults.append(fault)
            elif found.get("KmsKeyId"):
                key = found["KmsKeyId"]
                findings.unchecked.append(f"{aws.subject}: whether those who read it may decrypt with {key}")


def secret_region(secret_id: str) -> str:
    """The region that an ARN names; none for a name. Pure."""
    return secret_id.split(":")[3] if secret_id.startswith("arn:") else ""


def secret_fault(variable: str, secret_id: str, found: Fields | None) -> Fault | None:
    """What is wrong with a secret that is somebody else's. Pure."""
    if found is None:
        return Fault(variable, f"there is no secret {secret_id}", "one that there is, or that one made first")
    if found.get("DeletedDate"):
        return Fault(variable, f"the secret {secret_id} is going to be deleted", "that one restored, or another one")
    return None

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's names: domain names, the zone, the certificate and what is to be on it."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._readiness_references import bare_name, covers
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault

Values = t.Mapping[str, t.Any]

#: Letters, digits and hyphens, none at either end of a label. RFC 1035, 2.3.4; underscores are for records of services.
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LONGEST_DOMAIN = 253

#: AWS Certificate Manager User Guide, "Request a public certificate": the first name is the certificate's common name.
LONGEST_COMMON_NAME = 64

CERTIFICATE_ARN = re.compile(r"arn:aws[a-z-]*:acm:(?P<region>[a-z0-9-]+):\d{12}:certificate/[0-9a-f-]+")


def domain_names(values: Values) -> t.Iterator[Fault]:
    """Names are names that DNS and AWS take."""
    for variable in ("dns_domain_name", "dns_zone_name", "api_gateway_domain_name"):
        yield from _name_faults(variable, values.get(variable), wildcard=variable == "dns_domain_name")
    for variable in ("dns_alternative_names", "dns_records"):
        for name in values.get(variable) or []:
            yield from _name_faults(variable, name, wildcard=True)
    name = values.get("dns_domain_name") or ""
    if requests_certificate(values) and len(name) > LONGEST_COMMON_NAME:
        yield Fault(
            "dns_domain_name",
            f"{name} has {len(name)} characters, and the first name of a certificate has at most {LONGEST_COMMON_NAME}",
            "a shorter name here, and this one in dns_alternative_names",
        )


def zone(values: Values) -> t.Iterator[Fault]:
    """Records lie in a zone."""
    name, records = values.get("dns_zone_name"), values.get("dns_records") or []
    if name is None:
        if values.get("dns_create_zone"):
            yield Fault("dns_create_zone", "it is true, and no zone is named", "its name in dns_zone_name")
        if records:
            yield Fault(
                "dns_records",
                f"there is no zone for {', '.join(records)}",
                "the Route 53 zone in dns_zone_name; without one records are entered elsewhere, and dns_records is []",
            )
        return
    for record in records:
        if _known(record) and _known(name) and not _is_inside(record, name):
            yield Fault("dns_records", f"{record} is not in the zone {name}", f"names that end in {bare_name(name)}")


def certificate(values: Values) -> t.Iterator[Fault]:
    """A certificate is of the stack's region, and whatever answers over TLS is on it."""
    arn, region = values.get("dns_certificate_arn"), values["webstack_region"]
    if arn and _known(arn):
        found = CERTIFICATE_ARN.fullmatch(arn)
        if not found:
            yield Fault(
                "dns_certificate_arn",
                f"{arn!r} is no ARN of a certificate",
                f"arn:aws:acm:{region}:<account>:certificate/<id>",
            )
        elif found["region"] != region:
            yield Fault(
                "dns_certificate_arn",
                f"it is one of {found['region']}, and load balancers and regional APIs take those of their own region",
                f"one of {region}; or null, with which one is requested there",
            )
    if values.get("dns_request_certificate") and values.get("dns_domain_name") is None:
        yield Fault("dns_request_certificate", "it is true, and there is no domain", "the domain in dns_domain_name")
    if not requests_certificate(values) or arn:
        # what is requested beside a given one is not in use
        return
    names = [values["dns_domain_name"], *(values.get("dns_alternative_names") or [])]
    answering = [("dns_records", record) for record in values.get("dns_records") or []]
    if values.get("api_gateway_domain_name"):
        answering.append(("api_gateway_domain_name", values["api_gateway_domain_name"]))
    for variable, name in answering:
        if all(map(_known, [name, *names])) and not any(covers(known, name) for known in names):
            yield Fault(
                variable,
                f"{name} is not on the certificate, which is for {', '.join(names)}",
                f"{name} in dns_alternative_names",
            )


def ipv6(values: Values) -> t.Iterator[Fault]:
    """Who gives out AAAA records serves IPv6."""
    if not values.get("dns_ipv6") or not values.get("dns_records"):
        return
    by_api = values.get("api_gateway_routes") is not None
    variable = "api_gateway_ip_address_type" if by_api else "load_balancer_ip_address_type"
    if values.get(variable) == "ipv4":
        yield Fault(variable, "it is ipv4, and with dns_ipv6 the names get AAAA records", f"{variable}: dualstack")


def requests_certificate(values: Values) -> bool:
    """Whether a certificate is requested, and for a name that is known."""
    wanted = values.get("dns_request_certificate")
    if wanted is None:
        wanted = values.get("dns_certificate_arn") is None
    return bool(wanted and values.get("dns_domain_name") and _known(values["dns_domain_name"]))


def _name_faults(variable: str, name: str | None, wildcard: bool) -> t.Iterator[Fault]:
    if name is None or not _known(name):
        return
    bare = bare_name(name)
    labels = (bare.removeprefix("*.") if wildcard else bare).split(".")
    if len(bare) > LONGEST_DOMAIN or len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        yield Fault(
            variable,
            f"{name!r} is no domain name",
            "labels of letters, digits and hyphens, parted by dots"
            + (", if wanted with *. before them" if wildcard else ""),
        )


def _is_inside(name: str, domain: str) -> bool:
    return bare_name(name) == bare_name(domain) or bare_name(name).endswith(f".{bare_name(domain)}")


def _known(value: str) -> bool:
    """Whether a value is no template that is filled only later."""
    return "{{" not in value


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (domain_names, zone, certificate, ipv6)

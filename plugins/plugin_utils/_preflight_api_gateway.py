# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules for a stack's API: its routes, stage, limits and log, and what stands behind it."""

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault

Values = t.Mapping[str, t.Any]

#: Amazon API Gateway Developer Guide, "Create routes for HTTP APIs": a method and a path, of which a variable is a
#: whole segment and a greedy one the last.
ROUTE = re.compile(
    r"\$default|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) /"
    r"(?:(?:[^\s/{}]+|\{[\w.-]+\})(?:/(?:[^\s/{}]+|\{[\w.-]+\}))*(?:/(?:\{[\w.-]+\+\})?)?|\{[\w.-]+\+\})?"
)
#: The same guide, "Quotas for configuring and running an HTTP API".
MOST_ROUTES = 300
TIMEOUT = (50, 30000)

#: Amazon API Gateway V2 API, CreateStage, StageName, and CreateApi, CreateVpcLink, Name.
STAGE = re.compile(r"\$default|[A-Za-z0-9_-]{1,128}")
LONGEST_NAME = 128

#: The same, AccessLogSettings, Format.
LONGEST_FORMAT = 1024
REQUEST_ID = re.compile(r"\$context\.(requestId|extendedRequestId)\b")


def routes(values: Values) -> t.Iterator[Fault]:
    keys = values.get("api_gateway_routes")
    if keys is None:
        return
    if not 1 <= len(keys) <= MOST_ROUTES:
        yield Fault(
            "api_gateway_routes",
            f"it names {len(keys)} routes",
            f'1 to {MOST_ROUTES}, such as [ANY /, "ANY /{{proxy+}}"]',
        )
    for key in keys:
        if not ROUTE.fullmatch(key):
            yield Fault(
                "api_gateway_routes",
                f"{key!r} is no route",
                "ANY or a method in capitals, a space and a path such as /pets/{id} or /{proxy+}; or $default",
            )
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault("api_gateway_routes", f"{key} is named twice", "each route once")


def behind(values: Values) -> t.Iterator[Fault]:
    """An API passes on to an internal load balancer, over a VPC link into private subnets."""
    if values.get("api_gateway_routes") is None:
        return
    if not values.get("load_balancer_internal"):
        yield Fault(
            "load_balancer_internal",
            "the stack has an API, and its load balancer would be public beside it",
            "load_balancer_internal: true",
        )
    services = values.get("webstack_services") or {}
    if not any(service.get("load_balancer") is not None for service in services.values()):
        yield Fault(
            "api_gateway_routes",
            "no service is behind a load balancer, so the API has nothing to pass requests on to",
            "load_balancer in one of webstack_services",
        )
    if values.get("network_private_subnets") == []:
        yield Fault(
            "network_private_subnets",
            "the API's VPC link stands in private subnets, and there are none",
            "ranges of them, or null to have them carved",
        )


def stage(values: Values) -> t.Iterator[Fault]:
    if values.get("api_gateway_routes") is None:
        return
    name = values.get("api_gateway_stage_name")
    if name is not None and not STAGE.fullmatch(name):
        yield Fault(
            "api_gateway_stage_name",
            f"{name!r} is no name of a stage",
            "$default, or at most 128 letters, digits, hyphens and underscores",
        )
    for variable in ("api_gateway_name", "api_gateway_vpc_link_name"):
        given = values.get(variable)
        if given and len(given) > LONGEST_NAME:
            yield Fault(variable, f"it has {len(given)} characters", f"at most {LONGEST_NAME}")
    least, most = TIMEOUT
    timeout = values.get("api_gateway_timeout_in_millis", most)
    if not least <= timeout <= most:
        yield Fault(
            "api_gateway_timeout_in_millis", f"API Gateway waits {least} to {most} ms, not {timeout}", f"{most}"
        )


def limits(values: Values) -> t.Iterator[Fault]:
    """Both limits are set or none, and let something through."""
    if values.get("api_gateway_routes") is None:
        return
    names = ("api_gateway_throttling_burst_limit", "api_gateway_throttling_rate_limit")
    given = [name for name in names if values.get(name) is not None]
    for name in given:
        if values[name] <= 0:
            yield Fault(name, f"with {values[name]} every request is refused", "a number above 0, or null")
    if len(given) == 1:
        (other,) = set(names) - set(given)
        yield Fault(other, f"it is not set, and {given[0]} is", "both, or none for the account's limits")


def log(values: Values) -> t.Iterator[Fault]:
    form = values.get("api_gateway_log_format")
    if values.get("api_gateway_routes") is None or form is None:
        return
    text = json.dumps(form)
    if len(text) > LONGEST_FORMAT:
        yield Fault(
            "api_gateway_log_format",
            f"as JSON it has {len(text)} characters",
            f"at most {LONGEST_FORMAT}: fewer fields",
        )
    if not REQUEST_ID.search(text):
        yield Fault("api_gateway_log_format", "it lacks $context.requestId", "requestId: $context.requestId in it")


def domain(values: Values) -> t.Iterator[Fault]:
    """A domain has a certificate, and names lead to the API only at its domain."""
    if values.get("api_gateway_routes") is None:
        return
    name, records = values.get("api_gateway_domain_name"), values.get("dns_records") or []
    if name is None:
        if values.get("api_gateway_disable_execute_api_endpoint"):
            yield Fault(
                "api_gateway_disable_execute_api_endpoint",
                "it is true, and without a domain the API would answer nowhere",
                "the domain in api_gateway_domain_name",
            )
        if records:
            yield Fault(
                "dns_records",
                f"{', '.join(records)} would lead to the API, which has no domain",
                "the domain in api_gateway_domain_name",
            )
        return
    if values.get("dns_certificate_arn") is None and (
        values.get("dns_domain_name") is None or values.get("dns_request_certificate") is False
    ):
        yield Fault(
            "api_gateway_domain_name",
            "it needs a certificate, and none is given or requested",
            f"dns_domain_name: {name}, with which one is requested; or dns_certificate_arn",
        )
    for record in records:
        if "{{" not in record and record.lower().rstrip(".") != name.lower().rstrip("."):
            yield Fault(
                "dns_records",
                f"{record} would lead to the API, which answers at {name} only",
                f"dns_records: [{name}]",
            )


RULES: tuple[t.Callable[[Values], t.Iterator[Fault]], ...] = (routes, behind, stage, limits, log, domain)

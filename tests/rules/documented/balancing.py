"""Application load balancers: themselves, target groups, listeners and their rules."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_NAME = r"(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?"
_LISTENERS = ("elbv2:CreateListener", "elbv2:ModifyListener")
_ACTIONS = (*_LISTENERS, "elbv2:CreateRule", "elbv2:ModifyRule")
_FINAL = ("forward", "redirect", "fixed-response")

#: The numbers that attributes take: of load balancers, and of target groups.
_LOAD_BALANCER_NUMBERS = {"idle_timeout.timeout_seconds": (1, 4000), "client_keep_alive.seconds": (60, 604800)}
_TARGET_GROUP_NUMBERS = {
    "deregistration_delay.timeout_seconds": (0, 3600),
    "stickiness.lb_cookie.duration_seconds": (1, 604800),
    "stickiness.app_cookie.duration_seconds": (1, 604800),
}


@rule("elbv2:CreateLoadBalancer", source=api("elbv2", "CreateLoadBalancer"))
def names_of_load_balancers(request: Request, _world: World) -> Iterator[str]:
    """A load balancer's name has at most 32 letters, digits and hyphens, no hyphen first or last, and does not begin
    with internal-."""
    yield from text_problem("Name", request.get("Name"), _NAME, 32)


@rule("elbv2:CreateLoadBalancer", "elbv2:SetSubnets", source=api("elbv2", "CreateLoadBalancer"))
def zones_of_load_balancers(request: Request, world: World) -> Iterator[str]:
    """An Application Load Balancer has subnets in at least two zones, one in each."""
    subnets = request.get("Subnets", [])
    zones = world.zones(subnets)
    if len(subnets) < 2 or len(set(zones)) < len(zones):
        yield f"{len(subnets)} subnets are in {', '.join(zones) or 'unknown zones'}"


@rule(
    "elbv2:CreateLoadBalancer",
    "elbv2:SetSubnets",
    source=page("elasticloadbalancing/latest/application/application-load-balancers.html"),
)
def subnets_of_load_balancers(request: Request, world: World) -> Iterator[str]:
    """The subnets of a load balancer are /27 at least."""
    subnets = world.subnets()
    for identifier in request.get("Subnets", []):
        cidr = subnets.get(identifier, {}).get("CidrBlock")
        if cidr and ipaddress.ip_network(cidr).prefixlen > 27:
            yield f"{identifier} is {cidr}"


@rule("elbv2:CreateLoadBalancer", source=api("elbv2", "CreateLoadBalancer"))
def public_load_balancers(request: Request, world: World) -> Iterator[str]:
    """An internet-facing load balancer needs an internet gateway that is attached to its VPC."""
    vpc_id = world.vpc_of(request.get("Subnets", []))
    if request.get("Scheme", "internet-facing") == "internet-facing" and vpc_id and not world.has_internet(vpc_id):
        yield f"{vpc_id} has none"


def _attribute_problems(request: Request, numbers: dict[str, tuple[int, int]]) -> Iterator[str]:
    for attribute in request.get("Attributes", []):
        key, value = attribute["Key"], attribute.get("Value", "")
        if key in numbers:
            if not value.isdigit():
                yield f"{key} is {value!r}"
            else:
                yield from range_problem(key, int(value), *numbers[key])
        if key.endswith((".enabled", ".preserve_host_header")) and value not in ("true", "false"):
            yield f"{key} is {value!r}"


@rule("elbv2:ModifyLoadBalancerAttributes", source=api("elbv2", "LoadBalancerAttribute"))
def attributes_of_load_balancers(request: Request, _world: World) -> Iterator[str]:
    """Switches are true or false; the idle timeout is 1 to 4000 s, the client's keep-alive 60 to 604800 s."""
    yield from _attribute_problems(request, _LOAD_BALANCER_NUMBERS)


@rule("elbv2:ModifyLoadBalancerAttributes", source=api("elbv2", "LoadBalancerAttribute"))
def logs_of_load_balancers(request: Request, _world: World) -> Iterator[str]:
    """Access logs that are switched on need the name of a bucket."""
    attributes = {attribute["Key"]: attribute.get("Value", "") for attribute in request.get("Attributes", [])}
    for kind in ("access_logs", "connection_logs"):
        if attributes.get(f"{kind}.s3.enabled") == "true" and not attributes.get(f"{kind}.s3.bucket"):
            yield f"{kind}.s3.bucket is missing"


@rule("elbv2:CreateTargetGroup", source=api("elbv2", "CreateTargetGroup"))
def names_of_target_groups(request: Request, _world: World) -> Iterator[str]:
    """A target group's name has at most 32 letters, digits and hyphens, no hyphen first or last."""
    yield from text_problem("Name", request.get("Name"), r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?", 32)


@rule("elbv2:CreateTargetGroup", source=api("elbv2", "CreateTargetGroup"))
def ways_to_targets(request: Request, _world: World) -> Iterator[str]:
    """A target group has a protocol, a port and a VPC, unless its targets are functions."""
    if request.get("TargetType", "instance") != "lambda":
        for name in ("Protocol", "Port", "VpcId"):
            if request.get(name) is None:
                yield f"{name} is missing"


@rule("elbv2:CreateTargetGroup", "elbv2:ModifyTargetGroup", source=api("elbv2", "CreateTargetGroup"))
def health_checks_of_targets(request: Request, _world: World) -> Iterator[str]:
    """Health checks come every 5 to 300 s, and time out after 2 to 120 s, which is less; 2 to 10 of them decide."""
    interval, timeout = request.get("HealthCheckIntervalSeconds", 30), request.get("HealthCheckTimeoutSeconds", 5)
    yield from range_problem("HealthCheckIntervalSeconds", interval, 5, 300)
    yield from range_problem("HealthCheckTimeoutSeconds", timeout, 2, 120)
    if timeout >= interval:
        yield f"it times out after {timeout} of {interval} s"
    for name in ("HealthyThresholdCount", "UnhealthyThresholdCount"):
        yield from range_problem(name, request.get(name), 2, 10)


@rule("elbv2:CreateTargetGroup", "elbv2:ModifyTargetGroup", source=api("elbv2", "Matcher"))
def answers_of_healthy_targets(request: Request, _world: World) -> Iterator[str]:
    """The codes of a healthy HTTP target are between 200 and 499: one, several (200,202) or a range (200-299)."""
    codes = request.get("Matcher", {}).get("HttpCode")
    if codes is not None and not re.fullmatch(r"[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*", codes):
        yield f"HttpCode is {codes!r}"


@rule(
    "elbv2:CreateTargetGroup",
    "elbv2:ModifyTargetGroup",
    source=page("elasticloadbalancing/latest/application/target-group-health-checks.html"),
)
def paths_of_health_checks(request: Request, _world: World) -> Iterator[str]:
    """The path of a health check begins with a slash and has at most 1024 characters."""
    yield from text_problem("HealthCheckPath", request.get("HealthCheckPath"), r"/\S*", 1024)


@rule("elbv2:ModifyTargetGroupAttributes", source=api("elbv2", "TargetGroupAttribute"))
def attributes_of_target_groups(request: Request, _world: World) -> Iterator[str]:
    """The deregistration delay is 0 to 3600 s, slow start 0 or 30 to 900 s, stickiness 1 s to 7 days."""
    yield from _attribute_problems(request, _TARGET_GROUP_NUMBERS)
    for attribute in request.get("Attributes", []):
        if attribute["Key"] == "slow_start.duration_seconds" and attribute.get("Value") != "0":
            yield from range_problem("slow_start.duration_seconds", int(attribute["Value"]), 30, 900)


@rule(*_LISTENERS, source=api("elbv2", "CreateListener"))
def certificates_of_listeners(request: Request, _world: World) -> Iterator[str]:
    """An HTTPS listener has exactly one default certificate; an HTTP listener has neither certificate nor policy."""
    protocol, certificates = request.get("Protocol"), request.get("Certificates", [])
    if protocol == "HTTPS" and len(certificates) != 1:
        yield f"HTTPS has {len(certificates)} certificates"
    if protocol == "HTTP" and (certificates or request.get("SslPolicy")):
        yield "HTTP has a certificate or a policy"


@rule(
    *_LISTENERS,
    "elbv2:AddListenerCertificates",
    source=page("elasticloadbalancing/latest/application/https-listener-certificates.html"),
)
def regions_of_certificates(request: Request, _world: World) -> Iterator[str]:
    """The certificate of a listener is in the region of the load balancer."""
    for certificate in request.get("Certificates", []):
        arn = certificate["CertificateArn"]
        if arn.startswith("arn:") and arn.split(":")[2] == "acm" and arn.split(":")[3] != request.region:
            yield f"{arn} is not in {request.region}"


@rule(*_LISTENERS, source=page("elasticloadbalancing/latest/application/describe-ssl-policies.html"))
def policies_of_listeners(request: Request, _world: World) -> Iterator[str]:
    """A security policy is one of AWS's, whose names begin with ELBSecurityPolicy-."""
    yield from text_problem("SslPolicy", request.get("SslPolicy"), r"ELBSecurityPolicy-[A-Za-z0-9-]+")


def _actions(request: Request) -> list[dict[str, Any]]:
    return request.get("DefaultActions") or request.get("Actions") or []


@rule(*_ACTIONS, source=api("elbv2", "CreateRule"))
def actions_of_listeners(request: Request, _world: World) -> Iterator[str]:
    """Among the actions exactly one forwards, redirects or answers, and it is performed last."""
    actions = sorted(_actions(request), key=lambda action: action.get("Order", 0))
    final = [action["Type"] for action in actions if action["Type"] in _FINAL]
    if actions and (len(final) != 1 or actions[-1]["Type"] not in _FINAL):
        yield f"the actions are {', '.join(action['Type'] for action in actions)}"


@rule(*_ACTIONS, source=api("elbv2", "RedirectActionConfig"))
def redirects_of_listeners(request: Request, _world: World) -> Iterator[str]:
    """A redirect changes at least one of protocol, host, port and path, and never leads from HTTPS to HTTP."""
    for action in _actions(request):
        redirect = action.get("RedirectConfig")
        if redirect is None:
            continue
        kept = {"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}"}
        if all(redirect.get(name, value) == value for name, value in kept.items()):
            yield "it would lead to itself"
        if request.get("Protocol") == "HTTPS" and redirect.get("Protocol") == "HTTP":
            yield "it leads from HTTPS to HTTP"


@rule(*_ACTIONS, source=api("elbv2", "FixedResponseActionConfig"))
def fixed_answers_of_listeners(request: Request, _world: World) -> Iterator[str]:
    """A fixed answer has a code 2XX, 4XX or 5XX, at most 1024 characters and one of five types of content."""
    types = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
    for action in _actions(request):
        fixed = action.get("FixedResponseConfig")
        if fixed is None:
            continue
        yield from text_problem("StatusCode", fixed.get("StatusCode"), r"[245]\d\d")
        if len(fixed.get("MessageBody", "")) > 1024:
            yield f"the body has {len(fixed['MessageBody'])} characters"
        if fixed.get("ContentType", types[0]) not in types:
            yield f"ContentType is {fixed['ContentType']}"


@rule("elbv2:CreateRule", "elbv2:SetRulePriorities", source=api("elbv2", "CreateRule"))
def priorities_of_rules(request: Request, world: World) -> Iterator[str]:
    """A rule's priority is 1 to 50000, and no other rule of its listener has it."""
    for wanted in request.get("RulePriorities") or [request.parameters]:
        yield from range_problem("Priority", wanted.get("Priority"), 1, 50000)
    changed = {done.get("RuleArn") for done in world.done("elbv2:DeleteRule")}
    changed |= {one["RuleArn"] for done in world.done("elbv2:SetRulePriorities") for one in done.get("RulePriorities")}
    for other in world.done("elbv2:CreateRule"):
        is_there = other.answer["Rules"][0]["RuleArn"] not in changed
        place = (other.get("ListenerArn"), other.get("Priority"))
        if is_there and place == (request.get("ListenerArn"), request.get("Priority")):
            yield f"{request.get('Priority')} is taken"


@rule(
    "elbv2:CreateRule",
    "elbv2:ModifyRule",
    source=page("elasticloadbalancing/latest/application/load-balancer-limits.html"),
)
def conditions_of_rules(request: Request, _world: World) -> Iterator[str]:
    """A rule has at most five values in all, each field once (but for headers and queries), and at most six wildcards;
    hosts and paths have at most 128 characters."""
    conditions = request.get("Conditions", [])
    fields = [one["Field"] for one in conditions if one["Field"] not in ("http-header", "query-string")]
    if len(set(fields)) < len(fields):
        yield f"the fields are {', '.join(fields)}"
    values: list[str] = []
    for condition in conditions:
        configured = [value for name, value in condition.items() if name.endswith("Config")]
        found = next((one.get("Values", []) for one in configured), None) or condition.get("Values", [])
        values += [one if isinstance(one, str) else one.get("Value", "") for one in found]
    if len(values) > 5:
        yield f"there are {len(values)} values"
    if sum(len(re.findall(r"[*?]", value)) for value in values) > 6:
        yield f"the values are {', '.join(values)}"
    for value in values:
        if len(value) > 128:
            yield f"{value} has {len(value)} characters"


RULES: tuple[Rule, ...] = (
    names_of_load_balancers,
    zones_of_load_balancers,
    subnets_of_load_balancers,
    public_load_balancers,
    attributes_of_load_balancers,
    logs_of_load_balancers,
    names_of_target_groups,
    ways_to_targets,
    health_checks_of_targets,
    answers_of_healthy_targets,
    paths_of_health_checks,
    attributes_of_target_groups,
    certificates_of_listeners,
    regions_of_certificates,
    policies_of_listeners,
    actions_of_listeners,
    redirects_of_listeners,
    fixed_answers_of_listeners,
    priorities_of_rules,
    conditions_of_rules,
)

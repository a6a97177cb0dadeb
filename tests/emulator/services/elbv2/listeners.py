"""Listeners and rules: certificates, actions with their defaults, conditions in both forms, priorities."""

from __future__ import annotations

import copy
import re
import secrets
from typing import Any

from moto.acm.models import acm_backends
from moto.elbv2.models import FakeAction, FakeListener, FakeListenerRule
from moto.elbv2.ssl_policies import SSL_POLICIES
from moto.iam.models import iam_backends

from ...errors import AwsError
from .common import Backend, backend_of, groups_in, invalid, invalid_configuration, uses_of
from .load_balancers import find as find_load_balancer
from .load_balancers import paginate

#: The policy of a secure listener that names none: "Security policies" of the Application Load Balancers guide.
DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"
_PROTOCOLS = {
    "application": ("HTTP", "HTTPS"),
    "network": ("TCP", "TLS", "UDP", "TCP_UDP"),
    "gateway": (None,),
}
_SECURE = ("HTTPS", "TLS")
_REDIRECT = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
# Conditions that AWS gives back both as Values and as a configuration.
_BOTH_FORMS = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}
_ACTIONS = ("forward", "redirect", "fixed-response", "authenticate-oidc", "authenticate-cognito", "jwt-validation")
_CERTIFICATES_LIMIT = 26
_HEADER_VALUES = (
    "strict_transport_security",
    "access_control_allow_origin",
    "access_control_allow_methods",
    "access_control_allow_headers",
    "access_control_allow_credentials",
    "access_control_expose_headers",
    "access_control_max_age",
    "content_security_policy",
    "x_content_type_options",
    "x_frame_options",
)
_HEADER_NAMES = (
    "x_amzn_mtls_clientcert_serial_number",
    "x_amzn_mtls_clientcert_issuer",
    "x_amzn_mtls_clientcert_subject",
    "x_amzn_mtls_clientcert_validity",
    "x_amzn_mtls_clientcert_leaf",
    "x_amzn_mtls_clientcert",
    "x_amzn_tls_version",
    "x_amzn_tls_cipher_suite",
)


# --- listeners


def create(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    balancer = find_load_balancer(backend, parameters["LoadBalancerArn"])
    protocol: Any = parameters.get("Protocol")
    port: Any = parameters.get("Port")
    _check_protocol(balancer, protocol, port)
    certificates = [item["CertificateArn"] for item in parameters.get("Certificates") or []]
    policy: Any = parameters.get("SslPolicy")
    _check_security(backend, protocol, certificates, policy)
    policy = policy or (DEFAULT_POLICY if protocol in _SECURE else None)
    actions = _actions(backend, balancer, parameters.get("DefaultActions") or [], protocol, port)
    for existing in balancer.listeners.values():
        if existing.port == port:
            same = (existing.protocol, existing.ssl_policy, existing.certificates[:1]) == (
                protocol,
                policy,
                certificates,
            )
            if same and [item.data for item in existing.default_actions] == actions:
                return {"Listeners": [_describe(existing)]}
            message = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
            raise AwsError("DuplicateListener", message)
    arn = f"{balancer.arn.replace(':loadbalancer/', ':listener/')}/{secrets.token_hex(8)}"
    listener = FakeListener(  # type: ignore[abstract]
        balancer.arn,
        arn,
        protocol or "",
        port,
        policy,
        certificates[0] if certificates else None,
        [FakeAction(action) for action in actions],
        parameters.get("AlpnPolicy"),
    )
    default = listener._default_rule[0]
    default.arn = f"{arn.replace(':listener/', ':listener-rule/')}/{secrets.token_hex(8)}"
    listener.attributes = _attributes(protocol)
    listener.emulated_mutual_authentication = parameters.get("MutualAuthentication") or {"Mode": "off"}  # type: ignore[attr-defined]
    balancer.listeners[arn] = listener
    _use_certificates(backend, listener, [], certificates)
    backend.tagging_service.tag_resource(arn, parameters.get("Tags") or [])
    return {"Listeners": [_describe(listener)]}


def describe(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    arns = parameters.get("ListenerArns") or []
    if not arns and not parameters.get("LoadBalancerArn"):
        raise invalid("You must specify either listener ARNs or a load balancer ARN")
    if arns:
        found = [find(backend, arn) for arn in arns]
    else:
        found = list(find_load_balancer(backend, parameters["LoadBalancerArn"]).listeners.values())
    items, marker = paginate([_describe(listener) for listener in found], parameters)
    return {"Listeners": items, "NextMarker": marker}


def modify(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    listener = find(backend, parameters["ListenerArn"])
    balancer = find_load_balancer(backend, listener.load_balancer_arn)
    protocol = parameters.get("Protocol") or listener.protocol
    port = parameters.get("Port") or listener.port
    _check_protocol(balancer, protocol, port)
    if any(other.port == port for other in balancer.listeners.values() if other is not listener):
        message = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
        raise AwsError("DuplicateListener", message)
    wanted = [item["CertificateArn"] for item in parameters.get("Certificates") or []]
    certificates = wanted or (listener.certificates[:1] if protocol in _SECURE else [])
    policy = parameters.get("SslPolicy") or (listener.ssl_policy if protocol in _SECURE else None)
    _check_security(backend, protocol, certificates, policy)
    if parameters.get("DefaultActions") is not None:
        actions = _actions(backend, balancer, parameters["DefaultActions"], protocol, port)
        listener.default_actions = [FakeAction(action) for action in actions]
        listener._default_rule[0].actions = listener.default_actions
    before = listener.certificates
    listener.protocol, listener.port = protocol, port
    listener.ssl_policy = policy or (DEFAULT_POLICY if protocol in _SECURE else None)
    listener.certificates = certificates + before[1:] if protocol in _SECURE else []
    listener.certificate = certificates[0] if certificates else None
    _use_certificates(backend, listener, before, listener.certificates)
    if parameters.get("AlpnPolicy") is not None:
        listener.alpn_policy = parameters["AlpnPolicy"]
    if parameters.get("MutualAuthentication"):
        listener.emulated_mutual_authentication = parameters["MutualAuthentication"]
    return {"Listeners": [_describe(listener)]}


def delete(response: Any, parameters: dict[str, Any]) -> None:
    backend = backend_of(response)
    forget(backend, find(backend, parameters["ListenerArn"]))


def forget(backend: Backend, listener: Any) -> None:
    """Take a listener away, with its rules, tags and hold on certificates."""
    _use_certificates(backend, listener, listener.certificates, [])
    for arn in [listener.arn, *(rule.arn for rule in listener.rules.values())]:
        backend.tagging_service.delete_all_tags_for_resource(arn)
    backend.load_balancers[listener.load_balancer_arn].listeners.pop(listener.arn, None)


def describe_attributes(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"Attributes": dict(sorted(find(backend_of(response), parameters["ListenerArn"]).attributes.items()))}


def modify_attributes(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    listener = find(backend_of(response), parameters["ListenerArn"])
    wanted = {item["Key"]: item.get("Value", "") for item in parameters.get("Attributes") or []}
    for key in wanted:
        if key not in _attributes(listener.protocol):
            raise invalid(f"Listener attribute key '{key}' is not recognized")
    listener.attributes |= wanted
    return {"Attributes": dict(sorted(listener.attributes.items()))}


def add_certificates(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    listener = find(backend, parameters["ListenerArn"])
    if listener.protocol not in _SECURE:
        raise invalid("Certificates can only be added to HTTPS and TLS listeners")
    wanted = [item["CertificateArn"] for item in parameters.get("Certificates") or []]
    for arn in wanted:
        _check_certificate(backend, arn)
    full = list(dict.fromkeys([*listener.certificates, *wanted]))
    if len(full) > _CERTIFICATES_LIMIT:
        raise AwsError(
            "TooManyCertificates", "You've reached the limit on the number of certificates per load balancer"
        )
    before, listener.certificates = listener.certificates, full
    _use_certificates(backend, listener, before, full)
    return {"Certificates": [{"CertificateArn": arn, "IsDefault": arn == full[0]} for arn in wanted]}


def describe_certificates(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    listener = find(backend_of(response), parameters["ListenerArn"])
    return {
        "Certificates": [
            {"CertificateArn": arn, "IsDefault": number == 0} for number, arn in enumerate(listener.certificates)
        ]
    }


def remove_certificates(response: Any, parameters: dict[str, Any]) -> None:
    backend = backend_of(response)
    listener = find(backend, parameters["ListenerArn"])
    unwanted = [item["CertificateArn"] for item in parameters.get("Certificates") or []]
    if listener.certificates[:1] and listener.certificates[0] in unwanted:
        raise AwsError("OperationNotPermitted", "The default certificate of a listener cannot be removed")
    before, listener.certificates = listener.certificates, [arn for arn in listener.certificates if arn not in unwanted]
    _use_certificates(backend, listener, before, listener.certificates)


def find(backend: Backend, arn: str) -> Any:
    for balancer in backend.load_balancers.values():
        if arn in balancer.listeners:
            return balancer.listeners[arn]
    raise AwsError("ListenerNotFound", "One or more listeners not found")


# --- rules


def create_rule(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    listener = find(backend, parameters["ListenerArn"])
    balancer = find_load_balancer(backend, listener.load_balancer_arn)
    priority = int(parameters["Priority"])
    conditions = _conditions(backend, parameters.get("Conditions") or [])
    if not conditions:
        raise invalid("A condition must be specified")
    actions = _actions(backend, balancer, parameters.get("Actions") or [], listener.protocol, listener.port, True)
    _check_priorities(listener, {None: priority})
    arn = f"{listener.arn.replace(':listener/', ':listener-rule/')}/{secrets.token_hex(8)}"
    rule = FakeListenerRule(  # type: ignore[abstract]
        listener.arn, arn, conditions, priority, [FakeAction(action) for action in actions]
    )
    listener._non_default_rules[arn] = rule
    backend.tagging_service.tag_resource(arn, parameters.get("Tags") or [])
    return {"Rules": [_describe_rule(rule)]}


def describe_rules(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    arns, listener_arn = parameters.get("RuleArns") or [], parameters.get("ListenerArn")
    if bool(arns) == bool(listener_arn):
        raise invalid(
            "Listener rule ARNs and a listener ARN cannot be specified at the same time"
            if arns
            else "You must specify either listener rule ARNs or a listener ARN"
        )
    if arns:
        rules = [_find_rule(backend, arn)[1] for arn in arns]
    else:
        rules = sorted(
            find(backend, listener_arn or "").rules.values(),
            key=lambda rule: (rule.is_default, str(rule.priority).zfill(6)),
        )
    items, marker = paginate([_describe_rule(rule) for rule in rules], parameters)
    return {"Rules": items, "NextMarker": marker}


def modify_rule(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    backend = backend_of(response)
    listener, rule = _find_rule(backend, parameters["RuleArn"])
    if not parameters.get("Conditions") and not parameters.get("Actions"):
        raise invalid("Either conditions or actions must be specified")
    if rule.is_default:
        raise AwsError("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be modified")
    balancer = find_load_balancer(backend, listener.load_balancer_arn)
    conditions = _conditions(backend, parameters.get("Conditions") or [])
    if parameters.get("Actions"):
        actions = _actions(backend, balancer, parameters["Actions"], listener.protocol, listener.port, True)
        rule.actions = [FakeAction(action) for action in actions]
    rule.conditions = conditions or rule.conditions
    return {"Rules": [_describe_rule(rule)]}


def delete_rule(response: Any, parameters: dict[str, Any]) -> None:
    backend = backend_of(response)
    listener, rule = _find_rule(backend, parameters["RuleArn"])
    if rule.is_default:
        raise AwsError("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be deleted")
    listener._non_default_rules.pop(rule.arn)
    backend.tagging_service.delete_all_tags_for_resource(rule.arn)


def set_priorities(response: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """All at once, so that rules can change places."""
    backend = backend_of(response)
    wanted = {item["RuleArn"]: int(item["Priority"]) for item in parameters["RulePriorities"]}
    found = [_find_rule(backend, arn) for arn in wanted]
    if any(rule.is_default for _unused, rule in found):
        raise AwsError("OperationNotPermitted", "The priority of a default rule cannot be set")
    if len({listener.arn for listener, _unused in found}) > 1:
        raise invalid("The rules must belong to the same listener")
    if len(set(wanted.values())) < len(wanted):
        duplicate = next(value for value in wanted.values() if list(wanted.values()).count(value) > 1)
        raise invalid(f"Priority '{duplicate}' was provided multiple times")
    _check_priorities(found[0][0], dict(wanted))
    for _unused, rule in found:
        rule.priority = wanted[rule.arn]
    return {"Rules": [_describe_rule(rule) for _unused, rule in found]}


def find_rule_arn(backend: Backend, arn: str) -> None:
    """Raise unless the rule is there."""
    _find_rule(backend, arn)


# --- parts


def _describe(listener: Any) -> dict[str, Any]:
    return {
        "ListenerArn": listener.arn,
        "LoadBalancerArn": listener.load_balancer_arn,
        "Port": listener.port,
        "Protocol": listener.protocol or None,
        # only the default one; the serializer of moto makes a structure of the ARN
        "Certificates": listener.certificates[:1],
        "SslPolicy": listener.ssl_policy,
        "DefaultActions": [action.data for action in listener.default_actions],
        "AlpnPolicy": listener.alpn_policy or None,
        "MutualAuthentication": listener.emulated_mutual_authentication if listener.protocol == "HTTPS" else None,
    }


def _describe_rule(rule: Any) -> dict[str, Any]:
    return {
        "RuleArn": rule.arn,
        "Priority": str(rule.priority),
        "Conditions": rule.conditions,
        "Actions": [action.data for action in rule.actions],
        "IsDefault": rule.is_default,
    }


def _attributes(protocol: str | None) -> dict[str, str]:
    """The attributes of a listener, with their defaults."""
    if protocol in ("TCP", "TLS", "TCP_UDP"):
        return {"tcp.idle_timeout.seconds": "350"}
    if protocol not in ("HTTP", "HTTPS"):
        return {}
    attributes = {"routing.http.response.server.enabled": "true"}
    attributes |= {f"routing.http.response.{name}.header_value": "" for name in _HEADER_VALUES}
    if protocol == "HTTPS":
        attributes |= {
            f"routing.http.request.{name}.header_name": "-".join(part.capitalize() for part in name.split("_"))
            for name in _HEADER_NAMES
        }
    return attributes


def _check_protocol(balancer: Any, protocol: str | None, port: int | None) -> None:
    if balancer.type == "gateway":
        if port is not None or protocol:
            raise invalid("A port and a protocol cannot be specified for gateway listeners")
        return
    if port is None:
        raise invalid("A listener port must be specified")
    if not protocol:
        raise invalid("A listener protocol must be specified")
    if protocol not in _PROTOCOLS[balancer.type]:
        allowed = ", ".join(str(item) for item in _PROTOCOLS[balancer.type])
        raise invalid(f"Listener protocol '{protocol}' must be one of '{allowed}'")
    if not 1 <= port <= 65535:
        raise invalid(f"Listener port '{port}' must be between '1' and '65535'")


def _check_security(backend: Backend, protocol: str | None, certificates: list[str], policy: str | None) -> None:
    """Certificates and policies belong to secure listeners, which need one certificate."""
    if protocol not in _SECURE:
        if certificates:
            raise invalid(f"Certificates cannot be specified for {protocol} listeners")
        if policy:
            raise invalid(f"SSL policies cannot be specified for {protocol} listeners")
        return
    if not certificates:
        raise invalid(f"A certificate must be specified for {protocol} listeners")
    if len(certificates) > 1:
        raise invalid("Up to one certificate can be specified, but multiple were specified")
    if policy and policy not in SSL_POLICIES:
        raise AwsError("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    _check_certificate(backend, certificates[0])


def _check_certificate(backend: Backend, arn: str) -> None:
    """It must be there, and issued."""
    if re.match(r"arn:aws[a-z-]*:iam:", arn):
        if iam_backends[backend.account_id][backend.partition].get_certificate_by_arn(arn) is None:
            raise AwsError("CertificateNotFound", f"Certificate '{arn}' not found")
        return
    bundle = _bundle(backend, arn)
    if bundle is None:
        raise AwsError("CertificateNotFound", f"Certificate '{arn}' not found")
    described = bundle.describe()
    if described.get("Certificate", described).get("Status") != "ISSUED":
        raise AwsError(
            "UnsupportedCertificate",
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a supported "
            "key size.",
        )


def _bundle(backend: Backend, arn: str) -> Any | None:
    return acm_backends[backend.account_id][backend.region_name]._certificates.get(arn)


def _use_certificates(backend: Backend, listener: Any, before: list[str], after: list[str]) -> None:
    """ACM lists the load balancers that use a certificate, and refuses to delete it meanwhile."""
    for arn in {*before, *after}:
        bundle = _bundle(backend, arn)
        if bundle is None:
            continue
        others = any(
            arn in other.certificates
            for other in backend.load_balancers[listener.load_balancer_arn].listeners.values()
            if other is not listener
        )
        used = [item for item in bundle.in_use_by if item != listener.load_balancer_arn]
        bundle.in_use_by = [*used, listener.load_balancer_arn] if arn in after or others else used


def _actions(
    backend: Backend,
    balancer: Any,
    wanted: list[dict[str, Any]],
    protocol: str | None,
    port: int | None,
    in_rule: bool = False,
) -> list[dict[str, Any]]:
    """Valid actions as AWS returns them."""
    if not wanted:
        raise invalid("An action must be specified" if in_rule else "A default action must be specified")
    actions = [copy.deepcopy(action) for action in wanted]
    for number, action in enumerate(actions, 1):
        kind = action.get("Type")
        if kind not in _ACTIONS:
            name = "actions" if in_rule else "defaultActions"
            raise invalid(
                f"1 validation error detected: Value '{kind}' at '{name}.{number}.member.type' failed to satisfy "
                f"constraint: Member must satisfy enum value set: [{', '.join(_ACTIONS)}]"
            )
        if kind == "forward":
            _complete_forward(backend, balancer, action)
        elif kind == "redirect":
            _complete_redirect(action, protocol, port, in_rule)
        elif kind == "fixed-response":
            _check_fixed_response(action)
    if actions[-1]["Type"] not in ("forward", "redirect", "fixed-response"):
        raise AwsError("InvalidLoadBalancerAction", "The last action must be forward, redirect, or fixed-response")
    if len(actions) > 1:
        if any(action.get("Order") is None for action in actions):
            raise invalid("An order must be specified for each action when there is more than one")
        actions.sort(key=lambda action: action["Order"])
    return actions


def _complete_forward(backend: Backend, balancer: Any, action: dict[str, Any]) -> None:
    groups = list(dict.fromkeys(groups_in([action])))
    if not groups:
        raise invalid("A target group ARN must be specified")
    for arn in groups:
        group = backend.target_groups.get(arn)
        if group is None:
            raise AwsError("TargetGroupNotFound", f"Target groups '{arn}' not found")
        if group.vpc_id and group.vpc_id != balancer.vpc_id:
            raise invalid_configuration(
                f"The following target groups are not in the VPC '{balancer.vpc_id}' of the load balancer: '{arn}'"
            )
        if any(item is not balancer and used == arn for item, used in uses_of(backend)):
            raise AwsError(
                "TargetGroupAssociationLimit",
                f"The following target groups cannot be associated with more than one load balancer: {arn}",
            )
        http = group.protocol in (None, "HTTP", "HTTPS")
        if http != (balancer.type == "application"):
            raise invalid_configuration(
                f"The target group with protocol {group.protocol} cannot be used with a load balancer of type "
                f"'{balancer.type}'"
            )
    forward = action.setdefault("ForwardConfig", {"TargetGroups": [{"TargetGroupArn": groups[0]}]})
    for item in forward["TargetGroups"]:
        item.setdefault("Weight", 1)
    if balancer.type == "application":
        forward.setdefault("TargetGroupStickinessConfig", {"Enabled": False})
    if len(groups) == 1:
        action["TargetGroupArn"] = groups[0]


def _complete_redirect(action: dict[str, Any], protocol: str | None, port: int | None, in_rule: bool) -> None:
    config = action.get("RedirectConfig") or {}
    if config.get("StatusCode") not in ("HTTP_301", "HTTP_302"):
        raise invalid("The redirect status code must be one of [HTTP_301, HTTP_302]")
    full = _REDIRECT | {key: value for key, value in config.items() if value is not None}
    if not full["Path"].startswith("/"):
        raise AwsError("InvalidLoadBalancerAction", "The Path parameter must be a valid path, should start with a '/'.")
    same = full["Protocol"] in ("#{protocol}", protocol) and full["Port"] in ("#{port}", str(port))
    if same and full["Host"] == "#{host}" and full["Path"] == "/#{path}":
        raise AwsError(
            "InvalidLoadBalancerAction", "The redirect configuration is not valid because it creates a loop."
        )
    action["RedirectConfig"] = full


def _check_fixed_response(action: dict[str, Any]) -> None:
    config = action.get("FixedResponseConfig") or {}
    code = config.get("StatusCode") or ""
    if not re.fullmatch(r"(2|4|5)\d\d", code):
        raise invalid(
            f"1 validation error detected: Value '{code}' at 'actions.1.member.fixedResponseConfig.statusCode' failed "
            "to satisfy constraint: Member must satisfy regular expression pattern: ^(2|4|5)\\d\\d$"
        )
    types = ("text/plain", "text/css", "text/html", "application/javascript", "application/json")
    if config.get("ContentType") and config["ContentType"] not in types:
        raise AwsError("InvalidLoadBalancerAction", f"The ContentType must be one of:{', '.join(map(repr, types))}")
    if len(config.get("MessageBody") or "") > 1024:
        raise invalid("The message body cannot be longer than '1024' characters")


def _conditions(backend: Backend, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Valid conditions; those that have two forms in both."""
    conditions = [copy.deepcopy(condition) for condition in wanted]
    backend._validate_conditions(conditions)
    for condition in conditions:
        form = _BOTH_FORMS.get(condition.get("Field") or "")
        if form:
            values = (condition.get(form) or {}).get("Values") or condition.get("Values") or []
            condition |= {"Values": values, form: {"Values": values}}
    return conditions


def _check_priorities(listener: Any, wanted: dict[str | None, int]) -> None:
    for arn, priority in wanted.items():
        if not 1 <= priority <= 50000:
            raise invalid(f"Priority '{priority}' must be between '1' and '50000'")
        for rule in listener._non_default_rules.values():
            if rule.arn != arn and rule.arn not in wanted and int(rule.priority) == priority:
                raise AwsError("PriorityInUse", f"Priority '{priority}' is currently in use")


def _find_rule(backend: Backend, arn: str) -> tuple[Any, Any]:
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                if rule.arn == arn:
                    return listener, rule
    raise AwsError("RuleNotFound", "One or more rules not found")

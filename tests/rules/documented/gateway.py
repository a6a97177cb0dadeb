"""API Gateway's HTTP APIs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.rules.documented._rule import Rule, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_GUIDE = "apigateway/latest/developerguide/"
_API = "apigatewayv2/latest/api-reference/"
_METHODS = ("ANY", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@rule("apigatewayv2:CreateRoute", "apigatewayv2:UpdateRoute", source=page(_GUIDE + "http-api-develop-routes.html"))
def keys_of_routes(request: Request, _world: World) -> Iterator[str]:
    """A route of an HTTP API is $default, or a method or ANY with a path; a greedy variable {name+} ends its path."""
    key = request.get("RouteKey")
    if key is not None and key != "$default":
        method, _space, path = key.partition(" ")
        if method not in _METHODS or not re.fullmatch(r"/|(/([^/{}\s]+|\{\w+\}))*(/\{\w+\+\})?", path) or not path:
            yield f"RouteKey is {key!r}"


@rule("apigatewayv2:CreateIntegration", source=page(_GUIDE + "http-api-develop-integrations-private.html"))
def private_integrations(request: Request, _world: World) -> Iterator[str]:
    """An integration over a VPC link is an HTTP_PROXY of payload format 1.0, with the link, a method and the ARN of a
    listener or a Cloud Map service."""
    if request.get("ConnectionType") != "VPC_LINK":
        return
    if request.get("IntegrationType") != "HTTP_PROXY" or request.get("PayloadFormatVersion", "1.0") != "1.0":
        yield f"it is {request.get('IntegrationType')} {request.get('PayloadFormatVersion')}"
    for name in ("ConnectionId", "IntegrationMethod"):
        if not request.get(name):
            yield f"{name} is missing"
    pattern = r"arn:aws[\w-]*:(elasticloadbalancing:[\w-]+:\d{12}:listener/(app|net)/\S+|servicediscovery:\S+)"
    yield from text_problem("IntegrationUri", request.get("IntegrationUri", ""), pattern)


@rule("apigatewayv2:CreateIntegration", "apigatewayv2:UpdateIntegration", source=page(_GUIDE + "http-api-quotas.html"))
def timeouts_of_integrations(request: Request, _world: World) -> Iterator[str]:
    """An HTTP API waits 50 to 30000 ms for an integration."""
    yield from range_problem("TimeoutInMillis", request.get("TimeoutInMillis"), 50, 30000)


@rule("apigatewayv2:CreateVpcLink", source=page(_GUIDE + "http-api-vpc-links.html"))
def vpc_links(request: Request, world: World) -> Iterator[str]:
    """A VPC link has a name of at most 128 characters, and subnets that lie in different zones of one VPC."""
    yield from range_problem("the length of Name", len(request.get("Name", "")), 1, 128)
    subnets = request.get("SubnetIds", [])
    zones = world.zones(subnets)
    if not subnets or len(set(zones)) < len(zones):
        yield f"{len(subnets)} subnets are in {', '.join(zones) or 'unknown zones'}"


@rule("apigatewayv2:CreateStage", "apigatewayv2:UpdateStage", source=page(_GUIDE + "http-api-logging.html"))
def logs_of_stages(request: Request, _world: World) -> Iterator[str]:
    """Access logs go to a log group that is named by its ARN without :* at the end, in a format that has the request's
    id."""
    logs = request.get("AccessLogSettings")
    if not logs:
        return
    arn = logs.get("DestinationArn", "")
    yield from text_problem("DestinationArn", arn, r"arn:aws[\w-]*:(logs:[\w-]+:\d{12}:log-group:[^:*]+|firehose:\S+)")
    if "$context.requestId" not in logs.get("Format", "") and "$context.extendedRequestId" not in logs.get(
        "Format", ""
    ):
        yield "Format has no $context.requestId"


@rule("apigatewayv2:CreateStage", source=page(_API + "apis-apiid-stages.html"))
def names_of_stages(request: Request, _world: World) -> Iterator[str]:
    """A stage is $default or has a name of at most 128 letters, digits, hyphens and underscores."""
    yield from text_problem("StageName", request.get("StageName"), r"\$default|[A-Za-z0-9_-]+", 128)


@rule(
    "apigatewayv2:CreateDomainName",
    "apigatewayv2:UpdateDomainName",
    source=page(_GUIDE + "http-api-custom-domain-names.html"),
)
def domains_of_apis(request: Request, _world: World) -> Iterator[str]:
    """The custom domain of an HTTP API is regional, speaks TLS 1.2 and has a certificate of its own region."""
    for configuration in request.get("DomainNameConfigurations", []):
        if configuration.get("EndpointType", "REGIONAL") != "REGIONAL":
            yield f"EndpointType is {configuration['EndpointType']}"
        if configuration.get("SecurityPolicy", "TLS_1_2") != "TLS_1_2":
            yield f"SecurityPolicy is {configuration['SecurityPolicy']}"
        arn = configuration.get("CertificateArn", "")
        if not arn.startswith("arn:") or arn.split(":")[3] != request.region:
            yield f"CertificateArn is {arn!r} in {request.region}"


@rule("apigatewayv2:CreateApi", "apigatewayv2:UpdateApi", source=page(_GUIDE + "http-api-cors.html"))
def origins_of_apis(request: Request, _world: World) -> Iterator[str]:
    """An API that answers for other origins with credentials names them; an asterisk is for those without."""
    cors = request.get("CorsConfiguration", {})
    wild = [name for name in ("AllowOrigins", "AllowMethods", "AllowHeaders") if "*" in cors.get(name, [])]
    if cors.get("AllowCredentials") and wild:
        yield f"* is in {', '.join(wild)}"


RULES: tuple[Rule, ...] = (
    keys_of_routes,
    private_integrations,
    timeouts_of_integrations,
    vpc_links,
    logs_of_stages,
    names_of_stages,
    domains_of_apis,
    origins_of_apis,
)

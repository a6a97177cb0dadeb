"""API Gateway's HTTP APIs as AWS has them, where moto differs.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/: VPC links take time to come and to go and have network
interfaces, custom domains have a regional name and zone and need an issued certificate, stages and domain names can be
updated and tagged.

Where AWS does not say whether it refuses something, it is refused here, so that nobody relies on it: an integration on
a link that is not available, a domain name that goes before its mappings, access logs to a group that is missing.
"""

from __future__ import annotations

import hashlib
import re
import time
from datetime import datetime
from typing import Any

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, DomainName, Stage, VpcLink, apigatewayv2_backends
from moto.apigatewayv2.responses import ApiGatewayV2Response

from tests.emulator import interfaces, vpc
from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, add_path, named, parameters, wrap
from tests.emulator.state import STATE

_KIND = "api_gateway_vpc_link"
# The zones of API Gateway's regional names, from the table of endpoints in the AWS General Reference.
_ZONES = {
    "eu-central-1": "Z1U9ULNL0V5AJ3", "eu-west-1": "ZLY8HYME6SFDD", "eu-west-2": "ZJ5UAJN8Y3Z2Q",
    "sa-east-1": "ZCMLWB8V5SYIT", "us-east-1": "Z1UJRXOUMOOFQ8", "us-east-2": "ZOJJZC49E0EPZ",
    "us-west-1": "Z2MUQ32089INYE", "us-west-2": "Z2OJLYMUO9EFXC",
}  # fmt: skip


def install() -> None:
    """Extend moto."""
    add_path(urls, "/v2/tags/(?P<resource_arn>.+)$", ApiGatewayV2Response.dispatch)
    add_path(urls, "/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/accesslogsettings$",
             ApiGatewayV2Response.dispatch)  # fmt: skip
    _vpc_links()
    _apis()
    _integrations_and_routes()
    _stages()
    _domain_names()
    _tags()


def _bad(message: str) -> AwsError:
    return AwsError("BadRequestException", message)


def _vpc_links() -> None:
    @wrap(VpcLink, "__init__")
    def init(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.began = time.time()
        self.deleted = None
        self.failure = ""
        self.interfaces = []

    @wrap(VpcLink, "to_json")
    def to_json(original: Any, self: Any) -> dict[str, Any]:
        return original(self) | {"vpcLinkStatus": _link_status(self), "vpcLinkStatusMessage": _link_message(self)}

    @wrap(ApiGatewayV2Backend, "create_vpc_link")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        from moto.ec2.models import ec2_backends

        given = named(original, self, args, kwargs)
        ec2 = ec2_backends[self.account_id][self.region_name]
        known = {subnet_id for subnets in ec2.subnets.values() for subnet_id in subnets}
        if not given["subnet_ids"]:
            raise _bad("At least one subnet is required")
        for subnet_id in given["subnet_ids"]:
            if subnet_id not in known:
                raise _bad(f"Subnet {subnet_id} was not found")
        for group_id in given["sg_ids"] or []:
            if not ec2.get_security_group_from_id(group_id):
                raise _bad(f"Security group {group_id} was not found")
        link = original(self, **given)
        _attach(self, link)
        return link

    @wrap(ApiGatewayV2Backend, "get_vpc_link")
    def get(original: Any, self: Any, vpc_link_id: str) -> Any:
        _settle()
        return original(self, vpc_link_id)

    @wrap(ApiGatewayV2Backend, "get_vpc_links")
    def get_all(original: Any, self: Any) -> Any:
        _settle()
        return original(self)

    @wrap(ApiGatewayV2Backend, "delete_vpc_link")
    def delete(original: Any, self: Any, vpc_link_id: str) -> None:
        link = self.get_vpc_link(vpc_link_id)
        users = [
            f"{integration.integration_method}:{integration.id}"
            for api in self.apis.values()
            for integration in api.integrations.values()
            if integration.connection_id == vpc_link_id
        ]
        if users:
            message = (
                f"Cannot delete vpc link. Vpc link '{vpc_link_id}', is referenced in [{', '.join(users)}] "
                "in format of [Method:Resource]."
            )
            raise _bad(message)
        link.deleted = link.deleted or time.time()
        _settle()

    vpc.settle_before_ec2(_settle)


def _attach(backend: Any, link: Any) -> None:
    """Give a link an interface in each subnet; where one has no address left, the link fails."""
    subnets, _missing = vpc.find_subnets(backend.account_id, backend.region_name, link.subnet_ids)
    full = [subnet.id for subnet in subnets if subnet.available_ip_address_count < 1]
    if full:
        link.failure = f"Not enough free addresses in subnet {', '.join(full)}"
        return
    for subnet in subnets:
        interface = interfaces.attach(
            backend.account_id,
            backend.region_name,
            subnet.id,
            list(link.sg_ids or []),
            f"API Gateway VPC link {link.id}",
            "amazon-apigateway",
        )
        link.interfaces.append(interface.id)


def _settle() -> None:
    """Take away the links that are gone by now, and their interfaces."""
    for account in apigatewayv2_backends.values():
        for backend in account.values():
            links: list[Any] = list(backend.vpc_links.values())
            for link in links:
                if link.deleted is None or not STATE.is_ready(_KIND, link.deleted):
                    continue
                del backend.vpc_links[link.id]
                for interface_id in link.interfaces:
                    interfaces.detach(backend.account_id, backend.region_name, interface_id)


def _link_status(link: Any) -> str:
    if link.deleted is not None:
        return "DELETING"
    if not STATE.is_ready(_KIND, link.began):
        return "PENDING"
    return "FAILED" if link.failure else "AVAILABLE"


def _link_message(link: Any) -> str:
    return {
        "AVAILABLE": "VPC link is ready to route traffic",
        "PENDING": "VPC link is provisioning ENIs",
        "DELETING": "VPC link is deprovisioning ENIs",
        "FAILED": link.failure,
    }[_link_status(link)]


def _apis() -> None:
    """Over which protocol an API is reached; and what leads to an API goes before it."""

    @wrap(Api, "__init__")
    def init(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.ip_address_type = "ipv4"

    @wrap(Api, "to_json")
    def to_json(original: Any, self: Any) -> dict[str, Any]:
        return original(self) | {"ipAddressType": self.ip_address_type}

    @wrap(ApiGatewayV2Response, "create_api")
    def create(original: Any, self: Any) -> Any:
        given = parameters(self)
        before = set(self.apigatewayv2_backend.apis)
        answer = original(self)
        for api_id, api in self.apigatewayv2_backend.apis.items():
            if api_id not in before:
                api.ip_address_type = given.get("IpAddressType", "ipv4")
        return answer

    @wrap(ApiGatewayV2Response, "update_api")
    def update(original: Any, self: Any) -> Any:
        given = parameters(self)
        api = self.apigatewayv2_backend.get_api(given["ApiId"])
        api.ip_address_type = given.get("IpAddressType", api.ip_address_type)
        return original(self)

    @wrap(ApiGatewayV2Backend, "delete_api")
    def delete(original: Any, self: Any, api_id: str) -> None:
        self.get_api(api_id)
        if any(mapping.api_id == api_id for mapping in self.api_mappings.values()):
            raise _bad(
                f"Deleting API {api_id} failed. "
                "Please remove all API mappings for the API from your custom domain names."
            )
        original(self, api_id)


def _integrations_and_routes() -> None:
    @wrap(ApiGatewayV2Backend, "create_integration")
    def create_integration(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _check_integration(self, given)
        return original(self, **given)

    @wrap(ApiGatewayV2Backend, "update_integration")
    def update_integration(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        live = self.get_api(given["api_id"]).get_integration(given["integration_id"])
        fields = ("connection_type", "connection_id", "integration_uri")
        _check_integration(self, {field: given.get(field) or getattr(live, field) for field in fields})
        return original(self, **given)

    @wrap(Api, "create_route")
    def create_route(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if self.protocol_type == "HTTP" and not _ROUTE_KEY.fullmatch(given["route_key"]):
            raise _bad(
                "The provided route key is not formatted properly for HTTP protocol. "
                'Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"'
            )
        if any(route.route_key == given["route_key"] for route in self.routes.values()):
            message = f"Route with key {given['route_key']} already exists for this API"
            raise AwsError("ConflictException", message, 409)
        _check_target(self, given.get("target"))
        return original(self, **given)

    @wrap(Api, "update_route")
    def update_route(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        _check_target(self, given.get("target"))
        return original(self, **given)

    @wrap(Api, "delete_integration")
    def delete_integration(original: Any, self: Any, integration_id: str) -> None:
        if any(route.target == f"integrations/{integration_id}" for route in self.routes.values()):
            raise AwsError(
                "ConflictException", f"Cannot delete Integration '{integration_id}', it is referenced by a Route.", 409
            )
        original(self, integration_id)


# http-api-develop-routes.html: a method and a path; a greedy variable comes last.
_ROUTE_KEY = re.compile(
    r"\$default|(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) /([^\s/{}]+|\{\w+\})?(/([^\s/{}]+|\{\w+\}))*(/?\{\w+\+\})?"
)


def _check_integration(backend: Any, given: dict[str, Any]) -> None:
    from moto.elbv2.models import elbv2_backends

    if given.get("connection_type") != "VPC_LINK":
        return
    uri = str(given.get("integration_uri"))
    if given.get("connection_id") not in backend.vpc_links:
        raise _bad(f"VPC link {given.get('connection_id')} was not found")
    status = _link_status(backend.vpc_links[given["connection_id"]])
    if status != "AVAILABLE":
        raise _bad(f"VPC link {given['connection_id']} is {status}")
    if not uri.startswith("arn:"):
        raise _bad("For VpcLink integration, the integration URI should be the ARN of an ALB or NLB listener, "
                   "or of a Cloud Map service")  # fmt: skip
    balancers = elbv2_backends[backend.account_id][backend.region_name].load_balancers.values()
    if ":listener/" in uri and not any(uri in balancer.listeners for balancer in balancers):
        raise _bad("Unable to retrieve listener port and load balancer DNS name from ELB listener")


def _check_target(api: Any, target: str | None) -> None:
    if target and target.removeprefix("integrations/") not in api.integrations:
        raise _bad(f"Invalid integration identifier specified: {target}")


def _stages() -> None:
    @wrap(Api, "create_stage")
    def create(original: Any, self: Any, config: dict[str, Any]) -> Any:
        if config["stageName"] in self.stages:
            raise AwsError("ConflictException", "Stage already exists", 409)
        _check_logs(self.backend, config.get("accessLogSettings"))
        return original(self, config)

    def update(response: Any, given: dict[str, Any]) -> dict[str, Any]:
        stage = response.apigatewayv2_backend.get_stage(given["ApiId"], given["StageName"])
        _check_logs(response.apigatewayv2_backend, _lower_keys(given.get("AccessLogSettings")))
        for name in _STAGE_FIELDS:
            if given.get(name) is not None:
                setattr(stage, _STAGE_FIELDS[name], _lower_keys(given[name]))
        stage.updated = datetime.now()
        return _upper_keys(stage.to_json())

    def delete_logs(response: Any, given: dict[str, Any]) -> None:
        response.apigatewayv2_backend.get_stage(given["ApiId"], given["StageName"]).access_log_settings = None

    add_operation(ApiGatewayV2Response, "UpdateStage", update)
    add_operation(ApiGatewayV2Response, "DeleteAccessLogSettings", delete_logs)


def _check_logs(backend: Any, settings: dict[str, str] | None) -> None:
    from moto.logs.models import logs_backends

    if not settings:
        return
    groups = logs_backends[backend.account_id][backend.region_name].groups
    if settings["destinationArn"].partition(":log-group:")[2] not in groups:
        raise _bad("The specified log destination does not exist.")
    if not re.search(r"\$context\.(requestId|extendedRequestId)", settings["format"]):
        raise _bad("The access log format must include at least $context.requestId or $context.extendedRequestId.")


_STAGE_FIELDS = {
    "AccessLogSettings": "access_log_settings", "AutoDeploy": "auto_deploy",
    "ClientCertificateId": "client_certificate_id", "DefaultRouteSettings": "default_route_settings",
    "Description": "description", "RouteSettings": "route_settings", "StageVariables": "stage_variables",
}  # fmt: skip


def _lower_keys(value: Any) -> Any:
    """A structure with the wire's names, which moto keeps."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lower_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_lower_keys(item) for item in value]
    return value


def _upper_keys(content: dict[str, Any], keep: tuple[str, ...] = ("tags", "stageVariables")) -> dict[str, Any]:
    """A structure with boto3's names; maps of the user's own keys are left."""
    answer: dict[str, Any] = {}
    for key, value in content.items():
        name = key[:1].upper() + key[1:]
        if isinstance(value, dict) and key not in keep:
            value = _upper_keys(value, keep)
        elif isinstance(value, list):
            value = [_upper_keys(item, keep) if isinstance(item, dict) else item for item in value]
        answer[name] = value
    return answer


def _domain_names() -> None:
    @wrap(ApiGatewayV2Backend, "create_domain_name")
    def create(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        for configuration in given["domain_name_configurations"]:
            _complete(self, given["domain_name"], configuration)
        return original(self, **given)

    @wrap(ApiGatewayV2Backend, "delete_domain_name")
    def delete(original: Any, self: Any, domain_name: str) -> None:
        if any(mapping.domain_name == domain_name for mapping in self.api_mappings.values()):
            raise _bad(f"Domain name {domain_name} still has API mappings")
        original(self, domain_name)

    @wrap(ApiGatewayV2Backend, "create_api_mapping")
    def create_mapping(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        self.get_domain_name(given["domain_name"])
        _check_stage(self, given["api_id"], given["stage"])
        if any(
            (mapping.domain_name, mapping.api_mapping_key or "")
            == (given["domain_name"], given.get("api_mapping_key") or "")
            for mapping in self.api_mappings.values()
        ):
            raise AwsError("ConflictException", "ApiMapping key already exists for this domain name", 409)
        return original(self, **given)

    def update_mapping(response: Any, given: dict[str, Any]) -> dict[str, Any]:
        backend = response.apigatewayv2_backend
        mapping = backend.get_api_mapping(given["ApiMappingId"], given["DomainName"])
        _check_stage(backend, given["ApiId"], given.get("Stage", mapping.stage))
        mapping.api_id, mapping.stage = given["ApiId"], given.get("Stage", mapping.stage)
        return _upper_keys(mapping.to_json())

    def update(response: Any, given: dict[str, Any]) -> dict[str, Any]:
        backend = response.apigatewayv2_backend
        domain = backend.get_domain_name(given["DomainName"])
        if given.get("DomainNameConfigurations"):
            configurations = [_lower_keys(item) for item in given["DomainNameConfigurations"]]
            for configuration in configurations:
                _complete(backend, given["DomainName"], configuration)
            domain.domain_name_configurations = configurations
        if given.get("MutualTlsAuthentication") is not None:
            domain.mutual_tls_authentication = _lower_keys(given["MutualTlsAuthentication"])
        return _upper_keys(domain.to_json())

    add_operation(ApiGatewayV2Response, "UpdateDomainName", update)
    add_operation(ApiGatewayV2Response, "UpdateApiMapping", update_mapping)


def _check_stage(backend: Any, api_id: str, stage: str) -> None:
    api = backend.apis.get(api_id)
    if api is None or stage not in api.stages:
        raise _bad("Invalid stage identifier specified")


def _complete(backend: Any, domain_name: str, configuration: dict[str, Any]) -> None:
    """Add what AWS adds to a domain's configuration, once its certificate is good."""
    from moto.acm.models import acm_backends

    arn = configuration.get("certificateArn", "")
    known = acm_backends[backend.account_id][backend.region_name]._certificates
    if arn not in known:
        raise _bad(f"Certificate {arn} in account {backend.account_id} not found")
    known[arn].check()
    if known[arn].status != "ISSUED":
        raise _bad(f"Certificate {arn} in account {backend.account_id} not yet issued")
    covered = {known[arn].common_name, *known[arn].sans}
    if domain_name not in covered and f"*.{domain_name.partition('.')[2]}" not in covered:
        raise _bad("The domain name to be created is not covered by the provided certificate.")
    label = hashlib.sha256(f"{backend.account_id}/{backend.region_name}/{domain_name}".encode()).hexdigest()[:10]
    configuration.setdefault("endpointType", "REGIONAL")
    configuration.setdefault("securityPolicy", "TLS_1_2")
    configuration.setdefault("ipAddressType", "ipv4")
    configuration |= {
        "apiGatewayDomainName": f"d-{label}.execute-api.{backend.region_name}.amazonaws.com",
        "hostedZoneId": _ZONES.get(backend.region_name, "Z2FDTNDATAQYW2"),
        "domainNameStatus": "AVAILABLE",
    }


def _tags() -> None:
    """Stages and domain names keep their tags themselves."""

    def holder(backend: Any, arn: str) -> Stage | DomainName | None:
        path = arn.partition("::/")[2].split("/")
        if path[0] == "domainnames":
            return backend.get_domain_name(path[1])
        if path[0] == "apis" and len(path) == 4 and path[2] == "stages":
            return backend.get_stage(path[1], path[3])
        return None

    @wrap(ApiGatewayV2Backend, "get_tags")
    def get_tags(original: Any, self: Any, resource_id: str) -> dict[str, str]:
        held = holder(self, resource_id)
        return original(self, resource_id) if held is None else dict(held.tags or {})

    @wrap(ApiGatewayV2Backend, "tag_resource")
    def tag_resource(original: Any, self: Any, resource_arn: str, tags: dict[str, str]) -> None:
        held = holder(self, resource_arn)
        if held is None:
            original(self, resource_arn, tags)
        else:
            held.tags = (held.tags or {}) | tags

    @wrap(ApiGatewayV2Backend, "untag_resource")
    def untag_resource(original: Any, self: Any, resource_arn: str, tag_keys: list[str]) -> None:
        held = holder(self, resource_arn)
        if held is None:
            original(self, resource_arn, tag_keys)
        else:
            held.tags = {key: value for key, value in (held.tags or {}).items() if key not in tag_keys}

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP APIs of API Gateway before a load balancer: the API with its integration, routes and stage."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._api_gateway import (
    BUSY,
    STILL_MAPPED,
    change_tags,
    choose,
    resource_arn,
)
from ansible_collections.webstack.aws.plugins.module_utils._compare import Change
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_ready

DEFAULT_STAGE = "$default"
PLACEHOLDER_API = "0" * 10

#: Options and the members of AWS's structures.
API = {
    "description": "Description",
    "disable_execute_api_endpoint": "DisableExecuteApiEndpoint",
    "ip_address_type": "IpAddressType",
}
CORS = {
    "allow_credentials": "AllowCredentials",
    "allow_headers": "AllowHeaders",
    "allow_methods": "AllowMethods",
    "allow_origins": "AllowOrigins",
    "expose_headers": "ExposeHeaders",
    "max_age": "MaxAge",
}
INTEGRATION = {
    "integration_uri": "IntegrationUri",
    "connection_id": "ConnectionId",
    "timeout_in_millis": "TimeoutInMillis",
}
ACCESS_LOGS = {"destination_arn": "DestinationArn", "format": "Format"}
ROUTE_SETTINGS = {
    "throttling_burst_limit": "ThrottlingBurstLimit",
    "throttling_rate_limit": "ThrottlingRateLimit",
    "detailed_metrics_enabled": "DetailedMetricsEnabled",
}
STAGE_FIELDS = {"stage_name", "auto_deploy", "access_log_settings", "default_route_settings"}

#: What never varies: requests are passed on as they are, over a VPC link.
PROXY = {
    "IntegrationType": "HTTP_PROXY",
    "IntegrationMethod": "ANY",
    "ConnectionType": "VPC_LINK",
    "PayloadFormatVersion": "1.0",
}

#: A listener that was just made is not known to API Gateway at once.
LISTENER_UNSEEN = rf"{BUSY}|^BadRequestException: .*listener"

#: What delivers the access logs does not know an API at once that was just made.
DELIVERY_UNSEEN = rf"{BUSY}|^NotFoundException: .*log delivery"


class HttpApi(Kind):
    """An HTTP API, found by its name and owner, with all that is in it.

    A run that was killed leaves an API without an integration, routes or a stage; the next one makes what is missing.
    """

    noun = "http_api"
    nested = ("cors_configuration", "integration", "access_log_settings", "default_route_settings")

    def read(self, names: list[str]) -> dict[str, Fields]:
        apis = self.aws.read("apigatewayv2", "get_apis", "Items")
        found = {}
        for name in names:
            of_name = [api for api in apis if api["Name"] == name and api["ProtocolType"] == "HTTP"]
            live = choose(self.noun, name, of_name, "ApiId", self.options.get("tags"))
            if live:
                parts = {
                    part: self.aws.read("apigatewayv2", f"get_{part.lower()}", "Items", ApiId=live["ApiId"])
                    for part in ("Integrations", "Routes", "Stages")
                }
                found[name] = {**live, **parts}
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        integration, stage = main_integration(live), self._stage(live)
        return {
            "description": live.get("Description") or "",
            "disable_execute_api_endpoint": live.get("DisableExecuteApiEndpoint", False),
            "ip_address_type": live.get("IpAddressType", "ipv4"),
            "cors_configuration": _cors(_options(live.get("CorsConfiguration"), CORS)),
            "integration": _options(integration, INTEGRATION),
            "routes": route_keys(live),
            "stage_name": stage.get("StageName"),
            "auto_deploy": stage.get("AutoDeploy"),
            "access_log_settings": _logs(_options(stage.get("AccessLogSettings"), ACCESS_LOGS)),
            "default_route_settings": _options(stage.get("DefaultRouteSettings"), ROUTE_SETTINGS),
            "tags": tags_to_dict(live.get("Tags")),
            "stage_tags": tags_to_dict(stage.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        normal = {"stage_name": DEFAULT_STAGE, "auto_deploy": True, **wanted}
        if "routes" in wanted:
            normal["routes"] = sorted(wanted["routes"])
        if "cors_configuration" in wanted:
            normal["cors_configuration"] = _cors(wanted["cors_configuration"])
        if "access_log_settings" in wanted:
            normal["access_log_settings"] = _logs(wanted["access_log_settings"])
        return normal

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        # What is not said inside stays; nothing at all said takes the whole away.
        before = self.normalize(name, live)
        inside = {field: {**before[field], **wanted[field]} for field in self.nested if wanted.get(field)}
        # The stage bears the API's tags. Only where a run was killed in between does it differ alone.
        if before["stage_name"] and before["tags"] == wanted.get("tags") != before["stage_tags"]:
            inside["stage_tags"] = wanted["tags"]
        return {**wanted, **inside}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        stage = self._stage(live or {}).get("StageName")
        if stage and stage != wanted["stage_name"]:
            raise WebstackError(
                f"http_api {name}: AWS cannot rename its stage from {stage} to {wanted['stage_name']}",
                "give the API another name together with the stage's, and remove this one",
            )
        integration = {**_options(main_integration(live or {}), INTEGRATION), **wanted.get("integration", {})}
        missing = [field for field in ("integration_uri", "connection_id") if not integration.get(field)]
        if missing:
            raise WebstackError(
                f"http_api {name}: its integration cannot be made without {' and '.join(missing)}", "give them"
            )
        logs = wanted.get("access_log_settings")
        if logs and set(logs) != set(ACCESS_LOGS):
            raise WebstackError(
                f"http_api {name}: access logs need destination_arn and format", "give both, or {} for no logs"
            )

    def create(self, name: str, wanted: Fields) -> None:
        cors = wanted.get("cors_configuration")
        made = self.aws.write(
            "apigatewayv2",
            "create_api",
            once=True,
            propagating=BUSY,
            Name=name,
            ProtocolType="HTTP",
            Tags=wanted.get("tags", {}),
            **_members(wanted, API),
            **({"CorsConfiguration": _members(cors, CORS)} if cors else {}),
        )
        self._fill({**made, "Integrations": [], "Routes": [], "Stages": []}, wanted, set(wanted))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        api_id = live["ApiId"]
        members = _members(wanted, {field: API[field] for field in changed & set(API)})
        if "cors_configuration" in changed:
            if wanted["cors_configuration"]:
                members["CorsConfiguration"] = _members(wanted["cors_configuration"], CORS)
            else:
                self._write("delete_cors_configuration", ApiId=api_id)
        if members:
            self._write("update_api", ApiId=api_id, **members)
        self._fill(live, wanted, changed)
        if changed & {"tags", "stage_tags"}:
            self._set_tags(live, wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write(
            "apigatewayv2", "delete_api", missing=("NotFoundException",), propagating=STILL_MAPPED, ApiId=live["ApiId"]
        )

    def result(self, name: str, live: Fields) -> Fields:
        shapes = {key: value for key, value in live.items() if key not in ("Integrations", "Routes", "Stages")}
        options = {field: value for field, value in self.normalize(name, live).items() if field != "stage_tags"}
        return {
            **super().result(name, shapes),
            **options,
            "integration_id": main_integration(live).get("IntegrationId"),
            "invoke_url": _invoke_url(live["ApiEndpoint"], self._stage(live).get("StageName")),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        endpoint = f"https://{PLACEHOLDER_API}.execute-api.{self.aws.region}.amazonaws.com"
        return {
            "tags": {},
            **wanted,
            "name": name,
            "api_id": PLACEHOLDER_API,
            "api_endpoint": endpoint,
            "invoke_url": _invoke_url(endpoint, wanted["stage_name"]),
            "integration_id": "0" * 7,
        }

    def planned(self, name: str, live: Fields, changes: list[Change]) -> Fields:
        planned = super().planned(name, live, changes)
        # where a killed run left no stage, the address is that of the stage still to be made
        return {**planned, "invoke_url": _invoke_url(live["ApiEndpoint"], planned["stage_name"])}

    def _stage(self, live: Fields) -> Fields:
        return main_stage(live, self.options.get("stage_name") or DEFAULT_STAGE)

    def _fill(self, live: Fields, wanted: Fields, changed: set[str]) -> None:
        """Integration, routes and stage of an API that exists, as far as they have to change."""
        integration = main_integration(live)
        integration_id = integration.get("IntegrationId")
        if "integration" in changed:
            integration_id = self._set_integration(live["ApiId"], integration_id, wanted)
        if "routes" in changed:
            self._set_routes(live, f"integrations/{integration_id}", wanted["routes"])
        if changed & STAGE_FIELDS:
            self._set_stage(live, wanted, changed)

    def _set_integration(self, api_id: str, integration_id: str | None, wanted: Fields) -> str:
        options = wanted["integration"]
        # Until its link is there, AWS has nothing that the integration could lead to.
        wait_ready(self.aws, "vpc_link", options["connection_id"])
        self.aws.subject = f"{self.noun} {self.options.get('name')}"
        if integration_id:
            self._write(
                "update_integration",
                propagating=LISTENER_UNSEEN,
                ApiId=api_id,
                IntegrationId=integration_id,
                **PROXY,
                **_members(options, INTEGRATION),
            )
            return integration_id
        # AWS passes the stage's name on in the path, of which an application knows nothing.
        named = wanted["stage_name"] != DEFAULT_STAGE
        path: Fields = {"RequestParameters": {"overwrite:path": "$request.path"}} if named else {}
        made = self._write(
            "create_integration",
            once=True,
            propagating=LISTENER_UNSEEN,
            ApiId=api_id,
            **PROXY,
            **path,
            **_members(options, INTEGRATION),
        )
        return made["IntegrationId"]

    def _set_routes(self, live: Fields, target: str, wanted: list[str]) -> None:
        api_id, routes = live["ApiId"], {route["RouteKey"]: route for route in live["Routes"]}
        for key in wanted:
            if key not in routes:
                self._write("create_route", once=True, ApiId=api_id, RouteKey=key, Target=target)
            elif routes[key].get("Target") != target:
                self._write("update_route", ApiId=api_id, RouteId=routes[key]["RouteId"], Target=target)
        for key, route in routes.items():
            if key not in wanted:
                self._write("delete_route", missing=("NotFoundException",), ApiId=api_id, RouteId=route["RouteId"])

    def _set_stage(self, live: Fields, wanted: Fields, changed: set[str]) -> None:
        stage = self._stage(live)
        where = {"ApiId": live["ApiId"], "StageName": wanted["stage_name"]}
        members: Fields = {}
        for field, member, keys in (
            ("access_log_settings", "AccessLogSettings", ACCESS_LOGS),
            ("default_route_settings", "DefaultRouteSettings", ROUTE_SETTINGS),
        ):
            if field in wanted and wanted[field] and (field in changed or not stage):
                members[member] = _members(wanted[field], keys)
        if not stage:
            self._write_stage("create_stage", **where, **members, AutoDeploy=True, Tags=wanted.get("tags", {}))
            return
        if members or "auto_deploy" in changed:
            self._write_stage("update_stage", **where, **members, AutoDeploy=True)
        if "access_log_settings" in changed and not wanted["access_log_settings"]:
            self._write("delete_access_log_settings", **where)

    def _set_tags(self, live: Fields, tags: dict[str, str]) -> None:
        api, stage = f"/apis/{live['ApiId']}", self._stage(live)
        change_tags(self.aws, resource_arn(self.aws, api), tags_to_dict(live.get("Tags")), tags)
        if stage:
            arn = resource_arn(self.aws, f"{api}/stages/{stage['StageName']}")
            change_tags(self.aws, arn, tags_to_dict(stage.get("Tags")), tags)

    def _write(self, operation: str, /, propagating: str = BUSY, **arguments: t.Any) -> t.Any:
        return self.aws.write("apigatewayv2", operation, propagating=propagating, **arguments)

    def _write_stage(self, operation: str, /, **arguments: t.Any) -> None:
        try:
            self._write(operation, propagating=DELIVERY_UNSEEN, **arguments)
        except AwsError as error:
            if "enable logging" not in error.reason:
                raise
            # So AWS says as well when the policy by which log groups let it write is full (5,120 characters).
            raise WebstackError(
                error.message,
                "allow logs:CreateLogDelivery, logs:PutResourcePolicy and what else the role's README names to the "
                "identity that runs this; if it has them, the account's resource policy of CloudWatch Logs is full: "
                "a log group whose name begins with /aws/vendedlogs/ needs no entry of its own there",
            ) from error


def main_integration(live: Fields) -> Fields:
    """The integration to which the routes lead, or would: pure."""
    integrations = [
        item
        for item in live.get("Integrations", [])
        if item.get("IntegrationType") == "HTTP_PROXY" and item.get("ConnectionType") == "VPC_LINK"
    ]
    used = [route.get("Target") for route in live.get("Routes", [])]
    ranked = sorted(
        integrations, key=lambda item: (-used.count(f"integrations/{item['IntegrationId']}"), item["IntegrationId"])
    )
    return ranked[0] if ranked else {}


def main_stage(live: Fields, name: str) -> Fields:
    """The stage of that name, or where there is none the one that the API has: pure."""
    stages = sorted(live.get("Stages", []), key=lambda stage: (stage["StageName"] != name, stage["StageName"]))
    return stages[0] if stages else {}


def route_keys(live: Fields) -> list[str]:
    """The routes by their keys; one that leads elsewhere than to the integration says where to: pure."""
    target = f"integrations/{main_integration(live).get('IntegrationId')}"
    return sorted(
        route["RouteKey"] if route.get("Target") == target else f"{route['RouteKey']} -> {route.get('Target')}"
        for route in live["Routes"]
    )


def _options(live: Fields | None, names: t.Mapping[str, str]) -> Fields:
    """The members of one of AWS's structures as options, those that it has."""
    return {option: live[member] for option, member in names.items() if live and live.get(member) is not None}


def _members(options: Fields, names: t.Mapping[str, str]) -> Fields:
    """Options as the members of one of AWS's structures, those that are there."""
    return {member: options[option] for option, member in names.items() if option in options}


def _cors(cors: Fields) -> Fields:
    """Names compare without case, and in no order."""
    lists = {field: sorted(value.lower() for value in cors[field]) for field in cors if isinstance(cors[field], list)}
    if "allow_methods" in lists:
        lists["allow_methods"] = sorted(value.upper() for value in lists["allow_methods"])
    return {**cors, **lists}


def _logs(settings: Fields) -> Fields:
    """AWS names a log group with or without a star for its streams; access logs want it without."""
    if "destination_arn" not in settings:
        return settings
    return {**settings, "destination_arn": settings["destination_arn"].removesuffix(":*")}


def _invoke_url(endpoint: str, stage: str | None) -> str:
    return endpoint if stage in (None, DEFAULT_STAGE) else f"{endpoint}/{stage}"

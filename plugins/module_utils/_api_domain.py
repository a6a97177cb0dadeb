# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom domain names of API Gateway, with the API that answers at each."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._api_gateway import (
    BUSY,
    change_tags,
    read_items,
    resource_arn,
)
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict
from ansible_collections.webstack.aws.plugins.module_utils._waiters import wait_ready

#: What never varies: answered in the region, over TLS 1.2 and newer.
REGIONAL = {"EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}

CONFIGURATION = {"certificate_arn": "CertificateArn", "ip_address_type": "IpAddressType"}
MAPPING = {"api_id": "ApiId", "stage": "Stage"}


class ApiDomain(Kind):
    """A regional domain name, which is unique in an account and region, with the mapping of its root to a stage.

    A run that was killed in between leaves a domain without the mapping; the next one makes it.
    """

    noun = "api_domain"
    exists = ("ConflictException",)

    def read(self, names: list[str]) -> dict[str, Fields]:
        found = {}
        for name in names:
            live = self.aws.read(
                "apigatewayv2", "get_domain_name", missing=("NotFoundException",), DomainName=name.lower()
            )
            if live:
                live["Mappings"] = read_items(self.aws, "get_api_mappings", DomainName=name.lower())
                found[name] = live
        return found

    def normalize(self, name: str, live: Fields) -> Fields:
        configuration, mapping = _configuration(live), _root(live)
        return {
            "certificate_arn": configuration.get("CertificateArn"),
            "ip_address_type": configuration.get("IpAddressType", "ipv4"),
            "api_id": mapping.get("ApiId"),
            "stage": mapping.get("Stage"),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        if not live and "certificate_arn" not in wanted:
            raise WebstackError(f"api_domain {name}: cannot be made without certificate_arn", "give it")
        if ("api_id" in wanted) != ("stage" in wanted):
            raise WebstackError(f"api_domain {name}: api_id and stage go together", "give both or none")
        kind = _configuration(live or {}).get("EndpointType", "REGIONAL")
        if kind != "REGIONAL":
            raise WebstackError(
                f"api_domain {name} is of type {kind}, and HTTP APIs answer at regional ones only",
                "choose another domain name, or remove that one first",
            )

    def create(self, name: str, wanted: Fields) -> None:
        self.aws.write(
            "apigatewayv2",
            "create_domain_name",
            propagating=BUSY,
            DomainName=name.lower(),
            DomainNameConfigurations=[_wanted_configuration(wanted)],
            Tags=wanted.get("tags", {}),
        )
        if "api_id" in wanted:
            self._map(name, {"Mappings": []}, wanted)

    def prepare(self, name: str, live: Fields) -> None:
        # AWS refuses changes of a domain that it is still changing.
        if _configuration(live).get("DomainNameStatus") == "UPDATING":
            wait_ready(self.aws, self.noun, name.lower())
            self.aws.subject = f"{self.noun} {name}"

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if changed & set(CONFIGURATION):
            self.aws.write(
                "apigatewayv2",
                "update_domain_name",
                propagating=BUSY,
                DomainName=name.lower(),
                DomainNameConfigurations=[_wanted_configuration({**self.normalize(name, live), **wanted})],
            )
        if changed & set(MAPPING):
            self._map(name, live, wanted)
        if "tags" in changed:
            arn = resource_arn(self.aws, f"/domainnames/{name.lower()}")
            change_tags(self.aws, arn, tags_to_dict(live.get("Tags")), wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        for mapping in live["Mappings"]:
            self.aws.write(
                "apigatewayv2",
                "delete_api_mapping",
                missing=("NotFoundException",),
                propagating=BUSY,
                DomainName=name.lower(),
                ApiMappingId=mapping["ApiMappingId"],
            )
        self.aws.write(
            "apigatewayv2",
            "delete_domain_name",
            missing=("NotFoundException",),
            propagating=BUSY,
            DomainName=name.lower(),
        )

    def result(self, name: str, live: Fields) -> Fields:
        configuration = _configuration(live)
        return {
            **self.normalize(name, live),
            "domain_name": live["DomainName"],
            "api_gateway_domain_name": configuration.get("ApiGatewayDomainName"),
            "hosted_zone_id": configuration.get("HostedZoneId"),
            "domain_name_status": configuration.get("DomainNameStatus"),
        }

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "tags": {},
            **wanted,
            "domain_name": name,
            "api_gateway_domain_name": f"d-{'0' * 10}.execute-api.{self.aws.region}.amazonaws.com",
            "hosted_zone_id": f"Z{'0' * 13}",
            "domain_name_status": "UPDATING",
        }

    def _map(self, name: str, live: Fields, wanted: Fields) -> None:
        target = {member: wanted[option] for option, member in MAPPING.items()}
        root = _root(live)
        operation = "update_api_mapping" if root else "create_api_mapping"
        known = {"ApiMappingId": root["ApiMappingId"]} if root else {}
        self.aws.write("apigatewayv2", operation, propagating=BUSY, DomainName=name.lower(), **known, **target)


def _configuration(live: Fields) -> Fields:
    return next(iter(live.get("DomainNameConfigurations", [])), {})


def _root(live: Fields) -> Fields:
    """The mapping of the whole domain; those of paths have a key."""
    return next((mapping for mapping in live["Mappings"] if not mapping.get("ApiMappingKey")), {})


def _wanted_configuration(wanted: Fields) -> Fields:
    return {**REGIONAL, **{member: wanted[option] for option, member in CONFIGURATION.items() if wanted.get(option)}}

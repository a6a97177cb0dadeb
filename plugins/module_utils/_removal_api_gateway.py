# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How custom domains, HTTP APIs and VPC links of a stack are found and removed.

API Gateway's own lists show tags; they are asked, since the tagging API lags behind.
"""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._api_gateway import BUSY, STILL_MAPPED, Fields, read_items
from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._removal import Found, Owner, Removable, Wishes
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict


def _owned(owner: Owner, items: list[Fields]) -> list[Fields]:
    return [item for item in items if owner.tags.items() <= tags_to_dict(item.get("Tags")).items()]


def _read_domains(aws: Aws, owner: Owner) -> list[Fields]:
    return _owned(owner, aws.read("apigatewayv2", "get_domain_names", "Items"))


def domain_hosts(aws: Aws, owner: Owner) -> dict[str, str]:
    """The stack's custom domains by the names at which API Gateway answers for them, to which DNS records lead."""
    return {
        configuration["ApiGatewayDomainName"].lower(): domain["DomainName"]
        for domain in _read_domains(aws, owner)
        for configuration in domain.get("DomainNameConfigurations", [])
        if configuration.get("ApiGatewayDomainName")
    }


def _find_domains(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    return [Found("api_domain", domain["DomainName"], domain) for domain in _read_domains(aws, owner)]


def _remove_domain(aws: Aws, found: Found, _wishes: Wishes) -> None:
    for mapping in read_items(aws, "get_api_mappings", DomainName=found.identifier):
        aws.write(
            "apigatewayv2",
            "delete_api_mapping",
            missing=("NotFoundException",),
            propagating=BUSY,
            DomainName=found.identifier,
            ApiMappingId=mapping["ApiMappingId"],
        )
    aws.write(
        "apigatewayv2",
        "delete_domain_name",
        missing=("NotFoundException",),
        propagating=BUSY,
        DomainName=found.identifier,
    )


def _find_apis(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    apis = _owned(owner, aws.read("apigatewayv2", "get_apis", "Items"))
    return [Found("http_api", f"{api['Name']} ({api['ApiId']})", api) for api in apis]


def _remove_api(aws: Aws, found: Found, _wishes: Wishes) -> None:
    # Where somebody else's domain still leads to it AWS says so, and that is the answer.
    aws.write(
        "apigatewayv2",
        "delete_api",
        missing=("NotFoundException",),
        propagating=STILL_MAPPED,
        ApiId=found.detail["ApiId"],
    )


def _find_links(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    return [
        Found("vpc_link", f"{link['Name']} ({link['VpcLinkId']})", link, link["VpcLinkStatus"] == "DELETING")
        for link in _owned(owner, read_items(aws, "get_vpc_links"))
    ]


def _remove_link(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write(
        "apigatewayv2",
        "delete_vpc_link",
        # The second says that an API still uses it; the next pass tries again.
        missing=("NotFoundException", "BadRequestException"),
        propagating=BUSY,
        VpcLinkId=found.detail["VpcLinkId"],
    )


#: Records lead to a domain, a domain to an API, an API over a link into the VPC.
KINDS: dict[str, Removable] = {
    "api_domain": Removable(_find_domains, _remove_domain, ("route53_record",)),
    "http_api": Removable(_find_apis, _remove_api, ("api_domain",)),
    "vpc_link": Removable(_find_links, _remove_link, ("http_api",)),
}

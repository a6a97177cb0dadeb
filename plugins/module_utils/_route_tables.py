# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route tables: their routes to gateways, and the subnets that use them."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._ec2 import Ec2Kind
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Outcome
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict

#: The options of a route that say where it leads, as AWS calls them, and how ids of what they take begin.
TARGETS = {"gateway_id": ("GatewayId", "igw-"), "nat_gateway_id": ("NatGatewayId", "nat-")}

#: What was made a moment ago is not known everywhere at once.
NEW = r"Invalid(RouteTableID|GatewayID|InternetGatewayID|NatGatewayID|SubnetID|AssociationID)\.NotFound"


class RouteTable(Ec2Kind):
    """A route table, found by its tag Name in its VPC.

    Only routes to internet gateways and NAT gateways are its own; those to gateway endpoints, peering connections,
    transit gateways and the VPC itself have other owners and are left alone.
    """

    noun = "route_table"
    plural = "route_tables"
    describe = "describe_route_tables"
    path = "RouteTables"
    id_field = "RouteTableId"
    id_prefix = "rtb"
    tag_type = "route-table"

    def __init__(self, aws: t.Any):
        super().__init__(aws)
        self._associations: dict[str, str] = {}
        self._live: dict[str, Fields] = {}

    def read(self, names: list[str]) -> dict[str, Fields]:
        # all of the VPC's: a subnet that is to use one of ours may be using any of them
        tables = self.find({})
        self._associations = {
            subnet_id: association_id for table in tables for subnet_id, association_id in associations(table).items()
        }
        self._live = self.choose(names, tables)
        return self._live

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "subnet_ids": sorted(associations(live)),
            "routes": by_destination(own_routes(live)),
            "tags": tags_to_dict(live.get("Tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        wanted = super().normalize_wanted(name, wanted)
        if "subnet_ids" in wanted:
            wanted = {**wanted, "subnet_ids": sorted(wanted["subnet_ids"])}
        if "routes" in wanted:
            wanted = {**wanted, "routes": by_destination(wanted["routes"])}
        if name not in self._live and not wanted.get("routes"):
            # A new table has none: to make one without routes, or to leave them for later, is the same.
            wanted = {option: value for option, value in wanted.items() if option != "routes"}
        return wanted

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        """A subnet uses one route table (Amazon VPC User Guide, Subnet route tables)."""
        twice = {each for each in (wanted or {}).get("subnet_ids", []) if not is_placeholder(each)} & self._elsewhere(
            name
        )
        if twice:
            raise WebstackError(
                f"route_table {name}: {', '.join(sorted(twice))} is listed in another route table as well",
                "list every subnet in one route table",
            )

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        routes = next((change for change in outcome.changes if change.field == "routes"), None)
        if outcome.action != "update" or routes is None:
            return []
        before, after = (
            {route["destination_cidr_block"]: route for route in side or []} for side in (routes.before, routes.after)
        )
        notes = []
        if any(destination not in after for destination in before):
            notes.append("where a route goes, nothing of its subnets gets out any more")
        if any(destination in after and after[destination] != route for destination, route in before.items()):
            notes.append("what leaves its subnets has another public address, and open connections are cut")
        return notes

    def create(self, name: str, wanted: Fields) -> None:
        table_id = self.make(
            name,
            "create_route_table",
            "RouteTable",
            propagating=NEW,
            VpcId=self.options["vpc_id"],
            TagSpecifications=self.tag_specifications(name, wanted),
        )
        self._route(table_id, [], wanted.get("routes", []))
        self._associate(table_id, wanted.get("subnet_ids", []))

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        table_id = live["RouteTableId"]
        if "routes" in changed:
            self._route(table_id, own_routes(live), wanted["routes"])
        if "subnet_ids" in changed:
            current = associations(live)
            self._associate(table_id, [subnet for subnet in wanted["subnet_ids"] if subnet not in current])
            # those that another table takes over are moved by it, in one step and without a gap
            leaving = set(current) - set(wanted["subnet_ids"]) - self._elsewhere(name)
            self._disassociate([current[subnet] for subnet in sorted(leaving)])
        if "tags" in changed:
            self.update_tags([table_id], live, wanted)

    def delete(self, name: str, live: Fields) -> None:
        self._disassociate(list(associations(live).values()))
        self.aws.write(
            "ec2", "delete_route_table", missing=("InvalidRouteTableID.NotFound",), RouteTableId=live["RouteTableId"]
        )

    def _route(self, table_id: str, live: list[Fields], wanted: list[Fields]) -> None:
        before = {route["destination_cidr_block"]: route for route in live}
        after = {route["destination_cidr_block"]: route for route in wanted}
        for destination, route in after.items():
            if before.get(destination) != route:
                self.aws.write(
                    "ec2",
                    "replace_route" if destination in before else "create_route",
                    propagating=NEW,
                    RouteTableId=table_id,
                    DestinationCidrBlock=destination,
                    **{TARGETS[key][0]: value for key, value in route.items() if key in TARGETS},
                )
        for destination in before.keys() - after.keys():
            self.aws.write(
                "ec2",
                "delete_route",
                missing=("InvalidRoute.NotFound",),
                RouteTableId=table_id,
                DestinationCidrBlock=destination,
            )

    def _associate(self, table_id: str, subnet_ids: list[str]) -> None:
        for subnet_id in subnet_ids:
            association_id = self._associations.get(subnet_id)
            where: dict[str, t.Any] = {"RouteTableId": table_id, "propagating": NEW}
            if association_id:
                self.aws.write("ec2", "replace_route_table_association", AssociationId=association_id, **where)
            else:
                self.aws.write("ec2", "associate_route_table", SubnetId=subnet_id, **where)

    def _disassociate(self, association_ids: list[str]) -> None:
        for association_id in association_ids:
            self.aws.write(
                "ec2",
                "disassociate_route_table",
                missing=("InvalidAssociationID.NotFound",),
                AssociationId=association_id,
            )

    def _elsewhere(self, name: str) -> set[str]:
        """The subnets that the other listed tables want."""
        others = (table for table in self.options.get("route_tables", []) if table["name"] != name)
        return {subnet_id for table in others for subnet_id in table.get("subnet_ids") or []}


def associations(table: Fields) -> dict[str, str]:
    """The subnets that a live table serves, each with the id of its association."""
    return {
        association["SubnetId"]: association["RouteTableAssociationId"]
        for association in table.get("Associations", [])
        if "SubnetId" in association and association.get("AssociationState", {}).get("State") not in GOING
    }


GOING = ("disassociating", "disassociated")


def own_routes(table: Fields) -> list[Fields]:
    """The routes of a live table that lead to internet and NAT gateways, in the form of the option ``routes``."""
    routes = []
    for route in table.get("Routes", []):
        for option, (member, prefix) in TARGETS.items():
            if "DestinationCidrBlock" in route and route.get(member, "").startswith(prefix):
                routes.append({"destination_cidr_block": route["DestinationCidrBlock"], option: route[member]})
    return routes


def by_destination(routes: list[Fields]) -> list[Fields]:
    """Routes in the one order in which they compare."""
    return sorted(routes, key=lambda route: route["destination_cidr_block"])

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECS clusters on Fargate."""

from __future__ import annotations

from ansible_collections.webstack.aws.plugins.module_utils._placeholders import placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind
from ansible_collections.webstack.aws.plugins.module_utils._tags import tag_changes, tags_to_dict, tags_to_list

#: Clusters that were just made or changed have their capacity providers attached in the background.
BUSY = r"UpdateInProgressException|ResourceInUseException"

#: In an account that never had a cluster, ECS makes its service-linked role with the first one, and is slow to see it.
NO_ROLE_YET = r"(?i)service.linked role"


class EcsCluster(Kind):
    """A cluster, found by its name. A deleted one stays visible as INACTIVE and counts as absent."""

    noun = "ecs_cluster"

    def read(self, names: list[str]) -> dict[str, Fields]:
        clusters = self.aws.read("ecs", "describe_clusters", "clusters", clusters=names, include=["SETTINGS", "TAGS"])
        return {cluster["clusterName"]: cluster for cluster in clusters}

    def is_going(self, live: Fields) -> bool:
        return live["status"] in ("INACTIVE", "DEPROVISIONING")

    def normalize(self, name: str, live: Fields) -> Fields:
        settings = {setting["name"]: setting["value"] for setting in live.get("settings", [])}
        return {
            "container_insights": settings.get("containerInsights", "disabled"),
            "capacity_providers": sorted(live.get("capacityProviders", [])),
            "tags": tags_to_dict(live.get("tags")),
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if "capacity_providers" not in wanted:
            return wanted
        return {**wanted, "capacity_providers": sorted(wanted["capacity_providers"])}

    def create(self, name: str, wanted: Fields) -> None:
        self.aws.write(
            "ecs",
            "create_cluster",
            propagating=NO_ROLE_YET,
            clusterName=name,
            settings=_settings(wanted),
            capacityProviders=wanted.get("capacity_providers", []),
            tags=tags_to_list(wanted.get("tags", {}), "key", "value"),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        if "container_insights" in changed:
            self.aws.write("ecs", "update_cluster_settings", cluster=name, settings=_settings(wanted))
        if "capacity_providers" in changed:
            self.aws.write(
                "ecs",
                "put_cluster_capacity_providers",
                propagating=f"{NO_ROLE_YET}|{BUSY}",
                cluster=name,
                capacityProviders=wanted["capacity_providers"],
                defaultCapacityProviderStrategy=live.get("defaultCapacityProviderStrategy", []),
            )
        if "tags" in changed:
            to_set, to_remove = tag_changes(tags_to_dict(live.get("tags")), wanted["tags"])
            arn = live["clusterArn"]
            if to_set:
                self.aws.write("ecs", "tag_resource", resourceArn=arn, tags=tags_to_list(to_set, "key", "value"))
            if to_remove:
                self.aws.write("ecs", "untag_resource", resourceArn=arn, tagKeys=to_remove)

    def delete(self, name: str, live: Fields) -> None:
        self.aws.write("ecs", "delete_cluster", propagating=BUSY, missing=("ClusterNotFoundException",), cluster=name)

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        return {
            "cluster_name": name,
            "cluster_arn": placeholder_arn("ecs", self.aws.region, f"cluster/{name}"),
            "status": "ACTIVE",
            "capacity_providers": wanted.get("capacity_providers", []),
            "tags": wanted.get("tags", {}),
        }


def _settings(wanted: Fields) -> list[dict[str, str]]:
    insights = wanted.get("container_insights")
    return [{"name": "containerInsights", "value": insights}] if insights else []

"""RDS as AWS has it, for PostgreSQL and Aurora PostgreSQL.

Instances, clusters, snapshots, subnet groups, parameter groups and tags are kept here and not by moto, whose own of
them know neither states nor engine parameters. What moto would still answer from its own state is withdrawn.
"""

from __future__ import annotations

from typing import Any

from moto.rds.models import rds_backends
from moto.rds.responses import RDSResponse

from tests.emulator import vpc
from tests.emulator.query_service import Context, Service
from tests.emulator.services.rds import catalog, clusters, instances, parameter_groups, snapshots, subnet_groups, tags
from tests.emulator.services.rds.common import Store

_HANDLERS: dict[str, Any] = {
    "CreateDBSubnetGroup": subnet_groups.create_db_subnet_group,
    "DeleteDBSubnetGroup": subnet_groups.delete_db_subnet_group,
    "DescribeCertificates": catalog.describe_certificates,
    "DescribeDBEngineVersions": catalog.describe_db_engine_versions,
    "DescribeDBSubnetGroups": subnet_groups.describe_db_subnet_groups,
    "DescribeOrderableDBInstanceOptions": catalog.describe_orderable_db_instance_options,
    "ModifyDBSubnetGroup": subnet_groups.modify_db_subnet_group,
    **clusters.HANDLERS,
    **instances.HANDLERS,
    **parameter_groups.HANDLERS,
    **snapshots.HANDLERS,
    **tags.HANDLERS,
}

# Operations of moto on instances, clusters or snapshots of its own, of which there are none.
_WITHDRAWN = (
    "AddRoleToDBCluster",
    "AddRoleToDBInstance",
    "CancelExportTask",
    "CreateBlueGreenDeployment",
    "CreateDBShardGroup",
    "CreateGlobalCluster",
    "DeleteBlueGreenDeployment",
    "DeleteGlobalCluster",
    "DeregisterDBProxyTargets",
    "DescribeBlueGreenDeployments",
    "DescribeDBClusterSnapshotAttributes",
    "DescribeDBInstanceAutomatedBackups",
    "DescribeDBLogFiles",
    "DescribeDBShardGroups",
    "DescribeDBSnapshotAttributes",
    "DescribeEvents",
    "DescribeExportTasks",
    "ModifyDBClusterSnapshotAttribute",
    "ModifyDBSnapshotAttribute",
    "PromoteReadReplicaDBCluster",
    "RegisterDBProxyTargets",
    "RemoveFromGlobalCluster",
    "RestoreDBClusterToPointInTime",
    "StartExportTask",
    "SwitchoverBlueGreenDeployment",
)


def _settle(context: Context) -> None:
    """Finish what is due: members before their clusters, which wait for them."""
    store = context.store
    for things in (store.instances, store.clusters, store.snapshots, store.cluster_snapshots):
        for thing in list(things.values()):
            thing.settle()


def install() -> None:
    """Put all of it in the place of moto's."""
    service = Service("rds", RDSResponse, rds_backends, Store, _settle)
    service.bind(_HANDLERS)
    service.withdraw(_WITHDRAWN)
    tags.join_tagging_api(service.context)
    vpc.settle_before_ec2(service.settle_all)

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of resource that a stack can have: how it is found by tags, what may keep it, how it is removed."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError
from ansible_collections.webstack.aws.plugins.module_utils._removal import (
    GONE,
    STILL_USED,
    Found,
    Owner,
    Removable,
    Wishes,
)
from ansible_collections.webstack.aws.plugins.module_utils._removal_api_gateway import KINDS as API_GATEWAY_KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_api_gateway import domain_hosts
from ansible_collections.webstack.aws.plugins.module_utils._removal_files import KINDS as FILES_KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_jobs import KINDS as JOBS_KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_monitoring import KINDS as MONITORING_KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_network import KINDS as NETWORK_KINDS
from ansible_collections.webstack.aws.plugins.module_utils._removal_rds import DATABASES
from ansible_collections.webstack.aws.plugins.module_utils._removal_rds import KINDS as RDS_KINDS
from ansible_collections.webstack.aws.plugins.module_utils._route53 import BUSY, owner_reference
from ansible_collections.webstack.aws.plugins.module_utils._tags import tags_to_dict


def _last(arn: str, separator: str = "/") -> str:
    return arn.rsplit(separator, 1)[-1]


def _batches(items: list[t.Any], size: int) -> t.Iterator[list[t.Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


# --- Amazon EC2: found by tag filters, which do not lag behind as the tagging API does --------------------------------


def _ec2(
    kind: str, describe: str, path: str, identifier: str, going: tuple[str, ...] = (), state: str = "State"
) -> t.Any:
    def find(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
        # NAT gateways alone call the argument Filter.
        argument = "Filter" if describe == "describe_nat_gateways" else "Filters"
        arguments: dict[str, t.Any] = {argument: owner.filters}
        items = aws.read("ec2", describe, path, **arguments)
        return [
            Found(kind, item[identifier], item, item.get(state) in going)
            for item in items
            # A NAT gateway that failed holds nothing; AWS shows it for about an hour.
            if item.get(state) != "deleted" and not (kind == "nat_gateway" and item.get(state) == "failed")
        ]

    return find


def _ec2_remove(operation: str, argument: str) -> t.Any:
    def remove(aws: Aws, found: Found, _wishes: Wishes) -> None:
        arguments: dict[str, t.Any] = {argument: found.identifier}
        aws.write("ec2", operation, missing=(*STILL_USED, *GONE), **arguments)

    return remove


def _remove_internet_gateway(aws: Aws, found: Found, _wishes: Wishes) -> None:
    for attachment in found.detail.get("Attachments", []):
        answer = aws.write(
            "ec2",
            "detach_internet_gateway",
            missing=(*STILL_USED, *GONE, "Gateway.NotAttached"),
            InternetGatewayId=found.identifier,
            VpcId=attachment["VpcId"],
        )
        if answer is None:
            return
    aws.write("ec2", "delete_internet_gateway", missing=(*STILL_USED, *GONE), InternetGatewayId=found.identifier)


def _remove_security_group(aws: Aws, found: Found, _wishes: Wishes) -> None:
    # Groups that name each other hold each other: their rules go first.
    for side, operation in (
        ("IpPermissions", "revoke_security_group_ingress"),
        ("IpPermissionsEgress", "revoke_security_group_egress"),
    ):
        if found.detail.get(side):
            aws.write(
                "ec2",
                operation,
                missing=("InvalidPermission.NotFound", *GONE),
                GroupId=found.identifier,
                IpPermissions=found.detail[side],
            )
    aws.write("ec2", "delete_security_group", missing=(*STILL_USED, *GONE), GroupId=found.identifier)


def _remove_vpc_endpoint(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("ec2", "delete_vpc_endpoints", VpcEndpointIds=[found.identifier])


def _find_subnets(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    """Subnets; one in which somebody else's network interface lives is blocked, with the interface named."""
    subnets = aws.read("ec2", "describe_subnets", "Subnets", Filters=owner.filters)
    if not subnets:
        return []
    ours = {
        group["GroupId"]
        for group in aws.read("ec2", "describe_security_groups", "SecurityGroups", Filters=owner.filters)
    }
    interfaces = aws.read(
        "ec2",
        "describe_network_interfaces",
        "NetworkInterfaces",
        Filters=[{"Name": "subnet-id", "Values": [subnet["SubnetId"] for subnet in subnets]}],
    )
    strangers: dict[str, list[str]] = {}
    for interface in interfaces:
        groups = {group["GroupId"] for group in interface.get("Groups", [])}
        # Those that AWS makes for NAT gateways have no group; those of our own resources have a group of ours.
        if groups and not groups & ours:
            words = f"{interface['NetworkInterfaceId']} ({interface.get('Description') or 'no description'})"
            strangers.setdefault(interface["SubnetId"], []).append(words)
    return [
        Found(
            "subnet",
            subnet["SubnetId"],
            subnet,
            blocker=f"others' network interfaces: {', '.join(strangers[subnet['SubnetId']])}; remove them first"
            if subnet["SubnetId"] in strangers
            else "",
        )
        for subnet in subnets
    ]


# --- Elastic Load Balancing -------------------------------------------------------------------------------------------


def _find_load_balancers(aws: Aws, _owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        attributes = aws.read(
            "elbv2",
            "describe_load_balancer_attributes",
            "Attributes",
            missing=("LoadBalancerNotFound",),
            LoadBalancerArn=arn,
        )
        if attributes is None:
            continue
        values = {attribute["Key"]: attribute["Value"] for attribute in attributes}
        protected = values.get("deletion_protection.enabled") == "true"
        blocker = "it is protected from deletion; -e allow_protected=true lifts that"
        found.append(
            Found(
                "load_balancer",
                arn,
                {"protected": protected},
                blocker=blocker if protected and not wishes.allow_protected else "",
            )
        )
    return found


def _remove_load_balancer(aws: Aws, found: Found, _wishes: Wishes) -> None:
    if found.detail["protected"]:
        aws.write(
            "elbv2",
            "modify_load_balancer_attributes",
            LoadBalancerArn=found.identifier,
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}],
        )
    aws.write("elbv2", "delete_load_balancer", missing=("LoadBalancerNotFound",), LoadBalancerArn=found.identifier)


def _find_target_groups(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        groups = aws.read(
            "elbv2", "describe_target_groups", "TargetGroups", missing=("TargetGroupNotFound",), TargetGroupArns=[arn]
        )
        found += [Found("target_group", arn, group) for group in groups or []]
    return found


def _remove_target_group(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write(
        "elbv2", "delete_target_group", missing=(*STILL_USED, "TargetGroupNotFound"), TargetGroupArn=found.identifier
    )


# --- Amazon Route 53: the tagging API knows its zones only in us-east-1, so Route 53 itself is asked ------------------

#: Amazon Route 53 API, ListTagsForResources, ResourceIds: so many in one call.
MOST_ZONES = 10

#: Amazon Route 53 API, ChangeResourceRecordSets: a change of many records is sent in parts, well below its thousand.
MOST_RECORDS = 100


def _find_zones(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    zones = {_last(zone["Id"]): zone for zone in aws.read("route53", "list_hosted_zones", "HostedZones")}
    found = []
    for batch in _batches(list(zones), MOST_ZONES):
        for item in _tags_of_zones(aws, batch):
            tags, zone = tags_to_dict(item.get("Tags")), zones[item["ResourceId"]]
            # One that a run made which was killed before it could tag it bears its owner in its reference.
            is_left_behind = not tags and zone["CallerReference"].startswith(owner_reference(owner.tags))
            if owner.tags.items() <= tags.items() or is_left_behind:
                found.append(Found("route53_zone", item["ResourceId"], zone))
    return found


def _tags_of_zones(aws: Aws, zone_ids: list[str]) -> list[dict[str, t.Any]]:
    tagged = aws.read(
        "route53",
        "list_tags_for_resources",
        "ResourceTagSets",
        missing=("NoSuchHostedZone",),
        ResourceType="hostedzone",
        ResourceIds=zone_ids,
    )
    if tagged is None and len(zone_ids) > 1:
        # one of them has gone meanwhile, and AWS says nothing of the others
        return [item for zone_id in zone_ids for item in _tags_of_zones(aws, [zone_id])]
    return tagged or []


def _remove_zone(aws: Aws, found: Found, _wishes: Wishes) -> None:
    name = found.detail["Name"]
    records = aws.read(
        "route53",
        "list_resource_record_sets",
        "ResourceRecordSets",
        missing=("NoSuchHostedZone",),
        HostedZoneId=found.identifier,
    )
    # These two came with the zone and go with it.
    own = [record for record in records if record["Name"] != name or record["Type"] not in ("NS", "SOA")]
    for batch in _batches(own, MOST_RECORDS):
        _remove_records(aws, found.identifier, batch)
    aws.write(
        "route53",
        "delete_hosted_zone",
        missing=("NoSuchHostedZone", "HostedZoneNotEmpty"),
        propagating=BUSY,
        Id=found.identifier,
    )


def _remove_records(aws: Aws, zone_id: str, records: list[dict[str, t.Any]]) -> None:
    aws.write(
        "route53",
        "change_resource_record_sets",
        # The second says that one of them is not there any more or has just been changed; the next pass looks again.
        missing=("NoSuchHostedZone", "InvalidChangeBatch"),
        propagating=BUSY,
        HostedZoneId=zone_id,
        ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record} for record in records]},
    )


def _find_records(aws: Aws, owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    """Alias records in any zone of the account that point at the stack's load balancers or at its API's domain.

    Nothing else is behind them. Records carry no tags: once their target is gone nobody can tell whose they were.
    """
    wholes = {
        balancer["DNSName"].lower(): f"load_balancer/{balancer['LoadBalancerName']}"
        for arn in arns
        for balancer in aws.read(
            "elbv2",
            "describe_load_balancers",
            "LoadBalancers",
            missing=("LoadBalancerNotFound",),
            LoadBalancerArns=[arn],
        )
    }
    wholes |= {host: f"api_domain/{domain}" for host, domain in domain_hosts(aws, owner).items()}
    zones = aws.read("route53", "list_hosted_zones", "HostedZones") if wholes else []
    found = []
    for zone in zones:
        zone_id = _last(zone["Id"])
        records = aws.read(
            "route53",
            "list_resource_record_sets",
            "ResourceRecordSets",
            missing=("NoSuchHostedZone",),
            HostedZoneId=zone_id,
        )
        for record in records:
            # Route 53's console puts dualstack. before a load balancer's name, which means the same.
            target = record.get("AliasTarget", {}).get("DNSName", "").lower().rstrip(".").removeprefix("dualstack.")
            if target in wholes:
                words = f"{record['Name'].rstrip('.')} {record['Type']} in zone {zone_id}"
                detail = {"zone_id": zone_id, "record": record}
                found.append(Found("route53_record", words, detail, part_of=wholes[target]))
    return found


def _remove_record(aws: Aws, found: Found, _wishes: Wishes) -> None:
    _remove_records(aws, found.detail["zone_id"], [found.detail["record"]])


# --- Amazon ECS and Application Auto Scaling --------------------------------------------------------------------------


def _find_services(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        cluster = arn.split("/")[-2]
        services = aws.read(
            "ecs",
            "describe_services",
            "services",
            missing=("ClusterNotFoundException",),
            cluster=cluster,
            services=[arn],
        )
        found += [
            Found("ecs_service", arn, {"cluster": cluster, "service": service}, service["status"] == "DRAINING")
            for service in services or []
            if service["status"] != "INACTIVE"
        ]
    return found


def _remove_service(aws: Aws, found: Found, _wishes: Wishes) -> None:
    cluster = found.detail["cluster"]
    resource = f"service/{cluster}/{_last(found.identifier)}"
    aws.write(
        "application-autoscaling",
        "deregister_scalable_target",
        missing=("ObjectNotFoundException",),
        ServiceNamespace="ecs",
        ResourceId=resource,
        ScalableDimension="ecs:service:DesiredCount",
    )
    # Scaled to zero first, so that tasks leave the load balancer in order and nothing is left draining for ever. Where
    # somebody has removed the load balancer already, ECS takes no update, and there is nothing to leave in order.
    gone = ("ServiceNotActiveException", "ServiceNotFoundException")
    aws.write(
        "ecs",
        "update_service",
        missing=(*gone, "InvalidParameterException"),
        cluster=cluster,
        service=found.identifier,
        desiredCount=0,
    )
    aws.write("ecs", "delete_service", missing=gone, cluster=cluster, service=found.identifier, force=True)


def _find_clusters(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    clusters = aws.read("ecs", "describe_clusters", "clusters", clusters=arns) if arns else []
    return [
        Found("ecs_cluster", cluster["clusterArn"], cluster, cluster["status"] == "DEPROVISIONING")
        for cluster in clusters
        if cluster["status"] != "INACTIVE"
    ]


def _remove_cluster(aws: Aws, found: Found, _wishes: Wishes) -> None:
    arn = found.identifier
    for task in aws.read("ecs", "list_tasks", "taskArns", missing=("ClusterNotFoundException",), cluster=arn):
        aws.write("ecs", "stop_task", cluster=arn, task=task, reason="the stack is being removed")
    aws.write("ecs", "delete_cluster", missing=(*STILL_USED, "ClusterNotFoundException"), cluster=arn)
    # Container Insights makes this group by itself, without tags.
    insights = f"/aws/ecs/containerinsights/{_last(arn)}/performance"
    aws.write("logs", "delete_log_group", missing=("ResourceNotFoundException",), logGroupName=insights)


def _find_task_definitions(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        definition = aws.read(
            "ecs", "describe_task_definition", "taskDefinition", missing=("ClientException",), taskDefinition=arn
        )
        if definition and definition.get("status") in ("ACTIVE", "INACTIVE"):
            found.append(Found("ecs_task_definition", arn, definition))
    return found


def _remove_task_definition(aws: Aws, found: Found, _wishes: Wishes) -> None:
    if found.detail["status"] == "ACTIVE":
        aws.write("ecs", "deregister_task_definition", taskDefinition=found.identifier)
    aws.write("ecs", "delete_task_definitions", taskDefinitions=[found.identifier])


# --- Amazon ElastiCache -----------------------------------------------------------------------------------------------


def _find_caches(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        name = _last(arn, ":")
        groups = aws.read(
            "elasticache",
            "describe_replication_groups",
            "ReplicationGroups",
            missing=("ReplicationGroupNotFoundFault",),
            ReplicationGroupId=name,
        )
        found += [
            Found("elasticache_replication_group", name, group, group["Status"] == "deleting") for group in groups
        ]
    return found


def _remove_cache(aws: Aws, found: Found, wishes: Wishes) -> str | None:
    name = found.identifier
    busy = ("InvalidReplicationGroupState", "ReplicationGroupNotFoundFault")
    can_keep = found.detail["Status"] != "create-failed"
    keeps = wishes.final_snapshot and can_keep and found.detail.get("SnapshotRetentionLimit", 0) > 0
    snapshot = f"{name}-final-{wishes.timestamp}"
    final: dict[str, t.Any] = {"FinalSnapshotIdentifier": snapshot} if keeps else {}
    answer = aws.write(
        "elasticache",
        "delete_replication_group",
        missing=busy,
        ReplicationGroupId=name,
        **final,
    )
    return f"final snapshot {snapshot}" if keeps and answer else None


def _cache_group(kind: str, describe: str, path: str, argument: str, delete: str, missing: str) -> tuple[t.Any, t.Any]:
    def find(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
        names = [_last(arn, ":") for arn in arns]
        return [
            Found(kind, name, {})
            for name in names
            if aws.read("elasticache", describe, path, missing=(missing,), **{argument: name})
        ]

    def remove(aws: Aws, found: Found, _wishes: Wishes) -> None:
        arguments: dict[str, t.Any] = {argument: found.identifier}
        aws.write("elasticache", delete, missing=(*STILL_USED, missing), **arguments)

    return find, remove


# --- Amazon S3, ECR, Secrets Manager ----------------------------------------------------------------------------------


def _find_buckets(aws: Aws, _owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        name = _last(arn, ":")
        tags = aws.read("s3", "get_bucket_tagging", "TagSet", missing=("NoSuchBucket", "NoSuchTagSet"), Bucket=name)
        if tags is None:
            continue
        is_allowed = f"s3_bucket/{name}" in wishes.data
        may_lose_objects = is_allowed or tags_to_dict(tags).get("webstack:force-destroy") == "true"
        first = aws.read("s3", "list_object_versions", Bucket=name, PaginationConfig={"MaxItems": 1})
        is_empty = not first.get("Versions") and not first.get("DeleteMarkers")
        blocker = "it holds objects; empty it, or set storage_force_destroy: true and run site.yml before"
        found.append(Found("s3_bucket", name, {}, blocker="" if is_empty or may_lose_objects else blocker))
    return found


def _remove_bucket(aws: Aws, found: Found, _wishes: Wishes) -> None:
    name = found.identifier
    listed = aws.read("s3", "list_object_versions", Bucket=name)
    objects = [
        {"Key": item["Key"], "VersionId": item["VersionId"]}
        for item in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
    ]
    for batch in _batches(objects, 1000):
        answer = aws.write("s3", "delete_objects", Bucket=name, Delete={"Objects": batch, "Quiet": True})
        # S3 says yes to the call and lists what it refused (a policy, a lock).
        for error in answer.get("Errors", []):
            reason = f"{error['Key']}: {error.get('Message', 'no reason given')}"
            raise AwsError(f"s3_bucket {name}", "s3:DeleteObjects", error["Code"], reason)
    for upload in aws.read("s3", "list_multipart_uploads", "Uploads", Bucket=name) or []:
        aws.write("s3", "abort_multipart_upload", Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])
    aws.write("s3", "delete_bucket", missing=("NoSuchBucket", "BucketNotEmpty"), Bucket=name)


def _find_repositories(aws: Aws, _owner: Owner, arns: list[str], wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        name = arn.split(":repository/", 1)[1]
        images = aws.read(
            "ecr", "list_images", "imageIds", missing=("RepositoryNotFoundException",), repositoryName=name
        )
        exists = aws.read(
            "ecr",
            "describe_repositories",
            "repositories",
            missing=("RepositoryNotFoundException",),
            repositoryNames=[name],
        )
        blocker = f"it holds {len(images)} images; -e allow_protected=true lets them go" if images else ""
        if exists:
            is_allowed = wishes.allow_protected or f"ecr_repository/{name}" in wishes.data
            found.append(Found("ecr_repository", name, {}, blocker="" if is_allowed else blocker))
    return found


def _remove_repository(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write(
        "ecr",
        "delete_repository",
        missing=("RepositoryNotFoundException",),
        repositoryName=found.identifier,
        force=True,
    )


def _find_secrets(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    found = []
    for arn in arns:
        secret = aws.read("secretsmanager", "describe_secret", missing=("ResourceNotFoundException",), SecretId=arn)
        if secret and "DeletedDate" not in secret:
            found.append(Found("secret", secret["Name"], {}))
    return found


def _remove_secret(aws: Aws, found: Found, wishes: Wishes) -> str | None:
    days = wishes.recovery_days
    # What these say is that it is deleted already.
    gone = ("ResourceNotFoundException", "InvalidRequestException")
    answer = aws.write(
        "secretsmanager", "delete_secret", missing=gone, SecretId=found.identifier, RecoveryWindowInDays=days
    )
    return None if answer is None else f"secret {found.identifier} for {days} days, during which it can be restored"


# --- What one call finds and one call removes -------------------------------------------------------------------------


def _find_log_groups(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    names = [re.sub(r":\*$", "", arn.split(":log-group:", 1)[1]) for arn in arns]
    return [
        Found("log_group", name, {})
        for name in names
        if any(
            group["logGroupName"] == name
            for group in aws.read("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        )
    ]


def _remove_log_group(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("logs", "delete_log_group", missing=("ResourceNotFoundException",), logGroupName=found.identifier)


def _find_alarms(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    names = [arn.split(":alarm:", 1)[1] for arn in arns]
    return [
        Found("cloudwatch_alarm", alarm["AlarmName"], {})
        for batch in _batches(names, 100)
        for alarm in aws.read("cloudwatch", "describe_alarms", "MetricAlarms", AlarmNames=batch)
    ]


def _remove_alarm(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("cloudwatch", "delete_alarms", missing=("ResourceNotFound",), AlarmNames=[found.identifier])


def _find_dashboards(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    # A list does not show tags; the names of the stack's dashboards begin with its own.
    entries = aws.read("cloudwatch", "list_dashboards", "DashboardEntries", DashboardNamePrefix=owner.prefix)
    return [
        Found("cloudwatch_dashboard", entry["DashboardName"], {})
        for entry in entries
        if owner.tags.items() <= _dashboard_tags(aws, entry["DashboardArn"]).items()
    ]


def _dashboard_tags(aws: Aws, arn: str) -> dict[str, str]:
    missing = ("ResourceNotFound", "ResourceNotFoundException")
    return tags_to_dict(aws.read("cloudwatch", "list_tags_for_resource", "Tags", missing=missing, ResourceARN=arn))


def _remove_dashboard(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("cloudwatch", "delete_dashboards", missing=("ResourceNotFound",), DashboardNames=[found.identifier])


def _find_topics(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    return [
        Found("sns_topic", arn, {})
        for arn in arns
        if aws.read(
            "sns", "get_topic_attributes", "Attributes", missing=("NotFound", "NotFoundException"), TopicArn=arn
        )
    ]


def _remove_topic(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("sns", "delete_topic", TopicArn=found.identifier)


def _find_parameters(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    names = ["/" + arn.split(":parameter/", 1)[1] for arn in arns]
    return [
        Found("ssm_parameter", name, {})
        for name in names
        if aws.read("ssm", "get_parameter", "Parameter", missing=("ParameterNotFound",), Name=name)
    ]


def _remove_parameter(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write("ssm", "delete_parameter", missing=("ParameterNotFound",), Name=found.identifier)


def _find_certificates(aws: Aws, _owner: Owner, arns: list[str], _wishes: Wishes) -> list[Found]:
    return [
        Found("acm_certificate", arn, {})
        for arn in arns
        if aws.read(
            "acm", "describe_certificate", "Certificate", missing=("ResourceNotFoundException",), CertificateArn=arn
        )
    ]


def _remove_certificate(aws: Aws, found: Found, _wishes: Wishes) -> None:
    aws.write(
        "acm", "delete_certificate", missing=(*STILL_USED, "ResourceNotFoundException"), CertificateArn=found.identifier
    )


# --- IAM: not known to the tagging API; every role and user is asked for its tags -------------------------------------

#: Roles that belong to AWS.
AWS_PATHS = ("/aws-service-role/", "/aws-reserved/")


def _find_roles(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    roles = aws.read("iam", "list_roles", "Roles")
    names = [role["RoleName"] for role in roles if not role["Path"].startswith(AWS_PATHS)]
    return [Found("iam_role", name, {}) for name in names if _is_ours(aws, owner, "role", name)]


def _find_users(aws: Aws, owner: Owner, _arns: list[str], _wishes: Wishes) -> list[Found]:
    names = [user["UserName"] for user in aws.read("iam", "list_users", "Users")]
    return [Found("iam_user", name, {}) for name in names if _is_ours(aws, owner, "user", name)]


def _is_ours(aws: Aws, owner: Owner, what: str, name: str) -> bool:
    argument = {f"{what.capitalize()}Name": name}
    tags = tags_to_dict(aws.read("iam", f"list_{what}_tags", "Tags", missing=("NoSuchEntity",), **argument))
    return owner.tags.items() <= tags.items()


def _remove_role(aws: Aws, found: Found, _wishes: Wishes) -> None:
    _remove_policies(aws, "role", found.identifier)
    aws.write("iam", "delete_role", missing=(*STILL_USED, "NoSuchEntity"), RoleName=found.identifier)


def _remove_user(aws: Aws, found: Found, _wishes: Wishes) -> None:
    name = found.identifier
    for key in aws.read("iam", "list_access_keys", "AccessKeyMetadata", missing=("NoSuchEntity",), UserName=name):
        aws.write("iam", "delete_access_key", missing=("NoSuchEntity",), UserName=name, AccessKeyId=key["AccessKeyId"])
    _remove_policies(aws, "user", name)
    aws.write("iam", "delete_user", missing=(*STILL_USED, "NoSuchEntity"), UserName=name)


def _remove_policies(aws: Aws, what: str, name: str) -> None:
    argument: dict[str, t.Any] = {f"{what.capitalize()}Name": name}
    for policy in aws.read("iam", f"list_{what}_policies", "PolicyNames", missing=("NoSuchEntity",), **argument):
        aws.write("iam", f"delete_{what}_policy", missing=("NoSuchEntity",), PolicyName=policy, **argument)
    for policy in aws.read(
        "iam", f"list_attached_{what}_policies", "AttachedPolicies", missing=("NoSuchEntity",), **argument
    ):
        aws.write("iam", f"detach_{what}_policy", missing=("NoSuchEntity",), PolicyArn=policy["PolicyArn"], **argument)


_CACHE_SUBNET_GROUP = _cache_group(
    "elasticache_subnet_group",
    "describe_cache_subnet_groups",
    "CacheSubnetGroups",
    "CacheSubnetGroupName",
    "delete_cache_subnet_group",
    "CacheSubnetGroupNotFoundFault",
)
_CACHE_PARAMETER_GROUP = _cache_group(
    "elasticache_parameter_group",
    "describe_cache_parameter_groups",
    "CacheParameterGroups",
    "CacheParameterGroupName",
    "delete_cache_parameter_group",
    "CacheParameterGroupNotFound",
)

#: What lives in the VPC and keeps its parts in use.
_INHABITANTS = (
    "ecs_service",
    "ecs_cluster",
    "load_balancer",
    "vpc_link",
    *DATABASES,
    "elasticache_replication_group",
    "efs_mount_target",
    "vpc_endpoint",
    "nat_gateway",
)

_LOAD_BALANCER = r"arn:[^:]+:elasticloadbalancing:.*:loadbalancer/.+"

#: All kinds, in the order in which a list of them reads well. Each waits for those named in ``after``.
KINDS: dict[str, Removable] = {
    **JOBS_KINDS,
    "ecs_service": Removable(_find_services, _remove_service, ("schedule",), r"arn:[^:]+:ecs:.*:service/.+"),
    "ecs_cluster": Removable(
        _find_clusters, _remove_cluster, ("schedule", "ecs_service"), r"arn:[^:]+:ecs:.*:cluster/.+"
    ),
    "ecs_task_definition": Removable(
        _find_task_definitions,
        _remove_task_definition,
        ("ecs_service", "ecs_cluster"),
        r"arn:[^:]+:ecs:.*:task-definition/.+",
    ),
    "route53_record": Removable(_find_records, _remove_record, arn=_LOAD_BALANCER),
    **API_GATEWAY_KINDS,
    "load_balancer": Removable(
        _find_load_balancers, _remove_load_balancer, ("route53_record", "http_api", "ecs_service"), _LOAD_BALANCER
    ),
    "route53_zone": Removable(_find_zones, _remove_zone, ("route53_record", "load_balancer", "api_domain")),
    "target_group": Removable(
        _find_target_groups,
        _remove_target_group,
        ("ecs_service", "load_balancer"),
        r"arn:[^:]+:elasticloadbalancing:.*:targetgroup/.+",
    ),
    "acm_certificate": Removable(
        _find_certificates, _remove_certificate, ("load_balancer", "api_domain"), r"arn:[^:]+:acm:.*:certificate/.+"
    ),
    **RDS_KINDS,
    "elasticache_replication_group": Removable(
        _find_caches, _remove_cache, ("ecs_service",), r"arn:[^:]+:elasticache:.*:replicationgroup:.+"
    ),
    "elasticache_subnet_group": Removable(
        *_CACHE_SUBNET_GROUP, ("elasticache_replication_group",), r"arn:[^:]+:elasticache:.*:subnetgroup:.+"
    ),
    "elasticache_parameter_group": Removable(
        *_CACHE_PARAMETER_GROUP, ("elasticache_replication_group",), r"arn:[^:]+:elasticache:.*:parametergroup:.+"
    ),
    **FILES_KINDS,
    "s3_bucket": Removable(_find_buckets, _remove_bucket, ("ecs_service", "load_balancer"), r"arn:[^:]+:s3:::.+"),
    "ecr_repository": Removable(
        _find_repositories, _remove_repository, ("ecs_service",), r"arn:[^:]+:ecr:.*:repository/.+"
    ),
    "secret": Removable(
        _find_secrets,
        _remove_secret,
        ("ecs_service", *DATABASES, "elasticache_replication_group"),
        r"arn:[^:]+:secretsmanager:.*:secret:.+",
    ),
    "iam_user": Removable(_find_users, _remove_user, ("ecs_service",)),
    "iam_role": Removable(
        _find_roles, _remove_role, ("schedule", "ecs_service", "ecs_cluster", *DATABASES, "flow_log")
    ),
    "cloudwatch_alarm": Removable(_find_alarms, _remove_alarm, arn=r"arn:[^:]+:cloudwatch:.*:alarm:.+"),
    "cloudwatch_dashboard": Removable(_find_dashboards, _remove_dashboard),
    "sns_topic": Removable(_find_topics, _remove_topic, ("cloudwatch_alarm",), r"arn:[^:]+:sns:[^:]*:[^:]*:[^:]+"),
    **MONITORING_KINDS,
    "log_group": Removable(
        _find_log_groups,
        _remove_log_group,
        ("ecs_service", "ecs_cluster", "http_api", *DATABASES, "flow_log"),
        r"arn:[^:]+:logs:.*:log-group:.+",
    ),
    "ssm_parameter": Removable(_find_parameters, _remove_parameter, arn=r"arn:[^:]+:ssm:.*:parameter/.+"),
    **NETWORK_KINDS,
    "vpc_endpoint": Removable(
        _ec2("vpc_endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", ("deleting", "Deleting")),
        _remove_vpc_endpoint,
        ("ecs_service",),
    ),
    "nat_gateway": Removable(
        _ec2("nat_gateway", "describe_nat_gateways", "NatGateways", "NatGatewayId", ("deleting",)),
        _ec2_remove("delete_nat_gateway", "NatGatewayId"),
        ("ecs_service",),
    ),
    "elastic_ip": Removable(
        _ec2("elastic_ip", "describe_addresses", "Addresses", "AllocationId"),
        _ec2_remove("release_address", "AllocationId"),
        ("nat_gateway",),
    ),
    "security_group": Removable(
        _ec2("security_group", "describe_security_groups", "SecurityGroups", "GroupId"),
        _remove_security_group,
        _INHABITANTS,
    ),
    "subnet": Removable(
        _find_subnets,
        _ec2_remove("delete_subnet", "SubnetId"),
        (*_INHABITANTS, "rds_subnet_group", "elasticache_subnet_group"),
    ),
    "route_table": Removable(
        _ec2("route_table", "describe_route_tables", "RouteTables", "RouteTableId"),
        _ec2_remove("delete_route_table", "RouteTableId"),
        ("subnet",),
    ),
    "internet_gateway": Removable(
        _ec2("internet_gateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        _remove_internet_gateway,
        ("nat_gateway", "elastic_ip", "load_balancer", "ecs_service", "ecs_cluster"),
    ),
    "vpc": Removable(
        _ec2("vpc", "describe_vpcs", "Vpcs", "VpcId"),
        _ec2_remove("delete_vpc", "VpcId"),
        ("subnet", "route_table", "internet_gateway", "security_group", "vpc_endpoint", "flow_log"),
    ),
}

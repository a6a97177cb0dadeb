# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which actions of IAM the roles need of AWS: the one list, by part of a stack. The roles' READMEs name more.

What only some accounts or settings need (service-linked roles of a new account, KMS keys of one's own) is not among
it, nor what only a change needs that nobody may ever make: a stack that can be built shall not be refused.
"""

from __future__ import annotations

import typing as t

_ROLES = (
    "CreateRole GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies PutRolePolicy TagRole "
    "UpdateAssumeRolePolicy UpdateRole"
)

#: Part of a stack -> service -> actions. A part is a role, or what a role does only where the variables ask for it.
ACTIONS: dict[str, dict[str, str]] = {
    "api_gateway": {"apigateway": "GET PATCH POST"},
    "cache": {
        "elasticache": "AddTagsToResource CreateCacheParameterGroup CreateCacheSubnetGroup CreateReplicationGroup "
        "DescribeCacheClusters DescribeCacheParameterGroups DescribeCacheParameters DescribeCacheSubnetGroups "
        "DescribeReplicationGroups ListTagsForResource ModifyReplicationGroup"
    },
    "container_service": {
        "ecs": "CreateCluster CreateService DescribeClusters DescribeServices DescribeTaskDefinition DescribeTasks "
        "ListTasks PutClusterCapacityProviders RegisterTaskDefinition TagResource UpdateService",
        "ecr": "DescribeImages",
        "iam": "PassRole",
        "logs": "GetLogEvents",
        "application-autoscaling": "DescribeScalableTargets DescribeScalingPolicies DescribeScheduledActions "
        "ListTagsForResource PutScalingPolicy RegisterScalableTarget TagResource",
    },
    "database": {
        "rds": "AddTagsToResource CreateDBInstance CreateDBParameterGroup CreateDBSubnetGroup DescribeDBInstances "
        "DescribeDBParameterGroups DescribeDBParameters DescribeDBSubnetGroups ListTagsForResource ModifyDBInstance",
        "secretsmanager": "GetSecretValue",
    },
    "database_aurora": {
        "rds": "CreateDBCluster CreateDBClusterParameterGroup DescribeDBClusterParameterGroups "
        "DescribeDBClusterParameters DescribeDBClusters ModifyDBCluster"
    },
    "dns_certificate": {
        "acm": "AddTagsToCertificate DescribeCertificate ListCertificates ListTagsForCertificate RequestCertificate"
    },
    "dns_records": {
        "route53": "ChangeResourceRecordSets GetHostedZone ListHostedZonesByName ListResourceRecordSets "
        "ListTagsForResource"
    },
    "dns_zone": {"route53": "ChangeTagsForResource CreateHostedZone"},
    "file_system": {
        "elasticfilesystem": "CreateAccessPoint CreateFileSystem CreateMountTarget DescribeAccessPoints "
        "DescribeFileSystems DescribeLifecycleConfiguration DescribeMountTargets PutFileSystemPolicy "
        "PutLifecycleConfiguration TagResource"
    },
    "identity": {"iam": _ROLES},
    "jobs": {
        "ecs": "DescribeTaskDefinition RegisterTaskDefinition TagResource",
        "iam": f"PassRole {_ROLES}",
        "scheduler": "CreateSchedule CreateScheduleGroup GetSchedule GetScheduleGroup ListSchedules "
        "ListTagsForResource TagResource UpdateSchedule",
        "sqs": "CreateQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue",
    },
    "load_balancer": {
        "elasticloadbalancing": "AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup "
        "DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags "
        "DescribeTargetGroupAttributes DescribeTargetGroups ModifyLoadBalancerAttributes ModifyTargetGroupAttributes"
    },
    "lock": {"dynamodb": "DeleteItem GetItem PutItem"},
    "monitoring": {
        "cloudwatch": "DescribeAlarms GetDashboard ListTagsForResource PutDashboard PutMetricAlarm TagResource",
        "logs": "CreateLogGroup DescribeLogGroups ListTagsForResource PutRetentionPolicy TagResource",
        "sns": "CreateTopic GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource SetTopicAttributes "
        "TagResource",
    },
    "network": {
        "ec2": "AssociateRouteTable AttachInternetGateway CreateInternetGateway CreateRoute CreateRouteTable "
        "CreateSubnet CreateTags CreateVpc DescribeAddresses DescribeFlowLogs DescribeInternetGateways "
        "DescribeNatGateways "
        "DescribeRouteTables DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs ModifyVpcAttribute"
    },
    "network_endpoints": {"ec2": "CreateVpcEndpoint"},
    "network_flow_logs": {
        "ec2": "CreateFlowLogs",
        "iam": f"PassRole {_ROLES}",
        "logs": "CreateLogGroup DescribeLogGroups ListTagsForResource PutRetentionPolicy TagResource",
    },
    "network_nat": {"ec2": "AllocateAddress CreateNatGateway"},
    "outputs": {"ssm": "AddTagsToResource DescribeParameters GetParameter ListTagsForResource PutParameter"},
    "registry": {
        "ecr": "CreateRepository DescribeRepositories GetLifecyclePolicy ListTagsForResource PutLifecyclePolicy "
        "TagResource"
    },
    "secrets": {"secretsmanager": "CreateSecret DescribeSecret GetSecretValue PutSecretValue TagResource UpdateSecret"},
    "secrets_access_keys": {
        "iam": "CreateAccessKey CreateUser GetUser GetUserPolicy ListAccessKeys PutUserPolicy TagUser"
    },
    "security_groups": {
        "ec2": "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags "
        "DescribeSecurityGroups RevokeSecurityGroupEgress"
    },
    "storage_buckets": {
        "s3": "CreateBucket GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketTagging "
        "GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration ListBucket "
        "PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging "
        "PutBucketVersioning PutEncryptionConfiguration "
        "PutLifecycleConfiguration"
    },
    "storage_tables": {
        "dynamodb": "CreateTable DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource "
        "TagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive"
    },
}

#: What the resources of a stack are called, by service: somebody who may do a thing to those alone may do enough.
#: Service Authorization Reference, "Resource types defined by" of each service.
RESOURCES: dict[str, tuple[str, ...]] = {
    "acm": ("certificate/00000000-0000-0000-0000-000000000000",),
    "apigateway": ("/apis", "/apis/a1b2c3d4e5", "/vpclinks", "/vpclinks/a1b2c3", "/domainnames", "/tags/a1b2c3"),
    "application-autoscaling": ("scalable-target/0a1b2c3d4e5f",),
    "cloudwatch": ("alarm:{prefix}-alarm", "dashboard/{prefix}"),
    "dynamodb": ("table/{prefix}-table",),
    "ec2": (
        "elastic-ip/eipalloc-0a1b2c3d4e5f60718",
        "internet-gateway/igw-0a1b2c3d4e5f60718",
        "natgateway/nat-0a1b2c3d4e5f60718",
        "route-table/rtb-0a1b2c3d4e5f60718",
        "security-group/sg-0a1b2c3d4e5f60718",
        "subnet/subnet-0a1b2c3d4e5f60718",
        "vpc/vpc-0a1b2c3d4e5f60718",
        "vpc-endpoint/vpce-0a1b2c3d4e5f60718",
        "vpc-flow-log/fl-0a1b2c3d4e5f60718",
    ),
    "ecr": ("repository/{prefix}-repository",),
    "ecs": (
        "cluster/{prefix}",
        "service/{prefix}/{prefix}-service",
        "task/{prefix}/0a1b2c3d4e5f60718",
        "task-definition/{prefix}-service:1",
    ),
    "elasticache": (
        "replicationgroup:{prefix}-cache",
        "parametergroup:{prefix}-cache",
        "subnetgroup:{prefix}-cache",
        "cluster:{prefix}-cache-001",
    ),
    "elasticfilesystem": ("file-system/fs-0a1b2c3d4e5f60718", "access-point/fsap-0a1b2c3d4e5f60718"),
    "elasticloadbalancing": (
        "loadbalancer/app/{prefix}-alb/0a1b2c3d4e5f6071",
        "targetgroup/{prefix}-service/0a1b2c3d4e5f6071",
        "listener/app/{prefix}-alb/0a1b2c3d4e5f6071/0a1b2c3d4e5f6071",
        "listener-rule/app/{prefix}-alb/0a1b2c3d4e5f6071/0a1b2c3d4e5f6071/0a1b2c3d4e5f6071",
    ),
    "iam": ("role/{prefix}-role", "user/{prefix}-user"),
    "logs": ("log-group:/ecs/{prefix}/service", "log-group:/ecs/{prefix}/service:*"),
    "rds": ("db:{prefix}-db", "cluster:{prefix}-db", "pg:{prefix}-db", "cluster-pg:{prefix}-db", "subgrp:{prefix}-db"),
    "route53": ("hostedzone/Z0123456789ABCDEFGHIJ",),
    "s3": (),
    "scheduler": ("schedule/{prefix}/{prefix}-job", "schedule-group/{prefix}"),
    "secretsmanager": ("secret:{prefix}-a1b2c3",),
    "sns": ("{prefix}-alarms",),
    "sqs": ("{prefix}-dead-letters",),
    "ssm": ("parameter/{prefix}/output",),
}


def actions(parts: t.Iterable[str]) -> list[str]:
    """The actions that ``parts`` of a stack need, each once. Pure."""
    return sorted(
        {f"{service}:{name}" for part in parts for service, names in ACTIONS[part].items() for name in names.split()}
    )


def resources(service: str, place: t.Mapping[str, str], names: t.Mapping[str, t.Sequence[str]]) -> list[str]:
    """ARNs such as a service's resources of the stack have. Pure.

    place: ``partition``, ``region``, ``account`` and ``prefix``. names: more ARNs of the stack's own, by service.
    """
    arns = []
    for resource in RESOURCES.get(service, ()):
        named = resource.format(**place)
        region, account = place["region"], place["account"]
        if service in ("iam", "route53") or named.startswith("dashboard/"):
            region = ""
        if service in ("apigateway", "route53"):
            account = ""
        arns.append(f"arn:{place['partition']}:{service}:{region}:{account}:{named}")
    return [*arns, *names.get(service, ())]

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether names are free: buckets are the whole world's, load balancers and target groups the account's."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._ecr_images import NOBODY
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError
from ansible_collections.webstack.aws.plugins.module_utils._names import derived_name
from ansible_collections.webstack.aws.plugins.module_utils._readiness import Fault, Fields, Findings
from ansible_collections.webstack.aws.plugins.module_utils._readiness_quotas import LOAD_BALANCERS, check_quota
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_to_dict

#: What S3 says of a bucket that is there and is somebody else's; the second of one in another region.
#: Amazon S3 API, HeadBucket: the codes are those of HTTP, since the answer has no body.
TAKEN = ("403", "301")
FREE = ("404", "NoSuchBucket")

#: Elastic Load Balancing API, DescribeTags: at most so many at once.
TAGS_AT_ONCE = 20

ANOTHER_NAME = "another name, or what bears this one removed"


def check_buckets(aws: Aws, wanted: Fields, arn: str, findings: Findings) -> None:
    """No bucket's name is taken by another account; S3 tells that only of single names."""
    with findings.asking(aws, "the names of buckets"):
        own = {bucket["Name"] for bucket in aws.read("s3", "list_buckets", "Buckets")}
        for item in wanted["buckets"]:
            name = bucket_name(item["name"], arn.split(":")[4])
            if name not in own:
                with findings.asking(aws, f"bucket {name}"):
                    if _is_taken(aws, name):
                        findings.fault(
                            item["variable"],
                            f"the bucket {name} belongs to another account",
                            "another name; those of buckets are unique in all of AWS",
                        )


def bucket_name(name: str, account: str) -> str:
    """A bucket's name with this account's number in place of what stands for it, shortened where it must be. Pure."""
    return derived_name(name.replace(NOBODY, account), "s3_bucket")


def _is_taken(aws: Aws, name: str) -> bool:
    try:
        return aws.read("s3", "head_bucket", missing=FREE, Bucket=name) is not None
    except AwsError as error:
        if error.code in TAKEN:
            return True
        raise


def check_load_balancing(aws: Aws, wanted: Fields, _arn: str, findings: Findings) -> None:
    """The load balancer's name and those of its target groups are ours or free, and a new one fits the quota."""
    with findings.asking(aws, "the load balancers"):
        balancers = aws.read("elbv2", "describe_load_balancers", "LoadBalancers")
        groups = aws.read("elbv2", "describe_target_groups", "TargetGroups")
        by_name = {item["LoadBalancerName"]: item["LoadBalancerArn"] for item in balancers}
        groups_by_name = {item["TargetGroupName"]: item["TargetGroupArn"] for item in groups}
        name = wanted["load_balancer"]
        claims = [("load_balancer_name", "load balancer", name, by_name.get(name))]
        claims += [
            (item["variable"], "target group", item["name"], groups_by_name.get(item["name"]))
            for item in wanted["target_groups"]
        ]
        tags = _tags(aws, [arn for *_words, arn in claims if arn])
        findings.faults += name_faults(claims, tags, wanted["tags"])
        used = sum(1 for item in balancers if item.get("Type") == "application")
        missing = 0 if name in by_name else 1
        check_quota(aws, findings, "load_balancer_name", LOAD_BALANCERS, {"": used}, {"": missing})


def _tags(aws: Aws, arns: t.Sequence[str]) -> dict[str, dict[str, str]]:
    found = {}
    for first in range(0, len(arns), TAGS_AT_ONCE):
        some = arns[first : first + TAGS_AT_ONCE]
        for item in aws.read("elbv2", "describe_tags", "TagDescriptions", ResourceArns=some):
            found[item["ResourceArn"]] = tags_to_dict(item["Tags"])
    return found


def name_faults(
    claims: t.Iterable[tuple[str, str, str, str | None]],
    tags: t.Mapping[str, t.Mapping[str, str]],
    owner: t.Mapping[str, str],
) -> list[Fault]:
    """Names that are borne by what is not the stack's. Pure.

    claims: variable, kind in words, name, and the ARN of what bears the name, if anything does.
    """
    return [
        Fault(variable, f"there is a {kind} {name}, and {whose}", ANOTHER_NAME)
        for variable, kind, name, arn in claims
        if arn and (whose := foreign_owner(tags.get(arn, {}), owner))
    ]

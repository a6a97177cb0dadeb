"""S3, ECR, DynamoDB and EFS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.rules.documented._rule import Rule, api, as_list, document, page, range_problem, rule, text_problem
from tests.rules.requests import Request, World

_LIFECYCLE = page("AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html")
_PUT_LIFECYCLE = "s3:PutBucketLifecycleConfiguration"
_INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")


@rule("s3:CreateBucket", source=page("AmazonS3/latest/userguide/bucketnamingrules.html"))
def names_of_buckets(request: Request, _world: World) -> Iterator[str]:
    """A bucket's name has 3 to 63 lower-case letters, digits, periods and hyphens, a letter or digit first and last and
    no two periods in a row, is no IP address and has none of AWS's own beginnings and ends."""
    name = request.get("Bucket", "")
    yield from text_problem("Bucket", name, r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name) or re.match(r"xn--|sthree-|amzn-s3-demo-", name):
        yield f"Bucket is {name!r}"
    if name.endswith(("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")):
        yield f"Bucket is {name!r}"


@rule("s3:CreateBucket", source=api("s3", "CreateBucket"))
def regions_of_buckets(request: Request, _world: World) -> Iterator[str]:
    """A bucket names its region as a constraint, but in us-east-1, where there is none."""
    constraint = request.get("CreateBucketConfiguration", {}).get("LocationConstraint")
    if constraint != (None if request.region == "us-east-1" else request.region):
        yield f"it is {constraint} in {request.region}"


@rule("s3:PutBucketPolicy", source=page("AmazonS3/latest/userguide/bucket-policies.html"))
def policies_of_buckets(request: Request, _world: World) -> Iterator[str]:
    """A bucket's policy has at most 20 KB, names principals, and the bucket or its objects as its resources."""
    yield from range_problem("its size", len(request.get("Policy", "").encode()), 1, 20480)
    arn = f":s3:::{request.get('Bucket')}"
    for statement in as_list((document(request.get("Policy", "")) or {}).get("Statement")):
        if "Principal" not in statement and "NotPrincipal" not in statement:
            yield f"statement {statement.get('Sid')} is for nobody"
        for resource in as_list(statement.get("Resource")):
            if not re.fullmatch(rf"arn:aws[\w-]*{re.escape(arn)}(/.*)?", resource):
                yield f"statement {statement.get('Sid')} is on {resource}"


def _lifecycle(request: Request) -> list[dict[str, Any]]:
    return request.get("LifecycleConfiguration", {}).get("Rules", [])


@rule(_PUT_LIFECYCLE, source=api("s3", "LifecycleRule"))
def ids_of_lifecycle_rules(request: Request, _world: World) -> Iterator[str]:
    """A bucket has at most 1000 lifecycle rules, each with an ID of its own of at most 255 characters, a filter, and at
    least one action."""
    rules = _lifecycle(request)
    yield from range_problem("their number", len(rules), 1, 1000)
    ids = [one["ID"] for one in rules if one.get("ID")]
    if len(set(ids)) < len(ids) or any(len(identifier) > 255 for identifier in ids):
        yield f"the IDs are {', '.join(ids)}"
    for one in rules:
        if "Filter" not in one and "Prefix" not in one:
            yield f"{one.get('ID')} has no filter"
        if not set(one) - {"ID", "Status", "Filter", "Prefix"}:
            yield f"{one.get('ID')} does nothing"


@rule(_PUT_LIFECYCLE, source=_LIFECYCLE)
def least_days_of_transitions(request: Request, _world: World) -> Iterator[str]:
    """Objects stay for 30 days at least before they go to STANDARD_IA or ONEZONE_IA, and as long there before they go
    on."""
    for one in _lifecycle(request):
        for member, days in (("Transitions", "Days"), ("NoncurrentVersionTransitions", "NoncurrentDays")):
            last: int | None = None
            for transition in sorted(one.get(member, []), key=lambda item: item.get(days, 0)):
                after = transition.get(days)
                if after is None:
                    continue
                if transition.get("StorageClass") in _INFREQUENT:
                    if after < 30:
                        yield f"{one.get('ID')} moves to {transition['StorageClass']} after {after} days"
                    last = after
                elif last is not None and after < last + 30:
                    yield f"{one.get('ID')} moves on {after - last} days later"


@rule(_PUT_LIFECYCLE, source=_LIFECYCLE)
def order_of_lifecycle_actions(request: Request, _world: World) -> Iterator[str]:
    """Objects expire later than they are moved, after a whole number of days above 0; to each class they are moved
    once."""
    for one in _lifecycle(request):
        for moves, days, ends in (
            ("Transitions", "Days", "Expiration"),
            ("NoncurrentVersionTransitions", "NoncurrentDays", "NoncurrentVersionExpiration"),
        ):
            end = one.get(ends, {}).get(days)
            if end is not None and end < 1:
                yield f"{one.get('ID')} ends after {end} days"
            for move in one.get(moves, []):
                if end is not None and move.get(days, 0) >= end:
                    yield f"{one.get('ID')} moves after {move.get(days)} days and ends after {end}"
            classes = [move.get("StorageClass") for move in one.get(moves, [])]
            if len(set(classes)) < len(classes):
                yield f"{one.get('ID')} moves to {', '.join(map(str, classes))}"


@rule("s3:PutBucketCors", source=api("s3", "CORSRule"))
def origins_of_buckets(request: Request, _world: World) -> Iterator[str]:
    """A bucket has at most 100 CORS rules, with the methods GET, PUT, HEAD, POST and DELETE, and origins with one
    wildcard."""
    rules = request.get("CORSConfiguration", {}).get("CORSRules", [])
    yield from range_problem("their number", len(rules), 1, 100)
    for one in rules:
        wrong = sorted(set(one.get("AllowedMethods", [])) - {"GET", "PUT", "HEAD", "POST", "DELETE"})
        wrong += [origin for origin in one.get("AllowedOrigins", []) if origin.count("*") > 1]
        if wrong:
            yield f"a rule has {', '.join(wrong)}"


@rule("ecr:CreateRepository", source=api("ecr", "CreateRepository"))
def names_of_repositories(request: Request, _world: World) -> Iterator[str]:
    """A repository's name has 2 to 256 lower-case letters and digits, in between . _ - and slashes."""
    part = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
    yield from text_problem("repositoryName", request.get("repositoryName"), rf"{part}(/{part})*", 256)
    yield from range_problem("its length", len(request.get("repositoryName", "")), 2, 256)


@rule("ecr:PutLifecyclePolicy", source=page("AmazonECR/latest/userguide/lifecycle_policy_parameters.html"))
def lifecycle_of_images(request: Request, _world: World) -> Iterator[str]:
    """A lifecycle policy is JSON; its rules have priorities of their own, and a number of images, or a number of days
    since something. Rules for tagged images name prefixes or patterns, and the rule for any images comes last."""
    policy = document(request.get("lifecyclePolicyText", ""))
    rules = policy.get("rules") if isinstance(policy, dict) else None
    if not rules:
        yield "it has no rules"
        return
    priorities = [one.get("rulePriority") for one in rules]
    if len(set(priorities)) < len(priorities) or not all(isinstance(one, int) and one >= 1 for one in priorities):
        yield f"the priorities are {priorities}"
        return
    for one in rules:
        selection, where = one.get("selection", {}), f"rule {one['rulePriority']}"
        status, count = selection.get("tagStatus"), selection.get("countType")
        named = bool(selection.get("tagPrefixList")) + bool(selection.get("tagPatternList"))
        if status not in ("tagged", "untagged", "any") or named != (status == "tagged"):
            yield f"{where} is for {status} images with {named} lists of tags"
        if status == "any" and one["rulePriority"] != max(priorities):
            yield f"{where} is for any images"
        by_age = str(count).startswith("since")
        if not (count == "imageCountMoreThan" or by_age) or (selection.get("countUnit") == "days") != by_age:
            yield f"{where} counts {count} in {selection.get('countUnit')}"
        if not isinstance(selection.get("countNumber"), int) or selection["countNumber"] < 1:
            yield f"{where} counts to {selection.get('countNumber')}"
        if one.get("action", {}).get("type") not in ("expire", "transition"):
            yield f"{where} does {one.get('action')}"


@rule("dynamodb:CreateTable", source=page("amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html"))
def names_of_tables(request: Request, _world: World) -> Iterator[str]:
    """Tables and indexes have names of 3 to 255 letters, digits and _.-."""
    indexes = [*request.get("GlobalSecondaryIndexes", []), *request.get("LocalSecondaryIndexes", [])]
    for name in (request.get("TableName"), *(index["IndexName"] for index in indexes)):
        yield from text_problem("a name", name, r"[A-Za-z0-9_.-]{3,255}")


@rule("dynamodb:CreateTable", source=api("dynamodb", "CreateTable"))
def keys_of_tables(request: Request, _world: World) -> Iterator[str]:
    """A key has a HASH attribute and then perhaps a RANGE attribute; the attributes that are defined are exactly those
    of the keys of the table and its indexes, of type S, N or B."""
    indexes = [*request.get("GlobalSecondaryIndexes", []), *request.get("LocalSecondaryIndexes", [])]
    used: set[str] = set()
    for schema in (request.get("KeySchema", []), *(index["KeySchema"] for index in indexes)):
        kinds = [key["KeyType"] for key in schema]
        if kinds not in (["HASH"], ["HASH", "RANGE"]):
            yield f"a key is {', '.join(kinds)}"
        used |= {key["AttributeName"] for key in schema}
    defined = {attribute["AttributeName"] for attribute in request.get("AttributeDefinitions", [])}
    if defined != used:
        yield f"{', '.join(sorted(defined)) or 'none'} are defined and {', '.join(sorted(used))} used"


@rule("dynamodb:CreateTable", "dynamodb:UpdateTable", source=api("dynamodb", "CreateTable"))
def capacity_of_tables(request: Request, _world: World) -> Iterator[str]:
    """A provisioned table says its capacity, one that is paid by request does not; it has at most 20 global indexes."""
    by_request = request.get("BillingMode") == "PAY_PER_REQUEST"
    if by_request and request.get("ProvisionedThroughput"):
        yield "it is paid by request and has ProvisionedThroughput"
    if request.operation == "CreateTable" and not by_request and not request.get("ProvisionedThroughput"):
        yield "it is provisioned and has no ProvisionedThroughput"
    yield from range_problem("the number of indexes", len(request.get("GlobalSecondaryIndexes", [])), 0, 20)


@rule("efs:CreateFileSystem", "efs:UpdateFileSystem", source=api("efs", "CreateFileSystem"))
def throughput_of_file_systems(request: Request, _world: World) -> Iterator[str]:
    """Provisioned throughput is given for the throughput mode provisioned and no other; the mode elastic is for general
    purpose only."""
    mode, provisioned = request.get("ThroughputMode"), request.get("ProvisionedThroughputInMibps")
    if (mode == "provisioned") != (provisioned is not None) and (mode is not None or provisioned is not None):
        yield f"{mode} has {provisioned}"
    if mode == "elastic" and request.get("PerformanceMode") == "maxIO":
        yield "elastic is maxIO"


@rule("efs:CreateMountTarget", source=api("efs", "CreateMountTarget"))
def mount_targets(request: Request, world: World) -> Iterator[str]:
    """A file system has one mount target in a zone, all in one VPC, each with at most 5 security groups."""
    yield from range_problem("the number of security groups", len(request.get("SecurityGroups", [])), 0, 5)
    others = [
        made.get("SubnetId")
        for made in world.done("efs:CreateMountTarget")
        if made.get("FileSystemId") == request.get("FileSystemId")
    ]
    own_zone, own_vpc = world.zones([request.get("SubnetId")]), world.vpc_of([request.get("SubnetId")])
    if own_zone and own_zone[0] in world.zones(others):
        yield f"{own_zone[0]} has one"
    if others and own_vpc and world.vpc_of(others) not in (None, own_vpc):
        yield "another is in another VPC"


@rule("efs:CreateAccessPoint", source=api("efs", "RootDirectory"))
def access_points(request: Request, _world: World) -> Iterator[str]:
    """An access point's root directory begins with a slash and has at most 100 characters and 4 levels; where it is not
    the root itself, it says who owns it with which permissions."""
    root = request.get("RootDirectory", {})
    yield from text_problem("Path", root.get("Path", "/"), r"/|(/[^/$#<>;`|&?{}^*\n]+){1,4}", 100)
    if root.get("Path", "/") != "/" and not root.get("CreationInfo"):
        yield f"{root['Path']} has no CreationInfo"
    permissions = root.get("CreationInfo", {}).get("Permissions")
    yield from text_problem("Permissions", permissions, r"[0-7]{3,4}")


@rule("efs:PutLifecycleConfiguration", source=api("efs", "PutLifecycleConfiguration"))
def lifecycle_of_files(request: Request, _world: World) -> Iterator[str]:
    """Each step of a file's life is a policy of its own: to infrequent access, to archive, back to primary storage."""
    policies = request.get("LifecyclePolicies", [])
    if any(len(policy) != 1 for policy in policies):
        yield f"they are {policies}"
    names = [name for policy in policies for name in policy]
    if len(set(names)) < len(names):
        yield f"they are {policies}"


RULES: tuple[Rule, ...] = (
    names_of_buckets,
    regions_of_buckets,
    policies_of_buckets,
    ids_of_lifecycle_rules,
    least_days_of_transitions,
    order_of_lifecycle_actions,
    origins_of_buckets,
    names_of_repositories,
    lifecycle_of_images,
    names_of_tables,
    keys_of_tables,
    capacity_of_tables,
    throughput_of_file_systems,
    mount_targets,
    access_points,
    lifecycle_of_files,
)

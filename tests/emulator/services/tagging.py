"""The Resource Groups Tagging API over everything that the collection makes.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html. moto lacks ECR, API
Gateway, Route 53 and half of EC2, and names some types in its own way. IAM is left out: of IAM, AWS covers managed
policies, instance profiles and providers (in us-east-1), but neither roles nor users, so nobody can rely on it to find
what IAM holds of a stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource, iter_taggable_backends, make_tag_matcher
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from tests.emulator.errors import AwsError
from tests.emulator.extend import wrap
from tests.emulator.services.ec2 import _exists

# Where Route 53, which has no region, answers.
_GLOBAL_REGION = "us-east-1"


def install() -> None:
    """Extend moto."""

    @wrap(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
    def resources(
        original: Any,
        self: Any,
        tag_filters: list[dict[str, Any]] | None = None,
        resource_type_filters: list[str] | None = None,
        resource_arn_list: list[str] | None = None,
    ) -> Iterator[TaggedResource]:
        matches = make_tag_matcher(tag_filters)
        for resource in _all(self.account_id, self.region_name):
            if not resource.tags or not matches(resource.tags):
                continue
            if not _has_type(resource, resource_type_filters or []):
                continue
            if resource_arn_list and resource.arn not in resource_arn_list:
                continue
            yield resource

    @wrap(ResourceGroupsTaggingAPIBackend, "_get_tag_keys_generator")
    def keys(original: Any, self: Any) -> Iterator[str]:
        found = {key for resource in _all(self.account_id, self.region_name) for key in resource.tags}
        yield from sorted(found)

    @wrap(ResourceGroupsTaggingAPIBackend, "_get_tag_values_generator")
    def values(original: Any, self: Any, tag_key: str) -> Iterator[str]:
        found = {resource.tags[tag_key] for resource in _all(self.account_id, self.region_name)
                 if tag_key in resource.tags}  # fmt: skip
        yield from sorted(found)

    @wrap(ResourceGroupsTaggingAPIBackend, "tag_resources")
    def tag(original: Any, self: Any, resource_arns: list[str], tags: dict[str, str]) -> dict[str, Any]:
        rest = [arn for arn in resource_arns if not _change(self, arn, tags, None)]
        return original(self, rest, tags)

    @wrap(ResourceGroupsTaggingAPIBackend, "untag_resources")
    def untag(original: Any, self: Any, resource_arn_list: list[str], tag_keys: list[str]) -> dict[str, Any]:
        rest = [arn for arn in resource_arn_list if not _change(self, arn, None, tag_keys)]
        return original(self, rest, tag_keys)


def _type(arn: str) -> str:
    """service:kind, as the filters name it."""
    service, resource = arn.split(":")[2], arn.split(":", 5)[5]
    if service in ("s3", "sns", "sqs"):
        return service
    if service == "apigateway":
        return "apigateway:" + "/".join(resource.strip("/").split("/")[0::2])
    kind = resource.replace("/", ":").split(":")[0]
    return f"{service}:{kind}"


def _has_type(resource: TaggedResource, filters: list[str]) -> bool:
    own = _type(resource.arn)
    names = {own, own.split(":")[0], resource.resource_type}
    return not filters or any(name in names for name in filters)


def _all(account: str, region: str) -> Iterator[TaggedResource]:
    from moto.backends import get_backend

    for backend in iter_taggable_backends(account, region):
        if type(backend).__name__ == "EC2Backend":
            yield from _ec2(backend)
        elif type(backend).__name__ == "S3Backend":
            yield from _s3(backend, region)
        elif type(backend).__name__ == "LogsBackend":
            # the group's own ARN, without the star for its streams
            for group in backend.iter_tagged_resources():
                yield TaggedResource(group.arn.removesuffix(":*"), group.tags, "logs:log-group")
        else:
            yield from backend.iter_tagged_resources()
    ecr = get_backend("ecr")[account][region]
    for repository in ecr.repositories.values():
        tags = ecr.tagger.get_tag_dict_for_resource(repository.arn)
        yield TaggedResource(repository.arn, tags, "ecr:repository")
    events = get_backend("events")[account][region]
    for bus in events.event_buses.values():
        for rule in bus.rules.values():
            yield TaggedResource(rule.arn, events.tagger.get_tag_dict_for_resource(rule.arn), "events:rule")
    scheduler = get_backend("scheduler")[account][region]
    for schedules in scheduler.schedule_groups.values():
        tags = scheduler.tagger.get_tag_dict_for_resource(schedules.arn)
        yield TaggedResource(schedules.arn, tags, "scheduler:schedule-group")
    xray: Any = get_backend("xray")[account][region]
    for arn, tags in xray.rule_tags.items():
        yield TaggedResource(arn, dict(tags), "xray:sampling-rule")
    cloudtrail = get_backend("cloudtrail")[account][region]
    for trail in cloudtrail.trails.values():
        listed = cloudtrail.tagging_service.list_tags_for_resource(trail.arn)["TagsList"]
        yield TaggedResource(trail.arn, {tag["Key"]: tag["Value"] for tag in listed}, "cloudtrail:trail")
    yield from _api_gateway(get_backend("apigatewayv2")[account][region])
    if region == _GLOBAL_REGION:
        route53 = get_backend("route53")[account]["aws"]
        for zone in route53.zones.values():
            tags = dict(route53.resource_tags.get(zone.resource_id, {}))
            yield TaggedResource(f"arn:aws:route53:::hostedzone/{zone.resource_id}", tags, "route53:hostedzone")


def _ec2(backend: Any) -> Iterator[TaggedResource]:
    """Everything of EC2 that bears tags, by its id."""
    kinds = {tag["resource_id"]: tag["resource_type"] for tag in backend.describe_tags()}
    for resource_id, kind in kinds.items():
        if not _exists(backend, resource_id):
            continue
        arn = f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:{kind}/{resource_id}"
        yield TaggedResource(arn, dict(backend.tags[resource_id]), f"ec2:{kind}")


def _s3(backend: Any, region: str) -> Iterator[TaggedResource]:
    """Buckets are asked for in their own region."""
    for bucket in backend.buckets.values():
        if bucket.region_name == region:
            yield TaggedResource(bucket.arn, backend.tagger.get_tag_dict_for_resource(bucket.arn), "s3:bucket")


def _api_gateway(backend: Any) -> Iterator[TaggedResource]:
    root = f"arn:aws:apigateway:{backend.region_name}::"
    for api in backend.apis.values():
        yield TaggedResource(f"{root}/apis/{api.api_id}", backend.get_tags(f"{root}/apis/{api.api_id}"), "apigateway")
        for stage in api.stages.values():
            arn = f"{root}/apis/{api.api_id}/stages/{stage.name}"
            yield TaggedResource(arn, dict(stage.tags or {}), "apigateway")
    for link in backend.vpc_links.values():
        yield TaggedResource(f"{root}/vpclinks/{link.id}", backend.get_tags(link.arn), "apigateway")
    for domain in backend.domain_names.values():
        yield TaggedResource(f"{root}/domainnames/{domain.domain_name}", dict(domain.tags or {}), "apigateway")


def _change(self: Any, arn: str, tags: dict[str, str] | None, keys: list[str] | None) -> bool:
    """Tag or untag what moto does not know how to; False leaves it to moto."""
    from moto.backends import get_backend

    service = arn.split(":")[2]
    if service not in ("ecr", "apigateway", "logs"):
        return False
    name: Any = {"apigateway": "apigatewayv2"}.get(service, service)
    backend = get_backend(name)[self.account_id][self.region_name]
    if arn not in {resource.arn for resource in _all(self.account_id, self.region_name)} and service != "logs":
        known = service == "ecr" and any(repository.arn == arn for repository in backend.repositories.values())
        if not known:
            raise AwsError("InvalidParameterException", f"The resource {arn} was not found")
    if service == "logs":
        group = next((item for item in backend.groups.values() if item.arn.removesuffix(":*") == arn), None)
        if group is None:
            return False
        arn = group.arn
    if service == "apigateway":
        backend.tag_resource(arn, tags) if keys is None else backend.untag_resource(arn, keys)
    elif keys is None:
        backend.tagger.tag_resource(arn, [{"Key": key, "Value": value} for key, value in (tags or {}).items()])
    else:
        backend.tagger.untag_resource_using_names(arn, keys)
    return True

"""Service Quotas: what an account may have, and what CloudWatch says is in use of it. moto knows quotas of VPC only.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html and
API_GetAWSDefaultServiceQuota.html; the values are the defaults in the AWS General Reference; usage metrics as in the
Amazon ECS Developer Guide, "AWS Fargate usage metrics".
"""

from __future__ import annotations

import datetime
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, MetricDatum, Statistics
from moto.ecs.models import ecs_backends
from moto.servicequotas.responses import ServiceQuotasResponse

from tests.emulator.errors import AwsError
from tests.emulator.extend import add_operation, named, wrap
from tests.emulator.state import STATE

#: Service and code -> name, AWS's default.
_DEFAULTS = {
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5.0),
    ("elasticloadbalancing", "L-53DA6B97"): ("Application Load Balancers per Region", 50.0),
    ("fargate", "L-3032A538"): ("Fargate On-Demand vCPU resource count", 6.0),
    ("fargate", "L-36FBB829"): ("Fargate Spot vCPU resource count", 6.0),
    ("vpc", "L-F678F1CE"): ("VPCs per Region", 5.0),
    ("vpc", "L-FE5A380F"): ("NAT gateways per Availability Zone", 5.0),
}

#: What the account has instead: of these AWS gives more by itself to accounts that use them.
_GROWN = {("fargate", "L-3032A538"): 64.0, ("fargate", "L-36FBB829"): 64.0}

#: The quotas whose use CloudWatch measures, by the capacity provider that uses it.
_MEASURED = {("fargate", "L-3032A538"): "FARGATE", ("fargate", "L-36FBB829"): "FARGATE_SPOT"}
_CLASSES = {"FARGATE": "Standard/OnDemand", "FARGATE_SPOT": "Standard/Spot"}


def install() -> None:
    """Extend moto."""
    add_operation(ServiceQuotasResponse, "GetServiceQuota", _get)
    add_operation(ServiceQuotasResponse, "GetAWSDefaultServiceQuota", _get_default)

    @wrap(CloudWatchBackend, "get_metric_statistics")
    def get_metric_statistics(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        given = named(original, self, args, kwargs)
        if given["namespace"] != "AWS/Usage":
            return original(self, *args, **kwargs)
        wanted = {item["Name"]: item["Value"] for item in given["dimensions"]}
        used = [_vcpus(self, provider) for provider in _CLASSES if wanted == _dimensions(provider)]
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        points = []
        for value in used:
            # Where nothing is in use, there is no data.
            if value and given["metric_name"] == "ResourceCount":
                point = Statistics(given["stats"], now)
                point.metric_data = [
                    MetricDatum(given["namespace"], given["metric_name"], value, given["dimensions"], now)
                ]
                points.append(point)
        return points


def _quota(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    key = (given["ServiceCode"], given["QuotaCode"])
    if key not in _DEFAULTS:
        raise AwsError("NoSuchResourceException", "The request failed because the specified quota does not exist.")
    service, code = key
    name, value = _DEFAULTS[key]
    quota: dict[str, Any] = {
        "ServiceCode": service,
        "QuotaArn": f"arn:aws:servicequotas:{response.region}:{response.current_account}:{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
    if key in _MEASURED:
        quota["UsageMetric"] = {
            "MetricNamespace": "AWS/Usage",
            "MetricName": "ResourceCount",
            "MetricDimensions": _dimensions(_MEASURED[key]),
            "MetricStatisticRecommendation": "Maximum",
        }
    return quota


def _get(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    quota = _quota(response, given)
    service, code = given["ServiceCode"], given["QuotaCode"]
    value = STATE.quotas.get(f"{service}/{code}", _GROWN.get((service, code), quota["Value"]))
    return {"Quota": {**quota, "Value": float(value)}}


def _get_default(response: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {"Quota": _quota(response, given)}


def _dimensions(provider: str) -> dict[str, str]:
    return {"Service": "Fargate", "Type": "Resource", "Resource": "vCPU", "Class": _CLASSES[provider]}


def _vcpus(cloudwatch: Any, provider: str) -> float:
    """The vCPUs of all tasks of Fargate that are not stopped."""
    ecs = ecs_backends[cloudwatch.account_id][cloudwatch.region_name]
    tasks: list[Any] = [task for some in ecs.tasks.values() for task in some.values()]
    return sum(
        int(task.definition.fields["cpu"]) / 1024
        for task in tasks
        if task.last_status != "STOPPED" and (task.capacity_provider or "FARGATE") == provider
    )

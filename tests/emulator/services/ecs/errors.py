"""The errors of ECS, with its codes."""

from __future__ import annotations

from ...errors import AwsError


def client(message: str) -> AwsError:
    return AwsError("ClientException", message)


def invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def cluster_not_found() -> AwsError:
    return AwsError("ClusterNotFoundException", "Cluster not found.")


def cluster_inactive() -> AwsError:
    return AwsError("ClusterNotFoundException", "The referenced cluster was inactive.")


def service_not_found() -> AwsError:
    return AwsError("ServiceNotFoundException", "Service not found.")


def service_not_active() -> AwsError:
    return AwsError("ServiceNotActiveException", "Service was not ACTIVE.")

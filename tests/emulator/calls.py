"""What a request is: service, operation, kind and region, in botocore's names; and the log of them."""

from __future__ import annotations

import functools
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs

import botocore.session
from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

UNKNOWN = "Unknown"

# Signing names that are not botocore's name of the service.
_SERVICE_OF_SIGNING_NAME = {
    "airflow": "mwaa",
    "aws-marketplace": "meteringmarketplace",
    "cloudsearch": "cloudsearch",
    "elasticfilesystem": "efs",
    "elasticmapreduce": "emr",
    "email": "sesv2",
    "es": "opensearch",
    "eventbridge": "events",
    "execute-api": "apigatewaymanagementapi",
    "kafka": "kafka",
    "monitoring": "cloudwatch",
    "mobiletargeting": "pinpoint",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "wafv2": "wafv2",
}

# API versions tell apart services that share a signing name.
_SERVICE_OF_VERSION = {
    ("elasticloadbalancing", "2012-06-01"): "elb",
    ("elasticloadbalancing", "2015-12-01"): "elbv2",
    ("email", "2010-12-01"): "ses",
}

_READ_PREFIXES = (
    "BatchGet", "Describe", "Estimate", "Filter", "Get", "Head", "List", "Lookup", "Preview", "Query", "Scan",
    "Search", "Select", "Simulate", "TestDNSAnswer", "TestEventPattern", "TestMetricFilter", "TransactGet", "Validate",
)  # fmt: skip

# Operations that read although their names do not begin like it: they change nothing that any other call can see.
_READS = {
    "acm": {"ExportCertificate"},
    "ecr": {"BatchCheckLayerAvailability"},
    "ecs": {"DiscoverPollEndpoint"},
    "kms": {"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateRandom", "ReEncrypt"},
    "route53domains": {"CheckDomainAvailability", "CheckDomainTransferability"},
    "sts": {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "DecodeAuthorizationMessage"},
}

# Operations that write in spite of their names.
_WRITES = {
    "redshift": {"GetClusterCredentials"},
    "cognito-identity": {"GetId", "GetOpenIdTokenForDeveloperIdentity"},
    "swf": {"PollForActivityTask", "PollForDecisionTask"},
}

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_CBOR_PATH = re.compile(r"^/service/([^/]+)/operation/([^/]+)$")


@dataclass
class Call:
    """One request as the log shows it; ``protocol`` and ``parameters`` are for the middleware only."""

    service: str
    operation: str
    kind: str
    region: str
    status: int = 0
    error: str | None = None
    time: float = field(default_factory=time.time)
    protocol: str = "rest-xml"
    parameters: dict[str, str] = field(default_factory=dict, repr=False)

    def entry(self) -> dict[str, Any]:
        """The JSON form."""
        entry = asdict(self)
        del entry["protocol"], entry["parameters"]
        return entry


class Log:
    """The calls since the start or the last reset, oldest first."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def add(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def entries(self, keep: Callable[[Call], bool] = lambda call: True) -> list[dict[str, Any]]:
        with self._lock:
            return [call.entry() for call in self._calls if keep(call)]

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()


def kind_of(service: str, operation: str) -> str:
    """ "read" only where the operation cannot change anything."""
    if operation in _WRITES.get(service, ()):
        return "write"
    if operation in _READS.get(service, ()) or operation.startswith(_READ_PREFIXES):
        return "read"
    return "write"


def parse(environ: dict[str, Any], body: bytes) -> Call:
    """Name the request. Whatever cannot be named is ``Unknown`` and counts as a write."""
    signing_name, region = _scope(environ)
    content_type = environ.get("CONTENT_TYPE", "")
    form: dict[str, str] = {}
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if content_type.startswith("application/x-www-form-urlencoded") or "Action" in query:
        form = {key: values[0] for key, values in query.items()}
        if content_type.startswith("application/x-www-form-urlencoded"):
            form |= {
                key: values[0]
                for key, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()
            }
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    cbor = _CBOR_PATH.match(environ.get("PATH_INFO", ""))
    service = _service(signing_name, environ, form, target)
    if cbor and environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return _call(service, cbor.group(2), region, "smithy-rpc-v2-cbor", {})
    if target:
        return _call(service, target.rpartition(".")[2], region, "json", {})
    if "Action" in form and service != "s3":
        return _call(service, form["Action"], region, "ec2" if service == "ec2" else "query", form)
    return _call(service, _rest_operation(service, environ, body), region, _protocol(service), {})


def _call(service: str, operation: str, region: str, protocol: str, parameters: dict[str, str]) -> Call:
    kind = kind_of(service, operation)
    if service == "ec2" and parameters.get("DryRun", "").lower() == "true":
        kind = "read"  # a dry run is answered without being carried out
    return Call(service, operation, kind, region, protocol=protocol, parameters=parameters)


def _scope(environ: dict[str, Any]) -> tuple[str, str]:
    """Signing name and region from the credential scope, in the header or in a presigned URL."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope:
        return scope.group(2).lower(), scope.group(1)
    credential = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[0].split("/")
    if len(credential) == 5:
        return credential[3].lower(), credential[2]
    return "s3", "us-east-1"


def _service(signing_name: str, environ: dict[str, Any], form: dict[str, str], target: str) -> str:
    path = environ.get("PATH_INFO", "")
    if (signing_name, form.get("Version", "")) in _SERVICE_OF_VERSION:
        return _SERVICE_OF_VERSION[signing_name, form["Version"]]
    if signing_name == "apigateway":
        return "apigatewayv2" if path.startswith("/v2/") else "apigateway"
    if signing_name == "s3" and path.startswith("/v20180820/"):
        return "s3control"
    if signing_name == "dynamodb" and target.startswith("DynamoDBStreams"):
        return "dynamodbstreams"
    return _SERVICE_OF_SIGNING_NAME.get(signing_name) or _botocore_service(signing_name)


@functools.cache
def _session() -> Any:
    return botocore.session.Session()


@functools.cache
def _botocore_service(signing_name: str) -> str:
    """botocore's own name for a signing name that the table lacks."""
    names = _session().get_available_services()
    if signing_name in names:
        return signing_name
    for name in names:
        metadata = _session().get_service_model(name).metadata
        if signing_name in (metadata.get("signingName"), metadata.get("endpointPrefix")):
            return name
    return signing_name


@functools.cache
def _protocol(service: str) -> str:
    try:
        return _session().get_service_model(service).resolved_protocol
    except UnknownServiceError:
        return "rest-json"


def _rest_operation(service: str, environ: dict[str, Any], body: bytes) -> str:
    """The operation whose method, path, query and headers in the service model fit the request."""
    try:
        operation, _unused = get_service_router(service).match(Request(dict(environ)))
    except (NotFound, NotImplementedError, UnknownServiceError):
        return UNKNOWN
    return operation.name

"""Reads that lag behind writes, as EC2's and IAM's documentation warns.

For ``seconds`` after a create of EC2 or IAM succeeded, reads do not know the new thing: asked for by its id (or name)
they answer "not found", and it is left out of lists. Writes know it at once, which is kinder than AWS can be. Deleted
and changed things are not held back.
"""

from __future__ import annotations

import re
import threading
import time
import xml.etree.ElementTree as ET

from tests.emulator.calls import Call
from tests.emulator.errors import AwsError

# The part of an EC2 id before the dash -> the error code for an unknown one.
_EC2_NOT_FOUND = {
    "eipalloc": "InvalidAllocationID.NotFound",
    "eni": "InvalidNetworkInterfaceID.NotFound",
    "fl": "InvalidFlowLogId.NotFound",
    "igw": "InvalidInternetGatewayID.NotFound",
    "nat": "NatGatewayNotFound",
    "pl": "InvalidPrefixListID.NotFound",
    "rtb": "InvalidRouteTableID.NotFound",
    "sg": "InvalidGroup.NotFound",
    "sgr": "InvalidSecurityGroupRuleId.NotFound",
    "subnet": "InvalidSubnetID.NotFound",
    "vpc": "InvalidVpcID.NotFound",
    "vpce": "InvalidVpcEndpointId.NotFound",
}
# The resource's own id is the one with the prefix of what the operation makes.
_EC2_CREATED = {
    "AllocateAddress": "eipalloc",
    "AuthorizeSecurityGroupEgress": "sgr",
    "AuthorizeSecurityGroupIngress": "sgr",
    "CreateFlowLogs": "fl",
    "CreateInternetGateway": "igw",
    "CreateManagedPrefixList": "pl",
    "CreateNatGateway": "nat",
    "CreateNetworkInterface": "eni",
    "CreateRouteTable": "rtb",
    "CreateSecurityGroup": "sg",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpce",
}
_IAM_CREATED = {
    "CreateAccessKey": ("AccessKeyId", "Access Key"),
    "CreateGroup": ("GroupName", "group"),
    "CreateInstanceProfile": ("InstanceProfileName", "Instance Profile"),
    "CreatePolicy": ("PolicyName", "policy"),
    "CreateRole": ("RoleName", "role"),
    "CreateUser": ("UserName", "user"),
}


class Consistency:
    """What was created lately."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._young: dict[str, dict[str, float]] = {"ec2": {}, "iam": {}}
        self._lock = threading.Lock()

    def clear(self) -> None:
        self.seconds = 0.0
        with self._lock:
            for young in self._young.values():
                young.clear()

    def note(self, call: Call, status: int, body: bytes) -> None:
        """Remember what a successful create made."""
        if not self.seconds or status >= 300:
            return
        text = body.decode("utf-8", "replace")
        names: list[str] = []
        if call.service == "ec2" and call.operation in _EC2_CREATED:
            names = re.findall(rf">({_EC2_CREATED[call.operation]}-[0-9a-f]+)<", text)
        elif call.service == "iam" and call.operation in _IAM_CREATED:
            names = re.findall(rf"<{_IAM_CREATED[call.operation][0]}>([^<]+)<", text)[:1]
        with self._lock:
            self._young.get(call.service, {}).update({name: time.time() for name in names})

    def young(self, service: str) -> set[str]:
        """The ids and names that reads of a service do not know yet."""
        limit = time.time() - self.seconds
        with self._lock:
            return {name for name, since in self._young.get(service, {}).items() if since > limit}

    def refuse(self, call: Call) -> AwsError | None:
        """The error for a read that asks for something too young by its id or name."""
        young = self.young(call.service) if call.kind == "read" else set()
        if not young:
            return None
        for key, value in call.parameters.items():
            if call.service == "ec2" and value in young and not key.startswith("Filter."):
                code = _EC2_NOT_FOUND[value.partition("-")[0]]
                return AwsError(code, f"The ID '{value}' does not exist")
            if call.service == "iam" and value.rpartition("/")[2] in young:
                noun = next((noun for field, noun in _IAM_CREATED.values() if field == key), "resource")
                message = f"The {noun} with name {value.rpartition('/')[2]} cannot be found."
                return AwsError("NoSuchEntity", message, 404)
        return None

    def filter(self, call: Call, body: bytes) -> bytes:
        """A list without what is too young."""
        young = self.young(call.service) if call.kind == "read" else set()
        if not young or not any(name.encode() in body for name in young):
            return body
        try:
            root = ET.fromstring(body)
        except ET.ParseError:
            return body
        for parent in list(root.iter()):
            for child in list(parent):
                if _local(child.tag) in ("item", "member") and any((leaf.text or "") in young for leaf in child):
                    parent.remove(child)
        if root.tag.startswith("{"):
            ET.register_namespace("", root.tag[1:].partition("}")[0])
        return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

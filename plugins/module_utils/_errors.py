# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of the library code: it raises, only the edge (`_module.run`) fails the module."""

from __future__ import annotations

#: What to do next, by AWS error code. A hint is one sentence that a tired person can follow.
NEXT_STEPS = {
    "AccessDenied": "allow {action} to the identity that runs this, or use another profile",
    "AccessDeniedException": "allow {action} to the identity that runs this, or use another profile",
    "UnauthorizedOperation": "allow {action} to the identity that runs this, or use another profile",
    "ExpiredToken": "renew the credentials and run again; what was done is kept",
    "ExpiredTokenException": "renew the credentials and run again; what was done is kept",
    "InvalidClientTokenId": "check AWS_PROFILE or AWS_ACCESS_KEY_ID: AWS does not know these credentials",
    "UnrecognizedClientException": "check AWS_PROFILE or AWS_ACCESS_KEY_ID: AWS does not know these credentials",
    "Throttling": "run again in a minute; what was done is kept",
    "ThrottlingException": "run again in a minute; what was done is kept",
    "RequestLimitExceeded": "run again in a minute; what was done is kept",
    "DependencyViolation": "remove what still uses it (network interfaces in its VPC name the owners), then run again",
    "LimitExceededException": "ask for a higher quota in Service Quotas, or remove what is not needed",
    "VpcLimitExceeded": "ask for a higher quota of VPCs in Service Quotas (L-F678F1CE), or remove one",
    "RulesPerSecurityGroupLimitExceeded": (
        "give fewer ranges or ports, or ask for a higher quota of rules in Service Quotas (L-0EA8095F)"
    ),
    "AddressLimitExceeded": "ask for a higher quota of Elastic IPs in Service Quotas (L-0263D0A3), or release one",
    "NotImplemented": "the embedded AWS does not know this operation; on AWS it exists",
}
NEXT_STEP = "mend what AWS names and run again; what was done is kept"


class WebstackError(Exception):
    """A failure that a user can act on: what happened, and the next step."""

    def __init__(self, message: str, next_step: str = ""):
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message}. Next step: {self.next_step}." if self.next_step else self.message


class AwsError(WebstackError):
    """AWS refused a call, or could not be reached.

    subject: the resource as ``<noun> <name>``; action: ``<service>:<Operation>``; code, reason: AWS's own.
    """

    def __init__(self, subject: str, action: str, code: str, reason: str):
        next_step = NEXT_STEPS.get(code, NEXT_STEP).format(action=action)
        super().__init__(f"{subject}: {action} failed: {code}: {reason.rstrip('.')}", next_step)
        self.code = code
        self.reason = reason


class NotOursError(WebstackError):
    """A resource of the wanted name exists, and its tags say that it belongs to somebody else."""


class ImmutableError(WebstackError):
    """A field was changed that AWS cannot change in place."""


class ReplacementError(WebstackError):
    """A resource would have to be replaced, and nobody has allowed that."""

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is inside secrets: reading and writing JSON objects in Secrets Manager, generating and rendering their values.

Nothing here puts a value into an error, and nobody else may: values stay inside the module that needs them.
"""

from __future__ import annotations

import json
import re
import secrets
import string
import typing as t
from urllib.parse import quote

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder

#: Letters and digits only: RDS refuses / " @ and space in passwords (Amazon RDS API, CreateDBInstance,
#: MasterUserPassword), ElastiCache takes no special characters but ! & # $ ^ < > - in tokens (Amazon ElastiCache API,
#: CreateReplicationGroup, AuthToken), and many programs stumble over those in URLs.
ALPHABET = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
GENERATED_LENGTH = 32
#: The range in which a generated value serves as a password of RDS and as a token of ElastiCache.
GENERATED_LENGTHS = range(16, 128 + 1)

#: {name} and {name:url} in templates; every other brace stands for itself.
PLACE = re.compile(r"\{([A-Za-z_][\w-]*)(:url)?\}")


def read_values(aws: Aws, secret_id: str) -> dict[str, t.Any] | None:
    """The JSON object in a secret; None when there is no such secret, or nothing in it. Raises WebstackError."""
    if is_placeholder(secret_id):
        return None
    text = aws.read(
        "secretsmanager",
        "get_secret_value",
        "SecretString",
        missing=("ResourceNotFoundException",),
        SecretId=secret_id,
    )
    return None if text is None else parse(text, secret_id)


def parse(text: str, secret_id: str) -> dict[str, t.Any]:
    """The JSON object that ``text`` is. Raises WebstackError, without showing any of it."""
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise WebstackError(
            f"secret {secret_id} is no JSON object", "name a secret whose value is a JSON object, or use another name"
        )
    return values


def read_value(aws: Aws, reference: t.Mapping[str, str]) -> str:
    """The value that ``reference`` (``secret_id`` and ``key``) points to. Raises WebstackError."""
    values = read_values(aws, reference["secret_id"])
    if values is None:
        raise WebstackError(f"secret {reference['secret_id']} does not exist", "make it first, then run again")
    if reference["key"] not in values:
        raise WebstackError(
            f"secret {reference['secret_id']} has no key {reference['key']}",
            f"its keys are {', '.join(sorted(values)) or 'none'}; name one of them, or add the key",
        )
    return str(values[reference["key"]])


def merge_values(aws: Aws, secret_id: str, changes: t.Mapping[str, str]) -> None:
    """Set some keys of a secret and leave the others."""
    values = read_values(aws, secret_id)
    if values is None:
        raise WebstackError(
            f"secret {secret_id} cannot be read, and its other fields would be lost", "run again in a minute"
        )
    text = json.dumps({**values, **changes})
    aws.write("secretsmanager", "put_secret_value", SecretId=secret_id, SecretString=text)


def generate(length: int = GENERATED_LENGTH) -> str:
    """A random value of ``length`` characters with at least one of every kind in ALPHABET."""
    everything = "".join(ALPHABET)
    while True:
        value = "".join(secrets.choice(everything) for _position in range(length))
        if all(any(character in kind for character in value) for kind in ALPHABET):
            return value


def names_in(template: str) -> list[str]:
    """The names that a template needs, each once, in their order."""
    return list(dict.fromkeys(match[1] for match in PLACE.finditer(template)))


def render(template: str, values: t.Mapping[str, t.Any]) -> str:
    """``template`` with its places filled; ``:url`` percent-encodes, as user names and passwords in URLs need it."""

    def fill(match: re.Match[str]) -> str:
        value = str(values[match[1]])
        return quote(value, safe="") if match[2] else value

    return PLACE.sub(fill, template)

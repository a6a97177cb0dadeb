# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a load balancer's services ask for, as options of ``target_groups`` and ``listeners``. Pure functions."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._names import derived_name

Fields = dict[str, t.Any]

#: Settings of a service that are its target group's.
GROUP_SETTINGS = (
    "port",
    "protocol",
    "protocol_version",
    "health_check",
    "deregistration_delay",
    "slow_start",
    "load_balancing_algorithm_type",
    "stickiness",
)
#: Settings that say how requests reach it.
ROUTING_SETTINGS = ("name", "rules", "default")

NOT_FOUND = {"type": "fixed-response", "fixed_response": {"status_code": "404", "message_body": "Not found"}}
TO_HTTPS = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443"}}


def target_groups(services: t.Mapping[str, Fields], prefix: str, vpc_id: str) -> list[Fields]:
    """One target group a service. Raises WebstackError for settings that there are not."""
    groups = []
    for key, settings in services.items():
        unknown = sorted(set(settings) - {*GROUP_SETTINGS, *ROUTING_SETTINGS})
        if unknown:
            known = ", ".join(sorted((*GROUP_SETTINGS, *ROUTING_SETTINGS)))
            raise WebstackError(f"service {key} has no setting {', '.join(unknown)}", f"there are: {known}")
        group = {name: settings[name] for name in GROUP_SETTINGS if settings.get(name) is not None}
        name = settings.get("name") or derived_name(f"{prefix}-{key}", "target_group")
        groups.append({"name": name, "vpc_id": vpc_id, **group})
    return groups


def listeners(
    services: t.Mapping[str, Fields],
    arns: t.Mapping[str, str],
    certificate_arn: str | None,
    ssl_policy: str,
    superseded: t.Mapping[str, list[str]],
) -> list[Fields]:
    """Port 80 alone, or with a certificate port 443 and a port 80 that sends everybody there.

    arns: the services' target groups. superseded: those whose place they take, and that go on serving for now. What no
    rule takes goes to the default service.
    """
    default = default_service(services)
    actions = {key: _forward(arns[key], superseded.get(key) or []) for key in services}
    serving = {
        "default_action": actions[default] if default else NOT_FOUND,
        "rules": [rule for key, settings in services.items() for rule in _rules(key, settings, actions[key])],
    }
    if not certificate_arn:
        return [{"port": 80, "protocol": "HTTP", **serving}]
    # HTTPS stands first: it must serve before port 80 begins to send people there.
    return [
        {"port": 443, "protocol": "HTTPS", "certificate_arn": certificate_arn, "ssl_policy": ssl_policy, **serving},
        {"port": 80, "protocol": "HTTP", "default_action": TO_HTTPS, "rules": []},
    ]


def default_service(services: t.Mapping[str, Fields]) -> str:
    """The service that gets what no rule takes: the one that says so, else the only one without rules; or none."""
    chosen = [key for key, settings in services.items() if settings.get("default")]
    plain = [key for key, settings in services.items() if not settings.get("rules")]
    candidates = chosen or plain
    if len(candidates) > 1:
        raise WebstackError(
            f"services {', '.join(candidates)} would all get what no rule takes",
            "give default: true to one of them and rules to the others",
        )
    unreachable = [key for key in plain if key not in candidates]
    if unreachable:
        raise WebstackError(f"no request would reach {', '.join(unreachable)}", "give it rules")
    return candidates[0] if candidates else ""


def _rules(key: str, settings: Fields, action: Fields) -> list[Fields]:
    rules = []
    for number, rule in enumerate(settings.get("rules") or [], start=1):
        options = {
            "path_patterns": rule.get("paths"),
            "host_headers": rule.get("hosts"),
            "priority": rule.get("priority"),
        }
        rules.append(
            {
                "name": key if number == 1 else f"{key}-{number}",
                **{option: value for option, value in options.items() if value},
                "action": action,
            }
        )
    return rules


def _forward(arn: str, superseded: list[str]) -> Fields:
    return {"type": "forward", "target_group_arn": arn, **({"instead_of": superseded} if superseded else {})}

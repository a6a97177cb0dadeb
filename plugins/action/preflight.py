# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds a stack's variables to the roles' specs and to AWS's rules, on the controller and without any call."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.webstack.aws.plugins.plugin_utils import _preflight
from ansible_collections.webstack.aws.plugins.plugin_utils._faults import Fault, message
from ansible_collections.webstack.aws.plugins.plugin_utils._job_options import checked_jobs
from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_network import wanted_interface_endpoints
from ansible_collections.webstack.aws.plugins.plugin_utils._preflight_readiness import needs, planned_registry
from ansible_collections.webstack.aws.plugins.plugin_utils._services import SERVICE_OPTIONS
from ansible_collections.webstack.aws.plugins.plugin_utils._specs import Roles, roles

#: Roles that a stack has only when this variable is set.
OPTIONAL_ROLES = {
    "api_gateway": "api_gateway_routes",
    "cache": "cache_node_type",
    "database": "database_instance_class",
    "file_system": "file_system_file_systems",
}


class ActionModule(ActionBase):
    """The preflight action."""

    _requires_connection = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        self.validate_argument_spec(argument_spec={})
        taken = roles()
        self._plan_registry(task_vars)
        given = {
            name: self._settled(task_vars[name])
            for name in taken.known
            if name in task_vars and name not in taken.wired
        }
        faults = list(_preflight.unknown_variables(_users_own(task_vars), taken.known, [*taken.options, "webstack"]))
        faults += _type_faults(taken, given)
        services, service_faults = self._services(given)
        jobs, job_faults = self._jobs(given)
        faults += [*service_faults, *job_faults]
        values = {
            **taken.defaults,
            "webstack_stack": task_vars["inventory_hostname"],
            **given,
            "webstack_services": services,
            "webstack_jobs": jobs,
        }
        faults += _rule_faults(values, is_sound=not faults)
        if faults:
            return {**result, "failed": True, "msg": message(task_vars["inventory_hostname"], faults)}
        return {**result, "interface_endpoints": wanted_interface_endpoints(values), "readiness": needs(values)}

    def _plan_registry(self, task_vars: dict[str, t.Any]) -> None:
        """Let images in the stack's own repositories be known although nobody has made these yet."""
        names = ("webstack_environment", "webstack_region", "webstack_stack", "registry_repositories")
        values = {"webstack_stack": task_vars["inventory_hostname"]}
        values |= {name: self._settled(task_vars[name]) for name in names if name in task_vars}
        if "registry_outputs" in task_vars or not {"webstack_environment", "webstack_region"} <= set(values):
            return
        with contextlib.suppress(AttributeError, TypeError):  # what is of a wrong type is reported
            planned = {"registry_outputs": planned_registry(values)}
            self._templar = self._templar.copy_with_new_env(available_variables={**task_vars, **planned})

    def _settled(self, value: t.Any) -> t.Any:
        """``value`` with its templates filled; one that needs what is only known after apply stays as it is written."""
        if isinstance(value, dict):
            return {key: self._settled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._settled(item) for item in value]
        try:
            return self._templar.template(value)
        except AnsibleError as error:
            # It, or a variable that it is made of, names what a role finds out.
            if "_outputs" not in f"{value} {error}":
                raise AnsibleError(f"{value} cannot be filled: {error}") from error
            return str(value)

    def _services(self, given: dict[str, t.Any]) -> tuple[dict[str, t.Any], list[Fault]]:
        """The services with the environment's overrides, and what is wrong with their options."""
        services: dict[str, t.Any] = {}
        declared, faults = _overlaid("webstack_services", "webstack_service_overrides", given)
        for key, service in declared.items():
            checked = ArgumentSpecValidator(SERVICE_OPTIONS).validate(service)
            faults += [
                Fault(f"webstack_services.{key}", text.rstrip("."), "what the role container_service documents")
                for text in checked.error_messages
            ]
            services[key] = {name: value for name, value in checked.validated_parameters.items() if value is not None}
        return services, faults

    def _jobs(self, given: dict[str, t.Any]) -> tuple[dict[str, t.Any], list[Fault]]:
        """The jobs with the environment's overrides, and what is wrong with their options."""
        declared, faults = _overlaid("webstack_jobs", "webstack_job_overrides", given)
        jobs, option_faults = checked_jobs(declared)
        return jobs, [*faults, *option_faults]


def _overlaid(variable: str, overrides: str, given: dict[str, t.Any]) -> tuple[dict[str, t.Any], list[Fault]]:
    """What ``variable`` declares by name with ``overrides`` laid over it, and overrides of what is not declared."""
    declared, over = given.get(variable) or {}, given.get(overrides) or {}
    faults = [
        Fault(f"{overrides}.{key}", f"{variable} has no {key}", f"one of {', '.join(declared) or 'none'}")
        for key in over
        if key not in declared
    ]
    return {key: _combine(item, over.get(key) or {}) for key, item in declared.items()}, faults


def _combine(base: dict[str, t.Any], over: dict[str, t.Any]) -> dict[str, t.Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _combine(base[key], value) if both else value
    return merged


def _users_own(task_vars: dict[str, t.Any]) -> set[str]:
    """The variables that come from the inventory or the command line, as far as their names tell."""
    return {name for name in task_vars if not name.startswith(("ansible_", "_"))}


def _type_faults(taken: Roles, given: dict[str, t.Any]) -> list[Fault]:
    """What the roles' argument specs say of the variables that were given, and of those that are missing."""
    faults = []
    for role, options in taken.options.items():
        if OPTIONAL_ROLES.get(role, "webstack_region") not in given and role in OPTIONAL_ROLES:
            continue
        for name, option in options.items():
            if name in taken.wired:
                continue
            if name not in given:
                if option.get("required"):
                    faults.append(Fault(name, "it is not set", _sentence(option)))
                continue
            if given[name] is None and not option.get("required"):
                continue
            checked = ArgumentSpecValidator({name: option}).validate({name: given[name]})
            faults += [Fault(name, text.rstrip("."), _sentence(option)) for text in checked.error_messages]
            given[name] = checked.validated_parameters.get(name, given[name])
    return faults


def _rule_faults(values: dict[str, t.Any], is_sound: bool) -> list[Fault]:
    """What AWS's rules say of the values; where these are not sound, as far as it can be judged."""
    faults: list[Fault] = []
    for rule in (lambda known: _preflight.region(known, _regions()), *_preflight.RULES):
        try:
            faults += rule(values)
        except (AttributeError, KeyError, TypeError, ValueError):
            # A value that is missing or of a wrong type has been reported; only then may a rule stumble over it.
            if is_sound:
                raise
    return faults


def _sentence(option: dict[str, t.Any]) -> str:
    description = option.get("description", "")
    return (description if isinstance(description, str) else description[0]).rstrip(". \n")


def _regions() -> list[str]:
    import boto3.session

    session = boto3.session.Session()
    return [name for part in session.get_available_partitions() for name in session.get_available_regions("ec2", part)]

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The listeners of an Application Load Balancer, and their rules."""

from __future__ import annotations

import typing as t

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._compare import given
from ansible_collections.webstack.aws.plugins.module_utils._elbv2 import change_tags, read_tags
from ansible_collections.webstack.aws.plugins.module_utils._errors import WebstackError
from ansible_collections.webstack.aws.plugins.module_utils._module import diff_of
from ansible_collections.webstack.aws.plugins.module_utils._notes import Words, notes_on
from ansible_collections.webstack.aws.plugins.module_utils._placeholders import is_placeholder, placeholder_arn
from ansible_collections.webstack.aws.plugins.module_utils._resource import Fields, Kind, Outcome, check_owner, ensure
from ansible_collections.webstack.aws.plugins.module_utils._tags import foreign_owner, tags_argument, tags_to_list

#: AWS's own values for what a redirect leaves out: keep that part of the address.
REDIRECT = {
    "protocol": "#{protocol}",
    "host": "#{host}",
    "port": "#{port}",
    "path": "/#{path}",
    "query": "#{query}",
    "status_code": "HTTP_301",
}
FIXED_RESPONSE = {"status_code": "404", "content_type": "text/plain", "message_body": ""}

#: Elastic Load Balancing User Guide, "Quotas for your Application Load Balancers": condition values per rule.
VALUES_A_RULE = 5
#: Elastic Load Balancing API, CreateRule, Priority.
PRIORITIES = range(1, 50001)
#: The distance between the priorities of new rules, which leaves room for others between them.
STEP = 10

#: What ELB says of a certificate that was just issued, or of what was just made.
NOT_SEEN = r"^(CertificateNotFound|UnsupportedCertificate|TargetGroupNotFound|LoadBalancerNotFound)"

#: The tag that carries a rule's name: rules have none in AWS.
NAME_TAG = "Name"


#: What a change of a listener does.
NOTES: dict[str, Words] = {
    "protocol": "clients have to speak the other protocol at once",
    "certificate_arn": "new connections get the other certificate",
    "ssl_policy": "clients that know nothing of what the other policy allows get in no more",
}


class Listener(Kind):
    """A listener of one load balancer, named by its port."""

    noun = "listener"
    plural = "listeners"
    exists = ("DuplicateListener",)
    nested = ("default_action",)

    def __init__(self, aws: Aws, load_balancer_arn: str):
        super().__init__(aws)
        self.load_balancer_arn = load_balancer_arn
        self._read: dict[str, Fields] | None = None

    def read_all(self) -> dict[str, Fields]:
        """All listeners of the load balancer by port; read again only after a change of ours.

        A load balancer that is not there (check mode) has none.
        """
        if self._read is None:
            self._read = {} if is_placeholder(self.load_balancer_arn) else self._describe()
        return self._read

    def _describe(self) -> dict[str, Fields]:
        described = self.aws.read(
            "elbv2",
            "describe_listeners",
            "Listeners",
            missing=("LoadBalancerNotFound",),
            LoadBalancerArn=self.load_balancer_arn,
        )
        tags = read_tags(self.aws, [live["ListenerArn"] for live in described])
        return {str(live["Port"]): {**live, "Tags": tags[live["ListenerArn"]]} for live in described}

    def read(self, names: list[str]) -> dict[str, Fields]:
        return {port: live for port, live in self.read_all().items() if port in names}

    def normalize(self, name: str, live: Fields) -> Fields:
        certificates = live.get("Certificates") or [{}]
        return {
            "protocol": live["Protocol"],
            "certificate_arn": certificates[0].get("CertificateArn"),
            "ssl_policy": live.get("SslPolicy"),
            "default_action": normalize_action(live["DefaultActions"]),
            "tags": live["Tags"],
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        if "default_action" not in wanted:
            return wanted
        return {**wanted, "default_action": normalize_wanted_action(wanted["default_action"])}

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        if "default_action" not in wanted:
            return wanted
        return {**wanted, "default_action": settle(wanted["default_action"], normalize_action(live["DefaultActions"]))}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        fields = {**(self.normalize(name, live) if live else {}), **wanted}
        absent = [option for option in ("protocol", "default_action") if not fields.get(option)]
        if absent:
            raise WebstackError(f"listener {name}: cannot be made without {' and '.join(absent)}", "give them")
        # Elastic Load Balancing API, CreateListener, Certificates and SslPolicy.
        if fields["protocol"] == "HTTPS" and not fields.get("certificate_arn"):
            raise WebstackError(f"listener {name}: HTTPS needs a certificate", "give it certificate_arn")
        if fields["protocol"] == "HTTP" and (wanted.get("certificate_arn") or wanted.get("ssl_policy")):
            raise WebstackError(
                f"listener {name}: HTTP takes neither certificate_arn nor ssl_policy",
                "leave them out, or make it HTTPS",
            )

    def plan_name(self, name: str) -> str:
        return f"{load_balancer_name(self.load_balancer_arn)} {name}"

    def notes(self, name: str, outcome: Outcome) -> list[str]:
        if outcome.action == "delete":
            return [f"nobody is answered at port {name} any more"]
        return notes_on(outcome.changes, NOTES) if outcome.action == "update" else []

    def create(self, name: str, wanted: Fields) -> None:
        self._read = None
        self.aws.write(
            "elbv2",
            "create_listener",
            propagating=NOT_SEEN,
            LoadBalancerArn=self.load_balancer_arn,
            Port=int(name),
            **tags_argument(wanted.get("tags")),
            **_listener_arguments(wanted, set(wanted)),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        self._read = None
        # With another protocol, everything that belongs to it is said anew.
        arguments = _listener_arguments(wanted, set(wanted) if "protocol" in changed else changed)
        if arguments:
            self.aws.write(
                "elbv2", "modify_listener", propagating=NOT_SEEN, ListenerArn=live["ListenerArn"], **arguments
            )
        if "tags" in changed:
            change_tags(self.aws, live["ListenerArn"], live["Tags"], wanted["tags"])

    def delete(self, name: str, live: Fields) -> None:
        self._read = None
        self.aws.write("elbv2", "delete_listener", missing=("ListenerNotFound",), ListenerArn=live["ListenerArn"])

    def result(self, name: str, live: Fields) -> Fields:
        return {"listener_arn": live["ListenerArn"], "port": int(name), **self.normalize(name, live)}

    def placeholder(self, name: str, wanted: Fields) -> Fields:
        balancer = self.load_balancer_arn.partition(":loadbalancer/")[2]
        arn = placeholder_arn("elasticloadbalancing", self.aws.region, f"listener/{balancer}/{'0' * 14}{int(name):0>5}")
        return {"tags": {}, **wanted, "listener_arn": arn, "port": int(name)}


class Rule(Kind):
    """A rule of one listener that is not its default one, named by its tag Name."""

    noun = "rule"
    plural = "rules"
    nested = ("action",)

    def __init__(self, aws: Aws, listener_arn: str, port: str = ""):
        super().__init__(aws)
        self.listener_arn = listener_arn
        self.port = port
        self.moves: dict[str, int] = {}
        self._read: list[Fields] | None = None

    def read_all(self) -> list[Fields]:
        """All rules of the listener but the default one; read again only after a change of ours."""
        if self._read is None:
            self._read = [] if is_placeholder(self.listener_arn) else self._describe()
        return self._read

    def _describe(self) -> list[Fields]:
        described = self.aws.read("elbv2", "describe_rules", "Rules", ListenerArn=self.listener_arn)
        rules = [live for live in described if not live["IsDefault"]]
        tags = read_tags(self.aws, [live["RuleArn"] for live in rules])
        return [{**live, "Tags": tags[live["RuleArn"]]} for live in rules]

    def read(self, names: list[str]) -> dict[str, Fields]:
        return {live["Tags"][NAME_TAG]: live for live in self.read_all() if live["Tags"].get(NAME_TAG) in names}

    def normalize(self, name: str, live: Fields) -> Fields:
        return {
            "priority": int(live["Priority"]),
            **normalize_conditions(live["Conditions"]),
            "action": normalize_action(live["Actions"]),
            "tags": {key: value for key, value in live["Tags"].items() if key != NAME_TAG},
        }

    def normalize_wanted(self, name: str, wanted: Fields) -> Fields:
        # A rule is all of its conditions: those that are not given it has not. Its Name is its own.
        tags = {key: value for key, value in (wanted.get("tags") or {}).items() if key != NAME_TAG}
        return {
            **wanted,
            **({"tags": tags} if "tags" in wanted else {}),
            "path_patterns": sorted(wanted.get("path_patterns", [])),
            "host_headers": sorted(host.lower() for host in wanted.get("host_headers", [])),
            "action": normalize_wanted_action(wanted["action"]),
        }

    def keep(self, name: str, live: Fields, wanted: Fields) -> Fields:
        return {**wanted, "action": settle(wanted["action"], normalize_action(live["Actions"]))}

    def refuse(self, name: str, live: Fields | None, wanted: Fields | None) -> None:
        if wanted is None:
            return
        values = len(wanted["path_patterns"]) + len(wanted["host_headers"])
        if not values:
            raise WebstackError(f"rule {name} has no condition", "give it path_patterns or host_headers")
        if values > VALUES_A_RULE:
            raise WebstackError(
                f"rule {name} has {values} paths and hosts, AWS takes at most {VALUES_A_RULE} in one rule",
                "part it into several rules with the same action",
            )

    def plan_name(self, name: str) -> str:
        return f"{load_balancer_name(self.listener_arn)} {self.port} {name}"

    def create(self, name: str, wanted: Fields) -> None:
        self._read = None
        self._move()
        self.aws.write(
            "elbv2",
            "create_rule",
            ListenerArn=self.listener_arn,
            Priority=wanted["priority"],
            Conditions=conditions_to_aws(wanted),
            Actions=action_to_aws(wanted["action"]),
            Tags=tags_to_list({**wanted.get("tags", {}), NAME_TAG: name}),
        )

    def update(self, name: str, live: Fields, wanted: Fields, changed: set[str]) -> None:
        self._read = None
        self._move()
        arn = live["RuleArn"]
        arguments: dict[str, t.Any] = {}
        if changed & {"path_patterns", "host_headers"}:
            arguments["Conditions"] = conditions_to_aws(wanted)
        if "action" in changed:
            arguments["Actions"] = action_to_aws(wanted["action"])
        if arguments:
            self.aws.write("elbv2", "modify_rule", RuleArn=arn, **arguments)
        if "tags" in changed:
            change_tags(self.aws, arn, live["Tags"], {**wanted["tags"], NAME_TAG: name})

    def delete(self, name: str, live: Fields) -> None:
        self._read = None
        self.aws.write("elbv2", "delete_rule", missing=("RuleNotFound",), RuleArn=live["RuleArn"])

    def result(self, name: str, live: Fields) -> Fields:
        return {"rule_arn": live["RuleArn"], **self.normalize(name, live)}

    def _move(self) -> None:
        """Change all priorities in one call: one by one, two rules that change places would be in each other's way."""
        if self.moves:
            moves = [{"RuleArn": arn, "Priority": priority} for arn, priority in sorted(self.moves.items())]
            self.aws.write("elbv2", "set_rule_priorities", RulePriorities=moves)
            self.moves = {}


def manage(params: Fields, aws: Aws) -> Fields:
    """What the module ``listeners`` does: each listener with its rules, so that no request goes astray meanwhile."""
    kind = Listener(aws, params["load_balancer_arn"])
    tags, purge_tags = params["tags"], params["purge_tags"]
    present = params["state"] == "present"
    live = kind.read_all()
    report = Report()
    for item in params["listeners"]:
        port = str(item["port"])
        fields = given({key: value for key, value in item.items() if key not in ("port", "rules")})
        rules = item["rules"] if present else None
        check_owner(kind, port, live.get(port), tags)
        # New rules come before a changed default action: what it served until now may be what they serve from now on.
        ruling = Rule(aws, live[port]["ListenerArn"], port) if port in live else None
        if rules is not None and ruling:
            _ensure_rules(ruling, rules, params, report)
        report.add(kind, *ensure(kind, {port: fields if present else None}, tags, purge_tags))
        if rules is None:
            continue
        if not ruling:
            _ensure_rules(Rule(aws, report.results[port]["listener_arn"], port), rules, params, report)
        elif params["purge_rules"]:
            _purge_rules(ruling, rules, tags, report)
        report.results[port]["rules"] = {rule["name"]: report.rules[f"{port} {rule['name']}"] for rule in rules}
    if present and params["purge_listeners"]:
        named = {str(item["port"]) for item in params["listeners"]}
        surplus = [port for port in live if port not in named and not foreign_owner(live[port]["Tags"], tags)]
        report.add(kind, *ensure(kind, dict.fromkeys(surplus), tags))
    return {"changed": report.changed, "listeners": report.results, "diff": report.diff}


class Report:
    """What the module returns, gathered over all listeners and rules."""

    def __init__(self) -> None:
        self.changed = False
        self.results: dict[str, Fields] = {}
        self.rules: dict[str, Fields] = {}
        self.diff: dict[str, Fields] = {"before": {}, "after": {}}

    def add(self, kind: Kind, outcomes: list[Outcome], results: dict[str, Fields], port: str = "") -> None:
        """Take over what happened; of rules when ``port`` says whose."""
        prefix = f"{port} " if port else ""
        for outcome in outcomes:
            self.changed = self.changed or outcome.action != "none"
            for side, fields in diff_of(outcome, kind.nested).items():
                if fields:
                    self.diff[side][f"{prefix}{outcome.name}"] = fields
        gathered = self.rules if port else self.results
        gathered.update({f"{prefix}{name}": result for name, result in results.items()})


def _ensure_rules(kind: Rule, rules: list[Fields], params: Fields, report: Report) -> None:
    """Make and change the rules of one listener."""
    named = {rule["name"] for rule in rules}
    live = kind.read_all()
    ours = {rule["Tags"][NAME_TAG]: rule for rule in live if rule["Tags"].get(NAME_TAG) in named}
    others = {int(rule["Priority"]) for rule in live if rule["Tags"].get(NAME_TAG) not in named}
    numbers = priorities(rules, {name: int(rule["Priority"]) for name, rule in ours.items()}, others)
    kind.moves = {
        rule["RuleArn"]: numbers[name] for name, rule in ours.items() if int(rule["Priority"]) != numbers[name]
    }
    wanted: dict[str, Fields | None] = {}
    for rule in rules:
        fields = given({key: value for key, value in rule.items() if key != "name"})
        wanted[rule["name"]] = {**fields, "priority": numbers[rule["name"]]}
    report.add(kind, *ensure(kind, wanted, params["tags"], params["purge_tags"]), port=kind.port)


def _purge_rules(kind: Rule, rules: list[Fields], tags: dict[str, str] | None, report: Report) -> None:
    """Remove the rules of one listener that are ours and not named."""
    named = {rule["name"] for rule in rules}
    mine = {
        rule["Tags"][NAME_TAG]
        for rule in kind.read_all()
        if NAME_TAG in rule["Tags"] and not foreign_owner(rule["Tags"], tags)
    }
    report.add(kind, *ensure(kind, dict.fromkeys(sorted(mine - named)), tags), port=kind.port)


def load_balancer_name(arn: str) -> str:
    """The name of a load balancer, from its ARN or from that of one of its listeners."""
    return arn.partition("/app/")[2].partition("/")[0] or arn


def priorities(rules: t.Sequence[Fields], live: t.Mapping[str, int], others: t.Collection[int]) -> dict[str, int]:
    """A priority for each of ``rules``, by name, rising in their order; live ones keep theirs as far as that goes.

    live: the numbers that they have. others: numbers of rules that are not named, which stay. A rule that says its own
    ``priority`` gets it, wherever it stands in the list.
    """
    fixed = {rule["name"]: rule["priority"] for rule in rules if rule.get("priority")}
    clash = [name for name, number in fixed.items() if number in others]
    if clash or len(set(fixed.values())) < len(fixed):
        raise WebstackError(
            f"rule {', '.join(clash or sorted(fixed))}: another rule has this priority already", "choose a free one"
        )
    taken = {*others, *fixed.values()}
    free = [rule["name"] for rule in rules if rule["name"] not in fixed]
    numbers = _between(free, live, taken)
    if numbers is None:  # no room where a new one must stand: all move
        numbers = _between(free, {}, taken) or {}
    return {**fixed, **numbers}


def _between(names: t.Sequence[str], live: t.Mapping[str, int], taken: t.Collection[int]) -> dict[str, int] | None:
    """Rising numbers for ``names``, none of them ``taken``; live ones stay where they rise. None without room."""
    kept: dict[str, int] = {}
    for name in names:
        if live.get(name, 0) > max(kept.values(), default=0) and live[name] not in taken:
            kept[name] = live[name]
    numbers: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in kept:
            numbers[name] = kept[name]
            continue
        last = max(numbers.values(), default=0)
        following = next((other for other in names[index:] if other in kept), None)
        if following is None:
            steps = range((last // STEP + 1) * STEP, PRIORITIES.stop, STEP)
            room = [number for number in steps if number not in taken]
        else:
            waiting = names[index:].index(following)
            room = [number for number in range(last + 1, kept[following]) if number not in taken]
            room = room[len(room) // (waiting + 1) :] if len(room) >= waiting else []
        if not room:
            return None
        numbers[name] = room[0]
    return numbers


def normalize_action(actions: t.Sequence[Fields]) -> Fields:
    """AWS's list of actions as the option ``action``. What we never make comes back as AWS gives it."""
    action = actions[-1]
    if action["Type"] == "forward":
        groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
        arn = action.get("TargetGroupArn") or (groups[0]["TargetGroupArn"] if len(groups) == 1 else None)
        if arn and len(groups) <= 1:
            return {"type": "forward", "target_group_arn": arn}
        return {"type": "forward", "target_groups": {group["TargetGroupArn"]: group.get("Weight") for group in groups}}
    if action["Type"] == "redirect":
        live = action["RedirectConfig"]
        config = {**REDIRECT, **{_snake(key): value for key, value in live.items()}}
        return {"type": "redirect", "redirect": config}
    if action["Type"] == "fixed-response":
        live = action["FixedResponseConfig"]
        return {
            "type": "fixed-response",
            "fixed_response": {**FIXED_RESPONSE, **{_snake(key): value for key, value in live.items()}},
        }
    return {"type": action["Type"]}


def normalize_wanted_action(action: Fields) -> Fields:
    """The option ``action`` with AWS's values for what it leaves out, and without what its type does not have."""
    kind = action["type"]
    if kind == "forward":
        if not action.get("target_group_arn"):
            raise WebstackError("an action of type forward has no target group", "give it target_group_arn")
        before = {"instead_of": action["instead_of"]} if action.get("instead_of") else {}
        return {"type": kind, "target_group_arn": action["target_group_arn"], **before}
    if kind == "redirect":
        return {"type": kind, "redirect": {**REDIRECT, **action.get("redirect", {})}}
    return {"type": kind, "fixed_response": {**FIXED_RESPONSE, **action.get("fixed_response", {})}}


def settle(wanted: Fields, live: Fields) -> Fields:
    """A wanted action in its final form, for what is live. Pure.

    A group that is there ``instead_of`` others has no healthy targets yet, and ECS takes a service only for a group
    that a listener knows: so it stands beside the one that serves and gets no requests. Once it serves, it alone does.
    """
    if not wanted.get("instead_of"):
        return wanted
    arn = wanted["target_group_arn"]
    weights = live.get("target_groups") or {live.get("target_group_arn"): 1}
    if weights.get(arn):
        return {"type": "forward", "target_group_arn": arn}
    serving = [group for group in wanted["instead_of"] if weights.get(group)] or wanted["instead_of"][:1]
    return {"type": "forward", "target_groups": {**dict.fromkeys(serving, 1), arn: 0}}


def action_to_aws(action: Fields) -> list[Fields]:
    """A normal action as AWS takes it."""
    action = settle(action, {})
    if "target_groups" in action:
        groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in action["target_groups"].items()]
        return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]
    if action["type"] == "forward":
        return [{"Type": "forward", "TargetGroupArn": action["target_group_arn"]}]
    if action["type"] == "redirect":
        return [
            {"Type": "redirect", "RedirectConfig": {_camel(key): value for key, value in action["redirect"].items()}}
        ]
    config = {_camel(key): value for key, value in action["fixed_response"].items() if value != ""}
    return [{"Type": "fixed-response", "FixedResponseConfig": config}]


def normalize_conditions(conditions: t.Sequence[Fields]) -> Fields:
    """AWS's conditions as options; those that we never make stand under ``other_conditions``."""
    found: Fields = {"path_patterns": [], "host_headers": []}
    for condition in conditions:
        if condition["Field"] == "path-pattern":
            found["path_patterns"] += condition.get("PathPatternConfig", {}).get("Values") or condition.get(
                "Values", []
            )
        elif condition["Field"] == "host-header":
            found["host_headers"] += condition.get("HostHeaderConfig", {}).get("Values") or condition.get("Values", [])
        else:
            found.setdefault("other_conditions", []).append(condition["Field"])
    return {field: sorted(values) for field, values in found.items()}


def conditions_to_aws(wanted: Fields) -> list[Fields]:
    """The options as AWS's conditions."""
    conditions = []
    if wanted["host_headers"]:
        conditions.append({"Field": "host-header", "HostHeaderConfig": {"Values": wanted["host_headers"]}})
    if wanted["path_patterns"]:
        conditions.append({"Field": "path-pattern", "PathPatternConfig": {"Values": wanted["path_patterns"]}})
    return conditions


def _listener_arguments(wanted: Fields, changed: set[str]) -> dict[str, t.Any]:
    """The fields in ``changed`` as arguments of the calls that make and change a listener."""
    arguments: dict[str, t.Any] = {}
    if "protocol" in changed:
        arguments["Protocol"] = wanted["protocol"]
    if "certificate_arn" in changed:
        arguments["Certificates"] = [{"CertificateArn": wanted["certificate_arn"]}]
    if "ssl_policy" in changed:
        arguments["SslPolicy"] = wanted["ssl_policy"]
    if "default_action" in changed:
        arguments["DefaultActions"] = action_to_aws(wanted["default_action"])
    return arguments


def _snake(key: str) -> str:
    return {"StatusCode": "status_code", "ContentType": "content_type", "MessageBody": "message_body"}.get(
        key, key.lower()
    )


def _camel(key: str) -> str:
    return "".join(word.capitalize() for word in key.split("_"))

# Copyright: (c) 2026, The webstack.aws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks of stacks: items of a DynamoDB table, each taken and given back by one conditional write."""

from __future__ import annotations

import datetime
import getpass
import hashlib
import os
import socket
import typing as t
import uuid
from pathlib import Path

from ansible_collections.webstack.aws.plugins.module_utils._aws import Aws
from ansible_collections.webstack.aws.plugins.module_utils._errors import AwsError, WebstackError

#: A lock's fields, and the attributes under which the table holds them. ``LockID`` is the table's key.
ATTRIBUTES = {"lock_id": "LockID", "owner": "Owner", "run": "Run", "created": "Created", "playbook": "Playbook"}

CREATED_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

#: How often a lock that changes hands between a look and a write is looked at again.
LOOKS = 5

PROC = Path("/proc")


class Lock(t.NamedTuple):
    """A lock as it is held. owner: ``user@host``. run: see ``run_id``. created: ISO 8601, UTC."""

    lock_id: str
    owner: str
    run: str
    created: str
    playbook: str

    @classmethod
    def parse(cls, item: dict[str, dict[str, str]]) -> Lock:
        """A lock from DynamoDB's form; whatever another tool did not write is empty."""
        return cls(**{field: item.get(attribute, {}).get("S", "") for field, attribute in ATTRIBUTES.items()})

    def item(self) -> dict[str, dict[str, str]]:
        """The lock in DynamoDB's form."""
        return {attribute: {"S": getattr(self, field)} for field, attribute in ATTRIBUTES.items()}

    def age(self, now: datetime.datetime) -> int | None:
        """For how many seconds it has been held; None where that was not written down."""
        try:
            created = datetime.datetime.strptime(self.created, CREATED_FORMAT).replace(tzinfo=datetime.UTC)
        except ValueError:
            return None
        return max(0, int((now - created).total_seconds()))

    def describe(self, now: datetime.datetime) -> str:
        """Who holds it since when, in words."""
        age = self.age(now)
        since = f" since {self.created} ({duration(age)})" if age is not None else ""
        playbook = f" with {self.playbook}" if self.playbook else ""
        run = f", run {self.run}" if self.run else ""
        return f"held by {self.owner or 'somebody who left no name'}{since}{playbook}{run}"

    def result(self, now: datetime.datetime) -> dict[str, t.Any]:
        """What the modules return."""
        return {**self._asdict(), "age": self.age(now), "description": self.describe(now)}


class HeldError(WebstackError):
    """A lock is in other hands."""

    def __init__(self, message: str, lock: Lock, next_step: str):
        super().__init__(message, next_step)
        self.lock = lock


class MissingTableError(WebstackError):
    """There is no such lock table."""


def duration(seconds: int) -> str:
    """Seconds as a person says them: two units at most."""
    units = (("day", seconds // 86400), ("hour", seconds // 3600 % 24), ("minute", seconds // 60 % 60))
    words = [f"{number} {unit}{'s' * (number != 1)}" for unit, number in units if number]
    return " ".join(words[:2]) or f"{seconds} second{'s' * (seconds != 1)}"


def owner_name() -> str:
    """Who runs this, as ``user@host``."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # In a container the number of a user need not have a name.
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def run_id(pid: int, proc: Path = PROC) -> str:
    """What names the run of the process ``pid`` for all time: machine, process id, and when the process began."""
    return f"{_machine(proc)}/{pid}/{_began(pid, proc) or ''}"


def is_dead(run: str, proc: Path = PROC) -> bool:
    """Whether a run was one of this machine and its process is gone. What cannot be known is not dead."""
    machine, slash, process = run.partition("/")
    pid, slash, began = process.partition("/")
    if machine != _machine(proc) or not slash or not pid.isdigit():
        return False
    if (proc / "self").exists():
        # Another process may have got the same id since.
        return _began(int(pid), proc) != began
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _machine(proc: Path) -> str:
    """The machine since its last start, and in it the container: only there does a process id mean the same process.

    A host's name does not suffice, for containers and machines that were copied share one.
    """
    try:
        marks = [(proc / "sys/kernel/random/boot_id").read_text().strip(), os.readlink(proc / "self/ns/pid")]
    except OSError:
        marks = [str(uuid.getnode())]
    return f"{socket.gethostname()}-{hashlib.sha256(' '.join(marks).encode()).hexdigest()[:8]}"


def _began(pid: int, proc: Path) -> str | None:
    """When a process began, in the kernel's ticks; None when it is gone or has ended and waits to be buried."""
    try:
        # The fields after the program's name, which is in brackets and may hold anything.
        fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def now_utc() -> datetime.datetime:
    """The time."""
    return datetime.datetime.now(datetime.UTC)


def all_locks(aws: Aws, table: str) -> list[Lock]:
    """All locks of a table, by name."""
    items = _read(aws, "scan", "Items", table, TableName=table, ConsistentRead=True)
    return sorted(Lock.parse(item) for item in items)


def current(aws: Aws, table: str, lock_id: str) -> Lock | None:
    """The lock as it is held now."""
    key = {"LockID": {"S": lock_id}}
    item = _read(aws, "get_item", "Item", table, TableName=table, Key=key, ConsistentRead=True)
    return Lock.parse(item) if item else None


def take(aws: Aws, table: str, wanted: Lock, dead: t.Callable[[str], bool] = is_dead) -> tuple[bool, Lock, Lock | None]:
    """Take a lock, unless the same run has it. In check mode nothing is written.

    Returns whether it was taken, the lock, and what was found in its place. Raises HeldError when somebody else has it.
    """
    wrote = False
    for _look in range(LOOKS):
        held = current(aws, table, wanted.lock_id)
        if held and held.run == wanted.run:
            # After a write of this very call its answer was lost on the way, and the SDK's second try was refused.
            return wrote, held, held
        if held and not (held.owner == wanted.owner and dead(held.run)):
            raise HeldError(
                f"the lock {held.lock_id} is {held.describe(now_utc())}",
                held,
                "wait until that run has ended; if it is dead, release the lock with "
                f"ansible-playbook playbooks/locks.yml -e release={held.lock_id}",
            )
        if aws.check_mode:
            return True, wanted, held
        condition = "#run = :run" if held else "attribute_not_exists(LockID)"
        if _write(aws, "put_item", condition, held.run if held else "", TableName=table, Item=wanted.item()):
            return True, wanted, held
        wrote = True
    raise _restless(wanted.lock_id)


def give_back(aws: Aws, table: str, lock_id: str, run: str, force: bool) -> Lock | None:
    """Release a lock; with ``force`` anybody's. In check mode nothing is written.

    Returns the lock that was released, None when nobody had it. Raises HeldError when somebody else has it.
    """
    for _look in range(LOOKS):
        held = current(aws, table, lock_id)
        if not held:
            return None
        if held.run != run and not force:
            raise HeldError(
                f"the lock {lock_id} is not this run's: it is {held.describe(now_utc())}",
                held,
                "look at what both runs did; if that run is dead, release the lock with "
                f"ansible-playbook playbooks/locks.yml -e release={lock_id}",
            )
        # Only the lock that was looked at goes, never one that was taken since. That it is gone already is well: then
        # AWS did it, the answer was lost, and the SDK has tried again.
        same = "#run = :run" if held.run else "attribute_not_exists(#run)"
        condition, key = f"attribute_not_exists(LockID) OR {same}", {"LockID": {"S": lock_id}}
        if aws.check_mode or _write(aws, "delete_item", condition, held.run, TableName=table, Key=key):
            return held
    raise _restless(lock_id)


def _read(aws: Aws, operation: str, path: str, table: str, **arguments: t.Any) -> t.Any:
    try:
        return aws.read("dynamodb", operation, path, **arguments)
    except AwsError as error:
        if error.code != "ResourceNotFoundException":
            raise
        raise MissingTableError(
            f"there is no lock table {table} in {aws.region}",
            "make it with ansible-playbook playbooks/account.yml, or correct lock_table",
        ) from error


def _write(aws: Aws, operation: str, condition: str, run: str, **arguments: t.Any) -> bool:
    """Write under a condition, which may speak of the attribute ``#run`` and the value ``:run``; says if it held."""
    if "#run" in condition:
        arguments["ExpressionAttributeNames"] = {"#run": "Run"}
    if ":run" in condition:
        arguments["ExpressionAttributeValues"] = {":run": {"S": run}}
    refused = ("ConditionalCheckFailedException",)
    answer = aws.write("dynamodb", operation, missing=refused, ConditionExpression=condition, **arguments)
    return answer is not None


def _restless(lock_id: str) -> WebstackError:
    return WebstackError(f"the lock {lock_id} changes hands all the time", "run again in a minute")

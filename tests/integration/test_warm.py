"""Modules give the same with the connection ``webstack.aws.warm`` as with ``local``, and nothing is left of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SECONDS = 120

#: Writes down what each task of each host gave.
CALLBACK = """
import json, os
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "aggregate", "written"

    def _write(self, kind, result):
        data = json.loads(self._dump_results(result._result, keep_invocation=True))
        with open(os.environ["WRITTEN"], "a") as file:
            file.write(json.dumps([result._host.name, result._task.name, kind, data]) + "\\n")

    def v2_runner_on_ok(self, result):
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result):
        self._write("unreachable", result)

    def v2_runner_on_skipped(self, result):
        self._write("skipped", result)

    v2_runner_item_on_ok, v2_runner_item_on_failed = v2_runner_on_ok, v2_runner_on_failed
"""

#: A module that does what others seldom do.
ODD = """
#!/usr/bin/python
import os, sys, time
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.process import get_bin_path

def main():
    module = AnsibleModule(dict(do=dict(), secret=dict(no_log=True), file=dict(type="path")), supports_check_mode=True)
    do = module.params["do"]
    if do == "warn":
        module.warn("be warned")
        module.deprecate("it gets old", version="9.0.0", collection_name="webstack.aws")
        # Ansible's own code deprecates this, and has to be named as who does.
        get_bin_path("sh", required=True)
    elif do == "sleep":
        with open(module.params["file"], "w") as file:
            file.write(str(os.getpid()))
        time.sleep(600)
    elif do == "crash":
        raise ValueError("it crashed")
    elif do == "exit":
        sys.exit("no JSON at all")
    elif do == "kill":
        os.kill(os.getpid(), 15)
    module.exit_json(changed=False, check=module.check_mode, much="m" * 200000 if do == "much" else "")

if __name__ == "__main__":
    main()
"""

TASKS = """
- hosts: all
  gather_facts: false
  module_defaults:
    group/amazon.aws.aws: {region: us-east-1}
    group/community.aws.aws: {region: us-east-1}
    group/webstack.aws.aws: {region: us-east-1}
  tasks:
    - {name: ping, ansible.builtin.ping: {data: "ü"}}
    - name: circumstances
      ansible.builtin.command: sh -c 'umask; pwd; echo $A; echo $PWD; env | sort | grep -v ^_= ; locale; ulimit -n'
      environment: {A: "one  two $x", LC_ALL: C}
    - {name: shell, ansible.builtin.shell: "cat; exit 3", args: {stdin: hello}, ignore_errors: true}
    - {name: facts, ansible.builtin.setup: {gather_subset: ["!all", python, user], filter: ["ansible_[pu]*"]}}
    - {name: stat, ansible.builtin.stat: {path: /etc/passwd}}
    - {name: slurp, ansible.builtin.slurp: {src: /etc/hostname}}
    - {name: copied, ansible.builtin.copy: {dest: "{{ out }}/copied-{{ inventory_hostname }}", content: hello}}
    - {name: file, ansible.builtin.file: {path: "{{ out }}/new", state: touch}, check_mode: true}
    - {name: wrong argument, ansible.builtin.stat: {nonsense: 1}, ignore_errors: true}
    - {name: odd, odd: {do: "{{ item }}"}, loop: [warn, crash, exit, kill, much], ignore_errors: true}
    - {name: odd check, odd: {do: x, secret: hidden}, check_mode: true}
    - name: too long
      odd: {do: sleep, file: "{{ out }}/slept-{{ inventory_hostname }}"}
      timeout: 3
      ignore_errors: true
    - name: async
      ansible.builtin.command: sh -c 'sleep 1; echo done'
      async: 60
      poll: 1
      vars: {ansible_async_dir: "{{ out }}/jobs"}
    - {name: loops, ansible.builtin.command: "echo {{ item }}", loop: [1, 2, 3]}
    - {name: networks, amazon.aws.ec2_vpc_net_info: {}}
    - {name: refused, amazon.aws.ec2_vpc_net_info: {vpc_ids: [vpc-nonsense]}, ignore_errors: true}
    - {name: other C, amazon.aws.ec2_vpc_net_info: {}, environment: {LC_ALL: C}}
    - {name: identity, amazon.aws.aws_caller_info: {}}
    - {name: clusters, community.aws.ecs_cluster: {name: none, state: absent}}
    - {name: own and wrong, webstack.aws.vpc: {}, ignore_errors: true}
    # By now the server has imported what it does not need.
    - {name: ping again, ansible.builtin.ping: {}}
    - {name: own, webstack.aws.stack_lock_info: {}, ignore_errors: true}
    - {name: own check, webstack.aws.vpc: {name: own, cidr_block: 10.99.0.0/16, tags: {a: b}}, check_mode: true}
    - name: network check
      amazon.aws.ec2_vpc_net: {name: "{{ inventory_hostname }}", cidr_block: "10.{{ number }}.0.0/16"}
      check_mode: true
    - name: network
      amazon.aws.ec2_vpc_net: {name: "{{ inventory_hostname }}", cidr_block: "10.{{ number }}.0.0/16"}
    - name: network again
      amazon.aws.ec2_vpc_net: {name: "{{ inventory_hostname }}", cidr_block: "10.{{ number }}.0.0/16"}
"""

#: What differs from run to run: names made by chance, times, processes, where a traceback's code lay.
CHANCE = [
    (r"(vpc|dopt|acl|rtb|sg|vpc-cidr-assoc)-[0-9a-f]{8,}", r"\1-X"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(\+00:00|Z)?", "TIME"),
    (r"\d:\d\d:\d\d\.\d+", "LONG"),
    (r"_payload_\w+", "_payload_X"),
    (r"ansible-tmp-[\d.-]+", "ansible-tmp-X"),
    (r"j\d+\.\d+", "JOB"),
    (r'"(ansible_async_watchdog_pid|atime|ctime|mtime|inode|timeout_frame)": [^,}]+', r'"\1": 0'),
    (r"run-(local|warm)", "run"),
    (r'"_original_basename": "[^"]+"', '"_original_basename": "X"'),
    (r"ansible-tmp-X/[\w.]+", "ansible-tmp-X/X"),
    # Not chance: a shell says this of a process that was killed, and the warm connection has no shell.
    (r"Terminated\\n", ""),
]


def until(condition: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain: {what}")


def servers(home: Path) -> list[int]:
    """The servers of runs with a home, and their children."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            ours = f"HOME={home}".encode() in (process / "environ").read_bytes().split(b"\0")
            if ours and b"_warm_server.py" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


class Written:
    """A playbook with a callback that writes down what tasks give."""

    def __init__(self, playbooks: Any, directory: Path, hosts: int = 3):
        self.staging, self.directory = playbooks("staging"), directory
        for place in ("callback", "library"):
            (directory / place).mkdir()
        (directory / "callback/written.py").write_text(CALLBACK)
        (directory / "library/odd.py").write_text(ODD.lstrip())
        (directory / "hosts").write_text("".join(f"h{number} number={number}\n" for number in range(hosts)))

    def start(self, tasks: str, connection: str, name: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        out = self.directory / name
        out.mkdir()
        (out / "play.yml").write_text(tasks)
        return self.staging.start(
            str(out / "play.yml"),
            *("-i", str(self.directory / "hosts"), "--limit", "h0,h1,h2"),
            *("-e", f"ansible_connection={connection}", "-e", f"out={out}"),
            *("-e", "ansible_python_interpreter={{ ansible_playbook_python }}"),
            *arguments,
            ANSIBLE_CALLBACK_PLUGINS=str(self.directory / "callback"),
            ANSIBLE_CALLBACKS_ENABLED="written",
            ANSIBLE_HOME=str(self.directory / "home/.ansible"),
            ANSIBLE_LIBRARY=str(self.directory / "library"),
            WRITTEN=str(out / "written"),
            **variables,
        )

    def read(self, process: subprocess.Popen[str], name: str) -> tuple[int, dict[Any, list[Any]], list[str], str]:
        """Exit code; results by host and task; warnings; all that was printed."""
        output, _unused = process.communicate(timeout=10 * SECONDS)
        text = (self.directory / name / "written").read_text()
        for pattern, instead in CHANCE:
            text = re.sub(pattern, instead, text)
        results: dict[Any, list[Any]] = {}
        for line in text.splitlines():
            host, task, kind, data = json.loads(line)
            results.setdefault((host, task), []).append([kind, data])
        notes = sorted(line for line in output.splitlines() if re.match(r"\[(WARNING|DEPRECATION|ERROR)", line))
        return process.returncode, results, notes, output

    def gone(self) -> None:
        home = self.directory / "home"
        until(lambda: not servers(home), "the servers end with their runs")
        assert not list((self.directory / "tmp" / "ansible").glob("ansible-local-*"))


@pytest.fixture
def written(playbooks: Any, tmp_path: Path) -> Written:
    return Written(playbooks, tmp_path)


def test_all_is_as_with_the_connection_local(written: Written, emulator: Any) -> None:
    runs = {}
    for connection, name in (("local", "run-local"), ("webstack.aws.warm", "run-warm")):
        emulator.control("POST", "reset")
        process = written.start(TASKS, connection, name)
        runs[name] = written.read(process, name)
        written.gone()
    (code, results, notes, output), (warm_code, warm_results, warm_notes, warm_output) = (
        runs[name] for name in ("run-local", "run-warm")
    )
    assert code == 0, output[-4000:]
    assert warm_code == 0, warm_output[-4000:]
    assert "the connection local, since" not in warm_output
    assert warm_results.keys() == results.keys()
    different = {
        key: (expected, warm_results[key]) for key, expected in results.items() if warm_results[key] != expected
    }
    assert not different, json.dumps([*different.values()][:3])
    assert list(map(normal, warm_notes)) == list(map(normal, notes))
    assert results["h0", "network"][0][1]["changed"]
    assert not results["h0", "network again"][0][1]["changed"]
    # What did not end in time was ended.
    slept = [int(path.read_text()) for path in (written.directory / "run-warm").glob("slept-*")]
    assert len(slept) == 3
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in slept), "the sleeping modules end")
    for path in (written.directory / "run-local").glob("slept-*"):
        os.kill(int(path.read_text()), signal.SIGTERM)


def normal(line: str) -> str:
    for pattern, instead in CHANCE:
        line = re.sub(pattern, instead, line)
    return line


SLEEP = """
- hosts: h0
  gather_facts: false
  tasks:
    - {name: before, odd: {do: much, secret: "{{ lookup('env', 'HIDDEN') }}"}}
    - {name: sleeps, odd: {do: sleep, secret: "{{ lookup('env', 'HIDDEN') }}", file: "{{ out }}/pid"}}
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_secret_is_on_disk_and_nothing_outlives_the_run(written: Written, number: int) -> None:
    hidden = "very-well-hidden-word"
    process = written.start(SLEEP, "webstack.aws.warm", "run-warm", HIDDEN=hidden)
    pid = int(until(lambda: written_pid(written.directory / "run-warm/pid"), "the module runs"))
    home = written.directory / "home"
    assert len(servers(home)) == 2

    def holding() -> list[str]:
        files = [path for path in written.directory.rglob("*") if path.is_file() and not path.is_symlink()]
        return [str(path) for path in files if hidden.encode() in read(path)]

    held = holding()
    shown = [path for path in Path("/proc").glob("[0-9]*/cmdline") if hidden.encode() in read(path)]
    os.kill(process.pid, number)
    process.communicate(timeout=SECONDS)
    until(lambda: not Path(f"/proc/{pid}").exists(), "the module ends")
    until(lambda: not servers(home), "the server ends")
    assert not held
    assert not holding()
    assert not shown


def written_pid(path: Path) -> str:
    return read(path).decode()


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


PARENTS = """
- hosts: all
  gather_facts: false
  tasks:
    - {name: wait, ansible.builtin.command: sleep 3}
    - name: parent
      ansible.builtin.shell: |
        tr '\\0' ' ' < /proc/$PPID/cmdline; echo; cut -d' ' -f4 /proc/$PPID/stat
"""


def test_two_runs_at_once_do_not_meet(written: Written) -> None:
    runs = ["run-one", "run-two"]
    started = [written.start(PARENTS, "webstack.aws.warm", name) for name in runs]
    parents = []
    for process, name in zip(started, runs, strict=True):
        code, results, _notes, output = written.read(process, name)
        assert code == 0, output
        said = [results[f"h{number}", "parent"][0][1]["stdout_lines"] for number in range(3)]
        assert all("_warm_server.py" in line for line, _pid in said), said
        parents.append({pid for _line, pid in said})
    assert all(len(each) == 1 for each in parents)
    assert parents[0] != parents[1]
    written.gone()


PINGS = """
- hosts: all
  gather_facts: false
  tasks:
    - {name: ping, ansible.builtin.ping: {}}
    - {name: stat, ansible.builtin.stat: {path: /}}
"""


def test_what_cannot_work_is_said_once(written: Written, tmp_path: Path) -> None:
    python = tmp_path / "python"
    # It runs modules, and nothing that is given as a file.
    python.write_text(f"#!/bin/sh\n[ $# = 0 ] || exit 1\nexec {Path(sys.executable)}\n")
    python.chmod(0o755)
    process = written.start(PINGS, "webstack.aws.warm", "run-warm", "-e", f"ansible_python_interpreter={python}")
    code, _results, notes, output = written.read(process, "run-warm")
    assert code == 0, output
    assert len([line for line in notes if "local" in line]) == 1, output
    written.gone()

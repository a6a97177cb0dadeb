"""Runs a command and says what it cost: time, processor, memory, and calls to the embedded AWS."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.emulator.fixtures import Running

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

#: prctl's number for: who has lost its parent becomes a child of ours, as the server of the warm connection.
PR_SET_CHILD_SUBREAPER = 36

#: By what the processes of a measured command are found.
MARK = "WEBSTACK_BENCHMARK"


@dataclass(frozen=True)
class Cost:
    """What a command cost. seconds, processor: in seconds; memory: at most, in MiB, shared pages counted once."""

    seconds: float
    processor: float
    memory: int
    calls: int
    writes: int
    output: str


def adopt() -> None:
    """Have all that commands leave behind end as children of this process, so that its processor time counts."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(emulator: Running, command: Sequence[str | Path], home: Path, *, watch_memory: bool = False) -> Cost:
    """Run a command in a clean environment on an emulator. Raises RuntimeError, with its output, if it fails."""
    emulator.control("DELETE", "calls")
    environment = {**emulator.environment(home), MARK: str(os.getpid())}
    before, begin = _processor(), time.monotonic()
    with subprocess.Popen(
        [str(each) for each in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        memory = [0]
        watcher = threading.Thread(target=_watch, args=[process, memory]) if watch_memory else None
        if watcher:
            watcher.start()
        output = process.communicate()[0]
        seconds = time.monotonic() - begin
        if watcher:
            watcher.join()
    _await_the_rest()
    if process.returncode != 0:
        raise RuntimeError(output[-6000:])
    calls = emulator.calls()
    writes = sum(call["kind"] == "write" for call in calls)
    return Cost(seconds, _processor() - before, memory[0], len(calls), writes, output)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _await_the_rest() -> None:
    """The server of the warm connection ends with its run, but after it."""
    end = time.monotonic() + 30
    while list(_ours()) and time.monotonic() < end:
        for pid in _ours():
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue
        time.sleep(0.05)


def _ours() -> Iterator[int]:
    """The processes of the command in hand."""
    mark = f"{MARK}={os.getpid()}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # A process that has ended and waits for us has no environment any more.
            ended = (process / "stat").read_text().rpartition(")")[2].split()[:2] == ["Z", str(os.getpid())]
            if ended or mark in (process / "environ").read_bytes().split(b"\0"):
                yield int(process.name)
        except OSError:
            continue


def _watch(process: subprocess.Popen[str], most: list[int]) -> None:
    while process.poll() is None:
        total = 0
        for pid in _ours():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
                total += int(rollup.split("Pss:")[1].split()[0])
            except (OSError, IndexError):
                continue
        most[0] = max(most[0], total // 1024)
        time.sleep(1)

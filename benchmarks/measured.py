"""Measure a command and all of its descendants: wall-clock seconds, CPU seconds, and peak memory."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.25


@dataclass(frozen=True)
class Measured:
    """What a command used. `cpu` is user and system time with all descendants; `peak` is in bytes."""

    seconds: float
    cpu: float
    peak: int
    status: int
    output: str


def run(command: Sequence[str | Path], *, cwd: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command and keep its stdout. Its stderr is shown if it fails."""
    started = time.monotonic()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        output: dict[str, bytes] = {}
        readers = [
            threading.Thread(target=lambda name, stream: output.update({name: stream.read()}), args=each)
            for each in (("stdout", process.stdout), ("stderr", process.stderr))
        ]
        for reader in readers:
            reader.start()
        watch = _Watch(process.pid)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        watch.stop()
        for reader in readers:
            reader.join()
    if process.returncode not in (0, 1):
        errors = output["stderr"].decode(errors="replace")[-4000:]
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{errors}")
    return Measured(seconds, used.ru_utime + used.ru_stime, watch.peak, process.returncode, output["stdout"].decode())


def total(parts: Sequence[Measured]) -> Measured:
    """Return what several commands used one after the other."""
    seconds, cpu = sum(part.seconds for part in parts), sum(part.cpu for part in parts)
    return Measured(seconds, cpu, max(part.peak for part in parts), max(part.status for part in parts), "")


class _Watch(threading.Thread):
    """Samples the memory of a process and its descendants. Shared pages count once (PSS)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._pid = pid
        self._done = threading.Event()

    def stop(self) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        while not self._done.wait(LOOK_SECONDS):
            self.peak = max(self.peak, sum(map(_memory, family(self._pid))))


def family(pid: int) -> list[int]:
    """Return the ids of a process and its descendants."""
    pids = [pid]
    for parent in pids:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return pids


def _memory(pid: int) -> int:
    """Return the proportional share of memory of one process in bytes, or 0 if it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0

"""Dask workers that may use only a part of a processor each, so that they leave one to whoever collects the grades.

The kernel's control groups keep them to it, version 1 or 2, where this user may make groups.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PERIOD = 100_000
VERSION_1, VERSION_2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
END_SECONDS = 20


@contextlib.contextmanager
def cluster(workers: int, share: float) -> Iterator[str]:
    """Yield the address of a scheduler with this many workers, each of which gets this share of one processor."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"tcp://127.0.0.1:{port}"
        started = ("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        stack.enter_context(_running(folder, *started))
        for number in range(workers):
            group = stack.enter_context(_group(f"bench-{os.getpid()}-{number}", share))
            options = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(folder))
            worker = stack.enter_context(_running(folder, "dask_worker", address, *options))
            (group / "cgroup.procs").write_text(str(worker.pid))
        yield address


def is_possible() -> bool:
    """Return whether this machine lets us limit a worker's share."""
    try:
        with _group(f"bench-{os.getpid()}", 0.5):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def _group(name: str, share: float) -> Iterator[Path]:
    """Make a control group with this share of a processor, and remove it afterwards. Raises OSError."""
    version_1 = VERSION_1.is_dir()
    path = (VERSION_1 if version_1 else VERSION_2) / name
    path.mkdir()
    try:
        if version_1:
            (path / "cpu.cfs_period_us").write_text(str(PERIOD))
            (path / "cpu.cfs_quota_us").write_text(str(int(PERIOD * share)))
        else:
            (path / "cpu.max").write_text(f"{int(PERIOD * share)} {PERIOD}")
        yield path
    finally:
        _remove(path)


def _remove(path: Path) -> None:
    """Remove a group once its processes have ended."""
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            path.rmdir()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def _running(folder: Path, module: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *options]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

"""Start the fork server, and ask it for forks: PyTorch is imported once for all judges and zygotes of a run."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Any, Self

from autograder.sandbox.control import SandboxGone

IMPORT_ROOT = Path(__file__).resolve().parents[2]
STDERR = 2
# From so many workers on, the time to make forks cheaper is well spent: up to half a second.
MANY = 100
SERVER_MODULE = "autograder.sandbox.worker.fork_server"
# Longer than the server waits for its own forks.
END_SECONDS = 15


class Channel:
    """A connection to a fork server. Whoever holds one may ask for forks."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def start_zygote(self, control: socket.socket, stderr: int) -> None:
        """Fork a zygote that serves `control`. `stderr` is the descriptor of its stderr. Raises SandboxGone."""
        self._send({"wanted": "zygote"}, [stderr, control.fileno()])

    def _send(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            socket.send_fds(self.connection, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise SandboxGone(f"the fork server is gone ({error.strerror})") from error


class ForkServer(Channel):
    """A fork server that this process starts and ends. Use it as a context manager, or call `close`.

    Threads may share it. If it has died, `start_judge` starts a new one; `start_zygote` does not.
    """

    def __init__(self, stderr: int | None = None) -> None:
        """Start it. It imports PyTorch while this process goes on. Its stderr is this descriptor, or this process's."""
        self._stderr = stderr
        self._forks = 0
        self._lock = Lock()
        self._start()

    @property
    def pid(self) -> int:
        """Return its process number. All judges, zygotes and workers descend from it."""
        return self._process.pid

    def start_judge(self, module: str, connection: socket.socket) -> int:
        """Fork a judge: `start` of this module, with a connection and a channel of its own. Return its number.

        Raises SandboxGone.
        """
        with self._lock:
            self._forks += 1
            servers_end, judges_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with servers_end, judges_end:
                request = {"wanted": "judge", "module": module, "number": self._forks}
                # The order that the server expects: stderr first, its own end of the channel last.
                descriptors = [STDERR, connection.fileno(), judges_end.fileno(), servers_end.fileno()]
                try:
                    self._send(request, descriptors)
                except SandboxGone:
                    self._end()
                    self._start()
                    self._send(request, descriptors)
            return self._forks

    def start_zygote(self, control: socket.socket, stderr: int) -> None:
        """Fork a zygote that serves `control`. `stderr` is the descriptor of its stderr. Raises SandboxGone."""
        self._forks += 1
        super().start_zygote(control, stderr)

    def get_ready(self, module: str, workers: int = 1) -> None:
        """Let it import what judges need, and warm up, before any is asked for. Raises SandboxGone.

        `module` is the one that `start_judge` will name. Where many `workers` will start, it takes the time to make
        forks cheaper. Only the first call counts.
        """
        self._send({"wanted": "ready", "module": module, "many": workers >= MANY}, [])

    def kill(self, number: int) -> None:
        """Kill a judge, if it still runs. Raises SandboxGone."""
        self._send({"wanted": "kill", "number": number}, [])

    def close(self) -> None:
        """End it, and every judge that still runs. The zygotes end with their judges."""
        if not self._forks:
            # Nothing was forked: do not wait for the import of PyTorch.
            self._process.kill()
        self._end()

    def _end(self) -> None:
        self.connection.close()
        try:
            self._process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self.connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Ctrl-C reaches every process of a terminal. The owner decides what happens.
        code = "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
        code += f"sys.path.insert(0, {str(IMPORT_ROOT)!r}); from {SERVER_MODULE} import main; main()"
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", code, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                env=_clean_environment(),
            )
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()


def _clean_environment() -> dict[str, str]:
    """Return what a zygote needs of the environment. The rest may hold the key, and no worker may inherit that."""
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in os.environ if name.startswith("OPENBLAS_") or name == "TMPDIR"}
    return environment | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

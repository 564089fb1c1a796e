"""Start the fork server, and request forks of it: PyTorch is imported once for all judges and zygotes of a run."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Any, Self

from autograder.sandbox.control import SandboxGone

PACKAGES = Path(__file__).resolve().parents[2]
MODULE = "autograder.sandbox.worker.fork_server"
ZYGOTE = "autograder.sandbox.worker.zygote"
END_SECONDS = 15


class Channel:
    """A connection to a fork server. Each of its holders may request forks."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def start_zygote(self, control: socket.socket, errors: int) -> None:
        """Fork a zygote that serves `control`. `errors` is the descriptor of its stderr. Raises SandboxGone."""
        self._send({"module": ZYGOTE, "warm": True, "channel": False}, [errors, control.fileno()])

    def _send(self, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            socket.send_fds(self.connection, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise SandboxGone(f"the process with PyTorch is gone ({error.strerror})") from error


class ForkServer(Channel):
    """A fork server that this process starts and ends. Use it as a context manager, or call `close`.

    Threads may share it. Where it has ended by itself, the next judge starts another one.
    """

    def __init__(self, errors: int | None = None) -> None:
        """Start it. It imports PyTorch while this process goes on. Its stderr is this descriptor, or this process's."""
        self._errors = errors
        self._started = 0
        self._lock = Lock()
        self._start()

    @property
    def pid(self) -> int:
        """Return its process number. All judges, zygotes and workers descend from it."""
        return self._process.pid

    def start_judge(self, module: str, connection: socket.socket) -> int:
        """Fork a judge: `start` of this module, with a connection and a channel of its own. Return its name.

        Raises SandboxGone.
        """
        with self._lock:
            if self._process.poll() is not None:
                self.connection.close()
                self._start()
            self._started += 1
            name = self._started
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            request = {"module": module, "warm": False, "channel": True, "name": name}
            self._send(request, [2, connection.fileno(), theirs.fileno(), ours.fileno()])
        return name

    def start_zygote(self, control: socket.socket, errors: int) -> None:
        """Fork a zygote that serves `control`. `errors` is the descriptor of its stderr. Raises SandboxGone."""
        self._started += 1
        super().start_zygote(control, errors)

    def kill(self, name: int) -> None:
        """Kill a judge, if it still runs. Raises SandboxGone."""
        self._send({"kill": name}, [])

    def close(self) -> None:
        """End it, and every judge that still runs. The zygotes end with their judges."""
        self.connection.close()
        if not self._started:
            self._process.kill()
        try:
            self._process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self.connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); from {MODULE} import main; main()"
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", code, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=_clean_environment(),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()


def _clean_environment() -> dict[str, str]:
    """Return what a zygote needs of the environment. The rest may hold the key, and no worker may inherit that."""
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in os.environ if name.startswith("OPENBLAS_") or name == "TMPDIR"}
    return environment | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

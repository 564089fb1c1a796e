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
SERVER_MODULE = "autograder.sandbox.worker.fork_server"
ZYGOTE = "autograder.sandbox.worker.zygote"
# Longer than the server waits for its own forks.
END_SECONDS = 15


class Channel:
    """A connection to a fork server. Whoever holds one may ask for forks."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def start_zygote(self, control: socket.socket, stderr: int) -> None:
        """Fork a zygote that serves `control`. `stderr` is the descriptor of its stderr. Raises SandboxGone."""
        self._send({"module": ZYGOTE, "warm": True, "channel": False}, [stderr, control.fileno()])

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
            if self._process.poll() is not None:
                self.connection.close()
                self._start()
            self._forks += 1
            number = self._forks
        servers_end, judges_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with servers_end, judges_end:
            request = {"module": module, "warm": False, "channel": True, "number": number}
            # The order that the server expects: stderr first, its own end of the channel last.
            self._send(request, [STDERR, connection.fileno(), judges_end.fileno(), servers_end.fileno()])
        return number

    def start_zygote(self, control: socket.socket, stderr: int) -> None:
        """Fork a zygote that serves `control`. `stderr` is the descriptor of its stderr. Raises SandboxGone."""
        self._forks += 1
        super().start_zygote(control, stderr)

    def expect_many(self) -> None:
        """Say that many workers will start: the server then takes the time to make forks cheaper. Raises SandboxGone.

        Call it before a judge starts.
        """
        self._send({"many": True}, [])

    def kill(self, number: int) -> None:
        """Kill a judge, if it still runs. Raises SandboxGone."""
        self._send({"kill": number}, [])

    def close(self) -> None:
        """End it, and every judge that still runs. The zygotes end with their judges."""
        self.connection.close()
        if not self._forks:
            # Nothing was forked: do not wait for the import of PyTorch.
            self._process.kill()
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

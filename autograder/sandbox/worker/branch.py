"""A fork of the zygote in which the operations that a step forbids are disabled. It forks a worker per submission.

The operations are disabled, and the course's own cells compiled, once here for all workers. The branch answers three
requests on its socket: fork (start a worker, for the socket that comes with the request), used (what a worker has used
so far) and end (kill a worker, and return how it ended). When the judge hangs up, it ends itself and its workers.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import time
from typing import Any, NoReturn

from autograder.sandbox.worker import wire
from autograder.sandbox.worker.isolation import libc, scratch
from autograder.sandbox.worker.isolation.lockdown import Lockdown, confine

MAX_REQUEST = 1 << 16
SEND_SECONDS = 10
WATCH_MILLISECONDS = 20
# A worker that has hung up gets so long to end by itself, and is looked at so often.
OWN_END_SECONDS, LOOK_SECONDS = 1.0, 0.001


def grow(control: socket.socket, forbids: list[str], lockdown: Lockdown) -> NoReturn:
    """Make this fork of the zygote the branch in which these families are disabled, and serve its socket to the end."""
    try:
        if libc.known_machine():
            libc.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        state: dict[str, Any] = {"ready": True}
        try:
            state["beneath"] = _switch_off(forbids)
        except Exception as error:
            state = {"ready": False, "why": f"{type(error).__name__}: {error}"}
        # Its memory is not gathered into huge pages again: that saves 1 ms per worker and takes 50 to 100 MB.
        gc.collect()
        gc.freeze()
        control.send(json.dumps(state).encode())
        Branch(control, lockdown).serve()
    finally:
        os._exit(0)


def _switch_off(forbids: list[str]) -> bool:
    """Disable everything in this process that does what is forbidden, or could restore it.

    A cell may take over its worker and answer the judge itself; it still finds nothing that is forbidden. The function
    that registers kernels is gone once this returns, because a learner's code can inspect every frame beneath its own.
    Return whether the machine code is overwritten, too.
    """
    from autograder.sandbox.worker import autograd_ban, bans, doubles, machine_code, scripts

    library = bans.close_doors()
    if autograd_ban.FAMILY in forbids:
        autograd_ban.disable(library)
    bans.disable(forbids, library)
    if forbids:
        scripts.leave_out()
        doubles.disable(forbids)
        return machine_code.overwrite(forbids) > 0
    return False


def _compile(course: list[list[str]]) -> None:
    """Compile these cells, unless they are compiled already. Errors are ignored here: running the cell reports them."""
    from autograder.sandbox.worker import cells

    for label, source in course:
        with contextlib.suppress(Exception):
            cells.compiled(cells.name_of(label), source)


class Branch:
    """Fork workers and end them.

    `workers` are their folders by process number, empty where they mount their own. `written` are the bytes in the
    folders of workers that were killed for them; `max_written` is the limit.
    """

    def __init__(self, control: socket.socket, lockdown: Lockdown) -> None:
        self.control = control
        self.lockdown = lockdown
        self.workers: dict[int, str] = {}
        self.written: dict[int, int] = {}
        self.max_written = 0

    def serve(self) -> None:
        """Answer the judge until it hangs up."""
        try:
            while True:
                self.watch_folders()
                data, descriptors, _, _ = socket.recv_fds(self.control, MAX_REQUEST, 1)
                if not data:
                    return
                self.control.send(json.dumps(self.answer(json.loads(data), descriptors)).encode())
        finally:
            for worker in list(self.workers):
                self.end(worker)

    def watch_folders(self) -> None:
        """Kill every worker that fills its folder, until the judge sends a request.

        The judge checks limits only from time to time, and a worker can write hundreds of megabytes in between.
        """
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while any(self.workers.values()) and not poll.poll(WATCH_MILLISECONDS):
            for worker, folder in self.workers.items():
                if worker not in self.written and (written := scratch.written(folder)) > self.max_written:
                    self.written[worker] = written
                    os.kill(worker, signal.SIGKILL)
                    scratch.remove(folder)

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """Return the answer to one request."""
        if request["op"] == "fork":
            _compile(request["course"])
            return {"worker": self.fork(socket.socket(fileno=descriptors[0]), request["limits"])}
        if request["op"] == "used":
            return self.used(request["worker"])
        return {"status": self.end(request["worker"], OWN_END_SECONDS if request["hung_up"] else 0)}

    def fork(self, connection: socket.socket, limits: dict[str, Any]) -> int:
        """Fork a worker that serves this connection; return its process number."""
        namespaces = self.lockdown.namespaces
        folder = self.lockdown.own_folder()
        self.max_written = limits["file_bytes"]
        pid = namespaces.fork() if namespaces else os.fork()
        if pid == 0:
            self._become_worker(connection, folder, limits)
        connection.close()
        self.workers[pid] = folder
        return pid

    def used(self, pid: int) -> dict[str, Any]:
        """Return what a worker has used so far. The CPU seconds of a dead one are unknown, and count as 0."""
        folder = self.workers[pid]
        written = self.written.get(pid) or (scratch.written(folder) if folder else 0)
        try:
            return {"seconds": time.clock_gettime(_clock_of(pid)), "written": written}
        except OSError:
            return {"seconds": 0.0, "written": written}

    def end(self, pid: int, patience: float = 0) -> int | None:
        """Kill a worker unless it ends by itself in so many seconds.

        Return its wait status, which says how it ended; None where it was killed here.
        """
        ends = time.monotonic() + patience
        ended, status = os.waitpid(pid, os.WNOHANG)
        while not ended and time.monotonic() < ends:
            time.sleep(LOOK_SECONDS)
            ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            # One that was already ending keeps its own status.
            ended = status != signal.SIGKILL
        folder = self.workers.pop(pid)
        self.written.pop(pid, None)
        if folder:
            with contextlib.suppress(OSError):
                scratch.remove(folder)
        return status if ended else None

    def _become_worker(self, connection: socket.socket, folder: str, limits: dict[str, Any]) -> NoReturn:
        """Make this fork a worker: close what it does not need, lock it in, and serve."""
        from autograder.sandbox.worker import endless, serve

        try:
            if libc.known_machine():
                libc.die_with_parent()
            self.control.close()
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.close(nothing)
            os.environ.clear()
            endless.start_to_look(limits["call_seconds"])
            state: dict[str, Any] = {"ready": True}
            schedstat = self.lockdown.open_schedstat()
            socket.send_fds(connection, [b"."], [schedstat] if schedstat >= 0 else [])
            if schedstat >= 0:
                os.close(schedstat)
            try:
                confine(self.lockdown, folder, limits)
            except OSError as error:
                state = {"ready": False, "why": str(error)}
            wire.send(connection, state, [], time.monotonic() + SEND_SECONDS)
            if state["ready"]:
                serve.serve(connection, limits["output_bytes"])
        finally:
            os._exit(0)


def _clock_of(pid: int) -> int:
    """Return the id of a process's CPU clock, as clock_getcpuclockid(3) does: ~pid in the upper bits, kind 2 below."""
    return (~pid << 3) | 2

"""A fork of the zygote in which what a step forbids is dead for good. It forks one worker a submission, and ends them.

What is switched off once here is off in every worker, which none of them has to wait for; and the course's own cells
are compiled here, once for all workers. It answers three requests on its socket: fork (a worker, on the socket sent
along), used (what a worker has used so far), end (kill a worker and say how it had ended). When the judge hangs up, it
ends itself and its workers.
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
from autograder.sandbox.worker.isolation import scratch, syscalls
from autograder.sandbox.worker.isolation.lockdown import Lockdown, confine

MAX_REQUEST = 1 << 16
SEND_SECONDS = 10
WATCH_MILLISECONDS = 20


def grow(control: socket.socket, forbids: list[str], lockdown: Lockdown) -> NoReturn:
    """In a fork of the zygote: become the branch in which these families are dead, and serve its socket to the end."""
    try:
        if syscalls.known_machine():
            syscalls.die_with_parent()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        told: dict[str, Any] = {"ready": True}
        try:
            told["beneath"] = _switch_off(forbids)
        except Exception as error:
            told = {"ready": False, "why": f"{type(error).__name__}: {error}"}
        # Not gathered into huge pages again: that gains 1 ms a worker and costs 50 to 100 MB a branch.
        gc.collect()
        gc.freeze()
        control.send(json.dumps(told).encode())
        Branch(control, lockdown).serve()
    finally:
        os._exit(0)


def _switch_off(forbids: list[str]) -> bool:
    """Leave nothing in this process that does what is forbidden, or brings it back.

    Whatever a cell makes of a worker then, even if it never ends and answers the judge itself, it finds nothing. What
    does the switching is gone when this returns: a learner's code can look at every frame beneath its own. Return
    whether the machine code beneath is overwritten, too.
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
    """Compile these cells, unless they are already. One that cannot be is told of where it is run."""
    from autograder.sandbox.worker import cells

    for label, source in course:
        with contextlib.suppress(Exception):
            cells.compiled(cells.name_of(label), source)


class Branch:
    """Forks workers, and ends them.

    `workers` are their folders by process number, empty where they mount their own. `written` are the bytes that were
    found in the folder of a worker that was ended for them, `most` is how many there may be.
    """

    def __init__(self, control: socket.socket, lockdown: Lockdown) -> None:
        self.control = control
        self.lockdown = lockdown
        self.workers: dict[int, str] = {}
        self.written: dict[int, int] = {}
        self.most = 0

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
        """Until the judge asks for something, end every worker that has filled its folder.

        The judge looks now and then, while it waits. A disk takes hundreds of megabytes between two such looks.
        """
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while any(self.workers.values()) and not poll.poll(WATCH_MILLISECONDS):
            for worker, folder in self.workers.items():
                if worker not in self.written and (written := scratch.written(folder)) > self.most:
                    self.written[worker] = written
                    os.kill(worker, signal.SIGKILL)
                    scratch.remove(folder)

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """The answer to one request."""
        if request["op"] == "fork":
            _compile(request["course"])
            return {"worker": self.fork(socket.socket(fileno=descriptors[0]), request["limits"])}
        if request["op"] == "used":
            return self.used(request["worker"])
        return {"status": self.end(request["worker"])}

    def fork(self, connection: socket.socket, limits: dict[str, Any]) -> int:
        """A worker that serves this connection; its process number."""
        namespaces = self.lockdown.namespaces
        folder = self.lockdown.own_folder()
        self.most = limits["file_bytes"]
        pid = namespaces.fork() if namespaces else os.fork()
        if pid == 0:
            self._become_worker(connection, folder, limits)
        connection.close()
        self.workers[pid] = folder
        return pid

    def used(self, pid: int) -> dict[str, Any]:
        """What a worker has used so far; the seconds of one that is dead are not known any more."""
        folder = self.workers[pid]
        written = self.written.get(pid) or (scratch.written(folder) if folder else 0)
        try:
            return {"seconds": time.clock_gettime(_clock_of(pid)), "written": written}
        except OSError:
            return {"seconds": 0.0, "written": written}

    def end(self, pid: int) -> int:
        """Kill a worker unless it is dead already; its wait status says how it ended, or how it had."""
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        folder = self.workers.pop(pid)
        self.written.pop(pid, None)
        if folder:
            with contextlib.suppress(OSError):
                scratch.remove(folder)
        return status

    def _become_worker(self, connection: socket.socket, folder: str, limits: dict[str, Any]) -> NoReturn:
        """In the fork: give up what is not needed, then serve."""
        from autograder.sandbox.worker import serve

        try:
            if syscalls.known_machine():
                syscalls.die_with_parent()
            self.control.close()
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.close(nothing)
            os.environ.clear()
            told: dict[str, Any] = {"ready": True}
            schedstat = self.lockdown.open_schedstat()
            socket.send_fds(connection, [b"."], [schedstat] if schedstat >= 0 else [])
            if schedstat >= 0:
                os.close(schedstat)
            try:
                confine(self.lockdown, folder, limits)
            except OSError as error:
                told = {"ready": False, "why": str(error)}
            wire.send(connection, told, [], time.monotonic() + SEND_SECONDS)
            if told["ready"]:
                serve.serve(connection, limits["output_bytes"])
        finally:
            os._exit(0)


def _clock_of(pid: int) -> int:
    """The id of a process's CPU clock, as clock_getcpuclockid(3) makes it: ~pid in the upper bits, kind 2 below."""
    return (~pid << 3) | 2

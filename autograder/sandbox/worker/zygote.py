"""The warm process: it has torch loaded, and grows a branch for each set of operations that a step forbids.

A branch is a fork in which these are disabled, and it forks a worker per submission (see branch). Neither ever runs a
line of a submission. The zygote's control socket accepts its settings, and then one kind of request: a set of families,
with a socket for the new branch. When the judge is gone, the zygote ends itself and every branch.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from typing import Any

from autograder.sandbox.worker import branch, no_compiler, no_decompositions, no_plotting, probes, warm
from autograder.sandbox.worker.end_with_judge import go_on_guarded
from autograder.sandbox.worker.isolation import libc, scratch
from autograder.sandbox.worker.isolation.lockdown import UNSAFE_TIER, prepare

MAX_REQUEST = 1 << 16


def start(descriptors: list[int]) -> None:
    """Serve the control socket, in a fork of the fork server. The settings are the first message, as JSON."""
    control = socket.socket(fileno=descriptors[0])
    # The settings name what is hidden. No worker finds them among the arguments of its process.
    settings = json.loads(control.recv(MAX_REQUEST))
    if libc.known_machine():
        go_on_guarded(control)
    _serve(control, settings)


def main() -> None:
    """Go on inside bubblewrap, as a new process. The arguments are the control socket's descriptor and the settings."""
    control, settings = socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2])
    sys.argv.clear()
    sys.orig_argv.clear()
    _serve(control, settings)


def _serve(control: socket.socket, settings: dict[str, Any]) -> None:
    lockdown = prepare({**settings, "control": control.fileno()})
    greeting = {"tier": lockdown.tier, "missing": lockdown.missing, "leaks": []}
    if lockdown.tier == UNSAFE_TIER and not settings["unsafe"]:
        control.send(json.dumps(greeting).encode())
        return
    warm.warm_up()
    no_plotting.silence()
    no_compiler.leave_out()
    no_decompositions.refuse()
    gc.freeze()
    lockdown.hide_what_is_imported()
    if lockdown.threads() != 1:
        raise SystemExit(f"a fork of a process with {lockdown.threads()} threads would hang")
    if libc.known_machine():
        try:
            greeting["leaks"] = probes.leaks(lockdown, settings["limits"], settings["probed"])
        except probes.ProbesFailed as failure:
            greeting |= {"tier": UNSAFE_TIER, "missing": {**lockdown.missing, "self-test": str(failure)}}
    control.send(json.dumps(greeting).encode())
    if lockdown.namespaces is None:
        scratch.clear()
    signal.signal(signal.SIGCHLD, lambda number, frame: _reap(os.WNOHANG))
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, 1)
        if not data:
            break
        with socket.socket(fileno=descriptors[0]) as connection:
            if os.fork() == 0:
                control.close()
                branch.grow(connection, json.loads(data)["forbid"], lockdown)
    # The branches notice that the judge is gone, too.
    _reap(0)
    if lockdown.namespaces is None:
        scratch.remove(lockdown.folders)


def _reap(options: int) -> None:
    """Wait for ended branches, so that their CPU time, and that of their workers, counts for the zygote's parent."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass

"""The warm process: imports torch once, then forks one worker a submission. It never runs a line of a submission.

It answers three requests on its control socket: fork (a worker, on the socket sent along), cpu (seconds that a worker
has used), end (kill a worker and say how it had ended). When the judge is gone, it ends itself and every worker.
"""

import gc
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from typing import Any

MAX_REQUEST = 1 << 16


def main() -> None:
    """Serve the control socket whose descriptor is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    from autograder.sandbox import lockdown

    offline = lockdown.leave_network()
    _warm_up()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise SystemExit(f"a fork of a process with {threads} threads would hang")
    control.send(json.dumps({"ready": True, "offline": offline}).encode())
    workers: dict[int, str] = {}
    try:
        while True:
            data, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST, 1)
            if not data:
                return
            control.send(json.dumps(_answer(json.loads(data), descriptors, workers, control)).encode())
    finally:
        for worker in list(workers):
            _end(worker, workers)


def _warm_up() -> None:
    """Import and touch what an ordinary notebook uses, so that no fork pays for it."""
    import math  # noqa: F401

    import numpy as np
    import torch
    import torch.nn.functional as F
    from torch.utils._python_dispatch import TorchDispatchMode  # noqa: F401

    from autograder.sandbox import worker  # noqa: F401

    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.default_rng(0).random(2)
    image, kernel = torch.ones(1, 1, 4, 4, requires_grad=True), torch.ones(1, 1, 2, 2)
    F.conv2d(F.pad(image, (1, 1, 1, 1)), kernel).sum().backward()
    torch.einsum("ij,jk->ik", torch.ones(2, 2), torch.ones(2, 2))
    F.max_pool2d(image.detach(), 2)
    F.unfold(image.detach(), 2)
    repr(image)
    gc.collect()
    gc.freeze()


def _answer(request: dict[str, Any], descriptors: list[int], workers: dict, control: socket.socket) -> dict[str, Any]:
    if request["op"] == "fork":
        folder = tempfile.mkdtemp(prefix="autograder-worker-")
        connection = socket.socket(fileno=descriptors[0])
        pid = os.fork()
        if pid == 0:
            _become_worker(connection, control, folder, request["limits"])
        connection.close()
        workers[pid] = folder
        return {"worker": pid}
    if request["op"] == "cpu":
        return {"seconds": time.clock_gettime(_clock_of(request["worker"]))}
    return _end(request["worker"], workers)


def _clock_of(pid: int) -> int:
    """The id of a process's CPU clock, as clock_getcpuclockid(3) makes it: ~pid in the upper bits, kind 2 below."""
    return (~pid << 3) | 2


def _become_worker(connection: socket.socket, control: socket.socket, folder: str, limits: dict[str, Any]) -> None:
    """In the fork: give up what is not needed, then serve. Never returns."""
    from autograder.sandbox import lockdown, worker

    try:
        control.close()
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        os.environ.clear()
        lockdown.limit_resources(limits["submission_seconds"], limits["memory_mb"] << 20, limits["file_bytes"])
        worker.serve(connection, limits["output_bytes"])
    finally:
        os._exit(0)


def _end(pid: int, workers: dict[int, str]) -> dict[str, Any]:
    """Kill a worker unless it is dead already; how it ended, or how it had."""
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    shutil.rmtree(workers.pop(pid), ignore_errors=True)
    return {"status": status}


if __name__ == "__main__":
    main()

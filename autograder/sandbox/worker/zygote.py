"""The warm process: it imports torch once, and grows a branch for each set of operations that a step forbids.

A branch is a fork in which these are disabled, and it forks a worker per submission (see branch). Neither ever runs a
line of a submission. The zygote's control socket accepts one kind of request: a set of families, with a socket for the
new branch. When the judge is gone, the zygote ends itself and every branch.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys

from autograder.sandbox.worker import branch, probes
from autograder.sandbox.worker.isolation import libc, scratch
from autograder.sandbox.worker.isolation.lockdown import UNSAFE_TIER, prepare
from autograder.sandbox.worker.watchdog import go_on_guarded

MAX_REQUEST = 1 << 16


def main() -> None:
    """Serve the control socket whose descriptor is the first argument; the second is the settings as JSON."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    if libc.known_machine() and "inside" not in settings:
        go_on_guarded(control)
    lockdown = prepare(settings)
    # The settings name what is hidden, so no worker may find them.
    sys.argv.clear()
    sys.orig_argv.clear()
    greeting = {"tier": lockdown.tier, "missing": lockdown.missing, "leaks": []}
    if lockdown.tier == UNSAFE_TIER and not settings["unsafe"]:
        control.send(json.dumps(greeting).encode())
        return
    _warm_up()
    lockdown.hide_what_is_imported()
    lockdown.gather_pages()
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


def _warm_up() -> None:
    """Import and run what an ordinary notebook uses, so that no fork pays for it."""
    import math  # noqa: F401

    import numpy as np
    import numpy.ma
    import numpy.polynomial
    import torch
    import torch.nn.functional as F
    from torch.utils._python_dispatch import TorchDispatchMode  # noqa: F401

    from autograder.sandbox.worker import autograd_ban, bans, doubles, machine_code, no_compiler, no_plotting, serve

    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.default_rng(0).random(2)
    image, kernel = torch.ones(1, 1, 4, 4, requires_grad=True), torch.ones(1, 1, 2, 2)
    torch.autograd.backward(F.conv2d(F.pad(image, (1, 1, 1, 1)), kernel).sum())
    # The first call of each compiles or loads something: 30 ms for a grouped convolution, 17 for a Fourier transform.
    F.conv2d(torch.ones(1, 4, 8, 8), torch.ones(4, 2, 3, 3), groups=2)
    torch.fft.irfft2(torch.fft.rfft2(torch.ones(8, 8)))
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))
    torch.einsum("ij,jk->ik", torch.ones(2, 2), torch.ones(2, 2))
    F.max_pool2d(image.detach(), 2)
    F.embedding_bag(torch.tensor([[0]]), torch.ones(1, 1), mode="mean")
    F.unfold(image.detach(), 2)
    repr(image)
    bans.warm_up()
    serve.warm_up()
    autograd_ban.operations()
    machine_code.exported()
    doubles.found()
    no_plotting.silence()
    no_compiler.leave_out()
    gc.collect()
    gc.freeze()

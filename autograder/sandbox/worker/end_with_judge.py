"""Guard the zygote: a small process that ends it when the judge is gone, however it went.

The kernel's parent-death signal is not enough: it comes when the thread that started the process ends, even if the
judge lives on, and a change of user clears it.
"""

import os
import select
import signal
import socket

from autograder.sandbox.worker.isolation import libc, scratch

GRACE_SECONDS = 2


def go_on_guarded(control: socket.socket) -> None:
    """Fork, and return in the child. The parent waits for the child to end, and ends it when the judge hangs up."""
    pid = os.fork()
    if pid == 0:
        libc.die_with_parent()
        return
    child = os.pidfd_open(pid)
    poll = select.poll()
    # The child reads the requests. Here, only the end of the connection matters.
    poll.register(control, 0)
    poll.register(child, select.POLLIN)
    poll.poll()
    poll.unregister(control)
    # A zygote that still runs notices the same, and cleans up itself.
    if not poll.poll(GRACE_SECONDS * 1000):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    scratch.clear()
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)

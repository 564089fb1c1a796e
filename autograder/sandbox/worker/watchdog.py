"""The zygote's guard: a small process that ends the zygote when the judge is gone, however either of them went.

The kernel's own death signal will not do alone: it comes when the thread that started a process ends, though its
process may live on, and a change of user takes it away.
"""

import os
import select
import signal
import socket

from autograder.sandbox.worker.isolation import scratch, syscalls

GRACE_SECONDS = 2


def go_on_guarded(control: socket.socket) -> None:
    """Fork; the child returns. The parent stays until the child ends, and ends it when the judge has hung up."""
    pid = os.fork()
    if pid == 0:
        syscalls.die_with_parent()
        return
    child = os.pidfd_open(pid)
    poll = select.poll()
    # Requests are not for us: only the end of the connection is looked at.
    poll.register(control, 0)
    poll.register(child, select.POLLIN)
    poll.poll()
    poll.unregister(control)
    # A zygote that can still hear has the same news, and tidies up itself.
    if not poll.poll(GRACE_SECONDS * 1000):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    scratch.clear()
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)

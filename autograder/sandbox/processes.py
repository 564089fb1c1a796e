"""The processes of a sandbox as the judge sees them: branches, workers, and what a worker has used."""

import os
import select
import socket
from dataclasses import dataclass, field

from autograder.sandbox.worker.wire import Inbox


@dataclass(eq=False)
class Branch:
    """A fork of the zygote in which some operations are disabled.

    `control` is its socket, and `workers` says how many workers it has. `beneath` says whether the machine code of the
    disabled operations is overwritten, too.
    """

    control: socket.socket
    workers: int = 0
    beneath: bool = False


@dataclass
class Worker:
    """A fork of a branch, which runs one submission. `connection` is the judge's end of its socket.

    `schedstat` is a descriptor of the system's count of how long it waited for a processor; -1 where there is none.
    `inbox` holds what the judge has received from it and not read yet.
    """

    pid: int
    connection: socket.socket
    branch: Branch
    schedstat: int = -1
    inbox: Inbox = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.connection)

    def starved(self) -> float | None:
        """Return the seconds for which it could have run while others had the processors; None where not counted."""
        if self.schedstat < 0:
            return None
        return int(os.pread(self.schedstat, 200, 0).split()[1]) / 1e9

    def hung_up(self) -> bool:
        """Return whether it has closed its end of the connection."""
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))

    def close(self) -> None:
        """Close the judge's connection and other descriptors."""
        self.connection.close()
        if self.schedstat >= 0:
            os.close(self.schedstat)
            self.schedstat = -1


@dataclass(frozen=True)
class Used:
    """What a worker has used so far: CPU seconds, and bytes written where no mount of its own limits them.

    `starved` are seconds for which it could have run while others had the processors; None where not counted.
    """

    seconds: float
    written: int
    starved: float | None = None

    def since(self, before: "Used") -> "Used":
        """Return what it has used since an earlier time."""
        starved = None if self.starved is None or before.starved is None else self.starved - before.starved
        return Used(self.seconds - before.seconds, self.written - before.written, starved)

    def idle(self, waited: float) -> float:
        """Return the seconds, of those for which the judge waited, in which it could have run and did not."""
        return 0.0 if self.starved is None else max(0.0, waited - self.seconds - self.starved)

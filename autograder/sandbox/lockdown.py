"""What a process may do from here on: resource limits, and a network namespace with nothing in it."""

import ctypes
import os
import resource

CLONE_NEWNET = 0x40000000
CLONE_NEWUSER = 0x10000000

_libc = ctypes.CDLL(None, use_errno=True)


def leave_network() -> bool:
    """Move into a network namespace without any network. False where this system grants none."""
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET
    return _libc.unshare(flags) == 0


def limit_resources(cpu_seconds: float, memory_bytes: int, file_bytes: int) -> None:
    """Limits that the kernel keeps: CPU seconds, memory beyond what is mapped already, file size, no core dumps."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    # The judge stops a submission at its own limit; this one is for when it cannot.
    hard = int(cpu_seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory_bytes, mapped + memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""Set resource limits in the kernel, for when the judge's own limits cannot act."""

import resource


def limit(cpu_seconds: float, address_space: int, file_bytes: int) -> None:
    """Limit CPU seconds, bytes of address space, and bytes of one file; allow no core dump and no other process."""
    hard = int(cpu_seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    resource.setrlimit(resource.RLIMIT_MSGQUEUE, (0, 0))

"""Filter system calls with seccomp, by an allowlist. All others fail with EPERM, as if the user had no right to them.

The list has what Python and torch need to compute. It leaves out new processes and threads, sockets, other processes,
devices, mounts, and shared memory.
"""

import ctypes
import errno
import os
import struct

from autograder.sandbox.worker.isolation import libc

# name: (x86_64, aarch64); None where the machine has no such call.
CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "select": (23, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "msync": (26, 227),
    "mincore": (27, 232),
    "madvise": (28, 233),
    "dup": (32, 23),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "exit": (60, 93),
    "uname": (63, 160),
    "fsync": (74, 82),
    "ftruncate": (77, 46),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "rename": (82, None),
    "mkdir": (83, None),
    "rmdir": (84, None),
    "unlink": (87, None),
    "readlink": (89, None),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "mkdirat": (258, 34),
    "newfstatat": (262, 79),
    "unlinkat": (263, 35),
    "renameat": (264, 38),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "getcpu": (309, 168),
    "renameat2": (316, 276),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "statx": (332, 291),
    "rseq": (334, 293),
    "faccessat2": (439, 439),
}

# Allowed only where one argument (its index) has one of these values.
ONLY: dict[str, tuple[tuple[int, int], int, tuple[int, ...]]] = {
    "ioctl": ((16, 29), 1, (0x5401, 0x5451, 0x5450)),  # TCGETS, FIOCLEX, FIONCLEX: what open() asks
    "fcntl": ((72, 25), 1, (1, 2, 3, 4, 1030)),  # get and set flags, duplicate; not F_SETOWN, not leases
    "prlimit64": ((302, 261), 2, (0,)),  # read limits, never set them
}

# Calls that open a file, and which argument holds the flags. They are allowed unless they would truncate the file
# without a right to write. Landlock controls that only from version 3 (Linux 6.2), so truncate(2) is refused, too.
OPENING: dict[str, tuple[tuple[int | None, int | None], int]] = {"open": ((2, None), 1), "openat": ((257, 56), 2)}
FLAGS, EMPTIES = os.O_ACCMODE | os.O_TRUNC, os.O_RDONLY | os.O_TRUNC

# Calls that must seem absent, so that libraries fall back to others, which fail with EPERM.
ABSENT = {"clone3": (435, 435)}

ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000

FILTER = 2
REFUSALS = {
    errno.EINVAL: "this kernel cannot filter system calls (it was built without CONFIG_SECCOMP_FILTER)",
    errno.EPERM: "the container forbids it: its seccomp profile does not allow prctl(PR_SET_SECCOMP)",
    errno.EACCES: "the container forbids it: its seccomp profile does not allow prctl(PR_SET_SECCOMP)",
}
ALLOW = 0x7FFF0000
KILL = 0x80000000
ERRNO = 0x00050000
LOAD_WORD, JUMP_EQUAL, JUMP_GREATER_EQUAL, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
# An instruction: code, how far to jump where a test holds, how far where it does not, and its operand.
Line = tuple[int, int, int, int]


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def build(machine: str) -> bytes:
    """Return the filter as BPF instructions for this kind of machine."""
    column = list(ARCHITECTURE).index(machine)
    lines: list[Line] = [
        (LOAD_WORD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, ARCHITECTURE[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_GREATER_EQUAL, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL),
    ]
    for numbers in CALLS.values():
        if (number := numbers[column]) is not None:
            lines += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for known in ABSENT.values():
        lines += [(JUMP_EQUAL, 0, 1, known[column]), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    for numbers, argument in OPENING.values():
        if (number := numbers[column]) is not None:
            lines += [
                (JUMP_EQUAL, 0, 5, number),
                (LOAD_WORD, 0, 0, ARGUMENTS_AT + 8 * argument),
                (AND, 0, 0, FLAGS),
                (JUMP_EQUAL, 0, 1, EMPTIES),
                (RETURN, 0, 0, ERRNO | errno.EPERM),
                (RETURN, 0, 0, ALLOW),
            ]
    for known, argument, values in ONLY.values():
        test = _only(argument, values)
        lines += [(JUMP_EQUAL, 0, len(test), known[column]), *test]
    lines += [(RETURN, 0, 0, ERRNO | errno.EPERM)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _only(argument: int, values: tuple[int, ...]) -> list[Line]:
    """Return the instructions that allow a call only where this argument has one of these values."""
    at = ARGUMENTS_AT + 8 * argument
    lines: list[Line] = [(LOAD_WORD, 0, 0, at)]
    # prlimit64's pointer has two halves, and both must be zero. The other arguments are commands of 32 bits.
    if values == (0,):
        lines += [(JUMP_EQUAL, 1, 0, 0), (RETURN, 0, 0, ERRNO | errno.EPERM), (LOAD_WORD, 0, 0, at + 4)]
    for value in values:
        lines += [(JUMP_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    return [*lines, (RETURN, 0, 0, ERRNO | errno.EPERM)]


def refusal() -> str:
    """Return why this process cannot filter its system calls; empty where it can. Nothing is filtered yet."""
    try:
        # There is no filter at this address. A kernel that accepts filters answers with EFAULT.
        libc.prctl(libc.PR_SET_SECCOMP, FILTER, 0)
    except OSError as error:
        return "" if error.errno == errno.EFAULT else REFUSALS.get(error.errno or 0, str(error))
    return "the kernel accepted an invalid filter"


def install(program: bytes) -> None:
    """Filter this process's system calls from here on. Needs no_new_privs. Raises OSError."""
    instructions = ctypes.create_string_buffer(program, len(program))
    described = Program(len(program) // 8, ctypes.cast(instructions, ctypes.c_void_p))
    libc.prctl(libc.PR_SET_SECCOMP, FILTER, ctypes.addressof(described))

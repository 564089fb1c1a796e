"""Apply Landlock: the process can then read only these files, write only in one folder, and signal nothing outside."""

import ctypes
import errno
import os
from collections.abc import Iterable

from autograder.sandbox.worker.isolation import libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READ = READ_FILE | READ_DIR
# The number of access rights that each version of Landlock knows. Rights are bits, from the lowest up.
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15
NETWORK_RIGHTS = 3
SCOPES = 3
REFUSALS = {
    errno.ENOSYS: "this kernel has no Landlock (Linux 5.13 and later have it), or the container hides it",
    errno.EOPNOTSUPP: "this kernel has Landlock, and it is switched off (add landlock to lsm= on its command line)",
    errno.EPERM: "the container forbids it: its seccomp profile does not allow landlock_create_ruleset",
    errno.EACCES: "the container forbids it: its seccomp profile does not allow landlock_create_ruleset",
}


class Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class Beneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the kernel's Landlock version. Raises OSError where Landlock is absent or not allowed."""
    return libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))


def refusal() -> str:
    """Return why Landlock cannot be used here; empty where it can."""
    try:
        version()
    except OSError as error:
        return REFUSALS.get(error.errno or 0, str(error))
    return ""


def ruleset(readable: Iterable[str], writable: str) -> int:
    """Return a descriptor of rules that allow reading these paths, and writing in one folder. Raises OSError."""
    known = version()
    rights = (1 << RIGHTS.get(known, 16)) - 1
    handled = Ruleset(rights, NETWORK_RIGHTS if known >= 4 else 0, SCOPES if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    handle = libc.syscall(CREATE_RULESET, ctypes.byref(handled), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for path in readable:
            _allow(handle, path, READ)
        # All rights except running programs.
        _allow(handle, writable, rights & ~EXECUTE)
    except BaseException:
        os.close(handle)
        raise
    return handle


def restrict(handle: int) -> None:
    """Restrict this process to these rules, besides those that hold already; close their descriptor.

    Needs no_new_privs or the right to do without it. Raises OSError.
    """
    try:
        libc.syscall(RESTRICT_SELF, ctypes.c_int(handle), ctypes.c_uint32(0))
    finally:
        os.close(handle)


def _allow(handle: int, path: str, access: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):
            access &= FILE_RIGHTS
        rule = Beneath(access, descriptor)
        arguments = (ctypes.c_int(handle), ctypes.c_int(PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
        libc.syscall(ADD_RULE, *arguments)
    finally:
        os.close(descriptor)

"""Call libc, by ctypes, for what Python has no function for. Which calls a worker may make is in seccomp.py."""

import ctypes
import errno
import os
import platform
import signal

MACHINE = platform.machine()

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

MADV_COLLAPSE = 25

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
_libc.syscall.restype = ctypes.c_long


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object) -> int:
    """Make any system call. Raises OSError."""
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments), f"system call {number}")


def known_machine() -> bool:
    """Return whether this machine's system call numbers are known here."""
    return MACHINE in PIVOT_ROOT and os.name == "posix" and platform.system() == "Linux"


def unshare(flags: int) -> None:
    """Call unshare(2). Raises OSError."""
    _checked(_libc.unshare(flags), "unshare")


def enter(namespace: int, kind: int) -> None:
    """Call setns(2) to enter the namespace of a descriptor. Raises OSError."""
    _checked(_libc.setns(namespace, kind), "setns")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Call mount(2). Raises OSError."""
    arguments = [text.encode() if text else None for text in (source, target, kind)]
    _checked(_libc.mount(*arguments, flags, options.encode() if options else None), f"mount {target}")


def pivot_root_here() -> None:
    """Make the working folder, a mount point, the root of all paths, and unmount the old root."""
    syscall(PIVOT_ROOT[MACHINE], ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    _checked(_libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def prctl(option: int, *arguments: int) -> int:
    """Call prctl(2). Raises OSError."""
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked(_libc.prctl(option, *padded), f"prctl {option}")


def collapse(address: int, size: int) -> None:
    """Call madvise(2) with MADV_COLLAPSE. Raises OSError."""
    _checked(_libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(size), MADV_COLLAPSE), "madvise")


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def drop_capabilities() -> None:
    """Give up every capability for good, including those that a file could give back."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            # EINVAL comes after the last capability. EPERM means no CAP_SETPCAP, and so nothing to drop.
            if error.errno in (errno.EINVAL, errno.EPERM):
                break
            raise
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(CAPSET[MACHINE], ctypes.byref(header), ctypes.byref(nothing))

"""Namespaces: a small file tree, no network, and for each worker processes and an empty folder of its own."""

import os
import sys
from pathlib import Path

from autograder.sandbox.worker.isolation import syscalls as kernel

NOBODY = 65534
BASE = "/sys"  # exists everywhere, and nothing that we need lies beneath it
# Not /tmp: the kit itself, and the packages that a submission imports, may lie beneath it.
SCRATCH = "/scratch"
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/nix/store")
OUTSIDE = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
# What a remount has to repeat of the flags that a mount came with.
KEPT = {os.ST_NOSUID: kernel.MS_NOSUID, os.ST_NODEV: kernel.MS_NODEV, os.ST_NOEXEC: kernel.MS_NOEXEC}


class Namespaces:
    """The zygote's namespaces, entered once; `fork` then gives every worker its own."""

    def __init__(self, own: int) -> None:
        """`own` is a descriptor of the zygote's own pid namespace."""
        self._own = own

    def fork(self) -> int:
        """os.fork, but the child is the first process of a pid namespace: when it ends, all in it end."""
        kernel.unshare(kernel.CLONE_NEWPID)
        pid = os.fork()
        if pid:
            # Otherwise the next unshare would fail: it is allowed from one's own pid namespace only.
            kernel.enter(self._own, kernel.CLONE_NEWPID)
        return pid

    def own_scratch(self, file_bytes: int) -> str:
        """In the child: mount and IPC namespaces of its own, with an empty folder that is gone when it ends."""
        os.close(self._own)
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
        size = max(file_bytes, 1 << 16)
        options = f"size={size},nr_inodes=1000,mode=0700"
        kernel.mount("scratch", SCRATCH, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options)
        return SCRATCH


def enter(proc: int, readable: list[str], hidden: list[str]) -> Namespaces:
    """Leave the machine's file tree, network, users and processes behind. Raises OSError where that is not allowed.

    `proc` is a descriptor of /proc, which is out of reach from here on. `readable` are the paths that stay, read-only,
    at their places; `hidden` are made empty even if they lie within. What returns is a child of the caller, the first
    process of a pid namespace; the caller itself only waits for it.
    """
    if os.geteuid() == 0:
        kernel.unshare(OUTSIDE)
        _build(readable, hidden)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # Changing the user made /proc/self root's; the maps of the user namespace are written there.
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
        _new_user(proc, kernel.CLONE_NEWPID)
    else:
        _new_user(proc, kernel.CLONE_NEWPID | OUTSIDE)
        _build(readable, hidden)
    _go_on_in_child()
    return Namespaces(os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc))


def refusal(proc: int, readable: list[str], hidden: list[str]) -> str:
    """Why `enter` cannot be done here; empty where it can. Tried in a process of its own."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        try:
            enter(proc, readable, hidden)
        except OSError as error:
            os.write(theirs, (str(error) or "refused").encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(pid, 0)
    return told


def _new_user(proc: int, more: int) -> None:
    """A user namespace in which this user has every capability, and outside of which it has none."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER | more)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        descriptor = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _go_on_in_child() -> None:
    """Fork; the child returns, and the parent waits for it and ends as it ended."""
    pid = os.fork()
    if pid == 0:
        kernel.die_with_parent()
        return
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _build(readable: list[str], hidden: list[str]) -> None:
    """A root of its own: an empty tmpfs, and in it the readable paths."""
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("root", BASE, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=0755")
    for path in readable:
        _bind(path)
    for path in hidden:
        if os.path.isdir(BASE + path):
            kernel.mount("hidden", BASE + path, "tmpfs", kernel.MS_RDONLY, "size=4k,mode=0755")
    os.makedirs(BASE + SCRATCH, exist_ok=True)
    kernel.mount("root", BASE, "", kernel.MS_REMOUNT | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV)
    os.chdir(BASE)
    kernel.pivot_root_here()


def _bind(path: str) -> None:
    """The same path in the new root, read-only. Links are made again, and what they lead to is bound in turn."""
    target = Path(BASE + path)
    if os.path.islink(path):
        if not target.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(os.readlink(path))
        path = os.path.realpath(path)
        target = Path(BASE + path)
    if not os.path.exists(path) or os.path.ismount(target) or target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(path):
        target.mkdir()
    else:
        target.touch()
    kernel.mount(path, str(target), "", kernel.MS_BIND | kernel.MS_REC)
    flags = sum(flag for kept, flag in KEPT.items() if os.statvfs(path).f_flag & kept)
    if path not in DEVICES:
        flags |= kernel.MS_NODEV
    kernel.mount(
        "none", str(target), "", kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | flags
    )


def readable_paths(packages: Path) -> list[str]:
    """What a worker may read: Python, its packages, system libraries, and of the kit only what runs in the sandbox."""
    python = dict.fromkeys((sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix))
    kit = packages / "autograder"
    seen = [kit / name for name in ("__init__.py", "sandbox/__init__.py", "sandbox/worker")]
    return [*python, *LIBRARIES, *DEVICES, *map(str, seen)]

"""Namespaces: a small file tree, no network, and for each worker processes and an empty folder of its own."""

import os
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.worker.isolation import syscalls
from autograder.sandbox.worker.isolation.view import DEVICES, View, within

NOBODY = 65534
BASE = "/sys"  # exists everywhere, and nothing that we need lies beneath it
# Not /tmp: the kit itself, and the packages that a submission imports, may lie beneath it.
SCRATCHES = "/scratch"
SCRATCH = f"{SCRATCHES}/own"
OUTSIDE = syscalls.CLONE_NEWNS | syscalls.CLONE_NEWNET | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS
# What a remount has to repeat of the flags that a mount came with.
KEPT = {os.ST_NOSUID: syscalls.MS_NOSUID, os.ST_NODEV: syscalls.MS_NODEV, os.ST_NOEXEC: syscalls.MS_NOEXEC}


class Namespaces:
    """The zygote's namespaces, entered once; `fork` then gives every worker its own."""

    def __init__(self, own: int) -> None:
        """`own` is a descriptor of the zygote's own pid namespace."""
        self._own = own

    def hide(self, paths: Iterable[str]) -> None:
        """Have these files and folders be empty from here on."""
        # A file tree of this user's own: that of the namespace before may belong to root.
        syscalls.unshare(syscalls.CLONE_NEWNS)
        for path in paths:
            if os.path.isdir(path):
                syscalls.mount("hidden", path, "tmpfs", syscalls.MS_RDONLY, "size=64k,mode=0755")
            else:
                syscalls.mount("/dev/null", path, "", syscalls.MS_BIND)

    def fork(self) -> int:
        """os.fork, but the child is the first process of a pid namespace: when it ends, all in it end."""
        syscalls.unshare(syscalls.CLONE_NEWPID)
        pid = os.fork()
        if pid:
            # Otherwise the next unshare would fail: it is allowed from one's own pid namespace only.
            syscalls.enter(self._own, syscalls.CLONE_NEWPID)
        return pid

    def own_scratch(self, file_bytes: int) -> str:
        """In the child: mount and IPC namespaces of its own, with an empty folder that is gone when it ends."""
        os.close(self._own)
        syscalls.unshare(syscalls.CLONE_NEWNS | syscalls.CLONE_NEWIPC)
        size = max(file_bytes, 1 << 16)
        options = f"size={size},nr_inodes=1000,mode=0700"
        syscalls.mount(
            "scratch", SCRATCH, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC, options
        )
        return SCRATCH


def enter(proc: int, view: View) -> Namespaces:
    """Leave the machine's file tree, network, users and processes behind. Raises OSError where that is not allowed.

    `proc` is a descriptor of /proc, which is out of reach from here on. Of the file tree, only the view stays,
    read-only. What returns is a child of the caller, the first process of a pid namespace; the caller itself only waits
    for it.
    """
    if os.geteuid() == 0:
        syscalls.unshare(OUTSIDE)
        _build(view)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # Changing the user made /proc/self root's; the maps of the user namespace are written there.
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
        _new_user(proc, syscalls.CLONE_NEWPID)
    else:
        _new_user(proc, syscalls.CLONE_NEWPID | OUTSIDE)
        _build(view)
    _go_on_in_child()
    return Namespaces(os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc))


def refusal(proc: int, view: View) -> str:
    """Why `enter` cannot be done here; empty where it can. Tried in a process of its own."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        try:
            enter(proc, view)
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
    syscalls.unshare(syscalls.CLONE_NEWUSER | more)
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
        syscalls.die_with_parent()
        return
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _build(view: View) -> None:
    """A root of its own: an empty tmpfs, and in it what the view shows."""
    syscalls.mount("none", "/", "", syscalls.MS_REC | syscalls.MS_PRIVATE)
    syscalls.mount("root", BASE, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, "size=1m,mode=0755")
    for path in view.shown:
        _bind(path)
    for path in view.hidden:
        if os.path.isdir(BASE + path):
            syscalls.mount("hidden", BASE + path, "tmpfs", 0, "size=64k,mode=0755")
    for path in view.own:
        _bind(path)
    for path in view.hidden:
        if os.path.ismount(BASE + path):
            syscalls.mount("none", BASE + path, "", syscalls.MS_REMOUNT | syscalls.MS_RDONLY)
    _link(view)
    os.makedirs(BASE + SCRATCH, exist_ok=True)
    syscalls.mount("root", BASE, "", syscalls.MS_REMOUNT | syscalls.MS_RDONLY | syscalls.MS_NOSUID | syscalls.MS_NODEV)
    os.chdir(BASE)
    syscalls.pivot_root_here()


def _bind(path: str) -> None:
    """The same path in the new root, read-only. It is a real one, so that no link leads out of the new root."""
    target = Path(BASE + path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(path):
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    syscalls.mount(path, str(target), "", syscalls.MS_BIND | syscalls.MS_REC)
    flags = sum(flag for kept, flag in KEPT.items() if os.statvfs(path).f_flag & kept)
    if path not in DEVICES:
        flags |= syscalls.MS_NODEV
    flags |= syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY | syscalls.MS_NOSUID
    syscalls.mount("none", str(target), "", flags)


def _link(view: View) -> None:
    """The other names of what is shown, as links. One below another, or within what is shown, is there already."""
    made: list[str] = list(view.readable)
    for name, real in view.links:
        if not within(name, made):
            target = Path(BASE + name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(real)
            made.append(name)

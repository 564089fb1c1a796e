"""Enter namespaces: a small file tree, no network, and for each worker a pid namespace and an empty folder."""

import os
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.worker.isolation import libc, scratch
from autograder.sandbox.worker.isolation.view import DEVICES, View, within

NOBODY = 65534
BASE = "/sys"  # exists everywhere, and workers need nothing below it
OWN_SCRATCH = f"{scratch.ROOT}/own"
OUTSIDE = libc.CLONE_NEWNS | libc.CLONE_NEWNET | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS
# The flags of a mount that a remount has to repeat.
KEPT = {os.ST_NOSUID: libc.MS_NOSUID, os.ST_NODEV: libc.MS_NODEV, os.ST_NOEXEC: libc.MS_NOEXEC}


class Namespaces:
    """The zygote's namespaces, entered once. `fork` then gives every worker its own."""

    def __init__(self, own: int) -> None:
        """Keep `own`, a descriptor of the zygote's own pid namespace."""
        self._own = own

    def hide(self, paths: Iterable[str]) -> None:
        """Make these files and folders appear empty from here on."""
        # This user needs a file tree of its own: the present one may belong to root.
        libc.unshare(libc.CLONE_NEWNS)
        for path in paths:
            if os.path.isdir(path):
                libc.mount("hidden", path, "tmpfs", libc.MS_RDONLY, "size=64k,mode=0755")
            else:
                libc.mount("/dev/null", path, "", libc.MS_BIND)

    def fork(self) -> int:
        """Fork; the child is the first process of a pid namespace, so that all its processes end with it."""
        libc.unshare(libc.CLONE_NEWPID)
        pid = os.fork()
        if pid:
            # Otherwise the next unshare would fail: it is only allowed in a process's own pid namespace.
            libc.enter(self._own, libc.CLONE_NEWPID)
        return pid

    def own_scratch(self, file_bytes: int) -> str:
        """Give this child mount and IPC namespaces, with an empty folder that is gone when it ends; return its path."""
        os.close(self._own)
        libc.unshare(libc.CLONE_NEWNS | libc.CLONE_NEWIPC)
        size = max(file_bytes, 1 << 16)
        options = f"size={size},nr_inodes=1000,mode=0700"
        libc.mount("scratch", OWN_SCRATCH, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC, options)
        return OWN_SCRATCH


def enter(proc: int, view: View) -> Namespaces:
    """Leave the machine's file tree, network, users and processes behind. Raises OSError where that is not allowed.

    `proc` is a descriptor of /proc, which is out of reach from here on. Only the view of the file tree stays,
    read-only. This returns in a child of the caller, the first process of a pid namespace; the caller waits for it.
    """
    if os.geteuid() == 0:
        libc.unshare(OUTSIDE)
        _build(view)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # The change of user gave /proc/self to root, and the maps of the user namespace are written there.
        libc.prctl(libc.PR_SET_DUMPABLE, 1)
        _new_user(proc, libc.CLONE_NEWPID)
    else:
        _new_user(proc, libc.CLONE_NEWPID | OUTSIDE)
        _build(view)
    _go_on_in_child()
    return Namespaces(os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc))


def refusal(proc: int, view: View) -> str:
    """Return why `enter` is impossible here; empty where it works. Another process tries it."""
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
        why = pipe.read().decode()
    os.waitpid(pid, 0)
    return why


def _new_user(proc: int, more: int) -> None:
    """Enter a user namespace in which this user has every capability, and has none outside."""
    user, group = os.geteuid(), os.getegid()
    libc.unshare(libc.CLONE_NEWUSER | more)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        descriptor = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _go_on_in_child() -> None:
    """Fork, and return in the child. The parent waits for it, and exits with its status."""
    pid = os.fork()
    if pid == 0:
        libc.die_with_parent()
        return
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _build(view: View) -> None:
    """Build a new root: an empty tmpfs with the paths that the view shows."""
    libc.mount("none", "/", "", libc.MS_REC | libc.MS_PRIVATE)
    libc.mount("root", BASE, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "size=1m,mode=0755")
    for path in view.shown:
        _bind(path)
    for path in view.hidden:
        if os.path.isdir(BASE + path):
            libc.mount("hidden", BASE + path, "tmpfs", 0, "size=64k,mode=0755")
    for path in view.own:
        _bind(path)
    for path in view.hidden:
        if os.path.ismount(BASE + path):
            libc.mount("none", BASE + path, "", libc.MS_REMOUNT | libc.MS_RDONLY)
    _link(view)
    os.makedirs(BASE + OWN_SCRATCH, exist_ok=True)
    libc.mount("root", BASE, "", libc.MS_REMOUNT | libc.MS_RDONLY | libc.MS_NOSUID | libc.MS_NODEV)
    os.chdir(BASE)
    libc.pivot_root_here()


def _bind(path: str) -> None:
    """Mount a path read-only at the same place in the new root. It is a real path: no link leads out of the root."""
    target = Path(BASE + path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(path):
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    libc.mount(path, str(target), "", libc.MS_BIND | libc.MS_REC)
    flags = sum(flag for kept, flag in KEPT.items() if os.statvfs(path).f_flag & kept)
    if path not in DEVICES:
        flags |= libc.MS_NODEV
    flags |= libc.MS_REMOUNT | libc.MS_BIND | libc.MS_RDONLY | libc.MS_NOSUID
    libc.mount("none", str(target), "", flags)


def _link(view: View) -> None:
    """Link the other names of the shown paths. A name inside a shown path, or below another link, exists already."""
    made: list[str] = list(view.readable)
    for name, real in view.links:
        if not within(name, made):
            target = Path(BASE + name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(real)
            made.append(name)

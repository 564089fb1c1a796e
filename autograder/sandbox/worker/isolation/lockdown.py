"""Apply the layers of the sandbox in order, and find out which of them this machine has: its tier.

Tier A has every layer. Tier B has no namespaces, as in most containers; Landlock, seccomp and limits remain. Tier C
lacks one of these, too, and is refused unless the instructor insists.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox.worker.isolation import bubblewrap, landlock, libc, rlimits, scratch, seccomp
from autograder.sandbox.worker.isolation.namespaces import Namespaces, enter, refusal
from autograder.sandbox.worker.isolation.view import View, view, within

LAYERS = ("namespaces", "privileges", "landlock", "limits", "seccomp")
# The same as report.UNSAFE_TIER, which workers cannot read. A test compares the two.
UNSAFE_TIER = "C"


@dataclass
class Lockdown:
    """The layers that the zygote has entered, and what its workers need to add the rest.

    `filter` is seccomp's, as BPF. `proc`, `statm` and `task` are descriptors in /proc. `late` are the paths to
    hide from workers only. `folders` is the folder of the workers' folders. `rules` is a descriptor of Landlock's rules
    for all workers: hundreds, around the hidden paths, which take 8 ms to make.
    """

    without: frozenset[str]
    readable: tuple[str, ...]
    namespaces: Namespaces | None = None
    filter: bytes = b""
    missing: dict[str, str] = field(default_factory=dict)
    proc: int = -1
    statm: int = -1
    task: int = -1
    late: tuple[str, ...] = ()
    folders: str = ""
    rules: int = -1

    @property
    def tier(self) -> str:
        """Return A, B or C, by the layers that work."""
        if {"landlock", "seccomp", "limits", "privileges"} & self.missing.keys():
            return UNSAFE_TIER
        return "B" if "namespaces" in self.missing else "A"

    def open_schedstat(self) -> int:
        """Open the system's count of how long this process waited for a processor; return -1 where there is none."""
        try:
            return os.open("self/schedstat", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.proc) if self.proc >= 0 else -1
        except OSError:
            return -1

    def threads(self) -> int:
        """Return how many threads the zygote has: the system's count, or else Python's."""
        return len(os.listdir(self.task)) if self.task >= 0 else threading.active_count()

    def mapped_bytes(self) -> int:
        """Return how much memory the zygote has mapped; 0 where it is unknown, and then there is no limit either."""
        if self.statm < 0:
            return 0
        os.lseek(self.statm, 0, os.SEEK_SET)
        return int(os.read(self.statm, 200).split()[0]) * os.sysconf("SC_PAGE_SIZE")

    def hide_what_is_imported(self) -> None:
        """Hide from workers the files that only the zygote had to read. Landlock hides them by itself."""
        if self.namespaces is not None:
            self.namespaces.hide(self.late)

    def own_folder(self) -> str:
        """Make a folder for the next worker and return its path; empty where workers mount their own."""
        return "" if self.namespaces else scratch.make(self.folders)


def prepare(settings: dict[str, Any]) -> Lockdown:
    """Enter the namespaces and prepare the other layers, in the zygote, before it imports anything large.

    Of the settings, `without` names layers to leave out, for tests; "unshare" leaves namespaces to bubblewrap. `inside`
    is what this process knew before it restarted inside bubblewrap.
    """
    without, seen = frozenset(settings["without"]), view(Path(settings["packages"]))
    lockdown = Lockdown(without, seen.readable)
    for layer in without.intersection(LAYERS):
        lockdown.missing[layer] = "switched off"
    if not libc.known_machine():
        return _without_layers(lockdown, f"not known on {libc.MACHINE}")
    for layer, why in (("landlock", landlock.refusal()), ("seccomp", seccomp.refusal())):
        if why:
            lockdown.missing.setdefault(layer, why)
    lockdown.filter = seccomp.build(libc.MACHINE)
    if inside := settings.get("inside"):
        proc = inside["proc"]
        lockdown.missing["namespaces"] = f"{inside['refused']}; all workers share those of bubblewrap"
    else:
        proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
    if "namespaces" not in lockdown.missing:
        # Another process tries it: a partial success could not be undone.
        refused = "not tried" if "unshare" in without else refusal(proc, seen)
        if refused:
            lockdown.missing["namespaces"] = bubblewrap.go_on(settings, proc, seen, refused)
        else:
            lockdown.namespaces = enter(proc, seen)
            lockdown.late = seen.late
    lockdown.statm = os.open("self/statm", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.task = os.open("self/task", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.proc = proc
    lockdown.folders = scratch.ROOT if lockdown.namespaces else scratch.make()
    if "landlock" not in lockdown.missing:
        lockdown.rules = landlock.ruleset(granted(seen), lockdown.folders)
    return lockdown


def _without_layers(lockdown: Lockdown, why: str) -> Lockdown:
    for layer in LAYERS:
        lockdown.missing.setdefault(layer, why)
    lockdown.folders = scratch.make()
    return lockdown


def confine(lockdown: Lockdown, folder: str, allowed: dict[str, Any]) -> None:
    """Lock this fork in: give up everything that is not needed to compute. There is no way back."""
    address_space = lockdown.mapped_bytes() + (allowed["memory_mb"] << 20)
    if lockdown.namespaces is not None:
        folder = lockdown.namespaces.own_scratch(allowed["file_bytes"])
    os.chdir(folder)
    for descriptor in (lockdown.proc, lockdown.statm, lockdown.task):
        if descriptor >= 0:
            os.close(descriptor)
    if "privileges" not in lockdown.missing:
        libc.drop_capabilities()
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
    if "landlock" not in lockdown.missing:
        # The process can do only what both sets allow: the first leaves out hidden paths, the second others' folders.
        landlock.restrict(lockdown.rules)
        landlock.restrict(landlock.ruleset(lockdown.readable, folder))
    if "limits" not in lockdown.missing:
        rlimits.limit(allowed["submission_seconds"], address_space, allowed["file_bytes"])
    if "seccomp" not in lockdown.missing:
        seccomp.install(lockdown.filter)


def granted(seen: View) -> Iterator[str]:
    """Yield the paths that Landlock grants for this view, entry by entry around the hidden paths."""
    for path in seen.shown:
        yield from _around(path, (*seen.hidden, *seen.late))
    yield from seen.own


def _around(path: str, hidden: Sequence[str]) -> Iterator[str]:
    inside = [place for place in hidden if within(place, [path])]
    if path in inside:
        return
    if not inside:
        yield path
        return
    # Do not grant even a list of the folder: that right would hold for hidden folders in it, too.
    with os.scandir(path) as entries:
        # A rule for a link would grant its target. That is granted under its own name or not at all.
        names = sorted(entry.name for entry in entries if not entry.is_symlink())
    for name in names:
        yield from _around(os.path.join(path, name), inside)

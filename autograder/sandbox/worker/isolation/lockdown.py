"""The layers of the sandbox in their order, which of them this machine has, and what tier that makes.

Tier A has every layer. Tier B has no namespaces (as inside most containers), and Landlock, seccomp and limits hold
alone. Tier C lacks one of those too, and is refused unless the instructor insists.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox.worker.isolation import bubblewrap, huge_pages, landlock, rlimits, scratch, seccomp, syscalls
from autograder.sandbox.worker.isolation.namespaces import SCRATCHES, Namespaces, enter, refusal
from autograder.sandbox.worker.isolation.view import View, view, within

LAYERS = ("namespaces", "privileges", "landlock", "limits", "seccomp")


@dataclass
class Lockdown:
    """What the zygote has entered, and what its workers will add.

    `folders` is the folder that those of the workers lie in. `rules` is a descriptor of Landlock's rules for all of
    them, of which there are hundreds around what is hidden: made once, since that takes 8 ms.
    """

    without: frozenset[str]
    readable: tuple[str, ...]
    namespaces: Namespaces | None = None
    filter: bytes = b""
    missing: dict[str, str] = field(default_factory=dict)
    proc: int = -1
    statm: int = -1
    maps: int = -1
    task: int = -1
    late: tuple[str, ...] = ()
    folders: str = ""
    rules: int = -1

    @property
    def tier(self) -> str:
        """A, B or C, by the layers that are there."""
        if {"landlock", "seccomp", "limits", "privileges"} & self.missing.keys():
            return "C"
        return "B" if "namespaces" in self.missing else "A"

    def open_schedstat(self) -> int:
        """Open the system's count of how long this process was kept waiting for a processor; -1 where there is none."""
        try:
            return os.open("self/schedstat", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self.proc) if self.proc >= 0 else -1
        except OSError:
            return -1

    def threads(self) -> int:
        """How many threads the zygote has; where the system does not tell, as many as Python knows of."""
        return len(os.listdir(self.task)) if self.task >= 0 else threading.active_count()

    def mapped_bytes(self) -> int:
        """How much memory the zygote has mapped; 0 where the system does not tell, and there is no limit either."""
        if self.statm < 0:
            return 0
        os.lseek(self.statm, 0, os.SEEK_SET)
        return int(os.read(self.statm, 200).split()[0]) * os.sysconf("SC_PAGE_SIZE")

    def hide_what_is_imported(self) -> None:
        """Hide from workers what only the zygote had to read. Landlock hides it from them, too, by itself."""
        if self.namespaces is not None:
            self.namespaces.hide(self.late)

    def own_folder(self) -> str:
        """Make the folder of a worker that is to be forked; empty where it mounts its own."""
        return "" if self.namespaces else scratch.make(self.folders)

    def gather_pages(self) -> None:
        """Once all that is to be shared with the forks is there: make forking cheap."""
        if self.maps < 0:
            return
        with open(self.maps, encoding="ascii", errors="replace") as file:
            huge_pages.gather(file.read())


def prepare(settings: dict[str, Any]) -> Lockdown:
    """In the zygote, before it imports anything large: enter the namespaces, and get the rest ready.

    Of the settings, `without` names layers to leave out: for tests that show what each is for, and to try a lower tier;
    "unshare" leaves namespaces to bubblewrap. Inside that the process starts from anew, and `inside` is what it knew.
    """
    without, seen = frozenset(settings["without"]), view(Path(settings["packages"]))
    lockdown = Lockdown(without, seen.readable)
    for layer in without.intersection(LAYERS):
        lockdown.missing[layer] = "switched off"
    if not syscalls.known_machine():
        return _without_all(lockdown, f"not known on {syscalls.MACHINE}")
    for layer, why in (("landlock", landlock.refusal()), ("seccomp", seccomp.refusal())):
        if why:
            lockdown.missing.setdefault(layer, why)
    lockdown.filter = seccomp.build(syscalls.MACHINE)
    if inside := settings.get("inside"):
        proc = inside["proc"]
        lockdown.missing["namespaces"] = f"{inside['refused']}; all workers share those of bubblewrap"
    else:
        proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
    if "namespaces" not in lockdown.missing:
        # Tried by another process: half a success could not be taken back.
        refused = "not tried" if "unshare" in without else refusal(proc, seen)
        if refused:
            lockdown.missing["namespaces"] = bubblewrap.go_on(settings, proc, seen, refused)
        else:
            lockdown.namespaces = enter(proc, seen)
            lockdown.late = seen.late
    lockdown.statm = os.open("self/statm", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.maps = os.open("self/maps", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.task = os.open("self/task", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.proc = proc
    lockdown.folders = SCRATCHES if lockdown.namespaces else scratch.make()
    if "landlock" not in lockdown.missing:
        lockdown.rules = landlock.ruleset(granted(seen), lockdown.folders)
    return lockdown


def _without_all(lockdown: Lockdown, why: str) -> Lockdown:
    for layer in LAYERS:
        lockdown.missing.setdefault(layer, why)
    lockdown.folders = scratch.make()
    return lockdown


def confine(lockdown: Lockdown, folder: str, allowed: dict[str, Any]) -> None:
    """In a fresh fork: give up everything that is not needed to compute. There is no way back."""
    address_space = lockdown.mapped_bytes() + (allowed["memory_mb"] << 20)
    if lockdown.namespaces is not None:
        folder = lockdown.namespaces.own_scratch(allowed["file_bytes"])
    os.chdir(folder)
    for descriptor in (lockdown.proc, lockdown.statm, lockdown.task):
        if descriptor >= 0:
            os.close(descriptor)
    if "privileges" not in lockdown.missing:
        syscalls.drop_capabilities()
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
    if "landlock" not in lockdown.missing:
        # What both allow can be done from here on: the first knows what is hidden, the second whose folder this is.
        landlock.restrict(lockdown.rules)
        landlock.restrict(landlock.ruleset(lockdown.readable, folder))
    if "limits" not in lockdown.missing:
        rlimits.limit(allowed["submission_seconds"], address_space, allowed["file_bytes"])
    if "seccomp" not in lockdown.missing:
        seccomp.install(lockdown.filter)


def granted(seen: View) -> Iterator[str]:
    """Yield the paths that Landlock is to grant for this view, entry by entry around what is hidden."""
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
    # Not even a list of the folder: that right would hold for what is hidden, too. Python knows what lies in it.
    with os.scandir(path) as entries:
        # A rule for a link would grant what it leads to, which is granted by its own name or not at all.
        names = sorted(entry.name for entry in entries if not entry.is_symlink())
    for name in names:
        yield from _around(os.path.join(path, name), inside)

"""The layers of the sandbox in their order, which of them this machine has, and what tier that makes.

Tier A has every layer. Tier B has no namespaces (as inside most containers), and Landlock, seccomp and limits hold
alone. Tier C lacks one of those too, and is refused unless the instructor insists.
"""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.sandbox.worker.isolation import bubblewrap, landlock, seccomp
from autograder.sandbox.worker.isolation import huge_pages as pages
from autograder.sandbox.worker.isolation import rlimits as limits
from autograder.sandbox.worker.isolation import syscalls as kernel
from autograder.sandbox.worker.isolation.namespaces import Namespaces, enter, readable_paths, refusal

LAYERS = ("namespaces", "privileges", "landlock", "limits", "seccomp")
HIDDEN_PACKAGES = ("scipy",)
# All of the kit that a worker may see; everything else in it is hidden, whatever comes to it one day.
SEEN = ("__init__.py", "sandbox/__init__.py", "sandbox/worker")


@dataclass
class Lockdown:
    """What the zygote has entered, and what its workers will add."""

    without: frozenset[str]
    allowed: list[tuple[str, int]]
    namespaces: Namespaces | None = None
    filter: bytes = b""
    missing: dict[str, str] = field(default_factory=dict)
    statm: int = -1
    maps: int = -1
    task: int = -1

    @property
    def tier(self) -> str:
        """A, B or C, by the layers that are there."""
        if {"landlock", "seccomp", "limits", "privileges"} & self.missing.keys():
            return "C"
        return "B" if "namespaces" in self.missing else "A"

    def threads(self) -> int:
        """How many threads the zygote has; where the system does not tell, as many as Python knows of."""
        return len(os.listdir(self.task)) if self.task >= 0 else threading.active_count()

    def mapped_bytes(self) -> int:
        """How much memory the zygote has mapped; 0 where the system does not tell, and there is no limit either."""
        if self.statm < 0:
            return 0
        os.lseek(self.statm, 0, os.SEEK_SET)
        return int(os.read(self.statm, 200).split()[0]) * os.sysconf("SC_PAGE_SIZE")

    def gather_pages(self) -> None:
        """Once all that is to be shared with the forks is there: make forking cheap."""
        if self.maps < 0:
            return
        with open(self.maps, encoding="ascii", errors="replace") as file:
            pages.gather(file.read())


def prepare(settings: dict[str, Any]) -> Lockdown:
    """In the zygote, before it imports anything large: enter the namespaces, and get the rest ready.

    Of the settings, `without` names layers to leave out: for tests that show what each is for, and to try a lower tier;
    "unshare" leaves namespaces to bubblewrap. Inside that the process starts from anew, and `inside` is what it knew.
    """
    packages, without = Path(settings["packages"]), frozenset(settings["without"])
    readable, hidden = readable_paths(packages), _hidden(packages)
    lockdown = Lockdown(without, [rule for path in readable for rule in outside_hidden(path, hidden)])
    for layer in without.intersection(LAYERS):
        lockdown.missing[layer] = "switched off"
    if not kernel.known_machine():
        return _without_all(lockdown, f"not known on {kernel.MACHINE}")
    if landlock.version() == 0:
        lockdown.missing.setdefault("landlock", "this kernel has no Landlock (Linux 5.13 and later have it)")
    lockdown.filter = seccomp.build(kernel.MACHINE)
    if inside := settings.get("inside"):
        proc = inside["proc"]
        lockdown.missing["namespaces"] = f"{inside['refused']}; all workers share those of bubblewrap"
    else:
        proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
    if "namespaces" not in lockdown.missing:
        # Tried by another process: half a success could not be taken back.
        refused = "not tried" if "unshare" in without else refusal(proc, readable, hidden)
        if refused:
            lockdown.missing["namespaces"] = bubblewrap.go_on(settings, proc, readable, hidden, refused)
        else:
            lockdown.namespaces = enter(proc, readable, hidden)
    lockdown.statm = os.open("self/statm", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.maps = os.open("self/maps", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    lockdown.task = os.open("self/task", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    os.close(proc)
    return lockdown


def _without_all(lockdown: Lockdown, why: str) -> Lockdown:
    for layer in LAYERS:
        lockdown.missing.setdefault(layer, why)
    return lockdown


def _hidden(packages: Path) -> list[str]:
    """What would be readable by its place, and must not be."""
    kit = packages / "autograder"
    seen = [kit / name for name in SEEN]
    inside = [*kit.glob("*"), *kit.glob("sandbox/*")]
    folders = [path for path in inside if path not in (*seen, kit / "sandbox")]
    folders += [packages / "solutions"]
    folders += [path / name for path in packages_folders() for name in HIDDEN_PACKAGES]
    return [str(folder) for folder in folders]


def packages_folders() -> list[Path]:
    """Where installed packages lie."""
    import site

    return [Path(folder) for folder in site.getsitepackages()]


def confine(lockdown: Lockdown, scratch: str, allowed: dict[str, Any]) -> None:
    """In a fresh fork: give up everything that is not needed to compute. There is no way back."""
    address_space = lockdown.mapped_bytes() + (allowed["memory_mb"] << 20)
    if lockdown.namespaces is not None:
        scratch = lockdown.namespaces.own_scratch(allowed["file_bytes"])
    os.chdir(scratch)
    for descriptor in (lockdown.statm, lockdown.task):
        if descriptor >= 0:
            os.close(descriptor)
    if "privileges" not in lockdown.missing:
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    if "landlock" not in lockdown.missing:
        landlock.restrict(lockdown.allowed, scratch)
    if "limits" not in lockdown.missing:
        limits.limit(allowed["submission_seconds"], address_space, allowed["file_bytes"])
    if "seccomp" not in lockdown.missing:
        seccomp.install(lockdown.filter)


def outside_hidden(path: str, hidden: list[str]) -> Iterator[tuple[str, int]]:
    """The path with its Landlock rights; entry by entry where something hidden lies within."""
    inside = [place for place in hidden if place == path or place.startswith(path + "/")]
    if path in inside:
        return
    if not any(os.path.exists(place) for place in inside) or not os.path.isdir(path):
        yield path, landlock.READ
        return
    yield path, landlock.READ_DIR
    for name in sorted(os.listdir(path)):
        yield from outside_hidden(os.path.join(path, name), inside)

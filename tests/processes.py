"""Find the processes of a session, or of a list, that still run."""

import time
from collections.abc import Iterable
from pathlib import Path

# Judges end with their parent within moments. The rest is for a machine under load.
GONE_SECONDS = 10


def alive(session: int) -> list[str]:
    """Return the names of the processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        name, state, its_session = _read(folder)
        if its_session == session and state not in "ZX":
            found.append(name)
    return found


def left_of(session: int) -> list[str]:
    """Return the processes of a session that do not end by themselves after its first one has ended."""
    ends = time.monotonic() + GONE_SECONDS
    while alive(session) and time.monotonic() < ends:
        time.sleep(0.02)
    return alive(session)


def left_among(pids: Iterable[int]) -> list[str]:
    """Return the processes among these that do not end by themselves."""
    ends = time.monotonic() + GONE_SECONDS
    folders = [Path(f"/proc/{pid}") for pid in pids]
    while (left := [name for name, state, _ in map(_read, folders) if state not in "ZX"]) and time.monotonic() < ends:
        time.sleep(0.02)
    return left


def _read(folder: Path) -> tuple[str, str, int]:
    """Return a process's name, state and session, from its folder in /proc; X for the state of one that is gone."""
    try:
        name, _, rest = (folder / "stat").read_text(encoding="utf-8").rpartition(")")
    except OSError:
        return "", "X", 0
    state, _, _, session = rest.split()[:4]
    return name, state, int(session)

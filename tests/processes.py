"""Find the processes of a session that still run."""

import time
from pathlib import Path

# Judges end with their parent within moments. The rest is for a machine under load.
GONE_SECONDS = 10


def alive(session: int) -> list[str]:
    """Return the names of the processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (folder / "stat").read_text(encoding="utf-8").rpartition(")")
        except OSError:
            continue
        state, _, _, its_session = rest.split()[:4]
        if int(its_session) == session and state not in "ZX":
            found.append(name)
    return found


def left_of(session: int) -> list[str]:
    """Return the processes of a session that do not end by themselves after its first one has ended."""
    ends = time.monotonic() + GONE_SECONDS
    while alive(session) and time.monotonic() < ends:
        time.sleep(0.02)
    return alive(session)

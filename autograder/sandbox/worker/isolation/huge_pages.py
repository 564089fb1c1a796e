"""Huge pages for what the zygote holds: a fork copies one entry for 2 MB of it, not 512. Measured: 9 ms for 12."""

from autograder.sandbox.worker.isolation import syscalls

HUGE = 2 << 20


def gather(maps: str) -> int:
    """Gather the process's own memory into huge pages, where the kernel can (Linux 6.1 and later); how many bytes.

    `maps` is what /proc/self/maps says.
    """
    gathered = 0
    for start, end in _own(maps):
        first, last = -(-start // HUGE) * HUGE, end // HUGE * HUGE
        if first < last:
            try:
                syscalls.collapse(first, last - first)
            except OSError:
                continue
            gathered += last - first
    return gathered


def _own(maps: str) -> list[tuple[int, int]]:
    """Start and end of every stretch of memory that can be written and is no file's."""
    found = []
    for line in maps.splitlines():
        stretch, rights, _, _, _, *name = line.split(None, 5)
        if rights.startswith("rw") and name in ([], ["[heap]"]):
            start, end = stretch.split("-")
            found.append((int(start, 16), int(end, 16)))
    return found

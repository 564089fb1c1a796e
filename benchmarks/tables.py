"""The figures of a run as tables: what each way costs, and how it stands to the targets."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from autograder.terminal import tables
from autograder.terminal.console import console

MB = 1e6


@dataclass(frozen=True)
class Figure:
    """One measurement. `more` holds what only this one tells, by name."""

    part: str
    what: str
    count: int
    seconds: float
    cpu: float
    peak: int
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def each(self) -> float:
        """Seconds a submission after imports and start, where they are known; else of all."""
        return self.more.get("seconds_after_imports", self.seconds) / max(1, self.count)

    @property
    def cpu_each(self) -> float:
        """CPU seconds a submission: of the loop alone for the floor, of everything for all else."""
        return self.more.get("loop_cpu", self.cpu) / max(1, self.count)


def show_machine(out: Console) -> None:
    """What the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = len(os.sched_getaffinity(0))
    out.print(
        f"{cores} cores ({model}), {memory:.0f} GB, Linux {platform.release()}, Python {platform.python_version()}"
    )


def show_all(figures: Sequence[Figure], seconds: float) -> None:
    """Print everything."""
    out = console()
    show_machine(out)
    heads = ["part", "what", "submissions", "seconds", "ms each", "CPU ms each", "peak MB"]
    rows = [
        [
            one.part,
            one.what,
            str(one.count),
            f"{one.seconds:.1f}",
            f"{one.each * 1000:.1f}",
            f"{one.cpu_each * 1000:.1f}",
            f"{one.peak / MB:.0f}",
        ]
        for one in figures
    ]
    out.print(tables.table("What was measured", heads, rows, numbers=heads[2:]))
    rows = [list(row) for row in targets(figures)]
    out.print(tables.table("Targets", ["what", "measured", "target", ""], rows, numbers=["measured", "target"]))
    out.print(f"In all {seconds:.0f} s.")


def targets(figures: Sequence[Figure]) -> Iterator[tuple[str, str, str, str]]:
    """What is measured against a target: what, measured, target, and whether it is met."""

    def find(part: str, start: str = "") -> list[Figure]:
        return [one for one in figures if one.part == part and one.what.startswith(start)]

    def row(
        what: str, value: float, target: float, *, least: bool = False, unit: str = ""
    ) -> tuple[str, str, str, str]:
        met = value >= target if least else value <= target
        sign = "≥" if least else "≤"
        return what, f"{value:.2f}{unit}", f"{sign} {target:g}{unit}", "met" if met else "MISSED"

    floor, ours = find("peers", "floor"), find("peers", "ours")
    plain, seam, start = find("peers", "stock"), find("peers", "nbgrader with"), find("peers", "nbgrader's start")
    bare = sum(one.cpu_each for one in floor) / max(1, len(floor))
    if floor and ours:
        yield row("CPU of a submission, in floors", ours[0].cpu_each / bare, 2)
    if plain and start and ours and seam:
        stock_each = (plain[0].seconds - start[0].seconds) / plain[0].count
        seam_each = (seam[0].seconds - start[0].seconds) / seam[0].count
        for one in (ours[0], *sorted(find("sizes"), key=lambda one: one.count)[-1:]):
            what = f"stock nbgrader's time in ours, {one.count} submissions (its starts left out, ours counted)"
            yield row(what, stock_each * one.count / one.seconds, 100, least=True)
        yield row(
            "stock nbgrader's time with our seam, in its own (starts left out)", stock_each / seam_each, 6, least=True
        )
    sizes = sorted(find("sizes"), key=lambda one: one.count)
    if len(sizes) > 1:
        first, last = sizes[0], sizes[-1]
        yield row(f"time of a submission at {last.count}, in that at {first.count}", last.each / first.each, 1.1)
        if floor:
            rest = (last.cpu - first.cpu) / (last.count - first.count)
            yield row("CPU of one more submission, in floors", rest / bare, 2)
        yield row(f"peak memory at {last.count}", last.peak / MB / 1000, 1.2, unit=" GB")
    one, two = find("dask", "1 "), find("dask", "2 ")
    if one and two:
        what = "one more submission with one Dask worker, in that with two"
        yield row(what, _one_more(one) / _one_more(two), 1.8, least=True)
    again = find("again")
    if again:
        seconds = again[0].more["seconds_after_imports"]
        yield row(f"second run of {again[0].count}, after imports", seconds, 2, unit=" s")
    loops = find("loops")
    if len(loops) == 2:
        jobs = 2
        allowed = loops[1].more["seconds_after_imports"] + loops[0].more["seconds_of_loops"] / jobs
        yield row(
            "5% loops: time in the rest's plus the loops' shared out",
            loops[0].more["seconds_after_imports"] / allowed,
            1.05,
        )


def _one_more(figures: Sequence[Figure]) -> float:
    """Seconds that one more submission takes: the difference of a small class and a large one."""
    small, large = sorted(figures, key=lambda figure: figure.count)
    return (large.seconds - small.seconds) / (large.count - small.count)

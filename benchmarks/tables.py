"""Print the figures of a run as tables: what each way costs, and which targets are met."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from autograder.terminal import tables
from autograder.terminal.console import console
from benchmarks.figures import MB, Figure
from benchmarks.targets import targets


def show_machine(out: Console) -> None:
    """Print what machine the figures were measured on."""
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
    """Print the machine, all figures, and the targets."""
    out = console()
    show_machine(out)
    heads = ["part", "what", "submissions", "seconds", "ms each", "CPU ms each", "peak MB"]
    rows = [
        [
            figure.part,
            figure.what,
            str(figure.count),
            f"{figure.seconds:.1f}",
            f"{figure.seconds_each * 1000:.1f}",
            f"{figure.cpu_each * 1000:.1f}",
            f"{figure.peak / MB:.0f}",
        ]
        for figure in figures
    ]
    out.print(tables.table("What was measured", heads, rows, numbers=heads[2:]))
    rows = [list(target) for target in targets(figures)]
    out.print(tables.table("Targets", ["what", "measured", "target", ""], rows, numbers=["measured", "target"]))
    out.print(f"Total time: {seconds:.0f} s.")

"""`make bench`: grade a made-up class in every way, in one run, and print what each way costs."""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder import course
from autograder.course import Course
from autograder.demo import scratch
from benchmarks import measured, pipeline, school, start, stock, tables
from benchmarks import workers as dask_workers
from benchmarks.figures import Figure
from benchmarks.measured import Measured

KIT = Path(__file__).resolve().parents[1]
# The seven core steps, without those that build on them.
SEVEN = "conv2d,flatten,full,kernel_matrix,transposed,dilation_groups,pooling"
PARTS = ("peers", "jobs", "sizes", "dask", "shares", "again", "pages", "start")
# Each of two such workers has processor time of its own even where there are two processors.
SHARE = 0.5


@dataclass
class Bench:
    """One run: the released course that every class starts from, and the figures so far."""

    folder: Path
    released: Course
    steps: list[str]
    mix: dict[str, int]
    figures: list[Figure] = field(default_factory=list)

    @contextmanager
    def school(self, submissions: int, mix: dict[str, int] | None = None) -> Iterator[Course]:
        """Yield a course with this many submissions, and remove it afterwards."""
        made = school.copy_of(self.released, Path(tempfile.mkdtemp(dir=self.folder)) / "course")
        school.hand_in(made, self.steps, submissions, mix or self.mix)
        yield made
        shutil.rmtree(made.root.parent)

    def grade(self, graded: Course, *options: str) -> tuple[Measured, dict[str, Any]]:
        """Run `autograder grade`. Return what it used, and the summary that it prints last."""
        command = [sys.executable, "-m", "autograder", "grade", "--json", *options]
        done = measured.run(command, cwd=graded.root, environment={"PYTHONPATH": str(KIT)})
        return done, json.loads(done.output.splitlines()[-1])

    def note(self, part: str, what: str, count: int, done: Measured, **more: float) -> Figure:
        """Keep a figure and print it at once, because a run can take long."""
        figure = Figure(part, what, count, done.seconds, done.cpu, done.peak, more)
        self.figures.append(figure)
        print(f"{part}: {what}: {count} submissions, {done.seconds:.1f} s, CPU {done.cpu:.1f} s", file=sys.stderr)
        return figure


def main(
    size: Annotated[int, typer.Option(min=7, help="Number of submissions on which the ways are compared")] = 700,
    sizes: Annotated[str, typer.Option(help="Class sizes, in submissions")] = "100,1000,10000",
    jobs: Annotated[str, typer.Option(help="Numbers of jobs")] = "1,2",
    workers: Annotated[str, typer.Option(help="Numbers of Dask workers")] = "1,2",
    stock_students: Annotated[
        int, typer.Option(min=1, help="Students graded by stock nbgrader (5 s per notebook)")
    ] = 10,
    again: Annotated[int, typer.Option(min=1, help="Size of the class that is graded a second time")] = 1000,
    ways: Annotated[str, typer.Option(help="Sizes of the mixed classes that go the whole way")] = "1000,10000",
    steps: Annotated[str, typer.Option(help="Assignments, or: all")] = SEVEN,
    mix: Annotated[str, typer.Option(help="Kinds of answers and their shares")] = "right=100",
    looping: Annotated[int, typer.Option(help="Size of the class with 5% endless loops; 0: none")] = 200,
    parts: Annotated[str, typer.Option(help=f"What to measure: {', '.join(PARTS)}")] = ",".join(PARTS),
    into: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the figures there as JSON")] = None,
) -> None:
    """Measure everything that was asked for, and print tables."""
    shares = {kind: int(share) for kind, share in (each.split("=") for each in mix.split(","))}
    if unknown := set(shares) - set(school.KINDS):
        raise typer.BadParameter(f"unknown kinds of answers: {', '.join(unknown)}")
    wanted = parts.split(",")
    kit = course.load(KIT)
    selected = [assignment.id for assignment in kit.assignments] if steps == "all" else steps.split(",")
    started = time.monotonic()
    with new_bench(kit, selected, shares) as bench:
        if "peers" in wanted:
            measure_peers(bench, size, numbers(jobs)[-1], stock_students)
        if "jobs" in wanted:
            measure_jobs(bench, size, numbers(jobs), looping)
        if "sizes" in wanted:
            measure_sizes(bench, numbers(sizes), numbers(jobs)[-1])
        if "dask" in wanted:
            measure_dask(bench, size, numbers(workers))
        if "shares" in wanted:
            measure_shares(bench, size // 5, numbers(workers))
        if "again" in wanted:
            measure_again(bench, again, numbers(jobs)[-1])
        if "pages" in wanted:
            pipeline.measure(bench, numbers(ways), numbers(jobs)[-1], stock_students)
        if "start" in wanted:
            start.measure(bench)
    if into:
        into.write_text(json.dumps([vars(figure) for figure in bench.figures], indent=1) + "\n")
    tables.show_all(bench.figures, time.monotonic() - started)


@contextmanager
def new_bench(kit: Course, steps: Sequence[str], mix: dict[str, int]) -> Iterator[Bench]:
    """Yield a bench in a temporary folder with a home of its own."""
    folder = Path(tempfile.mkdtemp(prefix="autograder-bench-"))
    # Clean up even if this process is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        space = scratch.Scratch(folder / "scratch")
        space.root.mkdir()
        space.home.mkdir()
        with scratch.at_home(space):
            released = school.make_course(kit, folder / "released")
            yield Bench(folder, released, [kit.assignment(name).id for name in steps], mix)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_peers(bench: Bench, size: int, jobs: int, students: int) -> None:
    """Measure ours, the floor, stock nbgrader, and stock nbgrader with our seam."""
    names = bench.steps
    with bench.school(size) as graded:
        measure_floor(bench, graded, size)
        done, summary = bench.grade(graded, "--jobs", str(jobs))
        bench.note("peers", f"ours, {jobs} jobs", size, done, seconds_after_imports=summary["seconds"])
        measure_floor(bench, graded, size)
        plain = stock.make(bench.released, names, bench.folder / "stock")
        for name in names:
            measured.run(nbgrader("generate_assignment", name, "--create"), cwd=plain)
        count = stock.hand_in(graded, plain, students)
        start = measured.run(nbgrader("autograde", "--help"), cwd=plain)
        bench.note("peers", "nbgrader's start-up, once per assignment", 0, measured.total([start] * len(names)))
        done = measured.total([measured.run(nbgrader("autograde", name), cwd=plain) for name in names])
        bench.note("peers", "stock nbgrader", count, done)
        for late in sorted((graded.root / "submitted").iterdir())[students:]:
            shutil.rmtree(late)
        shutil.rmtree(graded.root / "autograded")
        done = measured.total([measured.run(nbgrader("autograde", name, "--force"), cwd=graded.root) for name in names])
        bench.note("peers", "nbgrader with our seam", count, done)


def measure_floor(bench: Bench, graded: Course, size: int) -> None:
    """Measure the bare loop. It runs before and after ours, because a machine's speed varies."""
    done = measured.run(
        [sys.executable, "-m", "benchmarks.floor", graded.root],
        cwd=KIT,
        environment={"OMP_NUM_THREADS": "1", "PYTHONPATH": str(KIT)},
    )
    summary = json.loads(done.output.splitlines()[-1])
    bench.note("peers", "floor: a bare loop", size, done, loop_cpu=summary["cpu"], calls=summary["calls"])


def measure_jobs(bench: Bench, size: int, jobs: Sequence[int], looping: int) -> None:
    """Measure ours with more and fewer jobs, and with a class in which 5% loop for ever."""
    for number in jobs:
        with bench.school(size) as graded:
            done, summary = bench.grade(graded, "--jobs", str(number))
            bench.note("jobs", f"{number} jobs", size, done, seconds_after_imports=summary["seconds"])
    for mix in ({"right": 95, "looping": 5}, {"right": 100}) if looping else ():
        with bench.school(looping, mix) as graded:
            done, summary = bench.grade(graded, "--jobs", str(jobs[-1]))
            what = "5% of them loop for ever" if len(mix) > 1 else "the same without loops"
            loops = _seconds_of(bench, graded, "looping", mix) if len(mix) > 1 else 0.0
            bench.note("loops", what, looping, done, seconds_of_loops=loops, seconds_after_imports=summary["seconds"])


def _seconds_of(bench: Bench, graded: Course, kind: str, mix: dict[str, int]) -> float:
    """Return the sum of the seconds that the submissions of one kind took."""
    paths = [path for path in sorted((graded.root / "results").glob("*/*.json"))]
    names = bench.steps
    kinds = school.mixed(len(paths), mix)
    looping = {
        (f"student{number // len(names):05}", names[number % len(names)])
        for number, own_kind in enumerate(kinds)
        if own_kind == kind
    }
    return sum(
        float(json.loads(path.read_text())["report"]["seconds"])
        for path in paths
        if (path.stem, path.parent.name) in looping
    )


def measure_sizes(bench: Bench, sizes: Sequence[int], jobs: int) -> None:
    """Measure what a submission costs by the size of the class."""
    for size in sizes:
        with bench.school(size) as graded:
            done, summary = bench.grade(graded, "--jobs", str(jobs))
            bench.note("sizes", f"{size} submissions", size, done, seconds_after_imports=summary["seconds"])


def measure_dask(bench: Bench, size: int, workers: Sequence[int]) -> None:
    """Measure Dask workers on this machine with two classes each. The difference excludes their start-up."""
    for number in workers:
        for count in (size, 3 * size):
            with bench.school(count) as graded:
                done, summary = bench.grade(graded, "--scheduler", "local", "--jobs", str(number))
                bench.note("dask", f"{number} workers", count, done, seconds_after_imports=summary["seconds"])


def measure_shares(bench: Bench, size: int, workers: Sequence[int]) -> None:
    """Measure Dask workers with half a processor each, with two classes. Collecting the grades has one for itself."""
    if not dask_workers.is_possible():
        print("shares: left out, since this user may not make control groups", file=sys.stderr)
        return
    for number in workers:
        for count in (size, 3 * size):
            with bench.school(count) as graded, dask_workers.cluster(number, SHARE) as address:
                done, summary = bench.grade(graded, "--scheduler", address)
                bench.note("shares", f"{number} workers", count, done, seconds_after_imports=summary["seconds"])


def measure_again(bench: Bench, size: int, jobs: int) -> None:
    """Measure a second run with nothing changed."""
    with bench.school(size) as graded:
        bench.grade(graded, "--jobs", str(jobs))
        done, summary = bench.grade(graded, "--jobs", str(jobs))
        bench.note("again", "nothing changed", size, done, seconds_after_imports=summary["seconds"])


def nbgrader(*arguments: str) -> list[str]:
    """Return the command line of nbgrader."""
    return [sys.executable, "-m", "nbgrader", *arguments]


def numbers(text: str) -> list[int]:
    """Return whole numbers, separated by commas."""
    return [int(each) for each in text.split(",")]


if __name__ == "__main__":
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(main)
    application()

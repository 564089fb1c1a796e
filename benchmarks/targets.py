"""Compare the figures of a run with their targets."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.figures import MB, Figure
from benchmarks.pipeline import AGAIN, GRADE, PAGES

JOBS = 2
# Seconds from hand-in to page, by the size of the class.
WAYS = {1_000: 90, 10_000: 720}


class Target(NamedTuple):
    """A measured value and its target, as text; `met` is "met" or "MISSED"."""

    what: str
    measured: str
    target: str
    met: str


def targets(figures: Sequence[Figure]) -> Iterator[Target]:
    """Yield every target for which there are figures."""
    yield from _of_peers(figures)
    yield from _of_sizes(figures)
    yield from _of_dask(figures)
    yield from _of_again(figures)
    yield from _of_loops(figures)
    yield from _of_pages(figures)
    yield from _of_start(figures)


def _at_most(what: str, value: float, target: float, unit: str = "") -> Target:
    return Target(what, f"{value:.2f}{unit}", f"≤ {target:g}{unit}", "met" if value <= target else "MISSED")


def _at_least(what: str, value: float, target: float) -> Target:
    return Target(what, f"{value:.2f}", f"≥ {target:g}", "met" if value >= target else "MISSED")


def _find(figures: Sequence[Figure], part: str, start: str = "") -> list[Figure]:
    """Return the figures of a part, the smallest class first."""
    found = [figure for figure in figures if figure.part == part and figure.what.startswith(start)]
    return sorted(found, key=lambda figure: figure.count)


def _floor(figures: Sequence[Figure]) -> float:
    """Return the CPU seconds of the bare loop per submission, or 0 if it was not measured."""
    floors = _find(figures, "peers", "floor")
    return sum(figure.cpu_each for figure in floors) / max(1, len(floors))


def _of_peers(figures: Sequence[Figure]) -> Iterator[Target]:
    ours, start = _find(figures, "peers", "ours"), _find(figures, "peers", "nbgrader's start")
    stock, seam = _find(figures, "peers", "stock"), _find(figures, "peers", "nbgrader with")
    if ours and (floor := _floor(figures)):
        yield _at_most("CPU per submission, in floors", ours[0].cpu_each / floor, 2)
    if stock and start and ours and seam:
        stock_each = (stock[0].seconds - start[0].seconds) / stock[0].count
        seam_each = (seam[0].seconds - start[0].seconds) / seam[0].count
        for figure in (ours[0], *_find(figures, "sizes")[-1:]):
            what = f"stock nbgrader vs ours, {figure.count:,} submissions (without its start-up, with ours)"
            yield _at_least(what, stock_each * figure.count / figure.seconds, 100)
        what = "stock nbgrader vs nbgrader with our seam (without start-up)"
        yield _at_least(what, stock_each / seam_each, 6)


def _of_sizes(figures: Sequence[Figure]) -> Iterator[Target]:
    sizes = _find(figures, "sizes")
    if len(sizes) < 2:
        return
    first, last = sizes[0], sizes[-1]
    what = f"time per submission, {last.count:,} vs {first.count:,}"
    yield _at_most(what, last.seconds_each / first.seconds_each, 1.1)
    if floor := _floor(figures):
        one_more = (last.cpu - first.cpu) / (last.count - first.count)
        yield _at_most("CPU of one more submission, in floors", one_more / floor, 3)
    yield _at_most(f"peak memory at {last.count:,}", last.peak / MB / 1000, 1.2, " GB")


def _of_dask(figures: Sequence[Figure]) -> Iterator[Target]:
    for part, which in (("dask", "Dask worker"), ("shares", "Dask worker with half a processor")):
        one_worker, two_workers = _find(figures, part, "1 "), _find(figures, part, "2 ")
        if one_worker and two_workers:
            what = f"one more submission, one {which} vs two"
            yield _at_least(what, _one_more(one_worker) / _one_more(two_workers), 1.8)


def _one_more(figures: Sequence[Figure]) -> float:
    """Return the seconds that one more submission takes: the slope between a small class and a large one."""
    small, large = figures
    return (large.seconds - small.seconds) / (large.count - small.count)


def _of_again(figures: Sequence[Figure]) -> Iterator[Target]:
    for figure in _find(figures, "again"):
        what = f"second run of {figure.count:,}, after imports"
        yield _at_most(what, figure.more["seconds_after_imports"], 2, " s")


def _of_loops(figures: Sequence[Figure]) -> Iterator[Target]:
    loops = [figure for figure in figures if figure.part == "loops"]
    if len(loops) == 2:
        with_loops, without = loops
        allowed = without.more["seconds_after_imports"] + with_loops.more["seconds_of_loops"] / JOBS
        what = "5% endless loops: time vs the rest plus the loops' own time"
        yield _at_most(what, with_loops.more["seconds_after_imports"] / allowed, 1.05)


def _of_pages(figures: Sequence[Figure]) -> Iterator[Target]:
    ways, pages, again = (_find(figures, "pages", what) for what in (GRADE, PAGES, AGAIN))
    stock = _find(figures, "pages", "stock")
    for way, page, unchanged in zip(ways, pages, again, strict=True):
        # With every start, which is most of it in a small class.
        yield _at_most(f"CPU of a feedback page, {way.count:,}", page.cpu_each * 1000, 25, " ms")
        # From hand-in to page, with every start.
        seconds, limit = way.seconds, WAYS.get(way.count, 0.09 * way.count)
        yield _at_most(f"{way.count:,} mixed submissions, hand-in to page", seconds, limit, " s")
        yield _at_most(f"peak memory of that, {way.count:,}", way.peak / MB / 1000, 1.2, " GB")
        yield _at_most(f"feedback again, nothing changed, {way.count:,}", unchanged.seconds, 0.003 * way.count, " s")
        others = [
            f for f in _find(figures, "pages") if f.count == way.count and f not in (*stock, way, page, unchanged)
        ]
        slowest = max(others, key=lambda figure: figure.seconds)
        yield _at_most(f"slowest other step ({slowest.what}), in grading", slowest.seconds / seconds, 1)
    if len(ways) > 1:
        more = ways[-1].count - ways[0].count
        yield _at_most("one more mixed submission, hand-in to page", (ways[-1].seconds - ways[0].seconds) / more, 0.072)
    if stock and ways:
        theirs = sum(figure.seconds_each for figure in stock)
        yield _at_least("stock nbgrader vs ours, hand-in to page", theirs / (ways[0].seconds / ways[0].count), 50)


def _of_start(figures: Sequence[Figure]) -> Iterator[Target]:
    for start, target in (("a cold check", 1.3), ("grade of", 1.5)):
        for figure in _find(figures, "start", start):
            yield _at_most(f"{figure.what}, in imports of PyTorch", figure.more["imports"], target)

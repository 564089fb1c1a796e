"""Render pages in several processes. One that is lost costs the page that it was at."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from autograder.errors import Problem
from autograder.feedback import render
from autograder.feedback.wanted import WantedPage

# So few pages take less time than to start a process.
FEW = 40
# Pages that wait for each process, so that none is idle and few are held in memory.
AHEAD = 4

Rendered = tuple[WantedPage, str | Problem]


def rendered(root: Path, pages: Sequence[WantedPage], jobs: int, stop: Callable[[], bool]) -> Iterator[Rendered]:
    """Yield each page with its HTML, or with why it has none. `stop` is asked before each page."""
    if jobs == 1 or len(pages) < FEW:
        for page in pages:
            if stop():
                return
            yield page, render.html_of(root, page)
        return
    done = set()
    try:
        for page, html in _in_pool(root, pages, jobs, stop):
            done.add(page.target)
            yield page, html
    except BrokenProcessPool:
        # Any page may have been the one. Each gets a process of its own now.
        for page in (page for page in pages if page.target not in done):
            if stop():
                return
            yield _alone(root, page)


def _in_pool(root: Path, pages: Sequence[WantedPage], jobs: int, stop: Callable[[], bool]) -> Iterator[Rendered]:
    with _pool(jobs) as pool:
        waiting: deque[tuple[WantedPage, Future[str | Problem]]] = deque()
        for page in pages:
            if stop():
                break
            waiting.append((page, pool.submit(render.html_of, root, page)))
            if len(waiting) >= AHEAD * jobs:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _alone(root: Path, page: WantedPage) -> Rendered:
    try:
        with _pool(1) as pool:
            return page, pool.submit(render.html_of, root, page).result()
    except BrokenProcessPool:
        what = "ended the process that made its page"
        return page, Problem(page.source, what, "Look at this notebook by hand.")


def _pool(jobs: int) -> ProcessPoolExecutor:
    context = get_context("forkserver")
    # nbconvert is imported once, and not once for each process.
    context.set_forkserver_preload([render.__name__])
    return ProcessPoolExecutor(jobs, mp_context=context)

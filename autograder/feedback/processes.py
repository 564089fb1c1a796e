"""Render pages in several processes, forks of this one where that is safe. One that is lost costs the page in hand."""

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback import render
from autograder.feedback.wanted import WantedPage

# So few pages take less time than to start processes.
FEW = 40
# Pages that wait for each process, so that none is idle and few are held in memory.
AHEAD = 4

Rendered = tuple[WantedPage, str | Problem]


def rendered(course: Course, pages: Sequence[WantedPage], jobs: int, stop: Callable[[], bool]) -> Iterator[Rendered]:
    """Yield each page with its HTML, or with why it has none. `stop` is asked before each page."""
    if jobs == 1 or len(pages) < FEW:
        for page in pages:
            if stop():
                return
            yield page, render.html_of(course.root, page)
        return
    render.keep_alike(course, {page.assignment for page in pages})
    left = deque(pages)
    while left and not stop():
        yield from _in_pool(course, left, jobs, stop)


def _in_pool(course: Course, left: deque[WantedPage], jobs: int, stop: Callable[[], bool]) -> Iterator[Rendered]:
    """Take pages from `left` and yield them rendered, until none is left or a process is lost.

    Then any of those in hand may have been the one: each of them gets a process of its own, and the others wait for the
    next pool.
    """
    waiting: deque[tuple[WantedPage, Future[str | Problem]]] = deque()
    try:
        with _pool(jobs) as pool:
            while waiting or (left and not stop()):
                while left and len(waiting) < AHEAD * jobs and not stop():
                    waiting.append((left[0], pool.submit(render.html_of, course.root, left[0])))
                    left.popleft()
                page, future = waiting[0]
                html = future.result()
                waiting.popleft()
                yield page, html
    except BrokenProcessPool:
        for page, _ in waiting:
            yield _alone(course, page)


def _alone(course: Course, page: WantedPage) -> Rendered:
    try:
        with _pool(1) as pool:
            return page, pool.submit(render.html_of, course.root, page).result()
    except BrokenProcessPool:
        what = "ended the process that made its page"
        return page, Problem(page.source, what, "Look at this notebook by hand.")


def _pool(jobs: int) -> ProcessPoolExecutor:
    # A fork has imported nbconvert already, and has the cells that are kept. It inherits open files, too, but uses none
    # of them, and runs no code of learners. A fork of a process with other threads may wait for ever for a lock that
    # one of them held; and on macOS, system libraries do not bear a fork.
    method = "fork" if threading.active_count() == 1 and sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(jobs, mp_context=get_context(method), initializer=_begin)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it, also where it is killed: the pool's own processes would wait on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is inherited stays shared with the parent: nobody looks through it for garbage.
    gc.freeze()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)

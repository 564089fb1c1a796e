"""Fixtures for many tests: the command line in this process, a warm sandbox, a course for one test."""

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
import torch

from autograder import course
from autograder.course import Course
from autograder.judge import judge
from autograder.notebooks.read import Cell, Submission
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox
from tests import courses
from tests.fast import FastTestsStartNothing
from tests.kept_server import KeptForkServer

ROOT = Path(__file__).resolve().parents[1]


# The slowest files. They start first, so that no process is left with one of them at the end.
LONGEST = (
    "answers_proof",
    "attacks",
    "bad_input",
    "budget",
    "dask_backend",
    "demo",
    "engine",
    "fork_server",
    "installed",
    "killed",
    "layers",
    "lessons",
    "new_step",
    "mutants",
    "notebooks_proof",
    "static_calls",
    "strangers",
    "suites",
    "three_ways",
    "watchdog",
    "wrong_helper",
)


def pytest_configure(config: pytest.Config) -> None:
    """Hold the tests of `make fast` to its name, and leave a core to each process that tests."""
    torch.set_num_threads(1)
    config.pluginmanager.register(FastTestsStartNothing())
    config.pluginmanager.register(KeptForkServer())


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return twice as many processes as there are cores: many tests wait. Those of `make fast` do not."""
    cores = len(os.sched_getaffinity(0))
    return cores if "not slow" in config.option.markexpr else 2 * cores


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    names = [f"test_{name}" for name in LONGEST]
    items.sort(key=lambda item: item.path.stem not in names)


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Return a function that runs `autograder ARGUMENTS…` in this process, in the kit's root."""
    from autograder.cli.app import main

    monkeypatch.chdir(ROOT)

    def run(*arguments: str | Path) -> Done:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        argv = ["autograder", *map(str, arguments)]
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch.object(sys, "argv", argv),
            mock.patch.dict(os.environ),  # later tests must not see what the command sets for its children
        ):
            try:
                main()
                code = 0
            except SystemExit as ended:
                code = ended.code or 0
        return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    return run


@pytest.fixture(scope="session")
def the_course() -> Course:
    return course.load(ROOT)


@pytest.fixture(scope="session")
def sandbox(the_course: Course) -> Iterator[Sandbox]:
    with Sandbox(the_course.limits) as started:
        yield started


@pytest.fixture(scope="session")
def graded(the_course: Course, sandbox: Sandbox) -> Callable[..., Report]:
    """Return a function that grades code, one string per cell, as a submission for an assignment."""

    def grade(*cells: str, assignment: str = "conv2d") -> Report:
        labelled = tuple(Cell(f"cell {number}", source) for number, source in enumerate(cells, 1))
        return judge.grade(the_course, [Submission(assignment, "test.ipynb", labelled)], sandbox)[0]

    return grade


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A small released course with a gradebook. Tests must not change it: see `a_course`."""
    return courses.make(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture
def a_course(released: Course, tmp_path: Path) -> Course:
    """A copy of the small course for one test."""
    return course.load(shutil.copytree(released.root, tmp_path / "course"))

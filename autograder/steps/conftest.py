"""Lets an instructor debug one suite: pytest autograder/steps/conv2d --submission some.ipynb"""

from pathlib import Path

import pytest

from autograder import course
from autograder.judge.pytest_plugin import JudgePlugin, Run
from autograder.notebooks.master import prelude
from autograder.notebooks.read import read
from autograder.sandbox.host import Sandbox


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "a notebook or .py file to grade with the suites named on the command line; may be given more than once"
    parser.addoption("--submission", action="append", default=[], metavar="NOTEBOOK", type=Path, help=help_text)


def pytest_configure(config: pytest.Config) -> None:
    paths = config.getoption("--submission")
    suites = [Path(argument.partition("::")[0]) for argument in config.args]
    if not paths:
        raise pytest.UsageError("nothing to grade: add --submission NOTEBOOK")
    the_course = course.load(course.find_root(Path(__file__).parent))
    names = [suite.stem.removeprefix("test_") for suite in suites if suite.stem.startswith("test_")]
    names = names or [assignment.id for assignment in the_course.assignments]
    sandbox = config.stash[SANDBOX] = Sandbox.for_course(the_course).__enter__()
    runs = [Run(read(path, name), prelude(the_course, name)) for path in paths for name in names]
    config.pluginmanager.register(JudgePlugin(runs, sandbox, the_course.key))


def pytest_unconfigure(config: pytest.Config) -> None:
    sandbox = config.stash.get(SANDBOX, None)
    if sandbox is not None:
        sandbox.__exit__()


SANDBOX: pytest.StashKey[Sandbox] = pytest.StashKey()

"""Run suites over submissions: the `learner` fixture, skipping by `after`, and the verdict on each check."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from autograder.explain.edits.search import Search
from autograder.explain.explain import Explanation, explain
from autograder.key import Key
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.report.report import Outcome
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.stages import stage
from autograder.suite.check import Check, Learner
from autograder.suite.load import load_suite

logger = logging.getLogger(__name__)


@dataclass
class Verdict:
    """The outcome of one check on one submission, with a message and, where it failed, the wrong answer."""

    outcome: Outcome
    message: str = ""
    wrong: Wrong | None = None


@dataclass(eq=False)
class Run:
    """A submission while it is graded, with its verdicts so far.

    Runs compare by identity, because pytest groups checks by equal parameter values.
    """

    submission: Submission
    prelude: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    helped: dict[str, str] = field(default_factory=dict)
    explanations: dict[str, Explanation] = field(default_factory=dict)
    seconds: float = 0.0


class FailedCheck(pytest.fail.Exception):  # type: ignore[name-defined, misc]  # pytest has no other public name for it
    """A wrong answer as pytest reports it: in words, without a traceback, which would take most of the time."""

    def __init__(self, title: str, wrong: Wrong) -> None:
        super().__init__(f"{title}: {wrong.message}", pytrace=False)
        self.wrong = wrong


class JudgePlugin:
    """Grade `runs` with the suites that pytest collects, and write the verdicts into the runs."""

    def __init__(self, runs: list[Run], sandbox: Sandbox, key: Key, on_check: Callable[[], None]) -> None:
        self.runs = runs
        self.sandbox = sandbox
        self.key = key
        self.on_check = on_check

    def pytest_runtest_logstart(self) -> None:
        self.on_check()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "learner" in metafunc.fixturenames:
            assignment = metafunc.module.__name__.rpartition(".test_")[2]
            runs = [run for run in self.runs if run.submission.assignment == assignment]
            names = [f"{index}-{run.submission.name}" for index, run in enumerate(runs)]
            metafunc.parametrize("learner", runs, indirect=True, scope="module", ids=names)

    @pytest.fixture(scope="module")
    def learner(self, request: pytest.FixtureRequest) -> Iterator[Learner]:
        run: Run = request.param
        started = time.monotonic()
        suite = load_suite(run.submission.assignment)
        with Session(self.sandbox, run.submission, run.prelude, suite.forbids, suite.functions) as session:
            learner = Learner(session, self.key, run.failed, run.helped, digest=run.submission.digest)
            yield learner
            failures = {name: verdict.wrong for name, verdict in run.verdicts.items() if verdict.wrong}
            with stage("explain failures"):
                run.explanations = explain(
                    suite, learner, failures, self.sandbox.limits.explain_calls, self._search(run)
                )
            run.notes.extend(session.notes)
        run.seconds = time.monotonic() - started

    def _search(self, run: Run) -> Search:
        """Return what looks for a slip in a submission: candidates run in workers of their own, with lower limits."""
        limits, forbids = self.sandbox.limits, load_suite(run.submission.assignment).forbids
        lower = limits.for_candidates()

        def opened(submission: Submission) -> Session:
            return Session(self.sandbox, submission, run.prelude, forbids, limits=lower)

        return Search(opened, limits.edit_calls)

    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        check: Check = item.obj.check
        verdicts = _run_of(item).verdicts
        for need in check.after:
            verdict = verdicts.get(need)
            if verdict is not None and verdict.outcome is Outcome.ERROR:
                pytest.fail(f"no verdict on {need}, which this check builds on")
            if verdict is not None and verdict.outcome is not Outcome.PASSED:
                pytest.skip(messages.SKIPPED.format(title=_title_of(item, need)))

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        try:
            return (yield)
        except Wrong as wrong:
            raise FailedCheck(pyfuncitem.obj.check.title, wrong) from None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo[None]) -> Any:
        report = yield
        run = _run_of(item)
        verdicts = run.verdicts
        name = item.obj.check.id
        problem = call.excinfo.value if call.excinfo else None
        if problem is None:
            if call.when == "call":
                verdicts[name] = Verdict(Outcome.PASSED)
        elif isinstance(problem, pytest.skip.Exception):
            verdicts[name] = Verdict(Outcome.SKIPPED, str(problem.msg))
        elif isinstance(problem, FailedCheck):
            verdicts[name] = Verdict(Outcome.FAILED, problem.wrong.message, problem.wrong)
            run.failed.add(name)
        else:
            verdicts[name] = Verdict(Outcome.ERROR, messages.GRADER_ERROR)
            logger.error("%s: no verdict: %s", item.nodeid, report.longreprtext)
        return report


def _run_of(item: pytest.Function) -> Run:
    run = item.callspec.params["learner"]
    assert isinstance(run, Run)
    return run


def _title_of(item: pytest.Function, need: str) -> str:
    check: Check = getattr(item.module, f"test_{need}").check
    return check.title

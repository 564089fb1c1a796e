"""Grade wrong answers that the bank does not hold, and test whether what their reports tell is the truth.

    python -m tests.diagnose --changed 96 --every 6

The answers are strangers, written by people, and right answers changed by the operators of mutation tools. For each
there is the truth: the cause, and the line. oracle.py decides by calls that no report has seen whether a name or a
condition is true, and edited.py whether a line is. The exit status is 1 if one is not. With --all, all strangers and
400 changed answers are graded. What is told counts once, in this order: a name, a line, a condition, and a message
that tells the cause by itself (messages.py).
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder import course
from autograder.explain.edits.candidates import Candidate
from autograder.judge import judge, pytest_plugin
from autograder.report.report import Outcome, Report, Slip
from autograder.sandbox.host import Sandbox
from tests.diagnose import edited, oracle, places
from tests.diagnose.answers import STEPS, Answer, all_strangers, changed
from tests.diagnose.messages import tells_the_cause

ROOT = Path(__file__).resolve().parents[2]
BATCH = 20
ALL_CHANGED = 400
NAMED, LINE, CONDITION, MESSAGE = "named rightly", "line right", "condition right", "message right"
SILENT, WRONG = "silent", "wrong"
COLUMNS = (NAMED, LINE, CONDITION, MESSAGE, SILENT, WRONG)


@dataclass
class Result:
    """What was told of one wrong answer: `told` is one of COLUMNS, `false` is what is not true of `words`."""

    name: str
    step: str
    kind: str
    cause: str
    line: int
    told: str
    words: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    seconds: float = 0.0


def examine(kit: course.Course, answers: Sequence[Answer], sandbox: Sandbox) -> Iterator[Result]:
    """Yield what the reports on these answers tell, of those that lose points."""
    with _timed() as seconds, edited.watched() as edits:
        reports = judge.grade(kit, [answer.submission for answer in answers], sandbox)
    for answer, report in zip(answers, reports, strict=True):
        if report.score < report.max_score:
            name = answer.submission.name
            yield _result(kit, answer, report, sandbox, edits.get(name, {}), seconds.get(name, 0.0))


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """Measure the CPU seconds of explaining, by submission: those of the judge and of its worker."""
    seconds: dict[str, float] = {}
    explain = pytest_plugin.explain

    def timed(suite: Any, learner: Any, *others: Any) -> Any:
        before = _used(learner.session)
        try:
            return explain(suite, learner, *others)
        finally:
            seconds[learner.session.submission.name] = _used(learner.session) - before

    with mock.patch.object(pytest_plugin, "explain", timed):
        yield seconds


def _used(session: Any) -> float:
    """Return the CPU seconds of this process, and of the workers of a session."""
    worker = session._worker
    now = session._sandbox.used(worker).seconds if worker is not None else 0.0
    return float(time.process_time() + session._meter._spent + now)


def _result(
    kit: course.Course,
    answer: Answer,
    report: Report,
    sandbox: Sandbox,
    edits: Mapping[str, tuple[Candidate, Slip]],
    seconds: float,
) -> Result:
    named = {check.id: check.misconception for check in report.checks if check.misconception}
    failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
    conditions = {check.id: check.condition for check in failed if check.condition}
    slips = {check.id: check.slip.text for check in failed if check.slip}
    false = oracle.contradictions(kit, answer, report, named, conditions, sandbox)
    false += edited.doubts(answer, report, edits, sandbox)
    false += [text for check in failed for text in places.doubts(answer, check, sandbox)]
    line = bool(slips) or any(places.places(check) or oracle.quotes_the_line(check.message, answer) for check in failed)
    name, step = answer.submission.name, answer.submission.assignment
    message = any(tells_the_cause(name, answer.cause, check.message) for check in failed)
    facts = ((WRONG, false), (NAMED, named), (LINE, line), (CONDITION, conditions), (MESSAGE, message), (SILENT, True))
    told = next(column for column, is_told in facts if is_told)
    words = [f"{check}: {words}" for each in (named, slips, conditions) for check, words in each.items()]
    return Result(name, step, answer.kind, answer.cause, answer.line, told, words, false, seconds)


def table(results: Sequence[Result]) -> Table:
    """Return how many answers are told what, by step."""
    shown = Table("step", "strangers", "changed", *COLUMNS, box=None)
    for step in (*dict.fromkeys(result.step for result in results), "all"):
        some = [result for result in results if step in (result.step, "all")]
        told = Counter(result.told for result in some)
        strangers = sum(result.kind == "stranger" for result in some)
        shown.add_row(step, str(strangers), str(len(some) - strangers), *(str(told[column]) for column in COLUMNS))
    return shown


def main() -> int:
    """Run the command line. Return 1 if something false is told."""
    parser = argparse.ArgumentParser(prog="python -m tests.diagnose", description=__doc__.partition("\n")[0])
    parser.add_argument("--changed", type=int, default=96, help="how many changed right answers")
    parser.add_argument("--every", type=int, default=6, help="every how-many-th stranger")
    parser.add_argument("--all", action="store_true", help=f"all strangers and {ALL_CHANGED} changed answers")
    parser.add_argument("--steps", nargs="+", default=STEPS, choices=STEPS, help="these steps only")
    parser.add_argument("--seed", type=int, default=2026, help="the same seed makes the same changes")
    parser.add_argument("--json", type=Path, help="write what each answer is told into this file")
    options = parser.parse_args()
    count, every = (ALL_CHANGED, 1) if options.all else (options.changed, options.every)
    kit, out = course.load(ROOT), Console()
    answers = [*list(all_strangers(options.steps))[::every], *changed(count, options.seed, options.steps)]
    answers.sort(key=lambda answer: STEPS.index(answer.submission.assignment))
    batches = [answers[start : start + BATCH] for start in range(0, len(answers), BATCH)]
    results: list[Result] = []
    with Sandbox.for_course(kit) as sandbox:
        for batch in track(batches, "Grading wrong answers", console=Console(stderr=True)):
            results += examine(kit, batch, sandbox)
            if options.json:
                rows = [asdict(result) for result in results]
                options.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    out.print(table(results))
    seconds = [result.seconds for result in results]
    if seconds:
        median, worst = statistics.median(seconds), max(seconds)
        out.print(f"CPU seconds of explaining one answer: median {median:.2f}, worst {worst:.2f}")
    false = [f"{result.name}: {text}" for result in results for text in result.false]
    for text in false:
        out.print(text, style="red", markup=False, highlight=False)
    return 1 if false else 0


if __name__ == "__main__":
    raise SystemExit(main())

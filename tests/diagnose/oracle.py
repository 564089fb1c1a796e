"""Decide whether what a report tells is true, by calls that the report has not seen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from autograder.course import Course
from autograder.key import Key, derived
from autograder.report.report import CheckResult, Outcome, Report
from autograder.sandbox.answers import Raised, Wrong
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import Suite, load_suite
from tests.diagnose import returned, truths
from tests.diagnose.answers import Answer
from tests.mutants import names

PLACE = re.compile(r"\(cell (\d+), line (\d+)")
FRESH_KEYS = tuple(Key(derived(3141, "diagnose", number).hex()) for number in range(8))


def contradictions(
    kit: Course,
    answer: Answer,
    report: Report,
    named: Mapping[str, str],
    conditions: Mapping[str, str],
    sandbox: Sandbox,
) -> list[str]:
    """Return what is false about the names and conditions in a report, by check; empty if all of it is true."""
    if not named and not conditions:
        return []
    suite = load_suite(report.assignment)
    failed = {check.id for check in report.checks if check.outcome is Outcome.FAILED}
    with Session(sandbox, answer.submission, PRELUDE, suite.forbids) as session:
        learner = Learner(session, kit.key, failed)
        false = names.doubts(suite, learner, named)
        for check in report.checks:
            if check.id in conditions:
                false += [f"{check.id}: {text}" for text in _of_a_condition(suite, learner, answer, report, check)]
    return false


@dataclass(frozen=True)
class Call:
    """A fresh call, the outcome of the check that it came from, and what went wrong in it."""

    case: Case
    outcome: Outcome
    wrong: Wrong | None


def _of_a_condition(
    suite: Suite, learner: Learner, answer: Answer, report: Report, result: CheckResult
) -> Iterator[str]:
    """Yield the calls that contradict the condition of one check: at most one for each claim."""
    text = result.condition or ""
    check = next(each for each in suite.checks if each.id == result.id)
    outcomes = {each.id: each.outcome for each in report.checks}
    calls = list(_fresh(suite, learner.with_help(check), check, answer.function, outcomes))
    claim = truths.condition_in(text)
    if claim:
        kind, phrases = claim
        for call in calls:
            if "here" in kind and call.outcome is Outcome.SKIPPED:
                continue
            said = all(truths.holds(phrase, call.case) for phrase in phrases) == kind.startswith("wrong")
            if said == (call.wrong is not None) or (
                said and not _right_again(learner.with_help(check), check, call.case)
            ):
                continue
            yield f"{text} But a call with {_words(call.case)} goes {'wrong' if call.wrong else 'right'}"
            break
    unread = truths.UNREAD.search(text)
    on = [call.case for call in calls if unread and _is_on(call.case, unread["name"])]
    if unread and (not on or any(_answers_otherwise(learner, case, unread["name"]) for case in on)):
        yield f"{text} But the answer depends on it"
    yield from _of_what_is_returned(text, check, calls)
    place = truths.WHERE.search(text)
    for call in calls if place else ():
        wrong = call.wrong
        if wrong is None or not isinstance(wrong.got, torch.Tensor) or not isinstance(wrong.expected, torch.Tensor):
            continue
        got, expected = wrong.got.double(), wrong.expected.double()
        if got.shape != expected.shape:
            yield f"{text} But a call with {_words(call.case)} returns another shape"
            break
        differs = ~((got - expected).abs() <= 2e-4 + 2e-4 * expected.abs())
        at = next(
            (tuple(at) for at in differs.nonzero().tolist() if not truths.inside(place["place"], at, differs.shape)),
            None,
        )
        if at is not None:
            yield f"{text} But a call with {_words(call.case)} goes wrong at {at}"
            break


def _of_what_is_returned(text: str, check: Check, calls: Sequence[Call]) -> Iterator[str]:
    for call in (call for call in calls if call.wrong is not None):
        wrong, reference = (
            call.wrong,
            next(each.reference for each in check.spaces if each.function == call.case.function),
        )
        right = wrong.expected if isinstance(wrong.expected, torch.Tensor) else call.case.expected
        got = wrong.got
        if not isinstance(right, torch.Tensor):
            continue
        said = returned.returned(text, right.double(), call.case, reference)
        if said is None:
            return
        if (
            not isinstance(got, torch.Tensor)
            or got.shape != said.shape
            or not torch.allclose(got.double(), said, 1e-3, 1e-3)
        ):
            yield f"{text} But not for a call with {_words(call.case)}"
            return


def _fresh(
    suite: Suite, learner: Learner, check: Check, function: str, outcomes: Mapping[str, Outcome]
) -> Iterator[Call]:
    """Yield fresh calls of this check, and of the function's other checks that did not fail."""
    axes = {space.function: set(space.axes) for space in check.spaces}
    for other in suite.checks:
        if other is not check and outcomes[other.id] is Outcome.FAILED:
            continue
        for key in FRESH_KEYS:
            for case in other.drawn(key):
                if set(case.row) < axes.get(case.function, set()) or case.function not in axes or case.expected is None:
                    continue
                if len(axes) > 1 and case.function != function:
                    continue
                try:
                    check.body(learner, case)
                    yield Call(case, outcomes[other.id], None)
                except Wrong as wrong:
                    yield Call(case, outcomes[other.id], wrong)


def _right_again(learner: Learner, check: Check, case: Case) -> bool:
    """Return whether a call goes right with other numbers, too: sums and maxima may be right by chance."""
    space = next(space for space in check.spaces if space.function == case.function)
    numbers = torch.Generator().manual_seed(0)
    for _ in range(30):
        arguments = {
            name: torch.randn(value.shape, generator=numbers) if _is_numbers(value) else value
            for name, value in case.arguments.items()
        }
        try:
            check.body(learner, replace(case, arguments=arguments, expected=space.reference(**arguments)))
        except Wrong:
            return False
    return True


def _is_numbers(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point() and bool((value != 0).all())


def _answers_otherwise(learner: Learner, case: Case, name: str) -> bool:
    """Return whether a function gives another answer, or another error, where an argument has another value."""
    value = case.arguments[name]
    other = replace(case, arguments={**case.arguments, name: value + 1})
    answers = []
    for each in (case, other):
        try:
            answers.append(repr(learner.call(each).value))
        except Raised as raised:
            answers.append(repr(raised.kinds))
        except Wrong as stopped:
            answers.append(stopped.message)
    return answers[0] != answers[1]


def _is_on(case: Case, name: str) -> bool:
    value = case.arguments.get(name)
    return value is not None and bool((torch.as_tensor(value) != (name not in ("bias", "padding"))).any())


def _words(case: Case) -> str:
    shown = {
        name: tuple(value.shape) if isinstance(value, torch.Tensor) and value.dim() else value
        for name, value in case.arguments.items()
    }
    return ", ".join(f"{name} {value}" for name, value in shown.items())


def quotes_the_line(message: str, answer: Answer) -> bool:
    """Return whether a message says that the line raised which was changed."""
    places = [(int(cell), int(line)) for cell, line in PLACE.findall(message)]
    return not answer.is_stranger and places == [(answer.cell, answer.line)]

"""The benchmark of what is told: its answers carry the truth, and its oracle finds what is false."""

import ast

import pytest

from autograder.explain.edits.candidates import candidates, definitions
from autograder.explain.edits.slip import slip as slip_of
from autograder.judge import judge
from autograder.key import Key
from autograder.report import condition_messages as messages
from autograder.report.report import CheckResult, Outcome, Report
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, wrong_answers
from autograder.suite.load import load_suite
from tests.diagnose import edited, oracle, truths
from tests.diagnose.__main__ import CONDITION, LINE, examine
from tests.diagnose.answers import STEPS, Answer, all_strangers, changed
from tests.diagnose.lines import LINES
from tests.diagnose.messages import NO_RETURN, TELLING, tells_the_cause
from tests.diagnose.operators import operators, slip
from tests.strangers.names import IN_THE_BANK

SOURCE = """def f(x, n, mode="max"):
    total = 0
    for i in range(n):
        total += x[i]
    if mode == "max" and n:
        total = max(total, n)
    return total
"""


def test_each_change_is_made_alone_and_its_line_is_right():
    before = ast.unparse(ast.parse(SOURCE)).splitlines()
    seen = set()
    for number, operator in enumerate(operators(SOURCE)):
        made = slip(SOURCE, number)
        assert made is not None and made.operator == operator and made.cause
        after = made.source.splitlines()
        ast.parse(made.source)
        assert after[: made.line - 1] == before[: made.line - 1]
        assert after[made.line - 1 :] != before[made.line - 1 :]
        seen.add(operator)
    assert len(seen) >= 10


def test_the_same_seed_makes_the_same_answers():
    made = list(changed(16, 3))
    assert made == list(changed(16, 3))
    assert {answer.submission.assignment for answer in made} == set(STEPS)
    assert all(answer.line and answer.cell and answer.cause for answer in made)


def test_strangers_in_the_bank_are_left_out():
    names = {answer.submission.name.partition("/")[2] for answer in all_strangers()}
    assert len(names) > 300 and not names & IN_THE_BANK.keys()


def test_messages_that_tell_the_cause_are_of_strangers():
    names = {answer.submission.name for answer in all_strangers()}
    assert TELLING.keys() <= names
    assert not tells_the_cause("pooling/unknown_mode_raises_key_error", "", "Expected 4 at [0, 0], got 6.")
    assert tells_the_cause("", "“return output” is gone", f"Expected a tensor, {NO_RETURN}")
    assert not tells_the_cause("", "“output = 0” is gone", f"Expected a tensor, {NO_RETURN}")


def test_lines_that_a_person_found_are_lines_of_strangers():
    sources = {answer.submission.name: [cell.source for cell in answer.submission.cells] for answer in all_strangers()}
    for name, words in LINES.items():
        assert any(words in line for source in sources[name] for line in source.split("\n")), name


@pytest.mark.long
def test_a_false_line_would_be_found(the_course, sandbox):
    """The edit of a line that is not to blame, and one that mends the checks' own calls alone."""
    answer = next(each for each in all_strangers(("conv2d",)) if each.submission.name.endswith("below_the_kernel_size"))
    found = definitions(answer.submission, answer.function)
    (report,) = judge.grade(the_course, [answer.submission], sandbox)
    for text, why in (("max(kernel.shape) - 0", "goes wrong"), ("stride=2, padding", "the mistake stands at")):
        candidate = next(each for each in candidates(found) if text in each.text)
        said = slip_of(answer.submission, answer.function, candidate, solution=False)
        assert why in " ".join(edited.doubts(answer, report, {answer.function: (candidate, said)}, sandbox))


def doubts(condition: str, name: str, check: str) -> list[str]:
    """Return what the oracle finds false in a condition of one check of a known mistake of conv2d."""
    known = next(one for one in wrong_answers("conv2d") if one.name == name)
    suite = load_suite("conv2d")
    results = [
        CheckResult(
            id=each.id,
            title="",
            outcome=Outcome.FAILED if each.id == check else Outcome.PASSED,
            score=0,
            max_score=1,
            condition=condition if each.id == check else None,
        )
        for each in suite.checks
        if each.id != "together"
    ]
    skipped = CheckResult(id="together", title="", outcome=Outcome.SKIPPED, score=0, max_score=1)
    report = Report(
        assignment="conv2d",
        submission="x",
        score=0,
        max_score=1,
        checks=(*results, skipped),
        seed=1,
        versions={},
        sandbox="A",
    )
    answer = Answer(known.submission, known.function, "stranger", "")
    learner = Learner(InProcess(known.submission, PRELUDE), Key("2026"), {check})
    result = next(each for each in results if each.id == check)
    return list(oracle._of_a_condition(suite, learner, answer, report, result))


def when(condition: str) -> str:
    return messages.WRONG_WHEN.format(condition=condition, wrong=9, calls=20)


def test_the_oracle_finds_a_false_condition():
    assert doubts(when("the stride is above 1 and the result is larger than 1 × 1"), "stride_ignored", "stride")
    assert not doubts(messages.UNREAD.format(name="bias"), "bias_ignored", "bias")
    assert not doubts(when("the padding is above 0"), "padding_ignored", "padding")
    assert doubts(when("the padding is above 1"), "padding_ignored", "padding")
    assert doubts(messages.UNREAD.format(name="padding"), "padding_at_the_end_only", "padding")
    last = messages.ONLY_LAST.format(axis="column", wrong=9)
    assert doubts(last, "padding_at_the_end_only", "padding")


def test_every_sentence_can_be_read_back():
    for template, kind in (
        (messages.WRONG_WHEN, "wrong"),
        (messages.RIGHT_WHEN, "right"),
        (messages.WRONG_WHEN_HERE, "wrong here"),
        (messages.RIGHT_WHEN_HERE, "right here"),
    ):
        text = template.format(
            condition="the input has several rows and columns and there is a bias", wrong=1, right=1, calls=2
        )
        assert truths.condition_in(text) == (kind, ["the input has several rows and columns", "there is a bias"])


@pytest.mark.long
def test_nothing_false_is_told_of_a_few(the_course, sandbox):
    answers = [*list(all_strangers(("conv2d", "full", "pooling")))[::6], *changed(12, 1, ("conv2d", "full", "pooling"))]
    results = list(examine(the_course, answers, sandbox))
    assert [text for result in results for text in result.false] == []
    assert {CONDITION, LINE} <= {result.told for result in results}

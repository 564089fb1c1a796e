"""Laws: no right answer breaks one, a mistake gets a sentence with numbers, and the calls are counted."""

from typing import Any

import pytest
import torch

from autograder.explain.counterexample import counterexample
from autograder.explain.explain import LAW_CALLS
from autograder.explain.laws import LAWS, broken_law
from autograder.explain.probe import Probe, Silent
from autograder.explain.shrink import smallest
from autograder.notebooks.read import Cell, Submission
from autograder.report.report import CheckResult, Outcome
from autograder.sandbox.answers import Answer, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.cases import Case
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, right_answers, wrong_answers
from autograder.suite.load import load_suite
from tests.mutants.laws import TEMPLATES, contradictions, parsed

# Under some keys the first call that goes wrong breaks no law that is tried; under this one all of these do.
KEY = 2028
STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")
# Of these, the functions that return a tensor have laws.
MORE_STEPS = ("api", "unfold", "conv1d", "separable")
CONV = "matrix_multiplication_for_conv2d"


class Counting(InProcess):
    """A learner whose calls are counted."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(submission, PRELUDE)
        self.calls = 0

    def ask(self, request: Any) -> Answer:
        self.calls += 1
        return super().ask(request)


def learner_of(*sources: str, step: str = "conv2d") -> Learner:
    cells = tuple(Cell(f"cell {number}", source) for number, source in enumerate(sources, 1))
    return Learner(Counting(Submission(step, "test", cells)), KEY)


def first_wrong(step: str, check: str, learner: Learner) -> Wrong:
    """Return the first wrong answer that a check of a step finds."""
    one = next(one for one in load_suite(step).checks if one.id == check)
    for case in one.drawn(learner.key):
        try:
            one.body(learner, case)
        except Wrong as wrong:
            wrong.case = wrong.case or case
            return wrong
    raise AssertionError(f"{check} found nothing wrong")


@pytest.mark.parametrize("step", (*STEPS, *MORE_STEPS))
def test_no_right_answer_breaks_a_law(step):
    suite = load_suite(step)
    heard = set()
    for known in right_answers(step):
        learner = Learner(InProcess(known.submission, PRELUDE), KEY)
        cases = [case for check in suite.checks for case in check.drawn(KEY) if case.function == known.function]
        for case in [case for case in cases if isinstance(case.expected, torch.Tensor)][::19]:
            got = case.expected.clone()
            got.view(-1)[got.numel() // 2] += 1
            probe = Probe(learner, Wrong("", expected=case.expected, got=got, case=case), 50)
            # As if the number in the middle had been right.
            probe.answer, probe.got = probe.expected, probe.should
            for law in LAWS.get(known.function, ()):
                try:
                    sentence = law(probe)
                except Silent:
                    continue
                heard.add(law)
                assert sentence is None, (known.name, law.__name__, case.row)
    functions = {known.function for known in right_answers(step)}
    assert heard == {law for function in functions for law in LAWS.get(function, ())}


@pytest.mark.parametrize("step", STEPS)
def test_each_function_of_a_step_has_laws(step):
    assert set(load_suite(step).functions) <= LAWS.keys()


CONV2D = f"""
def {CONV}(input, kernel, bias=0, stride=1, padding=0):
    input = F.pad(input, (padding, padding, padding, padding))
    (h, w), (kh, kw) = input.shape, kernel.shape
    output = torch.zeros((h - kh) // stride + 1, (w - kw) // stride + 1)
    for i in range(output.shape[0]):
        for j in range(output.shape[1]):
            window = input[i * stride : i * stride + kh, j * stride : j * stride + kw]
            output[i, j] = (window * kernel).sum() + bias
    return output
"""


@pytest.mark.parametrize(
    ("right", "wrong", "check", "sentence"),
    [
        (
            "return output",
            "return output + 1",
            "slides",
            "Your function is not linear: twice the input should give twice",
        ),
        (
            "return output",
            "output[1:] = 0\n    return output",
            "slides",
            "Moving the input should move the output: without the input's",
        ),
        (
            "j * stride : j * stride + kw",
            "j : j + kw",
            "stride",
            "An output should depend on its own window alone: given",
        ),
    ],
)
def test_a_broken_law_is_told(right, wrong, check, sentence):
    learner = learner_of(CONV2D.replace(right, wrong))
    law = broken_law(learner, first_wrong("conv2d", check, learner), LAW_CALLS)
    assert law.startswith(sentence)
    assert "{" not in law and any(letter.isdigit() for letter in law)


def test_the_sentence_holds_the_figures():
    learner = learner_of(CONV2D.replace("return output", "return output + 1"))
    image, kernel = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0]])
    case = Case(CONV, {"input": image, "kernel": kernel}, ("input", "kernel"), image * 3, {})
    wrong = Wrong("", expected=case.expected, got=image * 3 + 1, case=case)
    assert broken_law(learner, wrong, 2) == (
        "Your function is not linear: twice the input should give twice the result. "
        "At row 0, column 0 your function gives 4, but 7 when the input is doubled."
    )
    assert broken_law(learner, wrong, 1) is None


@pytest.mark.parametrize(
    ("step", "mistake", "sentence"),
    [
        ("full", "last_channel_only", "With a 1×1 kernel, each pixel should be a sum over its channels"),
        ("dilation_groups", "group_by_remainder", "Groups should be convolutions side by side: given group"),
        ("pooling", "maximum_over_the_channels", "Pooling should not mix the channels: given channel"),
        ("pooling", "first_image_for_all", "The images of a batch should not mix: given image 1 alone"),
        ("pooling", "zeros_around_the_maximum", "Adding 10 to every input should add 10 to every output"),
        ("transposed", "kernel_not_turned", "Transposed convolution should be the adjoint of convolution"),
        ("kernel_matrix", "row_number_is_i_plus_j", "Each row of the matrix should hold the whole kernel"),
    ],
)
def test_known_mistakes_break_the_law_that_explains_them(step, mistake, sentence):
    known = next(known for known in wrong_answers(step) if known.name == mistake)
    learner = Learner(Counting(known.submission), KEY)
    check = next(check for check in load_suite(step).checks if check.id in known.checks)
    wrong = smallest(learner, check, first_wrong(step, check.id, learner), 200)
    learner.session.calls = 0
    assert broken_law(learner, wrong, LAW_CALLS).startswith(sentence)
    assert learner.session.calls <= LAW_CALLS


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(window * kernel)", "window.mul_(kernel)"),
        ("    return output", "        return output"),
        ("    return output", "            return output"),
        ("i * stride : i * stride + kh, j * stride : j * stride + kw", "i * kh : i * kh + kh, j * kw : j * kw + kw"),
        ("i * stride : i * stride + kh", "i * (stride + 1) : i * (stride + 1) + kh"),
        ("return output", "return output.flip(0)"),
        ("return output", "return output.flip(1)"),
        ("return output", "return output + 1"),
        ("return output", "return output * output.numel()"),
        ("return output", "return output * (1 + output.numel())"),
    ],
)
def test_a_law_says_what_the_verdict_says(right, wrong):
    learner = learner_of(CONV2D.replace(right, wrong))
    for check in load_suite("conv2d").checks:
        for case in check.drawn(KEY)[::4]:
            try:
                check.body(learner, case)
            except Wrong as found:
                found.case = case
                says_the_same(check.id, learner, found)


@pytest.mark.parametrize("step", (*STEPS, *MORE_STEPS))
def test_the_laws_of_known_mistakes_are_true(step):
    suite = load_suite(step)
    for known in wrong_answers(step)[::4]:
        learner = Learner(InProcess(known.submission, PRELUDE), KEY)
        for check in [check for check in suite.checks if check.id in known.checks and not known.library]:
            wrong = first_wrong(step, check.id, learner)
            if wrong.case.function == known.function:
                says_the_same(check.id, learner, wrong)


def says_the_same(check: str, learner: Learner, wrong: Wrong) -> None:
    """Assert that the law beside a wrong answer is true, and quotes the numbers shown."""
    law, suite = broken_law(learner, wrong, LAW_CALLS), load_suite(learner.session.submission.assignment)
    shown = {"score": 0, "max_score": 1, "counterexample": counterexample(wrong), "law": law}
    result = CheckResult(id=check, title="", outcome=Outcome.FAILED, message="", **shown)
    assert contradictions(suite, learner, result) == [], law


def test_a_law_that_speaks_against_the_verdict_would_be_found():
    learner = learner_of(CONV2D.replace("j * stride : j * stride + kw", "j : j + kw"))
    wrong = first_wrong("conv2d", "stride", learner)
    law = broken_law(learner, wrong, LAW_CALLS)
    shown = {"score": 0, "max_score": 1, "counterexample": counterexample(wrong)}
    result = CheckResult(id="stride", title="", outcome=Outcome.FAILED, message="", law=law, **shown)
    suite, (name, quoted) = load_suite("conv2d"), parsed(law)
    assert contradictions(suite, learner, result) == []
    swapped = {**quoted, "got": quoted["should"], "should": quoted["got"]}
    against = TEMPLATES[name].format(**swapped)
    assert len(contradictions(suite, learner, result.model_copy(update={"law": against}))) >= 2


def test_nothing_is_said_where_the_same_call_has_another_answer_the_next_time():
    learner = learner_of(
        "calls = []\n" + CONV2D.replace("return output", "calls.append(1)\n    return output * len(calls)")
    )
    assert broken_law(learner, first_wrong("conv2d", "slides", learner), LAW_CALLS) is None


def test_a_row_of_the_matrix_is_measured_by_a_right_one_alone():
    matrix = "def get_kernel_matrix(kernel, input_size):\n    return torch.tensor({rows}) * kernel"
    arguments = {"kernel": torch.ones(1, 1), "input_size": (1, 2)}
    case = Case("get_kernel_matrix", arguments, ("kernel", "input_size"), torch.eye(2), {})
    laws = []
    for rows in ([[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]]):
        learner = learner_of(matrix.format(rows=rows), step="kernel_matrix")
        laws.append(broken_law(learner, Wrong("", got=torch.tensor(rows), case=case), LAW_CALLS))
    first_row_right, first_row_wrong = laws
    assert first_row_wrong is None
    assert first_row_right == (
        "From one row of the matrix to the next the kernel should move by one place: "
        "in column 1, row 1 has 0 where row 0, moved by one place, has 1."
    )

"""When a function goes wrong: the condition is true, and nothing is said where nothing parts the calls."""

import pytest
import torch

from autograder.explain.call import Call
from autograder.explain.conditions import CONDITIONS
from autograder.explain.sample import Drawn, Sample
from autograder.explain.shrink import smallest
from autograder.explain.when_it_fails import Found, _hangs_on_the_shown_call, when_it_fails
from autograder.explain.wide_draw import one_more, with_other_numbers
from autograder.key import derived
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, right_answers
from autograder.suite.load import load_suite
from tests.diagnose import truths

KEY, CALLS = 2026, 200
FULL = "matrix_multiplication_for_conv2d_full"
RIGHT = f"""
def {FULL}(input, kernel, bias=None, stride=1, padding=0):
    START
    output = F.conv2d(input, kernel, bias, stride, padding)
    END
    return output
"""
STEPS = ("conv2d", "flatten", "full", "pooling", "conv1d", "unfold", "kernel_matrix", "fully_connected", "transposed")
STEPS += ("dilation_groups", "api", "separable", "network", "gradient", "large_kernel", "deformable")


class Forgetting(InProcess):
    """A session whose fresh worker has not been spoilt."""

    def renew(self) -> None:
        self._namespace["spoilt"].clear()


def said(
    check: str,
    start: str = "",
    end: str = "",
    code: str = RIGHT,
    step: str = "full",
    kind: type[InProcess] = InProcess,
    small: bool = False,
) -> str:
    """Return what is said of a check of a step, for code with these lines in it."""
    source = code.replace("START", start or "pass").replace("END", end or "pass")
    learner = Learner(kind(Submission(step, "test", (Cell("cell 1", source),)), PRELUDE), KEY)
    suite = load_suite(step)
    wrongs: dict[str, Wrong] = {}
    skipped: set[str] = set()
    for each in suite.checks:
        if set(each.after) & (learner.failed | skipped):
            skipped.add(each.id)
            continue
        try:
            each.try_all(learner)
        except Wrong as wrong:
            wrongs[each.id] = wrong
            learner.failed.add(each.id)
    one = next(each for each in suite.checks if each.id == check)
    shown = smallest(learner, one, wrongs[check], CALLS) if small else wrongs[check]
    return " ".join(when_it_fails(suite, learner, one, shown, CALLS))


SQUARE_ONLY = "kernel = kernel[..., : kernel.shape[-2], : kernel.shape[-2]]"


@pytest.mark.parametrize(
    ("check", "start", "end", "sentence"),
    [
        ("rectangles", SQUARE_ONLY, "", "exactly when the kernel is wider than tall"),
        (
            "rectangles",
            "if kernel.shape[2] != kernel.shape[3]: raise ValueError",
            "",
            "exactly when the kernel is not square",
        ),
        ("stride", "stride = min(stride, 2)", "", "exactly when the stride is above 2"),
        ("padding", "padding = min(padding, 1)", "", "exactly when the padding is above 1"),
        ("channels", "", "output = output + (input.shape[1] > 1)", "exactly when the input has several channels"),
        (
            "together",
            "",
            "output = output + (stride > 1 and bias is not None and bool(bias.any()))",
            "exactly when the stride is above 1 and there is a bias",
        ),
        ("batch", "", "output[1:] += 1", "in every image of the result but the first"),
        ("single", "", "output[..., -1] += 1", "only in the last column of the result"),
        ("single", "", "output[..., 0, :] += 1", "only in the first row of the result"),
    ],
)
def test_the_condition_is_found(check, start, end, sentence):
    assert sentence in said(check, start, end)


def test_a_condition_holds_of_the_smallest_call_which_may_be_smaller_than_any_draw():
    code = """
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    oh, ow = ((side + 2 * padding - k) // stride + 1 for side, k in zip(input.shape, kernel.shape))
    step = min(stride, 2)
    everywhere = F.conv2d(input[None, None], kernel[None, None], None, 1, padding)[0, 0]
    return everywhere[::step, ::step][:oh, :ow] + bias
"""
    words = said("stride", code=code, step="conv2d", small=True)
    assert "the stride is above 2" in words
    # The smallest call has one row: [[1, 2, 3, 4]] with a stride of 3.
    assert "several rows" not in words


def test_a_condition_holds_of_the_smallest_call_with_height_and_width_exchanged():
    code = """
def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    kh, kw = kernel_size
    x = F.pad(input, [padding] * 4)
    oh = (x.shape[2] - dilation * (kh - 1) - 1) // stride + 1
    ow = (x.shape[3] - dilation * (kw - 1) - 1) // stride + 1
    columns = [
        x[:, :, u * dilation : u * dilation + oh * stride : stride, v : v + ow * stride : stride][:, :, :oh, :ow]
        for u in range(kh) for v in range(kw)
    ]
    return torch.stack(columns, 2).reshape(len(x), -1, oh * ow)
"""
    words = said("dilation", code=code, step="unfold", small=True)
    # Windows of one column are right, and the check itself has none.
    assert "1 × 1" not in words and "the window has several columns" in words


def test_an_argument_that_is_never_read_is_told_first():
    ignoring = RIGHT.replace("bias, stride, padding)\n    END", "bias, 1, padding)\n    END")
    assert said("stride", code=ignoring).startswith("Your function never reads its argument stride.")
    # It may read it by another way.
    assert "never reads" not in said("stride", "locals()", code=ignoring)


def test_nothing_is_said_of_chance_or_of_memory():
    count = f"calls = []\n{RIGHT}"
    often = "calls.append(1)"
    assert said("single", often, "output = output + len(calls) % 3", code=count) == ""
    # At the end a fresh worker is right.
    spoilt = f"spoilt = [1]\n{RIGHT}"
    assert "the stride is above 1" in said("stride", "", "output = output + (stride > 1 and any(spoilt))", code=spoilt)
    assert said("stride", "", "output = output + (stride > 1 and any(spoilt))", code=spoilt, kind=Forgetting) == ""


def test_where_every_call_goes_wrong_there_is_no_condition():
    assert said("single", "", "output = output.exp()") == ""
    assert said("single", "", "output = output + 1").startswith("What it returns: the right result plus 1, in all")


def test_one_error_in_every_call_ends_the_search_for_a_condition(monkeypatch):
    asked = []
    ask = Sample.ask
    monkeypatch.setattr(Sample, "ask", lambda sample, at: asked.append(at) or ask(sample, at))
    assert said("single", "missing") == ""
    with_one_error = len(asked)
    assert said("single", "assert not stride, input.shape") == ""
    assert with_one_error < 50 < len(asked) - with_one_error


def test_the_same_calls_are_made_each_time():
    assert said("rectangles", SQUARE_ONLY) == said("rectangles", SQUARE_ONLY)


@pytest.mark.parametrize("step", STEPS)
def test_each_condition_means_what_it_says(step):
    """A second table, written for the benchmark, agrees with the first one on drawn calls."""
    for check in load_suite(step).checks:
        cases = [case for case in check.drawn(KEY) if case.expected is not None]
        for space in check.spaces:
            cases += [case for number in range(6) for case in one_more(space, derived(KEY, "test", number))]
        for case in (case for case in cases if case.expected is not None):
            call = Call(case)
            for condition in CONDITIONS:
                value = condition.holds(call)
                phrase = condition.phrase.format(kernel="kernel")
                assert value is None or value == truths.holds(phrase, case), (phrase, case.arguments)


def test_other_numbers_keep_what_conditions_ask():
    space = load_suite("full").checks[4].spaces[0]
    for number in range(20):
        for case in one_more(space, derived(KEY, "numbers", number)):
            other = with_other_numbers(case, space.reference, number)
            assert [each.holds(Call(case)) for each in CONDITIONS] == [each.holds(Call(other)) for each in CONDITIONS]


def test_other_numbers_have_a_sum_that_every_order_of_additions_gives():
    """On some machines, PyTorch adds in another order: a right number near 0 was taken for a wrong one."""
    space = load_suite("dilation_groups").checks[0].spaces[0]
    fractions = 0
    for number in range(60):
        for case in one_more(space, derived(KEY, "sums", number)):
            other = with_other_numbers(case, space.reference, number)
            wide = {
                name: value.double() if isinstance(value, torch.Tensor) else value
                for name, value in other.arguments.items()
            }
            assert torch.equal(space.reference(**wide), other.expected.double())
            fractions += not torch.equal(other.expected, other.expected.round())
    assert fractions > 10


@pytest.mark.parametrize(("first", "second", "hangs"), [(0b1111001, 0b1111010, True), (0b1111101, 0b1111010, False)])
def test_a_second_phrase_needs_more_than_the_call_that_is_shown(first, second, hangs):
    """Calls 3 to 6 are right, and both phrases hold of them alone. Call 0 is shown."""
    check = load_suite("full").checks[4]
    (case,) = one_more(check.spaces[0], derived(KEY, "numbers", 0))
    nowhere = (None,) * len(CONDITIONS)
    groups = [Drawn((case,) * size, (check.spaces[0].reference,) * size, nowhere) for size in (1, 6)]
    sample = Sample(Learner(None, KEY), check, groups, 0, asked=0b1111111, wrong=0b0000111)
    sample.masks[:2] = first, second
    best = Found((CONDITIONS[0].phrase, CONDITIONS[1].phrase), ~(first & second), False, 0b1111111)
    assert sample.fits(best.mask, best.within)
    assert _hangs_on_the_shown_call(sample, best) is hangs


def test_right_answers_agree_with_all_further_calls():
    """A call that only further draws make must not be wrong for right code."""
    for step in STEPS:
        right: dict[str, KnownAnswer] = {}
        for known in right_answers(step):
            right.setdefault(known.function, known)
        for check in load_suite(step).checks:
            for space in check.spaces:
                learner = Learner(InProcess(right[space.function].submission, PRELUDE), KEY)
                for number in range(8):
                    for case in one_more(space, derived(KEY, "right", check.id, number)):
                        check.body(learner, case)
                        if case.expected is not None:
                            check.body(learner, with_other_numbers(case, space.reference, number))

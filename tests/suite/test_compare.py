"""Comparisons: right answers pass, each way of being wrong has a message of its own, and the tolerance is the limit."""

import math
from typing import Any

import pytest
import torch

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, NoAnswer, Raised, Words, Wrong
from autograder.sandbox.worker.values import Opaque, Traits
from autograder.suite import compare
from autograder.suite.cases import Case
from autograder.tolerance import TOLERANCE

RIGHT = torch.tensor([[1.0, -2.0], [0.0, 300.0]])
KERNEL, IMAGE = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 2.0, 4.0]])


def answer(value: Any, *, grad: bool = False, dtype: str = "float32", **more: Any) -> Answer:
    return Answer(value, (Traits(dtype, grad),), **more)


def wrong_of(call: Any) -> Wrong:
    with pytest.raises(Wrong) as caught:
        call()
    return caught.value


def changed(row: int, column: int, by: float) -> torch.Tensor:
    other = RIGHT.clone().double()
    other[row, column] += by
    return other


def test_what_is_equal_agrees_whatever_the_kind_of_float():
    compare.agree(answer(RIGHT), RIGHT)
    compare.agree(answer(RIGHT.double(), dtype="float64"), RIGHT)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 0), (1, 1)])
def test_the_tolerance_is_the_number_and_a_part_of_the_expected_value(row, column):
    limit = TOLERANCE * (1 + abs(float(RIGHT[row, column])))
    for sign in (1, -1):
        compare.agree(answer(changed(row, column, sign * limit * 0.99)), RIGHT)
        wrong = wrong_of(lambda by=sign * limit * 1.01: compare.agree(answer(changed(row, column, by)), RIGHT))
        assert f"at {[row, column]}, got" in wrong.message and "1 of 4 values differ" in wrong.message


def test_terms_that_nearly_cancel_widen_the_tolerance_for_numbers_near_zero():
    for by, right in ((9.9, True), (10.1, False), (-10.1, False)):
        near = changed(1, 0, by * TOLERANCE)
        if right:
            compare.agree(answer(near), RIGHT, scale=10.0)
        else:
            wrong_of(lambda near=near: compare.agree(answer(near), RIGHT, scale=10.0))
    assert compare.differing(changed(1, 0, 1.1 * TOLERANCE), RIGHT).sum() == 1


def test_a_part_of_a_tuple_is_compared_and_named():
    case = Case("f", {"input": RIGHT}, (), (RIGHT, KERNEL), {})
    names, none = ("input", "kernel"), Traits("float32", False)
    for value in ((RIGHT, KERNEL), [RIGHT, KERNEL]):
        for name in names:
            compare.agree_in_part(Answer(value, (none, none)), case, names, name)
    bad = Answer((RIGHT, KERNEL + 1), (none, none))
    compare.agree_in_part(bad, case, names, "input")
    wrong = wrong_of(lambda: compare.agree_in_part(bad, case, names, "kernel", window=print))
    assert wrong.message == messages.IN_PART.format(
        name="kernel", message="Expected 1 at [0, 0], got 2; 2 of 2 values differ."
    )
    assert wrong.case.window is print and wrong.case.arguments is case.arguments
    assert wrong.expected is KERNEL and wrong.got.equal(KERNEL.double() + 1)
    growing = Answer((RIGHT, KERNEL), (none, Traits("float32", True)))
    assert messages.HAS_GRADIENT in wrong_of(lambda: compare.agree_in_part(growing, case, names, "kernel")).message
    compare.agree_in_part(growing, case, names, "kernel", gradient=True)
    # What is no tensor has no traits: those of the next one are the first.
    wrong = wrong_of(
        lambda: compare.agree_in_part(Answer((3, KERNEL), (Traits("float32", True),)), case, names, "kernel")
    )
    assert wrong.message == messages.IN_PART.format(name="kernel", message=messages.HAS_GRADIENT)
    for value in (None, RIGHT, (RIGHT,), (RIGHT, KERNEL, KERNEL)):
        wrong = wrong_of(lambda value=value: compare.agree_in_part(answer(value), case, names, "input", window=print))
        assert wrong.case.window is print and wrong.expected is RIGHT
        what = compare.what_is(value)
        assert wrong.message == messages.EXPECTED_PARTS.format(count=2, names="input, kernel", what=what)


def test_a_wrong_value_is_told_with_figures_and_kept_for_the_picture():
    got = torch.tensor([[1.0, -1.5], [7.0, 300.0]])
    wrong = wrong_of(lambda: compare.agree(answer(got), RIGHT))
    assert wrong.message == "Expected -2 at [0, 1], got -1.5; 2 of 4 values differ."
    assert wrong.expected.equal(RIGHT) and wrong.got.equal(got)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_come_first(value):
    got = torch.tensor([[5.0, -2.0], [value, 300.0]])
    wrong = wrong_of(lambda: compare.agree(answer(got), RIGHT))
    assert wrong.message == f"Expected 0 at [1, 0], got {value}: the result holds NaN or infinity."


def test_infinity_where_it_is_expected_is_right():
    compare.agree(answer(torch.tensor([math.inf])), torch.tensor([math.inf]))
    assert compare.first_of(torch.tensor([False, False]), torch.tensor([1.0, 2.0])) is None
    assert compare.first_of(torch.tensor([False, True]), torch.tensor([math.inf, 2.0])) == (1,)


@pytest.mark.parametrize("got", [torch.zeros(1, 1), torch.zeros(1, 2), torch.zeros(2, 2, 1), torch.tensor(1.0)])
def test_nothing_is_broadcast(got):
    wrong = wrong_of(lambda: compare.agree(answer(got), RIGHT))
    assert wrong.message == f"Expected the shape (2, 2), got {tuple(got.shape)}."
    assert wrong.expected is RIGHT and wrong.got is got


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ([1, 2], "a list of 2 items"),
        ((1,), "a tuple of 1 items"),
        (True, "True"),
        (3, "the number 3"),
        ("x" * 70, "the text " + "x" * 20),
        (Opaque("a Thing"), "a Thing"),
    ],
)
def test_what_is_no_tensor_is_named(value, what):
    wrong = wrong_of(lambda: compare.agree(answer(value), RIGHT))
    assert wrong.message == f"Expected a torch.Tensor with shape (2, 2), got {what}."
    assert wrong.expected is RIGHT and wrong.got is None
    assert compare.what_is(None) == "None"
    assert compare.what_is(torch.zeros(2, 3)) == "a tensor of float32 with shape (2, 3)"


def test_an_array_of_numpy_is_told_how_to_become_a_tensor():
    wrong = wrong_of(lambda: compare.agree(answer(Opaque("a numpy.ndarray")), RIGHT))
    assert wrong.message == messages.RETURNED_NUMPY.format(shape="(2, 2)", what="a numpy.ndarray")


def test_a_shape_is_quoted_in_short():
    assert compare.shape_of(torch.zeros(compare.LONGEST)) == f"({compare.LONGEST},)"
    assert compare.shape_of(torch.zeros(2, compare.LONGEST + 1)) == f"(2, >{compare.LONGEST})"
    most = ", ".join("1" * compare.MOST_AXES)
    assert compare.shape_of(torch.zeros([1] * compare.MOST_AXES)) == f"({most})"
    assert compare.shape_of(torch.zeros([1] * compare.MOST_AXES + [2])) == f"({most}, …)"


def test_nothing_whole_numbers_and_gradients_are_told():
    wrong = wrong_of(lambda: compare.agree(answer(None), RIGHT))
    assert wrong.message == messages.RETURNED_NOTHING.format(shape="(2, 2)")
    wrong = wrong_of(lambda: compare.agree(answer(RIGHT.long(), dtype="int64"), RIGHT))
    assert wrong.message == messages.WRONG_DTYPE.format(expected="float32", got="int64")
    assert wrong.expected is RIGHT and wrong.got.equal(RIGHT.long())
    wrong = wrong_of(lambda: compare.agree(answer(RIGHT, grad=True), RIGHT))
    assert wrong.message == messages.HAS_GRADIENT and wrong.expected is RIGHT and wrong.got is RIGHT
    compare.agree(answer(RIGHT, grad=True), RIGHT, gradient=True)


@pytest.mark.parametrize(
    ("value", "what"), [(3.0, "the number 3.0"), (True, "True"), (4, "the number 4"), (torch.tensor(3), "a tensor")]
)
def test_a_whole_number_is_an_int(value, what):
    compare.agree_on_integer(answer(3), 3)
    wrong = wrong_of(lambda: compare.agree_on_integer(answer(value), 3))
    assert wrong.message.startswith(f"Expected the whole number 3 (an int), got {what}")
    assert wrong.expected == 3 and wrong.got is value


def test_one_is_not_true_and_no_number_is_told():
    wrong_of(lambda: compare.agree_on_integer(answer(True), 1))
    wrong = wrong_of(lambda: compare.agree_on_integer(answer(None), 3))
    assert wrong.message == messages.RETURNED_NO_NUMBER.format(expected=3)


def test_a_truth_is_a_bool():
    compare.agree_on_truth(answer(True), True)
    compare.agree_on_truth(answer(False), False)
    for value, what in ((1, "the number 1"), (False, "False"), (torch.tensor(True), "a tensor of bool with shape ()")):
        wrong = wrong_of(lambda value=value: compare.agree_on_truth(answer(value), True))
        assert wrong.message == messages.EXPECTED_TRUTH.format(expected=True, what=what)
        assert wrong.expected is True and wrong.got is value
    assert wrong_of(lambda: compare.agree_on_truth(answer(None), True)).message == messages.RETURNED_NO_TRUTH.format(
        expected=True
    )


def test_zeros_must_be_exact_and_only_zeros():
    expected = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
    compare.exact_zeros(answer(torch.tensor([[0.0, 5.0], [0.0, -0.0]])), expected)
    got = torch.tensor([[0.0, 1.0], [2.0, 1e-30]])
    wrong = wrong_of(lambda: compare.exact_zeros(answer(got), expected))
    assert wrong.message == messages.NOT_ZERO.format(position=[1, 1], got=got[1, 1].item())
    assert wrong.expected is expected and wrong.got is got
    wrong_of(lambda: compare.exact_zeros(answer(torch.zeros(2)), expected))


MATRIX = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]])


def test_a_matrix_must_convolve():
    compare.convolves(MATRIX, KERNEL, IMAGE)
    bad = MATRIX.clone()
    bad[1, 0] = 3
    wrong = wrong_of(lambda: compare.convolves(bad, KERNEL, IMAGE))
    assert wrong.message == messages.WRONG_PRODUCT.format(expected=10.0, got=13.0, position=1)
    assert wrong.got is bad
    near = MATRIX.double().clone()
    near[1, 0] = TOLERANCE * 10.9
    compare.convolves(near, KERNEL, IMAGE)
    near[1, 0] = TOLERANCE * 11.1
    wrong_of(lambda: compare.convolves(near, KERNEL, IMAGE))


def test_the_adjoint_is_held_to_the_size_of_its_terms():
    x, y = torch.tensor([[1.0, 2.0, 4.0]]), torch.tensor([[2.0, -0.5]])
    expected = torch.tensor([[2.0, 3.5, -1.0]])
    case = Case("f", {"input": y, "kernel": KERNEL}, (), expected, {})
    compare.adjoint(answer(expected), case, x)
    # conv(x) is (5, 10), and the terms 10 and -5: 15 and 1 times the tolerance are granted.
    for by, right in ((15.9, True), (16.1, False), (-15.9, True), (-16.1, False)):
        near = expected.double() + torch.tensor([[by * TOLERANCE, 0.0, 0.0]])
        if right:
            compare.adjoint(answer(near), case, x)
        else:
            wrong = wrong_of(lambda near=near: compare.adjoint(answer(near), case, x))
            assert wrong.expected is expected and wrong.got is near
    off = expected + torch.tensor([[1.0, 0.0, 0.0]])
    assert wrong_of(lambda: compare.adjoint(answer(off), case, x)).message == messages.NOT_ADJOINT.format(
        expected=5.0, got=6.0
    )
    wrong_of(lambda: compare.adjoint(answer(torch.full((1, 3), math.nan)), case, x))
    assert "Expected the shape" in wrong_of(lambda: compare.adjoint(answer(torch.zeros(2)), case, x)).message


def test_an_argument_that_changed_is_named():
    before = {"size": (2, 2), "input": RIGHT, "kernel": KERNEL}
    compare.unchanged(answer(None, after={"input": RIGHT.clone(), "kernel": KERNEL.clone()}), before)
    for after in (
        {"input": RIGHT.clone(), "kernel": KERNEL + 1},
        {"input": RIGHT.clone()},
        {"input": RIGHT, "kernel": 3},
    ):
        wrong = wrong_of(lambda after=after: compare.unchanged(answer(None, after=after), before))
        assert wrong.message == messages.CHANGED_ARGUMENT.format(name="kernel") and wrong.changed == "kernel"
    assert wrong_of(lambda: compare.unchanged(answer(None), before)).changed == "input"


class Calls:
    """A learner whose calls give `answer`, or raise it, and are kept."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.made: list[tuple[Any, dict[str, Any]]] = []

    def call(self, case: Case, **options: Any) -> Answer:
        self.made.append((case, options))
        if isinstance(self.answer, Wrong):
            raise self.answer
        return self.answer


CASE = Case("f", {"input": RIGHT, "kernel": KERNEL}, (), RIGHT, {})
SAME = {"input": RIGHT, "kernel": KERNEL}
OTHER = {"input": RIGHT, "kernel": KERNEL + 1}


@pytest.mark.parametrize("may", [{}, {"must_agree": False}, {"must_return": False}])
def test_a_call_that_leaves_its_arguments_passes_and_one_that_changes_them_does_not(may):
    learner = Calls(answer(RIGHT, after=SAME))
    compare.leaves_arguments(learner, CASE, **may)
    assert learner.made == [(CASE, {"after": True})]
    changed = Calls(answer(RIGHT, after=OTHER))
    assert wrong_of(lambda: compare.leaves_arguments(changed, CASE, **may)).changed == "kernel"


def test_whether_it_must_return_and_agree_is_up_to_the_check():
    wrong, raised = Calls(answer(RIGHT + 1, after=SAME)), Calls(Raised("f raised it", ("ValueError",)))
    assert "at [0, 0]" in wrong_of(lambda: compare.leaves_arguments(wrong, CASE)).message
    compare.leaves_arguments(wrong, CASE, must_agree=False)
    compare.leaves_arguments(wrong, CASE, must_return=False)
    for may in ({}, {"must_agree": False}):
        assert wrong_of(lambda may=may: compare.leaves_arguments(raised, CASE, **may)) is raised.answer
    compare.leaves_arguments(raised, CASE, must_return=False)
    stopped = Calls(NoAnswer("It was stopped."))
    assert wrong_of(lambda: compare.leaves_arguments(stopped, CASE, must_return=False)) is stopped.answer


def raising(*kinds: str, words: Words | None = None) -> Any:
    def call() -> Answer:
        raise Raised("f raised it: no", kinds, "no", words)

    return call


def test_an_error_of_the_wanted_kind_is_right():
    compare.raises(raising("ValueError", "Exception"), ("AssertionError", "ValueError"))
    compare.raises(raising("MyError", "ValueError", "Exception"), ("ValueError",))
    wrong = wrong_of(lambda: compare.raises(raising("KeyError", "Exception"), ("AssertionError", "ValueError")))
    assert wrong.message == ("Expected AssertionError or ValueError to be raised, but f raised it: no")
    words = wrong_of(lambda: compare.raises(raising(), ("ValueError",))).words
    assert (words.own, words.name) == ("an exception", "an exception")
    words = wrong_of(
        lambda: compare.raises(raising("KeyError", words=Words("quoted", "", "", "")), ("ValueError",))
    ).words
    assert words == Words(
        "KeyErrorquoted",
        "KeyError",
        messages.WRONG_ERROR_BRIEF.format(expected="ValueError", type="KeyError"),
        messages.WRONG_ERROR_BRIEFEST.format(expected="ValueError"),
    )
    wrong = wrong_of(lambda: compare.raises(lambda: answer(3), ("ValueError",)))
    assert wrong.message == messages.EXPECTED_ERROR.format(expected="ValueError", what="the number 3")


def test_what_is_not_implemented_and_what_never_answered_is_told_as_that():
    assert isinstance(wrong_of(lambda: compare.raises(raising("NotImplementedError"), ("ValueError",))), Raised)

    def stopped() -> Answer:
        raise NoAnswer("It was stopped.")

    assert isinstance(wrong_of(lambda: compare.raises(stopped, ("ValueError",))), NoAnswer)
